"""Arrow record batches in, record batches of mentions out."""

from __future__ import annotations

import pyarrow as pa

from trialink.finding import Mentions, find

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# One row a mention: the row of its text, counted from 0 over all batches, and what `Mentions.rows`
# says of it.
SCHEMA = pa.schema(
    [
        pa.field("row", pa.int64(), nullable=False),
        pa.field("start", pa.int32(), nullable=False),
        pa.field("end", pa.int32(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("trn", pa.string(), nullable=False),
        pa.field("registry", pa.string(), nullable=False),
        pa.field("registry_label", pa.string(), nullable=False),
        pa.field("check_digit", pa.string()),
        pa.field("repairs", pa.string(), nullable=False),
    ]
)


def scan_batches(
    batches: Iterable[pa.RecordBatch], *, text: str, keep: Sequence[str] = ()
) -> Iterator[pa.RecordBatch]:
    """Yield, for each batch, the mentions in its column `text` as a batch of `SCHEMA`.

    The columns `keep` of the text's row stand before those of the schema.

    >>> import pyarrow
    >>> table = pyarrow.table({"pmid": [1, 2], "abstract": ["NCT05066646", None]})
    >>> found, = scan_batches(table.to_batches(), text="abstract", keep=["pmid"])
    >>> found.to_pylist()[0]["pmid"], found["trn"].to_pylist()
    (1, ['NCT05066646'])
    """
    first = 0
    for batch in batches:
        values = batch[text].to_pylist()
        found = [(row, find(value)) for row, value in enumerate(values) if value is not None]
        rows = [
            {"row": first + row} | columns
            for row, mentions in found
            for columns in Mentions(mentions).rows()
        ]
        table = pa.RecordBatch.from_pylist(rows, schema=SCHEMA)
        places = pa.array([each["row"] - first for each in rows], pa.int64())
        kept = [batch[name].take(places) for name in keep]
        fields = [*(batch.schema.field(name) for name in keep), *SCHEMA]
        yield pa.RecordBatch.from_arrays([*kept, *table.columns], schema=pa.schema(fields))
        first += batch.num_rows
