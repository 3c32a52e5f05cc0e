"""The fast finder is held to the plain one, which tries everything everywhere."""

from __future__ import annotations

import accuracy
import fuzz_finding
import pytest
import reference_finder

from trialink import find

SEEDS = range(4)
TEXTS = 40  # a seed


@pytest.mark.parametrize("file", [*accuracy.files(fresh=False), *accuracy.files(fresh=True)])
def test_both_find_the_same_in_the_corpus(file):
    for row in accuracy.texts(file):
        assert find(row["text"]) == reference_finder.find(row["text"]), row["key"]


@pytest.mark.parametrize("seed", SEEDS)
def test_both_find_the_same_in_invented_texts(seed):
    for number in range(TEXTS):
        text = fuzz_finding.made(seed, number)
        assert find(text) == reference_finder.find(text), number
