"""Texts from files, from standard input, and from the rows of tables; read one by one."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from trialink.corpus.reading import Unreadable, as_typed, cause_of
from trialink.corpus.rows import (
    DELIMITERS,
    JSON_LINES,
    ROW_KINDS,
    csv_rows,
    json_rows,
    name_in,
    text_in,
    whole,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from trialink.corpus.rows import Row

_MOST_TOLD = 3  # bad rows of one file that are told one by one


class Inputs:
    """The texts that a command reads, with the name of each, once.

    What cannot be read is told on standard error and counted in `unreadable`; the rest is read.
    """

    def __init__(self, options: argparse.Namespace) -> None:
        self.paths = options.inputs or ["-"]
        self.text, self.id = (each and as_typed(each) for each in (options.text, options.id))
        self.columns = [each for each in (self.text, self.id) if each is not None]
        self.unreadable = 0
        if self.id is not None and self.text is None:
            options.usage_error("--id names the rows that --text reads: give both")
        for path in self.paths if self.text is not None else ():
            if Path(path).suffix.lower() not in ROW_KINDS:
                wrong = "standard input" if path == "-" else path
                options.usage_error(f"--text reads {', '.join(ROW_KINDS)} files, not {wrong}")

    @property
    def several(self) -> bool:
        """Whether more than one text is to be expected."""
        return len(self.paths) > 1 or self.text is not None

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for path in self.paths:
            name = as_typed(path)
            try:
                if self.text is None:
                    yield name, _content(path)
                else:
                    yield from self._rows(path, name)
            except (OSError, UnicodeDecodeError, Unreadable, csv.Error) as error:
                self._tell(name, cause_of(error))

    def _rows(self, path: str, name: str) -> Iterator[tuple[str, str]]:
        """Yield name and text of each row; a bad row is told and the others are read."""
        bad = 0
        for number, row in enumerate(_rows(path, self.columns), 1):
            place = f"{name}:{number}"
            try:
                yield self._named(place, whole(row))
            except Unreadable as error:
                bad += 1
                if bad <= _MOST_TOLD:
                    self._tell(place, str(error))
        if bad > _MOST_TOLD:
            self._tell(name, f"{bad - _MOST_TOLD} more rows like these")

    def _named(self, place: str, row: Row) -> tuple[str, str]:
        """Return the name of a row, else its place, and its text."""
        text = text_in(row, self.text or "")
        return name_in(row, self.id) or place, text

    def _tell(self, name: str, cause: str) -> None:
        self.unreadable += 1
        print(f"trialink: cannot read {name}: {cause}", file=sys.stderr)


def _content(path: str) -> str:
    """Return a whole file as text; newlines and a byte order mark stay as they are."""
    if path != "-":
        return Path(path).read_bytes().decode("utf-8")
    if sys.stdin is None:
        raise OSError("standard input is closed")
    return sys.stdin.buffer.read().decode("utf-8")


def _rows(path: str, columns: list[str]) -> Iterator[Row | Unreadable]:
    suffix = Path(path).suffix.lower()
    with Path(path).open("rb") as file:
        if suffix in JSON_LINES:
            yield from json_rows(file)
        else:
            yield from csv_rows(file, DELIMITERS[suffix], columns)
