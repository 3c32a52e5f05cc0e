"""The public names, the layers, the start-up cost and the style that the code keeps."""

from __future__ import annotations

import ast
import pickle
import statistics
import subprocess
import sys

import pytest
from conftest import ROOT

import trialink
from trialink import errors

PACKAGE = ROOT / "trialink"
# Imports point down only: a module may import from its own line and from those below it.
LAYERS = (
    ("pandas", "polars"),
    ("adapters", "cli", "corpus", "testing", "json_schema", "__main__"),
    ("columns",),
    ("linker", "linked_text", "by_name", "answer_rows", "grounding", "metadata"),
    ("rendering",),
    ("linking", "resolving"),
    ("replay", "transport", "cache", "snapshot", "freshness"),
    ("cache_upkeep",),
    ("recordings", "arrival", "asking", "cache_disk", "ladder", "shared_queue", "store"),
    ("breaker", "clock", "connection_failures", "pace", "standard_library", "worker"),
    ("sources",),
    ("flow",),
    ("finding",),
    ("registries",),
    ("model", "errors", "version"),
)
LEVELS = {name: level for level, names in enumerate(LAYERS) for name in names}
# Each an import inside one body, for the sake of a printed form or a computed property.
EXCEPTIONS = {
    ("model", "rendering"),
    ("model", "registries"),
    ("model", "sources"),
    ("finding", "rendering"),
    ("version", "registries"),
}
TREES = {path: ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def _part(module: str) -> str:
    return module.split(".")[1] if "." in module else "__init__"


def _imports(tree: ast.AST, *, inside_bodies: bool):
    bodies = [n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    inner = {id(node) for body in bodies for node in ast.walk(body)}
    checked_only = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and getattr(block.test, "id", "") == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if id(node) in checked_only or (id(node) in inner) != inside_bodies:
            continue
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("trialink"):
            yield from (
                [f"trialink.{alias.name}" for alias in node.names]
                if node.module == "trialink"
                else [node.module]
            )
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("trialink"))


@pytest.mark.parametrize("path", TREES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path):
    part = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if part == "__init__":
        return
    for module in _imports(TREES[path], inside_bodies=False):
        assert LEVELS[_part(module)] >= LEVELS[part], f"{path} imports {module}"
    for module in _imports(TREES[path], inside_bodies=True):
        allowed = LEVELS[_part(module)] >= LEVELS[part] or (part, _part(module)) in EXCEPTIONS
        assert allowed, f"{path} imports {module} inside a body"


def test_public_names_are_one_list():
    checked_only = [
        alias.asname or alias.name
        for block in TREES[PACKAGE / "__init__.py"].body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    assert sorted(checked_only) == sorted(trialink.__all__)
    assert sorted([*trialink._HOMES, "__version__"]) == sorted(trialink.__all__)
    assert set(trialink.__all__) <= set(dir(trialink))


@pytest.mark.parametrize("name", trialink.__all__)
def test_every_public_name_loads_and_is_documented(name):
    value = getattr(trialink, name)
    if callable(value):
        assert value.__doc__, name
        assert value.__doc__.splitlines()[0].endswith(".")


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'resolve'"):
        trialink.resolve  # noqa: B018


def test_finding_loads_nothing_heavy():
    program = (
        "import sys; before = set(sys.modules); import trialink; "
        "assert trialink.find('see NCT05066646'); print(*sorted(set(sys.modules) - before))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    loaded = {name.split(".")[0] for name in run.stdout.split()}
    heavy = {"dataclasses", "inspect", "logging", "asyncio", "ssl", "sqlite3", "typing", "warnings"}
    heavy |= {"unicodedata", "zlib"}
    assert not loaded & (heavy - {"typing"})
    assert loaded <= {"trialink", *sys.stdlib_module_names}


def test_functions_are_short():
    sizes = {}
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
                sizes[f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"] = lines
    assert statistics.median(sizes.values()) <= 7
    assert {name: size for name, size in sizes.items() if size > 40} == {}


def test_files_are_short():
    long = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
        for path in TREES
        if "registries" not in path.parts
    }
    assert {name: lines for name, lines in long.items() if lines > 400} == {}


ERRORS = (
    errors.TrialinkError("said", 1),
    errors.InvalidTrialId("x", "why", registry="nct"),
    errors.SourceError("reason"),
    errors.SourceUnavailable("timeout", source="s", url="https://x", attempts=3, seconds=1.5),
    errors.SourceBlocked("blocked", advice="ask"),
    errors.UnexpectedPayload("not an answer of the API", id="NCT05066646"),
)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_errors_pickle_with_their_facts(error):
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)
    assert isinstance(again, errors.TrialinkError)
