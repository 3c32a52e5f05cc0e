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


class Narrowed:
    """Stands for a pattern until a narrower one does not match; what it is asked then is its own.

    Where the narrower one matches, it matches as the pattern does.
    """

    def __init__(self, narrow: str, wide: str, flags: int) -> None:
        self._narrow, self._wide = re.compile(narrow, flags), lazily(wide, flags)

    def match(self, text: str, *bounds: int) -> re.Match[str] | None:
        """Return the match at a place."""
        if found := self._narrow.match(text, *bounds):
            return found
        setattr(self, "match", self._wide.match)  # noqa: B010  # in place of this method
        return self._wide.match(text, *bounds)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wide, name)


def narrowly(narrow: str, wide: str, flags: int = 0) -> re.Pattern[str]:
    """Return a pattern that is compiled when a narrower one, far smaller, first fails to match.

    Wherever the narrower one matches, its match must be that of the other.
    """
    return Narrowed(narrow, wide, flags)  # type: ignore[return-value]  # in all that is asked of it
