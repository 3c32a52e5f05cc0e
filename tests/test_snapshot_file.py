"""What is no snapshot, or none any more, is told at once; damage costs no look-up.

1. A wrong path or file is an error where the resolver is made, and says what to do.
2. A damaged part counts as not there: the registry is asked, or the number has failed.
3. The commands, and their exit codes.
"""

from __future__ import annotations

import shutil
import sqlite3
import zlib
from contextlib import closing
from pathlib import Path

import pytest
from registry_states import registry, studies

from trialink import AsyncResolver, Resolver, Snapshot
from trialink.snapshot.file import APPLICATION

EUDRACT = "2012-003157-29"
SECONDARY = {"secondaryIdInfos": [{"id": EUDRACT, "type": "EUDRACT_NUMBER"}]}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A snapshot of twenty studies that name one number."""
    path = tmp_path_factory.mktemp("snapshot") / "s"
    with Resolver(transport=registry(studies(20, **SECONDARY)), cache=None) as resolver:
        assert resolver.build_snapshot(path).complete
    return path


@pytest.fixture
def path(made, tmp_path):
    """A copy of it."""
    return Path(shutil.copy(made, tmp_path))


def altered(path, statement, *values):
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(statement, values)


# 1. What is none


def emptied(path):
    path.write_bytes(b"")


def replaced(path):
    path.write_bytes(b"a thesis, and a long one" * 500)


def of_another_program(path):
    altered(path, "PRAGMA application_id = 1")


def older(path):
    altered(path, "PRAGMA user_version = 0")


def newer(path):
    altered(path, "PRAGMA user_version = 2")


def unfinished(path):
    altered(path, "PRAGMA user_version = -1")


def cut_short(path):
    path.write_bytes(path.read_bytes()[:4096])


def noise(path):
    content = bytearray(path.read_bytes())
    content[100:] = b"\xa5" * (len(content) - 100)
    path.write_bytes(content)


def without_tables(path):
    path.unlink()
    with closing(sqlite3.connect(path)) as file:
        file.execute(f"PRAGMA application_id = {APPLICATION}")
        file.execute("PRAGMA user_version = 1")


def without_a_fact(path):
    altered(path, "DELETE FROM facts WHERE name = 'realm'")


def of_other_fields(path):
    altered(path, "UPDATE facts SET value = 'NCTId' WHERE name = 'fields'")


def of_other_rules(path):
    altered(path, "UPDATE facts SET value = '0' WHERE name = 'rules'")


def removed(path):
    path.unlink()


def made_a_directory(path):
    path.unlink()
    path.mkdir()


WRONG = {
    removed: "there is no snapshot .*: make one with `trialink snapshot build`",
    made_a_directory: "cannot be read: Is a directory",
    emptied: "is no snapshot of trialink: make one with `trialink snapshot build`",
    replaced: "is no snapshot of trialink: make one with `trialink snapshot build`",
    of_another_program: "is no snapshot of trialink: make one with `trialink snapshot build`",
    older: "has the form 0 of older releases, this one reads 1: make it again with",
    newer: "has the form 2 of newer releases, this one reads 1: make it again with",
    unfinished: "is an unfinished snapshot: go on with `trialink snapshot build`",
    cut_short: "is damaged .*: make it again with `trialink snapshot build`",
    noise: "is damaged .*: make it again with `trialink snapshot build`",
    without_tables: "is damaged .*: make it again with `trialink snapshot build`",
    without_a_fact: "is damaged .*: make it again with `trialink snapshot build`",
    of_other_fields: "holds other fields than this release reads: make it again with",
    of_other_rules: "was indexed by rules 0, these are 1: make it again with",
}


@pytest.mark.parametrize(
    "kind", [Resolver, AsyncResolver, Snapshot], ids=lambda each: each.__name__
)
@pytest.mark.parametrize("spoil", WRONG, ids=lambda each: each.__name__)
def test_what_is_none_is_told_where_it_is_given(path, spoil, kind):
    spoil(path)
    with pytest.raises(ValueError, match=WRONG[spoil]):
        Snapshot(path) if kind is Snapshot else kind(snapshot=path, cache=None)


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        ("", ValueError, "empty path"),
        (b"s", TypeError, "not bytes"),
        (1, TypeError, "not int"),
        (["s"], TypeError, "not list"),
    ],
)
def test_what_can_be_no_path_is_told(given, error, says):
    with pytest.raises(error, match=says):
        Resolver(snapshot=given, cache=None)


@pytest.mark.parametrize("name", ["%41 b", "a?mode=rwc", "a#b", "ä'\"", "s.partial"])
def test_any_name_will_do(tmp_path, name):
    with Resolver(transport=registry(studies(2)), cache=None) as resolver:
        assert resolver.build_snapshot(tmp_path / name).complete
    assert [each.name for each in tmp_path.iterdir()] == [name]
    with Resolver(snapshot=str(tmp_path / name), cache=None, offline=True) as resolver:
        assert resolver.resolve("NCT01300000").summary()["found"] == 1


def test_a_snapshot_that_was_spoiled_is_built_anew_in_its_place(path):
    noise(path)
    with Resolver(transport=registry(studies(20)), cache=None) as resolver:
        assert resolver.build_snapshot(path).complete
    with Snapshot(path) as table:
        assert table.record("NCT01300000") is not None


# 2. Damage


def body(path, value):
    altered(path, "UPDATE studies SET body = ? WHERE number = 1300013", value)


DAMAGE = {
    "noise": lambda path: body(path, b"noise"),
    "nothing": lambda path: body(path, b""),
    "text": lambda path: body(path, "text"),
    "a bomb": lambda path: body(path, zlib.compress(bytes(2**26))),
    "brackets": lambda path: body(path, zlib.compress(b"[" * 10**5)),
    "another study": lambda path: altered(
        path,
        "UPDATE studies SET body = (SELECT body FROM studies WHERE number = 1300000) "
        "WHERE number = 1300013",
    ),
    "a time that is none": lambda path: altered(
        path, "UPDATE studies SET read_at = 'once' WHERE number = 1300013"
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_study_counts_as_not_there_and_is_told_once(path, damage, caplog):
    DAMAGE[damage](path)
    asked = ["NCT01300000", "NCT01300013", EUDRACT]
    with Resolver(snapshot=path, cache=None, offline=True) as resolver:
        outcomes = [each.outcome for each in resolver.resolve(asked).values()]
    assert outcomes == ["found", "failed", "failed"]
    assert len(caplog.records) == 1
    transport = registry(studies(20, **SECONDARY))
    with Resolver(snapshot=path, cache=None, transport=transport) as resolver:
        answers = resolver.resolve(asked)
    assert [each.outcome for each in answers.values()] == ["found", "found", "cited"]
    assert [each.origin for each in answers.values()] == ["snapshot", "live", "live"]
    assert len(answers[EUDRACT].records) == 20
    with Snapshot(path) as table, pytest.raises(ValueError, match="is damaged"):
        table.record("NCT01300013")


@pytest.mark.parametrize("gone", ["TRUE", "number = 1300013"], ids=["all", "one of twenty"])
def test_a_number_that_leads_to_no_study_is_not_believed(path, gone):
    altered(path, f"DELETE FROM studies WHERE {gone}")
    with Resolver(snapshot=path, cache=None, offline=True) as resolver:
        assert resolver.resolve(EUDRACT)[EUDRACT].outcome == "failed"


@pytest.mark.parametrize(
    ("id", "row"),
    [
        pytest.param("2004-002714-11", (1, "euctr:2004-002714-11", 1300013), id="it names another"),
        pytest.param("NCT01400009", (0, "NCT01400009", 1300013), id="it never had that number"),
        pytest.param("NCT01400009", (0, "NCT01400009", 1), id="it is not there"),
    ],
)
def test_an_index_that_leads_to_another_study_is_not_believed(path, id, row, caplog):
    altered(path, "INSERT INTO names VALUES (?, ?, ?)", *row)
    with Resolver(snapshot=path, cache=None, offline=True) as resolver:
        answer = resolver.resolve(id)[id]
    assert (answer.outcome, answer.records) == ("failed", ())
    assert "is damaged" in caplog.text


def test_a_file_that_is_overwritten_while_it_is_open_breaks_no_look_up(path):
    with Resolver(snapshot=path, cache=None, transport=registry(studies(20))) as resolver:
        content = path.read_bytes()
        with path.open("r+b") as file:
            file.write(b"\xa5" * len(content))
        answers = resolver.resolve(["NCT01300000", "NCT01300026"])
    assert {each.outcome for each in answers.values()} == {"found"}


# 3. Commands


def test_the_commands_make_read_and_describe_a_snapshot(run):
    code, out, err = run("snapshot", "build", "s", "--replay")
    assert (code, out) == (0, "")
    assert err.startswith("8 studies, data of 2023-06-29, complete, assembled recordings (")
    code, out, _ = run("snapshot", "info", "s")
    facts = dict(line.split(maxsplit=1) for line in out.splitlines())
    assert (code, facts["studies"], facts["complete"]) == (0, "8", "True")
    assert run("snapshot", "update", "s", "--replay", "-q") == (0, "", "")
    code, out, err = run(
        *("resolve", "NCT05066646", "NCT05066647", "--offline", "--snapshot", "s"),
        *("--format", "csv"),
    )
    assert code == 0
    assert "NCT05066646" in out
    assert "offline; not in the snapshot of 2023-06-29" in out
    for command in ("link", "annotate", "check"):
        options = {"annotate": ["--cards"], "check": ["--resolve"]}.get(command, [])
        code, out, _ = run(
            *(command, "--snapshot", "s", "--offline", *options), stdin=b"see NCT05066646\n"
        )
        assert code == 0, command


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("snapshot", "info", "none"), "there is no snapshot"),
        (("snapshot", "update", "none", "--replay"), "there is no snapshot"),
        (("snapshot", "build", "none/s", "--replay"), "there is no directory"),
        (("snapshot", "build"), "required: PATH"),
        (("snapshot", "search", "s"), "invalid choice"),
        (("resolve", "NCT05066646", "--snapshot", "none"), "there is no snapshot"),
    ],
)
def test_what_cannot_be_done_is_an_error_of_use(run, arguments, says):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert says in err


def test_an_offline_environment_is_told(run, monkeypatch):
    monkeypatch.setenv("TRIALINK_OFFLINE", "1")
    code, _, err = run("snapshot", "build", "s")
    assert code == 2
    assert "this resolver is offline" in err


@pytest.fixture
def served(monkeypatch):
    """A registry on this machine that the commands ask."""
    from registry_states import Changing

    from trialink.testing import LoopbackServer

    def serving(known, faults=(), **members):
        server = LoopbackServer(Changing({1: known}, **members), faults)
        url = server.__enter__().url
        opened.append(server)
        monkeypatch.setenv("TRIALINK_API_URL", url)

    opened = []
    yield serving
    for server in opened:
        server.__exit__(None, None, None)


def test_a_snapshot_that_is_not_complete_is_told_and_exits_with_1(run, served):
    served(studies(3), totalCount=5)
    code, _, err = run("snapshot", "build", "s")
    assert code == 1
    assert "3 studies, data of 2026-08-22, not complete: of 5 (" in err
    assert "it holds 3 studies, and the registry has 5; make it again" in err
    assert run("snapshot", "info", "s")[0] == 1


@pytest.mark.parametrize(
    ("first", "code"), [(1, 4), (3, 3)], ids=["nothing was read", "a page was read"]
)
def test_a_reading_that_breaks_off_says_what_is_kept(run, served, first, code):
    from trialink.testing import FAULTS, Plan

    served(studies(25), Plan((FAULTS["403"],), first=first))
    told = run("snapshot", "build", "s")
    assert told[0] == code
    assert "could not be asked: refused by a filter (403)" in told[2]
    assert "kept   what was read; run again to go on from there" in told[2]
