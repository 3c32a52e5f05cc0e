"""The output formats, by name."""

from __future__ import annotations

from trialink.model.value import Value
from trialink.rendering.flat import csv_lines
from trialink.rendering.kinds import parted
from trialink.rendering.plain_json import indented, jsonl
from trialink.rendering.printed import printed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any, TextIO

    from trialink.rendering.kinds import Pairs


class Manner(Value):
    """How results are laid out where they do not tell it themselves.

    `alone`: the one item stands for itself and not for a list; `several`: there was more than one
    input, so that a table names them; `reason_told`: a message says why numbers were not asked.
    """

    alone: bool = False
    several: bool = False
    reason_told: bool = False


def render(items: Any, format: str = "jsonl", *, source: str | None = None) -> str:
    """Return results as text in one of `FORMATS`.

    `items` is a mention, name, problem, resolution, link, trial or linked text, or an iterable of
    these; table and csv take one kind at a time. `source` is the name of the document that they
    come from; resolutions and linked texts have their own. In format json one item alone gives an
    object, an iterable gives an array. Nothing gives an empty string, in json an empty array. The
    text can be encoded as UTF-8 whatever the document held: a lone surrogate becomes its escape.

    Raises `ValueError` for an unknown format, `TypeError` for what cannot be rendered.

    >>> import trialink
    >>> print(trialink.render(trialink.find("see NCT05066646"), "csv"), end="")
    source,start,end,text,trn,registry,registry_label,check_digit,repairs
    ,4,15,NCT05066646,NCT05066646,nct,ClinicalTrials.gov,ok,
    """
    return "".join(_rendered(items, format, source))


def write(items: Any, file: TextIO, format: str = "jsonl", *, source: str | None = None) -> None:
    """Write results to a text file in one of `FORMATS`, piece by piece; see `render`.

    Items are taken from an iterable as they come, but for a table of mentions. The file should be
    open as UTF-8 and without newline translation: `open(path, "w", encoding="utf-8", newline="")`.

    >>> import sys, trialink
    >>> trialink.write(trialink.check("see NCT05066647"), sys.stdout, "csv", source="a.txt")
    source,start,end,text,line,column,code,severity,trn,registry,message,candidates,suggestion
    a.txt,4,15,NCT05066647,1,5,check-digit,warning,NCT05066647,nct,...
    """
    if not hasattr(file, "writelines"):
        kind = type(file).__name__
        raise TypeError(f"write() takes an open text file, not {kind}: open it as shown above")
    file.writelines(_rendered(items, format, source))


def _rendered(items: Any, format: str, source: str | None) -> Iterator[str]:
    each, alone = parted(items)
    return pieces(((source, item) for item in each), format, Manner(alone=alone))


def pieces(pairs: Pairs, format: str, manner: Manner) -> Iterator[str]:
    """Return the text of pairs of source and item, piece by piece.

    Raises `ValueError` for a format that is not in `FORMATS`.
    """
    if format not in FORMATS:
        raise ValueError(f"no format is called {format!r}; known: {', '.join(FORMATS)}")
    return map(_encodable, FORMATS[format](pairs, manner))


def _encodable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _as_table(pairs: Pairs, manner: Manner) -> Iterator[str]:
    return printed(pairs, several=manner.several, reason_told=manner.reason_told)


def _as_jsonl(pairs: Pairs, manner: Manner) -> Iterator[str]:
    return jsonl(pairs)


def _as_json(pairs: Pairs, manner: Manner) -> Iterator[str]:
    return indented(pairs, alone=manner.alone)


def _as_csv(pairs: Pairs, manner: Manner) -> Iterator[str]:
    return csv_lines(pairs)


FORMATS: dict[str, Callable[[Pairs, Manner], Iterator[str]]] = {
    "table": _as_table,
    "jsonl": _as_jsonl,
    "json": _as_json,
    "csv": _as_csv,
}
