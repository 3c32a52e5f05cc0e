"""A `Request` in, a `Reply` out over HTTP, in one try: connections, limits of size and time.

The only module that imports httpx. What the two transports decide is written once, in `_Http`, in
`Arrival` and in the functions below; they themselves only send and read.
"""

from __future__ import annotations

import os
from threading import Lock
from typing import Any, ClassVar, Protocol

import httpx

from trialink.arrival import Arrival
from trialink.clock import SystemClock
from trialink.errors import SourceError, SourceUnavailable, UnexpectedPayload
from trialink.version import VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from trialink.clock import Clock
    from trialink.flow import Reply, Request

__all__ = ["AsyncHttpTransport", "AsyncTransport", "HttpTransport", "Transport"]

_DRIPPING = 4  # timeouts that a try may take in all, however regularly bytes arrive
_CONNECTIONS = 4
_KEPT = 30.0  # seconds that a connection is kept open
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "gzip"}


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
    """What both transports are: their settings, their client, and all that they decide."""

    paced = True
    _make: ClassVar[Callable[..., Any]]

    def __init__(
        self,
        *,
        client: Any = None,
        timeout: float = 30.0,
        contact: str | None = None,
        source: str = "clinicaltrials_gov",
        clock: Clock | None = None,
    ) -> None:
        self._given, self._timeout, self._agent = client, timeout, _agent(contact)
        self._source, self._time = source, (clock or SystemClock()).time
        self._own: Any = None
        self._home: object = None  # where our own client was made, and the only place to use it
        self._opening = Lock()

    def _here(self) -> object:
        return os.getpid()

    def _client(self) -> Any:
        """Return the given client, else our own; a process never uses one of its parent."""
        if self._given is not None:
            return self._given
        with self._opening:
            if self._own is None or self._home != self._here():
                self._own, self._home = self._made(), self._here()
            return self._own

    def _made(self) -> Any:
        try:
            return self._make(
                headers={"User-Agent": self._agent},
                timeout=httpx.Timeout(self._timeout, pool=_DRIPPING * self._timeout),
                limits=httpx.Limits(max_connections=_CONNECTIONS, keepalive_expiry=_KEPT),
            )
        except (OSError, ValueError, ImportError, httpx.InvalidURL) as error:
            # Its text may hold the password of a proxy: it is named, not chained.
            raise SourceUnavailable(
                f"settings of proxy or certificates not usable ({type(error).__name__})",
                source=self._source,
                attempts=0,
                advice="check HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE, SSL_CERT_DIR, or pass client=",
            ) from None

    def _forgotten(self) -> Any:
        """Return our own client, to be closed; a later request makes a new one."""
        with self._opening:
            own, self._own = self._own, None
        return own if self._home == self._here() else None

    def _arrival(self, request: Request) -> Arrival:
        longest = _DRIPPING * self._timeout
        seconds = longest if request.timeout is None else min(longest, request.timeout)
        return Arrival(self._time, until=self._time() + seconds)

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
        return _explained(error).about(source=self._source, url=request.url)


class HttpTransport(_Http):
    """Asks a registry over HTTP; many threads may share one.

    `client` is one of your own, an `httpx.Client` or like it: its proxies, certificates, timeouts
    and User-Agent are used, and it is never closed. Without one, a client is made for the first
    request: HTTPS_PROXY and SSL_CERT_FILE are honoured, and `contact` (an address or URL) is
    shown to the registry. Redirects are never followed. `timeout` is seconds for each step; a
    whole try takes at most about four of them. `clock` stands in for that of the machine. Raises
    `ValueError` for a contact not of printable ASCII.

    >>> from trialink.flow import Request
    >>> from trialink.testing.server import LoopbackServer, synthetic_studies
    >>> transport = HttpTransport(contact="someone@example.org")
    >>> with LoopbackServer(synthetic_studies(1)) as server:
    ...     transport.send(Request(f"{server.url}/studies/NCT01300000")).status
    200
    >>> transport.close()
    """

    _make = httpx.Client

    def send(self, request: Request) -> Reply:
        """Return the answer to a request, asked once.

        What is no answer is raised: `SourceBlocked`, `UnexpectedPayload`, `SourceUnavailable`.
        """
        client, arrival = self._client(), self._arrival(request)
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
            raise self._failure(error, request) from _cause(error)

    def close(self) -> None:
        """Close all connections; a client that was given stays open."""
        if client := self._forgotten():
            client.close()


class AsyncHttpTransport(_Http):
    """Asks a registry over HTTP; the tasks of one event loop may share one.

    As `HttpTransport`, with an `httpx.AsyncClient` for `client`. In another event loop it makes a
    client anew, since connections belong to their loop.
    """

    _make = httpx.AsyncClient

    def _here(self) -> object:
        from asyncio import get_running_loop

        return os.getpid(), get_running_loop()

    async def asend(self, request: Request) -> Reply:
        """Return and raise what `HttpTransport.send` does."""
        client, arrival = self._client(), self._arrival(request)
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
            raise self._failure(error, request) from _cause(error)

    async def aclose(self) -> None:
        """Close all connections; a client that was given stays open."""
        if client := self._forgotten():
            await client.aclose()


def _agent(contact: str | None) -> str:
    """Return the name under which we ask: that of the library that speaks, then our own.

    The registry's filter has refused names that do not fit the handshake; a browser's name would
    be untrue, and is refused too.
    """
    if contact and not (contact.isascii() and contact.isprintable()):
        raise ValueError("contact must be an address or URL in printable ASCII, on one line")
    name = f"python-httpx/{httpx.__version__} trialink/{VERSION}"
    return f"{name} ({contact})" if contact else name


def _explained(error: Exception) -> SourceError:
    """Return what an error comes to; raise it again when no connection explains it."""
    if isinstance(error, SourceError):
        return error
    names = _names(error)
    reason = next((words for name, words in _REASONS if name in names), None)
    if reason is None:
        raise error
    if "location header" in str(error):  # read by httpx though it is not to be followed
        return UnexpectedPayload(_ASTRAY)
    may_pass = reason != _UNTRUSTED
    return SourceUnavailable(reason, advice=None if may_pass else _TRUST, may_pass=may_pass)


def _cause(error: Exception) -> BaseException | None:
    return error.__cause__ if isinstance(error, SourceError) else error


def _names(error: BaseException) -> set[str]:
    """Return the names of the classes of an error and of all that it was made from.

    Not of its context, which may be an error that the caller was dealing with.
    """
    names = {cls.__name__ for cls in type(error).__mro__}
    origins = (*error.args, *getattr(error, "exceptions", ()), error.__cause__)
    return names.union(*(_names(each) for each in origins if isinstance(each, BaseException)))


_UNTRUSTED = "certificate not accepted"
_TRUST = (
    "name the root certificates of your network in SSL_CERT_FILE, check HTTPS_PROXY for a proxy "
    "that puts its own in place, or pass client="
)
_ASTRAY = "redirected to no address"
_REASONS = (  # the first that fits; by name, for clients whose errors are not those of httpx
    ("SSLCertVerificationError", _UNTRUSTED),
    ("TimeoutException", "timed out"),
    ("TimeoutError", "timed out"),
    ("gaierror", "host not found"),
    ("ConnectionRefusedError", "connection refused"),
    ("ProxyError", "refused by the proxy"),
    ("SSLError", "no secure connection"),
    ("RemoteProtocolError", "connection closed before the answer was whole"),
    ("ConnectError", "no connection"),
    ("TransportError", "connection lost"),
    ("OSError", "connection lost"),
)
