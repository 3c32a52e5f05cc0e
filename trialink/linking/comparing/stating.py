"""What the words around a mention state of its trial, and where a record says something else.

An aspect that is silent may be so because the text says nothing, or because it says something
else. One thing said otherwise proves little (products have two names, sponsors change theirs, fewer
people are treated than planned); several at once, with little that fits, do.
"""

from __future__ import annotations

import re

from trialink.linking.comparing.at_hand import products
from trialink.linking.comparing.figures import stated_counts, stated_starts
from trialink.linking.comparing.spelling import COUNTRIES, country_spellings
from trialink.linking.comparing.vocabulary import FUNCTION_WORDS, KINDS, LEGAL_FORMS, PLACES, VAGUE
from trialink.linking.comparing.wording import PHASES, Places, Words, plain_words, stated_phases

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trialink.linking.comparing.surroundings import Surroundings
    from trialink.sources.record import Record

    Offsets = tuple[int, int]

_UP_TO = (  # a comma or bracket, or a word that begins something else
    r"(?:(?! (?:as|received?|receiving|were|was|are|is|who|that|had|have|has|took|takes?"
    r"|given|after)\b)"
    r"[^.,;:()\[\]\n]){3,80}"
)
_CONDITION = re.compile(
    r"\b(?:patients|people|adults|children|participants|subjects|women|men) "
    rf"(?:with|who have|suffering from) (?P<stated>{_UP_TO})"
)
_PRODUCT = re.compile(
    r"\b(?:(?:trial|study|efficacy|safety|infusion|doses?) of"
    rf"|(?:given|received|receiving|treated with)) (?P<stated>{_UP_TO})"
)
_SPONSOR = re.compile(
    rf"\b(?:run|sponsored|funded|led|conducted|developed|made) by (?P<stated>{_UP_TO})"
)
_SHORT = re.compile(r"\b[A-Z][A-Z0-9]{1,6}\b")
_FIRMS = FUNCTION_WORDS | KINDS | PLACES | LEGAL_FORMS
_MORE = 1.5  # times as many people is another count


def otherwise(around: Surroundings, record: Record) -> Iterator[str]:
    """Yield the aspects of which the words around a mention state something else."""
    titles = f"{record.brief_title} {record.official_title}"
    conditions, tested = record.conditions, products(record)
    sponsors = [*filter(None, (record.lead_sponsor, *record.collaborators))]
    if conditions and _differs(around, _CONDITION, [*conditions, titles], VAGUE):
        yield "condition"
    if tested and _differs(around, _PRODUCT, [*tested, *conditions, titles], VAGUE):
        yield "intervention"
    if sponsors and _differs(around, _SPONSOR, sponsors, _FIRMS):
        yield "sponsor"
    yield from _figures_otherwise(around, record)


def says_something(around: Surroundings) -> bool:
    """Return whether the words around a mention name a condition or a sponsor."""
    asked = ((_CONDITION, VAGUE), (_SPONSOR, _FIRMS))
    return any(any(_told(around, pattern, vague)) for pattern, vague in asked)


def _differs(
    around: Surroundings, pattern: re.Pattern[str], known: Iterable[str], vague: frozenset[str]
) -> bool:
    """Return whether the text states something, and no telling word of it is known."""
    words = {*plain_words(" ".join(known))}
    told = [*_told(around, pattern, vague)]
    return any(told) and not any(each & words for each in told)


def _told(
    around: Surroundings, pattern: re.Pattern[str], vague: frozenset[str]
) -> Iterator[set[str]]:
    """Yield the telling words of each thing of a kind that the text states around a mention.

    Abbreviations tell nothing: RRMM is relapsed or refractory multiple myeloma.
    """
    for match in pattern.finditer(around.text, *around.neighbourhood):
        yield {*plain_words(_SHORT.sub("", match["stated"]))} - vague


def _figures_otherwise(around: Surroundings, record: Record) -> Iterator[str]:
    low, high = around.neighbourhood
    words, count, start = around.words, record.enrollment_count, record.start_date
    phases = [each for (at, _), each in words.once(_phases).items() if low <= at < high]
    known = {*record.phases} if {*record.phases} <= PHASES else set[str]()
    if phases and known and not any(known & each for each in phases):
        yield "phase"
    countries = {name for name in COUNTRIES if _places(words, name).begun(low, high)}
    if record.countries and countries and not countries & {*record.countries}:
        yield "country"
    counts = [*stated_counts(words, low, high)] if count else []
    if count and counts and min(counts) > count * _MORE:  # fewer than planned is no other count
        yield "enrollment"
    years = [*stated_starts(words, low, high)] if start else []
    if years and not any(abs(each - int(start[:4])) < 2 for each in years if start):
        yield "year"


def _phases(words: Words) -> dict[Offsets, set[str]]:
    return dict(stated_phases(words))


def _places(words: Words, country: str) -> Places:
    return words.once(_standing, country)


def _standing(words: Words, country: str) -> Places:
    return Places(span for name in country_spellings(country) for span in words.find(name))
