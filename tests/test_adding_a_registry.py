"""That docs/adding-a-registry.md is true: its steps, followed to the letter in a copy.

And that entries of a user's own work in `find`, odd ones too.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from shutil import copy, copytree

import pytest
from conftest import ROOT

from trialink import REGISTRIES, find
from trialink.registries.entry import Check, Form, Registry

PAGE = (ROOT / "docs" / "adding-a-registry.md").read_text(encoding="utf-8")
ENTRY = re.search(r"(?s)>>> mine = (Registry\(.*?\n\.\.\. \))", PAGE)[1].replace("... ", "")
COMMANDS = re.findall(r"```sh\n\s*python (.*)\n", PAGE)
NUMBER = "XMX202400017"
# What a program makes of the new registry, as JSON.
PROGRAM = """
import json, sys
import trialink

(mention,) = trialink.find("It was listed as XMX 202400017, before it began.")
(bare,) = trialink.find("Invented Registry for This Page: 202400017")
id = trialink.parse("xmx-202400017")
json.dump(
    {
        "package": trialink.__file__,
        "found": [mention.text, mention.id.registry, mention.id.number],
        "bare": [bare.text, bare.id.number, bare.cue.text],
        "parsed": [id == mention.id, id.label, id.url, id.curie, id.check_digit],
        "checked": [[each.code, each.text] for each in trialink.check("see XMX20240017")],
        "linked": [trial.key for trial in trialink.Linker(None).read(f"Trial {id}.").trials],
    },
    sys.stdout,
)
"""


# The page


def test_the_question_is_answered_in_one_line():
    (answer,) = re.findall(r"(?m)^\*Where would I add the Mexican registry\?\* (.*)$", PAGE)
    assert answer == "As one entry in `trialink/registries/americas.py` only."


def test_the_steps_of_the_page_add_the_registry(tmp_path):
    for folder in ("trialink", "tests", "docs", "fixtures"):
        copytree(ROOT / folder, tmp_path / folder, ignore=_is_left_behind)
    copy(ROOT / "pyproject.toml", tmp_path)

    add_the_entry(tmp_path / re.search(r"`(trialink/registries/\w+\.py)`", PAGE)[1])
    tested, generated = (run(tmp_path, *command.split()) for command in COMMANDS)
    assert int(re.search(r"(\d+) passed", tested)[1]) > 10
    assert not re.search("failed|error|skipped", tested)
    assert "updated registries.md" in generated
    page = (tmp_path / "docs" / "registries.md").read_text(encoding="utf-8")
    (row,) = (line.split(" | ") for line in page.splitlines() if line.startswith("| `xmx` "))
    name = "Invented Registry for This Page"
    assert row == ["| `xmx`", "XMX", name, "Mexico", f"`{NUMBER}`", "", "`xmx`", "yes |"]
    known = json.loads(run(tmp_path, "-c", PROGRAM))
    assert known.pop("package").startswith(str(tmp_path))
    assert known == {
        "found": ["XMX 202400017", "xmx", NUMBER],
        "bare": ["202400017", NUMBER, "Invented Registry for This Page"],
        "parsed": [True, "XMX", f"https://registry.example.org/{NUMBER}", f"xmx:{NUMBER}", None],
        "checked": [["digits-missing", "XMX20240017"]],
        "linked": [NUMBER],
    }


def add_the_entry(module):
    """Write the entry of the page before the bracket that closes ENTRIES, with a comma."""
    before = module.read_text(encoding="utf-8")
    assert before.endswith("),\n)\n")
    lines = "".join(f"    {line}\n" for line in f"{ENTRY},".splitlines())
    module.write_text(f"{before[:-2]}{lines})\n", encoding="utf-8")


def run(folder, *arguments):
    """Run Python in a folder, with the package that lies there, and return what it prints."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=kept | {"PYTHONPATH": str(folder), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _is_left_behind(folder, names):
    return {"__pycache__", "_build"}.intersection(names)


def test_the_package_itself_does_not_know_the_registry():
    assert find(f"listed as {NUMBER}") == []


# Entries of a user's own


def entry(*forms, **facts):
    return Registry(
        key="mine",
        label="MINE",
        name="Register of my own",
        kind="registration",
        region="nowhere",
        forms=forms,
        source="https://registry.example.org/format",
        **facts,
    )


def example(printed, number=None):
    return {"examples": ((printed, number or printed),)}


def is_multiple_of_7(number):
    return int("".join(filter(str.isdigit, number))) % 7 == 0


CONSONANTS = r"(?P<n>[B-DF-HJ-NP-TV-Z]{6})"
SEVENS = Check(is_multiple_of_7, "numbers are multiples of 7")
PLAIN = Form(canonical="NEX{n}", prefixes=("NEX",), digits=6)
YEARLY = Form(canonical="NEX-{y}-{n}", prefixes=("NEX",), body=r"(?P<y>20\d\d)/(?P<n>\d\d)")
OLDER = Form(canonical="OLDNEX{n}", prefixes=("OLDNEX",), digits=2)
BARE = Form(canonical="BA {n}", digits=7, alone="labelled")
PARTS = Form(canonical="{a}-{b}", body=r"(?P<a>\d{4})-(?P<b>\d{5})", alone="checked")
TWELVE = Form(canonical="CH{n}", prefixes=("CH",), digits=12, alone="checked")
CUED = Form(canonical="ICE{n}", prefixes=("ICE",), digits=4, needs_cue=True)
BARE_CUED = Form(canonical="ICE{n}", digits=4, needs_cue=True, alone="labelled")
BAVARIAN = {"cues": ("Bavarian Register",)}
ICELANDIC = {"cues": ("Icelandic Register",)}

OWN = {
    "no digits": entry(
        Form(canonical="QQX-{n}", prefixes=("QQX",), body=CONSONANTS), **example("QQX-BCDFGH")
    ),
    "letters or digits": entry(
        Form(canonical="QQX-{a}{n}", prefixes=("QQX",), body=r"(?P<a>[B-DF-H]{6})|(?P<n>\d{6})"),
        **example("QQX-BCDFGH"),
    ),
    "one letter": entry(Form(canonical="Q{n}", prefixes=("Q",), digits=6), **example("Q123456")),
    "signs": entry(
        Form(canonical="M&S.T/{n}", prefixes=("M&S.T/",), digits=5), **example("M&S.T/12345")
    ),
    "two digits": entry(Form(canonical="ZZR{n}", prefixes=("ZZR",), digits=2), **example("ZZR17")),
    "Cyrillic": entry(Form(canonical="РКИ{n}", prefixes=("РКИ",), digits=5), **example("РКИ12345")),
    "Chinese": entry(
        Form(canonical="临床{n}", prefixes=("临床",), digits=5), **example("临床12345")
    ),
    "bare": entry(BARE, **BAVARIAN, **example("Bavarian Register 1234567", "BA 1234567")),
    "bare, two digits": entry(
        Form(canonical="BA {n}", digits=2, alone="labelled"),
        **BAVARIAN,
        **example("Bavarian Register 12", "BA 12"),
    ),
    "bare, no digits": entry(
        Form(canonical="BA {n}", body=CONSONANTS, alone="labelled"),
        **BAVARIAN,
        **example("Bavarian Register BCDFGH", "BA BCDFGH"),
    ),
    "bare, Cyrillic": entry(
        BARE, cues=("Наш регистр",), **example("Наш регистр 1234567", "BA 1234567")
    ),
    "checked": entry(PARTS, check=SEVENS, **example("7000-00007")),
    "checked, in one piece": entry(TWELVE, check=SEVENS, **example("CH700000000007")),
    "two forms": entry(PLAIN, YEARLY, **example("NEX123456")),
    "two prefixes": entry(PLAIN, OLDER, **example("NEX123456")),
    "exact case": entry(
        Form(canonical="Per{n}", prefixes=("Per",), digits=6, exact_case=True),
        **example("Per123456"),
    ),
    "no blank": entry(
        Form(canonical="PER{n}", prefixes=("PER",), digits=6, exact_case=True, spaced=False),
        **example("PER123456"),
    ),
    "cued": entry(CUED, **ICELANDIC, **example("ICE1234")),
    "bare, cued": entry(BARE_CUED, **ICELANDIC, **example("Icelandic Register 1234", "ICE1234")),
    "no example": entry(PLAIN),
    "bare, no example": entry(BARE, **BAVARIAN),
    "checked, no example": entry(PARTS, check=SEVENS),
}


def claims(text, registries):
    found = find(f"The trial was listed as {text}, before it began.", registries=registries)
    return [(each.id.registry, each.id.number) for each in found]


@pytest.mark.parametrize("beside", [REGISTRIES, ()], ids=["beside the catalogue", "alone"])
@pytest.mark.parametrize(
    ("odd", "text", "number"),
    [
        ("no digits", "QQX-KLMNPQ", "QQX-KLMNPQ"),
        ("no digits", "qqx klmnpq", "QQX-KLMNPQ"),
        ("letters or digits", "QQX CDFGHB", "QQX-CDFGHB"),
        ("one letter", "Q123457", "Q123457"),
        ("one letter", "q no. 123457", "Q123457"),
        ("signs", "M&S.T/12346", "M&S.T/12346"),
        ("signs", "m&s.t/ 12346", "M&S.T/12346"),
        ("two digits", "ZZR18", "ZZR18"),
        ("two digits", "zzr no. 18", "ZZR18"),
        ("Cyrillic", "РКИ12346", "РКИ12346"),
        ("Cyrillic", "рки: 12346", "РКИ12346"),
        ("Chinese", "临床12346", "临床12346"),
        ("bare", "Bavarian Register: 7654321", "BA 7654321"),
        ("bare, two digits", "Bavarian Register 17", "BA 17"),
        ("bare, no digits", "Bavarian Register KLMNPQ", "BA KLMNPQ"),
        ("bare, Cyrillic", "Наш регистр 7654321", "BA 7654321"),
        ("checked", "7000-00014", "7000-00014"),
        ("checked, in one piece", "700000000014", "CH700000000014"),
        ("checked, in one piece", "CH 700000000014", "CH700000000014"),
        ("two forms", "NEX123457", "NEX123457"),
        ("two forms", "NEX 2024/17", "NEX-2024-17"),
        ("two prefixes", "NEX123457", "NEX123457"),
        ("two prefixes", "OLDNEX 17", "OLDNEX17"),
        ("exact case", "Per 123457", "Per123457"),
        ("no blank", "PER123457", "PER123457"),
        ("cued", "ICE 1235 (Icelandic Register)", "ICE1235"),
        ("bare, cued", "1235 in the Icelandic Register", "ICE1235"),
        ("no example", "NEX 123457", "NEX123457"),
        ("bare, no example", "Bavarian Register 7654321", "BA 7654321"),
        ("checked, no example", "7000-00014", "7000-00014"),
    ],
)
def test_a_number_of_an_entry_of_ones_own_is_found(odd, text, number, beside):
    assert claims(text, [*beside, OWN[odd]]) == [("mine", number)]


@pytest.mark.parametrize(
    ("odd", "text"),
    [
        pytest.param("exact case", "per 123457", id="the case differs"),
        pytest.param("no blank", "PER 123457", id="a blank where none may be"),
        pytest.param("cued", "ICE 1235", id="a train"),
        pytest.param("bare", "7654321", id="digits without a label"),
        pytest.param("checked", "7000-00015", id="a bare number whose check fails"),
        pytest.param("two digits", "ZZR181", id="a digit too many"),
        pytest.param("no digits", "QQX-KLAMPQ", id="a vowel among consonants"),
    ],
)
def test_what_is_no_number_of_an_entry_of_ones_own_is_not(odd, text):
    assert claims(text, [*REGISTRIES, OWN[odd]]) == []


def test_entries_of_ones_own_leave_the_numbers_of_others_alone():
    text = "NCT05066646, ISRCTN78805636, 2015-003324-32 and QQX-KLMNPQ"
    ids = [id.registry for id in find(text, registries=[*REGISTRIES, OWN["no digits"]]).ids()]
    assert ids == ["nct", "isrctn", "euctr", "mine"]
