"""What is composed from recordings, what is not, and that `record` writes what replays."""

from __future__ import annotations

import json
import re
import threading
from urllib.request import urlopen

import pytest
from conftest import FIXTURES

from trialink import Resolver, TrialId, find
from trialink.errors import SourceUnavailable
from trialink.flow import Request
from trialink.recordings import Recordings
from trialink.replay import record, replay
from trialink.sources.clinicaltrials_gov import ClinicalTrialsGov
from trialink.sources.declared import declared_ids
from trialink.sources.fields import FIELDS, projected
from trialink.sources.searching import expression
from trialink.testing.server import LoopbackServer, synthetic_studies

BASE = "https://clinicaltrials.gov/api/v2"


def asked(path, **params):
    return Recordings(FIXTURES).compose(
        Request(
            f"{BASE}{path}", tuple((key.replace("_", "."), value) for key, value in params.items())
        )
    )


def listed(reply):
    studies = json.loads(reply.body)["studies"]
    return [each["protocolSection"]["identificationModule"]["nctId"] for each in studies]


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        ("NCT05181501,NCT05066646", ["NCT05066646", "NCT05181501"]),
        ("nct5066646|NCT05066646", ["NCT05066646"]),
        ("NCT05712863", ["NCT03103880"]),
        ("NCT99999999,NCT05066646", ["NCT05066646"]),
        ("NCT99999999", []),
    ],
    ids=["registry's order", "spellings", "an alias", "unknown ids left out", "nothing"],
)
def test_list_by_ids(ids, expected):
    reply = asked("/studies", filter_ids=ids, fields="NCTId,NCTIdAlias")
    assert (reply.status, reply.content_type) == (200, "application/json")
    assert listed(reply) == expected


@pytest.mark.parametrize(
    ("params", "expected", "total"),
    [
        pytest.param({"pageSize": "2", "countTotal": "true"}, 2, 4, id="first page"),
        pytest.param(
            {"pageSize": "2", "countTotal": "true", "pageToken": "p2"}, 2, None, id="next"
        ),
        pytest.param({"pageSize": "2"}, 2, None, id="not counted"),
        pytest.param(
            {
                "countTotal": "true",
                "filter.advanced": "AREA[LastUpdatePostDate]RANGE[2021-03-04,MAX]",
            },
            4,
            4,
            id="updated that day",
        ),
        pytest.param(
            {
                "countTotal": "true",
                "filter.advanced": "AREA[LastUpdatePostDate]RANGE[2021-03-05,MAX]",
            },
            0,
            0,
            id="updated later",
        ),
    ],
)
def test_list_of_everything(params, expected, total):
    registry = Recordings(studies=synthetic_studies(4))
    reply = registry.compose(Request(f"{BASE}/studies", tuple(params.items())))
    assert len(listed(reply)) == expected
    assert json.loads(reply.body).get("totalCount") == total


def test_projection_leaves_nothing_but_the_fields():
    reply = asked("/studies", filter_ids="NCT05066646", fields="NCTId,Acronym")
    (study,) = json.loads(reply.body)["studies"]
    assert study == {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT05066646", "acronym": "FUMANBA-1"}
        }
    }


@pytest.mark.parametrize(
    ("path", "params", "status", "says"),
    [
        ("/studies", {"filter_ids": "NCT123456789"}, 400, "incorrect format"),
        ("/studies", {"filter_ids": "NCT00000000"}, 400, "incorrect format"),
        ("/studies/ISRCTN1", {}, 400, "incorrect format"),
        ("/studies/NCT05066647", {}, 404, "NCT number NCT05066647 not found"),
        ("/studies/NCT05712863", {}, 301, ""),
    ],
)
def test_refusals_and_redirects(path, params, status, says):
    reply = asked(path, **params)
    assert reply.status == status
    assert says in reply.body.decode()
    assert (reply.location or "").endswith("NCT03103880") is (status == 301)


@pytest.mark.parametrize(
    ("path", "params", "says"),
    [
        ("/studies/NCT04368728", {}, "not recorded; nearest recorded NCT0"),
        ("/studies", {"query_term": "myeloma"}, "a list by query.term is not recorded"),
        ("/stats/size", {}, "/stats/size is not recorded"),
        ("/studies", {"filter_ids": "NCT05066646", "fields": "BriefSummary"}, "field BriefSummary"),
    ],
)
def test_what_is_not_recorded_is_an_error_and_never_empty(path, params, says):
    with pytest.raises(SourceUnavailable, match=re.escape(says)):
        asked(path, **params)


def test_search_composes_by_our_grammar():
    reply = asked(
        "/studies",
        filter_advanced=expression([TrialId("euctr", "2014-005181-30")]),
        fields=",".join(FIELDS),
    )
    assert listed(reply) == ["NCT02513394"]


@pytest.mark.parametrize(
    ("phrases", "expected"),
    [
        pytest.param('"CTR20231827"', ["NCT06029816"], id="the number"),
        pytest.param('"20231827"', ["NCT06029816"], id="another spelling alone"),
        pytest.param('"ctr20231827"', ["NCT06029816"], id="in small letters"),
        pytest.param('"20192510"', [], id="of a number that no record names"),
        pytest.param('"CTR20192510" OR "jRCT2031230046"', ["NCT05818137"], id="of two numbers"),
    ],
)
def test_search_by_any_spelling(phrases, expected):
    query = f"AREA[ExternalIdsSearch]EXPANSION[Term]({phrases})"
    assert listed(asked("/studies", filter_advanced=query)) == expected


@pytest.mark.parametrize("phrase", ["CTR20191402", "20191402", "no number"])
def test_a_search_for_what_is_not_recorded_is_an_error_alone_and_refused_in_company(phrase):
    area = "AREA[ExternalIdsSearch]EXPANSION[Term]"
    with pytest.raises(SourceUnavailable, match="not recorded"):
        asked("/studies", filter_advanced=f'{area}("{phrase}")')
    if phrase.startswith("CTR"):
        reply = asked("/studies", filter_advanced=f'{area}("{phrase}" OR "CTR20192510")')
        assert (reply.status, b"Too complicated query" in reply.body) == (400, True)


def test_pages_of_a_list():
    recordings = Recordings(studies=synthetic_studies(25))
    ids = ",".join(sorted(recordings.numbers))
    seen, token = [], None
    while True:
        params = [("filter.ids", ids), ("pageSize", "10")]
        reply = recordings.compose(
            Request(f"{BASE}/studies", (*params, *([("pageToken", token)] if token else ())))
        )
        seen += listed(reply)
        token = json.loads(reply.body).get("nextPageToken")
        if token is None:
            break
    assert seen == ids.split(",")


def test_a_folder_without_recordings_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"about\.json is missing"):
        replay(tmp_path)


@pytest.mark.parametrize(
    "path", sorted(FIXTURES.glob("clinicaltrials_gov/studies/*.json")), ids=lambda p: p.stem
)
def test_recorded_study_holds_nothing_but_what_is_read(path):
    recording = json.loads(path.read_text("utf-8"))
    study = recording["study"]
    assert study == projected(study)
    assert recording["assembled"] is True
    assert recording["source"]
    assert study["protocolSection"]["identificationModule"]["nctId"] == path.stem


def declared(record):
    return {str(id) for id in declared_ids(record)}


# What each recorded study is there to show: a fact of it that has surprised somebody.
SHOWS = {
    "NCT00000410": (lambda r: r.sponsor_number, "U01 AR45444 NIAMS-004C", "a grant, not a number"),
    "NCT00841061": (lambda r: r.secondary_ids[0].type, None, "an untyped secondary id"),
    "NCT00973089": (lambda r: r.enrollment_count, 0, "withdrawn: nobody took part"),
    "NCT01742767": (declared, {"2011-001963-37"}, "EudraCT as the sponsor's number"),
    "NCT01811251": (declared, {"2012-003157-29"}, "an untyped EudraCT number"),
    "NCT02300909": (lambda r: str(*r.aliases), "NCT02380456", "an alias"),
    "NCT02369484": (lambda r: r.secondary_ids[2].id, "SNCTP000001674", "SNCTP as REGISTRY"),
    "NCT02513394": (declared, {"2014-005181-30"}, "EudraCT as such, beside groups' numbers"),
    "NCT03103880": (lambda r: str(*r.aliases), "NCT05712863", "an alias above its number"),
    "NCT04623593": (lambda r: len(r.references), 48, "many references"),
    "NCT04728893": (lambda r: (r.acronym, r.start_date_type), (None, "ACTUAL"), "no acronym"),
    "NCT05066646": (lambda r: r.last_known_status, "RECRUITING", "unknown by now"),
    "NCT05181501": (lambda r: (r.start_date, r.acronym), (None, None), "a sibling without dates"),
    "NCT05227898": (lambda r: r.acronym, "RESTORE", "an acronym of two"),
    "NCT05658640": (declared, {"2021-003398-79"}, "EudraCT as the sponsor's number, again"),
    "NCT05664230": (declared, {"2022-A01261-42"}, "ID-RCB behind its label"),
    "NCT05698303": (lambda r: r.start_date, "2023-05-08", "nearly FUMANBA-1's title"),
    "NCT05813925": (declared, {"U1111-1277-3764", "jRCT2031220734"}, "UTN as OTHER, jRCT"),
    "NCT05818137": (declared, {"jRCT2031230046"}, "jRCT, the sponsor's number in the title"),
    "NCT05827016": (declared, {"2022-501515-14", "U1111-1280-9492"}, "CTIS typed as EudraCT"),
    "NCT05869903": (declared, {"2022-502839-19", "U1111-1289-8877"}, "CTIS under a firm's name"),
    "NCT05878938": (declared, {"2022-003053-66", "U1111-1281-9323"}, "UTN of the WHO"),
    "NCT05897541": (declared, {"2022-002898-28", "2023-503200-91"}, "EudraCT and CTIS"),
    "NCT05915728": (declared, {"2022-501885-24"}, "CTIS as OTHER"),
    "NCT06029816": (declared, {"CTR20231827"}, "number in the domain, name in the id"),
    "NCT06105931": (lambda r: r.secondary_ids[0].id, "1R01DK134398-01A1", "a grant of two records"),
    "NCT06171568": (declared, {"2023-A00386-39"}, "ID-RCB in the domain's company"),
    "NCT06411210": (declared, set(), "the same grant: it declares nothing"),
    "NCT06464991": (lambda r: r.phases, ("PHASE3",), "FUMANBA-03"),
    "NCT06525896": (lambda r: r.acronym, "RESTORE", "the other of two"),
}  # fmt: skip


@pytest.mark.parametrize("number", SHOWS, ids=lambda number: f"{number} {SHOWS[number][2]}")
def test_recorded_study_shows(number):
    read, expected, _ = SHOWS[number]
    with Resolver(transport=replay(FIXTURES)) as resolver:
        record = resolver.resolve(number)[number].record
    assert read(record) == expected
    assert record.drift == 0


def test_every_recorded_study_shows_something():
    assert Recordings(FIXTURES).numbers == SHOWS.keys()


BUNDLED = FIXTURES.parent / "trialink" / "testing" / "recordings"


def test_bundled_recordings_are_copies():
    paths = [path for path in BUNDLED.rglob("*") if path.is_file()]
    assert len([path for path in paths if path.parent.name == "studies"]) == 8
    for path in paths:
        assert path.read_bytes() == (FIXTURES / path.relative_to(BUNDLED)).read_bytes()


def test_exchanges_are_answered_verbatim():
    for path in sorted(FIXTURES.glob("clinicaltrials_gov/exchanges/*.json")):
        exchange = json.loads(path.read_text("utf-8"))
        params = tuple(exchange["request"]["params"].items())
        reply = Recordings(FIXTURES).compose(
            Request(f"{BASE}{exchange['request']['path']}", params)
        )
        assert reply.status == exchange["reply"]["status"], path.name
        body = exchange["reply"].get("body", "")
        told = json.loads(reply.body) if not isinstance(body, str) else reply.body.decode()
        assert told == body


# Making recordings


def test_what_is_recorded_replays_the_same(tmp_path):
    ids = ["NCT05066646", "NCT05712863", "2014-005181-30", "CTR20192510", "NCT05066647"]
    answers = record(ids, tmp_path, replay(FIXTURES))
    assert sorted(each.outcome for each in answers.values()) == [
        "absent", "cited", "found", "moved", "unsupported",
    ]  # fmt: skip
    with Resolver(transport=replay(tmp_path)) as again:
        replayed = again.resolve(ids)
    assert {id: each.replace(retrieved_at=None) for id, each in replayed.items()} == {
        id: each.replace(retrieved_at=None) for id, each in answers.items()
    }
    names = {path.name for path in tmp_path.rglob("*") if path.is_file()}
    assert names >= {"about.json", "absent.txt", "unnamed.txt", "NCT05066646.json"}


def test_a_person_as_sponsor_is_not_recorded(tmp_path):
    studies = [*synthetic_studies(1)]
    sponsors = studies[0]["protocolSection"]["sponsorCollaboratorsModule"]
    sponsors["leadSponsor"] = {"name": "A. Person", "class": "INDIV"}
    sponsors["collaborators"] = [{"name": "B. Person", "class": "INDIV"}, {"name": "Firm"}]
    (number,) = Recordings(studies=studies).numbers

    class Composed:
        paced = False

        def send(self, request):
            return Recordings(studies=studies).compose(request)

        def close(self):
            pass

    record([number], tmp_path, Composed())
    written = "".join(path.read_text("utf-8") for path in tmp_path.rglob("*.json"))
    assert "Person" not in written
    assert "Firm" in written


# The server


def test_the_server_answers_as_the_recordings_do():
    with LoopbackServer(Recordings(FIXTURES)) as server:
        with urlopen(f"{server.url}/studies/NCT05066646?fields=NCTId") as reply:
            study = json.load(reply)
        assert study["protocolSection"]["identificationModule"]["nctId"] == "NCT05066646"
        [request] = server.requests
        assert request.path == "/api/v2/studies/NCT05066646"
        assert request.params == (("fields", "NCTId"),)
    assert not [thread for thread in threading.enumerate() if "serve_forever" in thread.name]


def test_synthetic_numbers_pass_their_check():
    for number in Recordings(studies=synthetic_studies(5)).numbers:
        (mention,) = find(number)
        assert mention.id.check_digit == "ok"
    assert ClinicalTrialsGov.serves == {"nct"}
