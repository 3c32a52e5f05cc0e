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
    found: list[Candidate | Damage] = []
    for stretch in (window(text, 0, len(text)), cleaned(text, 0, len(text))):
        if stretch is not None:
            found += _candidates(stretch, seen)
    return sorted_out(View(text), found)


def _candidates(stretch: Window, seen: Outline) -> Iterator[Candidate | Damage]:
    covered: list[tuple[int, int]] = []
    lowered = stretch.folded.lower()
    for grammar, words in _prefixes(seen):
        for start, word in _places(lowered, words):
            for each in prefixed(stretch, [grammar], start, word):
                if isinstance(each, Candidate):
                    covered.append((each.start, each.end))
                yield each
    for match in re.finditer(r"[^\W_]", stretch.folded):
        if not is_covered(covered, stretch.place(match.start())):
            yield from unprefixed(stretch, seen, match.start(), mends=True)
            yield from damaged(stretch, seen, match.start())


@cache
def _prefixes(seen: Outline) -> tuple[tuple[Grammar, tuple[str, ...]], ...]:
    """Return every grammar with its prefixes, the longest first."""
    every = grammars(with_decoys(seen.entries))
    return tuple((each, tuple(sorted(each.words, key=len, reverse=True))) for each in every)


def _places(lowered: str, words: Iterable[str]) -> list[tuple[int, str]]:
    """Return where words stand, and the longest that stands there."""
    places: dict[int, str] = {}
    for word in words:
        start = lowered.find(word)
        while start >= 0:
            places.setdefault(start, word)
            start = lowered.find(word, start + 1)
    return sorted(places.items())
