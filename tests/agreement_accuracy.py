"""Score record conflicts on permuted sentences: `python tests/agreement_accuracy.py [STEP]`.

Each CAR-T trial of the reference data whose row is full enough gets one passage in our own words
with facts of its row, as articles would give them: some facts are left out, products go by a kind
instead of their name, sponsors by a part of theirs, fewer people were treated than the record
plans, and years are one off. The passage is read once with its own number (an alarm is false) and
once with the number of another trial, drawn by how much alike the two are; two passages in one text
are read with their numbers in place and swapped. With a STEP only every so many trials are taken.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from random import Random
from typing import NamedTuple

from naming_accuracy import car_t

from trialink import Record, agreement, find
from trialink.linking.comparing.conflicts import Compared, record_conflicts
from trialink.linking.comparing.wording import Words, plain_words

FALSE_ALARMS = 0.01
# Detected at least, of the numbers of other trials.
MARKS = {"any other trial": 0.5, "swapped, any other trial": 0.85}
_ROMAN = {"PHASE1": "I", "PHASE2": "II", "PHASE3": "III", "PHASE4": "IV"}


def full_enough(record: Record) -> bool:
    told = (record.phases, record.conditions, record.interventions, record.countries)
    return all(told) and bool(record.lead_sponsor and record.start_date and record.enrollment_count)


def passage(record: Record, number: str) -> str:
    """Return a passage on a trial that gives it a number; the same passage for any number."""
    random = Random(str(record.id))

    def maybe(text: str, chance: float) -> str:
        return text if random.random() < chance else ""

    phase = "phase " + "/".join(_ROMAN.get(each, "I") for each in record.phases)
    product = (record.interventions[0].name or "").split("|")[0]
    product = product if random.random() < 0.6 else "CAR-T cells"
    sponsor = record.lead_sponsor or ""
    sponsor = sponsor if random.random() < 0.5 else " ".join(sponsor.split()[:2])
    planned = record.enrollment_count or 0
    people = planned if random.random() < 0.6 else max(1, int(planned * random.uniform(0.5, 0.95)))
    year = int((record.start_date or "2020")[:4]) + random.choice((0, 0, 0, 0, 0, 1))
    condition = record.conditions[0].lower()
    country = record.countries[0]
    kinds = (
        f"In a {maybe(phase + ' ', 0.8)}trial of {product}{maybe(f' run by {sponsor}', 0.6)}, "
        f"patients with {condition} were treated{maybe(f' in {country}', 0.6)} ({number}). "
        f"{maybe(f'It enrolled {people} patients.', 0.5)}",
        f"Patients with {condition} were given {product} ({number})"
        f"{maybe(f', in a {phase} study', 0.6)}"
        f"{maybe(f' that began in {year}', 0.5)}{maybe(f' in {country}', 0.5)}.",
        f"{sponsor} has registered a study of {product} as {number}. "
        f"{maybe(f'{people} patients with {condition} are planned.', 0.8)}",
        f"The trial ({number}){maybe(f', a {phase} study', 0.6)}, began in {year}"
        f"{maybe(f' in {country}', 0.7)}.",
    )
    return random.choices(kinds, (4, 3, 2, 1))[0]


@cache
def words_of(title: str) -> frozenset[str]:
    return frozenset(plain_words(title))


def alike(record: Record, other: Record) -> float:
    ours, theirs = words_of(record.brief_title or ""), words_of(other.brief_title or "")
    return len(ours & theirs) / (len(ours | theirs) or 1)


ALIKE: dict[str, Callable[[Record, Record], bool]] = {
    "any other trial": lambda record, other: True,
    "the same condition": lambda record, other: bool({*record.conditions} & {*other.conditions}),
    "the same sponsor": lambda record, other: record.lead_sponsor == other.lead_sponsor,
    "nearly the same title": lambda record, other: alike(record, other) > 0.7,
}


def partner(record: Record, hardness: str, records: list[Record]) -> Record | None:
    """Return another trial that is so much like this one; None where there is none."""
    fits = ALIKE[hardness]
    others = [each for each in records if each is not record and fits(record, each)]
    return Random(f"{record.id} {hardness}").choice(others) if others else None


def alarms(text: str, records: list[Record]) -> int:
    """Return how many mentions of a text are told to be of another trial."""
    known, words, mentions = {each.id: each for each in records}, Words(text), find(text)
    compared = [
        Compared(
            each,
            known[each.id],
            agreement(text, each, known[each.id], words=words, others=records),
        )
        for each in mentions
    ]
    return len(record_conflicts(words, compared, []))


class Rate(NamedTuple):
    """How many numbers got an alarm, of how many."""

    alarms: int
    numbers: int

    @property
    def share(self) -> float:
        return self.alarms / self.numbers if self.numbers else 0.0


def measured(step: int = 1) -> dict[str, Rate]:
    """Return the rates of false alarms and of detection, over every `step`th trial."""
    records = [each for each in car_t() if full_enough(each)]
    found: dict[str, list[int]] = {}
    for record in records[::step]:
        given = [alarms(passage(record, str(record.id)), [record])]
        found.setdefault("its own number", []).extend(given)
        for hardness in ALIKE:
            other = partner(record, hardness, records)
            if other is None:
                continue
            wrong = alarms(passage(record, str(other.id)), [other])
            found.setdefault(hardness, []).append(wrong)
            right = alarms(pair(record, other), [record, other])
            found.setdefault("its own number, beside another", []).append(right > 0)
            swapped = alarms(pair(record, other, swapped=True), [record, other])
            found.setdefault(f"swapped, {hardness}", []).append(swapped > 0)
    return {what: Rate(sum(given), len(given)) for what, given in found.items()}


def pair(record: Record, other: Record, *, swapped: bool = False) -> str:
    """Return a text on two trials, each with its own number or with the other's."""
    numbers = [str(record.id), str(other.id)]
    first, second = reversed(numbers) if swapped else numbers
    return f"{passage(record, first)}\n\n{passage(other, second)}"


def main() -> None:
    step = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    for what, rate in measured(step).items():
        print(f"{what}: {rate.alarms} of {rate.numbers} ({rate.share:.3f})")


if __name__ == "__main__":
    main()
