"""A `Request` in, a `Reply` out over HTTP, in one try: connections, limits of size and time.

The only module that imports httpx. What the two transports decide is written once, in `_Http`, in
`Arrival` and in `Climb`; they themselves only send and read.
"""

from __future__ import annotations

import os
import ssl
from contextlib import closing
from threading import Lock
from typing import Any, ClassVar, Protocol

import httpx

from trialink import standard_library
from trialink.arrival import Arrival
from trialink.clock import SystemClock
from trialink.connection_failures import cause, explained
from trialink.errors import SourceError, SourceUnavailable
from trialink.flow import drive, drive_async
from trialink.ladder import Attempt, Climb, ladder_of
from trialink.standard_library import AsyncStandardClient, StandardClient, can_reach
from trialink.version import VERSION, check_contact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from trialink.clock import Clock
    from trialink.flow import Reply, Request

__all__ = ["AsyncHttpTransport", "AsyncTransport", "HttpTransport", "Transport", "way_to"]

_DRIPPING = 4  # timeouts that a try may take in all, however regularly bytes arrive
_CONNECTIONS = 4
_KEPT = 30.0  # seconds that a connection is kept open
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "gzip"}
# Filters have compared the name of who asks with the hello in TLS: each rung has the name that fits
# it, https://github.com/genomoncology/biomcp/pull/88. A browser's would be untrue.
_RUNGS = ("httpx", "httpx with TLS 1.2 at most", "the standard library")
_CAPPED, _STANDARD = 1, 2


class Transport(Protocol):
    """What sends requests, each once; `paced` tells whether they are to be spaced out.

    One that keeps a time of its own has it as `clock`: a resolver goes by it.
    """

    paced: bool

    def send(self, request: Request) -> Reply:
        """Return what the source answers, or raise a `SourceError`."""

    def close(self) -> None:
        """Close what is open."""


class AsyncTransport(Protocol):
    """The same, awaited."""

    paced: bool

    async def asend(self, request: Request) -> Reply:
        """Return what the source answers, or raise a `SourceError`."""

    async def aclose(self) -> None:
        """Close what is open."""


class _Http:
    """What both transports are: their settings, their clients, and all that they decide."""

    paced = True
    _make: ClassVar[Callable[..., Any]]
    _make_standard: ClassVar[Callable[..., Any]]

    def __init__(
        self,
        *,
        client: Any = None,
        timeout: float = 30.0,
        contact: str | None = None,
        source: str = "clinicaltrials_gov",
        clock: Clock | None = None,
    ) -> None:
        check_contact(contact)
        self._given, self._timeout, self._contact = client, timeout, contact
        self._source, self._time = source, (clock or SystemClock()).time
        self._own: dict[int, Any] = {}  # by rung
        self._home: object = None  # where our own clients were made, and the only place to use them
        self._opening = Lock()

    def _here(self) -> object:
        return os.getpid()

    def _climb(self, request: Request) -> Climb:
        """Return how a request is asked by our own clients; its time is that of all rungs."""
        end = self._time() + self._seconds(request)
        rungs = _RUNGS if can_reach(request.url) else _RUNGS[:_STANDARD]
        return Climb(request, rungs, lambda: end - self._time(), source=self._source)

    def _seconds(self, request: Request) -> float:
        """Return how long a try may take in all."""
        longest = _DRIPPING * self._timeout
        return longest if request.timeout is None else min(longest, request.timeout)

    def _client(self, request: Request) -> Any:
        """Return the given client, else our own; a process never uses one of its parent."""
        if self._given is not None:
            return self._given
        rung = request.rung if isinstance(request, Attempt) else 0
        with self._opening:
            if self._home != self._here():
                self._own, self._home = {}, self._here()
            if rung not in self._own:
                self._own[rung] = self._made(rung)
            return self._own[rung]

    def _made(self, rung: int) -> Any:
        try:
            if rung == _STANDARD:
                return self._make_standard(
                    agent=_named(standard_library.NAME, self._contact),
                    timeout=self._timeout,
                    context=httpx.create_ssl_context(),  # the same roots on every rung
                )
            return self._make(
                headers={"User-Agent": _named(f"python-httpx/{httpx.__version__}", self._contact)},
                timeout=httpx.Timeout(self._timeout, pool=_DRIPPING * self._timeout),
                limits=httpx.Limits(max_connections=_CONNECTIONS, keepalive_expiry=_KEPT),
                verify=_capped() if rung == _CAPPED else True,
            )
        except (OSError, ValueError, ImportError, httpx.InvalidURL) as error:
            # Its text may hold the password of a proxy: it is named, not chained.
            raise SourceUnavailable(
                f"settings of proxy or certificates not usable ({type(error).__name__})",
                source=self._source,
                attempts=0,
                advice="check HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE, SSL_CERT_DIR, or pass client=",
            ) from None

    def _forgotten(self) -> list[Any]:
        """Return our own clients, to be closed; a later request makes new ones."""
        with self._opening:
            own, self._own = self._own, {}
        return [*own.values()] if self._home == self._here() else []

    def _arrival(self, request: Request) -> Arrival:
        return Arrival(self._time, until=self._time() + self._seconds(request))

    def _asking(self, request: Request, client: Any) -> Any:
        """Return the request of a client; one that has to be quick gets shorter time-outs."""
        hurry = {}
        if request.timeout is not None and request.timeout < self._timeout:
            hurry = {"timeout": max(request.timeout, 0.001)}
        return client.build_request(
            "GET", request.url, params=request.params, headers=_HEADERS, **hurry
        )

    def _failure(self, error: Exception, request: Request) -> SourceError:
        """Return what an error comes to, of whom and for which address."""
        return explained(error).about(source=self._source, url=request.url)


class HttpTransport(_Http):
    """Asks a registry over HTTP; many threads may share one.

    `client` is one of your own, an `httpx.Client` or like it: its proxies, certificates, timeouts
    and User-Agent are used, and it is never closed. Without one, clients are made when they are
    needed: HTTPS_PROXY and SSL_CERT_FILE are honoured, and `contact` (an address or URL) is
    shown to the registry. Where a filter refuses one (403), the next of a ladder asks: httpx,
    httpx with TLS 1.2 at most, the standard library. Redirects are never followed. `timeout` is
    seconds for each step; a whole try takes at most about four of them. `clock` stands in for that
    of the machine. Raises `ValueError` for a contact not of printable ASCII.

    >>> from trialink.flow import Request
    >>> from trialink.testing.server import LoopbackServer, synthetic_studies
    >>> transport = HttpTransport(contact="someone@example.org")
    >>> with LoopbackServer(synthetic_studies(1)) as server:
    ...     transport.send(Request(f"{server.url}/studies/NCT01300000")).status
    200
    >>> transport.close()
    """

    _make = httpx.Client
    _make_standard = StandardClient

    def send(self, request: Request) -> Reply:
        """Return the answer to a request, asked once on each rung that is needed.

        What is no answer is raised: `SourceBlocked`, `UnexpectedPayload`, `SourceUnavailable`.
        """
        if self._given is not None:
            return self._once(request)
        with closing(self._climb(request).flow()) as flow:
            return drive(flow, self._once)

    def _once(self, request: Request) -> Reply:
        client, arrival = self._client(request), self._arrival(request)
        try:
            asking = self._asking(request, client)
            response = client.send(asking, stream=True, follow_redirects=False)
            try:
                if arrival.begins(response):
                    for piece in response.iter_raw():
                        arrival.add(piece)
            finally:
                response.close()
            return arrival.reply()
        except Exception as error:  # those of a client that is not of httpx have no common base
            raise self._failure(error, request) from cause(error)

    def close(self) -> None:
        """Close all connections; a client that was given stays open."""
        for client in self._forgotten():
            client.close()


class AsyncHttpTransport(_Http):
    """Asks a registry over HTTP; the tasks of one event loop may share one.

    As `HttpTransport`, with an `httpx.AsyncClient` for `client`. In another event loop it makes a
    client anew, since connections belong to their loop.
    """

    _make = httpx.AsyncClient
    _make_standard = AsyncStandardClient

    def _here(self) -> object:
        from asyncio import get_running_loop

        return os.getpid(), get_running_loop()

    async def asend(self, request: Request) -> Reply:
        """Return and raise what `HttpTransport.send` does."""
        if self._given is not None:
            return await self._once(request)
        with closing(self._climb(request).flow()) as flow:
            return await drive_async(flow, self._once, _at_once)

    async def _once(self, request: Request) -> Reply:
        client, arrival = self._client(request), self._arrival(request)
        try:
            asking = self._asking(request, client)
            response = await client.send(asking, stream=True, follow_redirects=False)
            try:
                if arrival.begins(response):
                    async for piece in response.aiter_raw():
                        arrival.add(piece)
            finally:
                await response.aclose()
            return arrival.reply()
        except Exception as error:  # those of a client that is not of httpx have no common base
            raise self._failure(error, request) from cause(error)

    async def aclose(self) -> None:
        """Close all connections; a client that was given stays open."""
        for client in self._forgotten():
            await client.aclose()


def way_to(url: str) -> str:
    """Return by way of which rung the host of an address is asked in this process."""
    return _RUNGS[ladder_of(url).rung]


def _named(library: str, contact: str | None) -> str:
    """Return the name under which we ask: that of the library that speaks, then our own."""
    name = f"{library} trialink/{VERSION}"
    return f"{name} ({contact})" if contact else name


def _capped() -> ssl.SSLContext:
    """Return what trusts the roots that httpx trusts, and speaks no TLS 1.3."""
    context = httpx.create_ssl_context()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


async def _at_once(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function that does not block."""
    return function(*arguments)
