"""From the entries to which of their patterns are worth trying where: a word of each must stand.

A pattern costs a pass over the text, a word next to nothing; few stretches hold the prefix of
more than one or two registries.
"""

from __future__ import annotations

from functools import cache

from trialink.finding.grammar import Grammar, cue_words, grammars
from trialink.model.value import Value
from trialink.registries import Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator
    from typing import Literal

    from trialink.finding.regions import Region


class Way(Value):
    """One way to print a number: behind its prefix, behind a mistyped one, or bare."""

    grammar: Grammar
    kind: Literal["printed", "mistyped", "bare"]

    @property
    def pattern(self) -> re.Pattern[str] | None:
        """The pattern that finds it."""
        if self.kind == "printed":
            return self.grammar.printed
        return self.grammar.mistyped if self.kind == "mistyped" else self.grammar.bare


class Sieve(Value):
    """The ways to print a number, and the words of which one must stand for a way to be tried.

    The words stand with places in `ways`: those sought as they are in the stretch itself, those
    sought in small letters there, and those sought around it; the ways of `always` need none.
    """

    ways: tuple[Way, ...]
    always: frozenset[int]
    exact: tuple[tuple[str, frozenset[int]], ...]
    lowered: tuple[tuple[str, frozenset[int]], ...]
    around: tuple[tuple[str, frozenset[int]], ...]

    def passing(self, region: Region) -> Iterator[Way]:
        """Yield the ways that may be found in a region."""
        places = self.always.union(
            *[those for word, those in self.exact if word in region.exact],
            *[those for word, those in self.lowered if word in region.lowered],
            *[those for word, those in self.around if word in region.around],
        )
        return (self.ways[place] for place in sorted(places))


@cache
def sieve(entries: tuple[Registry, ...]) -> Sieve:
    """Return the sieve of some entries."""
    ways = tuple(_ways(entries))
    words = [_needed(way) for way in ways]
    return Sieve(
        ways,
        frozenset(place for place, (where, _) in enumerate(words) if where == "always"),
        *(_places_by_word(words, where) for where in ("exact", "lowered", "around")),
    )


def _ways(entries: tuple[Registry, ...]) -> Iterator[Way]:
    for grammar in grammars(entries):
        if grammar.prefixes:
            yield Way(grammar, "printed")
        if grammar.typos:
            yield Way(grammar, "mistyped")
        if grammar.form.alone != "no":
            yield Way(grammar, "bare")


def _needed(way: Way) -> tuple[str, tuple[str, ...]]:
    """Return where a word is sought, and the words of which one must stand there."""
    grammar, entry = way.grammar, way.grammar.entry
    if way.kind != "bare":
        words = grammar.prefixes if way.kind == "printed" else grammar.typos
        return "exact" if grammar.form.exact_case else "lowered", words
    if grammar.form.alone == "checked" or entry.cue_scope == "sentence":
        return "always", ()
    return "around", cue_words(entry)


def _places_by_word(
    needed: list[tuple[str, tuple[str, ...]]], where: str
) -> tuple[tuple[str, frozenset[int]], ...]:
    found: dict[str, set[int]] = {}
    for place, (sought, words) in enumerate(needed):
        for word in _shortest(words) if sought == where else ():
            found.setdefault(word, set()).add(place)
    return tuple((word, frozenset(places)) for word, places in found.items())


def _shortest(words: Iterable[str]) -> set[str]:
    """Return the words that hold no other one: where a longer one stands, the shorter does."""
    kept: set[str] = set()
    for word in sorted(words, key=len):
        if not any(shorter in word for shorter in kept):
            kept.add(word)
    return kept
