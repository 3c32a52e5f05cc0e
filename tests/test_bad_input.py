"""What is no good input: a clear error or a stated result, in library and command line."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest

import trialink
from trialink import LinkedText, Linker, find, render

ID = "NCT05066646"
READERS = {
    "find": find,
    "check": trialink.check,
    "parse": trialink.parse,
    "names": trialink.names,
    "statements": trialink.statements,
    "read": Linker(None).read,
    "read_many": lambda text: list(Linker(None).read_many([("key", text)])),
    "annotate": lambda text: trialink.annotate(text, []),
}
WRONG_TYPES = (None, b"NCT05066646", bytearray(b"x"), Path("a.txt"), [ID], (ID,), {ID}, 5066646)


@pytest.mark.parametrize("value", WRONG_TYPES, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("reader", READERS)
def test_what_is_no_text_is_a_type_error_that_names_it(reader, value):
    with pytest.raises(TypeError, match=rf"\bstr\b.*\b{type(value).__name__}\b"):
        READERS[reader](value)


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        (b"NCT05066646", "data.decode('utf-8')"),
        (Path("a.txt"), "path.read_text(encoding='utf-8')"),
        ([ID], "call it once for each text"),
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize(
    "reader", [find, trialink.check, Linker(None).read], ids=lambda f: f.__name__
)
def test_a_type_error_says_what_to_do(reader, value, advice):
    with pytest.raises(TypeError) as caught:
        reader(value)
    assert advice in str(caught.value)


@pytest.mark.parametrize("registries", ["nowhere", ["nct", "nowhere"], [""]], ids=repr)
def test_an_unknown_registry_is_a_value_error_that_lists_the_known(registries):
    with pytest.raises(ValueError, match=r"no registry is called '(nowhere|)'; known keys: nct, "):
        find("x", registries=registries)


def test_an_unknown_format_is_a_value_error_that_lists_the_known():
    with pytest.raises(
        ValueError, match="no format is called 'xml'; known: table, jsonl, json, csv"
    ):
        render([], "xml")


@pytest.mark.parametrize(
    ("text", "places"),
    [
        pytest.param("", [], id="empty"),
        pytest.param("\0", [], id="NUL alone"),
        pytest.param(f"\0{ID}\0", [1], id="NUL around"),
        pytest.param(f"\ud800{ID}\udfff {ID}", [1, 14], id="lone surrogates"),
        pytest.param(f"\ufeff{ID}", [1], id="a byte order mark"),
        pytest.param(f"{ID}\r\n{ID}\r{ID}", [0, 13, 25], id="CR LF and CR"),
        pytest.param("x" * 1_000 + "\x85" + ID, [1_001], id="NEL"),
        pytest.param("\U0010ffff" + ID, [1], id="the last code point"),
    ],
)
def test_odd_texts_keep_their_offsets(text, places):
    mentions = find(text)
    assert [mention.start for mention in mentions] == places
    assert all(text[mention.start : mention.end] == mention.text for mention in mentions)
    document = Linker(None).read(text, source=text, keep_text=True)
    assert document.mentions == mentions
    assert document.characters == len(text)
    for format in trialink.FORMATS:
        assert render(document, format).encode("utf-8") or format in ("table", "csv")
    assert LinkedText.from_dict(json.loads(render(document))).mentions == mentions
    assert document.to_html()


def test_a_very_long_line_is_read_like_any_other(run, tmp_path):
    line = "lorem ipsum dolor sit amet " * 186_000  # 5 MB without an end
    assert len(line) > 5_000_000
    text = f"{line}{ID}"
    (mention,) = find(text)
    assert (mention.start, mention.end) == (len(line), len(text))
    (tmp_path / "long.txt").write_text(text)
    code, out, _ = run("find", "long.txt")
    assert (code, json.loads(out)["start"]) == (0, len(line))
    code, out, err = run("check", "long.txt")
    assert (code, out, err) == (0, "", "0 problems in 1 number.\n")
    with (tmp_path / "long.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["note"], [text]])
    code, out, _ = run("find", "long.csv", "--text", "note")
    assert (code, json.loads(out)["start"]) == (0, len(line))


UNREADABLE = {
    "missing.txt": (None, "no such file or directory"),
    "latin1.txt": ("é NCT05066646".encode("latin-1"), "not UTF-8 (byte 0); convert it first"),
    "utf16.txt": (ID.encode("utf-16-le") + b"\x00\xd8", "not UTF-8 (byte"),
    "cut.txt": ("NCT05066646 é".encode()[:-1], "not UTF-8 (byte 12)"),
}


@pytest.mark.parametrize(
    "command", [["find"], ["check"], ["link", "--offline"]], ids=lambda c: c[0]
)
@pytest.mark.parametrize("format", trialink.FORMATS)
@pytest.mark.parametrize("name", UNREADABLE)
def test_a_file_that_cannot_be_read_is_told_and_the_others_are_done(
    run, tmp_path, name, format, command
):
    content, cause = UNREADABLE[name]
    if content is not None:
        (tmp_path / name).write_bytes(content)
    (tmp_path / "good.txt").write_text("NCT05066647")
    alone = run(*command, "good.txt", "none.txt", "--format", format)
    code, out, err = run(*command, name, "good.txt", "--format", format)
    assert code == 2
    assert out == alone[1] != ""
    told, closing = err.splitlines()
    assert told.startswith(f"trialink: cannot read {name}: {cause}")
    assert closing == alone[2].splitlines()[-1]


@pytest.mark.parametrize("format", trialink.FORMATS)
@pytest.mark.parametrize(
    "command", [["find"], ["check"], ["link", "--offline"]], ids=lambda c: c[0]
)
def test_a_file_that_cannot_be_read_alone_is_told(run, command, format):
    code, out, err = run(*command, "missing.txt", "--format", format)
    assert code == 2
    assert out == ("[]\n" if format == "json" and command[0] != "link" else "")
    assert err.startswith("trialink: cannot read missing.txt: ")


def test_a_directory_is_told(run, tmp_path):
    (tmp_path / "texts").mkdir()
    code, out, err = run("find", "texts")
    assert (code, out) == (2, "")
    assert err.startswith("trialink: cannot read texts: ")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_told(run, tmp_path):
    (tmp_path / "a.txt").write_text(ID)
    (tmp_path / "a.txt").chmod(0)
    assert run("find", "a.txt")[0] == 2


def test_standard_input_that_is_no_utf8_is_told(run):
    code, out, err = run("find", stdin=b"\xff\xfe")
    assert (code, out) == (2, "")
    assert err.startswith("trialink: cannot read -: not UTF-8 (byte 0)")


@pytest.mark.parametrize(
    ("content", "starts"),
    [
        pytest.param(b"", [], id="an empty file"),
        pytest.param(b"\0" * 100 + b"NCT05066646", [100], id="NUL bytes"),
        pytest.param(b"\xef\xbb\xbfNCT05066646", [1], id="a byte order mark"),
        pytest.param(b"a\r\n\r\nNCT05066646\r\n", [5], id="CRLF"),
    ],
)
def test_odd_files_are_read(run, tmp_path, content, starts):
    (tmp_path / "a.txt").write_bytes(content)
    code, out, _ = run("find", "a.txt")
    assert code == 0
    assert [json.loads(line)["start"] for line in out.splitlines()] == starts


@pytest.mark.parametrize(
    ("name", "content", "found", "told"),
    [
        pytest.param(
            "a.csv",
            b"id,note\n1,NCT05066646\n",
            [],
            ["a.csv: no column 'text'; it has id, note"],
            id="CSV without the column",
        ),
        pytest.param("a.csv", b"", [], ["a.csv: no column 'text'; it is empty"], id="empty CSV"),
        pytest.param("a.csv", b"text\n", [], [], id="CSV with a heading only"),
        pytest.param(
            "a.csv",
            b"text;id\nNCT05066646;1\n",
            [],
            ["a.csv: its columns are divided by ';': save it with ','"],
            id="CSV with semicolons",
        ),
        pytest.param(
            "a.csv",
            b"text,id\n\xe9 NCT05066646,1\nNCT05066646,2\n",
            ["a.csv:2"],
            ["a.csv:1: not UTF-8; convert the file, as with iconv"],
            id="a CSV row that is no UTF-8",
        ),
        pytest.param(
            "a.csv",
            b"id,text\n1\n2,NCT05066646,3,4\n",
            ["a.csv:2"],
            [],
            id="CSV rows that are too short and too long",
        ),
        pytest.param("a.csv", b"text\n\0NCT05066646\0\n", ["a.csv:1"], [], id="NUL bytes in CSV"),
        pytest.param(
            "a.csv", b'text\n"never closed NCT05066646\nx\n', ["a.csv:1"], [], id="an open quote"
        ),
        pytest.param(
            "a.jsonl",
            b'{"text": "NCT05066646"}\n{"text": "NCT0506\n\xff\n[1]\n{"text": "NCT05066646"}\n',
            ["a.jsonl:1", "a.jsonl:5"],
            [
                "a.jsonl:2: no JSON",
                "a.jsonl:3: not UTF-8",
                "a.jsonl:4: no JSON object",
            ],
            id="malformed JSON lines",
        ),
        pytest.param(
            "a.jsonl",
            b'{"id": 1}\n{}\n{"text": ["NCT05066646"]}\n{"text": {"a": 1}}\n{"id": 2}\n'
            b'{"text": "NCT05066646"}',
            ["a.jsonl:6"],
            [
                "a.jsonl:1: no column 'text'; it has id",
                "a.jsonl:2: no column 'text'; it is empty",
                "a.jsonl:3: column 'text' holds a list, not text",
                "a.jsonl: 2 more rows like these",
            ],
            id="many JSON lines without the column",
        ),
        pytest.param("a.jsonl", b"", [], [], id="empty JSONL"),
        pytest.param(
            "a.jsonl",
            b"[" * 100_000 + b'\n{"text": "NCT05066646"}',
            ["a.jsonl:2"],
            ["a.jsonl:1: no JSON"],
            id="JSON that is too deep",
        ),
        pytest.param(
            "a.jsonl",
            b'{"text": "\\ud800NCT05066646\\u0000"}',
            ["a.jsonl:1"],
            [],
            id="a lone surrogate in JSON",
        ),
        pytest.param("missing.csv", None, [], ["missing.csv: no such file"], id="missing CSV"),
        pytest.param("missing.jsonl", None, [], ["missing.jsonl: no such"], id="missing JSONL"),
    ],
)
def test_rows_that_cannot_be_read_are_told_and_the_others_are_done(
    run, tmp_path, name, content, found, told
):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    code, out, err = run("find", name, "--text", "text")
    assert code == (2 if told else 0)
    forms = [json.loads(line) for line in out.splitlines()]
    assert [form["source"] for form in forms] == found
    *lines, closing = err.splitlines()
    assert closing == f"{len(found)} mention{'' if len(found) == 1 else 's'}."
    assert len(lines) == len(told)
    for line, start in zip(lines, told, strict=True):
        assert line.startswith(f"trialink: cannot read {start}")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["a.txt", "--text", "x"], "--text reads .csv, .tsv, .jsonl, .ndjson files, not a.txt"),
        (["--text", "x"], "not standard input"),
        (["a.csv", "--id", "x"], "give both"),
        (["a.csv", "--format", "xml"], "invalid choice: 'xml'"),
        (["a.csv", "--registries", "nowhere"], "no registry is called 'nowhere'; known keys: nct"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_told_before_anything_is_read(run, arguments, says):
    code, out, err = run("find", *arguments)
    assert (code, out) == (2, "")
    assert says in err
    assert "cannot read" not in err


def test_messages_hold_no_text_of_the_document(run, tmp_path):
    secret = "patient Mustermann"
    (tmp_path / "a.jsonl").write_text(f'{{"text": "{secret}\n{{"text": ["{secret}"]}}\n')
    (tmp_path / "b.txt").write_bytes(secret.encode() + b"\xff")
    _, _, err = run("find", "a.jsonl", "--text", "text")
    assert "cannot read" in err
    assert "Mustermann" not in err
    _, _, err = run("link", "--offline", "b.txt")
    assert "cannot read" in err
    assert "Mustermann" not in err
