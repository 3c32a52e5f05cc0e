"""Which numbers a text gives a trial name: those in its bracket, the next one, or its sentence."""

from __future__ import annotations

import pytest
from growth import is_linear
from hypothesis import given, settings
from hypothesis import strategies as st

from trialink import NameMention, Record, find, link, names, parse, statements
from trialink.linking.evidence.naming import tied

FUMANBA, CTR, PALLAS, EUDRACT = "NCT05066646", "CTR20192510", "NCT02513394", "2014-005181-30"


def given_numbers(text, records=()):
    """Each name with its numbers, in text order."""
    mentions = find(text)
    return [(name.text, *map(str, name.ids)) for name in tied(text, names(text, records), mentions)]


TIED = {
    "the bracket behind the name": (
        "the FUMANBA-1 clinical study (CTR20192510, NCT05066646) in China",
        [("FUMANBA-1", CTR, FUMANBA)],
    ),
    "the name's own bracket": (
        "one trial (FUMANBA-1, NCT05066646); another is NCT02513394",
        [("FUMANBA-1", FUMANBA)],
    ),
    "full-width brackets": (
        "研究 FUMANBA-1（CTR20192510，NCT05066646）在中国 China",
        [("FUMANBA-1", CTR, FUMANBA)],
    ),
    "the bracket before the rest of the sentence": (
        "FUMANBA-1 (NCT05066646) was followed by NCT05181501.",
        [("FUMANBA-1", FUMANBA)],
    ),
    "the first of two brackets": (
        "FUMANBA-1 (NCT05066646) and later work (NCT05181501)",
        [("FUMANBA-1", FUMANBA)],
    ),
    "a bracket without a number comes first": (
        "FUMANBA-1 (phase 1/2) (NCT05066646)",
        [("FUMANBA-1", FUMANBA)],
    ),
    "the sentence of one name": (
        "FUMANBA-1 is registered as NCT05066646 and, in China, as CTR20192510.",
        [("FUMANBA-1", FUMANBA, CTR)],
    ),
    "a number before the name": (
        "NCT05066646, which is called FUMANBA-1, has ended.",
        [("FUMANBA-1", FUMANBA)],
    ),
    "a number in the next sentence": (
        "FUMANBA-1 has ended. The number NCT05066646 stays.",
        [("FUMANBA-1",)],
    ),
    "a bracket in the next sentence": (
        "We read of FUMANBA-1. Others (NCT05066646) went on.",
        [("FUMANBA-1",)],
    ),
    "a sentence with two numbers of one registry": (
        "Unlike FUMANBA-1, the trials NCT05066646 and NCT05181501 are open.",
        [("FUMANBA-1",)],
    ),
    "a sentence with two names": (
        "FUMANBA-1 was not KEYNOTE-189 and has the number NCT05066646.",
        [("FUMANBA-1",), ("KEYNOTE-189",)],
    ),
    "one name twice": (
        "FUMANBA-1 is NCT05066646, and FUMANBA-1 it stays.",
        [("FUMANBA-1", FUMANBA), ("FUMANBA-1", FUMANBA)],
    ),
    "each name with a bracket": (
        "FUMANBA-1 (NCT05066646) and FUMANBA-2 (NCT05181501)",
        [("FUMANBA-1", FUMANBA), ("FUMANBA-2", "NCT05181501")],
    ),
    "names that lead in one bracket": (
        "two trials (FUMANBA-1, NCT05066646; FUMANBA-2, NCT05181501)",
        [("FUMANBA-1", FUMANBA), ("FUMANBA-2", "NCT05181501")],
    ),
    "numbers that lead in one bracket": (
        "two trials (NCT05066646, FUMANBA-1; NCT05181501, FUMANBA-2)",
        [("FUMANBA-1", FUMANBA), ("FUMANBA-2", "NCT05181501")],
    ),
    "a list of names before a list of numbers": (
        "FUMANBA-1 and FUMANBA-2 (NCT05066646 and NCT05181501, respectively)",
        [("FUMANBA-1",), ("FUMANBA-2",)],
    ),
    "a list of names before a list in shortened form": (
        "FUMANBA-1 and FUMANBA-2 (NCT05066646 and 05181501)",
        [("FUMANBA-1",), ("FUMANBA-2",)],
    ),
    "a name between the name and the bracket": (
        "FUMANBA-1, unlike KEYNOTE-189 (NCT02578680), has ended",
        [("FUMANBA-1",), ("KEYNOTE-189", "NCT02578680")],
    ),
    "a number twice": (
        "FUMANBA-1 (NCT05066646; see NCT05066646)",
        [("FUMANBA-1", FUMANBA)],
    ),
    "no number": ("the FUMANBA-1 study", [("FUMANBA-1",)]),
    "no name": ("registered as NCT05066646", []),
    "no text": ("", []),
}


@pytest.mark.parametrize(("text", "expected"), TIED.values(), ids=TIED)
def test_a_name_gets_the_numbers_that_the_text_gives_it(text, expected):
    assert given_numbers(text) == expected


def test_an_acronym_of_a_record_is_tied_like_any_name():
    record = Record(id=parse(PALLAS), acronym="PALLAS")
    assert given_numbers("In PALLAS (EudraCT 2014-005181-30) most relapsed.", [record]) == [
        ("PALLAS", EUDRACT)
    ]


def test_names_and_mentions_may_come_in_any_order():
    text = "FUMANBA-1 (NCT05066646) and FUMANBA-2 (NCT05181501)"
    known, mentions = names(text), find(text)
    in_order = tied(text, known, mentions)
    assert tied(text, known[::-1], mentions[::-1]) == in_order
    assert [name.start for name in in_order] == sorted(name.start for name in known)


def test_spans_and_texts_of_the_names_stay_as_they_were():
    text = "FUMANBA-1 (NCT05066646)"
    (before,), (after,) = names(text), tied(text, names(text), find(text))
    assert after == before.replace(ids=(parse(FUMANBA),))
    assert isinstance(after, NameMention)


def test_the_seed_article_gives_its_name_both_numbers(seed):
    assert given_numbers(seed) == [("FUMANBA-1", CTR, FUMANBA)]


def test_tied_names_are_borne_by_the_trial_that_the_text_states():
    text = "the FUMANBA-1 clinical study (CTR20192510, NCT05066646) in China"
    named = tied(text, names(text), find(text))
    (trial,) = link(statements=statements(text), names=named)
    assert trial.names == ("FUMANBA-1",)
    assert trial.links[0].beside.text == "FUMANBA-1"


PIECES = st.sampled_from(
    [
        *(FUMANBA, PALLAS, EUDRACT, "FUMANBA-1", "KEYNOTE-189", "FUMANBA-1"),
        *(" (", ") ", "[", "]", ", ", "; ", ". The ", "\n\n", " and "),
    ]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_every_name_is_kept_and_gets_numbers_of_the_text_once_each(text):
    mentions = find(text)
    known = names(text)
    named = tied(text, known, mentions)
    assert [each.replace(ids=()) for each in named] == known
    for each in named:
        assert len({*each.ids}) == len(each.ids)
        assert {*each.ids} <= {*mentions.ids()}


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(lambda n: f"KEYNOTE-189 ({PALLAS}). " * n, id="a bracket each"),
        pytest.param(lambda n: "KEYNOTE-189 " * n + PALLAS, id="many names, one number"),
        pytest.param(lambda n: "KEYNOTE-189 " + f"{PALLAS} " * n, id="one name, many numbers"),
        pytest.param(lambda n: f"(KEYNOTE-189 {PALLAS}; " * n, id="brackets that never end"),
    ],
)
def test_the_cost_grows_with_the_text(made):
    texts = [made(size) for size in (120, 240, 480)]  # longer than a sentence reaches
    assert is_linear(tied, [(text, names(text), find(text)) for text in texts])
