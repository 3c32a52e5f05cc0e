"""What can be rendered: values of some kinds, one alone or many."""

from __future__ import annotations

from trialink.model.resolutions import Resolutions
from trialink.model.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    Pair = tuple[str | None, Any]
    Pairs = Iterable[Pair]

# By name, since a linked text stands above this layer.
KINDS: dict[str, str] = {
    "Mention": "mention",
    "NameMention": "name",
    "Problem": "problem",
    "Resolution": "resolution",
    "Link": "link",
    "Trial": "trial",
    "LinkedText": "linked_text",
}
_TAKEN = "mentions, names, problems, resolutions, links, trials and linked texts"


def kind_of(item: object) -> str:
    """Return the kind of an item; raise `TypeError` for what cannot be rendered."""
    for cls in type(item).__mro__:
        if issubclass(cls, Value) and cls.__name__ in KINDS:
            return KINDS[cls.__name__]
    raise TypeError(f"{_TAKEN} can be rendered, not {type(item).__name__}")


def parted(items: Any) -> tuple[Iterable[Any], bool]:
    """Return the items one by one, and whether one was given alone.

    Raises `TypeError` for what is neither an item nor an iterable of items.
    """
    if isinstance(items, Resolutions):
        return items.values(), False
    many = hasattr(items, "__iter__") and not hasattr(items, "keys")
    if (
        isinstance(items, (Value, str, bytes, bytearray))
        or hasattr(items, "model_dump")
        or not many
    ):
        kind_of(items)
        return (items,), True
    return items, False


def of_one_kind(pairs: Pairs) -> Iterator[Pair]:
    """Yield the pairs of source and item; raise `TypeError` where the kind changes."""
    first = None
    for source, item in pairs:
        kind = kind_of(item)
        first = first or kind
        if kind != first:
            raise TypeError(
                f"{first} and {kind} have different columns: render one kind at a time, "
                "or all in jsonl or json"
            )
        yield source, item
