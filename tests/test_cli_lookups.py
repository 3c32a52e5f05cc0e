"""The commands that look numbers up: replayed, offline, and without a network."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import FIXTURES, ROOT, grown

import trialink
from trialink.cli import main
from trialink.recordings import Recordings
from trialink.testing.server import LoopbackServer

ARTICLE = "fixtures/texts/fucaso-approval.txt"


@pytest.fixture
def run(capsys, monkeypatch):
    """Run the command line from the repository's folder."""
    monkeypatch.chdir(ROOT)

    def run(*arguments):
        code = main([*map(str, arguments)])
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def nobody(monkeypatch):
    """Let the registry's address be one where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    monkeypatch.setenv("TRIALINK_API_URL", f"http://127.0.0.1:{port}/api/v2")
    monkeypatch.setattr("time.sleep", lambda seconds: None)


def versions(text):
    return text.replace(f"trialink {trialink.__version__}", "trialink 0.1.0").replace(
        f"rules {trialink.RULES_VERSION}", "rules 1"
    )


CLOSING = (
    "2 mentions, 1 trial, 0 problems. ClinicalTrials.gov data of 2026-08-22 "
    "(ASSEMBLED recording, not an answer of the registry). trialink 0.1.0, rules 1.\n"
)


def test_link_replayed(run):
    code, out, err = run("link", ARTICLE, "--replay", "fixtures", "--format", "table")
    assert (code, versions(err)) == (0, CLOSING)
    assert out.startswith("TRIAL NCT05066646 = CTR20192510 (FUMANBA-1)\n  title      A Phase 1/2")
    assert "CTR20192510  ChinaDrugTrials     cannot be asked; no ClinicalTrials.gov record" in out
    assert out.endswith("             silent: intervention, enrollment, year\n")


def test_link_replayed_from_the_bundle_makes_no_cache(run, tmp_path):
    code, _, err = run("link", ARTICLE, "--format", "table", "--replay")
    assert (code, versions(err)) == (0, CLOSING)
    assert [*tmp_path.iterdir()] == []


def test_link_offline(run, tmp_path):
    code, out, err = run("link", ARTICLE, "--offline", "--format", "table")
    assert code == 0
    assert versions(err) == (
        "2 mentions, 1 trial, 0 problems. No registry was asked. trialink 0.1.0, rules 1.\n"
    )
    assert "  numbers    NCT05066646  ClinicalTrials.gov  not asked\n" in out
    assert [*tmp_path.iterdir()] == []


def test_link_without_a_network(run, nobody, tmp_path):
    offline = run("link", ARTICLE, "--offline", "--format", "table")[1]
    code, out, err = run("link", ARTICLE, "--format", "table")
    assert code == 4
    assert out == offline
    told = re.sub(r"\d+ attempts in \d+\.\d s", "N attempts in S s", versions(err))
    told = re.sub(r"http://127\.0\.0\.1:\d+", "https://clinicaltrials.gov", told)
    assert told == (
        "2 mentions, 1 trial, 0 problems. No registry was asked. trialink 0.1.0, rules 1.\n"
        "trialink: ClinicalTrials.gov was not reached; 2 numbers not asked: "
        "CTR20192510, NCT05066646.\n"
        "  cause  connection refused, https://clinicaltrials.gov/api/v2/studies, "
        "N attempts in S s\n"
        "  kept   what stands above needs no network; nothing was stored as absent\n"
        "  try    trialink doctor; check network, proxy, certificates (HTTPS_PROXY, "
        "SSL_CERT_FILE); run again: answered numbers cost nothing; --offline to silence this\n"
    )
    replayed = run("link", ARTICLE, "--replay", "fixtures", "--format", "table")
    assert replayed[0] == 0


def test_link_against_a_server_is_cached(run, monkeypatch, tmp_path):
    with LoopbackServer(Recordings(FIXTURES)) as server:
        monkeypatch.setenv("TRIALINK_API_URL", server.url)
        first = run("link", ARTICLE, "--format", "jsonl", "--contact", "someone@example.org")
        asked = len(server.requests)
        again = run("link", ARTICLE, "--format", "jsonl")
        offline = run("link", ARTICLE, "--format", "jsonl", "--offline")
        assert len(server.requests) == asked == 2
    assert [code for code, _, _ in (first, again, offline)] == [0, 0, 0]
    origins = [json.loads(out)["provenance"]["origins"] for _, out, _ in (first, again, offline)]
    assert origins == [["live"], ["cache"], ["cache"]]


def test_link_partly_failed(run):
    code, out, err = run("resolve", "NCT05066646", "NCT04368728", "--replay", "fixtures")
    assert code == 3
    assert [json.loads(line)["outcome"] for line in out.splitlines()] == ["found", "failed"]
    assert "1 number not asked: NCT04368728." in err
    assert "  cause  not recorded; nearest recorded NCT" in err
    assert "  try    record it: trialink record NCT04368728 DIR; " in err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("link", ARTICLE, "--offline", "--replay", "fixtures"), "give one"),
        (("link", ARTICLE, "--replay", "docs"), "about.json is missing"),
        (("resolve", "NCT05066646", "--format", "xml"), "invalid choice"),
        (("cache", "burn"), "invalid choice"),
        (("record", "NCT05066646"), "required: DIR"),
    ],
)
def test_usage_errors(capsys, monkeypatch, arguments, says):
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit) as ended:
        main([*arguments])
    assert ended.value.code == 2
    assert says in capsys.readouterr().err


def test_resolve_as_a_table(run):
    code, out, err = run(
        *("resolve", "nct05066646", "CTR20192510", "NCT05712863", "NCT05066647", "2014-005181-30"),
        *("--replay", "fixtures", "--format", "table"),
    )
    assert code == 0
    assert out == (
        "NCT05066646: found at ClinicalTrials.gov, UNKNOWN (last known RECRUITING), "
        "data of 2026-08-22, assembled recording\n"
        "CTR20192510: this registry cannot be asked; no ClinicalTrials.gov record names it\n"
        "NCT05712863: obsolete number, now NCT03103880 at ClinicalTrials.gov, COMPLETED, "
        "data of 2025-05-07, assembled recording\n"
        "NCT05066647: no such record at ClinicalTrials.gov, assembled recording\n"
        "2014-005181-30: this registry cannot be asked; named by NCT02513394, assembled recording\n"
    )
    assert versions(err).startswith(
        "5 numbers: 1 found, 1 moved, 1 cited, 1 absent, 1 unsupported. ClinicalTrials.gov data of "
    )


def test_resolve_reads_standard_input(run, monkeypatch):
    class Input:
        class buffer:  # noqa: N801
            @staticmethod
            def read():
                return b"NCT05066646\n\n CTR20192510 \r\n"

    monkeypatch.setattr("sys.stdin", Input)
    code, out, _ = run("resolve", "--replay", "fixtures")
    assert code == 0
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["NCT05066646", "CTR20192510"]


def test_resolve_tells_what_is_no_number(run):
    code, out, err = run("resolve", "NCT0506664", "NCT05066646", "--replay", "fixtures")
    assert code == 2
    assert len(out.splitlines()) == 1
    assert (
        "trialink: 'NCT0506664' is no trial number: a ClinicalTrials.gov number has 8 digits, "
        "this has 7\n" in err
    )


def test_annotate_marks_and_needs_no_network(run, nobody):
    code, out, err = run("annotate", ARTICLE)
    text = (ROOT / ARTICLE).read_text("utf-8")
    assert (code, err) == (0, "2 mentions.\n")
    assert out == trialink.annotate(text, trialink.find(text))


def test_annotate_with_cards(run):
    code, out, _ = run("annotate", ARTICLE, "--cards", "--replay", "fixtures")
    assert code == 0
    assert '<section class="trialink-trial">' in out
    assert "A Phase 1/2 Study of a Fully Human BCMA-targeting CAR" in out


def test_record_against_a_server_then_replay(run, monkeypatch, tmp_path):
    directory = tmp_path / "recordings"
    with LoopbackServer(Recordings(FIXTURES)) as server:
        monkeypatch.setenv("TRIALINK_API_URL", server.url)
        monkeypatch.setattr("time.sleep", lambda seconds: None)
        code, _, err = run("record", "NCT05066646", "CTR20192510", directory)
    assert (code, err) == (0, f"2 numbers recorded in {directory}.\n")
    code, out, _ = run("resolve", "NCT05066646", "CTR20192510", "--replay", directory)
    forms = [json.loads(line) for line in out.splitlines()]
    assert [form["outcome"] for form in forms] == ["found", "unsupported"]
    assert [form["origin"] for form in forms] == ["recorded", "recorded"]


def test_record_without_a_network_writes_nothing(run, nobody, tmp_path):
    code, out, err = run("record", "NCT05066646", tmp_path / "recordings")
    assert (code, out) == (4, "")
    assert "nothing was recorded" in err
    assert "trialink doctor" in err
    assert not (tmp_path / "recordings").exists()


def test_demo_needs_neither_network_nor_checkout(run, nobody, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    code, out, err = run("demo", "--format", "table")
    assert (code, versions(err)) == (0, CLOSING)
    assert out.startswith("TRIAL NCT05066646 = CTR20192510 (FUMANBA-1)\n")
    bundled = Path(trialink.__file__).parent / "testing" / "fucaso-approval.txt"
    assert bundled.read_bytes() == (ROOT / ARTICLE).read_bytes()


def test_cache_is_looked_after(run, monkeypatch, tmp_path):
    with LoopbackServer(Recordings(FIXTURES)) as server:
        monkeypatch.setenv("TRIALINK_API_URL", server.url)
        run("link", ARTICLE, "--cache-dir", tmp_path / "kept")
    assert run("cache", "path", "--cache-dir", tmp_path / "kept")[1] == f"{tmp_path / 'kept'}\n"
    code, out, _ = run("cache", "info", "--cache-dir", tmp_path / "kept")
    assert code == 0
    assert "entries  2\n" in out
    assert run("cache", "clear", "--cache-dir", tmp_path / "kept")[1] == "2 answers removed\n"
    assert "entries  0\n" in run("cache", "info", "--cache-dir", tmp_path / "kept")[1]


def test_cache_info_makes_no_directory(run, tmp_path):
    code, out, _ = run("cache", "info", "--cache-dir", tmp_path / "none")
    assert code == 0
    assert "entries  0\n" in out
    assert not (tmp_path / "none").exists()


SEED = "000_776edc155dbf6576.txt"


@pytest.fixture
def golden(seed, shared, monkeypatch):
    """The golden forms of the real article, run from its folder."""
    monkeypatch.chdir(shared / "seeds")
    return (shared / "golden.md").read_text("utf-8")


def block(golden, begins, ends):
    """Return what stands between two pieces of the golden forms."""
    return golden.partition(begins)[2].partition(ends)[0]


@pytest.mark.parametrize(
    ("options", "begins", "ends"),
    [
        (("--replay", FIXTURES), f"$ trialink link {SEED} --replay fixtures\n", "$ echo"),
        (("--offline",), "`offline=True` with nothing cached), stdout:\n```\n", "```"),
    ],
    ids=["replayed", "offline"],
)
def test_the_real_article_as_a_table(golden, capsys, options, begins, ends):
    assert main(["link", SEED, *map(str, options), "--format", "table"]) == 0
    assert capsys.readouterr().out == block(golden, begins, ends)


def test_the_real_article_as_json(golden, capsys):
    assert main(["link", SEED, "--replay", str(FIXTURES), "--format", "jsonl"]) == 0
    form = json.loads(
        block(golden, '```json\n{\n  "schema_version": 1,\n  "type": "linked_text"', "```").join(
            ('{"schema_version": 1, "type": "linked_text"', "")
        )
    )
    form["provenance"] |= {"trialink": trialink.__version__, "rules": trialink.RULES_VERSION}
    assert capsys.readouterr().out == json.dumps(grown(form), ensure_ascii=False) + "\n"


def test_the_real_article_with_a_wrong_digit(golden, capsys, tmp_path, seed):
    wrong = tmp_path / "wrong.txt"
    wrong.write_bytes(seed.replace("NCT05066646", "NCT05066647").encode())
    assert main(["link", str(wrong), "--replay", str(FIXTURES), "--format", "jsonl"]) == 0
    trials = json.loads(capsys.readouterr().out)["trials"]
    assert [trial["key"] for trial in trials] == ["CTR20192510", "NCT05066647"]
    assert {trial["related"][0]["reason"] for trial in trials} == {"suspect-number"}


@pytest.mark.skipif(os.name != "posix", reason="no shell that closes it")
def test_numbers_from_a_closed_standard_input_are_a_usage_error():
    command = ["sh", "-c", '"$0" -m trialink resolve --offline <&-', sys.executable]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.endswith("error: standard input is closed\n")


def test_a_contact_that_cannot_be_told_is_a_usage_error():
    command = [sys.executable, "-m", "trialink", "resolve", "NCT05066646", "--contact", "Zoë"]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (told.returncode, told.stdout) == (2, "")
    assert "Traceback" not in told.stderr
