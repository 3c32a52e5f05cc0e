"""Texts from files, from standard input, and from the rows of tables; read one by one."""

from __future__ import annotations

import csv
import json
import os
import sys
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    Row = dict[str, object]

_DELIMITERS = {".csv": ",", ".tsv": "\t"}
_JSON_LINES = (".jsonl", ".ndjson")
_ROW_KINDS = (*_DELIMITERS, *_JSON_LINES)
_MOST_TOLD = 3  # bad rows of one file that are told one by one


class Inputs:
    """The texts that a command reads, with the name of each, once.

    What cannot be read is told on standard error and counted in `unreadable`; the rest is read.
    """

    def __init__(self, options: argparse.Namespace) -> None:
        self.paths = options.inputs or ["-"]
        self.text, self.id = _as_typed(options.text), _as_typed(options.id)
        self.columns = [each for each in (self.text, self.id) if each is not None]
        self.unreadable = 0
        if self.id is not None and self.text is None:
            options.usage_error("--id names the rows that --text reads: give both")
        for path in self.paths if self.text is not None else ():
            if Path(path).suffix.lower() not in _ROW_KINDS:
                wrong = "standard input" if path == "-" else path
                options.usage_error(f"--text reads {', '.join(_ROW_KINDS)} files, not {wrong}")

    @property
    def several(self) -> bool:
        """Whether more than one text is to be expected."""
        return len(self.paths) > 1 or self.text is not None

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for path in self.paths:
            name = _as_typed(path) or path
            try:
                if self.text is None:
                    yield name, _content(path)
                else:
                    yield from self._rows(path, name)
            except (OSError, UnicodeDecodeError, _Unreadable, csv.Error) as error:
                self._tell(name, _cause(error))

    def _rows(self, path: str, name: str) -> Iterator[tuple[str, str]]:
        """Yield name and text of each row; a bad row is told and the others are read."""
        bad = 0
        read = _json_rows if Path(path).suffix.lower() in _JSON_LINES else _csv_rows
        for number, row in enumerate(read(path, self.columns), 1):
            try:
                yield self._named(f"{name}:{number}", row)
            except _Unreadable as error:
                bad += 1
                if bad <= _MOST_TOLD:
                    self._tell(f"{name}:{number}", str(error))
        if bad > _MOST_TOLD:
            self._tell(name, f"{bad - _MOST_TOLD} more rows like these")

    def _named(self, place: str, row: Row | _Unreadable) -> tuple[str, str]:
        """Return the name of a row, else its place, and its text; a number or null is none."""
        if isinstance(row, _Unreadable):
            raise row
        text, id = (_cell(row, each) for each in (self.text, self.id))
        if not isinstance(text, str | int | float | None):
            raise _Unreadable(f"column {self.text!r} holds a {type(text).__name__}, not text")
        name = id if isinstance(id, str) else json.dumps(id, ensure_ascii=False)
        return place if id in ("", None) else name, text if isinstance(text, str) else ""

    def _tell(self, name: str, cause: str) -> None:
        self.unreadable += 1
        print(f"trialink: cannot read {name}: {cause}", file=sys.stderr)


class _Unreadable(ValueError):
    """A file or a row that does not hold what was asked for."""


def _as_typed(argument: str | None) -> str | None:
    """Return an argument as it was typed, where the locale knows too little of UTF-8."""
    if argument is None or _is_utf8(argument):
        return argument
    return os.fsencode(argument).decode("utf-8", "surrogateescape")


def _is_utf8(text: str) -> bool:
    """Return whether decoding left no byte over."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _cause(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"not UTF-8 (byte {error.start}); convert it first, as with iconv"
    if isinstance(error, OSError):
        return (error.strerror or str(error)).lower()
    return str(error)


def _content(path: str) -> str:
    """Return a whole file as text; newlines and a byte order mark stay as they are."""
    if path != "-":
        return Path(path).read_bytes().decode("utf-8")
    if sys.stdin is None:
        raise OSError("standard input is closed")
    return sys.stdin.buffer.read().decode("utf-8")


def _csv_rows(path: str, columns: list[str]) -> Iterator[Row | _Unreadable]:
    csv.field_size_limit(2**31 - 1)  # a cell may hold a whole article
    delimiter = _DELIMITERS[Path(path).suffix.lower()]
    with Path(path).open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        rows = csv.DictReader(file, delimiter=delimiter)
        header = dict.fromkeys(rows.fieldnames or ())
        for column in columns:
            _cell(header, column)
        for row in rows:
            readable = all(_is_utf8(row[column] or "") for column in columns)
            yield row if readable else _Unreadable("not UTF-8; convert the file, as with iconv")


def _cell(row: Row, column: str | None) -> object:
    """Return what a row holds in a column, None for no column; say so where it has none."""
    if column is None or column in row:
        return None if column is None else row[column]
    has = f"it has {', '.join(row)}" if row else "it is empty"
    raise _Unreadable(f"no column {column!r}; {has}")


def _json_rows(path: str, _: list[str]) -> Iterator[Row | _Unreadable]:
    with Path(path).open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield _json_row(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line)


def _json_row(line: bytes) -> Row | _Unreadable:
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return _Unreadable("not UTF-8")
    except (ValueError, RecursionError):
        return _Unreadable("no JSON")
    return row if isinstance(row, dict) else _Unreadable("no JSON object")
