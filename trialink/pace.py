"""How fast a registry is asked: so many requests a second, with a small burst."""

from __future__ import annotations

from math import inf
from threading import Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    class Queue(Protocol):
        """Where requests stand in line."""

        def wait(self, interval: float, burst: int, patience: float) -> float:
            """Return the seconds until the next place; take it when they are below `patience`."""


_SLOWEST = 16.0  # times the interval that was set


class Pace:
    """Spaces requests by the generic cell rate algorithm.

    `rate` is requests a second, None for no limit; `burst` how many may go out at once; `queue`
    where they stand in line, None for nowhere. The registry publishes no limit; one request a
    second has been reported as safe.
    """

    def __init__(self, rate: float | None, burst: int, queue: Queue | None) -> None:
        if rate is not None and not rate > 0:
            raise ValueError(f"pace= is requests a second, above 0, or None; not {rate!r}")
        if burst < 1:
            raise ValueError(f"burst= is a number of requests, at least 1; not {burst!r}")
        self._interval = 0.0 if rate is None else 1 / rate
        self._burst, self._queue = burst, queue
        self._slowness = 1.0

    def reserve(self, patience: float = inf) -> float:
        """Return the seconds to wait for the next place in the line, and take it.

        It is not taken unless they are below `patience`: those who go away at once would keep it
        from all who come after them.
        """
        interval = self._interval * self._slowness
        if self._queue is None or not interval:
            return 0.0
        return self._queue.wait(interval, self._burst, patience)

    def slow(self) -> None:
        """Halve the rate: the registry has said that it is too high."""
        self._slowness = min(_SLOWEST, 2 * self._slowness)

    def recover(self) -> None:
        """Come a little nearer to the rate that was set: the registry has answered."""
        self._slowness = max(1.0, 0.9 * self._slowness)


class OwnQueue:
    """The line of one process, shared by its threads."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock, self._lock = clock, Lock()
        self._due = self._stamp = clock()

    def wait(self, interval: float, burst: int, patience: float) -> float:
        """Return the seconds until the next place; take it when they are below `patience`."""
        with self._lock:
            now = self._clock()
            seconds, due = turn(self._due, self._stamp, now, interval, burst)
            if seconds < patience:
                self._due, self._stamp = due, now
            return seconds


def turn(due: float, stamp: float, now: float, interval: float, burst: int) -> tuple[float, float]:
    """Return the seconds to wait, and when the request after this one is due.

    `due` is when this request would go out if there were no burst, as it was written at `stamp`.
    A clock that has been set back since takes the line back with it; one that has been set ahead
    lets a burst pass.
    """
    due = max(now, due - max(0.0, stamp - now))
    return max(0.0, due - now - (burst - 1) * interval), due + interval
