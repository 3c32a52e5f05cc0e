"""How fast a registry is asked: so many requests a second, with a small burst."""

from __future__ import annotations

from threading import Lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Pace:
    """Spaces requests by the generic cell rate algorithm; shared by all threads of a resolver.

    `rate` is requests a second, None for no limit; `burst` how many may go out at once. The
    registry publishes no limit; one request a second has been reported as safe.
    """

    def __init__(self, rate: float | None, burst: int, clock: Callable[[], float]) -> None:
        if rate is not None and not rate > 0:
            raise ValueError(f"pace= is requests a second, above 0, or None; not {rate!r}")
        if burst < 1:
            raise ValueError(f"burst= is a number of requests, at least 1; not {burst!r}")
        self._interval = 0.0 if rate is None else 1 / rate
        self._burst, self._clock = burst, clock
        self._lock = Lock()
        self._due = clock()  # when the next request would go out if there were no burst

    def reserve(self) -> float:
        """Take the next place in the line and return the seconds to wait for it."""
        with self._lock:
            now = self._clock()
            due = max(self._due, now)
            self._due = due + self._interval
            return max(0.0, due - now - (self._burst - 1) * self._interval)
