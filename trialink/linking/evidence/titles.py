"""Records in, pairs with similar titles out, without comparing every two of them."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations
from math import ceil

from trialink.linking.evidence.commonplaces import COMMON_WORDS, CONTRASTS, GRAMMAR
from trialink.model.links import RecordField
from trialink.sources.cues import without_cues

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from trialink.model.ids import TrialId
    from trialink.sources.record import Record

    Title = tuple[frozenset[str], Record, RecordField]

_ALIKE = 0.8  # of the words of two titles, those that stand in both
_FEWEST = 6  # words of a title
_MOST = 20  # titles that are compared for the sake of one word
_TELLING = 2  # of them that are no commonplaces
_WORD = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}


def similar_titles(
    records: Sequence[Record], rare: int
) -> Iterator[tuple[Record, Record, RecordField]]:
    """Yield every two records with similar titles, once, with the place of the first's title.

    Titles are compared as sets of words. A title that more than `rare` records have tells nothing.
    """
    found: dict[frozenset[TrialId], tuple[Record, Record, RecordField]] = {}
    for (words, first, place), (others, second, _) in _candidates([*_titles(records)]):
        pair = frozenset((first.id, second.id))
        if pair not in found and _are_alike(words, others):
            found[pair] = first, second, place
    bearers = Counter(id for pair in found for id in pair)  # how many others each is like
    for pair, told in found.items():
        if all(bearers[id] < rare for id in pair):
            yield told


def _candidates(titles: Sequence[Title]) -> Iterator[tuple[Title, Title]]:
    """Yield titles of different records that share one of the least frequent words of both.

    Two that are alike do. Words of more than a few records are left out: they tell little, and
    would take long.
    """
    frequency = Counter(word for words, _, _ in titles for word in words)
    by_word: dict[str, list[Title]] = {}
    for title in titles:
        for word in _least_frequent(title[0], frequency):
            by_word.setdefault(word, []).append(title)
    for word in sorted(by_word):
        if 1 < len(by_word[word]) <= _MOST:
            for first, second in combinations(by_word[word], 2):
                if first[1] is not second[1]:
                    yield first, second


def _titles(records: Iterable[Record]) -> Iterator[Title]:
    """Yield each title that tells something, without what its record is of another trial."""
    for record in records:
        given = {"OfficialTitle": record.official_title, "BriefTitle": record.brief_title}
        for field, title in given.items():
            words = frozenset(_WORD.findall(without_cues(title or "").casefold())) - GRAMMAR
            if len(words) >= _FEWEST and len(words - COMMON_WORDS) >= _TELLING:
                yield words, record, RecordField(record.id, field, title or "")


def _least_frequent(words: frozenset[str], frequency: Counter[str]) -> list[str]:
    """Return so many words that a title with none of them cannot be alike."""
    ordered = sorted(words, key=lambda word: (frequency[word], word))
    return ordered[: len(words) - ceil(_ALIKE * len(words)) + 1]


def _are_alike(words: frozenset[str], others: frozenset[str]) -> bool:
    """Return whether two titles share most words and differ in none that tells trials apart."""
    if len(words & others) < _ALIKE * len(words | others):
        return False
    apart = {_ROMAN.get(word, word) for word in words} ^ {_ROMAN.get(each, each) for each in others}
    return not any(word in CONTRASTS or len(word) == 1 or _DIGIT.search(word) for word in apart)
