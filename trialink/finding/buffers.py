"""From a column of texts, one behind another in UTF-8, to the rows that may hold a number."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate, islice, pairwise

from trialink.finding import Mentions, find
from trialink.finding.hints import is_shown, telling_places
from trialink.finding.outline import SIGHT, Outline, sought
from trialink.finding.shape import TABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from trialink.registries import Registry

_LOT = 1 << 17  # bytes that are looked at together: they stay in the processor's cache
_ROWS = 1 << 12  # rows of a lot, however short
_MANY = 1 << 10  # rows that are read one after another: what reads them stays in the cache too
_BORDER = b" \xb0 "  # between texts in a shape: what stands before it announces nothing behind it
_LONG = 1 << 14  # bytes of a text in which some place is likely


def found_rows(
    data: memoryview,
    offsets: Sequence[int],
    nulls: Sequence[bool] = (),
    *,
    first: int = 0,
    registries: Iterable[Registry | str] | None = None,
) -> Iterator[tuple[int, Mentions]]:
    """Yield the rows with identifiers, counted from `first`, and what `find` returns for each.

    The first row is the text in UTF-8 at `data[offsets[0] : offsets[1]]`, and so on; `nulls` says
    which rows have none, and is empty where all have one. Raises `ValueError` for a text that is
    not UTF-8.
    """
    wanted = None if registries is None else tuple(registries)
    likely = likely_rows(data, offsets, sought(wanted)[0])
    while places := [*islice(likely, _MANY)]:
        for place in places:
            if nulls and nulls[place]:
                continue
            text = _text(data[offsets[place] : offsets[place + 1]], first + place)
            if mentions := find(text, registries=wanted):
                yield first + place, mentions


def _text(data: memoryview, row: int) -> str:
    try:
        return str(data, "utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"the text of row {row} is not UTF-8 ({error.reason} at byte {error.start}): keep it "
            "as bytes and decode these with errors='replace'"
        ) from None


def likely_rows(data: memoryview, offsets: Sequence[int], seen: Outline) -> Iterator[int]:
    """Yield, ascending, the rows in which `scan` may see something: all of these, few others.

    Those that are not UTF-8 are yielded too. No more of the data is copied at a time than a lot.
    """
    first, count = 0, len(offsets) - 1
    while first < count:
        most = min(first + _ROWS, count)
        last = bisect_right(offsets, offsets[first] + _LOT, first + 1, most + 1) - 1
        if last == first or seen.hidden:  # a text that is longer than a lot
            last += last == first
            yield from range(first, last)
        else:
            bounds = offsets[first : last + 1]
            lot = bytes(data[bounds[0] : bounds[-1]])
            yield from (first + number for number in _of_lot(lot, bounds, seen))
        first = last


def _of_lot(lot: bytes, bounds: Sequence[int], seen: Outline) -> list[int]:
    rows = [lot[start - bounds[0] : end - bounds[0]] for start, end in pairwise(bounds)]
    hidden: set[int] = set()
    if not lot.isascii() or max(map(len, rows)) > _LONG:
        shown = [*map(_latin, rows)]
        hidden.update(number for number, row in enumerate(shown) if row is None)
        rows = [row or b"" for row in shown]
    encoded = _BORDER.join([b" " * SIGHT, *rows])
    places = telling_places(encoded, encoded.translate(TABLE), seen, seen.needles)
    starts = [*accumulate([len(_BORDER) + len(row) for row in rows], initial=SIGHT + len(_BORDER))]
    return sorted(hidden.union(bisect_right(starts, place) - 1 for place in places))


def _latin(row: bytes) -> bytes | None:
    """Return one byte a character, as `hints` reads it; None for what has to be read closely."""
    if len(row) > _LONG:
        return None
    if row.isascii():
        return row
    try:
        text = row.decode()
    except UnicodeDecodeError:
        return None
    encoded = text.encode("latin-1", "replace")
    return encoded if is_shown(text, encoded) else None
