"""How a source is asked: at a pace, again where that may help, not at all while it is down.

The only module that imports tenacity, whose rules of when and how long are used; what is waited
for are steps of the flow, so that the drivers decide how.
"""

from __future__ import annotations

import logging
from math import inf
from random import random
from typing import Any

from trialink.breaker import Breaker
from trialink.errors import SourceError, SourceUnavailable
from trialink.flow import Reply, Request, Sleep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tenacity import RetryCallState

    from trialink.clock import Clock
    from trialink.flow import Flow
    from trialink.pace import Pace

_LOG = logging.getLogger("trialink")
_LONGEST = 30.0  # seconds between two tries
_RETRIES, _RETRIED_SHARE = 20, 0.5  # of the requests made, in one budget


class Budget:
    """What one call may spend: time, tries of a request, further tries in all, and patience.

    `seconds` is the deadline, None for none; `attempts` bounds the tries of each request;
    `patience` is the seconds to spend on pauses of a source where there is no deadline.
    """

    def __init__(
        self,
        clock: Clock,
        seconds: float | None = None,
        *,
        attempts: int = 5,
        patience: float = 0.0,
    ) -> None:
        self._clock, self._patience = clock, patience
        self._end = None if seconds is None else clock.monotonic() + seconds
        self._retried, self._paused = 0, 0.0
        self.made, self.attempts = 0, attempts

    @property
    def left(self) -> float | None:
        """The seconds until the deadline; None where there is none."""
        return None if self._end is None else self._end - self._clock.monotonic()

    def once(self) -> Budget:
        """Return a budget of one try a request, and the same deadline."""
        return Budget(self._clock, self.left, attempts=1)

    def may_retry(self) -> bool:
        """Return whether one more request may be tried again, and count it."""
        self._retried += 1
        return self._retried <= _RETRIES + _RETRIED_SHARE * self.made

    def may_pause(self, seconds: float, *, known: bool) -> bool:
        """Return whether to sit out a pause of a source, `known` when it has answered before.

        Who has set a deadline waits until then. Others wait for a source that was there: where
        it was not, the settings of the caller are the likely cause.
        """
        if self._end is not None:
            return True
        return known and self._paused + seconds <= self._patience

    def pause(self, seconds: float) -> None:
        """Count a pause."""
        self._paused += seconds


class Asking:
    """What stands between requests to one source; shared by all calls of a resolver."""

    def __init__(self, clock: Clock, pace: Pace, *, random: Callable[[], float] = random) -> None:
        self._clock, self._pace, self._random = clock, pace, random
        self._breaker = Breaker(clock.monotonic)

    def ask(self, request: Request, budget: Budget) -> Flow[Reply]:
        """Ask until there is an answer; raise the last `SourceError` when the budget is spent."""
        from tenacity import Retrying, retry_if_exception

        naps: list[float] = []
        begun = self._clock.monotonic()
        tries = Retrying(
            retry=retry_if_exception(lambda error: getattr(error, "may_pass", False)),
            stop=lambda state: self._is_last(state, budget),
            wait=self._delay,
            sleep=naps.append,
            before_sleep=lambda state: _announce(request, state),
            reraise=True,
        )
        try:
            for attempt in tries:
                while naps:
                    yield from self._passed(naps.pop(), budget)
                yield from self._admitted(budget)
                with attempt:
                    reply: Reply = yield from self._tried(request, budget)
        except SourceError as error:
            if error.attempts == 0:  # it was not asked at all
                raise
            spent = max(error.seconds, self._clock.monotonic() - begun)
            attempts = max(error.attempts, tries.statistics["attempt_number"])
            raise error.about(attempts=attempts, seconds=spent) from error.__cause__
        return reply

    def _admitted(self, budget: Budget) -> Flow[None]:
        """Wait until the source may be asked; raise when that is not worth while."""
        while pause := self._breaker.wait():
            if not budget.may_pause(pause, known=self._breaker.has_answered):
                raise self._left_alone(pause)
            _LOG.info("left alone for %.0f s, after failures in a row", pause)
            yield from self._passed(pause, budget)
            budget.pause(pause)
        patience = inf if budget.left is None else budget.left
        yield from self._passed(self._pace.reserve(patience), budget)

    def _passed(self, seconds: float, budget: Budget) -> Flow[None]:
        """Let some seconds pass; raise when the deadline would come first."""
        if budget.left is not None and seconds >= budget.left:
            last = f"; the last try: {self._breaker.error.reason}" if self._breaker.error else ""
            raise SourceUnavailable(
                f"deadline reached{last}",
                attempts=0,
                advice="ask again: what was answered is kept; or give a longer deadline=",
            )
        if seconds:
            yield Sleep(seconds)

    def _tried(self, request: Request, budget: Budget) -> Flow[Reply]:
        """Ask once, and let pace and breaker know what came of it."""
        budget.made += 1
        left = budget.left
        try:
            reply: Reply = yield (request if left is None else request.replace(timeout=left))
        except SourceError as error:
            if error.retry_after is not None:
                self._pace.slow()
            if error.attempts and error.id is None:
                self._breaker.failed(error)
            raise
        self._breaker.answered()
        self._pace.recover()
        return reply

    def _is_last(self, state: RetryCallState, budget: Budget) -> bool:
        if state.attempt_number >= budget.attempts or not budget.may_retry():
            return True
        known = self._breaker.has_answered
        return self._breaker.is_open and not budget.may_pause(1.0, known=known)

    def _delay(self, state: RetryCallState) -> float:
        """Return the seconds that the source asks for, else full jitter."""
        asked: float | None = _error(state).retry_after
        if asked:
            return asked
        return self._random() * min(_LONGEST, 0.5 * 2.0 ** min(state.attempt_number - 1, 6))

    def _left_alone(self, seconds: float) -> SourceError:
        """Return why a source is not asked now."""
        last = self._breaker.error or SourceUnavailable("no answer")
        return last.about(
            reason=f"{last.reason}; left alone for another {seconds:.0f} s",
            attempts=0,
            seconds=0.0,
            may_pass=False,
        )


def _announce(request: Request, state: RetryCallState) -> None:
    from urllib.parse import urlsplit

    path, reason = urlsplit(request.url).path, _error(state).reason
    _LOG.info("%s: %s; asked again in %.1f s", path, reason, state.upcoming_sleep)


def _error(state: RetryCallState) -> Any:
    return state.outcome and state.outcome.exception()
