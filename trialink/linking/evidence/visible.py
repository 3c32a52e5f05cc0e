"""A marked-up text in, what a reader sees of it out, with the way back to the places in the text.

JATS and HTML: tags of paragraphs, rows and cells become line ends and tabs, those of mere emphasis
nothing, and lists of references go. Plain text stays as it is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from html import unescape

from trialink.model.value import Value

_TAG = re.compile(
    r"<(/?)([A-Za-z][\w:.-]{0,40})(?:\s[^<>]{0,4000})?/?>|&(?:#[xX]?[0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});"
)
_BLOCK = re.compile(
    r"</?(?:abstract|article|body|caption|div|h[1-6]|li|list|p|ref-list|sec|section|table|td|title"
    r"|tr)[\s/>]",
    re.IGNORECASE,
)
_INLINE = frozenset(
    (
        *("a", "abbr", "b", "bold", "cite", "code", "em", "email", "ext-link", "font", "i", "mark"),
        *(
            "inline-supplementary-material",
            "italic",
            "monospace",
            "named-content",
            "related-object",
        ),
        *("sans-serif", "sc", "small", "span", "strong", "styled-content", "sub", "sup", "u"),
        *("underline", "uri", "xref"),
    )
)
_CELLS = frozenset(("td", "th"))
_GROUPS = frozenset(("colgroup", "col", "tbody", "tfoot", "thead"))
_BREAKS = frozenset(("br", "break", "hr"))
_LINES = _BREAKS | {"li", "list-item", "title"}
_BLANKS = str.maketrans("\n\r\t", "   ")
_UNSEEN = frozenset(  # lists of references, which state nothing, and what no reader sees
    (
        *("element-citation", "mixed-citation", "ref", "ref-list", "referencelist", "reflist"),
        *("script", "style"),
    )
)


class Visible(Value):
    """What a reader sees of a text, and where each stretch of it stands in the text."""

    text: str
    starts: tuple[int, ...]  # of the stretches, in what is seen
    places: tuple[tuple[int, int], ...]  # of each stretch, start and end in the text

    def place(self, position: int) -> tuple[int, int]:
        """Return where the character seen at a position begins and ends in the text."""
        stretch = bisect_right(self.starts, position) - 1
        start, end = self.places[stretch]
        beyond = self.starts[stretch + 1] if stretch + 1 < len(self.starts) else len(self.text)
        if beyond - self.starts[stretch] != end - start:
            return start, end  # an entity or a tag
        begin = start + position - self.starts[stretch]
        return begin, begin + 1

    def seen(self, place: int) -> int | None:
        """Return where the character of the text at a place is seen; None where it is not."""
        stretch = bisect_right(self.places, place, key=lambda each: each[0]) - 1
        if stretch < 0:
            return None
        start, end = self.places[stretch]
        return self.starts[stretch] + place - start if place < end else None


def visible(text: str) -> Visible:
    """Return what is seen of a text: all of it where it has no tags."""
    if "<" not in text or not _TAG.search(text):
        return Visible(text, (0,), ((0, len(text)),))
    reader = _Reader(text)
    for match in _TAG.finditer(text):
        reader.pass_over(match)
    return reader.finished()


class _Reader:
    """Reads a marked-up text from tag to tag."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.is_document = _BLOCK.search(text) is not None
        self.parts: list[str] = []
        self.starts: list[int] = []
        self.places: list[tuple[int, int]] = []
        self.length = self.reached = 0
        self.unseen = 0  # elements that are open
        self.is_in_row = self.is_behind_title = False

    def pass_over(self, match: re.Match[str]) -> None:
        """Take in what stands before a tag or entity, and then the tag."""
        self._take(self.reached, match.start())
        self.reached = match.end()
        name, is_end = (match[2] or "").casefold(), bool(match[1])
        if not name:
            seen = unescape(match[0])
            self._put(seen if len(seen) == 1 else match[0], match.span())
        elif name in _UNSEEN:
            if not match[0].endswith("/>"):
                self.unseen = max(0, self.unseen + (-1 if is_end else 1))
        elif self.is_document and name not in _INLINE:
            self._divide(self._sign(name, is_end=is_end), match.span())
            self.is_behind_title |= is_end and name == "title"

    def _sign(self, name: str, *, is_end: bool) -> str:
        """Return what is seen of a tag."""
        if name == "tr":
            self.is_in_row = not is_end
            return "\n"
        if name in _CELLS:
            return "\t" if is_end else ""
        if name in _GROUPS:
            return ""
        if self.is_in_row and name != "table":
            return " "
        return "\n" if name in _LINES and (is_end or name in _BREAKS) else "\n\n"

    def _divide(self, sign: str, place: tuple[int, int]) -> None:
        """Put a line end where there is none; what follows a title is its text."""
        last = self.parts[-1] if self.parts else "\n\n"
        is_there = last.startswith("\n") and (len(last) >= len(sign) or self.is_behind_title)
        if not (sign.startswith("\n") and is_there):
            self._put(sign, place)

    def _take(self, start: int, end: int) -> None:
        """Take in what stands between two tags; line ends of documents mean nothing."""
        stretch = self.text[start:end]
        if self.is_document:
            if "\n" in stretch and not stretch.strip():
                return
            stretch = stretch.translate(_BLANKS)
        if stretch:
            self._put(stretch, (start, end))
            self.is_behind_title = False

    def _put(self, seen: str, place: tuple[int, int]) -> None:
        if seen and not self.unseen:
            self.parts.append(seen)
            self.starts.append(self.length)
            self.places.append(place)
            self.length += len(seen)

    def finished(self) -> Visible:
        """Return what is seen of the whole text."""
        self._take(self.reached, len(self.text))
        return Visible("".join(self.parts), tuple(self.starts), tuple(self.places))
