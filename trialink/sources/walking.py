"""All studies, or those that have changed: one page of the list at a time, and their number."""

from __future__ import annotations

from datetime import date

from trialink.flow import Reply, Request
from trialink.model.value import Value
from trialink.sources.listing import PAGE, as_object, page_of, params, unexpected
from trialink.sources.verdicts import judge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from trialink.flow import Flow


class Page(Value):
    """A page of the list: its studies as they came, the token of the next page, None for the last.

    `total` is how many studies all pages have, None where the page does not say.
    """

    reply: Reply
    studies: tuple[Any, ...]
    token: str | None
    total: int | None


def page(origin: str, token: str | None, since: date | None) -> Flow[Page | Reply]:
    """Ask for the page of a token, None for the first; return the reply that refuses it.

    `since` leaves out what was last updated before that day. All parameters go with every token,
    and only the first page says how many studies there are, says the API.
    """
    changed = () if since is None else (("filter.advanced", changed_since(since)),)
    given = params(*changed, ("pageSize", str(PAGE)), ("countTotal", "true"))
    last = () if token is None else (("pageToken", token),)
    reply: Reply = yield Request(f"{origin}/studies", (*given, *last))
    if (verdict := judge(reply)) == "refused":
        return reply
    if verdict != "ok":
        raise unexpected(f"a list answered with status {reply.status}")
    studies, following = page_of(reply)
    return Page(reply, tuple(studies), following, _total(reply))


def counted(origin: str) -> Flow[int | None]:
    """Ask how many studies there are; None where the answer does not say."""
    asked = (("format", "json"), ("fields", "NCTId"), ("pageSize", "1"), ("countTotal", "true"))
    reply: Reply = yield Request(f"{origin}/studies", asked)
    return _total(reply) if judge(reply) == "ok" else None


def changed_since(day: date) -> str:
    """Return the query for what was updated on a day or later; new studies are among it.

    >>> changed_since(date(2026, 8, 21))
    'AREA[LastUpdatePostDate]RANGE[2026-08-21,MAX]'
    """
    return f"AREA[LastUpdatePostDate]RANGE[{day.isoformat()},MAX]"


def _total(reply: Reply) -> int | None:
    total = as_object(reply).get("totalCount")
    return total if type(total) is int else None
