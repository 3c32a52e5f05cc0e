"""From what a caller passes to the text in the three spellings that the stages read."""

from __future__ import annotations

from trialink.finding.folding import fold
from trialink.model.value import Value


class View(Value):
    """A text as given, folded, and folded in small letters; offsets are the same in all three."""

    text: str
    folded: str
    lowered: str


def view(text: str, caller: str) -> View:
    """Return the view of a text; raise `TypeError` with a way out for anything but str."""
    if not isinstance(text, str):
        raise TypeError(f"{caller}() reads str, not {type(text).__name__}{_way_out(text)}")
    folded = fold(text)
    return View(text, folded, folded.lower())


def _way_out(text: object) -> str:
    if isinstance(text, (bytes, bytearray)):
        return ": decode it first, as in data.decode('utf-8')"
    if hasattr(text, "read_text"):
        return ": pass path.read_text(encoding='utf-8')"
    if isinstance(text, (list, tuple, set, frozenset)):
        return ": call it once for each text"
    return ""
