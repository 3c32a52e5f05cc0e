from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings
from test_finding import TEXTS

import trialink
from trialink import TrialId, check
from trialink.registries import BY_KEY

NCT_RULE = (
    "ClinicalTrials.gov has issued only multiples of 13 since about NCT00006600; "
    "probably a typing error."
)
EUDRACT_RULE = (
    "EudraCT numbers end their third group in the check digits of the ten digits before; "
    "probably a typing error."
)


def printed(text):
    return [str(problem) for problem in check(text)]


# The golden forms


def test_the_article_has_no_problem(seed):
    assert check(seed) == []


@pytest.mark.parametrize(
    ("number", "shown", "line"),
    [
        (
            "NCT05066647",
            "[Problem(535, 546, 'NCT05066647', 'check-digit')]",
            f"9:106 check-digit NCT05066647: {NCT_RULE} Numbers one digit away that pass: "
            "NCT04066647, NCT05066347, NCT05066607, NCT05066646, NCT05067647, NCT05366647.",
        ),
        (
            "NCT0506664",
            "[Problem(535, 545, 'NCT0506664', 'digits-missing')]",
            "9:106 digits-missing NCT0506664: a ClinicalTrials.gov number has 8 digits, "
            "this has 7. Completions that pass: NCT05006664, NCT05066464, NCT05066646.",
        ),
    ],
)
def test_the_article_with_a_typing_error(seed, number, shown, line):
    problems = check(seed.replace("NCT05066646", number))
    assert repr(problems) == shown
    assert [str(problem) for problem in problems] == [line]


def test_the_json_form_of_a_problem(seed):
    (problem,) = check(seed.replace("NCT05066646", "NCT0506664"))
    assert list(problem.to_dict().items()) == [
        ("start", 535),
        ("end", 545),
        ("text", "NCT0506664"),
        ("line", 9),
        ("column", 106),
        ("code", "digits-missing"),
        ("severity", "error"),
        ("id", None),
        ("registry", "nct"),
        ("message", "a ClinicalTrials.gov number has 8 digits, this has 7."),
        ("candidates", ["NCT05006664", "NCT05066464", "NCT05066646"]),
        ("suggestion", None),
    ]


# One problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            "NCT05066647",
            f"1:1 check-digit NCT05066647: {NCT_RULE} Numbers one digit away that pass: "
            "NCT04066647, NCT05066347, NCT05066607, NCT05066646, NCT05067647, NCT05366647.",
            id="a check digit fails",
        ),
        pytest.param(
            "EudraCT 2015-003324-33",
            f"1:9 check-digit 2015-003324-33: {EUDRACT_RULE} Numbers one digit away that pass: "
            "2015-003324-32, 2015-003325-33, 2015-023324-33.",
            id="a check digit fails, of EudraCT",
        ),
        pytest.param(
            "NCT1224028",
            "1:1 repaired NCT1224028: read as NCT01224028: leading-zeros. Candidates: NCT01224028.",
            id="a leading zero was put back",
        ),
        pytest.param(
            "NCT050666",
            "1:1 digits-missing NCT050666: a ClinicalTrials.gov number has 8 digits, this has 6.",
            id="two digits missing",
        ),
        pytest.param(
            "NCT0000170",
            "1:1 digits-missing NCT0000170: a ClinicalTrials.gov number has 8 digits, this has 7. "
            "Completions that pass: NCT00040170, NCT00300170.",
            id="one digit missing, old numbers are no completions",
        ),
        pytest.param(
            "NCT050666467",
            "1:1 digits-extra NCT050666467: a ClinicalTrials.gov number has 8 digits, this has 9. "
            "Candidates: NCT05066646.",
            id="a digit too many",
        ),
        pytest.param(
            "ISRCTN6696362166963621",
            "1:1 digits-extra ISRCTN6696362166963621: an ISRCTN number has 8 digits, this has 16.",
            id="the digits twice",
        ),
        pytest.param(
            "DRKS 100124",
            "1:1 digits-missing DRKS 100124: a DRKS number has 8 digits, this has 6.",
            id="a registry without a check",
        ),
        pytest.param(
            "UMIN00000949",
            "1:1 digits-missing UMIN00000949: a UMIN-CTR number has 9 digits, this has 8.",
            id="a registry with an older shape too",
        ),
        pytest.param(
            "ACTRN1260500032065",
            "1:1 digits-missing ACTRN1260500032065: an ANZCTR number has 14 digits, this has 13. "
            "Completions that pass: ACTRN12605000320651.",
            id="the only completion is suggested, not taken",
        ),
        pytest.param(
            "NCT15066646",
            "1:1 out-of-range NCT15066646: every ClinicalTrials.gov number that was issued "
            "begins with 0.",
            id="a number that was never issued",
        ),
        pytest.param(
            "NCT01234567",
            "1:1 placeholder NCT01234567: NCT01234567 is a placeholder, "
            "not a number that a registry issued.",
            id="a listed placeholder",
        ),
        pytest.param(
            "NCT0000000",
            "1:1 placeholder NCT0000000: NCT0000000 is a placeholder, "
            "not a number that a registry issued.",
            id="a placeholder of the wrong length",
        ),
        pytest.param(
            "ISRCTN registry number 12345678",
            "1:24 placeholder 12345678: ISRCTN12345678 is a placeholder, "
            "not a number that a registry issued.",
            id="a bare placeholder",
        ),
        pytest.param(
            "Current Controlled Trials NCT00286377",
            "1:27 wrong-label NCT00286377: NCT00286377 is a ClinicalTrials.gov number, "
            "but the text calls it Current Controlled Trials.",
            id="another registry's old name",
        ),
        pytest.param(
            "ClinicalTrials.gov number: IRCT201202199014N1",
            "1:28 wrong-label IRCT201202199014N1: IRCT201202199014N1 is an IRCT number, "
            "but the text calls it ClinicalTrials.gov.",
            id="another registry's name",
        ),
        pytest.param(
            "EudraCT 2022-501312-34",
            "1:9 wrong-label 2022-501312-34: 2022-501312-34 is a CTIS number, "
            "but the text calls it EudraCT.",
            id="an EU CT number in the EudraCT field",
        ),
        pytest.param(
            "ClinicalTrials.gov lists 00789763",
            "1:26 bare-number 00789763: reads like a ClinicalTrials.gov number, "
            "but nothing joins it to that registry's name. Candidates: NCT00789763.",
            id="a bare number that is not joined",
        ),
        pytest.param(
            "NTC05066646",
            "1:1 repaired NTC05066646: read as NCT05066646: prefix-typo. Candidates: NCT05066646.",
            id="a swapped prefix",
        ),
        pytest.param(
            "NCTO506 6646",
            "1:1 repaired NCTO506 6646: read as NCT05066646: letter-for-digit, split-digits. "
            "Candidates: NCT05066646.",
            id="two errors in one number",
        ),
        pytest.param(
            "China: CTR2019251",
            "1:8 digits-missing CTR2019251: a ChinaDrugTrials number has 8 digits, this has 7.",
            id="a prefix that needs a cue word and has one",
        ),
        pytest.param(
            "ClinicalTrials.gov ID 5066646",
            "1:23 digits-missing 5066646: a ClinicalTrials.gov number has 8 digits, this has 7. "
            "Completions that pass: NCT05066646.",
            id="digits behind a name, one too few",
        ),
        pytest.param(
            "ANZCTR: 126050007816404",
            "1:9 digits-extra 126050007816404: an ANZCTR number has 14 digits, this has 15. "
            "Candidates: ACTRN12605000781640.",
            id="and one too many",
        ),
        pytest.param(
            "U1111-1115-241",
            "1:1 digits-missing U1111-1115-241: a UTN number has 12 digits, this has 11.",
            id="UTN",
        ),
        pytest.param(
            "RBR-6gdy",
            "1:1 digits-missing RBR-6gdy: a ReBec number has 6 to 8 digits and letters, "
            "this has 4.",
            id="few digits of ReBec",
        ),
        pytest.param(
            "NL-OMON1991",
            "1:1 digits-missing NL-OMON1991: an OMON number has 5 digits, this has 4.",
            id="glued digits are no year",
        ),
        pytest.param(
            "NTR24738",
            "1:1 digits-extra NTR24738: an NTR number has 3 to 4 digits, this has 5.",
            id="NTR",
        ),
        pytest.param(
            "IRCT20181201041815",
            "1:1 digits-missing IRCT20181201041815: an IRCT number looks like "
            "IRCT2016080318745N10, this does not.",
            id="a part is missing",
        ),
        pytest.param(
            "EU CT number 2023-50915-27-00 lacks one",
            "1:14 digits-missing 2023-50915-27-00: a CTIS number has 12 digits, this has 13.",
            id="a digit of a part is missing",
        ),
        pytest.param(
            "RPCEC123",
            "1:1 digits-missing RPCEC123: an RPCEC number has 8 digits, this has 3.",
            id="few digits glued to a long prefix",
        ),
        pytest.param(
            "ChiCTR-TRC-0900053",
            "1:1 digits-missing ChiCTR-TRC-0900053: a ChiCTR number has 8 to 10 digits, "
            "this has 7.",
            id="letters before the digits",
        ),
    ],
)
def test_one_problem_is_reported(text, problem):
    assert printed(text) == [problem]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("NCT05066646 and nct: 00790894", id="right numbers"),
        pytest.param("NCT00000170", id="a number older than the check"),
        pytest.param("00789763", id="digits that nothing speaks for"),
        pytest.param("00000000 and 12345678", id="dummies that nothing speaks for"),
        pytest.param("2015-003324-33", id="the shape of EudraCT, nothing speaks for it"),
        pytest.param("CTR20192510", id="a number without its cue word"),
        pytest.param("CTR 2019251", id="a near miss without its cue word"),
        pytest.param("CTR20200000", id="a placeholder without its cue word"),
        pytest.param("NTC05066647", id="a swapped prefix that nothing confirms"),
        pytest.param("NCT (2019)", id="a year behind a prefix"),
        pytest.param("the NCT (NCT) 69120 Heidelberg", id="a postcode behind a bracket"),
        pytest.param("CPP (16.05.22)", id="a date behind the name of a committee"),
        pytest.param("CPP 21.00345.000012", id="a number unlike the committee's others"),
        pytest.param("EU CTR 536/2014", id="a law behind the name of a register"),
        pytest.param("https://doi.org/10.1111/nct.12345", id="the DOI of an article"),
        pytest.param("U1111-C1204", id="letters that no number has"),
        pytest.param("KCT 2015", id="a year behind a short prefix"),
        pytest.param("NCT 12", id="two digits behind a prefix"),
        pytest.param("CRD42012002393", id="a look-alike"),
        pytest.param("PROSPERO 12345678", id="digits behind the name of a look-alike"),
        pytest.param("in Peru (NCT05066646)", id="a country is no label"),
        pytest.param("China: NCT05066646", id="nor is a cue word that names a place"),
        pytest.param("ClinicalTrials.gov and ISRCTN: NCT05066646", id="its own label is near"),
        pytest.param("DRKS-ID: DRKS00031743", id="its own label, another spelling"),
        pytest.param("EU Clinical Trials Register 2015-003324-32", id="its own long name"),
        pytest.param("NTR: NL8490", id="the older name of its register"),
        pytest.param("Dutch Trial Register: NL-OMON19915", id="and of the one after that"),
        pytest.param("ISRCTN: NCT05066646 and ISRCTN78805636", id="the label's own number is near"),
        pytest.param("ClinicalTrials.gov, 5066646 patients", id="a count behind a name"),
        pytest.param("ClinicalTrials.gov 12 March 2019", id="a date behind a name"),
        pytest.param("ClinicalTrials.gov (2019-11-02)", id="a date in numbers"),
        pytest.param("IRAS 16293-2422", id="a position in the sky"),
        pytest.param("CTRI476BIN01", id="digits glued to letters"),
        pytest.param("RBR-dominant and PER-1", id="words and genes"),
        pytest.param("patients (XXX, IV and xxxx)", id="signs without a prefix"),
        pytest.param("CTR20XXXXXX and U-XXXX", id="prefixes that mean much else"),
        pytest.param("Dutch Trial Register, NL-1105 AZ Amsterdam", id="a postcode"),
    ],
)
def test_nothing_is_reported(text):
    assert printed(text) == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param(
            "ClinicalTrials.gov NTC05066647", ["check-digit", "repaired"], id="of one number"
        ),
        pytest.param(
            "NCT0506664, NCT05066647, NCT01234567",
            ["digits-missing", "check-digit", "placeholder"],
            id="of several numbers in text order",
        ),
        pytest.param("IRCT20181201041815N", ["digits-missing"], id="of all behind a letter"),
        pytest.param("CTRI/2020/05/0254277", ["digits-extra"], id="of the last part of a number"),
        pytest.param("jRCT203120025", ["digits-missing"], id="of a number of two widths"),
        pytest.param(
            "ISRCTN registry: NCT05066647", ["check-digit", "wrong-label"], id="label and digits"
        ),
    ],
)
def test_several_problems_are_reported(text, codes):
    assert [problem.code for problem in check(text)] == codes


@pytest.mark.parametrize(
    ("code", "severity", "text"),
    [
        ("digits-missing", "error", "NCT0506664"),
        ("digits-extra", "error", "NCT050666467"),
        ("placeholder", "error", "NCT01234567"),
        ("check-digit", "warning", "NCT05066647"),
        ("wrong-label", "warning", "EudraCT NCT05066646"),
        ("out-of-range", "warning", "NCT15066646"),
        ("repaired", "note", "NTC05066646"),
        ("bare-number", "note", "ClinicalTrials.gov lists 00789763"),
    ],
)
def test_severity_goes_with_the_code(code, severity, text):
    assert [(problem.code, problem.severity) for problem in check(text)] == [(code, severity)]


@pytest.mark.parametrize(
    ("text", "left_open"),
    [
        ("NCT04XXXXXX", "NCT04XXXXXX"),
        ("NCT xxxxxxxx", "NCT xxxxxxxx"),
        ("NCT########", "NCT########"),
        ("ISRCTN????????", "ISRCTN????????"),
        ("DRKS000____", "DRKS000____"),
        ("EudraCT 20XX-XXXXXX-XX", "20XX-XXXXXX-XX"),
        ("ClinicalTrials.gov identifier: XXXXXXXX", "XXXXXXXX"),
        ("U1111-XXXX-XXXX", "U1111-XXXX-XXXX"),
        ("CTRI/20XX/XX/XXXXXX", "CTRI/20XX/XX/XXXXXX"),
        ("Dutch Trial Register: NTRXXXX", "NTRXXXX"),
        ("China: CTR2019XXXX", "CTR2019XXXX"),
    ],
)
def test_a_number_left_open_is_a_placeholder(text, left_open):
    assert [(each.code, each.text) for each in check(text)] == [("placeholder", left_open)]


# Facts of a problem


def test_facts_of_a_failed_check():
    (problem,) = check("see\r\nNCT05066647")
    assert (problem.start, problem.end, problem.text) == (5, 16, "NCT05066647")
    assert (problem.line, problem.column) == (2, 1)
    assert problem.id == TrialId("nct", "NCT05066647")
    assert problem.registry == "nct"
    assert problem.suggestion is None
    assert all(candidate.check_digit == "ok" for candidate in problem.candidates)


def test_the_only_candidate_is_the_suggestion():
    (problem,) = check("NCT050666467")
    assert problem.id is None
    assert problem.candidates == (TrialId("nct", "NCT05066646"),)
    assert problem.suggestion == TrialId("nct", "NCT05066646")


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda problem: problem.candidates, id="candidates"),
        pytest.param(lambda problem: problem.suggestion, id="suggestion"),
        pytest.param(lambda problem: pickle.loads(pickle.dumps(problem)), id="all at once"),
    ],
)
def test_candidates_are_there_whatever_is_asked_for_first(ask):
    (problem,) = check("NCT050666467")
    ask(problem)
    assert problem.candidates == (TrialId("nct", "NCT05066646"),)
    assert problem.suggestion == TrialId("nct", "NCT05066646")


def test_a_field_that_a_problem_does_not_have_is_told():
    (problem,) = check("NCT050666467")
    with pytest.raises(AttributeError, match="Problem has no field guess"):
        _ = problem.guess


@pytest.mark.parametrize(
    ("before", "place"),
    [
        pytest.param("", (1, 1), id="at the start"),
        pytest.param("\n", (2, 1), id="behind an empty line"),
        pytest.param("a\nbc ", (2, 4), id="within a line"),
        pytest.param("a\r\nb\r\n", (3, 1), id="lines of Windows"),
        pytest.param("a\rb ", (1, 5), id="a carriage return ends no line"),
        pytest.param("\U0001f9ea\u0130 ", (1, 4), id="columns are code points"),
        pytest.param("\u2028 ", (1, 3), id="a line separator ends no line"),
    ],
)
def test_line_and_column_count_from_one(before, place):
    (problem,) = check(f"{before}NCT01234567\n\n")
    assert (problem.line, problem.column) == place


def test_many_problems_are_placed():
    problems = check("see NCT01234567\n" * 1_000)
    assert [(problem.line, problem.column) for problem in problems] == [
        (line, 5) for line in range(1, 1_001)
    ]


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_problems_have_valid_spans_in_text_order(text):
    problems = check(text)
    for problem in problems:
        assert text[problem.start : problem.end] == problem.text
        assert problem.text
        lines = text[: problem.start].split("\n")
        assert (problem.line, problem.column) == (len(lines), len(lines[-1]) + 1)
        assert problem.message.endswith(".")
    assert [problem.start for problem in problems] == sorted(each.start for each in problems)


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_candidates_are_numbers_that_do_not_fail(text):
    for problem in check(text):
        for candidate in problem.candidates:
            assert BY_KEY[candidate.registry].owns(candidate.number)
            if problem.code in ("check-digit", "digits-missing", "digits-extra"):
                assert candidate.check_digit == "ok"


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_a_number_that_passes_its_check_is_never_repaired(text):
    for mention in trialink.find(text):
        if mention.text == mention.id.number and mention.id.check_digit == "ok":
            assert mention.repairs == ()
