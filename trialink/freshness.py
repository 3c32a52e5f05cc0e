"""What is known of a stored answer goes in, what it is worth by now comes out; pure."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from trialink.model.words import Outcome

    Freshness = Literal["fresh", "stale", "expired"]

FRESH_DAYS = {  # by outcome where it has a row, else by the status of the record
    "absent": 1,
    "unsupported": 1,
    "cited": 7,
    "RECRUITING": 7,
    "NOT_YET_RECRUITING": 7,
    "ENROLLING_BY_INVITATION": 7,
    "ACTIVE_NOT_RECRUITING": 7,
    "SUSPENDED": 7,
    "AVAILABLE": 7,
    "TEMPORARILY_NOT_AVAILABLE": 7,
    "COMPLETED": 30,
    "TERMINATED": 30,
    "WITHDRAWN": 30,
    "NO_LONGER_AVAILABLE": 30,
    "APPROVED_FOR_MARKETING": 30,
    "WITHHELD": 30,
    "UNKNOWN": 30,  # the registry's word for "not verified for two years"
}
OTHERWISE_DAYS = 7  # a record without a status, or with a word that is not known yet
USABLE = timedelta(days=365)
SERVED_WITHIN = timedelta(days=1)  # after they were made, data are served everywhere
TOLERANCE = timedelta(minutes=5)  # by which the clocks of two machines may differ
_WRITTEN = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"


def freshness(
    outcome: Outcome,
    status: str | None,
    retrieved_at: str | None,
    now: datetime,
    *,
    max_age: timedelta | None = None,
    data_date: str | None = None,
    data_timestamp: str | None = None,
) -> Freshness:
    """Return what a stored answer is worth at the time `now`, which must be aware.

    A `fresh` answer stands for the registry's; a `stale` one is asked again and serves while the
    registry cannot be asked; an `expired` one is worth nothing. Each begins when the age is
    reached: 7 days to the second are stale, and `max_age=timedelta(0)` makes nothing fresh. The
    age is that of `retrieved_at`, UTC as YYYY-MM-DDTHH:MM:SSZ. A time in the future says nothing
    of the age: the answer is stale, but for the few minutes by which clocks differ. `max_age`
    stands in for every row of the table.

    What is old by its age is fresh all the same when the registry's data have not changed since:
    `data_timestamp` is when those that it serves now were made (UTC, YYYY-MM-DDTHH:MM:SS), and
    `data_date` that of the record. Raises `TypeError` when `now` has no time zone.

    >>> from datetime import UTC
    >>> now = datetime(2026, 11, 22, tzinfo=UTC)
    >>> freshness("found", "RECRUITING", "2026-11-16T00:00:00Z", now)
    'fresh'
    >>> freshness("found", "RECRUITING", "2026-11-15T00:00:00Z", now)
    'stale'
    >>> timestamp = "2026-11-13T09:00:05"
    >>> freshness("absent", None, "2026-11-15T00:00:00Z", now, data_timestamp=timestamp)
    'fresh'
    """
    retrieved = _instant(retrieved_at)
    if retrieved is None:
        return "expired"
    age = now - retrieved
    if age < -TOLERANCE:
        return "stale"
    if max(age, timedelta(0)) < (_lifetime(outcome, status) if max_age is None else max_age):
        return "fresh"
    if age >= USABLE:
        return "expired"
    is_of_now = max_age is None and _is_of(data_timestamp, data_date, retrieved)
    return "fresh" if is_of_now else "stale"


def _is_of(data_timestamp: str | None, data_date: str | None, retrieved: datetime) -> bool:
    """Return whether an answer is of the data of a timestamp.

    Data are served some time after they were made, so that an answer of the same day may be of
    those before, unless its record bears their date.
    """
    made = _instant(f"{data_timestamp}Z")
    if made is None:
        return False
    return retrieved - made >= SERVED_WITHIN or (data_date or "") >= made.strftime("%Y-%m-%d")


def _instant(text: Any) -> datetime | None:
    try:
        if not re.fullmatch(_WRITTEN, text, re.ASCII):  # fromisoformat takes much more
            return None
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def _lifetime(outcome: Outcome, status: str | None) -> timedelta:
    row = outcome if outcome in FRESH_DAYS else status or ""
    return timedelta(days=FRESH_DAYS.get(row, OTHERWISE_DAYS))
