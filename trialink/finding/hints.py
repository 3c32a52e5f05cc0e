"""From a text to the places where an identifier may stand: few, quick to find, none left out."""

from __future__ import annotations

import re
from functools import cache

from trialink.finding.folding import STYLED, ZEROS
from trialink.finding.outline import SIGHT, TAIL, TORN, Outline
from trialink.finding.shape import TABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SHEET = 1 << 16  # characters worked on at a time: a shape then stays in the processor's cache
_MARGIN = 64  # characters of its neighbours that a sheet shows too
_COLUMN = 96  # characters between a label and its number in the next column
_UNSEEN = b"???"  # characters of no Latin script, among them digits of other scripts


def hints(text: str, outline: Outline) -> list[int]:
    """Return the places where a number may show that something announces, ascending.

    A place is that of the first digits in a row, of a prefix that is sought by itself, or of
    digits or letters of another script.
    """
    return _places(text, outline, _announced)


def digits(text: str, outline: Outline) -> list[int]:
    """Return all places where a number may show, announced or not, ascending."""
    return _places(text, outline, _every)


def _places(
    text: str, outline: Outline, places: Callable[[bytes, Outline], list[int]]
) -> list[int]:
    if len(text) <= _SHEET:
        return _of_sheet(text, outline, places)
    found: set[int] = set()
    for low in range(0, len(text), _SHEET):
        start = max(0, low - _MARGIN)
        sheet = text[start : low + _SHEET + _MARGIN]
        found.update([start + place for place in _of_sheet(sheet, outline, places)])
    return sorted(found)


def _of_sheet(
    text: str, outline: Outline, places: Callable[[bytes, Outline], list[int]]
) -> list[int]:
    encoded = text.encode("latin-1", "replace")
    shape = encoded.translate(TABLE)
    found = places(shape, outline)
    if outline.needles or (_UNSEEN in encoded and not text.isascii()):
        found = sorted({*found, *_others(text, shape, outline)})
    return found


def _every(shape: bytes, outline: Outline) -> list[int]:
    return [match.start() for match in outline.every_digit.finditer(shape)]


def _others(text: str, shape: bytes, outline: Outline) -> Iterator[int]:
    """Yield the places of prefixes sought by themselves, and of other scripts."""
    for needle in outline.needles:
        place = shape.find(needle)
        while place >= 0:
            yield place
            place = shape.find(needle, place + 1)
    yield from (match.start() for match in _foreign().finditer(text))


def _announced(shape: bytes, outline: Outline) -> list[int]:
    """Return the places of digits that something announces, or that need nothing."""
    found = []
    announcing, led = outline.announcing, outline.led
    for match in outline.digits.finditer(shape):
        place = match.start()
        head = shape[place - SIGHT : place] if place >= SIGHT else b" " + shape[:place]
        close = head.rstrip() or shape[max(0, place - _COLUMN) : place].rstrip()
        words = announcing.get(close[-TAIL:])
        if (
            (words and close.endswith(words))
            or match.lastindex
            or (head[-1:] != b" " and _is_torn(close, outline))
            or (close[-1:] == b"0" and _is_torn(close, outline))
        ):
            found.append(place)
            continue
        for tail in led:
            if tail in head:
                found.append(place)
                break
    return found


def _is_torn(head: bytes, outline: Outline) -> bool:
    """Return whether parts of a number, and before them a prefix, stand before its digits."""
    torn = head.rstrip(TORN)
    return len(torn) < len(head) and torn.endswith(outline.torn)


@cache
def _foreign() -> re.Pattern[str]:
    """Return the pattern of digits of other scripts and of letters of other faces."""
    digits = "".join(f"{zero}-{chr(ord(zero) + 9)}" for zero in ZEROS)
    styled = f"{chr(STYLED[0])}-{chr(STYLED[1] - 1)}"
    return re.compile(f"[{digits}\uff21-\uff3a\uff41-\uff5a{styled}]{{1,32}}")
