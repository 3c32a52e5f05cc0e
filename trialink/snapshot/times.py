"""Times as they stand in results, and as whole seconds since 1970, as they stand in a file."""

from __future__ import annotations

from datetime import UTC, datetime

_WRITTEN = "%Y-%m-%dT%H:%M:%SZ"


def seconds(text: str | None) -> int | None:
    """Return a time of the form YYYY-MM-DDTHH:MM:SSZ in seconds since 1970.

    >>> written(seconds("2026-11-22T10:00:00Z"))
    '2026-11-22T10:00:00Z'
    """
    return None if text is None else int(datetime.fromisoformat(text).timestamp())


def written(time: int | None) -> str | None:
    """Return the time of some seconds since 1970 in the form YYYY-MM-DDTHH:MM:SSZ."""
    return None if time is None else datetime.fromtimestamp(time, UTC).strftime(_WRITTEN)
