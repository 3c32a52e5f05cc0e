"""A reply in, one word for what it means out, and a few for what is no answer: the outcomes."""

from __future__ import annotations

import re
from typing import Literal

from trialink.flow import Reply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container

    Row = tuple[Container[int], Callable[[Reply], bool], "Verdict"]

__all__ = ["ANSWERS", "Verdict", "describe", "judge"]

Verdict = Literal[
    "ok", "refused", "missing", "moved", "limited", "unavailable", "blocked", "unexpected"
]
ANSWERS: frozenset[Verdict] = frozenset(("ok", "refused", "missing", "moved"))
"""The verdicts on what the registry itself says; for all others a transport raises."""


def judge(reply: Reply) -> Verdict:
    """Return what a reply means, by its status, its type, and what its body begins with.

    An object is told by its braces alone: whether the whole body is JSON is for its reader. What
    is in no row of the table is unexpected: something in between answers, or an unknown server.
    Observed errors of the registry are text/plain: https://clinicaltrials.gov/data-api/api

    >>> judge(Reply(404, "text/plain", b"NCT number NCT99999999 not found"))
    'missing'
    >>> judge(Reply(404, "text/html", b"<h1>Not Found</h1>"))
    'unexpected'
    """
    for statuses, fits, verdict in _TABLE:
        if reply.status in statuses and fits(reply):
            return verdict
    return "unexpected"


def describe(reply: Reply) -> str:
    """Return in a few words what a reply is that is no answer.

    >>> describe(Reply(403, "text/html", b"<h1>Forbidden</h1>"))
    'refused by a filter (403)'
    """
    verdict, status = judge(reply), reply.status
    if verdict == "blocked":
        return f"refused by a filter ({status})"
    if verdict != "unexpected":
        return "too many requests" if status == 429 else f"status {status}"
    if "html" in _media(reply):
        return f"a web page in place of an answer (status {status})"
    kind = "that is no JSON object" if status == 200 else f"of no known kind (status {status})"
    return f"an answer {kind}"


def _is_object(reply: Reply) -> bool:
    body = reply.body.strip(b" \t\r\n")  # the white space of JSON
    return _is_json(reply) and body.startswith(b"{") and body.endswith(b"}")


def _leads_on(reply: Reply) -> bool:
    return bool(reply.location)


def _is_plain(reply: Reply) -> bool:
    return _is_text(reply) or _is_json(reply)


def _denies(reply: Reply) -> bool:
    """Tell whether the body is the one that the API has for an unknown number."""
    denial = rb"\s*NCT number NCT[0-9]{8} not found\.?\s*"
    return _is_text(reply) and re.fullmatch(denial, reply.body) is not None


def _whatever(_: Reply) -> bool:
    return True


def _is_text(reply: Reply) -> bool:
    return _media(reply) == "text/plain"


def _is_json(reply: Reply) -> bool:
    return re.fullmatch(r"application/([a-z0-9.-]+\+)?json", _media(reply)) is not None


def _media(reply: Reply) -> str:
    return reply.content_type.partition(";")[0].strip().lower()


_TABLE: tuple[Row, ...] = (
    ((200,), _is_object, "ok"),
    ((301, 302, 303, 307, 308), _leads_on, "moved"),
    ((400,), _is_plain, "refused"),
    ((413, 414, 431), _whatever, "refused"),  # too long, whoever says so: a shorter one may pass
    ((404,), _denies, "missing"),
    ((401, 403, 407), _whatever, "blocked"),
    ((408, 425, 429), _whatever, "limited"),
    (range(500, 600), _whatever, "unavailable"),
)
