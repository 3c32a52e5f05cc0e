"""From a text to its shape: one byte a character, in which digits and what announces them show.

Letters are small, digits are 0, and whatever may stand between a prefix and its digits is a blank.
A shape is as long as its text, so a place in one is a place in the other.
"""

from __future__ import annotations

from itertools import groupby

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_DIGIT = ord("0")
_LETTERS = b"abcdefghijklmnopqrstuvwxyz"
_SIGNS = b">\xb0\xba"  # the end of a tag, and the rings of "n\u00b0" and "n\u00ba": no blanks


def shape(text: str) -> bytes:
    """Return the shape of a text; characters beyond Latin-1 are blanks in it."""
    return text.encode("latin-1", "replace").translate(TABLE)


def shapes(words: Iterable[str]) -> list[bytes]:
    """Return the shapes of many words without a NUL in them, made together."""
    encoded = "\0".join(words).encode("latin-1", "replace")
    return encoded.translate(_JOINED).split(b"\0")


def lettered(run: bytes) -> bytes:
    """Return the pattern of a part of a number: letters among digits may be others.

    Letters by themselves are the same in all numbers.
    """
    return run if run.isalpha() else _any_letters(run)


def typed(run: bytes) -> bytes:
    """Return the same where letters may be typed for digits."""
    if run.isalpha():
        return run
    parts = (bytes(signs) for _, signs in groupby(run, _DIGIT.__eq__))
    return b"".join(
        b"[0oilsb]{%d}" % len(part) if part[0] == _DIGIT else _any_letters(part) for part in parts
    )


def _any_letters(run: bytes) -> bytes:
    return b"".join(b"[a-z]" if sign in _LETTERS else bytes((sign,)) for sign in run)


def _shaped(code: int) -> int:
    if code in _SIGNS:
        return code
    if code in b"0123456789":
        return _DIGIT
    letter = chr(code)
    return ord(letter.lower()) if letter.isalpha() else ord(" ")


TABLE = bytes(map(_shaped, range(256)))
_JOINED = b"\0" + TABLE[1:]
