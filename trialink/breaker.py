"""When a source is left alone: after failures in a row, until a probe is answered."""

from __future__ import annotations

from threading import Lock

from trialink.errors import SourceBlocked, SourceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_FAILURES = 5  # in a row
_FIRST, _LONGEST = 60.0, 900.0  # seconds of a pause, doubled each time
_PROBING = 5.0  # seconds after which a probe that has not come back is not waited for


class Breaker:
    """Counts what became of requests; open, it holds them back but for one probe a pause.

    A source that blocks is left alone at once: asking it again would change nothing.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock, self._lock = clock, Lock()
        self._failures, self._pause = 0, _FIRST
        self._until: float | None = None  # None while closed
        self._is_probing = False
        self.has_answered = False
        self.error: SourceError | None = None  # of the last failure, None after an answer

    @property
    def is_open(self) -> bool:
        """Whether requests are held back."""
        return self._until is not None

    def wait(self) -> float:
        """Return the seconds until a request may go out; whoever gets 0 while open is the probe."""
        with self._lock:
            if self._until is None:
                return 0.0
            now = self._clock()
            if now < self._until:
                return self._until - now
            self._is_probing, self._until = True, now + _PROBING
            return 0.0

    def failed(self, error: SourceError) -> None:
        """Take note of a request that brought no answer."""
        with self._lock:
            self.error = error
            self._failures += 1
            if self._until is not None and not self._is_probing:
                return  # it was on its way already when the others failed
            if self._is_probing or self._failures >= _FAILURES or isinstance(error, SourceBlocked):
                self._until = self._clock() + self._pause
                self._pause = min(_LONGEST, 2 * self._pause)
                self._is_probing = False

    def answered(self) -> None:
        """Take note of an answer: the source is there."""
        with self._lock:
            self._failures, self._pause, self._until = 0, _FIRST, None
            self._is_probing, self.has_answered, self.error = False, True, None
