"""A trial of 13 numbers over 4 registries, through the whole chain.

The study is made up for the test, and its numbers pass their checks: no public record at
hand has so many. Nine older numbers of one registry are aliases, the other three are declared.
"""

from __future__ import annotations

import json

import pytest

from trialink import LinkedText, Linker, Resolver, parse
from trialink.recordings import Recordings
from trialink.replay import ReplayTransport

OWN = "NCT05066646"
ALIASES = tuple(f"NCT{number:08}" for number in range(4_000_009, 4_000_126, 13))
OTHERS = ("2014-005181-30", "jRCT2031220734", "U1111-1277-3764")
STUDY = {
    "protocolSection": {
        "identificationModule": {
            "nctId": OWN,
            "nctIdAliases": [*ALIASES],
            "briefTitle": "A Study With Many Numbers",
            "secondaryIdInfos": [{"id": each, "type": "OTHER"} for each in OTHERS],
        }
    },
    "derivedSection": {"miscInfoModule": {"versionHolder": "2026-08-22"}},
}
TEXT = f"The trial ({OWN}, EudraCT {OTHERS[0]}) was once {ALIASES[4]} and is {OTHERS[1]} in Japan."


@pytest.fixture(scope="module")
def document():
    transport = ReplayTransport(Recordings(studies=[STUDY]))
    with Resolver(transport=transport, cache=None) as resolver:
        return Linker(resolver).read(TEXT)


def test_all_numbers_are_one_trial(document):
    (trial,) = document.trials
    assert [str(id) for id in trial.ids[:2]] == [OWN, ALIASES[0]]
    assert {str(id) for id in trial.ids} == {OWN, *ALIASES, *OTHERS}
    assert {id.registry for id in trial.ids} == {"nct", "euctr", "jrct", "utn"}
    assert trial.is_cross_registered
    assert all(id.check_digit in ("ok", None) for id in trial.ids)


def test_three_are_printed_and_all_are_in_the_json(document):
    (trial,) = document.trials
    heading = f"{OWN} = {ALIASES[0]} = {ALIASES[1]}, +10 more"
    assert repr(trial).startswith(f"<Trial {heading}: 1 record, ")
    assert str(trial).startswith(f"TRIAL {heading}\n")
    assert len(repr(trial)) <= 140
    (form,) = document.to_dict()["trials"]
    assert form["ids"] == [str(id) for id in trial.ids]
    assert len(form["ids"]) == 13


def test_every_number_has_its_row_and_its_reason(document):
    (trial,) = document.trials
    assert all(f" {id} " in str(trial) for id in trial.ids)
    assert [link.kind for link in trial.why(OWN, ALIASES[8])] == ["alias"]
    assert [link.kind for link in trial.why(ALIASES[0], OTHERS[2])] == ["alias", "declared-by-one"]


def test_the_order_of_the_text_does_not_matter(document):
    transport = ReplayTransport(Recordings(studies=[STUDY]))
    turned = f"{OTHERS[1]} in Japan, once {ALIASES[4]}, EudraCT {OTHERS[0]}, {OWN}."
    with Resolver(transport=transport, cache=None) as resolver:
        (trial,) = Linker(resolver).read(turned).trials
    assert trial.ids == document.trials[0].ids


def test_it_survives_json(document):
    assert LinkedText.from_dict(json.loads(json.dumps(document.to_dict()))) == document
    assert parse(ALIASES[0]) in document.trials[0].ids
