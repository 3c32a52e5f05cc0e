"""A text with what is known of it before anything is linked."""

from __future__ import annotations

import re
from bisect import bisect_left

from trialink.finding import names
from trialink.finding.context import sentence_bounds
from trialink.finding.folding import fold
from trialink.linking.evidence.visible import Visible, visible
from trialink.model.mentions import Mention, NameMention, Span
from trialink.model.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

LEAD_REACH = 120  # code points before numbers that can tell what they are
# "an extension of NCT... (ISRCTN...)" does not say whose number the second is.
_RELATION = re.compile(
    r"\b(?:extension|follow-? ?up|follow-on|sub-?study|roll-?over|ancillary|continuation|successor"
    r"|companion)\b[^.;()\d]{0,30}\b(?:of|to|for|from)\b[^.;()\d]{0,25}\Z",
    re.IGNORECASE,
)


class Passage(Value):
    """A text as it is seen, its mentions and its names, all with the places of what is seen."""

    given: str
    seen: Visible
    folded: str
    mentions: tuple[Mention, ...]  # in text order, without those in lists of references
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

    def mentions_in(self, low: int, high: int) -> Sequence[Mention]:
        """Return the mentions that begin in a part of the text."""
        low, high = (
            bisect_left(self.mentions, place, key=lambda each: each.start) for place in (low, high)
        )
        return self.mentions[low:high]

    def line_bounds(self, start: int, end: int) -> tuple[int, int]:
        """Return the start and end of the line around a part of the text, without blanks."""
        low = self.folded.rfind("\n", 0, start) + 1
        high = self.folded.find("\n", end)
        line = self.folded[low : high if high >= 0 else len(self.folded)]
        stripped = line.strip()
        low += len(line) - len(line.lstrip())
        return low, low + len(stripped)

    def clause_start(self, place: int) -> int:
        """Return where the clause before a place begins, at most so far back as it can matter."""
        low = max(0, place - LEAD_REACH)
        lead = self.folded[low : place + 1]
        begin = sentence_bounds(lead, place - low, place - low)[0]
        return low + max(begin, *(lead.rfind(mark, 0, place - low) + 1 for mark in ")];"))

    def is_related(self, mention: Mention) -> bool:
        """Return whether a mention is what another trial is an extension or the like of."""
        low = max(0, mention.start - LEAD_REACH)
        return _RELATION.search(self.folded[low : mention.start]) is not None

    def span(self, start: int, end: int) -> Span:
        """Return a part of what is seen as a span of the text as given."""
        begin, final = self.seen.place(start)[0], self.seen.place(end - 1)[1]
        return Span(begin, final, self.given[begin:final], self.source)


def passage_of(text: str, mentions: Sequence[Mention], source: str | None) -> Passage:
    """Return a text with its mentions and names, lists of references left out."""
    seen = visible(text)
    folded = fold(seen.text)
    shown = mentions if seen.text is text else _shown(mentions, seen)
    kept = _outside_references(folded, shown)
    return Passage(text, seen, folded, tuple(kept), tuple(names(seen.text)), source)


def _shown(mentions: Sequence[Mention], seen: Visible) -> list[Mention]:
    """Return the mentions that are seen, with the places where they are."""
    shown = []
    for mention in mentions:
        start, last = seen.seen(mention.start), seen.seen(mention.end - 1)
        if start is not None and last is not None:
            shown.append(mention.replace(start=start, end=last + 1))
    return shown


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
