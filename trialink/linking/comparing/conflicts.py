"""Compared mentions of a text in, the numbers out whose record is of another trial than the text.

A verdict alone is weak evidence: the record of a wrong number fits a text in some aspect as often
as not, most often in phase, country or condition. What counts is how much fits, against how much
the text states otherwise.
"""

from __future__ import annotations

from itertools import pairwise

from trialink.finding.bearing import borne_names, name_key
from trialink.finding.context import Lines, bracket_bounds
from trialink.finding.problems import Finding, placed
from trialink.linking.comparing.agreement import agreement
from trialink.linking.comparing.stating import otherwise, says_something
from trialink.linking.comparing.surroundings import Surroundings
from trialink.model.mentions import Mention
from trialink.model.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from trialink.linking.comparing.wording import Words
    from trialink.model.ids import TrialId
    from trialink.model.links import Agreement
    from trialink.model.mentions import Problem
    from trialink.sources.record import Record

# How much an aspect that fits speaks for the number, and one that the text states otherwise
# against it. Measured with tests/agreement_accuracy.py.
_FITS = {
    "trial_name": 3,
    "intervention": 2,
    "title_terms": 2,
    "sponsor": 2,
    "enrollment": 2,
    "condition": 1,
    "phase": 1,
    "country": 1,
    "year": 1,
}
_AGAINST = {
    "phase": 2,
    "country": 2,
    "year": 2,
    "condition": 1,
    "intervention": 1,
    "sponsor": 1,
    "enrollment": 1,
}
_TELLING = frozenset(("trial_name", "intervention", "title_terms", "condition", "sponsor"))
_BETTER = 2  # by how much the record of another number fits a place better
_TOGETHER = 3  # by how much the two records of a swapped pair fit better, both places together
_NEAR = 10  # mentions before and behind one that are looked at for the number that fits
_LONGEST = 60  # code points of a record's value in a message


class Compared(Value):
    """A mention with the record of its number and what came of comparing it with the text."""

    mention: Mention
    record: Record
    agreement: Agreement


def is_of_another(around: Surroundings, record: Record, found: Agreement) -> bool:
    """Return whether what a passage states otherwise outweighs what fits.

    Two things stated otherwise need only weigh as much. A product alone, however it is called,
    proves nothing, nor does a sentence on several trials, for there nothing is stated of one.
    """
    fitting, differing = _fitting(found), _otherwise(around, record, found)
    if differing in ([], ["intervention"]) or not around.is_alone():
        return False
    against = sum(_AGAINST[each] for each in differing)
    is_bare = not _TELLING & fitting and says_something(around)
    weight = against + is_bare - sum(_FITS[each] for each in fitting)
    return weight >= 1 or (weight == 0 and len(differing) > 1)


def record_conflicts(
    words: Words, compared: Sequence[Compared], problems: Sequence[Problem]
) -> list[Problem]:
    """Return a problem for each mention whose record is of another trial, in text order.

    Its candidates are numbers that fit: the other one of a swapped pair, numbers of the text whose
    records bear the mention's name or fit its place, and where the printed number fails its check,
    those that `problems` say may have been meant.
    """
    if not compared:
        return []
    swapped, lines = dict(_swapped(words, compared)), Lines(words.text)
    found = []
    for place, each in enumerate(compared):
        near = compared[max(0, place - _NEAR) : place + _NEAR + 1]
        differing = _differing(Surroundings(words, each.mention), each)
        if differing or place in swapped:
            right = [swapped[place]] if place in swapped else _fitting_ids(words, each, near)
            meant = (*right, *_neighbours(each.mention, problems))
            found.append(placed(words.text, lines, _finding(each, differing, meant)))
    return found


def _differing(around: Surroundings, compared: Compared) -> list[str]:
    """Return the aspects in which text and record differ, if they are of different trials."""
    conflicting = compared.agreement.by_verdict().get("conflicts", [])
    if not conflicting and not is_of_another(around, compared.record, compared.agreement):
        return []
    stated = _otherwise(around, compared.record, compared.agreement)
    return [*dict.fromkeys((*conflicting, *stated))]


def _otherwise(around: Surroundings, record: Record, found: Agreement) -> list[str]:
    """Return the aspects stated otherwise; words that the whole text fits are stated anyway."""
    fitting = _TELLING & _fitting(found)
    return [each for each in otherwise(around, record) if each not in fitting]


def _swapped(words: Words, compared: Sequence[Compared]) -> Iterator[tuple[int, TrialId]]:
    """Yield the place and the right number of mentions that stand in each other's place.

    The neighbours of one registry whose records fit better the other way round, at both places.
    """
    for place, (one, other) in enumerate(pairwise(compared)):
        if one.record.id == other.record.id or one.mention.id.registry != other.mention.id.registry:
            continue
        pieces = _pieces(words, one.mention, other.mention)
        better = [
            _weight(pieces[0], other.record) - _weight(pieces[0], one.record),
            _weight(pieces[1], one.record) - _weight(pieces[1], other.record),
        ]
        if min(better) > 0 and sum(better) >= _TOGETHER:
            yield place, other.mention.id
            yield place + 1, one.mention.id


def _pieces(words: Words, one: Mention, other: Mention) -> tuple[str, str]:
    """Return what the text says of either mention: up to its bracket's end, and behind the other's.

    Where each has a sentence of its own these are the sentences.
    """
    first, second = Surroundings(words, one), Surroundings(words, other)
    if first.sentence != second.sentence:
        return words.text[slice(*first.neighbourhood)], words.text[slice(*second.neighbourhood)]
    low, high = first.sentence
    bracket = bracket_bounds(words.text, one.start, one.end) or (one.start, one.end)
    middle = bracket[1] if bracket[1] <= other.start else one.end
    return words.text[low:middle], words.text[middle:high]


def _weight(piece: str, record: Record) -> int:
    """Return how much of a piece of text fits a record."""
    found = agreement(piece, Mention(0, 0, "", record.id), record)
    return sum(_FITS[each] for each in _fitting(found))


def _fitting(found: Agreement) -> set[str]:
    return {*found.by_verdict().get("fits", ())}


def _fitting_ids(words: Words, compared: Compared, others: Sequence[Compared]) -> Iterator[TrialId]:
    """Yield the other numbers of the text that fit a mention: by its name, or by what is said."""
    around = Surroundings(words, compared.mention)
    names = {name_key(words.text[slice(*each)]) for each in around.own_name()}
    own = sum(_FITS[each] for each in _fitting(compared.agreement))
    piece = words.text[slice(*around.sentence)]
    for other in {each.record.id: each for each in others}.values():
        if other.record.id == compared.record.id:
            continue
        is_named = names & {*map(name_key, borne_names(other.record))}
        if is_named or (not names and _weight(piece, other.record) >= own + _BETTER):
            yield other.mention.id


def _neighbours(mention: Mention, problems: Sequence[Problem]) -> tuple[TrialId, ...]:
    """Return the numbers one digit away that pass, where the printed number fails its check."""
    return next(
        (
            each.candidates
            for each in problems
            if each.code == "check-digit" and each.start == mention.start
        ),
        (),
    )


def _finding(compared: Compared, differing: Sequence[str], meant: Iterable[TrialId]) -> Finding:
    mention, record = compared.mention, compared.record
    values = {each.aspect: each.record_value for each in compared.agreement.aspects}
    told = ", ".join(f"{each.replace('_', ' ')} {_short(values[each] or '')}" for each in differing)
    number = f"the record of {mention.id}"
    if not differing:
        message = f"{number} fits another place of the text, and the record named there this one."
    elif compared.agreement.verdict == "conflicts":
        message = f"the text does not fit {number}, which says: {told}."
    else:
        message = f"little of the text fits {number}, which says: {told}."
    return Finding(
        mention.start,
        mention.end,
        "record-conflict",
        record.id.registry,
        message,
        mention.id,
        dict.fromkeys(meant).keys,
    )


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST else f"{value[: _LONGEST - 3]}..."
