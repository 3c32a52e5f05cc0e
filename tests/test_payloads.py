"""Bodies made to harm or that are no JSON: refused, never stored, in bounded time and memory."""

from __future__ import annotations

import json
import sys
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from conftest import FIXTURES

from trialink import Resolver
from trialink.cache import MemoryStore
from trialink.errors import SourceError, UnexpectedPayload
from trialink.flow import Request
from trialink.recordings import Recordings
from trialink.sources.record import Record, decoded
from trialink.testing import FAULTS, Fault, FaultyTransport, LoopbackServer, synthetic_studies
from trialink.testing.faults import Broken, Instead
from trialink.transport import HttpTransport

JSON = "application/json"
NUMBER = "NCT01300000"
STUDY = f"https://example.org/api/v2/studies/{NUMBER}"
MOST = 96 * 2**20  # bytes that an answer may cost


def study(more: str) -> bytes:
    """Return an answer with something in a place that is not read."""
    identification = f'"identificationModule": {{"nctId": "{NUMBER}"}}'
    return f'{{"protocolSection": {{{identification}}}, "more": {more}}}'.encode()


PLAIN = study('"é"').decode()
NO_JSON = {
    "100,000 nested arrays": study("[" * 10**5 + "]" * 10**5),
    "100,000 nested objects": study('{"a":' * 10**5 + "1" + "}" * 10**5),
    "arrays that are not closed": study("[" * 10**5),
    "a number of 100,000 digits": study("9" * 10**5),
    "a negative number of 100,000 digits": study("-" + "9" * 10**5),
    "NaN": study("NaN"),
    "infinity": study("-Infinity"),
    "1e999": study("1e999"),
    "-1e999": study("[-1e999]"),
    "a key twice": study('{"a": 1, "a": 2}'),
    "a number twice": PLAIN.replace(f'"{NUMBER}"', f'"{NUMBER}", "nctId": "NCT01300013"').encode(),
    "a byte order mark": PLAIN.encode("utf-8-sig"),
    "UTF-16": PLAIN.encode("utf-16"),
    "UTF-16, low byte first": PLAIN.encode("utf-16-le"),
    "UTF-32": PLAIN.encode("utf-32"),
    "Latin-1": PLAIN.encode("latin-1"),
    "surrogates as UTF-8": PLAIN.replace("é", "\ud800").encode("utf-8", "surrogatepass"),
    "two objects": PLAIN.encode() + b"{}",
    "something behind": PLAIN.encode() + b"}",
    "zeros": bytes(100),
    "a comment": b"{/* no */}",
    "a trailing comma": b'{"a": 1,}',
    "a raw line end in a string": b'{"a": "\n"}',
    "five million empty lists": study("[" + "[]," * (5 * 10**6) + "[]]"),
    "five million numbers": study("[" + "1.5," * (5 * 10**6) + "1]"),
}


@contextmanager
def in_bounded_memory() -> Iterator[None]:
    """Hold what is allocated meanwhile to what an answer may cost."""
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < MOST, f"{peak / 2**20:.0f} MiB"


@pytest.mark.parametrize("body", NO_JSON.values(), ids=NO_JSON)
def test_what_is_no_json_is_refused_wherever_it_is_read(body: bytes) -> None:
    transport = FaultyTransport(synthetic_studies(1), Instead(200, body, JSON))
    with in_bounded_memory():
        for read in (decoded, Record.from_api):
            with pytest.raises(UnexpectedPayload):
                read(body)
        with pytest.raises(UnexpectedPayload):
            transport.send(Request(STUDY))


def test_a_long_number_is_refused_where_python_would_read_it() -> None:
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        with pytest.raises(UnexpectedPayload):
            decoded(NO_JSON["a number of 100,000 digits"])
    finally:
        sys.set_int_max_str_digits(before)


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        (r"\ud800", "\ufffd"),
        (r"\udfff\ud800", "\ufffd\ufffd"),
        (r"\uD83D\uDE00", "\U0001f600"),
        (r"\\ud800", r"\ud800"),
        (r"\ud83d \ude00", "\ufffd \ufffd"),
        ("\U0001f600", "\U0001f600"),
    ],
)
def test_lone_surrogates_are_replaced_and_nothing_breaks_later(printed: str, read: str) -> None:
    body = study('""').replace(b'"nctId"', f'"briefTitle": "{printed}", "nctId"'.encode())
    transport = FaultyTransport(synthetic_studies(1), Instead(200, body, JSON))
    reply = transport.send(Request(STUDY))
    record = Record.from_api(reply.body)
    assert (record.brief_title, record.drift) == (read, 0)
    assert json.dumps(record.to_dict(), ensure_ascii=False).encode()


def test_deep_nesting_beside_a_damaged_part_costs_that_part_alone() -> None:
    body = study("[" * 480 + "]" * 480).replace(b'"nctId"', b'"acronym": 7, "nctId"')
    record = Record.from_api(body)
    assert (str(record.id), record.acronym, record.drift) == (NUMBER, None, 1)


def test_a_real_record_cut_at_any_byte_is_no_answer() -> None:
    recordings = Recordings(FIXTURES)
    request = Request(STUDY.replace(NUMBER, "NCT04623593"))
    whole = recordings.compose(request).body
    cuts = [Broken("end", at=at) for at in range(len(whole))]
    assert len(cuts) > 4000
    transport = FaultyTransport(recordings, cuts)
    for _ in cuts:
        with pytest.raises(UnexpectedPayload):
            transport.send(request)
    assert transport.send(request).body == whole


ATTACKS = {
    "bomb": "an answer of more than 32 MiB",
    "10 GiB": "an answer of more than 32 MiB",
    "endless": "an answer of more than 32 MiB",
    "50 encodings": "an answer in an encoding that was not asked for",
    "br": "an answer in an encoding that was not asked for",
    "1 MiB of headers": "connection closed before the answer was whole",
    "endless drip": "timed out",
}


@pytest.mark.parametrize(("name", "reason"), ATTACKS.items(), ids=ATTACKS)
@pytest.mark.parametrize("place", ["on sockets", "without"])
def test_an_attack_ends_soon_in_bounded_memory(place: str, name: str, reason: str) -> None:
    answers = synthetic_studies(1)
    with LoopbackServer(answers, FAULTS[name]) as server, in_bounded_memory():
        transport: HttpTransport | FaultyTransport = (
            HttpTransport(timeout=0.5)
            if place == "on sockets"
            else FaultyTransport(synthetic_studies(1), FAULTS[name])
        )
        with pytest.raises(SourceError) as raised:
            transport.send(Request(f"{server.url}/studies/{NUMBER}"))
        transport.close()
    assert raised.value.reason == reason


def test_a_drip_is_given_up_after_four_timeouts() -> None:
    transport = FaultyTransport(synthetic_studies(1), FAULTS["endless drip"], timeout=10.0)
    with pytest.raises(SourceError, match="timed out"):
        transport.send(Request(STUDY))
    assert 40 < transport.clock.monotonic() <= 42


NEVER_STORED = {
    name: FAULTS[name] for name in ("50 encodings", "br", "1 MiB of headers", "endless drip")
} | {name: Instead(200, body, JSON) for name, body in NO_JSON.items() if len(body) < 10**4}


@pytest.mark.parametrize("fault", NEVER_STORED.values(), ids=NEVER_STORED)
def test_what_is_refused_fails_and_is_never_stored(fault: Fault) -> None:
    store = MemoryStore()
    transport = FaultyTransport(synthetic_studies(1), fault)
    with Resolver(transport=transport, cache=store, pace=None) as resolver:
        [answer] = resolver.resolve(NUMBER).values()
        assert (answer.outcome, answer.records) == ("failed", ())
        assert not [*store.keys()]
        asked = len(transport.requests)
        transport.clock.advance(60)  # until then it is left alone
        resolver.resolve(NUMBER)
    assert len(transport.requests) > asked
