"""What Spark takes of time: each phase, and the scan beside a plain loop over the same texts.

    python -m tests.benchmarks.spark [DOCUMENTS]

Documents are abstracts of 1.5 KB (60,000 of them), in a Parquet file; one in twenty has an
identifier. The loop and Spark with one core and with two take turns, and the best of each counts.
For Spark that is what stays when its processes run and the code is warm; the start is printed too.
Seconds are of the wall clock: no other program should run.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession

from tests.bad_days import numbers
from tests.benchmarks.documents import short_documents
from trialink import Resolver
from trialink.adapters.arrow import scan_batches
from trialink.adapters.spark import join, resolve, scan
from trialink.sources.clinicaltrials_gov import ClinicalTrialsGov
from trialink.testing import LoopbackServer, synthetic_studies

_DOCUMENTS, _DISTINCT, _IDS, _ROUNDS = 60_000, 4_000, 4_000, 3


def main(arguments: list[str]) -> None:
    """Write the texts, scan them in three ways, and resolve and join once."""
    count = int(arguments[0]) if arguments else _DOCUMENTS
    os.environ |= {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "texts.parquet"
        megabytes = _written(path, count)
        seconds = {"plain loop": min(_timed(lambda: _looped(path)) for _ in range(_ROUNDS))}
        for cores in (1, 2):
            session, start = _session(cores)
            mentions = scan(session.read.parquet(str(path)), text="abstract", keep=["key"])
            first, *others = [_timed(mentions.count) for _ in range(1 + _ROUNDS)]
            seconds[f"local[{cores}]"] = min(others)
            print(f"local[{cores}]: start {start:.1f} s, first scan {first:.1f} s")
            if cores == 2:
                _resolved(mentions, Path(folder))
            session.stop()
        _print(seconds, count, megabytes)


def _written(path: Path, count: int) -> float:
    """Write the documents in eight row groups; return their millions of characters."""
    distinct = short_documents(min(count, _DISTINCT))
    ids = numbers(_IDS)
    texts = [distinct[place % len(distinct)] for place in range(count)]
    texts[::20] = [f"{text} ({ids[turn % _IDS]})" for turn, text in enumerate(texts[::20])]
    table = pa.table({"key": range(count), "abstract": texts})
    pq.write_table(table, path, row_group_size=-(-count // 8), compression="zstd")
    return sum(map(len, texts)) / 1e6


def _looped(path: Path) -> int:
    batches = pq.ParquetFile(path).iter_batches(columns=["abstract", "key"], batch_size=10_000)
    return sum(each.num_rows for each in scan_batches(batches, text="abstract", keep=["key"]))


def _session(cores: int) -> tuple[SparkSession, float]:
    """Return a Spark that splits the file by its row groups, and the seconds that it took."""
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.files.maxPartitionBytes": "4m",
    }
    begun = time.perf_counter()
    session = SparkSession.builder.master(f"local[{cores}]").config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session, time.perf_counter() - begun


def _resolved(mentions: DataFrame, folder: Path) -> None:
    """Print the seconds of each phase; the registry is on this machine, and there is no pace."""
    kept = mentions.persist()
    print(f"local[2]: scan and keep {_timed(kept.count):.1f} s, {kept.count()} mentions")
    with (
        LoopbackServer(synthetic_studies(_IDS)) as server,
        Resolver(cache=folder, sources=[ClinicalTrialsGov(server.url)], pace=None) as resolver,
    ):
        cold = _timed(lambda: resolve(kept, resolver))
        begun = time.perf_counter()
        answers = resolve(kept, resolver)
        warm = time.perf_counter() - begun
        print(f"resolve: {answers.count()} ids, {len(server.requests)} requests in {cold:.1f} s")
        print(f"resolve again, from the cache: {warm:.1f} s")
    print(f"join: {_timed(lambda: join(kept, answers).toArrow()):.1f} s")


def _timed(function: Callable[[], object]) -> float:
    begun = time.perf_counter()
    function()
    return time.perf_counter() - begun


def _print(seconds: dict[str, float], count: int, megabytes: float) -> None:
    print(f"\n{'scan':12}{'rows/s':>10}{'MB/s':>8}{'of the loop':>13}   {megabytes:.0f} MB")
    for name, taken in seconds.items():
        ratio = seconds["plain loop"] / taken
        print(f"{name:12}{count / taken:10.0f}{megabytes / taken:8.1f}{ratio:13.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
