"""The one object that owns connections, cache and pace; in a sync and an async form."""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Lock

from trialink.asking import Asking, Budget
from trialink.cache import DiskStore, MemoryStore, opened
from trialink.clock import SystemClock
from trialink.errors import SourceUnavailable
from trialink.flow import drive, drive_async
from trialink.model.default import DEFAULT, Default
from trialink.model.resolutions import Resolutions
from trialink.pace import OwnQueue, Pace
from trialink.resolving.asked import asked
from trialink.resolving.call import Call
from trialink.resolving.flights import Flights
from trialink.resolving.memory import Memory
from trialink.resolving.naming import asked_names, name_resolutions, that_search_names
from trialink.shared_queue import SharedQueue
from trialink.sources import default_sources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import ThreadPoolExecutor
    from pathlib import Path
    from typing import Any, ClassVar, Self, TypeVar

    from trialink.cache import Store
    from trialink.clock import Clock
    from trialink.flow import Reply, Request
    from trialink.model.ids import TrialId
    from trialink.model.name_resolutions import NameResolutions
    from trialink.pace import Queue
    from trialink.resolving.asked import Askable
    from trialink.resolving.naming import Name
    from trialink.sources import Source

    Progress = Callable[[int, int], object]
    T = TypeVar("T")

_LOG = logging.getLogger("trialink")
_SINGLY, _TOGETHER = 5, 8  # tries of a request about one id, and about many
_MANY, _PATIENCE = 200, 7 * 60.0  # ids in a call that waits for minutes, if a registry goes down
_announced: set[str] = set()  # directories of TRIALINK_REPLAY that have been told of


class _Settings:
    """What both resolvers are made of, with argument before environment before default."""

    _transport: ClassVar[str]  # the name of its class

    def __init__(
        self,
        *,
        cache: Store | Path | str | Default | None = DEFAULT,
        client: Any = None,
        transport: Any = None,
        sources: Sequence[Source] | Default = DEFAULT,
        max_age: timedelta | float | None = None,
        pace: float | None = 1.0,
        burst: int = 3,
        timeout: float = 30.0,
        deadline: float | None = None,
        offline: bool = False,
        names: bool = False,
        progress: Progress | bool | None = None,
        contact: str | None = None,
    ) -> None:
        if client is not None and transport is not None:
            raise ValueError("give client= or transport=, not both: a transport has its client")
        self.offline = offline or _is_set("TRIALINK_OFFLINE")
        self.client, self.timeout = client, timeout
        self.contact = contact or os.environ.get("TRIALINK_CONTACT") or None
        self.transport = transport
        if transport is None and client is None and not self.offline:
            self.transport = _replayed()
        self._owns_transport = transport is None
        self.sources = default_sources() if isinstance(sources, Default) else tuple(sources)
        if not self.sources:
            raise ValueError("sources= is empty: give at least one, or use Linker(None)")
        realm = getattr(self.transport, "realm", None)
        if isinstance(cache, Default) and realm is not None:
            cache = MemoryStore()
        self._dated = realm is None and not self.offline  # recordings are of many days
        self.store = opened(cache, create=not self.offline)
        self._owns_store = self.store is not cache
        self._clock: Clock = getattr(self.transport, "clock", None) or SystemClock()
        self.memory = {
            source.name: Memory(
                self.store,
                realm or source.origin,
                max_age=_duration(max_age),
                now=lambda: datetime.fromtimestamp(self._clock.time(), UTC),
            )
            for source in self.sources
        }
        self._asking = {
            source.name: Asking(self._clock, Pace(pace, burst, self._queue(source)))
            for source in self.sources
        }
        self.names = names
        self._name_sources = that_search_names(self.sources) if names else ()
        self._flights = Flights()
        self._deadline = deadline
        self._progress = _reporter if progress is True else (progress or None)
        self._connecting = Lock()
        self.closed = False

    def _call(self, ids: Sequence[TrialId], sources: Sequence[Source] = ()) -> Call:
        """Return a call about some ids, or about names with the `sources` that look for them."""
        if self.closed:
            raise RuntimeError("this resolver is closed: make a new one")
        return Call(
            ids,
            sources=sources or self.sources,
            memory=self.memory,
            asking=self._asking,
            flights=self._flights,
            budget=Budget(
                self._clock,
                self._deadline,
                attempts=_TOGETHER if len(ids) > 1 else _SINGLY,
                patience=_PATIENCE if len(ids) > _MANY else 0.0,
            ),
            offline=self.offline,
            dated=self._dated,
            progress=None if sources else self._progress,
        )

    def _queue(self, source: Source) -> Queue | None:
        """Return where requests to a source stand in line: with those of all who share a cache."""
        if not getattr(self.transport, "paced", True):
            return None
        own = OwnQueue(self._clock.monotonic)
        store = self.store
        if not isinstance(store, DiskStore):
            return own
        return SharedQueue(
            store.path / "pace.db",
            source.origin,
            clock=self._clock.time,
            is_safe=lambda: store.trouble is None,
            otherwise=own,
        )

    def _connection(self) -> Any:
        """Return the transport, made when it is first needed: it loads httpx."""
        with self._connecting:
            if self.transport is None:
                from trialink import transport

                make = getattr(transport, self._transport)
                self.transport = make(
                    client=self.client,
                    timeout=self.timeout,
                    contact=self.contact,
                    clock=self._clock,
                )
            return self.transport

    @contextmanager
    def _told_when_closed(self) -> Iterator[None]:
        """Tell a request that it comes after the end, whatever it ran into."""
        advice = "make a new resolver, and close it when its calls have ended"
        closed = SourceUnavailable("the resolver was closed", attempts=0, advice=advice)
        if self.closed:
            raise closed
        try:
            yield
        except (RuntimeError, SourceUnavailable) as error:
            if self.closed:
                raise closed from error
            raise

    def _end(self) -> None:
        """Let no request begin any more, and nobody wait for one."""
        self.closed = True
        if isinstance(self._clock, SystemClock):
            self._clock.wake()

    def _close_store(self) -> None:
        """Close the store, if it was opened here."""
        if self.store is not None and self._owns_store:
            self.store.close()

    @property
    def _owned_transport(self) -> Any:
        """The transport, if it was made here."""
        return self.transport if self._owns_transport else None

    def __repr__(self) -> str:
        asks = "offline" if self.offline else ", ".join(source.label for source in self.sources)
        return f"<{type(self).__name__} {asks}>"


class Resolver(_Settings):
    """Answers what registries know of identifiers; owns connections, cache and pace.

    `cache` is a directory, a store, None for none; by default the user's cache directory
    (TRIALINK_CACHE_DIR), or memory alone where recordings answer. `client` is an httpx client of
    your own, used as it is and not closed; `transport` anything with `send`, as `replay(...)`.
    `max_age` overrides how long answers are fresh (a timedelta, or seconds); `pace` and `burst`
    bound the requests a second, for all processes that use one cache directory; `timeout` is
    seconds for each step of a request; a call ends after `deadline` seconds, or as soon as the
    step of a request then running does. `offline=True` reads the cache and asks nobody.
    `names=True` allows `look_up_names`, which sends names of trials; without it nothing but
    numbers is ever sent. `progress` is called with the numbers of ids answered and asked, or is
    True for lines on standard error. `contact` is told to the registry.

    The environment's TRIALINK_REPLAY (a directory of recordings) stands in for `transport`,
    TRIALINK_OFFLINE for `offline`, TRIALINK_CONTACT for `contact`. Nothing is opened before the
    first call. May be shared by threads.

    >>> import trialink
    >>> from trialink.testing import replay
    >>> with trialink.Resolver(transport=replay()) as resolver:
    ...     answers = resolver.resolve(["NCT05066646", "CTR20192510"])
    >>> answers
    <Resolutions 2 ids: 1 found, 1 unsupported>
    """

    _transport = "HttpTransport"

    def resolve(self, ids: Askable | Iterable[Askable]) -> Resolutions:
        """Return an answer for each distinct id, in order of first appearance.

        Takes one or many of `TrialId`, `Mention` and str; strings that are no number stand in
        `Resolutions.rejected`. Absence and failure are outcomes, not exceptions; on an interrupt
        what has been answered stays in the cache.
        """
        found, rejected = asked(ids)
        call = self._call(found)
        try:
            drive(call.flow(), self._send, sleep=self._clock.sleep)
        finally:
            call.give_up()
        return call.resolutions(rejected)

    def look_up_names(self, names: Name | Iterable[Name]) -> NameResolutions:
        """Return which records bear each name, in order of first appearance.

        Takes one or many of str and `NameMention`, as `names` finds them. The names themselves
        are sent to the source. Compared is exactly, but for case and the kinds of dashes and
        blanks: with the acronym of a record, and as whole words with its titles. Failure is an
        outcome; raises `RuntimeError` unless the resolver was made with `names=True`.

        >>> import trialink
        >>> from trialink.testing import replay
        >>> with trialink.Resolver(transport=replay(), names=True) as resolver:
        ...     print(resolver.look_up_names("Fumanba 1")["Fumanba 1"])
        <NameResolution Fumanba 1 found: NCT05066646>
        """
        given = asked_names(names, may_be_sent=self.names)
        call = self._call([*given.values()], self._name_sources)
        try:
            drive(call.flow(), self._send, sleep=self._clock.sleep)
        finally:
            call.give_up()
        return name_resolutions(given, call.answers, call.errors)

    def close(self) -> None:
        """Close connections and cache, those excepted that were passed in."""
        self._end()
        self._close_store()
        if self._owned_transport is not None:
            self._owned_transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _send(self, request: Request) -> Reply:
        with self._told_when_closed():
            reply: Reply = self._connection().send(request)
            return reply


class AsyncResolver(_Settings):
    """Answers what registries know of identifiers, for asyncio; see `Resolver`.

    The same settings, the same outcomes, the same cache. `client` is an `httpx.AsyncClient`,
    `transport` anything with `asend`. All steps and the cache run on one worker thread, so that
    the event loop is never blocked.

    >>> import asyncio, trialink
    >>> from trialink.testing import replay
    >>> async def main():
    ...     async with trialink.AsyncResolver(transport=replay()) as resolver:
    ...         return await resolver.resolve("NCT05066646")
    >>> asyncio.run(main())
    <Resolutions 1 id: 1 found>
    """

    _transport = "AsyncHttpTransport"
    _worker: ThreadPoolExecutor | None = None
    _calls = 0  # that are running

    async def resolve(self, ids: Askable | Iterable[Askable]) -> Resolutions:
        """Return an answer for each distinct id; see `Resolver.resolve`."""
        found, rejected = await self._run(asked, ids)
        call = self._call(found)
        await self._answered(call)
        return call.resolutions(rejected)

    async def _answered(self, call: Call) -> None:
        """Run a call to its end."""
        self._calls += 1
        try:
            await drive_async(call.flow(), self._send, self._run, sleep=self._clock.asleep)
        finally:
            # Behind the step that a cancelled call may be in still.
            self._executor.submit(call.give_up)
            self._calls -= 1

    async def look_up_names(self, names: Name | Iterable[Name]) -> NameResolutions:
        """Return which records bear each name; see `Resolver.look_up_names`."""
        given = await self._run(partial(asked_names, may_be_sent=self.names), names)
        call = self._call([*given.values()], self._name_sources)
        await self._answered(call)
        return name_resolutions(given, call.answers, call.errors)

    async def _run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function on the worker thread."""
        from asyncio import get_running_loop

        return await get_running_loop().run_in_executor(self._executor, _whole, function, arguments)

    async def aclose(self) -> None:
        """Close connections, cache and worker, those excepted that were passed in.

        Calls that are running end first: what they have not asked yet fails.
        """
        from asyncio import sleep

        self._end()
        if self._owned_transport is not None:
            await self._owned_transport.aclose()
        while self._calls:
            await sleep(0.01)
        await self._run(self._close_store)
        self._executor.shutdown()
        self._worker = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    @property
    def _executor(self) -> ThreadPoolExecutor:
        if self._worker is None:
            # What asyncio awaits; interrupts reach the event loop's thread and none of its locks.
            from concurrent.futures import ThreadPoolExecutor

            self._worker = ThreadPoolExecutor(1, thread_name_prefix="trialink")
        return self._worker

    async def _send(self, request: Request) -> Reply:
        with self._told_when_closed():
            reply: Reply = await self._connection().asend(request)
            return reply


def _whole(function: Callable[..., T], arguments: tuple[Any, ...]) -> T:
    """Call a function; `StopIteration` could not cross the future, and nobody would ever know."""
    try:
        return function(*arguments)
    except StopIteration as error:
        raise RuntimeError("an iterable raised StopIteration") from error


def _replayed() -> Any:
    """Return the transport of TRIALINK_REPLAY, told of once; None where it is not set."""
    directory = os.environ.get("TRIALINK_REPLAY")
    if not directory:
        return None
    from trialink.replay import replay

    if directory not in _announced:
        _announced.add(directory)
        _LOG.warning("answers come from the recordings in %s (TRIALINK_REPLAY)", directory)
    return replay(directory)


def _is_set(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() not in ("", "0", "false", "no")


def _duration(age: timedelta | float | None) -> timedelta | None:
    return age if age is None or isinstance(age, timedelta) else timedelta(seconds=age)


def _reporter(done: int, total: int) -> None:
    import sys

    print(f"trialink: {done} of {total} numbers answered", file=sys.stderr)
