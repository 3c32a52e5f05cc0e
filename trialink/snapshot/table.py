"""A snapshot that is read: exact look-ups, no search."""

from __future__ import annotations

import os
import sqlite3
from threading import Lock

from trialink.finding import parse
from trialink.model.shown import angled
from trialink.snapshot.bodies import unpacked
from trialink.snapshot.file import damaged, opened, place
from trialink.snapshot.info import told
from trialink.snapshot.names import (
    ACRONYM,
    ALIAS,
    NUMBER,
    SPONSOR_NUMBER,
    alike,
    digits,
    nct,
    number_name,
)
from trialink.snapshot.times import written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any, Self

    from trialink.model.ids import TrialId
    from trialink.sources.record import Record

_STUDY = "SELECT read_at, body FROM studies WHERE number = ?"
_NAMED = "SELECT number FROM names WHERE kind = ? AND name = ?"


class Snapshot:
    """A local table of a whole registry, for exact look-ups; a context manager.

    `path` is a file that `Resolver.build_snapshot` or `trialink snapshot build` has made. It is
    opened to be read only, and never changed in place: who has it open goes on reading what it was
    when another one takes its name. May be shared by threads, forked and pickled.

    Raises `ValueError` for what is no snapshot, is unfinished, damaged, or of another release; the
    look-ups raise it for a part that is damaged. All say what to do.

    >>> import tempfile, trialink
    >>> from trialink.testing import replay
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = f"{folder}/registry.snapshot"
    ...     with trialink.Resolver(transport=replay()) as resolver:
    ...         _ = resolver.build_snapshot(path)
    ...     with trialink.Snapshot(path) as table:
    ...         table.with_acronym("FUMANBA-1")
    (TrialId('nct', 'NCT05066646'),)
    """

    def __init__(self, path: str | Path) -> None:
        self.path = place(path)
        self._closed = False
        facts = self._open()
        self._words: bytes = facts["words"]
        self.info = told(self.path, facts)

    def record(self, id: TrialId | str) -> Record | None:
        """Return the record with a number, now or formerly its own; None where there is none.

        Raises `InvalidTrialId` for a string that is no number.
        """
        found = self.read(parse(id) if isinstance(id, str) else id)
        return None if found is None else found[0]

    def naming(self, id: TrialId | str) -> tuple[TrialId, ...]:
        """Return the numbers of the records that name another number, in order.

        They name it as a secondary id, in its domain or as the sponsor's number, read as in prose.
        Raises `InvalidTrialId` for a string that is no number.
        """
        return self._named(NUMBER, number_name(parse(id) if isinstance(id, str) else id))

    def with_sponsor_number(self, number: str) -> tuple[TrialId, ...]:
        """Return the numbers of the records that have a sponsor's number, in order.

        Compared is the whole, but for case and the kinds of dashes and blanks.
        """
        return self._named(SPONSOR_NUMBER, alike(number))

    def with_acronym(self, acronym: str) -> tuple[TrialId, ...]:
        """Return the numbers of the records that have an acronym, in order.

        Compared is the whole, but for case and the kinds of dashes and blanks.
        """
        return self._named(ACRONYM, alike(acronym))

    def close(self) -> None:
        """Close the file; look-ups raise `ValueError` from then on."""
        with self._lock:
            self._closed = True
            if self._process == os.getpid():  # that of a parent is the parent's
                self._connection.close()

    def read(self, id: TrialId) -> tuple[Record, str | None] | None:
        """Return the record with a number, now or formerly its own, and when it was read.

        The time is UTC, YYYY-MM-DDTHH:MM:SSZ. Only numbers of ClinicalTrials.gov have records.
        """
        own = self._read(id)
        current = () if own else self._named(ALIAS, id.number)
        if not current:
            return own
        found = self._read(current[0])
        if found is None or id not in found[0].aliases:
            raise damaged(self.path, ValueError(f"{current[0]} in the place of {id}"))
        return found

    def _read(self, id: TrialId) -> tuple[Record, str | None] | None:
        from trialink.sources.record import Record

        number = digits(id)
        rows = [] if number is None else self._rows(_STUDY, (number,))
        if not rows:
            return None
        read_at, body = rows[0]
        try:
            record = Record.from_api(unpacked(body, self._words))
            if record.id != id:
                raise ValueError(f"another study in the place of {id}")
            return record, written(read_at)
        except Exception as error:  # whatever a damaged row comes to
            raise damaged(self.path, error) from error

    def _named(self, kind: int, name: str) -> tuple[TrialId, ...]:
        return tuple([nct(number) for (number,) in self._rows(_NAMED, (kind, name))])

    def _rows(self, query: str, values: tuple[Any, ...]) -> list[Any]:
        if self._process != os.getpid():
            self._open()  # no connection outlives a fork, nor does a lock
        with self._lock:
            if self._closed:
                raise ValueError(f"the snapshot {self.path} is closed")
            try:
                return self._connection.execute(query, values).fetchall()
            except sqlite3.Error as error:
                raise damaged(self.path, error) from error

    def _open(self) -> dict[str, Any]:
        """Open the file in this process; return its facts."""
        self._connection, facts = opened(self.path)
        self._process, self._lock = os.getpid(), Lock()
        return facts

    def __len__(self) -> int:
        return self.info.studies

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __reduce__(self) -> tuple[type[Self], tuple[str]]:
        return type(self), (str(self.path),)

    def __repr__(self) -> str:
        return angled(f"Snapshot {self.path.name}: {self.info}")
