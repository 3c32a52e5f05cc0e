"""A registry on a bad day: ten thousand identifiers, and one request in five goes wrong.

    python -m tests.bad_days [SEEDS]

Prints for each of so many seeds (100) the requests that were spent, and in the end the most of
them beside the marks. Ends with an error when an answer is lost, doubled or wrong.
"""

from __future__ import annotations

import asyncio
import sys
from functools import cache

from trialink import AsyncResolver, Resolutions, Resolver
from trialink.cache import MemoryStore
from trialink.model.value import Value
from trialink.recordings import Recordings
from trialink.testing import FLAKY, FaultyTransport, Plan, synthetic_studies

KNOWN, UNKNOWN = 9900, 100
PAGES, REQUESTS = 85, 230  # the marks: lists asked for, and requests in all


def numbers(count: int, *, start: int = 0) -> list[str]:
    """Return the numbers of invented studies, in their order."""
    return [f"NCT{13 * (100_000 + start + place):08d}" for place in range(count)]


IDS = [*numbers(KNOWN), *numbers(UNKNOWN, start=500_000)]
RIGHT = dict.fromkeys(IDS[:KNOWN], "found") | dict.fromkeys(IDS[KNOWN:], "absent")


class Spent(Value):
    """What a day cost: lists asked for, requests in all, and seconds of virtual time."""

    pages: int
    requests: int
    seconds: float


def bad_day(seed: int, *, is_async: bool = False) -> Spent:
    """Resolve all identifiers on the bad day of a seed; raise `AssertionError` if any is wrong."""
    transport = FaultyTransport(_registry(), Plan(FLAKY, share=0.2, seed=seed))
    answers = (_awaited if is_async else _resolved)(transport)
    outcomes = {str(id): each.outcome for id, each in answers.items()}
    assert [*outcomes] == IDS
    wrong = {id: outcome for id, outcome in outcomes.items() if outcome != RIGHT[id]}
    assert not wrong, wrong
    assert all(str(each.record.id) == str(id) for id, each in answers.items() if each.record)
    pages = sum("filter.ids" in dict(request.params) for request in transport.requests)
    return Spent(pages, len(transport.requests), transport.clock.monotonic())


@cache
def _registry() -> Recordings:
    return Recordings(studies=synthetic_studies(KNOWN))


def _resolved(transport: FaultyTransport) -> Resolutions:
    with Resolver(transport=transport, cache=MemoryStore()) as resolver:
        return resolver.resolve(IDS)


def _awaited(transport: FaultyTransport) -> Resolutions:
    async def main() -> Resolutions:
        async with AsyncResolver(transport=transport, cache=MemoryStore()) as resolver:
            return await resolver.resolve(IDS)

    return asyncio.run(main())


def main() -> None:
    """Live through so many bad days and print what they cost."""
    seeds = range(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
    print(f"{'seed':>4}{'lists':>7}{'requests':>10}{'seconds':>9}")
    days = []
    for seed in seeds:
        days.append(bad_day(seed))
        print(f"{seed:4}{days[-1].pages:7}{days[-1].requests:10}{days[-1].seconds:9.0f}")
    pages, requests = max(day.pages for day in days), max(day.requests for day in days)
    print(f"most: {pages} lists (mark {PAGES}), {requests} requests (mark {REQUESTS})")


if __name__ == "__main__":
    main()
