"""The ladder of connections: who asks when a filter refuses, how often, and what is kept."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import ssl
import subprocess
import sys
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from faulty_server import ROOT, Clock, FaultyServer, SecureServer, says, stalls

from trialink import AsyncResolver, Resolver
from trialink.cache import MemoryStore
from trialink.errors import SourceBlocked, SourceUnavailable
from trialink.flow import Request
from trialink.standard_library import can_reach
from trialink.testing import Fault
from trialink.transport import AsyncHttpTransport, HttpTransport, way_to
from trialink.version import VERSION

pytestmark = pytest.mark.usefixtures("own_connections")

HTTPX = f"python-httpx/{httpx.__version__} trialink/{VERSION}"
URLLIB = f"Python-urllib/{sys.version_info[0]}.{sys.version_info[1]} trialink/{VERSION}"
REFUSED = "refused by a filter (403)"


def nobody(_):
    return False


def everybody(_):
    return True


def who_says_httpx(handler):
    return "python-httpx" in handler.headers["User-Agent"]


def who_speaks_tls_1_3(handler):
    return handler.connection.version() == "TLSv1.3"


def send_sync(requests, **settings):
    transport = HttpTransport(**settings)
    try:
        return [transport.send(request) for request in requests]
    finally:
        transport.close()


def send_async(requests, **settings):
    async def sent():
        transport = AsyncHttpTransport(**settings)
        try:
            return [await transport.asend(request) for request in requests]
        finally:
            await transport.aclose()

    return asyncio.run(sent())


@pytest.fixture(params=[send_sync, send_async], ids=["sync", "async"])
def send(request):
    """Send some requests through a transport that is closed afterwards."""

    def sent(*requests, **settings):
        return request.param(requests, **settings)

    return sent


@pytest.fixture(autouse=True)
def trusted(monkeypatch, own_connections):
    monkeypatch.setenv("SSL_CERT_FILE", str(ROOT))


def agents(server):
    """Return who asked: those that were refused, then those that were answered."""
    answered = [headers["User-Agent"] for headers, _ in server.asked]
    return [headers["User-Agent"] for headers in server.refused], answered


RUNGS = [
    pytest.param(nobody, [], [HTTPX], "httpx", id="nobody"),
    pytest.param(who_speaks_tls_1_3, [HTTPX], [HTTPX], "httpx with TLS 1.2 at most", id="TLS"),
    pytest.param(who_says_httpx, [HTTPX, HTTPX], [URLLIB], "the standard library", id="name"),
]


@pytest.mark.parametrize(("refuses", "refused", "answered", "way"), RUNGS)
def test_who_is_refused_is_followed_by_the_next(send, refuses, refused, answered, way):
    with SecureServer(refuses=refuses) as server:
        [reply] = send(Request(server.study), contact="someone@example.org")
        assert way_to(server.url) == way
    assert (reply.status, reply.origin) == (200, "live")
    contact = " (someone@example.org)"
    assert agents(server) == (
        [agent + contact for agent in refused],
        [agent + contact for agent in answered],
    )


@pytest.mark.parametrize(("refuses", "refused", "answered", "way"), RUNGS)
def test_what_answers_is_kept_for_the_process(send, refuses, refused, answered, way):
    with SecureServer(refuses=refuses) as server:
        for _ in range(3):
            send(*[Request(server.study)] * 2)
    assert agents(server) == (refused, answered * 6)


def test_each_way_speaks_tls_as_its_name_says(send):
    spoken = []

    def refuses(handler):
        spoken.append((handler.headers["User-Agent"], handler.connection.version()))
        return True

    with SecureServer(refuses=refuses) as server, pytest.raises(SourceBlocked):
        send(Request(server.study))
    assert spoken == [(HTTPX, "TLSv1.3"), (HTTPX, "TLSv1.2"), (URLLIB, "TLSv1.3")]


@pytest.mark.parametrize("refuses", [nobody, who_speaks_tls_1_3, who_says_httpx])
def test_on_no_rung_is_an_unknown_certificate_accepted(send, monkeypatch, roots, refuses):
    with SecureServer(refuses=refuses) as server:
        send(Request(server.study))  # so that the rung is known
        monkeypatch.setenv("SSL_CERT_FILE", str(roots))
        with pytest.raises(SourceUnavailable, match="certificate not accepted") as raised:
            send(Request(server.study))
    assert "SSL_CERT_FILE" in raised.value.advice
    assert len(server.asked) == 1


def test_where_all_are_refused_no_rung_is_asked_more_than_twice(send):
    with FaultyServer(refuses=everybody) as server:
        failures = []
        for _ in range(4):
            with pytest.raises(SourceBlocked) as raised:
                send(Request(server.study))
            failures.append(raised.value)
    assert agents(server) == ([HTTPX, HTTPX, URLLIB] * 2, [])
    assert [failure.attempts for failure in failures] == [3, 3, 0, 0]
    assert [failure.reason for failure in failures[:2]] == [REFUSED] * 2
    assert failures[2].reason.startswith(f"{REFUSED}; this process")
    for failure in failures:
        assert (failure.source, failure.url) == ("clinicaltrials_gov", server.study)
        assert not failure.may_pass


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
def test_a_client_of_your_own_is_used_as_it_is_and_climbs_nothing(library, is_async):
    module = pytest.importorskip(library)
    client = (module.AsyncClient if is_async else module.Client)(headers={"User-Agent": "mine/1"})

    async def asked(request):
        async with client:
            transport = AsyncHttpTransport(client=client)
            assert (await transport.asend(request)).status == 200
            await transport.asend(request)

    def ask(request):
        with client:
            transport = HttpTransport(client=client)
            assert transport.send(request).status == 200
            transport.send(request)

    with FaultyServer(None, says(403)) as server, pytest.raises(SourceBlocked) as raised:
        asyncio.run(asked(Request(server.study))) if is_async else ask(Request(server.study))
    assert (raised.value.reason, raised.value.attempts) == (REFUSED, 1)
    assert agents(server) == ([], ["mine/1", "mine/1"])


def in_threads(count, send, request):
    """Send a request from many threads at once; return what came of each."""
    outcomes, ready = [], threading.Barrier(count)

    def sent():
        ready.wait()
        try:
            outcomes.append(send(request).status)
        except SourceBlocked as error:
            outcomes.append(error.reason)

    threads = [threading.Thread(target=sent) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


async def in_tasks(count, request):
    transport = AsyncHttpTransport()
    outcomes = await asyncio.gather(
        *[transport.asend(request) for _ in range(count)], return_exceptions=True
    )
    await transport.aclose()
    return [getattr(each, "reason", None) or each.status for each in outcomes]


def together(count, request, *, of_tasks):
    if of_tasks:
        return asyncio.run(in_tasks(count, request))
    transport = HttpTransport()
    try:
        return in_threads(count, transport.send, request)
    finally:
        transport.close()


@pytest.mark.parametrize("of_tasks", [False, True], ids=["threads", "tasks"])
def test_many_at_once_look_for_the_way_once(of_tasks):
    with FaultyServer(refuses=who_says_httpx) as server:
        outcomes = together(12, Request(server.study), of_tasks=of_tasks)
    assert outcomes == [200] * 12
    assert agents(server) == ([HTTPX, HTTPX], [URLLIB] * 12)


@pytest.mark.parametrize("of_tasks", [False, True], ids=["threads", "tasks"])
def test_many_at_once_are_refused_together(of_tasks):
    with FaultyServer(refuses=everybody) as server:
        outcomes = together(12, Request(server.study), of_tasks=of_tasks)
    assert [outcome.startswith(REFUSED) for outcome in outcomes] == [True] * 12
    refused, _ = agents(server)
    if of_tasks:  # all have asked before the first is answered
        assert refused == [HTTPX, HTTPX, URLLIB]
    assert refused.count(URLLIB) <= 2
    assert refused.count(HTTPX) <= 4  # by two rungs of one name


def test_on_a_rung_that_answers_requests_do_not_wait_for_each_other():
    both = threading.Barrier(2)

    class MeetsTheOther(Fault):
        def spoil(self, sent, asked):
            both.wait(10)
            return sent

    with FaultyServer(None, MeetsTheOther(), MeetsTheOther()) as server:
        send_sync([Request(server.study)])
        outcomes = together(2, Request(server.study), of_tasks=False)
    assert outcomes == [200, 200]


def test_an_error_that_may_pass_is_no_reason_to_climb(send):
    with FaultyServer(says(503), says(403)) as server:
        with pytest.raises(SourceUnavailable, match="status 503"):
            send(Request(server.study))
        [reply] = send(Request(server.study))
    assert reply.status == 200
    assert agents(server)[1] == [HTTPX] * 3


def test_what_has_answered_is_given_another_chance(send):
    mood = [nobody]
    with FaultyServer(refuses=lambda handler: mood[0](handler)) as server:
        send(Request(server.study))
        mood[0] = everybody
        for _ in range(4):
            with pytest.raises(SourceBlocked):
                send(Request(server.study))
        assert agents(server)[0] == [HTTPX, HTTPX, URLLIB] * 2 + [HTTPX] * 2
        mood[0] = nobody
        send(*[Request(server.study)] * 2)
    assert agents(server)[1] == [HTTPX] * 3


def test_a_way_that_is_refused_later_is_left_for_the_next(send):
    mood = [nobody]
    with FaultyServer(refuses=lambda handler: mood[0](handler)) as server:
        send(Request(server.study))
        mood[0] = who_says_httpx
        send(*[Request(server.study)] * 2)
    assert agents(server) == ([HTTPX, HTTPX], [HTTPX, URLLIB, URLLIB])


def test_the_time_of_a_request_is_that_of_all_rungs(send):
    clock = Clock()

    def slowly(_):
        clock.now += 6.0
        return True

    with FaultyServer(refuses=slowly) as server:
        with pytest.raises(SourceUnavailable) as raised:
            send(Request(server.study, timeout=10.0), clock=clock)
        assert agents(server)[0] == [HTTPX, HTTPX]
        assert raised.value.reason == f"{REFUSED}; no time was left to ask in another way"
        assert (raised.value.attempts, raised.value.may_pass) == (2, True)
        assert (raised.value.source, raised.value.url) == ("clinicaltrials_gov", server.study)


@pytest.mark.parametrize("refuses", [nobody, who_says_httpx])
def test_a_request_in_a_hurry_is_short_on_every_rung(send, refuses):
    begun = time.monotonic()
    with FaultyServer(stalls, refuses=refuses) as server:
        with pytest.raises(SourceUnavailable, match=r"timed out|no time was left"):
            send(Request(server.study, timeout=0.5))
        spent = time.monotonic() - begun
    assert spent < 5.0  # the server would be silent for ten seconds, a client for thirty


@pytest.mark.parametrize("of_tasks", [False, True], ids=["threads", "tasks"])
def test_who_waits_for_another_waits_no_longer_than_its_time(of_tasks):
    async def asked():
        transport = AsyncHttpTransport()
        first = asyncio.create_task(transport.asend(Request(server.study)))
        while not server.asked:
            await asyncio.sleep(0.001)
        with pytest.raises(SourceUnavailable) as raised:
            await transport.asend(Request(server.study, timeout=0.05))
        server.done.set()
        with suppress(SourceUnavailable):
            await first
        await transport.aclose()
        return raised.value

    def threaded():
        transport = HttpTransport()

        def first():
            with suppress(SourceUnavailable):
                transport.send(Request(server.study))

        thread = threading.Thread(target=first)
        thread.start()
        while not server.asked:
            time.sleep(0.001)
        with pytest.raises(SourceUnavailable) as raised:
            transport.send(Request(server.study, timeout=0.05))
        server.done.set()
        thread.join()
        transport.close()
        return raised.value

    with FaultyServer(stalls) as server:
        error = asyncio.run(asked()) if of_tasks else threaded()
    assert (error.reason, error.attempts, len(server.asked)) == ("timed out", 0, 1)


def test_a_cancelled_search_is_taken_over():
    async def asked():
        transport = AsyncHttpTransport()
        first = asyncio.create_task(transport.asend(Request(server.study)))
        while not server.asked:
            await asyncio.sleep(0.001)
        second = asyncio.create_task(transport.asend(Request(server.study)))
        await asyncio.sleep(0.01)
        first.cancel()
        reply = await second
        await transport.aclose()
        return reply

    with FaultyServer(stalls) as server:
        assert asyncio.run(asked()).status == 200


def test_leaving_a_rung_is_logged_once(send, caplog):
    caplog.set_level(logging.INFO, logger="trialink")
    with FaultyServer(refuses=who_says_httpx) as server:
        for _ in range(2):
            send(Request(server.study))
    told = [record for record in caplog.records if record.name == "trialink"]
    host = f"127.0.0.1:{server.port}"
    assert [(record.levelname, record.getMessage()) for record in told] == [
        ("INFO", f"{host}: {REFUSED} when asked by way of httpx"),
        ("INFO", f"{host}: {REFUSED} when asked by way of httpx with TLS 1.2 at most"),
    ]


FORKING = """
import os, sys
from trialink.flow import Request
from trialink.transport import HttpTransport

transport, request = HttpTransport(), Request(sys.argv[1])
transport.send(request)
child = os.fork()
if not child:
    os._exit(transport.send(request).status - 200)
assert os.waitpid(child, 0)[1] == 0
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_child_process_begins_where_its_parent_was():
    with FaultyServer(refuses=who_says_httpx) as server:
        subprocess.run([sys.executable, "-c", FORKING, server.study], check=True, timeout=60)
    assert agents(server) == ([HTTPX, HTTPX], [URLLIB, URLLIB])


class Proxy(ThreadingHTTPServer):
    """A proxy that opens tunnels for one name and password, to whatever port is asked for."""

    daemon_threads = True

    def __init__(self, *, most=99, is_secure=False):
        super().__init__(("127.0.0.1", 0), _Tunnel)
        self.passwords, self.most = [], most
        if is_secure:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(ROOT)
            self.socket = context.wrap_socket(self.socket, server_side=True)

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return super().__enter__()

    def __exit__(self, *exit):
        self.shutdown()
        super().__exit__(*exit)


class _Tunnel(BaseHTTPRequestHandler):
    def do_CONNECT(self):
        self.server.passwords.append(self.headers["Proxy-Authorization"])
        if len(self.server.passwords) > self.server.most:
            self.send_error(407)
            return
        port = int(self.path.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as other:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=_pour, args=(other, self.connection))
            back.start()
            _pour(self.connection, other)
            back.join()
        self.close_connection = True

    def log_message(self, *_):
        pass


def _pour(source, target):
    with suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


PASSWORD = "Basic dXNlcjpzZWMvcmV0"  # of user and sec/ret


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "ALL_PROXY"])
def test_every_rung_asks_through_the_proxy(send, monkeypatch, name):
    with Proxy() as proxy, SecureServer(refuses=who_says_httpx) as server:
        monkeypatch.setenv(name, f"http://user:sec%2Fret@127.0.0.1:{proxy.server_port}")
        [reply] = send(Request(server.study))
        assert agents(server) == ([HTTPX, HTTPX], [URLLIB])
    assert reply.status == 200
    assert proxy.passwords == [PASSWORD] * 3


def test_no_rung_asks_through_a_proxy_for_a_host_that_needs_none(send, monkeypatch):
    with Proxy() as proxy, SecureServer(refuses=who_says_httpx) as server:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.server_port}")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        send(Request(server.study))
    assert (proxy.passwords, agents(server)[1]) == ([], [URLLIB])


def test_behind_a_proxy_that_speaks_tls_the_last_rung_is_left_out(monkeypatch):
    with Proxy(is_secure=True) as proxy, SecureServer(refuses=everybody) as server:
        monkeypatch.setenv("HTTPS_PROXY", f"https://user:sec%2Fret@127.0.0.1:{proxy.server_port}")
        with pytest.raises(SourceBlocked) as raised:
            send_sync([Request(server.study)])
    assert (raised.value.attempts, agents(server)) == (2, ([HTTPX, HTTPX], []))
    assert proxy.passwords == [PASSWORD] * 2


def test_a_proxy_that_refuses_the_last_rung_keeps_its_password(send, monkeypatch, caplog):
    caplog.set_level(logging.INFO)
    with Proxy(most=2) as proxy, SecureServer(refuses=everybody) as server:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:sec%2Fret@127.0.0.1:{proxy.server_port}")
        with pytest.raises(SourceUnavailable) as raised:
            send(Request(server.study))
    assert raised.value.reason == "refused by the proxy"
    told = f"{raised.value} {raised.value.__cause__!r} {caplog.text}"
    assert "sec" not in told.replace("second", "")


def test_a_proxy_reads_what_is_not_encrypted_on_every_rung(send, monkeypatch):
    with FaultyServer(refuses=who_says_httpx) as server:  # stands in for the proxy
        monkeypatch.setenv("HTTP_PROXY", f"http://user:sec%2Fret@127.0.0.1:{server.port}")
        [reply] = send(Request("http://registry.invalid/api/v2/studies/NCT01300000"))
    assert reply.status == 200
    [(headers, _)] = server.asked
    assert headers["Host"] == "registry.invalid"
    passwords = [each["Proxy-Authorization"] for each in (*server.refused, headers)]
    assert passwords == [PASSWORD] * 3


@pytest.mark.parametrize(
    ("proxy", "can"),
    [
        (None, True),
        ("http://user:secret@127.0.0.1:8080", True),
        ("127.0.0.1:8080", True),
        ("https://127.0.0.1:8080", False),
        ("socks5://127.0.0.1:8080", False),
        ("http://user:sec/ret@127.0.0.1:x", False),
        ("http://:8080", False),
    ],
)
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "ALL_PROXY"])
def test_the_last_rung_is_left_out_behind_a_proxy_that_it_cannot_use(monkeypatch, name, proxy, can):
    if proxy:
        monkeypatch.setenv(name, proxy)
    assert can_reach("https://registry.invalid/studies") is can


def resolve_sync(ids, **settings):
    with Resolver(pace=None, **settings) as resolver:
        return [resolver.resolve(ids) for _ in range(2)]


def resolve_async(ids, **settings):
    async def resolved():
        async with AsyncResolver(pace=None, **settings) as resolver:
            return [await resolver.resolve(ids) for _ in range(2)]

    return asyncio.run(resolved())


@pytest.mark.parametrize("resolve", [resolve_sync, resolve_async], ids=["sync", "async"])
def test_a_blocked_registry_costs_two_requests_a_rung_and_denies_nothing(resolve, monkeypatch):
    ids, store = ["NCT01300000", "NCT01300013", "CTR20192510"], MemoryStore()
    with FaultyServer(refuses=everybody) as server:
        monkeypatch.setenv("TRIALINK_API_URL", server.url)
        calls = [answers for _ in range(3) for answers in resolve(ids, cache=store)]
    refused, answered = agents(server)
    assert answered == []
    assert refused == [HTTPX, HTTPX, URLLIB] * 2
    for answers in calls:
        assert {each.outcome for each in answers.values()} == {"failed"}
        assert all(each.reason.startswith(REFUSED) for each in answers.values())
    assert [*store.keys()] == []
    with pytest.raises(SourceBlocked) as raised:
        calls[0].raise_for_failed()
    for remedy in ("filter refuses", "another network", "contact=", "client="):
        assert remedy in str(raised.value)


@pytest.mark.parametrize("resolve", [resolve_sync, resolve_async], ids=["sync", "async"])
def test_a_registry_that_answers_a_later_rung_is_resolved_as_ever(resolve, monkeypatch):
    with FaultyServer(refuses=who_says_httpx) as server:
        monkeypatch.setenv("TRIALINK_API_URL", server.url)
        first, again = resolve(["NCT01300000", "NCT01300013"], cache=None)
    assert [each.outcome for each in first.values()] == ["found", "found"]
    assert [each.origin for each in (*first.values(), *again.values())] == ["live"] * 4
    assert agents(server) == ([HTTPX, HTTPX], [URLLIB, URLLIB])
