"""Whether a text and the record of a number that it gives are of one trial, aspect by aspect."""

from __future__ import annotations

import json
from functools import cache

import pytest
from conftest import FIXTURES
from growth import is_linear
from hypothesis import example, given, settings
from hypothesis import strategies as st

from trialink.finding import find
from trialink.linking.comparing.agreement import agreement
from trialink.linking.comparing.wording import Words
from trialink.model.links import Agreement, Aspect
from trialink.model.mentions import Mention, Span
from trialink.sources.record import Intervention, Record

STUDIES = FIXTURES / "clinicaltrials_gov" / "studies"
FUMANBA_1, FUMANBA_2, FUMANBA_3 = "NCT05066646", "NCT05181501", "NCT06464991"
US_STUDY = "NCT05698303"  # of the product of FUMANBA-1, without a name of its own
SPORT, ATTAIN_1, NEMTABRUTINIB, IBERDOMIDE = (
    *("NCT00000410", "NCT05869903", "NCT04728893", "NCT05827016"),
)
ASPECTS = {
    "trial_name": "Acronym",
    "intervention": "InterventionName",
    "title_terms": "BriefTitle",
    "condition": "Condition",
    "sponsor": "LeadSponsorName",
    "phase": "Phase",
    "country": "LocationCountry",
    "enrollment": "EnrollmentCount",
    "year": "StartDate",
}


@cache
def record(number: str) -> Record:
    return Record.from_api(json.loads((STUDIES / f"{number}.json").read_bytes())["study"])


RECORDS = [record(path.stem) for path in sorted(STUDIES.glob("NCT*.json"))]


def mention_of(text: str, number: str) -> Mention:
    return next(each for each in find(text) if each.id.number == number)


def told(text: str, known: Record) -> dict[str, Aspect]:
    found = agreement(text, mention_of(text, known.id.number), known)
    return {each.aspect: each for each in found.aspects}


def gist(aspect: Aspect) -> tuple[str, list[str]]:
    return aspect.verdict, [span.text for span in aspect.spans]


def proof(aspect: Aspect) -> tuple[str, str, str | None]:
    return aspect.verdict, aspect.record_field, aspect.record_value


def case(name: str, number: str, text: str, verdict: str, *spans: str):
    """A row: a text in which {} stands for the number, and what one aspect says of it."""
    return pytest.param(number, text.format(number), verdict, [*spans], id=name)


def test_the_article_agrees_with_its_record_as_documented(seed):
    found = agreement(seed, mention_of(seed, FUMANBA_1), record(FUMANBA_1))
    spans = {
        "trial_name": [Span(496, 505, "FUMANBA-1")],
        "title_terms": [Span(335, 357, "fully-human BCMA CAR-T")],
        "condition": [Span(411, 427, "multiple myeloma")],
        "sponsor": [Span(174, 192, "IASO Biotechnology")],
        "phase": [Span(551, 561, "Phase I/II")],
        "country": [Span(605, 610, "China")],
    }
    values = {
        "trial_name": ("BriefTitle", "FUMANBA-1"),
        "intervention": ("InterventionName", "CT103A"),
        "title_terms": ("BriefTitle", "Fully Human BCMA-targeting CAR"),
        "condition": ("Condition", "Multiple Myeloma"),
        "sponsor": ("LeadSponsorName", "Nanjing IASO Biotechnology Co., Ltd."),
        "phase": ("Phase", "PHASE1|PHASE2"),
        "country": ("LocationCountry", "China"),
        "enrollment": ("EnrollmentCount", "132"),
        "year": ("StartDate", "2020-04-01"),
    }
    assert found.to_dict() == {
        "id": FUMANBA_1,
        "mention": None,
        "verdict": "fits",
        "aspects": [
            {
                "aspect": aspect,
                "verdict": "fits" if aspect in spans else "silent",
                "record_field": field,
                "record_value": value,
                "spans": [*map(Span.to_dict, spans.get(aspect, []))],
            }
            for aspect, (field, value) in values.items()
        ],
    }


@pytest.mark.parametrize(
    ("number", "text", "verdict", "spans"),
    [
        case("the name as printed", FUMANBA_1, "FUMANBA-1 ({})", "fits", "FUMANBA-1"),
        case("another dash", FUMANBA_1, "FUMANBA\u20111 ({})", "fits", "FUMANBA\u20111"),
        case("a blank, and small letters", FUMANBA_1, "Fumanba 1 ({})", "fits", "Fumanba 1"),
        case("a zero before the number", FUMANBA_1, "FUMANBA-01 ({})", "fits", "FUMANBA-01"),
        case("a zero left out", FUMANBA_3, "FUMANBA-3 ({})", "fits", "FUMANBA-3"),
        case("the next trial", FUMANBA_1, "FUMANBA-2 ({})", "conflicts", "FUMANBA-2"),
        case("the trial before", FUMANBA_2, "FUMANBA-1 ({})", "conflicts", "FUMANBA-1"),
        case("a longer number", FUMANBA_1, "FUMANBA-10 ({})", "conflicts", "FUMANBA-10"),
        case("two numbers of it", FUMANBA_1, "FUMANBA-1/2, as {}", "fits", "FUMANBA-1"),
        case(
            "the name alone in the sentence",
            FUMANBA_2,
            "FUMANBA-1 was registered as {}.",
            "conflicts",
            "FUMANBA-1",
        ),
        case(
            "its own name elsewhere",
            FUMANBA_1,
            "FUMANBA-2 ({}) is new. FUMANBA-1 is older.",
            "fits",
            "FUMANBA-1",
        ),
        case("a name of another number", FUMANBA_1, "FUMANBA-2 (NCT05181501); {}", "silent"),
        case("a name of another sentence", FUMANBA_1, "FUMANBA-2 is new. See {}.", "silent"),
        case("two other names", FUMANBA_1, "FUMANBA-2 and FUMANBA-4, see {}", "silent"),
        case("another word", FUMANBA_1, "KEYNOTE-189 ({})", "silent"),
        case("no name", FUMANBA_1, "see {}", "silent"),
        case("an acronym", SPORT, "SPORT ({})", "fits", "SPORT"),
        case("the acronym's word", SPORT, "Sport and back pain ({})", "silent"),
        case("an acronym inside a word", SPORT, "PASSPORT ({})", "silent"),
        case("a verb that is no name", ATTAIN_1, "to attain 1 kg less ({})", "silent"),
        case("a record without a name", US_STUDY, "FUMANBA-1 ({})", "silent"),
    ],
)
def test_trial_name(number, text, verdict, spans):
    assert gist(told(text, record(number))["trial_name"]) == (verdict, spans)


@pytest.mark.parametrize(
    ("known", "proven"),
    [
        pytest.param(record(FUMANBA_1), ("BriefTitle", "FUMANBA-1"), id="BriefTitle first"),
        pytest.param(record(ATTAIN_1), ("Acronym", "ATTAIN-1"), id="then the acronym"),
        pytest.param(
            record(ATTAIN_1).model_copy(update={"acronym": None}),
            ("OfficialTitle", "ATTAIN-1"),
            id="then OfficialTitle",
        ),
    ],
)
def test_trial_name_is_proven_from_the_first_field_that_has_it(known, proven):
    text = f"FUMANBA-1 or ATTAIN-1 ({known.id})"
    assert proof(told(text, known)["trial_name"]) == ("fits", *proven)


@pytest.mark.parametrize("title", ["DURGA-2 Cells (DURGA-2)", "DURGA-2: a Study"])
def test_names_of_products_are_no_trial_names(title):
    tested = (Intervention(name="autologous DURGA-2 cells"),)
    known = record(FUMANBA_1).model_copy(
        update={"brief_title": title, "acronym": "DURGA-2", "interventions": tested}
    )
    for text in ("DURGA-2 ({})", "DURGA-6 ({})"):
        aspect = told(text.format(known.id), known)["trial_name"]
        assert (*proof(aspect), aspect.spans) == ("silent", "Acronym", None, ())


@pytest.mark.parametrize(
    ("title", "verdict"),
    [
        ("DURGA-4 in Leukemia", "silent"),
        ("Cells in Leukemia (DURGA-4)", "conflicts"),
        ("Cells in Leukemia (DURGA-4 Study)", "conflicts"),
        ("DURGA-4: Cells in Leukemia", "conflicts"),
    ],
)
def test_a_name_conflicts_only_where_the_title_uses_it_as_a_name(title, verdict):
    known = record(FUMANBA_1).model_copy(update={"brief_title": title, "acronym": None})
    assert told(f"DURGA-6 ({known.id})", known)["trial_name"].verdict == verdict


@pytest.mark.parametrize(
    ("number", "text", "verdict", "spans"),
    [
        case("in small letters", NEMTABRUTINIB, "nemtabrutinib ({})", "fits", "nemtabrutinib"),
        case("a code without its hyphen", NEMTABRUTINIB, "MK1026 ({})", "fits", "MK1026"),
        case("a code with a dash", NEMTABRUTINIB, "MK\u20131026 ({})", "fits", "MK\u20131026"),
        case("the start of a longer code", NEMTABRUTINIB, "MK-10260 ({})", "silent"),
        case("figures that a slash parts", NEMTABRUTINIB, "MK-10/26 ({})", "silent"),
        case("another product", NEMTABRUTINIB, "ibrutinib ({})", "silent"),
        case("the product's later name", FUMANBA_1, "equecabtagene autoleucel ({})", "silent"),
        case("all that are given", IBERDOMIDE, "lenalidomide or iberdomide ({})", "fits",
             "lenalidomide", "iberdomide"),
        case("without the form", "NCT06029816", "neratinib ({})", "fits", "neratinib"),
        case("without the bracket", "NCT05915728", "gadoquatrane ({})", "fits", "gadoquatrane"),
        case("the bracket alone", "NCT05915728", "BAY 1747846 ({})", "fits", "BAY 1747846"),
        case("one of two products", "NCT01811251", "dexamethasone ({})", "fits", "dexamethasone"),
        case("placebo alone", "NCT05897541", "placebo ({})", "silent"),
        case("a mark behind the name", IBERDOMIDE, "Revlimid\u00ae ({})", "fits", "Revlimid"),
    ],
)  # fmt: skip
def test_intervention(number, text, verdict, spans):
    assert gist(told(text, record(number))["intervention"]) == (verdict, spans)


@pytest.mark.parametrize(
    ("text", "proven"),
    [
        ("nemtabrutinib, once MK-1026", ("fits", "InterventionName", "Nemtabrutinib")),
        ("MK-1026", ("fits", "InterventionOtherName", "ARQ 531|MK-1026")),
        ("a pill", ("silent", "InterventionName", "Nemtabrutinib")),
    ],
)
def test_intervention_names_the_field_that_proves_it(text, proven):
    known = record(NEMTABRUTINIB)
    assert proof(told(f"{text} ({known.id})", known)["intervention"]) == proven


@pytest.mark.parametrize(
    ("number", "text", "verdict", "spans"),
    [
        case("to the ends of hyphenated words", FUMANBA_1, "an anti-fully-human BCMA CAR-T ({})",
             "fits", "anti-fully-human BCMA CAR-T"),
        case("three words", FUMANBA_1, "fully human BCMA cells ({})", "fits", "fully human BCMA"),
        case("two words", FUMANBA_1, "fully human cells ({})", "silent"),
        case("one word between", FUMANBA_1, "fully human anti BCMA ({})", "fits",
             "fully human anti BCMA"),
        case("two words between", FUMANBA_1, "fully human but new anti BCMA ({})", "silent"),
        case("another order", FUMANBA_1, "BCMA human fully ({})", "silent"),
        case("a sentence between", FUMANBA_1, "fully human. BCMA CAR ({})", "silent"),
        case("a paragraph between", FUMANBA_1, "fully human\n\nBCMA CAR ({})", "silent"),
        case("a line between", FUMANBA_1, "fully\nhuman BCMA ({})", "fits", "fully\nhuman BCMA"),
        case("function words do not count", FUMANBA_1, "fully and of the human BCMA ({})",
             "fits", "fully and of the human BCMA"),
        case("words of the condition do not count", FUMANBA_1,
             "CAR in relapsed multiple myeloma ({})", "silent"),
        case("words of every title do not count", FUMANBA_1,
             "phase study in patients with FUMANBA 1 ({})", "silent"),
        case("the longest, though farther", FUMANBA_1,
             "fully human BCMA CAR; later fully human BCMA ({})", "fits", "fully human BCMA CAR"),
        case("of equal ones the nearest", FUMANBA_1,
             "fully human BCMA was new; Fully Human BCMA ({})", "fits", "Fully Human BCMA"),
        case("of equal ones at one distance the earlier", FUMANBA_1,
             "Fully human BCMA ({}) fully human BCMA", "fits", "Fully human BCMA"),
    ],
)  # fmt: skip
def test_title_terms(number, text, verdict, spans):
    assert gist(told(text, record(number))["title_terms"]) == (verdict, spans)


@pytest.mark.parametrize(
    ("text", "proven"),
    [
        ("nemtabrutinib efficacy and safety", ("silent", "BriefTitle", None)),
        ("efficacy and safety of nemtabrutinib",
         ("fits", "BriefTitle", "Efficacy and Safety of Nemtabrutinib")),
        ("to evaluate the efficacy of MK-1026",
         ("fits", "OfficialTitle", "Evaluate the Efficacy and Safety of MK-1026")),
    ],
)  # fmt: skip
def test_title_terms_are_proven_from_brief_title_before_official_title(text, proven):
    known = record(NEMTABRUTINIB)
    verdict, field, value = proven
    aspect = told(f"{text} ({known.id})", known)["title_terms"]
    assert proof(aspect) == (verdict, field, value or known.brief_title)


@pytest.mark.parametrize(
    ("number", "text", "verdict", "spans"),
    [
        case("in capitals", FUMANBA_1, "MULTIPLE MYELOMA ({})", "fits", "MULTIPLE MYELOMA"),
        case("over a line", FUMANBA_1, "multiple\nmyeloma ({})", "fits", "multiple\nmyeloma"),
        case("over a sentence", FUMANBA_1, "multiple. Myeloma ({})", "silent"),
        case("a part", FUMANBA_1, "myeloma ({})", "silent"),
        case("an abbreviation of it", FUMANBA_1, "RRMM ({})", "silent"),
        case("turned at the comma", "NCT00973089", "dental caries ({})", "fits", "dental caries"),
        case("words run together", "NCT06105931", "type 1 diabetes ({})", "fits",
             "type 1 diabetes"),
        case("one span for each, the nearest", SPORT,
             "low back pain; herniated disc; low back pain ({})", "fits",
             "herniated disc", "low back pain"),
        case("none inside another", ATTAIN_1, "overweight or obesity ({})", "fits",
             "overweight or obesity"),
    ],
)  # fmt: skip
def test_condition(number, text, verdict, spans):
    assert gist(told(text, record(number))["condition"]) == (verdict, spans)


def test_of_two_occurrences_the_nearest_counts_and_the_earlier_of_equals():
    text = "multiple myeloma, in multiple myeloma (NCT05066646)"
    assert told(text, record(FUMANBA_1))["condition"].spans[0].start == 21
    text = "multiple myeloma NCT05066646 multiple myeloma"
    assert told(text, record(FUMANBA_1))["condition"].spans[0].start == 0


@pytest.mark.parametrize(("word", "verdict"), [("ALL", "fits"), ("all", "silent")])
def test_an_abbreviation_is_itself_only_in_capitals(word, verdict):
    known = record(FUMANBA_1).model_copy(update={"conditions": ("ALL",)})
    assert told(f"cures {word} ({known.id})", known)["condition"].verdict == verdict


@pytest.mark.parametrize(
    ("number", "text", "verdict", "spans"),
    [
        case("a part of the name", FUMANBA_1, "IASO Biotechnology ({})", "fits",
             "IASO Biotechnology"),
        case("one telling word", FUMANBA_1, "IASO said ({})", "fits", "IASO"),
        case("a place and a kind of firm", FUMANBA_1, "Nanjing Biotechnology ({})", "silent"),
        case("the longest, though farther", "NCT05818137",
             "Merck Sharp & Dohme; later Merck ({})", "fits", "Merck Sharp & Dohme"),
        case("without the legal form", "NCT05813925", "NOVO NORDISK ({})", "fits", "NOVO NORDISK"),
        case("without accents", "NCT01742767", "Universitat Duisburg-Essen ({})", "fits",
             "Universitat Duisburg-Essen"),
        case("one word in small letters", "NCT06105931", "yale locks ({})", "silent"),
        case("a whole name of common words", "NCT06525896", "University of South Florida ({})",
             "fits", "University of South Florida"),
        case("a part of it", "NCT06525896", "South Florida ({})", "silent"),
        case("a word in a longer word", FUMANBA_1, "IASOtech ({})", "silent"),
        case("another sponsor", FUMANBA_1, "Innovent Biologics ({})", "silent"),
    ],
)  # fmt: skip
def test_sponsor(number, text, verdict, spans):
    assert gist(told(text, record(number))["sponsor"]) == (verdict, spans)


def test_a_collaborator_fits_where_the_lead_sponsor_does_not_stand():
    known = record(FUMANBA_1).model_copy(update={"collaborators": ("Innovent Biologics",)})
    told_of = {
        "Innovent Biologics": ("fits", "CollaboratorName", "Innovent Biologics"),
        "Innovent Biologics and IASO Biotechnology": (
            *("fits", "LeadSponsorName", "Nanjing IASO Biotechnology Co., Ltd."),
        ),
        "Novartis": ("silent", "LeadSponsorName", "Nanjing IASO Biotechnology Co., Ltd."),
    }
    for text, expected in told_of.items():
        assert proof(told(f"{text} ({known.id})", known)["sponsor"]) == expected


@pytest.mark.parametrize(
    ("condition", "text", "verdict"),
    [
        ("Relapsed/Refractory Multiple Myeloma", "multiple myeloma", "fits"),
        ("Recurrent Ovarian Carcinoma", "ovarian carcinoma", "fits"),
        ("Multiple Myeloma in Relapse", "multiple myeloma", "fits"),
        ("Refractory Lymphoma", "lymphoma", "silent"),
        ("Relapsed", "relapsed", "fits"),
        ("Acute Myeloid Leukemia", "myeloid leukemia", "silent"),
    ],
)
def test_a_condition_fits_with_or_without_its_stage(condition, text, verdict):
    known = record(FUMANBA_1).model_copy(update={"conditions": (condition,)})
    assert told(f"{text} ({known.id})", known)["condition"].verdict == verdict


@pytest.mark.parametrize(
    ("text", "others", "verdict"),
    [
        pytest.param("FUMANBA-2 ({}), after FUMANBA-1", [], "fits", id="nobody else at hand"),
        pytest.param(
            "FUMANBA-2 ({}), after FUMANBA-1", [FUMANBA_2], "conflicts", id="another's name"
        ),
        pytest.param("FUMANBA-1 ({})", [FUMANBA_2], "fits", id="its own name"),
        pytest.param("ATTAIN-1 ({})", [ATTAIN_1], "conflicts", id="another word, another's name"),
        pytest.param("ATTAIN-1 ({})", [], "silent", id="another word of nobody at hand"),
        pytest.param("FUMANBA-1 ({})", [FUMANBA_1], "fits", id="the record itself at hand"),
    ],
)
def test_a_name_of_another_record_at_hand_conflicts(text, others, verdict):
    known, text = record(FUMANBA_1), text.format(FUMANBA_1)
    mention = mention_of(text, FUMANBA_1)
    found = agreement(text, mention, known, others=map(record, others))
    assert found.aspects[0].verdict == verdict


def test_a_name_that_is_a_word_besides_stands_nearer_than_another_trials_name():
    known = record(FUMANBA_1).model_copy(update={"acronym": "CASE"})
    text = f"After ATTAIN-1, the CASE study ({FUMANBA_1}) began."
    found = agreement(text, mention_of(text, FUMANBA_1), known, others=[record(ATTAIN_1)])
    assert (found.aspects[0].verdict, found.aspects[0].record_value) == ("fits", "CASE")


@pytest.mark.parametrize(
    ("number", "text", "verdict", "spans"),
    [
        case("Roman", FUMANBA_1, "a phase I/II trial ({})", "fits", "phase I/II"),
        case("figures", FUMANBA_1, "a Phase 1/2 trial ({})", "fits", "Phase 1/2"),
        case("letters behind", FUMANBA_1, "a phase Ib/IIa trial ({})", "fits", "phase Ib/IIa"),
        case("hyphens", FUMANBA_1, "a phase-2 trial ({})", "fits", "phase-2"),
        case("dashes", FUMANBA_1, "a phase I\u2013II trial ({})", "fits", "phase I\u2013II"),
        case("Roman in one character", FUMANBA_1, "a phase \u2161 trial ({})", "fits",
             "phase \u2161"),
        case("both words", FUMANBA_1, "a phase 1/phase 2 trial ({})", "fits", "phase 1/phase 2"),
        case("the plural", FUMANBA_1, "phases 2 and 3 ({})", "fits", "phases 2 and 3"),
        case("one phase in common", FUMANBA_3, "a phase II/III trial ({})", "fits",
             "phase II/III"),
        case("another phase", FUMANBA_1, "a phase III trial ({})", "conflicts", "phase III"),
        case("another phase behind", FUMANBA_3, "{}, a phase 2b trial", "conflicts", "phase 2b"),
        case("another phase, one number in each register", FUMANBA_3,
             "a phase 2 trial (CTR20192510, {})", "conflicts", "phase 2"),
        case("another phase, another trial", FUMANBA_3,
             "a phase 2 trial (NCT05066646) and {}", "silent"),
        case("another phase, in earlier trials", FUMANBA_3,
             "after phase 1 trials, the pivotal one ({})", "silent"),
        case("another phase, of a trial before", FUMANBA_3,
             "after a phase 1 study, the pivotal trial ({})", "silent"),
        case("another phase in another sentence", FUMANBA_3, "Phase 1 is over. See {}.", "silent"),
        case("another phase nearest, the right one too", FUMANBA_3,
             "a phase 3 trial, unlike phase 1, is {}", "silent"),
        case("in another sentence", FUMANBA_3, "A phase 3 trial began. See {}.", "fits",
             "phase 3"),
        case("the mention's sentence first", FUMANBA_3,
             "A phase 3 trial ({}) is on. Phase 3", "fits", "phase 3"),
        case("a nearer one in the next sentence", FUMANBA_3,
             "A phase 3 trial at many sites is {}. Phase 1 is over.", "fits", "phase 3"),
        case("weeks", FUMANBA_3, "a run-in phase 2 weeks long ({})", "silent"),
        case("a longer number", FUMANBA_3, "phase 30 ({})", "silent"),
        case("a word", FUMANBA_3, "phase in ({})", "silent"),
        case("a record that says NA", "NCT00841061", "a phase 3 trial ({})", "silent"),
        case("a record that says nothing", "NCT05664230", "a phase 3 trial ({})", "silent"),
    ],
)  # fmt: skip
def test_phase(number, text, verdict, spans):
    assert gist(told(text, record(number))["phase"]) == (verdict, spans)


@pytest.mark.parametrize(
    ("number", "text", "verdict", "spans"),
    [
        case("the name", FUMANBA_1, "in China ({})", "fits", "China"),
        case("the nearest", FUMANBA_1, "China's agency; in China ({})", "fits", "China"),
        case("an adjective", FUMANBA_1, "in Chinese patients ({})", "silent"),
        case("another country", FUMANBA_1, "in Japan ({})", "silent"),
        case("in full", US_STUDY, "in the United States ({})", "fits", "United States"),
        case("short", US_STUDY, "in the USA ({})", "fits", "USA"),
        case("with points", US_STUDY, "in the U.S. ({})", "fits", "U.S"),
        case("a word", US_STUDY, "for us ({})", "silent"),
        case("a record without countries", SPORT, "in China ({})", "silent"),
    ],
)
def test_country(number, text, verdict, spans):
    assert gist(told(text, record(number))["country"]) == (verdict, spans)


@pytest.mark.parametrize(
    ("number", "text", "verdict", "spans"),
    [
        case("before patients", FUMANBA_1, "132 patients ({})", "fits", "132 patients"),
        case("two words between", FUMANBA_1, "132 heavily pre-treated patients ({})", "fits",
             "132 heavily pre-treated patients"),
        case("behind enrolled", FUMANBA_1, "enrolled a total of 132 ({})", "fits",
             "enrolled a total of 132"),
        case("in a bracket", FUMANBA_1, "participants (n = 132) in {}", "fits",
             "participants (n = 132"),
        case("with a comma", IBERDOMIDE, "1,216 participants ({})", "fits", "1,216 participants"),
        case("another count", FUMANBA_1, "103 patients ({})", "silent"),
        case("no word beside it", FUMANBA_1, "132 centres ({})", "silent"),
        case("a part of a number", FUMANBA_1, "5,132 patients; 132.5 subjects ({})", "silent"),
        case("the thousands of a number", FUMANBA_1, "enrolled 132,000 ({})", "silent"),
        case("a percentage", FUMANBA_1, "132% patients ({})", "silent"),
        case("a record without a count", "NCT01742767", "132 patients ({})", "silent"),
    ],
)  # fmt: skip
def test_enrollment(number, text, verdict, spans):
    assert gist(told(text, record(number))["enrollment"]) == (verdict, spans)


@pytest.mark.parametrize(
    ("number", "text", "verdict", "spans"),
    [
        case("started in", FUMANBA_1, "started in April 2020 ({})", "fits",
             "started in April 2020"),
        case("since", FUMANBA_1, "Since 2020 ({})", "fits", "Since 2020"),
        case("a date", FUMANBA_1, "began on 2020-04-01 ({})", "fits", "began on 2020"),
        case("behind the number", FUMANBA_1, "registered as {} in 2020", "fits",
             "registered as NCT05066646 in 2020"),
        case("before the word", FUMANBA_1, "in 2020 the trial began ({})", "fits",
             "2020 the trial began"),
        case("another year", FUMANBA_1, "started in 2021 ({})", "silent"),
        case("no word beside it", FUMANBA_1, "published in 2020 ({})", "silent"),
        case("another sentence", FUMANBA_1, "It started. In 2020 ({})", "silent"),
        case("a part of an identifier", FUMANBA_1, "registered as 2020-000123-39 ({})", "silent"),
        case("a record without a start", FUMANBA_2, "started in 2020 ({})", "silent"),
    ],
)  # fmt: skip
def test_year(number, text, verdict, spans):
    assert gist(told(text, record(number))["year"]) == (verdict, spans)


def test_every_aspect_of_an_empty_record_is_present_and_silent():
    text = "FUMANBA-1 (NCT05066646), a phase 3 trial of 132 patients in China, began in 2020"
    found = agreement(text, mention_of(text, FUMANBA_1), Record(id=FUMANBA_1))
    empty = tuple(Aspect(name, "silent", field, None, ()) for name, field in ASPECTS.items())
    assert found == Agreement(found.id, None, "silent", empty)


@pytest.mark.parametrize(
    ("number", "text", "verdict"),
    [
        pytest.param(FUMANBA_1, "see {}", "silent", id="nothing is said"),
        pytest.param(FUMANBA_1, "in China ({})", "fits", id="one aspect fits"),
        pytest.param(
            FUMANBA_2,
            "FUMANBA-1 ({}) in multiple myeloma, run in China by Nanjing IASO Biotechnology",
            "conflicts",
            id="one conflicts among many that fit",
        ),
        pytest.param(
            US_STUDY,
            "FUMANBA-1 ({}), a phase I/II trial of a fully human BCMA CAR-T",
            "fits",
            id="a twin without a name",
        ),
    ],
)
def test_the_verdict_is_conflicts_if_any_else_fits_if_any(number, text, verdict):
    text = text.format(number)
    assert agreement(text, mention_of(text, number), record(number)).verdict == verdict


def test_words_made_once_serve_every_mention():
    text = "FUMANBA-1 (NCT05066646), FUMANBA-2 (NCT05181501): multiple myeloma in China, phase 1"
    words = Words(text)
    for mention in find(text):
        known = record(mention.id.number)
        assert agreement(text, mention, known, words=words) == agreement(text, mention, known)


def test_another_type_than_text_is_refused_with_its_name():
    mention = mention_of("NCT05066646", FUMANBA_1)
    with pytest.raises(TypeError, match="str, not bytes: decode it first"):
        agreement(b"NCT05066646", mention, record(FUMANBA_1))


PIECES = (
    *("FUMANBA-1", "FUMANBA-2", "SPORT", "fully-human BCMA CAR-T", "phase I/II", "Phase 3"),
    *("132 patients", "began in 2020", "China", "U.S.", "Merck Sharp & Dohme", "MK-1026"),
    *("multiple myeloma", "-", "/", ". ", "\n\n", " ", "(", ")", "\u2013", "\u00df", "\u0130"),
    *("e\u0301", "\u2161", "\u00bd", "\uff11\uff13\uff12", "\U0001d7cf", "\ud800", "NCT05181501"),
)
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=12).map("".join)


@given(before=TEXTS, after=TEXTS, known=st.sampled_from(RECORDS))
@example(before="\u0130\u0130 FUMANBA-1 ", after="", known=record(FUMANBA_1))
@settings(max_examples=50, deadline=None)
def test_spans_repeat_the_text_and_the_verdicts_follow_from_them(before, after, known):
    text = f"{before} {known.id} {after}"
    start = len(before) + 1
    mention = Mention(start, start + len(known.id.number), known.id.number, known.id)
    found = agreement(text, mention, known)
    assert [each.aspect for each in found.aspects] == [*ASPECTS]
    verdicts = [each.verdict for each in found.aspects]
    assert found.verdict == next(
        each for each in ("conflicts", "fits", "silent") if each in verdicts
    )
    for aspect in found.aspects:
        assert bool(aspect.spans) is (aspect.verdict != "silent")
        assert [*aspect.spans] == sorted(aspect.spans, key=lambda span: span.start)
        for span in aspect.spans:
            assert span == Span(span.start, span.end, text[span.start : span.end])
            assert span.text
    assert Agreement.from_dict(found.to_dict()) == found


@given(text=st.text(st.characters(exclude_categories=("N",)), max_size=200))
@settings(max_examples=50, deadline=None)
def test_a_text_without_figures_conflicts_with_no_record(text):
    words = Words(f"{text.replace('phase', '')} NCT05066646")
    mention = Mention(len(words.text) - 11, len(words.text), FUMANBA_1, record(FUMANBA_1).id)
    for known in RECORDS:
        assert agreement(words.text, mention, known, words=words).verdict != "conflicts"


PROSE = "In China, 132 patients with multiple myeloma had a fully human BCMA-targeting CAR. "


@pytest.mark.parametrize(
    "piece",
    [
        PROSE,
        "BCMA CAR human fully ",
        "fully-human-BCMA-",
        "of the ",
        "phase 2/",
        "2020 began ",
        " ",
    ],
)
def test_the_time_grows_with_the_length_of_the_text(piece):
    def compared(text: str) -> None:
        agreement(text, mention_of(text, FUMANBA_1), record(FUMANBA_1))

    texts = [
        f"{piece * repeated} FUMANBA-1 (NCT05066646) {piece * repeated}"
        for repeated in (many * 4_000 // len(piece) for many in (1, 2, 4))
    ]
    assert is_linear(compared, [(text,) for text in texts])


@pytest.mark.parametrize(
    "piece",
    [
        pytest.param("{} began in 2020: 132 patients, 132 in 2020, 132 in 2020. ", id="figures"),
        pytest.param(f"FUMANBA-1 ({{}}), phase 2. {PROSE}", id="what fits"),
        pytest.param("in {} since 2020, ", id="one long sentence"),
    ],
)
def test_the_time_grows_with_the_number_of_mentions(piece):
    def compared(text: str, mentions: list[Mention]) -> None:
        words = Words(text)
        for mention in mentions:
            agreement(text, mention, record(FUMANBA_1), words=words)

    texts = [piece.format(FUMANBA_1) * many for many in (20, 40, 80)]
    assert is_linear(compared, [(text, find(text)) for text in texts])
