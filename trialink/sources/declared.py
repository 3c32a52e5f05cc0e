"""The identifiers that a record names, read with the grammar for prose.

Secondary ids are typed by hand: the number may stand in the domain (NCT06029816), under another
registry's type (NCT05827016), behind its label (NCT05664230), or without any type (NCT01811251).
A number may also be that of another trial: a parent, an extension, a master protocol.
"""

from __future__ import annotations

import re
from functools import cache

from trialink.errors import InvalidTrialId
from trialink.finding import find, parse
from trialink.model.ids import TrialId
from trialink.model.links import RecordField
from trialink.model.value import Value
from trialink.registries import BY_KEY, REGISTRIES
from trialink.sources.cues import reversed_relation, said_beside, said_in_titles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trialink.sources.record import Record, SecondaryId

# What the two types that speak of one registry say in a text.
_LABELS = {"EUDRACT_NUMBER": "EudraCT number", "CTIS": "EU CT number"}


class Named(Value):
    """The numbers that a record names, each once: those of its own trial, and those of others."""

    own: tuple[tuple[TrialId, RecordField], ...]
    others: tuple[tuple[TrialId, RecordField, str], ...]  # and what the other is to the trial


def declared_ids(record: Record) -> frozenset[TrialId]:
    """Return the numbers of other records and registries that a record names, whatever they are."""
    return frozenset(id for id, _, _ in _read_numbers(record))


def named_in(record: Record) -> Named:
    """Return the numbers that a record names.

    A number is another trial's where words beside it say so, and where it is of the record's own
    registry or stands in its title, and the title says what the record is of another trial.
    """
    title_says = said_in_titles(record.brief_title, record.official_title)
    cue = reversed_relation(title_says) if title_says else None
    own: list[tuple[TrialId, RecordField]] = []
    others: list[tuple[TrialId, RecordField, str]] = []
    if record.expanded_access and record.expanded_access != record.id:
        place = RecordField(record.id, "ExpandedAccessNCTId", str(record.expanded_access))
        others.append((record.expanded_access, place, "expanded-access"))
    for id, where, relation in _read_numbers(record):
        if relation:
            others.append((id, where, cue if cue and relation == "parent" else relation))
            continue
        own.append((id, where))
        if cue and id.registry == record.id.registry:
            others.append((id, where, cue))
    if cue:
        others.extend((id, where, cue) for id, where in _in_titles(record))
    return Named(tuple(own), tuple(others))


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


def _read_numbers(record: Record) -> Iterator[tuple[TrialId, RecordField, str | None]]:
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
        for id, in_domain in _read(entry):
            relation = said_beside(entry.id, entry.domain)
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
    """Return the number that a field is, where a text would have to say whose it is."""
    if not _cued().match(value):
        return []
    try:
        return [(parse(value), False)]
    except InvalidTrialId:
        return []


@cache
def _cued() -> re.Pattern[str]:
    """Return what the numbers begin with that are believed in a text beside a cue only."""
    prefixes = {
        re.escape(prefix)
        for entry in REGISTRIES
        for form in entry.forms
        if form.needs_cue and not entry.experimental
        for prefix in form.prefixes
    }
    return re.compile(rf"\s*(?:{'|'.join(sorted(prefixes))})[\s/-]?\d", re.IGNORECASE)
