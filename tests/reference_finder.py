"""The plain finder, to which the fast one is held: everything tried everywhere in the whole text.

It shares with the fast one how a number is read where it begins and what becomes of the readings,
and nothing of how such places are found. `python -m tests.benchmarks.scanning` times it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from trialink.finding import Mentions
from trialink.finding.candidates import is_covered
from trialink.finding.grammar import Grammar, grammars
from trialink.finding.outline import Outline, outline, with_decoys
from trialink.finding.reading import Candidate, Damage, damaged, prefixed, unprefixed
from trialink.finding.scanning import Scan, sorted_out
from trialink.finding.view import View
from trialink.finding.window import Window, cleaned, window
from trialink.registries import Registry, selected


def find(text: str, *, registries: Iterable[Registry | str] | None = None) -> Mentions:
    return Mentions(scan(text, selected(registries)).mentions)


def scan(text: str, entries: tuple[Registry, ...]) -> Scan:
    seen = outline(entries)
    both = window(text, 0, len(text)), cleaned(text, 0, len(text))
    stretches = [each for each in both if each is not None]
    found = [each for stretch in stretches for each in _prefixed(stretch, seen)]
    covered = [(each.start, each.end) for each in found if isinstance(each, Candidate)]
    found += (each for stretch in stretches for each in _bare(stretch, seen, covered))
    return sorted_out(View(text), found)


def _prefixed(stretch: Window, seen: Outline) -> Iterator[Candidate | Damage]:
    ways = _ways(seen)
    for start, words in _places(stretch.folded.lower(), ways):
        every = {grammar: None for word in words for grammar in ways[word]}
        ordered = sorted(every, key=_order(seen).__getitem__)
        yield from prefixed(stretch, ordered, start, max(words, key=len))


def _bare(
    stretch: Window, seen: Outline, covered: Iterable[tuple[int, int]]
) -> Iterator[Candidate | Damage]:
    for match in re.finditer(r"[^\W_]", stretch.folded):
        if not is_covered(covered, stretch.place(match.start())):
            yield from unprefixed(stretch, seen, match.start(), mends=True)
            yield from damaged(stretch, seen, match.start())


@cache
def _order(seen: Outline) -> dict[Grammar, int]:
    every = grammars(with_decoys(seen.entries))
    return {grammar: place for place, grammar in enumerate(every)}


@cache
def _ways(seen: Outline) -> dict[str, list[Grammar]]:
    """Return the grammars by prefix."""
    ways: dict[str, list[Grammar]] = {}
    for grammar in _order(seen):
        for word in grammar.words:
            ways.setdefault(word, []).append(grammar)
    return ways


def _places(lowered: str, words: Iterable[str]) -> list[tuple[int, list[str]]]:
    """Return where prefixes stand, and which stand there."""
    places: dict[int, list[str]] = {}
    for word in words:
        start = lowered.find(word)
        while start >= 0:
            places.setdefault(start, []).append(word)
            start = lowered.find(word, start + 1)
    return sorted(places.items())
