"""Make spellings alike, one character for one character, so that offsets never move."""

from __future__ import annotations

from functools import cache

from trialink.finding.patterns import lazily

# The soft hyphen and those of Armenian, Hebrew and Mongolian are hyphens too; so are minus signs.
DASHES = (
    "\u00ad\u058a\u05be\u1806\u2010\u2011\u2012\u2013\u2014\u2015\u2043\ufe58\ufe63\uff0d"
    "\u02d7\u207b\u208b\u2212\u2796\u2e3a\u2e3b\u301c\u3030\ufe31\ufe32"
)
SLASHES = "\u2044\u2215"
DOTS = "\u00b7\u2219\u22c5"
APOSTROPHES = "\u2018\u2019\u02bc"
# Blanks, and what takes no room: zero-width characters, marks of direction, the byte order mark.
SPACES = "\u00a0\u1680\u180e\u202f\u205f\u2060\u3000\ufeff" + "".join(
    map(chr, (*range(0x2000, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
)
# Of the hyphens and blanks those that take no room, as a class of characters: they may stand in the
# middle of a number and are then nothing.
NO_ROOM = "\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
# The zeros of decimal digits: full-width, Arabic-Indic, Persian, of the scripts of India from
# Devanagari to Malayalam, Thai, Lao, Tibetan, Myanmar, Khmer, Mongolian.
ZEROS = (
    "\uff10\u0660\u06f0\u0966\u09e6\u0a66\u0ae6\u0b66\u0be6\u0c66\u0ce6\u0d66"
    "\u0e50\u0ed0\u0f20\u1040\u17e0\u1810"
)
# Letters that have an ASCII letter as their other case. Dotted I is the only character whose
# small letter is two characters.
_LETTERS = {"\u0130": "I", "\u0131": "i", "\u017f": "s", "\u212a": "K"}
STYLED = (0x1D400, 0x1D800)  # bold, italic ... letters and digits, as social networks show them
_SHEET = 1 << 12  # characters that are looked through at a time
_FEW = 200  # characters that are replaced one by one
_FOREIGN = lazily("[^\x00-\x9f]")


def fold(text: str) -> str:
    """Return `text` with every kind of dash, slash, dot, blank ... and digit in its ASCII form.

    The result has the same length, in small letters too, and every character stands where it
    stood. Lone surrogates and control characters are left as they are.
    """
    if text.isascii():
        return text
    table = _folds()
    # One fast pass for each character that occurs, if few do: `translate` looks up every character.
    occurring: set[str] = set()
    for low in range(0, len(text), _SHEET):  # a list of all that are in a long text takes much room
        occurring.update(_FOREIGN.findall(text, low, low + _SHEET))
    occurring &= table.keys()
    if len(occurring) > _FEW:
        return text.translate({ord(each): table[each] for each in occurring})
    for character in occurring:
        text = text.replace(character, table[character])
    return text


@cache
def _folds() -> dict[str, str]:
    from unicodedata import normalize  # texts in ASCII do without: start-up cost

    table = dict.fromkeys(DASHES, "-") | dict.fromkeys(APOSTROPHES, "'")
    table |= dict.fromkeys(SPACES, " ") | dict.fromkeys(SLASHES, "/") | _LETTERS
    table |= dict.fromkeys(DOTS, ".")
    for zero in map(ord, ZEROS):
        table |= {chr(zero + digit): str(digit) for digit in range(10)}
    # Full-width ASCII stands at a fixed distance from ASCII.
    for code in range(0xFF01, 0xFF5F):
        table.setdefault(chr(code), chr(code - 0xFEE0))
    for character in map(chr, range(*STYLED)):
        if (plain := normalize("NFKC", character)).isascii():
            table[character] = plain
    return table
