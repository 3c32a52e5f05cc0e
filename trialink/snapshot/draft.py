"""A snapshot in the making: pages go in, each as a whole, and what is ready takes its place."""

from __future__ import annotations

import errno
import logging
import os
import sqlite3
from contextlib import closing, contextmanager, suppress
from datetime import date, timedelta

from trialink.errors import UnexpectedPayload
from trialink.snapshot.bodies import dictionary, packed, unpacked
from trialink.snapshot.file import APPLICATION, FORMAT, SCHEMA, connected, facts_in, is_ours, opened
from trialink.snapshot.info import told
from trialink.snapshot.names import ALIAS, digits, names_of
from trialink.snapshot.times import seconds
from trialink.sources.fields import FIELDS
from trialink.sources.record import Record
from trialink.version import RULES_VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any, Self

    from trialink.snapshot.info import SnapshotInfo
    from trialink.sources.listing import Page

_LOG = logging.getLogger("trialink")
_OVERLAP = timedelta(days=7)  # of two readings: how soon an update is served is not documented
_ORIGINS = ("snapshot", "recorded", "assembled")  # each goes before those to its left
_PARTIAL = ".partial"  # ending of what is gone on with; a copy that is updated is made again
_BESIDE = ("-wal", "-shm", "-journal")  # endings of the files that SQLite keeps beside a database
_CLAIMING = (  # a number: its own study, and those that have it as an older one
    "SELECT number FROM studies WHERE number = ? UNION "
    "SELECT number FROM names WHERE kind = ? AND name = ?"
)
_NOTHING: dict[str, Any] = {  # the facts before the first page
    "fields": ",".join(FIELDS),
    "rules": RULES_VERSION,
    "words": dictionary(),
    "origin": _ORIGINS[0],
    "studies": 0,
    "unreadable": 0,
    "pages": 0,
    "token": None,  # of the page that is to be read next
    "is_read": 0,
    **dict.fromkeys(("total", "api_version", "data_timestamp"), None),
    **dict.fromkeys(("first_date", "last_date", "read_at"), None),
}
_TROUBLE = {  # by SQLite's code: the system's code, and what to do
    sqlite3.SQLITE_FULL: (errno.ENOSPC, "the disk is full: free some room and run again"),
    sqlite3.SQLITE_BUSY: (errno.EBUSY, "another process writes it: wait until that has ended"),
    sqlite3.SQLITE_READONLY: (errno.EACCES, "it cannot be written"),
    sqlite3.SQLITE_CANTOPEN: (errno.EACCES, "it cannot be opened or made"),
    sqlite3.SQLITE_NOTADB: (errno.EEXIST, "something else is in the way: remove it and run again"),
    sqlite3.SQLITE_CORRUPT: (errno.EIO, "it is damaged: remove it and run again"),
}


class Draft:
    """The file in which a snapshot is made, beside the one that it will be; a context manager.

    What a page holds and the token of the next are written in one transaction: a reading that was
    killed goes on behind its last page. Raises `OSError` where the disk is full, the file cannot
    be written, or another process writes it, `ValueError` where something else has its name.
    """

    def __init__(self, path: Path, ending: str, facts: dict[str, Any]) -> None:
        self.path, self.file = path, path.with_name(path.name + ending)
        self._begin_with, self._is_kept = _NOTHING | facts, ending == _PARTIAL
        self.facts: dict[str, Any] = {}
        self._connection: sqlite3.Connection | None = None

    @classmethod
    def of_everything(cls, path: Path, realm: str) -> Self:
        """Go on with the reading of a registry that was broken off, or begin one."""
        if not path.parent.is_dir():
            raise ValueError(f"there is no directory {path.parent}: make it first")
        if path.exists() and not is_ours(path):
            raise ValueError(
                f"{path} is no snapshot of trialink and is left as it is: name another"
            )
        draft = cls(path, _PARTIAL, {"realm": realm})
        draft._open()
        other = draft.facts.get("realm")
        if other != realm and draft.facts.get("pages"):
            draft.close()
            raise ValueError(
                f"{draft.file} was read from {other}, not from {realm}: remove it, or name another "
                "path"
            )
        if any(draft.facts.get(name) != _NOTHING[name] for name in ("fields", "rules", "words")):
            _LOG.warning("%s: read by another release; begun anew", draft.file)
            draft.begin()
        elif other != realm:
            draft.begin()
        return draft

    @classmethod
    def of_changes(cls, path: Path, realm: str) -> Self:
        """Begin with a copy of a snapshot; who reads the snapshot is not disturbed."""
        connection, facts = opened(path)
        with closing(connection):
            if facts["realm"] != realm:
                raise ValueError(
                    f"{path} was read from {facts['realm']}, not from {realm}: update it from "
                    "there, or make it again with `trialink snapshot build`"
                )
            draft = cls(path, ".updating", facts)
            draft._open()
            draft._copy(connection)
        return draft

    def begin(self) -> None:
        """Forget what was read, and begin anew."""
        self._remove()
        self._open()

    def note(self, **facts: Any) -> None:
        """Keep some facts."""
        with self._transaction():
            self._keep(facts)

    def add(self, page: Page, **facts: Any) -> None:
        """Put the studies of a page in the place of their older versions, and keep some facts."""
        read_at = seconds(page.reply.retrieved_at)
        origin = {"live": "snapshot"}.get(page.reply.origin, page.reply.origin)
        prevailing = max(origin, self.facts["origin"], key=_ORIGINS.index)
        with self._transaction():
            for study in page.studies:
                self._put(study, read_at)
            self._keep(facts | {"read_at": read_at, "origin": prevailing})

    def finish(self, total: int | None) -> SnapshotInfo:
        """Let the file take its place; `total` is how many studies the registry has."""
        with self._transaction() as connection:
            [(studies,)] = connection.execute("SELECT count(*) FROM studies")
            self._keep({"total": total, "studies": studies})
        with _telling(self.file):
            connection.execute(f"PRAGMA user_version = {FORMAT}")
            connection.execute("PRAGMA journal_mode = delete")
        self._take_place()
        return told(self.path, self.facts)

    @property
    def since(self) -> date | None:
        """The day since which changes are to be read, to be sure; None where nobody knows."""
        known = self.facts["data_timestamp"] or self.facts["first_date"]
        with suppress(ValueError, TypeError):
            return date.fromisoformat(known[:10]) - _OVERLAP
        return None

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_kept:
            self.close()
        else:
            self._remove()

    def _open(self) -> None:
        try:
            self._lock_and_read()
        except BaseException:
            self.close()
            raise
        if not self.facts:
            self.note(**self._begin_with)

    def _lock_and_read(self) -> None:
        with _telling(self.file):
            connection = self._connection = connected(self.file, "mode=rwc")
            connection.execute("PRAGMA locking_mode = exclusive")
            connection.execute("BEGIN IMMEDIATE")  # takes the lock, until the file is closed
            [(tables,)] = connection.execute("SELECT count(*) FROM sqlite_master")
            [(application,)] = connection.execute("PRAGMA application_id")
            connection.execute("COMMIT")
            if tables and application != APPLICATION:
                raise ValueError(f"{self.file} is no snapshot of trialink: move it out of the way")
            if not tables:
                connection.executescript(f"BEGIN;{SCHEMA}COMMIT;")
            connection.execute("PRAGMA journal_mode = wal")
            connection.execute("PRAGMA synchronous = normal")
            connection.execute("PRAGMA wal_autocheckpoint = 8192")  # pages: names come in no order
            connection.execute("PRAGMA cache_size = -65536")  # KiB
            self.facts = facts_in(connection)

    def _copy(self, whole: sqlite3.Connection) -> None:
        """Begin with what a snapshot holds, under the lock: nobody else copies to this file."""
        try:
            with _telling(self.file):
                self._database.execute("PRAGMA journal_mode = delete")  # a log takes as much again
                whole.backup(self._database)
                self._database.execute(f"PRAGMA user_version = -{FORMAT}")
                self._database.execute("PRAGMA journal_mode = wal")
                self.facts = facts_in(self._database)
        except BaseException:
            self._remove()
            raise

    def _take_place(self) -> None:
        """Take the name of the snapshot, before another process may write on."""
        if os.name == "nt":
            self.close()  # nothing that is open can be renamed there
        try:
            self.file.replace(self.path)
        except OSError as error:
            advice = f"{error.strerror}: close what reads it and run again"
            raise OSError(error.errno, advice, os.fspath(self.path)) from error
        self._is_kept = True  # what has the name of the draft by now is another's
        self.close()

    def _remove(self) -> None:
        self.close()
        for ending in ("", *_BESIDE):
            self.file.with_name(self.file.name + ending).unlink(missing_ok=True)

    def _put(self, study: Any, read_at: int | None) -> None:
        try:
            record = Record.from_api(study)
        except UnexpectedPayload:
            self.facts["unreadable"] += 1
            return
        number = digits(record.id)
        rows = self._database.execute(_CLAIMING, (number, ALIAS, str(record.id))).fetchall()
        if any(_is_older(record, self._known(each)) for (each,) in rows):
            return  # served late, or by a server that lags behind
        self._drop(number)
        for old in map(digits, record.aliases):
            if (other := self._known(old)) and not _is_of_its_own(other, record):
                self._drop(old)
        row = (number, read_at, packed(study, self.facts["words"]))
        self._write("INSERT INTO studies VALUES (?, ?, ?)", [row])
        names = [(*name, number) for name in names_of(record)]
        self._write("INSERT INTO names VALUES (?, ?, ?)", names)
        dates = {record.data_date, self.facts["first_date"], self.facts["last_date"]} - {None}
        self.facts |= {
            "studies": self.facts["studies"] + 1,
            "first_date": min(dates, default=None),
            "last_date": max(dates, default=None),
        }

    def _known(self, number: int | None) -> Record | None:
        """Return the record of a study that is there."""
        select = "SELECT body FROM studies WHERE number = ?"
        row = self._database.execute(select, (number,)).fetchone()
        return Record.from_api(unpacked(row[0], self.facts["words"])) if row else None

    def _drop(self, number: int | None) -> None:
        """Remove a study and its names, if it is there."""
        if record := self._known(number):
            names = [(*name, number) for name in names_of(record)]
            self._write("DELETE FROM names WHERE kind = ? AND name = ? AND number = ?", names)
            self._write("DELETE FROM studies WHERE number = ?", [(number,)])
            self.facts["studies"] -= 1

    def _keep(self, facts: dict[str, Any]) -> None:
        self.facts |= facts
        self._write("INSERT OR REPLACE INTO facts VALUES (?, ?)", self.facts.items())

    def _write(self, statement: str, rows: Any) -> None:
        self._database.executemany(statement, rows)

    @property
    def _database(self) -> sqlite3.Connection:
        if self._connection is None:
            raise ValueError(f"{self.file} is closed")
        return self._connection

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        connection = self._database
        with _telling(self.file):
            connection.execute("BEGIN")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                    self.facts = facts_in(connection)
                raise


def _is_older(record: Record, other: Record | None) -> bool:
    """Return whether a record is of an older day than another, as far as both say."""
    return bool(
        other and record.data_date and other.data_date and record.data_date < other.data_date
    )


def _is_of_its_own(record: Record, current: Record) -> bool:
    """Return whether a record stands beside one that has its number as an older one.

    So it is served only where it is of data no older: else its number has moved.
    """
    dates = record.data_date, current.data_date
    return None not in dates and not _is_older(record, current)


@contextmanager
def _telling(file: Path) -> Iterator[None]:
    """Raise what SQLite has to say as an `OSError` that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        number, advice = _TROUBLE.get(code, (errno.EIO, str(error)))
        raise OSError(number, advice, os.fspath(file)) from error
