"""That the corpus is what its README says, and what the finder makes of it."""

from __future__ import annotations

from itertools import pairwise

import accuracy
import pytest

from trialink import TrialId
from trialink.registries import BY_KEY

FILES = accuracy.every_file()
ROWS = [(file, row) for file in FILES for row in accuracy.texts(file)]
CODES = {
    *("digits-missing", "digits-extra", "check-digit", "placeholder", "wrong-label"),
    *("out-of-range", "repaired", "bare-number", None),
}


def test_the_corpus_is_as_large_as_it_says():
    ids = [mark["id"] for _, row in ROWS for mark in row["ids"]]
    assert len(ROWS) >= 400
    assert len(set(ids)) >= 500
    assert sum(len(row["lookalikes"]) for _, row in ROWS) >= 250


def test_a_tenth_of_it_stands_apart():
    apart = sum(file in accuracy.APART for file, _ in ROWS)
    assert apart >= len(ROWS) / 10


def test_keys_are_unique():
    keys = [row["key"] for _, row in ROWS]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("file", FILES)
def test_marks_repeat_the_text_in_order_and_apart(file):
    for row in accuracy.texts(file):
        for marks in (row["ids"], row["lookalikes"]):
            for mark in marks:
                assert row["text"][mark["start"] : mark["end"]] == mark["text"], row["key"]
        spans = sorted((m["start"], m["end"]) for m in (*row["ids"], *row["lookalikes"]))
        assert all(end <= start for (_, end), (start, _) in pairwise(spans))
        assert all(mark["kind"] in accuracy.KINDS for mark in row["lookalikes"])
        assert all(mark["code"] in CODES for mark in row["lookalikes"])


@pytest.mark.parametrize("file", FILES)
def test_identifiers_are_canonical_numbers_that_pass_their_check(file):
    for row in accuracy.texts(file):
        for mark in row["ids"]:
            assert mark["difficulty"] in accuracy.DIFFICULTIES
            assert BY_KEY[mark["registry"]].owns(mark["id"]), (row["key"], mark["id"])
            id = TrialId(mark["registry"], mark["id"])
            assert id.check_digit != "suspect", row["key"]


def test_what_needs_no_mending_is_found():
    found, total = accuracy.score("trialink").recall_without_repair()
    assert found / total >= accuracy.RECALL_MARK


def test_nothing_is_wrong_and_no_look_alike_fires():
    result = accuracy.score("trialink")
    assert (result.wrong, result.fired) == ([], [])


@pytest.mark.parametrize("other", ["one pattern a registry", "NCT pattern"])
def test_plain_patterns_find_less_and_more_that_is_wrong(other):
    ours, theirs = accuracy.score("trialink"), accuracy.score(other)
    assert ours.recall_without_repair() > theirs.recall_without_repair()
    assert len(ours.wrong) < len(theirs.wrong)
