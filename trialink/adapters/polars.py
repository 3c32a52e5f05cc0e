"""A `trialink` namespace for Polars: of expressions, Series, and frames, lazy ones too.

`import trialink.polars` makes it known. Null, NaN and whatever is no text has an empty list. All
dtypes are declared: lists of numbers are `List(String)`, mentions `List(Struct)`, whose fields are
the flat columns without `source`; `start` and `end`, which count code points, are Int64 and all
else String. So a lazy frame knows its schema, and its texts may come in batches.
"""

from __future__ import annotations

import polars as pl

from trialink.columns import MENTION_COLUMNS, ColumnReader, entries, refuse, trial_names
from trialink.model.default import DEFAULT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from trialink.columns import Progress, Registries, Report
    from trialink.model.default import Default
    from trialink.resolving import Resolver

_LIST = pl.List(pl.String)
_DTYPES = {int: pl.Int64, str: pl.String}
_COLUMNS = {name: _DTYPES[kind] for name, kind in MENTION_COLUMNS.items()}
_MENTION = pl.Struct({name: dtype for name, dtype in _COLUMNS.items() if name != "source"})
_MENTIONS = pl.List(_MENTION)


@pl.api.register_expr_namespace("trialink")
class ExprNamespace:
    """What stands of trials in an expression of texts, row by row, in any context.

    Within `group_by` each group has a list of its rows' lists.

    >>> import polars, trialink.polars
    >>> lazy = polars.LazyFrame({"note": ["see NCT05066646", None]})
    >>> lazy.select(polars.col("note").trialink.ids()).collect()["note"].to_list()
    [['NCT05066646'], []]
    """

    def __init__(self, expr: pl.Expr) -> None:
        self._expr = expr

    def ids(self, *, registries: Registries | None = None) -> pl.Expr:
        """Return for each row the list of its distinct numbers, in order of first appearance."""
        chosen = entries(registries)
        return self._expr.map_batches(
            lambda series: series.trialink.ids(registries=chosen), _LIST, is_elementwise=True
        )

    def find(self, *, registries: Registries | None = None) -> pl.Expr:
        """Return for each row the list of its mentions, for `explode` and `unnest`."""
        chosen = entries(registries)
        return self._expr.map_batches(
            lambda series: series.trialink.find(registries=chosen), _MENTIONS, is_elementwise=True
        )


@pl.api.register_series_namespace("trialink")
class SeriesNamespace:
    """What stands of trials in a Series of texts, of whatever dtype; no value of it raises.

    `registries` is that of `find`, `progress` is called with the numbers of rows done and of all.

    >>> import polars, trialink.polars
    >>> notes = polars.Series("note", ["see NCT05066646", None])
    >>> notes.trialink.find().to_list()[0][0]["trn"]
    'NCT05066646'
    >>> notes.trialink.summary()
    {'rows': 2, 'texts': 1, 'missing': 1, 'not_text': {}, 'mentions': 1, 'ids': 1}
    """

    def __init__(self, series: pl.Series) -> None:
        self._series = series

    def ids(
        self, *, registries: Registries | None = None, progress: Progress | None = None
    ) -> pl.Series:
        """Return for each row the list of its distinct numbers, in order of first appearance."""
        reader = _reader(self._series, registries=registries, progress=progress)
        lists = reader.ids()
        places = [place for place, ids in enumerate(lists) for _ in ids]
        numbers = pl.Series([id for ids in lists for id in ids], dtype=pl.String)
        return self._lists(places, numbers)

    def find(
        self, *, registries: Registries | None = None, progress: Progress | None = None
    ) -> pl.Series:
        """Return for each row the list of its mentions, in text order."""
        reader = _reader(self._series, registries=registries, progress=progress)
        places, columns = reader.columns()
        return self._lists(places, pl.DataFrame(columns, _COLUMNS).drop("source").to_struct())

    def link(
        self,
        *,
        resolver: Resolver | Default | None = DEFAULT,
        prefix: str = "trial_",
        progress: Progress | None = None,
        report: Report | None = None,
    ) -> pl.DataFrame:
        """Return the columns `trial_ids`, `trial_keys` and `trial_problems`, a row for each text.

        `resolver` is that of `Linker`: by default a live one is made, None looks nothing up. The
        distinct numbers of all rows are asked in one call. What could not be asked raises nothing:
        it is told in the log, and stands under "failed", with the reason, in the summary that
        `report` is called with.
        """
        reader = _reader(self._series, progress=progress, report=report)
        columns = reader.trials(resolver, trial_names(prefix))
        return pl.DataFrame(columns, schema=dict.fromkeys(columns, _LIST))

    def summary(self) -> dict[str, Any]:
        """Return how many rows, texts, missing and other values, mentions and distinct ids."""
        reader = _reader(self._series)
        reader.ids()
        return reader.summary()

    def _lists(self, places: list[int], values: pl.Series) -> pl.Series:
        """Return for each row the list of the values at its place."""
        # Ten times as quick as nested Python lists, and most rows have none.
        flat = pl.DataFrame({"place": pl.Series(places, dtype=pl.Int64), "value": values})
        lists = flat.group_by("place", maintain_order=True).agg("value")
        empty = pl.Series("value", [[]], pl.List(values.dtype))
        of_row = [0] * len(self._series)
        for number, place in enumerate(lists["place"], 1):
            of_row[place] = number
        return pl.concat([empty, lists["value"]]).gather(of_row).alias(self._series.name)


@pl.api.register_dataframe_namespace("trialink")
class FrameNamespace:
    """What stands of trials in the column `text` of a DataFrame; see `SeriesNamespace`.

    >>> import polars, trialink.polars
    >>> frame = polars.DataFrame({"pmid": [7, 8], "note": ["see NCT05066646", None]})
    >>> frame.trialink.find(text="note", source="pmid").select("source", "start", "trn").rows()
    [('7', 4, 'NCT05066646')]
    >>> frame.trialink.link(text="note", resolver=None)["trial_keys"].to_list()
    [['NCT05066646'], []]
    """

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def find(self, *, text: str, source: str | None = None, **options: Any) -> pl.DataFrame:
        """Return a row for each mention, with the nine flat columns.

        `source` names the column that tells the texts apart, None counts them from 0.
        """
        frame = self._frame
        places, columns = _reader(frame.get_column(text), **options).columns()
        key = pl.int_range(frame.height, eager=True) if source is None else frame[source]
        sources = key.cast(pl.String).gather(places)
        return pl.DataFrame(columns, _COLUMNS).with_columns(sources.alias("source"))

    def link(self, *, text: str, prefix: str = "trial_", **options: Any) -> pl.DataFrame:
        """Return the frame with the columns of `SeriesNamespace.link`, in place of older ones.

        Raises `ValueError` where a column of a new name holds anything but lists of strings, so
        that nothing of yours is lost.
        """
        _added(self._frame.schema, prefix)
        linked = self._frame.get_column(text).trialink.link(prefix=prefix, **options)
        return self._frame.with_columns(linked.get_columns())


@pl.api.register_lazyframe_namespace("trialink")
class LazyNamespace:
    """What stands of trials in the column `text` of a LazyFrame; see `FrameNamespace`."""

    def __init__(self, lazy: pl.LazyFrame) -> None:
        self._lazy = lazy

    def find(
        self, *, text: str, source: str | None = None, registries: Registries | None = None
    ) -> pl.LazyFrame:
        """Return a row for each mention, with the nine flat columns; texts may come in batches."""
        key = pl.int_range(pl.len()) if source is None else pl.col(source)
        mentions = pl.col(text).trialink.find(registries=registries)
        return (
            self._lazy.select(key.cast(pl.String).alias("source"), mentions.alias("mention"))
            .filter(pl.col("mention").list.len() > 0)
            .explode("mention")
            .unnest("mention")
        )

    def link(self, *, text: str, prefix: str = "trial_", **options: Any) -> pl.LazyFrame:
        """Return the frame with the columns of `FrameNamespace.link`.

        Nothing is asked before `collect`, which brings all rows together and asks once; the
        resolver must be open then. Each further `collect` asks again, and the cache answers.
        """
        added = _added(schema := self._lazy.collect_schema(), prefix)
        return self._lazy.map_batches(
            lambda frame: frame.trialink.link(text=text, prefix=prefix, **options),
            schema={**schema, **added},
        )


def _reader(series: pl.Series, **options: Any) -> ColumnReader:
    return ColumnReader(series.to_list(), rows=len(series), **options)


def _added(schema: pl.Schema, prefix: str) -> dict[str, Any]:
    """Return the dtypes of the three columns; raise where another one stands in their place."""
    added = dict.fromkeys(trial_names(prefix), _LIST)
    refuse([name for name, dtype in added.items() if schema.get(name, dtype) != dtype], "the frame")
    return added
