"""Records in, weak links out: which of them are alike in what may be chance.

Records of one trial carry the same sponsor's number, name and title; so do records of others. What
is common among the records at hand tells nothing: numbers, names and titles of more than a few.
"""

from __future__ import annotations

import re
from itertools import combinations

from trialink.linking.evidence.commonplaces import COMMON_NAMES, COMMON_WORDS, PLACEHOLDERS
from trialink.linking.evidence.titles import similar_titles
from trialink.model.links import GRADES, Link, RecordField

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from trialink.model.words import LinkKind
    from trialink.sources.record import Record

    Placed = tuple[Record, RecordField]

RARE = 5  # records that may share a number, a name or a title before it tells nothing


def likenesses(records: Sequence[Record]) -> Iterator[Link]:
    """Yield a link for every two records that share a rare sponsor's number, name or title."""
    for (first, place), (second, _) in _sharing(records, _sponsor_numbers):
        if _have_one_sponsor(first, second):
            yield _link("same-sponsor-number", first, second, place)
    for (first, place), (second, _) in _sharing(records, _acronyms):
        if _DIGIT.search(place.value) or _are_on_one_subject(first, second):
            yield _link("same-name", first, second, place)
    for first, second, place in similar_titles(records, RARE):
        yield _link("similar-title", first, second, place)


def _sharing(
    records: Iterable[Record], values: Callable[[Record], Iterator[tuple[str, RecordField]]]
) -> Iterator[tuple[Placed, Placed]]:
    """Yield every two records that share a value, unless more than a few do."""
    holders: dict[str, dict[object, Placed]] = {}
    for record in records:
        for value, place in values(record):
            holders.setdefault(value, {}).setdefault(record.id, (record, place))
    for value in sorted(holders):
        if 1 < len(holders[value]) <= RARE:
            yield from combinations(holders[value].values(), 2)


_DIGIT = re.compile(r"\d")
_MARKS = re.compile(r"[\W_]+")
_SHORTEST = 5  # letters and digits of a number that is no mere count
_FEWEST_DIGITS = 3
_GRANT = re.compile(r"[a-z]\d\d[a-z]{2}\d{6}")  # of the NIH: several trials may be paid by one
_GRANTS = frozenset(("NIH", "FDA", "VA", "CDC", "AHRQ", "SAMHSA", "OTHER_GRANT"))


def _sponsor_numbers(record: Record) -> Iterator[tuple[str, RecordField]]:
    """Yield the numbers that a sponsor may have given, without marks and in small letters."""
    given = [("OrgStudyId", record.sponsor_number)]
    given += [("SecondaryId", each.id) for each in record.secondary_ids if each.type not in _GRANTS]
    for field, printed in given:
        value = _MARKS.sub("", printed or "").casefold()
        is_long = len(value) >= _SHORTEST and len(_DIGIT.findall(value)) >= _FEWEST_DIGITS
        if is_long and value not in PLACEHOLDERS and not _GRANT.search(value):
            yield value, RecordField(record.id, field, printed or "")


def _acronyms(record: Record) -> Iterator[tuple[str, RecordField]]:
    name = record.acronym or ""
    value = _MARKS.sub("", name).casefold()
    if len(value) > 2 and value not in COMMON_NAMES:
        yield value, RecordField(record.id, "Acronym", name)


def _have_one_sponsor(first: Record, second: Record) -> bool:
    return bool(_words_of_sponsors(first) & _words_of_sponsors(second))


def _words_of_sponsors(record: Record) -> frozenset[str]:
    return _words(record.lead_sponsor, *record.collaborators) - _FIRMS


def _are_on_one_subject(first: Record, second: Record) -> bool:
    """Return whether two records of one name share a sponsor or what they treat."""
    return _have_one_sponsor(first, second) or bool(_subject(first) & _subject(second))


def _subject(record: Record) -> frozenset[str]:
    products = (each.name for each in record.interventions)
    return _words(*record.conditions, *products) - COMMON_WORDS - _KINDS_OF_ILLNESS


def _words(*told: str | None) -> frozenset[str]:
    return frozenset(
        word for each in told if each for word in _WORD.findall(each.casefold()) if len(word) > 1
    )


_WORD = re.compile(r"[^\W_]+")
_FIRMS = frozenset(
    (
        *("ab", "ag", "and", "biotech", "biotechnology", "bv", "center", "centre", "clinic", "co"),
        *("college", "company", "corp", "corporation", "de", "department", "development", "for"),
        *("foundation", "gmbh", "group", "health", "hospital", "hospitals", "inc", "institute"),
        *("international", "limited", "llc", "ltd", "medical", "medicine", "national", "nv", "of"),
        *("pharma", "pharmaceutical", "pharmaceuticals", "plc", "research", "sa", "sas", "school"),
        *(
            "sciences",
            "srl",
            "the",
            "therapeutics",
            "trials",
            "unit",
            "universitaire",
            "university",
        ),
    )
)
_KINDS_OF_ILLNESS = frozenset(
    (
        *(
            "cancer",
            "carcinoma",
            "disease",
            "diseases",
            "disorder",
            "disorders",
            "syndrome",
            "injury",
        ),
        *("infection", "infections", "neoplasms", "tumor", "tumour", "chronic", "acute", "placebo"),
    )
)
_BODIES: dict[str, str] = {
    "same-sponsor-number": "sponsor's number",
    "same-name": "trial name",
    "similar-title": "title, or nearly so",
}


def _link(kind: LinkKind, first: Record, second: Record, place: RecordField) -> Link:
    left, right = sorted((first.id, second.id))
    told = f"the same {_BODIES[kind]}"
    value = "" if kind == "similar-title" else f', "{place.value}"'
    explanation = f"The records {left} and {right} have {told}{value}."
    return Link(left, right, kind, GRADES[kind], str(place.record), place, None, explanation)
