"""Laws of reading, on invented texts from a fixed seed; more of them by `fuzz_finding` itself."""

from __future__ import annotations

from random import Random

import atheris_find
import pytest
from fuzz_finding import LAWS, PLANTED_LAWS, broken, made, planted_numbers_are_found
from planting import DAMAGES, OPEN, SPELLINGS, UNREAD, is_held, numbers, planted, spelt

TEXTS, SHARE = 2_000, 250
TRIES = 400  # texts in which one must be left unread


@pytest.mark.parametrize("first", range(0, TEXTS, SHARE))
def test_every_law_holds_for_invented_texts(first):
    assert broken((*LAWS, *PLANTED_LAWS), range(first, first + SHARE)) == {}


@pytest.mark.parametrize(
    ("key", "ways"),
    [
        *((key, [way]) for way, keys in UNREAD.items() for key in keys),
        *((key, [*DAMAGES]) for key in OPEN),
    ],
)
def test_what_no_law_holds_for_is_left_unread(key, ways):
    random = Random(key)
    those = [(entry, number) for entry, number in numbers() if entry.key == key]
    made = (spelt(random, random.choice(ways), *random.choice(those)) for _ in range(TRIES))
    assert any(map(_is_left_unread, made))


def _is_left_unread(planted):
    try:
        planted_numbers_are_found(planted)
    except AssertionError:
        return True
    return False


def test_numbers_of_all_registries_are_planted_in_every_way():
    texts = [planted(1, number) for number in range(4_000)]
    held = {way for way in (*SPELLINGS, *DAMAGES) if is_held(way, numbers()[0][0])}
    assert {text.way.removeprefix("far off, ") for text in texts} >= {*held, "a list"}
    assert {entry.key for entry, _ in numbers()} >= {"nct", "euctr", "rebec", "utn", "idrcb"}
    assert {number for _, number in numbers()} <= {n for text in texts for n in text.numbers}
    assert max(len(text.text) for text in texts) > 2**15


def test_a_broken_law_is_told_with_its_text():
    def no_digit(text):
        if any(map(str.isdigit, text)):
            raise ValueError("a digit")

    texts = {number: made(1, number) for number in range(100)}
    assert broken([no_digit], range(100)) == {
        f"no_digit {number}": f"ValueError 'a digit' of {text!a}"
        for number, text in texts.items()
        if any(map(str.isdigit, text))
    }


def test_texts_are_made_again_from_seed_and_number():
    texts = [made(1, number) for number in range(200)]
    assert [made(1, number) for number in range(200)] == texts
    assert [made(2, number) for number in range(200)] != texts
    assert any("NCT" in text for text in texts)
    assert any(not text.isascii() for text in texts)
    assert [planted(1, number) for number in range(200)] == [
        planted(1, number) for number in range(200)
    ]


@pytest.mark.parametrize(
    "data",
    [b"", b"NCT05066646", b"\xff\xfe\xed\xa0\x80 NCT 0506", "ＮＣＴ０５０６６６４６ –".encode()],
)
def test_the_target_of_the_coverage_guided_fuzzer_reads_any_bytes(data):
    atheris_find.tried(data)
    cases = [*atheris_find.cases(data)]
    assert [law for law, _ in cases] == [*LAWS]
    read = {"".join(texts).encode("utf-8", "surrogateescape") for _, texts in cases}
    assert read == {data}
