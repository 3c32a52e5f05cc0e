"""Both transports against a server with faults: what comes back, how often is asked, what stays."""

from __future__ import annotations

import asyncio
import gzip
import logging
import os
import pickle
import socket
import ssl
import subprocess
import sys
import threading
import tracemalloc
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from faulty_server import (
    DENIAL,
    HTML,
    JSON,
    NOW,
    PACKED,
    PAGE,
    SENT,
    STUDY,
    TEXT,
    Clock,
    FaultyServer,
    drips,
    half_then_stalls,
    hangs_up,
    never_ends,
    packed,
    resets,
    says,
    stalls,
)

from trialink.asking import Asking, Budget
from trialink.errors import SourceBlocked, SourceUnavailable, UnexpectedPayload
from trialink.flow import Request, drive, drive_async
from trialink.pace import Pace
from trialink.testing import FAULTS
from trialink.transport import AsyncHttpTransport, HttpTransport
from trialink.version import VERSION

OPEN_FILES = Path("/proc/self/fd")
pytestmark = pytest.mark.usefixtures("own_connections")


def asking(clock, random):
    """Return how a source is asked, as fast as it answers."""
    return Asking(clock, Pace(None, 1, None), random=random)


def ask_sync(*requests, clock, random, budget, client=None, **settings):
    transport = HttpTransport(client=client, clock=clock, **settings)
    source = asking(clock, random)
    try:
        return [
            drive(source.ask(request, budget), transport.send, sleep=clock.sleep)
            for request in requests
        ]
    finally:
        transport.close()
        if client:
            assert not client.is_closed
            client.close()


def ask_async(*requests, clock, random, budget, client=None, **settings):
    async def here(function, *arguments):
        return function(*arguments)

    async def asked():
        transport = AsyncHttpTransport(client=client, clock=clock, **settings)
        source = asking(clock, random)
        try:
            return [
                await drive_async(
                    source.ask(request, budget), transport.asend, here, sleep=clock.asleep
                )
                for request in requests
            ]
        finally:
            await transport.aclose()
            if client:
                assert not client.is_closed
                await client.aclose()

    return asyncio.run(asked())


class Asker:
    """Sends requests through one transport or the other, again where that may help."""

    def __init__(self, send, client):
        self.send, self.client = send, client

    def __call__(
        self, *requests, clock=None, random=lambda: 0.5, attempts=5, patience=0.0, **settings
    ):
        clock = clock or Clock()
        budget = Budget(clock, attempts=attempts, patience=patience)
        return self.send(*requests, clock=clock, random=random, budget=budget, **settings)

    def mocked(self, respond):
        """Return a user's client whose answers are those of a function."""
        return self.client(transport=httpx.MockTransport(respond))


@pytest.fixture(
    params=[(ask_sync, httpx.Client), (ask_async, httpx.AsyncClient)], ids=["sync", "async"]
)
def ask(request):
    return Asker(*request.param)


@pytest.fixture(params=["httpx", "the standard library"])
def rung(request, monkeypatch):
    """Let a filter refuse httpx in half of the tests, so that the last rung is asked on."""
    if request.param != "httpx":
        monkeypatch.setattr(FaultyServer, "refuses", staticmethod(is_httpx))


def is_httpx(handler):
    return "python-httpx" in handler.headers["User-Agent"]


on_each_rung = pytest.mark.usefixtures("rung")


def open_connections(server):
    """Return how many sockets of this process are connected to a server."""
    count = 0
    for file in OPEN_FILES.iterdir():
        with suppress(OSError):  # closed meanwhile, or connected to nothing
            if str(file.readlink()).startswith("socket:"):
                with socket.socket(fileno=os.dup(int(file.name))) as copy:
                    count += copy.getpeername()[1:2] == (server.port,)
    return count


on_linux = pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="counts through /proc")

ANSWERS = [
    pytest.param(says(), 200, STUDY, id="an object"),
    pytest.param(packed(), 200, STUDY, id="a compressed object"),
    pytest.param(packed(encoding="X-GZIP, identity"), 200, STUDY, id="the old name of gzip"),
    pytest.param(packed(STUDY, "identity"), 200, STUDY, id="an object encoded as itself"),
    pytest.param(says(400, b"has incorrect format", TEXT), 400, b"has incorrect format", id="400"),
    pytest.param(says(414, b"{}"), 414, b"{}", id="414"),
    pytest.param(says(404, DENIAL, TEXT), 404, DENIAL, id="an unknown number"),
    pytest.param(says(301, b"", TEXT, Location="/elsewhere"), 301, b"", id="a redirect"),
    pytest.param(
        says(302, b"", None, Location="//example.org/", Content_Encoding="gzip"),
        302,
        b"",
        id="an empty body said to be compressed",
    ),
]


@on_each_rung
@pytest.mark.parametrize(("fault", "status", "body"), ANSWERS)
def test_what_the_registry_says_is_returned_at_once(ask, fault, status, body):
    clock = Clock()
    with FaultyServer(fault) as server:
        [reply] = ask(Request(server.study), clock=clock)
    assert (reply.status, reply.body, reply.origin) == (status, body, "live")
    assert reply.retrieved_at == "2026-11-22T10:00:00Z"
    assert (len(server.asked), clock.naps) == (1, [])


@on_each_rung
def test_the_type_of_a_reply_is_the_server_s_and_a_place_is_not_followed(ask):
    fault = says(301, b"", "text/plain; charset=utf-8", Location="/api/v2/studies/NCT01300013")
    with FaultyServer(fault) as server:
        [reply] = ask(Request(server.study))
    assert reply.content_type == "text/plain; charset=utf-8"
    assert reply.location == "/api/v2/studies/NCT01300013"
    assert len(server.asked) == 1


@on_each_rung
def test_parameters_arrive_as_they_were_given(ask):
    params = (("format", "json"), ("filter.ids", "NCT01300000,NCT01300013"), ("pageSize", "1"))
    with FaultyServer() as server:
        [reply] = ask(Request(f"{server.url}/studies", params))
    assert b"nextPageToken" in reply.body
    [request] = server.requests
    assert (request.path, request.params) == ("/api/v2/studies", params)


PASSING = [
    (says(429, b"", TEXT), SourceUnavailable, "too many requests"),
    (says(408, b"", TEXT), SourceUnavailable, "status 408"),
    (says(503, PAGE, HTML), SourceUnavailable, "status 503"),
    (says(500, b"\x1f\x8b", JSON, Content_Encoding="br"), SourceUnavailable, "status 500"),
    (hangs_up, SourceUnavailable, "connection closed before the answer was whole"),
    (resets, SourceUnavailable, "connection lost"),
    (says(length=len(STUDY) + 1), SourceUnavailable, "connection closed before the answer was"),
    (says(body=PAGE, kind=HTML), UnexpectedPayload, "a web page in place of an answer"),
    (says(400, PAGE, HTML), UnexpectedPayload, "a web page in place of an answer"),
    (says(404, PAGE, HTML), UnexpectedPayload, "a web page in place of an answer"),
    (says(kind=None), UnexpectedPayload, "an answer that is no JSON object"),
    (says(body=b""), UnexpectedPayload, "an answer that is no JSON object"),
    (says(body=b"[" + STUDY + b"]"), UnexpectedPayload, "an answer that is no JSON object"),
    (says(body=STUDY[:-3]), UnexpectedPayload, "an answer that is no JSON"),
    (says(body=b'{"a": NaN}'), UnexpectedPayload, "an answer that is no JSON"),
    (says(body=b'{"a": %s}' % (b"9" * 10**5)), UnexpectedPayload, "an answer that is no JSON"),
    (says(body=b'{"a": "\xff"}'), UnexpectedPayload, "an answer that is no JSON"),
    (
        says(body=b'{"a": ' + b"[" * 10**5 + b"]" * 10**5 + b"}"),
        UnexpectedPayload,
        "an answer that is no JSON",
    ),
    (says(301, b"", TEXT), UnexpectedPayload, "an answer of no known kind (status 301)"),
    (says(418, b"", TEXT), UnexpectedPayload, "an answer of no known kind (status 418)"),
    (packed(PACKED[:-1]), UnexpectedPayload, "a compressed answer cut short"),
    (packed(PACKED[:9]), UnexpectedPayload, "a compressed answer cut short"),
    (packed(PACKED + b"\0"), UnexpectedPayload, "a compressed answer with more after its end"),
    (packed(PACKED + PACKED), UnexpectedPayload, "a compressed answer with more after its end"),
    (packed(PACKED[:-8] + b"\0" * 8), UnexpectedPayload, "a damaged compressed answer"),
    (packed(STUDY), UnexpectedPayload, "a damaged compressed answer"),
    (packed(gzip.compress(PACKED), "gzip, gzip"), UnexpectedPayload, "an encoding that was not"),
    (packed(encoding=", ".join(["gzip"] * 50)), UnexpectedPayload, "an encoding that was not"),
    (packed(encoding="br"), UnexpectedPayload, "an encoding that was not asked for"),
    (packed(encoding="deflate"), UnexpectedPayload, "an encoding that was not asked for"),
]
PASSING_IDS = [f"{place}-{reason}" for place, (_, _, reason) in enumerate(PASSING)]


@on_each_rung
@pytest.mark.parametrize(("fault", "error", "reason"), PASSING, ids=PASSING_IDS)
def test_what_may_pass_is_asked_again_and_raised_if_it_does_not(ask, fault, error, reason):
    clock = Clock()
    with FaultyServer(fault, fault, fault, fault) as server:
        request = Request(server.study, (("format", "json"),))
        with pytest.raises(error) as raised:
            ask(request, clock=clock, attempts=2)
        assert (len(server.asked), clock.naps) == (2, [0.25])
        [reply] = ask(request, clock=clock, attempts=3)
    assert b'"NCT01300000"' in reply.body
    assert (len(server.asked), clock.naps) == (5, [0.25, 0.25, 0.5])
    failure = raised.value
    assert type(failure) is error
    assert reason in failure.reason
    assert (failure.attempts, failure.seconds) == (2, 0.25)
    assert (failure.source, failure.url) == ("clinicaltrials_gov", server.study)
    again = pickle.loads(pickle.dumps(failure))
    assert (str(again), vars(again)) == (str(failure), vars(failure))


@on_each_rung
@pytest.mark.parametrize("status", [401, 407])
@pytest.mark.parametrize("body", [PAGE, PACKED, b""], ids=["page", "packed", "empty"])
def test_who_lacks_a_password_does_not_ask_again(ask, status, body):
    clock = Clock()
    fault = says(status, body, HTML, Content_Encoding="br", Retry_After="1")
    with FaultyServer(fault) as server, pytest.raises(SourceBlocked) as raised:
        ask(Request(server.study), clock=clock)
    assert raised.value.reason == f"refused by a filter ({status})"
    assert (raised.value.attempts, len(server.asked), clock.naps) == (1, 1, [])


def test_a_closed_port_is_a_refused_connection(ask):
    with FaultyServer() as server:
        study = server.study
    with pytest.raises(SourceUnavailable) as raised:
        ask(Request(study), attempts=3)
    assert (raised.value.reason, raised.value.attempts) == ("connection refused", 3)
    assert isinstance(raised.value.__cause__, httpx.ConnectError)


def test_a_server_that_speaks_no_tls_gives_no_secure_connection(ask):
    with FaultyServer() as server, pytest.raises(SourceUnavailable) as raised:
        ask(Request(server.study.replace("http:", "https:")), attempts=2)
    assert (raised.value.reason, raised.value.attempts) == ("no secure connection", 2)


@on_each_rung
@pytest.mark.parametrize("fault", [stalls, half_then_stalls])
def test_a_silent_server_times_out(ask, fault):
    with FaultyServer(fault, fault) as server, pytest.raises(SourceUnavailable) as raised:
        ask(Request(server.study), attempts=2, timeout=0.05)
    assert (raised.value.reason, raised.value.attempts) == ("timed out", 2)


@on_each_rung
def test_a_body_that_drips_ends_with_the_time_for_one_try(ask):
    clock = Clock(tick=10.0)  # each byte takes ten seconds
    with FaultyServer(drips) as server, pytest.raises(SourceUnavailable) as raised:
        ask(Request(server.study), attempts=1, clock=clock, timeout=30.0)
    assert raised.value.reason == "timed out"
    assert 120 < raised.value.seconds < 180


@on_each_rung
def test_an_endless_body_is_given_up(ask):
    with FaultyServer(never_ends) as server, pytest.raises(UnexpectedPayload) as raised:
        ask(Request(server.study), attempts=1)
    assert raised.value.reason == "an answer of more than 32 MiB"


@on_each_rung
def test_a_bomb_is_refused_in_bounded_memory(ask):
    with FaultyServer(FAULTS["bomb"]) as server:
        tracemalloc.start()
        try:
            with pytest.raises(UnexpectedPayload) as raised:
                ask(Request(server.study), attempts=1)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert raised.value.reason == "an answer of more than 32 MiB"
    assert peak < 96 * 2**20


def test_a_compressed_body_that_says_nothing_at_length_is_given_up():
    nothing = PACKED[:10] + b"\0\0\0\xff\xff" * (14 * 2**20)  # empty blocks
    headers = {"Content-Type": JSON, "Content-Encoding": "gzip"}
    reply = httpx.Response(200, headers=headers, stream=httpx.ByteStream(nothing))
    with httpx.Client(transport=httpx.MockTransport(lambda _: reply)) as client:
        transport = HttpTransport(client=client)
        with pytest.raises(UnexpectedPayload, match="more than 32 MiB"):
            transport.send(Request("https://example.org/studies"))


def test_no_beginning_of_an_answer_is_an_answer():
    def unread(body, **headers):
        stream = httpx.ByteStream(body)
        return httpx.Response(200, headers={"Content-Type": JSON} | headers, stream=stream)

    cuts = [unread(STUDY[:end]) for end in range(len(STUDY))]
    cuts += [unread(PACKED[:end], **{"Content-Encoding": "gzip"}) for end in range(len(PACKED))]
    assert len(cuts) > 150
    replies = iter(cuts)
    client = httpx.Client(transport=httpx.MockTransport(lambda _: next(replies)))
    with client:
        transport = HttpTransport(client=client)
        for _ in cuts:
            with pytest.raises(UnexpectedPayload):
                transport.send(Request("https://example.org/studies"))


@on_each_rung
@pytest.mark.parametrize(
    ("asked", "sent", "nap"),
    [
        ("0", SENT, 0.25),
        ("1", SENT, 1.0),
        ("-5", SENT, 0.25),
        ("300", SENT, 300.0),
        ("1.5", SENT, 1.5),
        ("abc", SENT, 0.25),
        ("", SENT, 0.25),
        ("nan", SENT, 0.25),
        ("Sun, 99 Nov 2026 10:00:00 GMT", SENT, 0.25),
        ("Sun, 22 Nov 99999999999999999999 10:00:00 GMT", SENT, 0.25),
        ("Sun, 22 Nov 2026 10:02:00 GMT", SENT, 120.0),
        ("Sun, 22 Nov 2026 10:02:00 -0000", SENT, 120.0),
        ("Sun, 22 Nov 2026 09:00:00 GMT", SENT, 0.25),
        ("Sunday, 22-Nov-26 10:00:30 GMT", SENT, 30.0),
        ("1, 2", SENT, 0.25),
    ],
    ids=lambda value: str(value) or "nothing",
)
@pytest.mark.parametrize("off", [-86400, 86400], ids=["clock a day slow", "clock a day fast"])
def test_the_wait_that_a_server_asks_for_is_kept_whatever_the_clock(ask, asked, sent, nap, off):
    clock = Clock(NOW + off)
    with FaultyServer(says(429, b"", TEXT, Retry_After=asked, Date=sent)) as server:
        [reply] = ask(Request(server.study), clock=clock)
    assert (reply.status, clock.naps) == (200, [nap])


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("301", "301 s"),
        ("1e9", "1000000000 s"),
        ("9" * 400, "inf s"),
        ("Sun, 22 Nov 2026 10:05:01 GMT", "301 s"),
        ("Sun, 22 Nov 2066 10:00:00 GMT", "1262304000 s"),
    ],
    ids=["301", "1e9", "400 nines", "a date in five minutes", "a date in forty years"],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_wait_of_more_than_five_minutes_is_reported_and_not_kept(ask, asked, seconds, status):
    clock = Clock()
    fault = says(status, b"", TEXT, Retry_After=asked, Date=SENT)
    with FaultyServer(fault) as server, pytest.raises(SourceUnavailable, match=seconds) as raised:
        ask(Request(server.study), clock=clock)
    assert (raised.value.attempts, len(server.asked), clock.naps) == (1, 1, [])


@pytest.mark.parametrize("later", [0, 90])
def test_without_a_date_a_wait_until_a_date_goes_by_the_clock(ask, later):
    clock = Clock(NOW - later)
    with FaultyServer(says(503, b"", TEXT, Retry_After=SENT)) as server:
        ask(Request(server.study), clock=clock)
    assert clock.naps == [later or 0.25]


@pytest.mark.parametrize(
    ("chance", "naps"),
    [
        (1.0, [0.5, 1.0, 2.0, 4.0]),
        (0.5, [0.25, 0.5, 1.0, 2.0]),
    ],
)
def test_the_time_between_tries_grows_until_the_source_is_left_alone(ask, chance, naps):
    clock = Clock()
    with FaultyServer(*[says(503)] * 9) as server, pytest.raises(SourceUnavailable) as raised:
        ask(Request(server.study), clock=clock, random=lambda: chance, attempts=9)
    assert clock.naps == naps
    assert (raised.value.attempts, raised.value.seconds) == (5, sum(naps))


def test_a_source_that_has_answered_is_given_minutes_by_the_patient(ask):
    clock = Clock()
    with FaultyServer(None, *[says(503)] * 7) as server:
        ask(
            *[Request(server.study)] * 2,
            clock=clock,
            random=lambda: 1.0,
            attempts=8,
            patience=420,
        )
    pauses = [60 - 8, 120 - 16]  # what is left of them after the time between two tries
    assert clock.naps == [0.5, 1.0, 2.0, 4.0, 8.0, pauses[0], 16.0, pauses[1], 30.0, 240 - 30]


@pytest.mark.parametrize("attempts", [0, 1])
def test_a_request_for_one_try_is_tried_once(ask, attempts):
    with FaultyServer(says(503)) as server, pytest.raises(SourceUnavailable):
        ask(Request(server.study), attempts=attempts)
    assert len(server.asked) == 1


def test_our_own_client_says_who_asks_and_imitates_no_browser(ask):
    with FaultyServer() as server:
        ask(Request(server.study), contact="someone@example.org")
    [(headers, _)] = server.asked
    name = f"python-httpx/{httpx.__version__} trialink/{VERSION} (someone@example.org)"
    assert headers.pop("Host").startswith("127.0.0.1")
    assert headers == {
        "User-Agent": name,
        "Accept": "application/json",
        "Accept-Encoding": "gzip",
        "Connection": "keep-alive",
    }


@pytest.mark.parametrize("contact", [None, ""])
def test_without_a_contact_nothing_stands_for_one(ask, contact):
    with FaultyServer() as server:
        ask(Request(server.study), contact=contact)
    agent = server.asked[0][0]["User-Agent"]
    assert agent == f"python-httpx/{httpx.__version__} trialink/{VERSION}"


@pytest.mark.parametrize("contact", ["a\nb: c", "a\r", "\x00", "a\tb", "\x7f", "zoë@example.org"])
@pytest.mark.parametrize("transport", [HttpTransport, AsyncHttpTransport])
def test_a_contact_that_does_not_fit_a_header_is_refused(transport, contact):
    with pytest.raises(ValueError, match="printable ASCII"):
        transport(contact=contact)


def test_requests_share_a_connection(ask):
    with FaultyServer() as server:
        ask(*[Request(server.study)] * 3)
    assert len({address for _, address in server.asked}) == 1


def test_threads_share_one_transport_and_few_connections():
    replies = []
    with FaultyServer() as server:
        transport = HttpTransport()
        request = Request(server.study)
        threads = [
            threading.Thread(target=lambda: replies.append(transport.send(request)))
            for _ in range(12)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        transport.close()
    assert [reply.status for reply in replies] == [200] * 12
    assert len({address for _, address in server.asked}) <= 4


def test_tasks_share_one_transport_and_few_connections():
    async def asked():
        transport = AsyncHttpTransport()
        request = Request(server.study)
        replies = await asyncio.gather(*[transport.asend(request) for _ in range(12)])
        await transport.aclose()
        return replies

    with FaultyServer() as server:
        replies = asyncio.run(asked())
    assert [reply.status for reply in replies] == [200] * 12
    assert len({address for _, address in server.asked}) <= 6


@on_linux
def test_after_close_no_connection_is_open():
    with FaultyServer() as server:
        transport = HttpTransport()
        transport.close()
        transport.send(Request(server.study))
        assert open_connections(server) == 1
        transport.close()
        transport.close()
        assert open_connections(server) == 0
        transport.send(Request(server.study))
        assert open_connections(server) == 1
        transport.close()
        assert open_connections(server) == 0


@on_linux
def test_after_aclose_no_connection_is_open():
    async def asked():
        transport = AsyncHttpTransport()
        await transport.aclose()
        await transport.asend(Request(server.study))
        assert open_connections(server) == 1
        await transport.aclose()
        await transport.aclose()
        assert open_connections(server) == 0

    with FaultyServer() as server:
        asyncio.run(asked())


@on_linux
@on_each_rung
@pytest.mark.parametrize("look", range(1, 20))
def test_an_interrupt_passes_at_once_and_leaves_no_request_in_flight(look):
    class Interrupting(Clock):
        looks = 0

        def time(self):
            self.looks += 1
            if self.looks == look:
                raise KeyboardInterrupt
            return super().time()

    with FaultyServer(drips, drips) as server:
        transport = HttpTransport(clock=Interrupting())
        with pytest.raises(KeyboardInterrupt):
            transport.send(Request(server.study))
        assert len(server.asked) <= 1
        assert open_connections(server) == 0
        transport.close()


def test_an_interrupt_between_tries_passes_at_once(ask):
    class Interrupting(Clock):
        def sleep(self, seconds):
            raise KeyboardInterrupt

    with FaultyServer(says(503)) as server, pytest.raises(KeyboardInterrupt):
        ask(Request(server.study), clock=Interrupting())
    assert len(server.asked) == 1


@on_each_rung
@on_linux
@pytest.mark.parametrize("fault", [stalls, half_then_stalls, drips])
def test_a_cancelled_task_leaves_no_request_in_flight(fault):
    async def asked():
        transport = AsyncHttpTransport()
        task = asyncio.create_task(transport.asend(Request(server.study)))
        while not server.asked:
            await asyncio.sleep(0.001)
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        for _ in range(200):  # a thread may have to be told first
            if not (left := open_connections(server)):
                break
            await asyncio.sleep(0.01)
        assert left == 0
        reply = await transport.asend(Request(server.study))
        await transport.aclose()
        return reply

    with FaultyServer(fault) as server:
        assert asyncio.run(asked()).status == 200
    assert len(server.asked) == 2


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
assert transport.send(request).status == 200
transport.close()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_child_process_does_not_use_the_connection_of_its_parent():
    with FaultyServer() as server:
        subprocess.run([sys.executable, "-c", FORKING, server.study], check=True, timeout=60)
    parent, child, again = [address for _, address in server.asked]
    assert parent == again != child


def test_a_client_given_is_used_as_it_is_and_not_closed(ask):
    client = ask.client(headers={"User-Agent": "mine/1", "X-Mine": "yes", "Accept": "*/*"})
    with FaultyServer() as server:
        ask(Request(server.study), client=client, contact="someone@example.org")
    [(headers, _)] = server.asked
    assert (headers["User-Agent"], headers["X-Mine"]) == ("mine/1", "yes")
    assert (headers["Accept"], headers["Accept-Encoding"]) == ("application/json", "gzip")


def test_a_client_that_follows_redirects_does_not_here(ask):
    client = ask.client(follow_redirects=True)
    with FaultyServer(says(301, b"", TEXT, Location="/api/v2/studies/NCT01300013")) as server:
        [reply] = ask(Request(server.study), client=client)
    assert (reply.status, len(server.asked)) == (301, 1)


def test_a_client_that_has_read_the_answer_already_will_do(ask):
    headers = {"Content-Type": JSON, "Content-Encoding": "gzip"}
    client = ask.mocked(lambda _: httpx.Response(200, headers=headers, content=PACKED))
    [reply] = ask(Request("https://example.org/studies"), client=client)
    assert reply.body == STUDY


CAUSES = [
    (ssl.SSLCertVerificationError(1, "self-signed"), "certificate not accepted", 1),
    (ssl.SSLError(1, "wrong version number"), "no secure connection", 3),
    (socket.gaierror(-2, "Name or service not known"), "host not found", 3),
    (ConnectionRefusedError(111, "Connection refused"), "connection refused", 3),
    (ExceptionGroup("two", [OSError(), ConnectionRefusedError()]), "connection refused", 3),
    (OSError(101, "Network is unreachable"), "no connection", 3),
    (None, "no connection", 3),
]


@pytest.mark.parametrize(("cause", "reason", "attempts"), CAUSES, ids=lambda value: repr(value))
def test_the_reason_for_no_connection_is_told_by_what_caused_it(ask, cause, reason, attempts):
    class Lower(Exception):  # what is below httpx names no cause, but holds it
        pass

    def respond(request):
        raise httpx.ConnectError("failed at user:secret@proxy", request=request) from Lower(cause)

    clock = Clock()
    with pytest.raises(SourceUnavailable) as raised:
        ask(
            Request("https://example.org/studies"),
            attempts=3,
            client=ask.mocked(respond),
            clock=clock,
        )
    assert raised.value.reason == reason
    assert (raised.value.attempts, len(clock.naps)) == (attempts, attempts - 1)
    assert isinstance(raised.value.__cause__, httpx.ConnectError)
    assert "SSL_CERT_FILE" in str(raised.value)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (httpx.ProxyError("407 Proxy Authentication Required"), "refused by the proxy"),
        (httpx.ConnectTimeout("slow"), "timed out"),
        (httpx.PoolTimeout("busy"), "timed out"),
        (httpx.RemoteProtocolError("odd"), "connection closed before the answer was whole"),
        (httpx.WriteError("lost"), "connection lost"),
        (TimeoutError("of a client's own"), "timed out"),
        (ConnectionResetError("of a client's own"), "connection lost"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_every_error_of_a_connection_has_its_reason(ask, error, reason):
    def respond(_):
        raise error

    with pytest.raises(SourceUnavailable) as raised:
        ask(Request("https://example.org/studies"), client=ask.mocked(respond), attempts=2)
    assert (raised.value.reason, raised.value.attempts) == (reason, 2)


def test_errors_of_a_client_of_another_make_are_told_by_their_names():
    class TransportError(Exception):
        pass

    class TimeoutException(TransportError):
        pass

    class Client:
        def build_request(self, method, url, *, params, headers):
            return method, url, params, headers

        def send(self, request, *, stream, follow_redirects):
            raise (TransportError if request[2] else TimeoutException)

    transport = HttpTransport(client=Client())
    for params, reason in (((), "timed out"), ((("a", "b"),), "connection lost")):
        with pytest.raises(SourceUnavailable) as raised:
            transport.send(Request("https://example.org/", params))
        assert (raised.value.reason, raised.value.may_pass) == (reason, True)


@pytest.mark.parametrize("error", [ZeroDivisionError, RuntimeError, httpx.InvalidURL("no")])
def test_what_no_connection_explains_passes_through(ask, error):
    asked = []

    def respond(request):
        asked.append(request)
        raise error

    with pytest.raises(error if isinstance(error, type) else type(error)):
        ask(Request("https://example.org/studies"), client=ask.mocked(respond))
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SSL_CERT_FILE", "/nowhere/roots-secret.pem"),
        ("HTTPS_PROXY", "nonsense://user:secret@127.0.0.1:9"),
        ("HTTPS_PROXY", "http://user:sec/ret:secret@127.0.0.1:x"),
    ],
)
def test_settings_that_cannot_be_used_are_a_failure_that_names_them(ask, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(SourceUnavailable, match=name) as raised:
        ask(Request("https://127.0.0.1:9/studies"))
    assert "secret" not in str(raised.value)
    assert raised.value.attempts == 0
    assert (raised.value.__cause__, raised.value.__suppress_context__) == (None, True)


def test_a_proxy_of_the_environment_is_asked_and_its_password_kept(ask, monkeypatch, caplog):
    caplog.set_level(logging.INFO, logger="trialink")
    with FaultyServer() as server:
        port = server.port
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:secret@127.0.0.1:{port}")
        with pytest.raises(SourceUnavailable) as raised:  # it knows no CONNECT
            ask(Request("https://registry.invalid/studies"), attempts=2)
    assert raised.value.reason == "refused by the proxy"
    assert "secret" not in str(raised.value) + caplog.text


def test_another_try_is_logged_with_path_and_reason_alone(ask, caplog):
    caplog.set_level(logging.INFO, logger="trialink")
    params = (("filter.ids", "NCT01300000,NCT01300013"),)
    with FaultyServer(says(503), says(429)) as server:
        ask(Request(f"{server.url}/studies", params))
    told = [record for record in caplog.records if record.name == "trialink"]
    assert [(record.levelname, record.getMessage()) for record in told] == [
        ("INFO", "/api/v2/studies: status 503; asked again in 0.2 s"),
        ("INFO", "/api/v2/studies: too many requests; asked again in 0.5 s"),
    ]


def test_a_source_of_another_name_is_named(ask):
    with FaultyServer(says(401)) as server, pytest.raises(SourceBlocked) as raised:
        ask(Request(server.study), source="elsewhere")
    assert raised.value.source == "elsewhere"


@pytest.mark.parametrize("transport", [HttpTransport, AsyncHttpTransport])
def test_live_transports_are_to_be_paced(transport):
    assert transport.paced
