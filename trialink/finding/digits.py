"""From what the numbers of registries look like to the patterns of digits that may be part of one.

They read shapes. Each begins with a literal, over which `re` runs at full speed, asks first what
most digits fail, and leaves what it looks ahead at to be seen.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# What may stand between the parts of a number: blanks, and what typesetting leaves among them.
LEFT_OVER = b"[ >]{1,6}+(?:(?:[a-z]{2,6}+|[a-z]?0{2,4}+) {1,3}+)?"
# Most digits of English prose stand behind one of these, and no number of a registry does.
_ORDINARY = (
    *(b"of", b"and", b"from", b"between", b"to", b"in", b"at", b"by", b"on", b"or", b"for"),
    *(b"the", b"than", b"with", b"least"),
)
_SEEN = 4  # last characters of these by which they are known
# Letters typed for the digits behind the first or the first two, the first letter being read.
_TYPED = b"(?<=[oilsb])(?=[0oilsb](?:[0oilsb]| {1,4}(?:[a-z]?0|[oilsb][0oilsb])))"
_MIXED = b"|(?=[0a-z]{%d})"  # digits and letters in a row
_TAGGED = b"|(?=[0a-z]{0,3}+ {1,2}+[a-z]{1,10}+ ?>[0a-z])"  # the same, with a tag among them


def every_digits(sizes: Iterable[int]) -> re.Pattern[bytes]:
    """Return the pattern of digits that may be part of a number, whatever stands before them.

    Three in a row; one or two where more are a blank apart or letters typed for some. `sizes` are
    the least digits and letters in a row of numbers that mix them.
    """
    return re.compile(_in_a_row(b"", sizes))


def telling_digits(
    sizes: Iterable[int], alone: Iterable[bytes], announcing: Iterable[bytes]
) -> re.Pattern[bytes]:
    """Return the same pattern without three and more digits that an ordinary word stands before.

    Nor others between. The group `own` says that they have one of the shapes `alone`, `prose` that
    they have no more than five digits and stand a blank behind some other word, as most do.
    `announcing` are the ends of all that announces numbers, among which no word is ordinary.
    """
    own = _own(alone)
    ordinary = _ordinary(announcing)
    behind_digits = b"".join(ordinary % gap for gap in (b" 0 ", b" 00 ", b" 000 ", b" 0000 "))
    ways = (
        *((b"(?=(?P<own>" + own + b"))",) if own else ()),
        b"(?<=[^ >0] 000)(?:" + ordinary % b" " + b"(?!000)(?P<prose>)|(?=000))",
        b"(?<=0 000)(?:(?=0)|" + behind_digits + b")",  # more of them may be torn from a year
        b"(?<=0  000)" + ordinary % b" 0000  ",
        b"(?<![^ >] 000)(?<!0  000)",
    )
    return re.compile(_in_a_row(any_of(ways), sizes))


def _in_a_row(three: bytes, sizes: Iterable[int]) -> bytes:
    """Return the pattern of digits in a row; `three` is asked behind the third."""
    size = min(filter(None, sizes), default=0)
    one = _TYPED + (_MIXED % (size - 2) + _TAGGED if size else b"")
    two = _TYPED + (_MIXED % (size - 3) if size else b"")
    behind_one = b" (?=0 0 0)(?<!00.)|[a-z](?:" + one + b")(?<!00.)"
    parted = b"|00[a-z]{2}" if size else b""
    behind_two = b" (?=00 00" + parted + b")(?<!000.)|[a-z](?:" + two + b")(?<!000.)"
    return b"0(?:0(?:0(?<!0000)" + three + b"|" + behind_two + b")|" + behind_one + b")"


def _own(alone: Iterable[bytes]) -> bytes:
    """Return the pattern of shapes that need no announcement, without their first three digits."""
    rests: dict[bytes, set[bytes]] = {}
    for each in alone:
        run, gap, rest = each.removeprefix(b"000").partition(LEFT_OVER)
        rests.setdefault(run + gap, set()).add(rest)
    # No further digit: a year may look like the first part of a number that begins behind it.
    ways = any_of(run + any_of(those) for run, those in sorted(rests.items()))
    return ways + b"(?!0)" if rests else b""


def _ordinary(announcing: Iterable[bytes]) -> bytes:
    """Return the pattern of no ordinary word before three digits and some gap, to be put in."""
    heads, words = tuple(announcing), tuple(b" " + word for word in _ORDINARY)
    longer = [head for head in heads if head.endswith(words)]
    left = [
        word[-_SEEN:].rjust(_SEEN, b".")
        for word in words
        if not (word.endswith(heads) or any(head.endswith(word) for head in longer))
    ]
    return b"(?<!" + any_of(left or [b"(?!)...."]) + b"%b000)"


def any_of(ways: Iterable[bytes]) -> bytes:
    """Return a pattern that matches what one of the patterns does; the first that does."""
    return b"(?:" + b"|".join(ways) + b")"
