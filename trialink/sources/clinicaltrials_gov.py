"""ClinicalTrials.gov, API v2: requests out, replies in; opens nothing itself.

The interface: https://clinicaltrials.gov/data-api/api
"""

from __future__ import annotations

import os
import re
from ipaddress import ip_address
from urllib.parse import urljoin, urlsplit

from trialink.flow import Reply, Request
from trialink.model.ids import TrialId
from trialink.sources.listing import (
    NAME,
    answered,
    as_object,
    by_halves,
    failed,
    listed,
    lots,
    params,
    refusal,
    said,
    unexpected,
)
from trialink.sources.searching import searched, searched_names
from trialink.sources.verdicts import judge
from trialink.sources.walking import counted, page

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from trialink.flow import Flow
    from trialink.model.resolutions import Resolution
    from trialink.sources import Batch
    from trialink.sources.listing import Answers, Page
    from trialink.sources.record import Record

_PUBLIC = "https://clinicaltrials.gov/api/v2"
_LOOKED_UP = 200  # ids a request: others have asked for 100 to 500, and addresses stay under 4 kB
_SEARCHED = 8  # the server counts the words of a query and refuses "Too complicated query"
_REDIRECTS = 3


class ClinicalTrialsGov:
    """The public registry, or a server that speaks its API.

    `base_url`, else the environment's TRIALINK_API_URL, else the registry itself. Raises
    `ValueError` for an address that is not https, unless it is of this machine.
    """

    name = NAME
    label = "ClinicalTrials.gov"
    serves = frozenset({"nct"})

    def __init__(self, base_url: str | None = None) -> None:
        self.origin = _checked(base_url or os.environ.get("TRIALINK_API_URL") or _PUBLIC)

    def batches(self, ids: Iterable[TrialId]) -> Iterator[Batch]:
        """Yield distinct ids in lots of at most 200."""
        return lots(ids, _LOOKED_UP)

    def searches(self, ids: Iterable[TrialId]) -> Iterator[Batch]:
        """Yield distinct ids in lots of at most 8."""
        return lots(ids, _SEARCHED)

    def lookup(self, batch: Batch) -> Flow[Answers]:
        """Ask for the records of some ids at once: found, moved or failed.

        Ids that the answer leaves out are missing here too: they may not exist, see `confirm`.
        """
        return (yield from by_halves(batch, self._looked_up))

    def search(self, batch: Batch) -> Flow[Answers]:
        """Look for the records that name ids of other registries: cited, unsupported or failed."""
        return (yield from by_halves(batch, lambda lot: searched(self.origin, lot)))

    def name_searches(self, names: Iterable[TrialId]) -> Iterator[Batch]:
        """Yield distinct names in lots of at most 8."""
        return lots(names, _SEARCHED)

    def search_names(self, batch: Batch) -> Flow[Answers]:
        """Look for the records that bear names: cited, unsupported or failed."""
        return (yield from by_halves(batch, lambda lot: searched_names(self.origin, lot)))

    def confirm(self, id: TrialId) -> Flow[Resolution]:
        """Ask about one id alone: found, moved, absent or failed.

        An obsolete number is asked again under the number that the server names, at an address of
        our own making. Raises `UnexpectedPayload` for the record of another trial.
        """
        asked = str(id)
        for _ in range(_REDIRECTS + 1):
            reply: Reply = yield Request(self._study(asked), params())
            verdict = judge(reply)
            if verdict == "ok":
                return self._identified(id, reply)
            if verdict == "missing" and asked == str(id) and _names(reply, asked):
                return answered(id, "absent", reply)
            if verdict != "moved":
                return failed(id, refusal(reply) if verdict == "refused" else _UNCONFIRMED)
            target = self._target(reply, asked)
            if target is None:
                return failed(id, "redirected away from the registry's records; not followed")
            asked = target
        return failed(id, "redirected again and again; ask again later")

    def version(self) -> Flow[tuple[str | None, str | None]]:
        """Ask for the API's version and the timestamp of its data; None for what it leaves out."""
        reply: Reply = yield Request(f"{self.origin}/version")
        facts = as_object(reply) if judge(reply) == "ok" else {}
        version, timestamp = (facts.get(name) for name in ("apiVersion", "dataTimestamp"))
        return (
            version if isinstance(version, str) else None,
            timestamp if isinstance(timestamp, str) else None,
        )

    def page(self, token: str | None = None, since: date | None = None) -> Flow[Page | Reply]:
        """Ask for 1,000 of all studies, those behind a token; `since` names the last updates."""
        return (yield from page(self.origin, token, since))

    def count(self) -> Flow[int | None]:
        """Ask how many studies there are; None where the answer does not say."""
        return (yield from counted(self.origin))

    def _looked_up(self, batch: Batch) -> Flow[Answers | Reply]:
        numbers = ",".join(map(str, batch))
        answer = yield from listed(self.origin, "filter.ids", numbers, count=len(batch))
        if isinstance(answer, Reply):
            return answer
        asked = frozenset(batch)
        answers: Answers = {}
        for record in answer.records:
            for id in asked.intersection((record.id, *record.aliases)):
                if id not in answers or id == record.id:
                    answers[id] = _found(id, record, answer.reply)
        return answers

    def _identified(self, id: TrialId, reply: Reply) -> Resolution:
        from trialink.sources.record import Record

        record = Record.from_api(as_object(reply))
        if id not in (record.id, *record.aliases):
            raise unexpected("answered with another number", id)
        return _found(id, record, reply)

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


_UNCONFIRMED = "absence not confirmed: the answer does not name the number; ask again later"


def _found(id: TrialId, record: Record, reply: Reply) -> Resolution:
    return answered(id, "found" if id == record.id else "moved", reply, (record,))


def _names(reply: Reply, number: str) -> bool:
    return re.search(rf"\b{number}\b", said(reply)) is not None


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
