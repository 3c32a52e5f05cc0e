"""After closing nothing is left open: no connection, no file of the cache, no thread."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import time
from pathlib import Path

import pytest
from conftest import FIXTURES

from trialink import AsyncResolver, Resolver
from trialink.recordings import Recordings
from trialink.testing.server import LoopbackServer

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="counts handles by way of /proc"
)
IDS = ["NCT05066646", "CTR20192510"]


def handles(cache):
    """Return the open sockets and the open files of a cache."""
    gc.collect()
    found = []
    for handle in Path("/proc/self/fd").iterdir():
        try:
            target = str(handle.readlink())
        except OSError:
            continue
        if target.startswith("socket:") or str(cache) in target:
            found.append(target)
    return found


def settled(cache, before):
    """Return the handles once the server, too, has let go of its ends."""
    for _ in range(200):
        if (left := handles(cache)) == before:
            break
        time.sleep(0.01)
    return left


def ask_sync(cache):
    with Resolver(cache=cache, pace=None) as resolver:
        for _ in range(3):
            assert not resolver.resolve(IDS).failed


def ask_from_threads(cache):
    with Resolver(cache=cache, pace=None) as resolver:
        threads = [threading.Thread(target=resolver.resolve, args=(IDS,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def ask_async(cache):
    async def main():
        async with AsyncResolver(cache=cache, pace=None) as resolver:
            await asyncio.gather(*(resolver.resolve(IDS) for _ in range(8)))

    asyncio.run(main())


def ask_in_two_loops(cache):
    for _ in range(2):
        ask_async(cache)


@pytest.mark.parametrize("ask", [ask_sync, ask_from_threads, ask_async, ask_in_two_loops])
def test_nothing_is_left_open(ask, tmp_path, monkeypatch):
    cache = tmp_path / "kept"
    with LoopbackServer(Recordings(FIXTURES)) as server:
        monkeypatch.setenv("TRIALINK_API_URL", server.url)
        before = handles(cache)
        ask(cache)
        assert server.requests
        assert settled(cache, before) == before
    assert cache.exists()
    assert not [each.name for each in threading.enumerate() if each.name.startswith("trialink")]
