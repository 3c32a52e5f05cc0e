"""Text made fit to be shown: on one line, without what steers a terminal, not too long."""

from __future__ import annotations

import re

# Control characters, and the marks that turn the direction of writing. Compiled when it is first
# needed: `find` does without.
_UNSHOWN = "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
_BRIEF, _ANGLED = 80, 140  # code points


def shown(text: str) -> str:
    """Return `text` fit for a terminal: blanks run together, control and bidi marks dropped."""
    return re.sub(_UNSHOWN, "", re.sub(r"\s+", " ", text)).strip()


def brief(text: object) -> str:
    """Return what a message may repeat of a string: all of a short one, the length of another.

    A long one may be a whole document, and messages end in logs.
    """
    if isinstance(text, str) and len(text) > _BRIEF:
        return f"a text of {len(text)} characters"
    return repr(text)


def angled(text: str) -> str:
    """Return the representation of an aggregate: one line in angle brackets, cut where too long."""
    line = shown(text)
    return f"<{line}>" if len(line) <= _ANGLED - 2 else f"<{line[: _ANGLED - 3]}…>"
