"""Where a text gives the numbers under which one trial is registered: sentences and sections."""

from __future__ import annotations

import re
from itertools import pairwise

from trialink.finding.context import is_one_sentence, sentence_bounds
from trialink.linking.evidence.gaps import SEVERAL, is_list, one_each, runs, without_registries
from trialink.linking.evidence.naming import are_listed
from trialink.linking.evidence.passage import LEAD_REACH, Passage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trialink.model.mentions import Mention

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


# What names a registry before its number: "EudraCT:", "ISRCTN number", "identifier".
_NAMED = re.compile(
    r"[^\W\d_]{3}[^.;]{0,40}(?:number|identifier|id|no\.?|:)\W{0,4}\Z", re.IGNORECASE
)
# A heading that stands alone, with blank lines between it and its paragraph.
_HEADING = re.compile(
    r"^[#*\d. ]{0,8}(?:(?:clinical )?(?:trial|study|protocol) )?registrations?"
    r"(?: (?:and protocol|details|identifiers?|information|numbers?|statement))?"
    r"[:*. ]{0,4}$\s{1,8}",
    re.IGNORECASE | re.MULTILINE,
)
_SECTION_REACH = 1000  # code points of a section that are looked at
_EMPTY_LINE = re.compile(r"\n[ \t\r]{0,8}\n")
_OTHER_TRIAL = re.compile(
    r"\b(?:another|other|second|first|third|sister|companion|parent|main|related|previous|earlier"
    r"|pilot|both|larger|smaller|similar)\s(?:\w{1,16}\s)?(?:trial|study|phase|part|cohort)\b"
    r"|\b(?:extension|follow-?\s?up|sub-?stud(?:y|ies)|roll-?\s?over|both|respectively|meta-analysis"
    r"|pooled)\b",
    re.IGNORECASE,
)


def in_registration(passage: Passage) -> Iterator[Sequence[Mention]]:
    """Yield the numbers under which a sentence or section says that one trial is registered.

    Behind a label such as "Trial registration:" they may go on over several sentences. A line of
    nothing but registries and their numbers is such a sentence too.
    """
    for run in runs(passage.mentions, lambda a, b: is_list(passage.between(a, b))):
        if len(run) > 1 and (_is_labelled(passage, run[0]) or _is_whole_line(passage, run)):
            yield run
        for part in runs(run, lambda a, b: is_one_sentence(passage.folded, a.end, b.start)):
            if one_each(part) and _is_registration(passage, part):
                yield part
    for heading in _HEADING.finditer(passage.folded):
        yield from _in_section(passage, heading.end())


def _in_section(passage: Passage, start: int) -> Iterator[Sequence[Mention]]:
    """Yield the numbers of the paragraph that begins at a place, if they are of one trial."""
    ended = _EMPTY_LINE.search(passage.folded, start, start + _SECTION_REACH)
    end = ended.start() if ended else min(len(passage.folded), start + _SECTION_REACH)
    group = passage.mentions_in(start, end)
    told = without_registries(passage.folded[start:end])
    if one_each(group) and not (
        SEVERAL.search(told)
        or _OTHER_TRIAL.search(told)
        or any(are_listed(passage.folded, *two) for two in pairwise(passage.names_in(start, end)))
    ):
        yield group


def _is_labelled(passage: Passage, first: Mention) -> bool:
    lead = passage.folded[max(0, first.start - LEAD_REACH) : first.start]
    labels = [*_LABEL.finditer(lead)]
    return bool(labels) and is_list(lead[labels[-1].end() :])


def _is_whole_line(passage: Passage, run: Sequence[Mention]) -> bool:
    """Return whether a line names the registry of each number and says nothing else."""
    folded, start, end = passage.folded, run[0].start, run[-1].end
    line_start = folded.rfind("\n", max(0, start - LEAD_REACH), start) + 1
    if not one_each(run) or (line_start == 0 and start > LEAD_REACH):
        return False
    leads = [folded[line_start:start], *(passage.between(*two) for two in pairwise(run))]
    tail = folded[end : end + LEAD_REACH].partition("\n")[0]
    return not tail.strip(" .;") and all(
        _NAMED.search(lead) and is_list(lead) and "\n" not in lead for lead in leads
    )


def _is_registration(passage: Passage, part: Sequence[Mention]) -> bool:
    folded, start = passage.folded, part[0].start
    if not _REGISTERED.search(folded, max(0, start - LEAD_REACH), start):
        return False
    low, high = sentence_bounds(folded, start, part[-1].end)
    return _is_led_in(without_registries(folded[max(low, start - LEAD_REACH) : start])) and not (
        _SEVERAL_REGISTERED.search(without_registries(folded[low:high]))
        or any(are_listed(folded, *two) for two in pairwise(passage.names_in(low, high)))
        or passage.is_related(part[0])
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
