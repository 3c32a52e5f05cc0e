"""The rows of CSV, TSV and JSONL, read one by one; a bad one does not end the others."""

from __future__ import annotations

import csv
import io
import json

from trialink.corpus.reading import Unreadable, is_utf8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import IO

    Row = dict[str, object]

DELIMITERS = {".csv": ",", ".tsv": "\t"}
JSON_LINES = (".jsonl", ".ndjson")
ROW_KINDS = (*DELIMITERS, *JSON_LINES)
_LONGEST = 1 << 27  # characters of a cell, which may hold a whole article
_NOT_UTF8 = "not UTF-8; convert the file, as with iconv"


def csv_rows(file: IO[bytes], delimiter: str, columns: Sequence[str]) -> Iterator[Row | Unreadable]:
    """Yield the rows below the header; raise `Unreadable` where that lacks a column."""
    csv.field_size_limit(_LONGEST)
    with io.TextIOWrapper(file, "utf-8-sig", errors="surrogateescape", newline="") as text:
        rows = csv.DictReader(text, delimiter=delimiter)
        _check(rows.fieldnames or (), delimiter, columns)
        for row in rows:
            readable = all(is_utf8(row[column] or "") for column in columns)
            yield row if readable else Unreadable(_NOT_UTF8)


def _check(header: Sequence[str], delimiter: str, columns: Sequence[str]) -> None:
    """Raise `Unreadable` for a header that lacks a column, or has it twice."""
    if not all(map(is_utf8, header)):
        raise Unreadable(_NOT_UTF8)
    if len(header) == 1 and ";" in header[0] and header[0] not in columns:
        raise Unreadable(f"its columns are divided by ';': save it with {delimiter!r}")
    for column in columns:
        cell(dict.fromkeys(header), column)
        if header.count(column) > 1:
            raise Unreadable(f"{header.count(column)} columns are called {column!r}: rename them")


def json_rows(lines: Iterable[bytes]) -> Iterator[Row | Unreadable]:
    """Yield the object of each line that is not blank."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _json_row(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line)


def _json_row(line: bytes) -> Row | Unreadable:
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        return Unreadable("not UTF-8")
    except (ValueError, RecursionError):
        return Unreadable("no JSON")
    return row if isinstance(row, dict) else Unreadable("no JSON object")


def whole(row: Row | Unreadable) -> Row:
    """Return a row; raise it where it could not be read."""
    if isinstance(row, Unreadable):
        raise row
    return row


def text_in(row: Row, column: str) -> str:
    """Return the text of a row; raise `Unreadable` for what is none."""
    return as_text(cell(row, column), column)


def as_text(value: object, column: str) -> str:
    """Return the text that a column holds; a number or null is none."""
    if not isinstance(value, str | int | float | None):
        raise Unreadable(f"column {column!r} holds a {type(value).__name__}, not text")
    return value if isinstance(value, str) else ""


def name_in(row: Row, column: str | None) -> str | None:
    """Return what names a row, None where nothing does."""
    return None if column is None else as_name(cell(row, column))


def as_name(value: object) -> str | None:
    """Return the name that a column holds, None where it is empty."""
    if value is None or value == "":
        return None
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def cell(row: Row, column: str) -> object:
    """Return what a row holds in a column; raise `Unreadable` where it has none."""
    if column in row:
        return row[column]
    has = f"it has {', '.join(row)}" if row else "it is empty"
    raise Unreadable(f"no column {column!r}; {has}")
