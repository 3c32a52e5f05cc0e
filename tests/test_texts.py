"""Ten articles of our own, and byte for byte what must come out of each."""

from __future__ import annotations

import re

import pytest
from conftest import FIXTURES, ROOT

import trialink
from trialink.cli import main

TEXTS = FIXTURES / "texts"
GOLDEN = FIXTURES / "golden"
RECORDINGS = FIXTURES / "clinicaltrials_gov"
# What each golden file holds: the stream, and the command that writes it.
KINDS = {
    "find.txt": ("out", "find TEXT --format table"),
    "check.txt": ("out", "check TEXT --format table"),
    "link-offline.txt": ("out", "link TEXT --offline --format table"),
    "link-offline.jsonl": ("out", "link TEXT --offline --format jsonl"),
    "link-offline.stderr": ("err", "link TEXT --offline --format table"),
    "link.txt": ("out", "link TEXT --replay fixtures --format table"),
    "link.jsonl": ("out", "link TEXT --replay fixtures --format jsonl"),
    "link.stderr": ("err", "link TEXT --replay fixtures --format table"),
}
NAMES = sorted(path.stem for path in TEXTS.glob("*.txt"))
GOLDENS = sorted(path for path in GOLDEN.glob("*/*") if path.name in KINDS)


def source_of(name):
    return f"fixtures/texts/{name}.txt"


def text_of(name):
    return (TEXTS / f"{name}.txt").read_bytes().decode("utf-8")


def expected(name, kind):
    """Return a golden file with the running versions put in."""
    text = (GOLDEN / name / kind).read_bytes().decode("utf-8")
    versions = {"{trialink}": trialink.__version__, "{rules}": trialink.RULES_VERSION}
    for placeholder, version in versions.items():
        text = text.replace(placeholder, version)
    return text


def words_of(text):
    return re.findall(r"[^\W_]+", text.casefold())


def sequences(text, length):
    words = words_of(text)
    return {tuple(words[place : place + length]) for place in range(len(words) - length + 1)}


# The goldens


@pytest.mark.parametrize("path", GOLDENS, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_the_command_line_writes(path, monkeypatch, capsysbinary):
    stream, command = KINDS[path.name]
    monkeypatch.chdir(ROOT)
    main(command.replace("TEXT", source_of(path.parent.name)).split())
    written = getattr(capsysbinary.readouterr(), stream)
    assert written.decode("utf-8") == expected(path.parent.name, path.name)


@pytest.mark.parametrize("name", NAMES)
def test_the_library_gives_what_the_command_line_writes(name):
    source = source_of(name)
    document = trialink.Linker(None).read(text_of(name), source=source)
    assert trialink.render(document, "jsonl") == expected(name, "link-offline.jsonl")
    found = trialink.render(trialink.find(text_of(name)), "table", source=source)
    assert found == expected(name, "find.txt")
    checked = trialink.render(trialink.check(text_of(name)), "table", source=source)
    assert checked == expected(name, "check.txt")


@pytest.mark.parametrize("name", NAMES)
def test_a_printed_document_is_its_blocks_its_problems_and_the_closing_line(name):
    blocks = expected(name, "link-offline.txt")
    problems = expected(name, "check.txt").replace(f"{source_of(name)}:", "")
    closing = expected(name, "link-offline.stderr")
    document = trialink.Linker(None).read(text_of(name))
    assert f"{document}\n" == f"{blocks}\n{problems}{closing}".lstrip("\n")


@pytest.mark.parametrize("name", NAMES)
def test_every_text_has_its_goldens(name):
    assert {path.name for path in (GOLDEN / name).iterdir()} == set(KINDS)


def test_every_golden_has_its_text():
    assert sorted(path.name for path in GOLDEN.iterdir()) == NAMES


# The texts


@pytest.mark.parametrize("name", NAMES)
def test_a_text_is_a_short_article_in_plain_lines(name):
    text = text_of(name)
    assert 600 <= len(text) <= 2500
    assert "\r" not in text
    assert text == f"{text.strip()}\n"


@pytest.mark.parametrize("name", NAMES)
def test_every_number_in_a_text_is_recorded(name):
    paths = [*RECORDINGS.glob("studies/*.json"), *RECORDINGS.glob("*.txt")]
    recorded = "\n".join(path.read_text("utf-8") for path in paths)
    numbers = trialink.find(text_of(name)).ids()
    assert [str(number) for number in numbers if str(number) not in recorded] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_text_shares_no_eight_words_in_a_row_with_the_real_article(name, seed):
    assert sequences(text_of(name), 8) & sequences(seed, 8) == set()
