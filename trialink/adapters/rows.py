"""Rows in, rows out: three columns more, no further requirement."""

from __future__ import annotations

from collections import deque

from trialink.columns import refuse, trial_cells, trial_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from trialink.linker import Linker


def enrich(
    rows: Iterable[Mapping[str, Any]],
    *,
    text: str,
    linker: Linker | None = None,
    prefix: str = "trial_",
) -> Iterator[dict[str, Any]]:
    """Yield each row, in order and with all it had, with the trials of its column `text` added.

    Adds `trial_ids` (list of numbers), `trial_keys` (list of keys) and `trial_problems` (list of
    codes) under `prefix`; empty for missing values (None, NaN ...) and numbers. Rows are taken
    one by one, or in lots of 100 by a `linker` that looks up; `linker=None` looks nothing up.

    Raises, at that row, `KeyError` without such a column, `ValueError` where a new name is taken,
    `TypeError` for what is no mapping and for bytes, paths and collections in place of a text.

    >>> import trialink
    >>> row, = trialink.enrich([{"note": "see NCT05066646"}], text="note")
    >>> row["trial_ids"], row["trial_keys"], row["trial_problems"]
    (['NCT05066646'], ['NCT05066646'], [])
    """
    from trialink.linker import Linker as TextLinker

    if not hasattr(linker or TextLinker, "read_many"):
        raise TypeError(f"enrich() takes a Linker or None, not {type(linker).__name__}")
    kept: deque[dict[str, Any]] = deque()
    names = trial_names(prefix)

    def texts() -> Iterator[tuple[str, str]]:
        for number, row in enumerate(rows):
            kept.append(_checked(row, number, text, names))
            value = row[text]
            scalar = not hasattr(value, "__len__") and not hasattr(value, "read_text")
            yield str(number), "" if scalar else value

    for each in (TextLinker(None) if linker is None else linker).read_many(texts()):
        yield kept.popleft() | dict(zip(names, trial_cells(each), strict=True))


def _checked(row: Mapping[str, Any], number: int, text: str, names: list[str]) -> dict[str, Any]:
    if not hasattr(row, "keys"):
        kind = type(row).__name__
        raise TypeError(f"enrich() takes mappings, as frame.to_dict('records') gives; not {kind}")
    copied = dict(row)
    if text not in copied:
        raise KeyError(f"row {number} has no column {text!r}; it has {', '.join(map(str, copied))}")
    refuse([name for name in names if name in copied], f"row {number}")
    return copied
