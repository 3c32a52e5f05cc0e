"""What a record says in figures and lists: phase, country, enrollment, year."""

from __future__ import annotations

import re

from trialink.linking.comparing.figures import counts, starts
from trialink.linking.comparing.spelling import country_spellings
from trialink.linking.comparing.surroundings import listed
from trialink.linking.comparing.wording import PHASES, Places, Words, stated_phases

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trialink.linking.comparing.surroundings import Surroundings
    from trialink.model.links import Aspect
    from trialink.sources.record import Record

    Offsets = tuple[int, int]

_SEVERAL = re.compile(r"(?:\s[\w-]{1,20}){0,3}\s(?:trials|studies|results|data)\b", re.IGNORECASE)
_ONE = re.compile(r"\b(?:trial|study)\b", re.IGNORECASE)


def phase(around: Surroundings, record: Record) -> Aspect:
    """Fits where the nearest phase, of the mention's sentence if that states any, is the record's.

    One phase in common is enough. Conflicts where the sentence is of one trial alone and states
    none of the record's phases.
    """
    places, stated = around.words.once(_phases)
    inside = places.begun(*around.sentence)
    nearest = around.nearest(Places(inside) if inside else places)
    value, own = "|".join(record.phases), {*record.phases}
    if any(own & stated[span] for span in nearest):
        return around.told("phase", "Phase", value, nearest)
    known = own and own <= PHASES
    differs = inside and not any(own & stated[span] for span in inside)
    if known and differs and all(_is_own(around, span) for span in inside) and around.is_alone():
        return around.told("phase", "Phase", value, nearest, "conflicts")
    return around.told("phase", "Phase", value)


def _phases(words: Words) -> tuple[Places, dict[Offsets, set[str]]]:
    stated = dict(stated_phases(words))
    return Places(stated), stated


def _is_own(around: Surroundings, phase: Offsets) -> bool:
    """Return whether a phase is said of the mention's trial: one, and no other trial between."""
    mention, folded = around.mention, around.words.folded
    between = folded[min(phase[1], mention.end) : max(phase[0], mention.start)]
    return not _SEVERAL.match(folded, phase[1]) and len(_ONE.findall(between)) < 2


def country(around: Surroundings, record: Record) -> Aspect:
    """Fits where a country of the record stands under one of its names."""
    return listed(around, "country", "LocationCountry", _countries(record), country_spellings)


def _countries(record: Record) -> list[str]:
    return [each for each in record.countries if each]


def enrollment(around: Surroundings, record: Record) -> Aspect:
    """Fits where the count stands beside a word for people; another is silent: counts change."""
    count = record.enrollment_count
    spelled = () if count is None else (str(count), f"{count:,}")
    found = around.nearest(around.words.once(counts, spelled))
    return around.told("enrollment", "EnrollmentCount", spelled[0] if spelled else None, found)


def year(around: Surroundings, record: Record) -> Aspect:
    """Fits where the year of the start stands beside started, began, since or registered."""
    value = record.start_date or ""
    found = around.nearest(around.words.once(starts, value[:4]))
    return around.told("year", "StartDate", value, found)
