"""The table of outcomes: every row, every observed error, and what no body can change."""

from __future__ import annotations

import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialink.flow import Reply
from trialink.sources.verdicts import ANSWERS, Verdict, describe, judge

JSON, TEXT, HTML = "application/json", "text/plain", "text/html"
PAGE = b"<html><body>NCT number NCT99999999 not found</body></html>"
DENIAL = b"NCT number NCT99999999 not found"
MOVED = "/api/v2/studies/NCT00010647"


def row(sentence, verdict, status, content_type=TEXT, body=b"", location=None):
    reply = Reply(status, content_type, body, location=location)
    return pytest.param(reply, verdict, id=sentence)


ROWS = [
    row("an object is an answer", "ok", 200, JSON, b'{"studies": []}'),
    row("an object with a charset is one", "ok", 200, "Application/JSON; charset=UTF-8", b"{}"),
    row("an object of a kind of JSON is one", "ok", 200, "application/fhir+json", b"{}"),
    row("an object between blanks is one", "ok", 200, JSON, b' \r\n\t{"a": 1}\n'),
    row("a version is one", "ok", 200, JSON, b'{"apiVersion":"2.0.5"}'),
    row("an object said to be text is none", "unexpected", 200, TEXT, b"{}"),
    row("an object without a type is none", "unexpected", 200, "", b"{}"),
    row("an object said to be something like JSON is none", "unexpected", 200, "text/jsonp", b"{}"),
    row("a web page is no answer", "unexpected", 200, HTML, PAGE),
    row("a web page said to be JSON is none", "unexpected", 200, JSON, PAGE),
    row("an array is none", "unexpected", 200, JSON, b'[{"a": 1}]'),
    row("nothing is none", "unexpected", 200, JSON),
    row("blanks are none", "unexpected", 200, JSON, b" \n"),
    row("an object cut short is none", "unexpected", 200, JSON, b'{"studies": ['),
    row("the end of an object is none", "unexpected", 200, JSON, b'"studies": []}'),
    row("an object after a byte order mark is none", "unexpected", 200, JSON, b"\xef\xbb\xbf{}"),
    row("an object in UTF-16 is none", "unexpected", 200, JSON, "{}".encode("utf-16")),
    *[
        row(f"{status} with a place leads on", "moved", status, location=MOVED)
        for status in (301, 302, 303, 307, 308)
    ],
    row("a redirect to anywhere leads on", "moved", 301, HTML, PAGE, "https://example.org/"),
    row("a redirect without a place does not", "unexpected", 301),
    row("a redirect to an empty place does not", "unexpected", 302, location=""),
    row("a choice of places does not", "unexpected", 300, location=MOVED),
    row("not modified is unexpected", "unexpected", 304),
    *[
        row(f"{status} in {kind or 'no type'} is {verdict}", verdict, status, kind, b"no")
        for status, other in (
            (400, "unexpected"),
            (413, "refused"),
            (414, "refused"),
            (431, "refused"),
        )
        for kind, verdict in (
            (TEXT, "refused"),
            ("text/plain;charset=utf-8", "refused"),
            (JSON, "refused"),
            (HTML, other),
            ("", other),
        )
    ],
    row("the API's own denial is missing", "missing", 404, TEXT, DENIAL),
    row(
        "with a charset and a line end too", "missing", 404, TEXT + ";charset=utf-8", DENIAL + b"\n"
    ),
    row("a denial in a web page is not", "unexpected", 404, HTML, DENIAL),
    row("a denial in JSON is not", "unexpected", 404, JSON, DENIAL),
    row("a denial without a type is not", "unexpected", 404, "", DENIAL),
    row("a denial of no number is not", "unexpected", 404, TEXT, b"NCT number  not found"),
    row("a denial of part of a number is not", "unexpected", 404, TEXT, DENIAL.replace(b"99", b"")),
    row("a denial within a text is not", "unexpected", 404, TEXT, b"<pre>" + DENIAL),
    row("another 404 is not", "unexpected", 404, TEXT, b"404 page not found"),
    row("an empty 404 is not", "unexpected", 404, TEXT),
    *[
        row(f"{status} as {kind} is blocked", "blocked", status, kind, b"Forbidden")
        for status in (401, 403, 407)
        for kind in (HTML, TEXT, JSON, "")
    ],
    row("403 with an object is blocked", "blocked", 403, JSON, b"{}"),
    row("403 with the API's own denial is blocked", "blocked", 403, TEXT, DENIAL),
    *[row(f"{status} is limited", "limited", status, HTML, PAGE) for status in (408, 425, 429)],
    *[
        row(f"{status} is unavailable", "unavailable", status, HTML, PAGE)
        for status in (500, 502, 503, 504, 520, 599)
    ],
    row("503 with an object is unavailable", "unavailable", 503, JSON, b"{}"),
    *[
        row(f"{status} is unexpected", "unexpected", status, JSON, b"{}", MOVED)
        for status in (100, 199, 201, 202, 204, 206, 402, 405, 406, 409, 410, 418, 451, 600, 999)
    ],
]

OBSERVED = [
    row("a number that does not exist", "missing", 404, TEXT, DENIAL),
    row("a malformed number", "refused", 400, TEXT, b"Parameter `nctId` has incorrect format"),
    row("an obsolete number", "moved", 301, TEXT, b"", MOVED),
    row("the classic API", "unexpected", 404, HTML, b"<html>" + b"n" * 543 + b"</html>"),
    row("a malformed id in a list", "refused", 400, TEXT, b"filter.ids has incorrect format"),
    row(
        "a name that does not belong to the site's own endpoint",
        "refused",
        400,
        TEXT,
        b"Invalid prefix in parameter name: query.cond",
    ),
    row(
        "a query with too many words",
        "refused",
        400,
        TEXT,
        b"Error parsing query in Conditions or disease: Too complicated query",
    ),
    row(
        "an unknown area",
        "refused",
        400,
        TEXT,
        b"Error parsing query in advanced filter: Unknown area name: `NotARealField`",
    ),
    row(
        "an unknown field",
        "refused",
        400,
        TEXT,
        b"Parameter 'fields' contains invalid field name: 'StudyDesign'",
    ),
    row(
        "an unknown field of the statistics",
        "unexpected",
        404,
        TEXT,
        b"Unknown piece name of field path: StudyDesign",
    ),
    row(
        "the version",
        "ok",
        200,
        JSON,
        b'{"apiVersion":"2.0.5","dataTimestamp":"2026-07-31T09:00:04"}',
    ),
]


@pytest.mark.parametrize(("reply", "verdict"), ROWS)
def test_every_row_of_the_table(reply, verdict):
    assert judge(reply) == verdict


@pytest.mark.parametrize(("reply", "verdict"), OBSERVED)
def test_what_the_registry_was_seen_to_answer(reply, verdict):
    assert judge(reply) == verdict


def test_what_is_on_record_of_the_registry(shared):
    path = shared / "ctgov" / "errors_observed.json"
    seen = json.loads(path.read_text(encoding="utf-8"))["observations"]
    words = {(400, TEXT): "refused", (404, TEXT): "missing", (404, HTML): "unexpected"}
    for each in seen:
        if "body" in each and not each["body"].startswith("Unknown piece name"):
            kind = each.get("content_type", TEXT)
            reply = Reply(each["status"], kind, each["body"].encode())
            assert judge(reply) == words.get((each["status"], kind), "ok"), each["request"]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(403, HTML, PAGE), "refused by a filter (403)"),
        (Reply(429, TEXT, b""), "too many requests"),
        (Reply(408, TEXT, b""), "status 408"),
        (Reply(503, HTML, PAGE), "status 503"),
        (Reply(200, HTML, PAGE), "a web page in place of an answer (status 200)"),
        (Reply(404, HTML, PAGE), "a web page in place of an answer (status 404)"),
        (Reply(200, JSON, b"[]"), "an answer that is no JSON object"),
        (Reply(418, TEXT, b""), "an answer of no known kind (status 418)"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_answer_is_described_in_a_few_words(reply, words):
    assert describe(reply) == words


REPLIES = st.builds(
    Reply,
    st.integers(100, 599),
    st.sampled_from([JSON, TEXT, HTML, "", "TEXT/Plain ; charset=x", ";", "application/json"]),
    st.one_of(st.binary(max_size=60), st.sampled_from([b"{}", DENIAL, PAGE])),
    location=st.sampled_from([None, "", MOVED]),
)


@given(REPLIES)
def test_every_reply_has_a_verdict_and_only_its_own_statuses_give_an_answer(reply):
    verdict = judge(reply)
    assert verdict in get_args(Verdict)
    assert (verdict == "ok") <= (reply.status == 200)
    assert (verdict == "missing") <= (reply.status == 404)
    assert (verdict == "moved") <= (300 < reply.status < 400)
    assert (verdict in ANSWERS) <= (reply.status < 432)


@given(REPLIES, st.binary(max_size=60))
def test_no_body_changes_the_verdict_on_a_server_that_does_not_answer(reply, body):
    verdict = judge(reply)
    if verdict in ("blocked", "limited", "unavailable"):
        assert judge(reply.replace(body=body)) == verdict
