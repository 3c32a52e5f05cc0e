"""Invented columns of texts, and whether all of them is read in bulk that `find` reads.

    python tests/generated_rows.py 1000000         so many rows
    python tests/generated_rows.py 1000000 7        the same from another seed

Prints the rows that are left out, and the exit code is then 1. A column is made from a seed and its
length alone. `tests/test_buffers.py` runs 10^5 rows, `tests/frameworks/test_arrow.py` as many
through record batches.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import accumulate
from random import Random

from fuzz_finding import SEED, made

from trialink import find
from trialink.finding.buffers import likely_rows
from trialink.finding.outline import sought

# Of texts in which nothing is found: figures, and seldom a word that announces a number.
_FIGURES = (
    *(
        "patients",
        "of the",
        "in",
        "at week",
        "were",
        "2015",
        "1234",
        "0.05",
        "10 000",
        "12 mg",
        "3",
    ),
    *("p53", "IL-23", "(n = 120)", "12/34", "2010-2015", "\u2265 500", "\u03b1 1234", "\u00e9 123"),
    *("\u2013 4567", "\u00b5g", "\u201cso\u201d", "\u4e2d\u6587", "10.1000"),
)
_PROSE = (
    *_FIGURES * 9,
    "trial",
    "registered",
    "number",
    "study",
    "protocol",
    "No.",
    "> 500",
    "IL-2345",
)


def column(seed: int, count: int, *, dense: float = 1.0) -> list[str | None]:
    """Return texts, some of them missing or empty; `dense` is the share like numbers of ours."""
    random = Random(f"{seed} {count} {dense}")
    return [_row(random, seed, number, dense) for number in range(count)]


def _row(random: Random, seed: int, number: int, dense: float) -> str | None:
    drawn = random.random()
    if drawn < 0.04:
        return None if drawn < 0.02 else ""
    if random.random() < dense:
        # A column holds no lone surrogates.
        return made(seed, number).encode("utf-8", "replace").decode()
    return " ".join(random.choices(_PROSE, k=random.randint(1, 5)))


def in_a_row(texts: Iterable[str | None]) -> tuple[memoryview, list[int]]:
    """Return texts one behind another, where each begins and the last one ends."""
    encoded = [(text or "").encode() for text in texts]
    return memoryview(b"".join(encoded)), [0, *accumulate(map(len, encoded))]


def left_out(texts: list[str | None]) -> list[str]:
    """Return the texts in which something is found, and which are not looked at in bulk."""
    likely = {*likely_rows(*in_a_row(texts), sought()[0])}
    return [text for row, text in enumerate(texts) if row not in likely and text and find(text)]


def main(count: int = 100_000, seed: int = SEED) -> int:
    """Look for rows that are left out, print them and return an exit code."""
    found = left_out(column(seed, count))
    print(f"seed {seed}: {count} rows, {len(found)} left out")
    for text in found[:10]:
        print(f"  {text!a}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
