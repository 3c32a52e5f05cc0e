"""From what a caller passes to the text in the spellings that the stages read."""

from __future__ import annotations

from trialink.finding.folding import fold


class View:
    """A text as given and folded; offsets are the same in both. Folded when first needed."""

    __slots__ = ("_folded", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._folded: str | None = None

    @property
    def folded(self) -> str:
        """The text with every kind of dash, blank and digit in its ASCII form."""
        if self._folded is None:
            self._folded = fold(self.text)
        return self._folded

    def stretch(self, start: int, end: int) -> str:
        """Return a stretch of the folded text."""
        start = max(0, start)
        if self._folded is None:  # most texts are asked for a few stretches only
            return fold(self.text[start:end])
        return self._folded[start:end]

    def lowered(self, start: int, end: int) -> str:
        """Return a stretch of the folded text in small letters, as long as the stretch."""
        return self.stretch(start, end).lower()


def view(text: str, caller: str) -> View:
    """Return the view of a text; raise `TypeError` with a way out for anything but str."""
    if not isinstance(text, str):
        raise TypeError(f"{caller}() reads str, not {type(text).__name__}{_way_out(text)}")
    return View(text)


def _way_out(text: object) -> str:
    if isinstance(text, (bytes, bytearray)):
        return ": decode it first, as in data.decode('utf-8')"
    if hasattr(text, "read_text"):
        return ": pass path.read_text(encoding='utf-8')"
    if isinstance(text, (list, tuple, set, frozenset)):
        return ": call it once for each text"
    return ""
