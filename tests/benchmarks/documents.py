"""Texts to measure on: like abstracts and articles in what decides the speed of a finder.

From a seed to documents. What they are made of is narrative of real trial records where the
reference data is at hand, else invented prose; both with as many digits, runs of digits and
characters beyond ASCII as abstracts have. One document in twenty bears an identifier more.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from random import Random

NARRATIVE = Path(__file__).parents[3] / "shared" / "ctgov" / "studies_full_no_contacts.json.gz"
SEED = 20_000
SHORT, LONG = 1_500, 60_000  # characters of an abstract and of an article
ONE_IN = 20  # documents with an identifier of ours
_LEAST = 200  # characters of a text of a record that is narrative
_LONGEST = 1_000  # characters of a sentence; what is longer is a table or a list
_WITH_FIGURES = {"narrative": 0.085, "invented": 0.13}  # share of sentences that report results
_MARKS_PER_KB = 2.5  # characters beyond ASCII of a document that has any

# Identifiers in the spellings that are met; all are real and pass their check.
SPELLINGS = (
    *("NCT05066646", "NCT 05066646", "nct05066646", "NCT: 05066646", "NCT-05066646"),
    *("NCT No. 05066646", "(NCT00902941)", "NCT0506 6646", "NCT\u00a005066646"),
    *("NCT\u201105066646", "NCT\u200905066646", "ＮＣＴ０５０６６６４６", "NCT\u00ad00902941"),
    *("ISRCTN78805636", "ISRCTN 02452400", "ISRCTN: 64254080", "isrctn 78805636"),
    *("EudraCT 2004-002714-11", "EudraCT Number: 2022-002568-62", "2020-001934-37"),
    *("EudraCT 2004\u2013002714\u201311", "EU CT Number: 2023-504246-64-02"),
    *("ACTRN12608000628347", "ACTRN 12608000628347", "ChiCTR-TRC-09000530", "ChiCTR2000030007"),
    *("CTRI/2012/08/002884", "DRKS00005115", "DRKS 00003170", "UMIN000012045", "NTR 2473"),
    *("jRCTs031180248", "KCT0004176", "IRCT2016080318745N10", "RBR-6gdyvz", "U1111-1115-2414"),
    *("CTR20192510", "TCTR20140318001", "PACTR202406532417953"),
)
_CARRIERS = ("Trial registration: {}.", "The trial is registered ({}).", "Registered as {}.")
# What stands between two words: within Latin-1, and beyond it.
_LATIN = (" ± ", " µg ", " °C ", "\u00a0", " é", " ö", " · ")
_WIDE = (" \u2013 ", "\u2019s ", " \u2265 ", " \u2264 ", " \u201cso-called\u201d ", " α", " µg ")
_WORDS = (
    *("patients", "were", "randomly", "assigned", "to", "receive", "the", "study", "drug", "or"),
    *("placebo", "once", "daily", "for", "weeks", "primary", "outcome", "was", "overall"),
    *("survival", "at", "baseline", "in", "adults", "with", "advanced", "disease", "after"),
    *("treatment", "and", "standard", "care", "quality", "of", "life", "safety", "tolerability"),
    *("adverse", "events", "common", "median", "follow-up", "investigators", "assessed"),
    *("response", "rate", "according", "to", "criteria", "independent", "review", "committee"),
    *("group", "control", "intervention", "participants", "eligible", "informed", "consent"),
    *("oral", "moderate", "severe", "chronic", "kidney", "heart", "failure", "blood", "pressure"),
    *("glucose", "insulin", "tumour", "chemotherapy", "radiotherapy", "surgery", "pain", "score"),
    *("change", "mean", "difference", "significant", "compared", "between", "arms", "dose"),
    *("escalation", "cohort", "centres", "countries", "hospital", "admission", "mortality"),
    *("risk", "reduction", "hazard", "confidence", "interval", "analysis", "population"),
    *("modified", "intention", "protocol"),
)


@cache
def sentences() -> tuple[str, tuple[str, ...]]:
    """Return where the sentences come from, "narrative" or "invented", and the sentences."""
    if NARRATIVE.exists():
        studies = json.loads(gzip.decompress(NARRATIVE.read_bytes()))
        texts = [text for study in studies for text in _texts(study["protocolSection"])]
        pieces = (piece for text in texts for piece in re.split(r"(?<=[.!?])\s+", text))
        return "narrative", tuple(piece for piece in pieces if 20 < len(piece) < _LONGEST)
    random = Random(SEED)
    return "invented", tuple(_invented(random) for _ in range(20_000))


def documents(*, count: int, size: int, marks: str = "", seed: int = SEED) -> list[str]:
    """Return documents of about `size` characters, each twentieth with an identifier.

    `marks` says which characters beyond ASCII they have: "" none, "latin" those of Latin-1,
    "wide" others too.
    """
    random = Random(f"{seed} {count} {size} {marks}")
    source, every = sentences()
    pool = [sentence for sentence in every if _fits(sentence, marks)]
    share = _WITH_FIGURES[source]
    built = []
    for number in range(count):
        pieces = [*_drawn(random, pool, size, share)]
        if number % ONE_IN == ONE_IN // 2:
            pieces.insert(random.randrange(len(pieces) + 1), _registered(random, marks))
        text = " ".join(pieces)
        built.append(_marked(random, text, _WIDE if marks == "wide" else _LATIN) if marks else text)
    return built


def short_documents(count: int) -> list[str]:
    """Return abstracts beyond ASCII: half of them within Latin-1, half not."""
    latin = documents(count=count // 2, size=SHORT, marks="latin")
    wide = documents(count=count - count // 2, size=SHORT, marks="wide")
    both = latin + wide
    Random(SEED).shuffle(both)
    return both


def reference_lists(*, count: int, size: int, seed: int = SEED) -> list[str]:
    """Return lists of references, dense with figures, every fourth one to a registered trial."""
    random = Random(seed)
    return ["\n".join(_until(size, lambda at: _reference(random, at))) for _ in range(count)]


def other_script(*, count: int, size: int, seed: int = SEED) -> list[str]:
    """Return texts in Chinese characters, with figures and marks of that script."""
    random = Random(seed)
    letters = [chr(code) for code in range(0x4E00, 0x5E00)] + ["，", "。", "12", "2015", "、"] * 60
    return ["".join(random.choices(letters, k=size)) for _ in range(count)]


def described(texts: list[str]) -> str:
    """Return the shares of a set of documents that decide the speed, for a person."""
    joined = "\n".join(texts)
    digits = sum(map(joined.count, "0123456789")) / len(joined)
    runs = len(re.findall(r"[0-9]{3,}", joined)) / len(joined) * 1000
    ascii = sum(map(str.isascii, texts)) / len(texts)
    narrow = sum(max(text) <= "\xff" for text in texts) / len(texts)
    return f"{digits:.1%} digits, {runs:.1f} runs/KB, {ascii:.0%} ASCII, {narrow:.0%} one-byte"


def _texts(value: object) -> Iterator[str]:
    """Yield the narrative of a record."""
    if isinstance(value, str):
        if len(value) >= _LEAST:
            yield value
    elif isinstance(value, (dict, list)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def _fits(sentence: str, marks: str) -> bool:
    if marks == "wide":
        return True
    return sentence.isascii() if not marks else max(sentence) <= "\xff"


def _invented(random: Random) -> str:
    words = random.choices(_WORDS, k=random.randint(8, 28))
    if random.random() < 0.5:
        words.append(str(random.randint(2, 60)))
    return " ".join(words).capitalize() + "."


def _drawn(random: Random, pool: list[str], size: int, share: float) -> Iterator[str]:
    """Yield sentences of so many characters together, a share of them with figures."""
    drawn = 0
    while drawn < size:
        piece = _figures(random) if random.random() < share else random.choice(pool)
        drawn += len(piece) + 1
        yield piece


def _figures(random: Random) -> str:
    number, year = random.randint(100, 1999), random.randint(1998, 2024)
    share, more = (f"{random.randint(1, 99)}.{random.randint(0, 9)}%" for _ in range(2))
    return random.choice(
        (
            f"Of {number} patients who were enrolled between {year - 3} and {year}, "
            f"{number // 3} ({share}) had a response (p = 0.{random.randint(1, 99):02}).",
            f"The hazard ratio was 0.{random.randint(40, 99)} (95% CI 0.{random.randint(20, 39)} "
            f"to 1.{random.randint(0, 99):02}; {share} against {more}) at {number % 60} months.",
            f"Doses of {number} mg were given from {year} on, to {share} of men, {more} of women.",
        )
    )


def _registered(random: Random, marks: str) -> str:
    fitting = [spelling for spelling in SPELLINGS if _fits(spelling, marks)]
    return random.choice(_CARRIERS).format(random.choice(fitting))


def _marked(random: Random, text: str, marks: tuple[str, ...]) -> str:
    """Return a text with characters beyond ASCII in the place of some of its blanks."""
    words = text.split(" ")
    gaps = [" "] * (len(words) - 1) + [""]
    for _ in range(max(1, round(len(text) / 1000 * _MARKS_PER_KB))):
        gaps[random.randrange(len(words) - 1)] = random.choice(marks)
    return "".join(word + gap for word, gap in zip(words, gaps, strict=True))


def _until(size: int, line: Callable[[int], str]) -> Iterator[str]:
    drawn, number = 0, 1
    while drawn < size:
        made = line(number)
        drawn, number = drawn + len(made) + 1, number + 1
        yield made


def _reference(random: Random, number: int) -> str:
    year, volume, page = random.randint(1996, 2025), random.randint(2, 400), random.randint(1, 2900)
    names = ", ".join(_author(random) for _ in range(random.randint(1, 4)))
    title = _invented(random)
    cited = (
        f"{number}. {names}. {title} J Clin Res {year};{volume}({random.randint(1, 52)}):"
        f"{page}\u2013{page + random.randint(2, 14)}. doi:10.{random.randint(1000, 1200)}/"
        f"s{random.randint(10_000, 19_999)}-0{year % 100:02}-{random.randint(10_000, 99_999)}-"
        f"{random.randint(0, 9)} PMID: {random.randint(9_000_000, 39_999_999)}."
    )
    return f"{cited} {random.choice(SPELLINGS)}." if number % 4 == 0 else cited


def _author(random: Random) -> str:
    name = "".join(random.choices(("ta", "ro", "mi", "lun", "des", "ko", "vel", "bri"), k=2))
    return f"{name.capitalize()} {random.choice('ABDEHKLMPRST')}"
