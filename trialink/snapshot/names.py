"""What a record can be looked up by: names of a few kinds, compared exactly once they are alike."""

from __future__ import annotations

import re

from trialink.finding.folding import fold
from trialink.model.ids import TrialId
from trialink.sources.declared import declared_ids

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trialink.sources.record import Record

ALIAS, NUMBER, SPONSOR_NUMBER, ACRONYM = range(4)  # as they stand in the file


def names_of(record: Record) -> set[tuple[int, str]]:
    """Return all names of a record, each with its kind.

    Its older numbers; the numbers that it declares, read with the grammar for prose; the sponsor's
    number and the acronym as printed.
    """
    names = {(ALIAS, str(alias)) for alias in record.aliases}
    names |= {(NUMBER, number_name(id)) for id in declared_ids(record)}
    names |= {(SPONSOR_NUMBER, alike(record.sponsor_number or ""))}
    names |= {(ACRONYM, alike(record.acronym or ""))}
    return {(kind, name) for kind, name in names if name}


def number_name(id: TrialId) -> str:
    """Return the name that a number is."""
    return f"{id.registry}:{id.number}"


def digits(id: TrialId) -> int | None:
    """Return a number of ClinicalTrials.gov without its letters; None for any other.

    >>> digits(TrialId("nct", "NCT05066646")), digits(TrialId("cde_china", "CTR20192510"))
    (5066646, None)
    """
    is_own = id.registry == "nct" and re.fullmatch("NCT[0-9]{8}", id.number)
    return int(id.number[3:]) if is_own else None


def nct(number: int) -> TrialId:
    """Return the number of ClinicalTrials.gov that has some digits."""
    return TrialId("nct", f"NCT{number:08d}")


def alike(printed: str) -> str:
    """Return what is printed without case, and with plain dashes and single blanks.

    >>> alike("Fumanba–1 ")
    'fumanba-1'
    """
    return " ".join(fold(printed).split()).casefold()
