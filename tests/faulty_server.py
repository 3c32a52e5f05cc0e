"""A server with faults and a clock to go with it, for the tests of connections."""

from __future__ import annotations

import gzip
import ssl
from pathlib import Path

from trialink.testing import FAULTS, Fault, LoopbackServer, synthetic_studies
from trialink.testing.faults import Endless, Sent

NOW = 1795341600.0  # 2026-11-22T10:00:00Z
SENT = "Sun, 22 Nov 2026 10:00:00 GMT"
JSON, TEXT, HTML = "application/json", "text/plain", "text/html"
STUDY = b'{"protocolSection": {"identificationModule": {"nctId": "NCT01300000"}}, "n": [{}]}'
PACKED = gzip.compress(STUDY, mtime=0)
ROOT = Path(__file__).with_name("loopback.pem")
DENIAL = b"NCT number NCT01300013 not found"
PAGE = b"<html><body>Request blocked</body></html>"


class FaultyServer(LoopbackServer):
    """Answers the first requests by some faults, all others as the registry would.

    Whom `refuses` tells by its handler is refused before that, as a filter does.
    """

    refuses = staticmethod(lambda handler: False)

    def __init__(self, *faults, refuses=None):
        super().__init__(synthetic_studies(3), faults)
        self.refuses, self.refused = refuses or self.refuses, []

    @property
    def port(self):
        return self._server.server_port

    @property
    def study(self):
        return f"{self.url}/studies/NCT01300000"

    @property
    def done(self):
        """An event that ends what the server is still sending."""
        return self._closing

    @property
    def asked(self):
        return [(dict(request.headers), request.connection) for request in self.requests]

    def _handler(self):
        server = self

        class Handler(super()._handler()):
            def do_GET(self):  # noqa: N802 - as http.server names it
                if not server.refuses(self):
                    super().do_GET()
                    return
                server.refused.append(dict(self.headers))
                self.send_response_only(403)
                self.send_header("Content-Type", HTML)
                self.send_header("Content-Length", str(len(PAGE)))
                self.end_headers()
                self.wfile.write(PAGE)

        return Handler


class Says(Fault):
    """Answers with these headers and bytes, and nothing else."""

    sent: Sent

    def spoil(self, sent, asked):
        return self.sent


def says(status=200, body=STUDY, kind=JSON, *, length=None, **headers):
    """Return the fault of answering with these bytes and nothing else."""
    fields = [(name.replace("_", "-"), value) for name, value in headers.items()]
    head = (*fields, *([] if kind is None else [("Content-Type", kind)]))
    ending = "end" if length is None else "hang-up"
    return Says(Sent(status, head, body, declared=length, ending=ending))


def packed(body=PACKED, encoding="gzip"):
    return says(body=body, Content_Encoding=encoding)


hangs_up, resets, stalls = FAULTS["hang-up"], FAULTS["reset"], FAULTS["silence"]
half_then_stalls, never_ends = FAULTS["silence in the body"], FAULTS["10 GiB"]
drips = Endless(b" ", pause=0.001)


class SecureServer(FaultyServer):
    """The same over TLS; its certificate vouches for itself, and stands in `ROOT`."""

    def __enter__(self):
        super().__enter__()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(ROOT)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        return self

    @property
    def url(self):
        return super().url.replace("http:", "https:")


class Clock:
    """Time that passes only when somebody sleeps, or by `tick` seconds with every look at it."""

    def __init__(self, now=NOW, tick=0.0):
        self.now, self.tick, self.naps = now, tick, []

    def time(self):
        self.now += self.tick
        return self.now

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.naps.append(float(seconds))
        self.now += seconds

    async def asleep(self, seconds):
        self.sleep(seconds)
