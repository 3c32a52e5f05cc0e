"""Numbers of other registries: asked as a server that looks for words would find them.

The studies are synthetic, each with one secondary id as records print them; where a real record
prints it so, the row names the record. Numbers are real, from the catalogue's examples or those
records. What the real server takes for a word is not known in full: the one here is strict, and
takes runs of letters and digits, whole and in their order.
"""

from __future__ import annotations

import json
import re

import pytest

from trialink import Record, Resolver, TrialId, parse
from trialink.flow import Reply
from trialink.registries import REGISTRIES
from trialink.sources.clinicaltrials_gov import ClinicalTrialsGov
from trialink.sources.declared import declared_ids
from trialink.sources.searching import spellings
from trialink.testing.server import LoopbackServer

# What is asked, then id, type and domain of the secondary id, then where it was seen or what it is.
ENTRIES = [
    ("2012-003157-29", "2012-003157-29", "EUDRACT_NUMBER", None, "as it should be"),
    ("2012-003157-29", "2012-003157-29", None, None, "without a type, NCT01811251"),
    ("2014-005181-30", "EudraCT: 2014-005181-30", "OTHER", None, "behind its label"),
    ("2014-005181-30", "EUCTR2014-005181-30-ES", "REGISTRY", "ICTRP", "as the WHO prints it"),
    ("2011-001963-37", "2011-001963-37", "REGISTRY", "EudraCT", "typed as another registry's"),
    ("2004-002714-11", "eudract 2004-002714-11", "OTHER", "EudraCT", "in small letters"),
    ("2022-501515-14", "2022-501515-14", "EUDRACT_NUMBER", None, "typed EudraCT, NCT05827016"),
    ("2022-501515-14", "CTIS 2022-501515-14", "OTHER", None, "behind its label"),
    ("2022-501515-14-00", "2022-501515-14-00", "CTIS", None, "with its fourth group"),
    ("2022-501515-14-00", "2022-501515-14", "CTIS", None, "asked with its fourth group"),
    ("2022-501885-24", "2022-501885-24-01", "OTHER", "EU CT", "of another version"),
    ("2022-501312-34", "CTIS2022-501312-34-00", "REGISTRY", "ICTRP", "as the WHO prints it"),
    ("2022-501312-34", "EU CT Number 2022-501312-34-00", "OTHER", None, "its label in words"),
    ("2022-502839-19", "2022-502839-19", "CTIS", "Eli Lilly and Company", "NCT05869903"),
    ("ISRCTN78805636", "ISRCTN78805636", "REGISTRY", None, "as it should be"),
    ("ISRCTN78805636", "isrctn 78805636", "OTHER", None, "apart, in small letters"),
    ("ISRCTN78805636", "78805636", "REGISTRY", "ISRCTN", "the digits alone beside its name"),
    ("CTR20231827", "Chinadrugtrials", "REGISTRY", "CTR20231827", "swapped, NCT06029816"),
    ("CTR20191402", "CTR20191402", "REGISTRY", "China CDE", "as it should be"),
    ("CTR20191402", "CTR 20191402", "OTHER", "chinadrugtrials.org.cn", "apart"),
    ("ChiCTR2000029308", "ChiCTR2000029308", "REGISTRY", "ChiCTR", "as it should be"),
    ("ChiCTR2000029308", "chictr 2000029308", "OTHER", None, "apart, in small letters"),
    ("ChiCTR2000029308", "ChiCTR-2000029308", "OTHER", None, "with a hyphen"),
    ("ChiCTR-OOR-14005551", "ChiCTR-OOR-14005551", "REGISTRY", None, "of the older form"),
    ("ChiCTR-OOR-14005551", "ChiCTROOR14005551", "OTHER", None, "glued"),
    ("UMIN000012045", "UMIN000012045", "REGISTRY", "UMIN-CTR", "as it should be"),
    ("UMIN000012045", "JPRN-UMIN000012045", "REGISTRY", "ICTRP", "as the WHO prints it"),
    ("UMIN000012045", "umin 000012045", "OTHER", None, "apart, in small letters"),
    ("UMIN000012045", "000012045", "REGISTRY", "UMIN-CTR", "the digits alone beside its name"),
    ("jRCT2031220734", "jRCT2031220734", "REGISTRY", "jRCT", "NCT05813925"),
    ("jRCTs031180248", "JPRN-jRCTs031180248", "REGISTRY", "jRCT (Japan)", "as the WHO prints it"),
    ("JapicCTI-205238", "JapicCTI-205238", "REGISTRY", "JapicCTI", "as it should be"),
    ("JapicCTI-205238", "JapicCTI205238", "OTHER", None, "glued"),
    ("ACTRN12608000628347", "ACTRN12608000628347", "REGISTRY", "ANZCTR", "as it should be"),
    ("ACTRN12608000628347", "actrn 12608000628347", "OTHER", None, "apart, in small letters"),
    ("U1111-1280-9492", "U1111-1280-9492", "OTHER", "WHO", "NCT05827016"),
    ("U1111-1281-9323", "U1111-1281-9323", "REGISTRY", "UTN Number", "NCT05878938"),
    ("U1111-1131-4384", "1111-1131-4384", "OTHER", "UTN", "without its letter"),
    ("U1111-1256-7669", "U1111 - 1256 - 7669", "OTHER", "ICTRP", "with blanks"),
    ("SNCTP000001674", "SNCTP000001674", "REGISTRY", None, "NCT02369484"),
    ("SNCTP000005580", "SNCTP 000005580", "OTHER", None, "apart"),
    ("NTR1166", "NTR1166", "REGISTRY", "NTR", "as it should be"),
    ("NTR2051", "NTR 2051", "OTHER", "Dutch Trial Register (NTR)", "apart"),
    ("NL9229", "NL9229", "REGISTRY", "Netherlands Trial Register", "as it should be"),
    ("NL-OMON19915", "NL-OMON19915", "REGISTRY", "ICTRP", "as the WHO prints it"),
    ("CTRI/2012/08/002884", "CTRI/2012/08/002884", "REGISTRY", "CTRI", "as it should be"),
    ("CTRI/2012/08/002884", "CTRI-2012-08-002884", "OTHER", None, "with hyphens"),
    ("CTRI/2012/08/002884", "2012/08/002884", "REGISTRY", "CTRI", "without its letters"),
    ("DRKS00005115", "DRKS00005115", "REGISTRY", None, "as it should be"),
    ("DRKS00005115", "DRKS-ID: DRKS 00005115", "OTHER", None, "apart, behind its label"),
    ("IRCT2016080318745N10", "IRCT2016080318745N10", "REGISTRY", "IRCT", "as it should be"),
    ("IRCT2016080318745N10", "irct 2016080318745N10", "OTHER", None, "apart, in small letters"),
    ("PACTR202406532417953", "PACTR202406532417953", "REGISTRY", None, "as it should be"),
    ("PACTR202406532417953", "PACTR 202406532417953", "OTHER", None, "apart"),
    ("RBR-6gdyvz", "RBR-6gdyvz", "REGISTRY", "ReBEC", "as it should be"),
    ("RBR-6gdyvz", "RBR6GDYVZ", "OTHER", None, "glued, in capitals"),
    ("2016-A00749-42", "2016-A00749-42", "OTHER", "ID-RCB", "beside its name"),
    ("2022-A01261-42", "IDRCB: 2022-A01261-42", "OTHER", None, "behind its label, NCT05664230"),
    ("KCT0000048", "KCT0000048", "REGISTRY", "CRIS", "as it should be"),
    ("TCTR20140318001", "tctr20140318001", "REGISTRY", None, "in small letters"),
    ("RPCEC00000139", "RPCEC00000139", "REGISTRY", None, "as it should be"),
    ("LBCTR2020043459", "LBCTR2020043459", "REGISTRY", None, "as it should be"),
    ("PER-106-20", "PER-106-20", "REGISTRY", "REPEC", "as it should be"),
    ("SLCTR/2010/008", "SLCTR/2010/008", "REGISTRY", None, "as it should be"),
    ("KCT0004176", "CRIS-KCT0004176", "REGISTRY", None, "behind its registry's name"),
    ("NCI-2012-02401", "NCI-2012-02401", "REGISTRY", "CTRP", "as it should be"),
    ("EUPAS29415", "EUPAS 29415", "OTHER", "ENCePP", "apart"),
    ("IRAS 266831", "266831", "OTHER", "IRAS Project ID", "the digits alone beside its name"),
    ("CPMS 45521", "CPMS: 45521", "OTHER", None, "with a colon"),
]  # fmt: skip
# Numbers that come near an entry above, and are not it.
NEAR = [
    ("2012-003157-30", "one digit away"),
    ("2022-501515-15", "another check digit"),
    ("NTR116", "the beginning of another"),
    ("UMIN000012046", "one digit away"),
    ("U1111-1280-9493", "one digit away"),
    ("RBR-6gdyvy", "one letter away"),
    ("ISRCTN02452400", "nowhere"),
]
# Other trials' numbers, of which a server that looks for words must not be believed.
DECOYS = [
    ("78805636", "OTHER", "Grant", "the digits of an ISRCTN number, as a grant"),
    ("000012045", "OTHER", None, "the digits of a UMIN number, alone"),
    ("R01-78805636-000012045", "OTHER", None, "the digits in a longer number"),
]


def study(place, id, kind, domain):
    secondary = {"id": id, "type": kind, "domain": domain}
    identification = {
        "nctId": f"NCT{13 * (100_000 + place):08d}",
        "orgStudyIdInfo": {"id": f"SYNTHETIC-{place}"},
        "secondaryIdInfos": [{name: value for name, value in secondary.items() if value}],
        "briefTitle": f"Synthetic study {place}",
    }
    return {"protocolSection": {"identificationModule": identification}}


def sponsored(number, sponsor_number, sponsor):
    """Return a study that has nothing but its sponsor's number."""
    made = study(number, None, None, None)
    made["protocolSection"]["identificationModule"]["orgStudyIdInfo"] = {"id": sponsor_number}
    made["protocolSection"]["sponsorCollaboratorsModule"] = {"leadSponsor": {"name": sponsor}}
    return made


def number_of(study):
    return study["protocolSection"]["identificationModule"]["nctId"]


STUDIES = [study(place, *entry[1:4]) for place, entry in enumerate(ENTRIES)]
NUMBERS = [*map(number_of, STUDIES)]
OTHERS = [study(1000 + place, *entry[:3]) for place, entry in enumerate(DECOYS)]


def words(text):
    return " ".join(["", *re.findall(r"[^\W_]+", text.casefold()), ""])


class WordServer:
    """Answers a search with the studies that hold the words of a phrase, whole and in order.

    `longest` is the number of phrases in a query above which it is called too complicated.
    """

    def __init__(self, studies=(*STUDIES, *OTHERS), longest=1000):
        self.longest, self.asked = longest, 0
        self.values = [(each, [*map(words, self._values(each))]) for each in studies]

    def compose(self, request):
        self.asked += 1
        phrases = [*map(words, re.findall(r'"([^"]*)"', dict(request.params)["filter.advanced"]))]
        if len(phrases) > self.longest:
            why = "Error parsing query in advanced filter: Too complicated query"
            return Reply(400, "text/plain", why.encode())
        found = [
            study
            for study, values in self.values
            if any(phrase in value for phrase in phrases for value in values)
        ]
        return Reply(200, "application/json", json.dumps({"studies": found}).encode())

    @staticmethod
    def _values(study):
        module = study["protocolSection"]["identificationModule"]
        yield module["orgStudyIdInfo"]["id"]
        for each in module["secondaryIdInfos"]:
            yield from (each.get("id", ""), each.get("domain", ""))


def resolved(ids, composer):
    with LoopbackServer(composer) as server:
        source = ClinicalTrialsGov(server.url)
        with Resolver(sources=[source], cache=None, pace=None) as resolver:
            return resolver.resolve(ids)


def records(answer):
    return [str(record.id) for record in answer.records]


ASKED = sorted({parse(entry[0]) for entry in ENTRIES})


@pytest.fixture(scope="module")
def answers():
    return resolved([*ASKED, *(number for number, _ in NEAR)], WordServer())


@pytest.mark.parametrize(
    ("asked", "naming"),
    [pytest.param(e[0], n, id=f"{e[1]} {e[4]}") for e, n in zip(ENTRIES, NUMBERS, strict=True)],
)
def test_a_record_that_names_a_number_is_found(answers, asked, naming):
    assert answers[parse(asked)].outcome == "cited"
    assert naming in records(answers[parse(asked)])


@pytest.mark.parametrize("asked", ASKED, ids=str)
def test_all_records_that_name_a_number_are_given_in_order_and_no_other(answers, asked):
    naming = [n for n, e in zip(NUMBERS, ENTRIES, strict=True) if parse(e[0]) == asked]
    assert records(answers[asked]) == naming


@pytest.mark.parametrize("asked", [number for number, _ in NEAR], ids=[why for _, why in NEAR])
def test_what_comes_near_is_not_cited(answers, asked):
    assert (answers[asked].outcome, answers[asked].records) == ("unsupported", ())


def test_a_sponsors_number_is_told_by_its_sponsor():
    own = sponsored(1, "113734", "GlaxoSmithKline")
    other = sponsored(2, "113734", "Synthetic Sponsor")
    answers = resolved("GSK study ID 113734", WordServer([own, other]))
    assert records(answers["GSK 113734"]) == [number_of(own)]


# A query that is too long for the server


@pytest.mark.parametrize("longest", [40, 12, 6, 2], ids="at most {} phrases".format)
def test_a_query_that_is_too_complicated_is_split_until_it_is_not(answers, longest):
    server = WordServer(longest=longest)
    split = resolved(ASKED, server)
    assert {id: each.records for id, each in split.items()} == {
        id: answers[id].records for id in ASKED
    }
    lots = -(-len(ASKED) // 8)
    spelled = sum(len(spellings(id)) for id in ASKED)
    assert server.asked <= lots + 2 * len(ASKED) + spelled


def test_a_server_that_takes_no_query_fails_every_number():
    server = WordServer(longest=1)
    answers = resolved(ASKED[:8], server)
    assert {each.outcome for each in answers.values()} == {"failed"}
    assert all("Too complicated query" in each.reason for each in answers.values())


# Every registry of the catalogue

# Printed forms that would take a phrase of their own, or one of too few digits to be asked for.
NOT_ASKED_FOR = {
    *("NTC00699868", "ISCRTN06180958"),  # typing errors of prefixes
    *("ANZRN12612000027819", "ACTN12612000743864", "ACTRNO12606000444583"),
    "ACTRN012605000781640",
    *("UMIN-C000000017", "UMIN-CTR-C000000129", "UMIN_ID:C000000088", "JPRN-C000000079"),
    *("IRCT 20220212054002 N3", "ATMR2009040001075080", "Swissmedic.ch 2002 DR 1227"),
    *("NTR number 1867", "NTR(TC=2517)", "https://www.trialregister.nl/trial/7921"),
    "http://www.trialregister.nl/trialreg/admin/rctview.asp?TC=2365",
    "http://public.ukcrn.org.uk/search/StudyDetail.aspx?StudyID=4814",
    *("UKCRN 4814", "UK CRN Portfolio 6470", "UKCRNID9633", "UKCRN Study ID: 9633"),
    *("UNCST HS6555ES", "UNCST registration number: HS5878ES", "(UNCST, ref. no. HS6687ES)"),
    "REPEC: 046-19",
}


@pytest.mark.parametrize("entry", [e for e in REGISTRIES if e.kind != "decoy"], ids=lambda e: e.key)
def test_what_our_grammar_reads_in_a_record_is_asked_for_as_it_stands_there(entry):
    for printed, number in entry.examples:
        id = TrialId(entry.key, number)
        if id not in declared_ids(Record.from_api(study(1, printed, "OTHER", entry.label))):
            continue
        values = [words(printed), words(entry.label)]
        is_hit = any(words(each) in value for each in spellings(id) for value in values)
        assert is_hit is (printed not in NOT_ASKED_FOR), printed
