"""Invented texts, and what holds for every text that is read.

    python tests/fuzz_finding.py 1000000            so many texts a law, on all processors
    python tests/fuzz_finding.py 1000000 7          the same from another seed

A text is made from a seed and its number alone, `made(seed, number)` and `planted(seed, number)`,
so a failure can be repeated. Texts that break a law are printed. The exit code is 1 where a law is
broken that has to hold without exception, or where one with known faults is broken more often.
`.ci/run` holds 10^5 texts to every law, `tests/test_fuzz.py` the first of these.
"""

from __future__ import annotations

import gc
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import cache, lru_cache, partial
from random import Random

import accuracy
import reference_finder
from planting import BREAK, Planted, planted

from trialink import REGISTRIES, InvalidTrialId, Mention, Problem, TrialId, find, parse
from trialink.finding import Mentions, read

SEED = 1
_LONGEST_REFUSAL = 400
_LONGEST = 90  # characters of a text that is cut out of one of the corpus
_SHOWN = 20  # failures that are printed
_HUNDRED_THOUSAND = 100_000
# So many of the first hundred thousand texts break a law, and none breaks another. What they have
# in common is in `tests/test_torn_numbers.py`: the first stage does not see a number that a tag, an
# entity or a mark of direction parts among its letters or first digits.
_KNOWN = {"find_and_check_agree": 1, "finders_agree": 12, "planted_numbers_are_found": 2}
_SHARE = 500  # texts that a process is given at a time
_LONG = 2_000  # characters of a text that the plain finder is too slow for
# Sentences without anything that registries or numbers are known by.
_LATER = ("\n", "\nand so on.", "\n\nNone of this was new.\n", "\r\nand that was all")
_SIGNS = (
    *("", "", " ", "-", ".", ", ", ": ", "/", "(", ")", "[", "]", "#", "\n", "\r\n", "\n\n", "\t"),
    *("\u2013", "\u2010", "\u00ad", "\u00a0", "\u2009", "\u200b", "\ufeff", "\u202e", "\u2060"),
    *("\0", "\ud800", "\udfff", "\U0001f9ea", "\u0130", "\u017f", "\u212a", "\u0399", "\u0421"),
    *("0", "1", "O", "l", "7", "５", "٥", "۵", "²", "Ⅷ", "ＮＣＴ", "05066646", "0506 6646", "78"),
    *(" No. ", " number ", " and ", " or ", "&nbsp;", "&#8211;", "<sup>", "</b>", "\\u2013", "%2F"),
    *("https://", "../", "//", "?", "%00", "e\u0301", "trial", "study ", "。", "登记号", " et "),
)
_RANGES = ((0x20, 0x7F), (0xA0, 0x180), (0x370, 0x700), (0x2000, 0x2100), (0xFF00, 0xFF60))
_EVERYTHING = (0, 0x110000)
_FOREIGN = "\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0e50-\u0e59\uff10-\uff5e"
_STRAY = re.compile(
    f"(?<![{_FOREIGN}])[{_FOREIGN}]{{1,2}}(?![{_FOREIGN}])|[\u0130\u0131\u017f\u212a]"
)
_CANONICAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/\-]*")


# Texts


@lru_cache(maxsize=4)
def made(seed: int, number: int) -> str:
    """Return an invented text: random, spliced of pieces, or one of the corpus, damaged."""
    random = Random(f"{seed}/{number}")
    ways = (_random, _spliced, _spliced, _cut, _damaged, _damaged)
    return ways[number % len(ways)](random)


def _random(random: Random) -> str:
    """Return characters of a few ranges, or of all there are."""
    ranges = (*random.sample(_RANGES, k=2), _EVERYTHING if random.random() < 0.2 else (0x30, 0x3A))
    return "".join(
        chr(random.randrange(*random.choice(ranges))) for _ in range(random.randrange(40))
    )


def _spliced(random: Random) -> str:
    """Return pieces of numbers, names and signs in a row."""
    count = random.randint(1, 5)
    parts = (random.choice(_pieces()) for _ in range(count))
    return "".join(f"{part}{random.choice(_SIGNS)}" for part in parts)


def _cut(random: Random) -> str:
    """Return what stands between any two places of a text."""
    text = random.choice(_corpus())
    start = random.randrange(len(text))
    return text[start : start + random.randint(1, _LONGEST)]


def _damaged(random: Random) -> str:
    """Return such a piece with a few characters changed, doubled, left out or put in."""
    text = _cut(random)
    for _ in range(random.randint(1, 4)):
        start = random.randrange(len(text) + 1)
        end = start + random.choice((0, 0, 1, 1, 2, 8))
        put = random.choice((random.choice(_SIGNS), random.choice(_SIGNS), text[start:end] * 2))
        text = text[:start] + put + text[end:]
    return text


@cache
def _pieces() -> tuple[str, ...]:
    """Return what the catalogue prints: numbers, whole and cut, prefixes, names and cue words."""
    examples = [printed for entry in REGISTRIES for printed, _ in entry.examples]
    return (
        *examples,
        *(printed[: len(printed) * 2 // 3] for printed in examples),
        *(printed[len(printed) // 3 :] for printed in examples),
        *(text for entry in REGISTRIES for text in entry.counterexamples),
        *(cue for entry in REGISTRIES for cue in (entry.label, *entry.cues)),
        *(word for entry in REGISTRIES for form in entry.forms for word in form.prefixes),
        *(word for entry in REGISTRIES for form in entry.forms for word in form.typos),
        *(url for entry in REGISTRIES for url in entry.urls),
    )


@cache
def _corpus() -> tuple[str, ...]:
    """Return the texts of the corpus but those apart; where there is none, the examples' own."""
    texts = [row["text"] for file in accuracy.files() for row in accuracy.texts(file)]
    examples = (printed for entry in REGISTRIES for printed, _ in entry.examples)
    return tuple(texts or (f"The trial is registered ({text}), and ended." for text in examples))


# Laws


def spans_hold(text: str) -> None:
    """Spans repeat the text, in order, disjoint; so do problems; and numbers are canonical."""
    reached = 0
    for mention in _found(text):
        assert text[mention.start : mention.end] == mention.text
        assert reached <= mention.start < mention.end <= len(text)
        assert mention.cue is None or text[mention.cue.start : mention.cue.end] == mention.cue.text
        _hold_canonical(mention.id)
        reached = mention.end
    for problem in _found_and_checked(text)[1]:
        assert text[problem.start : problem.end] == problem.text != ""
        before = text[: problem.start]
        assert problem.line == before.count("\n") + 1
        assert problem.column == len(before) - (before.rfind("\n") + 1) + 1
        for id in (problem.id, problem.suggestion, *problem.candidates):
            assert id is None or _parsed(str(id)) == id


def pieces_agree(text: str, other: str) -> None:
    """Two texts are read alike alone and one behind the other, where a new paragraph begins.

    A cue word holds for its sentence, a bracket for its paragraph, and prefixes and lists go over
    lines: so the cut is at an empty line, and the sentence before it ends without any of these.
    One digit or letter of another script among ASCII ones is left out: it may hide the place of a
    number that is seen all the same when another number stands near.
    """
    text, other = _STRAY.sub("x", text), _STRAY.sub("x", other)
    first = text + BREAK
    moved = [(start + len(first), end + len(first), id) for start, end, id in _read(other)]
    assert _read(first + other) == _read(text) + moved


def later_lines_change_nothing(text: str) -> None:
    """What was found stays where it was when a line is appended."""
    assert _read(text + _LATER[len(text) % len(_LATER)]) == _read(text)


def find_and_check_agree(text: str) -> None:
    """What is found is the same whether near misses are sought too or not."""
    assert _found(text) == _found_and_checked(text)[0]


def finders_agree(text: str) -> None:
    """The fast finder finds what the plain one does, which tries everything everywhere."""
    assert _found(text) == reference_finder.find(text)


def parse_is_strict(text: str) -> None:
    """An identifier alone is read to a canonical one or refused with `InvalidTrialId`."""
    refusal = None
    try:
        _hold_canonical(parse(text))
    except InvalidTrialId as error:
        refusal = str(error)
    assert refusal is None or (refusal.isprintable() and len(refusal) < _LONGEST_REFUSAL)


def planted_numbers_are_found(planted: Planted) -> None:
    """A number is found in any spelling; one that is damaged is found or told, and no other is."""
    found = [str(each.id) for each in _found(planted.text) if _is_in(planted, each)]
    if planted.is_sure or found:
        assert found == [*planted.numbers]
    else:
        assert any(_is_in(planted, each) for each in _found_and_checked(planted.text)[1])


def finders_agree_on_planted_numbers(planted: Planted) -> None:
    """The fast finder finds what the plain one does, but for texts that would take it too long."""
    if len(planted.text) < _LONG:
        finders_agree(planted.text)


def _is_in(planted: Planted, each: Mention | Problem) -> bool:
    return any(each.start < end and start < each.end for start, end in planted.spans)


def _read(text: str) -> list[tuple[int, int, TrialId]]:
    return [(mention.start, mention.end, mention.id) for mention in _found(text)]


# Several laws ask the same of one text.
_found: Callable[[str], Mentions] = lru_cache(maxsize=8)(find)
_parsed: Callable[[str], TrialId] = lru_cache(maxsize=4096)(parse)


@lru_cache(maxsize=1)
def _found_and_checked(text: str) -> tuple[Mentions, list[Problem]]:
    return read(text, "check")


def _hold_canonical(id: TrialId) -> None:
    assert _parsed(str(id)) == id
    assert str(id).isascii()
    assert _CANONICAL.fullmatch(str(id))
    url = id.url
    assert url is None or (
        url.isascii() and url.startswith(("https://", "http://")) and " " not in url
    )


LAWS = (
    *(spans_hold, pieces_agree, later_lines_change_nothing),
    *(find_and_check_agree, finders_agree, parse_is_strict),
)
PLANTED_LAWS = (planted_numbers_are_found, finders_agree_on_planted_numbers)


def broken(laws: Iterable[Callable[..., None]], numbers: range, seed: int = SEED) -> dict[str, str]:
    """Return, by law and number of the text that breaks it, the texts and what was raised."""
    found = {}
    for number in numbers:
        for law in laws:
            given = _given(law, seed, number)
            try:
                law(*given)
            except Exception as error:  # nothing but the documented errors may leave a call
                raised = f"{type(error).__name__} {str(error)[:200]!a}"
                texts = ", ".join(map(ascii, given))
                found[f"{law.__name__} {number}"] = f"{raised} of {texts}"
    return found


def _given(law: Callable[..., None], seed: int, number: int) -> list[str] | list[Planted]:
    """Return what a law holds for."""
    if law in PLANTED_LAWS:
        return [planted(seed, number)]
    return [made(seed, number + place) for place in range(2 if law is pieces_agree else 1)]


def main(count: int = _HUNDRED_THOUSAND, seed: int = SEED) -> int:
    """Hold so many texts to each law, print what was found and return an exit code."""
    start = time.perf_counter()
    shares = [range(low, min(low + _SHARE, count)) for low in range(0, count, _SHARE)]
    found: dict[str, str] = {}
    # Little that reading makes is ever in a cycle.
    with ProcessPoolExecutor(initializer=gc.disable) as processes:
        for share in processes.map(partial(broken, (*LAWS, *PLANTED_LAWS), seed=seed), shares):
            found |= share
    seconds = time.perf_counter() - start
    counts = Counter(which.split()[0] for which in found)
    print(f"seed {seed}: {count} texts a law, {len(found)} broken, {seconds:.0f} s")
    most = {law.__name__: _most(law, count) for law in (*LAWS, *PLANTED_LAWS)}
    for name, known in most.items():
        print(f"  {name}: {counts[name]} broken, at most {known} are known")
    unknown = [which for which in found if counts[which.split()[0]] > most[which.split()[0]]]
    for which in [*dict.fromkeys((*unknown, *found))][:_SHOWN]:
        print(f"  {which}: {found[which]}")
    return int(any(counts[name] > known for name, known in most.items()))


def _most(law: Callable[..., None], count: int) -> int:
    """Return how many of so many texts are known to break a law."""
    return -(-_KNOWN.get(law.__name__, 0) * count // _HUNDRED_THOUSAND)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
