"""The words of a text and a figure in; out come its places as a count of people or a year."""

from __future__ import annotations

import re

from trialink.linking.comparing.wording import Places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trialink.linking.comparing.wording import Words

    Offsets = tuple[int, int]

# A figure, what stands before it, what stands behind it: a count of people, the year of a start.
_PEOPLE = r"\b(?:patients|participants|subjects|enrolled)"
_COUNT = (
    re.compile(r"(?<!\w[.,/-])\d+(?:,\d{3})*(?!%|[.,/-]\d)"),
    re.compile(rf"{_PEOPLE}[\s(:,]{{1,3}}(?:a\stotal\sof\s|n\s?=\s?)?\Z", re.IGNORECASE),
    re.compile(rf"(?:\s{{1,3}}[^\W\d_][\w-]{{0,25}}){{0,2}}\s{{1,3}}{_PEOPLE}\b", re.IGNORECASE),
)
_STARTED = r"\b(?:started|began|since|registered)\b"
_YEAR = (
    re.compile(r"(?<![A-Za-z]/)\d{4}(?!-\d{3}|/\d\d/\d{3})"),
    re.compile(rf"{_STARTED}(?:(?!{_STARTED}|\n\n)(?:[^.!?;]|\.(?=\w))){{1,60}}\Z", re.IGNORECASE),
    re.compile(rf"[^.!?;\d]{{1,40}}?{_STARTED}", re.IGNORECASE),
)
_FIGURE_REACH = 80  # code points before a figure that are looked at


def counts(words: Words, spelled: tuple[str, ...]) -> Places:
    """Return where a count in one of its spellings stands beside a word for people."""
    return Places(span for each in spelled for span in _figures(words, each, _COUNT))


def starts(words: Words, year: str) -> Places:
    """Return where a year stands beside started, began, since or registered."""
    return Places(_figures(words, year, _YEAR))


def stated_counts(words: Words, low: int, high: int) -> Iterator[int]:
    """Yield the counts of people that a part of a text gives."""
    return (int(each.replace(",", "")) for each in _stated(words, low, high, _COUNT))


def stated_starts(words: Words, low: int, high: int) -> Iterator[int]:
    """Yield the years in which a part of a text says that something started."""
    years = map(int, _stated(words, low, high, _YEAR))
    return (year for year in years if 1950 < year < 2100)


def _stated(
    words: Words, low: int, high: int, patterns: tuple[re.Pattern[str], ...]
) -> Iterator[str]:
    """Yield each figure of a part of a text that has the words it needs before or behind it."""
    whole, before, behind = patterns
    for figure in whole.finditer(words.folded, low, high):
        start, end = figure.span()
        near = max(low, start - _FIGURE_REACH)
        if before.search(words.folded, near, start) or behind.match(words.folded, end, high):
            yield figure[0]


def _figures(
    words: Words, spelling: str, patterns: tuple[re.Pattern[str], ...]
) -> Iterator[Offsets]:
    """Yield each figure together with the words that stand before or behind it."""
    whole, before, behind = patterns
    folded = words.folded
    for start, end in words.find(spelling):
        figure = whole.match(folded, start)
        if figure is None or figure.end() != end:
            continue
        if match := before.search(folded, max(0, start - _FIGURE_REACH), start):
            yield match.start(), end
        elif match := behind.match(folded, end):
            yield start, match.end()
