"""Spark data frames in, mentions and their answers out, on a Spark of this machine."""

from __future__ import annotations

import pickle
import pickletools
import sys
from datetime import date
from decimal import Decimal
from math import ceil

import pytest
from conftest import missing

if missing("spark", "arrow"):
    pytest.skip("pyspark is not installed", allow_module_level=True)

import pyarrow as pa
from bad_days import numbers
from pyspark import SparkContext, cloudpickle
from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession
from pyspark.sql import functions as sql

from trialink import AsyncResolver, Resolver, find
from trialink.adapters.arrow import SCHEMA
from trialink.adapters.spark import join, resolve, scan
from trialink.answer_rows import ANSWER_COLUMNS
from trialink.cache import MemoryStore
from trialink.sources.clinicaltrials_gov import ClinicalTrialsGov
from trialink.testing import FAULTS, FaultyTransport, LoopbackServer, Plan, synthetic_studies

MENTION_COLUMNS = [name for name in SCHEMA.names if name != "row"]
KNOWN, UNKNOWN = numbers(4000), numbers(3, start=500_000)
# Of registries that cannot be asked, and named by no made-up study.
STRANGERS = ["ISRCTN78805636", "2004-002714-11", "ACTRN12608000628347", "CTR20192510"]
TEXTS = [
    f"FUMANBA-1 ({STRANGERS[3]}, {KNOWN[0]}) in China.",
    None,
    "",
    "No number, 12345678 patients \u2013 97\u00a0% \u2265 3.",
    f"ＮＣＴ０１３０００１３, NCT\u2011{KNOWN[2][3:]} \U0001f9ea EudraCT 2004\u2013002714\u201311",
    f"see {KNOWN[0]} and {UNKNOWN[0]}",
    f"see {KNOWN[0]} and {UNKNOWN[0]}",
]
OUTCOMES = (
    dict.fromkeys(KNOWN, "found")
    | dict.fromkeys(UNKNOWN, "absent")
    | dict.fromkeys(STRANGERS, "unsupported")
)


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    """A Spark of two cores, whose tasks may fail once, and which ends with this file."""
    folder = tmp_path_factory.mktemp("spark")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setenv("SPARK_LOCAL_DIRS", str(folder / "local"))
        settings = {
            "spark.driver.memory": "1g",
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.sql.shuffle.partitions": "4",
            "spark.sql.warehouse.dir": str(folder / "warehouse"),
            "spark.driver.extraJavaOptions": f"-Duser.timezone=UTC -Dderby.system.home={folder}",
        }
        session = SparkSession.builder.master("local[2,2]").config(map=settings).getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        yield session
        gateway = SparkContext._gateway
        session.stop()
        gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait(timeout=60)
        SparkContext._gateway = SparkContext._jvm = None


@pytest.fixture
def frame(spark):
    """The texts, with a key and a column of no interest."""
    table = pa.table({"key": range(len(TEXTS)), "abstract": TEXTS, "other": ["x"] * len(TEXTS)})
    return spark.createDataFrame(table)


def rows(frame):
    """Return the rows of a frame, which come in any order, in one order."""
    return sorted(frame.toArrow().to_pylist(), key=repr)


def found(texts):
    """Return what plain finding makes of texts, as rows."""
    return sorted(
        (
            {"key": key} | {name: row[name] for name in MENTION_COLUMNS}
            for key, text in enumerate(texts)
            for row in find(text or "").rows()
        ),
        key=repr,
    )


@pytest.fixture
def registry():
    """A registry of made-up studies, in virtual time, with a resolver that asks it."""
    transport = FaultyTransport(synthetic_studies(10))
    with Resolver(transport=transport, cache=MemoryStore()) as resolver:
        resolver.asked = transport.requests
        yield resolver


# First, for it runs no job: that Spark starts takes time enough for one test.
@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        pytest.param(
            {"text": "key"}, TypeError, "column 'key' is of bigint, not string", id="no strings"
        ),
        pytest.param(
            {"text": "abstract", "keep": "key"}, TypeError, "keep= a list", id="a name to keep"
        ),
        pytest.param({"text": 1}, TypeError, "text= takes the name of a column", id="no name"),
        pytest.param(
            {"text": "abstract", "keep": ["Start"]}, ValueError, "'Start' already", id="taken"
        ),
        pytest.param(
            {"text": "abstract", "keep": ["key", "KEY"]}, ValueError, "'KEY' already", id="doubled"
        ),
        pytest.param(
            {"text": "absent"}, AnalysisException, "UNRESOLVED_COLUMN.*`absent`", id="no such text"
        ),
        pytest.param(
            {"text": "abstract", "keep": ["absent"]},
            AnalysisException,
            "`absent`.*abstract",
            id="no such column to keep",
        ),
        pytest.param(
            {"text": "twice"}, AnalysisException, "AMBIGUOUS_REFERENCE", id="two of a name"
        ),
    ],
)
def test_columns_that_cannot_be_read_are_told_before_any_job(frame, options, error, says):
    broken = frame.withColumn("Start", sql.raise_error(sql.lit("a job has run")))
    broken = broken.select("*", sql.lit("x").alias("twice"), sql.lit("y").alias("twice"))
    with pytest.raises(error, match=says):
        scan(broken, **options)


def test_mentions_are_those_of_find(frame):
    mentions = scan(frame, text="abstract", keep=["key"])
    assert mentions.columns == ["key", *MENTION_COLUMNS]
    assert rows(mentions) == found(TEXTS)
    assert len(found(TEXTS)) == 9


@pytest.mark.parametrize("adaptive", ["true", "false"], ids=["adaptive", "as planned"])
@pytest.mark.parametrize("partitions", [1, 2, 7])
def test_partitions_and_plans_decide_nothing(spark, frame, registry, partitions, adaptive):
    spark.conf.set("spark.sql.adaptive.enabled", adaptive)
    mentions = scan(frame.repartition(partitions), text="abstract", keep=["key"])
    linked = rows(join(mentions, resolve(mentions, registry)))
    assert [{name: row[name] for name in ("key", *MENTION_COLUMNS)} for row in linked] == found(
        TEXTS
    )
    assert [row["outcome"] for row in linked] == [OUTCOMES[row["trn"]] for row in linked]
    assert [row["trial_key"] for row in linked] == [row["trn"] for row in linked]


ODD_NAMES = ["a.b", "with blank", "`ticked`", "ÄÖ", "row", "0", "1"]


def test_columns_may_have_any_name(spark):
    values = {name: [place] for place, name in enumerate(ODD_NAMES)} | {"the.text": [KNOWN[0]]}
    mentions = scan(spark.createDataFrame(pa.table(values)), text="the.text", keep=ODD_NAMES)
    assert mentions.columns == [*ODD_NAMES, *MENTION_COLUMNS]
    [row] = rows(mentions)
    assert [row[name] for name in ODD_NAMES] == [*range(len(ODD_NAMES))]
    assert row["trn"] == KNOWN[0]


@pytest.mark.parametrize("large", ["false", "true"], ids=["strings", "large strings"])
def test_kept_values_are_as_they_were(spark, large):
    spark.conf.set("spark.sql.execution.arrow.useLargeVarTypes", large)
    kept = {
        "long": 1,
        "double": 0.5,
        "flag": None,
        "day": date(2026, 8, 22),
        "price": Decimal("1.50"),
        "bytes": b"\x00",
        "list": ["a", None],
        "struct": {"a": 1, "b": None},
    }
    kinds = "long long, double double, flag boolean, day date, price decimal(5,2), bytes binary"
    kinds += ", list array<string>, struct struct<a: int, b: string>, note string"
    frame = spark.createDataFrame([(*kept.values(), f"{KNOWN[0]}, {KNOWN[1]}")], kinds)
    mentions = scan(frame, text="note", keep=[*kept])
    assert mentions.schema.fields[: len(kept)] == frame.schema.fields[: len(kept)]
    assert [{name: row[name] for name in kept} for row in rows(mentions)] == [kept] * 2
    spark.conf.unset("spark.sql.execution.arrow.useLargeVarTypes")


@pytest.mark.parametrize("resolver", [None, "NCT05066646", AsyncResolver], ids=repr)
def test_what_is_no_resolver_is_told_before_any_job(frame, resolver):
    mentions = frame.select(sql.raise_error(sql.lit("a job has run")).alias("trn"))
    with pytest.raises(TypeError, match="takes a Resolver"):
        resolve(mentions, resolver)


def test_a_stream_is_read_but_not_resolved_as_a_whole(spark, registry):
    texts = spark.readStream.format("rate").load().select(sql.lit(KNOWN[0]).alias("abstract"))
    mentions = scan(texts, text="abstract")
    assert mentions.isStreaming
    with pytest.raises(ValueError, match="are a stream, without an end: resolve in foreachBatch"):
        resolve(mentions, registry)


def test_columns_that_are_added_must_be_free(frame, registry):
    renamed = frame.withColumnRenamed("key", "Outcome")
    mentions = scan(renamed, text="abstract", keep=["Outcome"])
    with pytest.raises(ValueError, match="a column 'Outcome' already"):
        join(mentions, resolve(mentions, registry))


@pytest.fixture
def mapped(monkeypatch, frame):
    """The functions that Spark is given to run in its executors."""
    functions, given = [], type(frame).mapInArrow

    def noted(frame, function, *arguments):
        functions.append(function)
        return given(frame, function, *arguments)

    monkeypatch.setattr(type(frame), "mapInArrow", noted)
    return functions


@pytest.mark.parametrize("dumps", [pickle.dumps, cloudpickle.dumps], ids=["pickle", "cloudpickle"])
def test_executors_get_a_name_and_options_and_nothing_else(frame, registry, mapped, dumps):
    mentions = scan(frame, text="abstract", keep=["key"])
    join(mentions, resolve(mentions, registry))
    [function] = mapped
    dumped = dumps(function)
    strings = [value for _, value, _ in pickletools.genops(dumped) if isinstance(value, str)]
    assert {*strings} == {"functools", "partial", "trialink.adapters.spark", "_read", "keep", "1"}
    [batch] = pickle.loads(dumped)([pa.RecordBatch.from_pydict({"0": [KNOWN[0]], "1": [7]})])
    assert batch.select(["1", "trn"]).to_pylist() == [{"1": 7, "trn": KNOWN[0]}]


def test_executors_load_nothing_that_asks(frame, mapped):
    scan(frame, text="abstract")
    [function] = mapped

    def loaded(batches):
        [*function(batches)]
        yield pa.RecordBatch.from_pydict({"module": [*sys.modules]})

    texts = frame.select(sql.col("abstract").alias("0"))
    modules = {row["module"] for row in rows(texts.mapInArrow(loaded, "module string"))}
    assert {"trialink.adapters.spark", "trialink.finding", "pyarrow"} <= modules
    heavy = {"httpx", "diskcache", "pydantic", "tenacity", "trialink.resolving"}
    assert not heavy & modules


def test_a_task_that_is_run_again_doubles_nothing(frame):
    def breaks(batches):
        from pyspark import TaskContext

        yield from batches
        if TaskContext.get().attemptNumber() == 0:
            raise RuntimeError("the executor is lost")

    broken = frame.repartition(2).mapInArrow(breaks, frame.schema)
    assert rows(scan(broken, text="abstract", keep=["key"])) == found(TEXTS)


@pytest.mark.parametrize("text", [None, "", "nothing"])
def test_without_mentions_nobody_is_asked(spark, registry, text):
    frame = spark.createDataFrame([(text,)], "abstract string")
    mentions = scan(frame, text="abstract")
    answers = resolve(mentions, registry)
    assert rows(answers) == rows(join(mentions, answers)) == []
    assert answers.columns == [*ANSWER_COLUMNS]
    assert registry.asked == []


def test_a_mention_whose_number_is_not_among_the_answers_is_kept(spark, frame, registry):
    mentions = scan(frame, text="abstract", keep=["key"])
    answers = resolve(mentions.where(sql.col("key") == 0), registry)
    linked = rows(join(mentions, answers))
    assert len(linked) == 9
    unasked = [row for row in linked if row["trn"] not in (KNOWN[0], STRANGERS[3])]
    assert [(row["outcome"], row["trial_key"]) for row in unasked] == [
        ("failed", row["trn"]) for row in unasked
    ]
    assert {row["reason"] for row in unasked} == {
        "not among the answers: resolve the mentions that are joined"
    }
    keyless = mentions.withColumn("trn", sql.lit(None).cast("string"))
    assert rows(resolve(keyless, registry)) == []
    assert [row["outcome"] for row in rows(join(keyless, answers))] == ["failed"] * 9


def test_answers_of_two_runs_double_no_mention(frame, registry):
    mentions = scan(frame, text="abstract", keep=["key"])
    answers = resolve(mentions, registry)
    with Resolver(transport=FaultyTransport([], FAULTS["403"]), cache=None) as down:
        failed = resolve(mentions, down)
    expected = rows(join(mentions, answers))
    assert {row["outcome"] for row in rows(failed)} == {"failed"}
    assert rows(join(mentions, failed.union(answers))) == expected
    assert rows(join(mentions, answers.union(failed).union(answers))) == expected


def test_numbers_that_failed_are_told_and_completed_by_another_run(spark):
    ids = KNOWN[:2000]
    studies = synthetic_studies(len(ids))
    transport = FaultyTransport(studies, Plan((FAULTS["503"],), first=8, last=15))
    frame = spark.createDataFrame(pa.table({"abstract": ids}))
    mentions = scan(frame, text="abstract")
    with Resolver(transport=transport, cache=MemoryStore()) as resolver:
        first = rows(join(mentions, resolve(mentions, resolver)))
        asked = len(transport.requests)
        transport.clock.advance(3600)
        second = rows(join(mentions, resolve(mentions, resolver)))
    failed = [row for row in first if row["outcome"] == "failed"]
    assert len(first) == len(second) == len(ids)
    assert len(failed) == len(ids) - 7 * 200
    assert all(row["reason"] for row in failed)
    assert {row["outcome"] for row in second} == {"found"}
    pages = [dict(request.params).get("filter.ids") for request in transport.requests[asked:]]
    again = [number for page in pages if page for number in page.split(",")]
    assert sorted(again) == sorted(row["trn"] for row in failed)


ROWS = 200_000
_PROSE = (
    "Patients were randomly assigned to receive 20 mg or placebo for 12 weeks (n = 1042).",
    "Überleben: 34.5\u00a0% \u2013 hazard ratio 0.71 (95 % CI 0.58\u20130.87), P \u2264 0.001.",
    "対象患者は二群に分けられた。2015年から12週。",
)
_LOOK_ALIKES = "The protocol 2015-0034/A and grant R01 CA123456 are on file, ext. 00512345."
_WAYS = ("{}", "NCT {}", "nct{}", "NCT\u2011{}", "NCT: {}")


def many_texts():
    """Return short texts, one in ten with a number, in spellings that are met."""
    texts = [_PROSE[place % len(_PROSE)] for place in range(ROWS)]
    texts[::50] = [_LOOK_ALIKES] * (ROWS // 50)
    for turn, place in enumerate(range(3, ROWS, 10)):
        number = KNOWN[turn % len(KNOWN)]
        way = _WAYS[turn % len(_WAYS)].format(number[3:] if turn % len(_WAYS) else number)
        texts[place] += f" Registered as {way}."
    for turn, number in enumerate((*UNKNOWN, *STRANGERS)):
        texts[1000 * turn + 1] += f" Trial registration: {number}."
    return [None if place % 970 == 0 else text for place, text in enumerate(texts)]


@pytest.fixture(scope="module")
def many(spark):
    """The many texts, and the mentions in them, which are kept once they have been read."""
    texts = many_texts()
    table = pa.table({"key": range(ROWS), "abstract": texts})
    frame = spark.createDataFrame(table).repartition(6)
    mentions = scan(frame, text="abstract", keep=["key"]).persist()
    yield texts, mentions
    mentions.unpersist()


def test_many_rows_have_the_mentions_of_find(many):
    texts, mentions = many
    expected = found(texts)
    assert rows(mentions) == expected
    assert len(expected) == ROWS / 10 + len(UNKNOWN) + len(STRANGERS)


def test_many_numbers_are_asked_once_and_joined(many, tmp_path):
    _, mentions = many
    with (
        LoopbackServer(synthetic_studies(len(KNOWN)), [None, None, FAULTS["503"]]) as server,
        Resolver(cache=tmp_path, sources=[ClinicalTrialsGov(server.url)], pace=None) as resolver,
    ):
        answers = resolve(mentions, resolver)
        asked = [*server.requests]
        again = resolve(mentions, resolver)
        assert len(server.requests) == len(asked)  # all of it is in the cache
    linked = rows(join(mentions, answers))
    assert rows(again) == rows(answers)
    assert [{name: row[name] for name in ("key", *MENTION_COLUMNS)} for row in linked] == rows(
        mentions
    )
    assert [row["outcome"] for row in linked] == [OUTCOMES[row["trn"]] for row in linked]
    titles = {number: f"Synthetic study {place}" for place, number in enumerate(KNOWN)}
    assert [row["brief_title"] for row in linked] == [titles.get(row["trn"]) for row in linked]

    pages = [dict(request.params).get("filter.ids") for request in asked if not request.fault]
    looked_up = [number for page in pages if page for number in page.split(",")]
    assert sorted(looked_up) == sorted((*KNOWN, *UNKNOWN))
    lists, searches = ceil(len(looked_up) / 200), ceil(len(STRANGERS) / 8)
    assert len(asked) == lists + 1 + len(UNKNOWN) + searches + 1  # one again, one for the version
