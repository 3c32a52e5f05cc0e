"""Trials and documents as blocks of plain text."""

from __future__ import annotations

import textwrap

from trialink.model.shown import shown
from trialink.rendering.sentences import (
    closing_line,
    count,
    counted,
    link_sentence,
    resolution_cell,
    status_phrase,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trialink.linked_text import LinkedText
    from trialink.model.ids import TrialId
    from trialink.model.links import Link, Trial
    from trialink.sources.record import Record

_WIDTH, _INDENT = 88, 13


def trial_block(trial: Trial, *, reason_told: bool = False) -> str:
    """Return a trial as lines of at most 88 code points, the rows of numbers excepted.

    `reason_told` leaves out why a number was not asked, where a message tells it once for all.
    """
    lines = [
        f"TRIAL {shown(trial.heading)}",
        *(_of_record(trial.records[0]) if trial.records else ()),
        *_labelled("numbers", _numbers(trial, reason_told)),
        *_labelled("link", (line for each in trial.links for line in _of_link(each))),
        *_labelled("agreement", (line for row in _agreement(trial) for line in _filled(row))),
        *_labelled(
            "related", (f"{each.id}  {each.kind}: {shown(each.reason)}" for each in trial.related)
        ),
    ]
    return "\n".join(lines)


def document_blocks(document: LinkedText, *, reason_told: bool = False) -> str:
    """Return the blocks of all trials, one empty line apart; empty without trials."""
    return "\n\n".join(trial_block(trial, reason_told=reason_told) for trial in document.trials)


def document_account(document: LinkedText) -> str:
    """Return all blocks, an empty line, the problems, and the closing line."""
    blocks = document_blocks(document)
    rest = [shown(str(problem)) for problem in document.problems]
    rest.append(closing_line(counted(document), document.provenance))
    return "\n".join([blocks, "", *rest] if blocks else rest)


def _of_record(record: Record) -> Iterator[str]:
    """Yield the rows that tell what a record says; what it leaves out is left out."""
    for label, content in (
        ("title", record.brief_title),
        ("status", _status(record)),
        ("design", _design(record)),
        ("sponsor", _sponsor(record)),
    ):
        yield from _labelled(label, _filled(content or ""))


def _status(record: Record) -> str | None:
    updated = record.last_update_posted_date
    return _joined((status_phrase(record), updated and f"record last updated {updated}"))


def _design(record: Record) -> str | None:
    enrolled = record.enrollment_count
    kind = f" ({record.enrollment_type.lower()})" if record.enrollment_type else ""
    parts = (
        record.study_type,
        "|".join(record.phases),
        None if enrolled is None else f"{count(enrolled, 'participant')}{kind}",
        *record.countries,
    )
    return _joined(parts)


def _sponsor(record: Record) -> str | None:
    if record.lead_sponsor is None:
        return None
    kind = f" ({record.lead_sponsor_class})" if record.lead_sponsor_class else ""
    return f"{record.lead_sponsor}{kind}"


def _numbers(trial: Trial, reason_told: bool) -> Iterator[str]:
    answers = {each.id: each for each in trial.resolutions}
    number_width = max(len(id.number) for id in trial.ids)
    label_width = max(len(id.label) for id in trial.ids)
    for id in trial.ids:
        answer = (
            resolution_cell(answers[id], reason_told=reason_told)
            if id in answers
            else _unasked_cell(id, trial)
        )
        yield f"{id.number.ljust(number_width)}  {id.label.ljust(label_width)}  {answer}".rstrip()


def _unasked_cell(id: TrialId, trial: Trial) -> str:
    """Return how a number that no text gave came into a trial: by a record, its own or another."""
    if any(record.id == id for record in trial.records):
        return f"record read  {id.url}"
    naming = {
        each.asserted_by
        for each in trial.links
        if each.asserted_by != "text" and id in (each.left, each.right)
    }
    return f"named by {', '.join(sorted(naming))}" if naming else ""


def _of_link(link: Link) -> list[str]:
    head = f"{link.left} = {link.right}"
    return _filled(head, f"{link.kind} ({link.grade}): {link_sentence(link)}")


def _agreement(trial: Trial) -> Iterable[str]:
    """Return one row for each verdict of each agreement, the same row once."""
    rows = (
        f"{verdict}: {', '.join(name.replace('_', ' ') for name in names)}"
        for each in trial.agreement
        for verdict, names in each.by_verdict().items()
    )
    return dict.fromkeys(rows)


def _joined(parts: Iterable[str | None]) -> str | None:
    return ", ".join(part for part in parts if part) or None


def _filled(*parts: str) -> list[str]:
    """Return parts, two spaces apart, as lines that fit behind a label; none without content."""
    return textwrap.wrap(
        "  ".join(map(shown, parts)),
        width=_WIDTH - _INDENT,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _labelled(label: str, lines: Iterable[str]) -> list[str]:
    """Return the lines behind their label, which stands before the first only."""
    heads = [f"  {label.ljust(_INDENT - 2)}"]
    return [f"{heads.pop() if heads else ' ' * _INDENT}{line}" for line in lines]
