"""What a snapshot answers about identifiers, as a resolver would have it from the registry."""

from __future__ import annotations

import logging

from trialink.freshness import freshness
from trialink.model.resolutions import Resolution, SourceVersion
from trialink.snapshot.file import damaged
from trialink.snapshot.table import Snapshot
from trialink.sources.declared import declared_ids
from trialink.sources.listing import NAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime, timedelta
    from pathlib import Path

    from trialink.model.ids import TrialId
    from trialink.model.words import Outcome
    from trialink.sources.record import Record

    Found = dict[TrialId, Resolution]
    Read = tuple[Record, str | None]

_LOG = logging.getLogger("trialink")


class SnapshotAnswers:
    """The answers of a snapshot, which never make a look-up fail.

    `source` is the key of the source that was read. A snapshot that is not complete does not say
    that no record names a number, nor that those it has are all. None says that a number is absent.
    What is damaged counts as not there, and the log says so once.
    """

    source = NAME

    def __init__(
        self,
        snapshot: Snapshot | str | Path,
        *,
        max_age: timedelta | None = None,
        now: Callable[[], datetime],
    ) -> None:
        self._is_own = not isinstance(snapshot, Snapshot)
        self.snapshot = snapshot if isinstance(snapshot, Snapshot) else Snapshot(snapshot)
        self._max_age, self._now, self._is_told = max_age, now, False

    @property
    def version(self) -> SourceVersion:
        """What the registry said of itself when it was read."""
        info = self.snapshot.info
        return SourceVersion(info.retrieved_at or "", info.api_version, info.data_timestamp)

    @property
    def lacking(self) -> str:
        """What can be said of a number that it does not hold."""
        whole = "" if self.snapshot.info.complete else ", which is not complete"
        return f"not in the snapshot of {self.snapshot.info.date}{whole}"

    def recall(self, ids: Iterable[TrialId], serves: frozenset[str]) -> tuple[Found, Found]:
        """Return the answers at hand, and those that may serve while the registry is down.

        `serves` are the keys of registries whose own records are in the snapshot. By itself an
        answer is good at any age; with a `max_age` older ones only serve.
        """
        settled: Found = {}
        serving: Found = {}
        for id in ids:
            is_own = id.registry in serves
            answer = self._read(id, is_own=is_own)
            if answer is not None:
                is_whole = is_own or self.snapshot.info.complete
                (settled if is_whole and self._is_fresh(answer) else serving)[id] = answer
        return settled, serving

    def close(self) -> None:
        """Close the snapshot, unless it was passed in."""
        if self._is_own:
            self.snapshot.close()

    def _read(self, id: TrialId, *, is_own: bool) -> Resolution | None:
        try:
            return self._own(id) if is_own else self._other(id)
        except ValueError as error:
            if not self._is_told:
                _LOG.warning("%s; what cannot be read is asked for", error)
            self._is_told = True
            return None

    def _own(self, id: TrialId) -> Resolution | None:
        found = self.snapshot.read(id)
        if found is None:
            return None
        return self._answer(id, "found" if found[0].id == id else "moved", [found])

    def _other(self, id: TrialId) -> Resolution | None:
        numbers = self.snapshot.naming(id)
        found = [read for each in numbers if (read := self.snapshot.read(each))]
        info = self.snapshot.info
        if len(found) < len(numbers) or not (found or info.complete):
            return None
        if not all(id in declared_ids(record) for record, _ in found):
            raise damaged(self.snapshot.path, ValueError(f"a record that does not name {id}"))
        if found:
            return self._answer(id, "cited", found)
        reason = (
            f"no source answers for {id.registry}; the snapshot of {info.date} was searched and no "
            f"record there names {id}"
        )
        return Resolution(
            id, "unsupported", self.source, (), info.origin, False, info.retrieved_at, reason
        )

    def _answer(self, id: TrialId, outcome: Outcome, found: list[Read]) -> Resolution:
        """Return the answer that is made of records, as old as the oldest."""
        records = tuple(record for record, _ in found)
        retrieved_at = min((time for _, time in found if time), default=None)
        origin = self.snapshot.info.origin
        return Resolution(id, outcome, self.source, records, origin, False, retrieved_at)

    def _is_fresh(self, answer: Resolution) -> bool:
        if self._max_age is None:
            return True
        age = freshness(
            answer.outcome, None, answer.retrieved_at, self._now(), max_age=self._max_age
        )
        return age == "fresh"
