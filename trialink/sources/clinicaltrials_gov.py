"""ClinicalTrials.gov, API v2: requests out, replies in; opens nothing itself.

The interface: https://clinicaltrials.gov/data-api/api
"""

from __future__ import annotations

import os
import re
from ipaddress import ip_address
from urllib.parse import urljoin, urlsplit

from trialink.errors import SourceError, UnexpectedPayload
from trialink.flow import Reply, Request
from trialink.model.ids import TrialId
from trialink.model.resolutions import Resolution
from trialink.sources.fields import FIELDS
from trialink.sources.verdicts import judge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from trialink.flow import Flow
    from trialink.model.words import Outcome
    from trialink.sources import Batch
    from trialink.sources.record import Record

    Answers = dict[TrialId, Resolution]

_PUBLIC = "https://clinicaltrials.gov/api/v2"
_NAME = "clinicaltrials_gov"
_LOOKED_UP = 200  # ids a request: others have asked for 100 to 500, and addresses stay under 4 kB
_SEARCHED = 8  # the server counts the words of a query and refuses "Too complicated query"
_PAGE = 1000  # the most that the server gives
_PAGES = 100  # more of them for one request are no answer
_REDIRECTS = 3
_HOPELESS = 8  # numbers refused one by one before a server that accepts nothing is given up


class ClinicalTrialsGov:
    """The public registry, or a server that speaks its API.

    `base_url`, else the environment's TRIALINK_API_URL, else the registry itself. Raises
    `ValueError` for an address that is not https, unless it is of this machine.
    """

    name = _NAME
    label = "ClinicalTrials.gov"
    serves = frozenset({"nct"})

    def __init__(self, base_url: str | None = None) -> None:
        self.origin = _checked(base_url or os.environ.get("TRIALINK_API_URL") or _PUBLIC)

    def batches(self, ids: Iterable[TrialId]) -> Iterator[Batch]:
        """Yield distinct ids in lots of at most 200."""
        return _lots(ids, _LOOKED_UP)

    def searches(self, ids: Iterable[TrialId]) -> Iterator[Batch]:
        """Yield distinct ids in lots of at most 8."""
        return _lots(ids, _SEARCHED)

    def lookup(self, batch: Batch) -> Flow[Answers]:
        """Ask for the records of some ids at once: found, moved or failed.

        Ids that the answer leaves out are missing here too: they may not exist, see `confirm`.
        """
        return (yield from _by_halves(batch, self._looked_up))

    def search(self, batch: Batch) -> Flow[Answers]:
        """Look for the records that name ids of other registries: cited, unsupported or failed."""
        return (yield from _by_halves(batch, self._searched))

    def confirm(self, id: TrialId) -> Flow[Resolution]:
        """Ask about one id alone: found, moved, absent or failed.

        An obsolete number is asked again under the number that the server names, at an address of
        our own making. Raises `UnexpectedPayload` for the record of another trial.
        """
        asked = str(id)
        for _ in range(_REDIRECTS + 1):
            reply: Reply = yield Request(self._study(asked), _params())
            verdict = judge(reply)
            if verdict == "ok":
                return self._identified(id, reply)
            if verdict == "missing" and asked == str(id) and _names(reply, asked):
                return _resolution(id, "absent", reply)
            if verdict != "moved":
                return _failed(id, _refusal(reply) if verdict == "refused" else _UNCONFIRMED)
            target = self._target(reply, asked)
            if target is None:
                return _failed(id, "redirected away from the registry's records; not followed")
            asked = target
        return _failed(id, "redirected again and again; ask again later")

    def version(self) -> Flow[tuple[str | None, str | None]]:
        """Ask for the API's version and the timestamp of its data; None for what it leaves out."""
        reply: Reply = yield Request(f"{self.origin}/version")
        facts = _object(reply) if judge(reply) == "ok" else {}
        version, timestamp = (facts.get(name) for name in ("apiVersion", "dataTimestamp"))
        return (
            version if isinstance(version, str) else None,
            timestamp if isinstance(timestamp, str) else None,
        )

    def _looked_up(self, batch: Batch) -> Flow[Answers | Reply]:
        reply, records, _ = yield from self._pages("filter.ids", ",".join(map(str, batch)))
        if records is None:
            return reply
        asked = frozenset(batch)
        answers: Answers = {}
        for record in records:
            for id in asked.intersection((record.id, *record.aliases)):
                if id not in answers or id == record.id:
                    answers[id] = _answered(id, record, reply)
        return answers

    def _searched(self, batch: Batch) -> Flow[Answers | Reply]:
        from trialink.sources.declared import declared_ids

        reply, records, is_whole = yield from self._pages("filter.advanced", expression(batch))
        if records is None:
            return reply
        named = [(record, declared_ids(record)) for record in records]
        answers = {
            id: _cited(id, [record for record, ids in named if id in ids], reply) for id in batch
        }
        if is_whole:
            return answers
        return {
            id: _failed(id, _UNREADABLE) if each.outcome == "unsupported" else each
            for id, each in answers.items()
        }

    def _pages(self, name: str, value: str) -> Flow[tuple[Reply, list[Record] | None, bool]]:
        """Ask for all pages of a list; return a reply, the records, and whether all were readable.

        The records are None when the server refuses the list.
        """
        params = _params((name, value), ("pageSize", str(_PAGE)))
        first: Reply | None = None
        records: dict[TrialId, Record] = {}
        tokens: dict[str, None] = {}
        is_whole = True
        while len(tokens) < _PAGES:
            # All parameters go with every token, says the API.
            last = tuple(("pageToken", token) for token in [*tokens][-1:])
            reply: Reply = yield Request(f"{self.origin}/studies", (*params, *last))
            if (verdict := judge(reply)) == "refused":
                return reply, None, is_whole
            if verdict != "ok":
                raise _unexpected(f"a list answered with status {reply.status}")
            studies, token = _page(reply)
            readable = [*_readable(studies)]
            records |= {record.id: record for record in readable}
            is_whole = is_whole and len(readable) == len(studies)
            first = first or reply
            if token is None:
                return first, [*records.values()], is_whole
            if token in tokens:
                raise _unexpected("a list whose pages run in a circle")
            tokens[token] = None
        raise _unexpected("a list without an end")

    def _identified(self, id: TrialId, reply: Reply) -> Resolution:
        from trialink.sources.record import Record

        record = Record.from_api(_object(reply))
        if id not in (record.id, *record.aliases):
            raise _unexpected("answered with another number", id)
        return _answered(id, record, reply)

    def _study(self, number: str) -> str:
        return f"{self.origin}/studies/{number}"

    def _target(self, reply: Reply, asked: str) -> str | None:
        """Return the number that a redirect leads to; None when it leads anywhere else."""
        try:
            place = urlsplit(urljoin(self._study(asked), reply.location or ""))
        except ValueError:
            return None
        number = place.path.rpartition("/")[2]
        same = place._replace(query="", fragment="").geturl() == self._study(number)
        return number if same and re.fullmatch(r"NCT[0-9]{8}", number) else None


_UNREADABLE = "an answer held a record that could not be read; ask again later"
_UNCONFIRMED = "absence not confirmed: the answer does not name the number; ask again later"


def expression(ids: Iterable[TrialId]) -> str:
    """Return the query for records that hold one of the numbers as another registry's.

    Quotes keep a number whole, `Term` ignores case and hyphens; the domain of a secondary id is
    in no search area, and numbers have been typed there (NCT06029816).
    https://clinicaltrials.gov/find-studies/constructing-complex-search-queries
    """
    phrases = " OR ".join(f'"{id}"' for id in ids)
    areas = ("ExternalIdsSearch", "SecondaryIdDomain")
    return " OR ".join(f"AREA[{area}]EXPANSION[Term]({phrases})" for area in areas)


def _by_halves(batch: Batch, ask: Callable[[Batch], Flow[Answers | Reply]]) -> Flow[Answers]:
    """Ask for a batch, in halves as long as the server refuses: one bad id sinks no other."""
    answers: Answers = {}
    lots, refused, accepted = [batch], 0, False
    while lots:
        lot = lots.pop()
        try:
            answer = yield from ask(lot)
        except SourceError as error:
            if error.id is None or len(batch) == 1:
                raise
            answer = {lot[0]: _failed(lot[0], error.reason)}
        if not isinstance(answer, Reply):
            answers, accepted = answers | answer, True
        elif len(lot) > 1:
            _raise_if_ours(answer)
            lots += lot[len(lot) // 2 :], lot[: len(lot) // 2]
        else:
            answers[lot[0]] = _failed(lot[0], _refusal(answer))
            refused += 1
            if refused > _HOPELESS and not accepted:
                raise _unexpected(f"every request is {_refusal(answer)}")
    return answers


def _raise_if_ours(reply: Reply) -> None:
    """Raise when the fields are refused and not the ids: smaller lots would change nothing."""
    if re.search(r"Parameter .fields. ", _said(reply)):
        raise _unexpected(_refusal(reply))


def _page(reply: Reply) -> tuple[Sequence[Any], str | None]:
    page = _object(reply)
    studies, token = page.get("studies"), page.get("nextPageToken")
    if not isinstance(studies, list) or not isinstance(token, str | None):
        raise _unexpected("a list without studies")
    return studies, token or None


def _readable(studies: Iterable[Any]) -> Iterator[Record]:
    """Yield the records; what has no number is left out and so sinks no other."""
    from trialink.sources.record import Record

    for study in studies:
        try:
            yield Record.from_api(study)
        except UnexpectedPayload:
            continue


def _object(reply: Reply) -> dict[str, Any]:
    from trialink.sources.record import decoded

    value = decoded(reply.body) if reply.content is None else reply.content
    if not isinstance(value, dict):
        raise _unexpected("an answer that is no object")
    return value


def _answered(id: TrialId, record: Record, reply: Reply) -> Resolution:
    return _resolution(id, "found" if id == record.id else "moved", reply, (record,))


def _cited(id: TrialId, records: Iterable[Record], reply: Reply) -> Resolution:
    naming = tuple(sorted(records, key=lambda record: record.id))
    if naming:
        return _resolution(id, "cited", reply, naming)
    reason = (
        f"no source answers for {id.registry}; "
        f"ClinicalTrials.gov was searched and no record there names {id}"
    )
    return _resolution(id, "unsupported", reply).replace(reason=reason)


def _resolution(
    id: TrialId, outcome: Outcome, reply: Reply, records: tuple[Record, ...] = ()
) -> Resolution:
    origin: Any = reply.origin  # the transports' words are those of Resolution
    return Resolution(id, outcome, _NAME, records, origin, False, reply.retrieved_at, None)


def _failed(id: TrialId, reason: str) -> Resolution:
    return Resolution(id, "failed", _NAME, reason=reason)


def _refusal(reply: Reply) -> str:
    return f"refused: {_said(reply) or f'status {reply.status}'}"


def _said(reply: Reply) -> str:
    """Return the beginning of what the server says, in one printable line."""
    words = reply.body[:400].decode("utf-8", "replace").split()
    return "".join(char for char in " ".join(words) if char.isprintable())[:160]


def _names(reply: Reply, number: str) -> bool:
    return re.search(rf"\b{number}\b", _said(reply)) is not None


def _params(*own: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return (("format", "json"), *own[:1], ("fields", ",".join(FIELDS)), *own[1:])


def _lots(ids: Iterable[TrialId], size: int) -> Iterator[Batch]:
    distinct = tuple(dict.fromkeys(ids))
    for start in range(0, len(distinct), size):
        yield distinct[start : start + size]


def _unexpected(reason: str, id: TrialId | None = None) -> UnexpectedPayload:
    return UnexpectedPayload(reason, source=_NAME, id=str(id) if id else None)


def _checked(url: str) -> str:
    if _may_be_asked(url):
        return url.rstrip("/")
    raise ValueError(
        "the address of a ClinicalTrials.gov API (TRIALINK_API_URL) must begin with https:// "
        "(http:// only for this machine) and hold no blank, user, query or fragment"
    )


def _may_be_asked(url: str) -> bool:
    try:
        place = urlsplit(url)
        port = place.port
    except ValueError:
        return False
    host, is_bare = place.hostname or "", "@" not in place.netloc and not re.search(r"[\s?#]", url)
    is_safe = place.scheme == "https" or (place.scheme == "http" and _is_own(host))
    return bool(host) and is_bare and is_safe and port != 0 and url.isprintable()


def _is_own(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
