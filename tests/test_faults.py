"""What each fault comes to: the same on sockets and without, the same for sync and async."""

from __future__ import annotations

import asyncio
import pickle
from collections import Counter

import httpx
import pytest
from conftest import FIXTURES

import trialink.testing
from trialink import AsyncResolver, Resolver
from trialink.cache import MemoryStore
from trialink.errors import SourceBlocked, SourceUnavailable, UnexpectedPayload
from trialink.flow import Request
from trialink.recordings import Recordings
from trialink.testing import (
    FAULTS,
    FLAKY,
    FaultyTransport,
    LoopbackServer,
    Plan,
    VirtualClock,
    replay,
    synthetic_studies,
)
from trialink.testing.faults import Instead, met
from trialink.transport import AsyncHttpTransport, HttpTransport

STUDY, STUDIES = "/studies/NCT01300000", "/studies"
LISTED = (("filter.ids", "NCT01300000,NCT01300013,NCT01300026"), ("pageSize", "2"))
HOME = "https://registry.example.org/api/v2"
TEXT, HTML = "text/plain", "text/html"


def on_sockets(fault, path, params):
    with LoopbackServer(synthetic_studies(3), fault) as server:
        transport = HttpTransport(timeout=0.5)
        try:
            return transport.send(Request(server.url + path, params))
        finally:
            transport.close()


def on_sockets_async(fault, path, params):
    async def asked():
        transport = AsyncHttpTransport(timeout=0.5)
        try:
            return await transport.asend(Request(server.url + path, params))
        finally:
            await transport.aclose()

    with LoopbackServer(synthetic_studies(3), fault) as server:
        return asyncio.run(asked())


def without(fault, path, params):
    transport = FaultyTransport(synthetic_studies(3), fault)
    return transport.send(Request(HOME + path, params))


def without_async(fault, path, params):
    transport = FaultyTransport(synthetic_studies(3), fault)
    return asyncio.run(transport.asend(Request(HOME + path, params)))


CLOSED = (SourceUnavailable, "connection closed before the answer was whole")
LOST, LATE = (SourceUnavailable, "connection lost"), (SourceUnavailable, "timed out")
PAGE = (UnexpectedPayload, "a web page in place of an answer (status 200)")
NO_OBJECT = (UnexpectedPayload, "an answer that is no JSON object")
HUGE = (UnexpectedPayload, "an answer of more than 32 MiB")
PACKED = (UnexpectedPayload, "an answer in an encoding that was not asked for")
AN_HOUR = "too many requests, not to be asked again for 3600 s"
TRIES = {  # what one try comes to; None: an answer, if not the right one
    "reset": LOST,
    "reset in the body": LOST,
    "hang-up": CLOSED,
    "hang-up in the body": CLOSED,
    "silence": LATE,
    "silence in the body": LATE,
    "truncated": NO_OBJECT,
    "empty": NO_OBJECT,
    "drip": LATE,
    "endless drip": LATE,
    "endless": HUGE,
    "10 GiB": HUGE,
    "429": (SourceUnavailable, "too many requests"),
    "429, wait 7 s": (SourceUnavailable, "too many requests"),
    "429, wait an hour": (SourceUnavailable, AN_HOUR),
    "502": (SourceUnavailable, "status 502"),
    "503": (SourceUnavailable, "status 503"),
    "403": (SourceBlocked, "refused by a filter (403)"),
    "web page": PAGE,
    "web page as JSON": NO_OBJECT,
    "JSON as a web page": PAGE,
    "br": PACKED,
    "50 encodings": PACKED,
    "bomb": HUGE,
    "1 MiB of headers": CLOSED,
    "moved to another host": None,
    "array": NO_OBJECT,
    "row dropped": None,
    "another trial": None,
    "same token": None,
    "circle of tokens": None,
    "empty pages": None,
}


@pytest.mark.parametrize("ask", [on_sockets, on_sockets_async, without, without_async])
@pytest.mark.parametrize("name", FAULTS)
def test_one_try_comes_to_the_same_everywhere(ask, name):
    expected = TRIES[name]
    if expected is None:
        reply, plain = ask(FAULTS[name], STUDIES, LISTED), without((), STUDIES, LISTED)
        assert reply.body == without(FAULTS[name], STUDIES, LISTED).body != plain.body
        return
    with pytest.raises(expected[0]) as raised:
        ask(FAULTS[name], STUDY, ())
    assert (type(raised.value), raised.value.reason) == expected


def resolve_sync(transport, *calls, between=0.0, **settings):
    with Resolver(transport=transport, **settings) as resolver:
        came = []
        for ids in calls:
            came.append(resolver.resolve(ids))
            transport.clock.advance(between)
        return came


def resolve_async(transport, *calls, between=0.0, **settings):
    async def resolved():
        async with AsyncResolver(transport=transport, **settings) as resolver:
            came = []
            for ids in calls:
                came.append(await resolver.resolve(ids))
                transport.clock.advance(between)
            return came

    return asyncio.run(resolved())


resolving = pytest.mark.parametrize("resolve", [resolve_sync, resolve_async], ids=["sync", "async"])

LASTING = {"403", "429, wait an hour", "moved to another host"}  # asking again is no help


@resolving
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_that_passes_costs_another_request_and_no_answer(resolve, name):
    transport = FaultyTransport(synthetic_studies(3), [FAULTS[name]])
    ids = "NCT01300000", "NCT01300000"
    first, second = resolve(transport, *ids, cache=MemoryStore(), between=60)
    outcomes = [answers["NCT01300000"].outcome for answers in (first, second)]
    assert outcomes == (["failed", "found"] if name in LASTING else ["found", "found"])
    assert len(transport.requests) == (3 if name == "empty pages" else 2)
    assert transport.requests[0].fault == FAULTS[name]


@resolving
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_that_stays_is_a_failure_and_nothing_is_kept(resolve, name):
    store = MemoryStore()
    transport = FaultyTransport(synthetic_studies(3), FAULTS[name])
    [answers] = resolve(transport, "NCT01300000", cache=store)
    answer = answers["NCT01300000"]
    if name == "row dropped":  # then the number is asked about alone
        assert answer.outcome == "found"
        return
    assert (answer.outcome, answer.records) == ("failed", ())
    assert answer.reason
    assert not [*store.keys()]


DENIAL = b"NCT number NCT01300039 not found"
UNKNOWN, HIDDEN = "NCT01300039", FAULTS["row dropped"]
DENIALS = [  # of a number that the list has left out; only the API's own words are a denial
    pytest.param(Instead(404, DENIAL, TEXT), "absent", id="the denial of the API"),
    pytest.param(Instead(404, DENIAL, HTML), "failed", id="its words on a web page"),
    pytest.param(Instead(404, b"<h1>Not Found</h1>", HTML), "failed", id="a web page"),
    pytest.param(Instead(404, b"", TEXT), "failed", id="no words"),
    pytest.param(Instead(404, DENIAL.replace(b"39", b"00"), TEXT), "failed", id="another number"),
    pytest.param(Instead(410, DENIAL, TEXT), "failed", id="gone"),
    pytest.param(Instead(400, b"incorrect format", TEXT), "failed", id="refused"),
    *[
        pytest.param(FAULTS[name], "failed", id=name)
        for name in FAULTS
        if TRIES[name] and name not in ("array", "drip")  # of plain text, and of 32 bytes
    ],
]


@resolving
@pytest.mark.parametrize(("fault", "outcome"), DENIALS)
def test_only_a_denial_in_the_words_of_the_registry_is_absence(resolve, fault, outcome):
    store = MemoryStore()
    plan = Plan((fault,), first=2)  # the list is answered
    transport = FaultyTransport(synthetic_studies(3), plan)
    [answers] = resolve(transport, UNKNOWN, cache=store)
    assert answers[UNKNOWN].outcome == outcome
    assert bool([*store.keys()]) == (outcome == "absent")


REFUSED = Instead(400, b"Parameter `filter.ids` has incorrect format", TEXT)


@resolving
@pytest.mark.parametrize("status", [400, 413, 414, 431])
def test_a_list_that_is_refused_is_asked_for_in_halves(resolve, status):
    transport = FaultyTransport(synthetic_studies(8), [REFUSED.replace(status=status)] * 3)
    [answers] = resolve(transport, numbers(8), cache=None)
    assert answers.summary()["found"] == 8
    sizes = [dict(each.params)["filter.ids"].count("NCT") for each in transport.requests]
    assert sizes == [8, 4, 2, 1, 1, 2, 4]


@resolving
def test_a_wait_that_the_registry_asks_for_is_kept_in_virtual_time(resolve):
    transport = FaultyTransport(synthetic_studies(3), [FAULTS["429, wait 7 s"]])
    resolve(transport, "NCT01300000", cache=None)
    first, second = transport.requests
    assert second.time - first.time >= 7


def numbers(count, *, start=0):
    """Return the numbers of invented studies, in their order."""
    return [f"NCT{13 * (100_000 + start + place):08d}" for place in range(count)]


KNOWN, UNKNOWNS = numbers(610), numbers(15, start=500_000)


@resolving
@pytest.mark.parametrize("seed", range(4))
def test_one_request_in_five_fails_and_no_answer_is_lost_or_wrong(resolve, seed):
    plan = Plan(FLAKY, share=0.2, seed=seed)
    transport = FaultyTransport(synthetic_studies(len(KNOWN)), plan)
    asked = [*KNOWN[:300], *UNKNOWNS, *KNOWN[300:], *KNOWN[:10]]
    [answers] = resolve(transport, asked, cache=MemoryStore())
    assert [str(id) for id in answers] == [*dict.fromkeys(asked)]
    right = dict.fromkeys(KNOWN, "found") | dict.fromkeys(UNKNOWNS, "absent")
    assert {str(id): each.outcome for id, each in answers.items()} == right
    assert all(str(each.record.id) == number for number, each in ((n, answers[n]) for n in KNOWN))
    assert any(request.fault for request in transport.requests)


@pytest.mark.parametrize("fault", FLAKY, ids=[name for name in FAULTS if FAULTS[name] in FLAKY])
def test_whichever_request_fails_no_answer_is_lost_or_wrong(fault):
    studies, asked = [*synthetic_studies(60)], [*numbers(60), *UNKNOWNS[:3]]
    plain = FaultyTransport(studies)
    [expected] = resolve_sync(plain, asked, cache=None)
    for number in range(1, len(plain.requests) + 1):
        transport = FaultyTransport(studies, Plan((fault,), first=number, last=number))
        [answers] = resolve_sync(transport, asked, cache=None)
        outcomes = [each.outcome for each in answers.values()]
        assert outcomes == [each.outcome for each in expected.values()], number


@resolving
def test_what_a_registry_that_was_down_left_open_is_asked_later(resolve):
    ids = numbers(410)
    down = Plan((FAULTS["503"],), first=2, last=12)
    transport = FaultyTransport(synthetic_studies(len(ids)), down)
    calls = resolve(transport, *[ids] * 6, cache=MemoryStore(), between=900)
    assert calls[0].summary()["failed"] > 0
    assert calls[-1].summary()["found"] == len(ids)
    answered = [
        number
        for request in transport.requests
        if request.fault is None
        for number in dict(request.params)["filter.ids"].split(",")
    ]
    assert max(Counter(answered).values()) == 1  # what was answered is not asked again


PLANS = {
    "none": ((), "......"),
    "one after the other": ([FAULTS["reset"], None, FAULTS["503"]], "x.x..."),
    "always": (FAULTS["503"], "xxxxxx"),
    "a range": (Plan((FAULTS["503"],), first=2, last=4), ".xxx.."),
    "from a request on": (Plan((FAULTS["503"],), first=5), "....xx"),
}


@pytest.mark.parametrize(("plan", "expected"), PLANS.values(), ids=PLANS)
def test_a_plan_tells_which_requests_meet_a_fault(plan, expected):
    assert "".join(".x"[met(plan, number) is not None] for number in range(1, 7)) == expected


def test_a_share_is_drawn_by_number_and_seed_alone():
    plan = Plan(FLAKY, share=0.2, seed=7)
    drawn = [plan.met(number) for number in range(1, 5001)]
    assert [plan.met(number) for number in range(5000, 0, -1)] == drawn[::-1]
    assert 900 < 5000 - drawn.count(None) < 1100
    assert {*drawn} == {*FLAKY, None}
    assert drawn != [plan.replace(seed=8).met(number) for number in range(1, 5001)]


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_faults_and_plans_are_values(fault):
    plan = Plan((fault,), share=0.5)
    assert pickle.loads(pickle.dumps(plan)) == plan
    assert hash(fault) == hash(fault.replace())


def test_a_filter_judges_by_the_name_of_the_program():
    fault = FAULTS["403"].replace(spares="python-httpx/")
    with LoopbackServer(synthetic_studies(1), fault) as server:
        request, transport = Request(server.url + STUDY), HttpTransport()
        assert transport.send(request).status == 200
        transport.close()
        client = httpx.Client(headers={"User-Agent": "mine/1"})
        with client, pytest.raises(SourceBlocked):
            HttpTransport(client=client).send(request)


def test_a_request_is_noted_with_its_time_and_its_fault():
    clock = VirtualClock(1_000_000.0)
    transport = FaultyTransport(synthetic_studies(1), [None, FAULTS["silence"]], clock=clock)
    request = Request(f"{HOME}{STUDY}", (("fields", "NCTId"),))
    transport.send(request)
    with pytest.raises(SourceUnavailable):
        transport.send(request)
    transport.send(request)
    first, second, third = transport.requests
    assert (first.path, first.params) == ("/api/v2/studies/NCT01300000", (("fields", "NCTId"),))
    assert [each.fault for each in transport.requests] == [None, FAULTS["silence"], None]
    assert first.time == second.time == 1_000_000.0
    assert third.time == pytest.approx(second.time + 30)
    assert clock.monotonic() == pytest.approx(third.time - first.time)


def test_requests_on_sockets_tell_which_of_them_shared_a_connection():
    with LoopbackServer(synthetic_studies(1), [None, None, FAULTS["reset"]]) as server:
        request, transport = Request(server.url + STUDY), HttpTransport()
        transport.send(request)
        transport.send(request)
        with pytest.raises(SourceUnavailable):
            transport.send(request)
        transport.send(request)
        transport.close()
        first, second, third, again = server.requests
    assert first.connection == second.connection == third.connection != again.connection
    assert dict(first.headers)["Accept"] == "application/json"


@pytest.mark.parametrize(
    "answers",
    [replay(), Recordings(FIXTURES), replay(FIXTURES)],
    ids=["bundled", "recordings", "replay"],
)
def test_answers_come_from_whatever_answers_and_say_so(answers):
    transport = FaultyTransport(answers, [FAULTS["503"]])
    [answer] = resolve_sync(transport, "NCT05066646")[0].values()
    assert (answer.outcome, answer.origin) == ("found", "assembled")
    assert answer.retrieved_at == replay(FIXTURES).send(Request(f"{HOME}/version")).retrieved_at


def test_what_is_not_recorded_is_told_as_by_a_replay():
    [answer] = resolve_sync(FaultyTransport(replay()), "NCT01224028")[0].values()
    assert answer.outcome == "failed"
    assert "not recorded; nearest recorded" in answer.reason


def test_a_registry_of_many_studies_does_not_stand_in_every_key_of_the_cache():
    store, studies = MemoryStore(), [*synthetic_studies(100)]
    with Resolver(transport=FaultyTransport(studies), cache=store) as resolver:
        resolver.resolve("NCT01300000")
    later = FaultyTransport(studies)
    with Resolver(transport=later, cache=store) as resolver:
        resolver.resolve("NCT01300000")
    assert later.requests == []
    assert max(map(len, store.keys())) < 100


def test_a_clock_may_be_set_and_goes_on():
    clock = VirtualClock()
    clock.sleep(5)
    clock.set(0.0)
    asyncio.run(clock.asleep(2))
    assert (clock.time(), clock.monotonic(), clock.naps) == (2.0, 7.0, [5.0, 2.0])


def test_every_name_for_users_loads_and_is_documented():
    for name in trialink.testing.__all__:
        value = getattr(trialink.testing, name)
        assert value.__doc__, name
    assert sorted(trialink.testing._HOMES) == sorted(trialink.testing.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Faults'"):
        trialink.testing.Faults  # noqa: B018
