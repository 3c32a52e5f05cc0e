"""Laws of reading, on invented texts from a fixed seed; more of them by `fuzz_finding` itself."""

from __future__ import annotations

import atheris_find
import pytest
from fuzz_finding import LAWS, broken, made

TEXTS, SHARE = 20_000, 2_000


@pytest.mark.parametrize("first", range(0, TEXTS, SHARE))
def test_every_law_holds_for_invented_texts(first):
    assert broken(LAWS, range(first, first + SHARE)) == {}


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
