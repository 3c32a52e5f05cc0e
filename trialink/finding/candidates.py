"""From a text to everything in it that a pattern of the catalogue matches, believed or not."""

from __future__ import annotations

import re

from trialink.finding.grammar import Grammar
from trialink.finding.mending import Mend, mended
from trialink.finding.outline import Outline
from trialink.finding.window import Window, cleaned, window
from trialink.registries import Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from trialink.model.words import Repair

_LEAD = 100  # characters between the start of an identifier and where it shows
_LONGEST = 64  # characters of an identifier as printed
_REACH = 260  # characters behind that place in which every pattern has ended
_BEFORE = 4  # characters before an identifier that say whether it begins there
_BEHIND = 64  # characters that a prefix which shows by itself may be long
_RECENT = 8  # numbers behind a prefix that can reach as far as a place
_BARE_LEAD = 16  # the same for a number without a prefix
# Where a bare number can begin: at a letter or digit that goes on nothing, or at a digit behind a
# letter.
_BEGINNING = re.compile(r"(?<![^\W_])[^\W_]|(?<=[^\W\d_])[0-9]")


_INSIDE = re.compile(r"\d-?$")  # before digits that are the rest of longer ones
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_WORD_BEFORE = re.compile(r"[A-Za-z\u00c0-\u024f]{1,12}$")
_LETTERS_BEHIND = re.compile(r"[A-Za-z]{1,2}")
_FOOTNOTES = "abcdefgh"
_FEW = 12  # letters that are looked at
_WORD = 3  # letters of the shortest word that may be glued to a number


class Candidate:
    """What a pattern matched, before it is known whether it is believed.

    `address` is where the web address stands that makes digits a number; `is_mended` says that
    the digits were not printed as any pattern has them.
    """

    __slots__ = (
        "address",
        "end",
        "grammar",
        "has_prefix",
        "is_mended",
        "number",
        "repairs",
        "start",
    )

    def __init__(
        self,
        start: int,
        end: int,
        grammar: Grammar,
        number: str,
        repairs: tuple[Repair, ...] = (),
        has_prefix: bool = True,
        address: tuple[int, int] | None = None,
        is_mended: bool = False,
    ) -> None:
        self.start, self.end, self.grammar = start, end, grammar
        self.number, self.repairs, self.has_prefix = number, repairs, has_prefix
        self.address, self.is_mended = address, is_mended

    @property
    def entry(self) -> Registry:
        """The registry whose pattern matched."""
        return self.grammar.entry

    @property
    def check(self) -> str | None:
        """What the check digit says of the number."""
        return self.grammar.entry.checked(self.number)


class Damage:
    """Digits behind a prefix that are no number as they stand: too few or too many."""

    __slots__ = ("end", "grammar", "run", "start")

    def __init__(self, start: int, end: int, grammar: Grammar, run: str) -> None:
        self.start, self.end, self.grammar, self.run = start, end, grammar, run


def candidates(
    text: str, seen: Outline, places: Iterable[int], announced: Container[int]
) -> Iterator[Candidate | Damage]:
    """Yield what the patterns of the entries match around some places, overlaps included.

    What typesetting left in a text is looked through: around a place both are read, the text as
    it stands and without that.
    """
    reader, reached = Reader(seen), -1
    for place in places:
        low = max(reached + 1, place - _LEAD)
        bounds = place - _LEAD - _BEFORE, place + _REACH
        for stretch in (window(text, *bounds), cleaned(text, *bounds)):
            if stretch is not None:
                yield from reader.read(stretch, low, place, mends=place in announced)
        reached = place


class Reader:
    """Reads stretches of one text; knows what it has read behind prefixes."""

    def __init__(self, seen: Outline) -> None:
        self._seen = seen
        self._covered: list[tuple[int, int]] = []

    def read(
        self, stretch: Window, low: int, high: int, *, mends: bool
    ) -> Iterator[Candidate | Damage]:
        """Yield what begins from one place of the text to another."""
        for start, word in self._heads(stretch, low, high):
            for each in prefixed(stretch, self._seen.ways[word], start, word):
                if isinstance(each, Candidate):
                    self._covered.append((each.start, each.end))
                yield each
        for start in self._beginnings(stretch, max(low, high - _BARE_LEAD), high, mends):
            if not is_covered(self._covered[-_RECENT:], stretch.place(start)):
                yield from unprefixed(stretch, self._seen.bares, start, mends=mends)

    def _heads(self, stretch: Window, low: int, high: int) -> Iterator[tuple[int, str]]:
        """Yield where prefixes begin in a stretch, and the prefixes, in small letters."""
        first, last = stretch.index(low), stretch.index(high)
        lowered = stretch.folded[first : last + _BEHIND].lower()
        match = self._seen.heads.search(lowered)
        while match and first + match.start() <= last:
            yield first + match.start(), match[0]
            match = self._seen.heads.search(lowered, match.start() + 1)

    def _beginnings(self, stretch: Window, low: int, high: int, mends: bool) -> Iterator[int]:
        """Yield where in a stretch something that could be a bare number begins."""
        bare = self._seen.bare
        first, last = stretch.index(low), stretch.index(high)
        for match in _BEGINNING.finditer(stretch.folded, first, last + 1) if bare else ():
            if mends or (bare and bare.match(stretch.folded, match.start())):
                yield match.start()


def is_covered(spans: Iterable[tuple[int, int]], place: int) -> bool:
    """Return whether a place is inside a span: a number behind a prefix holds no bare one."""
    return any(start < place < end for start, end in spans)


def prefixed(
    stretch: Window, ways: Iterable[Grammar], start: int, word: str
) -> Iterator[Candidate | Damage]:
    """Yield what grammars read where a prefix begins: numbers, or what is left of one."""
    folded = stretch.folded
    for grammar in ways:
        if match := _match(grammar.printed, folded, start):
            yield _candidate(stretch, grammar, match)
        elif match := _match(grammar.mistyped, folded, start):
            yield _candidate(stretch, grammar, match, ("prefix-typo",))
        elif match := _match(grammar.addressed, folded, start):
            yield _in_address(stretch, grammar, match)
        elif (match := _match(grammar.glued, folded, start)) and _is_freed(grammar, match):
            yield _candidate(stretch, grammar, match)
        elif mend := _mend(folded, start, grammar, word):
            yield _mended(stretch, grammar, start, mend, has_prefix=True)
        elif (match := _match(grammar.near, folded, start)) and not grammar.body.fullmatch(
            match["run"]
        ):
            yield Damage(*_span(stretch, *match.span()), grammar, match["run"])


def unprefixed(
    stretch: Window, bares: Iterable[Grammar], start: int, *, mends: bool
) -> Iterator[Candidate]:
    """Yield what grammars read where a number without a prefix begins."""
    read: set[tuple[str, int]] = set()
    for grammar in bares:
        if match := _match(grammar.bare, stretch.folded, start):
            if (reading := (grammar.entry.key, match.end())) not in read:
                read.add(reading)
                yield _candidate(stretch, grammar, match, has_prefix=False)
        elif mends and grammar.entry.check and (mend := _mend_bare(stretch.folded, start, grammar)):
            yield _mended(stretch, grammar, start, mend, has_prefix=False)


def _match(pattern: re.Pattern[str] | None, folded: str, start: int) -> re.Match[str] | None:
    """Return the match of a pattern at a place, if it is no longer than a number may be."""
    match = pattern.match(folded, start) if pattern else None
    return match if match and match.end() - start <= _LONGEST else None


def _is_freed(grammar: Grammar, match: re.Match[str]) -> bool:
    """Return whether a number may be cut out of the letters that are glued to it.

    Its prefix stands there twice; or its check passes, and before it stands a whole word, behind
    it no more than the letter of a footnote.
    """
    folded, start, end = match.string, match.start(), match.end()
    before = _WORD_BEFORE.search(folded, max(0, start - _FEW), start)
    behind = _LETTERS_BEHIND.match(folded, end)
    is_footnote = behind is None or behind[0] in _FOOTNOTES or len(behind[0]) > 1
    if before and before[0].lower().endswith(grammar.prefixes):
        return is_footnote
    is_word = before is None or len(before[0]) >= _WORD
    number = grammar.form.number(match.groupdict())
    return is_word and is_footnote and grammar.entry.checked(number) == "ok"


def _mend(folded: str, start: int, grammar: Grammar, word: str) -> Mend | None:
    """Return what is read of damaged digits behind a prefix."""
    is_right = word in grammar.spelt or word.startswith(grammar.prefixes)
    pattern = grammar.printed if is_right else grammar.mistyped
    if pattern is None or word in grammar.addresses:
        return None
    if _LATIN.match(folded[start - 1 : start]):
        return None  # the pattern sees the number without what stands before it
    return mended(folded, start, folded[start : start + len(word)], grammar, pattern)


def _mend_bare(folded: str, start: int, grammar: Grammar) -> Mend | None:
    is_inside = _INSIDE.search(folded, max(0, start - 2), start)
    if grammar.bare is None or is_inside:
        return None
    return mended(folded, start, "", grammar, grammar.bare)


def _candidate(
    stretch: Window,
    grammar: Grammar,
    match: re.Match[str],
    repairs: tuple[Repair, ...] = (),
    *,
    has_prefix: bool = True,
) -> Candidate:
    number = grammar.form.number(match.groupdict())
    start, end = _span(stretch, *match.span())
    if "\n" in match[0] and "\n" in match[0][match.start(1) - match.start() :]:
        repairs = (*repairs, "line-break")
    return Candidate(start, end, grammar, number, repairs, has_prefix)


def _in_address(stretch: Window, grammar: Grammar, match: re.Match[str]) -> Candidate:
    number = grammar.form.number(match.groupdict())
    start, end = _span(stretch, match.start(1), match.end())
    head = _span(stretch, match.start(), match.start(1))
    return Candidate(start, end, grammar, number, (), True, head)


def _mended(
    stretch: Window, grammar: Grammar, start: int, mend: Mend, *, has_prefix: bool
) -> Candidate:
    number = grammar.form.number(mend.match.groupdict())
    first, end = _span(stretch, start, start + mend.end)
    is_right = has_prefix and mend.match.re is grammar.mistyped
    repairs: tuple[Repair, ...] = ("prefix-typo", *mend.repairs) if is_right else mend.repairs
    return Candidate(first, end, grammar, number, repairs, has_prefix, is_mended=True)


def _span(stretch: Window, start: int, end: int) -> tuple[int, int]:
    """Return the places in the text of a piece of a stretch."""
    return stretch.place(start), stretch.place(end - 1) + 1


def claim(candidate: Candidate) -> tuple[int, int, int, int]:
    """Return what a candidate has to show against others that overlap it, the least first.

    As printed before mended, then the longest, then the rank of its registry. Digits of other
    scripts are mended without a doubt and do not count.
    """
    doubts = sum(repair != "full-width-digits" for repair in candidate.repairs)
    length = candidate.end - candidate.start
    return doubts, -length, candidate.entry.rank, candidate.start
