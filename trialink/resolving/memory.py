"""What a resolver remembers: resolutions as entries of a store, read back with care."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from trialink.freshness import freshness
from trialink.model.resolutions import Resolution, SourceVersion

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from trialink.cache import Store
    from trialink.model.ids import TrialId

_CLOSED = (ValueError, RuntimeError)  # of a store that was closed while a call was running
_KEPT = frozenset({"found", "moved", "cited", "absent", "unsupported"})
_DAILY = timedelta(days=1)
_WRITTEN = "%Y-%m-%dT%H:%M:%SZ"


class Memory:
    """Resolutions in a store, under keys that name whose answers they are.

    `realm` is the address that was asked, or the recordings that answered in its place: answers
    of one can never stand for those of another. A failed resolution is never kept.
    """

    def __init__(
        self,
        store: Store | None,
        realm: str,
        *,
        max_age: timedelta | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.store, self.realm, self.max_age, self._now = store, realm, max_age, now
        self._version: SourceVersion | None = None

    @property
    def version(self) -> SourceVersion | None:
        """What the source said of itself within the last day; None when it is to be asked."""
        key = f"{self.realm} version"
        if self._version is None and key in (kept := self._read([key])):
            with suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):
                self._version = SourceVersion.from_dict(json.loads(kept[key]))
        known = self._version
        if known is None:
            return None
        verdict = freshness("found", None, known.asked_at, self._now(), max_age=_DAILY)
        return known if verdict == "fresh" else None

    def keep_version(self, api_version: str | None, data_timestamp: str | None) -> None:
        """Take note of what the source says of itself, or that it said nothing."""
        asked_at = self._now().strftime(_WRITTEN)
        self._version = SourceVersion(asked_at, api_version, data_timestamp)
        if self.store and (api_version or data_timestamp):
            body = json.dumps(self._version.to_dict()).encode()
            with suppress(*_CLOSED):
                self.store.set_many({f"{self.realm} version": body})

    def recall(
        self, ids: Iterable[TrialId]
    ) -> tuple[dict[TrialId, Resolution], dict[TrialId, Resolution]]:
        """Return what is fresh, and what is old but may serve while the registry is down."""
        by_key = {self._key(id): id for id in ids}
        fresh: dict[TrialId, Resolution] = {}
        stale: dict[TrialId, Resolution] = {}
        timestamp = self.version.data_timestamp if by_key and self.version else None
        for key, body in self._read(by_key).items():
            resolution = _resolution(by_key[key], body)
            if resolution is not None:
                verdict = self._freshness(resolution, timestamp)
                if verdict != "expired":
                    {"fresh": fresh, "stale": stale}[verdict][resolution.id] = resolution
        return fresh, stale

    def keep(self, resolutions: Iterable[Resolution]) -> None:
        """Store all that are answers, in one transaction."""
        entries = {
            self._key(each.id): json.dumps(each.to_dict()).encode()
            for each in resolutions
            if each.outcome in _KEPT and not each.stale
        }
        if self.store and entries:
            with suppress(*_CLOSED):
                self.store.set_many(entries)

    def _read(self, keys: Iterable[str]) -> dict[str, bytes]:
        with suppress(*_CLOSED):
            return self.store.get_many(keys) if self.store else {}
        return {}

    def _key(self, id: TrialId) -> str:
        return f"{self.realm} {id.registry}:{id.number}"

    def _freshness(self, resolution: Resolution, timestamp: str | None) -> str:
        record = resolution.record
        return freshness(
            resolution.outcome,
            record.overall_status if record else None,
            resolution.retrieved_at,
            self._now(),
            max_age=self.max_age,
            data_date=min((each.data_date or "" for each in resolution.records), default=None),
            data_timestamp=timestamp,
        )


def _resolution(id: TrialId, body: bytes) -> Resolution | None:
    """Return the resolution of an entry; None for one that is damaged or of another number."""
    try:
        form = json.loads(body)
        if form["id"] != id.number:
            return None
        origin = "cache" if form["origin"] == "live" else form["origin"]
        resolution = Resolution.from_dict(form | {"id": id, "origin": origin})
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return resolution if _answers(id, resolution) else None


def _answers(id: TrialId, resolution: Resolution) -> bool:
    """Return whether the records of an entry are of the number that it is kept under."""
    if resolution.outcome == "found":
        return [record.id for record in resolution.records] == [id]
    if resolution.outcome == "moved":
        return len(resolution.records) == 1 and id in resolution.records[0].aliases
    return resolution.outcome in _KEPT and bool(resolution.records) == (
        resolution.outcome == "cited"
    )
