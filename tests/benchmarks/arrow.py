"""How fast `scan_batches` reads a column, beside `to_pylist` and `find` in the same run.

    python -m tests.benchmarks.arrow

Prints a row for each kind of documents: MB/s of both (millions of characters in a second of this
process, on one core), the best of several runs taken in turn; how many times faster the second is,
the median over pairs of runs; what share of the rows became texts, and how many mentions there are.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from statistics import median

import pyarrow as pa

import trialink
from tests.benchmarks.documents import SHORT, documents, sentences, short_documents
from trialink.adapters.arrow import scan_batches
from trialink.finding.buffers import likely_rows
from trialink.finding.outline import sought

MARK = 1.3  # of to_pylist and find, on abstracts
_RUNS = 25
_MANY = 3_000_000  # characters of a set of documents
_ROWS = 10_000  # of a batch
_TITLE = 120  # characters


def main() -> None:
    """Time both ways on each kind of documents and print a row as it is done."""
    print(f"python {sys.version.split()[0]}, pyarrow {pa.__version__}; text: {sentences()[0]}")
    print(f"MB/s; mark: {MARK} times to_pylist and find on documents of 1.5 KB\n")
    print(f"{'documents':22}{'MB':>6}{'find':>8}{'scan':>8}{'times':>7}{'read':>8}{'mentions':>10}")
    for name, texts in _kinds():
        print(_row(name, pa.table({"text": texts}), sum(map(len, texts)) / 1e6), flush=True)


def _kinds() -> Iterator[tuple[str, list[str]]]:
    count = _MANY // SHORT
    ascii, mixed = documents(count=count, size=SHORT), short_documents(count)
    yield "1.5 KB, ASCII", ascii
    yield "1.5 KB, not ASCII", mixed
    yield "1.5 KB, beyond Latin-1", documents(count=count, size=SHORT, marks="wide")
    yield "titles, ASCII", _titles(ascii)
    yield "titles, not ASCII", _titles(mixed)


def _titles(texts: list[str]) -> list[str]:
    """Return the documents in pieces of a line."""
    return [text[at : at + _TITLE] for text in texts for at in range(0, len(text), _TITLE)]


def _row(name: str, table: pa.Table, size: float) -> str:
    batches = table.to_batches(max_chunksize=_ROWS)
    pairs = [(_seconds(_plain, batches), _seconds(_bulk, batches)) for _ in range(_RUNS)]
    found, scanned = map(min, zip(*pairs, strict=True))
    times = median(plain / bulk for plain, bulk in pairs)
    assert _plain(batches) == _bulk(batches)
    read = sum(map(_read, batches)) / table.num_rows
    return (
        f"{name:22}{size:6.1f}{size / found:8.1f}{size / scanned:8.1f}{times:7.2f}"
        f"{read:8.1%}{_bulk(batches):10}"
    )


def _plain(batches: list[pa.RecordBatch]) -> int:
    return sum(len(trialink.find(text)) for batch in batches for text in batch["text"].to_pylist())


def _bulk(batches: list[pa.RecordBatch]) -> int:
    return sum(batch.num_rows for batch in scan_batches(batches, text="text"))


def _read(batch: pa.RecordBatch) -> int:
    """Return how many rows of a batch become texts."""
    _, offsets, data = batch["text"].buffers()
    column = memoryview(offsets).cast("i")[batch["text"].offset :][: batch.num_rows + 1]
    return sum(1 for _ in likely_rows(memoryview(data), column, sought()[0]))


def _seconds(way: Callable[[list[pa.RecordBatch]], int], batches: list[pa.RecordBatch]) -> float:
    start = time.process_time()
    way(batches)
    return time.process_time() - start


if __name__ == "__main__":
    main()
