"""That README, docs and the requirements of the suite are what they say they are."""

from __future__ import annotations

import re
import shlex
import tomllib
from importlib.util import module_from_spec, spec_from_file_location

import pytest
from conftest import ROOT

import trialink
from trialink.cli import main

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted((ROOT / "docs").glob("*.md"))
COMMANDS = re.findall(r"(?m)^python3 -m venv .*$", README)


@pytest.fixture(scope="module")
def generate():
    specification = spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    module = module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


# README


def test_readme_has_two_commands_each_with_an_environment_of_its_own():
    assert len(COMMANDS) == 2
    for command in COMMANDS:
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install -q ")
    assert " link fixtures/texts/fucaso-approval.txt " in COMMANDS[0]
    assert COMMANDS[1].endswith(" -c tests/constraints.txt && .venv/bin/pytest")


@pytest.mark.parametrize("command", COMMANDS)
def test_readme_gives_each_command_for_windows_too(command):
    there = command.replace("python3 -m", "py -m").replace("'", '"')
    assert f"\n{there.replace('.venv/bin/', '.venv' + chr(92) + 'Scripts' + chr(92))}\n" in README


def test_first_command_of_the_readme_prints_what_stands_below_it(capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    arguments = shlex.split(COMMANDS[0].rpartition("trialink ")[2])
    assert main([*arguments, "--format", "table"]) == 0
    printed = capsys.readouterr()
    assert re.findall(r"(?s)```text\n(.*?)```", README) == [printed.out + printed.err]


@pytest.mark.parametrize("path", [ROOT / "README.md", *PAGES], ids=lambda path: path.name)
def test_links_between_files_lead_somewhere(path):
    prose = re.sub(r"(?s)```.*?```", "", path.read_text(encoding="utf-8"))
    targets = re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", prose)
    assert [target for target in targets if not (path.parent / target).exists()] == []


# Docs


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_rows_stand_in_tables_and_nothing_stands_twice(path):
    """Two versions of a page that were joined line by line show here."""
    text = path.read_text(encoding="utf-8")
    prose = re.sub(r"(?s)```.*?```", "", text)
    tables = re.findall(r"(?m)(?:^\|.*\n)+", prose)
    assert [table for table in tables if not re.match(r".*\n[| :-]+\n", table)] == []
    bold = re.findall(r"(?m)^(?:#+ |- \*\*).*", prose)
    assert sorted({*bold}) == sorted(bold)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_tables_of_the_docs_are_current(path, generate):
    page = path.read_text(encoding="utf-8")
    assert page == generate.current(page), "run: python docs/generate.py"


def test_docs_know_every_public_name():
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    documented = re.findall(r"(?m)^\.\. [\w:]+:: trialink\.(\w+)", page)
    assert sorted(documented) == sorted(set(trialink.__all__) - {"__version__"})


def test_docs_know_every_field_of_the_json_forms():
    page = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    forms = trialink.schema()
    objects = [*forms["oneOf"], *forms["$defs"].values()]
    fields = {name for each in objects for name in each.get("properties", {})}
    assert sorted(name for name in fields if f"`{name}`" not in page) == []


def test_every_page_stands_in_the_map(generate):
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    listed = re.search(r"(?s)```\{toctree\}\n:hidden:\n\n(.*?)```", index)[1].split()
    assert sorted([*listed, "index"]) == sorted(path.stem for path in PAGES)


# Requirements


def _normalised(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", requirement)[0]).lower()


def _pins() -> list[str]:
    lines = (ROOT / "tests" / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def test_constraints_are_plain_pins():
    assert [pin for pin in _pins() if not re.fullmatch(r"[\w.-]+==[\w.]+", pin)] == []


@pytest.mark.parametrize(
    "extra", ["test", "lint", "docs", None], ids=lambda extra: extra or "the package"
)
def test_constraints_name_every_requirement_of(extra):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["optional-dependencies"][extra] if extra else project["dependencies"]
    pinned = {_normalised(pin) for pin in _pins()}
    assert {_normalised(each) for each in wanted} <= pinned


def test_constraints_do_not_name_the_package_itself():
    assert "trialink" not in {_normalised(pin) for pin in _pins()}
