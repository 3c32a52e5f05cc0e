"""Where a table gives the numbers of one trial in one row.

Cells are divided by tabs, bars, semicolons, commas or two blanks at least. A column counts when its
heading says that it holds numbers of the row's trial; without headings, when all its numbers are of
one registry.
"""

from __future__ import annotations

import re
from itertools import pairwise

from trialink.linking.evidence.gaps import SEVERAL_INSIDE, is_list, without_registries
from trialink.model.value import Value
from trialink.sources.cues import said_beside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from trialink.linking.evidence.passage import Passage
    from trialink.model.mentions import Mention

_HEADING_REACH = 60  # code points of a heading
_DIVISIONS = tuple(map(re.compile, (r"\t", r"\|", r";", r"(?<=\S) {2,}(?=\S)", r",")))
_RULE = re.compile(r"[\s|:+=-]{3,}")
_NUMBERS = re.compile(
    r"(?<![^\W_])(?:numbers?|no|nr|ids?|identifiers?|identification|registr(?:y|ies|ation|ations)|trn|code"
    r"|reg|nct|eudract|isrctn|ctis|who|utn|euct|primary|secondary)(?![^\W_])|#",
    re.IGNORECASE,
)
_TRIAL = re.compile(
    r"\W{0,4}(?:(?:clinical\s)?(?:trial|study)(?:\s?/?\s?(?:id|name|acronym|title|record|year))?"
    r"|acronym|title|(?:first\s)?author(?:\W{1,3}year)?|primary\sid)\W{0,4}",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:first|second|third|other\s(?:trial|study)|another|compar\w{1,8}|control|versus|vs"
    r"|(?:trial|study)\s(?:[a-d]|\d{1,2}|i{1,3})|trials|studies|pubmed|pmid|doi|references?)\b",
    re.IGNORECASE,
)


class _Row(Value):
    """A line of a table: where its cells begin and end, and the mentions of each."""

    cells: tuple[tuple[int, int], ...]
    mentions: tuple[tuple[Mention, ...], ...]

    @property
    def has_numbers(self) -> bool:
        """Whether a mention stands in it."""
        return any(self.mentions)


def in_rows(passage: Passage) -> Iterator[Sequence[Mention]]:
    """Yield the numbers that a row gives for its trial."""
    for rows in _tables(passage):
        head, body = (rows[0], rows[1:]) if not rows[0].has_numbers else (None, rows)
        columns = _headed(passage, head) if head else _alike(body)
        has_trials = head is not None and _has_trials(passage, head)
        for row in body:
            given = [
                mention
                for column, mentions in enumerate(row.mentions)
                if column in columns and _is_plain(passage, row, column)
                if len(mentions) == 1 or has_trials
                for mention in mentions
            ]
            if len(given) > 1:
                yield given


def _headed(passage: Passage, head: _Row) -> set[int]:
    """Return the columns whose headings say that they hold numbers of the row's trial."""
    columns = set()
    for column, (start, end) in enumerate(head.cells):
        heading = passage.folded[start:end]
        told = without_registries(heading)
        is_of_trial = _TRIAL.fullmatch(heading) or _NUMBERS.search(heading) or is_list(heading)
        if (
            0 < len(heading.strip()) <= _HEADING_REACH
            and is_of_trial
            and not (_OTHERS.search(told) or said_beside(told))
        ):
            columns.add(column)
    return columns


def _has_trials(passage: Passage, head: _Row) -> bool:
    """Return whether a column says which trial a row is of: a cell may then have several numbers.

    Else it may be a list of trials, of one drug or country.
    """
    return any(_TRIAL.fullmatch(passage.folded, *cell) for cell in head.cells)


def _alike(rows: Sequence[_Row]) -> set[int]:
    """Return the columns with numbers of one registry, in tables of at least two rows."""
    registries: dict[int, list[str]] = {}
    for row in rows:
        for column, mentions in enumerate(row.mentions):
            registries.setdefault(column, []).extend(each.id.registry for each in mentions)
    return {column for column, keys in registries.items() if len(keys) > 1 == len({*keys})}


def _is_plain(passage: Passage, row: _Row, column: int) -> bool:
    """Return whether a cell says nothing of other trials."""
    told = without_registries(passage.folded[slice(*row.cells[column])])
    return not SEVERAL_INSIDE.search(told) and said_beside(told) is None


def _tables(passage: Passage) -> Iterator[list[_Row]]:
    """Yield the tables that have two numbers in one row."""
    folded, reached = passage.folded, 0
    for first, second in pairwise(passage.mentions):
        if first.start < reached or "\n" in passage.between(first, second):
            continue
        start = folded.rfind("\n", reached, first.start) + 1 or reached
        end = _line_end(folded, second.end)
        division = _division(folded[start:end])
        if division:
            start, end = _reach(folded, start, end, division, reached)
            if rows := _rows(passage, start, end, division):
                yield rows
        reached = end


def _division(line: str) -> re.Pattern[str] | None:
    """Return what divides the cells of a line."""
    return next((each for each in _DIVISIONS if each.search(line)), None)


def _reach(
    folded: str, start: int, end: int, division: re.Pattern[str], low: int
) -> tuple[int, int]:
    """Return where the lines that are divided like this one begin and end."""
    while start > low:
        before = folded.rfind("\n", low, start - 1) + 1 or low
        if not division.search(folded, before, start - 1):
            break
        start = before
    while end < len(folded):
        following = _line_end(folded, end + 1)
        if not division.search(folded, end + 1, following):
            break
        end = following
    return start, end


def _line_end(folded: str, place: int) -> int:
    end = folded.find("\n", place)
    return end if end >= 0 else len(folded)


def _rows(passage: Passage, start: int, end: int, division: re.Pattern[str]) -> list[_Row]:
    """Return the rows between two places; none where cells are few by chance.

    Semicolons, commas and blanks stand in prose too: there each row has as many cells as the first,
    which has no numbers.
    """
    rows = []
    while start < end:
        line_end = min(_line_end(passage.folded, start), end)
        if not _RULE.fullmatch(passage.folded, start, line_end):
            rows.append(_row(passage, start, line_end, division))
        start = line_end + 1
    is_regular = len({len(row.cells) for row in rows}) == 1 and not rows[0].has_numbers
    return rows if is_regular or division in _DIVISIONS[:2] else []


def _row(passage: Passage, start: int, end: int, division: re.Pattern[str]) -> _Row:
    borders = [each.span() for each in division.finditer(passage.folded, start, end)]
    begins = [start, *(border[1] for border in borders)]
    ends = [*(border[0] for border in borders), end]
    cells = tuple(zip(begins, ends, strict=True))
    return _Row(cells, tuple(tuple(passage.mentions_in(*cell)) for cell in cells))
