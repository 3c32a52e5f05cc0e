"""Score linkers on the cases in fixtures/linking: `python tests/linking_accuracy.py [--misses]`.

Two are scored by the same rules, those of the README there: trialink's `link`, and a plain union of
the secondary ids of records, as somebody would write it first. A directory given behind the
options is scored instead of fixtures/linking; its files have the same format.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from accuracy import PLAIN, share

from trialink import Record, link, statements
from trialink.model.links import RELATIONS

CASES = Path(__file__).parents[1] / "fixtures" / "linking"
PRECISION_MARK, RECALL_MARK = 0.995, 1.0
FILES = {  # of fixtures/linking, and what the tables call them
    "declared": "records as they are",
    "spellings": "records, constructed",
    "stated": "texts, constructed",
    "apart": "what is not one trial",
    "relations": "relations",
}

Case = dict[str, Any]
Pair = tuple[str, str]
Told = tuple[str, str, str]  # a number, a relation, the number that stands in it


class Answer(NamedTuple):
    """What a linker says of a case."""

    pairs: set[Pair]
    relations: set[Told]


def trialink_linker(case: Case) -> Answer:
    said = [
        each
        for place, text in enumerate(case["texts"])
        for each in statements(text, source=str(place))
    ]
    trials = link(map(Record.from_dict, case["records"]), said)
    relations = {
        (trial.key, related.reason, related.id.number)
        for trial in trials
        for related in trial.related
        if related.reason in RELATIONS
    }
    return Answer(pairs([id.number for id in trial.ids] for trial in trials), relations)


def plain_union(case: Case) -> Answer:
    """Join a record with every number that one plain pattern a registry sees in its ids."""
    trials: list[set[str]] = []
    for record in case["records"]:
        values = [each.get("id") or "" for each in record.get("secondary_ids", ())]
        numbers = {record["id"], *record.get("aliases", ())}
        for value in (*values, record.get("sponsor_number") or ""):
            numbers |= {
                form.format(*match.groups())
                for _, pattern, form in PLAIN
                for match in re.finditer(pattern, value)
            }
        met = [trial for trial in trials if trial & numbers]
        trials = [trial for trial in trials if trial not in met] + [numbers.union(*met)]
    return Answer(pairs(trials), set())


LINKERS: dict[str, Callable[[Case], Answer]] = {
    "trialink": trialink_linker,
    "plain union of secondary ids": plain_union,
}


def pairs(trials: Iterable[Iterable[str]]) -> set[Pair]:
    """Return every two numbers of one trial."""
    return {pair for trial in trials for pair in combinations(sorted({*trial}), 2)}


class Score(NamedTuple):
    """What a linker makes of some cases: each pair and relation with the key of its case."""

    right: list[tuple[str, Pair]]
    missed: list[tuple[str, Pair]]
    wrong: list[tuple[str, Pair]]
    cases: int
    relations_right: list[tuple[str, Told]]
    relations_missed: list[tuple[str, Told]]
    relations_wrong: list[tuple[str, Told]]

    def precision(self) -> tuple[int, int]:
        return len(self.right), len(self.right) + len(self.wrong)

    def recall(self) -> tuple[int, int]:
        return len(self.right), len(self.right) + len(self.missed)

    def fused(self) -> tuple[int, int]:
        """Return how many cases have a pair that is not one trial, and how many there are."""
        return len({key for key, _ in self.wrong}), self.cases


def cases(directory: Path = CASES) -> Iterator[tuple[str, Case]]:
    """Yield the cases with the name of their file."""
    for path in sorted(directory.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield path.stem, json.loads(line)


@cache
def score(
    name: str, file: str | None = None, origin: str | None = None, directory: Path = CASES
) -> Score:
    """Return what a linker makes of the cases, of one file or origin only where one is named."""
    result = Score([], [], [], 0, [], [], [])
    for stem, case in cases(directory):
        if file in (None, stem) and origin in (None, case["origin"]):
            _add(result, case, LINKERS[name](case))
            result = result._replace(cases=result.cases + 1)
    return result


def _add(result: Score, case: Case, answer: Answer) -> None:
    key, wanted = case["key"], pairs(case["trials"])
    result.right.extend((key, pair) for pair in sorted(answer.pairs & wanted))
    result.missed.extend((key, pair) for pair in sorted(wanted - answer.pairs))
    result.wrong.extend((key, pair) for pair in sorted(answer.pairs - wanted))
    told = {(a, relation, b) for a, relation, b in case["relations"]}
    result.relations_right.extend((key, each) for each in sorted(answer.relations & told))
    result.relations_missed.extend((key, each) for each in sorted(told - answer.relations))
    result.relations_wrong.extend((key, each) for each in sorted(answer.relations - told))


# Tables


OVERVIEW = ("linker", "cases", "pairs found", "precision of pairs", "cases fused wrongly")


def overview(directory: Path = CASES) -> list[tuple[str, ...]]:
    """Return one row for each linker on the real cases, the constructed ones, and all."""
    rows = []
    for origin, told in (("real", "real"), ("constructed", "constructed"), (None, "all")):
        for name in LINKERS:
            result = score(name, origin=origin, directory=directory)
            rows.append((f"{name}, {told}", *_figures(result)))
    return rows


def by_file() -> list[tuple[str, ...]]:
    """Return one row for each linker and file."""
    return [
        (f"{name}, {told}", *_figures(score(name, file)))
        for file, told in FILES.items()
        for name in LINKERS
    ]


def _figures(result: Score) -> tuple[str, ...]:
    return (
        str(result.cases),
        share(*result.recall()),
        share(*result.precision()),
        share(*result.fused()),
    )


def relations() -> tuple[tuple[int, int], tuple[int, int]]:
    """Return of the relations that trialink tells: right of all wanted, right of all told."""
    result = score("trialink")
    right = len(result.relations_right)
    return (
        (right, right + len(result.relations_missed)),
        (right, right + len(result.relations_wrong)),
    )


def in_words() -> str:
    """Return what the tables do not say: how relations are told."""
    found, told = relations()
    return (
        f"Of {found[1]} relations that are no identity (extensions, follow-ups, sub-studies ...) "
        f"{found[0]} are told; {told[0]} of the {told[1]} that are told are right."
    )


def main(arguments: list[str]) -> None:
    named = [Path(each) for each in arguments if each != "--misses"]
    directory = named[0] if named else CASES
    if "--misses" in arguments:
        return _print_misses(directory)
    for row in (OVERVIEW, *overview(directory)):
        print("  " + " | ".join(row))
    if directory == CASES:
        for row in by_file():
            print("  " + " | ".join(row))
        print(f"  {in_words()}")
    return None


def _print_misses(directory: Path) -> None:
    result = score("trialink", directory=directory)
    for name in ("missed", "wrong", "relations_missed", "relations_wrong"):
        for key, each in getattr(result, name):
            print(name.replace("_", " "), key, *each)


if __name__ == "__main__":
    main(sys.argv[1:])
