"""Stores keep what they are given, whatever threads and forks do meanwhile; see test_crashes."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import textwrap
import threading
from contextlib import closing, suppress
from pathlib import Path

import platformdirs
import pytest
from conftest import store_in
from hypothesis import given, settings
from hypothesis import strategies as st

from trialink.cache import DiskStore, MemoryStore, Store, default_directory, opened
from trialink.model.default import DEFAULT

FORK = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes do not fork here")
DESCRIPTORS = Path("/proc/self/fd")
PAGE = {f"nct:NCT{number:08}": b"record %d " % number * 50 for number in range(7007, 9607, 13)}


def filled(directory, entries=PAGE):
    """Write a cache; return the path of its database."""
    with store_in(directory) as store:
        store.set_many(entries)
        assert store.trouble is None
    return store.database


def run(script, *arguments, **options):
    """Run a script in a fresh interpreter; return what it prints."""
    command = [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


# What a store is


@pytest.fixture(params=["memory", "disk"])
def store(request, directory):
    with closing(MemoryStore() if request.param == "memory" else DiskStore(directory)) as made:
        yield made


def test_a_store_returns_what_it_was_given(store):
    assert isinstance(store, Store)
    assert store.get_many(["a"]) == {}
    store.set_many({"a": b"1", "b": b"", "c": b"\x00\xff"})
    store.set_many({"a": b"2"})
    store.set_many({})
    assert store.get_many(["c", "a", "a", "missing"]) == {"a": b"2", "c": b"\x00\xff"}
    assert list(store.keys()) == ["a", "b", "c"]
    assert store.delete(["a", "a", "missing"]) == 1
    assert store.delete([]) == 0
    assert list(store.keys()) == ["b", "c"]
    assert store.get_many(iter(["a", "b"])) == {"b": b""}


@pytest.mark.parametrize(
    ("verb", "argument", "complaint"),
    [
        ("get_many", "NCT05066646", "not one str"),
        ("get_many", [b"key"], "a key is a str, not bytes"),
        ("delete", [("nct", "NCT05066646")], "a key is a str, not tuple"),
        ("set_many", {1: b""}, "a key is a str, not int"),
        ("set_many", {"key": "text"}, "an entry is bytes, not str"),
        ("set_many", {"key": bytearray(b"")}, "an entry is bytes, not bytearray"),
    ],
)
def test_a_store_takes_texts_and_bytes_alone(store, verb, argument, complaint):
    with pytest.raises(TypeError, match=complaint):
        getattr(store, verb)(argument)
    with pytest.raises(ValueError, match="surrogates"):
        store.get_many(["\ud800"])


KEYS = st.text(max_size=12) | st.sampled_from(["a", "b", "nct:NCT05066646", "a\x00b", "$HOME"])
STEPS = st.lists(
    st.tuples(st.just("set_many"), st.dictionaries(KEYS, st.binary(max_size=300), max_size=4))
    | st.tuples(st.sampled_from(["get_many", "delete"]), st.lists(KEYS, max_size=4)),
    max_size=12,
)


def test_both_stores_are_the_same_store(directory):
    with store_in(directory) as disk:

        @settings(max_examples=80, deadline=None)
        @given(STEPS)
        def check(steps):
            disk.clear()
            memory = MemoryStore()
            for verb, argument in steps:
                assert getattr(disk, verb)(argument) == getattr(memory, verb)(argument)
                assert list(disk.keys()) == list(memory.keys())
            known = list(memory.keys())
            assert disk.get_many(known) == memory.get_many(known)

        check()
        assert (disk.refused, disk.trouble) == (0, None)


def test_large_entries_stay_in_the_one_database(directory):
    entries = {"noise": random.Random(1).randbytes(2**20), "blanks": b" " * 2**22}
    database = filled(directory, entries)
    with store_in(directory) as store:
        assert store.get_many(entries) == entries
    assert [path.name for path in database.parent.iterdir()] == ["cache.db"]


# Which store is meant


def test_each_form_of_the_argument_opens_its_store(directory, tmp_path, monkeypatch):
    monkeypatch.setenv("TRIALINK_CACHE_DIR", str(tmp_path / "named"))
    assert opened(None) is None
    assert opened(None, create=False) is None
    memory = MemoryStore()
    assert opened(memory, create=False) is memory
    assert opened(directory).path == opened(str(directory)).path == directory / "v1"
    assert opened(DEFAULT).path == tmp_path / "named" / "v1"
    assert list(tmp_path.iterdir()) == [], "nothing is made before the first use"


@pytest.mark.parametrize("wrong", [True, 0, b"cache", {}, MemoryStore], ids=repr)
def test_what_is_no_cache_is_a_type_error(wrong):
    with pytest.raises(TypeError, match=r"a directory \(str or Path\), a Store, DEFAULT or None"):
        opened(wrong)


def test_an_empty_path_is_no_directory():
    with pytest.raises(ValueError, match="empty path"):
        opened("")


def test_the_directory_is_that_of_the_environment_else_that_of_the_user(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRIALINK_CACHE_DIR", "here")
    assert default_directory() == tmp_path / "here"
    for unset in ("", None):
        monkeypatch.setenv("TRIALINK_CACHE_DIR", unset or "")
        assert default_directory() == Path(platformdirs.user_cache_dir("trialink"))
        monkeypatch.delenv("TRIALINK_CACHE_DIR")
    assert default_directory().is_absolute()


def test_create_false_opens_what_exists_and_makes_nothing(directory, tmp_path):
    assert opened(directory, create=False) is None
    with store_in(directory, create=False) as store:
        assert store.get_many(PAGE) == {}
        store.set_many(PAGE)
        assert store.get_many(PAGE) == PAGE, "kept in memory"
        assert (store.delete(["a"]), store.clear()) == (0, len(PAGE))
    assert list(tmp_path.iterdir()) == []
    filled(directory)
    with closing(opened(directory, create=False)) as store:
        assert store.get_many(PAGE) == PAGE


def test_without_a_cache_nothing_of_it_is_imported():
    run(
        """
        import sys
        from trialink.cache import DiskStore, MemoryStore, opened
        from trialink.model.default import DEFAULT
        assert opened(None) is None
        opened("somewhere"), opened(MemoryStore()), opened(DEFAULT).close()
        loaded = {"diskcache", "sqlite3", "platformdirs", "pickle"} & set(sys.modules)
        assert not loaded, loaded
        """
    )


@pytest.mark.parametrize("missing", ["diskcache", "sqlite3"])
def test_without_diskcache_memory_serves_and_the_log_says_so_once(missing, directory):
    script = """
        import logging, sys
        sys.modules[sys.argv[1]] = None
        logging.basicConfig(format="%(message)s", stream=sys.stdout)
        from trialink.cache import DiskStore
        store = DiskStore(sys.argv[2])
        store.set_many({"a": b"1"})
        assert store.get_many(["a", "b"]) == {"a": b"1"}
        assert sys.argv[1] in store.trouble
        store.close()
        """
    assert run(script, missing, directory).count("new answers are kept in memory") == 1
    assert not directory.exists()


def test_without_platformdirs_memory_serves(caplog, monkeypatch):
    monkeypatch.delenv("TRIALINK_CACHE_DIR")
    monkeypatch.setitem(sys.modules, "platformdirs", None)
    assert isinstance(opened(DEFAULT), MemoryStore)
    assert [record.levelname for record in caplog.records] == ["WARNING"]


# The life of a store on disk


def test_close_ends_a_store(directory):
    filled(directory)
    for use in (lambda store: store.get_many(PAGE), lambda store: None):
        store = DiskStore(directory)
        use(store)
        store.close()
        store.close()
        for verb, argument in (("get_many", []), ("set_many", {}), ("delete", [])):
            with pytest.raises(ValueError, match="closed"):
                getattr(store, verb)(argument)


def test_info_and_clear_tell_and_empty(directory):
    with store_in(directory) as store:
        store.set_many(PAGE)
        before = store.info()
        assert list(before) == ["path", "entries", "bytes", "refused", "trouble"]
        assert before["path"] == str(directory / "v1")
        assert before["entries"] == len(PAGE) == store.clear()
        assert before["bytes"] > 10_000
        assert (before["refused"], before["trouble"]) == (0, None)
        assert store.info()["entries"] == 0
        assert store.clear() == 0


def test_a_store_that_nobody_closes_does_not_hold_up_the_end_of_the_process(directory):
    script = """
        import atexit, sys
        from trialink.cache import DiskStore
        store = DiskStore(sys.argv[1])
        store.set_many({"a": b"1"})
        atexit.register(lambda: (store.close(), print("closed")))
        """
    assert run(script, directory, timeout=60) == "closed\n"
    with store_in(directory) as store:
        assert store.get_many(["a"]) == {"a": b"1"}


def test_closing_while_others_ask_ends_every_question(directory):
    for _ in range(20):
        store, ended = DiskStore(directory), []

        def work(store=store, ended=ended):
            try:
                while True:
                    store.set_many({"a": b"1"})
            except (RuntimeError, ValueError) as error:
                ended.append(str(error))

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        store.close()
        for thread in threads:
            thread.join(timeout=60)
        assert len(ended) == 4, ended
        assert all(
            "closed" in text or "has ended" in text or "worker ended" in text for text in ended
        ), ended
        if DESCRIPTORS.is_dir():
            assert not open_files(directory)


def open_files(below):
    if not DESCRIPTORS.is_dir():
        pytest.skip("open files are listed on Linux only")
    links = []
    for descriptor in DESCRIPTORS.iterdir():
        with suppress(FileNotFoundError):
            links.append(descriptor.readlink())
    return [link for link in links if link.is_relative_to(below)]


def test_after_close_no_file_is_open_whoever_used_or_closes_it(directory):
    store = DiskStore(directory)
    store.set_many(PAGE)
    threads = [threading.Thread(target=store.get_many, args=(PAGE,)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert open_files(directory)
    closer = threading.Thread(target=store.close)
    closer.start()
    closer.join()
    assert not open_files(directory)


def test_eight_threads_share_a_store(directory):
    def work(worker):
        for page in range(10):
            mine = {f"{worker}:{page}:{entry}": os.urandom(99) for entry in range(5)}
            store.set_many(mine)
            assert store.get_many(mine) == mine
            kept.update(mine)

    kept = {}
    with store_in(directory) as store:
        threads = [threading.Thread(target=work, args=(worker,)) for worker in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert store.get_many(kept) == kept
        assert len(kept) == len(list(store.keys())) == 400
        assert store.trouble is None


@FORK
def test_a_store_works_on_both_sides_of_forks_while_threads_use_it(directory):
    script = """
        import os, sys, threading
        from pathlib import Path
        from trialink.cache import DiskStore
        store, over = DiskStore(sys.argv[1]), threading.Event()
        store.set_many({"parent": b"1"})

        def work():
            while not over.is_set():
                store.set_many({"busy": os.urandom(5000)})

        def child(number):
            descriptors = Path("/proc/self/fd")
            inherited = [os.readlink(d) for d in descriptors.glob("*") if os.path.exists(d)]
            assert not [path for path in inherited if "cache.db" in path], inherited
            assert store.get_many(["parent"]) == {"parent": b"1"}
            store.set_many({f"child {number}": b"2"})
            assert store.trouble is None, store.trouble
            store.close()

        thread = threading.Thread(target=work)
        thread.start()
        for number in range(10):
            if (process := os.fork()) == 0:
                status = 1
                try:
                    child(number)
                    status = 0
                finally:
                    os._exit(status)
            assert os.waitpid(process, 0)[1] == 0
        over.set()
        thread.join()
        names = [f"child {number}" for number in range(10)]
        assert list(store.get_many(names)) == names and store.trouble is None
        store.close()
        """
    run(script, directory, timeout=60)


# What may end in the middle


@pytest.mark.parametrize("statement", ["BEGIN", "INSERT", "COMMIT"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_an_interrupt_in_a_transaction_leaves_it_not_open(directory, monkeypatch, statement, when):
    class Interrupted(sqlite3.Connection):
        def execute(self, sql, *arguments):
            hit = armed and sql.startswith(statement) and armed.pop()
            if hit and when == "before":
                raise KeyboardInterrupt
            cursor = super().execute(sql, *arguments)
            if hit:
                raise KeyboardInterrupt
            return cursor

    connect, armed = sqlite3.connect, []
    monkeypatch.setattr(
        sqlite3, "connect", lambda *given, **more: connect(*given, **more, factory=Interrupted)
    )
    with store_in(directory) as store:
        store.set_many({"before": b"1"})
        armed.append(True)
        with pytest.raises(KeyboardInterrupt):
            store.set_many({"a": b"2", "b": b"2"})
        assert not armed
        with closing(connect(store.database, timeout=0, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")  # raises while somebody else is in a transaction
            other.execute("ROLLBACK")
        store.set_many({"after": b"3"})
        found = store.get_many(["before", "a", "b", "after"])
        assert set(found) == {"before", "after"} | ({"a", "b"} if store.get_many(["a"]) else set())
        assert store.trouble is None
