"""That docs/adding-a-registry.md is true: its steps, followed to the letter in a copy.

And that entries of a user's own work in `find`, odd ones too.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from shutil import copytree

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
    for folder in ("trialink", "docs", "fixtures"):
        copytree(ROOT / folder, tmp_path / folder, ignore=_is_left_behind)
    (tmp_path / "tests").mkdir()
    for name in ("pyproject.toml", "tests/conftest.py", "tests/test_registries.py"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())

    add_the_entry(tmp_path / re.search(r"`(trialink/registries/\w+\.py)`", PAGE)[1])
    tested, generated = (run(tmp_path, *command.split()) for command in COMMANDS)
    assert int(re.search(r"(\d+) passed", tested)[1]) > 10
    assert not re.search("failed|error|skipped", tested)
    assert "updated registries.md" in generated
    table = (tmp_path / "docs" / "registries.md").read_text(encoding="utf-8")
    assert (
        "| `xmx` | XMX | Invented Registry for This Page | Mexico | `XMX202400017` |  | `xmx` | yes |"
        in table.splitlines()
    )
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


def is_multiple_of_7(number):
    return int("".join(filter(str.isdigit, number))) % 7 == 0


CONSONANTS = r"(?P<n>[B-DF-HJ-NP-TV-Z]{6})"
SEVENS = Check(is_multiple_of_7, "numbers are multiples of 7")
BAVARIAN = {"cues": ("Bavarian Register",)}
ICELANDIC = {"cues": ("Icelandic Register",)}
RUSSIAN = {"cues": ("Российский регистр",)}
LETTERS = Form(canonical="QQX-{n}", prefixes=("QQX",), body=CONSONANTS)
ONE_LETTER = Form(canonical="Q{n}", prefixes=("Q",), digits=6)
SIGNS = Form(canonical="M&S.T/{n}", prefixes=("M&S.T/",), digits=5)
TWO_DIGITS = Form(canonical="ZZR{n}", prefixes=("ZZR",), digits=2)
CYRILLIC = Form(canonical="РКИ{n}", prefixes=("РКИ",), digits=5)
CHINESE = Form(canonical="临床{n}", prefixes=("临床",), digits=5)
BARE = Form(canonical="BA {n}", digits=7, alone="labelled")
BARE_TWO = Form(canonical="BA {n}", digits=2, alone="labelled")
BARE_LETTERS = Form(canonical="BA {n}", body=CONSONANTS, alone="labelled")
PARTS = Form(canonical="{a}-{b}", body=r"(?P<a>\d{4})-(?P<b>\d{5})", alone="checked")
TWELVE = Form(canonical="CH{n}", prefixes=("CH",), digits=12, alone="checked")
PLAIN = Form(canonical="NEX{n}", prefixes=("NEX",), digits=6)
YEARLY = Form(canonical="NEX-{y}-{n}", prefixes=("NEX",), body=r"(?P<y>20\d\d)/(?P<n>\d\d)")
OLDER = Form(canonical="OLDNEX{n}", prefixes=("OLDNEX",), digits=2)
EXACT = Form(canonical="Per{n}", prefixes=("Per",), digits=6, exact_case=True)
TIGHT = Form(canonical="PER{n}", prefixes=("PER",), digits=6, exact_case=True, spaced=False)
CUED = Form(canonical="ICE{n}", prefixes=("ICE",), digits=4, needs_cue=True)
BARE_CUED = Form(canonical="ICE{n}", digits=4, needs_cue=True, alone="labelled")
# What is odd about an entry, its forms, its other facts, its only example, and further numbers.
ODD = [
    ("no digits", [LETTERS], {}, "QQX-BCDFGH", {"qqx klmnpq": "QQX-KLMNPQ"}),
    ("a prefix of one letter", [ONE_LETTER], {}, "Q123456", {"Q no. 123457": "Q123457"}),
    ("signs in the prefix", [SIGNS], {}, "M&S.T/12345", {"m&s.t/12346": "M&S.T/12346"}),
    ("two digits", [TWO_DIGITS], {}, "ZZR17", {"ZZR 18": "ZZR18", "zzr-19": "ZZR19"}),
    ("a Cyrillic prefix", [CYRILLIC], {}, "РКИ12345", {"рки: 12346": "РКИ12346"}),
    ("a Chinese prefix", [CHINESE], {}, "临床12345", {"临床 12346": "临床12346"}),
    ("no prefix", [BARE], BAVARIAN, "BA 1234567", {"Bavarian Register: 7654321": "BA 7654321"}),
    ("no prefix, two digits", [BARE_TWO], BAVARIAN, "BA 12", {"Bavarian Register 17": "BA 17"}),
    (
        "no prefix, no digits",
        [BARE_LETTERS],
        BAVARIAN,
        "BA BCDFGH",
        {"Bavarian Register KLMNPQ": "BA KLMNPQ"},
    ),
    ("no prefix, other letters", [BARE], RUSSIAN, "BA 1234567", {"Российский регистр 17": None}),
    ("a check", [PARTS], {"check": SEVENS}, "7000-00007", {"7000-00014": "7000-00014"}),
    (
        "a check of digits in one piece",
        [TWELVE],
        {"check": SEVENS},
        "CH700000000007",
        {"700000000014": "CH700000000014", "CH 700000000014": "CH700000000014"},
    ),
    ("nothing", [PLAIN], {}, "NEX123456", {"nex 123457": "NEX123457"}),
    (
        "two forms",
        [PLAIN, YEARLY],
        {},
        "NEX123456",
        {"NEX123457": "NEX123457", "NEX 2024/17": "NEX-2024-17"},
    ),
    (
        "two prefixes",
        [PLAIN, OLDER],
        {},
        "NEX123456",
        {"NEX123457": "NEX123457", "OLDNEX 17": "OLDNEX17"},
    ),
    ("exact case", [EXACT], {}, "Per123456", {"Per 123457": "Per123457"}),
    ("exact case, no blank", [TIGHT], {}, "PER123456", {"PER123457": "PER123457"}),
    ("a cue", [CUED], ICELANDIC, "ICE1234", {"ICE1235 (Icelandic Register)": "ICE1235"}),
    (
        "a cue and no prefix",
        [BARE_CUED],
        ICELANDIC,
        "ICE1234",
        {"1235 in the Icelandic Register": "ICE1235"},
    ),
]
FOUND = [
    pytest.param(mine, text, number, id=f"{odd}: {text}")
    for odd, forms, facts, example, texts in ODD
    for mine in [entry(*forms, examples=((example, example),), **facts)]
    for text, number in texts.items()
]


def claims(text, registries):
    found = find(f"The trial was registered as {text}, before it began.", registries=registries)
    return [(each.id.registry, each.id.number) for each in found]
