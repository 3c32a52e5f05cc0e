"""`trialink scan` over Parquet, and its table as Parquet."""

from __future__ import annotations

import json

import pytest
from conftest import FIXTURES, missing

if missing("arrow"):
    pytest.skip("pyarrow is not installed", allow_module_level=True)

import pyarrow
from pyarrow import parquet

from trialink.adapters.arrow import SCHEMA
from trialink.corpus.documents import documents

SAID = "FUMANBA-1 (CTR20192510, NCT05066646), a trial run in China."
REPLAY = ("--replay", str(FIXTURES))


def rows(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture
def corpus(tmp_path):
    """Rows in three groups, with an id, without, and without a text."""
    texts = [SAID, "none", None, "see NCT05181501", SAID, "ＮＣＴ０５０６６６４６"]
    table = pyarrow.table({"pmid": [1, None, 3, 4, 5, 6], "abstract": texts, "year": [2020] * 6})
    parquet.write_table(table, tmp_path / "a.parquet", row_group_size=2)
    return tmp_path


def test_rows_are_documents(corpus):
    path = str(corpus / "a.parquet")
    read = [(source, [*texts]) for source, texts in documents(path, text="abstract", id="pmid")]
    assert read[:3] == [
        ("1", [("abstract", SAID)]),
        (f"{path}:2", [("abstract", "none")]),
        ("3", [("abstract", "")]),
    ]


@pytest.mark.parametrize("columns", [("--id", "pmid"), ()], ids=["id", "no id"])
@pytest.mark.parametrize("size", [16 << 20, 1], ids=["whole", "in parts"])
def test_parquet_gives_what_the_same_rows_give_as_lines(run, corpus, monkeypatch, columns, size):
    monkeypatch.setattr("trialink.corpus.pieces.SIZE", size)
    with (corpus / "a.jsonl").open("w") as file:
        for row in parquet.read_table(corpus / "a.parquet").to_pylist():
            file.write(f"{json.dumps(row)}\n")
    found = []
    for name in ("a.jsonl", "a.parquet"):
        code, _, err = run("scan", name, "-o", "o.jsonl", "--text", "abstract", *columns)
        assert (code, err) == (0, "6 mentions in 6 documents of 1 file.\n")
        told = (corpus / "o.jsonl").read_text("utf-8").replace("a.parquet", "a.jsonl")
        found.append(told)
    assert found[0] == found[1]


def test_the_table_is_of_the_schema_of_batches_and_holds_what_the_lines_do(run, corpus):
    for name in ("o.jsonl", "o.parquet"):
        run("scan", "a.parquet", "-o", name, "--text", "abstract", "--id", "pmid")
    table = parquet.read_table(corpus / "o.parquet")
    assert [table.schema.field(each.name) for each in SCHEMA if each.name != "row"] == [
        each for each in SCHEMA if each.name != "row"
    ]
    found = table.to_pylist()
    for row in found:
        row["statements"] = json.loads(row["statements"] or "[]")
    assert found == rows(corpus / "o.jsonl")


def test_the_second_phase_reads_either_kind_of_table(run, corpus):
    for command in (["resolve"], ["link"], ["link", "--format", "csv"]):
        told = []
        for name in ("o.jsonl", "o.parquet"):
            run("scan", "a.parquet", "-o", name, "--text", "abstract", "--id", "pmid")
            told.append(run(*command, "--from", name, *REPLAY))
        assert told[0] == told[1]
        assert "FUMANBA-1" in told[0][1]


def test_an_empty_table_can_be_read(run, tmp_path):
    (tmp_path / "a.txt").write_text("none")
    assert run("scan", "a.txt", "-o", "o.parquet")[0] == 0
    assert parquet.read_table(tmp_path / "o.parquet").num_rows == 0
    assert run("link", "--from", "o.parquet", "--offline")[:2] == (0, "")


@pytest.mark.parametrize(
    ("values", "columns", "told"),
    [
        ([SAID], ["--text", "body"], "no column 'body'; it has abstract"),
        ([["x"]], ["--text", "abstract"], "a.parquet:1: column 'abstract' holds a list, not text"),
        (None, ["--text", "abstract"], "Parquet magic bytes not found"),
    ],
    ids=["no column", "lists", "no Parquet"],
)
def test_what_cannot_be_read_is_told(run, tmp_path, values, columns, told):
    path = tmp_path / "a.parquet"
    if values is None:
        path.write_bytes(b"no Parquet at all")
    else:
        parquet.write_table(pyarrow.table({"abstract": values}), path)
    code, _, err = run("scan", "a.parquet", "-o", "o.jsonl", *columns)
    assert code == 2
    assert "cannot read a.parquet" in err
    assert told in err


@pytest.mark.parametrize("kind", [pyarrow.large_string(), pyarrow.dictionary("int8", "string")])
def test_texts_of_other_types(run, tmp_path, kind):
    column = pyarrow.array([SAID, None, SAID]).cast(kind)
    parquet.write_table(pyarrow.table({"text": column}), tmp_path / "a.parquet")
    assert run("scan", "a.parquet", "-o", "o.jsonl", "--text", "text")[0] == 0
    assert [row["source"] for row in rows(tmp_path / "o.jsonl")] == [
        *("a.parquet:1", "a.parquet:1", "a.parquet:3", "a.parquet:3"),
    ]


def test_a_name_that_is_no_utf8_can_be_written(run, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a\udcff.txt").write_text(SAID)
    assert run("scan", "in", "-o", "o.parquet")[0] == 0
    assert parquet.read_table(tmp_path / "o.parquet")["file"][0].as_py() == "in/a\\udcff.txt"
