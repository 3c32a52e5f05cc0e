"""What time it is and how to let it pass; a transport may bring a clock of its own."""

from __future__ import annotations

import time
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Clock(Protocol):
    """The time that a resolver goes by."""

    def time(self) -> float:
        """Return the seconds since 1970, as calendars have them."""

    def monotonic(self) -> float:
        """Return seconds that never go back, from any beginning."""

    def sleep(self, seconds: float) -> None:
        """Let some seconds pass."""

    async def asleep(self, seconds: float) -> None:
        """Let some seconds pass while other tasks run."""


class SystemClock:
    """The clocks of this machine; whoever sleeps by it can be woken."""

    def __init__(self) -> None:
        self._alarms: list[Callable[[], object]] = []
        self._is_morning = False

    def time(self) -> float:
        """Return the seconds since 1970."""
        return time.time()

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Let some seconds pass, fewer when woken; an interrupt ends it too."""
        alarm: SimpleQueue[None] = SimpleQueue()  # leaves no lock behind when interrupted

        def ring() -> None:
            alarm.put(None)

        self._alarms.append(ring)
        try:
            if not self._is_morning:
                alarm.get(timeout=seconds)
        except Empty:
            pass
        finally:
            self._alarms.remove(ring)

    async def asleep(self, seconds: float) -> None:
        """Let some seconds pass, fewer when woken."""
        import asyncio

        loop, woken = asyncio.get_running_loop(), asyncio.Event()

        def ring() -> None:
            with suppress(RuntimeError):  # the loop was closed over those who slept in it
                loop.call_soon_threadsafe(woken.set)

        self._alarms.append(ring)
        try:
            if not self._is_morning:
                await asyncio.wait_for(woken.wait(), seconds)
        except TimeoutError:
            pass
        finally:
            self._alarms.remove(ring)

    def wake(self) -> None:
        """End every sleep, those to come too."""
        self._is_morning = True
        for ring in [*self._alarms]:
            ring()
