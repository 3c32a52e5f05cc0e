"""Spark data frames: read in the executors, resolved once on the driver, joined."""

from __future__ import annotations

from functools import partial

import pyarrow as pa
from pyspark.sql import functions as sql
from pyspark.sql.types import StringType, StructField, StructType

from trialink.adapters.arrow import SCHEMA, scan_batches
from trialink.answer_rows import ANSWER_COLUMNS, answer_rows
from trialink.model.ids import TrialId

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pyspark.sql import Column, DataFrame

    from trialink.resolving import Resolver

_MENTIONS = pa.schema([field for field in SCHEMA if field.name != "row"])
_KEY = ["registry", "trn"]
_ADDED = [name for name in ANSWER_COLUMNS if name not in _KEY]
_UNANSWERED = "not among the answers: resolve the mentions that are joined"


def scan(frame: DataFrame, *, text: str, keep: Sequence[str] = ()) -> DataFrame:
    """Return one row a mention in the column `text`: the columns `keep`, then those of `SCHEMA`.

    But for its `row`, which means nothing over several partitions: keep a key of the texts. Lazy;
    runs in the executors, reads no other columns and needs no network. Rows without a text have
    no mentions. Raises `TypeError` unless the column holds strings, `ValueError` where a kept
    column has the name of another one; of a column that is not there, Spark tells.
    """
    names = [text, *keep]
    if isinstance(keep, str) or not all(isinstance(name, str) for name in names):
        raise TypeError("text= takes the name of a column, keep= a list of names")
    _check_free(names[1:], _MENTIONS.names)
    # Under numbers: a name with a dot in it is that of a field to Spark.
    texts = frame.select(*(_column(name).alias(str(place)) for place, name in enumerate(names)))
    first, *kept = texts.schema.fields
    if not isinstance(first.dataType, StringType):
        raise TypeError(f"the column {text!r} is of {first.dataType.simpleString()}, not string")
    named = zip(names[1:], kept, strict=True)
    fields = [StructField(name, field.dataType, field.nullable) for name, field in named]
    found = frame.sparkSession.createDataFrame(_MENTIONS.empty_table()).schema.fields
    read = partial(_read, keep=[field.name for field in kept])
    return texts.mapInArrow(read, StructType([*fields, *found]))


def resolve(mentions: DataFrame, resolver: Resolver) -> DataFrame:
    """Ask once for each distinct `registry` and `trn`, and return the rows of `answer_rows`.

    Runs the job that `mentions` are, then asks from the driver, in one call, with the one cache
    and the one pace of `resolver`. A number that nobody could be asked about has the outcome
    failed, with the reason; to resolve again asks only for what the cache does not hold. Raises,
    before any job, `TypeError` for what is no `Resolver` and `ValueError` for mentions that are a
    stream.
    """
    if not hasattr(resolver, "resolve") or hasattr(resolver, "aclose"):
        raise TypeError(f"resolve() takes a Resolver, not {type(resolver).__name__}")
    if mentions.isStreaming:
        raise ValueError("these mentions are a stream, without an end: resolve in foreachBatch")
    distinct = mentions.select(*_KEY).dropna().distinct().collect()
    answers = resolver.resolve([TrialId(*key) for key in sorted(distinct)])
    schema = pa.schema([(name, pa.string()) for name in ANSWER_COLUMNS])
    table = pa.Table.from_pylist(answer_rows(answers), schema=schema)
    return mentions.sparkSession.createDataFrame(table)


def join(mentions: DataFrame, answers: DataFrame) -> DataFrame:
    """Return all mentions, each once, with what became of its number behind its own columns.

    Lazy; the answers are sent to every executor. A mention whose number is not among them has
    the outcome failed; of several answers for a number, as of two runs, one that has not failed
    is taken. Raises `ValueError` where a column has the name of one that is added.
    """
    _check_free(mentions.columns, _ADDED)
    best = sql.max_by(sql.struct(*_ADDED), sql.col("outcome") != "failed").alias("best")
    each = answers.groupBy(*_KEY).agg(best).select(*_KEY, "best.*")
    told = {
        "outcome": sql.coalesce("outcome", sql.lit("failed")),
        "trial_key": sql.coalesce("trial_key", "trn"),
        "reason": sql.coalesce("reason", sql.when(sql.isnull("outcome"), _UNANSWERED)),
    }
    joined = mentions.join(sql.broadcast(each), _KEY, "left").withColumns(told)
    return joined.select(*map(_column, mentions.columns), *_ADDED)


def _read(batches: Iterable[pa.RecordBatch], *, keep: list[str]) -> Iterator[pa.RecordBatch]:
    """Run in an executor, which gets this and names of columns."""
    for found in scan_batches(batches, text="0", keep=keep):
        yield found.select([*keep, *_MENTIONS.names])


def _check_free(names: Iterable[str], taken: Iterable[str]) -> None:
    """Raise `ValueError` at the first name that is taken; capitals make no other to Spark."""
    seen = {name.lower() for name in taken}
    for name in names:
        if name.lower() in seen:
            raise ValueError(f"there is a column {name!r} already: rename the frame's own")
        seen.add(name.lower())


def _column(name: str) -> Column:
    return sql.col("`{}`".format(name.replace("`", "``")))
