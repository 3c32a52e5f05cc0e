"""A `Request` in, a `Reply` out over HTTP: connections, retries, limits of size and time.

The only module that imports httpx and tenacity. What the two transports decide is written once,
in `_Http`, in `Arrival` and in the functions below; they themselves only send, sleep and read.
"""

from __future__ import annotations

import logging
import os
import time
from random import random
from threading import Lock
from typing import Any, ClassVar, Protocol
from urllib.parse import urlsplit

import httpx
from tenacity import AsyncRetrying, RetryCallState, Retrying

from trialink.arrival import Arrival, Failure
from trialink.errors import SourceError, SourceUnavailable, UnexpectedPayload
from trialink.flow import Reply, Request
from trialink.version import VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from trialink.arrival import Outcome

__all__ = ["AsyncHttpTransport", "AsyncTransport", "HttpTransport", "Transport"]

_LOG = logging.getLogger("trialink")
_LONGEST = 30.0  # seconds between two tries
_DRIPPING = 4  # timeouts that a try may take in all, however regularly bytes arrive
_CONNECTIONS = 4
_HEADERS = {"Accept": "application/json", "Accept-Encoding": "gzip"}


class Transport(Protocol):
    """What sends requests; `paced` tells whether they are to be spaced out."""

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
        sleep: Callable[[float], Any] | None = None,
        clock: Callable[[], float] = time.time,
        random: Callable[[], float] = random,
    ) -> None:
        self._given, self._timeout, self._agent = client, timeout, _agent(contact)
        self._source, self._sleep, self._clock, self._random = source, sleep, clock, random
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
                limits=httpx.Limits(max_connections=_CONNECTIONS, keepalive_expiry=_LONGEST),
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

    def _arrival(self) -> Arrival:
        return Arrival(self._clock, until=self._clock() + _DRIPPING * self._timeout)

    def _policy(self) -> dict[str, Any]:
        """Return when to try again, for both kinds of tenacity's objects."""
        return {
            "retry": _is_passing,
            "stop": _is_last,
            "wait": self._pause,
            "before_sleep": _announce,
            "retry_error_callback": _outcome,
        }

    def _pause(self, state: RetryCallState) -> float:
        """Return the seconds that the server asks for, else full jitter."""
        asked: float | None = _outcome(state).pause
        if asked is not None:
            return asked
        return self._random() * min(_LONGEST, 0.5 * 2.0 ** min(state.attempt_number - 1, 6))

    def _delivered(self, outcome: Outcome, request: Request, retrying: Any, begun: float) -> Reply:
        """Return a reply, or raise the failure with what was spent on it."""
        if isinstance(outcome, Reply):
            return outcome
        raise outcome.error.about(
            source=self._source,
            url=request.url,
            attempts=retrying.statistics["attempt_number"],
            seconds=max(0.0, self._clock() - begun),
        ) from outcome.error.__cause__


class HttpTransport(_Http):
    """Asks a registry over HTTP; many threads may share one.

    `client` is one of your own, an `httpx.Client` or like it: its proxies, certificates, timeouts
    and User-Agent are used, and it is never closed. Without one, a client is made for the first
    request: HTTPS_PROXY and SSL_CERT_FILE are honoured, and `contact` (an address or URL) is
    shown to the registry. Redirects are never followed. `timeout` is seconds for each step; a
    whole try takes at most about four of them. `sleep`, `clock` (seconds since 1970) and `random`
    (from 0 to 1) may be replaced. Raises `ValueError` for a contact not of printable ASCII.

    >>> from trialink.testing.server import LoopbackServer, synthetic_studies
    >>> transport = HttpTransport(contact="someone@example.org")
    >>> with LoopbackServer(synthetic_studies(1)) as server:
    ...     transport.send(Request(f"{server.url}/studies/NCT01300000")).status
    200
    >>> transport.close()
    """

    _make = httpx.Client

    def send(self, request: Request) -> Reply:
        """Return the answer to a request, tried again while that may help.

        What is no answer is raised: `SourceBlocked`, `UnexpectedPayload`, `SourceUnavailable`.
        """
        client, begun = self._client(), self._clock()
        retrying = Retrying(sleep=self._sleep or time.sleep, **self._policy())
        outcome: Outcome = retrying(self._tried, request, client)
        return self._delivered(outcome, request, retrying, begun)

    def close(self) -> None:
        """Close all connections; a client that was given stays open."""
        if client := self._forgotten():
            client.close()

    def _tried(self, request: Request, client: Any) -> Outcome:
        arrival, asking = self._arrival(), _asking(request, client)
        try:
            response = client.send(asking, stream=True, follow_redirects=False)
            try:
                if arrival.begins(response):
                    for piece in response.iter_raw():
                        arrival.add(piece)
            finally:
                response.close()
            return arrival.outcome()
        except Exception as error:  # those of a client that is not of httpx have no common base
            return _explained(error)


class AsyncHttpTransport(_Http):
    """Asks a registry over HTTP; the tasks of one event loop may share one.

    As `HttpTransport`, with an `httpx.AsyncClient` for `client` and a `sleep` that is awaited.
    In another event loop it makes a client anew, since connections belong to their loop.
    """

    _make = httpx.AsyncClient

    def _here(self) -> object:
        from asyncio import get_running_loop

        return os.getpid(), get_running_loop()

    async def asend(self, request: Request) -> Reply:
        """Return and raise what `HttpTransport.send` does."""
        from asyncio import sleep

        client, begun = self._client(), self._clock()
        retrying = AsyncRetrying(sleep=self._sleep or sleep, **self._policy())
        outcome: Outcome = await retrying(self._tried, request, client)
        return self._delivered(outcome, request, retrying, begun)

    async def aclose(self) -> None:
        """Close all connections; a client that was given stays open."""
        if client := self._forgotten():
            await client.aclose()

    async def _tried(self, request: Request, client: Any) -> Outcome:
        arrival, asking = self._arrival(), _asking(request, client)
        try:
            response = await client.send(asking, stream=True, follow_redirects=False)
            try:
                if arrival.begins(response):
                    async for piece in response.aiter_raw():
                        arrival.add(piece)
            finally:
                await response.aclose()
            return arrival.outcome()
        except Exception as error:  # those of a client that is not of httpx have no common base
            return _explained(error)


def _agent(contact: str | None) -> str:
    """Return the name under which we ask: that of the library that speaks, then our own.

    The registry's filter has refused names that do not fit the handshake; a browser's name would
    be untrue, and is refused too.
    """
    if contact and not (contact.isascii() and contact.isprintable()):
        raise ValueError("contact must be an address or URL in printable ASCII, on one line")
    name = f"python-httpx/{httpx.__version__} trialink/{VERSION}"
    return f"{name} ({contact})" if contact else name


def _asking(request: Request, client: Any) -> Any:
    return client.build_request("GET", request.url, params=request.params, headers=_HEADERS)


def _is_passing(state: RetryCallState) -> bool:
    return getattr(_outcome(state), "is_passing", False)


def _is_last(state: RetryCallState) -> bool:
    return bool(state.attempt_number >= state.args[0].attempts)


def _announce(state: RetryCallState) -> None:
    path, reason = urlsplit(state.args[0].url).path, _outcome(state).error.reason
    _LOG.info("%s: %s; asked again in %.1f s", path, reason, state.upcoming_sleep)


def _outcome(state: RetryCallState) -> Any:
    """Return what a try came to; raise what it raised, an interrupt too."""
    return state.outcome and state.outcome.result()


def _explained(error: Exception) -> Failure:
    """Return what an error comes to; raise it again when no connection explains it."""
    if isinstance(error, SourceError):
        return Failure(error)
    names = _names(error)
    reason = next((words for name, words in _REASONS if name in names), None)
    if reason is None:
        raise error
    if "location header" in str(error):  # read by httpx though it is not to be followed
        return Failure(UnexpectedPayload(_ASTRAY), is_passing=False)
    is_passing = reason != _UNTRUSTED
    failure = SourceUnavailable(reason, advice=None if is_passing else _TRUST)
    failure.__cause__ = error
    return Failure(failure, is_passing=is_passing)


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
