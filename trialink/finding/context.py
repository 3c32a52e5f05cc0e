"""Where a span stands: its sentence, its bracket, its line."""

from __future__ import annotations

import re
from bisect import bisect_right

from trialink.finding.patterns import lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Protocol

    class Place(Protocol):
        """Whatever has a start and an end in a text."""

        @property
        def start(self) -> int: ...  # noqa: D102
        @property
        def end(self) -> int: ...  # noqa: D102


REACH = 1000  # code points that are looked at on either side; keeps the cost of any text linear

# A sentence ends at a full stop, question or exclamation mark before a blank and something that
# can begin a sentence, at an ideographic full stop, and at an empty line. "No. 12", "Ref. 12",
# "vs. placebo" and initials end nothing.
_NO_END = (
    *("No", "no", "NO", "Nos", "nos", "Nr", "nr", "Num", "num", "Ref", "ref", "Reg", "reg"),
    *("ID", "vs", "al", "Fig", "Dr", "St", "e.g", "i.e", "[A-Z]"),
)
# The mark comes first in the pattern: what stands before it is looked at only where there is one.
_BREAK = lazily(
    r"[.!?\u3002\n](?:(?<=\u3002)|(?<=\n)[ \t\r]{0,8}\n|(?<=[.!?])"
    + "".join(rf"(?<!\b{word.replace('.', '[.]')}[.!?])" for word in _NO_END)
    + r"[\"')\]\u201d\u2019]{0,2}\s{1,4}(?=[\"'(\[\u201c\u2018]?[^\Wa-z_]))"
)
_SIGHT = 2  # code points behind a break that say whether it is one
_EMPTY_LINE = lazily(r"\n[ \t\r]{0,8}\n")
_BRACKETS = lazily(r"[()\[\]]")
BRACKET_REACH = 400  # code points that a bracket reaches on either side of what stands in it


def sentence_bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the start and end of the sentence around a span, at most `REACH` away on each side."""
    low, high = max(0, start - REACH), min(len(text), end + REACH)
    begin = max((at.end() for at in _breaks(text, low, start)), default=low)
    following = next(_breaks(text, end, high), None)
    return begin, following.start() + 1 if following else high


def is_one_sentence(text: str, start: int, end: int) -> bool:
    """Return whether no sentence ends between two places."""
    return next(_breaks(text, start, end), None) is None


def _breaks(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Yield the ends of sentences between two places, with the blanks behind them."""
    found = _BREAK.finditer(text, start, end + _SIGHT)
    return (match for match in found if match.end() <= end)


def bracket_bounds(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the span of the innermost round or square bracket around a span, brackets included.

    None when there is none within 400 code points, or when an empty line lies between.
    """
    before = [*_BRACKETS.finditer(text, max(0, start - BRACKET_REACH), start)]
    opening = _unmatched(reversed(before), "([")
    if opening is None:
        return None
    closing = _unmatched(_BRACKETS.finditer(text, end, end + BRACKET_REACH), ")]")
    if closing is None or _EMPTY_LINE.search(text, opening, closing):
        return None
    return opening, closing + 1


def _unmatched(brackets: Iterable[re.Match[str]], outward: str) -> int | None:
    """Return the first bracket on the way out that has no partner on the way."""
    depth = 0
    for bracket in brackets:
        depth += -1 if bracket[0] in outward else 1
        if depth < 0:
            return bracket.start()
    return None


def distance(span: tuple[int, int], other: Place) -> int:
    """Return the number of code points between two spans; 0 when they touch or overlap."""
    return max(span[0] - other.end, other.start - span[1], 0)


class Lines:
    """The lines of a text, counted once, so that many places cost no more than one."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def place(self, position: int) -> tuple[int, int]:
        """Return the line and the column of a position, both from 1, the column in code points."""
        line = bisect_right(self._starts, position)
        return line, position - self._starts[line - 1] + 1
