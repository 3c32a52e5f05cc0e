from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_finding import TEXTS

from trialink import InvalidTrialId, TrialId, parse
from trialink.registries import REGISTRIES

ENTRIES = [entry for entry in REGISTRIES if entry.kind != "decoy"]
CANONICAL = [
    pytest.param(TrialId(entry.key, number), id=number)
    for entry in ENTRIES
    for number in dict.fromkeys(number for _, number in entry.examples)
]
ADDRESSES = [
    pytest.param(
        template.replace("{id}", number).replace("{n}", "".join(filter(str.isdigit, number))),
        TrialId(entry.key, number),
        id=f"{entry.key} {template}",
    )
    for entry in ENTRIES
    for template in filter(None, (entry.url, *entry.urls))
    for number in [entry.examples[0][1]]
]


@pytest.mark.parametrize("id", CANONICAL)
def test_a_canonical_number_is_itself(id):
    assert parse(str(id)) == id


@pytest.mark.parametrize(("address", "id"), ADDRESSES)
def test_the_address_of_a_record_is_its_number(address, id):
    assert parse(address) == id


@pytest.mark.parametrize(
    ("text", "number"),
    [
        pytest.param("nct 05066646", "NCT05066646", id="small letters, a space"),
        pytest.param("  NCT05066646\n", "NCT05066646", id="blanks around"),
        pytest.param("(NCT05066646).", "NCT05066646", id="brackets and a full stop"),
        pytest.param("+++++NCT01128790", "NCT01128790", id="signs before"),
        pytest.param("NCT No. 01128790", "NCT01128790", id="with No."),
        pytest.param("NCT\u201305066646", "NCT05066646", id="an en dash"),
        pytest.param("\ufeffNCT05066646", "NCT05066646", id="a byte order mark"),
        pytest.param("ClinicalTrials.gov Identifier: NCT05066646", "NCT05066646", id="a label"),
        pytest.param("Trial registration: ISRCTN78805636", "ISRCTN78805636", id="a heading"),
        pytest.param("Current Controlled Trials NCT00286377", "NCT00286377", id="a wrong label"),
        pytest.param("ClinicalTrials.gov 00789763", "NCT00789763", id="digits behind a label"),
        pytest.param(
            "ClinicalTrials.gov registration number 00789763", "NCT00789763", id="and more words"
        ),
        pytest.param("Number (ISRCTN) 26287422", "ISRCTN26287422", id="a prefix in brackets"),
        pytest.param("EudraCT Number: 2015-003324-32", "2015-003324-32", id="EudraCT"),
        pytest.param("2015-003324-32-DE", "2015-003324-32", id="EudraCT with a country"),
        pytest.param("EUCTR2010-020002-15/IT", "2010-020002-15", id="as the WHO prints it"),
        pytest.param("2022-501312-34-01", "2022-501312-34", id="EU CT with four groups"),
        pytest.param("12605000781640", "ACTRN12605000781640", id="digits of a shape of their own"),
        pytest.param("NCT05066646 (ClinicalTrials.gov)", "NCT05066646", id="a label behind"),
        pytest.param("05066646 | ClinicalTrials.gov", "NCT05066646", id="and no prefix"),
        pytest.param("2015-003324-32, EudraCT number", "2015-003324-32", id="and another word"),
        pytest.param("NTR2473 [Dutch Trial Register]", "NTR2473", id="in square brackets"),
        pytest.param("NCT05066646 at ClinicalTrials.gov", "NCT05066646", id="at the registry"),
        pytest.param("CTR20192510", "CTR20192510", id="no cue word is needed"),
        pytest.param("NL9229", "NL9229", id="nor here"),
        pytest.param("NCT1224028", "NCT01224028", id="a leading zero lost"),
        pytest.param("NTC05066646", "NCT05066646", id="a swapped prefix"),
        pytest.param("NCTO5066646", "NCT05066646", id="a letter for a digit"),
        pytest.param("ＮＣＴ０５０６６６４６", "NCT05066646", id="full-width"),
        pytest.param("NCT05066647", "NCT05066647", id="a failed check is the caller's to see"),
        pytest.param("2015-003324-33", "2015-003324-33", id="likewise for EudraCT"),
        pytest.param("doi:10.1186/ISRCTN35836727", "ISRCTN35836727", id="a DOI"),
        pytest.param("10.1186/ISRCTN35836727", "ISRCTN35836727", id="a bare DOI"),
        pytest.param(
            "http://clinicaltrials.gov/ct2/show/NCT01361932?term=nct01361932&rank=1",
            "NCT01361932",
            id="the same number twice in an address",
        ),
        pytest.param("clinicaltrials.gov/study/NCT05066646", "NCT05066646", id="no scheme"),
        pytest.param("JPRN-C000000079", "UMIN000000079", id="an old prefix"),
    ],
)
def test_spelling_is_accepted(text, number):
    assert parse(text).number == number


@pytest.mark.parametrize(
    ("text", "reason", "registry"),
    [
        pytest.param("", "it is empty", None, id="nothing"),
        pytest.param(" .\n", "it is empty", None, id="only blanks"),
        pytest.param(
            "NCT0506664",
            "a ClinicalTrials.gov number has 8 digits, this has 7",
            "nct",
            id="a digit missing",
        ),
        pytest.param(
            "ClinicalTrials.gov NCT0506664",
            "a ClinicalTrials.gov number has 8 digits, this has 7",
            "nct",
            id="a digit missing behind a label",
        ),
        pytest.param(
            "https://clinicaltrials.gov/study/NCT0506664",
            "a ClinicalTrials.gov number has 8 digits, this has 7",
            "nct",
            id="a digit missing in an address",
        ),
        pytest.param(
            "NCT050666467",
            "a ClinicalTrials.gov number has 8 digits, this has 9",
            "nct",
            id="a digit too many",
        ),
        pytest.param(
            "NCT15066646",
            "every ClinicalTrials.gov number that was issued begins with 0",
            "nct",
            id="never issued",
        ),
        pytest.param(
            "NCT01234567",
            "NCT01234567 is a placeholder, not a number that a registry issued",
            "nct",
            id="a placeholder",
        ),
        pytest.param(
            "NCT05066646X",
            "a ClinicalTrials.gov number looks like NCT05066646",
            "nct",
            id="a letter behind",
        ),
        pytest.param(
            "CTRI/2020/13/024413",
            "a CTRI number looks like CTRI/2012/08/002884, this does not",
            "ctri",
            id="a month that is none",
        ),
        pytest.param(
            "05066646",
            "digits alone do not say whose they are: NCT05066646 or ISRCTN05066646",
            None,
            id="digits of two registries",
        ),
        pytest.param(
            "1166",
            "digits alone do not say whose they are: NTR1166",
            None,
            id="digits of one",
        ),
        pytest.param(
            "NCT05066646, NCT00790894",
            "there is more in it than one number: find() reads texts",
            None,
            id="two numbers",
        ),
        pytest.param(
            "see NCT05066646",
            "there is more in it than one number: find() reads texts",
            None,
            id="other words",
        ),
        pytest.param(
            "https://example.org/NCT05066646/NCT00790894",
            "there is more in it than one number: find() reads texts",
            None,
            id="an address with two numbers",
        ),
        pytest.param(
            "CRD42012002393",
            "it is a PROSPERO number, not a trial registration",
            "prospero",
            id="PROSPERO",
        ),
        pytest.param(
            "INPLASY202630009",
            "it is an INPLASY number, not a trial registration",
            "inplasy",
            id="INPLASY",
        ),
        pytest.param(
            "R21NR022143",
            "it is an NIH grant number, not a trial registration",
            "nih_grant",
            id="a grant",
        ),
        pytest.param(
            "ZINC000052955",
            "it is a ZINC number, not a trial registration",
            "zinc",
            id="a compound",
        ),
        pytest.param(
            "https://osf.io/ab3cd",
            "it is an OSF number, not a trial registration",
            "osf",
            id="an address of a look-alike",
        ),
        pytest.param(
            "NCT", "no registry of the catalogue prints numbers like it", None, id="a prefix alone"
        ),
        pytest.param(
            "hello", "no registry of the catalogue prints numbers like it", None, id="a word"
        ),
        pytest.param(
            "\ud800",
            "no registry of the catalogue prints numbers like it",
            None,
            id="a lone surrogate",
        ),
        pytest.param("\0", "no registry of the catalogue prints numbers like it", None, id="NUL"),
    ],
)
def test_what_is_no_number_is_refused_with_the_reason(text, reason, registry):
    with pytest.raises(InvalidTrialId) as caught:
        parse(text)
    assert (caught.value.text, caught.value.reason, caught.value.registry) == (
        text,
        reason,
        registry,
    )
    assert str(caught.value) == f"{text!r} is no trial number: {reason}"


def test_registries_limit_what_is_a_number():
    assert parse("NCT05066646", registries=["ClinicalTrials.gov"]).registry == "nct"
    with pytest.raises(InvalidTrialId, match=r"it is a ClinicalTrials\.gov number, and"):
        parse("NCT05066646", registries=["isrctn"])


def test_the_refusal_of_the_golden_forms():
    with pytest.raises(InvalidTrialId) as caught:
        parse("NCT0506664")
    error = caught.value
    assert isinstance(error, ValueError)
    assert str(error) == (
        "'NCT0506664' is no trial number: a ClinicalTrials.gov number has 8 digits, this has 7"
    )
    assert vars(pickle.loads(pickle.dumps(error))) == vars(error)


def test_a_long_text_is_no_number():
    with pytest.raises(InvalidTrialId) as caught:
        parse("NCT05066646 " * 100_000)
    assert caught.value.reason == "there is more in it than one number: find() reads texts"


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.text(), TEXTS))
def test_any_text_is_a_number_or_refused(text):
    try:
        read = parse(text)
    except InvalidTrialId as error:
        read = error
    if isinstance(read, TrialId):
        assert parse(str(read)) == read
    else:
        assert read.text == text
        assert read.reason
        assert not read.reason.endswith(".")
