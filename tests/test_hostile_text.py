"""Hostile text: reading it takes time and room in proportion to it, and no pattern invites more."""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import re
import subprocess
import sys
import time
import tracemalloc
from contextlib import suppress
from functools import cache, cached_property
from inspect import isfunction, signature
from pathlib import Path

import pytest
from benchmarks.hostile import ATTACKS, attack
from growth import ambiguities, is_linear

import trialink.finding
import trialink.registries
from trialink import InvalidTrialId, check, find, names, parse
from trialink.finding.grammar import grammars
from trialink.finding.outline import outline
from trialink.finding.patterns import Narrowed, Pattern
from trialink.registries import REGISTRIES, selected

# Longer than the reach of a sentence, within which costs add up; then as long as can be timed.
SHORTEST, LONGEST = 2_000, 160_000
ENOUGH = 0.002  # seconds
ADDRESS = 600  # characters of the longest text that parse() takes for an identifier


@pytest.mark.parametrize("reader", [find, check, names])
@pytest.mark.parametrize("name", ATTACKS)
def test_time_grows_with_the_text(name, reader):
    size = timed_size(reader, name)
    assert is_linear(reader, [(attack(name, many * size),) for many in (1, 2, 4)])


def timed_size(reader, name):
    """Return a length of text that takes long enough to be timed."""
    reader(attack(name, SHORTEST))
    size = SHORTEST
    while 2 * size <= LONGEST:
        start = time.perf_counter()
        reader(attack(name, size))
        if time.perf_counter() - start >= ENOUGH:
            break
        size *= 2
    return size


@pytest.mark.parametrize("longest", [ADDRESS, LONGEST], ids=["an identifier", "a text"])
@pytest.mark.parametrize("name", ATTACKS)
def test_time_of_parse_grows_with_the_text(name, longest):
    def parsed(text):
        with suppress(InvalidTrialId):
            parse(text)

    assert is_linear(parsed, [(attack(name, longest // many),) for many in (4, 2, 1)])


# What is found in a text takes room of its own, so only texts in which nothing is found.
@pytest.mark.parametrize(
    ("reader", "name"),
    [
        *((find, name) for name in ("blanks", "en dashes", "a prefix", "ones", "entities")),
        (find, "beginnings of NCT numbers"),
        *((names, name) for name in ("en dashes", "lone surrogates", "full-width numbers")),
    ],
)
def test_room_is_in_proportion_to_the_text(reader, name):
    text = attack(name, 100_000)
    reader(text[:SHORTEST])
    tracemalloc.start()
    try:
        assert reader(text) == []
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= 6 * sys.getsizeof(text)


# Patterns

MODULES = [
    importlib.import_module(f"{package.__name__}.{module.name}")
    for package in (trialink.finding, trialink.registries)
    for module in pkgutil.iter_modules(package.__path__)
]


def of_modules():
    """Yield the patterns that modules hold, and those that functions without arguments make."""
    for module in MODULES:
        for name, value in vars(module).items():
            made = value() if is_maker(value) else value
            if isinstance(made, (re.Pattern, Pattern)):
                yield f"{module.__name__}.{name}", made


def is_maker(value):
    plain = getattr(value, "__wrapped__", value)
    if not isfunction(plain):
        return False
    returned = str(plain.__annotations__.get("return", ""))
    return "re.Pattern" in returned and not signature(plain).parameters


def of_forms():
    """Yield the patterns of every printed shape in the catalogue."""
    for grammar in grammars(REGISTRIES):
        for name, value in vars(type(grammar)).items():
            if isinstance(value, cached_property):
                made = getattr(grammar, name)
                if isinstance(made, (re.Pattern, Narrowed)):
                    yield f"{grammar.entry.key} {name}", made
        whole = trialink.registries.entry._whole(grammar.form)
        yield f"{grammar.entry.key} whole", whole


def of_outlines():
    """Yield the patterns by which places are found, for all entries and for those of `find`."""
    for kind, entries in (("usual", selected(None)), ("all", REGISTRIES)):
        seen = outline(entries)
        made = {name: getattr(seen.ways, name) for name in ("bare", "_each_bare")}
        made["foreign"] = seen.foreign
        for name, value in (vars(seen) | vars(seen.ways) | made).items():
            if isinstance(value, (re.Pattern, Pattern)):
                yield f"{kind} {name}", value


# Patterns in which repeats do compete, each with so few rounds that it costs nothing.
FEW_ROUNDS = {
    "trialink.finding.shaping._SHAPE",  # tissue names, at most two, before one letter
    "trialink.finding.calling._DIRECTLY",  # at most six names, a blank before the next or "trial"
    "trialink.finding.window._DIRT",  # "amp;", at most twice, before the name of an entity
    *(
        f"{key} {name}"
        for key in ("chictr", "chimctr")
        for name in ("printed", "glued", "mistyped")
    ),
    # Numbers that may begin with letters.
    *("rebec near", "cuhk_cct near", "chictr near", "uganda_ncst near"),
    *("trialink.finding.lists._NEXT", "trialink.finding.lists._LIST_GAP"),  # blanks, at most three
    "trialink.finding.counts._BEHIND",  # one word or two
    *(f"{key} whole" for key in ("ntr", "ntr_nl")),  # one blank or hyphen
}


@pytest.mark.parametrize("patterns", [of_modules, of_forms, of_outlines])
def test_no_pattern_lets_repeats_compete_for_a_character(patterns):
    named = list(patterns())
    assert len(named) > 5
    faults = {name: found for name, pattern in named if (found := ambiguities(pattern))}
    assert faults.keys() <= FEW_ROUNDS


# All others that the package compiles, at any time. In these one repeat may have no end, if it is
# the only one that a character can go on to.
ROOT = Path(__file__).parents[1]
ENDLESS = "a repeat without an end of "
# The places of patterns in which repeats do compete, a few rounds each: in names that records bear,
# in headings and sentences with bounds, in columns of texts.
_TELLING = 16  # characters that a pattern is known by
FEW_ROUNDS_ELSEWHERE = {
    ("finding/bearing.py", "\\((?:the )?[\\\"'\\"),
    ("finding/shaping.py", r"(?<![\w\-.])(?P<"),
    ("linking/comparing/figures.py", r"(?:\s{1,3}[^\W\d"),
    ("linking/comparing/spelling.py", "^(?:(?:relapsed?"),
    ("linking/comparing/surroundings.py", "[ \\t]{0,4}\\n?[ \\"),
    ("linking/comparing/wording.py", r"[^\W_]+(?:[\u030"),
    ("linking/evidence/declarations.py", " (?:No registry "),
    ("linking/evidence/gaps.py", r"\b(?:(?:trials|s"),
    ("linking/evidence/naming.py", r"[\s,;/&+]{0,4}(?"),
    ("linking/evidence/passage.py", r"^[ \t\d.#*]{0,8}"),
    ("linking/evidence/registrations.py", r"[^\W\d_]{3}[^.;]"),
    ("linking/evidence/registrations.py", r"\b(?:(?:trials|s"),
    ("linking/evidence/registrations.py", r"^[#*\d. ]{0,8}(?"),
    ("linking/evidence/tables.py", r"\W{0,4}(?:(?:cli"),
    ("linking/evidence/visible.py", "<(/?)([A-Za-z][\\"),
    ("linking/publications.py", r"(?:(?:^[ \t]*(?:"),
    ("sources/cues.py", r"(?<![\w-])(?:sub"),
    ("sources/cues.py", r"\b(?:with|follow"),
    ("sources/searching.py", "([A-Za-z]+(?:[-/"),
}
# Patterns that are made of what the library itself asks for or is told, never of a text.
OF_NO_TEXT = {
    "finding/patterns.py",  # what `lazily` is given, seen where it is used
    "freshness.py",
    "sources/clinicaltrials_gov.py",
    "sources/declared.py",
    "sources/searching.py",
    "sources/verdicts.py",
}


@cache
def of_package():
    """Return where each pattern is compiled, and the pattern, from a process of its own."""
    command = [sys.executable, "-m", "tests.compiled_patterns"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return [
        (where, re.compile(source if is_text else source.encode("latin-1"), flags))
        for where, source, flags, is_text in map(json.loads, printed.splitlines())
    ]


def written():
    """Yield file, lines and pattern of each call of `re` in the package; None if it is made up."""
    for path in sorted((ROOT / "trialink").rglob("*.py")):
        file = path.relative_to(ROOT / "trialink").as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if called.startswith("re.") and called != "re.escape" and node.args:
                first = node.args[0]
                lines = range(node.lineno, node.end_lineno + 1)
                yield file, lines, first.value if isinstance(first, ast.Constant) else None


def test_every_pattern_of_the_package_is_seen():
    seen = {where for where, _ in of_package()}
    unseen = {
        file
        for file, lines, pattern in written()
        if pattern is None and seen.isdisjoint(f"{file}:{line}" for line in lines)
    }
    assert unseen <= OF_NO_TEXT


def test_no_other_pattern_lets_repeats_compete_for_a_character():
    walked = {made.pattern for each in (of_modules, of_forms, of_outlines) for _, made in each()}
    others = [(where, made) for where, made in of_package() if made.pattern not in walked]
    others += [(file, re.compile(source)) for file, _, source in written() if source is not None]
    assert len(others) > 50
    faults = {
        (where.partition(":")[0], made.pattern[:_TELLING])
        for where, made in others
        if any(not each.startswith(ENDLESS) for each in ambiguities(made))
    }
    assert faults <= FEW_ROUNDS_ELSEWHERE


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r"NCT\s*\d{8}", id="a repeat without an end"),
        pytest.param(r"(?:NCT\W{0,3})+\d{8}", id="a group without an end"),
        pytest.param(r"\s{2,}?x", id="a lazy repeat without an end"),
        pytest.param(r"\s{0,3}[:#]?\s{0,3}\d", id="blanks on both sides of what may be missing"),
        pytest.param(r"\s{0,3}(?<!x)(?:\s?x)", id="a repeat at the beginning of a group"),
        pytest.param(r"(?:\s{0,3}no){0,3}\s{0,3}x", id="the next round or what comes next"),
        pytest.param(r"(?:\d{1,3}[ -]{0,2}){1,9}", id="the inner repeat or the next round"),
        pytest.param(r"(?:\d{1,3} ?){7}", id="the same, where the rounds are counted"),
        pytest.param(r"(?:a?){0,3}b", id="rounds that may be empty"),
        pytest.param(r"(?:x|\d{0,2})(?:y|0?)z", id="repeats at the end of one way and another"),
        pytest.param(r"(?:(?P<n>\d{1,4}))(?i:[a-z0-9]{0,2})", id="classes that overlap"),
        pytest.param(r"(?i)k{0,2}\u212a?", id="the other case of a letter"),
        pytest.param(r"(?=\w{0,2}\d?)x", id="inside what is looked ahead at"),
        pytest.param(r"\w{1,9}(?!b)[a-c]{0,2}", id="a look ahead that does not part them"),
        pytest.param(r"(\d)\1", id="a reference to a group"),
        pytest.param(rb" {0,3}[ -]?0", id="bytes"),
    ],
)
def test_patterns_that_leave_several_ways_are_told(pattern):
    assert ambiguities(re.compile(pattern)) != []


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r"NCT[\s:#]{0,3}\d{8}", id="one separator"),
        pytest.param(r"\s{0,4}(?:(?:no|id)\b\s{0,4}){0,3}\d", id="rounds that begin with a word"),
        pytest.param(r"\d(?:(?:-\s{0,2}|\s{1,2})?\d){7}", id="rounds that end with a digit"),
        pytest.param(r"\d{2,3}(?:-\d{1,6})?", id="a sign between digits"),
        pytest.param(r"\d{4}\d{4}", id="counts that cannot vary"),
        pytest.param(r"\s{0,3}(?:x\s{0,3}|y)z", id="a letter between blanks on every way"),
        pytest.param(r"\w{1,9}[^\w]{0,2}", id="a class and its opposite"),
        pytest.param(r"(?:nos?(?![a-z]) ?[as]){1,3}x", id="a look ahead that parts two rounds"),
        pytest.param(r"\w{1,9}(?!\w)[a-c ]{0,2}", id="a look ahead that parts two classes"),
        pytest.param(rb"0(?<!00)(?:00|(?= 0 0))", id="bytes"),
    ],
)
def test_patterns_that_leave_one_way_are_let_through(pattern):
    assert ambiguities(re.compile(pattern)) == []
