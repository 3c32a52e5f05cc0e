"""What the check digits detect: laws on numbers of any year, shares counted on issued numbers.

A change is the substitution of one digit or the swap of two unlike digits side by side; it is
detected when `TrialId.check_digit` says "suspect". `pytest -n 0 -rP` on this file prints the
shares, each with its count.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import Counter
from itertools import pairwise

import pytest
from conftest import FIXTURES
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from trialink import REGISTRIES, TrialId, check, find, parse

CHECKED = tuple(entry.key for entry in REGISTRIES if entry.check)
# Numbers that the facts list because they fail: a copying error, and inventions of test suites.
LISTED = {
    "ACTRN12620000045497": "anzctr",
    "2022-500111-22": "ctis",
    "2023-500001-38": "ctis",
    "2023-505555-33": "ctis",
}
# By registry: the years and serials before the check digits, and how many of these there are.
HEADS = {
    "euctr": ("{}-{:06d}-", (2004, 2023), (1, 24_667), 2),
    "ctis": ("{}-{:06d}-", (2022, 2026), (500_000, 529_999), 2),
    "anzctr": ("ACTRN{}{:06d}", (12_605, 12_630), (0, 999_999), 3),
    "idrcb": ("{}-A{:05d}-", (2006, 2030), (0, 9_999), 2),
}
NCT_NUMBERS = st.integers(539, 7_692_307).map(lambda multiple: f"NCT{13 * multiple:08d}")
ANY_NUMBER = st.sampled_from(sorted(HEADS)).flatmap(lambda key: numbers(key).map(str))


def substitutions(number):
    """Yield every string that differs in one digit."""
    for place, old in enumerate(number):
        for new in "0123456789" if old.isdigit() else ():
            if new != old:
                yield f"{number[:place]}{new}{number[place + 1 :]}"


def swaps(number):
    """Yield every string with two unlike digits swapped that stand side by side."""
    for place, (left, right) in enumerate(pairwise(number)):
        if left != right and (left + right).isdigit():
            yield f"{number[:place]}{right}{left}{number[place + 2 :]}"


CHANGES = {"substitutions": substitutions, "swaps": swaps}


def is_suspect(key, number):
    return TrialId(key, number).check_digit == "suspect"


def endings(key, head, width):
    """Return the check digits that pass behind a head."""
    every = (f"{digits:0{width}d}" for digits in range(10**width))
    return [each for each in every if TrialId(key, head + each).check_digit == "ok"]


def heads(key):
    template, years, serials, _ = HEADS[key]
    return st.builds(template.format, st.integers(*years), st.integers(*serials))


def completed(key, head):
    return TrialId(key, head + endings(key, head, HEADS[key][3])[0])


def numbers(key):
    """Return a strategy for numbers of a registry that pass."""
    return heads(key).map(lambda head: completed(key, head))


def made(key, count):
    """Return numbers that pass, the same in every run."""
    template, years, serials, _ = HEADS[key]
    chance = random.Random(f"numbers of {key}")
    drawn = (
        template.format(chance.randint(*years), chance.randint(*serials)) for _ in range(count)
    )
    return [completed(key, head) for head in drawn]


def counted(ids, change):
    """Return how many changes of some numbers are detected, of how many."""
    seen = Counter(
        is_suspect(id.registry, mutant) for id in ids for mutant in CHANGES[change](id.number)
    )
    return seen[True], seen.total()


# Numbers that were issued


def of_the_repository():
    yield from ((entry.key, number) for entry in REGISTRIES for _, number in entry.examples)
    for path in sorted(FIXTURES.glob("corpus/*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield from ((each["registry"], each["id"]) for each in json.loads(line)["ids"])
    for path in sorted(FIXTURES.glob("clinicaltrials_gov/studies/*.json")):
        yield from of_study(json.loads(path.read_text(encoding="utf-8"))["study"])


def of_the_reference_data(shared):
    facts = json.loads((shared / "registries" / "registries.json").read_text(encoding="utf-8"))
    for fact in facts["registries"]:
        yield from ((fact["key"], each["id"]) for each in fact["examples"])
        tested = (each for each in fact["positive_tests"] if each["real_id"])
        yield from ((fact["key"], each["canonical"]) for each in tested)
    for study in unpacked(shared / "ctgov" / "compact_studies.json.gz")["studies"]:
        yield from of_study(study)
    for row in unpacked(shared / "ctgov" / "car_t_flat_rows_2026-08-22_n2274.json.gz"):
        yield "nct", row["NCTId"]


def of_study(study):
    """Yield the number of a record, its older ones, and those of other registries in it."""
    names = study["protocolSection"]["identificationModule"]
    yield from (("nct", number) for number in (names["nctId"], *names.get("nctIdAliases", ())))
    for each in names.get("secondaryIdInfos", ()):
        yield from ((id.registry, id.number) for id in find(each["id"]).ids())


def unpacked(path):
    return json.loads(gzip.decompress(path.read_bytes()))


@pytest.fixture(scope="module", params=["of the repository", "of the reference data too"])
def issued(request):
    """Return the issued numbers of each registry that has check digits."""
    known = {*of_the_repository()}
    if request.param == "of the reference data too":
        known |= {*of_the_reference_data(request.getfixturevalue("shared"))}
    return {key: sorted(TrialId(*each) for each in known if each[0] == key) for key in CHECKED}


def test_there_are_numbers_to_count(issued):
    assert [key for key, ids in issued.items() if len(ids) < 15] == []


def test_no_issued_number_is_suspect(issued):
    suspects = {id.number for ids in issued.values() for id in ids if id.check_digit == "suspect"}
    assert suspects <= {*LISTED}


def test_check_is_silent_on_issued_numbers(issued):
    ids = [id for ids in issued.values() for id in ids if id.number not in LISTED]
    assert check("".join(f"{id.label} {id}.\n" for id in ids)) == []


def test_parse_reads_issued_numbers(issued):
    assert [id for ids in issued.values() for id in ids if parse(id.number) != id] == []


@pytest.mark.parametrize("number", LISTED)
def test_a_number_that_the_facts_list_is_suspect(number):
    id = TrialId(LISTED[number], number)
    assert id.check_digit == "suspect"
    codes = {problem.code for problem in check(f"{id.label} number: {id}")}
    assert codes & {"check-digit", "placeholder"}


def test_the_facts_list_no_other_number(shared):
    facts = json.loads((shared / "registries" / "registries.json").read_text(encoding="utf-8"))
    rules = [fact["check_digit"] for fact in facts["registries"] if fact["key"] in CHECKED]
    notes = " ".join(rule["evidence"]["note"] for rule in rules)
    assert sorted(re.findall(r"ACTRN\d+|\d{4}-\d{6}-\d\d|NCT\d+", notes)) == sorted(LISTED)


# All registries with check digits at a known place


@pytest.mark.parametrize("key", HEADS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_exactly_one_ending_passes(key, data):
    assert len(endings(key, data.draw(heads(key)), HEADS[key][3])) == 1


@settings(max_examples=100, deadline=None)
@given(ANY_NUMBER)
def test_every_change_of_the_check_digits_is_detected(number):
    id = parse(number)
    width = HEADS[id.registry][3]
    for mutant in (*substitutions(number), *swaps(number)):
        if mutant[:-width] == number[:-width]:
            assert is_suspect(id.registry, mutant)


# ClinicalTrials.gov: every change is detected


@settings(max_examples=300, deadline=None)
@given(NCT_NUMBERS)
def test_every_change_of_an_nct_number_is_detected(number):
    assert TrialId("nct", number).check_digit == "ok"
    for mutant in (*substitutions(number), *swaps(number)):
        said = TrialId("nct", mutant).check_digit
        assert said == ("suspect" if int(mutant[3:]) >= 7000 else None)


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_of_issued_nct_numbers_is_detected(issued, change):
    passing = [id for id in issued["nct"] if id.check_digit == "ok"]
    mutants = [mutant for id in passing for mutant in CHANGES[change](id.number)]
    within = [mutant for mutant in mutants if int(mutant[3:]) >= 7000]
    print(f"nct {change}: {len(within)} of {len(within)} detected; {len(passing)} numbers;")
    print(f"    {len(mutants) - len(within)} changes more lead below 7000, where nothing is said")
    assert [mutant for mutant in within if not is_suspect("nct", mutant)] == []


@settings(max_examples=200, deadline=None)
@given(st.integers(539, 769_230), st.integers(0, 7), st.integers(1, 9))
def test_check_reports_a_wrong_digit_and_knows_the_right_number(multiple, place, step):
    digits = f"{13 * multiple:08d}"
    wrong = str((int(digits[place]) + step) % 10)
    mutant = f"NCT{digits[:place]}{wrong}{digits[place + 1 :]}"
    assume(int(mutant[3:]) >= 7000)
    (problem,) = check(f"registered as {mutant}.")
    assert problem.code in ("check-digit", "out-of-range", "placeholder")
    assert (problem.code == "out-of-range") == (place == 0)
    if problem.code == "check-digit":
        assert TrialId("nct", f"NCT{digits}") in problem.candidates
        assert parse(mutant).check_digit == "suspect"


# EudraCT and EU CT: a share, since different heads can have the same two digits


LEAST = [("substitutions", 0.96), ("swaps", 0.98)]


@pytest.mark.parametrize(("change", "least"), LEAST)
@pytest.mark.parametrize("key", ["euctr", "ctis"])
def test_most_changes_of_issued_european_numbers_are_detected(issued, key, change, least):
    caught, count = counted(issued[key], change)
    print(f"{key} {change}: {caught} of {count} detected; {len(issued[key])} numbers")
    assert caught / count >= least


@pytest.mark.parametrize(("change", "least"), LEAST)
@pytest.mark.parametrize("key", ["euctr", "ctis"])
def test_most_changes_of_european_numbers_are_detected(key, change, least):
    caught, count = counted(made(key, 300), change)
    print(f"{key} {change}: {caught} of {count} detected; 300 numbers by lot")
    assert least <= caught / count < 1


# ANZCTR: sums over parts, blind to the order within a part


@settings(max_examples=40, deadline=None)
@given(numbers("anzctr"))
def test_every_substitution_of_an_actrn_is_detected(id):
    assert all(is_suspect("anzctr", mutant) for mutant in substitutions(id.number))


@settings(max_examples=40, deadline=None)
@given(numbers("anzctr"))
def test_a_swap_in_an_actrn_is_detected_unless_it_stays_within_year_or_serial(id):
    def parts(number):
        return [sorted(number[5:10]), sorted(number[10:16]), number[16:]]

    for mutant in swaps(id.number):
        assert is_suspect("anzctr", mutant) == (parts(mutant) != parts(id.number))


def test_a_third_of_the_swaps_in_issued_actrns_is_detected(issued):
    caught, count = counted(issued["anzctr"], "swaps")
    print(f"anzctr swaps: {caught} of {count} detected; {len(issued['anzctr'])} numbers")
    assert counted(issued["anzctr"], "substitutions")[0] == 126 * len(issued["anzctr"])
    assert 0.25 < caught / count < 0.45


# ID-RCB: the last digits of year and serial, and the check digits


@settings(max_examples=40, deadline=None)
@given(numbers("idrcb"))
def test_a_change_of_an_idrcb_is_detected_where_it_meets_a_covered_digit(id):
    def covered(number):
        return number[3], number[10], number[12:]

    for mutant in (*substitutions(id.number), *swaps(id.number)):
        assert is_suspect("idrcb", mutant) == (covered(mutant) != covered(id.number))


def test_four_digits_of_eleven_of_issued_idrcbs_are_covered(issued):
    ids = issued["idrcb"]
    caught, count = counted(ids, "swaps")
    print(f"idrcb substitutions: {36 * len(ids)} of {99 * len(ids)} detected; {len(ids)} numbers")
    print(f"idrcb swaps: {caught} of {count} detected")
    assert counted(ids, "substitutions") == (36 * len(ids), 99 * len(ids))
    assert 0.25 < caught / count < 0.5


# ISRCTN: a pass says something, a miss nothing


def test_no_change_of_an_issued_isrctn_is_suspect(issued):
    mutants = [
        mutant for id in issued["isrctn"] for each in CHANGES.values() for mutant in each(id.number)
    ]
    assert {TrialId("isrctn", mutant).check_digit for mutant in mutants} == {"ok", None}


def test_a_changed_digit_costs_an_isrctn_its_pass(issued):
    old = [id for id in issued["isrctn"] if id.check_digit == "ok"]
    print(f"isrctn: {len(old)} of {len(issued['isrctn'])} issued numbers pass")
    assert len(issued["isrctn"]) > len(old) > len(issued["isrctn"]) / 2
    changed = {mutant for id in old for mutant in substitutions(id.number)}
    assert {TrialId("isrctn", mutant).check_digit for mutant in changed} == {None}
