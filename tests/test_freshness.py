"""How long a stored answer stands, by what it says and by the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialink.freshness import freshness

NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
YEAR = timedelta(days=365)
LIFETIMES = [  # outcome, status of the record, days
    ("absent", None, 1),
    ("absent", "COMPLETED", 1),
    ("unsupported", None, 1),
    ("cited", None, 7),
    ("cited", "COMPLETED", 7),
    ("found", None, 7),
    ("found", "A_WORD_OF_NEXT_YEAR", 7),
    ("found", "completed", 7),
    ("found", "RECRUITING", 7),
    ("found", "NOT_YET_RECRUITING", 7),
    ("found", "ENROLLING_BY_INVITATION", 7),
    ("found", "ACTIVE_NOT_RECRUITING", 7),
    ("found", "SUSPENDED", 7),
    ("found", "AVAILABLE", 7),
    ("found", "TEMPORARILY_NOT_AVAILABLE", 7),
    ("found", "COMPLETED", 30),
    ("found", "TERMINATED", 30),
    ("found", "WITHDRAWN", 30),
    ("found", "NO_LONGER_AVAILABLE", 30),
    ("found", "APPROVED_FOR_MARKETING", 30),
    ("found", "WITHHELD", 30),
    ("found", "UNKNOWN", 30),
    ("moved", "RECRUITING", 7),
    ("moved", "COMPLETED", 30),
]
AGES = st.timedeltas(min_value=timedelta(days=-4000), max_value=timedelta(days=4000))


def written(age):
    return (NOW - age).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(("outcome", "status", "days"), LIFETIMES)
def test_each_kind_of_answer_has_its_lifetime(outcome, status, days):
    lifetime = timedelta(days=days)
    verdicts = {
        age: freshness(outcome, status, written(age), NOW)
        for age in (timedelta(0), lifetime - SECOND, lifetime, YEAR - SECOND, YEAR)
    }
    assert list(verdicts.values()) == ["fresh", "fresh", "stale", "stale", "expired"]


@pytest.mark.parametrize(("outcome", "status", "days"), LIFETIMES)
def test_max_age_stands_in_for_every_lifetime(outcome, status, days):
    def verdict(age, max_age):
        return freshness(outcome, status, written(age), NOW, max_age=max_age)

    hour = timedelta(hours=1)
    assert verdict(hour - SECOND, hour) == "fresh"
    assert verdict(hour, hour) == "stale"
    assert verdict(timedelta(0), timedelta(0)) == "stale"
    assert verdict(timedelta(0), -hour) == "stale"
    assert verdict(2 * YEAR, 3 * YEAR) == "fresh"
    assert verdict(2 * YEAR, hour) == "expired"


@pytest.mark.parametrize(
    ("ahead", "verdict"),
    [
        (timedelta(seconds=1), "fresh"),
        (timedelta(minutes=5), "fresh"),
        (timedelta(minutes=5, seconds=1), "stale"),
        (timedelta(days=1), "stale"),
        (timedelta(days=3650), "stale"),
    ],
)
def test_a_time_in_the_future_is_never_younger_than_new(ahead, verdict):
    assert freshness("found", "COMPLETED", written(-ahead), NOW) == verdict
    assert freshness("found", "COMPLETED", written(-ahead), NOW, max_age=YEAR) == verdict
    assert freshness("absent", None, written(-ahead), NOW, max_age=timedelta(0)) == "stale"


@pytest.mark.parametrize(
    "text",
    [
        None,
        20261122,
        "",
        "yesterday",
        "2026-11-22",
        "2026-11-22T12:00:00",
        "2026-11-22T12:00:00+00:00",
        "2026-11-22 12:00:00Z",
        "2026-11-22T12:00:00Z\n",
        "2026-02-30T12:00:00Z",
        "2026-11-22T25:00:00Z",
        "2026-11-22T12:00:60Z",
        "0000-11-22T12:00:00Z",
        "12026-11-22T12:00:00Z",
        "\ud800",
    ],
)
def test_an_unreadable_time_is_expired(text):
    assert freshness("found", "COMPLETED", text, NOW) == "expired"
    assert freshness("found", "COMPLETED", text, NOW, max_age=10 * YEAR) == "expired"


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_the_ends_of_the_calendar_are_times_too(text):
    assert freshness("found", None, text, NOW) == ("expired" if text < "2" else "stale")


def test_now_may_be_in_any_time_zone_but_must_be_in_one():
    for hours in (-11, 0, 14):
        there = NOW.astimezone(timezone(timedelta(hours=hours)))
        assert freshness("absent", None, written(timedelta(days=1) - SECOND), there) == "fresh"
        assert freshness("absent", None, written(timedelta(days=1)), there) == "stale"
    with pytest.raises(TypeError, match="naive"):
        freshness("absent", None, written(SECOND), NOW.replace(tzinfo=None))


@given(st.sampled_from(LIFETIMES), AGES, AGES, st.none() | AGES)
def test_an_answer_only_gets_worse_with_age(row, one, other, max_age):
    outcome, status, _ = row
    younger, older = sorted((max(one, timedelta(0)), max(other, timedelta(0))))
    worth = ["fresh", "stale", "expired"].index

    def verdict(age, limit):
        return worth(freshness(outcome, status, written(age), NOW, max_age=limit))

    assert verdict(younger, max_age) <= verdict(older, max_age)


@pytest.mark.parametrize(
    ("data_date", "timestamp", "verdict"),
    [
        (None, None, "stale"),
        (None, "2026-11-12T09:00:05", "stale"),
        (None, "2026-11-11T12:00:01", "stale"),
        (None, "2026-11-11T12:00:00", "fresh"),
        ("2026-11-12", "2026-11-12T09:00:05", "fresh"),
        ("2026-11-11", "2026-11-12T09:00:05", "stale"),
        ("2026-11-13", "2026-11-12T09:00:05", "fresh"),
        ("", "2026-11-12T09:00:05", "stale"),
        ("2026-11-13", "9999-12-31T23:59:59", "stale"),
        ("2026-11-12", "yesterday", "stale"),
        ("2026-11-12", "2026-11-12T09:00:05Z", "stale"),
    ],
)
def test_what_is_old_is_fresh_when_it_is_of_the_data_served_now(data_date, timestamp, verdict):
    ten_days = timedelta(days=10)
    facts = {"data_date": data_date, "data_timestamp": timestamp}
    assert freshness("found", "RECRUITING", written(ten_days), NOW, **facts) == verdict
    assert freshness("found", "RECRUITING", written(YEAR), NOW, **facts) == "expired"
    week = {"max_age": timedelta(days=7)}
    assert freshness("found", "RECRUITING", written(ten_days), NOW, **facts, **week) == "stale"
