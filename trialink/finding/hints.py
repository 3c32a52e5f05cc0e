"""From a text to the places where an identifier may stand: few, quick to find, none left out."""

from __future__ import annotations

import re
from functools import cache

from trialink.finding.folding import STYLED, ZEROS
from trialink.finding.outline import LETTERS, SIGHT, TAIL, TORN, Outline
from trialink.finding.patterns import lazily
from trialink.finding.shape import TABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SHEET = 1 << 14  # characters worked on at a time: a shape then stays in the processor's cache
_MARGIN = 128  # characters of its neighbours that a sheet shows too
_COLUMN = 96  # characters between a label and its number in the next column
_BLANK = ord(" ")
_PAD = b" " * SIGHT  # before each sheet, so that all of it has something before it
_TYPED = tuple(bytes((letter,)) for letter in TORN.strip(b"0 "))  # letters, for some of the digits
# Characters that take no room, and digits behind a prefix that one of them may stand in.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_CUT_PREFIX = lazily(f"[{_INVISIBLE}][^0-9]{{0,16}}[0-9]")
_TAG = lazily(rb" {1,2}[a-z]{1,10} ?> {0,2}\Z")
_TAG_END = lazily(rb"(?:<[^<>]{0,78}|\n(?:> ?){0,3})>[ \-]{0,4}\Z")  # also of what a mail quotes
_TAG_SIGHT = 84  # characters that it may be long
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
    encoded = _PAD + text.encode("latin-1", "replace")
    shape = encoded.translate(TABLE)
    announced = telling_places(
        encoded, shape, outline, outline.little if all_digits else outline.needles
    )
    if not (text.isascii() or is_shown(text, encoded)):
        announced += _hidden(text, encoded, outline.foreign)
    if len(announced) > 1:
        announced = sorted({*announced})
    if not all_digits:
        return [(place - SIGHT, True) for place in announced]
    those = set(announced)
    every = those.union(match.start() for match in outline.every_digits.finditer(shape))
    return [(place - SIGHT, place in those) for place in sorted(every)]


def telling_places(
    encoded: bytes, shape: bytes, outline: Outline, needles: Iterable[bytes]
) -> list[int]:
    """Return the places of digits that something announces, or that need nothing, and of needles.

    The text may be many, one behind another, with something between that ends what announces.
    """
    found = _places(needles, shape) if needles else []
    announcing = outline.announcing
    for match in outline.digits.finditer(shape):
        place, kind = match.start(), match.lastgroup
        if kind == "prose":
            words = announcing.get(shape[place - TAIL - 1 : place - 1])
            if words and (
                shape.endswith(words, 0, place - 1)
                or _is_led(shape[place - SIGHT : place - 1], outline)
            ):
                found.append(place)
        elif kind == "own" or _is_announced(encoded, shape, place, outline):
            found.append(place)
    return found


def _is_announced(encoded: bytes, shape: bytes, place: int, outline: Outline) -> bool:
    """Return whether something announces digits, however far from them or glued to them."""
    head = shape[place - SIGHT : place].rstrip()
    words = outline.announcing.get(head[-TAIL:], ())
    if head.endswith(words):
        return True
    if head.endswith(b"0"):
        stem = head.rstrip(b"0 ")
        return _is_torn(stem, outline) or _is_led(stem, outline)
    if shape[place - 1] != _BLANK:
        return _is_announced_glued(encoded, place, head, outline)
    if head.endswith(b">"):
        return _is_behind_tag(encoded, place, head, outline)
    if not head:
        return outline.announces(shape[max(0, place - _COLUMN) : place].rstrip())
    return bool(words or shape.startswith(b"000000", place)) and _is_led(head, outline)


def _is_torn(stem: bytes, outline: Outline) -> bool:
    """Return whether what announces a number stands before its first digits."""
    if _is_behind_tag_or_word(stem, outline):
        return True
    stem = stem.rstrip(TORN)
    return stem[-TAIL:] in outline.torn or outline.announces(stem)


def _is_announced_glued(encoded: bytes, place: int, head: bytes, outline: Outline) -> bool:
    """Return whether something announces digits to which a letter or a sign is glued."""
    if head.endswith(b">"):
        return _is_behind_tag(encoded, place, head, outline, is_glued=True)
    if head[-2:-1] in (b" ", b">"):  # a letter begins a number
        return _is_behind_tag_or_word(head[:-1].rstrip(), outline)
    return (head.endswith(_TYPED) and _is_torn(head, outline)) or _is_led(head, outline)


def _is_behind_tag(
    encoded: bytes, place: int, head: bytes, outline: Outline, *, is_glued: bool = False
) -> bool:
    """Return whether a tag stands before digits that may, or what announces them before that."""
    tag = _TAG_END.search(encoded, max(0, place - _TAG_SIGHT), place)
    if tag and tag[0].startswith(b"\n"):  # no tag, but what a mail quotes
        return is_glued or _is_behind_tag_or_word(head.rstrip(b"> "), outline)
    return tag is not None and (is_glued or _is_announced_before_tag(head, outline))


def _is_announced_before_tag(head: bytes, outline: Outline) -> bool:
    """Return whether an announcement stands before tags that end a blank or more before digits."""
    while tag := _TAG.search(head):
        head = head[: tag.start()]
    return outline.announces(head)


def _is_led(stem: bytes, outline: Outline) -> bool:
    """Return whether letters that may begin a number stand before digits, led on to by a word."""
    before, _, letters = stem.rpartition(b" ")
    if len(letters) > LETTERS:  # glued to the word
        return outline.leads(letters)
    return _is_behind_tag_or_word(before.rstrip(), outline) and any(
        word in stem for word in outline.led
    )


def _is_behind_tag_or_word(head: bytes, outline: Outline) -> bool:
    """Return whether a tag ends there, or what announces a number."""
    return head.endswith(b">") or outline.announces(head)


def _places(needles: Iterable[bytes], shape: bytes) -> list[int]:
    """Return the places of prefixes that are sought by themselves."""
    found = []
    for needle in needles:
        place = shape.find(needle)
        while place >= 0:
            found.append(place)
            place = shape.find(needle, place + 1)
    return found


def is_shown(text: str, encoded: bytes) -> bool:
    """Return whether the shape of a text, before it is translated, hides nothing of it."""
    is_unseen = b"?" in encoded and _UNSEEN in encoded  # one byte is sought far faster than three
    return not is_unseen and not any(map(text.__contains__, _INVISIBLE))


def _hidden(text: str, encoded: bytes, names: re.Pattern[str] | None) -> Iterator[int]:
    """Yield the places of what a shape does not show."""
    if _UNSEEN in encoded:
        yield from (SIGHT + match.start() for match in _foreign().finditer(text))
        if names:
            yield from (SIGHT + match.end() - 1 for match in names.finditer(text))
    if any(map(text.__contains__, _INVISIBLE)):
        yield from (SIGHT + match.end() - 1 for match in _CUT_PREFIX.finditer(text))


@cache
def _foreign() -> re.Pattern[str]:
    """Return the pattern of digits of other scripts and of letters of other faces."""
    foreign = "".join(f"{zero}-{chr(ord(zero) + 9)}" for zero in ZEROS)
    styled = f"{chr(STYLED[0])}-{chr(STYLED[1] - 1)}"
    return re.compile(f"[{foreign}\uff21-\uff3a\uff41-\uff5a{styled}]{{1,32}}")
