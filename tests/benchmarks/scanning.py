"""How fast `find` reads, beside the least that any finder does and beside plainer finders.

    python -m tests.benchmarks.scanning

Prints one table, in MB/s (millions of characters in a second of one core). All figures of a row
come from one run on the same documents, each the best of several, taken in turn. The slow finders
are timed on the first documents only; how many characters, the table says.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache

import trialink
from tests.benchmarks.documents import (
    LONG,
    SHORT,
    described,
    documents,
    other_script,
    reference_lists,
    sentences,
    short_documents,
)

MARK_LEAST, MARK_REFERENCE = 0.2, 40.0
_RUNS = 9
_PATIENCE = 3.0  # seconds after which a run is not repeated
_SLOW = 30_000  # characters on which slow finders are timed
_MANY = 2_000_000  # characters of a set of documents
_GIANT = 30_000_000
_TABLE = bytes(
    ord("0") if chr(code).isdigit() and code < 128 else ord(chr(code).lower()) if code < 128 else 32
    for code in range(256)
)
_HEADER = (
    f"{'documents':25}{'MB':>6}{'least':>8}{'find':>8}{'ratio':>7}{'one re':>8}{'ref.':>8}"
    f"{'ratio':>7}{'mentions':>10}"
)


def main() -> None:
    """Build the documents, time all finders on each kind and print a row as it is done."""
    started = time.perf_counter()
    print(f"python {sys.version.split()[0]}; text: {sentences()[0]}; MB/s; ratio: find over the")
    print(f"column to the left of it; marks: {MARK_LEAST} of least, {MARK_REFERENCE:.0f} of ref.")
    print("least: text.encode('latin-1', 'replace').translate(table)")
    print(f"one re: one alternation of a pattern a registry, on {_SLOW // 1000} KB of each kind")
    print(f"ref.: tests/reference_finder.py, on the same {_SLOW // 1000} KB")
    if reference() is None:
        print("SKIPPED: ref., for tests/reference_finder.py cannot be imported")
    print(f"\n{_HEADER}")
    alike = [_measured(name, texts) for name, texts in _alike()]
    print(_row("together", [sum(column) for column in zip(*alike, strict=True)]))
    for name, texts in _others():
        _measured(name, texts)
    print(f"\n{time.perf_counter() - started:.0f} s in all")


def _alike() -> Iterator[tuple[str, list[str]]]:
    """Yield the documents for which the marks are set."""
    many, few = _MANY // SHORT, _MANY // LONG
    yield "1.5 KB, ASCII", documents(count=many, size=SHORT)
    yield "1.5 KB, not ASCII", short_documents(many)
    yield "60 KB, ASCII", documents(count=few, size=LONG)
    yield "60 KB, not ASCII", documents(count=few, size=LONG, marks="wide")


def _others() -> Iterator[tuple[str, list[str]]]:
    """Yield what is read too, and is no abstract and no article."""
    many = "\n".join(short_documents(_MANY // SHORT))
    yield "one text", [(many * (_GIANT // len(many) + 1))[:_GIANT]]
    yield "reference lists, 20 KB", reference_lists(count=20, size=20_000)
    yield "Chinese, 1.5 KB", other_script(count=_MANY // SHORT // 4, size=SHORT)


def _measured(name: str, texts: list[str]) -> list[float]:
    """Time the finders on documents, print the row and return what adds up of it."""
    some = _first(texts)
    size, slow = (sum(map(len, each)) / 1e6 for each in (texts, some))
    least, found = _timed([_least, trialink.find], texts)
    plain, *plainest = _timed([*filter(None, (alternation().findall, reference()))], some)
    mentions = sum(len(trialink.find(text)) for text in texts)
    columns = [size, least, found, slow, plain, sum(plainest), mentions]
    print(_row(name, columns))
    print(f"  {described(texts)}", flush=True)
    return columns


def _row(name: str, columns: list[float]) -> str:
    size, least, found, slow, plain, plainest, mentions = columns
    speed = size / found
    row = f"{name:25}{size:6.1f}{size / least:8.0f}{speed:8.1f}{least / found:7.3f}"
    if not plainest:
        return f"{row}{slow / plain:8.2f}{'-':>8}{'-':>7}{mentions:10.0f}"
    ratio = speed * plainest / slow
    return f"{row}{slow / plain:8.2f}{slow / plainest:8.3f}{ratio:7.0f}{mentions:10.0f}"


def _timed(finders: list[Callable[[str], object]], texts: list[str]) -> list[float]:
    """Return the best seconds of each of the finders, which take turns."""
    best = [float("inf")] * len(finders)
    started = time.perf_counter()
    for _ in range(_RUNS):
        for place, finder in enumerate(finders):
            start = time.process_time()
            for text in texts:
                finder(text)
            best[place] = min(best[place], time.process_time() - start)
        if time.perf_counter() - started > _PATIENCE:
            break
    return best


def _least(text: str) -> bytes:
    return text.encode("latin-1", "replace").translate(_TABLE)


def _first(texts: list[str]) -> list[str]:
    """Return the first documents, of a long text its beginning, up to what slow finders read."""
    some: list[str] = []
    while sum(map(len, some)) < _SLOW and len(some) < len(texts):
        some.append(texts[len(some)][:_SLOW])
    return some


@cache
def alternation() -> re.Pattern[str]:
    """Return what a plain finder is: one alternation of a pattern a registry, in any case."""
    ways = []
    for entry in trialink.REGISTRIES:
        for form in entry.forms:
            body = re.sub(r"\(\?P<\w+>", "(?:", form.pattern)
            prefixes = "|".join(map(re.escape, form.prefixes))
            head = rf"(?:{prefixes})[\s:#=_.\-]{{0,3}}" if prefixes else r"(?<!\d)"
            ways.append(rf"{head}(?:{body})(?!\d)")
    return re.compile("|".join(ways), re.IGNORECASE)


@cache
def reference() -> Callable[[str], object] | None:
    """Return the reference finder of the tests, None where there is none."""
    try:
        from tests.reference_finder import find
    except ImportError:
        return None
    return find


if __name__ == "__main__":
    main()
