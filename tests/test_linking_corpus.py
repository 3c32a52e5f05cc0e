"""That the linking corpus is what its README says, and what the linker makes of it."""

from __future__ import annotations

import json
import re

import linking_accuracy as accuracy
import pytest

from trialink import Record, TrialId
from trialink.model.links import RELATIONS
from trialink.registries import registry_of
from trialink.sources.declared import declared_ids

CASES = [*accuracy.cases()]
SUSPECT = {"NCT05066647", "2014-005181-31"}


def test_the_corpus_is_as_large_as_it_says():
    keys = [case["key"] for _, case in CASES]
    assert len({*keys}) == len(keys)
    files = [file for file, _ in CASES]
    assert {*files} == {*accuracy.FILES}
    assert files.count("declared") >= 59
    assert files.count("spellings") >= 100
    assert files.count("apart") >= 60
    assert {case["origin"] for _, case in CASES} == {"real", "constructed"}


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=lambda case: case["key"])
def test_a_case_holds_real_numbers_in_the_documented_form(case):
    numbers = [number for trial in case["trials"] for number in trial]
    assert len({*numbers}) == len(numbers)
    assert all(len(trial) > 1 for trial in case["trials"])
    for number in numbers:
        assert TrialId(registry_of(number), number).check_digit != "suspect"
    for record in case["records"]:
        assert Record.from_dict(record).id.check_digit != "suspect"
    for _, relation, _ in case["relations"]:
        assert relation in RELATIONS
    assert case["records"] or case["texts"]
    told = json.dumps([case["records"], case["texts"]])
    for number in re.findall(r"(?<!\w)NCT\d{8}(?!\d)", told):
        assert TrialId("nct", number).check_digit != "suspect" or (
            number in SUSPECT or case["kind"] == "placeholder"
        )


@pytest.mark.parametrize("origin", ["real", "constructed"])
def test_the_linker_reaches_its_marks(origin):
    result = accuracy.score("trialink", origin=origin)
    right, made = result.precision()
    assert right >= accuracy.PRECISION_MARK * made, result.wrong
    found, wanted = result.recall()
    assert found >= accuracy.RECALL_MARK * wanted, result.missed


def test_relations_are_told_as_they_are():
    result = accuracy.score("trialink")
    assert (result.relations_missed, result.relations_wrong) == ([], [])


def test_real_cases_are_those_of_the_reference_data(shared):
    import gzip

    with gzip.open(shared / "ctgov" / "compact_studies.json.gz") as file:
        records = map(Record.from_api, json.load(file)["studies"])
    wanted = {
        str(record.id): {*map(str, (record.id, *record.aliases, *declared_ids(record)))}
        for record in records
        if record.aliases or declared_ids(record)
    }
    given = {case["key"]: {*case["trials"][0]} for file, case in CASES if file == "declared"}
    assert given == wanted
