"""What Spark takes of time: each phase, and the scan beside a plain loop over the same texts.

    python -m tests.benchmarks.spark [DOCUMENTS]

Documents are abstracts of 1.5 KB (60,000 of them), in a Parquet file; one in twenty has an
identifier more. The best of three counts: for Spark, when its processes run and the code is warm;
the start and the first scan are printed too. Speeds are of the wall clock and mean something only
where no other program runs; seconds of processor are of all processes of a scan (Linux).
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
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
        seconds = {"plain loop": _best(lambda: _looped(path))}
        for cores in (1, 2):
            session, start = _session(cores)
            mentions = scan(session.read.parquet(str(path)), text="abstract", keep=["key"])
            first = _timed(mentions.count)
            print(f"local[{cores}]: start {start:.1f} s, first scan {first[0]:.1f} s")
            seconds[f"local[{cores}]"] = _best(mentions.count)
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
    _phase("scan and keep", kept.count)
    with (
        LoopbackServer(synthetic_studies(_IDS)) as server,
        Resolver(cache=folder, sources=[ClinicalTrialsGov(server.url)], pace=None) as resolver,
    ):
        _phase("resolve", lambda: resolve(kept, resolver))
        answers = resolve(kept, resolver)
        _phase("resolve, from the cache", lambda: resolve(kept, resolver))
        print(f"  {kept.count()} mentions, {answers.count()} ids, {len(server.requests)} requests")
    _phase("join", lambda: join(kept, answers).toArrow())


def _phase(name: str, function: Callable[[], object]) -> None:
    wall, spent = _timed(function)
    print(f"  {name:24}{wall:6.1f} s, of processor {spent:6.1f} s")


def _best(function: Callable[[], object]) -> tuple[float, float]:
    """Return the least seconds, and the least seconds of processor, of a few rounds."""
    walls, spent = zip(*(_timed(function) for _ in range(_ROUNDS)), strict=True)
    return min(walls), min(spent)


def _timed(function: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds that a call takes, and those of processor."""
    begun, before = time.perf_counter(), _spent()
    function()
    return time.perf_counter() - begun, _spent() - before


def _spent() -> float:
    """Return the seconds of processor of this process and of all that it has started."""
    ticks, parents = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            _, _, rest = path.read_text().rpartition(")")
            facts = rest.split()
            parents[int(path.parent.name)] = int(facts[1])
            ticks[int(path.parent.name)] = sum(map(int, facts[11:15]))
    own = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in own} - own:
        own |= more
    return sum(ticks[pid] for pid in own) / os.sysconf("SC_CLK_TCK")


def _print(seconds: dict[str, tuple[float, float]], count: int, megabytes: float) -> None:
    print(f"\n{'scan':12}{'rows/s':>8}{'MB/s':>7}{'of loop':>9}{'processor s':>13}{'of loop':>9}")
    for name, (wall, spent) in seconds.items():
        ratios = [
            loop / own for loop, own in zip(seconds["plain loop"], (wall, spent), strict=True)
        ]
        speed = f"{count / wall:8.0f}{megabytes / wall:7.1f}{ratios[0]:9.2f}"
        print(f"{name:12}{speed}{spent:13.2f}{ratios[1]:9.2f}")
    print(f"{megabytes:.0f} MB of text")


if __name__ == "__main__":
    main(sys.argv[1:])
