"""What is answered from a snapshot: the same as the registry answers, and never more than it holds.

1. Every recorded number, both ways: equal but for origin and time.
2. What it lacks is asked for; it says of no number that it is absent.
3. Of cache and snapshot the newer answers.
4. The file: threads, forks, pickles, read-only places; closed for good.
"""

from __future__ import annotations

import asyncio
import json
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import FIXTURES
from registry_states import changed, number, registry, studies

import trialink
from trialink import AsyncResolver, Linker, Resolver, Snapshot, TrialId
from trialink.cache import MemoryStore
from trialink.testing import FAULTS, FaultyTransport, VirtualClock, replay

EUDRACT = "2012-003157-29"  # of NCT01811251
SECONDARY = {"secondaryIdInfos": [{"id": EUDRACT, "type": "EUDRACT_NUMBER"}]}


def recorded_ids():
    """Every number that a recording holds, names or denies."""
    found: dict[TrialId, None] = {}
    for path in sorted((FIXTURES / "clinicaltrials_gov" / "studies").glob("*.json")):
        record = trialink.Record.from_api(json.loads(path.read_text("utf-8"))["study"])
        found |= dict.fromkeys([record.id, *record.aliases])
        found |= dict.fromkeys(link.right for link in trialink.declarations([record]))
        found |= dict.fromkeys(link.left for link in trialink.declarations([record]))
    return [*found, trialink.parse("NCT05066647"), trialink.parse("CTR20192510")]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A snapshot of all recordings."""
    path = tmp_path_factory.mktemp("snapshot") / "recorded.snapshot"
    with Resolver(transport=replay(FIXTURES)) as resolver:
        assert resolver.build_snapshot(path).complete
    return path


def built(path, known):
    """Build a snapshot of studies; return its path."""
    with Resolver(transport=registry(known), cache=None) as resolver:
        resolver.build_snapshot(path)
    return path


def unmarked(answer):
    return answer.replace(origin=None, retrieved_at=None, reason=None)


# 1. The same answers


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
def test_answers_are_those_of_the_registry_but_for_origin_and_time(recorded, is_async):
    ids = recorded_ids()
    assert len(ids) > 50
    with Resolver(transport=replay(FIXTURES)) as resolver:
        asked = resolver.resolve(ids)

    async def awaited():
        options = {"transport": transport, "snapshot": recorded, "cache": None}
        async with AsyncResolver(**options) as resolver:
            return await resolver.resolve(ids)

    transport = FaultyTransport(replay(FIXTURES))
    if is_async:
        answers = asyncio.run(awaited())
    else:
        with Resolver(transport=transport, snapshot=recorded, cache=None) as resolver:
            answers = resolver.resolve(ids)
    assert {each.outcome for each in asked.values()} >= {"found", "moved", "cited", "absent"}
    assert [unmarked(each) for each in answers.values()] == [
        unmarked(each) for each in asked.values()
    ]
    lists = [each for each in transport.requests if each.path.endswith("/studies")]
    assert [dict(each.params)["filter.ids"] for each in lists] == ["NCT05066647"]


def test_a_text_is_linked_alike(recorded):
    text = (FIXTURES / "texts" / "fucaso-approval.txt").read_text("utf-8")
    with Resolver(snapshot=recorded, cache=None, offline=True) as resolver:
        from_snapshot = Linker(resolver).read(text)
    with Resolver(transport=replay(FIXTURES)) as resolver:
        asked = Linker(resolver).read(text)
    assert [trial.to_dict() for trial in from_snapshot.trials] == [
        trial.to_dict() for trial in asked.trials
    ]
    assert from_snapshot.provenance.data_timestamp == "2026-07-31T09:00:04"
    assert from_snapshot.provenance.api_version == "2.0.5"


@pytest.mark.parametrize(
    ("look_up", "expected"),
    [
        (lambda table: table.naming(EUDRACT), ["NCT01811251"]),
        (lambda table: table.naming(TrialId("euctr", EUDRACT)), ["NCT01811251"]),
        (lambda table: table.naming("EudraCT " + EUDRACT), ["NCT01811251"]),
        (lambda table: table.naming("CTR20192510"), []),
        (lambda table: table.naming("NCT05066646"), []),
        (lambda table: table.with_acronym("fumanba\u20111 "), ["NCT05066646"]),
        (lambda table: table.with_acronym("FUMANBA"), []),
        (lambda table: table.with_acronym("RESTORE"), ["NCT05227898", "NCT06525896"]),
        (lambda table: table.with_acronym(""), []),
        (lambda table: table.with_sponsor_number("ct103ac004"), ["NCT06464991"]),
        (lambda table: table.with_sponsor_number("CT103"), []),
    ],
)
def test_look_ups_are_exact(recorded, look_up, expected):
    with Snapshot(recorded) as table:
        assert [*map(str, look_up(table))] == expected


@pytest.mark.parametrize(
    ("asked", "current"),
    [
        ("NCT05066646", "NCT05066646"),
        ("nct 05066646", "NCT05066646"),
        ("NCT05712863", "NCT03103880"),
        ("NCT05066647", None),
        (EUDRACT, None),
        (TrialId("nct", "no number"), None),
    ],
)
def test_a_record_is_found_by_its_number_now_or_formerly(recorded, asked, current):
    with Snapshot(recorded) as table:
        record = table.record(asked)
    assert (record and str(record.id)) == current


def test_what_is_no_number_is_an_error(recorded):
    with Snapshot(recorded) as table, pytest.raises(trialink.InvalidTrialId):
        table.naming("FUMANBA-1")


def test_a_text_with_names_bears_the_timestamp_too(recorded):
    text = "As in FUMANBA-1. See NCT05712863."
    with Resolver(transport=replay(FIXTURES), snapshot=recorded, names=True) as resolver:
        document = Linker(resolver).read(text)
    assert [str(trial.key) for trial in document.trials] == ["NCT05066646", "NCT03103880"]
    assert document.provenance.data_timestamp == "2026-07-31T09:00:04"


def test_names_are_asked_for_as_ever(recorded):
    with Resolver(transport=replay(FIXTURES), snapshot=recorded, names=True) as resolver:
        found = resolver.look_up_names(["FUMANBA-1", "ORCHARD-9"])
    assert [each.outcome for each in found.values()] == ["found", "unknown"]
    with Resolver(offline=True, cache=None, snapshot=recorded, names=True) as resolver:
        assert resolver.look_up_names("FUMANBA-1")["FUMANBA-1"].reason == "offline"


# 2. What it lacks


@pytest.mark.parametrize(
    ("id", "outcome", "says"),
    [
        ("NCT05066647", "failed", "offline; not in the snapshot of 2026-07-31"),
        ("NCT05066646", "found", None),
        (EUDRACT, "cited", None),
        (
            "CTR20192510",
            "unsupported",
            "no source answers for cde_china; the snapshot of 2026-07-31 was searched and no "
            "record there names CTR20192510",
        ),
    ],
)
def test_offline_nobody_is_asked(recorded, id, outcome, says):
    with Resolver(snapshot=recorded, offline=True, cache=None) as resolver:
        answer = resolver.resolve(id)[id]
    assert (answer.outcome, answer.reason) == (outcome, says)


_ALONE = """
import sys
from trialink import Linker, Resolver
with Resolver(snapshot=sys.argv[1], offline=True, cache=None) as resolver:
    assert Linker(resolver).read("see NCT01300000").resolutions.summary()["found"] == 1
print(*sys.modules)
"""


def test_offline_neither_client_nor_cache_is_loaded(tmp_path):
    path = built(tmp_path / "s", studies(1))
    command = [sys.executable, "-c", _ALONE, str(path)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert not {"httpx", "diskcache", "tenacity", "ssl"} & {*run.stdout.split()}


def test_origin_and_time_are_those_of_the_reading(tmp_path):
    path = built(tmp_path / "s", studies(1, **SECONDARY))
    with Resolver(snapshot=path, offline=True, cache=None) as resolver:
        answers = resolver.resolve(["NCT01300000", EUDRACT, "CTR20192510"])
    assert {each.origin for each in answers.values()} == {"snapshot"}
    assert {each.retrieved_at for each in answers.values()} == {"2026-11-22T10:00:00Z"}
    assert answers.version.data_timestamp == "2026-08-22T09:00:05"
    assert not any(each.stale for each in answers.values())


def test_a_snapshot_that_is_not_complete_settles_only_what_it_holds(tmp_path):
    known = [*studies(2, **SECONDARY), *studies(3)[2:]]
    path = tmp_path / "s"
    transport = registry(known, [None, FAULTS["row dropped"]])
    with Resolver(transport=transport, cache=None) as resolver:
        info = resolver.build_snapshot(path)
    assert (info.complete, info.studies, info.total) == (False, 2, 3)
    asked = ["NCT01300013", EUDRACT, "CTR20192510", "NCT01300000"]
    with Resolver(snapshot=path, offline=True, cache=None) as resolver:
        answers = resolver.resolve(asked)
    assert [each.outcome for each in answers.values()] == ["found", "cited", "failed", "failed"]
    assert answers[EUDRACT].stale
    assert "not in the snapshot of 2026-08-22, which is not complete" in answers[EUDRACT].reason
    with Resolver(snapshot=path, transport=registry(known), cache=None) as resolver:
        answers = resolver.resolve(asked)
    outcomes = [each.outcome for each in answers.values()]
    assert outcomes == ["found", "cited", "unsupported", "found"]
    assert [str(each.id) for each in answers[EUDRACT].records] == ["NCT01300000", "NCT01300013"]


@pytest.mark.parametrize(
    ("days", "is_up", "expected"),
    [
        (1, True, ("snapshot", False, 0)),
        (1, False, ("snapshot", False, 0)),
        (9, True, ("live", False, 1)),
        (9, False, ("snapshot", True, 1)),
    ],
    ids=["young", "young and down", "old", "old and down"],
)
def test_with_a_greatest_age_older_answers_serve_only_while_the_registry_is_down(
    tmp_path, days, is_up, expected
):
    known = studies(1)
    path = built(tmp_path / "s", known)
    clock = VirtualClock()
    clock.advance(days * 86400)
    transport = registry(known, () if is_up else FAULTS["403"], clock=clock)
    options = {"cache": None, "max_age": timedelta(days=7)}
    with Resolver(transport=transport, snapshot=path, **options) as resolver:
        answer = resolver.resolve("NCT01300000")["NCT01300000"]
    assert (answer.origin, answer.stale, min(1, len(transport.requests))) == expected


# 3. Cache and snapshot


@pytest.mark.parametrize(
    ("cached_later", "cache_age", "expected"),
    [
        pytest.param(True, 0, "cache", id="a fresh answer that is newer"),
        pytest.param(True, 40, "snapshot", id="a newer one that is old by now"),
        pytest.param(False, 0, "snapshot", id="an older one"),
    ],
)
def test_of_cache_and_snapshot_the_newer_answers(tmp_path, cached_later, cache_age, expected):
    known, clock, store = studies(1), VirtualClock(), MemoryStore()
    transport = registry(known, clock=clock)

    def cache():
        with Resolver(transport=transport, cache=store) as resolver:
            assert resolver.resolve("NCT01300000").summary()["found"] == 1

    def snapshot():
        with Resolver(transport=transport, cache=None) as resolver:
            resolver.build_snapshot(tmp_path / "s")

    for step in (snapshot, cache) if cached_later else (cache, snapshot):
        step()
        clock.advance(3600)
    clock.advance(cache_age * 86400)
    before = len(transport.requests)
    with Resolver(transport=transport, cache=store, snapshot=tmp_path / "s") as resolver:
        answer = resolver.resolve("NCT01300000")["NCT01300000"]
    assert (answer.outcome, answer.origin) == ("found", expected)
    assert len(transport.requests) == before


@pytest.mark.parametrize(
    ("is_up", "expected"),
    [(False, ("cited", "cache", True)), (True, ("cited", "live", False))],
    ids=["offline", "up"],
)
def test_a_record_that_names_a_number_later_is_not_denied(tmp_path, is_up, expected):
    before, after = studies(1), [studies(1)[0], changed(studies(2)[1], **SECONDARY)]
    path, clock, store = built(tmp_path / "s", before), VirtualClock(), MemoryStore()
    clock.advance(3600)
    transport = registry(after, clock=clock)
    with Resolver(transport=transport, cache=store) as resolver:
        assert resolver.resolve(EUDRACT)[EUDRACT].outcome == "cited"
    clock.advance(40 * 86400)
    options = {"transport": transport, "cache": store, "snapshot": path}
    with Resolver(offline=not is_up, **options) as resolver:
        answer = resolver.resolve(EUDRACT)[EUDRACT]
    assert (answer.outcome, answer.origin, answer.stale) == expected


def test_answers_of_a_snapshot_are_not_kept_in_the_cache(tmp_path):
    path, store = built(tmp_path / "s", studies(1)), MemoryStore()
    with Resolver(snapshot=path, cache=store, offline=True) as resolver:
        resolver.resolve(["NCT01300000", "CTR20192510"])
    assert [*store.keys()] == []


class OwnSource:
    """A source that answers for EudraCT numbers itself."""

    name = label = "eu"
    origin, serves = "https://eu.example.org", frozenset({"euctr"})

    def batches(self, ids):
        yield from ((id,) for id in ids)

    def searches(self, ids):
        return iter(())

    def lookup(self, batch):
        return {id: trialink.Resolution(id, "absent", "eu", origin="live") for id in batch}
        yield

    def version(self):
        return None, None
        yield


def test_a_number_that_another_source_serves_is_left_to_it(tmp_path):
    from trialink.sources.clinicaltrials_gov import ClinicalTrialsGov

    path = built(tmp_path / "s", studies(1, **SECONDARY))
    sources = [ClinicalTrialsGov(), OwnSource()]
    transport = registry(studies(1))
    with Resolver(transport=transport, snapshot=path, sources=sources, cache=None) as resolver:
        answers = resolver.resolve([EUDRACT, "NCT01300000"])
    assert [each.outcome for each in answers.values()] == ["absent", "found"]


# 4. The file


def test_threads_share_a_snapshot(tmp_path):
    known = studies(80)
    path = built(tmp_path / "s", known)
    with Snapshot(path) as table, ThreadPoolExecutor(8) as pool:
        numbers = [number(each) for each in known] * 5
        assert [str(each.id) for each in pool.map(table.record, numbers)] == numbers


def test_it_is_read_from_a_place_that_cannot_be_written(tmp_path):
    place = tmp_path / "read only"
    place.mkdir()
    path = built(place / "s", studies(2))
    assert [each.name for each in place.iterdir()] == ["s"]
    path.chmod(0o444)
    place.chmod(0o555)
    try:
        with Snapshot(path) as table:
            assert table.record("NCT01300000") is not None
            assert [each.name for each in place.iterdir()] == ["s"]
    finally:
        place.chmod(0o755)


_CHILD = """
import os, sys
from trialink import Snapshot
table = Snapshot(sys.argv[1])
assert table.record("NCT01300000")
if (child := os.fork()) == 0:
    os._exit(0 if table.record("NCT01300013") else 1)
assert os.waitpid(child, 0)[1] == 0
assert table.record("NCT01300026")
table.close()
print(*(os.readlink(f"/proc/self/fd/{each}") for each in os.listdir("/proc/self/fd")
        if os.path.exists(f"/proc/self/fd/{each}")))
"""


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="there is no list of open files")
def test_a_fork_reads_on_and_nothing_stays_open(tmp_path):
    path = built(tmp_path / "s", studies(3))
    command = [sys.executable, "-c", _CHILD, str(path)]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert str(path) not in run.stdout


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="there is no list of open files")
def test_a_closed_resolver_has_nothing_open_and_leaves_what_was_passed_in(tmp_path):
    path = built(tmp_path / "s", studies(1))

    def is_open():
        return str(path) in {os.path.realpath(each) for each in Path("/proc/self/fd").iterdir()}

    with Resolver(snapshot=path, offline=True, cache=None):
        assert is_open()
    assert not is_open()
    with Snapshot(path) as table:
        with Resolver(snapshot=table, offline=True, cache=None):
            pass
        assert table.record("NCT01300000") is not None
    assert not is_open()


def test_a_closed_snapshot_says_so(tmp_path):
    table = Snapshot(built(tmp_path / "s", studies(1)))
    table.close()
    table.close()
    with pytest.raises(ValueError, match="is closed"):
        table.record("NCT01300000")


def test_it_pickles_by_its_path(tmp_path):
    with Snapshot(built(tmp_path / "s", studies(2))) as table:
        with pickle.loads(pickle.dumps(table)) as again:
            assert again.info == table.info
            assert len(again) == 2
            assert trialink.SnapshotInfo.from_dict(table.info.to_dict()) == table.info
        assert repr(table) == "<Snapshot s: 2 studies, data of 2026-08-22, complete>"
