"""Single flight: what several callers ask at the same time is asked once."""

from __future__ import annotations

import os
from concurrent.futures import Future
from threading import Lock
from weakref import WeakSet

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from trialink.model.ids import TrialId
    from trialink.model.resolutions import Resolution

    Flight = Future[Resolution | None]

_all: WeakSet[Flights] = WeakSet()


class Flights:
    """The identifiers that somebody is asking about, each with the future of its answer.

    A flight lands with its resolution, or with None when its caller gave up: whoever waits asks
    again then. Answers are not kept here.
    """

    def __init__(self) -> None:
        self._begin()
        _all.add(self)

    def claim(self, ids: Iterable[TrialId]) -> tuple[list[TrialId], dict[TrialId, Flight]]:
        """Return the ids that the caller must ask about, and the flights of the others."""
        mine: list[TrialId] = []
        theirs: dict[TrialId, Flight] = {}
        with self._lock:
            for id in ids:
                if id in self._aloft:
                    theirs[id] = self._aloft[id]
                else:
                    self._aloft[id] = Future()
                    mine.append(id)
        return mine, theirs

    def land(self, id: TrialId, resolution: Resolution | None) -> None:
        """End the flight of an id that the caller claimed; a second landing does nothing."""
        with self._lock:
            flight = self._aloft.pop(id, None)
        if flight is not None:
            flight.set_result(resolution)

    def _begin(self) -> None:
        self._lock = Lock()
        self._aloft: dict[TrialId, Flight] = {}


def _begin_in_child() -> None:
    """Forget the flights of the parent: none of them would ever land here."""
    for flights in _all:
        flights._begin()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_in_child)
