"""A store on disk survives whatever is done to its files, and carries out nothing that they say.

The rules of the cache, and the tests that show each:

1. Rows are plain or refused: planted rows, here; the same without any pickle, test_security.
2. Settings are ours and nothing is evicted: what the file says of settings, here.
3. Places are trusted or not used: directories that cannot be trusted, paths as written, here.
4. Schemas, keys and bodies belong together: test_cache_upkeep, test_resolving, and the caches of
   all releases, test_sample_caches.
5. A page is kept in one transaction: kills and interrupts, test_crashes; each statement of a
   transaction interrupted, test_cache.
6. Trouble is survived, told once, and damage set aside: damage, disks that cannot be written,
   whichever statement fails, here; a hundred kinds of noise, test_cache_upkeep.
7. Processes do not share what is open: forks, test_cache; fork, spawn, forkserver, test_crashes.
8. There are five methods, memory, none, and reading alone: test_cache; read-only directories, here.
9. The security note is so: test_security.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import textwrap
import threading
from contextlib import closing, contextmanager
from pathlib import Path

import diskcache
import pytest
from conftest import store_in
from planted_rows import ATTACKS, altered, planted

from trialink.cache import opened
from trialink.cache_disk import FrozenRows, set_aside
from trialink.cache_upkeep import Pruned

POSIX = pytest.mark.skipif(
    os.name != "posix", reason="not so here: permission bits, renaming open files"
)
FOREIGN = 65534  # an account that owns nothing
PAGE = {f"nct:NCT{number:08}": b"record %d " % number * 50 for number in range(7007, 9607, 13)}
CONNECT = sqlite3.connect  # some tests put a worse one in its place


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


# Rows that another has written


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_planted_row_is_a_counted_miss_until_it_is_replaced(directory, database, attack):
    victim, canary = planted(database, attack)
    content = victim.read_bytes()
    with store_in(directory) as store:
        assert store.get_many(["planted", *PAGE]) == PAGE
        assert set(store.keys()) - set(PAGE) <= {"planted"}
        assert store.refused == 1
        store.set_many({"planted": b"mine"})
        assert store.get_many(["planted"]) == {"planted": b"mine"}
        assert store.trouble is None
    assert not canary.exists()
    assert victim.read_bytes() == content


@pytest.mark.parametrize("attack", ATTACKS)
def test_forgetting_a_planted_row_removes_nothing_else(directory, database, attack):
    for forget in (lambda store: store.delete(["planted"]), lambda store: store.clear()):
        victim, canary = planted(database, attack)
        content = victim.read_bytes()
        with store_in(directory) as store:
            forget(store)
            assert store.get_many(["planted"]) == {}
            assert store.trouble is None
        assert not canary.exists()
        assert victim.read_bytes() == content
    with store_in(directory) as store:
        assert list(store.keys()) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the peak from /proc")
@pytest.mark.parametrize("attack", ["seventy megabytes", "three hundred megabytes"])
def test_a_row_that_blows_up_takes_little_memory(directory, database, attack):
    planted(database, attack)
    script = """
        import re, sys
        from pathlib import Path
        from trialink.cache import DiskStore
        def peak():
            return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
        store = DiskStore(sys.argv[1])
        store.get_many(["missing"])
        before = peak()
        assert store.get_many(["planted"]) == {}
        assert store.refused == 1
        assert len(store.verify().bad) == 201
        print(peak() - before)
        store.close()
        """
    command = [sys.executable, "-c", textwrap.dedent(script), str(directory)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 100 * 1024


@pytest.mark.parametrize("attack", ["pickle in the value", "pickle in a file", "pickle as the key"])
def test_the_traps_are_armed(directory, database, attack):
    _, canary = planted(database, attack)
    with closing(diskcache.Cache(directory / "v1")) as unguarded:
        list(unguarded)
        unguarded.get("planted")
    assert canary.exists()


def test_what_the_file_says_of_settings_is_not_taken(directory, database, content, tmp_path):
    elsewhere = tmp_path / "elsewhere" / "cache.db"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(content)
    foreign = {
        "_directory": str(elsewhere.parent),
        "_timeout": 1e9,
        "close": "x",
        "disk_unknown": 1,
        "sqlite_unknown": "x; y",
        "sqlite_journal_mode": "x y",
        "eviction_policy": "least-recently-stored",
        "size_limit": 1,
        "cull_limit": 1000,
        "count": "many",
    }
    insert = "INSERT OR REPLACE INTO Settings VALUES (?, ?)"
    altered(database, *((insert, setting) for setting in foreign.items()))
    for name in ("first", "second"):
        with store_in(directory) as store:
            assert store.get_many(PAGE) == PAGE
            store.set_many({name: b"1"})
            assert store.trouble is None
    with store_in(directory) as store:
        assert list(store.keys()) == [*PAGE, "first", "second"]
    assert elsewhere.read_bytes() == content


# Damage


def cut(content):
    return content[: len(content) // 2]


def noisy(content, *, seed, size=8192):
    chance = random.Random(seed)
    start = chance.randrange(100, max(101, len(content) - size))
    return content[:start] + chance.randbytes(size) + content[start + size :]


DAMAGE = (
    {
        "length zero": lambda content: b"",
        "garbage in the header": lambda content: b"garbage" * 20 + content[140:],
        "garbage all over": lambda content: b"garbage" * 1000,
        "cut in half": cut,
        "cut in the first page": lambda content: content[:1000],
        "one byte": lambda content: b"S",
    }
    | {f"noise {n}": lambda content, n=n: noisy(content, seed=n) for n in range(12)}
    | {f"specks {n}": lambda content, n=n: noisy(content, seed=n, size=9) for n in range(12)}
)


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_shows_as_misses_alone(directory, database, damage, caplog):
    database.write_bytes(DAMAGE[damage](database.read_bytes()))
    for _ in range(2):
        with store_in(directory) as store:
            assert store.get_many(PAGE).items() <= PAGE.items()
            store.set_many(PAGE)
            assert store.get_many(PAGE) == PAGE
            assert len(list(store.keys())) > len(PAGE) // 2
            assert store.trouble is None
    aside = list(database.parent.glob("cache.db.bad-*Z"))
    assert len(aside) == len(caplog.records) <= 1


@POSIX
def test_damage_met_by_two_that_read_is_mended_once(directory, database, caplog):
    with store_in(directory) as one, store_in(directory) as other:
        for each in (one, other):
            assert each.get_many([]) == {}  # opens it
        with database.open("r+b") as file:
            file.seek(4096)
            file.write(random.Random(1).randbytes(database.stat().st_size - 4096))
        for each, name in ((one, "one"), (other, "other")):
            assert each.get_many(PAGE) == {}
            each.set_many({name: b"1"})
            assert each.trouble is None
        assert set(other.keys()) == set(one.keys()) == {"one", "other"}
    assert len(list(database.parent.glob("cache.db.bad-*Z"))) == len(caplog.records) == 1


@POSIX
def test_a_database_that_is_cut_short_under_a_reader_is_mended(directory, database):
    with store_in(directory) as store:
        assert store.get_many([]) == {}
        os.truncate(database, 4096)
        assert store.get_many(PAGE) == {}
        store.set_many(PAGE)
        assert store.get_many(PAGE) == PAGE
        assert store.trouble is None


def test_a_database_is_set_aside_with_the_logs_beside_it(tmp_path):
    content = {"cache.db": b"1", "cache.db-wal": b"2", "cache.db-shm": b"3"}
    for name, beside in content.items():
        (tmp_path / name).write_bytes(beside)
    bad = set_aside(tmp_path / "cache.db")
    assert re.fullmatch(r"cache\.db\.bad-\d{8}T\d{6}Z", bad)
    found = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert found == {bad: b"1", f"{bad}-wal": b"2", f"{bad}-shm": b"3"}


def test_a_database_of_somebody_else_is_set_aside(directory, database):
    altered(
        database,
        ("DROP TABLE Settings", ()),
        ("CREATE TABLE Settings (key, value)", ()),
        ("INSERT INTO Settings VALUES ('count', 1), ('count', 2)", ()),
    )
    with store_in(directory) as store:
        store.set_many(PAGE)
        assert store.get_many(PAGE) == PAGE
        assert store.trouble is None
    assert len(list(database.parent.glob("cache.db.bad-*Z"))) == 1


def test_what_a_damaged_database_says_does_not_reach_a_terminal(directory, database, caplog):
    trick = b"CREATE TABLE \x1b]0;x\x07\xe2\x80\xae ("
    content = database.read_bytes()
    start = content.index(b"CREATE TABLE Cache")
    database.write_bytes(content[:start] + trick + content[start + len(trick) :])
    with store_in(directory) as store:
        store.set_many(PAGE)
        assert store.get_many(PAGE) == PAGE
    (message,) = caplog.messages
    assert message.isprintable()
    assert "malformed database schema" in message


def test_a_database_that_stays_damaged_is_given_up(directory, database, caplog, monkeypatch):
    def damaged(*arguments, **options):
        raise sqlite3.DatabaseError("file is not a database")

    monkeypatch.setattr(sqlite3, "connect", damaged)
    with store_in(directory) as store:
        store.set_many(PAGE)
        assert store.get_many(PAGE) == PAGE, "in memory"
        assert store.trouble == "file is not a database"
    assert len(caplog.records) == 2, "set aside, and given up"


def test_offline_a_damaged_database_is_left_as_it_is(directory, database):
    database.write_bytes(b"garbage" * 1000)
    with closing(opened(directory, create=False)) as store:
        assert store.get_many(PAGE) == {}
        assert store.trouble == "file is not a database"
    assert [file.name for file in database.parent.iterdir()] == ["cache.db"]
    assert database.read_bytes() == b"garbage" * 1000


# Disks that cannot be written


def worse(monkeypatch, change):
    """Let every connection of sqlite3 go through `change` first."""

    def connect(*arguments, **options):
        connection = CONNECT(*arguments, **options)
        change(connection)
        return connection

    monkeypatch.setattr(sqlite3, "connect", connect)


def test_a_full_disk_takes_no_more_and_is_still_read(directory, database, caplog, monkeypatch):
    worse(monkeypatch, lambda connection: connection.execute("PRAGMA max_page_count = 1"))
    more = {f"more {number}": os.urandom(5000) for number in range(50)}
    with store_in(directory) as store:
        assert store.get_many(PAGE) == PAGE
        store.set_many(more)
        assert store.get_many([*PAGE, *more]) == PAGE | more
        assert set(store.keys()) == PAGE.keys() | more.keys()
        assert store.trouble == "database or disk is full"
        assert len(caplog.records) == 1
    with store_in(directory) as store:
        assert store.get_many([*PAGE, *more]) == PAGE, "a page is kept or not"


@pytest.mark.parametrize("first", ["get_many", "set_many"])
def test_another_that_writes_is_not_waited_for_long(directory, database, caplog, first):
    other = CONNECT(database, isolation_level=None, check_same_thread=False)
    too_late = threading.Timer(30, other.rollback)
    with store_in(directory) as store, closing(other):
        if first == "set_many":
            assert store.get_many(PAGE) == PAGE
        other.execute("BEGIN IMMEDIATE")
        too_late.start()
        store.set_many({"new": b"1"})
        assert store.get_many(["new"]) == {"new": b"1"}
        assert store.get_many(PAGE) == ({} if first == "get_many" else PAGE)
        assert store.trouble == "database is locked"
        too_late.cancel()
    assert len(caplog.records) == 1


@contextmanager
def ordinary_user():
    """Be nobody in particular for a while, if now root, who may write anywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(FOREIGN)
    try:
        yield
    finally:
        os.seteuid(0)


@POSIX
@pytest.mark.parametrize("create", [True, False])
def test_a_read_only_directory_is_read(content, caplog, create):
    with tempfile.TemporaryDirectory() as root:  # not below tmp_path, which only root may enter
        directory = Path(root, "cache")
        (directory / "v1").mkdir(parents=True)
        database = directory / "v1" / "cache.db"
        database.write_bytes(content)
        for path, mode in ((database, 0o444), (database.parent, 0o555), (directory, 0o555)):
            path.chmod(mode)
        Path(root).chmod(0o755)
        with ordinary_user(), closing(opened(directory, create=create)) as store:
            assert store.get_many(["missing", *PAGE]) == PAGE
            store.set_many({"new": b"1"})
            assert store.get_many(["new"]) == {"new": b"1"}
            assert list(store.keys()) == [*PAGE, "new"]
            assert store.info()["entries"] == len(PAGE) + 1
            found = store.verify()
            assert (found.trouble, len(found.bad)) == (None, len(PAGE)), "read, and no JSON"
            assert store.prune(max_bytes=0) == Pruned(0, 0, 0), "the disk is as it was"
            gone = next(iter(PAGE))
            assert store.delete(["new", gone, "missing"]) == 2
            assert store.get_many(["new", gone]) == {}
            assert store.clear() == len(PAGE) - 1
            assert list(store.keys()) == []
            assert "readonly" in store.trouble
        assert len(caplog.records) == 1
        assert [file.name for file in database.parent.iterdir()] == ["cache.db"]


@POSIX
@pytest.mark.parametrize("attack", ATTACKS)
def test_planted_rows_of_a_database_that_is_only_read_are_misses(database, attack):
    refused = []
    victim, canary = planted(database, attack)
    rows = FrozenRows(database, lambda: refused.append(attack))
    assert rows.read(["planted", *PAGE]) == PAGE
    assert set(rows.known()) - set(PAGE) <= {"planted"}
    assert len(refused) == 1
    assert victim.exists()
    assert not canary.exists()


FAULTS = {
    "input or output": (sqlite3.OperationalError("disk I/O error"), sqlite3.SQLITE_IOERR),
    "damage": (sqlite3.DatabaseError("malformed"), sqlite3.SQLITE_CORRUPT),
    "full": (sqlite3.OperationalError("disk is full"), sqlite3.SQLITE_FULL),
    "read-only": (sqlite3.OperationalError("readonly"), sqlite3.SQLITE_READONLY),
    "memory": (MemoryError(), 0),
}


@pytest.mark.parametrize(
    ("fault", "lasting"),
    [*((fault, False) for fault in FAULTS), ("damage", True), ("input or output", True)],
)
def test_whichever_statement_fails_the_answers_stand(directory, fault, lasting, monkeypatch):
    error, code = FAULTS[fault]
    error.sqlite_errorcode = code
    count, failing = 0, 1

    class Faulty(sqlite3.Connection):
        def execute(self, *arguments):
            nonlocal count
            count += 1
            if count == failing or (lasting and count > failing):
                raise error
            return super().execute(*arguments)

    monkeypatch.setattr(
        sqlite3, "connect", lambda *given, **more: CONNECT(*given, **more, factory=Faulty)
    )
    while count == 0 or count >= failing:  # else no statement was left to fail
        failing, count = failing + 5, 0
        place = directory / f"{failing}"
        with store_in(place) as store:
            store.set_many({"a": b"1", "b": b"2"})
            assert store.get_many(["a", "b"]).items() <= {"a": b"1", "b": b"2"}.items()
            store.set_many({"a": b"3"})
            assert store.get_many(["a"]) in ({}, {"a": b"3"})
            assert store.delete(["b"]) <= 1
            assert set(store.keys()) <= {"a"}
            assert store.clear() <= 1
            assert list(store.keys()) == []
        assert list(place.glob("v1/*.bad-*")) == [] or fault == "damage"
    assert failing > 80


# Directories that cannot be trusted


@POSIX
def test_directories_are_made_for_their_owner_alone(tmp_path):
    with store_in(tmp_path / "new" / "cache") as store:
        store.set_many(PAGE)
    made = [path for path in tmp_path.rglob("*") if path.is_dir()]
    assert [stat.S_IMODE(path.stat().st_mode) for path in made] == [0o700] * 3


def shared_above(directory):
    directory.parent.chmod(0o777)


def shared(directory):
    directory.mkdir(exist_ok=True)
    directory.chmod(0o777)


def shared_with_group(directory):
    directory.mkdir(exist_ok=True)
    directory.chmod(0o770)


def shared_within(directory):
    (directory / "v1").mkdir(exist_ok=True, parents=True)
    (directory / "v1").chmod(0o1777)


def of_another(directory):
    if os.geteuid() != 0:
        pytest.skip("only root can give a directory away")
    directory.mkdir(exist_ok=True)
    os.chown(directory, FOREIGN, FOREIGN)


def linked_database(directory):
    (directory / "v1").mkdir(exist_ok=True, parents=True)
    (directory / "v1" / "cache.db").unlink(missing_ok=True)
    (directory / "v1" / "cache.db").symlink_to(directory.parent / "victim")


def linked_log(directory):
    (directory / "v1").mkdir(exist_ok=True, parents=True)
    (directory / "v1" / "cache.db-wal").symlink_to(directory.parent / "victim")


def linked_directory(directory):
    (directory.parent / "elsewhere").mkdir()
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(mode=0o700)
    (directory / "v1").symlink_to(directory.parent / "elsewhere")


UNTRUSTED = {
    shared_above: "can be written by other users",
    shared: "can be written by other users",
    shared_with_group: "can be written by other users",
    shared_within: "can be written by other users",
    of_another: "belongs to another user",
    linked_database: "is a symbolic link",
    linked_log: "is a symbolic link",
    linked_directory: "is a symbolic link",
}


@POSIX
@pytest.mark.parametrize("filled", [False, True], ids=["new", "filled"])
@pytest.mark.parametrize("spoil", UNTRUSTED, ids=lambda spoil: spoil.__name__)
def test_a_place_where_others_can_plant_is_not_used(tmp_path, content, caplog, spoil, filled):
    directory = tmp_path / "root" / "cache"
    directory.parent.mkdir(mode=0o700)
    if filled:
        (directory / "v1").mkdir(parents=True)
        (directory / "v1" / "cache.db").write_bytes(content)
    spoil(directory)
    before = sorted(directory.parent.rglob("*"))
    with store_in(directory) as store:
        assert store.get_many(PAGE) == {}
        store.set_many(PAGE)
        assert store.get_many(PAGE) == PAGE, "in memory"
        assert re.search(UNTRUSTED[spoil], store.trouble)
    assert len(caplog.records) == 1
    assert sorted(directory.parent.rglob("*")) == before


@POSIX
def test_a_sticky_directory_for_all_may_hold_ours(tmp_path):
    tmp_path.chmod(0o1777)
    with store_in(tmp_path / "cache") as store:
        store.set_many(PAGE)
        assert store.trouble is None


def test_a_path_that_cannot_be_made_is_survived(tmp_path, caplog):
    (tmp_path / "file").write_text("")
    with store_in(tmp_path / "file" / "cache") as store:
        store.set_many(PAGE)
        assert store.get_many(PAGE) == PAGE
        assert store.trouble
    assert len(caplog.records) == 1


@pytest.mark.parametrize("name", ["$TRIALINK_X", "${TRIALINK_X}", "%TRIALINK_X%", "~", "a?b#c%41"])
def test_a_path_is_taken_as_it_is_written(tmp_path, monkeypatch, name):
    if os.name == "nt" and "?" in name:
        pytest.skip("no file can have this name here")
    monkeypatch.setenv("TRIALINK_X", "expanded")
    monkeypatch.chdir(tmp_path)
    with store_in(name) as store:
        store.set_many(PAGE)
    assert [path.name for path in tmp_path.rglob("*")] == [name, "v1", "cache.db"]
