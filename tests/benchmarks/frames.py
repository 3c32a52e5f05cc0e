"""What the accessors of pandas and Polars add to a plain loop of `find` over the same texts.

    python -m tests.benchmarks.frames

Prints, for each kind of texts and frame, the processor time beside that of the loop in the same
run, each the best of several, taken in turn. A ratio of 1.1 is a tenth more than the loop takes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pandas as pd
import polars as pl

import trialink.pandas
import trialink.polars  # noqa: F401
from tests.benchmarks.documents import SHORT, documents, reference_lists, short_documents
from trialink import find

MARK = 1.1  # of the loop
_RUNS = 5
_COUNT = 2_000
_LINES = 100  # characters of a title

Task = Callable[[], object]


def main() -> None:
    """Time every task on every kind of texts, and print a row as it is done."""
    print(f"python {sys.version.split()[0]}, pandas {pd.__version__}, polars {pl.__version__}")
    print(f"processor time of a loop over the same column, and the ratio to it; mark: {MARK}")
    for name, texts in _texts():
        print(f"\n{name}: {len(texts)} texts, {sum(map(len, texts)) / 1e6:.1f} MB")
        for dtype in ("object", "str"):
            _pandas(pd.Series(texts, dtype=dtype))
        _polars(pl.Series("text", texts))


def _texts() -> Iterator[tuple[str, list[str]]]:
    yield "abstracts", short_documents(_COUNT)
    yield "titles", documents(count=_COUNT * 4, size=_LINES)
    yield "lists of references", reference_lists(count=_COUNT // 10, size=SHORT * 4)


def _pandas(series: pd.Series) -> None:
    name = f"pandas {series.dtype}"
    _print(f"{name}, ids", lambda: _ids(series), {"eager": series.trialink.ids})
    _print(f"{name}, find", lambda: _found(series), {"eager": series.trialink.find})


def _polars(series: pl.Series) -> None:
    frame = series.to_frame()
    ids = frame.lazy().select(pl.col("text").trialink.ids())
    found = frame.lazy().trialink.find(text="text")
    _print("Polars, ids", lambda: _ids(series), {"eager": series.trialink.ids, **_lazily(ids)})
    eager = {"eager": lambda: frame.trialink.find(text="text")}
    _print("Polars, find", lambda: _found(series), eager | _lazily(found))


def _lazily(lazy: pl.LazyFrame) -> dict[str, Task]:
    return {"lazy": lazy.collect, "streaming": lambda: lazy.collect(engine="streaming")}


def _ids(column: Iterable[str]) -> list[list[str]]:
    return [[str(id) for id in find(text).ids()] for text in column]


def _found(column: Iterable[str]) -> list[dict[str, Any]]:
    return [row for text in column for row in find(text).rows()]


def _print(name: str, loop: Task, others: dict[str, Task]) -> None:
    base, *spent = _timed([loop, *others.values()])
    ratios = [f"{other} {each / base:.2f}" for other, each in zip(others, spent, strict=True)]
    print(f"  {name:21} loop {base * 1000:4.0f} ms; {', '.join(ratios)}", flush=True)


def _timed(tasks: list[Task]) -> list[float]:
    """Return the least processor time of each of the tasks, which take turns."""
    best = [float("inf")] * len(tasks)
    for _ in range(_RUNS):
        for place, task in enumerate(tasks):
            start = time.process_time()
            task()
            best[place] = min(best[place], time.process_time() - start)
    return best


if __name__ == "__main__":
    main()
