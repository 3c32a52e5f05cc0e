from __future__ import annotations

import json
import re
from contextlib import suppress
from pathlib import Path, PurePath

import pytest
from conftest import SHARED
from growth import is_linear
from hypothesis import given, settings
from hypothesis import strategies as st

from trialink import InvalidTrialId, Record, Registry, TrialId, check, find, names, parse
from trialink.finding.folding import fold
from trialink.finding.grammar import grammars
from trialink.registries import BY_KEY, REGISTRIES
from trialink.registries.entry import Form

# Characters that take no room are read as nothing; folded, they are blanks or hyphens.
WITHOUT_ROOM = dict.fromkeys(
    (0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF),
    "x",
)
SPAN = 208  # characters that no pattern of the catalogue reads beyond
CARRIER = "The trial was listed as {}, before it began."


def rows(text, **options):
    """Return what is found, as (start, end, registry, number, repairs, text of the cue)."""
    return [
        (m.start, m.end, m.id.registry, m.id.number, m.repairs, m.cue.text if m.cue else None)
        for m in find(text, **options)
    ]


def ids(text, **options):
    return [(mention.id.registry, mention.id.number) for mention in find(text, **options)]


def nct(start, end, number="NCT05066646", repairs=(), cue=None):
    return (start, end, "nct", number, repairs, cue)


# Spellings


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("see NCT05066646.", [nct(4, 15)], id="as printed"),
        pytest.param("see nct05066646.", [nct(4, 15)], id="in small letters"),
        pytest.param("see Nct05066646.", [nct(4, 15)], id="in mixed case"),
        pytest.param("see NCT 05066646.", [nct(4, 16)], id="with a space"),
        pytest.param("see NCT: 05066646.", [nct(4, 17)], id="with a colon"),
        pytest.param("see NCT#05066646.", [nct(4, 16)], id="with a number sign"),
        pytest.param("see NCT # 05066646.", [nct(4, 18)], id="with a number sign and spaces"),
        pytest.param("see NCT No. 05066646.", [nct(4, 20)], id="with No."),
        pytest.param("see NCT No.: 05066646.", [nct(4, 21)], id="with No.:"),
        pytest.param("see NCT N\u00b0 05066646.", [nct(4, 19)], id="with N and a degree sign"),
        pytest.param("see NCT number 05066646.", [nct(4, 23)], id="with number"),
        pytest.param("see NCT identifier: 05066646.", [nct(4, 28)], id="with identifier"),
        pytest.param("see NCT number: NCT05066646.", [nct(16, 27)], id="with the prefix twice"),
        pytest.param("see NCT-05066646.", [nct(4, 16)], id="with a hyphen"),
        pytest.param("see NCT\u201305066646.", [nct(4, 16)], id="with an en dash"),
        pytest.param("see NCT\u201105066646.", [nct(4, 16)], id="with a non-breaking hyphen"),
        pytest.param("see NCT\u221205066646.", [nct(4, 16)], id="with a minus sign"),
        pytest.param("see NCT\u00ad05066646.", [nct(4, 16)], id="with a soft hyphen"),
        pytest.param(
            "in 2015 (2015-001894-41)",
            [(9, 23, "euctr", "2015-001894-41", (), None)],
            id="a year before a number that begins with one",
        ),
        pytest.param("ChiCTR, NCT05066646", [nct(8, 19)], id="a prefix, and another number"),
        pytest.param("NCT05066646, 250 patients", [nct(0, 11)], id="a count behind a number"),
        pytest.param("TCTR2018020700\n3", [], id="a digit on the next line where no check speaks"),
        pytest.param(
            "ISRCTN12448611, 20190101.",
            [(0, 14, "isrctn", "ISRCTN12448611", (), None)],
            id="a date behind a number",
        ),
        pytest.param(
            "ClinicalTrials.gov&nbsp;05066646",
            [nct(24, 32, cue="ClinicalTrials.gov")],
            id="an entity between name and number",
        ),
        pytest.param("see NCT\u00a005066646.", [nct(4, 16)], id="with a no-break space"),
        pytest.param("see NCT\u202f05066646.", [nct(4, 16)], id="with a narrow space"),
        pytest.param("see NCT\u200b05066646.", [nct(4, 16)], id="with a zero-width space"),
        pytest.param("see NCT\n05066646.", [nct(4, 16)], id="across lines"),
        pytest.param("see NCT\r\n05066646.", [nct(4, 17)], id="across lines of Windows"),
        pytest.param("see (NCT) 05066646.", [nct(5, 18)], id="with the prefix in brackets"),
        pytest.param("see NCT (05066646).", [nct(4, 17)], id="with the digits in brackets"),
        pytest.param("see __NCT05066646__", [nct(6, 17)], id="between underscores"),
        pytest.param("IdentifierNCT05066646and", [nct(10, 21)], id="with the blanks lost"),
        pytest.param("see 1NCT05066646", [nct(5, 16)], id="behind a footnote mark"),
        pytest.param(
            "NCT05066646NCT00790894", [nct(0, 11), nct(11, 22, "NCT00790894")], id="glued"
        ),
        pytest.param("NCT05066646-01", [nct(0, 11)], id="with a number behind a hyphen"),
        pytest.param(
            "https://clinicaltrials.gov/study/NCT05066646?tab=results",
            [nct(33, 44)],
            id="in a link",
        ),
        pytest.param(
            "临床试验（CTR20192510，NCT05066646）。",
            [(5, 16, "cde_china", "CTR20192510", (), "NCT05066646"), nct(17, 28)],
            id="between full-width punctuation",
        ),
        pytest.param(
            "EudraCT Number: 2015\u2013003324\u201332",
            [(16, 30, "euctr", "2015-003324-32", (), None)],
            id="EudraCT with en dashes",
        ),
        pytest.param(
            "CTRI-2020-12-029986",
            [(0, 19, "ctri", "CTRI/2020/12/029986", (), None)],
            id="CTRI with hyphens",
        ),
        pytest.param(
            "EU CT 2022-501312-34-01",
            [(6, 23, "ctis", "2022-501312-34", (), None)],
            id="EU CT with the group that counts resubmissions",
        ),
        pytest.param(
            "RBR-6GDYVZ", [(0, 10, "rebec", "RBR-6gdyvz", (), None)], id="without a digit run"
        ),
    ],
)
def test_spelling_is_found(text, found):
    assert rows(text) == found


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("XNCT05066646", id="a letter before the prefix"),
        pytest.param("CTRI website, ref. REF/2013/10/005812", id="the number of a request"),
        pytest.param("trialregister.nl; TC 5480-A", id="TC before another number"),
        pytest.param("NCT05066646X", id="a letter behind the digits"),
        pytest.param("NCT050666467", id="a digit too many"),
        pytest.param("NCT05066646\u0a6c", id="a digit of another script too many"),
        pytest.param("NCT0506664\u1b56", id="a digit of a script that no report uses"),
        pytest.param("NCT0506664\u00b2", id="a digit in superscript"),
        pytest.param("NCT15066646", id="a number that was never issued"),
        pytest.param("05066646", id="a bare NCT number"),
        pytest.param("78805636", id="a bare ISRCTN number"),
        pytest.param("CTR20192510", id="a number that needs a cue word"),
        pytest.param("2015-003324-33", id="the shape of EudraCT without its check"),
        pytest.param("function 00012345", id="a word that ends in a prefix"),
        pytest.param("CRD42012002393", id="PROSPERO"),
        pytest.param("grant R21NR022143", id="a grant"),
        pytest.param("ZINC000052955", id="a compound"),
        pytest.param("INPLASY202630009", id="INPLASY"),
        pytest.param("NCT01234567", id="a placeholder"),
        pytest.param("ISRCTN11111111", id="one digit repeated"),
        pytest.param("ISRCTN23456789", id="digits counted up"),
    ],
)
def test_is_no_identifier(text):
    assert rows(text) == []
    assert rows(CARRIER.format(text)) == []


# Names, lists and addresses


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Netherlands Trial Register with number 6135", ["NTR6135"], id="with number"),
        pytest.param("ClinicalTrials.gov with the number 00789763", ["NCT00789763"], id="the"),
        pytest.param("ClinicalTrials.gov as 00789763", ["NCT00789763"], id="as"),
        pytest.param("ISRCTN registry number 93999549", ["ISRCTN93999549"], id="registry number"),
        pytest.param("Dutch Trial Register trial number 6135", ["NTR6135"], id="trial number"),
        pytest.param(
            "German Clinical Trials Register study ID 00005115", ["DRKS00005115"], id="ID"
        ),
        pytest.param(
            "ClinicalTrials.gov trial registry ID no. 00789763", ["NCT00789763"], id="four words"
        ),
        pytest.param("Registry: ISRCTN, TRN: 78805636", ["ISRCTN78805636"], id="TRN"),
        pytest.param("ClinicalTrials.gov website, number 00789763", ["NCT00789763"], id="website"),
        pytest.param("ISRCTN mit der Nummer 78805636", ["ISRCTN78805636"], id="in German"),
        pytest.param("ISRCTN sous le num\u00e9ro 78805636", ["ISRCTN78805636"], id="in French"),
        pytest.param("Dutch Trial Register with 6135 eyes", [], id="with a count"),
        pytest.param("Dutch Trial Register (6135 patients)", [], id="a count in brackets"),
        pytest.param("Dutch Trial Register, 6135 Dutch women", [], id="a count and a quality"),
        pytest.param("Dutch Trial Register 6135 clusters were", [], id="a plural and its verb"),
        pytest.param("Dutch Trial Register: 6135 started in", ["NTR6135"], id="a verb, no count"),
        pytest.param("jRCT; 2031200252", ["jRCT2031200252"], id="behind the prefix of jRCT"),
        pytest.param(
            "Japan Registry of Clinical Trials (s031180248)", ["jRCTs031180248"], id="and the name"
        ),
        pytest.param(
            "\u4e2d\u56fd\u4e34\u5e8a\u8bd5\u9a8c\u6ce8\u518c\u4e2d\u5fc3\uff082000029559\uff09",
            ["ChiCTR2000029559"],
            id="a Chinese name",
        ),
        pytest.param(
            "UMIN\u81e8\u5e8a\u8a66\u9a13\u767b\u9332\u30b7\u30b9\u30c6\u30e0\uff1a000012045",
            ["UMIN000012045"],
            id="a Japanese name",
        ),
        pytest.param(
            "\uc784\uc0c1\uc5f0\uad6c\uc815\ubcf4\uc11c\ube44\uc2a4"
            "\ub4f1\ub85d\ubc88\ud638 0004176",
            ["KCT0004176"],
            id="a Korean name",
        ),
        pytest.param("GSK\u2019s study ID 113734", ["GSK 113734"], id="a typographic apostrophe"),
        pytest.param(
            "registered under number 78805636 in the ISRCTN registry",
            ["ISRCTN78805636"],
            id="behind",
        ),
        pytest.param(
            "registration number: 00005115, German Clinical Trials Register:\n\nNone is new.",
            ["DRKS00005115"],
            id="the name behind, and the next paragraph",
        ),
        pytest.param(
            "registration number: 00005115 (German Clinical Trials Register)",
            ["DRKS00005115"],
            id="behind, in brackets",
        ),
        pytest.param(
            "trial number 2473, www.trialregister.nl, 2010", ["NTR2473"], id="its address behind"
        ),
        pytest.param("grant number 78805636 (ISRCTN)", [], id="behind a grant's number"),
        pytest.param("company registration 02473312, ISRCTN pending", [], id="none yet"),
        pytest.param("the registration 20160512 (ISRCTN)", [], id="behind a day"),
        pytest.param("NCTs 00790894 and 05066646", ["NCT00790894", "NCT05066646"], id="plural"),
        pytest.param("Netherlands Trial Register, nl2034", ["NL2034"], id="like a year, glued"),
        pytest.param("(NL no 2019) Netherlands Trial Register", [], id="a year behind a country"),
        pytest.param(
            "trial number 00790894 (ISRCTN 78805636)", ["ISRCTN78805636"], id="name of the next"
        ),
        pytest.param(
            "trial number 00790895 (ClinicalTrials.gov)", [], id="behind, and the check fails"
        ),
        pytest.param("AMCTR NCT05066646", ["NCT05066646"], id="the prefix is no kind of study"),
        pytest.param("AMCTR-IPR-17000001", ["AMCTR-IPR-17000001"], id="a kind of study"),
    ],
)
def test_a_name_announces_a_number(text, found):
    assert [str(id) for id in find(text).ids()] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Trial registration: NTR 2473", ["NTR2473"], id="NTR"),
        pytest.param("Trial registration: CTR20192510.", ["CTR20192510"], id="CTR"),
        pytest.param("Clinical trial registration number: NL8490", ["NL8490"], id="NL"),
        pytest.param("It was registered (NL8490)", ["NL8490"], id="registered"),
        pytest.param("Trialregistratie: NTR 2473", ["NTR2473"], id="in Dutch"),
        pytest.param("\u767b\u8bb0\u53f7\uff1aCTR20192510", ["CTR20192510"], id="in Chinese"),
        pytest.param("Registration: see CTR20192510", [], id="another word between"),
        pytest.param("It was listed as NL8490", [], id="no registration"),
        pytest.param("Trial registration: NL 1105 AZ Amsterdam", [], id="a postcode"),
        pytest.param("Dutch Trial Register, NL-1105 AZ Amsterdam", [], id="a postcode, hyphen"),
        pytest.param("Dutch Trial Register; NL 1500 ml", [], id="millilitres"),
        pytest.param("Dutch Trial Register; nl1500 \u00b5L", [], id="microlitres"),
        pytest.param("Dutch Trial Register; 250 NL 1000", [], id="a volume in nanolitres"),
        pytest.param("NCT05066646, NL 1105 AZ", ["NCT05066646"], id="a postcode beside a number"),
        pytest.param("NTR: NL8490 OR NTR2473", ["NL8490", "NTR2473"], id="a word in capitals"),
    ],
)
def test_a_registration_is_a_cue_for_prefixes_that_need_one(text, found):
    assert [str(id) for id in find(text).ids()] == found


@pytest.mark.parametrize(
    ("between", "is_list"),
    [
        *((sign, True) for sign in (", ", "; ", " & ", " &amp; ", "\u3001", "\uff0c", "/", " + ")),
        *((f" {word} ", True) for word in ("and", "or", "plus", "as well as", "along with", "et")),
        *((f", {word} ", True) for word in ("and", "and also", "together with")),
        *((aside, True) for aside in (" (part A), ", " [12] and ", " vs. ", " u. ")),
        *((tag, True) for tag in ("<br/>", "<br />", "</td><td>", "</li>\n<li>")),
        *((word, True) for word in ("\u548c", "\u53ca", "\u4ee5\u53ca", " \u4e0e ")),
        *((other, False) for other in (" but ", " <i>", "\n", ". ", " not ")),
    ],
)
def test_members_of_a_list_leave_the_prefix_out(between, is_list):
    found = [str(id) for id in find(f"NCT05066646{between}00790894").ids()]
    assert found == ["NCT05066646", "NCT00790894"][: 1 + is_list]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("NTR2473, 1200, and 1300 patients", ["NTR2473"], id="counts at the end"),
        pytest.param("NTR2473, 1200 (600 men)", ["NTR2473"], id="a bracket behind a count"),
        pytest.param("NTR2473/2474 in the list", ["NTR2473", "NTR2474"], id="behind a slash only"),
        pytest.param("NTR2473 / 2474 in the list", ["NTR2473"], id="a slash between blanks"),
        pytest.param("NTR2473 (600 men), 1200.", ["NTR2473"], id="few digits behind a bracket"),
        pytest.param(
            "jRCT2031200174 and 1061200057 yen", ["jRCT2031200174"], id="a sum of many digits"
        ),
        pytest.param(
            "the IRCT201202199014N1 and 2014012816395N1 trials",
            ["IRCT201202199014N1", "IRCT2014012816395N1"],
            id="trials behind a number with letters",
        ),
        pytest.param(
            "CTRI/2020/12/029986 and 2020/04/024413 trials",
            ["CTRI/2020/12/029986", "CTRI/2020/04/024413"],
            id="trials behind a number with parts",
        ),
        pytest.param(
            "the ChiCTR1900021332 and 2000029308 studies",
            ["ChiCTR1900021332", "ChiCTR2000029308"],
            id="studies behind many digits",
        ),
        pytest.param(
            "TCTR20241115007, 20180515003 UK",
            ["TCTR20241115007", "TCTR20180515003"],
            id="no postcode behind many digits",
        ),
        pytest.param(
            "NTR2473 and 2051 (Dutch Trial Register)", ["NTR2473", "NTR2051"], id="the name behind"
        ),
        pytest.param(
            "NCT05066646 (not randomised), NTR303 (too old)",
            ["NCT05066646", "NTR303"],
            id="brackets between numbers that vouch",
        ),
        pytest.param("NTR2473, 2474 and 2475.", ["NTR2473", "NTR2474", "NTR2475"], id="no counts"),
        pytest.param(
            "NCT05066646, 00790894 and 120 patients",
            ["NCT05066646", "NCT00790894"],
            id="a long number before a count",
        ),
    ],
)
def test_counts_are_no_members_of_a_list(text, found):
    assert [str(id) for id in find(text).ids()] == found


@pytest.mark.parametrize(
    "text",
    [
        *("NCT%2005066646", "NCT+05066646", "NCT%C2%A005066646", "NCT%E2%80%9305066646"),
        *("?q=NCT%20No.%2005066646", "?q=ClinicalTrials.gov+05066646", "NCT%2D05066646"),
        *("?q=ClinicalTrials.gov%20identifier%3A%2005066646", "<b>NCT</b> 05066646"),
        *("<th>ClinicalTrials.gov</th> <td>05066646</td>", "<td>NCT</td><td>05066646</td>"),
        *("NCT0506<br/>6646", "NCT\u00a0<i>05066646</i>"),
    ],
)
def test_escapes_and_tags_are_looked_through(text):
    assert ids(text) == [("nct", "NCT05066646")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("NCT05066646U1111-1115-2414", ["NCT05066646", "U1111-1115-2414"]),
        ("RBR-6gdyvzNTR1166", ["RBR-6gdyvz", "NTR1166"]),
        ("Swissmedic.ch 2002 DR 1227", ["2002DR1227"]),
        ("2002 DR 1227, Swiss Medical Registry", ["2002DR1227"]),
        ("(a blank lost)<sup>U1111-1115-2414</sup>", ["U1111-1115-2414"]),
        ("AMCTR-OPC-1700 0001", ["AMCTR-OPC-17000001"]),
        ("registered (2010-\n> 022579-68)", ["2010-022579-68"]),
        ("see RBR-6gd<b>yvz</b>", ["RBR-6gdyvz"]),
        ("IRCT20200404046937\nN5", ["IRCT20200404046937N5"]),
        ("ChiCTR-TTRCC-\n13003835", ["ChiCTR-TTRCC-13003835"]),
        ("CTRI.2012.08.002884", ["CTRI/2012/08/002884"]),
        ("CTRI201208002884", ["CTRI/2012/08/002884"]),
        ("JapicCTI&ndash;205238", ["JapicCTI-205238"]),
        ("<i>JapicCTI</i>-205238", ["JapicCTI-205238"]),
        ("trialChiCTR2000029559", ["ChiCTR2000029559"]),
        ("CTRI\u20442012\u204408\u2044002884", ["CTRI/2012/08/002884"]),
        ("NCT\u00b705066646", ["NCT05066646"]),
        ("NCTID: 05066646", ["NCT05066646"]),
        ("2015\u207b003324\u207b32", ["2015-003324-32"]),
        ("Peruvian Clinical Trials Registry: PER 106-20", ["PER-106-20"]),
        (
            "PACTR202406532417953, 2010020001429343",
            ["PACTR202406532417953", "PACTR2010020001429343"],
        ),
    ],
)
def test_numbers_that_show_little_are_found(text, found):
    assert [str(id) for id in find(text).ids()] == found


# Typing errors


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(
            "NCT1224028", [nct(0, 10, "NCT01224028", ("leading-zeros",))], id="a leading zero lost"
        ),
        pytest.param(
            "NCT5066646", [nct(0, 10, repairs=("leading-zeros",))], id="a leading zero lost, again"
        ),
        pytest.param(
            "NCT 790894",
            [nct(0, 10, "NCT00790894", ("leading-zeros",))],
            id="two leading zeros lost",
        ),
        pytest.param("NCT0 5066646", [nct(0, 12, repairs=("split-digits",))], id="behind a digit"),
        pytest.param("NCT0506664 6", [], id="before a digit that may be a count"),
        pytest.param(
            "ISRCTN7880\n        5636",
            [(0, 23, "isrctn", "ISRCTN78805636", ("line-break",), None)],
            id="on two lines of a table",
        ),
        pytest.param(
            "CTRI/2020/\n04/024413",
            [(0, 20, "ctri", "CTRI/2020/04/024413", ("line-break",), None)],
            id="a line ends behind a slash of the number",
        ),
        pytest.param(
            "DRKS 00 00 51 15",
            [(0, 16, "drks", "DRKS00005115", ("split-digits",), None)],
            id="in pairs, as telephone numbers are",
        ),
        pytest.param(
            "ISRCT 78805636",
            [(0, 14, "isrctn", "ISRCTN78805636", ("prefix-typo",), None)],
            id="a letter of a long prefix lost",
        ),
        pytest.param(
            "DRKS00,005,115",
            [(0, 14, "drks", "DRKS00005115", ("split-digits",), None)],
            id="in groups, as sums are",
        ),
        pytest.param("China: CTR 2019-2020", [], id="years behind a short prefix"),
        pytest.param("NCT0506664", [], id="a digit missing, three completions"),
        pytest.param("NCT050666", [], id="two digits missing"),
        pytest.param("NCT790895", [], id="two digits missing, the check fails"),
        pytest.param("NCT, (12350 patients)", [], id="a count that passes as a number"),
        pytest.param("ISRCTN 061230", [], id="ISRCTN is never filled up"),
        pytest.param("NTC05066646", [nct(0, 11, repairs=("prefix-typo",))], id="prefix swapped"),
        pytest.param("NTC05066647", [], id="prefix swapped, the check fails"),
        pytest.param(
            "ClinicalTrials.gov (NTC05066647)",
            [nct(20, 31, "NCT05066647", ("prefix-typo",), "ClinicalTrials.gov")],
            id="prefix swapped, the check fails, a cue word is near",
        ),
        pytest.param("NCTO5066646", [nct(0, 11, repairs=("letter-for-digit",))], id="O for 0"),
        pytest.param("NCT0S066646", [nct(0, 11, repairs=("letter-for-digit",))], id="S for 5"),
        pytest.param("NCTO5066647", [], id="O for 0, the check fails"),
        pytest.param(
            "DRKS0000S115",
            [(0, 12, "drks", "DRKS00005115", ("letter-for-digit",), None)],
            id="a letter where there is no check, and nothing else is wrong",
        ),
        pytest.param("DRKS0000 S115", [], id="a letter and a blank where there is no check"),
        pytest.param("NCT0506 6646", [nct(0, 12, repairs=("split-digits",))], id="split digits"),
        pytest.param(
            "NCT05 066 646", [nct(0, 13, repairs=("split-digits",))], id="in three pieces"
        ),
        pytest.param("NCT0506664 6 patients", [], id="a count behind too few digits"),
        pytest.param("NCT05066646 6 patients", [nct(0, 11)], id="a count behind a whole number"),
        pytest.param("NCT0506 6647", [], id="split digits, the check fails"),
        pytest.param(
            "DRKS0000 5115",
            [(0, 13, "drks", "DRKS00005115", ("split-digits",), None)],
            id="split digits without a check",
        ),
        pytest.param("DRKS000051 15 patients", [], id="a count behind too few digits, no check"),
        pytest.param(
            "NCT0506-\n6646", [nct(0, 13, repairs=("line-break",))], id="hyphen at line end"
        ),
        pytest.param("NCT0506\r\n6646", [nct(0, 13, repairs=("line-break",))], id="broken line"),
        pytest.param("NCT0506\u00ad6646", [nct(0, 12)], id="soft hyphen, which takes no room"),
        pytest.param(
            "NCTO506 6646",
            [nct(0, 12, repairs=("letter-for-digit", "split-digits"))],
            id="two errors",
        ),
        pytest.param(
            "ＮＣＴ０５０６６６４６", [nct(0, 11, repairs=("full-width-digits",))], id="full-width"
        ),
        pytest.param(
            "NCT٠٥٠٦٦٦٤٦", [nct(0, 11, repairs=("full-width-digits",))], id="Arabic-Indic digits"
        ),
        pytest.param(
            "NCT\u0be6\u0beb\u0be6\u0bec\u0bec\u0bec\u0bea\u0bec",
            [nct(0, 11, repairs=("full-width-digits",))],
            id="Tamil digits",
        ),
        pytest.param(
            "NCT05066647", [nct(0, 11, "NCT05066647")], id="a failed check rejects nothing"
        ),
        pytest.param("NCT00000170", [nct(0, 11, "NCT00000170")], id="older than the check"),
    ],
)
def test_typing_error_is_mended_where_one_reading_is_sure(text, found):
    assert rows(text) == found


# Cue words and neighbours


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(
            "ClinicalTrials.gov 00789763",
            [nct(19, 27, "NCT00789763", cue="ClinicalTrials.gov")],
            id="joined by nothing",
        ),
        pytest.param(
            "ClinicalTrials.gov reference number is: #00789763",
            [nct(41, 49, "NCT00789763", cue="ClinicalTrials.gov")],
            id="joined by the words that announce a number",
        ),
        pytest.param(
            "ClinicalTrials.gov (ID 00789763)",
            [nct(23, 31, "NCT00789763", cue="ClinicalTrials.gov")],
            id="joined by a bracket",
        ),
        pytest.param("ClinicalTrials.gov lists 00789763", [], id="another word between"),
        pytest.param(
            "found on ClinicalTrials.gov. 00789763 of them", [], id="in the next sentence"
        ),
        pytest.param(
            "Current Controlled Trials 02452400",
            [(26, 34, "isrctn", "ISRCTN02452400", (), "Current Controlled Trials")],
            id="digits of two registries, the cue word decides",
        ),
        pytest.param(
            "EudraCT 2015-003324-33",
            [(8, 22, "euctr", "2015-003324-33", (), "EudraCT")],
            id="a failed check, but a cue word",
        ),
        pytest.param(
            "2015-003324-32 and 12605000781640",
            [
                (0, 14, "euctr", "2015-003324-32", (), None),
                (19, 33, "anzctr", "ACTRN12605000781640", (), None),
            ],
            id="a shape of its own that passes",
        ),
        pytest.param(
            "run in China under CTR20192510",
            [(19, 30, "cde_china", "CTR20192510", (), "China")],
            id="China in the sentence",
        ),
        pytest.param(
            "CTR20192510 was, " + "word " * 60 + "run in China",
            [(0, 11, "cde_china", "CTR20192510", (), "China")],
            id="China far away in the same sentence",
        ),
        pytest.param("It ran in China. CTR20192510 was", [], id="China in the sentence before"),
        pytest.param("Indochina knows CTR20192510", [], id="a cue word inside another word"),
        pytest.param(
            "Dutch Trial Register: NTR 2473",
            [(22, 30, "ntr", "NTR2473", (), "Dutch Trial Register")],
            id="150 code points are near",
        ),
        pytest.param(
            "Dutch Trial Register: " + "word " * 30 + "NTR 2473", [], id="more are too far"
        ),
        pytest.param(
            "(CTR20192510, NCT05066646)",
            [(1, 12, "cde_china", "CTR20192510", (), "NCT05066646"), nct(14, 25)],
            id="a neighbour in the bracket",
        ),
        pytest.param(
            "NCT05066646, CTR20192510 and CTR20191402",
            [
                nct(0, 11),
                (13, 24, "cde_china", "CTR20192510", (), "NCT05066646"),
                (29, 40, "cde_china", "CTR20191402", (), "NCT05066646"),
            ],
            id="a neighbour in the list, two places away",
        ),
        pytest.param("NCT05066646 was not CTR20192510", [nct(0, 11)], id="no list"),
        pytest.param("(NCT05066646) or else (CTR20192510)", [nct(1, 12)], id="another bracket"),
        pytest.param("(CTR20192510, CTR20191402)", [], id="neighbours of the same registry"),
        pytest.param("(CRD42012002393, CTR20192510)", [], id="a look-alike is no neighbour"),
        pytest.param("(NCT01234567, CTR20192510)", [], id="nor is a placeholder"),
    ],
)
def test_cue(text, found):
    assert rows(text) == found


def test_cue_is_the_nearest_and_of_equals_the_earlier():
    text = "China and China: CTR20192510 in China"
    (mention,) = find(text)
    assert (mention.cue.start, mention.cue.text) == (10, "China")
    (mention,) = find("China CTR20192510 China")
    assert mention.cue.start == 0


# Overlaps


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("JPRN-UMIN000004891", ["UMIN000004891"], id="the longest prefix"),
        pytest.param("EUCTR2015-003324-32", ["2015-003324-32"], id="no CTR in EUCTR"),
        pytest.param("LBCTR2019070214 in China", ["LBCTR2019070214"], id="no CTR in LBCTR"),
        pytest.param("PACTR201905466349317 in China", ["PACTR201905466349317"], id="nor in PACTR"),
        pytest.param("ISRCTN ISRCTN67270384", ["ISRCTN67270384"], id="a label before the prefix"),
        pytest.param("CTRI No. CTRI/2013/11/004152", ["CTRI/2013/11/004152"], id="and with No."),
        pytest.param("UMIN-CTR-C000000129", ["UMIN000000129"], id="an old prefix"),
        pytest.param("NL26560.042.09", ["NL26560.042.09"], id="an ethics number is no register's"),
        pytest.param(
            "Current Controlled Trials NCT00286377", ["NCT00286377"], id="shape over label"
        ),
    ],
)
def test_of_what_overlaps_the_better_is_kept(text, found):
    assert [str(id) for id in find(text).ids()] == found


def test_a_believed_number_is_kept_where_a_longer_one_is_not_believed():
    doubtful = Registry(
        key="doubtful", label="DOUBT", name="Needs a cue", kind="registration", region="nowhere",
        source="https://example.org", cues=("nowhere",), rank=0,
        forms=(Form(canonical="{n}", body=r"(?P<n>x NCT\d{8} x)", alone="labelled"),),
    )  # fmt: skip
    assert ids("x NCT05066646 x", registries=["nct", doubtful]) == [("nct", "NCT05066646")]


def test_many_overlapping_candidates_leave_the_longest_of_each_place():
    text = "NCT05066646 " * 30 + "EUCTR2015-003324-32 " * 30 + "NCT05066646"
    assert [len(mention.text) for mention in find(text)] == [11] * 30 + [19] * 30 + [11]


# Choosing registries


@pytest.mark.parametrize(
    "named", [["nct"], ["NCT"], ["ClinicalTrials.gov"], [BY_KEY["nct"]], "nct"]
)
def test_registries_are_named_by_key_label_or_entry(named):
    text = "NCT05066646 and ISRCTN78805636"
    assert ids(text, registries=named) == [("nct", "NCT05066646")]


def test_numbers_of_other_registries_vouch():
    text = "(CTR20192510, NCT05066646)"
    assert ids(text, registries=["cde_china"]) == [("cde_china", "CTR20192510")]
    assert check("NCT05066647, ISRCTN7880563", registries=["isrctn"])[0].text == "ISRCTN7880563"


@pytest.mark.parametrize("named", [["nope"], [None], [""]])
def test_an_unknown_registry_is_a_value_error(named):
    with pytest.raises(ValueError, match="no registry is called"):
        find("NCT05066646", registries=named)


def test_no_registries_find_nothing():
    assert find("NCT05066646", registries=[]) == []


def test_lookalikes_keep_their_place_whatever_the_registries():
    mine = Registry(
        key="mine", label="MINE", name="Eleven digits", kind="registration", region="nowhere",
        source="https://example.org", cues=("PROSPERO",),
        forms=(Form(canonical="MINE{n}", body=r"(?:CRD)?(?P<n>4201\d{7})", alone="labelled"),),
    )  # fmt: skip
    text = "PROSPERO CRD42012002393, PROSPERO 42012002393"
    assert rows(text, registries=[mine]) == [(34, 45, "mine", "MINE42012002393", (), "PROSPERO")]


def test_a_number_of_two_digits_is_found_by_its_prefix():
    short = Registry(
        key="short", label="SHORT", name="Two digits", kind="registration", region="nowhere",
        source="https://example.org", examples=(("SH-12", "SH-12"),),
        forms=(Form(canonical="SH-{n}", prefixes=("SH",), body=r"-(?P<n>\d\d)"),),
    )  # fmt: skip
    assert rows("as SH-12 here", registries=[short]) == [(3, 8, "short", "SH-12", (), None)]


# The result


def test_mentions_are_a_list_with_ids_and_rows():
    mentions = find("NCT05066646 (nct 05066646) ISRCTN78805636")
    assert isinstance(mentions, list)
    assert mentions.ids() == [TrialId("nct", "NCT05066646"), TrialId("isrctn", "ISRCTN78805636")]
    assert mentions.rows("a.txt")[0] == {
        "source": "a.txt",
        "start": 0,
        "end": 11,
        "text": "NCT05066646",
        "trn": "NCT05066646",
        "registry": "nct",
        "registry_label": "ClinicalTrials.gov",
        "check_digit": "ok",
        "repairs": "",
    }


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("NCT05066646", "checked"),
        ("NCT05066647", "exact"),
        ("DRKS00005115", "exact"),
        ("China: CTR20192510", "cued"),
        ("EudraCT 2015-003324-33", "cued"),
        ("NTC05066646", "repaired"),
    ],
)
def test_confidence_says_how_a_number_is_believed(text, confidence):
    assert [mention.confidence for mention in find(text)] == [confidence]


def test_the_article_of_the_golden_forms(seed):
    assert rows(seed) == [
        (522, 533, "cde_china", "CTR20192510", (), "China"),
        nct(535, 546),
    ]
    assert repr(find(seed)) == (
        "[Mention(522, 533, 'CTR20192510', TrialId('cde_china', 'CTR20192510'), "
        "cue=Span(605, 610, 'China')),\n"
        " Mention(535, 546, 'NCT05066646', TrialId('nct', 'NCT05066646'))]"
    )
    first, second = find(seed)
    assert (
        str(first) == 'CTR20192510 [522:533] ChinaDrugTrials, no check digit, cue "China" [605:610]'
    )
    assert str(second) == "NCT05066646 [535:546] ClinicalTrials.gov, check digit ok"


@pytest.mark.parametrize(
    ("number", "left"),
    [
        ("NCT05066647", ["Mention(535, 546, 'NCT05066647', TrialId('nct', 'NCT05066647'))"]),
        ("NCT0506664", []),
    ],
)
def test_the_article_with_a_typing_error(seed, number, left):
    mentions = find(seed.replace("NCT05066646", number))
    assert [repr(mention) for mention in mentions[1:]] == left


# Bad input


@pytest.mark.parametrize("function", [find, check, names, parse])
@pytest.mark.parametrize(
    ("value", "message"),
    [
        pytest.param(None, r"\(\) reads str, not NoneType$", id="None"),
        pytest.param(5, r"\(\) reads str, not int$", id="a number"),
        pytest.param(b"NCT05066646", r"not bytes: decode it first, as in data\.decode", id="bytes"),
        pytest.param(bytearray(b"N"), r"not bytearray: decode it first", id="a byte array"),
        pytest.param(Path("a.txt"), r"pass path\.read_text\(encoding='utf-8'\)", id="a path"),
        pytest.param(["NCT05066646"], r"not list: call it once for each text", id="a list"),
        pytest.param(("NCT05066646",), r"not tuple: call it once for each text", id="a tuple"),
        pytest.param(PurePath("a.txt"), r"reads str, not Pure\w+Path$", id="a pure path"),
    ],
)
def test_what_is_no_text_is_a_type_error_with_a_way_out(function, value, message):
    with pytest.raises(TypeError, match=f"^{function.__name__}.*{message}"):
        function(value)


def test_a_subclass_of_str_is_a_text():
    class Text(str):
        pass

    assert ids(Text("NCT05066646")) == [("nct", "NCT05066646")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("\0\0", "\0", id="NUL"),
        pytest.param("\ufeff", "\ufeff", id="byte order marks"),
        pytest.param("\ud800", "\udfff", id="lone surrogates"),
        pytest.param("a\r\nb\r\n", "\r\n", id="line ends of Windows"),
        pytest.param("\U0001f9ea\U0001f9ec ", " \U0001f9ea", id="astral characters"),
        pytest.param("e\u0301 ", " e\u0301", id="combining marks"),
        pytest.param("\u0130\u0130 \u0130", " \u0130", id="the capital that becomes two letters"),
        pytest.param("Straße ﬁn ㎎ ", " ß", id="characters that normalisation would spread"),
    ],
)
def test_offsets_are_those_of_the_text_as_given(before, after):
    text = f"{before} NCT05066646 {after}"
    assert rows(text) == [nct(len(before) + 1, len(before) + 12)]
    assert text[len(before) + 1 : len(before) + 12] == "NCT05066646"


def test_a_line_of_a_million_code_points_is_read():
    text = "word " * 200_000 + "NCT05066646"
    assert rows(text) == [nct(1_000_000, 1_000_011)]


def test_ten_thousand_mentions_are_all_found():
    assert len(find("see NCT05066646, " * 10_000)) == 10_000


# Laws


PIECES = (
    *(printed for entry in REGISTRIES for printed, _ in entry.examples),
    *(text for entry in REGISTRIES for text in entry.counterexamples),
    *(cue for entry in REGISTRIES for cue in entry.cues),
    *(prefix for entry in REGISTRIES for form in entry.forms for prefix in form.prefixes),
)
JOINTS = (
    *("", " ", "-", "\u2013", "\u00a0", ", ", ": ", " and ", "(", ")", "[", "]", "\n", "\r\n"),
    *("\n\n", ". ", "。", "No. ", " number ", "0", "1", "O", "05066646", "0506 6646", "\u00ad"),
    *("\u200b", "\ud800", "\0", "\u0130", "\u017f", "\u212a", "５", "٥", "²", "\U0001f9ea"),
)
PIECE = st.one_of(
    st.sampled_from(PIECES), st.sampled_from(JOINTS), st.sampled_from(JOINTS), st.text(max_size=3)
)
TEXTS = st.lists(PIECE, max_size=14).map("".join)
LAW = settings(max_examples=100, deadline=None)


@LAW
@given(TEXTS)
def test_spans_repeat_the_text_and_are_ordered_and_disjoint(text):
    reached = 0
    for mention in find(text):
        assert text[mention.start : mention.end] == mention.text
        assert reached <= mention.start < mention.end
        assert mention.cue is None or text[mention.cue.start : mention.cue.end] == mention.cue.text
        reached = mention.end


@LAW
@given(TEXTS)
def test_what_is_found_parses_as_itself(text):
    for id in find(text).ids():
        assert parse(str(id)) == id


@LAW
@given(TEXTS)
def test_folding_changes_neither_places_nor_numbers(text):
    text = text.translate(WITHOUT_ROOM)
    assert len(fold(text)) == len(text) == len(fold(text).lower())
    places = [(mention.start, mention.end, mention.id) for mention in find(text)]
    assert [(mention.start, mention.end, mention.id) for mention in find(fold(text))] == places


@LAW
@given(TEXTS)
def test_what_comes_later_changes_nothing(text):
    assert find(text + "\n\nAnd so on.") == find(text)


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_any_text_can_be_read(text):
    assert find(text) == find(text)
    assert [each.text for each in check(text)] == [
        text[each.start : each.end] for each in check(text)
    ]
    assert [each.text for each in names(text)] == [
        text[each.start : each.end] for each in names(text)
    ]


def test_folding_keeps_the_length_of_every_character():
    every = "".join(map(chr, (*range(0xD800), *range(0xD800, 0xE000), *range(0xE000, 0x110000))))
    assert len(fold(every).lower()) == len(every)


@pytest.mark.parametrize(
    "pattern", ["printed", "glued", "mistyped", "addressed", "bare", "member", "near"]
)
def test_no_pattern_of_the_catalogue_is_unbounded_or_long(pattern):
    compiled = [getattr(grammar, pattern) for grammar in grammars(REGISTRIES)]
    widths = [re._parser.parse(each.pattern).getwidth()[1] for each in compiled if each]
    assert 0 < max(widths) < SPAN


# The collected facts


FACTS = SHARED / "registries" / "registries.json"
# Digits torn apart inside a number that has no plain run of digits.
NOT_READ = {"CPP Sud-Est V, 2009-A0023 9-48"}
# Read after all: lost zeros are put back where one reading passes; a label is a cue word.
READ_AFTER_ALL = {"NCT1224028", "ClinicalTrials.gov 00789763"}


@pytest.fixture(scope="module")
def facts():
    if not FACTS.exists():
        pytest.skip("the collected facts are not at hand")
    known = {entry.key: entry for entry in REGISTRIES if not entry.experimental}
    collected = json.loads(FACTS.read_text(encoding="utf-8"))["registries"]
    return [(known[fact["key"]], fact) for fact in collected if fact["key"] in known]


def test_collected_spellings_are_found_in_a_sentence(facts):
    missed = set()
    for entry, fact in facts:
        for case in fact["positive_tests"]:
            cue = f"With {entry.cues[0]}: " if any(f.needs_cue for f in entry.forms) else ""
            found = ids(cue + CARRIER.format(case["raw"]))
            is_found = (entry.key, case["canonical"]) in found
            if case["real_id"] and is_found is (entry.kind == "decoy"):
                missed.add(case["raw"])
    assert missed == NOT_READ


def test_collected_lookalikes_are_not_found(facts):
    found = {
        text
        for entry, fact in facts
        for text in fact["negative_tests"]
        if entry.key in [key for key, _ in ids(f"See {text} for more.")]
    }
    assert found == READ_AFTER_ALL


# Cost


def grows_with_the_text(function, unit, size):
    """Return whether a call on so many code points of a unit takes time in proportion."""

    def called(text):
        with suppress(InvalidTrialId):
            function(text)

    return is_linear(called, [(unit * (many * size // len(unit)),) for many in (1, 2, 4)])


CHEAP = (
    *(
        "NCT ",
        " ",
        "-",
        "\u2013",
        "EudraCT",
        "(",
        "([",
        "()",
        ")",
        "No. ",
        "NCT No. ",
        "CTRI/",
        "/",
    ),
    *("\n", "KEYNOTE-", "A. B", "China ", "NCTO", "\0", "a", "ISRCTN Register number "),
)
DENSE = (
    *("1", "0", "CTR2019", "NCT0000", "NCT05066646 ", "NCT05066646", "2010-123456-", "12 345 "),
    *("CTR20192510 ", "China CTR20192510 ", "(NCT05066646, CTR20192510) ", "U1111-", "RBR"),
    *("x CTR20192510 y NCT05066646 ", "ClinicalTrials.gov saw 05066646 ", "KEYNOTE-189 "),
    *("ISIS-2 ", "NCT05 066 646 ", "IRCT2016080318", "((CTR20192510"),
    *("[NCT05066646 CTR20192510] ", "ClinicalTrials.gov 05066646 ", "ＮＣＴ０５０６６６４６ "),
)
# Large enough for all three sizes to be allocated alike, or longer than the reach of a sentence,
# within which costs add up.
LARGE, SMALL = 140_000, 2_500
ATTACKS = [
    *(pytest.param(unit, LARGE, id=f"cheap {unit!r}") for unit in CHEAP),
    *(pytest.param(unit, SMALL, id=f"dense {unit!r}") for unit in DENSE),
]


@pytest.mark.parametrize("function", [find, check])
@pytest.mark.parametrize(("unit", "size"), ATTACKS)
def test_time_grows_with_the_text(function, unit, size):
    assert grows_with_the_text(function, unit, size)


@pytest.mark.parametrize("function", [names, parse])
@pytest.mark.parametrize("unit", [*CHEAP, "1", "NCT05066646 ", "x CTR20192510 y NCT05066646 "])
def test_time_of_names_and_parse_grows_with_the_text(function, unit):
    assert grows_with_the_text(function, unit, LARGE)


@pytest.mark.parametrize("unit", ["KEYNOTE-189 ", "ISIS-2 ", "the ISIS-2 trial ", "SMART "])
def test_time_of_names_grows_with_the_names(unit):
    record = Record.from_api(
        {"protocolSection": {"identificationModule": {"nctId": "NCT05066646", "acronym": "SMART"}}}
    )
    assert grows_with_the_text(lambda text: names(text, [record]), unit, 5_000)


@pytest.mark.parametrize("unit", ["NCT05066647 ", "NCT0506664 ", "EudraCT 2015-003324-33 "])
def test_time_of_check_grows_with_the_problems(unit):
    assert grows_with_the_text(check, unit, 200)


def test_a_cost_that_grows_with_the_square_would_be_seen():
    def every_rest(text):
        return [text.count("\n", place) for place in range(0, len(text), 4)]

    assert not grows_with_the_text(every_rest, "a", 4_000)
