"""When trials were registered: what numbers imply, and whether that was before the start."""

from __future__ import annotations

import gzip
import json
from datetime import date
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialink import Record, Registration, Trial, TrialId, implied_date, parse, registration
from trialink.linking.dating import calendar_bounds


@pytest.mark.parametrize(
    ("number", "earliest", "latest", "basis"),
    [
        ("CTR20192510", "2019-01-01", "2019-12-31", "number"),
        ("ChiCTR1900021332", "2019-01-01", "2019-12-31", "number"),
        ("ChiCTR-TRC-09000530", "2009-01-01", "2009-12-31", "number"),
        ("CTRI/2020/04/024413", "2020-04-01", "2020-04-30", "number"),
        ("CTRI/2009/091/000051", "2009-09-01", "2009-09-30", "number"),
        ("ACTRN12612000027819", "2012-01-01", "2012-12-31", "number"),
        ("PACTR202406532417953", "2024-06-01", "2024-06-30", "number"),
        ("TCTR20140318001", "2014-03-18", "2014-03-18", "number"),
        ("TCTR20110000022", "2011-01-01", "2011-12-31", "number"),
        ("2014-005181-30", "2014-01-01", None, "number"),
        ("2022-501312-34", "2022-01-01", None, "number"),
        ("NCT05066646", "2020-10-16", "2022-01-04", "interpolation"),
        ("DRKS00011142", None, None, None),
    ],
)
def test_what_a_number_implies(number, earliest, latest, basis):
    found = implied_date(parse(number))
    assert (found.earliest, found.latest, found.basis) == (earliest, latest, basis)
    assert bool(found.likely) is (basis == "interpolation")


@pytest.mark.parametrize("number", ["NCT00000410", "NCT09000004"])
def test_a_number_beyond_the_known_ones_has_one_bound(number):
    found = implied_date(TrialId("nct", number))
    assert (found.earliest is None) is (number == "NCT00000410")
    assert (found.latest is None) is (number == "NCT09000004")
    assert found.likely is None


@given(st.integers(0, 99_999_999), st.integers(0, 99_999_999))
def test_a_higher_number_is_implied_to_be_no_older(one, other):
    low, high = (implied_date(TrialId("nct", f"NCT{each:08}")) for each in sorted((one, other)))
    if low.likely and high.likely:
        assert low.likely <= high.likely
        assert (low.earliest or "") < low.likely < (low.latest or "")


def test_implied_dates_are_as_near_as_documented(shared):
    with gzip.open(shared / "ctgov" / "compact_studies.json.gz") as file:
        records = [Record.from_api(study) for study in json.load(file)["studies"]]
    errors, inside = [], 0
    for record in records:
        found = implied_date(record.id)
        if found.likely and record.first_submitted_date:
            submitted = date.fromisoformat(record.first_submitted_date)
            errors.append(abs((date.fromisoformat(found.likely) - submitted).days))
            inside += (found.earliest or "") <= record.first_submitted_date <= (found.latest or "")
    assert len(errors) > 500
    assert median(errors) <= 10
    assert inside / len(errors) >= 0.985


def trial(record, ids=()):
    """A trial of a record's own number and others, whatever joined them."""
    known = Record.from_dict(record)
    return Trial(str(known.id), known.id, (known.id, *map(parse, ids)), records=(known,))


FUMANBA = {"id": "NCT05066646", "start_date": "2020-04-01"}
SUBMITTED = {"first_submitted_date": "2021-09-20"}  # an example, not the registry's word
TOOK_PLACE = {"start_date_type": "ACTUAL"}


@pytest.mark.parametrize(
    ("record", "ids", "verdict", "first", "basis"),
    [
        pytest.param(FUMANBA, (), "unclear", "NCT05066646", "interpolation", id="looks late"),
        pytest.param(
            FUMANBA,
            ("CTR20192510",),
            "prospective",
            "CTR20192510",
            "number",
            id="in time elsewhere",
        ),
        pytest.param(
            FUMANBA | SUBMITTED | TOOK_PLACE,
            (),
            "registered-after-start",
            "NCT05066646",
            "record",
            id="late to the day",
        ),
        pytest.param(
            FUMANBA | SUBMITTED, (), "unclear", "NCT05066646", "record", id="a start only planned"
        ),
        pytest.param(
            FUMANBA | SUBMITTED | TOOK_PLACE,
            ("CTR20202613",),
            "unclear",
            "CTR20202613",
            "number",
            id="another from about then",
        ),
        pytest.param(
            FUMANBA | SUBMITTED | TOOK_PLACE,
            ("2014-005181-30",),
            "unclear",
            "NCT05066646",
            "record",
            id="a number taken before, entered nobody knows when",
        ),
        pytest.param(
            FUMANBA | {"first_submitted_date": "2020-04-01"} | TOOK_PLACE,
            (),
            "prospective",
            "NCT05066646",
            "record",
            id="on the day of the start",
        ),
        pytest.param(
            {**FUMANBA, "start_date": "2021-09", **SUBMITTED, **TOOK_PLACE},
            (),
            "unclear",
            "NCT05066646",
            "record",
            id="a start of unknown day",
        ),
        pytest.param(
            {"id": "NCT05066646"}, (), "unclear", "NCT05066646", "interpolation", id="no start"
        ),
    ],
)
def test_registration_over_all_numbers(record, ids, verdict, first, basis):
    found = registration(trial(record, ids=ids))
    assert found.verdict == verdict
    assert found.first is not None
    assert (str(found.first.id), found.first.basis) == (first, basis)
    assert found.start_date == record.get("start_date")


def test_numbers_that_register_nothing_do_not_count():
    found = registration(trial(FUMANBA, ids=("U1111-1277-3764",)))
    assert [str(each.id) for each in found.dates] == ["NCT05066646"]


def test_the_value_survives_json():
    found = registration(trial(FUMANBA, ids=("CTR20192510",)))
    assert Registration.from_dict(json.loads(json.dumps(found.to_dict()))) == found


@given(st.dates(date(1990, 1, 1)), st.sampled_from([4, 7, 10]))
def test_a_printed_date_lies_within_its_bounds(day, precision):
    printed = day.isoformat()[:precision]
    low, high = calendar_bounds(printed)
    assert low <= day.isoformat() <= high
    assert low.startswith(printed)
    assert high.startswith(printed)
