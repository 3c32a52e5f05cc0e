"""What cannot be read, said in words, and the names under which it is told."""

from __future__ import annotations

import os
from importlib.util import find_spec


class Unreadable(ValueError):
    """A file or a row that does not hold what was asked for."""


def require_arrow() -> None:
    """Raise `Unreadable` where Parquet can be neither read nor written."""
    if find_spec("pyarrow") is None:
        raise Unreadable("Parquet takes pyarrow: pip install 'trialink[arrow]'")


def cause_of(error: Exception) -> str:
    """Return why something could not be read."""
    if isinstance(error, UnicodeDecodeError):
        return f"not UTF-8 (byte {error.start}); convert it first, as with iconv"
    if isinstance(error, OSError):
        return (error.strerror or str(error)).lower()
    return str(error)


def as_typed(argument: str) -> str:
    """Return an argument as it was typed, where the locale knows too little of UTF-8."""
    if is_utf8(argument):
        return argument
    return os.fsencode(argument).decode("utf-8", "surrogateescape")


def is_utf8(text: str) -> bool:
    """Return whether decoding left no byte over."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
