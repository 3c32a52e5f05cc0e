"""From a candidate to whether it is believed, and to the cue word that makes it so."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise

from trialink.finding.candidates import Candidate
from trialink.finding.context import REACH, bracket_bounds, distance, is_one_sentence
from trialink.finding.grammar import JOIN, cue_words, registry_names
from trialink.finding.regions import CUE_REACH
from trialink.finding.view import View
from trialink.model.mentions import Span
from trialink.model.value import Value
from trialink.registries import Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BRACKET_REACH = 400  # code points that a bracket reaches on either side
_LIST_GAP = re.compile(r"[\s,;/&+|]{0,4}(?:(?:and|or)[\s,;/&+|]{1,4})?", re.IGNORECASE)
_LONGEST_GAP = 12


class Judged(Value):
    """A candidate with the verdict on it."""

    candidate: Candidate
    is_believed: bool
    cue: Span | None = None


def judged(view: View, candidate: Candidate) -> Judged:
    """Return a candidate with whether it is believed by itself, and the cue word if it needs one.

    A prefix is enough, unless the form wants a cue word or the prefix is a typing error that no
    check confirms. A bare number needs a cue word joined to it, or a shape of its own and a check
    that passes.
    """
    passes = candidate.check == "ok"
    form = candidate.grammar.form
    if not candidate.has_prefix:
        needless, cue_of = form.alone == "checked" and passes, joined_cue
    else:
        is_sure = "prefix-typo" not in candidate.repairs or passes
        needless, cue_of = is_sure and not form.needs_cue, near_cue
    if needless:
        return Judged(candidate, True)
    cue = cue_of(view, candidate.entry, candidate.start, candidate.end)
    return Judged(candidate, cue is not None, cue)


def joined_cue(view: View, entry: Registry, start: int, end: int) -> Span | None:
    """Return the cue word before a number with nothing but "number", ":" ... between."""
    return _joined(view, cue_words(entry), start)


def near_cue(view: View, entry: Registry, start: int, end: int) -> Span | None:
    """Return the nearest cue word of the same sentence, ties to the earlier and the longer."""
    reach = REACH if entry.cue_scope == "sentence" else CUE_REACH
    return _nearest(view, cue_words(entry), start, end, reach)


def joined_name(view: View, entry: Registry, start: int) -> Span | None:
    """Return the registry's own name before a number, joined to it as a cue word is."""
    return _joined(view, registry_names(entry), start)


def near_name(view: View, entry: Registry, start: int, end: int) -> Span | None:
    """Return the nearest place in the same sentence that names the registry."""
    return _nearest(view, registry_names(entry), start, end, CUE_REACH)


def _joined(view: View, words: tuple[str, ...], start: int) -> Span | None:
    low = max(0, start - CUE_REACH)
    places = (_last(view.lowered, word, low, start) for word in words)
    joined = [
        place
        for place in places
        if place
        and JOIN.fullmatch(view.folded, place[1], start)
        and is_one_sentence(view.folded, place[1], start)
    ]
    return _span(view, *min(joined)) if joined else None  # the first is the longest


def _nearest(view: View, words: tuple[str, ...], start: int, end: int, reach: int) -> Span | None:
    number, low = Span(start, end, ""), max(0, start - reach)
    places = [_last(view.lowered, word, low, start) for word in words]
    places += [_first(view.lowered, word, end, end + reach) for word in words]
    near = [place for place in places if place]
    for place in sorted(near, key=lambda place: (distance(place, number), place[0], -place[1])):
        if is_one_sentence(view.folded, min(place[1], end), max(place[0], start)):
            return _span(view, *place)
    return None


def _last(lowered: str, word: str, low: int, high: int) -> tuple[int, int] | None:
    """Return the last place of a whole word between two places."""
    size = len(word)
    start = lowered.rfind(word, low, high)
    while start >= 0 and not _is_whole(lowered, start, start + size):
        start = lowered.rfind(word, low, start + size - 1)
    return (start, start + size) if start >= 0 else None


def _first(lowered: str, word: str, low: int, high: int) -> tuple[int, int] | None:
    """Return the first place of a whole word between two places."""
    size = len(word)
    start = lowered.find(word, low, high)
    while start >= 0 and not _is_whole(lowered, start, start + size):
        start = lowered.find(word, start + 1, high)
    return (start, start + size) if start >= 0 else None


def _is_whole(lowered: str, start: int, end: int) -> bool:
    before, behind = lowered[max(0, start - 1) : start], lowered[end : end + 1]
    return not (before.isalnum() or behind.isalnum() or "_" in before + behind)


def vouched(view: View, items: Sequence[Judged]) -> Iterator[Judged]:
    """Yield candidates in text order, those believed too that a neighbour vouches for.

    Where a prefixed number needs a cue word and has none in reach, a believed number of another
    registry in the same bracket or list is the cue.
    """
    lists = _lists(view, items)
    vouchers = [(item, at) for item, at in zip(items, lists, strict=True) if item.is_believed]
    starts = [item.candidate.start for item, _ in vouchers]
    for item, at in zip(items, lists, strict=True):
        if item.is_believed or not item.candidate.has_prefix:
            yield item
            continue
        start, end = item.candidate.start, item.candidate.end
        low = bisect_left(starts, start - _BRACKET_REACH)
        near = vouchers[low : bisect_left(starts, end + _BRACKET_REACH)]
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
    return _span(view, *spans[0]) if spans else None


def _lists(view: View, items: Sequence[Judged]) -> list[int]:
    """Return for each candidate the list that it stands in: numbers with only "," ... between."""
    lists = [0] * len(items)
    for place, (left, right) in enumerate(pairwise(each.candidate for each in items), 1):
        is_near = right.start - left.end <= _LONGEST_GAP
        is_listed = is_near and _LIST_GAP.fullmatch(view.folded, left.end, right.start)
        lists[place] = lists[place - 1] + (not is_listed)
    return lists


def _span(view: View, start: int, end: int) -> Span:
    return Span(start, end, view.text[start:end])
