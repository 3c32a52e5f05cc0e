"""Text with its identifiers marked, and small tables for notebooks; safe for any input."""

from __future__ import annotations

from html import escape as html_escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from trialink.linked_text import LinkedText
    from trialink.model.links import Trial
    from trialink.model.mentions import Mention

_MOST_ROWS = 50


def html_mark(mention: Mention) -> str:
    """Return the mention as a link to its record, or as a span where a number has no page."""
    id = mention.id
    data = f'data-registry="{html_escape(id.registry)}" data-trn="{html_escape(id.number)}"'
    content = html_escape(mention.text)
    if id.url is None:
        return f'<span class="trialink" {data}>{content}</span>'
    return f'<a class="trialink" href="{html_escape(id.url)}" {data}>{content}</a>'


def annotate(
    text: str,
    mentions: Iterable[Mention],
    mark: Callable[[Mention], str] = html_mark,
    escape: Callable[[str], str] = html_escape,
) -> str:
    """Return `text` with each mention replaced by `mark(mention)` and the rest through `escape`.

    With the defaults the result is HTML that is safe for any input. For another target give both:
    `escape=str` leaves the text between the mentions as it is. Raises `TypeError` for anything
    but str, `ValueError` when the mentions are not those of this text, or overlap.

    >>> import trialink
    >>> text = "see NCT05066646 & others"
    >>> trialink.annotate(text, trialink.find(text), lambda m: f"[{m.id}]({m.id.url})", str)
    'see [NCT05066646](https://clinicaltrials.gov/study/NCT05066646) & others'
    """
    if not isinstance(text, str):
        raise TypeError(f"annotate() takes the text as str, not {type(text).__name__}")
    parts, reached = [], 0
    for mention in sorted(mentions, key=lambda each: each.start):
        in_order = reached <= mention.start <= mention.end
        if not in_order or text[mention.start : mention.end] != mention.text:
            raise ValueError(f"{mention!r} is no mention of this text, or overlaps another")
        parts += [escape(text[reached : mention.start]), mark(mention)]
        reached = mention.end
    return "".join([*parts, escape(text[reached:])])


def mentions_table(mentions: Sequence[Mention]) -> str:
    """Return the mentions as an HTML table, at most 50 rows."""
    rows = [
        (m.start, m.end, m.text, m.id.label, m.id.number, m.id.check_digit, m.cue and m.cue.text)
        for m in mentions[:_MOST_ROWS]
    ]
    headings = ("start", "end", "text", "registry", "trn", "check", "cue")
    return _table(headings, rows, len(mentions) - len(rows))


def trial_card(trial: Trial) -> str:
    """Return a trial as an HTML section with the rows of its printed form."""
    return f'<section class="trialink-trial"><pre>{html_escape(str(trial))}</pre></section>'


def document_html(document: LinkedText, text: str) -> str:
    """Return the annotated text and a card for each trial."""
    cards = "".join(map(trial_card, document.trials))
    marked = annotate(text, document.mentions)
    return f'<article class="trialink-text" style="white-space: pre-wrap">{marked}</article>{cards}'


def document_summary(document: LinkedText) -> str:
    """Return the document's account for a notebook; it holds no text but that of the account."""
    return f"<pre>{html_escape(str(document))}</pre>"


def _table(headings: Sequence[str], rows: Sequence[Sequence[object]], more: int) -> str:
    head = "".join(f"<th>{name}</th>" for name in headings)
    body = "".join(
        f"<tr>{''.join(f'<td>{html_escape(_cell(value))}</td>' for value in row)}</tr>"
        for row in rows
    )
    rest = f"<p>… {more} more</p>" if more > 0 else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{rest}"


def _cell(value: object) -> str:
    return "-" if value in (None, "") else str(value)
