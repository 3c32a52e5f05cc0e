from __future__ import annotations

import pytest
from growth import is_linear
from hypothesis import given, settings
from hypothesis import strategies as st
from naming_accuracy import MARK, measured
from test_finding import TEXTS

from trialink import NameIndex, NameMention, Record, names
from trialink.sources.record import Intervention


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
        ("the RECOVERY trial", ["RECOVERY"]),
        ("The SPRINT study", ["SPRINT"]),
        ("the SPRINT (phase 3) and KarMMa trials", ["KarMMa"]),
        ("in the PUMA, RECOVERY and SPRINT trials", ["PUMA", "RECOVERY", "SPRINT"]),
        ("the RECOVERY randomised, controlled trial", ["RECOVERY"]),
        ("the trial RECOVERY showed", ["RECOVERY"]),
        ("a study called SPRINT", ["SPRINT"]),
        ("PIONEER 6 trial", ["PIONEER 6"]),
        ("RECOVERY grew. It was the RECOVERY trial.", ["RECOVERY", "RECOVERY"]),
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
        pytest.param("RECOVERY and SPRINT", id="words that nothing calls a trial"),
        pytest.param("NSCLC trial, COPD study, NASH trials", id="diseases"),
        pytest.param("the NASH trial, the AIDS study", id="diseases that can be spoken"),
        pytest.param("EORTC trial, NIAID study, COCHRANE trials", id="groups and agencies"),
        pytest.param("CLINICAL TRIAL, PILOT study, a PIVOTAL trial", id="words of headings"),
        pytest.param("HIV study, USA trial, MRI study", id="three letters"),
        pytest.param("AstraZeneca trial, GlaxoSmithKline study", id="firms"),
        pytest.param("Recovery trial, recovery trial", id="too few capitals before trial"),
        pytest.param("PEMBROLIZUMAB trial, the METFORMIN study", id="medicines"),
        pytest.param("UNITED KINGDOM trial, the CHINA study", id="places"),
        pytest.param("THE LANCET study, the JAMA trial", id="journals"),
        pytest.param("the TINI study drug", id="what is tested"),
        pytest.param("the BRAF-mutant study, CAR-T trial", id="parts of longer words"),
    ],
)
def test_is_no_name(text):
    assert called(text) == []


@pytest.mark.parametrize(
    ("text", "acronym", "found"),
    [
        pytest.param("in IMpower150 we", "IMpower150", ["IMpower150"], id="no hyphen"),
        pytest.param("SELECT showed", "SELECT", [], id="a plain word in capitals"),
        pytest.param("a DREAM of a PRIME", "DREAM", [], id="an ordinary word by itself"),
        pytest.param("We DREAM of it in this study", "DREAM", [], id="a study near by"),
        pytest.param("the PRIME phase 3 trial", "PRIME", ["PRIME"], id="called a trial"),
        pytest.param("SELECT (NCT03574597) showed", "SELECT", ["SELECT"], id="with its number"),
        pytest.param("PALLAS, EudraCT 2014-005181-30,", "PALLAS", ["PALLAS"], id="any registry"),
        pytest.param(
            "SELECT showed it. The SELECT trial ended.",
            "SELECT",
            ["SELECT", "SELECT"],
            id="called a trial elsewhere",
        ),
        pytest.param("SPORT, short for Spine", "SPORT", ["SPORT"], id="an abbreviation"),
        pytest.param("A Seagull and the Seagull study", "Seagull", ["Seagull"], id="not if a word"),
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


def test_a_name_of_several_records_stays_ambiguous_and_lists_them():
    records = [
        Record(id="NCT06525896", acronym="RESTORE"),
        Record(id="NCT05227898", acronym="RESTORE"),
        Record(id="NCT05066646", brief_title="A Study of Cells (FUMANBA-1)"),
        Record(id="NCT06464991", brief_title="FUMANBA-03: Cells"),
    ]
    index = NameIndex(records)
    assert [each.text for each in index.find("the RESTORE trial")] == ["RESTORE"]
    assert [*map(str, index.bearers("RESTORE"))] == ["NCT05227898", "NCT06525896"]
    assert [*map(str, index.bearers("FUMANBA-1"))] == ["NCT05066646"]
    assert [*map(str, index.bearers("Fumanba-3"))] == ["NCT06464991"]
    assert index.bearers("FUMANBA-2") == ()


@pytest.mark.parametrize(
    ("title", "borne"),
    [
        ("A Study of Cells (FUMANBA-1)", True),
        ("FUMANBA-1: a Study", True),
        ("The FUMANBA-1 Study: Cells", True),
        ("Cells in Myeloma, the FUMANBA-1 Trial", True),
        ("Cells After the FUMANBA-1 Trial", False),
        ("A Study of FUMANBA-1 in Myeloma", False),
    ],
)
def test_a_record_bears_the_name_that_its_title_uses_as_its_own(title, borne):
    index = NameIndex([Record(id="NCT05066646", brief_title=title)])
    assert bool(index.bearers("FUMANBA-1")) is borne


def test_a_product_is_no_name_of_its_trial():
    tested = Record(
        id="NCT05066646",
        brief_title="Cells (DURGA-2)",
        interventions=(Intervention(name="autologous DURGA-2 cells"),),
    )
    assert NameIndex([tested]).bearers("DURGA-2") == ()


def test_an_index_answers_as_names_does():
    records = [record("PALLAS"), record("IMpower150")]
    index = NameIndex(records)
    for text in ("the PALLAS trial", "IMpower150 and KEYNOTE-189", "PALLAS"):
        assert index.find(text) == names(text, records)


def test_on_public_titles_and_acronyms_names_are_as_sure_as_documented(shared):
    for what, (result, wrong) in measured().items():
        assert result.precision >= MARK, (what, wrong)
        assert result.answered


@pytest.mark.parametrize(
    "piece", ["RECOVERY and ", "the the the the trial ", "PALLAS ", "A-1/", "RECOVERY clinical "]
)
def test_the_time_grows_with_the_length_of_the_text(piece):
    texts = [piece * (size * 2_000) for size in (1, 2, 4)]
    assert is_linear(lambda text: names(text, [record("PALLAS")]), [(text,) for text in texts])


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
