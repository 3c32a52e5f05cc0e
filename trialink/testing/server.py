"""A server on this machine that speaks the API, from recordings or from studies, with faults."""

from __future__ import annotations

import socket
import struct
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

from trialink.errors import SourceUnavailable
from trialink.flow import Reply, Request
from trialink.recordings import Recordings
from trialink.testing.faults import Asked, Sent, met

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import TracebackType
    from typing import Any, Self, TypeAlias

    from trialink.replay import ReplayTransport
    from trialink.testing.faults import Faults

    Answers: TypeAlias = "Composer | ReplayTransport | Iterable[Mapping[str, Any]]"

_ROOT = "/api/v2"
_RESET = struct.pack("ii", 1, 0)  # linger for no time: what is not sent is dropped


class Composer(Protocol):
    """What answers requests, as `Recordings` does."""

    def compose(self, request: Request) -> Reply:
        """Return the reply to a request."""


def composing(answers: Answers) -> Callable[[Request], Reply]:
    """Return what composes replies from recordings, a replay, or the studies of a registry."""
    composer: Any = getattr(answers, "recordings", answers)
    if not hasattr(composer, "compose"):
        composer = Recordings(studies=composer)
    compose: Callable[[Request], Reply] = composer.compose
    return compose


class _Server(ThreadingHTTPServer):
    """A server that says nothing when a client drops its connection."""

    def handle_error(self, *_: object) -> None:
        pass


class LoopbackServer:
    """An HTTP server on 127.0.0.1 that answers as the registry would; a context manager.

    Give recordings, `replay()`, anything with their `compose`, or the studies that are the whole
    registry. `faults` is a fault that every request meets, a sequence that the first requests
    meet one after the other (None for no fault), or a `Plan`. `url` is the base address for a
    source; `requests` lists what was asked, in order of arrival. What is not recorded is answered
    with status 503.

    >>> from trialink.testing import LoopbackServer, synthetic_studies
    >>> with LoopbackServer(synthetic_studies(3)) as server:
    ...     server.url.startswith("http://127.0.0.1:")
    True
    """

    def __init__(self, answers: Answers, faults: Faults = ()) -> None:
        self._compose, self._faults = composing(answers), faults
        self._lock, self._closing = Lock(), Event()
        self.requests: list[Asked] = []

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The base address, known while the server runs."""
        return f"http://127.0.0.1:{self._server.server_port}{_ROOT}"

    def _answer(self, target: str, headers: Iterable[tuple[str, str]], port: int) -> Sent:
        """Return what is sent in answer to a request that arrived."""
        place = urlsplit(target)
        params = tuple(parse_qsl(place.query, keep_blank_values=True))
        with self._lock:
            fault = met(self._faults, len(self.requests) + 1)
            asked = Asked(place.path, params, tuple(headers), time.time(), port, fault)
            self.requests.append(asked)
            try:
                reply = self._compose(Request(place.path, params))
            except SourceUnavailable as error:
                reply = Reply(503, "text/plain", error.reason.encode())
        return fault.spoil(Sent.of(reply), asked) if fault else Sent.of(reply)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"  # connections are kept, as the registry does
            disable_nagle_algorithm = True  # head and body go apart and must not wait

            def do_GET(self) -> None:
                sent = server._answer(self.path, self.headers.items(), self.client_address[1])
                with suppress(ConnectionError):  # a client may leave at any time
                    _play(sent, self, server._closing)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def _play(sent: Sent, handler: BaseHTTPRequestHandler, closing: Event) -> None:
    """Send an answer as it is to go, its faults in real time."""
    if sent.is_begun:
        _send_head(sent, handler)
        write = _write_chunk if sent.length is None else _write
        for piece in sent.pieces():
            if closing.wait(sent.pause) if sent.pause else closing.is_set():
                break
            write(handler, piece)
    if sent.ending == "silence":
        closing.wait()
    if sent.ending == "reset":
        connection = handler.connection
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        socket.close(connection.detach())
    handler.close_connection = sent.ending != "end" or bool(sent.endless)


def _send_head(sent: Sent, handler: BaseHTTPRequestHandler) -> None:
    handler.send_response_only(sent.status)
    for name, value in sent.headers:
        handler.send_header(name, value)
    if sent.length is None:
        handler.send_header("Transfer-Encoding", "chunked")
    else:
        handler.send_header("Content-Length", str(sent.length))
    handler.end_headers()


def _write(handler: BaseHTTPRequestHandler, piece: bytes) -> None:
    handler.wfile.write(piece)


def _write_chunk(handler: BaseHTTPRequestHandler, piece: bytes) -> None:
    handler.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))


def synthetic_studies(count: int) -> Iterator[dict[str, Any]]:
    """Yield invented studies in the API's shape; their numbers pass the check."""
    for place in range(count):
        number = f"NCT{13 * (100_000 + place):08d}"
        identification = {
            "nctId": number,
            "orgStudyIdInfo": {"id": f"SYNTHETIC-{place}"},
            "briefTitle": f"Synthetic study {place}",
        }
        status = {
            "overallStatus": "COMPLETED",
            "startDateStruct": {"date": "2020-01", "type": "ACTUAL"},
            "studyFirstSubmitDate": "2020-01-02",
            "lastUpdatePostDateStruct": {"date": "2021-03-04", "type": "ACTUAL"},
        }
        yield {
            "protocolSection": {
                "identificationModule": identification,
                "statusModule": status,
                "sponsorCollaboratorsModule": {
                    "leadSponsor": {"name": "Synthetic Sponsor", "class": "OTHER"}
                },
                "conditionsModule": {"conditions": ["Synthetic condition"]},
                "designModule": {
                    "studyType": "INTERVENTIONAL",
                    "phases": ["PHASE2"],
                    "enrollmentInfo": {"count": 100 + place, "type": "ACTUAL"},
                },
            },
            "derivedSection": {"miscInfoModule": {"versionHolder": "2026-08-22"}},
            "hasResults": False,
        }
