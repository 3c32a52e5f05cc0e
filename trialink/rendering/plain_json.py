"""The JSON forms: one object an item, headed by its type and its source."""

from __future__ import annotations

import json

from trialink.rendering.kinds import kind_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from trialink.rendering.kinds import Pairs

SCHEMA_VERSION = 1


def as_object(item: Any, source: str | None = None) -> dict[str, Any]:
    """Return the documented JSON object of one item; `source` is that of its document.

    Resolutions and linked texts have a source of their own, which stands in its place.
    """
    head = {"schema_version": SCHEMA_VERSION, "type": kind_of(item), "source": source}
    form: dict[str, Any] = item.to_dict()
    return head | form


def dumped(form: Any, indent: int | None = None) -> str:
    """Return JSON with non-ASCII characters as they are, refusing NaN."""
    return json.dumps(form, ensure_ascii=False, allow_nan=False, indent=indent)


def jsonl(pairs: Pairs) -> Iterator[str]:
    """Yield one line an item."""
    for source, item in pairs:
        yield f"{dumped(as_object(item, source))}\n"


def indented(pairs: Pairs, *, alone: bool) -> Iterator[str]:
    """Yield one indented JSON document: the object of one item alone, else an array.

    The array comes piece by piece, and is empty without items.
    """
    if alone:
        yield from (f"{dumped(as_object(item, source), indent=2)}\n" for source, item in pairs)
        return
    before = "["
    for source, item in pairs:
        form = dumped(as_object(item, source), indent=2).replace("\n", "\n  ")
        yield f"{before}\n  {form}"
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"
