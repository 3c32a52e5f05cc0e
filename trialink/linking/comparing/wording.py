"""A text in, its words with their places out; phrases, runs and phases are found among them.

Words are runs of letters and digits, compared without case and accents; what stands between two
words of a phrase (hyphens, slashes, blanks, commas) is ignored, but no phrase goes beyond the end
of a sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import accumulate
from unicodedata import combining, normalize

from trialink.finding.context import distance
from trialink.finding.folding import fold
from trialink.model.mentions import Span
from trialink.model.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
    from typing import Any, TypeVar, TypeVarTuple, Unpack

    from trialink.finding.context import Place

    Found = TypeVar("Found")
    Asked = TypeVarTuple("Asked")
    Chain = tuple[int, int, int]  # how many words, and where it begins in text and phrase, negated
    Rows = dict[int, dict[int, Chain]]
BREAK = "\n"  # stands among the words of a text where a sentence ends
PHASES = frozenset(("EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4"))
_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
_END = re.compile(  # of a sentence; "No. 1", "St. Jude", "vs. placebo" and initials end none
    r"(?<!\b[A-Z])(?<!\bNo|\bSt|\bDr|\bvs)[.!?][\"')\]\u201d\u2019]{0,2}\s|\u3002|\n[ \t\r]*\n"
)
_ABBREVIATION = re.compile(r"[A-Z]{1,4}")
_NUMERAL = (
    r"(?:iv|i{1,3}|[0-4]|[\u2160-\u2163])[abc]?(?!\w)(?!\.\d)"
    r"(?![\s-]{0,2}(?:days?|weeks?|months?|years?|hours?|minutes?)\b)"
)
_PHASE = re.compile(
    rf"phases?(?:\s{{1,3}}|\s?-\s?)(?P<stated>{_NUMERAL}"
    rf"(?:\s?(?:[/&-]|\b(?:and|or|to)\b)\s?(?:phase\s)?{_NUMERAL}){{0,3}})",
    re.IGNORECASE,
)
_API_PHASES: dict[str, tuple[str, ...]] = {
    "0": ("EARLY_PHASE1",),
    "1": ("PHASE1", "EARLY_PHASE1"),
    "2": ("PHASE2",),
    "3": ("PHASE3",),
    "4": ("PHASE4",),
}
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}


class Words:
    """The words of one text, each with its place among them and its offsets.

    `places` leads from a word to where it stands in `words`. The end of a sentence is a word of
    its own, `BREAK`, without letters.
    """

    def __init__(self, text: str) -> None:
        self.text, self.folded = text, fold(text)
        self.words: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.places: dict[str, list[int]] = {}
        self._known: dict[tuple[Hashable, ...], Any] = {}
        reached = 0
        for match in _WORD.finditer(self.folded):
            start, end = match.span()
            if start - reached > 1 and _END.search(self.folded, reached, start):
                self._add(BREAK, reached, reached)
            self._add(_plain(match[0]), start, end)
            reached = end
        self._join()

    def _add(self, word: str, start: int, end: int) -> None:
        self.places.setdefault(word, []).append(len(self.words))
        self.words.append(word)
        self.starts.append(start)
        self.ends.append(end)

    def _join(self) -> None:
        """Write all words in one string, and note where in it each word begins and ends."""
        self._firsts: dict[int, int] = {}
        self._lasts: dict[int, int] = {}
        pieces: list[str] = []
        offset = 0
        for place, (mark, word) in enumerate(_marked(self.words)):
            pieces += mark, word
            self._firsts[offset + len(mark)] = place
            offset += len(mark) + len(word)
            self._lasts[offset] = place
        self._joined = "".join(pieces)

    def once(self, look: Callable[[Words, Unpack[Asked]], Found], *asked: *Asked) -> Found:
        """Return `look(self, *asked)`, kept for the many mentions of a text that ask the same."""
        wanted = (look, *asked)
        if wanted not in self._known:
            self._known[wanted] = look(self, *asked)
        found: Found = self._known[wanted]
        return found

    def span(self, start: int, end: int) -> Span:
        """Return the span of two offsets."""
        return Span(start, end, self.text[start:end])

    def find(self, phrase: str, *, exact: bool = False) -> Iterator[tuple[int, int]]:
        """Yield the offsets of a phrase wherever it stands, in text order.

        "MK-7962" stands in "MK7962" and in "mk 7962". `exact` keeps what has the same letters in
        the same case; an abbreviation in at most four capitals always does: ALL is not "all".
        """
        letters = _letters(fold(phrase))
        exact = exact or bool(_ABBREVIATION.fullmatch(letters))
        wanted = "".join(mark + word for mark, word in _marked(plain_words(phrase)))
        at = self._joined.find(wanted) if wanted else -1
        while at >= 0:
            first, last = self._firsts.get(at), self._lasts.get(at + len(wanted))
            if first is not None and last is not None:
                start, end = self.starts[first], self.ends[last]
                if not exact or _letters(self.folded[start:end]) == letters:
                    yield start, end
            at = self._joined.find(wanted, at + 1)

    def offsets(self, first: int, last: int) -> tuple[int, int]:
        """Return the offsets from one word to another."""
        return self.starts[first], self.ends[last]

    def hyphenated(self, first: int, last: int) -> tuple[int, int]:
        """Return the offsets from one word to another, to the ends of their hyphenated words."""
        while first > 0 and self.folded[self.ends[first - 1] : self.starts[first]] == "-":
            first -= 1
        while (
            last + 1 < len(self.words)
            and self.folded[self.ends[last] : self.starts[last + 1]] == "-"
        ):
            last += 1
        return self.offsets(first, last)

    def left_out(self, first: int, last: int, *, passed: Collection[str], most: int) -> int:
        """Count the words between two places that are not `passed`; `most` where a sentence ends.

        The count stops at `most`.
        """
        count = 0
        for place in range(first + 1, last):
            word = self.words[place]
            if word == BREAK:
                return most
            if word not in passed:
                count += 1
                if count == most:
                    break
        return count


class Places:
    """Spans of a text in text order, the nearest of which is found by halving."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self.spans = sorted({*spans})
        self._ends = [*accumulate((end for _, end in self.spans), max)]  # the furthest so far

    def nearest(self, place: Place) -> list[tuple[int, int]]:
        """Return the span nearest to a place, ties to the earlier; none for none."""
        behind = bisect_left(self.spans, (place.end,))
        near = self.spans[behind : behind + 1]
        if behind:
            reach = min(place.start, self._ends[behind - 1])
            near.append(self.spans[bisect_left(self._ends, reach)])
        return [min(near, key=lambda span: (distance(span, place), span))] if near else []

    def begun(self, low: int, high: int) -> list[tuple[int, int]]:
        """Return the spans that begin in a part of the text."""
        return self.spans[bisect_left(self.spans, (low,)) : bisect_left(self.spans, (high,))]


class Run(Value):
    """Words of a phrase that a text has in their order.

    `words` counts them; `first` and `last` are places in the phrase, `low` and `high` places in
    the text.
    """

    words: int
    first: int
    last: int
    low: int
    high: int


def runs(
    text: Words, phrase: Sequence[str], *, passed: Collection[str], skipped: int, least: int
) -> Iterator[Run]:
    """Yield the longest run that ends at each place of the text, if it has `least` words.

    Between two words of a run at most `skipped` words are left out, in the text and in the
    phrase; `passed` words of the text do not count. Of equal runs to one place the one that
    begins first is meant. The time grows with the number of places where words of the phrase
    stand.
    """
    indexes: dict[str, list[int]] = {}
    for index, word in enumerate(phrase):
        indexes.setdefault(word, []).append(index)
    rows: Rows = {}
    ordinal, previous = 0, -1
    for place in sorted(place for word in indexes for place in text.places.get(word, ())):
        ordinal += 1 + text.left_out(previous, place, passed=passed, most=skipped + 1)
        rows = {each: row for each, row in rows.items() if ordinal - each <= skipped + 1}
        rows[ordinal] = {
            index: _longest(rows, (ordinal, index), place, skipped)
            for index in indexes[text.words[place]]
        }
        for index, (length, low, first) in rows[ordinal].items():
            if length >= least:
                yield Run(length, -first, index, -low, place)
        previous = place


def _longest(rows: Rows, at: tuple[int, int], place: int, skipped: int) -> Chain:
    """Return the longest chain that ends at a pair of ordinals, in the text and in the phrase."""
    ordinal, index = at
    steps = range(1, skipped + 2)
    chains: list[Chain] = [(1, -place, -index)]
    for back in steps:
        row = rows.get(ordinal - back, {})
        for over in steps:
            if index - over in row:
                length, low, first = row[index - over]
                chains.append((length + 1, low, first))
    return max(chains)


def stated_phases(words: Words) -> Iterator[tuple[tuple[int, int], set[str]]]:
    """Yield each phase that a text states, in the API's words: phase I/II, phase 1b, phases 2-3."""
    for word in ("phase", "phases"):
        for place in words.places.get(word, ()):
            if match := _PHASE.match(words.folded, words.starts[place]):
                stated = normalize("NFKC", match["stated"]).lower()
                figures = re.findall(r"\b(iv|i{1,3}|[0-4])[abc]?\b", stated)
                phases = (_API_PHASES[_ROMAN.get(figure, figure)] for figure in figures)
                yield match.span(), {each for known in phases for each in known}


def plain_words(text: str) -> list[str]:
    """Return the words of a short text as they are compared."""
    return [_plain(match[0]) for match in _WORD.finditer(fold(text))]


def _plain(word: str) -> str:
    if word.isascii():
        return word.lower()
    bare = "".join(each for each in normalize("NFKD", word) if not combining(each))
    return bare.casefold() or word


def _marked(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each word behind what parts it from the one before: "1/2" is not "12"."""
    previous = ""
    for word in words:
        yield "-" if previous[-1:].isdigit() and word[0].isdigit() else "", word
        previous = word


def key(phrase: str) -> str:
    """Return the words of a phrase in one, for comparison."""
    return "".join(plain_words(phrase))


def _letters(folded: str) -> str:
    return "".join(filter(str.isalnum, folded))
