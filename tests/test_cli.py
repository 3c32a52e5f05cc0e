"""The command line: streams, formats, rows, exit codes, encodings; in process and as a program."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tracemalloc

import pytest
from conftest import FIXTURES, ROOT

from trialink import FORMATS, Linker, check, find, render
from trialink.cli.inputs import Inputs
from trialink.cli.parser import FORMATS as NAMED_FORMATS
from trialink.version import RULES_VERSION, VERSION

TEXT = "FUCASO rests on FUMANBA-1 (CTR20192510, NCT05066646), a trial run in China.\n"
TYPO = "See NCT05066647.\n"
SEED = "000_776edc155dbf6576.txt"
OFFLINE = f"No registry was asked. trialink {VERSION}, rules {RULES_VERSION}.\n"
POSIX = pytest.mark.skipif(os.name != "posix", reason="pipes, signals and terminals of POSIX")


@pytest.fixture
def run(run, tmp_path):
    """Run a command in a directory with some files."""
    for name, text in (("a.txt", TEXT), ("typo.txt", TYPO), ("none.txt", "none\n")):
        (tmp_path / name).write_bytes(text.encode("utf-8"))
    return run


def program(*arguments, environment=(), **settings):
    """Run the command line as a program of its own."""
    return subprocess.run(
        [sys.executable, "-m", "trialink", *arguments],
        capture_output=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT), **dict(environment)},
        **settings,
    )


def test_find_prints_a_table(run):
    assert run("find", "a.txt", "--format", "table") == (
        0,
        "START  END  TEXT         REGISTRY            TRN          CHECK  CUE\n"
        "   27   38  CTR20192510  ChinaDrugTrials     CTR20192510  -      China\n"
        "   40   51  NCT05066646  ClinicalTrials.gov  NCT05066646  ok     -\n",
        "2 mentions.\n",
    )


def test_a_table_of_several_inputs_names_them_even_if_one_has_something(run):
    _, out, _ = run("find", "none.txt", "typo.txt", "--format", "table")
    assert out == (
        "SOURCE    START  END  TEXT         REGISTRY            TRN          CHECK    CUE\n"
        "typo.txt      4   15  NCT05066647  ClinicalTrials.gov  NCT05066647  suspect  -\n"
    )


def test_check_prints_problems_with_their_place(run):
    code, out, err = run("check", "a.txt", "typo.txt", "--format", "table")
    assert (code, err) == (1, "1 problem in 3 numbers.\n")
    assert out == f"typo.txt:{check(TYPO)[0]}\n"
    assert out.startswith("typo.txt:1:5 check-digit NCT05066647: ")


SWAPPED = b"FUMANBA-1 (NCT05181501) came first. FUMANBA-2 (NCT05066646) followed."


def test_check_with_look_ups_lists_numbers_of_other_trials(run):
    code, out, err = run(
        *("check", "-", "--resolve", "--replay", str(FIXTURES), "--format", "jsonl"), stdin=SWAPPED
    )
    told = [json.loads(line) for line in out.splitlines()]
    assert [(each["code"], each["suggestion"]) for each in told] == [
        ("record-conflict", "NCT05066646"),
        ("record-conflict", "NCT05181501"),
    ]
    assert (code, err) == (1, "2 problems in 2 numbers.\n")


def test_check_with_look_ups_that_ask_nobody_is_check(run):
    for options in ([], ["--resolve", "--offline"]):
        assert run("check", "-", *options, stdin=SWAPPED) == (0, "", "0 problems in 2 numbers.\n")


def test_check_refuses_options_of_look_ups_without_them(run):
    code, _, err = run("check", "-", "--offline", stdin=SWAPPED)
    assert code == 2
    assert "--offline is about look-ups: add --resolve" in err


def test_link_prints_blocks(run):
    code, out, err = run("link", "--offline", "a.txt", "typo.txt", "--format", "table")
    assert (code, err) == (0, f"3 mentions, 2 trials, 1 problem. {OFFLINE}")
    assert out == f"{Linker(None).read(TEXT).trials[0]}\n\n{Linker(None).read(TYPO).trials[0]}\n"


@pytest.mark.parametrize(
    ("command", "rendered"),
    [
        pytest.param(["find"], render(find(TEXT), source="a.txt"), id="find"),
        pytest.param(["check"], render(check(TEXT), source="a.txt"), id="check"),
        pytest.param(
            ["link", "--offline"], render(Linker(None).read(TEXT, source="a.txt")), id="link"
        ),
    ],
)
def test_off_a_terminal_the_format_is_json_lines(run, command, rendered):
    assert run(*command, "a.txt")[1] == rendered
    assert run(*command, "a.txt", "--format", "jsonl")[1] == rendered


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(
    "command", [["find"], ["check"], ["link", "--offline"]], ids=lambda c: c[0]
)
def test_every_format_ends_with_one_newline_and_has_no_escapes(run, command, format):
    code, out, err = run(*command, "a.txt", "typo.txt", "--format", format)
    assert code == (1 if command == ["check"] else 0)
    assert out.endswith("\n")
    assert not out.endswith("\n\n")
    assert "\r" not in out
    assert "\x1b" not in out + err
    assert err.count("\n") == 1


def test_the_formats_offered_are_those_there_are():
    assert list(NAMED_FORMATS) == list(FORMATS)


@pytest.mark.parametrize(
    ("arguments", "out", "err"),
    [
        pytest.param(["find"], "", "0 mentions.\n", id="find"),
        pytest.param(["find", "--format", "table"], "", "0 mentions.\n", id="find, table"),
        pytest.param(["find", "--format", "csv"], "", "0 mentions.\n", id="find, csv"),
        pytest.param(["find", "--format", "json"], "[]\n", "0 mentions.\n", id="find, json"),
        pytest.param(["check"], "", "0 problems in 0 numbers.\n", id="check"),
        pytest.param(
            ["link", "--offline", "--format", "table"],
            "",
            f"0 mentions, 0 trials, 0 problems. {OFFLINE}",
            id="link, table",
        ),
        pytest.param(
            ["link", "--offline"],
            render(Linker(None).read("none\n", source="none.txt")),
            f"0 mentions, 0 trials, 0 problems. {OFFLINE}",
            id="link",
        ),
    ],
)
def test_nothing_found_is_told_and_done(run, arguments, out, err):
    assert run(*arguments, "none.txt") == (0, out, err)
    assert run(*arguments, "none.txt", "-q") == (0, out, "")


@pytest.mark.parametrize("inputs", [["a.txt"], ["a.txt", "none.txt"], ["a.txt", "typo.txt"]])
@pytest.mark.parametrize(
    "command", [["find"], ["check"], ["link", "--offline"]], ids=lambda c: c[0]
)
def test_json_is_one_document(run, command, inputs):
    _, out, _ = run(*command, *inputs, "--format", "json")
    lines = [json.loads(line) for line in run(*command, *inputs)[1].splitlines()]
    alone = command[0] == "link" and len(inputs) == 1
    assert json.loads(out) == (lines[0] if alone else lines)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["find", "a.txt"], 0),
        (["find", "none.txt"], 0),
        (["find", "a.txt", "--exit-status"], 0),
        (["find", "none.txt", "--exit-status"], 1),
        (["find", "none.txt", "missing.txt", "--exit-status"], 2),
        (["find", "a.txt", "missing.txt"], 2),
        (["check", "a.txt"], 0),
        (["check", "typo.txt"], 1),
        (["check", "note.txt"], 0),
        (["check", "error.txt"], 1),
        (["check", "typo.txt", "missing.txt"], 2),
        (["link", "--offline", "a.txt"], 0),
        (["link", "--offline", "missing.txt"], 2),
        (["find", "a.txt", "--format", "yaml"], 2),
        (["find", "a.txt", "--registries", "nowhere"], 2),
        (["find", "a.txt", "--registries", ""], 2),
        (["find", "a.txt", "--id", "name"], 2),
        (["find", "a.txt", "--text", "note"], 2),
        (["find", "--text", "note"], 2),
        (["find", "--nonsense"], 2),
        (["nonsense"], 2),
        ([], 2),
        (["--version"], 0),
        (["find", "--help"], 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_exit_codes(run, tmp_path, arguments, code):
    (tmp_path / "note.txt").write_text("NCTO5066646")  # mended: a note
    (tmp_path / "error.txt").write_text("NCT0506664")
    ended, out, err = run(*arguments)
    assert ended == code
    assert out or err
    assert "Traceback" not in err


def test_a_usage_error_says_what_is_known(run):
    _, out, err = run("find", "a.txt", "--registries", "nct, nowhere")
    assert out == ""
    assert "no registry is called 'nowhere'; known keys: nct, " in err


@pytest.mark.parametrize("named", ["nct", "ClinicalTrials.gov", " nct , isrctn"])
def test_registries_limit_the_search(run, named):
    _, out, _ = run("find", "a.txt", "--registries", named)
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["NCT05066646"]


@pytest.mark.parametrize("arguments", [[], ["-"]], ids=["by default", "by name"])
def test_standard_input_is_read(run, arguments):
    code, out, err = run("find", *arguments, stdin=TEXT.encode())
    assert (code, out, err) == (0, render(find(TEXT), source="-"), "2 mentions.\n")


def test_standard_input_stands_among_files(run):
    _, out, _ = run("find", "typo.txt", "-", "a.txt", stdin=b"NCT05066646")
    sources = [json.loads(line)["source"] for line in out.splitlines()]
    assert sources == ["typo.txt", "-", "a.txt", "a.txt"]


ROWS = {
    "rows.csv": '\ufeffname,note\r\nx,"see\r\nNCT05066646, ""so"""\r\n,NCT05066647\r\n=y,\r\nz\r\n',
    "rows.tsv": 'name\tnote\nx\t"see\nNCT05066646, ""so"""\n\tNCT05066647\n=y\t\nz\n',
    "rows.jsonl": '\ufeff{"name": "x", "note": "see\\nNCT05066646, so"}\r\n\r\n'
    '{"name": null, "note": "NCT05066647"}\n{"name": "=y", "note": 5}\n{"name": 3, "note": null}',
}


@pytest.mark.parametrize("name", ROWS)
def test_rows_are_named_by_a_column_else_by_their_place(run, tmp_path, name):
    (tmp_path / name).write_text(ROWS[name], encoding="utf-8", newline="")
    _, out, err = run("find", name, "--text", "note", "--id", "name")
    forms = [json.loads(line) for line in out.splitlines()]
    assert [(form["source"], form["id"]) for form in forms] == [
        ("x", "NCT05066646"),
        (f"{name}:2", "NCT05066647"),
    ]
    assert forms[0]["start"] == (5 if name == "rows.csv" else 4)
    assert err == "2 mentions.\n"
    _, out, _ = run("find", name, "--text", "note")
    assert [json.loads(line)["source"] for line in out.splitlines()] == [f"{name}:1", f"{name}:2"]


def test_rows_are_several_texts(run, tmp_path):
    (tmp_path / "rows.tsv").write_text(ROWS["rows.tsv"], encoding="utf-8", newline="")
    arguments = ("rows.tsv", "--text", "note", "--id", "name")
    _, out, err = run("link", "--offline", *arguments)
    assert [json.loads(line)["source"] for line in out.splitlines()] == [
        "x",
        "rows.tsv:2",
        "=y",
        "z",
    ]
    assert err.startswith("2 mentions, 2 trials, 1 problem. ")
    assert run("find", *arguments, "--format", "table")[1].startswith("SOURCE      START")
    assert len(json.loads(run("link", "--offline", *arguments, "--format", "json")[1])) == 4


@pytest.mark.parametrize(
    ("id", "source"),
    [('"a"', "a"), ("7", "7"), ("7.5", "7.5"), ("true", "true"), ('""', "rows.jsonl:1")],
)
def test_an_id_is_printed_as_its_file_has_it(run, tmp_path, id, source):
    (tmp_path / "rows.jsonl").write_text(f'{{"id": {id}, "": "NCT05066646"}}')
    _, out, _ = run("find", "rows.jsonl", "--text", "", "--id", "id")
    assert json.loads(out)["source"] == source


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_rows_are_read_one_by_one(tmp_path, kind):
    path = tmp_path / f"rows.{kind}"
    row = json.dumps({"note": "x" * 1_000}) if kind == "jsonl" else "x" * 1_000
    path.write_text(("" if kind == "jsonl" else "note\n") + f"{row}\n" * 5_000)
    options = argparse.Namespace(inputs=[str(path)], text="note", id=None)
    tracemalloc.start()
    assert sum(len(text) for _, text in Inputs(options)) == 5_000_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.parametrize(
    ("head", "shift"),
    [
        pytest.param("", 0, id="plain"),
        pytest.param("\ufeff", 1, id="a byte order mark is a code point"),
        pytest.param("a\r\nb\r\n", 6, id="CRLF is two"),
        pytest.param("a\rb\u2028", 4, id="other line ends are one"),
        pytest.param("é😀e\u0301", 4, id="code points, not bytes and not what is seen"),
    ],
)
def test_offsets_are_code_points_of_the_file_as_it_is(run, tmp_path, head, shift):
    content = f"{head}NCT05066646\r\n"
    (tmp_path / "b.txt").write_bytes(content.encode("utf-8"))
    form = json.loads(run("find", "b.txt")[1])
    assert (form["start"], form["end"]) == (shift, shift + 11)
    assert content[form["start"] : form["end"]] == form["text"]


def test_output_is_utf8_with_plain_newlines(run, tmp_path):
    (tmp_path / "größe é.txt").write_text("ＮＣＴ０５０６６６４６", encoding="utf-8")
    _, out, _ = run("find", "größe é.txt")
    assert '"source": "größe é.txt"' in out
    assert '"text": "ＮＣＴ０５０６６６４６"' in out


def test_the_golden_table(run, seed, shared, monkeypatch):
    monkeypatch.chdir(shared / "seeds")
    assert run("find", SEED, "--format", "table") == (
        0,
        "START  END  TEXT         REGISTRY            TRN          CHECK  CUE\n"
        "  522  533  CTR20192510  ChinaDrugTrials     CTR20192510  -      China\n"
        "  535  546  NCT05066646  ClinicalTrials.gov  NCT05066646  ok     -\n",
        "2 mentions.\n",
    )


def test_the_golden_mentions(run, seed, shared, monkeypatch):
    golden = (shared / "golden.md").read_text(encoding="utf-8")
    monkeypatch.chdir(shared / "seeds")
    code, out, err = run("find", SEED)
    assert (code, err) == (0, "2 mentions.\n")
    assert len(out.splitlines()) == 2
    assert all(line in golden.splitlines() for line in out.splitlines())


def test_the_golden_check(run, seed, shared, monkeypatch):
    monkeypatch.chdir(shared / "seeds")
    assert run("check", SEED) == (0, "", "0 problems in 2 numbers.\n")


@pytest.mark.parametrize(
    ("typed", "code"), [("NCT05066647", "check-digit"), ("NCT0506664", "digits-missing")]
)
def test_the_golden_problems(run, seed, shared, tmp_path, typed, code):
    golden = (shared / "golden.md").read_text(encoding="utf-8")
    text = seed.replace("NCT05066646", typed)
    (tmp_path / "paper.txt").write_bytes(text.encode("utf-8"))
    ended, out, _ = run("check", "paper.txt")
    assert ended == 1
    # The golden wraps the object over three lines.
    assert out.strip() in golden.replace(",\n ", ", ").replace("\n ", " ")
    _, out, _ = run("check", "paper.txt", "--format", "table")
    place, line = out.split(":", 1)
    assert place == "paper.txt"
    assert line.startswith(f"9:106 {code} {typed}: ")
    assert line.strip() in golden


def test_the_golden_blocks_offline(run, seed, shared, monkeypatch):
    golden = (shared / "golden.md").read_text(encoding="utf-8")
    monkeypatch.chdir(shared / "seeds")
    code, out, err = run("link", SEED, "--offline", "--format", "table")
    assert code == 0
    assert f"```\n{out}```" in golden
    assert err == f"2 mentions, 1 trial, 0 problems. {OFFLINE}"


def test_the_golden_document_offline(run, seed, shared, monkeypatch):
    golden = (shared / "golden.md").read_text(encoding="utf-8")
    monkeypatch.chdir(shared / "seeds")
    _, out, _ = run("link", SEED, "--offline")
    form, _ = json.JSONDecoder().raw_decode(golden, golden.index('{\n  "schema_version": 1'))
    failed = {
        "outcome": "failed",
        "source": "clinicaltrials_gov",
        "records": [],
        "origin": None,
        "stale": False,
        "retrieved_at": None,
        "reason": "offline",
    }
    form["resolutions"] = [{"id": each["id"], **failed} for each in form["resolutions"]]
    form["trials"][0]["records"] = form["agreement"] = []
    (link,) = form["trials"][0]["links"]
    link["explanation"] = link["explanation"].replace("that was read declares it", "was read")
    form["provenance"] |= {"data_dates": [], "origins": [], "trialink": VERSION}
    form["provenance"]["rules"] = RULES_VERSION
    assert out == f"{json.dumps(form, ensure_ascii=False)}\n"


@POSIX
@pytest.mark.parametrize(
    "environment",
    [
        pytest.param({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, id="C locale"),
        pytest.param({"PYTHONIOENCODING": "latin-1"}, id="Latin-1 streams"),
        pytest.param({"LC_ALL": "C.UTF-8"}, id="UTF-8 locale"),
    ],
)
def test_the_locale_changes_nothing(tmp_path, environment):
    (tmp_path / "größe.csv").write_bytes("Überblick\n“NCT05066646”, 日本\n".encode())
    arguments = ("--offline", "--text", "Überblick", "größe.csv", "missing-ß.csv")
    ended = program("link", *arguments, environment=environment, cwd=tmp_path)
    assert ended.returncode == 2
    assert '"source": "größe.csv:1"' in ended.stdout.decode("utf-8")
    told, closing = ended.stderr.decode("utf-8").splitlines()
    assert told == "trialink: cannot read missing-ß.csv: no such file or directory"
    assert closing.startswith("1 mention, 1 trial, 0 problems. ")


@POSIX
def test_a_name_that_is_no_utf8_is_printed_as_its_escape(tmp_path):
    try:
        (tmp_path / "a\udcff.txt").write_text("NCT05066646")
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    ended = program("find", "a\udcff.txt", cwd=tmp_path)
    assert json.loads(ended.stdout)["source"] == "a\udcff.txt"
    assert rb'"a\udcff.txt"' in ended.stdout


def test_python_m_trialink_reads_standard_input():
    ended = program("find", "-", "--format", "csv", input=TEXT.encode())
    assert ended.returncode == 0
    assert ended.stdout.decode() == render(find(TEXT), "csv", source="-")
    assert ended.stderr.replace(b"\r\n", b"\n") == b"2 mentions.\n"


@POSIX
def test_a_reader_who_has_enough_is_no_error(tmp_path):
    (tmp_path / "long.txt").write_text("NCT05066646\n" * 20_000)
    command = f"'{sys.executable}' -m trialink find long.txt | head -n 1; echo ${{PIPESTATUS[0]}}"
    ended = subprocess.run(
        ["bash", "-c", command],
        cwd=tmp_path,
        capture_output=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    line, code = ended.stdout.decode().splitlines()
    assert json.loads(line)["start"] == 0
    assert (code, ended.stderr) == ("0", b"")


@POSIX
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full device")  # noqa: PTH110
def test_output_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT)
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        ended = subprocess.run(
            [sys.executable, "-m", "trialink", "find", "a.txt"],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=120,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    assert ended.returncode == 2
    assert ended.stderr == b"trialink: standard output: no space left on device\n"


@POSIX
def test_an_interrupt_keeps_what_is_done(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT)
    process = subprocess.Popen(
        [sys.executable, "-m", "trialink", "find", "a.txt", "missing.txt", "-"],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stderr.readline().startswith(b"trialink: cannot read missing.txt")
    process.send_signal(signal.SIGINT)
    with process:  # it waits for standard input
        assert process.stderr.read() == b"trialink: interrupted\n"
        assert process.stdout.read().decode() == render(find(TEXT), source="a.txt")
    assert process.returncode == 130


def on_a_terminal(*arguments, cwd, **environment):
    """Return what a terminal is sent."""
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "trialink", *arguments],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "NO_COLOR": "", **environment},
    )
    os.close(theirs)
    sent = b""
    while True:
        try:
            piece = os.read(ours, 65_536)
        except OSError:  # how Linux says that the other side has closed
            break
        if not piece:
            break
        sent += piece
    process.wait(timeout=120)
    os.close(ours)
    return sent.decode("utf-8").replace("\r\n", "\n")


@POSIX
def test_a_terminal_gets_tables_with_headings_in_bold(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT)
    table = on_a_terminal("find", "a.txt", cwd=tmp_path)
    plain = render(find(TEXT), "table")
    heading, rest = plain.split("\n", 1)
    assert table == f"\x1b[1m{heading}\x1b[0m\n{rest}"
    assert on_a_terminal("find", "a.txt", cwd=tmp_path, NO_COLOR="1") == plain
    assert on_a_terminal("find", "a.txt", cwd=tmp_path, TERM="dumb") == plain
    assert on_a_terminal("find", "a.txt", "--format", "table", cwd=tmp_path) == plain
    assert on_a_terminal("find", "none.txt", "a.txt", cwd=tmp_path).startswith("\x1b[1mSOURCE")


@POSIX
def test_colour_adds_nothing_to_blocks_but_itself(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT + TYPO)
    blocks = on_a_terminal("link", "--offline", "a.txt", cwd=tmp_path)
    plain = render(Linker(None).read(TEXT + TYPO), "table")
    assert blocks.replace("\x1b[1m", "").replace("\x1b[2m", "").replace("\x1b[0m", "") == plain
