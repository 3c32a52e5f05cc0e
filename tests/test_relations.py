"""What belongs together without being one trial, and what records share by chance.

The numbers are real, and so are the four records on expanded access; titles, sponsors and the rest
are put together for the rule that they show.
"""

from __future__ import annotations

import pytest

from trialink import Record, TrialId, link, parse
from trialink.model.links import RELATIONS
from trialink.sources.cues import reversed_relation, said_in_titles

MAIN, LATER, ISRCTN, DRKS = "NCT02513394", "NCT05066646", "ISRCTN78805636", "DRKS00005115"
EUDRACT = "2014-005181-30"
TITLE = "Palbociclib with endocrine therapy in hormone receptor positive early breast cancer"


def made(number, *secondary, **fields):
    entries = [dict(zip(("id", "domain"), (*each, None)[:2], strict=True)) for each in secondary]
    return Record(id=parse(number), secondary_ids=entries, **fields)


def told(records, **options):
    """Everything related of every trial, as (key, number, kind, reason)."""
    return {
        (trial.key, str(each.id), each.kind, each.reason)
        for trial in link(records, **options)
        for each in trial.related
    }


def both(a, b, kind, relation):
    """What both trials tell of each other: b is a `relation` of a."""
    return {(a, b, kind, relation), (b, a, kind, reversed_relation(relation))}


ONE = "declared-by-one"
RELATED = {
    "expanded access, in a field": (
        [made("NCT05693090", expanded_access=parse("NCT04809233"))],
        both("NCT05693090", "NCT04809233", ONE, "expanded-access"),
    ),
    "one record on expanded access to a product of two trials": (
        [
            made("NCT05326516", expanded_access=parse("NCT05918913")),
            made("NCT05406817", expanded_access=parse("NCT05918913")),
        ],
        both("NCT05326516", "NCT05918913", ONE, "expanded-access")
        | both("NCT05406817", "NCT05918913", ONE, "expanded-access"),
    ),
    "a parent, in words beside the number": (
        [made(LATER, (MAIN, "parent study"))],
        both(LATER, MAIN, ONE, "parent"),
    ),
    "a parent, and a title that says more": (
        [made(LATER, (MAIN, "parent study"), brief_title="Roll-over study of a drug")],
        both(MAIN, LATER, ONE, "extension"),
    ),
    "an extension in another registry": (
        [made(ISRCTN, (MAIN,), brief_title=f"Open-label extension of {TITLE}"), made(MAIN)],
        both(MAIN, ISRCTN, ONE, "extension"),
    ),
    "a number in a title": (
        [made(LATER, brief_title=f"Long-term follow-up of participants in {MAIN}")],
        both(MAIN, LATER, ONE, "follow-up"),
    ),
    "a part of a platform": (
        [made(LATER, (f"{MAIN} (master protocol)",))],
        both(MAIN, LATER, ONE, "part"),
    ),
    "a follow-up under the same official title": (
        [
            made(MAIN, official_title=TITLE),
            made(LATER, official_title=TITLE, brief_title="A follow-up study in breast cancer"),
        ],
        both(MAIN, LATER, "similar-title", "follow-up"),
    ),
    "an extension of the same name": (
        [
            made(MAIN, acronym="PALLAS-1", brief_title="A drug"),
            made(ISRCTN, acronym="Pallas 1", brief_title="Extension study of a drug"),
        ],
        both(MAIN, ISRCTN, "same-name", "extension"),
    ),
}


@pytest.mark.parametrize(("records", "expected"), RELATED.values(), ids=RELATED)
def test_what_is_related_is_not_merged_and_both_tell_what_the_other_is(records, expected):
    assert told(records) == expected
    assert told(records[::-1]) == expected
    assert told(records, accept="weak") == expected


def test_a_third_number_does_not_bring_related_trials_together():
    records = [made(ISRCTN, (MAIN, "pilot study")), made(MAIN, (DRKS,)), made(DRKS, (ISRCTN,))]
    trials = link(records)
    assert [[str(id) for id in trial.ids] for trial in trials] == [[MAIN], [ISRCTN], [DRKS]]
    reasons = {each.reason for trial in trials for each in trial.related}
    assert reasons == {"pilot", "pilot-of", "related-trial"}


TITLES = {
    "An open-label extension of a drug": "extension",
    "Extension: a drug in asthma": "extension",
    "Long-term Safety Extension Study": "extension",
    "A rollover protocol for earlier participants": "extension",
    "Ten-year follow-up of a vaccine": "follow-up",
    "A Follow-Up Study": "follow-up",
    "Imaging substudy of a trial": "sub-study",
    "HEM: sub-protocol D of a basket": "part",
    "Expanded access to a drug": "expanded-access",
    "Pooled analysis of two trials": "pooled-analysis",
    "A trial with an open-label extension": None,
    "A randomised trial followed by a long-term extension study": None,
    "Post-market clinical follow-up study of a cage": None,
    "Knee extension after surgery": None,
    "Surgery with two-year follow-up": None,
    "A trial of regular follow-up": None,
    "Patients lost to follow-up": None,
}


@pytest.mark.parametrize(("title", "expected"), TITLES.items())
def test_a_title_says_what_its_record_is_of_another_trial(title, expected):
    assert said_in_titles(title, None) == said_in_titles(None, title) == expected
    assert expected is None or expected in RELATIONS


def test_relations_come_in_pairs():
    assert {reversed_relation(each) for each in RELATIONS} == {*RELATIONS}


SHARED = {
    "a sponsor's number": (
        {"sponsor_number": "NN9838-4762", "lead_sponsor": "Novo Nordisk A/S"},
        "same-sponsor-number",
    ),
    "a name with a number": ({"acronym": "FUMANBA-1"}, "same-name"),
    "a name, and what is treated": ({"acronym": "PALLAS", "conditions": ["Asthma"]}, "same-name"),
    "a title": ({"official_title": TITLE}, "similar-title"),
    "a name on other subjects": ({"acronym": "DREAM"}, None),
    "a kind of treatment as a name": ({"acronym": "CAR-T", "conditions": ["Lymphoma"]}, None),
    "a short number": ({"sponsor_number": "001", "lead_sponsor": "Novo Nordisk A/S"}, None),
    "a word as a number": ({"sponsor_number": "pending", "lead_sponsor": "Novo Nordisk A/S"}, None),
    "a grant": ({"sponsor_number": "R01DK116901", "lead_sponsor": "Novo Nordisk A/S"}, None),
    "a number without a sponsor": ({"sponsor_number": "NN9838-4762"}, None),
    "a boiler-plate title": (
        {"brief_title": "A study of safety and tolerability of single doses in healthy volunteers"},
        None,
    ),
    "a short title": ({"brief_title": "Palbociclib in breast cancer"}, None),
}


@pytest.mark.parametrize(("fields", "kind"), SHARED.values(), ids=SHARED)
def test_what_two_records_share_is_weak_evidence_or_none(fields, kind):
    records = [made(MAIN, **fields), made(ISRCTN, **fields)]
    expected = {(MAIN, ISRCTN, kind, "weak-evidence"), (ISRCTN, MAIN, kind, "weak-evidence")}
    assert told(records) == (expected if kind else set())
    (joined, *rest) = link(records, accept="weak")
    assert (joined.weakest_link, len(rest)) == ((kind, 0) if kind else (None, 1))


@pytest.mark.parametrize("fields", [each for each, kind in SHARED.values() if kind])
def test_what_many_records_share_tells_nothing(fields):
    ids = [TrialId("nct", f"NCT{13 * (100_000 + place):08d}") for place in range(6)]
    assert told([Record(id=id, **fields) for id in ids]) == set()


ALMOST = {
    "a word more": (f"{TITLE}: overall", True),
    "another phase": (f"{TITLE}: phase 2", False),
    "other people": (f"{TITLE} in men", False),
    "another country": (f"{TITLE} in Japan", False),
    "other words": (
        "Ribociclib with endocrine therapy in receptor positive breast tumours",
        False,
    ),
}


@pytest.mark.parametrize(("title", "is_alike"), ALMOST.values(), ids=ALMOST)
def test_titles_are_alike_when_no_word_tells_two_trials_apart(title, is_alike):
    records = [made(MAIN, official_title=TITLE), made(ISRCTN, official_title=title)]
    assert bool(told(records)) is is_alike


def test_different_sponsors_do_not_have_one_number():
    records = [
        made(MAIN, sponsor_number="2021-0037", lead_sponsor="Alpha University Hospital"),
        made(ISRCTN, sponsor_number="2021-0037", lead_sponsor="Beta University Hospital"),
    ]
    assert told(records) == set()


def test_a_sponsors_number_counts_wherever_it_stands():
    records = [
        made(MAIN, sponsor_number="NN9838-4762", lead_sponsor="Novo Nordisk A/S"),
        made(ISRCTN, ("NN 9838 4762",), lead_sponsor="Novo Nordisk"),
    ]
    trials = link(records, accept=["same-sponsor-number"])
    (shared,) = trials[0].links
    assert str(shared) == (
        f"{ISRCTN} = {MAIN}: the records {ISRCTN} and {MAIN} have the same sponsor's number, "
        '"NN 9838 4762".'
    )
    assert shared.asserted_by == ISRCTN
