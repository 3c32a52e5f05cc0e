"""A text in, links out: what the text itself says of which identifiers are one trial."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import combinations, pairwise

from trialink.finding import find
from trialink.finding.context import bracket_bounds, distance, is_one_sentence
from trialink.finding.view import view
from trialink.linking.evidence.gaps import (
    ANOTHER_NUMBER,
    GAP_REACH,
    SEVERAL,
    SEVERAL_AFTER,
    SEVERAL_INSIDE,
    is_list,
    one_each,
    runs,
    without_registries,
)
from trialink.linking.evidence.naming import are_listed
from trialink.linking.evidence.passage import Passage, passage_of
from trialink.linking.evidence.registrations import in_registration
from trialink.linking.evidence.tables import in_rows
from trialink.model.links import GRADES, Link
from trialink.model.mentions import Mention, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from trialink.model.words import LinkKind

_NAME_REACH = 80  # code points between a statement and the trial name that stands beside it


def statements(
    text: str, mentions: Sequence[Mention] | None = None, *, source: str | None = None
) -> list[Link]:
    """Return the links that `text` states between identifiers of different registries.

    Four things count: numbers in one bracket with nothing between them but registries' names and
    words like "number", one number given as another name of the other, a sentence or section that
    gives the numbers under which one trial is registered, and a row of a table with columns for
    numbers. A list of trials and a reference list state nothing, nor do numbers of which two belong
    to one registry. Plain text, Markdown, JATS and HTML are read. `mentions` are those of
    `find(text)`, found here when None. `source` is written into the spans. The links say nothing
    of records: `link` adds that.

    >>> import trialink
    >>> stated, = trialink.statements("FUMANBA-1 (CTR20192510, NCT05066646), run in China")
    >>> stated.kind, stated.beside.text
    ('same-bracket', 'FUMANBA-1')
    """
    view(text, "statements")  # the type is told as this function's
    found = find(text) if mentions is None else mentions
    passage = passage_of(text, found, source)
    stated: dict[tuple[object, ...], Link] = {}
    told: set[tuple[int, int]] = set()
    for kind, group in _groups(passage):
        for first, second in combinations(group, 2):
            key = (*sorted((first.id, second.id)), kind)
            if key not in stated and (first.start, second.start) not in told:
                stated[key] = _link(passage, kind, first, second)
            told.add((first.start, second.start))
    return sorted(stated.values(), key=lambda link: (link.strength, link.left, link.right))


def _groups(passage: Passage) -> Iterator[tuple[LinkKind, list[Mention]]]:
    """Yield the mentions that are given as one trial, one an identifier; strongest kinds first."""
    kinds: dict[LinkKind, Callable[[Passage], Iterator[Sequence[Mention]]]] = {
        "same-bracket": _in_brackets,
        "apposition": _in_apposition,
        "registration-sentence": in_registration,
        "table-row": in_rows,
    }
    for kind, groups in kinds.items():
        for group in groups(passage):
            if firsts := one_each(group):
                yield kind, firsts


def _in_brackets(passage: Passage) -> Iterator[list[Mention]]:
    """Yield the numbers that stand together in one bracket and are not of several trials."""
    groups: dict[tuple[int, int], list[Mention]] = {}
    for mention in passage.mentions:
        if bracket := bracket_bounds(passage.folded, mention.start, mention.end):
            groups.setdefault(bracket, []).append(mention)
    for bracket, group in groups.items():
        if len(group) > 1 and _is_listed(passage, group) and not _tells_several(passage, *bracket):
            yield group


def _is_listed(passage: Passage, group: Sequence[Mention]) -> bool:
    return all(is_list(passage.between(first, second)) for first, second in pairwise(group))


def _tells_several(passage: Passage, start: int, end: int) -> bool:
    """Return whether a bracket speaks of several trials: after "trials", "A and B", "e.g." ..."""
    low = passage.clause_start(start)
    before = passage.names_in(low, start)
    if len(before) > 1 and are_listed(passage.folded, *before[-2:]):
        return True
    stretch = passage.folded[before[-1].end if before else low : start]
    return bool(
        (before and ANOTHER_NUMBER.match(stretch))
        or SEVERAL.search(without_registries(stretch))
        or SEVERAL_INSIDE.search(without_registries(passage.folded[start:end]))
        or SEVERAL_AFTER.match(passage.folded, end)
    )


# One number as another name of the other. A slash counts directly behind the first, where it is
# none of a date or of "EudraCT/CTIS number".
_SAME = re.compile(
    r"\A\s?[=/]|\b(?:which (?:is|was|has been) )?"
    r"(?:a\.?k\.?a\b\.?|alias|also (?:known|listed|recorded|registered)|correspond(?:s|ing) to"
    r"|cross-registered|equivalent to|identical (?:to|with)|i\.e\.|known as"
    r"|listed (?:as|under)|registered (?:\w{1,16} ){0,4}(?:as|under)|same as)(?!\w)",
    re.IGNORECASE,
)
_JOINING = re.compile(r"\W{0,4}(?:and|or|with|vs|versus)\b", re.IGNORECASE)


def _in_apposition(passage: Passage) -> Iterator[list[Mention]]:
    """Yield numbers with others behind them in a bracket of their own, or as other names."""
    for place, mention in enumerate(passage.mentions[:-1]):
        group = [mention, *_in_bracket_behind(passage, place)]
        if len(group) > 1 and not passage.is_related(mention):
            yield group
    for run in runs(passage.mentions, lambda a, b: _are_same(passage.between(a, b))):
        if len(run) > 1 and not passage.is_related(run[0]):
            yield run


def _in_bracket_behind(passage: Passage, place: int) -> Sequence[Mention]:
    """Return the mentions of the bracket directly behind a mention, if it holds nothing else."""
    mentions = passage.mentions
    first, second = mentions[place], mentions[place + 1]
    gap = passage.between(first, second)
    blank = len(gap) - len(gap.lstrip())
    if gap[blank : blank + 1] not in ("(", "[") or len(gap) > GAP_REACH:
        return []
    bracket = bracket_bounds(passage.folded, second.start, second.end)
    if bracket is None or bracket[0] != first.end + blank or _JOINING.match(gap, blank):
        return []
    beyond = bisect_left(mentions, bracket[1], place, key=lambda each: each.start)
    inside = mentions[place + 1 : beyond]
    tail = passage.folded[inside[-1].end : bracket[1]]
    return inside if is_list(gap) and is_list(tail) and _is_listed(passage, inside) else []


def _are_same(gap: str) -> bool:
    if len(gap) > GAP_REACH or not _SAME.search(gap):
        return False
    return is_list(_SAME.sub(" ", gap))


_BODIES: dict[str, str] = {
    "same-bracket": "in one bracket (characters {start} to {end})",
    "apposition": "as two numbers of the same trial (characters {start} to {end})",
    "registration-sentence": "in one registration sentence (characters {start} to {end})",
    "table-row": "in one row of a table (characters {start} to {end})",
}


def _link(passage: Passage, kind: LinkKind, first: Mention, second: Mention) -> Link:
    left, right = sorted((first.id, second.id))
    start, end = _bounds(passage, kind, first, second)
    where, beside = passage.span(start, end), _beside(passage, start, end)
    body = _BODIES[kind].format(start=where.start, end=where.end)
    name = f" beside the trial name {beside.text}" if beside else ""
    explanation = f"The text gives {left} and {right} {body}{name}."
    return Link(left, right, kind, GRADES[kind], "text", where, beside, explanation)


def _bounds(passage: Passage, kind: LinkKind, first: Mention, second: Mention) -> tuple[int, int]:
    """Return the one bracket or row, else what reaches from one number to the other.

    That has its brackets whole.
    """
    start, end = first.start, second.end
    if kind == "table-row":
        return passage.line_bounds(start, end)
    opened = bracket_bounds(passage.folded, first.start, first.end)
    if opened and (kind == "same-bracket" or opened[1] <= second.start):
        start = opened[0]
    closed = bracket_bounds(passage.folded, second.start, second.end)
    if closed and closed[0] >= start:
        end = closed[1]
    return start, end


def _beside(passage: Passage, start: int, end: int) -> Span | None:
    """Return the trial name of the same sentence that stands nearest, ties to the earlier."""
    near = [
        (gap, name)
        for name in passage.names_in(start - 2 * _NAME_REACH, end + _NAME_REACH)
        if (gap := distance((start, end), name)) <= _NAME_REACH
        and is_one_sentence(passage.folded, name.end, start)
        and is_one_sentence(passage.folded, end, name.start)
    ]
    if not near:
        return None
    _, name = min(near, key=lambda pair: pair[0])
    return passage.span(name.start, name.end)
