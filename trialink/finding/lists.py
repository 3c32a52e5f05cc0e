"""From numbers in one list or bracket to those among them that their neighbours speak for."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise

from trialink.finding.belief import Judged, is_count, is_few, span_of
from trialink.finding.context import BRACKET_REACH, bracket_bounds, distance
from trialink.finding.counts import is_counted, is_date, is_measured
from trialink.finding.grammar import Grammar, grammars
from trialink.finding.patterns import lazily
from trialink.finding.reading import Candidate
from trialink.finding.repairing import is_placeholder
from trialink.finding.view import View
from trialink.finding.window import cleaned, window
from trialink.model.mentions import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# Words between the members of a list, in some languages; those of Chinese need no blank.
_AND = (
    r"(?:and(?:\s{1,2}also)?|or|plus|vs\.?|versus|as\s{1,2}well\s{1,2}as|(?:along|together)\s{1,2}with"
    r"|und|oder|sowie|u\.|et|ou|y|e|en|of|alsmede)"
)
_ALSO = "(?:\u4ee5\u53ca|[\u53ca\u548c\u4e0e\u8207])"
_SIGN = r"[,;/&+|\u3001\v]"  # the last for the tag of a line's end
_COMMA = r"[\s,;/&+|\u3001]"
# What stands in brackets behind a member: its name, its arm, a reference.
_ASIDE = r"(?P<aside>\s{0,2}[(\[][^()\[\]\n]{1,40}[)\]])?"
_LIST_GAP = lazily(
    rf"{_ASIDE}{_COMMA}{{0,4}}(?:{_AND}{_COMMA}{{1,4}}|{_ALSO}{_COMMA}{{0,4}})?", re.IGNORECASE
)
_NEXT = lazily(
    rf"{_ASIDE}(?:\s{{0,3}}{_SIGN}\s{{0,3}}(?:{_AND}\s{{1,3}})?|\s{{1,3}}{_AND}\s{{1,3}}"
    rf"|\s{{0,2}}{_ALSO}\s{{0,2}})[\-\u2026]?",
    re.IGNORECASE,
)
_LONGEST_GAP = 60
_LONG = 8  # characters of a number that is no count
_MEMBER = 96  # characters that the next member is within
_DIGIT = lazily(r"\d")
_BRACKET = lazily(r"\s{0,2}[(\[](?:the\s)?")
_GOES_ON = lazily(rf"\s{{0,2}}(?:[,;.)\]/|\n]|{_AND}\b|$)", re.IGNORECASE)


def vouched(view: View, items: list[Judged]) -> list[Judged]:
    """Return candidates in text order, those believed too that a neighbour vouches for.

    Where a prefixed number needs a cue word and has none in reach, a believed number of another
    registry in the same bracket or list is the cue.
    """
    if all(item.is_believed for item in items):
        return items
    found: list[Judged] = []
    lists = _lists(view, items)
    vouchers = [(item, at) for item, at in zip(items, lists, strict=True) if item.is_believed]
    starts = [item.candidate.start for item, _ in vouchers]
    for item, at in zip(items, lists, strict=True):
        each = item.candidate
        if item.is_believed or not each.has_prefix or is_count(view, each):
            found.append(item)
            continue
        low = bisect_left(starts, each.start - BRACKET_REACH)
        near = vouchers[low : bisect_left(starts, each.end + BRACKET_REACH)]
        cue = _neighbour(view, each, at, near)
        found.append(Judged(each, cue is not None, cue))
    return found


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


def _following(view: View, first: Candidate) -> list[Candidate]:
    """Return the bare numbers of the first one's form that stand behind it in a list.

    Where the list ends in a count, other few digits in it are counts too.
    """
    found: list[Candidate] = []
    end = first.end
    while read := _next(view, first.grammar, end):
        each, is_likely = read
        if is_count(view, each) or _is_sum(view, each):
            return [kept for kept in found if not is_few(kept)]
        if not is_likely:
            break
        found.append(each)
        end = each.end
    return found


def _is_sum(view: View, candidate: Candidate) -> bool:
    """Return whether digits that no check speaks for count or measure what stands behind them.

    Counts begin with no zero; as many digits as numbers have measure something rather.
    """
    printed = view.stretch(candidate.start, candidate.end)
    if candidate.check == "ok" or not printed.isdigit() or printed.startswith("0"):
        return False
    return (is_measured if len(printed) >= _LONG else is_counted)(view, candidate.end)


def _next(view: View, grammar: Grammar, end: int) -> tuple[Candidate, bool] | None:
    """Return the next number of a list that leaves the prefix out, and whether it is likely one."""
    reach = end, end + _MEMBER
    if not _DIGIT.search(view.text, *reach):
        return None
    behind = cleaned(view.text, *reach) or window(view.text, *reach)
    gap = _NEXT.match(behind.folded)
    read = _read(behind.folded, gap.end(), grammar) if gap else None
    if gap is None or read is None:
        return None
    grammar, match = read
    number = grammar.form.number(match.groupdict())
    start, end = behind.place(match.start()), behind.place(match.end() - 1) + 1
    is_likely = _is_number(match, grammar, number, is_beside=gap["aside"] is None)
    is_likely = is_likely and not is_placeholder(grammar.entry, number)
    return Candidate(start, end, grammar, number, (), False), is_likely


def _read(folded: str, start: int, grammar: Grammar) -> tuple[Grammar, re.Match[str]] | None:
    """Return the number that a grammar, or else another of its registry, reads without a prefix."""
    others = (each for each in grammars((grammar.entry,)) if each.form.digits)
    for each in (grammar, *others):
        if match := each.member.match(folded, start):
            return each, match
    return None


def _is_number(match: re.Match[str], grammar: Grammar, number: str, *, is_beside: bool) -> bool:
    """Return whether digits are no year, date or count.

    A check passes, or they are many, or the list goes on behind them, or its registry is named
    there. Few digits must stand right beside the number before.
    """
    check = grammar.entry.checked(number)
    if check == "ok":
        return True
    if check == "suspect" or is_date(match[0]):
        return False
    if len(match[0]) >= _LONG or any(map(str.isalpha, match[0])):
        return True
    folded, end = match.string, match.end()
    bracket = _BRACKET.match(folded, end)
    is_named = bracket is not None and folded[bracket.end() :].lower().startswith(grammar.cues)
    is_last = is_named or _GOES_ON.match(folded, end) is not None
    return is_beside and (is_last or (folded.startswith("/") and match.start() == 1))
