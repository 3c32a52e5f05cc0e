"""From numbers in one list or bracket to those among them that their neighbours speak for."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise

from trialink.finding.belief import Judged, span_of
from trialink.finding.candidates import Candidate
from trialink.finding.context import BRACKET_REACH, bracket_bounds, distance
from trialink.finding.repairing import is_placeholder
from trialink.finding.view import View
from trialink.finding.window import window
from trialink.model.mentions import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_AND = "(?:and|or|und|oder|et|ou|y|e|en|of|sowie)"
_COMMA = r"[\s,;/&+|]"
_LIST_GAP = re.compile(rf"{_COMMA}{{0,4}}(?:{_AND}{_COMMA}{{1,4}})?", re.IGNORECASE)
_NEXT = re.compile(
    rf"(?:\s{{0,3}}[,;/&+|]\s{{0,3}}(?:{_AND}\s{{1,3}})?|\s{{1,3}}{_AND}\s{{1,3}})-?", re.IGNORECASE
)
_LONGEST_GAP = 14
_LONG = 8  # characters of a number that is no count
_MEMBER = 96  # characters that the next member is within
_DATE = re.compile(  # also a year alone
    "(?:19|20)[0-9]{2}(?:(?:0[1-9]|1[0-2])[0-3][0-9])?|[0-3][0-9][0-3][0-9](?:19|20)[0-9]{2}"
)
_GOES_ON = re.compile(rf"\s{{0,2}}(?:[,;.)\]/|\n]|{_AND}\b|$)", re.IGNORECASE)


def vouched(view: View, items: Sequence[Judged]) -> Iterator[Judged]:
    """Yield candidates in text order, those believed too that a neighbour vouches for.

    Where a prefixed number needs a cue word and has none in reach, a believed number of another
    registry in the same bracket or list is the cue.
    """
    if all(item.is_believed for item in items):
        yield from items
        return
    lists = _lists(view, items)
    vouchers = [(item, at) for item, at in zip(items, lists, strict=True) if item.is_believed]
    starts = [item.candidate.start for item, _ in vouchers]
    for item, at in zip(items, lists, strict=True):
        if item.is_believed or not item.candidate.has_prefix:
            yield item
            continue
        start, end = item.candidate.start, item.candidate.end
        low = bisect_left(starts, start - BRACKET_REACH)
        near = vouchers[low : bisect_left(starts, end + BRACKET_REACH)]
        cue = _neighbour(view, item.candidate, at, near)
        yield Judged(item.candidate, cue is not None, cue)


def _neighbour(
    view: View, candidate: Candidate, at: int, near: Sequence[tuple[Judged, int]]
) -> Span | None:
    """Return the nearest number of another registry in the same bracket or list."""
    others = [
        (each.candidate, its)
        for each, its in near
        if each.candidate.entry.key != candidate.entry.key
    ]
    bracket = bracket_bounds(view.folded, candidate.start, candidate.end) if others else None
    together = [
        (each.start, each.end)
        for each, its in others
        if its == at or (bracket and bracket[0] < each.start and each.end < bracket[1])
    ]
    spans = sorted(together, key=lambda span: distance(span, candidate))
    return span_of(view, *spans[0]) if spans else None


def _lists(view: View, items: Sequence[Judged]) -> list[int]:
    """Return for each candidate the list that it stands in: numbers with only "," ... between."""
    lists = [0] * len(items)
    for place, (left, right) in enumerate(pairwise(each.candidate for each in items), 1):
        is_near = right.start - left.end <= _LONGEST_GAP
        is_listed = is_near and _LIST_GAP.fullmatch(view.folded, left.end, right.start)
        lists[place] = lists[place - 1] + (not is_listed)
    return lists


def members(view: View, items: Sequence[Judged], take: Callable[[int, int], bool]) -> list[Judged]:
    """Return the numbers that follow a believed one in its list and leave its prefix out.

    `take` says whether a span is free, and takes it.
    """
    found: list[Judged] = []
    for item in items:
        first = item.candidate
        if item.is_believed and (first.has_prefix or item.cue):
            for each in _following(view, first):
                if not take(each.start, each.end):
                    break
                found.append(Judged(each, True, span_of(view, first.start, first.end)))
    return found


def _following(view: View, first: Candidate) -> Iterator[Candidate]:
    """Yield the bare numbers of the first one's form that stand behind it in a list."""
    grammar, end = first.grammar, first.end
    while True:
        behind = window(view.text, end, end + _MEMBER)
        gap = _NEXT.match(behind.folded)
        match = grammar.member.match(behind.folded, gap.end()) if gap else None
        if match is None:
            return
        number = grammar.form.number(match.groupdict())
        is_dummy = is_placeholder(grammar.entry, number)
        if is_dummy or not _is_number(match, grammar.entry.checked(number)):
            return
        start, end = behind.origin + match.start(), behind.origin + match.end()
        yield Candidate(start, end, grammar, number, (), False)


def _is_number(match: re.Match[str], check: str | None) -> bool:
    """Return whether digits are no year, date or count.

    A check passes, or they are many, or the list goes on behind them.
    """
    if check == "ok":
        return True
    if check == "suspect" or _DATE.fullmatch(match[0]):
        return False
    is_long = len(match[0]) >= _LONG or any(map(str.isalpha, match[0]))
    return is_long or _GOES_ON.match(match.string, match.end()) is not None
