"""Score trial names on public titles and acronyms: `python tests/naming_accuracy.py`.

All records at hand, 2,274 of CAR-T trials and 613 others, go into one `NameIndex`. It is asked
for the names in each acronym's two sentences (one calls it a trial, one does not) and in each
title. A name is right where its bearers hold the record that the text is of, or where it was
judged by hand to be a name of a trial; it is wrong otherwise. Needs the reference data.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from trialink import NameIndex, Record

SHARED = Path(__file__).parents[2] / "shared" / "ctgov"
SENTENCES = {
    "called a trial": "Patients improved in the {} trial.",
    "standing alone": "In {}, most patients improved.",
}
# Names in titles of records that do not bear them beyond doubt, judged by hand.
NAMES = frozenset(("FLAIR", "PERSIST"))
MARK = 0.99  # of the names that are answered


class Score(NamedTuple):
    """How many texts were asked, answered with a name, and how many names were right."""

    asked: int
    answered: int
    right: int
    names: int

    @property
    def precision(self) -> float:
        return self.right / self.names if self.names else 1.0


def studies() -> list[Record]:
    with gzip.open(SHARED / "compact_studies.json.gz") as file:
        return [Record.from_api(study) for study in json.load(file)["studies"]]


def car_t() -> list[Record]:
    """The flat rows of CAR-T trials as records; they have no acronym and no other names."""
    with gzip.open(SHARED / "car_t_flat_rows_2026-08-22_n2274.json.gz") as file:
        return [row_record(row) for row in json.load(file)]


def row_record(row: dict[str, str]) -> Record:
    count = row["EnrollmentCount"]
    return Record.from_dict(
        {
            "id": row["NCTId"],
            "brief_title": row["BriefTitle"] or None,
            "overall_status": row["OverallStatus"] or None,
            "phases": [each for each in row["Phase"].split("|") if each],
            "conditions": [each for each in row["Conditions"].split("|") if each],
            "interventions": [{"name": each} for each in row["Interventions"].split("|") if each],
            "start_date": row["StartDate"] or None,
            "enrollment_count": int(float(count)) if count else None,
            "countries": [each for each in row["Countries"].split("|") if each],
            "lead_sponsor": row["LeadSponsor"] or None,
        }
    )


def score(index: NameIndex, texts: Iterator[tuple[str, Record]]) -> tuple[Score, list[str]]:
    """Return the score and the wrong names, each in its text."""
    asked = answered = right = found = 0
    wrong = []
    for text, record in texts:
        asked += 1
        given = [each.text for each in index.find(text)]
        answered += bool(given)
        for name in given:
            found += 1
            if record.id in index.bearers(name) or name in NAMES:
                right += 1
            else:
                wrong.append(f"{record.id} {name}: {text}")
    return Score(asked, answered, right, found), wrong


def acronyms(records: list[Record], sentence: str) -> Iterator[tuple[str, Record]]:
    return ((sentence.format(each.acronym), each) for each in records if each.acronym)


def titles(records: list[Record]) -> Iterator[tuple[str, Record]]:
    return ((each.brief_title, each) for each in records if each.brief_title)


def measured() -> dict[str, tuple[Score, list[str]]]:
    known, rows = studies(), car_t()
    index = NameIndex([*rows, *known])
    scores = {
        f"acronyms, {how}": score(index, acronyms(known, sentence))
        for how, sentence in SENTENCES.items()
    }
    scores["titles of CAR-T trials"] = score(index, titles(rows))
    scores["titles of other trials"] = score(index, titles(known))
    return scores


def main() -> None:
    scores = measured()
    for what, (result, wrong) in scores.items():
        share = result.answered / result.asked
        print(
            f"{what}: {result.answered} of {result.asked} answered ({share:.3f}), "
            f"{result.right} of {result.names} names right ({result.precision:.3f})"
        )
        for each in wrong:
            print(f"  wrong: {each}")


if __name__ == "__main__":
    main()
