"""What the source asks and what it makes of the answers; replies are fed by hand, no client."""

from __future__ import annotations

import json

import pytest

from trialink import TrialId
from trialink.errors import SourceUnavailable, UnexpectedPayload
from trialink.flow import Done, Learnt, Reply, advance
from trialink.sources.clinicaltrials_gov import ClinicalTrialsGov
from trialink.sources.fields import FIELDS
from trialink.sources.searching import expression

NCT, ALIAS = TrialId("nct", "NCT03103880"), TrialId("nct", "NCT05712863")
EUDRACT = TrialId("euctr", "2014-005181-30")
BASE = "https://clinicaltrials.gov/api/v2"


def study(number="NCT03103880", *, aliases=(), secondary=()):
    identification = {"nctId": number, "nctIdAliases": [*aliases]}
    identification["secondaryIdInfos"] = [{"id": id, "type": kind} for id, kind in secondary]
    return {"protocolSection": {"identificationModule": identification}}


def ok(value):
    return Reply(200, "application/json", json.dumps(value).encode())


def page(*studies, token=None):
    return ok({"studies": [*studies]} | ({"nextPageToken": token} if token else {}))


def said(status, text, kind="text/plain", location=None):
    return Reply(status, kind, text.encode(), location=location)


def fed(flow, *replies):
    """Return the result of a flow that is sent these replies, and the requests it made."""
    asked, waiting = [], [*replies]
    step = advance(flow)
    while not isinstance(step, Done):
        if isinstance(step, Learnt):
            step = advance(flow)
            continue
        asked.append(step)
        step = advance(flow, waiting.pop(0))
    assert waiting == [], "replies that nobody asked for"
    return step.value, asked


@pytest.fixture(autouse=True)
def public(monkeypatch):
    monkeypatch.delenv("TRIALINK_API_URL", raising=False)


def test_a_batch_is_one_request_for_the_fields_that_are_read():
    answers, (request,) = fed(ClinicalTrialsGov().lookup((NCT, ALIAS)), page(study()))
    assert request.url == f"{BASE}/studies"
    assert dict(request.params) == {
        "format": "json",
        "filter.ids": "NCT03103880,NCT05712863",
        "fields": ",".join(FIELDS),
        "pageSize": "1000",
    }
    assert "NCTIdAlias" in FIELDS
    assert [*answers] == [NCT]


@pytest.mark.parametrize(
    ("batch", "replies", "expected"),
    [
        pytest.param((NCT,), [page(study())], {NCT: "found"}, id="found"),
        pytest.param(
            (ALIAS,), [page(study(aliases=["NCT05712863"]))], {ALIAS: "moved"}, id="by its alias"
        ),
        pytest.param(
            (ALIAS, NCT),
            [page(study(aliases=["NCT05712863"]))],
            {ALIAS: "moved", NCT: "found"},
            id="by both",
        ),
        pytest.param((NCT,), [page()], {}, id="left out: nothing is said"),
        pytest.param((NCT,), [page(study("NCT05066646"))], {}, id="another trial: nothing is said"),
        pytest.param(
            (NCT,),
            [page({"protocolSection": {}}, study())],
            {NCT: "found"},
            id="a study without a number sinks no other",
        ),
        pytest.param(
            (NCT, ALIAS),
            [page(study("NCT05066646"), token="t1"), page(study())],
            {NCT: "found"},
            id="two pages",
        ),
        pytest.param(
            (NCT, ALIAS),
            [
                said(400, "Parameter `filter.ids` has incorrect format"),
                page(study()),
                said(400, "Parameter `filter.ids` has incorrect format"),
            ],
            {NCT: "found", ALIAS: "failed"},
            id="halved: one bad id sinks no other",
        ),
        pytest.param(
            (NCT, ALIAS), [said(414, "too long"), page(study()), page()], {NCT: "found"}, id="414"
        ),
    ],
)
def test_lookup(batch, replies, expected):
    answers, _ = fed(ClinicalTrialsGov().lookup(batch), *replies)
    assert {id: each.outcome for id, each in answers.items()} == expected


def test_a_page_token_goes_with_all_parameters():
    flow = ClinicalTrialsGov().lookup((NCT,))
    _, (first, second) = fed(flow, page(token="t1"), page(study()))
    assert second.params == (*first.params, ("pageToken", "t1"))


def test_halving_costs_at_most_twice_the_logarithm():
    ids = tuple(TrialId("nct", f"NCT{13 * (400_000 + place):08d}") for place in range(200))
    bad = ids[77].number
    flow, asked = ClinicalTrialsGov().lookup(ids), 0
    step = advance(flow)
    while not isinstance(step, Done):
        if isinstance(step, Learnt):
            step = advance(flow)
            continue
        asked += 1
        numbers = dict(step.params)["filter.ids"].split(",")
        refused = said(400, "Parameter `filter.ids` has incorrect format")
        step = advance(flow, refused if bad in numbers else page(*map(study, numbers)))
    assert sorted(map(str, step.value)) == sorted(map(str, ids))
    assert [str(id) for id, each in step.value.items() if each.outcome == "failed"] == [bad]
    assert asked <= 1 + 2 * 8


@pytest.mark.parametrize(
    ("replies", "says"),
    [
        pytest.param([page(token="a"), page(token="a")], "circle", id="the same token again"),
        pytest.param([ok([])], "status 200", id="an array"),
        pytest.param([ok({"studies": 5})], "without studies", id="no list"),
        pytest.param(
            [said(400, "Parameter `fields` contains invalid field name")],
            "invalid field name",
            id="our fields are refused: halving would not help",
        ),
    ],
)
def test_what_is_no_answer_is_an_error(replies, says):
    with pytest.raises(UnexpectedPayload, match=says):
        fed(ClinicalTrialsGov().lookup((NCT, ALIAS)), *replies)


MISSING = said(404, "NCT number NCT05712863 not found")


@pytest.mark.parametrize(
    ("replies", "outcome"),
    [
        pytest.param([ok(study("NCT05712863"))], "found", id="its own record"),
        pytest.param([MISSING], "absent", id="denied"),
        pytest.param(
            [said(404, "NCT number NCT99999999 not found")], "failed", id="denies another"
        ),
        pytest.param([said(404, "<html>", "text/html")], "failed", id="404 of something else"),
        pytest.param([said(400, "incorrect format")], "failed", id="refused"),
        pytest.param(
            [
                said(301, "", location="/api/v2/studies/NCT03103880"),
                ok(study(aliases=["NCT05712863"])),
            ],
            "moved",
            id="an obsolete number",
        ),
        pytest.param(
            [said(301, "", location="https://example.org/api/v2/studies/NCT03103880")],
            "failed",
            id="redirected to another host: not followed",
        ),
        pytest.param(
            [said(301, "", location="/login")], "failed", id="redirected elsewhere: not followed"
        ),
        pytest.param(
            [said(301, "", location="http://[::1/bad")], "failed", id="redirected to no address"
        ),
        pytest.param(
            [said(301, "", location="/api/v2/studies/NCT03103880"), MISSING],
            "failed",
            id="redirected to a number that is denied",
        ),
        pytest.param(
            [said(301, "", location="/api/v2/studies/NCT03103880")] * 4, "failed", id="in a circle"
        ),
    ],
)
def test_confirm(replies, outcome):
    resolution, _ = fed(ClinicalTrialsGov().confirm(ALIAS), *replies)
    assert (resolution.id, resolution.outcome) == (ALIAS, outcome)


def test_a_redirect_is_asked_at_an_address_of_our_own_making():
    _, asked = fed(
        ClinicalTrialsGov().confirm(ALIAS),
        said(301, "", location="/api/v2/studies/NCT03103880?next=evil#x"),
        ok(study(aliases=["NCT05712863"])),
    )
    assert [request.url for request in asked] == [
        f"{BASE}/studies/NCT05712863",
        f"{BASE}/studies/NCT03103880",
    ]


def test_the_record_of_another_trial_is_an_error():
    with pytest.raises(UnexpectedPayload, match="another number"):
        fed(ClinicalTrialsGov().confirm(ALIAS), ok(study()))


def test_a_search_quotes_whole_numbers_and_looks_into_domains_too():
    phrases = '"2014-005181-30" OR "EUCTR2014-005181-30" OR "RBR-6gdyvz" OR "RBR6gdyvz"'
    assert expression([EUDRACT, TrialId("rebec", "RBR-6gdyvz")]) == (
        f"AREA[ExternalIdsSearch]EXPANSION[Term]({phrases}) OR "
        f"AREA[SecondaryIdDomain]EXPANSION[Term]({phrases})"
    )


TOO_LONG = said(400, "Error parsing query in advanced filter: Too complicated query")
NAMES_IT = study(secondary=[("2014-005181-30", "EUDRACT_NUMBER")])


@pytest.mark.parametrize(
    ("replies", "outcome", "records"),
    [
        pytest.param([page(NAMES_IT)], "cited", ["NCT03103880"], id="a record names it"),
        pytest.param([page()], "unsupported", [], id="no hit"),
        pytest.param(
            [page(study(secondary=[("2014-005181-31", "OTHER")]))],
            "unsupported",
            [],
            id="a near hit",
        ),
        pytest.param(
            [
                page(
                    study("NCT05066646", secondary=[("EudraCT 2014-005181-30", None)]),
                    NAMES_IT,
                )
            ],
            "cited",
            ["NCT03103880", "NCT05066646"],
            id="several name it: all are given",
        ),
        pytest.param([TOO_LONG, TOO_LONG], "failed", [], id="refused alone, and with one spelling"),
        pytest.param(
            [TOO_LONG, page(), page(NAMES_IT)],
            "cited",
            ["NCT03103880"],
            id="refused alone: one spelling after the other",
        ),
        pytest.param(
            [TOO_LONG, page(NAMES_IT), page(NAMES_IT)],
            "cited",
            ["NCT03103880"],
            id="found by two spellings: given once",
        ),
        pytest.param([TOO_LONG, page(), TOO_LONG], "failed", [], id="one spelling is refused"),
        pytest.param([page(study(None))], "failed", [], id="a record that cannot be read"),
        pytest.param(
            [page(study(None), NAMES_IT)], "cited", ["NCT03103880"], id="named beside such a record"
        ),
    ],
)
def test_search(replies, outcome, records):
    answers, _ = fed(ClinicalTrialsGov().search((EUDRACT,)), *replies)
    assert answers[EUDRACT].outcome == outcome
    assert [str(record.id) for record in answers[EUDRACT].records] == records


def test_an_error_about_one_number_sinks_no_other():
    other = TrialId("cde_china", "CTR20192510")
    not_recorded = SourceUnavailable("not recorded", id=str(EUDRACT))
    flow = ClinicalTrialsGov().search((EUDRACT, other))
    answers, _ = fed(flow, TOO_LONG, not_recorded, page())
    assert {id: each.outcome for id, each in answers.items()} == {
        EUDRACT: "failed",
        other: "unsupported",
    }


@pytest.mark.parametrize(
    ("reply", "version"),
    [
        (
            ok({"apiVersion": "2.0.5", "dataTimestamp": "2026-07-31T09:00:04"}),
            ("2.0.5", "2026-07-31T09:00:04"),
        ),
        (ok({"apiVersion": "2.0.5"}), ("2.0.5", None)),
        (ok({"apiVersion": 2}), (None, None)),
        (said(404, "no"), (None, None)),
    ],
)
def test_version(reply, version):
    assert fed(ClinicalTrialsGov().version(), reply)[0] == version


@pytest.mark.parametrize(
    "url",
    [
        "https://clinicaltrials.gov/api/v2",
        "https://mirror.example.org/api/v2/",
        "http://127.0.0.1:8000/api/v2",
        "http://localhost:8000",
        "http://[::1]:8000",
    ],
)
def test_addresses_that_may_be_asked(url, monkeypatch):
    monkeypatch.setenv("TRIALINK_API_URL", url)
    assert ClinicalTrialsGov().origin == ClinicalTrialsGov(url).origin == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://clinicaltrials.gov/api/v2",
        "http://127.0.0.1.example.org",
        "ftp://clinicaltrials.gov",
        "https://user:word@clinicaltrials.gov",
        "https://clinicaltrials.gov?x=1",
        "clinicaltrials.gov",
        "https://",
        "https://a b/",
        "https://[::1",
        "https://\x1b[31m",
        "http://127.0.0.1:99999",
    ],
)
def test_addresses_that_may_not(url):
    with pytest.raises(ValueError, match="https://"):
        ClinicalTrialsGov(url)


def test_lots():
    ids = [TrialId("nct", f"NCT{13 * (400_000 + place):08d}") for place in range(401)]
    source = ClinicalTrialsGov()
    assert [len(lot) for lot in source.batches([*ids, ids[0]])] == [200, 200, 1]
    assert [len(lot) for lot in source.searches(ids[:17])] == [8, 8, 1]
