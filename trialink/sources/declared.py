"""The identifiers that a record names, read with the grammar for prose.

Secondary ids are typed by hand: the number may stand in the domain (NCT06029816), under another
registry's type (NCT05827016), behind its label (NCT05664230), or without any type (NCT01811251).
A number may also be that of another trial: a parent, an extension, a master protocol.
"""

from __future__ import annotations

from trialink.errors import InvalidTrialId
from trialink.finding import find, parse
from trialink.model.links import RecordField
from trialink.registries import BY_KEY
from trialink.sources.cues import reversed_relation, said_beside, said_in_titles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trialink.model.ids import TrialId
    from trialink.sources.record import Record, SecondaryId

# What the two types that speak of one registry say in a text.
_LABELS = {"EUDRACT_NUMBER": "EudraCT number", "CTIS": "EU CT number"}
_SHORTEST = 5  # characters of a number that a field may hold with nothing to say whose it is


def declared_ids(record: Record) -> frozenset[TrialId]:
    """Return the numbers of other records and registries that a record names, whatever they are."""
    return frozenset(id for id, _, _ in _named(record))


def declared(record: Record) -> Iterator[tuple[TrialId, RecordField]]:
    """Yield each number that a record names as its own trial's, with the field that says so."""
    apart = {id for id, _, relation in _named(record) if relation}
    for id, where, _ in _named(record):
        if id not in apart:
            yield id, where


def related(record: Record) -> Iterator[tuple[TrialId, RecordField, str]]:
    """Yield each number that a record names as another trial's, and what that is to this one.

    Words beside a number say it, or the title does while the number stands in it or is a number of
    the record's own registry.
    """
    title_says = said_in_titles(record.brief_title, record.official_title)
    own = reversed_relation(title_says) if title_says else None
    if record.expanded_access and record.expanded_access != record.id:
        place = RecordField(record.id, "ExpandedAccessNCTId", str(record.expanded_access))
        yield record.expanded_access, place, "expanded-access"
    for id, where, relation in _named(record):
        if relation:
            yield id, where, own if own and relation == "parent" else relation
        elif own and id.registry == record.id.registry:
            yield id, where, own
    if own:
        yield from ((id, where, own) for id, where in _in_titles(record))


def _in_titles(record: Record) -> Iterator[tuple[TrialId, RecordField]]:
    """Yield the numbers that stand in the titles of a record and nowhere else in it."""
    seen = {record.id, *record.aliases, *declared_ids(record)}
    for field, title in (
        ("BriefTitle", record.brief_title),
        ("OfficialTitle", record.official_title),
    ):
        for id in find(title or "").ids():
            if id not in seen:
                seen.add(id)
                yield id, RecordField(record.id, field, title or "")


def _named(record: Record) -> Iterator[tuple[TrialId, RecordField, str | None]]:
    """Yield each number once, with its place and what it is to the trial if not its own."""
    seen = {record.id, *record.aliases}
    for id, field, value, relation in _readings(record):
        if id not in seen:
            seen.add(id)
            yield id, RecordField(record.id, field, value), relation


def _readings(record: Record) -> Iterator[tuple[TrialId, str, str, str | None]]:
    sponsor_number = record.sponsor_number or ""
    for id in find(sponsor_number).ids():
        yield id, "OrgStudyId", sponsor_number, said_beside(sponsor_number)
    if sponsor_number.isdigit():
        # Digits alone are a sponsor's number by the sponsor's name: GlaxoSmithKline's.
        for id in find(f"{record.lead_sponsor} study {sponsor_number}").ids():
            if BY_KEY[id.registry].kind == "sponsor":
                yield id, "OrgStudyId", sponsor_number, None
    for entry in record.secondary_ids:
        relation = said_beside(entry.id, entry.domain)
        for id, in_domain in _read(entry):
            if in_domain:
                yield id, "SecondaryIdDomain", entry.domain or "", relation
            else:
                yield id, "SecondaryId", entry.id or "", relation


def _read(entry: SecondaryId) -> Iterator[tuple[TrialId, bool]]:
    """Yield the numbers of a secondary id, and whether each stands in the domain.

    One text is made of both: a bare number is believed beside the words that say whose it is. Where
    that holds no number, the two may have changed places; else the whole field may be one.
    """
    value = entry.id or ""
    beside = ", ".join(filter(None, (_LABELS.get(entry.type or ""), entry.domain)))
    found = [(each.id, each.end <= len(beside)) for each in find(f"{beside}: {value}")]
    if not found and entry.domain:
        swapped = find(f"{value}: {entry.domain}")
        found = [(each.id, each.end > len(value)) for each in swapped]
    yield from found or _whole(value)


def _whole(value: str) -> list[tuple[TrialId, bool]]:
    """Return the number that a field is, if it shows whose it is by itself."""
    if len(value.strip()) < _SHORTEST or value.strip().isdecimal():
        return []
    try:
        return [(parse(value), False)]
    except InvalidTrialId:
        return []
