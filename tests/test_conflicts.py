"""Numbers whose record is of another trial than the text: found, with numbers that fit."""

from __future__ import annotations

import pytest
from agreement_accuracy import FALSE_ALARMS, MARKS, measured
from conftest import FIXTURES
from growth import is_linear

from trialink import Linker, Resolver, agreement, find
from trialink.linking.comparing.conflicts import Compared, record_conflicts
from trialink.linking.comparing.wording import Words
from trialink.replay import replay
from trialink.sources.record import Intervention, Record

FUMANBA_1, FUMANBA_2, FUMANBA_3 = "NCT05066646", "NCT05181501", "NCT06464991"
ATTAIN_1, NEMTABRUTINIB, SPORT = "NCT05869903", "NCT04728893", "NCT00000410"


def conflicts(text):
    with Resolver(transport=replay(FIXTURES)) as resolver:
        document = Linker(resolver).read(text)
    return [each for each in document.problems if each.code == "record-conflict"]


def told(text):
    return [(each.text, [*map(str, each.candidates)]) for each in conflicts(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            f"FUMANBA-1 ({FUMANBA_2}) is a trial in multiple myeloma.",
            [(FUMANBA_2, [])],
            id="another trial's name",
        ),
        pytest.param(
            f"FUMANBA-1 ({FUMANBA_2}) came first. FUMANBA-2 ({FUMANBA_1}) followed.",
            [(FUMANBA_2, [FUMANBA_1]), (FUMANBA_1, [FUMANBA_2])],
            id="two swapped numbers",
        ),
        pytest.param(
            f"FUMANBA-1 ({FUMANBA_1}) came first. FUMANBA-2 ({FUMANBA_2}) followed.",
            [],
            id="the same in their places",
        ),
        pytest.param(
            f"FUMANBA-1 ({FUMANBA_2}) came first. Its number is {FUMANBA_1}.",
            [(FUMANBA_2, [FUMANBA_1])],
            id="the right number elsewhere in the text",
        ),
        pytest.param(
            f"Patients with chronic lymphocytic leukemia received nemtabrutinib ({ATTAIN_1}). "
            f"Adults with obesity took orforglipron ({NEMTABRUTINIB}).",
            [(ATTAIN_1, [NEMTABRUTINIB]), (NEMTABRUTINIB, [ATTAIN_1])],
            id="two products swapped",
        ),
        pytest.param(
            f"A phase 3 trial of nemtabrutinib ({FUMANBA_1}) in patients with lymphoma.",
            [(FUMANBA_1, [])],
            id="another phase",
        ),
        pytest.param(
            f"In a trial of cervical collars run by Lund University in Sweden, 900 patients with "
            f"whiplash took part ({FUMANBA_1}).",
            [(FUMANBA_1, [])],
            id="nothing fits, much is said",
        ),
        pytest.param(f"It rained. See {FUMANBA_1}.", [], id="nothing is said"),
        pytest.param(
            f"The pivotal trial ({FUMANBA_1}) ended ahead of schedule, and the firm expects to "
            "show its results at a congress next year.",
            [],
            id="much is said, nothing of the trial",
        ),
        pytest.param(
            f"Patients with multiple myeloma received equecabtagene autoleucel ({FUMANBA_1}).",
            [],
            id="another name of the product",
        ),
        pytest.param(
            f"In a phase 1/2 study, patients received equecabtagene autoleucel ({FUMANBA_1}).",
            [],
            id="another name of the product, and little else",
        ),
        pytest.param(
            f"In a phase 1/2 study, patients with RRMM received eque-cel ({FUMANBA_1}).",
            [],
            id="an abbreviation of the condition",
        ),
        pytest.param(
            f"In a phase 1/2 study, 18 patients were treated ({FUMANBA_1}).",
            [],
            id="fewer people than planned",
        ),
        pytest.param(
            f"The trials ({FUMANBA_1}, {SPORT}) were run in Sweden by Lund University.",
            [],
            id="a sentence on several trials",
        ),
        pytest.param("NCT05066647, of which no record is known", [], id="no record"),
    ],
)
def test_a_number_of_another_trial_is_told(text, expected):
    assert told(text) == expected


def test_the_problem_says_what_the_record_says():
    (problem,) = conflicts(f"FUMANBA-1 ({FUMANBA_2}) is a trial in multiple myeloma.")
    assert (problem.severity, problem.registry) == ("warning", "nct")
    assert (problem.start, problem.line, problem.column) == (11, 1, 12)
    assert str(problem) == (
        "1:12 record-conflict NCT05181501: the text does not fit the record of NCT05181501, "
        "which says: trial name FUMANBA-2."
    )


def test_problems_of_both_kinds_stand_in_text_order():
    with Resolver(transport=replay(FIXTURES)) as resolver:
        document = Linker(resolver).read(f"NCT0506664 and NCT05066647. FUMANBA-1 ({FUMANBA_2}).")
    codes = [each.code for each in document.problems]
    assert codes == ["digits-missing", "check-digit", "record-conflict"]


PLAIN = Record(
    id=FUMANBA_1,
    conditions=("Multiple Myeloma",),
    lead_sponsor="Alphagen",
    interventions=(Intervention(name="alphamab"),),
)
OTHER = Record(
    id=FUMANBA_2,
    lead_sponsor="Zetagen",
    interventions=(Intervention(name="betamab"), Intervention(name="gammamab")),
)

KIND = OTHER.model_copy(update={"interventions": (Intervention(name="CAR-T cells"),)})


@pytest.mark.parametrize(
    ("text", "others", "verdict"),
    [
        pytest.param("betamab ({})", [OTHER], "conflicts", id="another trial's product"),
        pytest.param("betamab ({})", [], "silent", id="a product of nobody at hand"),
        pytest.param("betamab and alphamab ({})", [OTHER], "fits", id="both products"),
        pytest.param(
            "myeloma refractory to betamab; multiple myeloma ({})",
            [OTHER],
            "silent",
            id="in a sentence on its condition",
        ),
        pytest.param("gammamab ({})", [OTHER], "silent", id="what is compared with another's"),
        pytest.param("CAR-T cells ({})", [KIND], "silent", id="a kind of product"),
        pytest.param(
            "betamab ({})",
            [OTHER.model_copy(update={"lead_sponsor": PLAIN.lead_sponsor})],
            "silent",
            id="of the same sponsor, maybe the same product",
        ),
        pytest.param("betamab ({}, NCT06464991)", [OTHER], "silent", id="several trials"),
    ],
)
def test_a_product_conflicts_where_it_is_another_records(text, others, verdict):
    text = text.format(FUMANBA_1)
    found = agreement(text, find(text)[0], PLAIN, others=others)
    assert found.aspects[1].aspect == "intervention"
    assert found.aspects[1].verdict == verdict


def test_on_permuted_passages_alarms_are_as_rare_and_detection_as_good_as_documented(shared):
    rates = measured(step=45)
    own = [rate for what, rate in rates.items() if what.startswith("its own number")]
    assert sum(each.alarms for each in own) <= FALSE_ALARMS * sum(each.numbers for each in own)
    assert {what: rate for what, rate in rates.items() if rate.share < MARKS.get(what, 0.0)} == {}


def test_the_time_grows_with_the_number_of_mentions():
    known = Record(id=FUMANBA_1, acronym="FUMANBA-1", phases=("PHASE1",), countries=("China",))

    def compared(text, mentions):
        words = Words(text)
        found = [
            Compared(each, known, agreement(text, each, known, words=words)) for each in mentions
        ]
        record_conflicts(words, found, [])

    piece = f"A trial of cells ({FUMANBA_1}) was run in Japan by Lund University. "
    texts = [piece * many for many in (15, 30, 60)]
    assert is_linear(compared, [(text, find(text)) for text in texts])
