"""How a snapshot is made and kept up to date while registry, network, disk and process fail.

1. Reading everything; each fault on the way; pages that repeat, overlap or have no end.
2. Going on: after a failure, after kills, on another day.
3. What changes in the registry while it is read, and afterwards.
4. The file: full disks, other files in the way, two at once; readers are not disturbed.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from registry_states import Changing, changed, number, registry, studies

from trialink import Resolver, Snapshot, SourceError
from trialink.errors import UnexpectedPayload
from trialink.sources.clinicaltrials_gov import ClinicalTrialsGov
from trialink.testing import FAULTS, FaultyTransport, LoopbackServer, Plan, synthetic_studies

HOLDS_NOTHING = {"403", "429, wait an hour", "moved to another host"}
LIES = {"row dropped", "another trial", "same token", "circle of tokens", "empty pages"}


def transport_to(states, faults=(), **options):
    """A registry whose studies are those of the moment."""
    transport = FaultyTransport(Changing(states, **options), faults)
    transport.realm = "a registry"
    return transport


def build(path, transport, **options):
    with Resolver(transport=transport, cache=None) as resolver:
        return resolver.build_snapshot(path, **options)


def update(path, transport, **options):
    with Resolver(transport=transport, cache=None) as resolver:
        return resolver.update_snapshot(path, **options)


def held(path):
    """The numbers in a snapshot, from the file itself."""
    with closing(sqlite3.connect(path)) as file:
        rows = file.execute("SELECT number FROM studies").fetchall()
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    return {f"NCT{row[0]:08d}" for row in rows}


def numbers(known):
    return {number(each) for each in known}


def pages_asked(transport):
    return [
        dict(each.params).get("pageToken", "first")
        for each in transport.requests
        if dict(each.params).get("pageSize") == "1000"
    ]


# 1. Reading everything


def test_everything_is_read_once_and_counted(tmp_path):
    known, told = studies(25), []
    transport = registry(known)
    info = build(tmp_path / "s", transport, progress=lambda *counts: told.append(counts))
    assert (info.studies, info.total, info.complete, info.unreadable) == (25, 25, True, 0)
    assert (info.origin, info.data_timestamp) == ("snapshot", "2026-08-22T09:00:05")
    assert info.bytes == (tmp_path / "s").stat().st_size
    assert held(tmp_path / "s") == numbers(known)
    assert told == [(10, 25), (20, 25), (25, 25)]
    assert pages_asked(transport) == ["first", "p10", "p20"]
    assert len(transport.requests) == 6
    assert [each.name for each in tmp_path.iterdir()] == ["s"]


@pytest.mark.parametrize("name", sorted(FAULTS.keys() - LIES - HOLDS_NOTHING))
def test_each_fault_on_the_way_is_asked_again(tmp_path, name):
    known = studies(31)
    transport = registry(known, Plan((FAULTS[name],), first=2, last=3))
    assert build(tmp_path / "s", transport).complete
    assert held(tmp_path / "s") == numbers(known)


@pytest.mark.parametrize("name", sorted(HOLDS_NOTHING))
def test_a_fault_that_stays_is_raised_and_what_was_read_is_kept(tmp_path, name):
    known = studies(31)
    transport = registry(known, Plan((FAULTS[name],), first=4))
    with pytest.raises(SourceError):
        build(tmp_path / "s", transport)
    assert [each.name for each in tmp_path.iterdir()] == ["s.partial"]
    again = registry(known)
    assert build(tmp_path / "s", again).complete
    assert pages_asked(again) == ["p20", "p30"]
    assert held(tmp_path / "s") == numbers(known)


@pytest.mark.parametrize("name", ["same token", "circle of tokens", "empty pages"])
def test_pages_without_an_end_are_no_answer_and_the_next_reading_begins_anew(tmp_path, name):
    known = studies(31)
    transport = registry(known, Plan((FAULTS[name],), first=2))
    with pytest.raises(UnexpectedPayload, match="pages have no end"):
        build(tmp_path / "s", transport)
    assert len(transport.requests) < 60
    again = registry(known)
    assert build(tmp_path / "s", again).complete
    assert pages_asked(again)[0] == "first"


@pytest.mark.parametrize(
    ("known", "members", "told"),
    [
        pytest.param(
            [*studies(3), *studies(2)], {}, (3, 5, 0, False), id="studies that come twice"
        ),
        pytest.param(
            [*studies(2), changed(studies(3)[2], nctId="TBA")],
            {},
            (2, 3, 1, False),
            id="a study without a number",
        ),
        pytest.param(studies(2), {"totalCount": "2"}, (2, None, 0, False), id="no count"),
        pytest.param(studies(2), {"totalCount": 3}, (2, 3, 0, False), id="another count"),
        pytest.param(studies(0), {}, (0, 0, 0, True), id="nothing"),
    ],
)
def test_a_count_that_does_not_fit_is_told(tmp_path, known, members, told):
    composed = Doubled(known, members)
    transport = FaultyTransport(composed)
    transport.realm = "a registry"
    info = build(tmp_path / "s", transport)
    assert (info.studies, info.total, info.unreadable, info.complete) == told
    with Snapshot(tmp_path / "s") as table:
        assert (table.info.complete, len(table)) == (told[3], told[0])


MOVED = [number(each) for each in studies(3)]


@pytest.mark.parametrize(
    ("served", "dates", "complete"),
    [
        pytest.param(
            [(0, "2026-08-24", ()), (0, "2026-08-22", ())],
            {0: "2026-08-24"},
            False,
            id="an older version comes later",
        ),
        pytest.param(
            [(0, "2026-08-22", ()), (0, "2026-08-24", ())],
            {0: "2026-08-24"},
            False,
            id="a newer version comes later",
        ),
        pytest.param(
            [(0, "2026-08-22", ()), (1, "2026-08-24", (0,))],
            {0: None, 1: "2026-08-24"},
            False,
            id="a number that moves",
        ),
        pytest.param(
            [(1, "2026-08-24", (0,)), (0, "2026-08-22", ())],
            {0: None, 1: "2026-08-24"},
            False,
            id="a number that has moved",
        ),
        pytest.param(
            [(0, "2026-08-22", ()), (1, "2026-08-22", (0,))],
            {0: "2026-08-22", 1: "2026-08-22"},
            True,
            id="an older number that is a study too",
        ),
        pytest.param(
            [(1, "2026-08-22", (0,)), (0, "2026-08-22", ())],
            {0: "2026-08-22", 1: "2026-08-22"},
            True,
            id="the same, the other way round",
        ),
        pytest.param(
            [(0, "2026-08-22", (1,)), (1, "2026-08-22", (2,)), (2, "2026-08-22", (0,))],
            dict.fromkeys(range(3), "2026-08-22"),
            True,
            id="older numbers in a circle",
        ),
    ],
)
def test_of_two_that_claim_a_number_the_newer_has_it(tmp_path, served, dates, complete):
    known = [
        changed(studies(3)[place], data=day, nctIdAliases=[MOVED[each] for each in older])
        for place, day, older in served
    ]
    transport = FaultyTransport(Doubled(known, {}))
    transport.realm = "a registry"
    assert build(tmp_path / "s", transport).complete == complete
    with Snapshot(tmp_path / "s") as table:
        for place, day in dates.items():
            record = table.record(MOVED[place])
            is_own = str(record.id) == MOVED[place]
            assert (record.data_date if is_own else None) == day


class Doubled:
    """A registry that lists studies as they are given, twice or without a number."""

    def __init__(self, known, members):
        self.known, self.whole = known, Changing({1: studies(1)})
        self.members = {"totalCount": len(known)} | members

    def compose(self, request):
        import json

        reply = self.whole.compose(request)
        if not request.url.endswith("/studies"):
            return reply
        return reply.replace(body=json.dumps({"studies": self.known} | self.members).encode())


# 2. Going on


_BUILDER = """
import sys
from trialink import Resolver
from trialink.sources.clinicaltrials_gov import ClinicalTrialsGov
with Resolver(sources=[ClinicalTrialsGov(sys.argv[2])], pace=None, cache=None) as resolver:
    resolver.build_snapshot(sys.argv[1], progress=lambda done, _: print(done, flush=True))
"""


@pytest.mark.skipif(os.name != "posix", reason="a killed process keeps no file here")
def test_a_reading_that_is_killed_again_and_again_loses_and_doubles_nothing(tmp_path):
    chance, path, known = random.Random(7), tmp_path / "s", studies(2000)
    acknowledged = kills = 0
    answers = Changing({1: known})
    answers.page = 70
    with LoopbackServer(answers) as server:
        for kill in range(40):
            command = [sys.executable, "-c", _BUILDER, str(path), server.url]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
                for line in process.stdout:
                    assert int(line) > acknowledged, "what was told is there"
                    acknowledged = int(line)
                    if kill < 12 and chance.random() < 0.7:
                        time.sleep(chance.random() / 50)
                        process.send_signal(signal.SIGKILL)
                        kills += 1
                        break
            if path.exists():
                break
        tokens = [dict(each.params).get("pageToken", "first") for each in server.requests]
    assert kills == 12
    assert held(path) == numbers(known)
    assert [each.name for each in tmp_path.iterdir()] == ["s"]
    assert len([each for each in tokens if each != "first"]) <= 28 + kills  # those in the air
    with Snapshot(path) as table:
        assert table.info.complete


@pytest.mark.parametrize("is_refused", [False, True], ids=["token taken", "token refused"])
def test_on_another_day_it_goes_on_where_the_token_is_taken_and_else_begins_anew(
    tmp_path, is_refused
):
    before, after = studies(25), studies(26, updated="2026-08-23", data="2026-08-24")
    with pytest.raises(SourceError):
        build(tmp_path / "s", registry(before, Plan((FAULTS["403"],), first=4)))
    later = transport_to({1: after}, refused=["p20"] if is_refused else [])
    if is_refused:
        with pytest.raises(UnexpectedPayload, match="incorrect format"):
            build(tmp_path / "s", later)  # this registry refuses the page for ever
        assert pages_asked(later) == ["p20", "first", "p10", "p20"]
        later = transport_to({1: after})
    info = build(tmp_path / "s", later)
    assert (info.studies, info.complete) == (26, True)
    assert info.data_timestamp == "2026-08-24T09:00:05"
    with Snapshot(tmp_path / "s") as table:
        assert table.record("NCT01300000").data_date == "2026-08-24"


def test_a_reading_of_another_registry_is_neither_gone_on_with_nor_lost(tmp_path):
    with pytest.raises(SourceError):
        build(tmp_path / "s", registry(studies(25), Plan((FAULTS["403"],), first=3)))
    with pytest.raises(ValueError, match=r"s\.partial was read from a registry, not from faults"):
        build(tmp_path / "s", FaultyTransport(Changing({1: studies(12)})))
    again = registry(studies(25))
    assert build(tmp_path / "s", again).complete
    assert pages_asked(again)[0] == "p10"


def test_where_another_registry_gave_no_page_nothing_is_in_the_way(tmp_path):
    with pytest.raises(SourceError):
        build(tmp_path / "s", FaultyTransport(Changing({1: studies(12)}), FAULTS["403"]))
    info = build(tmp_path / "s", registry(studies(3)))
    assert (info.complete, info.realm) == (True, "a registry")


def test_a_reading_of_another_release_is_begun_anew(tmp_path, caplog):
    with pytest.raises(SourceError):
        build(tmp_path / "s", registry(studies(25), Plan((FAULTS["403"],), first=3)))
    with closing(sqlite3.connect(tmp_path / "s.partial")) as file, file:
        file.execute("UPDATE facts SET value = 'NCTId' WHERE name = 'fields'")
    again = registry(studies(25))
    assert build(tmp_path / "s", again).complete
    assert pages_asked(again)[0] == "first"
    assert "read by another release; begun anew" in caplog.text


# 3. What changes


def test_what_changes_while_it_is_read_is_read_again(tmp_path):
    before = studies(25, updated="2026-08-01")
    after = [changed(each, updated="2026-08-21", data="2026-08-24") for each in studies(3)]
    after = [*after, *before[3:], changed(studies(26)[-1], updated="2026-08-24")]
    transport = transport_to({1: before, 4: after})
    info = build(tmp_path / "s", transport)
    assert (info.studies, info.complete) == (26, True)
    assert info.data_timestamp == "2026-08-24T09:00:05"
    queries = [dict(each.params).get("filter.advanced") for each in transport.requests]
    assert "AREA[LastUpdatePostDate]RANGE[2026-08-15,MAX]" in queries


def old_and_new():
    """A registry, and the same some days later: one study changed, one new, one number moved."""
    secondary = {"secondaryIdInfos": [{"id": "2012-003157-29", "type": "EUDRACT_NUMBER"}]}
    before = studies(13, updated="2026-08-01")
    before[0] = changed(before[0], **secondary, acronym="FUMANBA-1")
    after = [changed(each, data="2026-08-24") for each in studies(14, updated="2026-08-01")]
    after[0] = changed(after[0], updated="2026-08-24", acronym="FUMANBA-2")
    after[1] = changed(after[1], updated="2026-08-24", nctIdAliases=[number(after[2])])
    after[-1] = changed(after[-1], updated="2026-08-24", **secondary)
    return before, [*after[:2], *after[3:]], number(after[2])


def test_an_update_brings_changes_new_studies_and_moved_numbers(tmp_path):
    before, after, moved = old_and_new()
    path = tmp_path / "s"
    build(path, registry(before))
    transport = registry(after)
    info = update(path, transport)
    assert (info.studies, info.complete) == (13, True)
    assert info.data_timestamp == "2026-08-24T09:00:05"
    assert held(path) == numbers(after)
    assert len(transport.requests) == 5  # when, when, what has changed, when, how many
    with Snapshot(path) as table:
        assert [*map(str, table.naming("2012-003157-29"))] == [number(after[-1])]
        assert table.with_acronym("FUMANBA-1") == ()
        assert [*map(str, table.with_acronym("FUMANBA-2"))] == [number(after[0])]
        assert str(table.record(moved).id) == number(after[1])
    assert [each.name for each in tmp_path.iterdir()] == ["s"]


def test_an_update_that_finds_the_same_data_asks_once(tmp_path):
    path = tmp_path / "s"
    info, transport = build(path, registry(studies(3))), registry(studies(3))
    assert update(path, transport) == info
    assert [each.path for each in transport.requests] == ["/api/v2/version"]


def test_a_study_that_was_removed_is_seen_by_the_count_alone(tmp_path):
    path = tmp_path / "s"
    build(path, registry(studies(3)))
    info = update(path, registry(studies(2, data="2026-08-24")))
    assert (info.studies, info.total, info.complete) == (3, 2, False)
    assert build(path, registry(studies(2, data="2026-08-24"))).complete
    assert held(path) == numbers(studies(2))


CHANGES = st.lists(
    st.tuples(
        st.integers(0, 14),  # which study, of ten known and five new ones
        st.sampled_from(["", "2012-003157-29", "CTR20192510", "U1111-1280-9492"]),
        st.sampled_from(["", "FUMANBA-1", "RESTORE"]),
    ),
    max_size=8,
)


@given(CHANGES, CHANGES)
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_was_updated_is_what_would_be_built_anew(tmp_path, first, second):
    base = dict(enumerate(studies(15, updated="2026-08-01")))
    known = {place: base[place] for place in range(10)}
    transports = []
    for day, changes in (("2026-08-20", first), ("2026-08-24", second)):
        for place, secondary, acronym in changes:
            more = {"secondaryIdInfos": [{"id": secondary}]} if secondary else {}
            named = {"acronym": acronym} if acronym else {}
            known[place] = changed(base[place], updated=day, data=day, **more, **named)
        known[0] = changed(known[0], updated=day, data=day)
        transports.append(registry([*known.values()]))
    build(tmp_path / "updated", transports[0])
    assert update(tmp_path / "updated", transports[1]).complete
    build(tmp_path / "anew", registry([*known.values()]))
    assert rows(tmp_path / "updated") == rows(tmp_path / "anew")


def rows(path):
    """The studies and names of a snapshot."""
    with closing(sqlite3.connect(path)) as file:
        bodies = file.execute("SELECT number, body FROM studies").fetchall()
        return bodies, file.execute("SELECT * FROM names").fetchall()


@pytest.mark.parametrize("name", ["403", "same token"])
def test_an_update_that_fails_leaves_the_snapshot_as_it_was(tmp_path, name):
    before, after, _ = old_and_new()
    path = tmp_path / "s"
    info = build(path, registry(before))
    content = path.read_bytes()
    with pytest.raises(SourceError):
        update(path, registry(after, Plan((FAULTS[name],), first=3)))
    assert path.read_bytes() == content
    assert [each.name for each in tmp_path.iterdir()] == ["s"]
    assert update(path, registry(after)).complete
    assert info.studies == 13


def test_an_update_from_elsewhere_is_refused(tmp_path):
    build(tmp_path / "s", registry(studies(3)))
    other = FaultyTransport(Changing({1: studies(3, data="2026-08-24")}))
    with pytest.raises(ValueError, match="was read from a registry, not from faults over"):
        update(tmp_path / "s", other)


def test_who_reads_is_not_disturbed_by_an_update(tmp_path):
    before, after, moved = old_and_new()
    path = tmp_path / "s"
    build(path, registry(before))
    with Snapshot(path) as reader:
        update(path, registry(after), progress=lambda *_: reader.record("NCT01300000"))
        assert reader.record("NCT01300000").acronym == "FUMANBA-1"
        assert str(reader.record(moved).id) == moved
    with Snapshot(path) as reader:
        assert reader.record("NCT01300000").acronym == "FUMANBA-2"


# 4. The file


_LIMITED = """
import resource, signal, sys
from trialink import Resolver
from trialink.sources.clinicaltrials_gov import ClinicalTrialsGov
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
with Resolver(sources=[ClinicalTrialsGov(sys.argv[2])], pace=None, cache=None) as resolver:
    try:
        resolver.build_snapshot(sys.argv[1])
    except OSError as error:
        print(error.filename, error.strerror)
"""


@pytest.mark.skipif(os.name != "posix", reason="there are no limits here")
def test_a_full_disk_is_told_and_what_was_read_is_kept(tmp_path):
    path, known = tmp_path / "s", [*synthetic_studies(3000)]
    with LoopbackServer(known) as server:
        command = [sys.executable, "-c", _LIMITED, str(path), server.url]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        assert run.stdout.startswith(f"{path}.partial ")
        assert not path.exists()
        with Resolver(sources=[ClinicalTrialsGov(server.url)], pace=None, cache=None) as resolver:
            assert resolver.build_snapshot(path).complete
    assert held(path) == numbers(known)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("s", b"a thesis", "is no snapshot of trialink and is left as it is: name another"),
        ("s", b"", "is no snapshot of trialink and is left as it is: name another"),
        ("s.partial", b"a thesis" * 500, "something else is in the way: remove it and run again"),
    ],
)
def test_other_files_are_left_as_they_are(tmp_path, name, content, says):
    (tmp_path / name).write_bytes(content)
    with pytest.raises((ValueError, OSError), match=says):
        build(tmp_path / "s", registry(studies(1)))
    assert (tmp_path / name).read_bytes() == content


def test_a_database_of_another_program_is_left_as_it_is(tmp_path):
    with closing(sqlite3.connect(tmp_path / "s.partial")) as other:
        other.execute("CREATE TABLE theses (text)")
    with pytest.raises(ValueError, match=r"s\.partial is no snapshot of trialink: move it"):
        build(tmp_path / "s", registry(studies(1)))


def test_a_missing_directory_is_told(tmp_path):
    with pytest.raises(ValueError, match="there is no directory"):
        build(tmp_path / "none" / "s", registry(studies(1)))


def test_what_a_killed_update_left_is_in_nobodys_way(tmp_path):
    before, after, _ = old_and_new()
    path = tmp_path / "s"
    build(path, registry(before))
    (tmp_path / "s.updating").write_bytes(path.read_bytes())
    assert update(path, registry(after)).complete
    assert held(path) == numbers(after)
    assert [each.name for each in tmp_path.iterdir()] == ["s"]


def test_two_updates_do_not_write_one_file(tmp_path):
    before, after, _ = old_and_new()
    path, seen = tmp_path / "s", []
    build(path, registry(before))

    def meanwhile(*_):
        with pytest.raises(OSError, match="another process writes it"):
            update(path, registry(after))
        with pytest.raises(ValueError, match="is an unfinished snapshot"):
            Snapshot(tmp_path / "s.updating")
        seen.append(1)

    assert update(path, registry(after), progress=meanwhile).complete
    assert seen == [1]


def test_a_name_that_cannot_be_taken_is_told_and_nothing_is_read_twice(tmp_path):
    path = tmp_path / "s"
    with pytest.raises(OSError, match="close what reads it and run again"):
        build(path, registry(studies(3)), progress=lambda *_: path.mkdir())
    path.rmdir()
    again = registry(studies(3))
    assert build(path, again).complete
    assert pages_asked(again) == []


def test_two_processes_do_not_write_one_file(tmp_path):
    path, seen = tmp_path / "s", []

    def meanwhile(*_):
        with pytest.raises(OSError, match="another process writes it"):
            build(path, registry(studies(1)))
        seen.append(1)

    assert build(path, registry(studies(3)), progress=meanwhile).complete
    assert seen == [1]


@pytest.mark.parametrize("method", ["build_snapshot", "update_snapshot"])
@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"offline": True}, "this resolver is offline"),
        (
            {
                "sources": [
                    type("Small", (), {"name": "small", "origin": "", "serves": frozenset()})
                ]
            },
            "none of the sources can be read as a whole",
        ),
    ],
)
def test_a_resolver_that_cannot_read_everything_says_so(tmp_path, method, options, says):
    with (
        Resolver(transport=registry(studies(1)), cache=None, **options) as resolver,
        pytest.raises(RuntimeError, match=says),
    ):
        getattr(resolver, method)(tmp_path / "s")


def test_a_closed_resolver_reads_nothing(tmp_path):
    resolver = Resolver(transport=registry(studies(1)), cache=None)
    resolver.close()
    with pytest.raises(RuntimeError, match="closed"):
        resolver.build_snapshot(tmp_path / "s")
