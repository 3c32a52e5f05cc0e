"""The form of a snapshot: one SQLite file, and how to tell whether a file is one.

    studies   the number of a study without its letters; when it was read, seconds since 1970; body
    names     kind and name, see `trialink.snapshot.names`, and the number of the study
    facts     what holds for the whole: one name and value a row

A file that is whole is never changed: it is written under another name, then renamed. So it is read
without locks, from a directory that cannot be written, by any number of processes.
"""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack
from pathlib import Path

from trialink.sources.fields import FIELDS
from trialink.version import RULES_VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

APPLICATION = 0x54724C6B  # "TrLk", at byte 68 of the file
FORMAT = 1  # at byte 60; below zero while the file is being made
SCHEMA = f"""
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = -{FORMAT};
CREATE TABLE studies (number INTEGER PRIMARY KEY, read_at INTEGER, body BLOB NOT NULL);
CREATE TABLE names (kind INTEGER, name TEXT, number INTEGER, PRIMARY KEY (kind, name, number))
    WITHOUT ROWID;
CREATE TABLE facts (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
"""
_NONE = type(None)
FACTS: dict[str, tuple[type, ...]] = {  # what a whole snapshot says of itself
    "fields": (str,),
    "rules": (str,),
    "words": (bytes,),  # that bodies are deflated with
    "realm": (str,),
    "origin": (str,),
    "studies": (int,),
    "unreadable": (int,),
    "total": (int, _NONE),
    "api_version": (str, _NONE),
    "data_timestamp": (str, _NONE),
    "first_date": (str, _NONE),
    "last_date": (str, _NONE),
    "read_at": (int, _NONE),
}
BUILD = "make one with `trialink snapshot build`"
_AGAIN = "make it again with `trialink snapshot build`"
_HEAD = 100  # bytes
_MAGIC = b"SQLite format 3\0"


def place(path: str | Path) -> Path:
    """Return the path of a snapshot; raise `TypeError` or `ValueError` for what can be none."""
    if not isinstance(path, (str, Path)):
        kind = type(path).__name__
        raise TypeError(f"a snapshot is named by its path (str or Path), not {kind}")
    if path == "":
        raise ValueError(f"a snapshot has an empty path: {BUILD} and name that")
    return Path(path).absolute()


def form(path: Path) -> int:
    """Return the version of a snapshot's form, below zero for an unfinished one.

    Raises `ValueError` for what is none, and for a file that is not there.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except FileNotFoundError:
        raise ValueError(f"there is no snapshot {path}: {BUILD}") from None
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from error
    if head[:16] != _MAGIC or int.from_bytes(head[68:72]) != APPLICATION:
        raise ValueError(f"{path} is no snapshot of trialink: {BUILD}")
    return int.from_bytes(head[60:64], signed=True)


def is_ours(path: Path) -> bool:
    """Return whether a file is a snapshot, of any form."""
    try:
        form(path)
    except ValueError:
        return False
    return True


def opened(path: Path) -> tuple[sqlite3.Connection, dict[str, Any]]:
    """Return a connection that only reads, and the facts; raise `ValueError` where that cannot be.

    Threads may share the connection, one at a time.
    """
    found = form(path)
    if found < 0:
        raise ValueError(f"{path} is an unfinished snapshot: go on with `trialink snapshot build`")
    if found != FORMAT:
        kind = "older" if found < FORMAT else "newer"
        raise ValueError(
            f"{path} has the form {found} of {kind} releases, this one reads {FORMAT}: {_AGAIN}"
        )
    with ExitStack() as undoing:
        try:
            connection = connected(path, "mode=ro&immutable=1")
            undoing.callback(connection.close)
            facts = facts_in(connection)
        except sqlite3.Error as error:
            raise damaged(path, error) from error
        check_reading(path, facts)
        undoing.pop_all()
    return connection, facts


def connected(path: Path, mode: str) -> sqlite3.Connection:
    """Return a connection that begins no transaction by itself."""
    connection = sqlite3.connect(
        f"{path.as_uri()}?{mode}", 0.0, uri=True, isolation_level=None, check_same_thread=False
    )
    try:
        # A mapped file that is cut short ends the process.
        connection.execute("PRAGMA mmap_size = 0")
        connection.execute("PRAGMA cache_size = -16384")  # KiB
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def facts_in(connection: sqlite3.Connection) -> dict[str, Any]:
    """Return what the file says of itself."""
    return dict(connection.execute("SELECT name, value FROM facts"))


def check_reading(path: Path, facts: Mapping[str, Any]) -> None:
    """Raise `ValueError` for facts that are missing, or of a release that read otherwise."""
    if wrong := [name for name, kinds in FACTS.items() if not isinstance(facts.get(name), kinds)]:
        raise damaged(path, ValueError(f"what it says of its {wrong[0]}"))
    if facts.get("fields") != ",".join(FIELDS):
        raise ValueError(f"{path} holds other fields than this release reads: {_AGAIN}")
    if facts.get("rules") != RULES_VERSION:
        raise ValueError(
            f"{path} was indexed by rules {facts.get('rules')}, these are {RULES_VERSION}: {_AGAIN}"
        )


def damaged(path: Path, error: Exception) -> ValueError:
    """Return the error for a file that is not whole."""
    told = "".join(letter if letter.isprintable() else "?" for letter in str(error))[:200]
    return ValueError(f"the snapshot {path} is damaged ({told}): {_AGAIN}")
