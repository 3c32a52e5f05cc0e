"""Identifiers of a generated text that its sources do not carry."""

from __future__ import annotations

import json
import pickle
from itertools import pairwise, permutations
from pathlib import Path

import accuracy
import pytest
from conftest import FIXTURES
from growth import is_linear
from hypothesis import given, settings
from hypothesis import strategies as st

from trialink import Linker, Resolver, TrialId, Ungrounded, check, find, parse, ungrounded
from trialink.replay import replay

SOURCE = "FUMANBA-1 (CTR20192510, NCT05066646) in China. EudraCT 2015-003324-32; ISRCTN13422891."
WRONG = {"check-digit", "digits-missing", "digits-extra", "placeholder", "out-of-range"}
FILES = accuracy.every_file()
LINKING = sorted((FIXTURES / "linking").glob("*.jsonl"))
TEXTS = {
    **{row["key"]: row["text"] for file in FILES for row in accuracy.texts(file)},
    **{path.stem: path.read_text("utf-8") for path in sorted((FIXTURES / "texts").glob("*.txt"))},
    **{
        f"{path.stem} {case['key']} {place}": text
        for path in LINKING
        for case in map(json.loads, path.read_text("utf-8").splitlines())
        for place, text in enumerate(case["texts"])
    },
}
# Of registries that need nothing else to be believed; one or the other fails its check.
NUMBERS = sorted({str(id) for text in TEXTS.values() for id in find(text).ids() if id.check_digit})


def told(answer, sources=(SOURCE,)):
    return [(each.text, each.code, each.is_stated) for each in ungrounded(answer, sources)]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param("No number at all.", [], id="no number"),
        pytest.param("", [], id="an empty answer"),
        pytest.param("FUMANBA-1 is NCT05066646.", [], id="a number of the source"),
        pytest.param("nct 0506 6646, NTC05066646", [], id="the same number spelt otherwise"),
        pytest.param("It is https://clinicaltrials.gov/study/NCT05066646", [], id="its address"),
        pytest.param(
            "See NCT03361748.", [("NCT03361748", "not-stated", False)], id="another's number"
        ),
        pytest.param(
            "NCT03361748, again NCT03361748.",
            [("NCT03361748", "not-stated", False)] * 2,
            id="each place of a number",
        ),
        pytest.param(
            "See NCT05066647.", [("NCT05066647", "check-digit", False)], id="a wrong check digit"
        ),
        pytest.param(
            "See NCT0506664.", [("NCT0506664", "digits-missing", False)], id="a digit missing"
        ),
        pytest.param(
            "See NCT050666466.", [("NCT050666466", "digits-extra", False)], id="a digit too many"
        ),
        pytest.param(
            "See NCT01234567.", [("NCT01234567", "placeholder", False)], id="a placeholder"
        ),
        pytest.param(
            "See NCT0XXXXXXX.", [("NCT0XXXXXXX", "placeholder", False)], id="a number left open"
        ),
        pytest.param(
            "See NCT95066646.", [("NCT95066646", "out-of-range", False)], id="never issued"
        ),
        pytest.param("See ISRCTN NCT05066646.", [], id="a grounded number under a wrong name"),
        pytest.param("PROSPERO CRD42020123456", [], id="a look-alike"),
        pytest.param(
            "CTR20192599", [("CTR20192599", "not-stated", False)], id="vouched for by the sources"
        ),
        pytest.param("It is CTR20192510.", [], id="vouched for, and stated"),
        pytest.param(
            "2015-003324-33", [("2015-003324-33", "not-stated", False)], id="like a stated one"
        ),
        pytest.param("2016-003324-33 or 030-1234-5678", [], id="digits like no stated number"),
        pytest.param(
            "Placeholder: EU CT 2023-000000-00-00",
            [("2023-000000-00", "placeholder", False)],
            id="one of two readings of one place",
        ),
    ],
)
def test_what_is_ungrounded(answer, expected):
    assert told(answer) == expected


@pytest.mark.parametrize("number", ["NCT05066647", "NCT0506664", "NCT050666466", "NCT01234567"])
def test_a_wrong_number_that_a_source_states_is_told_and_said_to_be_stated(number):
    code = check(f"see {number}")[0].code
    assert told(f"It is {number}.", [f"see {number}"]) == [(number, code, True)]
    assert told(f"It is {number}.", [Linker(None).read(f"see {number}")]) == [(number, code, True)]
    (each,) = ungrounded(f"It is {number}.", [f"see {number}"])
    assert each.message.endswith("A source states it so: look it up before you use it.")


@pytest.mark.parametrize("stated", ["NCT No. 0506664", "ClinicalTrials.gov 0506664"])
def test_a_wrong_number_is_stated_whatever_word_leads_to_it(stated):
    assert told("It is NCT0506664.", [stated]) == [("NCT0506664", "digits-missing", True)]
    assert [each[1:] for each in told(stated, ["see NCT0506664"])] == [("digits-missing", True)]


def test_a_number_that_a_source_gives_without_a_cue_is_stated():
    assert find("CTR20192510") == []
    assert ungrounded("CTR20192510 (NCT05066646) in China", ["CTR20192510", "NCT05066646"]) == []


def test_a_wrong_number_that_a_source_gives_by_itself_is_stated():
    assert find("2015-003324-33") == []
    assert told("EudraCT 2015-003324-33", ["2015-003324-33"]) == [
        ("2015-003324-33", "check-digit", True)
    ]


def test_without_sources_every_number_is_ungrounded():
    assert [each.id for each in ungrounded(SOURCE, [])] == find(SOURCE).ids()


@pytest.mark.parametrize(
    ("answer", "nearest"),
    [
        pytest.param("CTR20192511 in China", ["CTR20192510"], id="one digit changed"),
        pytest.param("CTR20192501 in China", ["CTR20192510"], id="two neighbours swapped"),
        pytest.param("NCT0506664", ["NCT05066646"], id="one digit missing"),
        pytest.param("NCT050666466", ["NCT05066646"], id="one digit too many"),
        pytest.param("NCT05066647", ["NCT05066646"], id="a failed check digit"),
        pytest.param("NCT No. 0506664", ["NCT05066646"], id="a word within"),
        pytest.param("nct_id=0506664", ["NCT05066646"], id="the name of a field"),
        pytest.param(
            "ClinicalTrials.gov: 050666466", ["NCT05066646"], id="the registry's name for a prefix"
        ),
        pytest.param("NCT０５０６６６４", ["NCT05066646"], id="full-width digits"),
        pytest.param("EudraCT 2015-003324-23", ["2015-003324-32"], id="signs do not count"),
        pytest.param("EudraCT 2015-00332-32", ["2015-003324-32"], id="a short group"),
        pytest.param("ISRCTN13422881", ["ISRCTN13422891"], id="a registry without check digits"),
        pytest.param("CTR20192501, CTR20192601 in China", ["CTR20192510"], id="not two places"),
        pytest.param("NCT03361748", [], id="nothing like it"),
    ],
)
def test_numbers_of_the_sources_one_place_away_are_named(answer, nearest):
    (first, *others) = ungrounded(answer, [SOURCE])
    assert [str(id) for id in first.nearest] == nearest
    assert [each.nearest for each in others] == [()] * len(others)
    says = f"The sources state {', '.join(nearest)}, one place away" if nearest else "Leave it out"
    assert says in first.message


def test_numbers_of_another_registry_are_not_near():
    assert ungrounded("ISRCTN05066646", ["NCT05066646"])[0].nearest == ()


RECORDED = "NCT05066646"
WITH_OTHERS = "NCT00000410"


def linked(text):
    with Resolver(transport=replay(FIXTURES), cache=None) as resolver:
        return Linker(resolver).read(text)


PAIR = Linker(None).read("FUMANBA-1 (CTR20192510, NCT05066646) in China")


@pytest.mark.parametrize(
    ("source", "is_grounded"),
    [
        pytest.param("see NCT05066646", True, id="a text"),
        pytest.param("see CTR20192510 in China", False, id="a text with the other number"),
        pytest.param(parse("NCT05066646"), True, id="an identifier"),
        pytest.param(parse("NCT03361748"), False, id="another identifier"),
        pytest.param(find("see nct 05066646")[0], True, id="a mention"),
        pytest.param(PAIR, True, id="a linked text"),
        pytest.param(PAIR.trials[0], True, id="a trial that has both"),
        pytest.param(linked(RECORDED).trials[0].records[0], True, id="a record"),
    ],
)
def test_what_can_be_a_source(source, is_grounded):
    assert (ungrounded("It is NCT05066646.", [source]) == []) is is_grounded


def test_a_record_and_its_trial_state_the_numbers_that_they_declare():
    declared = [
        (record, trial)
        for path in sorted((FIXTURES / "clinicaltrials_gov" / "studies").glob("NCT*.json"))
        for trial in linked(path.stem).trials
        for record in trial.records
        if len(trial.ids) > 1 and record.secondary_ids
    ]
    assert len(declared) >= 3
    for record, trial in declared:
        answer = "; ".join(f"{id.label} {id}" for id in trial.ids)
        assert find(answer).ids() == list(trial.ids)
        assert ungrounded(answer, [record]) == ungrounded(answer, [trial]) == []
        assert len(ungrounded(answer, [str(record.id)])) == len(trial.ids) - 1


def test_a_number_that_is_only_related_is_stated_too():
    document = Linker(None).read("FUMANBA-1 (CTR20192510, NCT05066647) in China")
    (related,) = document.trials[0].related
    assert told(f"It is {related.id}.", [document.trials[0]]) == [
        (str(related.id), "check-digit", True)
    ]


class Frame(list):
    """What pandas and Spark have: iterating over it gives names of columns, or nothing of use."""

    columns = ("text",)


@pytest.mark.parametrize(
    ("sources", "says"),
    [
        pytest.param("NCT05066646", r"takes a list of sources, not str; \[source\]", id="a text"),
        pytest.param(b"NCT05066646", "not bytes", id="bytes"),
        pytest.param(None, "not NoneType", id="None"),
        pytest.param(TrialId("nct", "NCT05066646"), "not TrialId", id="an identifier"),
        pytest.param(PAIR, "not LinkedText", id="a linked text"),
        pytest.param({"a": SOURCE}, "not dict", id="a mapping"),
        pytest.param(PAIR.resolutions, "not Resolutions", id="resolutions, of absent ones too"),
        pytest.param(linked(RECORDED).trials[0].records[0], "not Record", id="a record"),
        pytest.param(Frame([SOURCE]), "takes a list of sources, not Frame", id="a frame"),
        pytest.param([SOURCE, b"x"], "source 1 is bytes: give its text", id="bytes among texts"),
        pytest.param([None], "source 0 is NoneType", id="a missing text"),
        pytest.param([Path("a.txt")], "source 0 is ", id="a path"),
        pytest.param([[SOURCE]], "source 0 is list", id="a list of lists"),
    ],
)
def test_what_cannot_be_sources_is_a_type_error(sources, says):
    with pytest.raises(TypeError, match=says):
        ungrounded("It is NCT05066646.", sources)


@pytest.mark.parametrize("answer", [None, b"NCT05066646", ["NCT05066646"]], ids=repr)
def test_an_answer_is_a_text(answer):
    with pytest.raises(TypeError, match=r"ungrounded\(\)"):
        ungrounded(answer, [SOURCE])


def test_sources_may_be_any_iterable():
    assert ungrounded("NCT05066646", iter([SOURCE])) == ungrounded("NCT05066646", {SOURCE}) == []


def test_it_is_a_value_that_prints_in_one_line():
    (each,) = ungrounded("It is CTR20192501, in\nChina.", [SOURCE])
    assert str(each) == (
        "CTR20192501 [6:17] not-stated: no source states CTR20192501. "
        "The sources state CTR20192510, one place away: write that if it is meant."
    )
    assert Ungrounded.from_dict(json.loads(json.dumps(each.to_dict()))) == each
    assert pickle.loads(pickle.dumps(each)) == each


def test_a_source_that_is_repeated_raises_no_false_alarm():
    alarms = {
        key: [each for each in found if each.code not in WRONG or not each.is_stated]
        for key, text in TEXTS.items()
        if (found := ungrounded(text, [text]))
    }
    assert len(alarms) > 50
    assert {key: told for key, told in alarms.items() if told} == {}


def test_every_number_of_a_text_is_told_where_nothing_states_it():
    for text in TEXTS.values():
        found = ungrounded(text, [])
        assert {mention.start for mention in find(text)} <= {each.start for each in found}, text
        assert not any(each.is_stated for each in found), text
        assert [text[each.start : each.end] for each in found] == [each.text for each in found]
        assert all(one.end <= other.start for one, other in pairwise(found)), text


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(NUMBERS), st.booleans(), max_size=12))
def test_what_the_sources_state_is_told_if_it_is_wrong_and_what_they_lack_always(drawn):
    sources = [f"Registered as {number}." for number in sorted(drawn) if drawn[number]]
    answer = "".join(f"One trial is {parse(number).label} {number}.\n" for number in drawn)
    found = ungrounded(answer, sources)
    codes = {
        number: "check-digit" if parse(number).check_digit == "suspect" else "not-stated"
        for number, is_stated in drawn.items()
        if not is_stated or parse(number).check_digit == "suspect"
    }
    assert [(str(each.id), each.code) for each in found] == [*codes.items()]
    assert [each.is_stated for each in found] == [drawn[number] for number in codes]


def test_the_order_of_the_sources_does_not_matter():
    sources = ["CTR20192510 in China", "CTR20192511 in China", "NCT0506664", PAIR]
    answer = "CTR20192512 in China, NCT0506664, NCT05066647, ISRCTN13422891"
    results = [ungrounded(answer, order) for order in permutations(sources)]
    assert len(results[0]) == 4
    assert all(result == results[0] for result in results)
    assert [str(id) for id in results[0][0].nearest] == ["CTR20192510", "CTR20192511"]


def numbered(count):
    answer = " ".join(f"NCT{13 * (400_000 + place):08}" for place in range(count))
    sources = " ".join(f"NCT{13 * (400_000 + 3 * place):08}" for place in range(count))
    return answer, [sources]


def test_the_time_grows_with_the_texts():
    assert is_linear(ungrounded, [numbered(count) for count in (100, 200, 400)])


def crowded(count):
    """Return numbers each of which has many that differ from it in one place."""
    answer, source = (
        "in China: " + ", ".join(f"CTR2019{2 * place + odd:04}" for place in range(count))
        for odd in (1, 0)
    )
    return answer, [source]


def test_many_numbers_that_are_alike_do_not_slow_it_down():
    assert all(len(each.nearest) >= 5 for each in ungrounded(*crowded(1000)))
    assert is_linear(ungrounded, [crowded(count) for count in (100, 200, 400)])


def changed(printed: str, places: list[int]) -> str:
    place = places[len(places) // 2]
    return f"{printed[:place]}{(int(printed[place]) + 1) % 10}{printed[place + 1 :]}"


def swapped(printed: str, places: list[int]) -> str | None:
    """Return what is printed with its last two unlike neighbours among the digits swapped."""
    for one, two in reversed([*pairwise(places)]):
        if two == one + 1 and printed[one] != printed[two]:
            return f"{printed[:one]}{printed[two]}{printed[one]}{printed[two + 1 :]}"
    return None


def garbled(garble):
    """Yield every third text, one of its mentions, and the text with that one garbled."""
    for text in [*TEXTS.values()][::3]:
        for mention in find(text):
            start, end, printed = mention.start, mention.end, mention.text
            digits = [place for place, sign in enumerate(printed) if sign in "0123456789"]
            own = sum(map(str.isdigit, mention.id.number))  # without the version of an EU CT number
            if mention.repairs or len(digits) < 4:
                continue
            if new := garble(printed, digits[:own]):
                yield text, mention, f"{text[:start]}{new}{text[end:]}"


@pytest.mark.parametrize("garble", [changed, swapped])
def test_most_garbled_numbers_are_told_with_the_true_one_beside_them(garble):
    """Print the shares that docs/grounding.md gives (`-rP`)."""
    told = []
    for text, mention, answer in garbled(garble):
        found = [each for each in ungrounded(answer, [text]) if each.start <= mention.start]
        told.append(any(each.end > mention.start and mention.id in each.nearest for each in found))
    print(f"{garble.__name__}: {sum(told)} of {len(told)} told ({sum(told) / len(told):.1%})")
    assert sum(told) / len(told) >= 0.93
