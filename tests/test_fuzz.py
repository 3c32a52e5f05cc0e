"""Laws of reading, on invented texts from a fixed seed; more of them by `fuzz_finding` itself."""

from __future__ import annotations

import atheris_find
import pytest
from fuzz_finding import LAWS, broken, made

TEXTS, SHARES = 10_000, 5


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_a_law_holds_for_invented_texts(law, share):
    assert broken(law, range(share, TEXTS, SHARES)) == {}


def test_a_broken_law_is_told_with_its_text():
    def no_digit(text):
        if any(map(str.isdigit, text)):
            raise ValueError("a digit")

    found = broken(no_digit, range(100))
    assert found
    assert all(any(map(str.isdigit, made(1, number))) for number in found)
    assert all(
        raised == f"ValueError 'a digit' of {made(1, number)!a}" for number, raised in found.items()
    )


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
