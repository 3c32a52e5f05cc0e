"""Time that passes only when somebody sleeps."""

from __future__ import annotations

from threading import Lock

_START = 1795341600.0  # 2026-11-22T10:00:00Z


class VirtualClock:
    """A clock for tests: who sleeps in it waits for nothing, and it is later.

    `now` is seconds since 1970. `naps` lists the seconds of each sleep. Threads and tasks may
    share one; those who sleep at the same time sleep one after the other.

    >>> clock = VirtualClock()
    >>> clock.sleep(90)
    >>> clock.monotonic(), clock.naps
    (90.0, [90.0])
    """

    def __init__(self, now: float = _START) -> None:
        self._now, self._passed = now, 0.0
        self._lock = Lock()
        self.naps: list[float] = []

    def time(self) -> float:
        """Return the seconds since 1970."""
        return self._now

    def monotonic(self) -> float:
        """Return the seconds that have passed in this clock, whatever it was set to."""
        return self._passed

    def sleep(self, seconds: float) -> None:
        """Let time pass and note it in `naps`."""
        self.naps.append(float(seconds))
        self.advance(seconds)

    async def asleep(self, seconds: float) -> None:
        """Let time pass as `sleep` does, and other tasks run."""
        from asyncio import sleep

        self.sleep(seconds)
        await sleep(0)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        with self._lock:
            self._now += seconds
            self._passed += seconds

    def set(self, now: float) -> None:
        """Set the clock, as its owner may at any time: `monotonic` goes on."""
        self._now = now
