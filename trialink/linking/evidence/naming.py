"""Names and mentions of a text in, the same names with the identifiers that it gives them out."""

from __future__ import annotations

import re
from bisect import bisect_left

from trialink.finding.context import REACH, bracket_bounds, is_one_sentence, sentence_bounds
from trialink.finding.folding import fold
from trialink.model.ids import TrialId
from trialink.model.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeVar

    from trialink.model.mentions import Mention, NameMention

    _Placed = TypeVar("_Placed", Mention, NameMention)

_FOLLOWING_BRACKET = 60  # code points between a name and the bracket that gives its numbers
_SHORTENED = re.compile(r"(?<![\w-])\d{6,8}(?!\d)")
_LISTED = re.compile(r"[\s,;/&+]{0,4}(?:and|or|plus)?[\s,]{0,4}", re.IGNORECASE)


def tied(
    text: str, known_names: Sequence[NameMention], mentions: Sequence[Mention]
) -> list[NameMention]:
    """Return the names with the `ids` that the text gives them, in text order.

    Those in the name's own bracket; else in the bracket that follows the name; else in its
    sentence, where that has no other name and gives no registry two numbers. Numbers in one
    bracket with several names go to the name before them, or behind them where a number leads.
    """
    surroundings = _Marked(
        fold(text),
        tuple(sorted(known_names, key=lambda each: each.start)),
        tuple(sorted(mentions, key=lambda each: each.start)),
    )
    return [name.replace(ids=_ids(surroundings, name)) for name in surroundings.names]


def are_listed(folded: str, first: NameMention, second: NameMention) -> bool:
    """Return whether two different names stand side by side in a list."""
    gap = folded[first.end : second.start]
    return first.text != second.text and _LISTED.fullmatch(gap) is not None


class _Marked(Value):
    """A folded text with its names and mentions, both in text order."""

    folded: str
    names: tuple[NameMention, ...]
    mentions: tuple[Mention, ...]


def _ids(around: _Marked, name: NameMention) -> tuple[TrialId, ...]:
    given = _in_own_bracket(around, name) or _in_next_bracket(around, name) or _alone(around, name)
    return tuple(dict.fromkeys(each.id for each in given))


def _in_own_bracket(around: _Marked, name: NameMention) -> Sequence[Mention]:
    """Return the mentions in the bracket around the name that are no other name's."""
    bracket = bracket_bounds(around.folded, name.start, name.end)
    inside = _begun(around.mentions, *bracket) if bracket else ()
    if not bracket or not inside:
        return ()
    names = _begun(around.names, *bracket)
    if len({each.text for each in names}) == 1:
        return inside
    place = names.index(name)
    if names[0].start < inside[0].start:
        following = names[place + 1].start if place + 1 < len(names) else bracket[1]
        return _begun(inside, name.end, following)
    return _begun(inside, names[place - 1].end if place else bracket[0], name.start)


def _in_next_bracket(around: _Marked, name: NameMention) -> Sequence[Mention]:
    """Return the mentions of the bracket behind the name, if no other name stands between.

    Two numbers of one registry behind a list of names are not all the last name's, nor is one
    that goes on in shortened form, as in "(NCT05066646, 05181501)".
    """
    bracket = _next_bracket(around, name)
    if bracket is None or not is_one_sentence(around.folded, name.end, bracket[0]):
        return ()
    if any(each.text != name.text for each in _begun(around.names, name.end, bracket[0])):
        return ()
    given = _begun(around.mentions, *bracket)
    before = _begun(around.names, name.start - 2 * _FOLLOWING_BRACKET, name.start)
    is_last = bool(before) and are_listed(around.folded, before[-1], name)
    goes_on = _SHORTENED.search(around.folded, given[-1].end, bracket[1]) is not None
    return () if is_last and (goes_on or not _one_each(given)) else given


def _next_bracket(around: _Marked, name: NameMention) -> tuple[int, int] | None:
    """Return the first bracket with a mention that opens soon enough behind the name."""
    for each in _begun(around.mentions, name.end, name.end + 2 * _FOLLOWING_BRACKET):
        bracket = bracket_bounds(around.folded, each.start, each.end)
        if bracket and name.end <= bracket[0] <= name.end + _FOLLOWING_BRACKET:
            return bracket
    return None


def _alone(around: _Marked, name: NameMention) -> Sequence[Mention]:
    """Return the mentions of the sentence, if it has one name and one number a registry."""
    if not _begun(around.mentions, name.start - REACH, name.end + REACH):
        return ()
    sentence = sentence_bounds(around.folded, name.start, name.end)
    near = _begun(around.mentions, *sentence)
    is_only = len({each.text for each in _begun(around.names, *sentence)}) == 1
    return near if is_only and _one_each(near) else ()


def _one_each(mentions: Iterable[Mention]) -> bool:
    ids = {each.id for each in mentions}
    return len(ids) == len({id.registry for id in ids})


def _begun(items: Sequence[_Placed], low: int, high: int) -> Sequence[_Placed]:
    """Return those of the sorted items that begin in a part of the text."""
    first = bisect_left(items, low, key=lambda each: each.start)
    return items[first : bisect_left(items, high, first, key=lambda each: each.start)]
