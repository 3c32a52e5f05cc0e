"""How fast `trialink scan` reads each kind of file, and what a second process adds.

    python -m tests.benchmarks.corpus [MB]

Builds a corpus of abstracts of so many millions of characters (100) in each kind in a temporary
directory, scans each once with one process and once with two, in turn, and prints MB/s (millions of
bytes of text, unpacked, in a second of the wall clock), and the ratio of the two. The tables of
both must be alike, byte for byte. `had` is how many processors the run with two jobs had, since
others use the machine too: with less than two to be had, the ratio says little. `by cpu` is what
it would be then, by the time that processors worked: that of one job, over the own time of the run
with two and half of the time of its two processes.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

from tests.benchmarks.documents import SHORT, short_documents

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MARK = 1.7
_HEADER = f"{'kind':12}{'1 job':>8}{'2 jobs':>8}{'ratio':>7}{'had':>7}{'by cpu':>8}{'mentions':>10}"
_FILES = 8  # of a kind; of JSONL and Parquet it is one, which is read in parts
_RUNS = 2  # the best of which counts


def main(megabytes: int = 100) -> None:
    """Print a row for each kind of file and one for all of them."""
    texts = short_documents(megabytes * 1_000_000 // SHORT)
    size = sum(len(text.encode()) for text in texts)
    print(f"python {sys.version.split()[0]}; {len(texts)} abstracts, {size / 1e6:.0f} MB a kind;")
    print(f"load {os.getloadavg()[0]:.1f} of {os.cpu_count()} processors; mark: {MARK}\n")
    print(_HEADER)
    with TemporaryDirectory() as folder:
        for kind, make in _KINDS.items():
            if kind == "Parquet" and find_spec("pyarrow") is None:
                print("SKIPPED: Parquet, for pyarrow is not installed")
                continue
            place = Path(folder, kind)
            place.mkdir()
            make(place, texts)
            _measure(kind, place, size)
        _measure("all", Path(folder), size * len([*Path(folder).iterdir()]))


def _measure(kind: str, place: Path, size: int) -> None:
    best: dict[int, tuple[float, float, float]] = {}
    tables: dict[int, bytes] = {}
    with TemporaryDirectory() as folder:
        for _ in range(_RUNS):
            for jobs in (1, 2):
                table = Path(folder, f"{jobs}.jsonl")
                best[jobs] = min(_run(place, table, jobs), best.get(jobs, (float("inf"), 0, 0)))
                tables[jobs] = table.read_bytes()
    assert tables[1] == tables[2], f"{kind}: the tables differ"
    (one, *spent), (two, own, below) = best[1], best[2]
    rates = "".join(f"{size / seconds / 1e6:8.0f}" for seconds in (one, two))
    ratios = f"{one / two:7.2f}{(own + below) / two:7.2f}{sum(spent) / (own + below / 2):8.2f}"
    mentions = tables[1].count(b"\n")
    print(f"{kind:12}{rates}{ratios}{mentions:10}", flush=True)


def _run(place: Path, table: Path, jobs: int) -> tuple[float, float, float]:
    """Return the seconds that a scan takes: by the clock, and of processors, its own and below."""
    command = [sys.executable, "-c", _PROGRAM, "scan", str(place), "-o", str(table), "-q"]
    options = ["--jobs", str(jobs), "--text", "abstract", "--id", "pmid"]
    begun = time.perf_counter()
    ended = subprocess.run([*command, *options], check=True, capture_output=True)
    own, below = map(float, ended.stdout.split())
    return time.perf_counter() - begun, own, below


_PROGRAM = """
import resource, sys
from trialink.cli import main
assert main(sys.argv[1:]) == 0
for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
    used = resource.getrusage(whose)
    print(used.ru_utime + used.ru_stime)
"""


def _shared_out(texts: list[str]) -> Iterator[tuple[int, list[tuple[int, str]]]]:
    numbered = [*enumerate(texts, 1)]
    for number in range(_FILES):
        yield number, numbered[number::_FILES]


def _text(place: Path, texts: list[str]) -> None:
    for number, text in enumerate(texts):
        folder = place / f"{number // 1000:03}"
        folder.mkdir(exist_ok=True)
        (folder / f"{number}.txt").write_bytes(text.encode())


def _rows(texts: list[str]) -> Iterator[bytes]:
    for pmid, text in enumerate(texts, 1):
        form = {"pmid": pmid, "abstract": text}
        yield f"{json.dumps(form, ensure_ascii=False)}\n".encode()


def _jsonl(place: Path, texts: list[str]) -> None:
    (place / "all.jsonl").write_bytes(b"".join(_rows(texts)))


def _csv(place: Path, texts: list[str]) -> None:
    import csv

    for number, share in _shared_out(texts):
        with (place / f"{number}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("pmid", "abstract"), *share])


def _parquet(place: Path, texts: list[str]) -> None:
    import pyarrow
    from pyarrow import parquet

    table = pyarrow.table({"pmid": [*range(1, len(texts) + 1)], "abstract": texts})
    parquet.write_table(table, place / "all.parquet", row_group_size=10_000)


def _pubmed(place: Path, texts: list[str]) -> None:
    for number, share in _shared_out(texts):
        articles = "".join(_ARTICLE.format(pmid=pmid, text=escape(text)) for pmid, text in share)
        content = f"<PubmedArticleSet>{articles}</PubmedArticleSet>"
        (place / f"{number}.xml.gz").write_bytes(gzip.compress(content.encode(), 6))


# As much around the text as in a real one, of which three quarters are tags and metadata.
_AUTHOR = (
    '<Author ValidYN="Y"><LastName>Lunta</LastName><ForeName>Ro</ForeName><Initials>R</Initials>'
    "<AffiliationInfo><Affiliation>Department of Trials, Hospital of Veldes.</Affiliation>"
    "</AffiliationInfo></Author>"
)
_ARTICLE = (
    '<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">{pmid}</PMID>'
    '<Article PubModel="Print"><Journal><Title>J Clin Res</Title></Journal>'
    '<ArticleTitle>A trial.</ArticleTitle><Abstract><AbstractText Label="ALL">{text}'
    f"</AbstractText></Abstract><AuthorList>{_AUTHOR * 8}</AuthorList></Article>"
    "<MeshHeadingList>"
    + "<MeshHeading><DescriptorName>Humans</DescriptorName></MeshHeading>"
    * 12
    + "</MeshHeadingList></MedlineCitation><PubmedData><ArticleIdList>"
    '<ArticleId IdType="pubmed">{pmid}</ArticleId></ArticleIdList></PubmedData></PubmedArticle>\n'
)
_KINDS: dict[str, Callable[[Path, list[str]], None]] = {
    "text": _text,
    "JSONL": _jsonl,
    "CSV": _csv,
    "Parquet": _parquet,
    "PubMed gz": _pubmed,
}


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
