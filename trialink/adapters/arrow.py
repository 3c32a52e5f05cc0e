"""Arrow record batches in, record batches of mentions out."""

from __future__ import annotations

import pyarrow as pa

from trialink.finding.buffers import found_rows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from trialink.registries import Registry

_STRINGS = ("text", "trn", "registry", "registry_label", "check_digit", "repairs")
# One row a mention: the row of its text, counted from 0 over all batches, and what `Mentions.rows`
# says of it.
SCHEMA = pa.schema(
    [pa.field("row", pa.int64(), nullable=False)]
    + [pa.field(name, pa.int32(), nullable=False) for name in ("start", "end")]
    + [pa.field(name, pa.string(), nullable=name == "check_digit") for name in _STRINGS]
)
_TEXTS = [pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, pa.types.is_null]


def scan_batches(
    batches: Iterable[pa.RecordBatch],
    *,
    text: str,
    keep: Sequence[str] = (),
    registries: Iterable[Registry | str] | None = None,
) -> Iterator[pa.RecordBatch]:
    """Yield, for each batch, what `find` returns for its column `text`, as a batch of `SCHEMA`.

    `batches` may also be a reader, or anything with `to_batches`, as tables and data sets have it;
    a batch is taken when it is asked for. Texts are strings of any kind, or dictionaries of them;
    null is no text. The columns `keep` stand first, unchanged; `registries` is that of `find`.

    Raises at that batch `KeyError` without such a column, `TypeError` for a column of anything but
    strings, `ValueError` for a text that is not UTF-8 and where `mention_schema` does.

    >>> import pyarrow
    >>> table = pyarrow.table({"pmid": [1, 2], "abstract": ["NCT05066646", None]})
    >>> found, = scan_batches(table, text="abstract", keep=["pmid"])
    >>> found["pmid"].to_pylist(), found["trn"].to_pylist()
    ([1], ['NCT05066646'])
    """
    if isinstance(keep, str):
        raise TypeError(f"keep= takes names of columns, as in keep=[{keep!r}]")
    wanted = None if registries is None else tuple(registries)
    first = 0
    for batch in batches.to_batches() if hasattr(batches, "to_batches") else batches:
        if not isinstance(batch, pa.RecordBatch):
            raise TypeError(f"scan_batches() takes record batches, not {type(batch).__name__}")
        column, *kept = (_column(batch, name) for name in (text, *keep))
        schema = mention_schema(batch.schema.field(name) for name in keep)
        found = found_rows(*_buffers(_strings(column, text)), first=first, registries=wanted)
        rows = [{"row": row} | each for row, mentions in found for each in mentions.rows()]
        columns = [pa.array([row[field.name] for row in rows], field.type) for field in SCHEMA]
        # Slice by slice, since `take` does not do for all types, such as views.
        spans = [(0, 0), *((row["row"] - first, 1) for row in rows)]
        picked = [pa.concat_arrays([each.slice(*span) for span in spans]) for each in kept]
        yield pa.RecordBatch.from_arrays([*picked, *columns], schema=schema)
        first += batch.num_rows


def mention_schema(kept: Iterable[pa.Field] = ()) -> pa.Schema:
    """Return the schema of what `scan_batches` yields: the kept fields as they are, then `SCHEMA`.

    Raises `ValueError` for two fields of one name.

    >>> import pyarrow
    >>> mention_schema([pyarrow.field("pmid", "int64")]).names[:3]
    ['pmid', 'row', 'start']
    """
    schema = pa.schema([*kept, *SCHEMA])
    if twice := [name for name in schema.names if schema.names.count(name) > 1]:
        raise ValueError(f"two columns would be called {twice[0]!r}: rename the one that you keep")
    return schema


def _column(batch: pa.RecordBatch, name: str) -> pa.Array:
    if batch.schema.names.count(name) != 1:
        raise KeyError(f"{name!r} is not one column of these: {batch.schema.names}")
    return batch.column(batch.schema.names.index(name))


def _strings(column: pa.Array, name: str) -> pa.Array:
    """Return a column as one of strings that lie one behind another."""
    if isinstance(column, pa.ExtensionArray):
        return _strings(column.storage, name)
    if isinstance(column, pa.DictionaryArray):
        return _strings(column.dictionary, name).take(column.indices)
    if not any(is_text(column.type) for is_text in _TEXTS):
        way_out = f"pyarrow.compute.cast(table[{name!r}], 'string') if it is text in UTF-8"
        raise TypeError(f"the column {name!r} holds {column.type}, not strings: {way_out}")
    return column.cast(pa.large_string())


def _buffers(texts: pa.Array) -> tuple[memoryview, memoryview, Sequence[bool]]:
    """Return all texts in a row, where each begins and the last one ends, and which are null."""
    _, offsets, data = texts.buffers()
    low, high = 8 * texts.offset, 8 * (texts.offset + len(texts) + 1)
    nulls = texts.is_null().to_pylist() if texts.null_count else ()
    return memoryview(data or b""), memoryview(offsets or b"")[low:high].cast("q"), nulls
