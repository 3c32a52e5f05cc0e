"""A `trialink` accessor for pandas: of a Series of texts, and of a DataFrame with a column of them.

`import trialink.pandas` makes it known. Rows keep their labels and their order. None, NaN, `pd.NA`
and whatever is no text has empty lists, and is counted in the summary that each result bears in
`attrs["trialink"]`: plain values, which a copy, pickle and Parquet file keep.

Offsets are code points. Columns of lists have dtype object; `start` and `end` int64; the others the
dtype that pandas gives text, which is `str` from pandas 3 on, and object before.
"""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import pandas as pd

from trialink.columns import MENTION_COLUMNS, ColumnReader, refuse, trial_names
from trialink.model.default import DEFAULT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from trialink.columns import Progress, Registries
    from trialink.model.default import Default
    from trialink.resolving import Resolver


@pd.api.extensions.register_series_accessor("trialink")
class SeriesAccessor:
    """What stands of trials in a Series of texts, of whatever dtype; no value of it raises.

    `registries` is that of `find`, `progress` is called with the numbers of rows done and of all.

    >>> import pandas, trialink.pandas
    >>> notes = pandas.Series(["see NCT05066646", None, 7], index=["a", "b", "c"])
    >>> notes.trialink.ids()
    a    [NCT05066646]
    b               []
    c               []
    dtype: object
    >>> notes.trialink.find()[["source", "start", "trn"]]
      source  start          trn
    a      a      4  NCT05066646
    >>> notes.trialink.summary()
    {'rows': 3, 'texts': 1, 'missing': 1, 'not_text': {'int': 1}, 'mentions': 1, 'ids': 1}
    """

    def __init__(self, series: pd.Series) -> None:
        self._series = series

    def ids(
        self, *, registries: Registries | None = None, progress: Progress | None = None
    ) -> pd.Series:
        """Return for each row the list of its distinct numbers, in order of first appearance."""
        reader = self._reader(registries=registries, progress=progress)
        lists = pd.Series(reader.ids(), self._series.index, "object", self._series.name)
        return _with_summary(lists, reader)

    def find(
        self, *, registries: Registries | None = None, progress: Progress | None = None
    ) -> pd.DataFrame:
        """Return a row for each mention, under the label of its text, with the nine flat columns.

        `source` is that label as text, the levels of a MultiIndex joined by commas.
        """
        reader = self._reader(registries=registries, progress=progress)
        places, columns = reader.columns()
        index = self._series.index.take(np.array(places, "int64"))
        columns["source"] = [_label(each) for each in index]
        dtypes = {int: "int64", str: pd.Series([""]).dtype}
        found = {
            name: pd.Series(columns[name], index, dtypes[kind])
            for name, kind in MENTION_COLUMNS.items()
        }
        return _with_summary(pd.DataFrame(found, index), reader)

    def link(
        self,
        *,
        resolver: Resolver | Default | None = DEFAULT,
        prefix: str = "trial_",
        progress: Progress | None = None,
    ) -> pd.DataFrame:
        """Return the columns `trial_ids`, `trial_keys` and `trial_problems`, a row for each text.

        `resolver` is that of `Linker`: by default a live one is made, None looks nothing up. The
        distinct numbers of all rows are asked in one call. What could not be asked raises nothing:
        it is told in the log and stands in `attrs["trialink"]["failed"]`, with the reason.
        """
        reader = self._reader(progress=progress)
        columns = reader.trials(resolver, trial_names(prefix))
        return _with_summary(pd.DataFrame(columns, self._series.index, dtype="object"), reader)

    def summary(self) -> dict[str, Any]:
        """Return how many rows, texts, missing and other values, mentions and distinct ids."""
        return dict(self.ids().attrs["trialink"])

    def _reader(self, **options: Any) -> ColumnReader:
        missing = self._series.isna()
        values = (None if no else value for value, no in zip(self._series, missing, strict=True))
        return ColumnReader(values, rows=len(self._series), **options)


@pd.api.extensions.register_dataframe_accessor("trialink")
class FrameAccessor:
    """What stands of trials in the column `text` of a DataFrame; see `SeriesAccessor`.

    >>> import pandas, trialink.pandas
    >>> frame = pandas.DataFrame({"note": ["FUMANBA-1 (CTR20192510, NCT05066646)", None]})
    >>> linked = frame.trialink.link(text="note", resolver=None)
    >>> linked["trial_keys"].to_list()
    [['NCT05066646'], []]
    >>> linked.equals(linked.trialink.link(text="note", resolver=None))
    True
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    def find(self, *, text: Hashable, **options: Any) -> pd.DataFrame:
        """Return a row for each mention in the column; see `SeriesAccessor.find`."""
        return self._column(text).trialink.find(**options)

    def link(self, *, text: Hashable, prefix: str = "trial_", **options: Any) -> pd.DataFrame:
        """Return a copy with the columns of `SeriesAccessor.link`, in place of older ones.

        Where columns have several levels, all but the first of theirs are empty. Raises `KeyError`
        without the column `text`, and `ValueError` where a column of a new name holds anything but
        lists, so that nothing of yours is lost.
        """
        labels = {name: self._label(name) for name in trial_names(prefix)}
        taken = [name for name, label in labels.items() if self._holds_other(label)]
        refuse(taken, "the frame")
        linked = self._column(text).trialink.link(prefix=prefix, **options)
        frame = self._frame.copy()
        for name, label in labels.items():
            frame[label] = linked[name]
        frame.attrs |= linked.attrs
        return frame

    def _label(self, name: str) -> Hashable:
        below = self._frame.columns.nlevels - 1
        return (name, *[""] * below) if below else name

    def _column(self, text: Hashable) -> pd.Series:
        if not isinstance(text, Hashable):
            raise TypeError(f"text= takes the label of one column, not {type(text).__name__}")
        if text not in self._frame.columns:
            names = ", ".join(map(str, self._frame.columns))
            raise KeyError(f"the frame has no column {text!r}; it has {names}")
        column = self._frame[text]
        if column.ndim > 1:
            raise ValueError(f"the frame has several columns {text!r}; take one of them")
        return column

    def _holds_other(self, label: Hashable) -> bool:
        if label not in self._frame.columns:
            return False
        lists = list, tuple, np.ndarray  # Parquet gives lists back as arrays
        return not all(isinstance(each, lists) for each in self._column(label).dropna())


def _with_summary(frame: Any, reader: ColumnReader) -> Any:
    frame.attrs["trialink"] = reader.summary()
    return frame


def _label(label: object) -> str:
    return ", ".join(map(str, label)) if isinstance(label, tuple) else str(label)
