"""From a text to everything in it that a pattern of the catalogue matches, believed or not."""

from __future__ import annotations

import re

from trialink.finding.grammar import LETTER, LONGEST, NEAR, NEAR_END, Grammar
from trialink.finding.mending import Mend, mended
from trialink.finding.outline import Outline
from trialink.finding.patterns import lazily
from trialink.finding.shape import shape
from trialink.finding.window import Window, cleaned, window
from trialink.registries import Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trialink.model.words import Repair

_LEAD = 100  # characters between the start of an identifier and where it shows
_NEAR = 24  # the same for nearly all
_BARE_LEAD = 16  # the same for a number without a prefix
_REACH = 260  # characters behind that place in which every pattern has ended
_STRETCH = 4096  # characters that are looked at together
_BEFORE = 4  # characters before an identifier that say whether it begins there
_BEHIND = 64  # characters that a prefix which shows by itself may be long
_SIGHT = 8  # characters behind a place that say whether a number begins there
_RECENT = 8  # numbers behind a prefix that can reach as far as a place
# Where a bare number can begin: at a digit that goes on no other, or a few letters before one.
_BEGINNING = lazily(
    r"(?<![^\W_])(?=[^\W\d_]{0,6}[\-/ ]?[0-9]|[OoIlSB][0-9OoIlSB])[^\W_]|(?<=[^\W\d_])[0-9]"
)
# Digits with something among them that is none: at most so much as a number has.
_DAMAGED = lazily(
    r"[0-9]{0,14}(?:[OoIlSB][0-9OoIlSB]|[0-9](?:[\s\-,./]{1,3}[A-Z]?[0-9OoIlSB]|[OoIlSB]))"
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


def candidates(
    text: str, seen: Outline, places: Iterable[tuple[int, bool]], *, damages: bool = True
) -> Iterator[Candidate | Damage]:
    """Yield what the patterns of the entries match around some places, overlaps included.

    With each place stands whether something announces a number there. What typesetting left in a
    text is looked through: both are read, the text as it stands and without that.
    """
    whole = window(text, 0, len(text) if seen.hidden else 0)
    more = [(each.start, each) for grammar in seen.hidden for each in _hidden(whole, grammar)]
    if more:
        places = sorted({*places, *((start, True) for start, _ in more)})
    reader = Reader(seen, damages=damages)
    reached = announced = -1
    for group in _neighbours(places):
        bounds = group[0][0] - _LEAD - _BEFORE, group[-1][0] + _REACH
        stretches = [each for each in (window(text, *bounds), cleaned(text, *bounds)) if each]
        for place, is_announced in group:
            # What is read where nothing announces it changes nothing of what is read elsewhere.
            low = max((announced if is_announced else reached) + 1, place - _LEAD)
            for stretch in stretches:
                yield from reader.read(stretch, low, place, is_announced=is_announced)
            reached = place
            announced = place if is_announced else announced
    yield from (each for start, each in more if not is_covered(reader.covered, start))


def _neighbours(places: Iterable[tuple[int, bool]]) -> Iterator[list[tuple[int, bool]]]:
    """Yield places in groups that are looked at together."""
    group: list[tuple[int, bool]] = []
    for each in places:
        place = each[0]
        if group and (place - group[-1][0] > _REACH or place - group[0][0] > _STRETCH):
            yield group
            group = []
        group.append(each)
    if group:
        yield group


class Reader:
    """Reads stretches of one text; `covered` are the spans that it has read behind prefixes."""

    def __init__(self, seen: Outline, *, damages: bool = True) -> None:
        self._seen, self._damages = seen, damages
        self.covered: list[tuple[int, int]] = []

    def read(
        self, stretch: Window, low: int, high: int, *, is_announced: bool
    ) -> Iterator[Candidate | Damage]:
        """Yield what begins from one place of the text to another."""
        if is_announced:
            near = max(low, high - _NEAR)
            read = [*self._prefixed(stretch, near, high)]
            if not any(isinstance(each, Candidate) and each.end > high for each in read):
                # Behind a number that its prefix stands close to, no other prefix reaches it.
                read += self._prefixed(stretch, low, near - 1)
            yield from read
        for start in self._beginnings(stretch, max(low, high - _BARE_LEAD), high):
            for each in unprefixed(stretch, self._seen, start, mends=is_announced):
                each.is_announced = is_announced
                yield each
            if self._damages and is_announced:
                yield from damaged(stretch, self._seen, start)

    def _prefixed(self, stretch: Window, low: int, high: int) -> Iterator[Candidate | Damage]:
        for start, word in self._heads(stretch, low, high):
            for each in prefixed(stretch, self._seen.ways(word), start, word):
                if isinstance(each, Candidate):
                    self.covered.append((each.start, each.end))
                yield each

    def _heads(self, stretch: Window, low: int, high: int) -> Iterator[tuple[int, str]]:
        """Yield where prefixes begin in a stretch, and the prefixes, in small letters."""
        first, last = stretch.index(low), stretch.index(high)
        lowered = stretch.folded[first : last + _BEHIND].lower()
        length = min(last - first + 1, len(lowered))
        return ((first + start, word) for start, word in self._seen.heads(lowered, length))

    def _beginnings(self, stretch: Window, low: int, high: int) -> Iterator[int]:
        """Yield where in a stretch a bare number could begin that is inside no other."""
        first, last = stretch.index(low), stretch.index(high)
        for match in _BEGINNING.finditer(stretch.folded, first, last + _SIGHT):
            if match.start() > last:
                return
            if not is_covered(self.covered[-_RECENT:], stretch.place(match.start())):
                yield match.start()


def _hidden(stretch: Window, grammar: Grammar) -> Iterator[Candidate]:
    """Yield what a grammar reads anywhere in a stretch."""
    for pattern in (grammar.printed, grammar.mistyped, grammar.bare):
        match = pattern.search(stretch.folded) if pattern else None
        while pattern and match:
            repairs: tuple[Repair, ...] = ("prefix-typo",) if pattern is grammar.mistyped else ()
            has_prefix = pattern is not grammar.bare
            yield _candidate(stretch, grammar, match, repairs, has_prefix=has_prefix)
            match = pattern.search(stretch.folded, match.start() + 1)


def is_covered(spans: Iterable[tuple[int, int]], place: int) -> bool:
    """Return whether a place is inside a span: a number behind a prefix holds no bare one."""
    return any(start <= place < end for start, end in spans)


def prefixed(
    stretch: Window, ways: Iterable[Grammar], start: int, word: str
) -> Iterator[Candidate | Damage]:
    """Yield what grammars read where a prefix begins: numbers, or what is left of one."""
    read = [each for grammar in ways if (each := _printed(stretch, grammar, start))]
    yield from read
    for grammar in () if read else ways:
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


def unprefixed(stretch: Window, seen: Outline, start: int, *, mends: bool) -> Iterator[Candidate]:
    """Yield what grammars read where a number without a prefix begins."""
    folded = stretch.folded
    read: dict[tuple[str, int], Candidate] = {}
    is_bare = seen.bare is not None and seen.bare.match(folded, start) is not None
    for grammar in seen.bares if is_bare else ():
        if match := _match(grammar.bare, folded, start):
            reading = grammar.entry.key, match.end()
            if reading not in read:
                read[reading] = _candidate(stretch, grammar, match, has_prefix=False)
    yield from read.values()
    is_read = any(each.check == "ok" for each in read.values())
    if not mends or is_read:
        return
    if _DAMAGED.match(folded, start):
        is_alike = seen.alike.match(shape(folded[start : start + LONGEST])) is not None
        for grammar in seen.mended:
            is_shaped = is_alike and grammar.form.alone == "checked"
            is_meant = is_shaped or _is_named(stretch, start, grammar)
            if is_meant and (mend := _mend_bare(folded, start, grammar)):
                is_doubtful = not is_alike or mend.repairs != ("letter-for-digit",)
                yield _mended(
                    stretch, grammar, start, mend, has_prefix=False, is_doubtful=is_doubtful
                )


def damaged(stretch: Window, seen: Outline, start: int) -> Iterator[Damage]:
    """Yield what could be meant as a number with parts where the name of its registry is near."""
    match = _ALIKE.match(stretch.folded, start)
    if match is None:
        return
    for grammar in _named(stretch, seen):
        if _is_alike(grammar, match[0]) and _is_named(stretch, start, grammar):
            yield Damage(*_span(stretch, *match.span()), grammar, match[0], has_prefix=False)


def _is_alike(grammar: Grammar, run: str) -> bool:
    """Return whether digits could be meant as a number: any with parts, else one more or less."""
    digits = grammar.form.digits
    if digits is None:
        return grammar.body.fullmatch(run) is None
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


def _mend_bare(folded: str, start: int, grammar: Grammar) -> Mend | None:
    """Return what is read of damaged digits that a check and a name or a shape speak for."""
    if grammar.bare is None or _INSIDE.search(folded, max(0, start - 2), start):
        return None
    return mended(folded, start, "", grammar, grammar.bare)


def _is_named(stretch: Window, start: int, grammar: Grammar) -> bool:
    """Return whether a name of the registry stands somewhere before a number."""
    before = stretch.folded[max(0, start - _NAME) : start].lower()
    return any(map(before.__contains__, grammar.cues))


def _named(stretch: Window, seen: Outline) -> tuple[Grammar, ...]:
    """Return the grammars whose registry is named anywhere in a stretch; looked up once."""
    if stretch.named is None:
        everything = stretch.folded.lower()
        named = (each for each in seen.bares if any(map(everything.__contains__, each.cues)))
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
    if "\n" in match[0][match.start(1) - match.start() :]:
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
