"""Faults without sockets: the transports that ask a registry, over a client that plays them."""

from __future__ import annotations

from hashlib import sha256
from threading import Lock
from urllib.parse import urlsplit

from trialink.flow import Reply, Request
from trialink.model.value import Value
from trialink.testing.clock import VirtualClock
from trialink.testing.faults import Asked, Sent, met
from trialink.testing.server import composing
from trialink.transport import AsyncHttpTransport, HttpTransport

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from typing import Any

    from trialink.testing.faults import Faults, Headers
    from trialink.testing.server import Answers

_LONGEST_HEAD = 100 * 2**10  # bytes: httpx takes no more


class FaultyTransport:
    """A transport, sync and async in one, whose requests meet faults in virtual time.

    `answers` are recordings, `replay()`, anything with their `compose`, or the studies that are
    the whole registry; `faults` as in `LoopbackServer`. What a fault comes to is judged by the
    transports that ask a registry: limits of size and time and the reading of answers are theirs.
    A resolver goes by its clock: `clock` is a `VirtualClock` of your own; `requests` lists what
    was asked, in order of arrival. `timeout` is seconds.

    >>> from trialink import Resolver
    >>> from trialink.testing import FAULTS, FaultyTransport, synthetic_studies
    >>> transport = FaultyTransport(synthetic_studies(1), [FAULTS["503"]])
    >>> with Resolver(transport=transport) as resolver:
    ...     resolver.resolve("NCT01300000")
    <Resolutions 1 id: 1 found>
    >>> [request.fault == FAULTS["503"] for request in transport.requests]
    [True, False]
    """

    paced = True

    def __init__(
        self,
        answers: Answers,
        faults: Faults = (),
        *,
        clock: VirtualClock | None = None,
        timeout: float = 30.0,
    ) -> None:
        self.clock = clock or VirtualClock()
        self.requests: list[Asked] = []
        # Never the registry itself, for any cache; short, since it stands in every key.
        self.realm = f"faults over {sha256(ascii(answers).encode()).hexdigest()[:16]}"
        self._compose, self._faults, self.timeout = composing(answers), faults, timeout
        self._lock = Lock()

    def send(self, request: Request) -> Reply:
        """Return and raise what `HttpTransport.send` does."""
        client = _Client(self)
        transport = HttpTransport(client=client, timeout=self.timeout, clock=self.clock)
        return client.marked(transport.send(request))

    async def asend(self, request: Request) -> Reply:
        """Return and raise what `send` does."""
        client = _AsyncClient(self)
        transport = AsyncHttpTransport(client=client, timeout=self.timeout, clock=self.clock)
        return client.marked(await transport.asend(request))

    def close(self) -> None:
        """Do nothing: no connection is open."""

    async def aclose(self) -> None:
        """Do nothing: no connection is open."""

    def answer(self, request: Request, headers: Headers) -> tuple[Reply, Sent]:
        """Return what is answered to a request that arrives now, and what is sent of it."""
        path = urlsplit(request.url).path
        with self._lock:
            fault = met(self._faults, len(self.requests) + 1)
            asked = Asked(path, request.params, headers, self.clock.time(), fault=fault)
            self.requests.append(asked)
            reply = self._compose(request)
        sent = Sent.of(reply)
        return reply, fault.spoil(sent, asked) if fault else sent


class RemoteProtocolError(Exception):
    """The server left too early; named as in httpx, since transports judge by names."""


class _Asking(Value):
    """A request as a client builds it."""

    request: Request
    headers: Headers


class _Client:
    """What a transport takes for a client: it asks a `FaultyTransport` and plays what it sends."""

    def __init__(self, transport: FaultyTransport) -> None:
        self._transport = transport
        self._reply: Reply | None = None

    def build_request(
        self,
        _: str,
        url: str,
        *,
        params: Headers,
        headers: dict[str, str],
        timeout: float | None = None,
    ) -> _Asking:
        return _Asking(Request(url, tuple(params), timeout), tuple(headers.items()))

    def send(self, asking: _Asking, **_: Any) -> Any:
        self._reply, sent = self._transport.answer(asking.request, asking.headers)
        timeout = self._transport.timeout if (own := asking.request.timeout) is None else own
        return _Response(sent, self._transport.clock, timeout)

    def marked(self, reply: Reply) -> Reply:
        """Return a reply with the origin and the date of the answers behind it."""
        behind = self._reply or reply
        date = behind.retrieved_at or reply.retrieved_at
        return reply.replace(origin=behind.origin, retrieved_at=date)


class _AsyncClient(_Client):
    async def send(self, asking: _Asking, **_: Any) -> Any:
        return super().send(asking)


class _Response:
    """An answer while it is read; raises what a client would, and lets as much time pass."""

    def __init__(self, sent: Sent, clock: VirtualClock, timeout: float) -> None:
        self._sent, self._clock, self._timeout = sent, clock, timeout
        if not sent.is_begun:
            self._end()
        if sum(len(name) + len(value) for name, value in sent.headers) > _LONGEST_HEAD:
            raise RemoteProtocolError
        self.status_code = sent.status
        self.headers = {name.lower(): value for name, value in sent.headers}

    def iter_raw(self) -> Iterator[bytes]:
        for piece in self._sent.pieces():
            self._wait(self._sent.pause)
            yield piece
        self._end()

    async def aiter_raw(self) -> AsyncIterator[bytes]:
        for piece in self.iter_raw():
            yield piece

    def close(self) -> None:
        pass

    async def aclose(self) -> None:
        pass

    def _wait(self, seconds: float) -> None:
        self._clock.advance(min(seconds, self._timeout))
        if seconds > self._timeout:
            raise TimeoutError

    def _end(self) -> None:
        """Raise what the end of the answer comes to, nothing when it is whole."""
        ending = self._sent.ending
        if ending == "silence":
            self._wait(float("inf"))
        if ending == "reset":
            raise ConnectionResetError
        if ending == "hang-up":
            raise RemoteProtocolError
