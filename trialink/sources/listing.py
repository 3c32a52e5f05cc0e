"""Lists of studies: all their pages asked for, in halves as long as the server refuses them."""

from __future__ import annotations

import re
from math import ceil

from trialink.errors import SourceError, UnexpectedPayload
from trialink.flow import Learnt, Reply, Request
from trialink.model.resolutions import Resolution
from trialink.model.value import Value
from trialink.sources.fields import FIELDS
from trialink.sources.verdicts import judge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from trialink.flow import Flow
    from trialink.model.ids import TrialId
    from trialink.model.words import Outcome
    from trialink.sources import Batch
    from trialink.sources.record import Record

    Answers = dict[TrialId, Resolution]

NAME = "clinicaltrials_gov"
PAGE = 1000  # the most that the server gives
_PAGES = 100  # more of them for one request are no answer
_HOPELESS = 8  # numbers refused one by one before a server that accepts nothing is given up


class Page(Value):
    """A page of the list: its studies as they came, the token of the next page, None for the last.

    `total` is how many studies all pages have, None where the page does not say.
    """

    reply: Reply
    studies: tuple[Any, ...]
    token: str | None
    total: int | None


class Listed(Value):
    """The records of a list, with its first reply; whether all that it held could be read."""

    reply: Reply
    records: tuple[Record, ...]
    is_whole: bool


def listed(origin: str, name: str, value: str, *, count: int | None = None) -> Flow[Listed | Reply]:
    """Ask for all pages of the list that a parameter selects; return the reply that refuses it.

    `count` is how many records there can be, None where nobody knows: it bounds the pages.
    """
    given = params((name, value), ("pageSize", str(PAGE)))
    first: Reply | None = None
    records: dict[TrialId, Record] = {}
    tokens: dict[str, None] = {}
    is_whole = True
    pages = _PAGES if count is None else ceil(count / PAGE) + 2
    while len(tokens) < pages:
        page = yield from page_at(origin, given, next(reversed(tokens), None))
        if isinstance(page, Reply):
            return page
        readable = [*_readable(page.studies)]
        records |= {record.id: record for record in readable}
        is_whole = is_whole and len(readable) == len(page.studies)
        first = first or page.reply
        if page.token is None:
            return Listed(first, tuple(records.values()), is_whole)
        if page.token in tokens:
            raise unexpected("a list whose pages run in a circle")
        tokens[page.token] = None
    raise unexpected("a list without an end")


def page_at(origin: str, given: Sequence[tuple[str, str]], token: str | None) -> Flow[Page | Reply]:
    """Ask for the page of a token, None for the first; return the reply that refuses it.

    All parameters go with every token, says the API.
    """
    last = () if token is None else (("pageToken", token),)
    reply: Reply = yield Request(f"{origin}/studies", (*given, *last))
    if (verdict := judge(reply)) == "refused":
        return reply
    if verdict != "ok":
        raise unexpected(f"a list answered with status {reply.status}")
    return _page_of(reply)


def by_halves(batch: Batch, ask: Callable[[Batch], Flow[Answers | Reply]]) -> Flow[Answers]:
    """Ask for a batch, in halves as long as the server refuses: one bad id sinks no other.

    Each half that is answered is told at once: what comes after may fail.
    """
    answers: Answers = {}
    lots, refused, accepted = [batch], 0, False
    while lots:
        lot = lots.pop()
        try:
            answer = yield from ask(lot)
        except SourceError as error:
            if error.id is None or len(batch) == 1:
                raise
            answer = {lot[0]: failed(lot[0], error.reason)}
        if not isinstance(answer, Reply):
            answers, accepted = answers | answer, True
            if lots:
                yield Learnt(answer)
        elif len(lot) > 1:
            _raise_if_ours(answer)
            lots += lot[len(lot) // 2 :], lot[: len(lot) // 2]
        else:
            answers[lot[0]] = failed(lot[0], refusal(answer))
            refused += 1
            if refused > _HOPELESS and not accepted:
                raise unexpected(f"every request is {refusal(answer)}")
    return answers


def lots(ids: Iterable[TrialId], size: int) -> Iterator[Batch]:
    """Yield distinct ids in lots of at most `size`."""
    distinct = tuple(dict.fromkeys(ids))
    for start in range(0, len(distinct), size):
        yield distinct[start : start + size]


def params(*own: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the parameters of a request for what `Record` reads; the first of `own` leads."""
    return (("format", "json"), *own[:1], ("fields", ",".join(FIELDS)), *own[1:])


def answered(
    id: TrialId, outcome: Outcome, reply: Reply, records: tuple[Record, ...] = ()
) -> Resolution:
    """Return the resolution that a reply makes of an id."""
    origin: Any = reply.origin  # the transports' words are those of Resolution
    return Resolution(id, outcome, NAME, records, origin, False, reply.retrieved_at, None)


def failed(id: TrialId, reason: str) -> Resolution:
    """Return the resolution of an id that was not answered."""
    return Resolution(id, "failed", NAME, reason=reason)


def refusal(reply: Reply) -> str:
    """Return the reason of a failure: what the server says when it refuses."""
    return f"refused: {said(reply) or f'status {reply.status}'}"


def said(reply: Reply) -> str:
    """Return the beginning of what the server says, in one printable line."""
    words = reply.body[:400].decode("utf-8", "replace").split()
    return "".join(char for char in " ".join(words) if char.isprintable())[:160]


def as_object(reply: Reply) -> dict[str, Any]:
    """Return the JSON object of a reply; raise `UnexpectedPayload` where it is none."""
    from trialink.sources.record import decoded

    value = decoded(reply.body) if reply.content is None else reply.content
    if not isinstance(value, dict):
        raise unexpected("an answer that is no object")
    return value


def unexpected(reason: str, id: TrialId | None = None) -> UnexpectedPayload:
    """Return the error for what is no answer."""
    return UnexpectedPayload(reason, source=NAME, id=str(id) if id else None)


def total_of(answer: Mapping[str, Any]) -> int | None:
    """Return how many studies all pages of a list have, None where it does not say."""
    total = answer.get("totalCount")
    return total if type(total) is int else None


def _page_of(reply: Reply) -> Page:
    answer = as_object(reply)
    studies, token = answer.get("studies"), answer.get("nextPageToken")
    if not isinstance(studies, list) or not isinstance(token, str | None):
        raise unexpected("a list without studies")
    return Page(reply, tuple(studies), token or None, total_of(answer))


def _readable(studies: Iterable[Any]) -> Iterator[Record]:
    """Yield the records; what has no number is left out and so sinks no other."""
    from trialink.sources.record import Record

    for study in studies:
        try:
            yield Record.from_api(study)
        except UnexpectedPayload:
            continue


def _raise_if_ours(reply: Reply) -> None:
    """Raise when the fields are refused and not the ids: smaller lots would change nothing."""
    if re.search(r"Parameter .fields. ", said(reply)):
        raise unexpected(refusal(reply))
