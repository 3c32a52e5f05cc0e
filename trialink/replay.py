"""Answers from recordings instead of the registry, and the making of recordings."""

from __future__ import annotations

import json
from pathlib import Path

from trialink.asking import Asking, Budget
from trialink.clock import SystemClock
from trialink.errors import SourceUnavailable
from trialink.finding import parse
from trialink.flow import Reply, Request, drive
from trialink.model.ids import TrialId
from trialink.pace import OwnQueue, Pace
from trialink.recordings import Recordings
from trialink.sources.fields import PERSONAL, projected

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from trialink.model.resolutions import Resolution
    from trialink.transport import Transport

    Answers = Mapping[TrialId, Resolution]


__all__ = ["Recordings", "ReplayTransport", "record", "replay"]

_SOURCE = "clinicaltrials_gov"
_BUNDLED = Path(__file__).parent / "testing" / "recordings"


def replay(directory: Path | str | None = None) -> ReplayTransport:
    """Return a transport that answers from the recordings in a directory.

    None stands for the few studies that come with the package. Raises `ValueError` when the
    directory holds no recordings.
    """
    return ReplayTransport(Recordings(directory or _BUNDLED))


class ReplayTransport:
    """A transport that asks recordings; nothing leaves the machine and nothing is waited for."""

    paced = False

    def __init__(self, recordings: Recordings) -> None:
        self.recordings = recordings
        # Part of every cache key: recordings never answer for the registry itself.
        self.realm = f"recordings in {recordings.directory.resolve()}"

    def send(self, request: Request) -> Reply:
        """Return the recorded answer; raise the `SourceError` that a live one would."""
        from trialink.sources.verdicts import ANSWERS, judge

        reply = self.recordings.compose(request)
        verdict = judge(reply)
        if verdict not in ANSWERS:
            raise SourceUnavailable(f"recorded: {verdict}", source=_SOURCE, url=request.url)
        return reply

    async def asend(self, request: Request) -> Reply:
        """Return what `send` does."""
        return self.send(request)

    def close(self) -> None:
        """Do nothing: no connection is open."""

    async def aclose(self) -> None:
        """Do nothing: no connection is open."""

    def __repr__(self) -> str:
        return f"<ReplayTransport {self.recordings!r}>"


def record(
    ids: Iterable[TrialId | str], directory: Path | str, transport: Transport
) -> dict[TrialId, Resolution]:
    """Ask for some ids and write what the registry says to a directory of recordings.

    Kept are the fields that the library reads: no narrative, no citations, and no name of a
    sponsor or collaborator that is a person. Returns how each id was answered; numbers that
    failed are not recorded. Raises the transport's `SourceError`.
    """
    from trialink.sources.clinicaltrials_gov import ClinicalTrialsGov

    asked = dict.fromkeys(parse(id) if isinstance(id, str) else id for id in ids)
    source, tap = ClinicalTrialsGov(), _Tap(transport)
    own = [id for id in asked if id.registry in source.serves]
    answers: dict[TrialId, Resolution] = {}
    for batch in source.batches(own):
        answers |= drive(source.lookup(batch), tap.send)
    answers |= {id: drive(source.confirm(id), tap.send) for id in own if id not in answers}
    for batch in source.searches(id for id in asked if id not in answers):
        answers |= drive(source.search(batch), tap.send)
    _write(Path(directory) / _SOURCE, answers, tap.files)
    return answers


class _Tap:
    """A transport that keeps the studies that pass through it, as files to be written."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._clock = SystemClock()
        pace = Pace(1.0 if transport.paced else None, 1, OwnQueue(self._clock.monotonic))
        self._asking, self._budget = Asking(self._clock, pace), Budget(self._clock)
        self.files: dict[str, dict[str, Any]] = {}

    def send(self, request: Request) -> Reply:
        """Return the reply of the transport behind to a request for a little more."""
        more = {"fields": "".join(f",{piece}" for piece in PERSONAL)}
        params = tuple((name, value + more.get(name, "")) for name, value in request.params)
        asking = self._asking.ask(request.replace(params=params), self._budget)
        reply = drive(asking, self._transport.send, sleep=self._clock.sleep)
        if reply.status == 200:
            page = json.loads(reply.body)
            for study in page.get("studies", [page]):
                self._keep(study, reply)
        return reply

    def _keep(self, study: dict[str, Any], reply: Reply) -> None:
        impersonal = projected(_without_persons(study))
        number = impersonal["protocolSection"]["identificationModule"]["nctId"]
        self.files[number] = {
            "assembled": reply.origin == "assembled",
            "retrieved_at": reply.retrieved_at,
            "study": impersonal,
        }


def _without_persons(study: dict[str, Any]) -> dict[str, Any]:
    """Take the names of sponsors and collaborators that are persons out of a study."""
    module = study["protocolSection"].get("sponsorCollaboratorsModule", {})
    sponsor = module.get("leadSponsor", {})
    investigator = module.get("responsibleParty", {}).get("type") == "SPONSOR_INVESTIGATOR"
    if investigator or sponsor.get("class") == "INDIV":
        sponsor.pop("name", None)
    others = module.get("collaborators", [])
    others[:] = [other for other in others if other.get("class") != "INDIV"]
    return study


def _write(folder: Path, answers: Answers, files: Mapping[str, dict[str, Any]]) -> None:
    (folder / "studies").mkdir(parents=True, exist_ok=True)
    if not (folder / "about.json").exists() and answers:
        dates = [each.retrieved_at for each in answers.values() if each.retrieved_at]
        assembled = any(each.origin == "assembled" for each in answers.values())
        origin = "assembled" if assembled else "recorded"
        about = {"retrieved_at": min(dates, default=None), "origin": origin}
        _write_json(folder / "about.json", about)
    for resolution in answers.values():
        for found in resolution.records:
            _write_json(folder / "studies" / f"{found.id}.json", files[str(found.id)])
    _add(folder / "absent.txt", _with_outcome(answers, "absent"))
    _add(folder / "unnamed.txt", _with_outcome(answers, "unsupported"))


def _with_outcome(answers: Answers, outcome: str) -> list[str]:
    return [str(id) for id, each in answers.items() if each.outcome == outcome]


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _add(path: Path, numbers: Iterable[str]) -> None:
    """Add numbers to a file that holds one a line."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    known = {line.partition("#")[0].strip() for line in text.splitlines()}
    new = "".join(f"{number}\n" for number in numbers if number not in known)
    if new:
        path.write_text(text + new, encoding="utf-8")
