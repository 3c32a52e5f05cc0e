"""What stops in the middle goes on where it was: interrupts, cancelled tasks, processes."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import subprocess
import sys

import pytest
from bad_days import numbers

from trialink import AsyncResolver, Resolver
from trialink.cache import DiskStore, MemoryStore
from trialink.testing import (
    FaultyTransport,
    LoopbackServer,
    ReplayTransport,
    replay,
    synthetic_studies,
)

IDS = [*numbers(1000), *numbers(3, start=500_000)]  # five lists, and three that are absent
REQUESTS = 6 + 3


class Stopping(FaultyTransport):
    """Answers so many requests, and stops at the next."""

    def __init__(self, answered, stop):
        super().__init__(synthetic_studies(1000))
        self.answered, self.stop = answered, stop

    def send(self, request):
        if len(self.requests) == self.answered:
            raise self.stop
        return super().send(request)

    async def asend(self, request):
        if len(self.requests) == self.answered:
            raise self.stop
        return await super().asend(request)


def resolve_sync(transport, store):
    with Resolver(transport=transport, cache=store) as resolver:
        return resolver.resolve(IDS)


def resolve_async(transport, store):
    async def main():
        async with AsyncResolver(transport=transport, cache=store) as resolver:
            return await resolver.resolve(IDS)

    return asyncio.run(main())


@pytest.mark.parametrize(
    ("resolve", "stop"),
    [
        pytest.param(resolve_sync, KeyboardInterrupt, id="sync, Ctrl-C"),
        pytest.param(resolve_sync, SystemExit, id="sync, exit"),
        pytest.param(resolve_sync, MemoryError, id="sync, no memory"),
        pytest.param(resolve_async, asyncio.CancelledError, id="async, cancelled"),
        pytest.param(resolve_async, MemoryError, id="async, no memory"),
    ],
)
@pytest.mark.parametrize("answered", range(REQUESTS))
def test_what_was_answered_before_a_stop_is_not_asked_again(resolve, stop, answered):
    store = MemoryStore()
    stopped = Stopping(answered, stop)
    with pytest.raises(stop):
        resolve(stopped, store)
    resumed = Stopping(None, None)
    resumed.realm = stopped.realm
    answers = resolve(resumed, store)
    assert answers.summary()["found"] == 1000
    assert answers.summary()["absent"] == 3
    lists = [dict(each.params).get("filter.ids", "") for each in resumed.requests]
    assert sum(len(ids.split(",")) for ids in lists if ids) <= 1003 - 200 * min(answered, 5)


def test_a_cancelled_task_ends_its_sleep_at_once():
    async def main(url):
        os.environ["TRIALINK_API_URL"] = url
        async with AsyncResolver(cache=None, pace=0.001, burst=1) as resolver:
            await resolver.resolve(IDS[0])
            task = asyncio.create_task(resolver.resolve(IDS[1]))
            await asyncio.sleep(0.05)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asyncio.wait_for(task, 30)

    with LoopbackServer(synthetic_studies(2)) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRIALINK_API_URL", server.url)
        asyncio.run(main(server.url))
    assert len(server.requests) == 1


def test_closing_ends_the_sleep_of_others_at_once(monkeypatch):
    from threading import Thread

    came = []
    with LoopbackServer(synthetic_studies(2)) as server:
        monkeypatch.setenv("TRIALINK_API_URL", server.url)
        resolver = Resolver(cache=None, pace=0.001, burst=1)
        resolver.resolve(IDS[0])
        waiting = Thread(target=lambda: came.append(resolver.resolve(IDS[1])))
        waiting.start()
        while not resolver._flights._aloft:
            pass
        resolver.close()
        waiting.join(30)
    [answers] = came
    assert [each.outcome for each in answers.values()] == ["failed"]
    assert "closed" in next(iter(answers.values())).reason


class Spaced(ReplayTransport):
    """Recordings that are asked at a pace, as the registry is."""

    paced = True


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the task's end
def test_a_loop_closed_over_a_call_keeps_nobody_from_closing():
    async def left_behind():
        await resolver.resolve("NCT05066646")
        tasks.append(asyncio.create_task(resolver.resolve("NCT05712863")))
        await asyncio.sleep(0.1)

    tasks = []
    transport = Spaced(replay().recordings)
    resolver = AsyncResolver(transport=transport, pace=0.001, burst=1)
    loop = asyncio.new_event_loop()
    loop.run_until_complete(left_behind())
    loop.close()
    asyncio.run(asyncio.wait_for(resolver.aclose(), 30))
    assert not tasks.pop().done()


def _resolve_in_child(folder, url, ids, answers):
    os.environ["TRIALINK_API_URL"] = url
    with Resolver(cache=folder, pace=None) as resolver:
        answers.put([each.outcome for each in resolver.resolve(ids).values()])


@pytest.mark.parametrize(
    "method",
    [name for name in ("spawn", "forkserver") if name in multiprocessing.get_all_start_methods()],
)
def test_processes_share_a_cache(tmp_path, method):
    context = multiprocessing.get_context(method)
    answers = context.Queue()
    with LoopbackServer(synthetic_studies(1000)) as server:
        arguments = (tmp_path / "kept", server.url, IDS, answers)
        for _ in range(2):
            child = context.Process(target=_resolve_in_child, args=arguments)
            child.start()
            assert answers.get(timeout=60) == ["found"] * 1000 + ["absent"] * 3
            child.join()
        assert len(server.requests) == REQUESTS + 1  # the second asks nothing
    store = DiskStore(tmp_path / "kept")
    assert store.verify().sound
    store.close()


FORKING = """
import os, sys
from trialink import Resolver

with Resolver(cache=sys.argv[1], pace=None) as resolver:
    one = lambda ids: [each.outcome for each in resolver.resolve(ids).values()] == ["found"]
    assert one("NCT01300000")
    children = []
    for number in ("NCT01300013", "NCT01300026"):
        child = os.fork()
        if not child:
            os._exit(0 if one(number) and one("NCT01300000") else 1)
        children.append(child)
    assert one("NCT01300039")
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
    assert one("NCT01300013") and one("NCT01300026")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_resolver_works_on_both_sides_of_a_fork(tmp_path, monkeypatch):
    with LoopbackServer(synthetic_studies(4)) as server:
        monkeypatch.setenv("TRIALINK_API_URL", server.url)
        command = [sys.executable, "-c", FORKING, str(tmp_path / "kept")]
        subprocess.run(command, check=True, timeout=60)
    asked = [dict(each.params)["filter.ids"] for each in server.requests]
    assert sorted(asked) == ["NCT01300000", "NCT01300013", "NCT01300026", "NCT01300039"]
    connections = {each.connection for each in server.requests}
    assert len(connections) == 3  # each child its own, and the parent keeps one


ALOFT = """
import os
from threading import Event, Thread
from trialink import Resolver
from trialink.testing import replay

asked, go_on, recordings = Event(), Event(), replay()

class Waiting:
    paced, realm = False, recordings.realm

    def send(self, request):
        asked.set()
        go_on.wait()
        return recordings.send(request)

resolver = Resolver(transport=Waiting())
one = lambda: resolver.resolve("NCT05066646").summary()["found"] == 1
thread = Thread(target=one)
thread.start()
asked.wait()
child = os.fork()
go_on.set()
if not child:
    os._exit(0 if one() else 1)
assert os.waitpid(child, 0)[1] == 0
thread.join()
assert one()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_child_does_not_wait_for_what_a_thread_of_its_parent_asks():
    assert subprocess.run([sys.executable, "-c", ALOFT], timeout=30).returncode == 0
