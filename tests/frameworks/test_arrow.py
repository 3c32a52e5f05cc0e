"""Arrow batches in, batches of mentions out."""

from __future__ import annotations

import pickle
from functools import partial

import accuracy
import pytest
from conftest import missing
from generated_rows import column
from hypothesis import given, settings
from hypothesis import strategies as st

if missing("arrow"):
    pytest.skip("pyarrow is not installed", allow_module_level=True)

import pyarrow as pa

from trialink import find
from trialink.adapters.arrow import SCHEMA, mention_schema, scan_batches

ROWS = 100_000  # generated; `python tests/generated_rows.py` tries more of them
TEXTS = ["see NCT05066646", None, "", "CTR20192510 in China; NCT05066646", "no number"]
FILES = accuracy.every_file()
CORPUS = [row["text"] for file in FILES for row in accuracy.texts(file)]


class Marked(pa.ExtensionType):
    """A type of a user's own, over strings."""

    def __init__(self):
        super().__init__(pa.string(), "tests.marked")

    def __arrow_ext_serialize__(self):
        return b""

    @classmethod
    def __arrow_ext_deserialize__(cls, storage_type, serialized):
        return cls()


def encoded(texts, kind):
    """Return texts as a dictionary of distinct ones."""
    known = list(dict.fromkeys(text for text in texts if text is not None))
    places = {text: place for place, text in enumerate(known)} | {None: None}
    indices = pa.array([places[text] for text in texts], pa.int32())
    return pa.DictionaryArray.from_arrays(indices, pa.array(known, kind))


def sliced(texts, kind):
    """Return texts as the middle of a longer column."""
    array = pa.array([None, "NCT00902941 ", *texts, "NCT00902941", None], kind)
    return array.slice(2, len(texts))


LAYOUTS = {
    "string": partial(pa.array, type=pa.string()),
    "large_string": partial(pa.array, type=pa.large_string()),
    "string_view": partial(pa.array, type=pa.string_view()),
    "dictionary": partial(encoded, kind=pa.string()),
    "dictionary of large ones": partial(encoded, kind=pa.large_string()),
    "dictionary of views": partial(encoded, kind=pa.string_view()),
    "extension": lambda texts: pa.ExtensionArray.from_storage(Marked(), pa.array(texts, "string")),
    "slice": partial(sliced, kind=pa.string()),
    "slice of large ones": partial(sliced, kind=pa.large_string()),
    "slice of views": partial(sliced, kind=pa.string_view()),
}
layouts = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)


def table_of(column, **columns):
    return pa.table({"text": column, **columns})


def scanned(batches, **options):
    """Return the rows of all batches, in order."""
    found = scan_batches(batches, text="text", **options)
    return [row for batch in found for row in batch.to_pylist()]


def expected(texts):
    return [
        {"row": place} | {name: value for name, value in row.items() if name != "source"}
        for place, text in enumerate(texts)
        for row in (find(text).rows() if text else ())
    ]


# What is found


@layouts
def test_mentions_are_those_of_find_in_every_layout(layout):
    texts = [*TEXTS, *CORPUS[::12], None, *column(1, 400)]
    assert scanned(table_of(layout(texts)).to_batches(max_chunksize=97)) == expected(texts)


def test_mentions_in_the_corpus_are_those_of_find():
    assert scanned(table_of(CORPUS)) == expected(CORPUS)


@pytest.mark.parametrize("share", range(4))
def test_mentions_in_generated_rows_are_those_of_find(share):
    texts = column(share, ROWS // 4, dense=0.03)
    kind = [pa.string(), pa.large_string(), pa.string_view(), pa.string()][share]
    chunks = [pa.array(texts[at : at + 7001], kind) for at in range(0, len(texts), 7001)]
    assert scanned(table_of(pa.chunked_array(chunks))) == expected(texts)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.none() | st.sampled_from([*filter(None, TEXTS), "", "\u2013 é 2010", "05066646"])),
    st.sampled_from([*LAYOUTS]),
    st.integers(0, 4),
    st.integers(1, 5),
)
def test_any_slice_in_any_chunks_is_read(texts, layout, start, size):
    batch = pa.record_batch({"text": LAYOUTS[layout](texts)})
    batches = pa.Table.from_batches([batch]).slice(start).to_batches(max_chunksize=size)
    assert scanned(batches) == expected(texts[start:])


def test_what_lies_behind_null_is_not_read():
    data = b"NCT05066646NCT00902941\xff\xfe"
    offsets = pa.py_buffer(b"".join(each.to_bytes(4, "little") for each in (0, 11, 22, 24)))
    texts = pa.StringArray.from_buffers(3, offsets, pa.py_buffer(data), pa.py_buffer(b"\x01"))
    assert [row["trn"] for row in scanned(table_of(texts))] == ["NCT05066646"]


def test_the_same_is_yielded_again():
    table = table_of([*TEXTS, *CORPUS[::40]])
    first, again = (list(scan_batches(table, text="text", keep=())) for _ in range(2))
    assert first == again


def test_registries_are_those_of_find():
    assert [row["registry"] for row in scanned(table_of(TEXTS), registries=iter(["nct"]))] == [
        "nct",
        "nct",
    ]


# The batches


def test_a_batch_is_yielded_for_each_and_rows_are_counted_over_all():
    table = pa.table({"text": TEXTS, "key": ["a", "b", "c", "d", "e"]})
    batches = list(scan_batches(table.to_batches(max_chunksize=3), text="text", keep=["key"]))
    assert [batch["row"].to_pylist() for batch in batches] == [[0], [3, 3]]
    assert [batch["key"].to_pylist() for batch in batches] == [["a"], ["d", "d"]]
    assert pa.Table.from_batches(batches).schema == mention_schema([table.schema.field("key")])


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(pa.array([], pa.string()), id="no rows"),
        pytest.param(pa.array([], pa.string_view()), id="no views"),
        pytest.param(pa.array([], pa.large_string()).slice(0), id="no large ones"),
        pytest.param(pa.array(["a"], pa.string()).slice(1), id="an empty slice"),
        pytest.param(pa.array(["no number", ""]), id="nothing in them"),
        pytest.param(pa.array([None, None], pa.string()), id="null only"),
        pytest.param(pa.nulls(3), id="of the type null"),
        pytest.param(pa.array(["", ""]), id="empty texts"),
    ],
)
def test_where_nothing_is_found_a_batch_is_empty_and_has_the_schema(texts):
    batch = pa.record_batch({"text": texts, "n": pa.array(range(len(texts)), pa.int8())})
    (found,) = scan_batches([batch], text="text", keep=["n"])
    assert found.num_rows == 0
    assert found.schema == mention_schema([pa.field("n", pa.int8())])


def test_no_batches_are_no_batches():
    assert list(scan_batches(iter([]), text="text")) == []


def test_a_batch_is_taken_when_it_is_asked_for():
    taken = []

    def batches():
        for number in range(3):
            taken.append(number)
            yield pa.record_batch({"text": TEXTS})

    found = scan_batches(batches(), text="text")
    assert taken == []
    for number in range(3):
        next(found)
        assert taken == [*range(number + 1)]


@pytest.mark.parametrize(
    "whole",
    [
        pytest.param(lambda table: table, id="a table"),
        pytest.param(lambda table: table.to_reader(2), id="a reader"),
        pytest.param(lambda table: iter(table.to_batches(2)), id="an iterator"),
    ],
)
def test_batches_come_in_many_ways(whole):
    assert scanned(whole(table_of(TEXTS))) == expected(TEXTS)


def test_it_is_pickled_with_its_arguments():
    scan = pickle.loads(pickle.dumps(partial(scan_batches, text="text", keep=["key"])))
    (found,) = scan(pa.table({"text": TEXTS, "key": TEXTS}).to_batches())
    assert found["key"].to_pylist() == [TEXTS[0], TEXTS[3], TEXTS[3]]


# Kept columns


KEPT = {
    "list": pa.array([[1], None, [], [2, 3], [4]]),
    "struct": pa.array([{"a": "x"}, None, {"a": None}, {"a": "y"}, {}]),
    "map": pa.array([[("a", 1)], [], None, [("b", 2)], []], pa.map_("string", "int8")),
    "dictionary": pa.array(["x", "y", "x", None, "y"]).dictionary_encode(),
    "view": pa.array(["a", "b", "c", "a string that is longer than a view", None], "string_view"),
    "extension": pa.ExtensionArray.from_storage(Marked(), pa.array([*"abcde"])),
    "timestamp": pa.array([1, 2, 3, 4, 5], pa.timestamp("us", "UTC")),
    "runs": pa.RunEndEncodedArray.from_arrays([2, 5], ["x", "y"]),
    "null": pa.nulls(5),
}


@pytest.mark.parametrize("column", KEPT.values(), ids=KEPT)
def test_a_kept_column_has_its_type_and_values(column):
    field = pa.field("kept", column.type, metadata={"unit": "none"})
    batch = pa.RecordBatch.from_arrays(
        [pa.array(TEXTS), column], schema=pa.schema([pa.field("text", pa.string()), field])
    )
    (found,) = scan_batches([batch], text="text", keep=["kept"])
    assert found.schema.field("kept").equals(field, check_metadata=True)
    values = column.to_pylist()
    assert found["kept"].to_pylist() == [values[0], values[3], values[3]]
    found.validate(full=True)


def test_the_text_may_be_kept_under_another_name_only():
    batch = pa.record_batch({"abstract": TEXTS, "row": TEXTS})
    (found,) = scan_batches([batch], text="row", keep=["abstract"])
    assert found["abstract"].to_pylist() == [TEXTS[0], TEXTS[3], TEXTS[3]]


# Errors


BATCH = pa.record_batch({"abstract": TEXTS, "row": TEXTS, "raw": [b"NCT05066646"] * 5})
TWICE = pa.RecordBatch.from_arrays([BATCH["abstract"]] * 2, ["abstract", "abstract"])


@pytest.mark.parametrize(
    ("batches", "options", "error", "message"),
    [
        ([BATCH], {"text": "body"}, KeyError, r"'body' .*'abstract', 'row', 'raw'"),
        ([BATCH], {"text": "abstract", "keep": ["pmid"]}, KeyError, r"'pmid' .*'abstract'"),
        ([TWICE], {"text": "abstract"}, KeyError, r"not one column .*'abstract', 'abstract'"),
        ([pa.record_batch({})], {"text": "abstract"}, KeyError, r"'abstract' .*\[\]"),
        ([BATCH], {"text": "abstract", "keep": ["row"]}, ValueError, "'row': rename"),
        ([BATCH], {"text": "row", "keep": ["abstract"] * 2}, ValueError, "'abstract': rename"),
        ([BATCH], {"text": "raw"}, TypeError, r"'raw' holds binary, .*cast\(table\['raw'\]"),
        ([BATCH], {"text": "abstract", "keep": "raw"}, TypeError, r"keep=\['raw'\]"),
        (BATCH, {"text": "abstract"}, TypeError, "record batches, not StringArray"),
        (["NCT05066646"], {"text": "abstract"}, TypeError, "record batches, not str"),
        ([BATCH], {"text": "abstract", "registries": ["xx"]}, ValueError, "xx"),
    ],
)
def test_what_cannot_be_read_is_told_with_a_way_out(batches, options, error, message):
    with pytest.raises(error, match=message):
        list(scan_batches(batches, **options))


def test_a_binary_column_is_read_once_it_is_cast():
    table = pa.Table.from_batches([BATCH])
    cast = pa.compute.cast(table["raw"], "string")
    assert len(scanned(table_of(cast))) == 5


@pytest.mark.parametrize("kind", ["string", "large_string", "string_view"])
def test_a_text_that_is_not_utf8_is_told_with_its_row(kind):
    size = 8 if kind == "large_string" else 4
    offsets = b"".join(each.to_bytes(size, "little") for each in (0, 11, 13, 24))
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(b"NCT05066646\xff\xfeNCT00902941")]
    base = pa.large_string() if kind == "large_string" else pa.string()
    texts = pa.Array.from_buffers(base, 3, buffers).cast(kind)
    batches = [BATCH.select(["abstract"]), pa.record_batch({"abstract": texts})]
    found = scan_batches(batches, text="abstract")
    assert next(found).num_rows == 3
    with pytest.raises(ValueError, match=r"row 6 is not UTF-8 .* byte 0\): .* errors='replace'"):
        next(found)


def test_the_schema_is_fixed():
    assert SCHEMA.names == [
        *("row", "start", "end", "text", "trn", "registry", "registry_label"),
        *("check_digit", "repairs"),
    ]
    assert mention_schema() == SCHEMA
