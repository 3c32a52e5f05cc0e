"""What a resolver is made of: argument before environment before default; opened when needed."""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from math import isnan
from numbers import Real
from threading import Lock

from trialink.asking import Asking, Budget
from trialink.cache import DiskStore, MemoryStore, opened
from trialink.clock import SystemClock
from trialink.errors import SourceUnavailable
from trialink.model.default import DEFAULT, Default
from trialink.pace import OwnQueue, Pace
from trialink.resolving.call import Call
from trialink.resolving.flights import Flights
from trialink.resolving.memory import Memory
from trialink.resolving.naming import that_search_names
from trialink.shared_queue import SharedQueue
from trialink.sources import default_sources
from trialink.version import check_contact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import Any, ClassVar

    from trialink.cache import Store
    from trialink.clock import Clock
    from trialink.model.ids import TrialId
    from trialink.pace import Queue
    from trialink.snapshot import Snapshot
    from trialink.snapshot.answers import SnapshotAnswers
    from trialink.sources import Source

    Progress = Callable[[int, int], object]

_LOG = logging.getLogger("trialink")
_SINGLY, _TOGETHER = 5, 8  # tries of a request about one id, and about many
_MANY, _PATIENCE = 200, 7 * 60.0  # ids in a call that waits for minutes, if a registry goes down
_OPTIONAL = ("pace", "deadline", "max_age")  # None stands for none
_FOREVER = 1e11  # seconds: 3,000 years
_announced: set[str] = set()  # directories of TRIALINK_REPLAY that have been told of


class Settings:
    """What both resolvers are made of, with argument before environment before default."""

    _transport: ClassVar[str]  # the name of its class

    def __init__(
        self,
        *,
        cache: Store | Path | str | Default | None = DEFAULT,
        client: Any = None,
        transport: Any = None,
        sources: Sequence[Source] | Default = DEFAULT,
        snapshot: Snapshot | Path | str | None = None,
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
        _check_numbers(timeout=timeout, burst=burst, pace=pace, deadline=deadline, max_age=max_age)
        self.offline = offline or _is_set("TRIALINK_OFFLINE")
        self.client, self.timeout = client, timeout
        self.contact = _contact(contact)
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
                self.store, realm or source.origin, max_age=_duration(max_age), now=self._now
            )
            for source in self.sources
        }
        self._asking = {
            source.name: Asking(self._clock, Pace(pace, burst, self._queue(source)))
            for source in self.sources
        }
        self.names, self._deadline = names, deadline
        self._name_sources = that_search_names(self.sources) if names else ()
        self._flights = Flights()
        self._progress = _reporter if progress is True else (progress or None)
        self._loops: list[Any] = []  # of each call that is awaited, its event loop
        self._connecting, self.closed = Lock(), False
        self._from_snapshot = self._opened(snapshot, _duration(max_age))  # last: a file is open now

    def _call(self, ids: Sequence[TrialId], sources: Sequence[Source] = ()) -> Call:
        """Return a call about some ids, or about names with the `sources` that look for them."""
        if self.closed:
            raise RuntimeError("this resolver is closed: make a new one")
        return Call(
            ids,
            sources=sources or self.sources,
            memory=self.memory,
            snapshot=None if sources else self._from_snapshot,  # names are borne by titles too
            asking=self._asking,
            flights=self._flights,
            budget=self._budget(len(ids)),
            offline=self.offline,
            dated=self._dated,
            progress=None if sources else self._progress,
        )

    def _budget(self, ids: float) -> Budget:
        """Return what a call about so many ids may spend."""
        return Budget(
            self._clock,
            self._deadline,
            attempts=_TOGETHER if ids > 1 else _SINGLY,
            patience=_PATIENCE if ids > _MANY else 0.0,
        )

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.time(), UTC)

    def _opened(
        self, snapshot: Snapshot | Path | str | None, max_age: timedelta | None
    ) -> SnapshotAnswers | None:
        """Return what answers from a snapshot; raise where it is none."""
        if snapshot is None:
            return None
        from trialink.snapshot.answers import SnapshotAnswers

        return SnapshotAnswers(snapshot, max_age=max_age, now=self._now)

    def _whole_source(self) -> Any:
        """Return the source whose records can all be read; raise where that cannot be done now."""
        if self.closed:
            raise RuntimeError("this resolver is closed: make a new one")
        if self.offline:
            raise RuntimeError("this resolver is offline: make one that may ask (TRIALINK_OFFLINE)")
        for source in self.sources:
            if hasattr(source, "page"):
                return source
        raise RuntimeError("none of the sources can be read as a whole")

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
        """Close store and snapshot, if they were opened here."""
        if self._from_snapshot is not None:
            self._from_snapshot.close()
        if self.store is not None and self._owns_store:
            self.store.close()

    @property
    def _owned_transport(self) -> Any:
        """The transport, if it was made here."""
        return self.transport if self._owns_transport else None

    def __repr__(self) -> str:
        asks = "offline" if self.offline else ", ".join(source.label for source in self.sources)
        return f"<{type(self).__name__} {asks}>"


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


def _contact(given: str | None) -> str | None:
    contact = given or os.environ.get("TRIALINK_CONTACT") or None
    check_contact(contact)
    return contact


def _is_set(name: str) -> bool:
    return os.environ.get(name, "").strip().lower() not in ("", "0", "false", "no")


def _check_numbers(**given: object) -> None:
    """Raise `TypeError` or `ValueError` for a setting that is no number, where it must be one."""
    for name, number in given.items():
        if number is None and name in _OPTIONAL:
            continue
        if isinstance(number, timedelta) and name == "max_age":
            continue
        if isinstance(number, bool) or not isinstance(number, Real):
            raise TypeError(f"{name}= is a number, not {type(number).__name__}")
        if isnan(number) or (name == "timeout" and number <= 0):
            raise ValueError(f"{name}= cannot be {number!r}")


def _duration(age: timedelta | float | None) -> timedelta | None:
    if age is None or isinstance(age, timedelta):
        return age
    return timedelta(seconds=min(max(age, 0.0), _FOREVER))


def _reporter(done: int, total: int) -> None:
    import sys

    print(f"trialink: {done} of {total} numbers answered", file=sys.stderr)
