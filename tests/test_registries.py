from __future__ import annotations

import json
import re
import string
from pathlib import Path

import pytest

from trialink.finding import find
from trialink.registries import BY_KEY, REGISTRIES, checks, registry_of, selected
from trialink.registries.entry import Check, Form, Registry

FACTS = Path(__file__).parents[2] / "shared" / "registries" / "registries.json"

# What MEDLINE calls the databank, where two of our entries share the name.
SHARED_NAMES = {"ntr_nl"}
# Families of the facts without an entry of their own.
NO_NUMBERS = {
    "reec": "lists EudraCT and EU CT numbers",
    "ossc": "lists EudraCT numbers",
    "tzctr": "how its numbers look is not known",
}
# Numbers in the collected examples that were never issued like this.
TYPING_ERRORS = {
    "ACTRN12620000045497": "one digit was copied wrongly: the only miss among 413",
    "PACTR200901000091175": "lost its last digit: 16 were printed until 2010",
}
FORMS = [
    pytest.param(entry, form, id=f"{entry.key}-{place}")
    for entry in REGISTRIES
    for place, form in enumerate(entry.forms)
]
EXAMPLES = [
    pytest.param(entry, printed, number, id=f"{entry.key}-{printed}")
    for entry in REGISTRIES
    for printed, number in entry.examples
]
FOUND_EXAMPLES = [
    case for case in EXAMPLES if case.values[0].kind != "decoy" and not case.values[0].experimental
]
NAMED_EXAMPLES = [
    case for case in EXAMPLES if case.values[0].kind != "decoy" and case.values[0].experimental
]
COUNTEREXAMPLES = [
    pytest.param(entry, text, id=f"{entry.key}-{text}")
    for entry in REGISTRIES
    for text in entry.counterexamples
]
PLACEHOLDERS = [
    pytest.param(entry, number, id=number) for entry in REGISTRIES for number in entry.placeholders
]
ENTRIES = [pytest.param(entry, id=entry.key) for entry in REGISTRIES]


@pytest.fixture(scope="module")
def facts() -> dict[str, dict]:
    """Return the collected facts by key; skip where this repository stands alone."""
    if not FACTS.exists():
        pytest.skip("the collected facts are not at hand")
    entries = json.loads(FACTS.read_text(encoding="utf-8"))["registries"]
    return {entry["key"]: entry for entry in entries}


def claims(text: str, registries: list[Registry] | None = None) -> list[tuple[str, str]]:
    return [(each.id.registry, each.id.number) for each in find(text, registries=registries)]


def sentence(entry: Registry, printed: str) -> str:
    """Return a sentence with a number, and with a word of the registry where one is needed."""
    if any(form.needs_cue for form in entry.forms):
        return f"With {entry.cues[0]}, the trial was listed as {printed}, before it began."
    return f"The trial was listed as {printed}, before it began."


# The catalogue


@pytest.mark.parametrize("field", ["key", "label", "rank"])
def test_no_two_entries_share(field):
    values = [getattr(entry, field) for entry in REGISTRIES]
    assert len(set(values)) == len(values)


def test_every_family_of_the_facts_has_an_entry_if_it_has_numbers(facts):
    assert facts.keys() - BY_KEY.keys() == NO_NUMBERS.keys()


def test_an_entry_is_off_if_no_number_of_its_family_is_known(facts):
    unknown = {key for key in BY_KEY.keys() & facts.keys() if not collected(facts, key)}
    # The numbers of UNCST stand in its own list.
    assert {e.key for e in REGISTRIES if e.experimental} == unknown - {"uganda_ncst"}


def test_catalogue_stands_in_the_order_of_the_facts(facts):
    ours = [entry.key for entry in REGISTRIES if entry.key in facts]
    assert ours == [key for key in facts if key in BY_KEY]


def test_ranks_are_places_in_the_facts(facts):
    places = {key: place for place, key in enumerate(facts, 1)}
    ours = {entry.key: entry.rank for entry in REGISTRIES if entry.key in facts}
    assert ours == {key: places[key] for key in ours}


def test_curies_are_those_of_the_bioregistry(facts):
    ours = {entry.key: entry.curie for entry in REGISTRIES if entry.key in facts}
    assert ours == {key: facts[key]["codes"]["bioregistry"] for key in ours}


def test_labels_are_those_of_medline(facts):
    databanks = {key: fact["codes"]["medline_databank"] for key, fact in facts.items()}
    ours = {
        entry.key: entry.label
        for entry in REGISTRIES
        if databanks.get(entry.key) and entry.key not in SHARED_NAMES
    }
    assert ours == {key: databanks[key] for key in ours}


def test_years_are_those_of_the_facts(facts):
    kinds = {entry.key: entry for entry in REGISTRIES if entry.kind == "registration"}
    ours = {key: entry.years for key, entry in kinds.items() if key in facts}
    theirs = {key: tuple(facts[key]["years"].values()) for key in ours}
    assert ours == theirs


@pytest.mark.parametrize("key", ["nct", "isrctn", "anzctr", "chictr", "itmctr", "ctri", "rpcec",
    "euctr", "ctis", "drks", "irct", "umin", "jrct", "japic", "jmacct", "cris", "lbctr", "ntr",
    "ntr_nl", "nl_omon", "pactr", "rebec", "repec", "slctr", "tctr", "utn"])  # fmt: skip
def test_the_who_network_is_complete(key):
    assert key in BY_KEY
    assert not BY_KEY[key].experimental


def test_entries_are_named_by_key_label_or_themselves():
    nct = BY_KEY["nct"]
    assert selected(["nct", "ClinicalTrials.gov", nct]) == (nct,)


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"'nope'.*nct, isrctn"):
        selected("nope")


# One entry


@pytest.mark.parametrize("entry", ENTRIES)
def test_entry_says_where_the_format_is_stated(entry):
    assert re.match(r"https?://\S+\Z", entry.source)


@pytest.mark.parametrize("entry", ENTRIES)
def test_entry_has_an_example_or_is_experimental(entry):
    assert entry.examples or entry.experimental


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_cue_word_stands_twice(entry):
    cues = [cue.lower() for cue in entry.cues]
    assert len(set(cues)) == len(cues)


@pytest.mark.parametrize("entry", ENTRIES)
def test_addresses_are_templates_of_web_addresses(entry):
    for template in filter(None, (entry.url, *entry.urls)):
        assert template.startswith(("https://", "http://"))
        assert fields(template) <= {"id", "n"}
        assert fields(template)


def test_address_holds_the_number_or_its_digits():
    assert BY_KEY["nct"].url_of("NCT05066646") == "https://clinicaltrials.gov/study/NCT05066646"
    assert BY_KEY["anzctr"].url_of("ACTRN12617001381370p").endswith("?ACTRN=12617001381370")
    assert BY_KEY["cde_china"].url_of("CTR20192510") is None


@pytest.mark.parametrize(("entry", "number"), PLACEHOLDERS)
def test_placeholder_has_the_shape_of_a_number(entry, number):
    assert entry.owns(number)


# One form


@pytest.mark.parametrize(("entry", "form"), FORMS)
def test_canonical_template_uses_groups_of_the_pattern(entry, form):
    assert fields(form.canonical) == set(re.compile(form.pattern).groupindex)


@pytest.mark.parametrize(("entry", "form"), FORMS)
def test_pattern_is_short_and_bounded(entry, form):
    parsed = re._parser.parse(form.pattern)
    assert not list(unbounded(parsed))
    assert parsed.getwidth()[1] < 64


@pytest.mark.parametrize(("entry", "form"), FORMS)
def test_form_can_be_met(entry, form):
    assert form.prefixes or form.alone != "no"


def fields(template: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(template) if field}


def unbounded(parsed) -> list:
    """Yield the repetitions without an upper bound anywhere in a parsed pattern."""
    if isinstance(parsed, tuple | list | re._parser.SubPattern):
        parts = list(parsed)
        if len(parts) == 3 and parts[1] is re._parser.MAXREPEAT:
            yield parts
        for part in parts:
            yield from unbounded(part)


def test_an_unbounded_pattern_would_be_seen():
    assert list(unbounded(re._parser.parse(r"(?P<n>\d{2}(?:a|b+))")))


# Examples


@pytest.mark.parametrize(("entry", "printed", "number"), EXAMPLES)
def test_only_its_registry_owns_the_number_of_an_example(entry, printed, number):
    assert [each.key for each in REGISTRIES if each.owns(number)] == [entry.key]
    assert registry_of(number) == entry.key


@pytest.mark.parametrize(("entry", "printed", "number"), EXAMPLES)
def test_number_of_an_example_passes_its_check(entry, printed, number):
    assert entry.checked(number) != "suspect"


@pytest.mark.parametrize(("entry", "printed", "number"), FOUND_EXAMPLES)
def test_example_is_found_in_a_sentence_and_by_no_other_registry(entry, printed, number):
    assert claims(sentence(entry, printed)) == [(entry.key, number)]


@pytest.mark.parametrize(("entry", "printed", "number"), NAMED_EXAMPLES)
def test_example_of_an_experimental_entry_is_found_only_if_it_is_named(entry, printed, number):
    text = f"With {entry.cues[0]}, the trial was listed as {printed}, before it began."
    assert claims(text) == []
    assert claims(text, [entry]) == [(entry.key, number)]


@pytest.mark.parametrize(("entry", "printed", "number"), FOUND_EXAMPLES)
def test_canonical_form_finds_itself(entry, printed, number):
    text = sentence(entry, number)
    assert claims(text) == [(entry.key, number)]
    assert [each.text for each in find(text)] == [number]


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("NTR1166", ("ntr", "NTR1166")),
        ("NTR number 1867", ("ntr", "NTR1867")),
        ("NTR(TC=2517)", ("ntr", "NTR2517")),
        ("REPEC: 046-19", ("repec", "PER-046-19")),
        ("UMIN-C000000017", ("umin", "UMIN000000017")),
        ("CPMS 45521", ("cpms", "CPMS 45521")),
        ("UKCRN 4814", ("cpms", "CPMS 4814")),
        ("UKCRN Study ID 2012", ("cpms", "CPMS 2012")),
        ("BASEC 2018-01404", ("basec", "BASEC 2018-01404")),
        ("Swissmedic.ch 2002 DR 1227", ("basec", "2002DR1227")),
        ("GSK study ID 113734", ("sponsor_gsk", "GSK 113734")),
        ("https://www.trialregister.nl/trial/7921", ("ntr_nl", "NL7921")),
    ],
)
def test_shape_needs_no_cue_though_others_of_its_registry_do(text, id):
    assert claims(f"The trial was registered as {text}, before it began.") == [id]


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("UKCRN 2012, in the NIHR portfolio", ("cpms", "CPMS 2012")),
        ("2018DR4111, the number at Swissmedic", ("basec", "2018DR4111")),
        ("GSK 113734 in the GSK Study Register", ("sponsor_gsk", "GSK 113734")),
        ("registry 10.18810/dutch-trial-register: ntr854", ("ntr", "NTR854")),
        ('registry="10.18810/isrctn" type="results">isrctn78805636', ("isrctn", "ISRCTN78805636")),
        ("REec 2020-001934-37", ("euctr", "2020-001934-37")),
        ("AIFA OsSC: 2004 004693 87", ("euctr", "2004-004693-87")),
    ],
)
def test_a_word_of_the_registry_makes_believable(text, id):
    assert claims(f"The trial is {text}.") == [id]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("UKCRN 2012", id="a year behind the name of the portfolio"),
        pytest.param("CPMS, 2019", id="a year behind a comma"),
        pytest.param("2500 cpms 45521", id="counts per minute"),
        pytest.param("GSK 525762 (molibresib)", id="a compound with a blank"),
        pytest.param("GSK2118436", id="a compound"),
        pytest.param("IRAS 16293-2422", id="a protostar"),
        pytest.param("IRAS F10214+4724", id="a galaxy"),
        pytest.param("EU PAS Register, 2019", id="a year behind the register"),
        pytest.param("CDR 1234567890", id="ten digits that do not begin with zeros"),
        pytest.param("2018DR4111", id="the letters DR between digits"),
        pytest.param("Health Canada control group of 239287", id="a count"),
        pytest.param("NCI-H2030", id="a cell line"),
    ],
)
def test_look_alike_is_no_mention(text):
    assert claims(f"See {text} for more.") == []


@pytest.mark.parametrize(
    ("entry", "printed", "number"),
    [case for case in EXAMPLES if case.values[0].kind == "decoy"],
)
def test_decoy_is_no_mention(entry, printed, number):
    assert claims(sentence(entry, printed)) == []
    assert claims(sentence(entry, printed), list(REGISTRIES)) == []


@pytest.mark.parametrize(("entry", "text"), COUNTEREXAMPLES)
def test_counterexample_is_no_mention_of_the_registry(entry, text):
    found = claims(f"See {text} for more.", list(REGISTRIES))
    assert entry.key not in [key for key, _ in found]


@pytest.mark.parametrize("number", ["", "NCT", "05066646", "nct05066646", "NCT 05066646", "NTR"])
def test_what_is_not_canonical_has_no_registry(number):
    with pytest.raises(ValueError, match="is no canonical number"):
        registry_of(number)


def test_the_collected_examples_are_numbers_of_their_registry(facts):
    strangers = {
        number
        for entry in REGISTRIES
        for number in collected(facts, entry.key)
        if not entry.owns(number) and number not in TYPING_ERRORS
    }
    assert strangers == set()


def test_the_collected_counterexamples_are_not(facts):
    owned = {
        (entry.key, text)
        for entry in REGISTRIES
        for text in facts.get(entry.key, {}).get("negative_tests", ())
        if entry.owns(text)
    }
    assert owned == set()


# Check digits


@pytest.mark.parametrize(
    ("key", "rule"),
    [
        ("nct", checks.NCT),
        ("euctr", checks.EUROPEAN),
        ("ctis", checks.EUROPEAN),
        ("anzctr", checks.ANZCTR),
        ("idrcb", checks.IDRCB),
    ],
)
def test_collected_examples_pass_the_check(facts, key, rule: Check):
    failing = {number for number in collected(facts, key) if rule.passes(number) is False}
    assert failing <= TYPING_ERRORS.keys()


def test_isrctn_numbers_pass_more_often_than_by_chance(facts):
    numbers = collected(facts, "isrctn")
    assert sum(checks.ISRCTN.passes(number) for number in numbers) > len(numbers) / 2


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        pytest.param("NCT05066646", "ok", id="a multiple of 13"),
        pytest.param("NCT05066647", "suspect", id="one digit wrong"),
        pytest.param("NCT05066664", "suspect", id="two neighbours swapped"),
        pytest.param("NCT00000170", None, id="older than the rule"),
        pytest.param("2015-003324-32", "ok", id="EudraCT: lead of the CRC"),
        pytest.param("2020-001234-13", "suspect", id="EudraCT: made up"),
        pytest.param("2022-500024-30", "ok", id="EU CT: the same rule"),
        pytest.param("2022-500111-22", "suspect", id="EU CT: made up for a test suite"),
        pytest.param("ACTRN12605000781640", "ok", id="ACTRN: three sums"),
        pytest.param("ACTRN12617001381370p", "ok", id="ACTRN: a provisional number"),
        pytest.param("ACTRN12620000045497", "suspect", id="ACTRN: copied wrongly"),
        pytest.param("ISRCTN78805636", "ok", id="ISRCTN: before 2014"),
        pytest.param("ISRCTN16473881", None, id="ISRCTN: no rule since"),
        pytest.param("2016-A00749-42", "ok", id="ID-RCB"),
        pytest.param("2016-A00749-43", "suspect", id="ID-RCB: one too high"),
        pytest.param("DRKS00005115", None, id="no rule at all"),
    ],
)
def test_check_says(number, answer):
    assert BY_KEY[registry_of(number)].checked(number) == answer


def collected(facts: dict[str, dict], key: str) -> set[str]:
    """Return the collected numbers of a registry that are not made up."""
    fact = facts.get(key, {"examples": (), "positive_tests": ()})
    seen = {each["id"] for each in fact["examples"]}
    tested = {each["canonical"] for each in fact["positive_tests"] if each["real_id"]}
    return seen | tested


# A registry of the user's own


MINE = Registry(
    key="mine",
    label="MINE",
    name="Registry of my own",
    kind="registration",
    region="nowhere",
    forms=(
        Form(canonical="MINE-{n}", prefixes=("MINE",), digits=6, begins=("7",)),
        Form(canonical="MINE/{y}/{n}", prefixes=("MINE",), body=r"(?P<y>20\d\d)/(?P<n>\d{3})"),
    ),
    source="https://example.org",
    examples=(("MINE 712345", "MINE-712345"),),
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("registered as MINE 712345.", "MINE-712345"),
        ("registered as mine no. 712345.", "MINE-712345"),
        ("registered as MINE/2024/017.", "MINE/2024/017"),
    ],
)
def test_an_entry_added_at_run_time_is_found(text, number):
    assert claims(text, [*REGISTRIES, MINE]) == [("mine", number)]
    assert claims(text) == []


def test_an_entry_added_at_run_time_takes_nothing_from_the_others():
    text = "NCT05066646 (MINE 712345)"
    found = claims(text, [*REGISTRIES, MINE])
    assert found == [("nct", "NCT05066646"), ("mine", "MINE-712345")]
