"""The values of a column: what is found in them, counted, and asked for once."""

from __future__ import annotations

import json
import logging

import pytest
from conftest import FIXTURES
from hypothesis import given, settings
from hypothesis import strategies as st
from test_linker import Counted, Down

from trialink import REGISTRIES, Linker, Resolver, enrich, find
from trialink.cache import MemoryStore
from trialink.columns import MENTION_COLUMNS, ColumnReader
from trialink.replay import replay
from trialink.testing import FAULTS, FaultyTransport, Plan, synthetic_studies

NOTE = "FUMANBA-1 (CTR20192510, NCT05066646) in China; see NCT05066647"
UNRECORDED = ("NCT04368728", "NCT03872479", "NCT04280705", "NCT02576665")
NAMES = ("trial_ids", "trial_keys", "trial_problems")
VALUES = st.lists(
    st.sampled_from([NOTE, "see NCT05066646", "none", "", None, float("nan"), 7, 1.5, True])
    | st.text(max_size=20)
    | st.binary(max_size=3)
    | st.lists(st.just(NOTE), max_size=2)
)


def reader(*values, **options):
    return ColumnReader(values, rows=len(values), **options)


def linked(*values, resolver=None, **options):
    read = reader(*values, **options)
    return read.trials(resolver, NAMES), read.summary()


def from_recordings(*values):
    with Resolver(transport=replay(FIXTURES), cache=None) as resolver:
        return linked(*values, resolver=resolver)


@settings(max_examples=50, deadline=None)
@given(VALUES)
def test_each_value_has_what_find_finds_in_it(values):
    expected = [find(value) if isinstance(value, str) else [] for value in values]
    assert [*reader(*values).mentions()] == expected
    numbers = [list(dict.fromkeys(str(each.id) for each in mentions)) for mentions in expected]
    assert reader(*values).ids() == numbers
    assert linked(*values)[0]["trial_ids"] == numbers


@settings(max_examples=50, deadline=None)
@given(VALUES)
def test_every_row_is_counted_once(values):
    read = reader(*values)
    mentions = [*read.mentions()]
    summary = read.summary()
    assert summary["rows"] == len(values)
    kinds = summary["not_text"].values()
    assert summary["texts"] + summary["missing"] + sum(kinds) == len(values)
    assert summary["mentions"] == sum(map(len, mentions))
    assert summary["ids"] == len({each.id for found in mentions for each in found})
    assert json.loads(json.dumps(summary)) == summary


@pytest.mark.parametrize(
    ("values", "counts"),
    [
        pytest.param([], {}, id="nothing"),
        pytest.param(["", "a"], {"texts": 2}, id="texts, an empty one too"),
        pytest.param([None, float("nan")], {"missing": 2}, id="missing values"),
        pytest.param([NOTE, NOTE], {"texts": 2, "mentions": 6, "ids": 3}, id="one text twice"),
        pytest.param(
            [1, True, b"NCT05066646", b"", [NOTE], {"a": NOTE}],
            {"not_text": {"int": 1, "bool": 1, "bytes": 2, "list": 1, "dict": 1}},
            id="what is no text, by type",
        ),
    ],
)
def test_the_summary_counts(values, counts):
    read = reader(*values)
    read.ids()
    nothing = {"texts": 0, "missing": 0, "not_text": {}, "mentions": 0, "ids": 0}
    assert read.summary() == {"rows": len(values), **nothing, **counts}


def test_the_columns_of_mentions_are_those_of_find():
    places, columns = reader(None, NOTE, "", "see NCT05066646").columns()
    assert places == [1, 1, 1, 3]
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    assert rows == find(NOTE).rows() + find("see NCT05066646").rows()
    (row,) = find("see NCT05066646").rows("a source")
    assert {name: type(value) for name, value in row.items()} == MENTION_COLUMNS


def test_registries_limit_what_is_found():
    assert reader(NOTE, registries=["cde_china"]).ids() == [["CTR20192510"]]
    entries = (entry for entry in REGISTRIES if entry.key == "cde_china")
    assert reader(NOTE, NOTE, registries=entries).ids() == [["CTR20192510"]] * 2


def test_one_registry_needs_no_list():
    assert reader(NOTE, registries="cde_china").ids() == [["CTR20192510"]]


@pytest.mark.parametrize(
    ("option", "error", "says"),
    [
        ({"registries": ["nope"]}, ValueError, "no registry is called 'nope'; known keys: nct"),
        ({"progress": True}, TypeError, "progress= takes a function of the rows done and of all"),
        ({"report": True}, TypeError, "report= takes a function of the summary, not bool"),
    ],
    ids=lambda each: next(iter(each)) if isinstance(each, dict) else "",
)
def test_a_wrong_option_is_told_before_any_value_is_read(option, error, says):
    with pytest.raises(error, match=says):
        reader(**option)


@pytest.mark.parametrize(
    ("rows", "calls"),
    [
        (0, []),
        (3, [(1, 3), (2, 3), (3, 3)]),
        (250, [(done, 250) for done in range(2, 251, 2)]),
        (1003, [*((done, 1003) for done in range(10, 1001, 10)), (1003, 1003)]),
    ],
)
@pytest.mark.parametrize("resolver", ["none", "from recordings"])
def test_progress_is_told_about_a_hundred_times(rows, calls, resolver):
    told = []
    [*reader(*[None] * rows, progress=lambda *each: told.append(each)).mentions()]
    assert told == calls
    told.clear()
    with Resolver(transport=replay(FIXTURES), cache=None) as recorded:
        linked(
            *[None] * rows,
            resolver=None if resolver == "none" else recorded,
            progress=lambda *each: told.append(each),
        )
    assert told == calls


def test_rows_are_done_when_they_are_linked():
    """A bar that is full before the registry is asked would stand still for the longest part."""
    told, transport = [], Counted()
    with Resolver(transport=transport, cache=None) as resolver:
        linked(
            *[NOTE] * 3,
            resolver=resolver,
            progress=lambda done, _: told.append((done, len(transport.asked))),
        )
    assert [done for done, _ in told] == [1, 2, 3]
    assert {asked for _, asked in told} == {len(transport.asked)}


def test_a_look_up_gives_what_enrich_gives():
    rows = [{"note": NOTE}, {"note": None}, {"note": "FUMANBA-1 is NCT05066646, in lupus"}]
    with Resolver(transport=replay(FIXTURES), cache=None) as resolver:
        enriched = [*enrich(rows, text="note", linker=Linker(resolver))]
        columns, _ = linked(*[row["note"] for row in rows], resolver=resolver)
    assert columns == {name: [row[name] for row in enriched] for name in NAMES}


def test_each_distinct_number_is_asked_once_however_many_rows_bear_it():
    studies = [*synthetic_studies(450)]
    ids = [study["protocolSection"]["identificationModule"]["nctId"] for study in studies]
    transport = FaultyTransport(studies)
    with Resolver(transport=transport, cache=None) as resolver:
        columns, summary = linked(*[f"see {id}" for id in ids * 2], resolver=resolver)
    assert columns["trial_keys"] == [[id] for id in ids * 2]
    assert summary["outcomes"]["found"] == summary["ids"] == 450
    asked = [dict(each.params).get("filter.ids", "").split(",") for each in transport.requests]
    assert sorted(id for lot in asked for id in lot) == sorted(ids)
    assert len(asked) == 3


def test_what_was_not_answered_is_in_the_summary_and_in_one_line_of_the_log(caplog):
    with caplog.at_level(logging.WARNING, "trialink"):
        columns, summary = from_recordings(NOTE, *UNRECORDED, *UNRECORDED)
    assert columns["trial_ids"][1:5] == [[id] for id in UNRECORDED]
    assert columns["trial_keys"][1:5] == [[id] for id in UNRECORDED]
    assert list(summary["failed"]) == [*UNRECORDED]
    assert all(reason.startswith("not recorded") for reason in summary["failed"].values())
    assert summary["outcomes"]["failed"] == 4
    assert sum(summary["outcomes"].values()) == summary["ids"] == 7
    assert json.loads(json.dumps(summary)) == summary
    (line,) = caplog.messages
    shown = ", ".join(UNRECORDED[:3])
    assert line.startswith(f"4 of 7 numbers not looked up: {shown}, +1 more: not recorded")


def test_when_all_is_answered_the_log_is_silent(caplog):
    _, summary = from_recordings("see NCT05066646", None)
    assert summary["failed"] == {}
    assert summary["stale"] == 0
    assert caplog.messages == []


def test_without_a_resolver_nothing_is_asked_and_nothing_failed(caplog):
    columns, summary = linked(NOTE)
    assert columns["trial_keys"] == [["NCT05066646", "NCT05066647"]]
    assert summary.keys() == reader().summary().keys()
    assert caplog.messages == []


def test_an_outage_is_reported_and_raises_nothing(caplog):
    with Resolver(transport=Down(), cache=None) as resolver:
        columns, summary = linked(NOTE, None, resolver=resolver)
    assert columns["trial_ids"] == [["CTR20192510", "NCT05066646", "NCT05066647"], []]
    assert columns["trial_keys"] == [["NCT05066646", "NCT05066647"], []]
    assert {*summary["failed"].values()} == {"connection refused"}
    assert summary["outcomes"]["failed"] == summary["ids"] == 3
    assert len(caplog.messages) == 1


def test_a_second_run_with_a_cache_asks_only_for_what_failed(tmp_path):
    studies = [*synthetic_studies(250)]
    ids = [study["protocolSection"]["identificationModule"]["nctId"] for study in studies]
    down = FaultyTransport(studies, Plan((FAULTS["503"],), first=2, last=30))
    with Resolver(transport=down, cache=tmp_path) as resolver:
        _, first = linked(*ids, resolver=resolver)
    up = FaultyTransport(studies)
    with Resolver(transport=up, cache=tmp_path) as resolver:
        _, second = linked(*ids, resolver=resolver)
    assert 0 < first["outcomes"]["failed"] < 250
    assert (second["outcomes"]["found"], second["failed"]) == (250, {})
    asked = ",".join(dict(each.params)["filter.ids"] for each in up.requests)
    assert {*asked.split(",")} == {*first["failed"]}


def test_old_answers_that_serve_while_the_registry_is_down_are_counted():
    studies, store = [*synthetic_studies(3)], MemoryStore()
    ids = [study["protocolSection"]["identificationModule"]["nctId"] for study in studies]
    up, down = FaultyTransport(studies), FaultyTransport(studies, FAULTS["503"])
    down.clock.advance(40 * 86400)
    with Resolver(transport=up, cache=store) as resolver:
        assert linked(*ids, resolver=resolver)[1]["stale"] == 0
    with Resolver(transport=down, cache=store) as resolver:
        _, summary = linked(*ids, "see NCT05066646", resolver=resolver)
    assert (summary["stale"], list(summary["failed"])) == (3, ["NCT05066646"])


def test_names_that_could_not_be_asked_are_told_by_their_number_alone(caplog):
    with Resolver(transport=Down(), cache=None, names=True) as resolver:
        _, summary = linked("The FUMANBA-1 trial was run in China.", resolver=resolver)
    assert summary["failed"] == {"FUMANBA-1": "connection refused"}
    assert caplog.messages == ["1 of 1 names not looked up: connection refused"]


@pytest.mark.parametrize("where", ["reading", "looking up", "telling"])
def test_an_interrupt_is_passed_on(where):
    def values():
        yield NOTE
        if where == "reading":
            raise KeyboardInterrupt
        yield NOTE

    def progress(done, rows):
        if where == "telling":
            raise KeyboardInterrupt

    class Interrupted(Down):
        def send(self, request):
            raise KeyboardInterrupt

    transport = Interrupted() if where == "looking up" else replay(FIXTURES)
    read = ColumnReader(values(), rows=2, progress=progress)
    with Resolver(transport=transport, cache=None) as resolver, pytest.raises(KeyboardInterrupt):
        read.trials(resolver, NAMES)


def test_what_is_no_resolver_is_told():
    with pytest.raises(TypeError, match="Linker takes a Resolver or None, not str"):
        linked(NOTE, resolver="fixtures")
