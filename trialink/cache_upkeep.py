"""Looking after a database of answers: whether it is sound, and what can be taken away."""

from __future__ import annotations

import json
import re
from contextlib import closing
from datetime import timedelta
from math import inf
from time import time

from trialink.model.shown import shown
from trialink.model.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from trialink.cache_disk import StrictDisk

_SET_ASIDE = re.compile(r"cache\.db\.bad-[0-9]{8}T[0-9]{6}Z(?:-wal|-shm)?")
_KEY = re.compile(r".+ [a-z0-9_]+:(.+)", re.DOTALL)  # of an answer: whose, registry, number
_LONGEST = 100  # code points of a key or a complaint that a message repeats
_ROWS = "SELECT rowid, key, raw, mode, filename, value FROM Cache ORDER BY rowid"


class BadRow(Value):
    """A row that no look-up would believe.

    `row` is its place in the table; `key` is fit to be shown, and empty where it is no text.
    """

    row: int
    key: str
    cause: str


class Inspection(Value):
    """What a look at a cache found; nothing was changed.

    `entries` counts the rows that are whole, `bad` are the others; `set_aside` names the files of
    databases that were found damaged earlier; `trouble` says what is wrong with the database.
    """

    entries: int = 0
    bad: tuple[BadRow, ...] = ()
    set_aside: tuple[str, ...] = ()
    trouble: str | None = None

    @property
    def sound(self) -> bool:
        """Whether the database is what it should be, and every row can be believed."""
        return not self.bad and self.trouble is None


class Pruned(Value):
    """What was removed: entries, files set aside as damaged, bytes on disk given back."""

    entries: int
    files: int
    bytes: int


def limits(older_than: timedelta | float | None, max_bytes: float | None) -> tuple[float, float]:
    """Return the time (seconds since 1970) before which entries go, and the bytes that may stay.

    Raises `ValueError` when neither is given, or one is below zero.
    """
    if older_than is None and max_bytes is None:
        raise ValueError("give older_than= or max_bytes=: without a limit nothing is pruned")
    age = older_than.total_seconds() if isinstance(older_than, timedelta) else older_than
    for name, limit in (("older_than", age), ("max_bytes", max_bytes)):
        if limit is not None and not limit >= 0:
            raise ValueError(f"{name}= is below zero")
    return time() - (inf if age is None else age), inf if max_bytes is None else max_bytes


def set_aside_files(database: Path) -> list[Path]:
    """Return the files of databases that were found damaged, beside the one in use."""
    beside = sorted(database.parent.glob(f"{database.name}.*"))
    return [file for file in beside if _SET_ASIDE.fullmatch(file.name)]


def inspected(database: Path) -> Inspection:
    """Return what is in a database.

    Raises `OSError` where it must not be trusted, and what sqlite3 raises where it is no database.
    """
    from trialink.cache_disk import StrictDisk, damage, looking, trust

    aside = tuple(file.name for file in set_aside_files(database))
    trust(database)
    if not (database.exists() and database.stat().st_size):
        return Inspection(set_aside=aside)
    bad: list[BadRow] = []
    whole = 0
    disk = StrictDisk(str(database.parent))
    disk.refuse = lambda: None  # told here one by one
    with closing(looking(database)) as connection:
        trouble = damage(connection)
        for row, key, *columns in () if trouble else connection.execute(_ROWS):
            cause = _cause(disk, key, *columns)
            if cause is None:
                whole += 1
            else:
                bad.append(BadRow(row, _fit(key), cause))
    return Inspection(whole, tuple(bad), aside, _fit(trouble) if trouble else None)


def _cause(
    disk: StrictDisk, key: Any, raw: Any, mode: Any, filename: Any, value: Any
) -> str | None:
    """Return why a row cannot be believed, None when it can."""
    if disk.get(key, raw) is None:
        return "its key is not of this library"
    body = disk.fetch(mode, filename, value)
    if body is None:
        return "its value is not whole, or not of this library"
    try:
        form = json.loads(body)
    except (ValueError, RecursionError):
        return "its value is no JSON"
    answer = _KEY.fullmatch(key)
    if answer is None or (isinstance(form, dict) and form.get("id") == answer[1]):
        return None
    return "its value is of another number than its key"


def _fit(text: Any) -> str:
    """Return a key or a complaint as a terminal may show it."""
    text = shown(text) if isinstance(text, str) else ""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
