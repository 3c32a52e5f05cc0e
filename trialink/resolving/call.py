"""One call of a resolver as a flow: memory first, then the sources, each id asked once."""

from __future__ import annotations

from trialink.errors import SourceBlocked, SourceError
from trialink.flow import Done, Learnt, Request, Wait, advance
from trialink.model.resolutions import Resolution, Resolutions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import TypeVar

    from trialink.asking import Asking, Budget
    from trialink.errors import InvalidTrialId
    from trialink.flow import Flow, Reply
    from trialink.model.ids import TrialId
    from trialink.model.resolutions import SourceVersion
    from trialink.resolving.flights import Flights
    from trialink.resolving.memory import Memory
    from trialink.snapshot.answers import SnapshotAnswers
    from trialink.sources import Source

    Answers = Mapping[TrialId, Resolution]
    Found = dict[TrialId, Resolution]
    T = TypeVar("T")

_CONFIRMED, _CONFIRMED_SHARE = 50, 0.02  # ids asked about one by one in a call, at most
_SEVERAL = 5  # requests, from which on a call also asks of when the data are
_FAILURES = 3  # in a row, after which a source is not asked again in this call
OFFLINE = "offline"


class Call:
    """The identifiers of one `resolve`, on their way from asked to answered.

    A source that blocks, or cannot be reached at all, is not asked again in the same call: its
    ids fail with the same error. `dated` says that sources are asked of when their data are.
    Whoever runs the flow must call `give_up` in the end, so that
    nobody waits for flights that will not land.
    """

    def __init__(
        self,
        ids: Iterable[TrialId],
        *,
        sources: Sequence[Source],
        memory: Mapping[str, Memory],
        snapshot: SnapshotAnswers | None,
        asking: Mapping[str, Asking],
        flights: Flights,
        budget: Budget,
        offline: bool,
        dated: bool,
        progress: Callable[[int, int], object] | None,
    ) -> None:
        self.ids = tuple(dict.fromkeys(ids))
        self.answers: dict[TrialId, Resolution] = {}
        self.errors: list[SourceError] = []
        self._stale: dict[TrialId, Resolution] = {}
        self._claimed: set[TrialId] = set()
        self._down: dict[str, SourceError] = {}
        self._failures: dict[str, int] = {}
        self._sources, self._memory, self._asking = sources, memory, asking
        self._served = frozenset[str]().union(*(source.serves for source in sources))
        self._snapshot = snapshot
        self._snapshot_version: SourceVersion | None = None  # of the snapshot, if it has answered
        self._flights, self._budget = flights, budget
        self._offline, self._dated, self._progress = offline, dated, progress

    def flow(self) -> Flow[None]:
        """Answer every id."""
        while pending := [id for id in self.ids if id not in self.answers]:
            mine, theirs = self._flights.claim(pending)
            self._claimed |= {*mine}
            yield from self._recall(mine)
            yield from self._ask([id for id in mine if id not in self.answers])
            for id, flight in theirs.items():
                yield Wait(flight)
                if (landed := flight.result()) is not None:
                    self._answer({id: landed})
        if self._budget.made >= _SEVERAL:  # who asks little is not made to ask for more
            for source in self._sources:
                yield from self._date(source)

    def give_up(self) -> None:
        """Land the flights that are still aloft, so that others ask for themselves."""
        while self._claimed:
            self._flights.land(self._claimed.pop(), None)

    def resolutions(self, rejected: Iterable[tuple[str, InvalidTrialId]] = ()) -> Resolutions:
        """Return the answers in the order of the ids, with what went wrong on the way."""
        answered = (self.answers[id] for id in self.ids)
        versions = filter(None, (self._memory[source.name].version for source in self._sources))
        version = self._snapshot_version or next(versions, None)
        return Resolutions(answered, rejected=rejected, errors=self.errors, version=version)

    def _recall(self, ids: Iterable[TrialId]) -> Flow[None]:
        """Answer from memory what is fresh; keep what is old for when nobody else answers."""
        unknown = [*ids]
        for source in self._sources:
            fresh, stale = self._at_hand(source, unknown)
            dates_matter = stale and self._memory[source.name].max_age is None
            if dates_matter and (yield from self._date(source)):
                fresh, stale = self._at_hand(source, unknown)
            self._stale |= stale
            self._answer(fresh)
            unknown = [id for id in unknown if id not in fresh]
        if self._offline:
            known = self._snapshot.lacking if self._snapshot else None
            reason = "; ".join(filter(None, (OFFLINE, known)))
            self._answer({id: self._failed(self._sources[0], id, reason) for id in unknown})

    def _at_hand(self, source: Source, ids: list[TrialId]) -> tuple[Found, Found]:
        """Return what memory or snapshot know, the newer of both: what is fresh, what is old."""
        fresh, stale = self._memory[source.name].recall(ids)
        if self._snapshot is None or self._snapshot.source != source.name:
            return fresh, stale
        others = self._served - source.serves  # whose own sources answer for them
        asked = [id for id in ids if id.registry not in others]
        settled, serving = self._snapshot.recall(asked, source.serves)
        newer = {
            id: each
            for id, each in settled.items()
            if not (_is_newer(fresh.get(id), each) or _is_denied(stale.get(id), each))
        }
        if newer:
            self._snapshot_version = self._snapshot.version
        fresh |= newer
        stale |= {id: each for id, each in serving.items() if not _is_newer(stale.get(id), each)}
        return fresh, {id: each for id, each in stale.items() if id not in fresh}

    def _date(self, source: Source) -> Flow[bool]:
        """Ask, once a day, of when a source's data are; return whether it has said so just now."""
        memory = self._memory[source.name]
        if not self._dated or source.name in self._down or memory.version:
            return False
        asking = self._measured(source, source.version(), self._budget.once())
        try:
            api_version, data_timestamp = yield from asking
        except SourceError:  # whether it can be asked, the look-ups tell
            api_version, data_timestamp = None, None
        memory.keep_version(api_version, data_timestamp)
        return data_timestamp is not None

    def _ask(self, ids: list[TrialId]) -> Flow[None]:
        """Ask each id's own registry, then look for the others in the records of the rest."""
        for source in self._sources:
            yield from self._look_up(source, [id for id in ids if id.registry in source.serves])
        strangers = [id for id in ids if id.registry not in self._served]
        for source in self._sources:
            yield from self._search(source, strangers)
            strangers = [id for id in strangers if self.answers[id].outcome != "cited"]

    def _look_up(self, source: Source, ids: Iterable[TrialId]) -> Flow[None]:
        missing: list[TrialId] = []
        for batch in source.batches(ids):
            answers = yield from self._tried(source, batch, source.lookup)
            self._settle(source, answers)
            missing += [id for id in batch if id not in answers]
        yield from self._confirm(source, missing)

    def _confirm(self, source: Source, ids: list[TrialId]) -> Flow[None]:
        """Ask one by one what a list left out, likely numbers first, up to the limit of a call."""
        likely_first = sorted(ids, key=lambda id: id.check_digit == "suspect")
        limit = max(_CONFIRMED, int(_CONFIRMED_SHARE * len(self.ids)))
        for id in likely_first[:limit]:
            answers = yield from self._tried(
                source, (id,), lambda batch: _alone(source.confirm(batch[0]))
            )
            self._settle(source, answers)
        reason = "absence not confirmed: too many unknown numbers for one call; ask again"
        self._settle(
            source,
            {id: self._failed(source, id, reason) for id in likely_first[limit:]},
        )

    def _search(self, source: Source, ids: Iterable[TrialId]) -> Flow[None]:
        for batch in source.searches(ids):
            answers = yield from self._tried(source, batch, source.search)
            self._settle(source, answers)

    def _tried(
        self,
        source: Source,
        batch: tuple[TrialId, ...],
        ask: Callable[[tuple[TrialId, ...]], Flow[Answers]],
    ) -> Flow[Answers]:
        """Return the answers to a batch; all failed when the source could not be asked."""
        error = self._down.get(source.name)
        if error is None:
            try:
                answers = yield from self._measured(source, ask(batch), self._budget)
                self._failures[source.name] = 0
                return answers
            except SourceError as raised:
                error = raised
                self._note(source, error)
        told = {id: self.answers[id] for id in batch if id in self.answers}
        own = {id: each for id, each in told.items() if each.source == source.name}
        return {id: self._failed(source, id, error.reason) for id in batch} | own

    def _note(self, source: Source, error: SourceError) -> None:
        """Remember an error, and whether the source is to be asked again."""
        self.errors.append(error)
        if error.id is not None:
            return  # about one number, as in "not recorded"
        unanswered = source.name not in self._failures
        failures = self._failures.get(source.name, 0) + 1
        if unanswered or isinstance(error, SourceBlocked) or failures >= _FAILURES:
            self._down[source.name] = error
        else:
            self._failures[source.name] = failures

    def _measured(self, source: Source, flow: Flow[T], budget: Budget) -> Flow[T]:
        """Run a source's flow, its requests as the resolver allows."""
        step = advance(flow)
        while not isinstance(step, Done):
            answer: Reply | SourceError | None = None
            try:
                if isinstance(step, Request):
                    answer = yield from self._asking[source.name].ask(step, budget)
                elif isinstance(step, Learnt):
                    self._settle(source, step.part)
                else:
                    answer = yield step
            except SourceError as error:
                answer = error
            step = advance(flow, answer)
        result: T = step.value
        return result

    def _failed(self, source: Source, id: TrialId, reason: str) -> Resolution:
        old = self._stale.get(id)
        if old is None:
            return Resolution(id, "failed", source.name, reason=reason)
        return old.replace(stale=True, reason=f"an old answer, since: {reason}")

    def _settle(self, source: Source, answers: Answers) -> None:
        """Keep what a source answered and let those who wait for it have it."""
        self._memory[source.name].keep(answers.values())
        self._answer(answers)

    def _answer(self, answers: Answers) -> None:
        self.answers |= answers
        for id, resolution in answers.items():
            if id in self._claimed:
                self._claimed.discard(id)
                self._flights.land(id, resolution)
        if self._progress and answers:
            self._progress(len(self.answers), len(self.ids))


def _alone(flow: Flow[Resolution]) -> Flow[Answers]:
    resolution = yield from flow
    return {resolution.id: resolution}


def _is_denied(kept: Resolution | None, other: Resolution) -> bool:
    """Return whether an earlier answer knows of no record, and what is kept has some."""
    has_none = other.outcome == "unsupported"
    return has_none and _is_newer(kept, other) and bool(kept and kept.records)


def _is_newer(kept: Resolution | None, other: Resolution) -> bool:
    """Return whether what is kept was asked for later than another answer."""
    return kept is not None and (kept.retrieved_at or "") > (other.retrieved_at or "")
