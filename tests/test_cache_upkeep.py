"""Looking after the cache: a look changes nothing, and it shrinks when it is told to."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from conftest import FIXTURES, store_in
from hypothesis import given, settings
from hypothesis import strategies as st
from planted_rows import ATTACKS, altered, planted

from trialink import Resolver
from trialink.cache_upkeep import BadRow, Inspection, Pruned
from trialink.replay import replay

REALM = "https://example.org/api/v2"
NUMBERS = [f"NCT{number:08}" for number in range(7007, 9607, 13)]
PAGE = {f"{REALM} nct:{number}": json.dumps({"id": number}).encode() for number in NUMBERS}
DAY = 24 * 60 * 60


@pytest.fixture(scope="session")
def content(tmp_path_factory):
    """The bytes of a database that holds PAGE."""
    with store_in(tmp_path_factory.mktemp("cache")) as store:
        store.set_many(PAGE)
    return store.database.read_bytes()


@pytest.fixture
def database(directory, content):
    """The database of a cache that holds PAGE."""
    (directory / "v1").mkdir(0o700, parents=True)
    directory.chmod(0o700)
    (directory / "v1" / "cache.db").write_bytes(content)
    return directory / "v1" / "cache.db"


def looked_at(directory):
    """Return what a look finds, after making sure that it has changed nothing."""
    with store_in(directory) as store:
        files = sorted(store.path.iterdir())
        content = [file.read_bytes() for file in files]
        found = store.verify()
        assert [file.read_bytes() for file in files] == content
        assert sorted(store.path.iterdir()) == files
        assert store.refused == 0
    return found


# Verify


def test_a_sound_cache_is_sound(directory, database):
    assert looked_at(directory) == Inspection(entries=len(PAGE))
    assert looked_at(directory).sound


@pytest.mark.parametrize("make", [lambda place: None, lambda place: place.write_bytes(b"")])
def test_where_nothing_is_kept_nothing_is_wrong(directory, make):
    (directory / "v1").mkdir(mode=0o700, parents=True)
    make(directory / "v1" / "cache.db")
    assert looked_at(directory) == Inspection()


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_planted_row_is_named_and_not_carried_out(directory, database, attack):
    victim, canary = planted(database, attack)
    content = victim.read_bytes()
    found = looked_at(directory)
    assert (found.entries, len(found.bad), found.trouble) == (len(PAGE), 1, None)
    assert not found.sound
    assert found.bad[0].row > len(PAGE)
    assert found.bad[0].key in ("planted", "")
    assert "not of this library" in found.bad[0].cause
    assert not canary.exists()
    assert victim.read_bytes() == content


@pytest.mark.parametrize(
    ("key", "body", "cause"),
    [
        (f"{REALM} nct:NCT05066646", b"", "its value is no JSON"),
        (f"{REALM} nct:NCT05066646", b"\xff", "its value is no JSON"),
        (f"{REALM} nct:NCT05066646", b"[" * 100_000, "its value is no JSON"),
        (f"{REALM} nct:NCT05066646", b"[]", "its value is of another number than its key"),
        (f"{REALM} nct:NCT05066646", b"{}", "its value is of another number than its key"),
        (
            f"{REALM} nct:NCT05066646",
            b'{"id": "NCT05181501"}',
            "its value is of another number than its key",
        ),
        (f"{REALM} nct:NCT05066646", b'{"id": "NCT05066646"}', None),
        (f"{REALM} eudract:2014-005181-30", b'{"id": "2014-005181-30"}', None),
        ("a row of another kind", b"{}", None),
        ("a row of another kind", b"{", "its value is no JSON"),
    ],
)
def test_a_value_must_be_the_answer_that_its_key_names(directory, key, body, cause):
    with store_in(directory) as store:
        store.set_many({key: body})
    expected = [] if cause is None else [BadRow(1, key, cause)]
    assert [*looked_at(directory).bad] == expected


def test_what_a_resolver_has_kept_is_sound(directory):
    ids = ["NCT05066646", "NCT05712863", "NCT05066647", "CTR20192510", "2014-005181-30"]
    with Resolver(transport=replay(FIXTURES), cache=directory) as resolver:
        resolver.resolve(ids)
    assert looked_at(directory) == Inspection(entries=5)


def test_no_key_reaches_a_terminal_as_it_is(directory):
    keys = ["\x1b]0;title\x07", "\u202ereversed", "two\nlines", "x" * 1000]
    with store_in(directory) as store:
        store.set_many(dict.fromkeys(keys, b"no JSON"))
    told = [row.key for row in looked_at(directory).bad]
    assert told == ["]0;title", "reversed", "two lines", "x" * 99 + "…"]


DAMAGE = {
    "garbage": lambda content: b"garbage" * 1000,
    "garbage in the header": lambda content: b"garbage" * 20 + content[140:],
    "cut in half": lambda content: content[: len(content) // 2],
    "cut in the first page": lambda content: content[:1000],
    "an index that lost a page": lambda content: content.replace(
        b"nct:NCT00007007", b"nct:NCT10007007", 1
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_told_and_left_alone(directory, database, damage):
    database.write_bytes(DAMAGE[damage](database.read_bytes()))
    found = looked_at(directory)
    assert not found.sound
    assert found.trouble.isprintable()


def believed(answers):
    """Return those that a resolver believes: the body names the number of the key."""
    return {key: body for key, body in answers.items() if PAGE[key] == body}


def test_noise_anywhere_is_misses_at_worst(tmp_path, content):
    """A hundred variants: nothing is raised, nothing untrue is told, and clearing heals."""

    @settings(max_examples=100, deadline=None, database=None)
    @given(st.integers(0, 2**32), st.integers(1, 8192), st.booleans())
    def check(seed, size, in_place):
        directory = Path(tempfile.mkdtemp(dir=tmp_path))
        (directory / "v1").mkdir(mode=0o700)
        (directory / "v1" / "cache.db").write_bytes(noisy(content, seed, size, in_place))
        with store_in(directory) as store:
            found = store.verify()
            answers = store.get_many(PAGE)
            assert {json.loads(body)["id"] for body in answers.values()} <= set(NUMBERS)
            assert believed(answers) == PAGE or not found.sound
            store.set_many(PAGE)
            assert len(believed(store.get_many(PAGE))) > len(PAGE) - 20
            store.clear()
            store.set_many(PAGE)
            assert store.get_many(PAGE) == PAGE
            assert store.trouble is None
            found = store.verify()
            assert (found.sound, found.entries) == (True, len(PAGE))

    check()


def noisy(content, seed, size, in_place):
    """Return a content with noise in place of some of it, or between."""
    chance = random.Random(seed)
    start = chance.randrange(len(content))
    noise = chance.randbytes(min(size, len(content) - start))
    return content[:start] + noise + content[start + (len(noise) if in_place else 0) :]


def test_rows_are_seen_while_others_write(directory, database):
    with store_in(directory) as writer:
        writer.set_many({f"{REALM} nct:NCT05066646": b'{"id": "NCT05066646"}'})
        with store_in(directory, create=False) as store:
            assert store.verify() == Inspection(entries=len(PAGE) + 1)
    assert [file.name for file in database.parent.iterdir()] == ["cache.db"]


def test_files_set_aside_are_named(directory, database):
    names = ["cache.db.bad-20261122T120000Z", "cache.db.bad-20261122T120000Z-wal"]
    for name in [*names, "cache.db.bad-mine", "other"]:
        (database.parent / name).write_bytes(b"x")
    assert looked_at(directory) == Inspection(entries=len(PAGE), set_aside=tuple(names))


def test_a_newer_schema_has_a_directory_of_its_own(directory, database):
    newer = directory / "v2" / "cache.db"
    newer.parent.mkdir()
    newer.write_bytes(b"what the next release means")
    with store_in(directory) as store:
        assert store.get_many(PAGE) == PAGE
        assert store.prune(max_bytes=0).entries == len(PAGE)
        store.clear()
    assert newer.read_bytes() == b"what the next release means"


LAYOUTS = {
    "other columns": ["CREATE TABLE Cache (id, body)", "CREATE TABLE Settings (name)"],
    "a column less": ["ALTER TABLE Cache DROP COLUMN store_time"],
    "a table less": ["DROP TABLE Cache", "CREATE VIEW Cache AS SELECT * FROM Settings"],
    "other settings": ["DROP TABLE Settings", "CREATE TABLE Settings (name)"],
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_database_of_another_layout_is_set_aside(directory, database, caplog, layout):
    if layout == "other columns":
        database.unlink()
    altered(database, *((statement, ()) for statement in LAYOUTS[layout]))
    with store_in(directory) as store:
        store.set_many(PAGE)
        assert store.get_many(PAGE) == PAGE
        assert store.trouble is None
    assert len(list(database.parent.glob("cache.db.bad-*Z"))) == len(caplog.records) == 1


@pytest.mark.skipif(os.name != "posix", reason="permission bits")
def test_a_place_that_must_not_be_used_is_not_looked_at(directory, database):
    directory.chmod(0o777)
    assert "can be written by other users" in looked_at(directory).trouble


# Prune


def aged(database, days):
    """Make the rows of a database so many days old, in order."""
    update = "UPDATE Cache SET store_time = unixepoch() - ? WHERE rowid = ?"
    altered(database, *((update, (age * DAY, row)) for row, age in enumerate(days, 1)))


def test_what_is_older_goes(directory):
    keys = [f"row {number}" for number in range(6)]
    with store_in(directory) as store:
        store.set_many(dict.fromkeys(keys, b"{}"))
        aged(store.database, [400, 31, 29, 0, -400, 31])
        assert store.prune(older_than=timedelta(days=30)).entries == 3
        assert list(store.keys()) == ["row 2", "row 3", "row 4"]
        assert store.prune(older_than=30 * DAY).entries == 0
        assert store.prune(older_than=0).entries == 2, "that of a day to come stays"


@pytest.mark.parametrize("time", [None, "text", b"blob", "-9e999"])
def test_a_row_without_a_time_is_the_oldest(directory, time):
    with store_in(directory) as store:
        store.set_many({"odd": b"{}", "other": b"{}"})
        altered(store.database, ("UPDATE Cache SET store_time = ? WHERE rowid = 1", (time,)))
        assert store.prune(older_than=timedelta(days=10_000)).entries == 1
        assert list(store.keys()) == ["other"]


@pytest.mark.parametrize("most", [100_000, 500_000, 900_000])
def test_the_oldest_make_room(directory, most):
    entries = {f"row {number}": os.urandom(100 + 40 * number) for number in range(200)}
    with store_in(directory) as store:
        store.set_many(entries)
        aged(store.database, [number % 7 for number in range(200)])
        by_age = sorted(range(200), key=lambda number: (-(number % 7), number))
        before = store.info()["bytes"]
        pruned = store.prune(max_bytes=most)
        kept = {f"row {number}" for number in by_age[pruned.entries :]}
        assert set(store.keys()) == kept
        assert store.get_many(entries) == {key: entries[key] for key in kept}
        assert 0.8 * most < store.info()["bytes"] <= most
        assert pruned.bytes == before - store.info()["bytes"]
        assert store.prune(max_bytes=most) == Pruned(0, 0, 0)
    assert store.database.stat().st_size <= most


def test_both_limits_hold(directory):
    with store_in(directory) as store:
        store.set_many({f"row {number}": os.urandom(5000) for number in range(100)})
        aged(store.database, range(100))
        assert store.prune(older_than=60 * DAY, max_bytes=10**9).entries == pytest.approx(40, abs=1)
        assert store.prune(older_than=60 * DAY, max_bytes=100_000).entries > 20
        assert "row 0" in list(store.keys())


@pytest.mark.parametrize("attack", ATTACKS)
def test_pruning_planted_rows_removes_nothing_else(directory, database, attack):
    victim, canary = planted(database, attack)
    content = victim.read_bytes()
    with store_in(directory) as store:
        assert store.prune(max_bytes=0).entries == len(PAGE) + 1
        assert list(store.keys()) == []
        assert store.info()["bytes"] < 50_000
    assert not canary.exists()
    assert victim.read_bytes() == content


def test_files_set_aside_go_first_or_when_they_are_old(directory, database):
    aside = database.with_name("cache.db.bad-20261122T120000Z")
    for settings_, age, left in (
        ({"older_than": 30 * DAY}, 29, True),
        ({"older_than": 30 * DAY}, 31, False),
        ({"max_bytes": 10**9}, 0, False),
    ):
        aside.write_bytes(bytes(1000))
        now = database.stat().st_mtime
        os.utime(aside, (now - age * DAY, now - age * DAY))
        with store_in(directory) as store:
            pruned = store.prune(**settings_)
        assert (pruned.files, aside.exists()) == (0 if left else 1, left)
        assert pruned.bytes == (0 if left else 1000)
        assert pruned.entries == 0


def test_others_that_read_do_not_cost_more_rows(directory):
    with store_in(directory) as store:
        store.set_many({f"row {number}": os.urandom(5000) for number in range(100)})
        with closing(sqlite3.connect(store.database, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM Cache").fetchall()
            pruned = store.prune(max_bytes=300_000)
            assert 40 < pruned.entries < 60
            assert store.trouble is None
        store.prune(max_bytes=300_000)
        assert store.info()["bytes"] <= 300_000
        assert len(list(store.keys())) == 100 - pruned.entries


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({}, "without a limit"),
        ({"older_than": timedelta(days=-1)}, "older_than= is below zero"),
        ({"older_than": -1}, "older_than= is below zero"),
        ({"older_than": float("nan")}, "older_than= is below zero"),
        ({"max_bytes": -1}, "max_bytes= is below zero"),
    ],
)
def test_a_limit_must_be_one(directory, given, complaint):
    with store_in(directory) as store, pytest.raises(ValueError, match=complaint):
        store.prune(**given)
    assert not directory.exists()


def test_a_cache_that_cannot_be_used_is_not_pruned(directory, database):
    database.write_bytes(b"garbage" * 1000)
    with store_in(directory, create=False) as store:
        assert store.prune(max_bytes=0) == Pruned(0, 0, 0)
        assert store.trouble == "file is not a database"
    assert database.read_bytes() == b"garbage" * 1000


# From the command line


def test_verify_says_that_all_is_whole(run, directory, database):
    code, out, err = run("cache", "verify", "--cache-dir", str(directory))
    assert (code, out, err) == (0, "200 answers whole, 0 damaged\n", "")


def test_verify_names_what_is_damaged_and_what_to_do(run, directory, database):
    key = f"{REALM} nct:NCT05066646"
    with store_in(directory) as store:
        store.set_many({key: b"{}", "\x1b[2Jcleared": b"no JSON"})
    (database.parent / "cache.db.bad-20261122T120000Z").write_bytes(b"")
    code, out, err = run("cache", "verify", "--cache-dir", str(directory))
    assert code == 1
    assert out == (
        "200 answers whole, 2 damaged\n"
        f"  {key}: its value is of another number than its key\n"
        "  [2Jcleared: its value is no JSON\n"
        "  cache.db.bad-20261122T120000Z was set aside as damaged; prune --max-bytes removes it\n"
    )
    assert err.startswith(f"trialink: cache {directory / 'v1'}: damaged answers count as missing")
    assert err.endswith("`trialink cache clear` removes them with all others\n")


def test_verify_names_twenty_and_counts_the_rest(run, directory):
    with store_in(directory) as store:
        store.set_many({f"{REALM} nct:{number}": b"{}" for number in NUMBERS[:30]})
    _, out, _ = run("cache", "verify", "--cache-dir", str(directory))
    assert len(out.splitlines()) == 22
    assert out.endswith("\n  and 10 more\n")


def test_clear_removes_even_what_is_no_database(run, directory, database):
    database.write_bytes(b"garbage" * 1000)
    code, _, err = run("cache", "verify", "--cache-dir", str(directory))
    assert code == 1
    assert "file is not a database" in err
    code, out, err = run("cache", "clear", "--cache-dir", str(directory))
    assert (code, out) == (0, "0 answers removed\n")
    assert [file.name for file in database.parent.iterdir()] == ["cache.db"]
    assert run("cache", "verify", "--cache-dir", str(directory))[0] == 0


def test_prune_says_what_it_removed(run, directory, database):
    aged(database, [40] * 150 + [10] * 50)
    (database.parent / "cache.db.bad-20261122T120000Z").write_bytes(b"x" * 1000)
    code, out, err = run("cache", "prune", "--older-than", "30", "--cache-dir", str(directory))
    assert (code, err) == (0, "")
    assert out.startswith("150 answers removed, ")
    assert out.endswith(" bytes given back; 50 answers kept\n")
    code, out, err = run("cache", "prune", "--max-bytes", "0", "--cache-dir", str(directory))
    assert (code, err) == (0, "")
    assert out.startswith("1 file removed that had been set aside as damaged\n50 answers removed, ")
    assert out.endswith(" bytes given back; 0 answers kept\n")


def test_prune_tells_why_it_cannot(run, directory, database):
    database.write_bytes(b"garbage" * 1000)
    code, out, err = run("cache", "prune", "--max-bytes", "0", "--cache-dir", str(directory))
    assert (code, out) == (1, "")
    assert err == f"trialink: cache {directory / 'v1'}: file is not a database\n"


@pytest.mark.parametrize("action", ["verify", "prune", "clear", "info", "path"])
def test_looking_after_nothing_makes_nothing(run, directory, action):
    limit = ["--max-bytes", "0"] if action == "prune" else []
    code, out, err = run("cache", action, *limit, "--cache-dir", str(directory))
    assert (code, err) == (0, "")
    assert out
    assert not directory.exists()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["prune"], "prune, and nothing else, takes --older-than or --max-bytes or both"),
        (["clear", "--older-than", "3"], "prune, and nothing else, takes"),
        (["prune", "--older-than", "-3"], "'-3' is no whole number of 1 to 12 digits"),
        (["prune", "--max-bytes", "1e6"], "'1e6' is no whole number of 1 to 12 digits"),
        (["prune", "--max-bytes", "9" * 5000], "is no whole number of 1 to 12 digits"),
    ],
    ids=["no limit", "another action", "below zero", "no number", "too many digits"],
)
def test_limits_are_whole_numbers_and_for_pruning(run, arguments, complaint):
    code, _, err = run("cache", *arguments)
    assert code == 2
    assert complaint in err
