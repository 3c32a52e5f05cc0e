"""Thousands of identifiers while a registry is flaky, down, or down for a while."""

from __future__ import annotations

import pytest
from bad_days import IDS, PAGES, REQUESTS, bad_day, numbers
from test_faults import resolving

from trialink.cache import MemoryStore
from trialink.testing import FAULTS, FLAKY, FaultyTransport, Plan, synthetic_studies


@pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])
def test_ten_thousand_ids_on_a_bad_day_are_each_answered_rightly(is_async):
    spent = bad_day(20261127, is_async=is_async)
    assert spent.pages <= PAGES
    assert spent.requests <= REQUESTS


DOWN = [name for name in FAULTS if FAULTS[name] in FLAKY and name != "row dropped"]


@resolving
@pytest.mark.parametrize(
    ("name", "count"), [(DOWN[0], len(IDS)), *[(name, 1000) for name in DOWN[1:]]]
)
def test_a_registry_that_is_down_ends_the_call_in_its_deadline(resolve, name, count):
    known, ids = numbers(400), IDS[:count]
    store, studies = MemoryStore(), [*synthetic_studies(400)]
    filled = FaultyTransport(studies)
    resolve(filled, known, cache=store)
    transport = FaultyTransport(studies, FAULTS[name])
    transport.realm = filled.realm
    transport.clock.advance(40 * 86400)  # what is kept is old by then
    begun = transport.clock.monotonic()
    [answers] = resolve(transport, ids, cache=store, deadline=120)
    assert transport.clock.monotonic() - begun <= 120
    assert len(transport.requests) <= 8
    assert len(answers) == len(ids)
    assert answers.summary()["failed"] == len(ids) - 400
    assert sum(each.stale for each in answers.values()) == 400
    assert {str(id) for id, each in answers.items() if each.stale} == {*known}


@resolving
@pytest.mark.parametrize("name", ["503", "reset", "web page"])
def test_what_was_answered_before_it_went_down_is_not_asked_again(resolve, name):
    ids = numbers(6000)
    transport = FaultyTransport(
        synthetic_studies(len(ids)), Plan((FAULTS[name],), first=15, last=22)
    )
    first, second = resolve(transport, ids, ids, cache=MemoryStore(), between=900)
    failed = transport.requests[14:22]
    assert all(request.fault for request in failed)
    assert first.summary() == {**first.summary(), "found": 14 * 200, "failed": 16 * 200}
    assert second.summary()["found"] == len(ids)
    assert len(transport.requests) == 14 + len(failed) + 16
