"""Hostile texts, and what reading them takes as they grow.

    python -m tests.benchmarks.hostile            10^4 to 10^6 characters of each
    python -m tests.benchmarks.hostile 10000000   up to so many characters

Prints, for `find`, `check` and `names`, microseconds a character at each length: in a row they
stay alike where the cost is linear. A length is left out where the one before says that it would
take more than a minute. `tests/test_hostile_text.py` asserts the growth, at lengths for every day.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import trialink
from trialink import REGISTRIES
from trialink.finding.folding import STYLED

_COUNTED = "#n"  # in what is repeated: a word that is another each time

# What a text begins with, and what is repeated behind it.
ATTACKS = {
    # Signs, words and prefixes without an end, and no digit.
    "blanks": ("", " "),
    "hyphens": ("", "-"),
    "en dashes": ("", "\u2013"),
    "slashes": ("", "/"),
    "line ends": ("", "\n"),
    "NULs": ("", "\0"),
    "lone surrogates": ("", "\ud800"),
    "zero-width blanks": ("", "\u200b"),
    "opening brackets": ("", "(["),
    "closing brackets": ("", ")"),
    "pairs of brackets": ("", "()"),
    "one letter": ("", "a"),
    "capitals that become two letters": ("", "\u0130"),
    "entities": ("", "&nbsp;"),
    "tags": ("", "<i>"),
    "sentences": ("", "A. B"),
    "a prefix": ("", "NCT "),
    "a prefix, glued": ("", "EudraCT"),
    "a prefix, spelt": ("", "N C T "),
    "a prefix and a slash": ("", "CTRI/"),
    "a prefix and a word": ("", "NCT No. "),
    "a prefix and an entity": ("", "NCT&nbsp;"),
    "a prefix and blanks": ("NCT", " "),
    "announcing words": ("", "ISRCTN Register number "),
    "announcing words behind a prefix": ("NCT ", "No. "),
    "a cue word": ("", "China "),
    "letters typed for digits": ("NCT", "O"),
    "a prefix and a letter for a digit": ("", "NCTO"),
    "the prefix without digits": ("", "RBR"),
    "part of a name": ("", "KEYNOTE-"),
    # Digits.
    "ones": ("", "1"),
    "zeros behind a prefix": ("NCT", "0"),
    "digits of another script": ("", "５"),
    "single digits": ("", "0 "),
    "groups of digits": ("", "12 345 "),
    "digits behind greater-than signs": ("", "\\>100 "),
    "digits behind tags": ("", "<i>100"),
    "a formula that begins with a word": ("", "As2O3 "),
    "pairs of digits behind a prefix": ("NCT 0", " 00"),
    "beginnings of EudraCT numbers": ("", "2010-123456-"),
    "beginnings of NCT numbers": ("", "NCT0000"),
    "beginnings of NCT numbers, apart": ("", "NCT0000 "),
    "beginnings of CTR numbers": ("", "CTR2019"),
    "beginnings of IRCT numbers": ("", "IRCT2016080318"),
    "beginnings of UTNs": ("", "U1111-"),
    "torn numbers": ("", "NCT05 066 646 "),
    "torn in two ways": ("NCT", "0\u00ad5-\n"),
    "letters in numbers": ("", "NCTO5O6664G "),
    # Whole numbers.
    "numbers": ("", "NCT05066646 "),
    "numbers, glued": ("", "NCT05066646"),
    "full-width numbers": ("", "ＮＣＴ０５０６６６４６ "),
    "numbers of several registries": ("", "NCT05066646, ISRCTN78805636; DRKS00005115 "),
    "addresses": ("", "https://clinicaltrials.gov/study/NCT05066646 "),
    "a list that leaves the prefix out": ("NCT05066646", ", 03090659"),
    "numbers that fail their check": ("", "NCT05066647 "),
    "numbers with a digit too few": ("", "NCT0506664 "),
    "placeholders": ("", "NCT00000000 "),
    "numbers that want a cue": ("", "CTR20192510 "),
    "numbers that neighbours vouch for": ("", "(NCT05066646, CTR20192510) "),
    "numbers in brackets without an end": ("", "((CTR20192510"),
    "numbers far from their cue": ("", "x CTR20192510 y NCT05066646 "),
    "numbers behind their registry": ("", "ClinicalTrials.gov 05066646 "),
    "numbers not joined to their registry": ("", "ClinicalTrials.gov saw 05066646 "),
    "look-alikes": ("", "CRD42016033221 "),
    # Digits that signs, letters and typesetting stand among.
    "zero-width blanks between digits": ("NCT", "0\u200b"),
    "a zero-width blank before each digit": ("", "\u200b1"),
    "soft hyphens before digits": ("", "\u00ad12"),
    "numbers with zero-width blanks": ("", "NCT" + "\u200b".join("05066646") + " "),
    "NULs in numbers": ("", "NCT0506\0 6646 "),
    "lone surrogates between digits": ("NCT", "0\ud8005"),
    "a tag around each digit": ("NCT", "<b>0</b>"),
    "entities in entities": ("", "NCT&amp;amp;nbsp;0506&shy;6646 "),
    "escapes of JSON": ("", r"\u00a0NCT\u00a00506"),
    "lines that a mail quotes": ("", "> > > NCT\n> > > 0506\n> > > 6646\n"),
    "digit by digit": ("", "NCT 1 2 3 4 5 6 7 "),
    "pairs of a EudraCT number": ("", "EudraCT 20 10-01 23 45-6 7 "),
    "pairs of an ACTRN number": ("", "ACTRN 12 60 50 00 12 34 56 "),
    "letters in a EudraCT number": ("", "EudraCT 2O1O-O12345-67 "),
    "letters of other faces": ("", "".join(map(chr, range(*STYLED)))),
    # Numbers that fail, that are left open, that nothing speaks for.
    "numbers that lost a zero": ("", "NCT1224028 "),
    "EudraCT numbers that fail their check": ("", "EudraCT 2010-012345-67 "),
    "EudraCT numbers that nothing announces": ("", "2010-012345-67 "),
    "EU CT numbers that nothing announces": ("", "2023-501234-12-00 "),
    "French numbers that nothing announces": ("", "2012-A00123-39 "),
    "telephone numbers": ("", "1865-743018-20 "),
    "short numbers": ("", "GSK 12345 "),
    "one number a line": ("", "NCT05066647\n"),
    "signs for digits": ("", "XXX "),
    "signs for digits behind a cue word": ("", "China XXXX "),
    "question marks": ("", "????? "),
    "numbers left open": ("", "NCT04XXXXXX "),
    # Lists, brackets, cue words and names of registries.
    "a list of numbers that want a cue": ("BASEC 2019DR0123", ", 2019DR0123"),
    "lists that end in a count": ("", "NTR 1234, 2345, 3456, 4567 patients "),
    "brackets full of numbers": ("", "(" + "NCT05066646 CTR20192510 " * 15 + ") "),
    "cue words inside words": ("", "CTR20192510" + " xChinax" * 17),
    "stops that end no sentence": ("", "China" + " No. No. CTR20192510" * 50),
    "digits that are announced": ("", "trial registration number 123 "),
    "prefixes glued to each other": ("", "NCTISRCTNDRKSCTRIRBR123"),
    "names of other registries": ("", "ISRCTN: NCT05066646. EudraCT: NCT05066646. "),
    "names of other registries, tagged": ("", "~ISRCTN ~&nbsp;NCT05066646 "),
    "the names of all registries": ("", " ".join(each.name for each in REGISTRIES) + " "),
    "digits behind all cue words": (
        "",
        "".join(f"{cue} 123 " for each in REGISTRIES for cue in each.cues),
    ),
    "the numbers of all registries": (
        "",
        "".join(f"{printed}, " for each in REGISTRIES for printed, _ in each.examples),
    ),
    # Names of trials.
    "a name that is called a trial": ("", "the RECOVERY trial "),
    "many names that are called trials": ("", f"the AVE{_COUNTED} trial "),
}
_READERS = (trialink.find, trialink.check, trialink.names)
_LEAST, _MOST = 10_000, 1_000_000
_PATIENCE = 60  # seconds for one call


def attack(name: str, size: int) -> str:
    """Return the hostile text of this name with `size` characters."""
    head, unit = ATTACKS[name]
    rounds = size // len(unit) + 1
    if _COUNTED in unit:
        return (head + "".join(unit.replace(_COUNTED, _word(n)) for n in range(rounds)))[:size]
    return (head + unit * rounds)[:size]


def _word(number: int) -> str:
    """Return five capitals that can be spoken, others for each number."""
    letters = []
    for place in range(5):
        number, at = divmod(number, 5 if place % 2 else 20)
        letters.append("AEIOU"[at] if place % 2 else "BCDFGHJKLMNPQRSTVWXZ"[at])
    return "".join(letters)


def main(most: int = _MOST) -> None:
    """Read every hostile text at every length, and print a row for each reader."""
    sizes = [_LEAST]
    while sizes[-1] < most:
        sizes.append(min(most, sizes[-1] * 10))
    print("microseconds a character; - is not run; growth: the last over the one before")
    print(f"{'':44}" + "".join(f"{size:>12,}" for size in sizes) + f"{'growth':>8}")
    rows = [(f"{reader.__name__}, {name}", reader, name) for name in ATTACKS for reader in _READERS]
    worst, steepest = (0.0, ""), (0.0, "")
    for title, reader, name in rows:
        reader(attack(name, _LEAST // 10))  # compiles the patterns
        costs = _costs(reader, name, sizes)
        run = [cost for cost in costs if cost is not None]
        growth = run[-1] / run[-2] if len(run) > 1 else 1.0
        print(f"{title:44}" + "".join(map(_cell, costs)) + f"{growth:8.2f}", flush=True)
        worst, steepest = max(worst, (run[-1], title)), max(steepest, (growth, title))
    print(f"\nthe worst: {worst[0] * 10:.1f} s for 10 MB (mark: 5): {worst[1]}")
    print(f"the steepest: {steepest[0]:.2f} times the cost a character: {steepest[1]}")


def _costs(reader: Callable[[str], object], name: str, sizes: list[int]) -> list[float | None]:
    costs: list[float | None] = []
    for size in sizes:
        before = costs[-1] if costs else 0.0
        if before is None or before * size > _PATIENCE * 1e6:
            costs.append(None)
            continue
        text = attack(name, size)
        start = time.perf_counter()
        reader(text)
        costs.append((time.perf_counter() - start) / size * 1e6)
    return costs


def _cell(cost: float | None) -> str:
    return f"{'-':>12}" if cost is None else f"{cost:12.3f}"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
