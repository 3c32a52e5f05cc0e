"""Columns of texts that lie one behind another: what `find` finds in each, and no row left out."""

from __future__ import annotations

import tracemalloc

import accuracy
import pytest
from fuzz_finding import SEED
from generated_rows import column, in_a_row, left_out
from growth import is_linear
from hypothesis import given, settings
from hypothesis import strategies as st

from trialink import REGISTRIES, find
from trialink.finding.buffers import found_rows, likely_rows
from trialink.finding.outline import sought
from trialink.registries.entry import Form, Registry

ROWS, SHARES = 100_000, 5
FILES = accuracy.every_file()
CORPUS = [row["text"] for file in FILES for row in accuracy.texts(file)]
PROSE = "Patients were randomly assigned to receive the drug or placebo once daily. "
NCT = "see NCT05066646"
# What is joined with what in a lot, and what a number may be torn by or stand behind.
PIECES = (
    *("NCT", "nct ", "NCT0506", "05066646", "0506 6646", "ISRCTN", "RBR-6gdyvz", "2004-002714-11"),
    *("EudraCT", "ChiCTR-", "TRC-", "09000530", "O", "l", "0", "1", "1234", "trial number", "CRiS"),
    *(" ", " " * 31, " " * 40, " " * 97, "\u00a0", "\u2011", "\u00ad", "\u200b", "<sup>", ">"),
    *("\uff10\uff15\uff10\uff16", "\u0660", "\u4e34", "é", "(n = 120)", "registered", "AMCTR", "-"),
)


def found(texts, nulls=(), **options):
    return [*found_rows(*in_a_row(texts), nulls, **options)]


def each_found(texts, **options):
    read = ((row, find(text, **options)) for row, text in enumerate(texts) if text)
    return [(row, mentions) for row, mentions in read if mentions]


# No row is left out


@pytest.mark.parametrize("share", range(SHARES))
def test_no_generated_row_is_left_out(share):
    assert left_out(column(SEED + share, ROWS // SHARES)) == []


def test_what_is_found_in_the_corpus_is_what_find_returns():
    assert found(CORPUS) == each_found(CORPUS)


@pytest.mark.parametrize("size", [7, 20, 45])
def test_no_cutting_of_the_corpus_is_left_out(size):
    assert left_out([text[at : at + size] for text in CORPUS for at in range(0, 400, size)]) == []


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), max_size=6))
def test_any_texts_in_a_row_are_read_as_each_alone(texts):
    assert found(texts) == each_found(texts)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=8))
def test_any_characters_are_read(texts):
    assert found(texts) == each_found(texts)


# Digits that would be those of one number in one text; and lengths at which lots and sheets end.
@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(["in 20", "NCT05066646"], id="digits, then a prefix"),
        pytest.param(["NCT05066646", "05066646"], id="a number, then digits"),
        pytest.param(["NCT", "05066646", "NCT05066646"], id="a prefix, then digits"),
        pytest.param(["2004-002714-11"] * 3, id="bare numbers"),
        pytest.param(["1", "2004-002714-11", "2"], id="digits around a bare number"),
        pytest.param(["trial number", "  ", NCT], id="an announcement, then a blank text"),
        pytest.param(["", "", NCT, "", ""], id="empty texts"),
        pytest.param([NCT], id="one text"),
        pytest.param([], id="none"),
        pytest.param([""], id="one that is empty"),
        pytest.param(["x" * 9, f"{PROSE * 300}{NCT}", NCT], id="a long text"),
        pytest.param([NCT, f"{PROSE * 3000}{NCT}", "", NCT], id="a text longer than a lot"),
        pytest.param([PROSE, NCT] * 3000, id="several lots"),
        pytest.param([*[""] * 10_000, NCT], id="many empty ones"),
        *(
            pytest.param([("x" * size) + NCT, NCT] * 6, id=f"{size} letters")
            for size in (16_369, 16_370, 16_384, 131_056, 131_057, 131_058, 131_072)
        ),
    ],
)
def test_texts_do_not_run_into_each_other(texts):
    assert found(texts) == each_found(texts)


# Few others are looked at


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(PROSE, id="prose"),
        pytest.param("Of 1234 patients in 2015, 567 (45.9%) responded; p = 0.001.", id="figures"),
        pytest.param("Le café coûte 1250 € – à peu près.", id="characters beyond ASCII"),
        pytest.param("\u201cso\u201d \u2265 120 \u00b1 3\u2009mg", id="and beyond Latin-1"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_text_without_any_announcement_is_passed_over(text):
    assert [*likely_rows(*in_a_row([text] * 100), sought()[0])] == []


# Rows


def test_rows_are_counted_from_first_and_start_anywhere():
    data, offsets = in_a_row(["xNCT00000000 ", NCT, "", NCT])
    rows = [
        (row, str(mentions.ids()[0])) for row, mentions in found_rows(data, offsets[1:], first=7)
    ]
    assert rows == [(7, "NCT05066646"), (9, "NCT05066646")]


def test_rows_of_null_are_passed_over_whatever_lies_behind_them():
    data = memoryview(f"{NCT}{NCT}".encode() + b"\xff")
    offsets = [0, len(NCT), 2 * len(NCT), 2 * len(NCT) + 1]
    assert [row for row, _ in found_rows(data, offsets, [True, False, True])] == [1]


@pytest.mark.parametrize(
    ("row", "at"),
    [
        pytest.param(b"\xff", 0, id="no lead"),
        pytest.param(b"ab\xe2\x80", 2, id="cut short"),
        pytest.param(b"\xed\xa0\x80 NCT05066646", 0, id="a surrogate"),
        pytest.param(b"NCT05066646 \xc0\xaf", 12, id="overlong"),
        pytest.param(b"x" * 100_000 + b"\xfe", 100_000, id="in a long text"),
    ],
)
def test_what_is_not_utf8_is_told_with_its_row(row, at):
    data = memoryview(NCT.encode() + row + NCT.encode())
    offsets = [0, len(NCT), len(NCT) + len(row), 2 * len(NCT) + len(row)]
    rows = found_rows(data, offsets, first=10)
    assert next(rows)[0] == 10
    with pytest.raises(ValueError, match=rf"row 11 is not UTF-8 \(.* at byte {at}\): .*errors="):
        next(rows)


def test_characters_that_end_one_row_and_begin_the_next_are_no_characters():
    dash = "\u2013".encode()
    with pytest.raises(ValueError, match="row 0 is not UTF-8"):
        [*found_rows(memoryview(dash + NCT.encode()), [0, 1, len(dash) + len(NCT)])]


# Registries


MINE = Registry(
    key="mine",
    label="MINE",
    name="Register of my own",
    kind="registration",
    region="nowhere",
    forms=(Form(canonical="NEX{n}", prefixes=("\u041d\u0415\u0425", "NEX"), digits=2),),
    source="https://registry.example.org/format",
    examples=(("NEX12", "NEX12"),),
)


@pytest.mark.parametrize(
    "registries",
    [
        pytest.param(["isrctn"], id="a key"),
        pytest.param([*REGISTRIES, MINE], id="one of our own"),
        pytest.param([MINE], id="it alone"),
    ],
)
def test_registries_are_those_of_find(registries):
    texts = [NCT, "ISRCTN78805636", "NEX12", "\u041d\u0415\u0425 34", PROSE]
    assert found(texts, registries=iter(registries)) == each_found(texts, registries=registries)


# Room and time


def test_room_is_that_of_a_lot_however_long_the_column():
    texts = in_a_row([PROSE * 20] * 4000)
    [*found_rows(*in_a_row([PROSE]))]
    tracemalloc.start()
    try:
        assert [*found_rows(*texts)] == []
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 2_000_000 < len(texts[0])


@pytest.mark.parametrize("piece", ["NCT0000 ", "0 ", "00 00 ", "000 ", "chictr 000 ", "> ", "   1"])
def test_time_grows_with_the_column(piece):
    rows = [piece * (1000 // len(piece))]
    cases = [(in_a_row(rows * count),) for count in (50, 100, 200)]
    assert is_linear(lambda texts: [*likely_rows(*texts, sought()[0])], cases)
