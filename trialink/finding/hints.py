"""From a text to the places where an identifier may stand: few, quick to find, none left out."""

from __future__ import annotations

import re
from functools import cache

from trialink.finding.folding import STYLED, ZEROS
from trialink.finding.outline import SIGHT, TAIL, TORN, Outline
from trialink.finding.patterns import lazily
from trialink.finding.shape import TABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SHEET = 1 << 14  # characters worked on at a time: a shape then stays in the processor's cache
_MARGIN = 128  # characters of its neighbours that a sheet shows too
_COLUMN = 96  # characters between a label and its number in the next column
_BLANK = ord(" ")
_PAD = b" " * SIGHT
# Characters that take no room, and digits behind a prefix that one of them may stand in.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_CUT_PREFIX = lazily(f"[{_INVISIBLE}][^0-9]{{0,16}}[0-9]")
_TAG = lazily(rb" {1,2}[a-z]{1,10} ?> {0,2}\Z")
_UNSEEN = b"???"  # characters of no Latin script, among them digits of other scripts


def hints(text: str, outline: Outline, *, all_digits: bool) -> Iterable[tuple[int, bool]]:
    """Return the places where a number may show, ascending, and whether something announces it.

    A place is that of the first digits in a row, of a prefix that is sought by itself, or of
    digits or letters of another script. Digits that nothing announces are left out unless
    `all_digits`. Of a short text a list, else an iterator.
    """
    if len(text) <= _SHEET:
        return _of_sheet(text, outline, all_digits)
    return _of_sheets(text, outline, all_digits)


def _of_sheets(text: str, outline: Outline, all_digits: bool) -> Iterator[tuple[int, bool]]:
    reached = -1
    for low in range(0, len(text), _SHEET):
        start = max(0, low - _MARGIN)
        sheet = text[start : low + _SHEET + _MARGIN]
        for place, is_announced in _of_sheet(sheet, outline, all_digits):
            if reached < start + place < low + _SHEET:
                reached = start + place
                yield reached, is_announced


def _of_sheet(text: str, outline: Outline, all_digits: bool) -> list[tuple[int, bool]]:
    encoded = text.encode("latin-1", "replace")
    shape = encoded.translate(TABLE)
    announced = _announced(shape, outline)
    needles = outline.little if all_digits else outline.needles
    others = _places(needles, shape)
    if not text.isascii():
        others += _others(text, encoded, outline.foreign)
    if others:
        announced = sorted({*announced, *others})
    if not all_digits:
        return [(place, True) for place in announced]
    those = set(announced)
    every = those.union(match.start() for match in outline.digits.finditer(shape))
    return [(place, place in those) for place in sorted(every)]


def _announced(shape: bytes, outline: Outline) -> list[int]:
    """Return the places of digits that something announces, or that need nothing."""
    found = []
    ends = outline.ends
    padded = _PAD + shape
    for match in outline.digits.finditer(padded):
        place = match.start()
        head = padded[place - SIGHT : place].rstrip()
        # Of most digits in prose the first question says that they are none of ours.
        if (
            head[-3:] in ends
            or head[-1:] in (b"0", b">")
            or padded[place - 1] != _BLANK
            or padded[place + 3 : place + 6] == b"000"
            or match.lastindex
        ) and _is_announced(padded, match, head, outline):
            found.append(place - SIGHT)
    return found


def _is_announced(shape: bytes, match: re.Match[bytes], head: bytes, outline: Outline) -> bool:
    """Return whether something announces digits, or they go on a number, or need neither."""
    if match.lastindex:  # a shape of their own
        return True
    place = match.start()
    head = head or shape[max(0, place - _COLUMN) : place].rstrip()
    words = outline.announcing.get(head[-TAIL:])
    if words and head.endswith(words):
        return True
    last, is_glued = head[-1:], shape[place - 1] != _BLANK
    if is_glued and head[-2:-1] == b" " and last.isalpha():  # a letter that begins a number
        head = head[:-1].rstrip()
        return head.endswith(outline.announcing.get(head[-TAIL:], ()))
    if (last == b"0" or (is_glued and last in TORN)) and _is_torn(head, outline):
        return True
    if last == b">":  # the end of a tag
        return is_glued or _is_announced_before_tag(head, outline)
    for word in outline.led:  # noqa: SIM110 (asked often: a plain loop is faster)
        if word in head:
            return True
    return False


def _is_announced_before_tag(head: bytes, outline: Outline) -> bool:
    """Return whether an announcement stands before tags that end a blank or more before digits."""
    while tag := _TAG.search(head):
        head = head[: tag.start()]
    return head.endswith(outline.announcing.get(head[-TAIL:], ()))


def _is_torn(head: bytes, outline: Outline) -> bool:
    """Return whether digits stand before a number's others, and before them what announces it."""
    torn = head.rstrip(b"0 ")
    if torn[-1:] == b">":  # the end of a tag
        return True
    words = outline.announcing.get(torn[-TAIL:])
    if words and torn.endswith(words):
        return True
    torn = torn.rstrip(TORN)
    known = outline.announcing.get(torn[-TAIL:], ()) + outline.torn.get(torn[-TAIL:], ())
    return bool(known) and torn.endswith(known)


def _places(needles: Iterable[bytes], shape: bytes) -> list[int]:
    """Return the places of prefixes that are sought by themselves."""
    found = []
    for needle in needles:
        place = shape.find(needle)
        while place >= 0:
            found.append(place)
            place = shape.find(needle, place + 1)
    return found


def _others(text: str, encoded: bytes, names: re.Pattern[str] | None) -> Iterator[int]:
    """Yield the places of what a shape does not show."""
    if _UNSEEN in encoded:
        yield from (match.start() for match in _foreign().finditer(text))
        if names:
            yield from (match.end() - 1 for match in names.finditer(text))
    if any(character in text for character in _INVISIBLE):
        yield from (match.end() - 1 for match in _CUT_PREFIX.finditer(text))


def is_shown(text: str, encoded: bytes) -> bool:
    """Return whether the shape of a text, before it is translated, hides nothing of it."""
    is_unseen = b"?" in encoded and _UNSEEN in encoded  # one byte is sought far faster than three
    return not is_unseen and not any(map(text.__contains__, _INVISIBLE))


@cache
def _foreign() -> re.Pattern[str]:
    """Return the pattern of digits of other scripts and of letters of other faces."""
    foreign = "".join(f"{zero}-{chr(ord(zero) + 9)}" for zero in ZEROS)
    styled = f"{chr(STYLED[0])}-{chr(STYLED[1] - 1)}"
    return re.compile(f"[{foreign}\uff21-\uff3a\uff41-\uff5a{styled}]{{1,32}}")
