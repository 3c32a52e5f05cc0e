"""What is known of a trial's name after asking: one resolution a name."""

from __future__ import annotations

from collections.abc import Mapping

from trialink.model.ids import TrialId
from trialink.model.shown import angled, brief
from trialink.model.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from trialink.errors import SourceError
    from trialink.model.words import NameOutcome, Origin
    from trialink.sources.record import Record


class NameResolution(Value):
    """The answer for one name, with where it comes from and why it is what it is.

    `outcome` is one of

    - found: exactly one record bears the name
    - ambiguous: several records bear it; none of them is preferred
    - unknown: no record that was searched bears it
    - failed: nobody could be asked; `reason` says what to do

    `records` are all records that bear the name, as acronym or whole in a title, in the order of
    their numbers; the other fields are those of `Resolution`.
    """

    name: str
    outcome: NameOutcome
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
    def ids(self) -> tuple[TrialId, ...]:
        """The numbers of the records."""
        return tuple(record.id for record in self.records)

    def __repr__(self) -> str:
        numbers = [str(id) for id in self.ids[:3]]
        more = [f"+{len(self.ids) - 3} more"] if len(self.ids) > 3 else []
        told = ", ".join([*numbers, *more]) or self.reason
        return angled(f"NameResolution {self.name} {self.outcome}{f': {told}' if told else ''}")

    def __str__(self) -> str:
        return repr(self)


class NameResolutions(Mapping[str, NameResolution]):
    """The answers for some names: a mapping from each name as given to its `NameResolution`.

    Names stand in the order of their first appearance; `errors` holds what went wrong on the way
    to the registries.
    """

    def __init__(
        self, resolutions: Iterable[NameResolution] = (), *, errors: Iterable[SourceError] = ()
    ) -> None:
        self._by_name = {resolution.name: resolution for resolution in resolutions}
        self.errors = tuple(errors)

    def __getitem__(self, name: str) -> NameResolution:
        if name not in self._by_name:
            raise KeyError(brief(name))
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def __repr__(self) -> str:
        names = "1 name" if len(self) == 1 else f"{len(self)} names"
        found = [resolution.outcome for resolution in self._by_name.values()]
        counts = [f"{found.count(outcome)} {outcome}" for outcome in dict.fromkeys(found)]
        return f"<NameResolutions {names}{': ' if counts else ''}{', '.join(counts)}>"

    @property
    def failed(self) -> tuple[NameResolution, ...]:
        """The resolutions whose outcome is failed."""
        return tuple(each for each in self._by_name.values() if each.outcome == "failed")

    def to_list(self) -> list[dict[str, Any]]:
        """Return the JSON form, one object a name."""
        return [resolution.to_dict() for resolution in self._by_name.values()]
