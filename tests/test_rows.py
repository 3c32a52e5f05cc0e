"""Rows enriched one by one, and flat rows for data frames."""

from __future__ import annotations

import inspect
import math
import sqlite3
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import pandas
import pytest
from conftest import FIXTURES
from hypothesis import given, settings
from hypothesis import strategies as st

import trialink
from trialink import Linker, Resolver, enrich, find
from trialink.recordings import Recordings
from trialink.replay import ReplayTransport

NOTE = "FUMANBA-1 (CTR20192510, NCT05066646) in China; see NCT05066647"
ADDED = {
    "trial_ids": ["CTR20192510", "NCT05066646", "NCT05066647"],
    "trial_keys": ["NCT05066646", "NCT05066647"],
    "trial_problems": ["check-digit"],
}
NOTHING = {"trial_ids": [], "trial_keys": [], "trial_problems": []}
FIRST_NINE = [
    *("source", "start", "end", "text", "trn", "registry", "registry_label", "check_digit"),
    "repairs",
]


class Counting(Linker):
    """A linker that counts how many texts have been taken."""

    def __init__(self):
        super().__init__(None)
        self.taken = 0

    def read_many(self, texts, **options):
        return super().read_many(map(self._counted, texts), **options)

    def _counted(self, text):
        self.taken += 1
        return text


def test_three_columns_are_added_behind_the_others():
    row = {"note": NOTE, "a": 1}
    (enriched,) = enrich([row], text="note")
    assert enriched == row | ADDED
    assert list(enriched) == ["note", "a", *ADDED]
    assert row == {"note": NOTE, "a": 1}


def test_the_prefix_is_free():
    (enriched,) = enrich([{"note": NOTE, "trial_ids": 0}], text="note", prefix="")
    assert enriched == {"note": NOTE, "trial_ids": 0, **{k[6:]: v for k, v in ADDED.items()}}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.none() | st.text(max_size=20))))
def test_every_row_is_kept_whole_and_in_order(rows):
    given_rows = [row | {"note": row.get("a", NOTE)} for row in rows]
    enriched = list(enrich(iter(given_rows), text="note"))
    assert [{k: row[k] for k in row if k not in ADDED} for row in enriched] == given_rows
    assert all(set(ADDED) <= set(row) for row in enriched)


@pytest.mark.parametrize(
    "value",
    [None, math.nan, pandas.NA, pandas.NaT, 5066646, 1.5, True, Decimal("NaN"), ""],
    ids=repr,
)
def test_missing_values_and_numbers_have_no_trials(value):
    (enriched,) = enrich([{"note": value}], text="note")
    assert {name: enriched[name] for name in NOTHING} == NOTHING
    assert enriched["note"] is value


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        (b"NCT05066646", "decode it first"),
        (bytearray(b"NCT05066646"), "decode it first"),
        (Path("a.txt"), "read_text"),
        (["NCT05066646"], "once for each text"),
        (("ab", "cd"), "once for each text"),
        ({"text": "NCT05066646"}, "not dict"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_should_have_been_text_is_a_type_error(value, advice):
    with pytest.raises(TypeError, match=advice):
        list(enrich([{"note": value}], text="note"))


@pytest.mark.parametrize(
    ("rows", "error", "says"),
    [
        pytest.param(
            [{"note": "x"}, {"a": 1, 2: 3}],
            KeyError,
            "row 1 has no column 'note'; it has a, 2",
            id="a row without the column",
        ),
        pytest.param(
            [{"note": "x", "trial_keys": []}],
            ValueError,
            "row 0 has a column 'trial_keys' already; give another prefix=",
            id="a row with a new column",
        ),
        pytest.param(["note"], TypeError, r"not str", id="a list of texts"),
        pytest.param("note", TypeError, r"not str", id="a text"),
        pytest.param({"note": "x"}, TypeError, r"not str", id="one row"),
        pytest.param(
            pandas.DataFrame({"note": ["x"]}),
            TypeError,
            r"takes mappings, as frame.to_dict\('records'\) gives; not str",
            id="a data frame",
        ),
        pytest.param(None, TypeError, "NoneType", id="None"),
    ],
)
def test_rows_that_cannot_be_enriched_are_told(rows, error, says):
    enriched = enrich(rows, text="note")
    with pytest.raises(error, match=says):
        list(enriched)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"linker": "live"}, r"enrich\(\) takes a Linker or None, not str"),
        ({"prefix": None}, "prefix= is a str, not NoneType"),
    ],
    ids=["linker", "prefix"],
)
def test_what_is_no_option_of_enrich_is_told(options, says):
    with pytest.raises(TypeError, match=says):
        list(enrich([{"note": NOTE}], text="note", **options))


def test_columns_that_exist_are_told_before_any_row_is_handed_out():
    linker = Counting()
    with pytest.raises(ValueError, match="trial_ids"):
        next(enrich([{"note": NOTE, "trial_ids": []}], text="note", linker=linker))
    assert linker.taken == 0


def test_rows_are_taken_as_they_are_asked_for():
    taken = []

    def rows():
        for number in range(3):
            taken.append(number)
            yield {"note": NOTE, "n": number}

    enriched = enrich(rows(), text="note")
    assert inspect.isgenerator(enriched)
    assert taken == []
    for number in range(3):
        assert next(enriched)["n"] == number
        assert taken == list(range(number + 1))
    assert next(enriched, None) is None


class CountingTransport(ReplayTransport):
    """Recordings that count how often they are asked."""

    asked = 0

    def send(self, request):
        self.asked += 1
        return super().send(request)


def test_a_linker_that_looks_up_asks_for_many_rows_at_once():
    transport = CountingTransport(Recordings(FIXTURES))
    numbers = [path.stem for path in (FIXTURES / "clinicaltrials_gov/studies").glob("NCT*.json")]
    assert len(numbers) >= 20
    with Resolver(transport=transport, cache=None) as resolver:
        rows = [{"note": f"see {number}"} for number in numbers]
        enriched = list(enrich(rows, text="note", linker=Linker(resolver)))
    assert [row["trial_ids"] for row in enriched] == [[number] for number in numbers]
    assert 0 < transport.asked <= 2


def test_rows_may_be_any_mappings():
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    selected = connection.execute("select 'NCT05066646' as note, 'note' as other")
    assert next(enrich(selected, text="note"))["trial_ids"] == ["NCT05066646"]
    connection.close()
    assert next(enrich([MappingProxyType({"note": NOTE})], text="note"))["trial_ids"]


def test_a_data_frame_is_enriched_by_its_records():
    frame = pandas.DataFrame({"note": [NOTE, None, math.nan], "n": [1, 2, 3]})
    enriched = pandas.DataFrame(enrich(frame.to_dict("records"), text="note"), index=frame.index)
    assert list(enriched.columns) == ["note", "n", *ADDED]
    assert list(enriched["trial_ids"]) == [ADDED["trial_ids"], [], []]
    assert list(enriched.explode("trial_ids")["trial_ids"].dropna()) == ADDED["trial_ids"]


def test_mentions_and_documents_feed_a_data_frame():
    mentions = pandas.DataFrame(find(NOTE).rows("a.txt"))
    assert list(mentions.columns) == FIRST_NINE
    assert list(mentions["trn"]) == ADDED["trial_ids"]
    assert set(mentions["source"]) == {"a.txt"}
    document = pandas.DataFrame(Linker(None).read(NOTE).rows())
    assert list(document.columns) == [
        *FIRST_NINE,
        *("outcome", "trial_key", "link_kind", "brief_title", "overall_status", "lead_sponsor"),
        *("agreement", "data_date"),
    ]
    assert len(document) == 3
    assert pandas.DataFrame(find("").rows()).empty


def test_flat_values_are_none_str_or_int():
    for row in (*trialink.find(NOTE).rows(), *Linker(None).read(NOTE).rows()):
        assert {type(value) for value in row.values()} <= {type(None), str, int}
