from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_finding import TEXTS

from trialink import NameMention, Record, names


def record(acronym):
    return Record.from_api(
        {
            "protocolSection": {
                "identificationModule": {"nctId": "NCT05066646", "acronym": acronym},
            }
        }
    )


def called(text, *acronyms):
    return [name.text for name in names(text, [record(acronym) for acronym in acronyms])]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the FUMANBA-1 clinical study (CTR20192510)", ["FUMANBA-1"]),
        ("in KEYNOTE-189 and KEYNOTE-407", ["KEYNOTE-189", "KEYNOTE-407"]),
        ("KEYNOTE-189/KEYNOTE-407", ["KEYNOTE-189", "KEYNOTE-407"]),
        ("CheckMate-227, CheckMate-9ER", ["CheckMate-227", "CheckMate-9ER"]),
        ("DESTINY-Breast04", ["DESTINY-Breast04"]),
        ("DESTINY-PanTumor02", ["DESTINY-PanTumor02"]),
        ("JAVELIN-Renal-101", ["JAVELIN-Renal-101"]),
        ("TROPiCS-02", ["TROPiCS-02"]),
        ("CARTITUDE-4 versus KarMMa-3", ["CARTITUDE-4", "KarMMa-3"]),
        ("PARADIGM-HF, FIDELIO-DKD", ["PARADIGM-HF", "FIDELIO-DKD"]),
        ("the ISIS-2 trial", ["ISIS-2"]),
        ("ISIS-2 and TIMI-22 trials", ["ISIS-2", "TIMI-22"]),
        ("the trial TIMI-22 showed", ["TIMI-22"]),
        ("STEP-1 (NCT03548935)", ["STEP-1"]),
        ("KEYNOTE\u2011189", ["KEYNOTE\u2011189"]),
        ("(ALLTogether-1)", ["ALLTogether-1"]),
    ],
)
def test_name_is_found(text, found):
    assert called(text) == found


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("ABBV-951, SNDX-5613, LOXO-305, MEDI-4736 trial", id="drug codes"),
        pytest.param("LY-3484356 and GSK-2857916 study", id="drug codes of few letters"),
        pytest.param("COVID-19, SARS-CoV-2 and MERS-1 trial", id="diseases"),
        pytest.param("CAR-T, GLP-1, PD-L1, IL-2 and HER2-low trial", id="molecules and cells"),
        pytest.param("CTLA-4, BRCA-1, FOXP-3, TRAIL-R2 trial", id="genes"),
        pytest.param("CRISPR-Cas9 study", id="a method"),
        pytest.param("SKOV-3, OVCAR-3, HepG-2, MiaPaCa-2, VERO-E6 study", id="cell lines"),
        pytest.param("EASI-75, PASI-90, HAMD-17, DASS-21 study", id="scales"),
        pytest.param("EQ-5D, WHOQOL-100, EuroQol-5D, PROMIS-29 study", id="questionnaires"),
        pytest.param("LCAR-B38M, OriCAR-017 study", id="cell products"),
        pytest.param("ISO-9001 and ISO 14155", id="standards"),
        pytest.param("CONSORT-2010, GINA-2022, LUGANO-2014", id="years of guidelines"),
        pytest.param("TABLE-1, PHASE-3, STAGE-4, COHORT-2 trial", id="parts in capitals"),
        pytest.param("LONG-TERM, DOUBLE-BLIND, FOLLOW-UP", id="headings in capitals"),
        pytest.param("NSTE-ACS, POST-AF, CHRONIC-HF", id="diseases in capitals"),
        pytest.param("UMIN-1234, JapicCTI-1234, HKUCTR-12 trial", id="prefixes of registries"),
        pytest.param("ISIS-2 and TIMI-22", id="short words that nothing calls a trial"),
        pytest.param("ISIS-2 rose. The trial", id="nor does the next sentence"),
        pytest.param("xKEYNOTE-189, KEYNOTE-189x1, A-KEYNOTE-189-B", id="parts of longer words"),
        pytest.param("https://example.org/KEYNOTE-189", id="a web address"),
        pytest.param("Keynote-189, keynote-189", id="too few capitals"),
        pytest.param("IMpower150", id="no hyphen and no record"),
    ],
)
def test_is_no_name(text):
    assert called(text) == []


@pytest.mark.parametrize(
    ("text", "acronym", "found"),
    [
        pytest.param("in IMpower150 we", "IMpower150", ["IMpower150"], id="no hyphen"),
        pytest.param("SELECT showed", "SELECT", ["SELECT"], id="long capitals"),
        pytest.param("the PUMA trial", "PUMA", ["PUMA"], id="short, called a trial"),
        pytest.param("PUMA showed", "PUMA", [], id="short, not called a trial"),
        pytest.param("the Seagull study", "Seagull", ["Seagull"], id="a word, called a study"),
        pytest.param("a Seagull flew", "Seagull", [], id="a word, not called a study"),
        pytest.param("DIGITS Pilot", "DIGITS Pilot", ["DIGITS Pilot"], id="two words"),
        pytest.param("the CAR-T trial", "CAR-T", [], id="a false friend on a record"),
        pytest.param("ECOG trial", "ECOG", [], id="a scale on a record"),
        pytest.param("select showed", "SELECT", [], id="other case"),
        pytest.param("SELECT-SLE and PRESELECT", "SELECT", [], id="part of a longer word"),
        pytest.param(
            "EMPEROR\u2010Reduced", "EMPEROR-Reduced", ["EMPEROR\u2010Reduced"], id="dash"
        ),
        pytest.param("an olaparib trial", "olaparib", [], id="small letters only"),
        pytest.param("nothing of it", None, [], id="a record without acronym"),
    ],
)
def test_acronym_of_a_record(text, acronym, found):
    assert called(text, acronym) == found


def test_of_names_that_begin_together_the_longer_is_kept():
    assert called("the SMART-FM-SP trial, SMART-FM trial", "SMART-FM", "SMART-FM-SP", "SMART") == [
        "SMART-FM-SP",
        "SMART-FM",
    ]


def test_a_name_stands_where_it_stands():
    assert names("\U0001f9ea\u0130 KEYNOTE-189") == [NameMention(3, 14, "KEYNOTE-189")]


def test_the_article_names_one_trial(seed):
    assert names(seed) == [NameMention(496, 505, "FUMANBA-1")]


@settings(max_examples=100, deadline=None)
@given(
    st.one_of(TEXTS, st.text()),
    st.lists(st.sampled_from(["SMART", "SMART-FM", "(", "İŞ-1", "T1D"])),
)
def test_names_are_ordered_and_disjoint_pieces_of_the_text(text, acronyms):
    reached = 0
    for name in names(text, [record(acronym) for acronym in acronyms]):
        assert text[name.start : name.end] == name.text
        assert reached <= name.start < name.end
        reached = name.end
