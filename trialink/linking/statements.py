"""A text in, links out: what the text itself says of which identifiers are one trial."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import combinations, pairwise

from trialink.finding import find, names
from trialink.finding.context import bracket_bounds, distance, is_one_sentence, sentence_bounds
from trialink.finding.folding import fold
from trialink.linking.gaps import (
    ANOTHER_NUMBER,
    GAP_REACH,
    SEVERAL,
    SEVERAL_AFTER,
    SEVERAL_INSIDE,
    is_list,
    without_registries,
)
from trialink.linking.naming import are_listed
from trialink.model.links import GRADES, Link
from trialink.model.mentions import Mention, NameMention, Span
from trialink.model.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from trialink.model.words import LinkKind

_NAME_REACH = 80  # code points between a statement and the trial name that stands beside it
_LEAD_REACH = 120  # code points before the first of them that can tell what they are


def statements(
    text: str, mentions: Sequence[Mention] | None = None, *, source: str | None = None
) -> list[Link]:
    """Return the links that `text` states between identifiers of different registries.

    Three things count: numbers in one bracket with nothing between them but registries' names and
    words like "number", one number given as another name of the other, and a sentence that gives
    the numbers under which one trial is registered. A list of trials and a reference list state
    nothing, nor do numbers of which two belong to one registry. `mentions` are those of
    `find(text)`, found here when None. `source` is written into the spans. The links say nothing
    of records: `link` adds that.

    >>> import trialink
    >>> stated, = trialink.statements("FUMANBA-1 (CTR20192510, NCT05066646), run in China")
    >>> stated.kind, stated.beside.text
    ('same-bracket', 'FUMANBA-1')
    """
    found = find(text) if mentions is None else mentions
    passage = _Passage(text, fold(text), tuple(names(text)), source)
    stated: dict[tuple[object, ...], Link] = {}
    told: set[tuple[int, int]] = set()
    for kind, group in _groups(passage, _outside_references(passage.folded, found)):
        for first, second in combinations(group, 2):
            key = (*sorted((first.id, second.id)), kind)
            if key not in stated and (first.start, second.start) not in told:
                stated[key] = _link(passage, kind, first, second)
            told.add((first.start, second.start))
    return sorted(stated.values(), key=lambda link: (link.strength, link.left, link.right))


class _Passage(Value):
    """A text with what is known of it before anything is linked; `folded` has its offsets."""

    text: str
    folded: str
    names: tuple[NameMention, ...]  # in text order
    source: str | None

    def between(self, first: Mention, second: Mention) -> str:
        """Return what stands between two mentions."""
        return self.folded[first.end : second.start]

    def names_in(self, low: int, high: int) -> Sequence[NameMention]:
        """Return the trial names that begin in a part of the text."""
        low, high = (
            bisect_left(self.names, place, key=lambda each: each.start) for place in (low, high)
        )
        return self.names[low:high]


# A heading that begins a list of references, and one that ends it.
_REFERENCES = re.compile(
    r"^[ \t\d.#*]{0,8}(?:references(?: and notes| cited)?|bibliography|literature(?: cited)?"
    r"|works cited)[ \t:*]{0,4}$",
    re.IGNORECASE | re.MULTILINE,
)
_AFTER_REFERENCES = re.compile(
    r"^[ \t\d.#*]{0,8}(?:abbreviations|abstract|acknowledge?ments?|additional information|annex"
    r"|appendi(?:x|ces)|authors?'? contributions|background|competing interests|conclusions?"
    r"|conflicts? of interest|declarations|disclosures|discussion|figure legends|figures|funding"
    r"|introduction|methods|results|summary|supplement|supplementary \w{1,16}|tables"
    r"|trial registration)(?: [A-Z\d]{1,3})?[ \t:*.]{0,4}$",
    re.IGNORECASE | re.MULTILINE,
)


def _outside_references(folded: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions in text order, without those in lists of references."""
    lists: list[tuple[int, int]] = []
    reached = 0
    while heading := _REFERENCES.search(folded, reached):
        following = _AFTER_REFERENCES.search(folded, heading.end())
        reached = following.start() if following else len(folded)
        lists.append((heading.end(), reached))
    kept, remaining = [], iter([*lists, (len(folded), len(folded))])
    start, end = next(remaining)
    for mention in sorted(mentions, key=lambda each: each.start):
        while mention.start >= end:
            start, end = next(remaining)
        if mention.start < start:
            kept.append(mention)
    return kept


def _groups(passage: _Passage, mentions: list[Mention]) -> Iterator[tuple[LinkKind, list[Mention]]]:
    """Yield the mentions that are given as one trial, one an identifier; strongest kinds first."""
    kinds: dict[LinkKind, Callable[[_Passage, list[Mention]], Iterator[list[Mention]]]] = {
        "same-bracket": _in_brackets,
        "apposition": _in_apposition,
        "registration-sentence": _in_registration,
    }
    for kind, groups in kinds.items():
        for group in groups(passage, mentions):
            if firsts := _one_each(group):
                yield kind, firsts


def _one_each(group: Sequence[Mention]) -> list[Mention]:
    """Return the first mention of each identifier; none where a registry has two, or all one."""
    firsts = {mention.id: mention for mention in reversed(group)}
    registries = {id.registry for id in firsts}
    one_each = len(firsts) == len(registries) > 1
    return sorted(firsts.values(), key=lambda each: each.start) if one_each else []


def _in_brackets(passage: _Passage, mentions: list[Mention]) -> Iterator[list[Mention]]:
    """Yield the numbers that stand together in one bracket and are not of several trials."""
    groups: dict[tuple[int, int], list[Mention]] = {}
    for mention in mentions:
        if bracket := bracket_bounds(passage.folded, mention.start, mention.end):
            groups.setdefault(bracket, []).append(mention)
    for bracket, group in groups.items():
        if len(group) > 1 and _is_listed(passage, group) and not _tells_several(passage, *bracket):
            yield group


def _is_listed(passage: _Passage, group: Sequence[Mention]) -> bool:
    return all(is_list(passage.between(first, second)) for first, second in pairwise(group))


def _tells_several(passage: _Passage, start: int, end: int) -> bool:
    """Return whether a bracket speaks of several trials: after "trials", "A and B", "e.g." ..."""
    low = _clause_start(passage, start)
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


def _clause_start(passage: _Passage, place: int) -> int:
    """Return where the clause before a place begins, at most so far back as it can matter."""
    low = max(0, place - _LEAD_REACH)
    lead = passage.folded[low : place + 1]
    begin = sentence_bounds(lead, place - low, place - low)[0]
    return low + max(begin, *(lead.rfind(mark, 0, place - low) + 1 for mark in ")];"))


# One number as another name of the other. A slash counts directly behind the first, where it is
# none of a date or of "EudraCT/CTIS number".
_SAME = re.compile(
    r"\A\s?[=/]|\b(?:a\.?k\.?a\b\.?|alias|also (?:known|listed|recorded|registered)"
    r"|corresponding to|cross-registered|equivalent to|identical (?:to|with)|i\.e\.|known as"
    r"|listed (?:as|under)|registered (?:\w{1,16} ){0,4}(?:as|under)|same as)(?!\w)",
    re.IGNORECASE,
)
# "an extension of NCT... (ISRCTN...)" does not say whose number the second is.
_RELATION = re.compile(
    r"\b(?:extension|follow-? ?up|follow-on|sub-?study|roll-?over|ancillary|continuation|successor"
    r"|companion)\b[^.;()\d]{0,30}\b(?:of|to|for|from)\b[^.;()\d]{0,25}\Z",
    re.IGNORECASE,
)
_JOINING = re.compile(r"\W{0,4}(?:and|or|with|vs|versus)\b", re.IGNORECASE)


def _in_apposition(passage: _Passage, mentions: list[Mention]) -> Iterator[list[Mention]]:
    """Yield numbers with others behind them in a bracket of their own, or as other names."""
    for place, mention in enumerate(mentions[:-1]):
        group = [mention, *_in_bracket_behind(passage, mentions, place)]
        if len(group) > 1 and not _is_related(passage, mention):
            yield group
    for run in _runs(mentions, lambda a, b: _are_same(passage.between(a, b))):
        if len(run) > 1 and not _is_related(passage, run[0]):
            yield run


def _in_bracket_behind(passage: _Passage, mentions: list[Mention], place: int) -> Sequence[Mention]:
    """Return the mentions of the bracket directly behind a mention, if it holds nothing else."""
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


def _is_related(passage: _Passage, mention: Mention) -> bool:
    """Return whether a mention is what another trial is an extension or the like of."""
    low = max(0, mention.start - _LEAD_REACH)
    return _RELATION.search(passage.folded[low : mention.start]) is not None


def _runs(
    mentions: Sequence[Mention], are_joined: Callable[[Mention, Mention], bool]
) -> Iterator[list[Mention]]:
    """Yield the longest runs of mentions in which each is joined to the next."""
    run: list[Mention] = []
    for mention in mentions:
        if run and not are_joined(run[-1], mention):
            yield run
            run = []
        run.append(mention)
    yield run


_LABEL = re.compile(
    r"\b(?:trial|study|protocol|clinical) registrations?\b|^\W{0,8}registration\b",
    re.IGNORECASE | re.MULTILINE,
)
_REGISTERED = re.compile(r"\bregist(?:ered|ration)\b", re.IGNORECASE)
_PEOPLE = (
    r"(?:patients|participants|subjects|people|persons|individuals|volunteers|donors|users|cases"
    r"|nurses|women|men|children|adults)\b"
)
_SEVERAL_REGISTERED = re.compile(
    rf"{SEVERAL.pattern}|\b(?:were|are|have been)(?: \w{{1,20}}){{0,2}} registered"
    rf"|\b{_PEOPLE}[^.;]{{0,30}}\bregistered",
    re.IGNORECASE,
)
# "registered" may lead to numbers over a description of the registry, but not over other matter.
_LEADING = re.compile(r"registered(?: \w{1,16}ly)? (?:as|at|by|in|on|under|via|with)\b", re.I)
_OTHER_MATTER = re.compile(
    rf";|\b(?:{_PEOPLE}|(?:trial|study)\b(?!\s(?:regist|number|id\b|identifier|code|database))"
    r"|(?:after|before|like|same|since|than|unlike|until)\b|compared|enrolled|included|pooled"
    r"|recruited)",
    re.IGNORECASE,
)


def _in_registration(passage: _Passage, mentions: list[Mention]) -> Iterator[list[Mention]]:
    """Yield the numbers under which a sentence says that one trial is registered.

    Behind a label such as "Trial registration:" they may go on over several sentences.
    """
    for run in _runs(mentions, lambda a, b: is_list(passage.between(a, b))):
        if len(run) > 1 and _is_labelled(passage, run[0]):
            yield run
        for part in _runs(run, lambda a, b: is_one_sentence(passage.folded, a.end, b.start)):
            if _one_each(part) and _is_registration(passage, part):
                yield part


def _is_labelled(passage: _Passage, first: Mention) -> bool:
    lead = passage.folded[max(0, first.start - _LEAD_REACH) : first.start]
    labels = [*_LABEL.finditer(lead)]
    return bool(labels) and is_list(lead[labels[-1].end() :])


def _is_registration(passage: _Passage, part: Sequence[Mention]) -> bool:
    folded, start = passage.folded, part[0].start
    if not _REGISTERED.search(folded, max(0, start - _LEAD_REACH), start):
        return False
    low, high = sentence_bounds(folded, start, part[-1].end)
    return _is_led_in(without_registries(folded[max(low, start - _LEAD_REACH) : start])) and not (
        _SEVERAL_REGISTERED.search(without_registries(folded[low:high]))
        or any(are_listed(folded, *two) for two in pairwise(passage.names_in(low, high)))
        or _is_related(passage, part[0])
    )


def _is_led_in(lead: str) -> bool:
    """Return whether "registered" or "registration" leads to the end of a stretch of text."""
    words = [*_REGISTERED.finditer(lead)]
    if not words:
        return False
    is_led = _LEADING.match(lead, words[-1].start()) and not _OTHER_MATTER.search(
        lead, words[-1].end()
    )
    return bool(is_led) or is_list(lead[words[-1].end() :])


_BODIES: dict[str, str] = {
    "same-bracket": "in one bracket (characters {start} to {end})",
    "apposition": "as two numbers of the same trial (characters {start} to {end})",
    "registration-sentence": "in one registration sentence (characters {start} to {end})",
}


def _link(passage: _Passage, kind: LinkKind, first: Mention, second: Mention) -> Link:
    left, right = sorted((first.id, second.id))
    where = _where(passage, kind, first, second)
    beside = _beside(passage, where)
    body = _BODIES[kind].format(start=where.start, end=where.end)
    name = f" beside the trial name {beside.text}" if beside else ""
    explanation = f"The text gives {left} and {right} {body}{name}."
    return Link(left, right, kind, GRADES[kind], "text", where, beside, explanation)


def _where(passage: _Passage, kind: LinkKind, first: Mention, second: Mention) -> Span:
    """Return the one bracket, else what reaches from one number to the other, brackets whole."""
    start, end = first.start, second.end
    opened = bracket_bounds(passage.folded, first.start, first.end)
    if opened and (kind == "same-bracket" or opened[1] <= second.start):
        start = opened[0]
    closed = bracket_bounds(passage.folded, second.start, second.end)
    if closed and closed[0] >= start:
        end = closed[1]
    return Span(start, end, passage.text[start:end], passage.source)


def _beside(passage: _Passage, where: Span) -> Span | None:
    """Return the trial name of the same sentence that stands nearest, ties to the earlier."""
    near = [
        (gap, name)
        for name in passage.names_in(where.start - 2 * _NAME_REACH, where.end + _NAME_REACH)
        if (gap := distance((name.start, name.end), where)) <= _NAME_REACH
        and is_one_sentence(passage.folded, name.end, where.start)
        and is_one_sentence(passage.folded, where.end, name.start)
    ]
    if not near:
        return None
    _, name = min(near, key=lambda pair: pair[0])
    return Span(name.start, name.end, name.text, passage.source)
