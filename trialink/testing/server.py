"""A server on this machine that speaks the API, from recordings or from studies at hand."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

from trialink.errors import SourceUnavailable
from trialink.flow import Reply, Request
from trialink.recordings import Recordings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from types import TracebackType
    from typing import Any, Self

_ROOT = "/api/v2"


class Composer(Protocol):
    """What answers requests, as `Recordings` does."""

    def compose(self, request: Request) -> Reply:
        """Return the reply to a request."""


class _Server(ThreadingHTTPServer):
    """A server that says nothing when a client drops its connection."""

    def handle_error(self, *_: object) -> None:
        pass


class LoopbackServer:
    """An HTTP server on 127.0.0.1 that answers as the registry would; a context manager.

    Give recordings, anything with their `compose`, or the studies that are the whole registry.
    `url` is the base address for a source; `requests` lists path and query of what was asked, in
    order of arrival. What is not recorded is answered with status 503.

    >>> from trialink.testing.server import LoopbackServer, synthetic_studies
    >>> with LoopbackServer(synthetic_studies(3)) as server:
    ...     server.url.startswith("http://127.0.0.1:")
    True
    """

    def __init__(self, answers: Composer | Iterable[Mapping[str, Any]]) -> None:
        self._composer = answers if hasattr(answers, "compose") else Recordings(studies=answers)
        self._lock = Lock()
        self.requests: list[tuple[str, str]] = []

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
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """The base address, known while the server runs."""
        return f"http://127.0.0.1:{self._server.server_port}{_ROOT}"

    def answer(self, path: str, query: str) -> Reply:
        """Return the reply to a request that arrived; a subclass may add faults here."""
        with self._lock:
            self.requests.append((path, query))
            try:
                params = tuple(parse_qsl(query, keep_blank_values=True))
                return self._composer.compose(Request(path, params))
            except SourceUnavailable as error:
                return Reply(503, "text/plain", error.reason.encode())

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"  # connections are kept, as the registry does
            disable_nagle_algorithm = True  # head and body go apart and must not wait

            def do_GET(self) -> None:
                place = urlsplit(self.path)
                reply = server.answer(place.path, place.query)
                self.send_response(reply.status)
                self.send_header("Content-Type", reply.content_type)
                self.send_header("Content-Length", str(len(reply.body)))
                if reply.location:
                    self.send_header("Location", reply.location)
                self.end_headers()
                self.wfile.write(reply.body)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


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
