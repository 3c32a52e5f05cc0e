"""What a caller asked about: one or many of identifiers, mentions and strings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from trialink.errors import InvalidTrialId
from trialink.finding import parse
from trialink.model.ids import TrialId
from trialink.model.mentions import Mention

TYPE_CHECKING = False
if TYPE_CHECKING:
    Askable = TrialId | Mention | str
    Rejected = list[tuple[str, InvalidTrialId]]


def asked(
    ids: Askable | Iterable[Askable],
) -> tuple[list[TrialId], list[tuple[str, InvalidTrialId]]]:
    """Return the distinct ids in order of first appearance, and the strings that are none.

    A single string is one number, never its characters. Raises `TypeError` for anything but
    `TrialId`, `Mention`, str and iterables of them.
    """
    found: dict[TrialId, None] = {}
    rejected: Rejected = []
    for item in _items(ids):
        try:
            found[_id(item)] = None
        except InvalidTrialId as error:
            rejected.append((str(item), error))
    return [*found], rejected


def _items(ids: object) -> Iterable[object]:
    if isinstance(ids, (TrialId, Mention, str)):
        return (ids,)
    if isinstance(ids, Iterable) and not isinstance(ids, (bytes, bytearray, Mapping)):
        return ids
    raise TypeError(
        f"resolve() takes TrialId, Mention, str, or an iterable of them, not {type(ids).__name__}"
    )


def _id(item: object) -> TrialId:
    if isinstance(item, TrialId):
        return item
    if isinstance(item, Mention):
        return item.id
    if isinstance(item, str):
        return parse(item)
    raise TypeError(f"resolve() takes TrialId, Mention and str, not {type(item).__name__}")
