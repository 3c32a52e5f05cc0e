"""A flow runs alike under both drivers; errors cross into it; waiting never blocks others."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from trialink.errors import SourceUnavailable, UnexpectedPayload
from trialink.flow import Done, Learnt, Reply, Request, Sleep, Wait, advance, drive, drive_async

ASKED = Request("https://example.org/studies", (("filter.ids", "NCT05066646"),))


def reply(body=b"{}"):
    return Reply(200, "application/json", body)


def one_by_one(count):
    bodies = []
    for _ in range(count):
        answer = yield ASKED
        bodies.append(answer.body)
    return bodies


def forgiving():
    try:
        yield ASKED
    except SourceUnavailable as error:
        answer = yield ASKED
        return error.reason, answer.status


def unforgiving():
    yield ASKED


def sleeping():
    yield Sleep(0.001)
    yield Sleep(0)
    return "rested"


def waiting():
    flight = Future()
    flight.set_result("landed")
    yield Wait(flight)
    return flight.result()


def impatient():
    flight = Future()
    yield Wait(flight, 0.01)
    return flight.done()


def learning():
    sent = yield Learnt("a part")
    return sent, (yield ASKED).body


def at_once():
    return "no step"
    yield


class Sender:
    """Answers from a list, in which errors are raised."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    def send(self, request):
        self.asked.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def asend(self, request):
        return self.send(request)


def run_sync(flow, sender):
    return drive(flow, sender.send)


def run_async(flow, sender):
    async def main():
        with ThreadPoolExecutor(1) as worker:
            loop = asyncio.get_running_loop()
            return await drive_async(
                flow, sender.asend, lambda *call: loop.run_in_executor(worker, *call)
            )

    return asyncio.run(main())


BOTH = pytest.mark.parametrize("run", [run_sync, run_async], ids=["sync", "async"])


@BOTH
@pytest.mark.parametrize(
    ("flow", "answers", "result"),
    [
        pytest.param(lambda: one_by_one(2), [reply(b"1"), reply(b"2")], [b"1", b"2"], id="replies"),
        pytest.param(
            forgiving, [SourceUnavailable("down"), reply()], ("down", 200), id="error caught"
        ),
        pytest.param(sleeping, [], "rested", id="sleeps"),
        pytest.param(waiting, [], "landed", id="waits for a flight"),
        pytest.param(impatient, [], False, id="waits no longer than it wants to"),
        pytest.param(learning, [reply(b"1")], (None, b"1"), id="what is learnt is passed over"),
        pytest.param(at_once, [], "no step", id="nothing to do"),
    ],
)
def test_flow_runs_to_its_result(run, flow, answers, result):
    assert run(flow(), Sender(*answers)) == result


@BOTH
def test_an_error_that_the_flow_does_not_catch_reaches_the_caller(run):
    with pytest.raises(UnexpectedPayload, match="html"):
        run(unforgiving(), Sender(UnexpectedPayload("html")))


def test_advance_gives_the_result_as_a_value():
    flow = one_by_one(1)
    assert advance(flow) == ASKED
    assert advance(flow, reply(b"x")) == Done([b"x"])


def test_one_who_gives_up_waiting_does_not_cancel_the_flight():
    flight = Future()

    def patient():
        yield Wait(flight)

    async def main():
        with ThreadPoolExecutor(1) as worker:
            loop = asyncio.get_running_loop()
            task = asyncio.ensure_future(
                drive_async(
                    patient(), Sender().asend, lambda *call: loop.run_in_executor(worker, *call)
                )
            )
            await asyncio.sleep(0.02)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(main())
    assert not flight.cancelled()
    flight.set_result(None)
