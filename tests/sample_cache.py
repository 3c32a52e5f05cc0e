"""A small cache as this release writes it, for later releases to open.

    python -m tests.sample_cache        writes fixtures/caches/VERSION, where there is none yet

Made from the recordings, with an answer of each outcome that is kept. `answers.txt` beside the
database says what a release must read there: number, outcome, numbers of the records.
`tests/test_sample_caches.py` opens the caches of all releases.
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from trialink import Resolutions, Resolver, __version__
from trialink.flow import Reply, Request
from trialink.recordings import Recordings

FIXTURES = Path(__file__).parents[1] / "fixtures"
CACHES = FIXTURES / "caches"
NUMBERS = (
    *("NCT05066646", "NCT05181501", "NCT05712863", "NCT05066647"),
    *("2014-005181-30", "CTR20192510"),
)
_MADE = 1795305600.0  # the date of the recordings: the same bytes whenever it is made


class _InPlaceOfTheRegistry:
    """A transport whose answers are kept as those of the registry; they say what they are."""

    paced = False

    def __init__(self) -> None:
        self._recordings = Recordings(FIXTURES)

    def send(self, request: Request) -> Reply:
        return self._recordings.compose(request)


def told(answers: Resolutions) -> str:
    """Return a line for each answer: number, outcome, numbers of the records."""
    rows = (
        " ".join([str(id), each.outcome, *(str(record.id) for record in each.records)])
        for id, each in answers.items()
    )
    return "".join(f"{row}\n" for row in rows)


def make(directory: Path) -> None:
    """Write a cache, and what it must answer."""
    with Resolver(transport=_InPlaceOfTheRegistry(), cache=directory) as resolver:
        answers = resolver.resolve(NUMBERS)
        database = resolver.store.database
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("UPDATE Cache SET store_time = ?, access_time = ?", (_MADE, _MADE))
        connection.execute("VACUUM")
    (directory / "answers.txt").write_text(told(answers), encoding="utf-8")


def main() -> int:
    """Make the cache of this release; leave one that is there as it is."""
    directory = CACHES / __version__
    if directory.exists():
        print(f"{directory} is there already: a release never changes what it wrote")
        return 1
    make(directory)
    print(f"{directory}: {sum(file.stat().st_size for file in directory.rglob('*.db'))} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
