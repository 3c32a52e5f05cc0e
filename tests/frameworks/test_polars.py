"""The namespaces of Polars: dtypes declared, lazy frames too, nothing raised for a value."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date

import pytest
from conftest import FIXTURES, ROOT, missing
from hypothesis import given, settings
from hypothesis import strategies as st

if missing("polars"):
    pytest.skip("polars is not installed", allow_module_level=True)

import polars as pl
from polars.testing import assert_frame_equal, assert_series_equal

import trialink.polars  # noqa: F401  (makes the namespaces known)
from trialink import Resolver, find
from trialink.errors import SourceUnavailable
from trialink.recordings import Recordings
from trialink.replay import ReplayTransport, replay

NOTE = "FUMANBA-1 (CTR20192510, NCT05066646) in China; see NCT05066647"
OTHER = "see NCT05066646"
ADDED = ["trial_ids", "trial_keys", "trial_problems"]
NINE = list(find(OTHER).rows()[0])
LISTS = pl.List(pl.String)
LONG = {name: pl.Int64 if name in ("start", "end") else pl.String for name in NINE}
MENTIONS = pl.List(pl.Struct({name: LONG[name] for name in NINE[1:]}))
TEXTS = st.lists(st.sampled_from([NOTE, OTHER, "", None]) | st.text(max_size=20))
ENGINES = pytest.mark.parametrize("engine", ["in-memory", "streaming"])


class Counting(ReplayTransport):
    """Recordings that count how often they are asked."""

    asked = 0

    def __init__(self):
        super().__init__(Recordings(FIXTURES))

    def send(self, request):
        self.asked += 1
        return super().send(request)


class Down:
    paced = False

    def send(self, request):
        raise SourceUnavailable("connection refused", source="clinicaltrials_gov", attempts=1)


def plain_ids(value):
    return list(map(str, find(value).ids())) if isinstance(value, str) else []


def mentions_of(value):
    rows = find(value).rows() if isinstance(value, str) else []
    return [{name: row[name] for name in NINE[1:]} for row in rows]


@pytest.fixture
def resolver():
    with Resolver(transport=replay(FIXTURES), cache=None) as recorded:
        yield recorded


@settings(max_examples=50, deadline=None)
@given(TEXTS)
def test_values_have_what_find_finds_in_them(values):
    series = pl.Series("note", values, pl.String)
    assert series.trialink.ids().to_list() == list(map(plain_ids, values))
    assert series.trialink.find().to_list() == list(map(mentions_of, values))
    first = series.to_frame().trialink.link(text="note", resolver=None)
    assert first["trial_ids"].to_list() == list(map(plain_ids, values))
    assert_frame_equal(first, first.trialink.link(text="note", resolver=None))


@settings(max_examples=50, deadline=None)
@given(TEXTS)
def test_pandas_and_polars_agree(values):
    pandas = pytest.importorskip("pandas")
    import trialink.pandas  # noqa: F401

    other, own = pandas.Series(values, dtype=object), pl.Series("note", values, pl.String)
    assert own.trialink.ids().to_list() == other.trialink.ids().to_list()
    assert own.trialink.summary() == other.trialink.summary()
    found = other.trialink.find()
    found = found.astype(object).where(found.notna(), None)
    assert own.to_frame().trialink.find(text="note").to_dicts() == found.to_dict("records")
    linked = own.trialink.link(resolver=None)
    assert linked.to_dict(as_series=False) == other.trialink.link(resolver=None).to_dict("list")


@pytest.mark.parametrize(
    ("series", "counts"),
    [
        pytest.param(pl.Series([], dtype=pl.String), {}, id="no rows"),
        pytest.param(pl.Series([None, None]), {"missing": 2}, id="all null"),
        pytest.param(pl.Series([1, 2]), {"not_text": {"int": 2}}, id="Int64"),
        pytest.param(
            pl.Series([1.5, float("nan"), None]),
            {"missing": 2, "not_text": {"float": 1}},
            id="Float64",
        ),
        pytest.param(pl.Series([True]), {"not_text": {"bool": 1}}, id="Boolean"),
        pytest.param(pl.Series([b"NCT05066646"]), {"not_text": {"bytes": 1}}, id="Binary"),
        pytest.param(pl.Series([date(2026, 1, 1)]), {"not_text": {"date": 1}}, id="Date"),
        pytest.param(pl.Series([[OTHER]]), {"not_text": {"list": 1}}, id="List"),
        pytest.param(pl.Series([{"a": OTHER}]), {"not_text": {"dict": 1}}, id="Struct"),
        pytest.param(
            pl.Series([object()], dtype=pl.Object), {"not_text": {"object": 1}}, id="Object"
        ),
    ],
)
def test_columns_without_texts_have_empty_lists_of_the_declared_dtypes(series, counts):
    ids, mentions = series.trialink.ids(), series.trialink.find()
    assert (ids.dtype, mentions.dtype) == (LISTS, MENTIONS)
    assert ids.to_list() == mentions.to_list() == [[]] * len(series)
    linked = series.trialink.link(resolver=None)
    assert linked.schema == dict.fromkeys(ADDED, LISTS)
    assert linked.height == len(series)
    frame = series.alias("note").to_frame()
    assert frame.trialink.find(text="note").schema == LONG
    assert frame.trialink.find(text="note").height == 0
    nothing = {"texts": 0, "missing": 0, "not_text": {}, "mentions": 0, "ids": 0}
    assert series.trialink.summary() == {"rows": len(series), **nothing, **counts}
    if series.dtype != pl.Object:  # which no lazy frame takes
        lazy = frame.lazy().select(ids=pl.col("note").trialink.ids())
        assert lazy.collect()["ids"].to_list() == [[]] * len(series)


@pytest.mark.parametrize(
    "dtype", [pl.String, pl.Categorical, pl.Enum([NOTE, OTHER])], ids=["String", "Cat", "Enum"]
)
def test_texts_of_any_dtype_are_read(dtype):
    series = pl.Series("note", [NOTE, None, OTHER], dtype)
    assert series.trialink.ids().to_list() == [plain_ids(NOTE), [], plain_ids(OTHER)]
    assert series.trialink.summary()["texts"] == 2


def test_offsets_are_code_points():
    text = "\U0001d538\U0001f468\u200d\U0001f469 é e\u0301 NCT05066646 \U0001d538"
    ((row,),) = pl.Series([text]).trialink.find().to_list()
    assert text[row["start"] : row["end"]] == row["text"] == "NCT05066646"


FRAME = pl.DataFrame({"pmid": [7, None, 9], "note": [NOTE, None, OTHER]})


@ENGINES
@pytest.mark.parametrize(
    ("source", "sources"),
    [(None, ["0", "0", "0", "2"]), ("pmid", ["7", "7", "7", "9"]), ("note", [NOTE] * 3 + [OTHER])],
)
def test_mentions_in_long_form_are_those_of_find(source, sources, engine):
    found = FRAME.trialink.find(text="note", source=source)
    assert found.schema == LONG
    rows = [*find(NOTE).rows(), *find(OTHER).rows()]
    expected = [row | {"source": key} for row, key in zip(rows, sources, strict=True)]
    assert found.to_dicts() == expected
    lazy = FRAME.lazy().trialink.find(text="note", source=source)
    assert lazy.collect_schema() == LONG
    assert_frame_equal(lazy.collect(engine=engine), found)


@ENGINES
def test_expressions_declare_their_dtypes_and_may_come_in_batches(engine):
    frame = pl.concat([FRAME] * 300)
    lazy = frame.lazy().select(
        ids=pl.col("note").trialink.ids(),
        chinese=pl.col("note").trialink.ids(registries=["cde_china"]),
        found=pl.col("note").trialink.find(registries=["cde_china"]).list.len(),
        mentions=pl.col("note").trialink.find(),
    )
    schema = {"ids": LISTS, "chinese": LISTS, "found": pl.UInt32, "mentions": MENTIONS}
    assert lazy.collect_schema() == schema
    collected = lazy.collect(engine=engine)
    assert collected.schema == schema
    assert collected["ids"].to_list() == frame["note"].trialink.ids().to_list()
    assert collected["chinese"].to_list() == [["CTR20192510"], [], []] * 300
    assert collected["found"].to_list() == [1, 0, 0] * 300
    assert_series_equal(collected["mentions"], frame["note"].trialink.find(), check_names=False)


@pytest.mark.parametrize("engine", ["in-memory", "streaming", "eager"])
@pytest.mark.parametrize(
    ("run", "expected"),
    [
        pytest.param(
            lambda frame, ids: frame.group_by("key", maintain_order=True).agg(ids),
            {"key": ["a", "b"], "note": [[plain_ids(NOTE), []], [plain_ids(OTHER)]]},
            id="group_by",
        ),
        pytest.param(
            lambda frame, ids: frame.select(ids.over("key")),
            {"note": [plain_ids(NOTE), [], plain_ids(OTHER)]},
            id="over",
        ),
        pytest.param(
            lambda frame, ids: frame.filter(ids.list.len() > 1).select("key"),
            {"key": ["a"]},
            id="filter",
        ),
        pytest.param(
            lambda frame, ids: frame.select(pl.when(pl.col("key") == "b").then(ids)),
            {"note": [None, None, plain_ids(OTHER)]},
            id="when",
        ),
    ],
)
def test_expressions_work_in_every_context(run, expected, engine):
    frame = pl.DataFrame({"key": ["a", "a", "b"], "note": [NOTE, None, OTHER]})
    ids = pl.col("note").trialink.ids()
    result = run(frame, ids) if engine == "eager" else run(frame.lazy(), ids).collect(engine=engine)
    assert result.to_dict(as_series=False) == expected


def test_a_frame_keeps_what_it_has_and_is_equal_when_linked_again(resolver):
    first = FRAME.trialink.link(text="note", resolver=resolver)
    assert first.schema == {**FRAME.schema, **dict.fromkeys(ADDED, LISTS)}
    assert_frame_equal(first.drop(ADDED), FRAME)
    assert first.row(0)[2:] == (
        ["CTR20192510", "NCT05066646", "NCT05066647"],
        ["NCT05066646", "NCT05066647"],
        ["check-digit"],
    )
    assert first.row(1)[2:] == ([], [], [])
    assert_frame_equal(first.trialink.link(text="note", resolver=resolver), first)
    swapped = first.with_columns(note=pl.Series([OTHER, OTHER, OTHER]))
    other = swapped.trialink.link(text="note", resolver=None)
    assert other.columns == first.columns
    assert other["trial_ids"].to_list() == [plain_ids(OTHER)] * 3


@ENGINES
def test_a_lazy_frame_asks_once_for_each_collect_and_nothing_before(engine):
    transport = Counting()
    with Resolver(transport=transport, cache=None) as resolver:
        eager = FRAME.trialink.link(text="note", resolver=resolver)
        once = transport.asked
        lazy = pl.concat([FRAME] * 20).lazy().trialink.link(text="note", resolver=resolver)
        assert lazy.collect_schema() == eager.schema
        assert transport.asked == once > 0
        collected = lazy.filter(pl.col("trial_ids").list.len() > 0).collect(engine=engine)
        assert transport.asked == 2 * once
        assert collected.height == 40
        assert_frame_equal(collected.head(1), eager.head(1))
        assert lazy.select("trial_keys").head(1).collect(engine=engine).item().to_list() == [
            *eager["trial_keys"][0]
        ]


@pytest.mark.parametrize("frame", [FRAME, FRAME.lazy()], ids=["eager", "lazy"])
@pytest.mark.parametrize("column", [["x"] * 3, [1, 2, 3], [[1], [], []]], ids=repr)
def test_a_column_that_is_not_ours_is_not_lost(frame, column):
    taken = frame.with_columns(pl.Series("trial_keys", column))
    with pytest.raises(ValueError, match="the frame has a column 'trial_keys' already; give anot"):
        taken.trialink.link(text="note", resolver=None)
    linked = taken.trialink.link(text="note", resolver=None, prefix="t_").lazy().collect()
    assert linked.columns == ["pmid", "note", "trial_keys", "t_ids", "t_keys", "t_problems"]


@pytest.mark.parametrize(
    "call",
    [
        lambda: FRAME.trialink.find(text="abstract"),
        lambda: FRAME.trialink.link(text="abstract", resolver=None),
        lambda: FRAME.lazy().trialink.find(text="abstract").collect(),
        lambda: FRAME.lazy().trialink.link(text="abstract", resolver=None).collect(),
        lambda: FRAME.trialink.find(text="note", source="abstract"),
    ],
)
def test_a_column_that_is_not_there_is_told_as_by_polars(call):
    with pytest.raises(pl.exceptions.ColumnNotFoundError, match="abstract"):
        call()


@pytest.mark.parametrize("is_lazy", [False, True], ids=["eager", "lazy"])
def test_what_failed_is_told_and_reported(is_lazy, caplog):
    reports = []
    frame = pl.DataFrame({"note": [OTHER, None]})
    with Resolver(transport=Down(), cache=None) as resolver:
        linked = (
            (frame.lazy() if is_lazy else frame)
            .trialink.link(text="note", resolver=resolver, report=reports.append)
            .lazy()
            .collect()
        )
    assert linked["trial_keys"].to_list() == [["NCT05066646"], []]
    assert caplog.messages == ["1 of 1 numbers not looked up: NCT05066646: connection refused"]
    (summary,) = reports
    assert summary["failed"] == {"NCT05066646": "connection refused"}
    assert (summary["rows"], summary["missing"]) == (2, 1)
    assert json.loads(json.dumps(summary)) == summary


@pytest.mark.parametrize("is_lazy", [False, True], ids=["eager", "lazy"])
def test_an_interrupt_is_passed_on(is_lazy):
    class Interrupted:
        paced = False

        def send(self, request):
            raise KeyboardInterrupt

    frame = FRAME.lazy() if is_lazy else FRAME
    with (
        Resolver(transport=Interrupted(), cache=None) as resolver,
        pytest.raises(KeyboardInterrupt),
    ):
        frame.trialink.link(text="note", resolver=resolver).lazy().collect()


def test_progress_is_that_of_the_column():
    told = []
    options = {"progress": lambda *each: told.append(each)}
    FRAME["note"].trialink.ids(**options)
    FRAME.trialink.find(text="note", **options)
    FRAME.trialink.link(text="note", resolver=None, **options)
    assert told == [(1, 3), (2, 3), (3, 3)] * 3


@pytest.mark.parametrize(
    "imports",
    [
        "import trialink.polars, trialink.adapters.polars, trialink.polars",
        "import trialink.adapters.polars; import polars; from trialink import polars as ours; "
        "assert ours is not polars",
    ],
)
def test_importing_twice_does_not_warn(imports):
    program = f"{imports}\nimport polars\nprint(polars.Series(['{OTHER}']).trialink.ids()[0][0])"
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert (run.stdout.strip(), run.stderr) == ("NCT05066646", "")


@pytest.mark.parametrize("call", ["ids", "find"])
def test_an_expression_has_its_registries_for_every_collect(call):
    chosen = (key for key in ["cde_china"])
    expression = getattr(pl.col("note").trialink, call)(registries=chosen)
    lazy = pl.LazyFrame({"note": [NOTE]}).select(expression.list.len())
    assert lazy.collect().item() == lazy.collect().item() == 1
    with pytest.raises(ValueError, match="no registry is called 'nope'"):
        getattr(pl.col("note").trialink, call)(registries=["nope"])


@pytest.mark.parametrize("text", [["note"], None, 0], ids=repr)
def test_a_text_is_the_name_of_one_column(text):
    frame = pl.DataFrame({"note": [NOTE]})
    for call in (frame.trialink.find, frame.trialink.link):
        with pytest.raises(TypeError, match="is not an instance of 'str'"):
            call(text=text)


def test_a_wrong_report_is_told_before_anybody_is_asked():
    frame = pl.DataFrame({"note": [NOTE]})
    with pytest.raises(TypeError, match="report= takes a function of the summary, not bool"):
        frame.trialink.link(text="note", resolver=None, report=True)
