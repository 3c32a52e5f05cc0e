"""The form for people: a table of mentions, blocks of trials, a line for each of the rest."""

from __future__ import annotations

from itertools import chain

from trialink.model.shown import shown
from trialink.rendering.blocks import document_blocks, trial_block
from trialink.rendering.kinds import kind_of, of_one_kind
from trialink.rendering.tables import mention_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from trialink.model.mentions import NameMention, Problem
    from trialink.rendering.kinds import Pairs


def printed(pairs: Pairs, *, several: bool = False, reason_told: bool = False) -> Iterator[str]:
    """Yield the printed form of items of one kind; nothing without items.

    All but mentions are printed as they come. `several` and `reason_told` as in `Manner`.
    """
    pairs = of_one_kind(pairs)
    first = next(pairs, None)
    if first is None:
        return
    kind, pairs = kind_of(first[1]), chain((first,), pairs)
    if kind == "mention":
        yield f"{mention_table(pairs, several=several)}\n"
    elif kind == "trial":
        yield from _apart(trial_block(item, reason_told=reason_told) for _, item in pairs)
    elif kind == "linked_text":
        yield from _apart(document_blocks(item, reason_told=reason_told) for _, item in pairs)
    else:
        yield from (f"{_LINES[kind](source, item)}\n" for source, item in pairs)


def _apart(blocks: Iterable[str]) -> Iterator[str]:
    """Yield blocks with an empty line between them; empty ones are left out."""
    before = ""
    for block in filter(None, blocks):
        yield f"{before}{block}\n"
        before = "\n"


def _problem_line(source: str | None, problem: Problem) -> str:
    return shown(str(problem) if source is None else f"{source}:{problem}")


def _name_line(source: str | None, name: NameMention) -> str:
    ids = f" {', '.join(map(str, name.ids))}" if name.ids else ""
    return shown(f"{name.text} [{name.start}:{name.end}]{ids}")


def _line(source: str | None, item: object) -> str:
    return shown(str(item))


_LINES: dict[str, Callable[..., str]] = {
    "problem": _problem_line,
    "name": _name_line,
    "resolution": _line,
    "link": _line,
}
