"""`trialink scan`, and the second phase on its table: what is written, told and kept."""

from __future__ import annotations

import csv
import gzip
import io
import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import threading
import time

import pytest
from conftest import FIXTURES, ROOT

from trialink import find, statements
from trialink.cli import main
from trialink.corpus.documents import documents
from trialink.corpus.folder import Folder

POSIX = pytest.mark.skipif(os.name != "posix", reason="names, signals and permissions of POSIX")
SAID = "FUMANBA-1 (CTR20192510, NCT05066646), a trial run in China."
PUBMED = (
    "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>11</PMID><Article><Abstract>"
    f'<AbstractText Label="REGISTRATION">{SAID}</AbstractText></Abstract></Article>'
    "</MedlineCitation></PubmedArticle></PubmedArticleSet>"
)
REPLAY = ("--replay", str(FIXTURES))
ROW = {"trn": "NCT05066646", "registry": "nct"}
STATED = [each.to_dict() for each in statements(SAID)]


@pytest.fixture
def corpus(tmp_path):
    """A directory with one file of most kinds; five documents and seven mentions."""
    folder = tmp_path / "corpus"
    (folder / "b").mkdir(parents=True)
    (folder / "a.txt").write_text(SAID)
    (folder / "b" / "c.xml.gz").write_bytes(gzip.compress(PUBMED.encode()))
    (folder / "b" / "rows.csv").write_text("pmid,abstract\n5,none\n,See NCT05066646\n")
    rows = [{"pmid": 7, "abstract": SAID}]
    (folder / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (folder / "picture.png").write_bytes(b"NCT05066646")
    (folder / ".hidden.txt").write_text("NCT05066646")
    return folder


COLUMNS = ("--text", "abstract", "--id", "pmid")


def rows(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_row_for_each_mention_in_the_order_of_the_files(run, corpus, tmp_path):
    code, out, err = run("scan", "corpus", "-o", "found.jsonl", *COLUMNS, "--jobs", "2")
    assert (code, out) == (0, "")
    assert err == "7 mentions in 5 documents of 4 files; 2 files of other kinds left out.\n"
    found = rows(tmp_path / "found.jsonl")
    assert [(each["source"], each["section"], each["trn"]) for each in found] == [
        ("corpus/a.txt", None, "CTR20192510"),
        ("corpus/a.txt", None, "NCT05066646"),
        ("7", "abstract", "CTR20192510"),
        ("7", "abstract", "NCT05066646"),
        ("11", "abstract > REGISTRATION", "CTR20192510"),
        ("11", "abstract > REGISTRATION", "NCT05066646"),
        ("corpus/b/rows.csv:2", "abstract", "NCT05066646"),
    ]
    assert found[0] == {
        **find(SAID).rows("corpus/a.txt")[0],
        "section": None,
        "section_index": 0,
        "file": "corpus/a.txt",
        "statements": [each.to_dict() for each in statements(SAID)],
    }
    assert [len(each["statements"]) for each in found] == [1, 0, 1, 0, 1, 0, 0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus", "found.jsonl"]


def test_each_row_leads_back_to_its_text(run, corpus, tmp_path):
    run("scan", "corpus", "-o", "found.jsonl", *COLUMNS)
    for row in rows(tmp_path / "found.jsonl"):
        read = dict(documents(row["file"], text="abstract", id="pmid"))
        section, text = read[row["source"]][row["section_index"]]
        assert section == row["section"]
        assert text[row["start"] : row["end"]] == row["text"]


def test_several_columns_are_sections(run, tmp_path):
    (tmp_path / "a.csv").write_text("title,abstract\nNCT05066646,see NCT05181501\n")
    assert run("scan", "a.csv", "-o", "o.jsonl", "--text", "title", "--text", "abstract")[0] == 0
    told = [
        (row["section"], row["section_index"], row["trn"]) for row in rows(tmp_path / "o.jsonl")
    ]
    assert told == [("title", 0, "NCT05066646"), ("abstract", 1, "NCT05181501")]


def test_a_column_is_read_once(run, tmp_path):
    (tmp_path / "a.csv").write_text("title\nNCT05066646\n")
    run("scan", "a.csv", "-o", "o.jsonl", "--text", "title", "--text", "title")
    assert len(rows(tmp_path / "o.jsonl")) == 1


@POSIX
def test_a_name_does_not_steer_the_terminal(run, tmp_path):
    (tmp_path / "\x1b[31m.txt").write_bytes(b"\xff")
    _, _, err = run("scan", ".", "-o", "o.jsonl")
    assert "cannot read ./[31m.txt: not UTF-8" in err


def test_only_some_registries(run, corpus, tmp_path):
    run("scan", "corpus", "-o", "o.jsonl", *COLUMNS, "--registries", "ChinaDrugTrials")
    assert {row["trn"] for row in rows(tmp_path / "o.jsonl")} == {"CTR20192510"}


@pytest.fixture
def small_parts(monkeypatch):
    """Parts of 200 bytes, so that small files are read in many."""
    monkeypatch.setattr("trialink.corpus.pieces.SIZE", 200)


def test_a_file_in_parts_gives_what_it_gives_whole(run, tmp_path, monkeypatch):
    lines = [json.dumps({"text": f"{'x' * (n % 90)} NCT05066646"}) for n in range(60)]
    lines[20:20] = ["", "no JSON", "{}"]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    (tmp_path / "empty.jsonl").write_text("")
    whole = run("scan", "empty.jsonl", "a.jsonl", "-o", "whole.jsonl", "--text", "text")
    monkeypatch.setattr("trialink.corpus.pieces.SIZE", 200)
    for jobs in ("1", "3"):
        arguments = ("empty.jsonl", "a.jsonl", "-o", "parts.jsonl", "--text", "text")
        assert run("scan", *arguments, "--jobs", jobs) == whole
        assert (tmp_path / "parts.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()
    assert whole[0] == 2
    assert "cannot read a.jsonl:21: no JSON\n" in whole[2]
    assert "cannot read a.jsonl:22: no column 'text'; it is empty\n" in whole[2]
    assert [row["source"] for row in rows(tmp_path / "whole.jsonl")][18:22] == [
        *("a.jsonl:19", "a.jsonl:20", "a.jsonl:23", "a.jsonl:24"),
    ]


def interrupted(run, *arguments, after=1):
    """Run a scan that is interrupted when some parts are done."""

    def interrupt():
        while not done(arguments[-1]) >= after:
            time.sleep(0.001)
        os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=interrupt, daemon=True)
    thread.start()
    return run("scan", "--jobs", "1", *map(str, arguments))


def done(output):
    return len([*output.with_name(f"{output.name}.parts").glob("0*.jsonl")])


@pytest.fixture
def many(tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(150):
        (folder / f"{number:03}.txt").write_text(f"{SAID} {'words ' * 20}")
    return folder


@POSIX
def test_a_scan_that_is_terminated_says_how_to_go_on_and_does(run, many, tmp_path, small_parts):
    output = tmp_path / "o.jsonl"
    code, out, err = interrupted(run, "many", "-o", output)
    assert (code, out) == (130, "")
    assert err == (
        "trialink: interrupted; what is done is kept: run the same command again to go on\n"
    )
    assert not output.exists()
    kept = done(output)
    assert 0 < kept < 150
    code, _, err = run("scan", "many", "-o", str(output))
    assert code == 0
    assert err.startswith(f"trialink: going on: {kept} of 150 parts done already\n")
    assert len(rows(output)) == 300
    assert not output.with_name("o.jsonl.parts").exists()


@POSIX
@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param([], "going on", id="nothing"),
        pytest.param(["--registries", "nct"], "parts? of other inputs, options or", id="options"),
        pytest.param("touch", "parts? of other inputs, options or", id="a file"),
        pytest.param(["--restart"], "^300 mentions", id="restart"),
    ],
)
def test_parts_of_another_scan_are_not_used(run, many, tmp_path, small_parts, change, told):
    output = tmp_path / "o.jsonl"
    interrupted(run, "many", "-o", output, after=3)
    if change == "touch":
        (many / "000.txt").write_text(f"NCT05181501 {'words ' * 30}")
    more = change if isinstance(change, list) else []
    code, _, err = run("scan", "many", "-o", str(output), *more)
    assert code == 0
    assert re.search(told, err)
    run("scan", "many", "-o", "fresh.jsonl", *more)
    assert output.read_bytes() == (tmp_path / "fresh.jsonl").read_bytes()


@POSIX
def test_a_part_that_was_altered_is_done_again(run, many, tmp_path, small_parts):
    output = tmp_path / "o.jsonl"
    interrupted(run, "many", "-o", output)
    part = min(output.with_name("o.jsonl.parts").glob("0*.jsonl"))
    part.write_bytes(part.read_bytes().partition(b"\n")[2])
    assert run("scan", "many", "-o", str(output), "-q")[0] == 0
    assert len(rows(output)) == 300


def test_a_second_scan_of_the_same_output_is_refused(run, corpus, tmp_path):
    with Folder(tmp_path / "o.jsonl"):
        code, _, err = run("scan", "corpus", "-o", "o.jsonl", *COLUMNS)
    assert code == 2
    assert "o.jsonl.parts is in use: another scan writes o.jsonl" in err
    assert run("scan", "corpus", "-o", "o.jsonl", *COLUMNS)[0] == 0


@POSIX
def test_a_part_whose_process_dies_is_told_and_the_others_are_kept(run, tmp_path, small_parts):
    for name in ("a", "c"):
        (tmp_path / f"{name}.txt").write_text(f"{SAID} {'words ' * 30}")
    # What takes so long that its process can be killed while it reads.
    (tmp_path / "b.txt").write_text("CTRI/2012/08/002884 " * 400_000)
    killed = []

    def kill():
        while len(killed) < 2:
            for child in multiprocessing.active_children():
                if done(tmp_path / "o.jsonl") == 2 and child.pid not in killed:
                    killed.append(child.pid)
                    os.kill(child.pid, signal.SIGKILL)
            time.sleep(0.01)

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    code, _, err = run("scan", "a.txt", "c.txt", "b.txt", "-o", "o.jsonl", "--jobs", "1")
    assert code == 3
    assert "b.txt was not scanned: its process ended by signal 9, 2 times\n" in err
    assert "no table was written; what is done is kept: run the same command again" in err
    assert done(tmp_path / "o.jsonl") == 2
    assert run("scan", "a.txt", "c.txt", "-o", "o.jsonl")[0] == 0
    assert len(rows(tmp_path / "o.jsonl")) == 4


@POSIX
def test_a_part_that_cannot_be_written_ends_the_scan(run, many, tmp_path, small_parts, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("trialink.corpus.tables.line_of", full)
    (tmp_path / "a.jsonl").write_text(f"{json.dumps({'text': SAID})}\n" * 30)
    code, _, err = run("scan", "a.jsonl", "-o", "o.jsonl", "--text", "text")
    assert code == 2
    assert err == (
        "trialink: no space left on device; what is done is kept: run the same command again to "
        "go on\n"
    )
    assert done(tmp_path / "o.jsonl") > 1
    assert not (tmp_path / "o.jsonl").exists()


@POSIX
def test_a_part_for_which_there_is_no_room_ends_the_scan(tmp_path):
    import resource

    (tmp_path / "a.txt").write_text(SAID * 100)
    ended = subprocess.run(
        [sys.executable, "-m", "trialink", "scan", "a.txt", "-o", "o.jsonl"],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000)),
    )
    assert ended.returncode == 2
    assert ended.stderr == (
        f"trialink: {tmp_path / 'o.jsonl.parts'}: file too large; what is done is kept: run the "
        "same command again to go on\n"
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt"]


def test_progress_is_told_now_and_then(run, many, small_parts, monkeypatch):
    monkeypatch.setattr("trialink.cli.scanning._EVERY", 0.0)
    _, _, err = run("scan", "many", "-o", "o.jsonl", "--jobs", "2")
    *lines, closing = err.splitlines()
    told = r"trialink: (\d+) of 150 parts, \1 documents?, \d+ mentions, \d+ MB/s, \d+ (s|min) left"
    assert [re.fullmatch(told, line)[1] for line in lines] == [str(n) for n in range(1, 151)]
    assert closing == "300 mentions in 150 documents of 150 files."
    assert run("scan", "many", "-o", "o.jsonl", "-q") == (0, "", "")


def test_progress_that_nobody_reads_ends_no_scan(run, many, small_parts, tmp_path, monkeypatch):
    class Closed(io.StringIO):
        def write(self, told):
            if "left" in told:
                raise BrokenPipeError

    monkeypatch.setattr("trialink.cli.scanning._EVERY", 0.0)
    with monkeypatch.context() as patch:
        patch.setattr("sys.stderr", Closed())
        assert main(["scan", "many", "-o", "o.jsonl", "--jobs", "1"]) == 0
    assert len(rows(tmp_path / "o.jsonl")) == 300


@POSIX
@pytest.mark.parametrize(
    "name", [b"a b.txt", b"a\nb.txt", b"a\xffb.txt", "größe.txt".encode(), b"'; rm x.txt"]
)
def test_files_of_any_name(run, tmp_path, name):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / os.fsdecode(name)).write_text(SAID)
    assert run("scan", "in", "-o", "o.jsonl")[0] == 0
    assert [row["file"] for row in rows(tmp_path / "o.jsonl")] == 2 * [f"in/{os.fsdecode(name)}"]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        pytest.param(["corpus"], 2, "the following arguments are required: -o", id="no output"),
        pytest.param(["corpus", "-o", "o.txt"], 2, "takes a .parquet, .jsonl", id="kind of output"),
        pytest.param(["corpus", "-o", "o.jsonl"], 2, "has columns: name those", id="no columns"),
        pytest.param(["corpus", "-o", "o.jsonl", "--id", "x"], 2, "give both", id="id alone"),
        pytest.param(["corpus", "-o", "o.jsonl", "--jobs", "0"], 2, "0 is too few", id="no jobs"),
        pytest.param(
            ["corpus/rows.jsonl", "-o", "corpus/rows.jsonl", *COLUMNS],
            *(2, "corpus/rows.jsonl would be read and written"),
            id="output as input",
        ),
        pytest.param(["x.txt", "-o", "o.jsonl"], 2, "cannot read x.txt: no such file", id="none"),
        pytest.param(
            *(["corpus/a.txt", "-o", "no/o.jsonl"], 2, "stands in no directory that is there"),
            id="no directory",
        ),
        pytest.param(
            ["corpus/a.txt", "-o", "o.jsonl"], 2, "o.jsonl is a directory", id="directory"
        ),
        pytest.param(
            ["corpus", "-o", "o.jsonl", *COLUMNS, "--registries", "x"],
            *(2, "no registry is called 'x'"),
            id="registry",
        ),
    ],
)
def test_what_cannot_be_is_told(run, corpus, tmp_path, arguments, code, told):
    if "is a directory" in told:
        (tmp_path / "o.jsonl").mkdir()
    ended, out, err = run("scan", *arguments)
    assert (ended, out) == (code, "")
    assert told in err


def test_an_output_among_the_inputs_is_not_read(run, corpus):
    for _ in range(2):
        code, _, err = run("scan", "corpus", "-o", "corpus/o.jsonl", *COLUMNS, "-q")
        assert (code, err) == (0, "")
        assert len(rows(corpus / "o.jsonl")) == 7


def test_a_file_is_read_once(run, corpus):
    _, _, err = run("scan", "corpus/a.txt", "corpus", "corpus/a.txt", "-o", "o.jsonl", *COLUMNS)
    assert err.startswith("7 mentions in 5 documents of 4 files")


def test_nothing_to_read_gives_an_empty_table(run, tmp_path):
    (tmp_path / "empty").mkdir()
    assert run("scan", "empty", "-o", "o.jsonl") == (
        0,
        "",
        "0 mentions in 0 documents of 0 files.\n",
    )
    assert (tmp_path / "o.jsonl").read_bytes() == b""


def test_parquet_without_its_library_is_told_before_anything_is_read(run, corpus, monkeypatch):
    monkeypatch.setattr("trialink.corpus.reading.find_spec", lambda _: None)
    code, _, err = run("scan", "corpus", "-o", "o.parquet", *COLUMNS)
    assert code == 2
    assert "Parquet takes pyarrow: pip install 'trialink[arrow]'" in err


# The second phase


@pytest.fixture
def table(run, corpus):
    run("scan", "corpus", "-o", "found.jsonl", *COLUMNS)
    return "found.jsonl"


def test_resolve_asks_about_each_distinct_number(run, table):
    code, out, err = run("resolve", "--from", table, *REPLAY)
    told = [json.loads(line) for line in out.splitlines()]
    assert [(each["id"], each["outcome"]) for each in told] == [
        ("CTR20192510", "unsupported"),
        ("NCT05066646", "found"),
    ]
    assert out == run("resolve", "CTR20192510", "NCT05066646", *REPLAY)[1]
    assert err.startswith(
        "2 numbers: 1 found, 1 unsupported. ClinicalTrials.gov data of 2026-08-22"
    )
    assert code == 0


def test_link_joins_the_numbers_of_all_texts(run, table):
    code, out, err = run("link", "--from", table, *REPLAY)
    (trial,) = map(json.loads, out.splitlines())
    assert (trial["key"], trial["ids"]) == ("NCT05066646", ["NCT05066646", "CTR20192510"])
    assert (trial["names"], trial["mentions"], trial["documents"]) == (["FUMANBA-1"], 7, 4)
    where = [link["where"] for link in trial["links"]]
    assert {each["source"] for each in where} == {"corpus/a.txt", "7", "11"}
    assert err.startswith("7 mentions in 4 documents, 1 trial. ClinicalTrials.gov data of 2026-")
    assert code == 0


def test_link_as_a_table_of_trials_and_as_json(run, table):
    _, out, _ = run("link", "--from", table, "--offline", "--format", "table")
    assert out.startswith("TRIAL NCT05066646 = CTR20192510 (FUMANBA-1)\n  numbers    NCT05066646")
    assert out.endswith("\n  named      7 mentions in 4 documents\n")
    _, lines, _ = run("link", "--from", table, "--offline")
    _, whole, _ = run("link", "--from", table, "--offline", "--format", "json")
    assert json.loads(whole) == [json.loads(line) for line in lines.splitlines()]


def test_link_as_csv_is_the_table_with_the_answers(run, table, tmp_path):
    _, out, err = run("link", "--from", table, *REPLAY, "--format", "csv")
    joined = [*csv.DictReader(io.StringIO(out))]
    found = rows(tmp_path / table)
    assert [(each["source"], each["start"], each["trn"]) for each in joined] == [
        (each["source"], str(each["start"]), each["trn"]) for each in found
    ]
    assert {each["trial_key"] for each in joined} == {"NCT05066646"}
    assert {each["outcome"] for each in joined} == {"found", "unsupported"}
    assert list(joined[0])[:12] == [*found[0]][:12]
    assert err.startswith("7 mentions in 4 documents, 1 trial.")


def test_of_statements_alike_the_first_ten_are_kept(run, many, tmp_path):
    run("scan", "many", "-o", "o.jsonl")
    _, out, _ = run("link", "--from", "o.jsonl", "--offline")
    (trial,) = map(json.loads, out.splitlines())
    assert len(trial["links"]) == 10
    assert (trial["mentions"], trial["documents"]) == (300, 150)


def test_a_table_of_another_program_needs_two_columns(run, tmp_path):
    (tmp_path / "o.jsonl").write_text(json.dumps(ROW))
    assert run("link", "--from", "o.jsonl", "--offline")[0] == 0
    assert run("resolve", "--from", "o.jsonl", "--offline")[1].count("\n") == 1


@pytest.mark.parametrize(
    ("more", "links"),
    [
        pytest.param({"trn": "nct 05066646"}, 0, id="a number as somebody types it"),
        pytest.param({"statements": None}, 0, id="null"),
        pytest.param({"statements": ""}, 0, id="empty"),
        pytest.param({"statements": STATED}, 1, id="list"),
        pytest.param({"statements": json.dumps(STATED)}, 1, id="list in JSON"),
        pytest.param({"source": 7, "statements": STATED}, 1, id="source is a number"),
        pytest.param({"source": {"file": "a"}, "statements": STATED}, 1, id="source is an object"),
    ],
)
def test_a_table_as_other_programs_write_it(run, tmp_path, more, links):
    (tmp_path / "o.jsonl").write_text(json.dumps(ROW | more))
    code, out, _ = run("link", "--from", "o.jsonl", "--offline")
    (trial,) = map(json.loads, out.splitlines())
    assert (code, trial["key"], len(trial["links"])) == (0, "NCT05066646", links)
    assert (trial["mentions"], trial["documents"]) == (1, 1)
    _, out, _ = run("link", "--from", "o.jsonl", "--offline", "--format", "csv")
    (joined,) = csv.DictReader(io.StringIO(out))
    assert (joined["trn"], joined["trial_key"]) == ("NCT05066646", "NCT05066646")


@pytest.mark.parametrize("said", ["no JSON", "5", 5, {"left": "x"}, [5]], ids=repr)
def test_a_column_of_statements_that_is_another_is_told(run, tmp_path, said):
    (tmp_path / "o.jsonl").write_text(json.dumps(ROW | {"statements": said}))
    code, out, err = run("link", "--from", "o.jsonl", "--offline")
    assert (code, out) == (2, "")
    assert "cannot read o.jsonl: row 1 has `statements` that scan has not written\n" in err


@pytest.mark.parametrize("command", ["resolve", "link"])
@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("o.jsonl", '{"trn": "NCT05066646"}', "row 1 has no `registry`, as each row of a table of"),
        (
            "o.jsonl",
            f'{json.dumps(ROW)}\n{{"trn": null, "registry": null}}',
            "row 2 has no `trn`, as each row of a table of mentions has; leave out those without",
        ),
        ("o.jsonl", "no JSON", "no JSON"),
        ("o.csv", "trn\n", "a table of mentions is a .parquet, .jsonl, .ndjson file"),
        ("missing.jsonl", None, "no such file"),
    ],
    ids=["columns", "null", "lines", "kind", "missing"],
)
def test_what_is_no_table_is_told(run, tmp_path, command, name, content, told):
    if content is not None:
        (tmp_path / name).write_text(content)
    code, out, err = run(command, "--from", name, "--offline")
    assert (code, out) == (2, "")
    assert f"cannot read {name}: {told}" in err


@pytest.mark.parametrize("command", ["resolve", "link"])
def test_a_number_in_a_table_that_is_none_is_told(run, tmp_path, command):
    (tmp_path / "o.jsonl").write_text('{"trn": "NCT1", "registry": "nct"}\n')
    code, _, err = run(command, "--from", "o.jsonl", "--offline")
    assert code == 2
    assert "'NCT1' is no trial number" in err


@pytest.mark.parametrize("said", [{}, {"left": "x"}], ids=["nothing", "no link"])
def test_a_statement_that_is_none_is_told(run, tmp_path, said):
    row = {"trn": "NCT05066646", "registry": "nct", "statements": [said]}
    (tmp_path / "o.jsonl").write_text(json.dumps(row))
    code, _, err = run("link", "--from", "o.jsonl", "--offline")
    assert code == 2
    assert "cannot read o.jsonl: a statement of it is none that scan has written\n" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["resolve", "NCT05066646", "--from", "o.jsonl"],
        ["link", "a.txt", "--from", "o.jsonl"],
        ["link", "--from", "o.jsonl", "--names"],
    ],
)
def test_a_table_goes_with_no_other_input(run, arguments):
    code, _, err = run(*arguments)
    assert code == 2
    assert "--from" in err


@pytest.mark.parametrize("command", ["resolve", "link"])
def test_what_nobody_answers_is_told_as_ever(run, table, command):
    code, _, err = run(command, "--from", table, "--offline")
    assert code == 0
    assert "No registry was asked" in err


def test_it_runs_as_a_program_of_its_own(corpus, tmp_path):
    ended = subprocess.run(
        [sys.executable, "-m", "trialink", "scan", "corpus", "-o", "o.jsonl", *COLUMNS],
        capture_output=True,
        timeout=120,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (ended.returncode, ended.stdout) == (0, b"")
    assert ended.stderr.startswith(b"7 mentions in 5 documents of 4 files")


def test_a_table_is_kept_where_nothing_can_be_read(run, tmp_path):
    table = tmp_path / "found.jsonl"
    table.write_text("{}\n")
    code, _, said = run("scan", str(tmp_path / "nowhere"), "-o", str(table))
    assert code == 2
    assert "nowhere: no such file" in said
    assert table.read_text() == "{}\n"
