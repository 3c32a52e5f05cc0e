"""What the security page says of diskcache is so: its pickles are out of reach, and it can go."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import textwrap
from contextlib import closing

import diskcache
import pytest
from conftest import FIXTURES, ROOT, store_in
from planted_rows import ATTACKS, planted

import trialink
from trialink.cache_disk import FrozenRows, StrictCache, StrictDisk
from trialink.recordings import Recordings
from trialink.testing.server import LoopbackServer

ARTICLE = "fixtures/texts/fucaso-approval.txt"


# The vulnerable code


class Pickles:
    """Stands where diskcache looks for pickle, and counts who comes."""

    HIGHEST_PROTOCOL = 5

    def __init__(self):
        self.asked = []

    def __getattr__(self, name):
        self.asked.append(name)
        raise AssertionError(f"pickle.{name}")


@pytest.fixture
def pickles(monkeypatch):
    counting = Pickles()
    monkeypatch.setattr(diskcache.core, "pickle", counting)
    return counting


def read(store):
    store.get_many(["planted", "sound"])
    list(store.keys())


def changed(store):
    store.set_many({"planted": b"{}", "new": b"{}"})
    store.delete(["planted", "sound", "new"])


def looked_after(store):
    store.info()
    store.verify()
    store.prune(older_than=0)
    store.prune(max_bytes=0)


def cleared(store):
    store.clear()


@pytest.mark.parametrize("use", [read, changed, looked_after, cleared])
@pytest.mark.parametrize("attack", ATTACKS)
def test_no_use_of_the_cache_comes_near_a_pickle(directory, pickles, attack, use):
    with store_in(directory) as store:
        store.set_many({"sound": b"{}"})
    victim, canary = planted(store.database, attack)
    with store_in(directory) as store:
        use(store)
        assert store.trouble is None
    assert pickles.asked == []
    assert victim.exists()
    assert not canary.exists()


@pytest.mark.parametrize("attack", ["pickle in the value", "pickle in a file", "pickle as the key"])
def test_a_cache_that_is_only_read_comes_near_no_pickle(directory, pickles, attack):
    with store_in(directory) as store:
        store.set_many({"sound": b"{}"})
    planted(store.database, attack)
    snapshot = FrozenRows(store.database, lambda: None)
    assert snapshot.read(["planted", "sound"]) == {"sound": b"{}"}
    assert "sound" in snapshot.known()
    assert pickles.asked == []


def test_the_counter_counts(directory, pickles):
    with store_in(directory) as store:
        store.set_many({"sound": b"{}"})
    planted(store.database, "pickle in the value")
    with (
        closing(diskcache.Cache(store.path, disk_pickle_protocol=0)) as unguarded,
        pytest.raises(AssertionError, match=r"pickle\.load"),
    ):
        unguarded.get("planted")
    assert pickles.asked


def test_what_is_left_of_the_disk_of_diskcache_is_harmless():
    left = {name for name in vars(diskcache.Disk) if not name.startswith("__")}
    left -= set(vars(StrictDisk))
    assert left <= {"hash", "_write"}, "hash calls put; _write is called by store alone"
    assert StrictCache.__bases__ == (diskcache.Cache,)


# The statement for scanners


def test_the_openvex_statement_is_one_and_is_about_this_release():
    form = json.loads((ROOT / "docs" / "trialink.openvex.json").read_text(encoding="utf-8"))
    assert form["@context"] == "https://openvex.dev/ns/v0.2.0"
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", form["@id"])
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", form["timestamp"])
    assert form["author"]
    assert isinstance(form["version"], int)
    (statement,) = form["statements"]
    assert statement["vulnerability"]["name"] == "CVE-2025-69872"
    assert statement["status"] == "not_affected"
    assert statement["justification"] == "vulnerable_code_not_in_execute_path"
    (product,) = statement["products"]
    assert product["@id"] == f"pkg:pypi/trialink@{trialink.__version__}"
    (part,) = product["subcomponents"]
    assert part["@id"] == f"pkg:pypi/diskcache@{diskcache.__version__}"


def test_the_security_page_names_tests_that_there_are():
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+\.py)`", page))
    assert named
    assert [name for name in sorted(named) if not (ROOT / "tests" / name).exists()] == []
    assert "trialink.openvex.json" in page


# Doing without


@pytest.fixture
def server():
    with LoopbackServer(Recordings(FIXTURES)) as running:
        yield running


def ran_without(missing, script, *arguments, server, cache):
    """Run a script where a module cannot be imported; return the finished process."""
    head = f"import sys; sys.modules[{missing!r}] = None\n"
    environment = {**os.environ, "TRIALINK_API_URL": server.url}
    environment.pop("TRIALINK_CACHE_DIR")
    if missing != "platformdirs":
        environment["TRIALINK_CACHE_DIR"] = str(cache)
    command = [sys.executable, "-c", head + textwrap.dedent(script), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", env=environment, cwd=ROOT
    )


@pytest.mark.parametrize("missing", ["diskcache", "platformdirs"])
def test_everything_works_without(missing, server, directory):
    script = """
        import trialink
        text = "FUMANBA-1 (CTR20192510, NCT05066646) was run in China."
        assert len(trialink.find(text)) == 2
        with trialink.Resolver(pace=None) as resolver:
            for _ in range(2):
                answers = resolver.resolve(["NCT05066646", "NCT05712863", "NCT05066647"])
                print(*(each.outcome for each in answers.values()), answers["NCT05066646"].origin)
            trial, = trialink.Linker(resolver).read(text).trials
            print(trial.key, len(trial.ids))
        """
    done = ran_without(missing, script, server=server, cache=directory)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "found moved absent live",
        "found moved absent cache",
        "NCT05066646 2",
    ]
    assert done.stderr.count("kept in memory") == len(done.stderr.splitlines()) == 1
    assert missing in done.stderr
    assert not directory.exists()


@pytest.mark.parametrize("missing", ["diskcache", "platformdirs"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("find", ARTICLE),
        ("link", ARTICLE, "--format", "table"),
        ("resolve", "NCT05066646", "--quiet"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_the_command_line_works_without(missing, arguments, server, directory):
    script = "from trialink.cli import main; sys.exit(main(sys.argv[1:]))"
    done = ran_without(missing, script, *arguments, server=server, cache=directory)
    assert done.returncode == 0, done.stderr
    assert "NCT05066646" in done.stdout
    warnings = done.stderr.count("kept in memory")
    assert warnings == (0 if arguments[0] == "find" else 1)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("missing", "action", "code", "says"),
    [
        *(("platformdirs", action, 2, "--cache-dir") for action in ("path", "info", "clear")),
        ("diskcache", "path", 0, ""),
        ("diskcache", "info", 0, ""),
        ("diskcache", "verify", 1, "diskcache"),
        ("diskcache", "clear", 1, "diskcache"),
    ],
)
def test_looking_after_the_cache_says_what_is_missing(
    missing, action, code, says, server, directory
):
    with store_in(directory) as store:
        store.set_many({"row": b"{}"})
    script = "from trialink.cli import main; sys.exit(main(sys.argv[1:]))"
    done = ran_without(missing, script, "cache", action, server=server, cache=directory)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert says in done.stderr
    with store_in(directory) as store:
        assert store.get_many(["row"]) == {"row": b"{}"}
