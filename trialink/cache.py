"""Answers kept between runs: bytes go in under keys, and come out whole or not at all."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from functools import cache
from math import inf
from pathlib import Path
from threading import Event, get_ident
from weakref import WeakSet

from trialink.model.default import DEFAULT
from trialink.store import MemoryStore, Store, checked_entries, checked_keys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import timedelta
    from typing import Any, TypeVar

    from trialink.cache_disk import Trouble
    from trialink.cache_upkeep import Inspection, Pruned
    from trialink.model.default import Default
    from trialink.worker import Worker

    T = TypeVar("T")

__all__ = ["DiskStore", "MemoryStore", "Store", "default_directory", "opened"]

_LOG = logging.getLogger("trialink")
_SCHEMA = "v1"  # names the directory, so that no release reads what another meant otherwise


def opened(cache: Default | str | Path | Store | None, *, create: bool = True) -> Store | None:
    """Return the store that `cache` stands for; None means without.

    DEFAULT stands for `default_directory()`, a str or Path for a directory, a store for itself.
    With `create=False` nothing is made, and a directory without a cache gives None. Raises
    `TypeError` for anything else, `ValueError` for an empty path.
    """
    if cache is None or (isinstance(cache, Store) and not isinstance(cache, type)):
        return cache
    try:
        directory = default_directory() if cache is DEFAULT else cache
    except ImportError as error:
        _LOG.warning("cache: %s; answers are kept in memory", error)
        return MemoryStore()
    if not isinstance(directory, (str, Path)):
        kind = type(directory).__name__
        raise TypeError(f"cache is a directory (str or Path), a Store, DEFAULT or None, not {kind}")
    if directory == "":  # the directory that a program happens to run in is none for a cache
        raise ValueError("cache is an empty path: name a directory, or give None for no cache")
    store = DiskStore(directory, create=create)
    return store if create or _size(store.database) else None


def default_directory() -> Path:
    """Return TRIALINK_CACHE_DIR of the environment, else the user's cache directory; absolute."""
    if named := os.environ.get("TRIALINK_CACHE_DIR"):
        return Path(named).absolute()
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("trialink")).absolute()


class DiskStore:
    """A store on a local disk that never makes a look-up fail.

    It is opened on first use, and again after a fork. What cannot be read is a miss. When the disk
    cannot be used, entries are kept in memory, `trouble` says why, and the log says it once.
    `refused` counts rows met that are damaged or were not written by this library; the next entry
    under their key replaces them. A store that was closed raises `ValueError`.
    """

    def __init__(self, directory: str | Path, *, create: bool = True) -> None:
        self.path = Path(directory).resolve() / _SCHEMA
        self.refused = 0
        self.trouble: str | None = None
        self.database = self.path / "cache.db"
        self._create = create
        self._closed = False
        self._inode = 0  # of the database that is open
        self._replaced = False  # whether a damaged database was set aside
        self._readable = False  # whether the trouble is one with writing alone
        self._memory = MemoryStore()  # what the disk does not take
        self._hidden: set[str] = set()  # keys that could not be removed from the disk
        self._workers: dict[int, Worker] = {}  # by process: neither a thread
        self._rows: dict[int, Any] = {}  # nor a connection outlives a fork

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Return the entries at hand; what is missing, refused or damaged is not among them."""
        return self._ask(self._read, checked_keys(keys))

    def set_many(self, entries: Mapping[str, bytes]) -> None:
        """Keep all of the entries in one transaction."""
        self._ask(self._write, checked_entries(entries))

    def delete(self, keys: Iterable[str]) -> int:
        """Forget some entries; return how many there were."""
        return self._ask(self._remove, checked_keys(keys))

    def keys(self) -> Iterator[str]:
        """Return all keys as of now."""
        return iter(self._ask(self._list))

    def clear(self) -> int:
        """Forget everything, refused rows and files set aside too; return how many rows went."""
        return self._ask(self._clear)

    def prune(
        self, *, older_than: timedelta | float | None = None, max_bytes: int | None = None
    ) -> Pruned:
        """Forget entries stored longer ago than an age, then the oldest until the rest has room.

        `older_than` is a timedelta or seconds; `max_bytes` what the database may take on disk:
        files set aside as damaged go first. Free space is given back. Raises `ValueError` without
        a limit, or with one below zero.
        """
        from trialink.cache_upkeep import limits

        before, most = limits(older_than, max_bytes)
        return self._ask(self._prune, before, most)

    def verify(self) -> Inspection:
        """Look at the database and at every row, as a look-up would, and change nothing."""
        return self._ask(self._inspect)

    def info(self) -> dict[str, str | int | None]:
        """Return path, entries, bytes (on disk, set aside ones too), refused and trouble."""
        return {
            "path": str(self.path),
            "entries": len(list(self.keys())),
            "bytes": self._bytes(),
            "refused": self.refused,
            "trouble": self.trouble,
        }

    def close(self) -> None:
        """Close the database, whichever thread asks; afterwards no file is open."""
        self._closed = True
        worker = self._workers.pop(os.getpid(), None)
        if worker is not None:
            with suppress(RuntimeError):  # at exit the thread is gone, its connection with it
                worker.ask(self._forget)
            worker.end()

    def _ask(self, job: Callable[..., T], *arguments: Any) -> T:
        """Run a job on the one thread that touches the database.

        diskcache keeps a connection for each thread and cannot close that of another. Also, an
        interrupt reaches the thread that waits, and never a transaction.
        """
        from trialink.worker import Worker

        if self._closed:
            raise ValueError(f"the cache {self.path} is closed")
        worker = self._workers.get(os.getpid())
        if worker is None:
            worker = self._workers.setdefault(os.getpid(), Worker("trialink-cache"))
            _at_work().add(self)
            if self._closed:  # just now, by a thread that may not have seen this worker
                self.close()
        result: T = worker.ask(self._unless_closed, job, *arguments)
        return result

    def _unless_closed(self, job: Callable[..., T], *arguments: Any) -> T:
        """Run a job that came in time: one behind the closing would open the database again."""
        if self._closed and os.getpid() not in self._rows:
            raise ValueError(f"the cache {self.path} is closed")
        return job(*arguments)

    def _read(self, keys: tuple[str, ...]) -> dict[str, bytes]:
        kept = self._memory.get_many(keys)
        asked = [key for key in keys if key not in kept and key not in self._hidden]
        return kept | self._on_disk(lambda rows: rows.read(asked), otherwise=dict[str, bytes]())

    def _write(self, entries: dict[str, bytes]) -> None:
        if not self._on_disk(lambda rows: rows.write(entries), otherwise=False, change=True):
            self._memory.set_many(entries)

    def _remove(self, keys: tuple[str, ...]) -> int:
        removed = self._on_disk(lambda rows: rows.remove(keys), otherwise=None, change=True)
        if removed is None:
            removed = len(self._read(keys))
            self._hidden.update(keys)
        self._memory.delete(keys)
        return int(removed)

    def _list(self) -> list[str]:
        known = self._on_disk(lambda rows: rows.known(), otherwise=list[str]())
        on_disk = [key for key in known if key not in self._hidden]
        return list(dict.fromkeys([*on_disk, *self._memory.keys()]))

    def _clear(self) -> int:
        removed = self._on_disk(lambda rows: rows.clear(), otherwise=None, change=True)
        if removed is None:
            return self._remove(tuple(self._list()))
        self._drop_set_aside(inf)
        return int(removed)

    def _prune(self, before: float, most: float) -> Pruned:
        from trialink.cache_upkeep import Pruned

        taken = self._bytes()
        removed = self._on_disk(lambda rows: rows.prune(before, most), otherwise=0, change=True)
        files = self._drop_set_aside(inf if most < inf else before)
        return Pruned(removed, files, max(0, taken - self._bytes()))

    def _drop_set_aside(self, before: float) -> int:
        """Remove the files of damaged databases from before a time; return how many went."""
        from trialink.cache_upkeep import set_aside_files

        removed = 0
        for file in set_aside_files(self.database):
            with suppress(OSError):
                if file.lstat().st_mtime < before:
                    file.unlink()
                    removed += 1
        return removed

    def _inspect(self) -> Inspection:
        from trialink.cache_upkeep import Inspection, inspected

        try:
            return inspected(self.database)
        except Exception as error:  # of whatever kind a damaged database may raise
            return Inspection(trouble=_said(error))

    def _bytes(self) -> int:
        shared = f"{self.database.name}-shm"  # memory of those that have it open, gone with them
        files = self.path.glob(f"{self.database.name}*")
        return sum(_size(file) for file in files if file.name != shared)

    def _on_disk(self, job: Callable[[Any], T], *, otherwise: T, change: bool = False) -> T:
        """Return what a job makes of the rows, or `otherwise` where they are out of reach."""
        for _ in range(2):  # again on a fresh database, or as far as it can still be read
            if change and self.trouble is not None:
                break
            try:
                rows = self._opened()
                return otherwise if rows is None else job(rows)
            except Exception as error:  # of whatever kind: a look-up must go on
                self._survive(error, change=change)
            except BaseException:
                self._forget()  # the connection, and any transaction with it
                raise
        return otherwise

    def _opened(self) -> Any:
        process = os.getpid()
        if process not in self._rows:
            self._rows[process] = self._open()
        return self._rows[process]

    def _open(self) -> Any:
        if self.trouble is None and (self._create or _size(self.database)):
            from trialink.cache_disk import inode, open_rows

            self._inode = inode(self.database)
            rows = open_rows(self.database, self._refuse)
            self._inode = inode(self.database)
            return rows
        if self._readable:
            from trialink.cache_disk import FrozenRows

            return FrozenRows(self.database, self._refuse)
        return None

    def _refuse(self) -> None:
        self.refused += 1

    def _survive(self, error: Exception, *, change: bool) -> None:
        """Replace a damaged database, once; in any other trouble say so, once, and use memory."""
        cause = error.__context__ or error  # diskcache hides why it could not begin or roll back
        rows = self._rows.get(os.getpid())
        self._forget()
        kind = _kind(cause)
        if self.trouble is not None:
            self._rows[os.getpid()] = None  # what could still be read is no more
        elif not (kind == "damaged" and self._set_aside(cause)):
            self.trouble = _said(cause)
            self._readable = kind == "unwritable"
            if change and rows is not None and kind != "damaged":
                self._rows[os.getpid()] = rows  # it connects again, and still reads
            _LOG.warning("cache %s: %s; new answers are kept in memory", self.path, self.trouble)

    def _set_aside(self, cause: BaseException) -> bool:
        """Make room for a fresh database; return False where that cannot be done."""
        from trialink.cache_disk import inode, set_aside

        if self._replaced or not self._create:
            return False
        self._replaced = True
        if inode(self.database) != self._inode:
            return True  # another process was quicker
        try:
            name = set_aside(self.database)
        except OSError:
            return False
        _LOG.warning(
            "cache %s: %s; set aside as %s and begun afresh", self.path, _said(cause), name
        )
        return True

    def _pause(self, over: Event) -> Event:
        """Close the database until `over`; return what is set when it is closed."""
        closed = Event()
        try:
            self._workers[os.getpid()].submit(self._rest, closed, over)
        except (KeyError, RuntimeError):  # no worker, or one that has ended
            closed.set()
        return closed

    def _rest(self, closed: Event, over: Event) -> None:
        rows = self._rows.get(os.getpid())
        if rows is not None:
            with suppress(Exception):
                rows.close()  # it connects again when it is used
        closed.set()
        over.wait()

    def _forget(self) -> None:
        rows = self._rows.pop(os.getpid(), None)
        if rows is not None:
            with suppress(Exception):  # a damaged database may refuse even this
                rows.close()


@cache
def _at_work() -> WeakSet[DiskStore]:
    """Return the stores that have a worker, which pauses with its database closed in each fork.

    SQLite forbids to carry a connection across a fork: even when the child leaves it alone, one of
    its own would share the record of locks with it, and take none.
    """
    stores: WeakSet[DiskStore] = WeakSet()
    forks: dict[int, Event] = {}  # by thread

    def before() -> None:
        over = forks[get_ident()] = Event()
        for paused in [store._pause(over) for store in stores]:
            paused.wait()

    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=before, after_in_parent=lambda: forks[get_ident()].set())
    return stores


def _kind(error: BaseException) -> Trouble:
    if isinstance(error, ImportError):
        return "other"  # of diskcache itself
    from trialink.cache_disk import kind_of

    return kind_of(error)


def _said(error: BaseException) -> str:
    """Return what an error says, without what a damaged or hostile file could put into it."""
    text = str(error) or type(error).__name__
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:200]


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
