"""The identifiers that a record names as its own trial's, read with the grammar for prose.

Secondary ids are typed by hand: the number may stand in the domain (NCT06029816), under another
registry's type (NCT05827016), behind its label (NCT05664230), or without any type (NCT01811251).
"""

from __future__ import annotations

from trialink.finding import find
from trialink.model.links import RecordField
from trialink.registries import BY_KEY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trialink.model.ids import TrialId
    from trialink.sources.record import Record

# What the two types that speak of one registry say in a text.
_LABELS = {"EUDRACT_NUMBER": "EudraCT number", "CTIS": "EU CT number"}


def declared_ids(record: Record) -> frozenset[TrialId]:
    """Return the numbers of other records and registries that a record names."""
    return frozenset(id for id, _ in declared(record))


def declared(record: Record) -> Iterator[tuple[TrialId, RecordField]]:
    """Yield each number that a record names, once, with the field and the value that say so."""
    seen = {record.id, *record.aliases}
    for id, field, value in _readings(record):
        if id not in seen:
            seen.add(id)
            yield id, RecordField(record.id, field, value)


def _readings(record: Record) -> Iterator[tuple[TrialId, str, str]]:
    for mention in find(record.sponsor_number or ""):
        yield mention.id, "OrgStudyId", record.sponsor_number or ""
    if (record.sponsor_number or "").isdigit():
        # Digits alone are a sponsor's number by the sponsor's name: GlaxoSmithKline's.
        for mention in find(f"{record.lead_sponsor} study {record.sponsor_number}"):
            if BY_KEY[mention.id.registry].kind == "sponsor":
                yield mention.id, "OrgStudyId", record.sponsor_number or ""
    for entry in record.secondary_ids:
        # One text of both: a bare number is believed beside the words that say whose it is.
        words = (_LABELS.get(entry.type or ""), entry.domain)
        beside = ", ".join(word for word in words if word)
        for mention in find(f"{beside}: {entry.id or ''}"):
            if mention.start < len(beside):
                yield mention.id, "SecondaryIdDomain", entry.domain or ""
            else:
                yield mention.id, "SecondaryId", entry.id or ""
