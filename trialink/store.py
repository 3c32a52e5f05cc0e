"""What keeps entries, bytes under keys: the seam, and the store that is memory alone."""

from __future__ import annotations

from threading import Lock
from typing import Protocol, runtime_checkable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


@runtime_checkable
class Store(Protocol):
    """What keeps entries: bytes under keys."""

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Return the entries at hand; what is missing, refused or damaged is not among them."""

    def set_many(self, entries: Mapping[str, bytes]) -> None:
        """Keep all of the entries in one transaction."""

    def delete(self, keys: Iterable[str]) -> int:
        """Forget some entries; return how many there were."""

    def keys(self) -> Iterator[str]:
        """Return all keys as of now."""

    def close(self) -> None:
        """Let go of everything that is open."""


class MemoryStore:
    """A store that lives as long as its process; closing it forgets nothing."""

    def __init__(self) -> None:
        self._entries: dict[str, bytes] = {}
        self._lock = Lock()

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Return the entries at hand."""
        asked = checked_keys(keys)
        with self._lock:
            return {key: self._entries[key] for key in asked if key in self._entries}

    def set_many(self, entries: Mapping[str, bytes]) -> None:
        """Keep all of the entries."""
        given = checked_entries(entries)
        with self._lock:
            self._entries.update(given)

    def delete(self, keys: Iterable[str]) -> int:
        """Forget some entries; return how many there were."""
        asked = checked_keys(keys)
        with self._lock:
            return sum(self._entries.pop(key, None) is not None for key in asked)

    def keys(self) -> Iterator[str]:
        """Return all keys as of now."""
        with self._lock:
            return iter(tuple(self._entries))

    def close(self) -> None:
        """Do nothing: there is nothing open."""


def checked_keys(keys: Iterable[str]) -> tuple[str, ...]:
    """Return keys as a tuple; raise `TypeError` or `ValueError` for what can be none."""
    if isinstance(keys, (str, bytes)):
        raise TypeError(f"keys are a collection of str, not one {type(keys).__name__}")
    named = tuple(keys)
    for key in named:
        if type(key) is not str:
            raise TypeError(f"a key is a str, not {type(key).__name__}")
        key.encode()  # half of a surrogate pair raises a ValueError here, in every store
    return named


def checked_entries(entries: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return entries as a dict; raise `TypeError` or `ValueError` for what can be none."""
    given = dict(entries)
    checked_keys(given)
    for value in given.values():
        if type(value) is not bytes:
            raise TypeError(f"an entry is bytes, not {type(value).__name__}")
    return given
