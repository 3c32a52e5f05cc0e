"""What a resolver answers; every case runs on `Resolver` and `AsyncResolver`."""

from __future__ import annotations

import asyncio
import gc
import json
import pickle
import threading
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import inf, nan

import pytest
from conftest import FIXTURES

import trialink
from trialink import AsyncResolver, Resolver, TrialId
from trialink.cache import MemoryStore
from trialink.errors import SourceBlocked, SourceUnavailable, UnexpectedPayload
from trialink.recordings import Recordings
from trialink.replay import replay
from trialink.testing.server import LoopbackServer, synthetic_studies

FUMANBA, CDE = TrialId("nct", "NCT05066646"), TrialId("cde_china", "CTR20192510")


class Answering:
    """A transport that answers as a composer would, counts what it is asked, and may fail."""

    paced = False

    def __init__(self, composer=None, *, fail=lambda number, request: None):
        self.composer = composer or Recordings(FIXTURES)
        self.fail, self.asked = fail, []

    def send(self, request):
        self.asked.append(request)
        error = self.fail(len(self.asked), request)
        if error is not None:
            raise error
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return self.composer.compose(request).replace(origin="live", retrieved_at=now)

    async def asend(self, request):
        await asyncio.sleep(0)
        return self.send(request)

    def close(self):
        pass

    async def aclose(self):
        pass

    @property
    def paths(self):
        return [request.url.rpartition("/api/v2")[2] for request in self.asked]


def resolve_sync(*calls, **settings):
    with Resolver(**settings) as resolver:
        return [resolver.resolve(ids) for ids in calls]


def resolve_async(*calls, **settings):
    async def main():
        async with AsyncResolver(**settings) as resolver:
            return [await resolver.resolve(ids) for ids in calls]

    return asyncio.run(main())


@pytest.fixture(params=[resolve_sync, resolve_async], ids=["sync", "async"])
def resolve(request):
    return request.param


def outcomes(resolutions):
    return [(str(id), each.outcome) for id, each in resolutions.items()]


# Outcomes, from the recordings


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        pytest.param("NCT05066646", [("NCT05066646", "found")], id="a string is one number"),
        pytest.param("nct 05066646", [("NCT05066646", "found")], id="any accepted spelling"),
        pytest.param(FUMANBA, [("NCT05066646", "found")], id="one identifier"),
        pytest.param(
            [CDE, FUMANBA, "NCT05066646"],
            [("CTR20192510", "unsupported"), ("NCT05066646", "found")],
            id="order of first appearance, each once",
        ),
        pytest.param(
            trialink.find("see NCT05066646 and NCT05181501"),
            [("NCT05066646", "found"), ("NCT05181501", "found")],
            id="mentions",
        ),
        pytest.param({FUMANBA: 1}.keys(), [("NCT05066646", "found")], id="any iterable"),
        pytest.param([], [], id="nothing"),
        pytest.param("NCT05712863", [("NCT05712863", "moved")], id="an obsolete number"),
        pytest.param("NCT05066647", [("NCT05066647", "absent")], id="denied by its registry"),
        pytest.param("2014-005181-30", [("2014-005181-30", "cited")], id="named by a record"),
        pytest.param("NCT04368728", [("NCT04368728", "failed")], id="not recorded"),
    ],
)
def test_outcome(resolve, ids, expected):
    (answers,) = resolve(ids, transport=replay(FIXTURES))
    assert outcomes(answers) == expected


def test_sync_and_async_agree_value_for_value():
    ids = [*sorted(Recordings(FIXTURES).numbers), "NCT05712863", "NCT05066647", CDE, "NCT04368728"]
    one, other = (
        each(ids, transport=replay(FIXTURES))[0] for each in (resolve_sync, resolve_async)
    )
    assert [*one.values()] == [*other.values()]
    assert one.errors[0].reason == other.errors[0].reason


def test_found_says_where_it_comes_from(resolve):
    (answers,) = resolve(FUMANBA, transport=replay(FIXTURES))
    found = answers[FUMANBA]
    assert (found.origin, found.source, found.stale) == ("assembled", "clinicaltrials_gov", False)
    assert found.retrieved_at == "2026-11-22T00:00:00Z"
    assert found.record.acronym == "FUMANBA-1"
    assert repr(found) == (
        "<Resolution NCT05066646 found: ClinicalTrials.gov, data of 2026-08-22, assembled>"
    )


def test_moved_has_the_current_record(resolve):
    (answers,) = resolve("NCT05712863", transport=replay(FIXTURES))
    assert str(answers["NCT05712863"].record.id) == "NCT03103880"


def test_what_is_not_recorded_names_what_comes_nearest(resolve):
    (answers,) = resolve("NCT05066659", transport=replay(FIXTURES))
    assert answers["NCT05066659"].reason == "not recorded; nearest recorded NCT05066646"
    assert answers.errors[0].advice == "record it: trialink record NCT05066659 DIR"


def test_one_that_is_not_recorded_sinks_no_other(resolve):
    ids = ["NCT04368728", FUMANBA, "2014-005181-30", "2015-003324-32", CDE]
    (answers,) = resolve(ids, transport=replay(FIXTURES))
    assert answers.summary() | {"moved": 0, "absent": 0} == {
        "found": 1, "moved": 0, "cited": 1, "absent": 0, "unsupported": 1, "failed": 2,
    }  # fmt: skip


def test_strings_that_are_no_numbers_are_rejected_and_told(resolve):
    transport = Answering()
    (answers,) = resolve(["NCT0506664", "pending", FUMANBA], transport=transport, cache=None)
    assert [text for text, _ in answers.rejected] == ["NCT0506664", "pending"]
    assert "has 8 digits, this has 7" in str(answers.rejected[0][1])
    assert outcomes(answers) == [("NCT05066646", "found")]
    assert len(transport.asked) == 1


@pytest.mark.parametrize("wrong", [None, 5066646, b"NCT05066646", {"NCT05066646": 1}, [None], [5]])
def test_other_types_are_refused(resolve, wrong):
    with pytest.raises(TypeError, match=r"resolve\(\) takes TrialId, Mention"):
        resolve(wrong, transport=replay(FIXTURES))


# Failures


def down(number, request):
    return SourceUnavailable("connection refused", source="clinicaltrials_gov", url=request.url)


def test_a_registry_that_cannot_be_reached_is_asked_once(resolve):
    transport = Answering(fail=down)
    (answers,) = resolve([FUMANBA, CDE, "NCT05181501"], transport=transport, cache=None)
    assert {each.outcome for each in answers.values()} == {"failed"}
    assert {each.reason for each in answers.values()} == {"connection refused"}
    assert len(transport.asked) == 1
    with pytest.raises(SourceUnavailable, match="connection refused"):
        answers.raise_for_failed()


def test_failures_are_not_remembered(resolve):
    store = MemoryStore()
    fails_first = Answering(
        fail=lambda number, request: down(number, request) if number == 1 else None
    )
    first, second = resolve([FUMANBA], [FUMANBA], transport=fails_first, cache=store)
    assert (first[FUMANBA].outcome, second[FUMANBA].outcome) == ("failed", "found")


def test_a_blocked_source_is_left_alone(resolve):
    blocked = Answering(fail=lambda number, _: SourceBlocked("refused by a filter (403)"))
    (answers,) = resolve([FUMANBA, CDE], transport=blocked, cache=None)
    assert [each.outcome for each in answers.values()] == ["failed", "failed"]
    assert len(blocked.asked) == 1


def test_a_failed_batch_sinks_no_other(resolve):
    studies = [*synthetic_studies(600)]
    ids = [study["protocolSection"]["identificationModule"]["nctId"] for study in studies]
    second_fails = Answering(
        Recordings(studies=studies),
        fail=lambda number, _: UnexpectedPayload("html") if number == 2 else None,
    )
    (answers,) = resolve(ids, transport=second_fails, cache=None)
    assert answers.summary()["found"] == 400
    assert {each.reason for each in answers.failed} == {"html"}


def test_three_failures_in_a_row_end_the_call(resolve):
    studies = [*synthetic_studies(1600)]
    ids = [study["protocolSection"]["identificationModule"]["nctId"] for study in studies]
    transport = Answering(
        Recordings(studies=studies),
        fail=lambda number, request: down(number, request) if number > 1 else None,
    )
    (answers,) = resolve(ids, transport=transport, cache=None)
    assert answers.summary()["found"] == 200
    assert len(transport.asked) == 4


def test_absence_is_confirmed_one_by_one_up_to_a_limit(resolve):
    absent = [f"NCT{13 * (300_000 + place):08d}" for place in range(60)]
    transport = Answering(Recordings(studies=synthetic_studies(3)))
    (answers,) = resolve(absent, transport=transport, cache=None)
    assert answers.summary()["absent"] == 50
    assert answers.summary()["failed"] == 10
    assert all("absence not confirmed" in each.reason for each in answers.failed)
    assert len(transport.asked) == 1 + 50 + 1
    assert transport.paths[-1] == "/version"  # once a day, by a call of many requests


def test_numbers_whose_check_fails_are_confirmed_last(resolve):
    likely = f"NCT{13 * 300_000:08d}"
    suspects = [f"NCT{13 * (300_000 + place) + 1:08d}" for place in range(50)]
    transport = Answering(Recordings(studies=synthetic_studies(3)))
    (answers,) = resolve([*suspects, likely], transport=transport, cache=None)
    assert answers[likely].outcome == "absent"
    assert answers.summary()["failed"] == 1


def test_a_deadline_fails_what_is_left(resolve):
    (answers,) = resolve(FUMANBA, transport=Answering(), cache=None, deadline=-1.0)
    assert (answers[FUMANBA].outcome, answers[FUMANBA].reason) == ("failed", "deadline reached")


# The cache


def test_a_second_call_asks_nobody(resolve):
    transport, store = Answering(), MemoryStore()
    ids = [FUMANBA, CDE, "NCT05712863", "NCT05066647", "2014-005181-30"]
    first, second = resolve(ids, ids, transport=transport, cache=store)
    asked = len(transport.asked)
    assert outcomes(first) == outcomes(second)
    assert {each.origin for each in second.values()} == {"cache"}
    assert all(each.cached for each in second.values())
    assert [each.records for each in first.values()] == [each.records for each in second.values()]
    resolve(ids, transport=transport, cache=store)
    assert len(transport.asked) == asked


def test_answers_are_kept_on_disk_between_resolvers(resolve, tmp_path):
    transport = Answering()
    for _ in range(2):
        (answers,) = resolve([FUMANBA, CDE], transport=transport, cache=tmp_path / "kept")
    assert {each.origin for each in answers.values()} == {"cache"}
    assert len(transport.asked) == 2


def test_an_age_of_zero_asks_again_and_the_old_answer_serves_when_nobody_answers(resolve):
    store = MemoryStore()
    resolve(FUMANBA, transport=Answering(), cache=store)
    (again,) = resolve(FUMANBA, transport=Answering(), cache=store, max_age=0)
    assert again[FUMANBA].origin == "live"
    (old,) = resolve(
        FUMANBA, transport=Answering(fail=down), cache=store, max_age=timedelta(seconds=0)
    )
    assert (old[FUMANBA].outcome, old[FUMANBA].stale) == ("found", True)
    assert "connection refused" in old[FUMANBA].reason


class Dated(Answering):
    """Answers in a time of its own, with a timestamp of its data; None: it does not tell."""

    def __init__(self, clock, timestamp, *studies):
        super().__init__(Recordings(studies=studies or synthetic_studies(3)))
        self.clock, self.timestamp = clock, timestamp

    def send(self, request):
        reply = super().send(request)
        if request.url.endswith("/version"):
            if self.timestamp is None:
                return reply.replace(status=500)
            version = {"apiVersion": "2.0.5", "dataTimestamp": self.timestamp}
            reply = reply.replace(body=json.dumps(version).encode())
        return reply.replace(retrieved_at=self.clock.stamp)


class Calendar:
    """A clock that stands still until it is set."""

    def __init__(self, date):
        self.date = datetime.fromisoformat(date)

    @property
    def stamp(self):
        return self.date.strftime("%Y-%m-%dT%H:%M:%SZ")

    def time(self):
        return self.date.timestamp()

    monotonic = time

    def sleep(self, seconds):
        self.date += timedelta(seconds=seconds)

    async def asleep(self, seconds):
        self.sleep(seconds)


ABSENT = "NCT03900000"  # passes its check; none of the synthetic ones


@pytest.mark.parametrize(
    ("id", "then", "now", "timestamp", "asked"),
    [
        pytest.param(ABSENT, "2026-11-21", "2026-11-22", "2026-11-19T09:00:05", 1, id="unchanged"),
        pytest.param(ABSENT, "2026-11-21", "2026-11-22", "2026-11-21T09:00:05", 3, id="changed"),
        pytest.param(ABSENT, "2026-11-21", "2026-11-22", "2026-11-20T00:00:01", 3, id="not a day"),
        pytest.param(ABSENT, "2026-11-21", "2026-11-22", "2026-11-20T00:00:00", 1, id="just so"),
        pytest.param(ABSENT, "2026-11-21", "2026-11-22", None, 3, id="it does not tell"),
        pytest.param(
            "NCT01300000", "2026-11-01", "2026-12-01", "2026-08-22T09:00:05", 1, id="same"
        ),
        pytest.param(
            "NCT01300000", "2026-11-01", "2026-12-01", "2026-11-30T09:00:05", 2, id="newer"
        ),
        pytest.param(
            "NCT01300000", "2026-11-01", "2026-11-02", "2026-11-02T09:00:05", 0, id="fresh"
        ),
    ],
)
def test_what_is_old_is_fresh_while_the_data_have_not_changed(
    resolve, id, then, now, timestamp, asked
):
    store, clock = MemoryStore(), Calendar(f"{then}T00:00:00+00:00")
    transport = Dated(clock, timestamp)
    resolve(id, transport=transport, cache=store)
    before = len(transport.asked)
    clock.date = datetime.fromisoformat(f"{now}T00:00:00+00:00")
    first, second = resolve(id, id, transport=transport, cache=store)
    assert len(transport.asked) - before == asked
    [one], [other] = first.values(), second.values()
    assert one.replace(origin=None) == other.replace(origin=None)
    if timestamp and asked:
        assert first.version.data_timestamp == timestamp


def test_when_the_data_are_is_asked_once_a_day_and_kept(resolve, tmp_path):
    clock = Calendar("2026-11-22T00:00:00+00:00")
    transport = Dated(clock, "2026-11-20T09:00:05", *synthetic_studies(801))
    ids = [f"NCT{13 * (100_000 + place):08d}" for place in range(801)]
    for days, asked in ((0, 6), (0.9, 0), (1.1, 0), (29, 0), (31, 1)):
        before = len(transport.asked)
        clock.date = datetime(2026, 11, 22, tzinfo=UTC) + timedelta(days=days)
        (answers,) = resolve(ids, transport=transport, cache=tmp_path / "kept")
        assert len(transport.asked) - before == asked, days
        version = answers.version and answers.version.api_version
        assert version == ("2.0.5" if days < 1 or days > 30 else None)


def test_recordings_never_answer_for_the_registry(resolve):
    store = MemoryStore()
    resolve(FUMANBA, transport=replay(FIXTURES), cache=store)
    live = Answering()
    (answers,) = resolve(FUMANBA, transport=live, cache=store)
    assert answers[FUMANBA].origin == "live"
    assert len(live.asked) == 1


def test_replay_makes_no_cache_directory(resolve, tmp_path):
    resolve(FUMANBA, transport=replay(FIXTURES))
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b"nonsense",
        b'{"id": "NCT05066646", "outcome": "found", "records": []}',
        json.dumps({"id": "NCT05181501", "outcome": "absent"}).encode(),
        json.dumps({"id": "NCT05066646", "outcome": "failed", "source": None}).encode(),
    ],
)
def test_a_damaged_or_foreign_entry_is_asked_again(resolve, body):
    store, transport = MemoryStore(), Answering()
    resolve(FUMANBA, transport=transport, cache=store)
    (key,) = store.keys()
    store.set_many({key: body})
    (answers,) = resolve(FUMANBA, transport=transport, cache=store)
    assert answers[FUMANBA].origin == "live"


def test_the_body_of_another_trial_under_a_key_is_asked_again(resolve):
    store, transport = MemoryStore(), Answering()
    resolve([FUMANBA, "NCT05181501"], transport=transport, cache=store)
    bodies = store.get_many(store.keys())
    keys = sorted(bodies)
    store.set_many({one: bodies[other] for one, other in [*pairwise(keys), (keys[-1], keys[0])]})
    (answers,) = resolve([FUMANBA, "NCT05181501"], transport=transport, cache=store)
    assert {each.origin for each in answers.values()} == {"live"}
    assert str(answers[FUMANBA].record.id) == "NCT05066646"


# Offline


def test_offline_asks_nobody_and_makes_nothing(resolve, tmp_path):
    transport = Answering()
    (answers,) = resolve([FUMANBA, CDE], transport=transport, offline=True, cache=tmp_path / "none")
    assert [repr(each) for each in answers.values()] == [
        "<Resolution NCT05066646 failed: offline>",
        "<Resolution CTR20192510 failed: offline>",
    ]
    assert transport.asked == []
    assert [*tmp_path.iterdir()] == []


def test_offline_reads_what_is_kept_however_old(resolve, tmp_path):
    resolve([FUMANBA, CDE], transport=Answering(), cache=tmp_path)
    (answers,) = resolve([FUMANBA, CDE], offline=True, cache=tmp_path, max_age=0)
    assert outcomes(answers) == [("NCT05066646", "found"), ("CTR20192510", "unsupported")]
    assert all(each.stale for each in answers.values())


def test_the_environment_says_offline(resolve, monkeypatch):
    monkeypatch.setenv("TRIALINK_OFFLINE", "1")
    (answers,) = resolve(FUMANBA, cache=None)
    assert answers[FUMANBA].reason == "offline"


def test_the_environment_names_recordings(resolve, monkeypatch, caplog):
    monkeypatch.setenv("TRIALINK_REPLAY", str(FIXTURES))
    (answers,) = resolve(FUMANBA)
    assert answers[FUMANBA].origin == "assembled"


def test_the_environment_names_the_server(resolve, monkeypatch):
    with LoopbackServer(Recordings(FIXTURES)) as server:
        monkeypatch.setenv("TRIALINK_API_URL", server.url)
        (answers,) = resolve([FUMANBA, CDE, "NCT05712863"], cache=None, pace=None)
    assert outcomes(answers) == [
        ("NCT05066646", "found"), ("CTR20192510", "unsupported"), ("NCT05712863", "moved"),
    ]  # fmt: skip
    assert answers[FUMANBA].origin == "live"


# Costs


def studies_with_aliases(count, aliases):
    studies = [*synthetic_studies(count)]
    asked = []
    for place, study in enumerate(studies):
        identification = study["protocolSection"]["identificationModule"]
        if place < aliases:
            identification["nctIdAliases"] = [f"NCT{13 * (500_000 + place):08d}"]
        asked.append(identification.get("nctIdAliases", [identification["nctId"]])[0])
    return studies, asked


def study_requests(server):
    return [request.path for request in server.requests if "/studies" in request.path]


def test_a_thousand_known_ids_cost_five_requests_cold_and_none_warm(resolve, monkeypatch, tmp_path):
    studies, ids = studies_with_aliases(1000, aliases=20)
    with LoopbackServer(studies) as server:
        monkeypatch.setenv("TRIALINK_API_URL", server.url)
        (cold,) = resolve(ids, cache=tmp_path / "kept", pace=None)
        assert cold.summary()["found"] == 980
        assert cold.summary()["moved"] == 20
        assert len(study_requests(server)) <= 5
        server.requests.clear()
        (warm,) = resolve(ids, cache=tmp_path / "kept", pace=None)
        assert server.requests == []
    assert outcomes(warm) == outcomes(cold)
    assert [each.records for each in warm.values()] == [each.records for each in cold.values()]


def test_a_malformed_and_twenty_absent_ids_more_cost_one_batch_and_twenty_confirmations(
    resolve, monkeypatch
):
    studies, ids = studies_with_aliases(1000, aliases=20)
    absent = [f"NCT{13 * (600_000 + place):08d}" for place in range(20)]
    with LoopbackServer(studies) as server:
        monkeypatch.setenv("TRIALINK_API_URL", server.url)
        (answers,) = resolve([*ids, "NCT123", *absent], cache=None, pace=None)
        batches = [path for path in study_requests(server) if path.endswith("/studies")]
        confirmations = [path for path in study_requests(server) if not path.endswith("/studies")]
    assert len(answers.rejected) == 1
    assert answers.summary() | {"cited": 0} == {
        "found": 980, "moved": 20, "cited": 0, "absent": 20, "unsupported": 0, "failed": 0,
    }  # fmt: skip
    assert len(batches) <= 6
    assert len(confirmations) == 20


# Many at once


def test_64_tasks_on_one_cold_id_ask_once():
    transport = Answering()

    async def main():
        async with AsyncResolver(transport=transport, cache=None) as resolver:
            return await asyncio.gather(*(resolver.resolve(FUMANBA) for _ in range(64)))

    answers = asyncio.run(main())
    assert {each[FUMANBA].outcome for each in answers} == {"found"}
    assert len(transport.asked) == 1


def test_64_threads_on_one_cold_id_ask_once():
    started = threading.Barrier(64)
    transport, answers = Answering(), []
    with Resolver(transport=transport, cache=MemoryStore()) as resolver:

        def ask():
            started.wait()
            answers.append(resolver.resolve(FUMANBA))

        threads = [threading.Thread(target=ask) for _ in range(64)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert {each[FUMANBA].outcome for each in answers} == {"found"}
    assert len(transport.asked) == 1


def test_a_cancelled_leader_leaves_the_others_their_answer():
    release = asyncio.Event()

    class Slow(Answering):
        async def asend(self, request):
            self.asked.append(request)
            if len(self.asked) == 1:
                await release.wait()
            return self.composer.compose(request)

    async def main():
        transport = Slow()
        async with AsyncResolver(transport=transport, cache=None) as resolver:
            leader = asyncio.ensure_future(resolver.resolve(FUMANBA))
            await asyncio.sleep(0.05)
            follower = asyncio.ensure_future(resolver.resolve(FUMANBA))
            await asyncio.sleep(0.05)
            leader.cancel()
            return await asyncio.wait_for(follower, 10), transport

    answers, transport = asyncio.run(main())
    assert answers[FUMANBA].outcome == "found"
    assert len(transport.asked) == 2


def test_an_interrupted_caller_leaves_the_others_their_answer():
    interrupted = Answering(fail=lambda number, _: KeyboardInterrupt() if number == 1 else None)
    with Resolver(transport=interrupted, cache=None) as resolver:
        with pytest.raises(KeyboardInterrupt):
            resolver.resolve(FUMANBA)
        assert resolver.resolve(FUMANBA)[FUMANBA].outcome == "found"


class Waiting(Answering):
    """A transport that answers when it is told to."""

    def __init__(self):
        super().__init__()
        self.asking, self.go_on = threading.Event(), threading.Event()

    def send(self, request):
        self.asking.set()
        self.go_on.wait(10)
        return super().send(request)

    async def asend(self, request):
        self.asking.set()
        while not self.go_on.is_set():
            await asyncio.sleep(0.001)
        return Answering.send(self, request)


def test_closing_lets_running_calls_end_and_fails_what_is_not_asked_yet(tmp_path):
    transport, answers = Waiting(), []
    resolver = Resolver(transport=transport, cache=tmp_path / "kept")
    thread = threading.Thread(target=lambda: answers.append(resolver.resolve([FUMANBA, CDE])))
    thread.start()
    transport.asking.wait(10)
    resolver.close()
    transport.go_on.set()
    thread.join(10)
    assert [each.outcome for each in answers[0].values()] == ["found", "failed"]
    assert answers[0][CDE].reason == "the resolver was closed"
    assert len(transport.asked) == 1


def test_closing_awaits_running_calls(tmp_path):
    async def main():
        transport = Waiting()
        resolver = AsyncResolver(transport=transport, cache=tmp_path / "kept")
        call = asyncio.ensure_future(resolver.resolve([FUMANBA, CDE]))
        while not transport.asking.is_set():
            await asyncio.sleep(0.001)
        closing = asyncio.ensure_future(resolver.aclose())
        await asyncio.sleep(0.02)
        transport.go_on.set()
        await asyncio.wait_for(closing, 10)
        return await call

    answers = asyncio.run(main())
    assert [each.outcome for each in answers.values()] == ["found", "failed"]
    assert not [each for each in threading.enumerate() if each.name.startswith("trialink")]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_async_resolver_may_serve_one_event_loop_after_another(monkeypatch, tmp_path):
    with LoopbackServer(Recordings(FIXTURES)) as server:
        monkeypatch.setenv("TRIALINK_API_URL", server.url)
        resolver = AsyncResolver(cache=None, pace=None)
        first = asyncio.run(resolver.resolve(FUMANBA))
        second = asyncio.run(resolver.resolve("NCT05181501"))
        asyncio.run(resolver.aclose())
    del resolver
    gc.collect()  # the connections of the first loop, which nobody can close any more
    assert [*first.summary().values()] == [*second.summary().values()] == [1, 0, 0, 0, 0, 0]


def test_an_iterable_that_raises_stop_iteration_is_told(resolve):
    class Empty:
        def __iter__(self):
            raise StopIteration

    with pytest.raises((RuntimeError, StopIteration)):
        resolve(Empty(), transport=replay(FIXTURES))


def test_progress_counts_up_to_the_ids_asked(resolve):
    told = []
    resolve(
        [FUMANBA, CDE],
        transport=Answering(),
        cache=None,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(1, 2), (2, 2)]


# Manners


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"client": object(), "transport": object()}, "not both"),
        ({"sources": ()}, "sources= is empty"),
        ({"pace": 0, "cache": None}, "pace="),
        ({"burst": 0, "cache": None}, "burst="),
        ({"contact": "Zoë", "cache": None}, "contact must be"),
    ],
)
def test_settings_that_clash_are_refused(settings, says):
    for front in (Resolver, AsyncResolver):
        with pytest.raises(ValueError, match=says):
            front(**settings)


@pytest.mark.parametrize("value", ["1", b"1", [], True], ids=repr)
@pytest.mark.parametrize("name", ["pace", "burst", "timeout", "deadline", "max_age"])
def test_a_setting_that_must_be_a_number_says_so(name, value):
    with pytest.raises(TypeError, match=rf"{name}= is a number, not {type(value).__name__}"):
        Resolver(**{"cache": None, name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, nan) for name in ("pace", "burst", "timeout", "deadline", "max_age")),
        ("timeout", 0),
        ("timeout", -1.0),
    ],
)
def test_a_number_that_no_setting_can_have_is_refused(name, value):
    with pytest.raises(ValueError, match=f"{name}= "):
        Resolver(**{"cache": None, name: value})


def test_an_answer_may_be_fresh_for_ever(resolve):
    store = MemoryStore()
    transport = Answering()
    resolve(FUMANBA, FUMANBA, transport=transport, cache=store, max_age=inf)
    assert len(transport.asked) == 1


def test_a_closed_resolver_says_so(resolve):
    resolver = Resolver(transport=replay(FIXTURES))
    resolver.close()
    resolver.close()
    with pytest.raises(RuntimeError, match="closed"):
        resolver.resolve(FUMANBA)


def test_resolutions_are_looked_up_by_number_or_id_and_pickle(resolve):
    (answers,) = resolve([FUMANBA, CDE], transport=replay(FIXTURES))
    assert answers["nct05066646"] is answers[FUMANBA]
    assert FUMANBA in answers
    assert "NCT05066659" not in answers
    assert repr(answers) == "<Resolutions 2 ids: 1 found, 1 unsupported>"
    again = pickle.loads(pickle.dumps(answers))
    assert again == answers
