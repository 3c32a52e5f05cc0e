"""From a place in a folded text to the grammars that may read a number there."""

from __future__ import annotations

import re
from functools import cached_property

from trialink.finding.grammar import ANNOUNCING, NAMING, Grammar, alternatives, bodies_of
from trialink.finding.patterns import lazily
from trialink.registries import Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FIRST = 3  # characters by which a prefix is looked up
# Letters that are typed for no digit, for no other digit stands behind.
_GOING_ON = "[acdefghjkmnpqrtuvwxyz]|[oilsb](?![0-9oilsb])"
_BEHIND = 3  # characters behind a place that say whether a short prefix begins there
_ZEROS = 3  # that a number with parts may have lost


class Ways:
    """The grammars of some entries, by prefix and by what numbers without one look like.

    `bares` read numbers without a prefix; `mended` are those of them that a check speaks for where
    digits are damaged.
    """

    def __init__(self, every: tuple[Grammar, ...]) -> None:
        self._every = every
        self.bares = tuple(each for each in every if each.form.alone != "no")
        self.mended = tuple(each for each in self.bares if each.entry.check)
        self._printing = _printing(every)
        self._of: dict[str, tuple[Grammar, ...]] = {}
        self._heads = _by_first(self._printing)
        self._short = _short(self._printing)

    def of(self, word: str) -> tuple[Grammar, ...]:
        """Return the grammars that print a prefix, or a shorter one that it begins with."""
        found = self._of.get(word)
        if found is None:
            beginnings = (word[:end] for end in range(1, len(word) + 1))
            those = {each for head in beginnings for each in self._printing.get(head, ())}
            found = tuple(sorted(those, key=self._every.index))
            self._of[word] = found
        return found

    def heads(self, lowered: str, length: int) -> list[tuple[int, str]]:
        """Return where prefixes begin in the first characters of a stretch in small letters.

        With each the longest that stands there. Behind one of a letter or two stands no further
        letter, unless it is typed for a digit.
        """
        heads = self._heads
        found: list[tuple[int, str]] = []
        firsts = zip(lowered[:length], lowered[1:], lowered[2:], strict=False)
        for start, first in enumerate(firsts):
            if first in heads and lowered.startswith(words := heads[first], start):
                found.append(
                    (start, next(each for each in words if lowered.startswith(each, start)))
                )
        short = self._short.finditer(lowered, 0, length + _BEHIND)
        if more := [(start, match[0]) for match in short if (start := match.start()) < length]:
            taken = dict(found)
            found = sorted((*found, *(each for each in more if each[0] not in taken)))
        return found

    def bares_at(self, folded: str, start: int) -> list[Grammar]:
        """Return those of `bares` that may read a number at a place of a folded text."""
        if self.bare is None or self.bare.match(folded, start) is None:
            return []
        read = self._each_bare.match(folded, start)
        groups = read.groups() if read else ()
        return [each for each, group in zip(self.bares, groups, strict=True) if group is not None]

    @cached_property
    def bare(self) -> re.Pattern[str] | None:
        """What matches wherever one of `bares` could read a number."""
        bodies = dict.fromkeys(map(_nameless, self.bares))
        return re.compile("|".join(bodies), re.IGNORECASE) if bodies else None

    @cached_property
    def interruption(self) -> re.Pattern[str]:
        """What matches a word that stands between no prefix and its digits.

        A blank is behind it, as in no web address, and more letters: a number may begin with some.
        """
        parts = (word for printed in self._printing if " " in printed for word in printed.split())
        words = alternatives({*ANNOUNCING, *NAMING, *parts})
        alone = rf"(?<![^\W\d_])(?!(?i:{words})(?![^\W\d_]))[A-Za-z]{{2,24}}+(?![^\W\d_])"
        return re.compile(rf"{alone}\s[^A-Za-z]{{0,32}}+[A-Za-z]")

    @cached_property
    def least(self) -> int:
        """How many letters and digits the shortest number of `mended` has, zeros left out."""
        sizes: dict[Registry, list[int]] = {each.entry: [] for each in self.mended}
        for each in self.mended:
            sizes[each.entry] += _sizes(each)
        return min((min(those, default=0) for those in sizes.values()), default=0)

    @cached_property
    def _each_bare(self) -> re.Pattern[str]:
        """What matches anywhere, with a group for each of `bares` that could read a number."""
        ways = (f"(?:(?=({_nameless(each)}))|)" for each in self.bares)
        return re.compile("".join(ways), re.IGNORECASE)


def _printing(every: Iterable[Grammar]) -> dict[str, list[Grammar]]:
    """Return the grammars by prefix."""
    printing: dict[str, list[Grammar]] = {}
    for each in every:
        for word in each.words:
            printing.setdefault(word, []).append(each)
    return printing


def _by_first(words: Iterable[str]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return words by their first characters, the longest first; short ones aside."""
    found: dict[tuple[str, ...], list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= _FIRST:
            found.setdefault(tuple(word[:_FIRST]), []).append(word)
    return {first: tuple(those) for first, those in found.items()}


def _short(words: Iterable[str]) -> re.Pattern[str]:
    """Return the pattern of the short words, with no letter behind but one typed for a digit."""
    short = alternatives(word for word in words if len(word) < _FIRST)
    return lazily(f"{short}(?!{_GOING_ON})")


def _sizes(grammar: Grammar) -> Iterator[int]:
    """Yield how many letters and digits numbers of a form have, zeros left out of their groups."""
    if grammar.form.digits:
        yield grammar.form.digits
    else:
        yield from (sum(map(str.isalnum, body)) - _ZEROS for body in bodies_of(grammar))


def _nameless(grammar: Grammar) -> str:
    """Return the pattern of the numbers of a form without its groups."""
    return re.sub(r"\(\?P<\w+>", "(?:", grammar.number)
