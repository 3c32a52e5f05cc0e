"""Parquet files: texts of their columns in, tables of mentions out and in."""

from __future__ import annotations

import json
from contextlib import contextmanager
from itertools import islice

import pyarrow as pa
from pyarrow import parquet

from trialink.adapters.arrow import SCHEMA, scan_batches
from trialink.corpus.reading import Unreadable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import IO, Any

    from trialink.corpus.pieces import Piece, Settings


_LOT = 4096  # rows that are in memory at a time
_COLUMNS = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        *(field for field in SCHEMA if field.name != "row"),
        pa.field("section", pa.string()),
        pa.field("section_index", pa.int32(), nullable=False),
        pa.field("file", pa.string(), nullable=False),
        pa.field("statements", pa.string()),
    ]
)


def group_sizes(path: str) -> list[int]:
    """Return the bytes of each row group; none where the file cannot be read."""
    try:
        with _opened(path) as file:
            facts = file.metadata
            return [facts.row_group(each).total_byte_size for each in range(facts.num_row_groups)]
    except (OSError, Unreadable):
        return []  # which is told when it is read


def texts(
    piece: Piece, settings: Settings, *, sparse: bool
) -> Iterator[tuple[object, int, list[tuple[str, object]]]]:
    """Yield what names each row, its number and its texts by column, numbers from 1.

    `sparse` leaves out texts in which nothing is to be found.
    """
    names = list(dict.fromkeys((*settings.columns, *filter(None, (settings.id,)))))
    with _opened(piece.file.path) as file:
        for name in names:
            if name not in file.schema_arrow.names:
                has = ", ".join(file.schema_arrow.names)
                raise Unreadable(f"no column {name!r}; it has {has}")
        facts = file.metadata
        groups = range(piece.begin, facts.num_row_groups if piece.end is None else piece.end)
        number = sum(facts.row_group(each).num_rows for each in range(piece.begin))
        for batch in file.iter_batches(_LOT, row_groups=[*groups], columns=names):
            columns = {name: _texts(batch, name, sparse=sparse) for name in settings.columns}
            ids = batch[settings.id].to_pylist() if settings.id is not None else None
            for row in range(batch.num_rows):
                number += 1
                yield (
                    ids[row] if ids else None,
                    number,
                    [(name, column[row]) for name, column in columns.items()],
                )


def _texts(batch: pa.RecordBatch, name: str, *, sparse: bool) -> Sequence[Any]:
    """Return the values of a column; `sparse` empty texts for those without mentions."""
    column = batch[name]
    is_text = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
    if not (sparse and is_text):
        values: Sequence[Any] = column.to_pylist()
        return values
    kept = dict.fromkeys(
        row for found in scan_batches([batch], text=name) for row in found["row"].to_pylist()
    )
    chosen = [""] * batch.num_rows
    for row in kept:
        chosen[row] = column[row].as_py()
    return chosen


@contextmanager
def _opened(path: str) -> Iterator[parquet.ParquetFile]:
    with open(path, "rb") as raw:  # noqa: PTH123, a path may be any bytes
        try:
            with parquet.ParquetFile(raw) as file:
                yield file
        except pa.ArrowException as error:
            raise Unreadable(str(error).partition("\n")[0]) from error


def write(file: IO[bytes], rows: Iterable[dict[str, Any]]) -> None:
    """Write a table of mentions; statements stand in it as JSON, null for none."""
    with parquet.ParquetWriter(file, _COLUMNS) as writer:
        rows = iter(rows)
        while lot := [_storable(row) for row in islice(rows, 16 * _LOT)]:
            writer.write_table(pa.Table.from_pylist(lot, schema=_COLUMNS))


def _storable(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row whose texts are UTF-8: what was no UTF-8 in a name stands as its escape."""
    said = json.dumps(row["statements"], ensure_ascii=False) if row["statements"] else None
    return {name: _encodable(value) for name, value in (row | {"statements": said}).items()}


def _encodable(value: object) -> object:
    if isinstance(value, str) and not value.isascii():
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    return value


def rows(path: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table of mentions."""
    with _opened(path) as file:
        for batch in file.iter_batches(_LOT):
            yield from batch.to_pylist()
