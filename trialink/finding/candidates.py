"""From a text to everything in it that a pattern of the catalogue matches, believed or not."""

from __future__ import annotations

from trialink.finding.grammar import Grammar
from trialink.finding.regions import Region, regions
from trialink.finding.sieve import Way, sieve
from trialink.finding.view import View
from trialink.model.value import Value
from trialink.registries import Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from trialink.model.words import Repair


class Candidate(Value):
    """What a pattern matched, before it is known whether it is believed."""

    start: int
    end: int
    grammar: Grammar
    number: str
    repairs: tuple[Repair, ...] = ()
    has_prefix: bool = True

    @property
    def entry(self) -> Registry:
        """The registry whose pattern matched."""
        return self.grammar.entry

    @property
    def check(self) -> str | None:
        """What the check digit says of the number."""
        return self.entry.checked(self.number)


class Damage(Value):
    """Digits behind a prefix that are no number as they stand: too few, too many, torn apart."""

    start: int
    end: int
    grammar: Grammar
    run: str
    is_torn: bool


def candidates(view: View, entries: tuple[Registry, ...]) -> Iterator[Candidate | Damage]:
    """Yield what the patterns of the entries match in a text, overlaps included.

    Region by region, in each in the order of the entries.
    """
    through = sieve(entries)
    for region in regions(view, entries):
        for way in through.passing(region):
            yield from _printed(view, way, region)
            if way.kind == "printed" and way.grammar.form.digits:
                yield from _damaged(view, way.grammar, region)


def _printed(view: View, way: Way, region: Region) -> Iterator[Candidate]:
    grammar = way.grammar
    repairs: tuple[Repair, ...] = ("prefix-typo",) if way.kind == "mistyped" else ()
    for match in _starting(view, way.pattern, region):
        start, end = match.span()
        number = grammar.form.number(match.groupdict())
        mended = repairs + digit_repairs(view.text[start:end])
        yield Candidate(start, end, grammar, number, mended, way.kind != "bare")


def _damaged(view: View, grammar: Grammar, region: Region) -> Iterator[Damage]:
    for match in _starting(view, grammar.near, region):
        if not grammar.body.fullmatch(match["run"]):
            yield Damage(match.start(), match.end(), grammar, match["run"], False)
    for match in _starting(view, grammar.torn, region):
        if not match["run"].isdigit():
            yield Damage(match.start(), match.end(), grammar, match["run"], True)


def _starting(
    view: View, pattern: re.Pattern[str] | None, region: Region
) -> Iterator[re.Match[str]]:
    """Yield the matches that begin in the region; they may end behind it."""
    if pattern is None:
        return
    for match in pattern.finditer(view.folded, region.low, region.end):
        if match.start() >= region.high:
            return
        yield match


def claim(candidate: Candidate) -> tuple[int, int, int, int]:
    """Return what a candidate has to show against others that overlap it, the least first.

    As printed before mended, then the longest, then the rank of its registry. Digits of other
    scripts are mended without a doubt and do not count.
    """
    doubts = sum(repair != "full-width-digits" for repair in candidate.repairs)
    length = candidate.end - candidate.start
    return doubts, -length, candidate.entry.rank, candidate.start


def digit_repairs(printed: str) -> tuple[Repair, ...]:
    """Return the repair that reading digits of other scripts is."""
    foreign = any(letter.isdecimal() and not letter.isascii() for letter in printed)
    return ("full-width-digits",) if foreign else ()
