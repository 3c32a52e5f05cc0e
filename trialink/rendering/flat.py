"""Items as flat rows, and rows as CSV."""

from __future__ import annotations

import csv
import io

from trialink.finding import mention_row
from trialink.rendering.kinds import kind_of, of_one_kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from trialink.model.links import Link, Trial
    from trialink.model.mentions import NameMention, Problem
    from trialink.model.resolutions import Resolution
    from trialink.rendering.kinds import Pairs

    Row = dict[str, str | int | None]

# What a spreadsheet takes for the beginning of a formula:
# https://owasp.org/www-community/attacks/CSV_Injection
_TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_lines(pairs: Pairs) -> Iterator[str]:
    """Yield CSV, before the first row its heading; nothing without rows.

    Text that a spreadsheet would calculate gets an apostrophe in front; numbers are no text, and
    no registry's identifiers begin like a formula. Raises `TypeError` where the kind changes.
    """
    yield from csv_of(row for source, item in of_one_kind(pairs) for row in rows_of(item, source))


def csv_of(rows: Iterable[Row]) -> Iterator[str]:
    """Yield rows of the same columns as CSV, as `csv_lines` does."""
    headed = False
    for row in rows:
        if not headed:
            yield _csv_line(row)
            headed = True
        yield _csv_line(map(_harmless, row.values()))


def rows_of(item: Any, source: str | None = None) -> list[Row]:
    """Return the flat rows of one item; a linked text has one row a mention."""
    kind = kind_of(item)
    rows: list[Row] = item.rows() if kind == "linked_text" else [_ROWS[kind](item, source)]
    return rows


def _csv_line(cells: Iterable[object]) -> str:
    """Return one line; csv quotes a lone carriage return only where it ends its own lines so."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return f"{line.getvalue()[:-2]}\n"


def _harmless(value: str | int | None) -> str | int | None:
    return f"'{value}" if isinstance(value, str) and value.startswith(_TRIGGERS) else value


def _name_row(name: NameMention, source: str | None) -> Row:
    return {
        "source": source,
        "start": name.start,
        "end": name.end,
        "text": name.text,
        "ids": _numbers(name.ids),
    }


def _problem_row(problem: Problem, source: str | None) -> Row:
    return {
        "source": source,
        "start": problem.start,
        "end": problem.end,
        "text": problem.text,
        "line": problem.line,
        "column": problem.column,
        "code": problem.code,
        "severity": problem.severity,
        "trn": str(problem.id) if problem.id else None,
        "registry": problem.registry,
        "message": problem.message,
        "candidates": _numbers(problem.candidates),
        "suggestion": str(problem.suggestion) if problem.suggestion else None,
    }


def _resolution_row(resolution: Resolution, source: str | None) -> Row:
    record = resolution.record
    return {
        "source": resolution.source,
        "trn": str(resolution.id),
        "registry": resolution.id.registry,
        "outcome": resolution.outcome,
        "origin": resolution.origin,
        "retrieved_at": resolution.retrieved_at,
        "reason": resolution.reason,
        "records": _numbers(each.id for each in resolution.records),
        "brief_title": record.brief_title if record else None,
        "overall_status": record.overall_status if record else None,
        "lead_sponsor": record.lead_sponsor if record else None,
        "data_date": record.data_date if record else None,
    }


def _link_row(link: Link, source: str | None) -> Row:
    return {
        "source": source,
        "left": str(link.left),
        "right": str(link.right),
        "kind": link.kind,
        "grade": link.grade,
        "asserted_by": link.asserted_by,
        "explanation": link.explanation,
    }


def _trial_row(trial: Trial, source: str | None) -> Row:
    return {
        "source": source,
        "trial_key": trial.key,
        "ids": _numbers(trial.ids),
        "names": ";".join(trial.names),
        "records": _numbers(record.id for record in trial.records),
        "weakest_link": trial.weakest_link,
        "related": ";".join(f"{each.id} {each.reason}" for each in trial.related),
    }


def _numbers(ids: Iterable[object]) -> str:
    return ";".join(map(str, ids))


_ROWS: dict[str, Callable[[Any, str | None], Row]] = {
    "mention": mention_row,
    "name": _name_row,
    "problem": _problem_row,
    "resolution": _resolution_row,
    "link": _link_row,
    "trial": _trial_row,
}
