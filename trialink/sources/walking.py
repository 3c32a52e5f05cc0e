"""All studies, or those that have changed: one page of the list at a time, and their number."""

from __future__ import annotations

from datetime import date

from trialink.flow import Reply, Request
from trialink.sources.listing import PAGE, as_object, page_at, params, total_of
from trialink.sources.verdicts import judge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trialink.flow import Flow
    from trialink.sources.listing import Page


def page(origin: str, token: str | None, since: date | None) -> Flow[Page | Reply]:
    """Ask for the page of a token, None for the first; return the reply that refuses it.

    `since` leaves out what was last updated before that day. Only the first page says how many
    studies there are, says the API.
    """
    changed = () if since is None else (("filter.advanced", changed_since(since)),)
    given = params(*changed, ("pageSize", str(PAGE)), ("countTotal", "true"))
    return (yield from page_at(origin, given, token))


def counted(origin: str) -> Flow[int | None]:
    """Ask how many studies there are; None where the answer does not say."""
    asked = (("format", "json"), ("fields", "NCTId"), ("pageSize", "1"), ("countTotal", "true"))
    reply: Reply = yield Request(f"{origin}/studies", asked)
    return total_of(as_object(reply)) if judge(reply) == "ok" else None


def changed_since(day: date) -> str:
    """Return the query for what was updated on a day or later; new studies are among it.

    >>> changed_since(date(2026, 8, 21))
    'AREA[LastUpdatePostDate]RANGE[2026-08-21,MAX]'
    """
    return f"AREA[LastUpdatePostDate]RANGE[{day.isoformat()},MAX]"
