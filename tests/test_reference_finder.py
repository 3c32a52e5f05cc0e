"""The fast finder is held to the plain one, which tries everything everywhere.

In invented texts too, of which `fuzz_finding` has a law.
"""

from __future__ import annotations

import re
from itertools import cycle

import accuracy
import pytest
import reference_finder

from trialink import REGISTRIES, find

BORDER = r"(?<=[A-Za-z]{3})(?=\d)"  # between a prefix and digits
SPELLINGS = {  # what is done to a number as it is printed in an example
    "as printed": ("", ""),
    "glued": (r"[\s\-/.]", ""),
    "blanks": (r"[\s\-/.]", " "),
    "hyphens": (r"[\s\-/.]", "-"),
    "typeset hyphens": (r"[\s\-/.]", "\u2011"),
    "a blank behind the prefix": (BORDER, " "),
    "a colon behind the prefix": (BORDER, ": "),
    "a bracket behind the prefix": (BORDER, "("),
    "a tag behind the prefix": (BORDER, "</b>"),
    "a quoted line behind the prefix": (BORDER, "\n> "),
    "an O for a digit": (r"(?<=\d)0(?=\d)", "O"),
    "an l for a digit": (r"(?<=\d)1(?=\d)", "l"),
}
AROUND = ("{}", "see {} and", "({})", "Trial registration: {}", "{0}, {0}", "<p>{}</p>", "x{}")


@pytest.mark.parametrize("file", accuracy.every_file())
def test_both_find_the_same_in_the_corpus(file):
    for row in accuracy.texts(file):
        assert find(row["text"]) == reference_finder.find(row["text"]), row["key"]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_both_find_the_same_in_the_examples(spelling):
    around = cycle(AROUND)
    for entry in REGISTRIES:
        for printed in sorted({text for example in entry.examples for text in example}):
            for number in (printed, printed.upper(), printed.lower()):
                text = next(around).format(re.sub(*SPELLINGS[spelling], number))
                assert find(text) == reference_finder.find(text), text
