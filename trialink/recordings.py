"""Recorded studies in, the answers of the API composed from them out; offline.

    DIR/clinicaltrials_gov/about.json        where the recordings come from, and their date
                           studies/*.json    one study a file, under a header
                           absent.txt        numbers that the registry denies
                           unnamed.txt       numbers of other registries that no record names
                           unborne-names.txt names of trials that no record bears
                           exchanges/*.json  a request and its reply as they were, matched first

What is recorded nowhere is an error that says how to record it, never an empty answer.
"""

from __future__ import annotations

import json
import re
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from trialink.errors import InvalidTrialId, SourceUnavailable
from trialink.finding import parse
from trialink.finding.folding import fold
from trialink.flow import Reply, Request
from trialink.sources.fields import PERSONAL, PIECES, projected
from trialink.sources.searching import bears, same_name, spellings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from trialink.model.ids import TrialId
    from trialink.sources.record import Record

    Study = Mapping[str, Any]

_SOURCE = "clinicaltrials_gov"
_VERSION = "2.0.5"  # of the interface that is composed
_NUMBER = re.compile(r"[Nn][Cc][Tt]0*([1-9][0-9]{0,7})")  # what the API takes for one
_LISTED = {"format", "filter.ids", "filter.advanced", "fields", "pageSize", "pageToken"} | {
    "countTotal"
}
_SINCE = re.compile(r"AREA\[LastUpdatePostDate\]RANGE\[([0-9-]{10}),MAX\]")


class Recordings:
    """Recorded studies, and the API's answers composed from them.

    `used` collects the files that served an answer, as paths below `directory`. Files are read
    when first needed. `studies` in place of a directory are a whole registry of their own, in
    which every other number is absent. Raises `ValueError` for a directory without recordings.
    """

    def __init__(
        self, directory: Path | str = "", *, studies: Iterable[Study] | None = None
    ) -> None:
        self.directory = Path(directory)
        self.used: set[str] = set()
        self._folder = self.directory / _SOURCE
        self._given = None if studies is None else tuple(studies)
        if self._given is None and not (self._folder / "about.json").is_file():
            raise ValueError(f"no recordings in {directory}: {_SOURCE}/about.json is missing")

    def __repr__(self) -> str:
        return f"<Recordings of {len(self._studies)} studies, {self._about['origin']}>"

    def compose(self, request: Request) -> Reply:
        """Return the API's answer to a request.

        Raises `SourceUnavailable` for what is not recorded, naming what comes nearest.
        """
        place = re.search(r"/(studies(?:/[^/]*)?|version)\Z", urlsplit(request.url).path)
        path = place[0] if place else ""
        if recorded := self._exchanged(path, request.params):
            return recorded
        if path == "/studies":
            return self._list(dict(request.params))
        if path.startswith("/studies/"):
            return self._single(path, request)
        if path == "/version" and self._is_whole:
            return self._version()
        raise _not_recorded(f"{request.url} is not recorded")

    @property
    def files(self) -> frozenset[str]:
        """All files with recordings, as paths below `directory`."""
        paths = [*self._folder.glob("*/*.json"), *self._folder.glob("*.txt")]
        return frozenset(path.relative_to(self.directory).as_posix() for path in paths)

    @property
    def numbers(self) -> frozenset[str]:
        """The numbers of the recorded studies, without aliases."""
        return frozenset(self._studies)

    def _exchanged(self, path: str, params: Sequence[tuple[str, str]]) -> Reply | None:
        for name, exchange in self._exchanges:
            asked = exchange["request"]
            # Format and fields change what an answer shows, not whether it is one.
            shown = {"format", "fields"} - asked["params"].keys()
            given = {key: value for key, value in params if key not in shown}
            if (path, given) == (asked["path"], asked["params"]):
                self._use(f"exchanges/{name}")
                return self._verbatim(exchange["reply"])
        return None

    def _verbatim(self, reply: Mapping[str, Any]) -> Reply:
        body = reply.get("body", "")
        text = body if isinstance(body, str) else json.dumps(body)
        return self._reply(reply["status"], reply["content_type"], text, reply.get("location"))

    def _single(self, path: str, request: Request) -> Reply:
        match = _NUMBER.fullmatch(path.removeprefix("/studies/"))
        if match is None:
            return self._refusal("Parameter `nctId` has incorrect format")
        number = f"NCT{match[1]:0>8}"
        if number in self._studies:
            return self._found(number, dict(request.params))
        if current := self._aliases.get(number):
            self._use(f"studies/{current}.json")
            base = urlsplit(request.url).path.removesuffix(path)
            return self._reply(301, "text/plain", "", f"{base}/studies/{current}")
        if number in self._absent or self._is_whole:
            self._use("absent.txt")
            return self._reply(404, "text/plain", f"NCT number {number} not found")
        raise self._not_recorded(number)

    def _version(self) -> Reply:
        """Return what a registry of given studies says of itself: data of their last date."""
        derived = (each["study"].get("derivedSection", {}) for each in self._studies.values())
        dates = [part.get("miscInfoModule", {}).get("versionHolder", "") for part in derived]
        stamp = {"dataTimestamp": f"{max(dates)}T09:00:05"} if any(dates) else {}
        return self._reply(200, "application/json", json.dumps({"apiVersion": _VERSION} | stamp))

    def _found(self, number: str, params: Mapping[str, str]) -> Reply:
        return self._json(self._shown(number, params), [number])

    def _list(self, params: dict[str, str]) -> Reply:
        if unknown := params.keys() - _LISTED:
            raise _not_recorded(f"a list by {', '.join(sorted(unknown))} is not recorded")
        found: list[str] | Reply = []
        if "filter.ids" in params:
            found = self._with_ids(params["filter.ids"])
        elif since := _SINCE.fullmatch(params.get("filter.advanced", "")):
            found = self._updated_since(since[1])
        elif "filter.advanced" in params:
            found = self._searched(params["filter.advanced"])
        else:
            found = [*self._studies]  # the recordings are all that there is
        return found if isinstance(found, Reply) else self._paged(found, params)

    def _with_ids(self, listed: str) -> list[str] | Reply:
        matches = [_NUMBER.fullmatch(item) for item in re.split(r"[,|]", listed)]
        if not all(matches):
            return self._refusal("Parameter `filter.ids` has incorrect format")
        asked = [f"NCT{match[1]:0>8}" for match in matches if match]
        current = {self._aliases.get(number, number) for number in asked}
        return sorted(current & self._studies.keys())  # in the registry's order, not the asked

    def _updated_since(self, day: str) -> list[str]:
        """Return the studies that were updated on a day or later."""
        dates = {
            number: (record.last_update_posted_date or "")
            for number, record in self._records.items()
        }
        return [number for number, updated in dates.items() if updated >= day]

    def _searched(self, query: str) -> list[str] | Reply:
        """Return the studies that name one of the quoted numbers, or bear one of the names.

        What the recordings know nothing of is refused in company, so that the rest is asked again
        without it.
        """
        phrases = [*dict.fromkeys(re.findall(r'"([^"]*)"', query))]
        is_of_names = query.startswith("AREA[TitleSearch]")
        found, unknown, count = (self._bearing if is_of_names else self._naming)(phrases)
        if not unknown or self._is_whole:
            return sorted(found)
        if count > 1:
            return self._refusal("Error parsing query in advanced filter: Too complicated query")
        raise _name_not_recorded(unknown[0]) if is_of_names else self._not_recorded(unknown[0])

    def _naming(self, phrases: Sequence[str]) -> tuple[set[str], list[str], int]:
        """Return the studies that name a number; numbers without any answer; how many are asked.

        A phrase that is no number by itself is another spelling of one.
        """
        asked: set[TrialId] = set()
        for phrase in phrases:
            known = self._spelled.get(phrase.casefold(), ())
            asked |= {*known} or {*filter(None, [_parsed(phrase)])}
        if not asked <= self._named.keys():
            self._use("unnamed.txt")
        found = set[str]().union(*(self._named.get(id, ()) for id in asked))
        unknown = [str(id) for id in sorted(asked - self._named.keys() - self._unnamed)]
        return found, unknown if asked else [*phrases], len(asked)

    def _bearing(self, names: Sequence[str]) -> tuple[set[str], list[str], int]:
        """Return the studies that bear a name; names without any answer; how many are asked."""
        found: set[str] = set()
        unknown: list[str] = []
        for name in names:
            bearing = {number for number, record in self._records.items() if bears(record, name)}
            found |= bearing
            if not bearing and not self._is_unborne(name):
                unknown.append(name)
        return found, unknown, len(names)

    def _is_unborne(self, name: str) -> bool:
        whole = same_name(name)
        if is_listed := any(whole.fullmatch(fold(each)) for each in self._unborne):
            self._use("unborne-names.txt")
        return is_listed

    def _paged(self, numbers: list[str], params: Mapping[str, str]) -> Reply:
        size, start = params.get("pageSize", "0"), params.get("pageToken", "p0")
        if not re.fullmatch(r"[0-9]{1,9}", size) or not re.fullmatch(r"p[0-9]{1,9}", start):
            return self._refusal("Parameter `pageSize` or `pageToken` has incorrect format")
        first, last = int(start[1:]), int(start[1:]) + (min(int(size), 1000) or 10)
        shown = numbers[first:last]
        page: dict[str, Any] = {"studies": [self._shown(number, params) for number in shown]}
        if last < len(numbers):
            page["nextPageToken"] = f"p{last}"
        if params.get("countTotal") == "true" and "pageToken" not in params:
            page["totalCount"] = len(numbers)
        return self._json(page, shown)

    def _shown(self, number: str, params: Mapping[str, str]) -> Study:
        self._use(f"studies/{number}.json")
        study: Study = self._studies[number]["study"]
        if not params.get("fields"):
            return study
        fields = re.split(r"[,|]", params["fields"])
        if unknown := [field for field in fields if field not in PIECES | PERSONAL]:
            raise _not_recorded(f"the field {unknown[0]} is not recorded")
        return projected(study, fields)

    def _json(self, value: Study, numbers: Iterable[str]) -> Reply:
        """Return an answer made of some studies: assembled if one is, of the earliest date."""
        reply = self._reply(200, "application/json", json.dumps(value))
        headers = [self._studies[number] for number in numbers]
        dates: set[Any] = {header.get("retrieved_at", reply.retrieved_at) for header in headers}
        kinds = {header.get("assembled", reply.origin == "assembled") for header in headers}
        return reply.replace(
            origin={True: "assembled", False: "recorded"}[max(kinds)] if kinds else reply.origin,
            retrieved_at=min(dates, default=reply.retrieved_at),
        )

    def _refusal(self, why: str) -> Reply:
        return self._reply(400, "text/plain", why)

    def _reply(
        self, status: int, content_type: str, body: str, location: str | None = None
    ) -> Reply:
        origin, date = self._about["origin"], self._about["retrieved_at"]
        return Reply(status, content_type, body.encode(), origin, date, location)

    def _use(self, file: str) -> None:
        self.used.add(f"{_SOURCE}/{file}")

    def _not_recorded(self, number: str) -> SourceUnavailable:
        known = [*self._studies, *self._aliases]
        nearest = min(known, key=lambda other: (_distance(number, other), other), default=None)
        reason = f"not recorded; nearest recorded {nearest}" if nearest else "not recorded"
        return _not_recorded(reason, number)

    @property
    def _is_whole(self) -> bool:
        return self._given is not None

    @cached_property
    def _about(self) -> dict[str, Any]:
        about: dict[str, Any] = {"origin": "assembled", "retrieved_at": None}
        return about if self._is_whole else about | json.loads(_read(self._folder / "about.json"))

    @cached_property
    def _studies(self) -> dict[str, dict[str, Any]]:
        if self._given is not None:
            return {_number(study): {"study": study} for study in self._given}
        paths = sorted(self._folder.glob("studies/*.json"))
        recorded = [json.loads(_read(path)) for path in paths]
        return {_number(each["study"]): each for each in recorded}

    @cached_property
    def _aliases(self) -> dict[str, str]:
        return {
            alias: number
            for number, each in self._studies.items()
            for alias in _identification(each["study"]).get("nctIdAliases", ())
        }

    @cached_property
    def _records(self) -> dict[str, Record]:
        from trialink.sources.record import Record

        return {number: Record.from_api(each["study"]) for number, each in self._studies.items()}

    @cached_property
    def _named(self) -> dict[TrialId, set[str]]:
        from trialink.sources.declared import declared_ids

        named: dict[TrialId, set[str]] = {}
        for number, record in self._records.items():
            for id in declared_ids(record):
                named.setdefault(id, set()).add(number)
        return named

    @cached_property
    def _spelled(self) -> dict[str, set[TrialId]]:
        """The numbers that the recordings know something of, by each of their spellings."""
        spelled: dict[str, set[TrialId]] = {}
        for id in {*self._named, *self._unnamed}:
            for spelling in spellings(id):
                spelled.setdefault(spelling.casefold(), set()).add(id)
        return spelled

    @cached_property
    def _absent(self) -> frozenset[str]:
        return frozenset(_lines(self._folder / "absent.txt"))

    @cached_property
    def _unnamed(self) -> frozenset[TrialId]:
        return frozenset(parse(line) for line in _lines(self._folder / "unnamed.txt"))

    @cached_property
    def _unborne(self) -> tuple[str, ...]:
        return tuple(_lines(self._folder / "unborne-names.txt"))

    @cached_property
    def _exchanges(self) -> Sequence[tuple[str, dict[str, Any]]]:
        paths = sorted(self._folder.glob("exchanges/*.json"))
        return [(path.name, json.loads(_read(path))) for path in paths]


def _parsed(phrase: str) -> TrialId | None:
    try:
        return parse(phrase)
    except InvalidTrialId:
        return None


def _identification(study: Study) -> Mapping[str, Any]:
    found: Mapping[str, Any] = study["protocolSection"]["identificationModule"]
    return found


def _number(study: Study) -> str:
    return str(_identification(study)["nctId"])


def _distance(number: str, other: str) -> int:
    return sum(a != b for a, b in zip(number, other, strict=False)) + abs(len(number) - len(other))


def _lines(path: Path) -> list[str]:
    """Return the numbers in a file: one a line, `#` begins a remark; none without the file."""
    lines = _read(path).splitlines() if path.is_file() else []
    return [number for line in lines if (number := line.partition("#")[0].strip())]


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _name_not_recorded(name: str) -> SourceUnavailable:
    reason = "not recorded: no recorded study bears the name"
    advice = "record a study that bears it; or list it in unborne-names.txt where none does"
    return SourceUnavailable(reason, source=_SOURCE, advice=advice, id=name)


def _not_recorded(reason: str, number: str | None = None) -> SourceUnavailable:
    advice = f"record it: trialink record {number or 'ID'} DIR"
    return SourceUnavailable(reason, source=_SOURCE, advice=advice, id=number)
