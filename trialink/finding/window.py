"""From a stretch of a text to what the patterns read: folded, and cleaned of typesetting."""

from __future__ import annotations

import re
from bisect import bisect_left

from trialink.finding.folding import NO_ROOM, fold
from trialink.finding.patterns import lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from trialink.finding.grammar import Grammar

# What stands in numbers or before them and is no part of the text: tags, entities, the escapes of
# web addresses, JSON, TeX and mail, and characters that take no room.
_DIRT = lazily(
    r"(?P<line_end></?(?:br|p|div|li|t[rdh])(?:\s[^<>]{0,60}|/)?>)"
    r"|</?[A-Za-z][\w:.\-]{0,12}(?:\s[^<>]{0,60}|/)?>|<!--[^<>]{0,20}-->"
    r"|&(?:amp;){0,2}(?P<entity>#?\w{2,8});"
    r"|%(?P<percent>[2-7][0-9A-Fa-f]|(?i:C[2-9A-F]|D[0-9A-F]|E[0-9A-F]%[89AB][0-9A-F])"
    r"%[89ABab][0-9A-Fa-f])"
    r"|\\u(?P<escape>[0-9A-Fa-f]{4})"
    r"|(?P<blank>\\[ntr,;~ ]|~)|\\(?P<sign>[_\-/{}])|[{}]"
    r"|=\r?\n|(?P<line>\r?\n)(?:> ?){1,4}"
    rf"|[{NO_ROOM}]"
)
# Without one of these there is no dirt; the ASCII ones are sought far faster one by one.
_SIGNS = ("<", "&", "%", "\\", "~", "{", "}", "=\n", "=\r", "\n>")
_UNSEEN = lazily(f"[{NO_ROOM}]")
_FIRST_SIGN = lazily(rf"[<&%\\~{{}}=\r\n{NO_ROOM}]")  # that dirt begins with


class Window:
    """A stretch of a text, folded; it knows the places of its characters in the text.

    `named` is what its reader remembers of it: the grammars whose registry it names.
    """

    __slots__ = ("_places", "folded", "named", "origin")

    def __init__(self, folded: str, origin: int = 0, places: Sequence[int] | None = None) -> None:
        self.folded, self.origin, self._places = folded, origin, places
        self.named: tuple[Grammar, ...] | None = None

    def place(self, index: int) -> int:
        """Return the place in the text of a character of the window."""
        return self.origin + index if self._places is None else self._places[index]

    def index(self, place: int) -> int:
        """Return the first character of the window that stands at a place or behind it."""
        if self._places is None:
            return max(place - self.origin, 0)
        return bisect_left(self._places, place)


def window(text: str, low: int, high: int) -> Window:
    """Return the stretch of a text between two places, folded."""
    low = max(low, 0)
    return Window(fold(text[low:high]), low)


def cleaned(text: str, low: int, high: int) -> Window | None:
    """Return the stretch without what typesetting left in it; None where it left nothing."""
    low = max(low, 0)
    stretch = text[low:high]
    match = _dirt(stretch, 0) if _may_have_dirt(stretch) else None
    if match is None:
        return None
    kept: list[str] = []
    places: list[int] = []
    reached = 0
    while match:
        _keep(kept, places, stretch[reached : match.start()], low + reached)
        reading = _read(match)
        _keep(kept, places, reading, low + match.start())
        reached = match.end()
        match = _dirt(stretch, reached)
    _keep(kept, places, stretch[reached:], low + reached)
    return Window(fold("".join(kept)), low, places)


def _may_have_dirt(stretch: str) -> bool:
    return any(map(stretch.__contains__, _SIGNS)) or (
        not stretch.isascii() and _UNSEEN.search(stretch) is not None
    )


def _dirt(stretch: str, start: int) -> re.Match[str] | None:
    """Return the next piece of what typesetting left; tried only where one can begin."""
    for sign in _FIRST_SIGN.finditer(stretch, start):
        if match := _DIRT.match(stretch, sign.start()):
            return match
    return None


def without_dirt(stretch: str) -> str:
    """Return a stretch with a blank for each thing that typesetting left."""
    return _DIRT.sub(" ", stretch) if _may_have_dirt(stretch) else stretch


def _keep(kept: list[str], places: list[int], piece: str, place: int) -> None:
    kept.append(piece)
    places.extend(range(place, place + len(piece)))


def _read(match: re.Match[str]) -> str:
    """Return the one character that stands for another, or nothing."""
    kind = match.lastgroup
    if kind is None:
        return ""
    if kind == "entity":
        return _character(match["entity"])
    if kind == "percent":
        code = bytes.fromhex(match[kind].replace("%", ""))
        return _visible(code.decode("utf-8", "replace"))
    if kind == "escape":
        return _visible(chr(int(match[kind], 16)))
    if kind == "line_end":
        return "\v"
    return " " if kind == "blank" else match[kind]


def _character(entity: str) -> str:
    from html import unescape  # only where a text has entities

    read = unescape(f"&{entity};")
    return _visible(read) if len(read) == 1 else " "


def _visible(character: str) -> str:
    return "" if _DIRT.fullmatch(character) else character
