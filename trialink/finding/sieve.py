"""From the shapes of many texts to the places where a number may show: quick, none left out.

What `hints` asks of one text is asked here of many at once and less closely. Shapes are read
backwards: then digits come before what announces them, and one pattern asks for both that begins
with a literal, over which `re` runs at full speed.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import chain

from trialink.finding.digits import LEFT_OVER
from trialink.finding.outline import LETTERS, TORN, Outline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_REACH = 128  # characters before digits: no fewer than `hints` looks back in any case
_TELLING = 3  # last characters of what announces by which it is known first
# What stands before digits, backwards: something that announces them, with no more between than
# tags, other digits of the number, letters typed for some or letters that begin it; or the end of a
# tag in place of that.
_BEFORE = (
    b" {0,%(reach)d}+%(word)b"
    b"|(?=[^ ]| {1,%(reach)d}+[0>])(?:%(typed)b%(rest)b|%(digits)b?>|[a-z]>"
    b"|(?:%(digits)b|%(typed)b|%(tags)b)%(word)b)"
    b"|(?=[^ ]|(?<=000000)| {0,%(reach)d}+(?:0|%(end)b))"
    b"[0 ]{0,%(reach)d}+(?:[^ ]{1,%(letters)d}+ {1,%(reach)d}+(?:>|%(word)b)"
    b"|[^ ]{0,%(letters)d}%(lead)b)"
)
_DIGITS = b"(?:(?= {0,%(reach)d}+0)[0 ]{0,%(reach)d}+)"
_TAGS = b"(?: {0,%(reach)d}+>(?: ?[a-z]{1,10})? {1,%(reach)d}+){1,8}"
_TYPED = b"(?= {0,%(reach)d}+0|[%(signs)b])[%(torn)b]{0,%(reach)d}+"
# The last of one or two digits that may be the first part of a number.
_FEW = b"0(?=[a-z]| 00? 0)(?:(?<=(?=%(digits)b)0)|(?<=(?=%(digits)b)00))"


class Sieve:
    """The patterns that show places, of an outline without `hidden` grammars.

    Shapes may be joined, with a blank between: nothing is asked that a neighbour could forbid.
    """

    def __init__(self, outline: Outline) -> None:
        before = _before(outline)
        own = (shape.removeprefix(b"000").split(LEFT_OVER) for shape in outline.own)
        self._announced = re.compile(b"000(?!0)(?=" + before + b")")
        self._few = re.compile(_FEW % {b"digits": outline.every_digits.pattern})
        self._before_few = re.compile(b"0?(?:" + before + b")")
        self._own = re.compile(b"000(?<!0000)(?=" + _any_of(map(tuple, own), LEFT_OVER) + b")")
        # Without needles no pattern: one that matches nothing is tried everywhere.
        needles = b"|".join(map(re.escape, outline.needles))
        self._needles = re.compile(needles) if needles else None

    def places(self, shape: bytes) -> Iterator[int]:
        """Yield places in digits or prefixes of what may be numbers, in no order."""
        size, backwards = len(shape), shape[::-1]
        for match in self._announced.finditer(backwards):
            yield size - match.start() - 1
        for match in self._few.finditer(shape):
            if self._before_few.match(backwards, size - match.start()):
                yield match.start()
        for pattern in filter(None, (self._own, self._needles)):
            yield from (match.start() for match in pattern.finditer(shape))


@cache
def sieve(outline: Outline) -> Sieve:
    """Return the sieve of an outline."""
    return Sieve(outline)


def _before(outline: Outline) -> bytes:
    words = {*chain(*outline.announcing.values())}
    parts: dict[bytes, bytes | int] = {b"reach": _REACH, b"letters": LETTERS, b"torn": TORN}
    parts[b"signs"] = TORN.strip(b"0 ")
    for name, pattern in ((b"digits", _DIGITS), (b"tags", _TAGS), (b"typed", _TYPED)):
        parts[name] = pattern % parts
    parts[b"word"] = _any_before(words)
    parts[b"rest"] = _any_before(outline.torn)
    parts[b"lead"] = _any_before(outline.led)
    parts[b"end"] = _any_before(word[-_TELLING:] for word in words)
    return _BEFORE % parts


def _any_before(words: Iterable[bytes]) -> bytes:
    """Return a pattern that reads any of the words backwards."""
    return _any_of(tuple(re.escape(bytes((code,))) for code in word[::-1]) for word in words)


def _any_of(ways: Iterable[tuple[bytes, ...]], joint: bytes = b"") -> bytes:
    """Return a pattern for patterns in a row, tried together as long as they begin alike."""
    rests: dict[bytes, set[tuple[bytes, ...]]] = {}
    for first, *rest in ways:
        rests.setdefault(first, set()).add(tuple(rest))
    every = [
        first if () in those else first + joint + _any_of(those, joint)
        for first, those in sorted(rests.items())
    ]
    return every[0] if len(every) == 1 else b"(?:" + (b"|".join(every) or b"(?!)") + b")"
