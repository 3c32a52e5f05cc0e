"""Score finders on the corpus in fixtures/corpus: `python tests/accuracy.py [--misses [FILE]]`.

Three are scored by the same rules, those of the corpus's README: trialink's `find`; one plain
pattern a registry, as the registries' own pages suggest it; and a plain pattern for NCT numbers.
The files `fresh` and `sealed` stand apart from the others and from each other: nothing was ever
changed to suit them.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from trialink import REGISTRIES, Mention, Problem, check, find

CORPUS = Path(__file__).parents[1] / "fixtures" / "corpus"
APART = ("fresh", "sealed")
DIFFICULTIES = ("plain", "spelling", "layout", "context", "repair")
KINDS = ("identifier", "number", "word", "placeholder", "typing-error")
RECALL_MARK = 0.99  # of the identifiers that need no mending; no wrong one, no look-alike fired


class Found(NamedTuple):
    """What a finder says of a text."""

    start: int
    end: int
    registry: str
    id: str
    is_repaired: bool = False


Finder = Callable[[str], list[Found]]


def trialink_finder(text: str) -> list[Found]:
    return [
        Found(each.start, each.end, each.id.registry, each.id.number, bool(each.repairs))
        for each in find(text)
    ]


# One pattern a registry, and how its match becomes a canonical form.
PLAIN = (
    ("nct", r"NCT[ -]?(\d{8})", "NCT{0}"),
    ("isrctn", r"ISRCTN[ -]?(\d{8})", "ISRCTN{0}"),
    ("anzctr", r"ACTRN[ -]?(\d{14})", "ACTRN{0}"),
    ("chictr", r"ChiCTR-?(\d{10})", "ChiCTR{0}"),
    ("chictr", r"ChiCTR-([A-Z]{3})-(\d{8})", "ChiCTR-{0}-{1}"),
    ("itmctr", r"ITMCTR(\d{10})", "ITMCTR{0}"),
    ("chimctr", r"ChiMCTR(\d{10})", "ChiMCTR{0}"),
    ("ctri", r"CTRI/(\d{4})/(\d{2,3})/(\d{6})", "CTRI/{0}/{1}/{2}"),
    ("rpcec", r"RPCEC[ -]?(\d{8})", "RPCEC{0}"),
    ("euctr", r"(20[0-2]\d)-(0\d{5})-(\d{2})", "{0}-{1}-{2}"),
    ("ctis", r"(202\d)-(5\d{5})-(\d{2})(?:-\d{2})?", "{0}-{1}-{2}"),
    ("drks", r"DRKS[ -]?(\d{8})", "DRKS{0}"),
    ("irct", r"IRCT(\d{9,14})N(\d{1,3})", "IRCT{0}N{1}"),
    ("umin", r"UMIN[ -]?(\d{9})", "UMIN{0}"),
    ("jrct", r"jRCT([s\d])(\d{9})", "jRCT{0}{1}"),
    ("japic", r"JapicCTI-?(\d{6})", "JapicCTI-{0}"),
    ("jmacct", r"JMA-IIA(\d{5})", "JMA-IIA{0}"),
    ("cris", r"KCT[ -]?(\d{7})", "KCT{0}"),
    ("lbctr", r"LBCTR(\d{10})", "LBCTR{0}"),
    ("ntr", r"NTR[ -]?(\d{3,4})", "NTR{0}"),
    ("ntr_nl", r"NL[ -]?(\d{4})", "NL{0}"),
    ("nl_omon", r"NL-OMON(\d{5})", "NL-OMON{0}"),
    ("ccmo", r"NL(\d{5})\.(\d{3})\.(\d{2})", "NL{0}.{1}.{2}"),
    ("pactr", r"PACTR(\d{15,16})", "PACTR{0}"),
    ("rebec", r"RBR-([a-z\d]{6,8})", "RBR-{0}"),
    ("repec", r"PER-(\d{3})-(\d{2})", "PER-{0}-{1}"),
    ("slctr", r"SLCTR/(\d{4})/(\d{3})", "SLCTR/{0}/{1}"),
    ("tctr", r"TCTR(\d{11})", "TCTR{0}"),
    ("utn", r"U1111-(\d{4})-(\d{4})", "U1111-{0}-{1}"),
    ("cde_china", r"CTR(\d{8})", "CTR{0}"),
    ("snctp", r"SNCTP(\d{9})", "SNCTP{0}"),
    ("idrcb", r"(20\d\d)-A(\d{5})-(\d{2})", "{0}-A{1}-{2}"),
    ("iras", r"IRAS[ -]?(\d{5,7})", "IRAS {0}"),
    ("cpms", r"CPMS[ -]?(\d{4,6})", "CPMS {0}"),
    ("eupas", r"EUPAS(\d{4,})", "EUPAS{0}"),
    ("nci_ctrp", r"NCI-(\d{4})-(\d{5})", "NCI-{0}-{1}"),
)


@cache
def plain_patterns() -> tuple[tuple[str, re.Pattern[str], str], ...]:
    return tuple(
        (key, re.compile(rf"\b{pattern}\b", re.IGNORECASE), form) for key, pattern, form in PLAIN
    )


def plain_finder(text: str) -> list[Found]:
    return [*_plain(text, plain_patterns())]


def nct_finder(text: str) -> list[Found]:
    return [Found(*match.span(), "nct", match[0]) for match in re.finditer(r"NCT\d{8}", text)]


def _plain(text: str, patterns: Iterable[tuple[str, re.Pattern[str], str]]) -> Iterator[Found]:
    for key, pattern, form in patterns:
        for match in pattern.finditer(text):
            groups = [_cased(group, key) for group in match.groups()]
            yield Found(*match.span(), key, form.format(*groups))


def _cased(group: str, key: str) -> str:
    return group.lower() if key in ("jrct", "rebec") else group.upper()


FINDERS: dict[str, Finder] = {
    "trialink": trialink_finder,
    "one pattern a registry": plain_finder,
    "NCT pattern": nct_finder,
}


class Score(NamedTuple):
    """What came of scoring one finder: rows of the corpus, each with what was found."""

    hits: list[tuple[dict[str, Any], Found]]  # identifiers and the mention that finds each
    missed: list[tuple[str, dict[str, Any]]]  # key of the text, identifier
    wrong: list[tuple[str, Found]]
    fired: list[tuple[str, dict[str, Any]]]  # key of the text, look-alike
    lookalikes: list[dict[str, Any]]

    def recall(self, **which: str) -> tuple[int, int]:
        """Return how many identifiers with these fields were found, and how many there are."""

        def fits(mark: dict[str, Any]) -> bool:
            return all(mark[name] == value for name, value in which.items())

        found = sum(fits(mark) for mark, _ in self.hits)
        return found, found + sum(fits(mark) for _, mark in self.missed)

    def recall_without_repair(self) -> tuple[int, int]:
        """Return the same for the identifiers that need no mending."""
        pairs = [self.recall(difficulty=name) for name in DIFFICULTIES if name != "repair"]
        return sum(found for found, _ in pairs), sum(total for _, total in pairs)


@cache
def texts(file: str) -> tuple[dict[str, Any], ...]:
    lines = (CORPUS / f"{file}.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n")
    return tuple(json.loads(line) for line in lines)


def files(part: str = "") -> list[str]:
    """Return the names of the corpus's files: one that stands apart, or all others."""
    names = sorted(path.stem for path in CORPUS.glob("*.jsonl"))
    return [name for name in names if (name == part if part else name not in APART)]


def every_file() -> list[str]:
    """Return the names of all files."""
    return [file for part in ("", *APART) for file in files(part)]


@cache
def score(name: str, part: str = "") -> Score:
    """Return what a finder makes of the corpus."""
    result = Score([], [], [], [], [])
    for row in (row for file in files(part) for row in texts(file)):
        _add(result, row, FINDERS[name](row["text"]))
    return result


def _add(result: Score, row: dict[str, Any], found: list[Found]) -> None:
    for mark in row["ids"]:
        hit = next((each for each in found if _overlap(each, mark) and _is(each, mark)), None)
        if hit:
            result.hits.append((mark, hit))
        else:
            result.missed.append((row["key"], mark))
    for each in found:
        if not any(_overlap(each, mark) and each.id == mark["id"] for mark in row["ids"]):
            result.wrong.append((row["key"], each))
    for mark in row["lookalikes"]:
        result.lookalikes.append(mark)
        if any(_overlap(each, mark) for each in found):
            result.fired.append((row["key"], mark))


def _overlap(found: Found | Problem | Mention, mark: dict[str, Any]) -> bool:
    return found.start < mark["end"] and mark["start"] < found.end


def _is(found: Found, mark: dict[str, Any]) -> bool:
    return (found.registry, found.id) == (mark["registry"], mark["id"])


class Checked(NamedTuple):
    """What `check` says of look-alikes with a code, and of what it has to be silent about."""

    right: int
    coded: int
    alarms: list[tuple[str, str, str]]  # key of the text, span, code
    silent: int
    other: list[tuple[str, str, str, tuple[str, ...]]]  # key, span, code wanted, codes given


@cache
def checked(part: str = "") -> Checked:
    """Return whether `check` reports what the corpus says that it has to."""
    right = coded = silent = 0
    alarms, other = [], []
    for row in (row for file in files(part) for row in texts(file)):
        problems = check(row["text"])
        for mark in row["lookalikes"]:
            given = tuple(each.code for each in problems if _overlap(each, mark))
            if mark["code"]:
                coded += 1
                right += mark["code"] in given
                if mark["code"] not in given:
                    other.append((row["key"], mark["text"], mark["code"], given))
        quiet = [mark for mark in row["lookalikes"] if not mark["code"]]
        quiet += [mark for mark in row["ids"] if mark["difficulty"] != "repair"]
        for mark in quiet:
            silent += 1
            loud = [each for each in problems if _overlap(each, mark) and each.severity != "note"]
            alarms += [(row["key"], mark["text"], each.code) for each in loud]
    return Checked(right, coded, alarms, silent, other)


# Tables


def share(found: int, total: int) -> str:
    return f"{found} of {total} ({found / total:.3f})" if total else "none"


def overview(part: str = "") -> list[tuple[str, ...]]:
    """Return one row a finder."""
    rows = []
    for name in FINDERS:
        result = score(name, part)
        exact = sum((each.start, each.end) == (m["start"], m["end"]) for m, each in result.hits)
        rows.append(
            (
                name,
                share(*result.recall_without_repair()),
                share(*result.recall(difficulty="repair")),
                share(exact, len(result.hits)),
                str(len(result.wrong)),
                f"{len(result.hits) / max(len(result.hits) + len(result.wrong), 1):.3f}",
                share(len(result.fired), len(result.lookalikes)),
            )
        )
    return rows


OVERVIEW = (
    "finder",
    "found",
    "found where it needs mending",
    "exact spans",
    "wrong",
    "precision",
    "fired",
)


def by(field: str, values: Iterable[str], part: str = "") -> list[tuple[str, ...]]:
    """Return one row a difficulty or registry: recall of each finder."""
    rows = []
    for value in values:
        recalls = [score(name, part).recall(**{field: value}) for name in FINDERS]
        rows.append(
            (f"`{value}`", str(recalls[0][1]), *(f"{f / max(n, 1):.3f}" for f, n in recalls))
        )
    return rows


def registries() -> list[str]:
    """Return the keys of the registries with identifiers in the corpus, most first."""
    marks = [mark for mark, _ in score("trialink").hits]
    marks += [mark for _, mark in score("trialink").missed]
    keys = [mark["registry"] for mark in marks]
    return sorted(set(keys), key=lambda key: (-keys.count(key), key))


def wrong_by_registry(key: str) -> list[int]:
    return [sum(each.registry == key for _, each in score(name).wrong) for name in FINDERS]


def by_difficulty() -> list[tuple[str, ...]]:
    """Return one row a difficulty."""
    return by("difficulty", DIFFICULTIES)


def by_registry() -> list[tuple[str, ...]]:
    """Return one row a registry: recall of each finder, then its wrong identifiers."""
    rows = by("registry", registries())
    return [(*row, *map(str, wrong_by_registry(row[0].strip("`")))) for row in rows]


def fired() -> list[tuple[str, ...]]:
    """Return one row a kind of look-alike: how many fired for each finder."""
    rows = []
    for kind in KINDS:
        counts = [sum(mark["kind"] == kind for _, mark in score(name).fired) for name in FINDERS]
        total = sum(mark["kind"] == kind for mark in score("trialink").lookalikes)
        rows.append((f"`{kind}`", str(total), *map(str, counts)))
    return rows


def repaired() -> tuple[int, int, int]:
    """Return of trialink's finds in texts: repaired, not repaired, repaired and wrong."""
    result = score("trialink")
    mended = sum(each.is_repaired for _, each in result.hits)
    wrong = sum(each.is_repaired for _, each in result.wrong)
    return mended, len(result.hits) - mended, wrong


def in_words() -> str:
    """Return what the tables do not say: mended identifiers, and what `check` reports."""
    mended, plain, wrong = repaired()
    result = checked()
    return (
        f"Of trialink's {mended + plain} finds {mended} are mended (`Mention.repairs` says how); "
        f"{wrong} mended ones are wrong. `check` reports the expected code at {result.right} of "
        f"{result.coded} places that have one, and an error or warning at {len(result.alarms)} of "
        f"{result.silent} places where it has to be silent."
    )


def missed_in_words(part: str) -> str:
    """Return which of the identifiers that are missed in a part are of registries left out."""
    experimental = {entry.key for entry in REGISTRIES if entry.experimental}
    missed = [mark["registry"] for _, mark in score("trialink", part).missed]
    left_out = sum(registry in experimental for registry in missed)
    return (
        f"{left_out} of the {len(missed)} that trialink misses are numbers of registries for which "
        "we have no real number at hand: they are experimental, and read only where `registries=` "
        "asks for them."
    )


def main(arguments: list[str]) -> None:
    if "--misses" in arguments:
        return _print_misses(set(arguments) - {"--misses"})
    for part in ("", *APART):
        print(part or "corpus", "files:", ", ".join(files(part)) or "none")
        if not files(part):
            continue
        for row in (OVERVIEW, *overview(part)):
            print("  " + " | ".join(row))
        for row in by("difficulty", DIFFICULTIES, part):
            print("  " + " | ".join(row))
        result = checked(part)
        print(f"  check: {share(result.right, result.coded)} codes right,", end=" ")
        print(f"{len(result.alarms)} false alarms on {result.silent} places")
    return None


def _print_misses(only: set[str]) -> None:
    keys = {row["key"] for file in only or files() for row in texts(file)}
    part = next((part for part in APART if part in only), "")
    result = score("trialink", part)
    for key, mark in result.missed:
        if key in keys:
            print(
                "missed", key, mark["difficulty"], mark["registry"], mark["id"], repr(mark["text"])
            )
    for key, each in result.wrong:
        if key in keys:
            print("wrong", key, each)
    for key, mark in result.fired:
        if key in keys:
            print("fired", key, mark)
    verdict = checked(part)
    for key, text, code, given in verdict.other:
        if key in keys:
            print("code", key, repr(text), code, "given", given)
    for key, text, code in verdict.alarms:
        if key in keys:
            print("alarm", key, repr(text), code)


if __name__ == "__main__":
    main(sys.argv[1:])
