"""One core for sync and async: a look-up is a generator of steps, run by one of two drivers.

A flow yields what it cannot do itself and is sent what came of it:

- `Request`: ask the registry; the flow is sent a `Reply`, or a `SourceError` is thrown into it
- `Wait`: wait until somebody else's flight has landed; sent None
- `Sleep`: let time pass; sent None
- `Learnt`: keep what is known before the end, lest an interruption lose it; sent None

A flow never blocks and opens nothing, so that the drivers alone decide where it runs.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Generator
from concurrent.futures import Future, wait
from typing import Any, TypeVar

from trialink.errors import SourceError
from trialink.model.value import Value

T = TypeVar("T")


class Request(Value):
    """A GET that a source wants made.

    `url` has no query; `params` are its names and values in order; `timeout` is the seconds that
    it may take in all, None for as long as the transport allows.
    """

    url: str
    params: tuple[tuple[str, str], ...] = ()
    timeout: float | None = None


class Reply(Value):
    """What came back: a complete, decoded body of any status.

    `origin` is live, recorded or assembled; `retrieved_at` is UTC, YYYY-MM-DDTHH:MM:SSZ;
    `content` the JSON value of the body, None where nobody has read it yet.
    """

    status: int
    content_type: str
    body: bytes
    origin: str = "live"
    retrieved_at: str | None = None
    location: str | None = None
    content: Any = None


class Wait(Value):
    """Wait for a flight that another caller has in the air, for some seconds at most."""

    flight: Future[Any]
    seconds: float | None = None


class Sleep(Value):
    """Let some seconds pass."""

    seconds: float


class Learnt(Value):
    """A part of what the flow will return; who does not keep it passes over it."""

    part: Any


Step = Request | Wait | Sleep | Learnt
Flow = Generator[Step, Any, T]


class Done(Value):
    """The end of a flow, with its result; `StopIteration` could not travel through a future."""

    value: Any


def drive(
    flow: Flow[T],
    send: Callable[[Request], Reply],
    *,
    sleep: Callable[[float], object] = time.sleep,
) -> T:
    """Run a flow to its end in this thread and return its result."""
    step = advance(flow)
    while not isinstance(step, Done):
        answer: Reply | SourceError | None = None
        if isinstance(step, Request):
            try:
                answer = send(step)
            except SourceError as error:
                answer = error
        elif isinstance(step, Wait):
            wait([step.flight], step.seconds)
        elif isinstance(step, Sleep):
            sleep(step.seconds)
        step = advance(flow, answer)
    result: T = step.value
    return result


async def drive_async(
    flow: Flow[T],
    send: Callable[[Request], Awaitable[Reply]],
    run: Callable[..., Awaitable[Any]],
    *,
    sleep: Callable[[float], Awaitable[object]] | None = None,
) -> T:
    """Run a flow to its end, its steps through `run`, its waiting in the event loop.

    `run(function, *arguments)` calls a function in a worker thread. All steps of all flows that
    share flights must use one thread. A cancelled flow is left to the collector: the worker may
    be inside it still.
    """
    import asyncio

    step = await run(advance, flow)
    while not isinstance(step, Done):
        answer: Reply | SourceError | None = None
        if isinstance(step, Request):
            try:
                answer = await send(step)
            except SourceError as error:
                answer = error
        elif isinstance(step, Wait):
            # Not awaited itself: one who gives up must not cancel the flight of others.
            await asyncio.wait([asyncio.wrap_future(step.flight)], timeout=step.seconds)
        elif isinstance(step, Sleep):
            await (sleep or asyncio.sleep)(step.seconds)
        step = await run(advance, flow, answer)
    result: T = step.value
    return result


def advance(flow: Flow[Any], answer: Reply | SourceError | None = None) -> Step | Done:
    """Take a flow to its next step; an error is thrown into it."""
    try:
        return flow.throw(answer) if isinstance(answer, SourceError) else flow.send(answer)
    except StopIteration as end:
        return Done(end.value)
