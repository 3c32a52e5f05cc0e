"""From a text to its shape: one byte a character, in which digits and what announces them show.

Letters are small, digits are 0, and whatever may stand between a prefix and its digits is a blank.
A shape is as long as its text, so a place in one is a place in the other.
"""

from __future__ import annotations

_SIGNS = b">\xb0\xba"  # the end of a tag, and the rings of "n\u00b0" and "n\u00ba": no blanks


def shape(text: str) -> bytes:
    """Return the shape of a text; characters beyond Latin-1 are blanks in it."""
    return text.encode("latin-1", "replace").translate(TABLE)


def _shaped(code: int) -> int:
    if code in _SIGNS:
        return code
    if code in b"0123456789":
        return ord("0")
    letter = chr(code)
    return ord(letter.lower()) if letter.isalpha() else ord(" ")


TABLE = bytes(map(_shaped, range(256)))
