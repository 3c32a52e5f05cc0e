"""A client made of Python's own library, in as much of the shape of httpx as a transport needs.

It sends what `urllib` would: the same hello in TLS, one request to a connection. It follows no
redirect and decodes nothing.
"""

from __future__ import annotations

import socket
import sys
from base64 import b64encode
from contextlib import suppress
from http.client import HTTPConnection, HTTPSConnection, IncompleteRead
from threading import RLock
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit
from urllib.request import getproxies, proxy_bypass

from trialink.model.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Iterator, Mapping
    from urllib.parse import SplitResult

NAME = f"Python-urllib/{sys.version_info.major}.{sys.version_info.minor}"
_PIECE = 65536  # bytes


class ProxyError(OSError):
    """A proxy does not let a request through."""


class _Asking(Value):
    """A request ready to be sent."""

    method: str
    url: str
    headers: Mapping[str, str]
    timeout: float


class StandardClient:
    """Sends requests, each on a connection of its own; may be shared by threads.

    `context` says which certificates are trusted, `agent` who asks; `timeout` is seconds for each
    step.
    """

    def __init__(self, *, agent: str, timeout: float, context: ssl.SSLContext) -> None:
        context.set_alpn_protocols(["http/1.1"])
        context.post_handshake_auth = True  # both as http.client has it, and so urllib
        self._agent, self._timeout, self._context = agent, timeout, context

    def build_request(
        self,
        method: str,
        url: str,
        *,
        params: tuple[tuple[str, str], ...],
        headers: Mapping[str, str],
        timeout: float | None = None,
    ) -> _Asking:
        """Return a request with the name of who asks."""
        query = f"?{urlencode(params)}" if params else ""
        head = {"User-Agent": self._agent, "Connection": "close", **headers}
        return _Asking(method, f"{url}{query}", head, timeout or self._timeout)

    def send(self, request: _Asking, *, stream: bool, follow_redirects: bool) -> Exchange:
        """Return the response when its head is there; its body is still to be read."""
        exchange = self._exchange(request)
        exchange.begin()
        return exchange

    def close(self) -> None:
        """Do nothing: a connection is closed with its response."""

    def _exchange(self, request: _Asking) -> Exchange:
        return Exchange(request, proxy_for(request.url), self._context)


class AsyncStandardClient(StandardClient):
    """The same, awaited: what blocks runs in threads."""

    async def send(  # type: ignore[override]
        self, request: _Asking, *, stream: bool, follow_redirects: bool
    ) -> Exchange:
        """Return the response when its head is there."""
        from asyncio import CancelledError, get_running_loop, to_thread

        exchange = self._exchange(request)
        try:
            await to_thread(exchange.begin)
        except CancelledError:  # the thread goes on until it is told
            exchange.abort()
            get_running_loop().run_in_executor(None, exchange.close)
            raise
        return exchange

    async def aclose(self) -> None:
        """Do nothing: a connection is closed with its response."""


class Exchange:
    """One request, and its response as it comes in."""

    status_code: int

    def __init__(
        self, request: _Asking, proxy: SplitResult | None, context: ssl.SSLContext
    ) -> None:
        place = urlsplit(request.url)
        self._is_aborted = False
        self._socket: Any = None
        self._response: Any = None
        self._working = RLock()  # held by the thread that waits for the connection
        self._connection = _connection(place, proxy, request.timeout, context)
        self._target = f"{place.path or '/'}{'?' if place.query else ''}{place.query}"
        self._method, self._headers = request.method, request.headers
        if proxy is not None and place.scheme == "http":  # no tunnel: the proxy reads it all
            self._target, self._headers = request.url, {**request.headers, **_password(proxy)}

    def begin(self) -> None:
        """Connect, ask, and take the head of the response."""
        with self._working:
            try:
                self._connect()
                self._connection.request(self._method, self._target, headers=self._headers)
                self._response = self._connection.getresponse()
            except BaseException:
                self.close()
                raise
        self.status_code = self._response.status
        names = {name.lower() for name in self._response.headers}
        self.headers = {name: ", ".join(self._response.headers.get_all(name)) for name in names}

    def iter_raw(self) -> Iterator[bytes]:
        """Yield the body as it comes in, undecoded."""
        left = self._response.length  # None where the end of the connection is that of the body
        while left is None or left > 0:
            with self._working:
                piece = self._response.read1(_PIECE if left is None else min(left, _PIECE))
            if not piece:
                break
            left = left and left - len(piece)
            yield piece
        if left:
            raise IncompleteRead(b"", left)

    async def aiter_raw(self) -> AsyncIterator[bytes]:
        """Yield the same."""
        from asyncio import to_thread

        pieces = self.iter_raw()
        while (piece := await to_thread(next, pieces, None)) is not None:
            yield piece

    def close(self) -> None:
        """Close the connection; waits for the thread that uses it."""
        with self._working:
            if self._response is not None:
                self._response.close()
            self._connection.close()

    async def aclose(self) -> None:
        """Close the connection, and end what a thread is still waiting for on it."""
        from asyncio import to_thread

        self.abort()
        await to_thread(self.close)

    def abort(self) -> None:
        """Let whoever waits for the connection, in another thread, wait no longer."""
        self._is_aborted = True
        if self._socket is not None:
            with suppress(OSError):  # it was closed by the other side
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def _connect(self) -> None:
        try:
            self._connection.connect()
        except OSError as error:
            if str(error).startswith("Tunnel connection failed"):  # all that http.client tells
                raise ProxyError from error
            raise
        self._socket = self._connection.sock
        if self._is_aborted:
            raise ConnectionAbortedError


def _connection(
    place: SplitResult, proxy: SplitResult | None, timeout: float, context: ssl.SSLContext
) -> HTTPConnection:
    hop, port = (place, place.port) if proxy is None else (proxy, proxy.port or 80)
    host = hop.hostname or ""
    if place.scheme != "https":
        return HTTPConnection(host, port, timeout=timeout)
    connection = HTTPSConnection(host, port, timeout=timeout, context=context)
    if proxy is not None:
        connection.set_tunnel(place.hostname or "", place.port, _password(proxy))
    return connection


def can_reach(url: str) -> bool:
    """Return whether an address can be asked: not through a proxy of another kind than http.

    http.client speaks to proxies in the clear alone: it would show the password of an https one.
    """
    try:
        proxy = proxy_for(url)
    except ValueError:
        return False
    return proxy is None or proxy.scheme == "http"


def proxy_for(url: str) -> SplitResult | None:
    """Return the proxy of the environment for an address, None for none.

    As httpx does, and urllib does not, it goes by ALL_PROXY where there is none for the scheme.
    Raises `ValueError` for one that cannot be read.
    """
    place, proxies = urlsplit(url), getproxies()
    named = proxies.get(place.scheme) or proxies.get("all")
    if not named or proxy_bypass(place.netloc):
        return None
    proxy = urlsplit(named if "://" in named else f"http://{named}")
    if not proxy.hostname or proxy.port == 0 or "@" in proxy.path:  # a password with a slash
        raise ValueError("a proxy without a host or port")
    return proxy


def _password(proxy: SplitResult) -> dict[str, str]:
    """Return the header that lets one through a proxy that wants a name and password."""
    if proxy.username is None and proxy.password is None:
        return {}
    pair = f"{unquote(proxy.username or '')}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
