"""The line of all processes that use one cache directory, in a small database beside it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from trialink.pace import turn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from trialink.pace import Queue

_PATIENCE = 2.0  # seconds to wait for another process that takes a place
_LONGEST = 3600.0  # seconds, or intervals if these are longer: no line is, but a damaged row
_TABLE = "CREATE TABLE IF NOT EXISTS Queue (name TEXT PRIMARY KEY, due REAL, stamp REAL)"
_READ = "SELECT due, stamp FROM Queue WHERE name = ?"
_WRITE = "INSERT OR REPLACE INTO Queue VALUES (?, ?, ?)"


class SharedQueue:
    """A line in a file, by the calendar's clock: the one that processes have in common.

    `name` is that of who is asked. Where the file cannot be used, or `is_safe` says that it must
    not be, `otherwise` keeps the line of this process. A process that is killed leaves at most the
    places that it had taken.
    """

    def __init__(
        self,
        file: Path,
        name: str,
        *,
        clock: Callable[[], float],
        is_safe: Callable[[], bool],
        otherwise: Queue,
    ) -> None:
        self._file, self._name, self._clock = file, name, clock
        self._is_safe, self._otherwise = is_safe, otherwise

    def wait(self, interval: float, burst: int, patience: float) -> float:
        """Return the seconds until the next place; take it when they are below `patience`."""
        if not self._is_safe():
            return self._otherwise.wait(interval, burst, patience)
        try:
            with closing(sqlite3.connect(self._file, _PATIENCE, isolation_level=None)) as database:
                return self._taken(database, interval, burst, patience)
        except (sqlite3.Error, OSError, TypeError, ValueError):
            return self._otherwise.wait(interval, burst, patience)

    def _taken(
        self, database: sqlite3.Connection, interval: float, burst: int, patience: float
    ) -> float:
        database.execute("PRAGMA synchronous = OFF")  # after a power cut nobody is in the line
        database.execute("BEGIN IMMEDIATE")
        database.execute(_TABLE)
        now = self._clock()
        due, stamp = database.execute(_READ, (self._name,)).fetchone() or (now, now)
        if due - stamp > _LONGEST * max(1.0, interval):
            due = stamp = now
        seconds, due = turn(due, stamp, now, interval, burst)
        if seconds < patience:
            database.execute(_WRITE, (self._name, due, now))
        database.execute("COMMIT")
        return seconds
