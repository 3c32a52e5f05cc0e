"""What linking takes of processor and memory: `python tests/benchmarks/linking.py [RECORDS]`.

Records are made up around numbers that pass their check, in the shares of secondary ids, names and
titles that ClinicalTrials.gov has; statements give every record a number of another registry.
Reports and never judges.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterator
from random import Random

from trialink import Link, Record, Span, TrialId, find, link, statements
from trialink.model.links import GRADES

RECORDS, LINKS_A_RECORD, MENTIONS = 100_000, 2, 10_000
_WORDS = (
    *("asthma", "insulin", "sarcoma", "lymphoma", "knee", "stroke", "sepsis", "migraine", "gout"),
    *("exercise", "surgery", "vaccine", "antibody", "tablet", "school", "nurses", "imaging"),
    *("mortality", "relapse", "pain", "sleep", "weight", "glucose", "pressure", "renal", "hepatic"),
)


def nct(place: int) -> TrialId:
    return TrialId("nct", f"NCT{(100_000 + place) * 13:08d}")


def drks(place: int) -> TrialId:
    return TrialId("drks", f"DRKS{10_000 + place:08d}")


def records(number: int) -> Iterator[Record]:
    """Yield made-up records: a sixth has secondary ids, a quarter a name, all have titles."""
    random = Random(11)
    for place in range(number):
        secondary = []
        if place % 6 == 0:
            secondary = [{"id": f"U1111-{place // 10_000 + 1200}-{place % 10_000:04d}"}]
        title = " ".join(random.choices(_WORDS, k=9))
        yield Record(
            id=nct(place),
            sponsor_number=f"SP-{place // 3}-{place % 7}",
            secondary_ids=secondary,
            acronym=f"NAME-{place // 2}" if place % 4 == 0 else None,
            brief_title=f"Study of {title} {place}",
            official_title=f"A randomised study of {title} in unit {place // 2}",
            lead_sponsor=f"Sponsor {place % 900}",
        )


def said(number: int) -> Iterator[Link]:
    """Yield statements that give each trial two more numbers."""
    for place in range(number):
        trial, other = nct(place), drks(place)
        utn = TrialId("isrctn", f"ISRCTN{10_000_000 + place}")
        for pair in ((trial, other), (trial, utn)):
            left, right = sorted(pair)
            where = Span(place, place + 30, f"({left}, {right})")
            told = f"The text gives {left} and {right} in one bracket."
            kind = "same-bracket"
            yield Link(left, right, kind, GRADES[kind], "text", where, None, told)


def document(mentions: int) -> str:
    """Return a text with so many mentions, half of them in statements."""
    return "".join(
        f"The trial ALPHA-{place} ({nct(place)}, {drks(place)}) had {place} patients.\n"
        for place in range(mentions // 2)
    )


def main(arguments: list[str]) -> None:
    number = int(arguments[0]) if arguments else RECORDS
    text = document(MENTIONS)
    mentions = find(text)
    begun = time.process_time()
    stated = statements(text, mentions)
    took = time.process_time() - begun
    print(f"statements: {len(mentions)} mentions, {len(stated)} links, {took:.2f} s of processor")
    read, links = [*records(number)], [*said(number)]
    before = _peak()
    begun = time.process_time()
    trials = link(read, links)
    took = time.process_time() - begun
    print(
        f"link: {len(read)} records, {len(links)} statements, {len(trials)} trials, "
        f"{took:.2f} s of processor, peak {_peak():.0f} MB, of which {before:.0f} MB are given"
    )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # kilobytes, on Linux


if __name__ == "__main__":
    main(sys.argv[1:])
