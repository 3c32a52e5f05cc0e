"""The identifier of a trial: a registry's key and the number in its canonical form."""

from __future__ import annotations

from functools import total_ordering

from trialink.model.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Self

    from trialink.model.words import CheckDigit


@total_ordering
class TrialId(Value):
    """A registration number and the registry that gave it.

    `registry` is a key of the catalogue ("nct", "euctr", ...); `number` is the one spelling that
    the registry prints. `str(id)` is the number. Ids sort by registry key, then number.

    >>> from trialink import TrialId
    >>> id = TrialId("nct", "NCT05066646")
    >>> print(id, id.label, id.check_digit)
    NCT05066646 ClinicalTrials.gov ok
    """

    registry: str
    number: str

    def __str__(self) -> str:
        return self.number

    # As those of every value, without the way over all fields: ids are compared all the time.
    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return False
        return self.number == other.number and self.registry == other.registry

    def __hash__(self) -> int:
        return hash((self.registry, self.number))

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, TrialId):
            return NotImplemented
        return (self.registry, self.number) < (other.registry, other.number)

    @property
    def label(self) -> str:
        """The registry's customary short name; its key when it is not in the catalogue."""
        entry = self._entry
        return entry.label if entry else self.registry

    @property
    def url(self) -> str | None:
        """The address of the record; None when the number alone addresses no page."""
        entry = self._entry
        return entry.url_of(self.number) if entry else None

    @property
    def curie(self) -> str | None:
        """The compact identifier with the Bioregistry prefix; None where there is no prefix."""
        entry = self._entry
        # A blank may not stand in one; where a number has one, its last part is the registry's own.
        return f"{entry.curie}:{self.number.split()[-1]}" if entry and entry.curie else None

    @property
    def check_digit(self) -> CheckDigit | None:
        """Whether the number passes its registry's check; None when there is nothing to check."""
        entry = self._entry
        return entry.checked(self.number) if entry else None

    @property
    def _entry(self) -> Any:
        from trialink.registries import BY_KEY

        return BY_KEY.get(self.registry)

    def to_dict(self) -> dict[str, Any]:
        """Return the registry's key and the number."""
        return {"registry": self.registry, "number": self.number}

    def _plain(self) -> str:
        return self.number

    @classmethod
    def _revived(cls, data: Any) -> Self:
        from trialink.registries import registry_of

        return cls(registry_of(data), data)
