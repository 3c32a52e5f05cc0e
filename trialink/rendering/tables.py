"""Mentions as a table of plain text."""

from __future__ import annotations

from trialink.model.shown import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trialink.model.mentions import Mention

_HEADINGS = ("START", "END", "TEXT", "REGISTRY", "TRN", "CHECK", "CUE")
_RIGHT = frozenset(("START", "END"))


def mention_table(mentions: Iterable[tuple[str | None, Mention]], *, several: bool = False) -> str:
    """Return the table of `trialink find`, with a column SOURCE for several inputs."""
    if several:
        rows = [(source, *_cells(mention)) for source, mention in mentions]
        return table(("SOURCE", *_HEADINGS), rows)
    return table(_HEADINGS, [_cells(mention) for _, mention in mentions])


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return aligned columns, two spaces apart, without trailing spaces; empty without rows.

    Widths count code points.
    """
    cells = [[_cell(value) for value in row] for row in rows]
    if not cells:
        return ""
    columns = list(zip(headings, *cells, strict=True))
    widths = [max(map(len, column)) for column in columns]
    lines = [
        "  ".join(
            cell.rjust(width) if heading in _RIGHT else cell.ljust(width)
            for cell, width, heading in zip(line, widths, headings, strict=True)
        ).rstrip()
        for line in zip(*columns, strict=True)
    ]
    return "\n".join(lines)


def _cells(mention: Mention) -> tuple[object, ...]:
    id, cue = mention.id, mention.cue
    return (
        *(mention.start, mention.end, mention.text, id.label, id.number, id.check_digit),
        cue.text if cue else None,
    )


def _cell(value: object) -> str:
    return "-" if value is None else shown(str(value)) or "-"
