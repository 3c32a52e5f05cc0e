"""Which of several ways of asking a host is used: the first, until a filter refuses it.

A climb is a flow, as a look-up is: how to ask and how to wait is left to the drivers.
"""

from __future__ import annotations

import logging
import os
from collections import Counter
from concurrent.futures import Future
from threading import Lock
from urllib.parse import urlsplit

from trialink.errors import SourceBlocked, SourceUnavailable
from trialink.flow import Reply, Request, Wait
from trialink.sources.verdicts import describe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from trialink.flow import Flow

    Flight = Future[SourceBlocked | None]

_LOG = logging.getLogger("trialink")
_MOST = 2  # refusals of a rung by a host, after which it is not asked on it again
_FILTERED = describe(Reply(403, "", b""))  # 401 and 407 want a password, whoever asks
_ladders: dict[str, Ladder] = {}  # by host, for the whole process
_lock = Lock()


class Attempt(Request):
    """A request to be made once, on one rung of the ladder."""

    rung: int = 0


class Ladder:
    """What a host made of each rung; shared by all threads and tasks that ask it.

    The rung that answers is kept. While none does, one request goes from rung to rung and the
    others wait until it has landed: together they would spend what a rung may cost. `last` is the
    last refusal.
    """

    def __init__(self) -> None:
        self.rung = 0  # to begin with
        self.last: SourceBlocked | None = None
        self._answers = False  # whether that rung does
        self._home: int | None = None  # the rung that has answered last
        self._refusals: Counter[int] = Counter()
        self._flight: Flight | None = None  # of the request that looks for a rung

    def claim(self) -> tuple[int, Flight | None, bool]:
        """Return the rung to ask on; while none answers, the flight, and whether it is yours."""
        with _lock:
            if self._answers:
                return self.rung, None, False
            is_first = self._flight is None
            self._flight = self._flight or Future()
            return self.rung, self._flight, is_first

    def order(self, height: int) -> list[int]:
        """Return the rungs that may be asked on, the likeliest first.

        The one that answered last is never given up: the filter may let it pass again.
        """
        with _lock:
            rungs = [(self.rung + step) % height for step in range(height)]
            return [rung for rung in rungs if rung == self._home or self._refusals[rung] < _MOST]

    def leave(self, rung: int, height: int, error: SourceBlocked) -> None:
        """Take note that a rung was refused."""
        with _lock:
            self._refusals[rung] += 1
            self.last = error
            if rung == self.rung:
                self.rung, self._answers = (rung + 1) % height, False

    def stay(self, rung: int) -> None:
        """Take note that a rung answers."""
        with _lock:
            self.rung = self._home = rung
            self._answers = True

    def land(self, flight: Flight, refusal: SourceBlocked | None) -> None:
        """Let those who wait for a flight know: all were refused, or they may look themselves."""
        with _lock:
            if self._flight is flight:
                self._flight = None
        flight.set_result(refusal)

    def forget_flight(self) -> None:
        """Wait no longer for a flight of the parent process."""
        self._flight = None


class Climb:
    """One request on its way up the ladder of its host.

    `rungs` are the names of those that there are; `left` returns the seconds that remain for all.
    """

    def __init__(
        self,
        request: Request,
        rungs: Sequence[str],
        left: Callable[[], float],
        *,
        source: str,
    ) -> None:
        self._request, self._rungs, self._left, self._source = request, rungs, left, source
        self._host = _host(request.url)
        self._ladder = ladder_of(request.url)
        self._refusals: dict[int, SourceBlocked] = {}

    def flow(self) -> Flow[Reply]:
        """Ask on the rung that answers, else on one after the other until one does.

        Raises the `SourceBlocked` of the last when a filter refuses all of them.
        """
        while True:
            rung, flight, is_mine = self._ladder.claim()
            if flight is None:
                if rung in self._refusals:  # what it answers is other requests
                    raise self._refusal()
                if (reply := (yield from self._tried(rung))) is not None:
                    return reply
            elif is_mine:
                return (yield from self._search(flight))
            else:
                yield from self._landed(flight)

    def _search(self, flight: Flight) -> Flow[Reply]:
        """Ask on each rung that has not refused this request; the others wait meanwhile."""
        outcome: SourceBlocked | None = None
        try:
            for rung in self._ladder.order(len(self._rungs)):
                if rung not in self._refusals:
                    reply = yield from self._tried(rung)
                    if reply is not None:
                        self._ladder.stay(rung)
                        return reply
            raise self._refusal()
        except SourceBlocked as error:
            outcome = error
            raise
        finally:
            self._ladder.land(flight, outcome)

    def _tried(self, rung: int) -> Flow[Reply | None]:
        """Ask on one rung; return None when a filter refuses it."""
        asked, left = self._request, self._left()
        if self._refusals and left <= 0:
            raise self._late(f"{_FILTERED}; no time was left to ask in another way")
        try:
            reply: Reply = yield Attempt(asked.url, asked.params, left, rung)
        except SourceBlocked as error:
            if error.reason != _FILTERED:
                raise
            self._refusals[rung] = error
            self._ladder.leave(rung, len(self._rungs), error)
            _LOG.info("%s: %s when asked by way of %s", self._host, _FILTERED, self._rungs[rung])
            return None
        return reply

    def _landed(self, flight: Flight) -> Flow[None]:
        """Wait for the request that looks for a rung; raise when there is none."""
        yield Wait(flight, max(self._left(), 0.0))
        if not flight.done():
            raise self._late("timed out")
        if (refusal := flight.result()) is not None:
            raise refusal.about(url=self._request.url, attempts=len(self._refusals))

    def _late(self, reason: str) -> SourceUnavailable:
        return SourceUnavailable(
            reason,
            source=self._source,
            url=self._request.url,
            attempts=len(self._refusals),
            may_pass=True,
        )

    def _refusal(self) -> SourceBlocked:
        """Return what it comes to that all were refused, now or before."""
        if self._refusals:
            last = [*self._refusals.values()][-1]
            return last.about(attempts=len(self._refusals))
        last = self._ladder.last or SourceBlocked(_FILTERED)
        reason = f"{_FILTERED}; this process has asked in every way and does not ask again"
        return last.about(reason=reason, url=self._request.url, attempts=0)


def ladder_of(url: str) -> Ladder:
    """Return the ladder of the host of an address."""
    with _lock:
        return _ladders.setdefault(_host(url), Ladder())


def _host(url: str) -> str:
    return urlsplit(url).netloc


def _begin_in_child() -> None:
    """Keep what is known of the rungs; locks and flights are those of the parent."""
    global _lock
    _lock = Lock()
    for ladder in _ladders.values():
        ladder.forget_flight()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_in_child)
