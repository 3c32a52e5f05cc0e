"""The one object that owns connections, cache and pace; in a sync and an async form."""

from __future__ import annotations

from functools import partial
from math import inf

from trialink.flow import drive, drive_async
from trialink.model.resolutions import Resolutions
from trialink.resolving.asked import asked
from trialink.resolving.naming import asked_names, name_resolutions
from trialink.resolving.settings import Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import ThreadPoolExecutor
    from pathlib import Path
    from typing import Any, Self, TypeVar

    from trialink.flow import Reply, Request
    from trialink.model.name_resolutions import NameResolutions
    from trialink.resolving.asked import Askable
    from trialink.resolving.call import Call
    from trialink.resolving.naming import Name
    from trialink.resolving.settings import Progress
    from trialink.snapshot import SnapshotInfo

    Collect = Callable[..., SnapshotInfo]
    T = TypeVar("T")


class Resolver(Settings):
    """Answers what registries know of identifiers; owns connections, cache and pace.

    `cache` is a directory, a store, None for none; by default the user's cache directory
    (TRIALINK_CACHE_DIR), or memory alone where recordings answer. `client` is an httpx client of
    your own, used as it is and not closed; `transport` anything with `send`, as `replay(...)`.
    `snapshot` is a file that `build_snapshot` has made, or a `Snapshot`: what it holds is answered
    from it, and nobody is asked; its age does not matter unless `max_age` is given.
    `max_age` overrides how long answers are fresh (a timedelta, or seconds); `pace` and `burst`
    bound the requests a second, for all processes that use one cache directory; `timeout` is
    seconds for each step of a request; a call ends after `deadline` seconds, or as soon as the
    step of a request then running does. `offline=True` reads the cache and asks nobody.
    `names=True` allows `look_up_names`, which sends names of trials; without it nothing but
    numbers is ever sent. `progress` is called with the numbers of ids answered and asked, or is
    True for lines on standard error. `contact` is told to the registry.

    The environment's TRIALINK_REPLAY (a directory of recordings) stands in for `transport`,
    TRIALINK_OFFLINE for `offline`, TRIALINK_CONTACT for `contact`. Nothing but the snapshot is
    opened before the first call. May be shared by threads.

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

    def build_snapshot(self, path: Path | str, *, progress: Progress | None = None) -> SnapshotInfo:
        """Read the whole registry into one file, and return what it holds.

        That are about 600 requests of 1,000 studies each, at the pace of the resolver. What was
        read stands in PATH.partial until everything is: a reading that broke off or was killed
        goes on behind its last page when it is begun again. What the registry changes meanwhile is
        read in the end; whether all studies are there is `complete` of the result. `progress` is
        called with the numbers of studies read and to be read.

        Raises the `SourceError` of a request that was given up, `OSError` where the file cannot be
        written, `ValueError` where another file is in the way, `RuntimeError` when offline.

        >>> import tempfile, trialink
        >>> from trialink.testing import replay
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     with trialink.Resolver(transport=replay()) as resolver:
        ...         resolver.build_snapshot(f"{folder}/registry.snapshot")
        <SnapshotInfo 8 studies, data of 2023-06-29, complete, assembled recordings>
        """
        from trialink.snapshot.building import build

        return self._collected(build, path, progress)

    def update_snapshot(
        self, path: Path | str, *, progress: Progress | None = None
    ) -> SnapshotInfo:
        """Read what has changed since a snapshot was made, and return what it holds now.

        The file is replaced as a whole in the end, or left as it is. Studies that the registry has
        removed cannot be seen this way: `complete` is false then, and building anew is the way.
        `progress` is called, and errors are raised, as by `build_snapshot`; `ValueError` also for
        a path that is no snapshot, or one of another address.
        """
        from trialink.snapshot.building import update

        return self._collected(update, path, progress)

    def _collected(
        self, collect: Collect, path: Path | str, progress: Progress | None
    ) -> SnapshotInfo:
        """Run what reads a whole source, with requests as this resolver makes them."""
        from trialink.snapshot.file import place

        source = self._whole_source()
        asking, budget = self._asking[source.name], self._budget(inf)

        def send(request: Request) -> Reply:
            return drive(asking.ask(request, budget), self._send, sleep=self._clock.sleep)

        realm = self.memory[source.name].realm
        return collect(place(path), source, send, realm=realm, progress=progress)

    def close(self) -> None:
        """Close connections, cache and snapshot, those excepted that were passed in."""
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


class AsyncResolver(Settings):
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

    async def resolve(self, ids: Askable | Iterable[Askable]) -> Resolutions:
        """Return an answer for each distinct id; see `Resolver.resolve`."""
        found, rejected = await self._run(asked, ids)
        call = self._call(found)
        await self._answered(call)
        return call.resolutions(rejected)

    async def _answered(self, call: Call) -> None:
        """Run a call to its end."""
        from asyncio import get_running_loop

        self._loops.append(loop := get_running_loop())
        try:
            await drive_async(call.flow(), self._send, self._run, sleep=self._clock.asleep)
        finally:
            # Behind the step that a cancelled call may be in still.
            self._executor.submit(call.give_up)
            self._loops.remove(loop)

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
        while not all(loop.is_closed() for loop in [*self._loops]):  # what was in one never ends
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
