"""From evidence to trials: what is merged, what never is, and that no order decides.

The numbers are real, but NCT05066647 and 2014-005181-31, whose checks fail; most pairs are put
together for the rule that they show.
"""

from __future__ import annotations

import json
import pickle
from functools import cache
from itertools import combinations

import pytest
from conftest import FIXTURES
from growth import is_linear
from hypothesis import given, settings
from hypothesis import strategies as st

from trialink import (
    Link,
    NameMention,
    Record,
    Span,
    Trial,
    TrialId,
    find,
    link,
    parse,
    statements,
)
from trialink.model.links import GRADES, STRENGTH, RecordField

FUMANBA, CTR, OTHER_NCT, THIRD_NCT = "NCT05066646", "CTR20192510", "NCT02513394", "NCT05813925"
EUDRACT, OTHER_EUDRACT = "2014-005181-30", "2022-003053-66"
CTIS, ISRCTN, DRKS, JRCT = "2022-501515-14", "ISRCTN78805636", "DRKS00005115", "jRCT2031220734"
UTN, OTHER_UTN = "U1111-1277-3764", "U1111-1280-9492"
SUSPECT_NCT, SUSPECT_EUDRACT = "NCT05066647", "2014-005181-31"
SHARED, SAME, SUSPECT = "shared-number", "same-registry", "suspect-number"
TEXT_KINDS = ("same-bracket", "apposition", "registration-sentence", "table-row")


@cache
def an_id(number):
    """The suspect EudraCT number is typed: alone it is not believed."""
    return TrialId("euctr", number) if number == SUSPECT_EUDRACT else parse(number)


def evidence(a, b, kind="same-bracket", by="text"):
    """A link between two numbers, said by a text or by the record of a number."""
    left, right = sorted(map(an_id, (a, b)))
    field = "NCTIdAlias" if kind == "alias" else "SecondaryId"
    where = Span(0, 9, "(A and B)") if by == "text" else RecordField(an_id(by), field, b)
    told = f"The {'text' if by == 'text' else f'record {by}'} gives {left} and {right} somehow."
    return Link(left, right, kind, GRADES[kind], by, where, None, told)


def made(number, *secondary, aliases=(), **fields):
    return Record(
        id=an_id(number),
        aliases=tuple(map(an_id, aliases)),
        secondary_ids=[{"id": value, "type": "REGISTRY"} for value in secondary],
        **fields,
    )


def numbers(trials):
    return [[str(id) for id in trial.ids] for trial in trials]


def related(trials):
    return {
        (trial.key, str(each.id), each.kind, each.reason)
        for trial in trials
        for each in trial.related
    }


def pair(a, b, kind, reason):
    """What both trials tell of a link that was refused."""
    return {(a, b, kind, reason), (b, a, kind, reason)}


MERGED = {
    "a bracket": ([], [evidence(FUMANBA, CTR)], [[FUMANBA, CTR]]),
    "a record that names a number": ([made(OTHER_NCT, EUDRACT)], [], [[OTHER_NCT, EUDRACT]]),
    "two records that name each other": (
        [made(OTHER_NCT, ISRCTN), made(ISRCTN, OTHER_NCT)],
        [],
        [[OTHER_NCT, ISRCTN]],
    ),
    "an obsolete number": (
        [made("NCT02300909", aliases=["NCT02380456"])],
        [],
        [["NCT02300909", "NCT02380456"]],
    ),
    "an obsolete number that a text gives with another": (
        [made("NCT02300909", aliases=["NCT02380456"])],
        [evidence("NCT02380456", ISRCTN)],
        [["NCT02300909", "NCT02380456", ISRCTN]],
    ),
    "two obsolete numbers and a number declared under one": (
        [
            made("NCT02300909", aliases=["NCT02380456", "NCT05712863"]),
            made(ISRCTN, "NCT05712863"),
            made(DRKS, "NCT02380456"),
        ],
        [],
        [["NCT02300909", "NCT02380456", "NCT05712863", ISRCTN, DRKS]],
    ),
    "an obsolete number with a record of its own that is older": (
        [
            made(
                "NCT02300909",
                EUDRACT,
                aliases=["NCT02380456"],
                first_submitted_date="2014",
                data_date="2024-12-16",
            ),
            made("NCT02380456", ISRCTN, first_submitted_date="2014-11", data_date="2015-01-02"),
        ],
        [],
        [["NCT02300909", "NCT02380456", ISRCTN, EUDRACT]],
    ),
    "a chain over records and texts": (
        [made(OTHER_NCT, EUDRACT)],
        [evidence(EUDRACT, ISRCTN), evidence(ISRCTN, DRKS, "table-row")],
        [[OTHER_NCT, ISRCTN, EUDRACT, DRKS]],
    ),
    "a suspect number that a record names": (
        [made(OTHER_NCT, f"EudraCT {SUSPECT_EUDRACT}")],
        [],
        [[OTHER_NCT, SUSPECT_EUDRACT]],
    ),
    "a transition from one European register to the next": (
        [],
        [evidence(EUDRACT, CTIS, "register-transition", OTHER_NCT)],
        [[EUDRACT, CTIS]],
    ),
    "two records of two registers, one of which took over the other's trials": (
        [made(CTIS, f"EudraCT {EUDRACT}")],
        [],
        [[CTIS, EUDRACT]],
    ),
    "a Universal Trial Number that a record names": ([made(FUMANBA, UTN)], [], [[FUMANBA, UTN]]),
    "a Universal Trial Number beside two numbers that are joined": (
        [made(THIRD_NCT, JRCT, UTN)],
        [evidence(JRCT, UTN)],
        [[THIRD_NCT, JRCT, UTN]],
    ),
    "a Universal Trial Number beside two numbers that a text joins": (
        [made(FUMANBA, UTN), made(DRKS, UTN)],
        [evidence(FUMANBA, DRKS, "apposition")],
        [[FUMANBA, DRKS, UTN]],
    ),
}


@pytest.mark.parametrize(("records", "said", "expected"), MERGED.values(), ids=MERGED)
def test_evidence_makes_one_trial(records, said, expected):
    trials = link(records, said)
    assert numbers(trials) == expected
    assert related(trials) == set()


def test_the_sentence_that_must_be_handled_perfectly():
    text = "It rests on the FUMANBA-1 clinical study (CTR20192510, NCT05066646), run in China."
    mentions = find(text)
    (trial,) = link([made(FUMANBA)], statements(text), ids=mentions.ids())
    assert (trial.key, trial.ids) == (FUMANBA, (parse(FUMANBA), parse(CTR)))
    assert trial.weakest_link == "same-bracket"
    assert trial.links[0].explanation == (
        "The text gives CTR20192510 and NCT05066646 in one bracket (characters 41 to 67) beside "
        "the trial name FUMANBA-1. No registry record that was read declares it."
    )
    assert trial.related == ()


def test_a_typing_error_in_that_sentence_keeps_the_two_apart():
    text = "It rests on the FUMANBA-1 clinical study (CTR20192510, NCT05066647), run in China."
    mentions = find(text)
    trials = link([], statements(text), ids=mentions.ids(), absent=[an_id(SUSPECT_NCT)])
    assert numbers(trials) == [[SUSPECT_NCT], [CTR]]
    assert related(trials) == pair(SUSPECT_NCT, CTR, "same-bracket", SUSPECT)
    assert all(trial.links == () and trial.weakest_link is None for trial in trials)


REFUSED = {
    "a number whose check fails, by a text": (
        [],
        [evidence(OTHER_NCT, SUSPECT_EUDRACT, "apposition")],
        [[OTHER_NCT], [SUSPECT_EUDRACT]],
        pair(OTHER_NCT, SUSPECT_EUDRACT, "apposition", SUSPECT),
    ),
    "two numbers of one registry, by a text": (
        [],
        [evidence(FUMANBA, OTHER_NCT)],
        [[OTHER_NCT], [FUMANBA]],
        pair(FUMANBA, OTHER_NCT, "same-bracket", SAME),
    ),
    "two records of one registry that name each other": (
        [made(FUMANBA, OTHER_NCT), made(OTHER_NCT, FUMANBA)],
        [],
        [[OTHER_NCT], [FUMANBA]],
        pair(FUMANBA, OTHER_NCT, "declared-by-both", SAME),
    ),
    "one number that two records name": (
        [made(FUMANBA, ISRCTN), made(OTHER_NCT, ISRCTN)],
        [],
        [[OTHER_NCT], [FUMANBA], [ISRCTN]],
        pair(FUMANBA, ISRCTN, "declared-by-one", SHARED)
        | pair(OTHER_NCT, ISRCTN, "declared-by-one", SHARED),
    ),
    "one number that two records name, and a third of another registry": (
        [made(FUMANBA, ISRCTN), made(OTHER_NCT, ISRCTN), made(DRKS, ISRCTN)],
        [],
        [[OTHER_NCT], [FUMANBA], [ISRCTN], [DRKS]],
        pair(FUMANBA, ISRCTN, "declared-by-one", SHARED)
        | pair(OTHER_NCT, ISRCTN, "declared-by-one", SHARED)
        | pair(DRKS, ISRCTN, "declared-by-one", SHARED),
    ),
    "one number that several records name while its own record names one of them": (
        [made(FUMANBA, ISRCTN), made(OTHER_NCT, ISRCTN), made(ISRCTN, FUMANBA)],
        [],
        [[OTHER_NCT], [FUMANBA, ISRCTN]],
        {
            (OTHER_NCT, ISRCTN, "declared-by-one", SHARED),
            (FUMANBA, OTHER_NCT, "declared-by-one", SHARED),
        },
    ),
    "a shared number that a text gives with one of its claimants": (
        [made(FUMANBA, ISRCTN), made(OTHER_NCT, ISRCTN)],
        [evidence(FUMANBA, ISRCTN)],
        [[OTHER_NCT], [FUMANBA], [ISRCTN]],
        pair(FUMANBA, ISRCTN, "declared-by-one", SHARED)
        | pair(OTHER_NCT, ISRCTN, "declared-by-one", SHARED)
        | pair(FUMANBA, ISRCTN, "same-bracket", SHARED),
    ),
    "a shared number that comes back by way of a third": (
        [],
        [
            evidence(FUMANBA, CTIS),
            evidence(FUMANBA, DRKS),
            evidence(DRKS, CTIS),
            evidence(OTHER_NCT, CTIS),
        ],
        [[OTHER_NCT], [FUMANBA, DRKS], [CTIS]],
        {(FUMANBA, CTIS, "same-bracket", SHARED), (OTHER_NCT, CTIS, "same-bracket", SHARED)}
        | {(CTIS, each, "same-bracket", SHARED) for each in (FUMANBA, DRKS, OTHER_NCT)},
    ),
    "one number beside two numbers of one registry": (
        [],
        [evidence(FUMANBA, ISRCTN), evidence(OTHER_NCT, ISRCTN, "apposition")],
        [[OTHER_NCT], [FUMANBA], [ISRCTN]],
        pair(FUMANBA, ISRCTN, "same-bracket", SHARED)
        | pair(OTHER_NCT, ISRCTN, "apposition", SHARED),
    ),
    "one record that names two numbers of one registry, and one of another": (
        [made(OTHER_NCT, EUDRACT, OTHER_EUDRACT, ISRCTN)],
        [],
        [[OTHER_NCT, ISRCTN], [EUDRACT], [OTHER_EUDRACT]],
        pair(OTHER_NCT, EUDRACT, "declared-by-one", SAME)
        | pair(OTHER_NCT, OTHER_EUDRACT, "declared-by-one", SAME),
    ),
    "a record that names a number and a typing error of it": (
        [made(OTHER_NCT, f"EudraCT {EUDRACT}", f"EudraCT {SUSPECT_EUDRACT}")],
        [],
        [[OTHER_NCT, EUDRACT], [SUSPECT_EUDRACT]],
        pair(OTHER_NCT, SUSPECT_EUDRACT, "declared-by-one", SUSPECT),
    ),
    "a text that takes up one of two numbers that a record names": (
        [made(OTHER_NCT, EUDRACT, OTHER_EUDRACT)],
        [evidence(OTHER_NCT, EUDRACT)],
        [[OTHER_NCT], [EUDRACT], [OTHER_EUDRACT]],
        pair(OTHER_NCT, EUDRACT, "declared-by-one", SAME)
        | pair(OTHER_NCT, EUDRACT, "same-bracket", SAME)
        | pair(OTHER_NCT, OTHER_EUDRACT, "declared-by-one", SAME),
    ),
    "a text against a record": (
        [made(OTHER_NCT, EUDRACT)],
        [evidence(FUMANBA, EUDRACT)],
        [[OTHER_NCT, EUDRACT], [FUMANBA]],
        {
            (OTHER_NCT, FUMANBA, "same-bracket", SHARED),
            (FUMANBA, EUDRACT, "same-bracket", SHARED),
        },
    ),
    "a text that would join two trials of records": (
        [made(OTHER_NCT, EUDRACT), made(FUMANBA, ISRCTN)],
        [evidence(EUDRACT, ISRCTN)],
        [[OTHER_NCT, EUDRACT], [FUMANBA, ISRCTN]],
        {(OTHER_NCT, ISRCTN, "same-bracket", SAME), (FUMANBA, EUDRACT, "same-bracket", SAME)},
    ),
    "a chain from one number to another of its registry": (
        [],
        [evidence(OTHER_NCT, EUDRACT), evidence(EUDRACT, ISRCTN), evidence(ISRCTN, FUMANBA)],
        [[OTHER_NCT], [FUMANBA], [ISRCTN], [EUDRACT]],
        pair(OTHER_NCT, EUDRACT, "same-bracket", SAME)
        | pair(EUDRACT, ISRCTN, "same-bracket", SAME)
        | pair(ISRCTN, FUMANBA, "same-bracket", SAME),
    ),
    "a text that takes up a link of such a chain": (
        [made(OTHER_NCT, EUDRACT), made(ISRCTN, f"EudraCT {EUDRACT}"), made(FUMANBA, ISRCTN)],
        [evidence(OTHER_NCT, EUDRACT)],
        [[OTHER_NCT], [FUMANBA], [ISRCTN], [EUDRACT]],
        pair(OTHER_NCT, EUDRACT, "declared-by-one", SAME)
        | pair(EUDRACT, ISRCTN, "declared-by-one", SAME)
        | pair(ISRCTN, FUMANBA, "declared-by-one", SAME)
        | pair(OTHER_NCT, EUDRACT, "same-bracket", SAME),
    ),
    "a number that shares its registry with one and two others with it": (
        [],
        [
            evidence(OTHER_NCT, EUDRACT),
            evidence(OTHER_NCT, OTHER_EUDRACT),
            evidence(OTHER_NCT, FUMANBA),
        ],
        [[OTHER_NCT], [FUMANBA], [EUDRACT], [OTHER_EUDRACT]],
        pair(OTHER_NCT, EUDRACT, "same-bracket", SHARED)
        | pair(OTHER_NCT, OTHER_EUDRACT, "same-bracket", SHARED)
        | pair(OTHER_NCT, FUMANBA, "same-bracket", SAME),
    ),
    "a parent study that two records of its registry name": (
        [made(OTHER_NCT, FUMANBA), made(THIRD_NCT, FUMANBA)],
        [evidence(FUMANBA, CTR)],
        [[OTHER_NCT], [FUMANBA, CTR], [THIRD_NCT]],
        pair(OTHER_NCT, FUMANBA, "declared-by-one", SAME)
        | pair(THIRD_NCT, FUMANBA, "declared-by-one", SAME),
    ),
    "a Universal Trial Number that two trials claim": (
        [made(FUMANBA, UTN), made(DRKS, UTN)],
        [],
        [[FUMANBA], [DRKS], [UTN]],
        pair(FUMANBA, UTN, "declared-by-one", SHARED) | pair(DRKS, UTN, "declared-by-one", SHARED),
    ),
    "a Universal Trial Number that a text gives to a second trial": (
        [made(FUMANBA, UTN)],
        [evidence(DRKS, UTN)],
        [[FUMANBA, UTN], [DRKS]],
        {(FUMANBA, DRKS, "same-bracket", SHARED), (DRKS, UTN, "same-bracket", SHARED)},
    ),
    "two Universal Trial Numbers in one record": (
        [made(FUMANBA, UTN, OTHER_UTN, DRKS)],
        [],
        [[FUMANBA, DRKS], [UTN], [OTHER_UTN]],
        pair(FUMANBA, UTN, "declared-by-one", SAME)
        | pair(FUMANBA, OTHER_UTN, "declared-by-one", SAME),
    ),
    "an obsolete number with a record of its own": (
        [made("NCT02300909", aliases=["NCT02380456"]), made("NCT02380456", ISRCTN)],
        [],
        [["NCT02300909"], ["NCT02380456", ISRCTN]],
        pair("NCT02300909", "NCT02380456", "alias", "live-number"),
    ),
    "an obsolete number with a record of its own that is newer": (
        [
            made("NCT02300909", aliases=["NCT02380456"], data_date="2024-12-16"),
            made("NCT02380456", data_date="2025-05-07"),
        ],
        [],
        [["NCT02300909"], ["NCT02380456"]],
        pair("NCT02300909", "NCT02380456", "alias", "live-number"),
    ),
    "an obsolete number that two records list": (
        [
            made(OTHER_NCT, aliases=["NCT02380456"]),
            made(FUMANBA, aliases=["NCT02380456"]),
            made(ISRCTN, "NCT02380456"),
        ],
        [],
        [[OTHER_NCT], [FUMANBA], [ISRCTN, "NCT02380456"]],
        {
            (OTHER_NCT, "NCT02380456", "alias", SHARED),
            (FUMANBA, "NCT02380456", "alias", SHARED),
            (ISRCTN, OTHER_NCT, "alias", SHARED),
            (ISRCTN, FUMANBA, "alias", SHARED),
        },
    ),
    "a name that two trials share": (
        [],
        [evidence(FUMANBA, ISRCTN, "same-name")],
        [[FUMANBA], [ISRCTN]],
        pair(FUMANBA, ISRCTN, "same-name", "weak-evidence"),
    ),
}


@pytest.mark.parametrize(("records", "said", "expected", "refused"), REFUSED.values(), ids=REFUSED)
def test_what_must_not_be_fused_stays_apart_and_is_told_on_both_sides(
    records, said, expected, refused
):
    trials = link(records, said)
    assert numbers(trials) == expected
    assert related(trials) == refused


def test_an_absent_number_joins_nothing_by_a_text():
    said, absent = [evidence(FUMANBA, CTR)], [parse(FUMANBA)]
    trials = link([], said, absent=absent)
    assert numbers(trials) == [[FUMANBA], [CTR]]
    assert related(trials) == pair(FUMANBA, CTR, "same-bracket", "absent-number")
    assert numbers(link([], said, absent=[parse(OTHER_NCT)])) == [[FUMANBA, CTR]]


def test_an_absent_number_that_a_record_names_is_joined():
    (trial,) = link([made(ISRCTN, FUMANBA)], absent=[parse(FUMANBA)])
    assert numbers([trial]) == [[ISRCTN, FUMANBA]]


def test_a_text_about_numbers_that_a_record_joined_counts_as_evidence_even_if_one_is_suspect():
    said = [evidence(OTHER_NCT, SUSPECT_EUDRACT)]
    (trial,) = link([made(OTHER_NCT, f"EudraCT {SUSPECT_EUDRACT}")], said)
    assert [each.kind for each in trial.links] == ["declared-by-one", "same-bracket"]
    assert trial.weakest_link == "declared-by-one"
    assert trial.related == ()


LADDER = [made(OTHER_NCT, EUDRACT, aliases=["NCT02380456"])]
ACCEPTED = {  # of an alias, a declaration, a bracket and a shared name, in a chain
    "certain": ("certain", ["alias"]),
    "declared": ("declared", ["alias", "declared-by-one"]),
    "stated": ("stated", ["alias", "declared-by-one", "same-bracket"]),
    "weak": ("weak", ["alias", "declared-by-one", "same-bracket", "same-name"]),
    "a kind and all that is stronger": ("declared-by-one", ["alias", "declared-by-one"]),
    "the first of the stated kinds": (
        "same-bracket",
        ["alias", "declared-by-one", "same-bracket"],
    ),
    "a list of one grade": (["stated"], ["same-bracket"]),
    "a set of a grade and a kind": ({"certain", "same-name"}, ["alias", "same-name"]),
    "nothing": ((), []),
}


@pytest.mark.parametrize(("accept", "expected"), ACCEPTED.values(), ids=ACCEPTED)
def test_accept_takes_grades_and_kinds(accept, expected):
    said = [evidence(EUDRACT, ISRCTN), evidence(ISRCTN, DRKS, "same-name")]
    trials = link(LADDER, said, accept=accept)
    kinds = [each.kind for trial in trials for each in trial.links]
    assert sorted(kinds, key=STRENGTH.__getitem__) == expected
    assert len(trials) == 5 - len(expected)
    refused = {each.kind for trial in trials for each in trial.related}
    assert refused == {"alias", "declared-by-one", "same-bracket", "same-name"} - {*expected}
    assert {each.reason for trial in trials for each in trial.related} <= {"weak-evidence"}


@pytest.mark.parametrize("unknown", ["strong", ["stated", "strong"], "Stated", ""])
def test_an_unknown_grade_is_refused_with_the_known_ones(unknown):
    with pytest.raises(ValueError, match=r"certain, declared, stated, weak, alias.*similar-title"):
        link(accept=unknown)


PREFERRED = {
    "the number whose record was read": ([made(ISRCTN)], ISRCTN),
    "of two records the earlier": (
        [
            made(OTHER_NCT, first_submitted_date="2015-07-29"),
            made(ISRCTN, first_submitted_date="2015-07-28"),
        ],
        ISRCTN,
    ),
    "a date before a missing one": (
        [made(OTHER_NCT), made(ISRCTN, first_submitted_date="2015-07-28")],
        ISRCTN,
    ),
    "of two records of one day the first in the catalogue": (
        [
            made(ISRCTN, first_submitted_date="2015-07-28"),
            made(OTHER_NCT, first_submitted_date="2015-07-28"),
        ],
        OTHER_NCT,
    ),
    "of no record the first in the catalogue": ([], OTHER_NCT),
    "records of other trials do not count": ([made(FUMANBA)], OTHER_NCT),
}


@pytest.mark.parametrize(("records", "expected"), PREFERRED.values(), ids=PREFERRED)
def test_the_preferred_number_leads_and_the_others_follow_the_catalogue(records, expected):
    said = [
        evidence(EUDRACT, DRKS),
        evidence(DRKS, OTHER_NCT),
        evidence(ISRCTN, OTHER_NCT),
        evidence(CTR, OTHER_NCT),
    ]
    trial = next(each for each in link(records, said) if len(each.ids) > 1)
    rest = [OTHER_NCT, ISRCTN, EUDRACT, DRKS, CTR]
    rest.remove(expected)
    assert numbers([trial]) == [[expected, *rest]]
    assert (trial.key, str(trial.preferred)) == (expected, expected)


def test_records_stand_in_their_trial_the_preferred_first():
    late = made(OTHER_NCT, ISRCTN, first_submitted_date="2020-01-01")
    early = made(ISRCTN, first_submitted_date="2019-01-01")
    (trial,) = link([late, early])
    assert trial.records == (early, late)


def named(name, *ids, start=0):
    return NameMention(start, start + len(name), name, tuple(map(an_id, ids)))


NAMES = {
    "a name given with one of the numbers": ([], [named("FUMANBA-1", CTR)], ("FUMANBA-1",)),
    "the acronym of a record": ([made(FUMANBA, acronym="FUMANBA-1")], [], ("FUMANBA-1",)),
    "one spelling of each, the first in the text": (
        [made(FUMANBA, acronym="FUMANBA-1")],
        [named("Fumanba-1", CTR, start=9), named("FUMANBA-1", FUMANBA, start=40)],
        ("Fumanba-1",),
    ),
    "names in the order of the text, then acronyms": (
        [made(FUMANBA, acronym="ZEBRA")],
        [
            named("SECOND", CTR, start=20),
            named("FIRST", FUMANBA, CTR, start=3),
            named("second", CTR, start=60),
        ],
        ("FIRST", "SECOND", "ZEBRA"),
    ),
    "names without numbers or with those of other trials": (
        [],
        [named("PALLAS", OTHER_NCT), named("NOWHERE")],
        (),
    ),
}


@pytest.mark.parametrize(("records", "names", "expected"), NAMES.values(), ids=NAMES)
def test_a_trial_bears_the_names_given_with_its_numbers(records, names, expected):
    trials = link(records, [evidence(FUMANBA, CTR)], names=names)
    assert next(each for each in trials if each.key == FUMANBA).names == expected


def test_a_name_with_two_numbers_that_stay_apart_is_borne_by_both():
    trials = link(ids=map(parse, [FUMANBA, ISRCTN]), names=[named("RESTORE", FUMANBA, ISRCTN)])
    assert [(trial.key, trial.names) for trial in trials] == [
        (FUMANBA, ("RESTORE",)),
        (ISRCTN, ("RESTORE",)),
    ]


WEAKEST = {
    "one number": ([], None),
    "the only link": ([evidence(FUMANBA, CTR, "apposition")], "apposition"),
    "the stronger of two links": (
        [evidence(FUMANBA, CTR, "apposition"), evidence(FUMANBA, CTR)],
        "same-bracket",
    ),
    "the weaker of two that are both needed": (
        [evidence(FUMANBA, CTR), evidence(CTR, ISRCTN, "registration-sentence")],
        "registration-sentence",
    ),
    "the strongest way round": (
        [
            evidence(FUMANBA, CTR),
            evidence(CTR, ISRCTN, "apposition"),
            evidence(FUMANBA, ISRCTN, "table-row"),
        ],
        "apposition",
    ),
}


@pytest.mark.parametrize(("said", "expected"), WEAKEST.values(), ids=WEAKEST)
def test_the_weakest_link_is_the_weakest_without_which_the_trial_falls_apart(said, expected):
    (trial,) = link(statements=said, ids=[parse(FUMANBA)])
    assert trial.weakest_link == expected
    assert len(trial.links) == len(said)
    assert [each.strength for each in trial.links] == sorted(each.strength for each in said)


def test_a_link_that_joined_nothing_is_no_weakest_link():
    said = [evidence("NCT02380456", ISRCTN), evidence("NCT02300909", ISRCTN, "apposition")]
    records = [made("NCT02300909", aliases=["NCT02380456"])]
    (trial,) = link(records, said, absent=[parse("NCT02380456")])
    assert [each.kind for each in trial.links] == ["alias", "same-bracket", "apposition"]
    assert trial.weakest_link == "apposition"


def test_why_leads_from_one_number_to_another():
    (trial,) = link([made(OTHER_NCT, EUDRACT)], [evidence(EUDRACT, ISRCTN)])
    assert [each.kind for each in trial.why(OTHER_NCT, ISRCTN)] == [
        "declared-by-one",
        "same-bracket",
    ]


def test_why_names_the_weakest_step():
    (trial,) = link([made(OTHER_NCT, EUDRACT)], [evidence(EUDRACT, ISRCTN)])
    assert trial.why(OTHER_NCT, ISRCTN).weakest == trial.links[1]
    assert trial.why(OTHER_NCT, EUDRACT).weakest == trial.links[0]
    assert (trial.why(ISRCTN, ISRCTN), trial.why(ISRCTN, ISRCTN).weakest) == ((), None)
    assert str(trial.why(ISRCTN, EUDRACT)) == str(trial.links[1])


def test_why_tells_what_keeps_two_numbers_apart():
    fumanba, isrctn = link([made(FUMANBA), made(ISRCTN)], [evidence(FUMANBA, ISRCTN, "same-name")])
    for why in (fumanba.why(FUMANBA, ISRCTN), fumanba.why(parse(ISRCTN), parse(FUMANBA))):
        assert why == ()
        assert why.related == fumanba.related
        assert str(why) == f"not merged with {ISRCTN}: same-name (weak), weak-evidence"
    assert pickle.loads(pickle.dumps(why)).related == why.related
    with pytest.raises(KeyError, match=f"{DRKS}.* is no number of trial {ISRCTN}"):
        isrctn.why(ISRCTN, DRKS)


def test_every_number_at_hand_gets_a_trial():
    numbers_at_hand = [FUMANBA, ISRCTN, SUSPECT_NCT]
    trials = link([made(OTHER_NCT)], ids=map(parse, numbers_at_hand), absent=[parse(SUSPECT_NCT)])
    assert numbers(trials) == [[OTHER_NCT], [FUMANBA], [SUSPECT_NCT], [ISRCTN]]
    assert link() == []


def test_a_number_of_a_registry_outside_the_catalogue_comes_last():
    mine = TrialId("mine", "MINE-1")
    left, right = sorted((mine, parse(FUMANBA)))
    said = evidence(FUMANBA, CTR).replace(left=left, right=right)
    (trial,) = link(statements=[said])
    assert trial.ids == (parse(FUMANBA), mine)


def test_the_recorded_studies_make_one_trial_each_but_those_of_one_number():
    folder = FIXTURES / "clinicaltrials_gov" / "studies"
    studies = [json.loads(path.read_text("utf-8"))["study"] for path in folder.glob("*.json")]
    trials = link(map(Record.from_api, studies))
    assert len(trials) == len(studies)
    assert related(trials) == set()
    assert all(
        len(trial.records) == 1 and trial.key == str(trial.records[0].id) for trial in trials
    )


# Any evidence at all, over few numbers, so that it conflicts.
POOL = [
    *(FUMANBA, OTHER_NCT, THIRD_NCT, SUSPECT_NCT, "NCT02380456"),
    *(EUDRACT, OTHER_EUDRACT, SUSPECT_EUDRACT, ISRCTN, "ISRCTN02452400", DRKS, UTN, OTHER_UTN),
]
NCTS = [number for number in POOL if number.startswith("NCT")]
NUMBERS = st.sampled_from(POOL)


@st.composite
def stated_links(draw):
    a, b = draw(st.lists(NUMBERS, min_size=2, max_size=2, unique=True))
    kind = draw(st.sampled_from([*TEXT_KINDS, "same-name", "same-sponsor-number"]))
    return evidence(a, b, kind)


TITLE = "Palbociclib with endocrine therapy in hormone receptor positive early breast cancer"


@st.composite
def records_at_hand(draw):
    own = draw(st.sampled_from([*NCTS, ISRCTN, EUDRACT]))
    others = [number for number in POOL if number != own]
    aliases = draw(st.lists(st.sampled_from([n for n in NCTS if n != own]), max_size=1))
    labelled = [f"EudraCT {n}" if n == SUSPECT_EUDRACT else n for n in others]
    secondary = draw(st.lists(st.sampled_from(labelled), max_size=2, unique=True))
    date = draw(st.sampled_from([None, "2015", "2016-02-03"]))
    return made(
        own,
        *secondary,
        aliases=aliases if own in NCTS else (),
        first_submitted_date=date,
        acronym=draw(st.sampled_from([None, "PALLAS-1", "Pallas-1"])),
        sponsor_number=draw(st.sampled_from([None, "NN9838-4762"])),
        lead_sponsor="Novo Nordisk",
        brief_title=draw(st.sampled_from([None, TITLE, f"Extension study: {TITLE}"])),
        expanded_access=draw(st.sampled_from([None, an_id(THIRD_NCT)])),
        data_date=draw(st.sampled_from([None, "2015-01-02", "2024-12-16"])),
    )


@st.composite
def evidence_sets(draw):
    ids = draw(st.lists(NUMBERS, max_size=5))
    names = [
        named(draw(st.sampled_from(["PALLAS", "pallas", "FUMANBA-1"])), *ids[:2], start=place)
        for place in range(draw(st.integers(0, 3)))
    ]
    return {
        "records": draw(st.lists(records_at_hand(), max_size=4)),
        "statements": draw(st.lists(stated_links(), max_size=10)),
        "ids": [an_id(number) for number in ids],
        "names": names,
        "absent": [an_id(number) for number in draw(st.lists(NUMBERS, max_size=2))],
    }


PROPERTY = settings(max_examples=50, deadline=None)


@PROPERTY
@given(evidence_sets(), st.randoms(use_true_random=False))
def test_no_order_decides_anything(given_evidence, random):
    shuffled = {name: random.sample(items, len(items)) for name, items in given_evidence.items()}
    again = {name: [*items, *items] for name, items in given_evidence.items()}
    assert link(**shuffled) == link(**again) == link(**given_evidence)


@PROPERTY
@given(evidence_sets())
def test_every_number_is_in_exactly_one_trial_and_every_link_is_told(given_evidence):
    trials = link(**given_evidence)
    held = [id for trial in trials for id in trial.ids]
    assert len(held) == len({*held})
    assert {*given_evidence["ids"]} <= {*held}
    assert {record.id for record in given_evidence["records"]} <= {*held}
    trial_of = {id: trial for trial in trials for id in trial.ids}
    for each in given_evidence["statements"]:
        ends = trial_of[each.left], trial_of[each.right]
        if ends[0] is ends[1]:
            same = [(link.left, link.right, link.kind) for link in ends[0].links]
            assert (each.left, each.right, each.kind) in same
        else:
            told = {(other.id, other.kind) for other in ends[0].related}
            assert (each.right, each.kind) in told
            assert (each.left, each.kind) in {(it.id, it.kind) for it in ends[1].related}


@PROPERTY
@given(evidence_sets())
def test_two_numbers_of_one_registry_are_one_trial_by_aliases_alone(given_evidence):
    for trial in link(**given_evidence):
        aliases = [each for each in trial.links if each.kind == "alias"]
        for a, b in combinations(trial.ids, 2):
            if a.registry == b.registry:
                assert b in reached(a, aliases)


@PROPERTY
@given(evidence_sets())
def test_every_trial_is_held_together_by_its_links_down_to_the_weakest(given_evidence):
    trials = link(**given_evidence)
    undisputed = not any(trial.related for trial in trials)
    for trial in trials:
        limit = -1 if trial.weakest_link is None else STRENGTH[trial.weakest_link]
        needed = [each for each in trial.links if each.strength <= limit]
        assert reached(trial.preferred, needed) == {*trial.ids}
        assert trial.weakest_link is None or GRADES[trial.weakest_link] != "weak"
        doubted = {id for id in trial.ids if id.check_digit == "suspect"}
        if undisputed and limit >= 0 and not doubted.union(given_evidence["absent"]):
            stronger = [each for each in needed if each.strength < limit]
            assert reached(trial.preferred, stronger) != {*trial.ids}


@PROPERTY
@given(evidence_sets())
def test_numbers_that_are_suspect_or_absent_are_joined_by_records_alone(given_evidence):
    for trial in link(**given_evidence):
        by_records = [each for each in trial.links if each.asserted_by != "text"]
        for id in trial.ids:
            if id.check_digit == "suspect" or id in given_evidence["absent"]:
                assert len(trial.ids) == 1 or len(reached(id, by_records)) > 1


@PROPERTY
@given(evidence_sets())
def test_a_universal_trial_number_alone_joins_no_two_numbers(given_evidence):
    for trial in link(**given_evidence):
        others = [id for id in trial.ids if id.registry != "utn"]
        without = [
            each for each in trial.links if "utn" not in (each.left.registry, each.right.registry)
        ]
        if others:
            assert {*others} <= reached(others[0], without)


@PROPERTY
@given(evidence_sets())
def test_trials_survive_their_json(given_evidence):
    for trial in link(**given_evidence):
        form = json.loads(json.dumps(trial.to_dict()))
        assert Trial.from_dict(form) == trial


def reached(start, links):
    """The ids that links lead to from one."""
    found, open_ids = {start}, [start]
    while open_ids:
        here = open_ids.pop()
        for each in links:
            if here in (each.left, each.right) and each.other(here) not in found:
                found.add(each.other(here))
                open_ids.append(each.other(here))
    return found


def nct(place):
    return TrialId("nct", f"NCT{(100_000 + place) * 13:08d}")


def isrctn(place):
    return TrialId("isrctn", f"ISRCTN{10_000_000 + place}")


def said_of(a, b):
    left, right = sorted((a, b))
    return evidence(FUMANBA, ISRCTN).replace(left=left, right=right)


GROWING = {
    "numbers alone": lambda n: {"ids": [nct(i) for i in range(n)]},
    "pairs": lambda n: {"statements": [said_of(nct(i), isrctn(i)) for i in range(n)]},
    "one number with all others": lambda n: {
        "statements": [said_of(nct(i), isrctn(0)) for i in range(n)]
    },
    "one pair again and again": lambda n: {
        "statements": [
            said_of(nct(0), isrctn(0)).replace(where=Span(i, i + 9, "(A and B)")) for i in range(n)
        ]
    },
    "one long chain": lambda n: {
        "statements": [said_of(nct((i + 1) // 2), isrctn(i // 2)) for i in range(n)]
    },
    "records with a statement each": lambda n: {
        "records": [Record(id=nct(i), secondary_ids=[{"id": str(isrctn(i))}]) for i in range(n)],
        "statements": [said_of(nct(i), isrctn(i)) for i in range(n)],
    },
    "records that are alike": lambda n: {
        "records": [
            Record(
                id=nct(i),
                acronym=f"NAME-{i // 2}",
                sponsor_number=f"NN9838-{i // 3}",
                lead_sponsor="Novo Nordisk",
                brief_title=f"{TITLE} in unit {i // 2}, an extension study",
            )
            for i in range(n)
        ],
    },
    "names": lambda n: {
        "ids": [nct(i) for i in range(n)],
        "names": [NameMention(i, i + 6, "PALLAS", (nct(i),)) for i in range(n)],
    },
}


@pytest.mark.parametrize("grown", GROWING.values(), ids=GROWING)
def test_the_cost_grows_with_the_evidence(grown):
    cases = [(grown(size),) for size in (100, 200, 400)]
    assert is_linear(lambda evidence: link(**evidence), cases)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"ids": ["NCT05066646"]}, r"link\(ids=\) takes TrialId, not str"),
        ({"absent": ["NCT05066647"]}, r"link\(absent=\) takes TrialId, not str"),
        ({"ids": [TrialId]}, r"link\(ids=\) takes TrialId, not"),
        ({"statements": ["x"]}, r"link\(statements=\) takes Link, not str"),
        ({"records": ["x"]}, "records are Record, not str"),
    ],
)
def test_what_is_of_another_type_is_refused(given, says):
    with pytest.raises(TypeError, match=says):
        link(**given)
