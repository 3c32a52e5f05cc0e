"""From a text to the stretches of it in which an identifier can begin."""

from __future__ import annotations

import re
from functools import cache

from trialink.finding.view import View
from trialink.model.value import Value
from trialink.registries import Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CUE_REACH = 150  # code points between a number and the word that makes it believable
SPAN = 128  # code points that no printed identifier reaches
_LEAD = 64  # code points between the start of an identifier and its first three digits in a row
_STRETCH = 512  # code points of a region: a long one would hold every prefix somewhere
_THREE_DIGITS = re.compile("[0-9]{3}")


class Region(Value):
    """A stretch of text in which an identifier can begin.

    `end` is where an identifier that begins in it has ended; `exact` and `lowered` are the text
    that holds its prefix, `around` that which holds its cue word.
    """

    low: int
    high: int
    end: int
    exact: str
    lowered: str
    around: str


def regions(view: View, entries: tuple[Registry, ...]) -> Iterator[Region]:
    """Yield the parts of a text in which an identifier can begin, in order and disjoint.

    An identifier has three digits in a row, or a prefix of a registry whose numbers can do
    without; the first of these stands at most 64 code points behind its start.
    """
    for low, high in _merged((max(0, hint - _LEAD), hint + 1) for hint in _hints(view, entries)):
        for start in range(low, high, _STRETCH):
            end = min(start + _STRETCH, high)
            head = slice(start, end + _LEAD)
            around = slice(max(0, start - CUE_REACH), end + SPAN + CUE_REACH)
            yield Region(
                *(start, end, end + SPAN),
                *(view.folded[head], view.lowered[head], view.lowered[around]),
            )


def _hints(view: View, entries: tuple[Registry, ...]) -> list[int]:
    hints = [match.start() for match in _THREE_DIGITS.finditer(view.folded)]
    for word in _hint_words(entries):
        hints.extend(_places(view.lowered, word))
    return sorted(hints)


@cache
def _hint_words(entries: tuple[Registry, ...]) -> frozenset[str]:
    """Return the prefixes of the numbers that need not have three digits in a row.

    Forms say how many digits a number has; for the others the entry's examples speak.
    """
    return frozenset(
        prefix.lower()
        for entry in entries
        if not entry.examples
        or not all(_THREE_DIGITS.search(number) for _, number in entry.examples)
        for form in entry.forms
        if (form.digits or 0) < 3
        for prefix in form.prefixes
    )


def _places(text: str, word: str) -> Iterator[int]:
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + len(word))


def _merged(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the union of spans that are given in the order of their starts."""
    low = high = 0
    for start, end in spans:
        if start > high:
            if high:
                yield low, high
            low = start
        high = max(high, end)
    if high:
        yield low, high
