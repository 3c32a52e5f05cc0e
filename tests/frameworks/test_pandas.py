"""The accessor of pandas: labels kept, dtypes declared, nothing raised for a value."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from datetime import datetime
from decimal import Decimal

import pytest
from conftest import FIXTURES, ROOT, missing
from hypothesis import given, settings
from hypothesis import strategies as st

if missing("pandas"):
    pytest.skip("pandas is not installed", allow_module_level=True)

import numpy as np
import pandas as pd
from pandas.testing import assert_frame_equal

import trialink.pandas  # noqa: F401  (makes the accessor known)
from trialink import Resolver, find
from trialink.errors import SourceUnavailable
from trialink.replay import replay

NOTE = "FUMANBA-1 (CTR20192510, NCT05066646) in China; see NCT05066647"
OTHER = "see NCT05066646"
ADDED = ["trial_ids", "trial_keys", "trial_problems"]
NINE = list(find(OTHER).rows()[0])
TEXT = pd.Series([""]).dtype
VALUES = st.lists(
    st.sampled_from([NOTE, OTHER, "", None, np.nan, pd.NA, pd.NaT, 7, 2.5, True, np.int8(3)])
    | st.text(max_size=20)
    | st.binary(max_size=5)
    | st.lists(st.just(OTHER), max_size=2)
)


def plain_ids(value):
    return list(map(str, find(value).ids())) if isinstance(value, str) else []


@pytest.fixture
def resolver():
    with Resolver(transport=replay(FIXTURES), cache=None) as recorded:
        yield recorded


@settings(max_examples=50, deadline=None)
@given(VALUES)
def test_ids_are_those_of_find_for_each_value(values):
    series = pd.Series(values, dtype=object)
    assert series.trialink.ids().to_list() == list(map(plain_ids, values))
    first = series.to_frame("note").trialink.link(text="note", resolver=None)
    assert first["trial_ids"].to_list() == list(map(plain_ids, values))
    again = first.trialink.link(text="note", resolver=None)
    assert_frame_equal(first, again)
    assert first.attrs == again.attrs


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        *((each, "missing") for each in (None, np.nan, pd.NA, pd.NaT, Decimal("NaN"))),
        (7, "int"),
        (2.5, "float"),
        (True, "bool"),
        (np.int64(7), "int64"),
        (b"NCT05066646", "bytes"),
        ([OTHER], "list"),
        ({"a": OTHER}, "dict"),
        (np.array([OTHER, OTHER]), "ndarray"),
        (datetime(2026, 1, 1), "datetime"),
        (object(), "object"),
    ],
    ids=lambda each: each if isinstance(each, str) else type(each).__name__,
)
def test_what_is_no_text_has_empty_lists_and_is_counted(value, kind):
    series = pd.Series([OTHER, None], dtype=object)
    series.iat[1] = value
    assert series.trialink.ids().to_list() == [["NCT05066646"], []]
    assert series.trialink.link(resolver=None)["trial_keys"].to_list() == [["NCT05066646"], []]
    assert len(series.trialink.find()) == 1
    summary = series.trialink.summary()
    kinds = {"missing": summary["missing"]} if summary["missing"] else summary["not_text"]
    assert kinds == {kind: 1}
    assert summary["rows"] == 2


@pytest.mark.parametrize(
    "dtype",
    ["object", "str", "string", "string[python]", "category", "string[pyarrow]", "large_string"],
)
def test_texts_of_any_dtype_are_read(dtype):
    if dtype in ("string[pyarrow]", "large_string"):
        pa = pytest.importorskip("pyarrow")
        dtype = pd.ArrowDtype(pa.large_string()) if dtype == "large_string" else dtype
    texts = pd.Series([NOTE, OTHER, NOTE], index=list("abc")).astype(dtype)
    texts.iloc[1] = None
    assert texts.trialink.ids().to_list() == [plain_ids(NOTE), [], plain_ids(NOTE)]
    assert texts.trialink.find()["trn"].to_list() == plain_ids(NOTE) * 2
    assert texts.trialink.summary()["missing"] == 1


@pytest.mark.parametrize("dtype", ["int64", "float64", "bool", "Int64", "datetime64[ns]"])
def test_columns_of_other_dtypes_have_no_mentions(dtype):
    series = pd.Series([0, 1]).astype(dtype)
    assert series.trialink.ids().to_list() == [[], []]
    assert sum(series.trialink.summary()["not_text"].values()) == 2


INDEXES = {
    "labels": pd.Index(["x", "y", "z"], name="pmid"),
    "duplicate labels": pd.Index([1, 1, 2]),
    "a missing label": pd.Index([1.0, np.nan, np.nan]),
    "several levels": pd.MultiIndex.from_tuples(
        [("a", 1), ("a", 2), ("b", 1)], names=["journal", "pmid"]
    ),
    "dates": pd.date_range("2026-01-01", periods=3, freq="D"),
    "categories": pd.CategoricalIndex(["b", "a", "b"]),
    "downwards": pd.RangeIndex(3, 0, -1),
}


@pytest.mark.parametrize("index", INDEXES.values(), ids=INDEXES)
def test_the_index_is_kept(index):
    series = pd.Series([OTHER, None, NOTE], index=index, name="note")
    ids = series.trialink.ids()
    assert ids.name == "note"
    frame = series.to_frame().trialink.link(text="note", resolver=None)
    for result in (ids, series.trialink.link(resolver=None), frame):
        pd.testing.assert_index_equal(result.index, index)
    assert frame["trial_ids"].to_list() == ids.to_list()
    found = series.trialink.find()
    pd.testing.assert_index_equal(found.index, index.take([0, 2, 2, 2]))


@pytest.mark.parametrize(
    ("index", "source"),
    [("labels", "x"), ("duplicate labels", "1"), ("several levels", "a, 1")],
)
def test_the_source_of_a_mention_is_its_label_as_text(index, source):
    found = pd.Series([OTHER, None, None], index=INDEXES[index]).trialink.find()
    assert found["source"].to_list() == [source]


def test_mentions_are_those_of_find():
    found = pd.Series([NOTE, None, OTHER]).trialink.find()
    assert list(found.columns) == NINE
    rows = [*find(NOTE).rows("0"), *find(OTHER).rows("2")]
    assert found.astype(object).where(found.notna(), None).to_dict("records") == rows


def test_offsets_are_code_points():
    text = "\U0001d538\U0001f468\u200d\U0001f469 é e\u0301 NCT05066646 \U0001d538"
    (row,) = pd.Series([text]).trialink.find().to_dict("records")
    assert text[row["start"] : row["end"]] == row["text"] == "NCT05066646"


DTYPES = {name: "int64" if name in ("start", "end") else TEXT for name in NINE}


@pytest.mark.parametrize(
    "texts",
    [[], [None], ["nothing"], [NOTE, None], ["see CTR20192510"]],
    ids=["no rows", "missing", "no mention", "mentions", "no check digit at all"],
)
def test_dtypes_are_the_same_with_and_without_mentions(texts):
    series = pd.Series(texts, dtype=object)
    found = series.trialink.find()
    assert found.dtypes.to_dict() == DTYPES
    linked = series.to_frame("note").trialink.link(text="note", resolver=None)
    assert linked[ADDED].dtypes.to_list() == ["object"] * 3
    assert series.trialink.ids().dtype == "object"
    other = pd.Series([NOTE]).trialink.find()
    assert pd.concat([found, other]).dtypes.to_dict() == DTYPES
    merged = found.merge(other, on=NINE, how="outer")
    assert merged.dtypes.to_dict() == DTYPES


def test_a_frame_is_copied_and_keeps_what_it_has(resolver):
    frame = pd.DataFrame({"n": [1, 2], "note": [NOTE, None]}, index=["a", "b"])
    frame.attrs["own"] = 1
    before = frame.copy()
    linked = frame.trialink.link(text="note", resolver=resolver)
    assert list(linked.columns) == ["n", "note", *ADDED]
    assert linked.attrs.keys() == {"own", "trialink"}
    assert_frame_equal(frame, before)
    assert frame.attrs == {"own": 1}
    assert linked.loc["a", ADDED].to_list() == [
        ["CTR20192510", "NCT05066646", "NCT05066647"],
        ["NCT05066646", "NCT05066647"],
        ["check-digit"],
    ]
    assert linked.loc["b", ADDED].to_list() == [[], [], []]


def test_linking_again_replaces_the_columns_and_gives_an_equal_frame(resolver):
    frame = pd.DataFrame({"note": [NOTE, None, OTHER], "n": [1, 2, 3]})
    first = frame.trialink.link(text="note", resolver=resolver)
    moved = first[[*reversed(first.columns)]].assign(note=[OTHER, OTHER, NOTE])
    again = first.trialink.link(text="note", resolver=resolver)
    assert_frame_equal(first, again)
    assert first.equals(again)
    assert first.attrs == again.attrs
    other = moved.trialink.link(text="note", resolver=resolver)
    assert list(other.columns) == list(moved.columns)
    assert other["trial_ids"].to_list() == [plain_ids(OTHER), plain_ids(OTHER), plain_ids(NOTE)]


def test_rows_that_come_later_are_linked_with_the_rest():
    first = pd.DataFrame({"note": [NOTE]}).trialink.link(text="note", resolver=None)
    both = pd.concat([first, pd.DataFrame({"note": [OTHER]})], ignore_index=True)
    linked = both.trialink.link(text="note", resolver=None)
    assert linked["trial_ids"].to_list() == [plain_ids(NOTE), plain_ids(OTHER)]


@pytest.mark.parametrize("column", [["x"], [1], [b"x"], [{"a": 1}]], ids=repr)
def test_a_column_that_is_not_ours_is_not_lost(column):
    frame = pd.DataFrame({"note": [NOTE], "trial_keys": column})
    with pytest.raises(ValueError, match="the frame has a column 'trial_keys' already; give anot"):
        frame.trialink.link(text="note", resolver=None)
    linked = frame.trialink.link(text="note", resolver=None, prefix="t_")
    assert list(linked.columns) == ["note", "trial_keys", "t_ids", "t_keys", "t_problems"]


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("abstract", KeyError, "the frame has no column 'abstract'; it has note, n, n"),
        ("n", ValueError, "the frame has several columns 'n'; take one of them"),
        (["note"], TypeError, "text= takes the label of one column, not list"),
    ],
)
def test_a_column_that_cannot_be_read_is_told(text, error, says):
    frame = pd.DataFrame([[NOTE, 1, 2]], columns=["note", "n", "n"])
    for call in (frame.trialink.find, frame.trialink.link):
        with pytest.raises(error, match=says):
            call(text=text)


def test_columns_may_have_several_levels(resolver):
    columns = pd.MultiIndex.from_tuples([("a", "note"), ("b", "n")], names=["one", "two"])
    frame = pd.DataFrame([[NOTE, 1], [None, 2]], columns=columns)
    linked = frame.trialink.link(text=("a", "note"), resolver=resolver)
    assert list(linked.columns) == [*columns, *((name, "") for name in ADDED)]
    assert linked.columns.names == ["one", "two"]
    assert linked["trial_ids"].to_list() == [plain_ids(NOTE), []]
    again = linked.trialink.link(text=("a", "note"), resolver=resolver)
    assert_frame_equal(linked, again)
    frame[("trial_keys", "")] = 1
    with pytest.raises(ValueError, match="the frame has a column 'trial_keys' already"):
        frame.trialink.link(text=("a", "note"), resolver=resolver)


def test_a_prefix_is_a_string():
    with pytest.raises(TypeError, match="prefix= is a str, not NoneType"):
        pd.Series([NOTE]).trialink.link(resolver=None, prefix=None)


def test_what_failed_is_told_and_travels_with_the_frame(tmp_path, caplog):
    class Down:
        paced = False

        def send(self, request):
            raise SourceUnavailable("connection refused", source="clinicaltrials_gov", attempts=1)

    with Resolver(transport=Down(), cache=None) as down:
        linked = pd.DataFrame({"note": [OTHER, 7]}).trialink.link(text="note", resolver=down)
    assert caplog.messages == ["1 of 1 numbers not looked up: NCT05066646: connection refused"]
    summary = linked.attrs["trialink"]
    assert summary["failed"] == {"NCT05066646": "connection refused"}
    assert summary["not_text"] == {"int": 1}
    assert json.loads(json.dumps(linked.attrs)) == linked.attrs
    assert pickle.loads(pickle.dumps(linked)).attrs == linked.attrs
    assert pd.concat([linked, linked]).attrs == linked.attrs
    pytest.importorskip("pyarrow")
    kept = linked.assign(note=[OTHER, None])
    kept.to_parquet(tmp_path / "linked.parquet")
    again = pd.read_parquet(tmp_path / "linked.parquet")
    assert again.attrs == linked.attrs
    relinked = again.trialink.link(text="note", resolver=None)
    assert relinked["trial_ids"].to_list() == linked["trial_ids"].to_list()


def test_all_results_bear_their_summary():
    series = pd.Series([NOTE, None])
    expected = series.trialink.summary()
    for result in (series.trialink.ids(), series.trialink.find()):
        assert result.attrs["trialink"] == expected
    assert series.attrs == {}


def test_progress_and_registries_are_those_of_the_column():
    told = []
    frame = pd.DataFrame({"note": [NOTE, None]})
    options = {"registries": ["cde_china"], "progress": lambda *each: told.append(each)}
    assert frame["note"].trialink.ids(**options).to_list() == [["CTR20192510"], []]
    assert frame.trialink.find(text="note", **options)["trn"].to_list() == ["CTR20192510"]
    frame.trialink.link(text="note", resolver=None, progress=options["progress"])
    assert told == [(1, 2), (2, 2)] * 3


@pytest.mark.parametrize(
    "imports",
    [
        "import trialink.pandas, trialink.adapters.pandas, trialink.pandas",
        "import trialink.adapters.pandas; import pandas; from trialink import pandas as ours; "
        "assert ours is not pandas",
    ],
)
def test_importing_twice_does_not_warn(imports):
    program = f"{imports}\nimport pandas\nprint(pandas.Series(['{OTHER}']).trialink.ids()[0])"
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert (run.stdout.strip(), run.stderr) == ("['NCT05066646']", "")
