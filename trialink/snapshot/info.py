"""What a snapshot is one of: how much, of when, from where."""

from __future__ import annotations

from trialink.model.shown import angled
from trialink.model.value import Value
from trialink.snapshot.times import written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from trialink.model.words import Origin


class SnapshotInfo(Value):
    """What a snapshot says of itself.

    `studies` is how many it holds, `total` how many the registry had in the end, None where it did
    not say. `data_timestamp` is when the data were made by the registry's own word (UTC,
    YYYY-MM-DDTHH:MM:SS); `data_dates` are the first and the last date that records bear;
    `retrieved_at` is when the last page was read (UTC, YYYY-MM-DDTHH:MM:SSZ). `unreadable` counts
    studies that were left out because they have no valid number. `realm` is the address that was
    asked, or the recordings that answered in its place; `origin` is snapshot, or recorded or
    assembled where it was made from recordings. `bytes` is the size of the file.
    """

    path: str
    studies: int
    total: int | None
    data_timestamp: str | None
    data_dates: tuple[str, ...]
    api_version: str | None
    retrieved_at: str | None
    unreadable: int
    realm: str
    origin: Origin
    bytes: int

    @property
    def complete(self) -> bool:
        """Whether it holds as many studies as the registry had."""
        return self.studies == self.total

    @property
    def date(self) -> str:
        """The date of the data: the registry's, else the first that a record bears."""
        known = (self.data_timestamp, *self.data_dates, self.retrieved_at)
        return next(filter(None, known), "an unknown date")[:10]

    def __repr__(self) -> str:
        return angled(f"SnapshotInfo {self}")

    def __str__(self) -> str:
        whole = "complete" if self.complete else f"not complete: of {self.total or 'how many'}"
        made = "" if self.origin == "snapshot" else f", {self.origin} recordings"
        return f"{self.studies:,} studies, data of {self.date}, {whole}{made}"


def told(path: Path, facts: Mapping[str, Any]) -> SnapshotInfo:
    """Return what the facts of a file say."""
    dates = (facts["first_date"], facts["last_date"])
    return SnapshotInfo(
        str(path),
        facts["studies"],
        facts["total"],
        facts["data_timestamp"],
        tuple(filter(None, dates)),
        facts["api_version"],
        written(facts["read_at"]),
        facts["unreadable"],
        facts["realm"],
        facts["origin"],
        path.stat().st_size,
    )
