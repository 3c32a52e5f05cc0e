"""A directory goes in; the rows of its database come out, and only rows of plain bytes.

diskcache unpickles what it reads, and opens and removes the files that its rows name
(CVE-2025-69872); its `JSONDisk` does so too. Here a row is one value of a format byte and deflated
bytes under a text, or it is refused: it counts as missing, and nothing of it is carried out.
Importing this module imports diskcache, so that only `DiskStore` does, when it is opened.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import zlib
from contextlib import closing, suppress
from time import gmtime, strftime

import diskcache
from diskcache.core import ENOVAL, METADATA, MODE_RAW

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path
    from typing import Any, Literal, NoReturn

    Refuse = Callable[[], None]  # counts a bad row
    Trouble = Literal["damaged", "unwritable", "other"]

_LOGS = ("-wal", "-shm")  # endings of the files that SQLite keeps beside a database
_ZLIB = b"\x01"  # the format byte
_LARGEST = 64 * 2**20  # bytes of an entry
_PIECE = 2**20  # bytes that are inflated at a time
_PATIENCE = 2.0  # seconds to wait for another process that writes
_SETTINGS = {  # all of them: one that is not given is taken from the file
    "statistics": 0,
    "tag_index": 0,
    "eviction_policy": "none",
    "size_limit": 2**40,
    "cull_limit": 0,
    "sqlite_auto_vacuum": 1,
    "sqlite_cache_size": 2**13,
    "sqlite_journal_mode": "wal",
    "sqlite_mmap_size": 0,  # a mapped file that somebody cuts short would end the process
    "sqlite_synchronous": 1,
    "disk_min_file_size": 2**30,
    "disk_pickle_protocol": 0,
}


# A time that is none, or no time at all, is older than any other.
_BY_AGE = """
    SELECT rowid, CASE WHEN typeof(store_time) = 'real' THEN store_time ELSE -9e999 END AS stored,
        ifnull(length(CAST(key AS BLOB)), 0) + ifnull(length(CAST(value AS BLOB)), 0)
    FROM Cache ORDER BY stored, rowid
"""


def open_rows(database: Path, refuse: Refuse) -> StrictCache:
    """Return the rows of a database, made where there is none; `refuse` counts each bad row.

    Raises `OSError` when the directory cannot be made or must not be trusted, and what sqlite3 and
    diskcache raise when the database cannot be opened for writing.
    """
    trust(database)
    for place in reversed(database.parents):
        if not place.exists():
            place.mkdir(0o700, exist_ok=True)
    trust(database)
    _try_to_write(database)
    return StrictCache(database, refuse)


def kind_of(error: BaseException) -> Trouble:
    """Return whether the database is damaged, or can only not be written, or what else it is."""
    if not isinstance(error, sqlite3.OperationalError):
        # The last three: diskcache stumbles over what a table of its own holds.
        damage = (sqlite3.DatabaseError, AttributeError, TypeError, ValueError)
        return "damaged" if isinstance(error, damage) else "other"
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_ERROR and "transaction" not in str(error):
        return "damaged"  # other tables and columns than ours: else our statements are sound
    unwritable = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN)
    return "unwritable" if code in unwritable else "other"


def damage(connection: sqlite3.Connection) -> str | None:
    """Return what SQLite finds wrong with pages and indexes, None when it is nothing."""
    found = [text for (text,) in connection.execute("PRAGMA integrity_check(1)")]
    return None if found == ["ok"] else str(found[0])


def inode(file: Path) -> int:
    """Return the number that a file keeps under any name, 0 when there is no file."""
    return file.stat().st_ino if file.exists() else 0


def set_aside(database: Path) -> str:
    """Rename a database and the files beside it; return its new name. Raises `OSError`."""
    bad = f"{database.name}.bad-{strftime('%Y%m%dT%H%M%SZ', gmtime())}"
    for file in reversed(_files(database)):  # the logs first: a fresh database must not meet them
        with suppress(FileNotFoundError):
            file.replace(file.with_name(file.name.replace(database.name, bad)))
    return bad


def looking(database: Path) -> sqlite3.Connection:
    """Return a connection that changes no row: to all of a database, or to what can be read of it.

    Where nothing can be written, what stands only in a log that another process left is not seen.
    """
    try:
        return _connected(database, "mode=rw")
    except sqlite3.OperationalError as error:
        if kind_of(error) != "unwritable":
            raise
    return _connected(database, "mode=ro&immutable=1")


def _connected(database: Path, mode: str) -> sqlite3.Connection:
    address = f"{database.as_uri()}?{mode}"
    connection = sqlite3.connect(address, _PATIENCE, uri=True, isolation_level=None)
    connection.text_factory = _text
    try:
        connection.execute("PRAGMA query_only = 1")
        connection.execute("SELECT 1 FROM sqlite_master").close()  # opens it; connecting does not
    except sqlite3.Error:
        connection.close()
        raise
    return connection


class StrictDisk(diskcache.Disk):  # type: ignore[misc]
    """What diskcache stores and reads: texts as keys, bytes as values, never a file."""

    refuse: Refuse

    def __init__(self, directory: str, **_: object) -> None:
        super().__init__(directory, _SETTINGS["disk_min_file_size"])

    def put(self, key: object) -> tuple[str, bool]:
        """Return a key as its column and the mark of a plain one."""
        if type(key) is not str:
            raise TypeError(f"a key is a str, not {type(key).__name__}")
        return key, True

    def get(self, key: object, raw: object) -> str | None:
        """Return the key of a row, or None when it would have to be unpickled."""
        if isinstance(key, str) and raw == 1:
            return key
        self.refuse()
        return None

    def store(self, value: object, read: bool, key: object = None) -> tuple[Any, ...]:
        """Return the columns size, mode, filename and value."""
        if type(value) is not bytes or read:
            raise TypeError(f"a value is bytes, not {type(value).__name__}")
        return 0, MODE_RAW, None, _ZLIB + zlib.compress(value, 1)

    def fetch(
        self, mode: object, filename: object, value: object, read: bool = False
    ) -> bytes | None:
        """Return the value of a row, or None when it is not whole or not one of ours."""
        ours = mode == MODE_RAW and filename is None and not read
        whole = _inflated(value) if ours and isinstance(value, bytes) else None
        if whole is None:
            self.refuse()
        return whole

    def filename(self, key: object = None, value: object = None) -> NoReturn:
        """Refuse to name a file."""
        raise TypeError("no entry is kept in a file of its own")

    def remove(self, file_path: object) -> None:
        """Remove nothing: a row may name any file, and none is ours."""


class StrictCache(diskcache.Cache):  # type: ignore[misc]
    """diskcache with our disk and our settings, whatever the file says."""

    # diskcache expands $NAME and ~ in the path that it is given, so it is given none of ours; and
    # a row among its settings could set any attribute, this one too.
    _directory = property(lambda self: str(self._database.parent), lambda self, _: None)

    def __init__(self, database: Path, refuse: Refuse) -> None:
        self._database = database
        try:
            super().__init__(os.sep, _PATIENCE, StrictDisk, **_SETTINGS)
        except BaseException:
            with suppress(AttributeError):  # of one that has not got so far as to connect
                self.close()
            raise
        self.disk.refuse = refuse

    @property
    def _con(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = super()._con
        connection.text_factory = _text
        return connection

    def reset(self, key: str, value: object = ENOVAL, update: bool = True) -> object:
        """Set what we set to what we set it to, and read the counters."""
        if key not in _SETTINGS and key not in METADATA:
            return value
        return super().reset(key, _SETTINGS.get(key, value), update)

    def read(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Return the entries that are there and whole."""
        return {key: value for key in keys if (value := self.get(key)) is not None}

    def known(self) -> list[str]:
        """Return the keys in the order of their first entry."""
        return [key for key in self if key is not None]

    def write(self, entries: Mapping[str, bytes]) -> bool:
        """Store all entries in one transaction."""
        with self.transact():
            return all(self.set(key, value) for key, value in entries.items())

    def remove(self, keys: Iterable[str]) -> int:
        """Remove entries in one transaction; return how many there were."""
        with self.transact():
            return sum(self.delete(key) for key in keys)

    def clear(self) -> int:
        """Remove all rows; raise `sqlite3.DatabaseError` when what is left is not sound."""
        removed: int = super().clear()
        self._vacuum()
        self._truncate()
        if wrong := damage(self._con):
            raise sqlite3.DatabaseError(wrong)
        return removed

    def prune(self, before: float, most: float) -> int:
        """Remove rows stored before a time, then the oldest until the rest takes `most` bytes.

        Times are seconds since 1970; a row without one is older than all others. Returns how many
        were removed.
        """
        with self.transact():
            removed = self._drop([row for row, stored, _ in self._by_age() if stored < before])
        self._vacuum()
        while (used := self._used()) > most:
            with self.transact():
                last = self._drop(_first(self._by_age(), share=1 - most / used))
            if not last:
                break
            removed += last
            self._vacuum()
        self._truncate()
        return removed

    def _by_age(self) -> list[tuple[int, float, int]]:
        """Return row, time and bytes of each row, the oldest first."""
        found: list[tuple[int, float, int]] = self._sql(_BY_AGE).fetchall()
        return found

    def _drop(self, rows: list[int]) -> int:
        self._con.executemany("DELETE FROM Cache WHERE rowid = ?", [(row,) for row in rows])
        return len(rows)

    def _vacuum(self) -> None:
        """Pack the rows; on a full disk, or while others write, leave them as they are."""
        with suppress(sqlite3.OperationalError):
            self._sql("VACUUM")

    def _truncate(self) -> None:
        """Give free space back, unless others that read keep it for longer than we wait."""
        self._sql("PRAGMA wal_checkpoint(TRUNCATE)").close()

    def _used(self) -> int:
        """Return the bytes that the rows and their indexes take."""
        pages, free, size = (
            self._sql(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        return int((pages - free) * size)


class FrozenRows:
    """The rows of a database that cannot be written, read without a lock or a log beside it.

    What stands only in a log that another process left is not seen.
    """

    def __init__(self, database: Path, refuse: Refuse) -> None:
        trust(database)
        self._database = database
        self._disk = StrictDisk(os.sep)
        self._disk.refuse = refuse

    def read(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Return the entries that are there and whole."""
        select = "SELECT key, mode, filename, value FROM Cache WHERE key = ? AND raw = 1"
        with self._connected() as connection:
            rows = [row for key in keys for row in connection.execute(select, (key,))]
        values = {key: self._disk.fetch(*columns) for key, *columns in rows}
        return {key: value for key, value in values.items() if value is not None}

    def known(self) -> list[str]:
        """Return the keys in the order of their first entry."""
        select = "SELECT key, raw FROM Cache ORDER BY rowid"
        with self._connected() as connection:
            known = [self._disk.get(*row) for row in connection.execute(select)]
        return [key for key in known if key is not None]

    def close(self) -> None:
        """Do nothing: a file is open only while it is read."""

    def _connected(self) -> closing[sqlite3.Connection]:
        return closing(_connected(self._database, "mode=ro&immutable=1"))


def _first(rows: list[tuple[int, float, int]], share: float) -> list[int]:
    """Return as many rows from the front as make up a share of the bytes of all."""
    left = share * sum(size for _, _, size in rows)
    chosen: list[int] = []
    for row, _, size in rows:
        if left <= 0 and chosen:
            break
        chosen.append(row)
        left -= size
    return chosen


def _text(raw: bytes) -> str | bytes:
    """Return a text of a row, or its bytes where they are none: one bad row costs only itself."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def _inflated(value: bytes) -> bytes | None:
    if value[:1] != _ZLIB:
        return None
    stream, pieces, size, rest = zlib.decompressobj(), list[bytes](), 0, value[1:]
    try:
        while not stream.eof and rest and size < _LARGEST:
            pieces.append(stream.decompress(rest, _PIECE))
            size, rest = size + len(pieces[-1]), stream.unconsumed_tail
    except zlib.error:
        return None
    whole = stream.eof and not stream.unused_data
    return b"".join(pieces) if whole else None  # joined only now: it takes the room twice


def trust(database: Path) -> None:
    """Raise `PermissionError` where somebody else can plant files, or has planted a link.

    Looked at are the directory, the one that the user named, and the one above that. Root could
    plant files anywhere, and owns the places in which services and images have their caches.
    """
    directory = database.parent
    for file in (directory, *_files(database)):
        if file.is_symlink():
            raise PermissionError(f"{file} is a symbolic link")
    named = directory.parent
    for place, forbidden in ((directory, 0o022), (named, 0o022), (named.parent, 0o002)):
        if os.name != "posix" or not place.exists():  # elsewhere the bits say nothing
            continue
        facts = place.stat()
        if place != directory and facts.st_mode & stat.S_ISVTX:
            continue  # only its owner can rename what we make there
        if facts.st_uid not in (os.geteuid(), 0):
            raise PermissionError(f"{place} belongs to another user")
        if facts.st_mode & forbidden:
            raise PermissionError(f"{place} can be written by other users (chmod go-w it)")


def _try_to_write(database: Path) -> None:
    """Raise at once what diskcache would raise after trying for a minute."""
    if database.exists():
        connection = sqlite3.connect(database, timeout=_PATIENCE, isolation_level=None)
        with closing(connection):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")


def _files(database: Path) -> list[Path]:
    return [database, *(database.with_name(database.name + log) for log in _LOGS)]
