"""What is known of an identifier after asking: one resolution an id."""

from __future__ import annotations

from collections.abc import Mapping

from trialink.model.ids import TrialId
from trialink.model.shown import angled, brief
from trialink.model.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, Self

    from trialink.errors import InvalidTrialId, SourceError
    from trialink.model.words import Origin, Outcome
    from trialink.sources.record import Record

OUTCOMES: tuple[Outcome, ...] = ("found", "moved", "cited", "absent", "unsupported", "failed")


class Resolution(Value):
    """The answer for one identifier, with where it comes from and why it is what it is.

    `outcome` is one of

    - found: its own registry answered with its record
    - moved: the same, under its current number
    - cited: its own registry cannot be asked, but records of another registry name it
    - absent: its own registry says that there is no such record
    - unsupported: no source answers for its registry, and no record that was searched names it
    - failed: nobody could be asked; `reason` says what to do

    `records` are the records that answer or name it; `origin` is live, cache, snapshot, recorded,
    assembled, or None when nobody answered; `stale` says that an old answer serves because the
    registry is down; `retrieved_at` is UTC, YYYY-MM-DDTHH:MM:SSZ.
    """

    id: TrialId
    outcome: Outcome
    source: str | None
    records: tuple[Record, ...] = ()
    origin: Origin | None = None
    stale: bool = False
    retrieved_at: str | None = None
    reason: str | None = None

    @property
    def record(self) -> Record | None:
        """The only record; None when there is none, or several."""
        return self.records[0] if len(self.records) == 1 else None

    @property
    def cached(self) -> bool:
        """Whether the answer came from the cache."""
        return self.origin == "cache"

    def __repr__(self) -> str:
        return angled(f"Resolution {self.id} {self.outcome}{self._detail()}")

    def _detail(self) -> str:
        if not self.records:
            return (
                f": {(self.reason or 'no reason given').partition(';')[0]}" if self.reason else ""
            )
        shown = [origin for origin in (self.origin,) if origin not in (None, "live", "cache")]
        parts = [
            ", ".join([record.id.label, f"data of {record.data_date}", *shown])
            for record in self.records[:1]
        ]
        more = f", +{len(self.records) - 1} more" if len(self.records) > 1 else ""
        return f": {parts[0]}{more}"

    def __str__(self) -> str:
        from trialink.rendering.sentences import resolution_sentence

        return resolution_sentence(self)


class SourceVersion(Value):
    """What a source said of itself: the version of its interface, and when its data were made.

    `asked_at` is UTC, YYYY-MM-DDTHH:MM:SSZ; None stands for what it left out.
    """

    asked_at: str
    api_version: str | None = None
    data_timestamp: str | None = None


class Resolutions(Mapping[TrialId, Resolution]):
    """The answers for some identifiers: a mapping from id to `Resolution`.

    Ids stand in the order of their first appearance. Look up by `TrialId` or by number.
    `rejected` holds what was no identifier, with the error that says why; `errors` what went
    wrong on the way to the registries; `version` what the source said of its interface and data
    within the last day, None when it was not asked.
    """

    def __init__(
        self,
        resolutions: Iterable[Resolution] = (),
        *,
        rejected: Iterable[tuple[str, InvalidTrialId]] = (),
        errors: Iterable[SourceError] = (),
        version: SourceVersion | None = None,
    ) -> None:
        self._by_id = {resolution.id: resolution for resolution in resolutions}
        self.rejected = tuple(rejected)
        self.errors = tuple(errors)
        self.version = version

    def __getitem__(self, id: TrialId | str) -> Resolution:
        if isinstance(id, TrialId):
            return self._by_id[id]
        for known, resolution in self._by_id.items():
            if known.number.casefold() == id.casefold():
                return resolution
        raise KeyError(brief(id))

    def __iter__(self) -> Iterator[TrialId]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    def __repr__(self) -> str:
        ids = "1 id" if len(self) == 1 else f"{len(self)} ids"
        counts = [f"{count} {outcome}" for outcome, count in self.summary().items() if count]
        return f"<Resolutions {ids}{': ' if counts else ''}{', '.join(counts)}>"

    def summary(self) -> dict[Outcome, int]:
        """Return how many ids have each outcome, all outcomes named."""
        found = [resolution.outcome for resolution in self._by_id.values()]
        return {outcome: found.count(outcome) for outcome in OUTCOMES}

    @property
    def failed(self) -> tuple[Resolution, ...]:
        """The resolutions whose outcome is failed."""
        return tuple(each for each in self._by_id.values() if each.outcome == "failed")

    def raise_for_failed(self) -> Self:
        """Raise a `SourceError` when an id has failed; else return itself."""
        from trialink.errors import SourceUnavailable

        if not self.failed:
            return self
        if self.errors:
            raise self.errors[0]
        first = self.failed[0]
        raise SourceUnavailable(first.reason or "not asked", source=first.source, id=str(first.id))

    def to_list(self) -> list[dict[str, Any]]:
        """Return the JSON form, one object an id."""
        return [resolution.to_dict() for resolution in self._by_id.values()]
