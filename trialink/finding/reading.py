"""From a place in a stretch to what the grammars read there: numbers, or what is left of one."""

from __future__ import annotations

import re

from trialink.finding.grammar import LETTER, LONGEST, NEAR, NEAR_END, Grammar
from trialink.finding.mending import Mend, mended
from trialink.finding.outline import Outline
from trialink.finding.patterns import lazily
from trialink.finding.shape import shape
from trialink.finding.window import Window
from trialink.registries import Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from trialink.model.words import Repair

# Digits with something among them that is none: at most so much as a number has.
_DAMAGED = lazily(
    r"[0-9]{0,14}(?:[OoIlSB][0-9OoIlSB]|[0-9](?:[\s\-,./]{1,3}[A-Z]?[0-9OoIlSB]|[OoIlSB]))"
)
# Pieces with a digit in each, or a letter typed for one, and what may tear them apart.
_PIECES = lazily(
    r"(?:(?=[^\W0-9_OoIlSB]{0,23}+[0-9OoIlSB])[0-9A-Za-z]{1,24}+"
    r"(?:\s{1,2}+(?:[\-,./]\s{0,2}+)?|[\-,./]\s{0,2}+)?){1,24}+"
)
_ALIKE = lazily(NEAR + NEAR_END)
_INSIDE = lazily(r"\d-?\Z")  # before digits that are the rest of longer ones
_LATIN = lazily(f"[{LETTER}]")
_WORD_BEFORE = lazily(rf"[{LETTER}]{{1,12}}\Z")
_LETTERS_BEHIND = lazily(r"[A-Za-z]{1,2}")
_FOOTNOTES = "abcdefgh"
_TELLING = 7  # digits of a number that is no count, one too few or too many
_NAME = 160  # characters before a number in which the name that it needs stands
_FEW = 12  # letters that are looked at
_WORD = 3  # letters of the shortest word that may be glued to a number


class Candidate:
    """What a pattern matched, before it is known whether it is believed.

    `address` is where the web address stands that makes digits a number; `is_mended` says that
    digits were not printed as any pattern has them, nor with a letter for a digit in a shape of
    their own; `is_announced`, that something announces digits there.
    """

    __slots__ = (
        "address",
        "end",
        "grammar",
        "has_prefix",
        "is_announced",
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
        self.address, self.is_mended, self.is_announced = address, is_mended, True

    @property
    def entry(self) -> Registry:
        """The registry whose pattern matched."""
        return self.grammar.entry

    @property
    def check(self) -> str | None:
        """What the check digit says of the number."""
        return self.grammar.entry.checked(self.number)


class Damage:
    """Digits behind a prefix or a name that are no number as they stand: too few, too many."""

    __slots__ = ("end", "grammar", "has_prefix", "run", "start")

    def __init__(
        self, start: int, end: int, grammar: Grammar, run: str, has_prefix: bool = True
    ) -> None:
        self.start, self.end, self.grammar, self.run = start, end, grammar, run
        self.has_prefix = has_prefix


def hidden(stretch: Window, grammars: Iterable[Grammar]) -> Iterator[Candidate]:
    """Yield what grammars whose numbers show in no shape read anywhere in a stretch."""
    ways = ((each, way) for each in grammars for way in (each.printed, each.mistyped, each.bare))
    for grammar, pattern in ways:
        match = pattern.search(stretch.folded) if pattern else None
        while pattern and match:
            repairs: tuple[Repair, ...] = ("prefix-typo",) if pattern is grammar.mistyped else ()
            has_prefix = pattern is not grammar.bare
            yield _candidate(stretch, grammar, match, repairs, has_prefix=has_prefix)
            match = pattern.search(stretch.folded, match.start() + 1)


def prefixed(
    stretch: Window, ways: Iterable[Grammar], start: int, word: str
) -> Sequence[Candidate | Damage]:
    """Return what grammars read where a prefix begins: numbers, or what is left of one."""
    read = [each for grammar in ways if (each := _printed(stretch, grammar, start))]
    return read or [*_left(stretch, ways, start, word)]


def _left(
    stretch: Window, ways: Iterable[Grammar], start: int, word: str
) -> Iterator[Candidate | Damage]:
    """Yield what is left of numbers behind a prefix: damaged digits, mended where that is sure."""
    for grammar in ways:
        if mend := _mend(stretch.folded, start, grammar, word):
            yield _mended(stretch, grammar, start, mend, has_prefix=True)
            continue
        match = _match(grammar.near, stretch.folded, start)
        if match and not grammar.body.fullmatch(match["run"]):
            yield Damage(*_span(stretch, *match.span()), grammar, match["run"])


def _printed(stretch: Window, grammar: Grammar, start: int) -> Candidate | None:
    """Return the number behind a prefix that needs no mending but of the prefix."""
    folded = stretch.folded
    if match := _match(grammar.printed, folded, start):
        return _candidate(stretch, grammar, match)
    if match := _match(grammar.mistyped, folded, start):
        return _candidate(stretch, grammar, match, ("prefix-typo",))
    if match := _match(grammar.addressed, folded, start):
        return _in_address(stretch, grammar, match)
    if (match := _match(grammar.glued, folded, start)) and _is_freed(grammar, match):
        return _candidate(stretch, grammar, match)
    return None


def unprefixed(stretch: Window, seen: Outline, start: int, *, mends: bool) -> list[Candidate]:
    """Return what grammars read where a number without a prefix begins."""
    if _INSIDE.search(stretch.folded, max(0, start - 2), start):
        return []
    read = _bare(stretch, seen, start)
    is_read = bool(read) and any(each.check == "ok" for each in read)
    if mends and not is_read and _is_damaged(stretch.folded, start, seen.ways.least):
        read += _mended_bare(stretch, seen, start)
    return read


def _bare(stretch: Window, seen: Outline, start: int) -> list[Candidate]:
    """Return what grammars read without mending: of each entry and length the first."""
    read: dict[tuple[str, int], Candidate] = {}
    for grammar in seen.ways.bares_at(stretch.folded, start):
        if match := _match(grammar.bare, stretch.folded, start):
            reading = grammar.entry.key, match.end()
            if reading not in read:
                read[reading] = _candidate(stretch, grammar, match, has_prefix=False)
    return [*read.values()]


def _is_damaged(folded: str, start: int, least: int) -> bool:
    """Return whether something stands among digits that are no fewer than a number has."""
    if not _DAMAGED.match(folded, start):
        return False
    pieces = _PIECES.match(folded, start)
    return pieces is not None and sum(map(str.isalnum, pieces[0])) >= least


def _mended_bare(stretch: Window, seen: Outline, start: int) -> Iterator[Candidate]:
    """Yield what is read of damaged digits that a check and a name or a shape speak for."""
    folded = stretch.folded
    is_alike = seen.alike.match(shape(folded[start : start + LONGEST])) is not None
    before = _before(stretch, start)
    for grammar in seen.ways.mended:
        is_shaped = is_alike and grammar.form.alone == "checked"
        is_meant = is_shaped or any(map(before.__contains__, grammar.cues))
        if is_meant and grammar.bare and (mend := mended(folded, start, "", grammar, grammar.bare)):
            is_doubtful = not is_alike or mend.repairs != ("letter-for-digit",)
            yield _mended(stretch, grammar, start, mend, has_prefix=False, is_doubtful=is_doubtful)


def damaged(stretch: Window, seen: Outline, start: int) -> Iterator[Damage]:
    """Yield what could be meant as a number with parts where the name of its registry is near."""
    match = _ALIKE.match(stretch.folded, start)
    if match is None:
        return
    named = _named(stretch, seen)
    before = _before(stretch, start) if named else ""
    for grammar in named:
        if _is_alike(grammar, match[0]) and any(map(before.__contains__, grammar.cues)):
            yield Damage(*_span(stretch, *match.span()), grammar, match[0], has_prefix=False)


def _is_alike(grammar: Grammar, run: str) -> bool:
    """Return whether digits could be meant as a number: any with parts, else one more or less."""
    digits = grammar.form.digits
    if digits is None:
        first = len(run) - len(run.lstrip("0123456789"))
        is_like = any(abs(first - known) <= 1 for known in grammar.firsts)
        return is_like and grammar.body.fullmatch(run) is None
    return digits >= _TELLING and run.isdigit() and abs(len(run) - digits) == 1


def _match(pattern: re.Pattern[str] | None, folded: str, start: int) -> re.Match[str] | None:
    """Return the match of a pattern at a place, if it is no longer than a number may be."""
    match = pattern.match(folded, start) if pattern else None
    return match if match and match.end() - start <= LONGEST else None


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


def _before(stretch: Window, start: int) -> str:
    """Return where the name of its registry may stand before a number, in small letters."""
    return stretch.folded[max(0, start - _NAME) : start].lower()


def _named(stretch: Window, seen: Outline) -> tuple[Grammar, ...]:
    """Return the grammars whose registry is named anywhere in a stretch; looked up once."""
    if stretch.named is None:
        everything = stretch.folded.lower()
        named = (each for each in seen.ways.bares if any(map(everything.__contains__, each.cues)))
        stretch.named = tuple(named)
    return stretch.named


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
    stretch: Window,
    grammar: Grammar,
    start: int,
    mend: Mend,
    *,
    has_prefix: bool,
    is_doubtful: bool = True,
) -> Candidate:
    number = grammar.form.number(mend.match.groupdict())
    first, end = _span(stretch, start, start + mend.end)
    is_mistyped = has_prefix and mend.match.re is grammar.mistyped
    repairs: tuple[Repair, ...] = ("prefix-typo", *mend.repairs) if is_mistyped else mend.repairs
    return Candidate(first, end, grammar, number, repairs, has_prefix, is_mended=is_doubtful)


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
