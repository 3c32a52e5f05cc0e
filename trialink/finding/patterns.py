"""Patterns that are compiled when they are first used: one text needs few of them."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, AnyStr


class Pattern:
    """Stands for a compiled pattern; what is asked of it once is then its own."""

    def __init__(self, source: Any, flags: int) -> None:
        self._source, self._flags = source, flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(self._source, self._flags), name)
        setattr(self, name, value)
        return value


def lazily(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return a pattern that is compiled by its first use."""
    return Pattern(source, flags)  # type: ignore[return-value]  # in all that is asked of it
