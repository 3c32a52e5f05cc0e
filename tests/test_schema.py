"""The JSON Schema: valid itself, and everything that is rendered validates against it."""

from __future__ import annotations

import json
import re

import pytest
from conftest import FIXTURES, grown
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError

import trialink
from trialink import (
    Agreement,
    Aspect,
    Link,
    Linker,
    NameMention,
    Related,
    Resolution,
    Resolutions,
    Span,
    Trial,
    TrialId,
    check,
    find,
    link,
    render,
    statements,
)
from trialink.linked_text import informed
from trialink.model.links import RecordField
from trialink.rendering.kinds import KINDS
from trialink.sources.record import Record

SCHEMA = trialink.schema()
VALIDATOR = Draft202012Validator(SCHEMA)
TEXTS = (
    "",
    "nothing here",
    "FUCASO rests on FUMANBA-1 (CTR20192510, NCT05066646), a trial run in China.",
    "NCT05066647 and NCT0506664, NCT00000000, NCTO5066646; PROSPERO CRD42020123456",
    "EudraCT 2010-024264-18, also ISRCTN13422891; Current Controlled Trials NCT05066646.",
    "line one\r\nNCT1224028\r\nＮＣＴ０５０６６６４６\ud800\x00\u2028",
    "Trials NCT00000102, NCT05066646 and ACTRN12605000001684 were registered in the registry.",
)
STUDIES = sorted((FIXTURES / "clinicaltrials_gov" / "studies").glob("*.json"))
NCT, CTR = TrialId("nct", "NCT05066646"), TrialId("cde_china", "CTR20192510")


def record_of(path) -> Record:
    return Record.from_api(json.loads(path.read_text(encoding="utf-8"))["study"])


def linked_with(record: Record):
    """Return a document about a record, with something in every place that may hold something."""
    text = f"KEYNOTE-189 ({record.id}, CTR20192510) in China, or NCT05066647"
    document = Linker(None).read(text, source="a.txt")
    found = Resolution(
        record.id,
        "found",
        "clinicaltrials_gov",
        (record,),
        origin="assembled",
        retrieved_at="2026-11-22T00:00:00Z",
    )
    answers = Resolutions([*document.resolutions.values(), found])
    aspect = Aspect("phase", "fits", "Phase", None, (Span(0, 2, "KE", "a.txt"),))
    compared = [Agreement(record.id, 0, "fits", (aspect,))]
    trials = link([record], statements(text, source="a.txt"), ids=document.mentions.ids())
    return document.replace(
        resolutions=answers, trials=informed(trials, answers, compared), agreement=compared
    )


def validated(*items) -> list[dict]:
    forms = [json.loads(line) for item in items for line in render(item).split("\n") if line]
    for form in forms:
        VALIDATOR.validate(form)
    return forms


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    assert trialink.schema() == SCHEMA
    assert [form["properties"]["type"]["const"] for form in SCHEMA["oneOf"]] == [*KINDS.values()]


def test_every_reference_has_its_definition_and_every_definition_is_used():
    named = set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(SCHEMA)))
    assert named == set(SCHEMA["$defs"])
    assert all(SCHEMA["$defs"].values())


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text[:30]))
def test_what_is_rendered_of_a_text_is_valid(text):
    document = Linker(None).read(text, source="a.txt")
    forms = validated(find(text), check(text), trialink.names(text), statements(text), document)
    assert forms[-1]["type"] == "linked_text"
    forms = validated(statements(text, source="a.txt"), document.resolutions, document.trials)
    assert len([form for form in forms if form["type"] == "trial"]) == len(document.trials)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(TEXTS) | st.text(max_size=10), max_size=6).map(" ".join))
def test_what_is_rendered_of_any_text_is_valid(text):
    forms = validated(find(text), check(text), Linker(None).read(text))
    assert [form["type"] for form in forms].count("mention") == len(find(text))


def test_what_is_rendered_of_every_recorded_study_is_valid():
    assert STUDIES
    for path in STUDIES:
        document = linked_with(record_of(path))
        (form,) = validated(document)
        assert [record for each in form["resolutions"] for record in each["records"]]
        assert [record for trial in form["trials"] for record in trial["records"]]
        validated(document.resolutions, document.trials)


def test_what_is_rendered_of_a_bare_record_is_valid():
    (form,) = validated(linked_with(Record(id="NCT05066646")))
    records = [record for each in form["resolutions"] for record in each["records"]]
    assert [record["id"] for record in records] == ["NCT05066646"]


@pytest.mark.parametrize(
    "item",
    [
        NameMention(0, 9, "FUMANBA-1", (NCT,)),
        Link(
            *(CTR, NCT, "declared-by-one", "declared", "NCT05066646"),
            *(RecordField(NCT, "SecondaryId", "CTR20192510"), Span(0, 1, "x", "a"), "says so"),
        ),
        Trial("NCT05066646", NCT, (NCT,), related=(Related(CTR, "same-name", "weak-evidence"),)),
        Resolution(NCT, "failed", None, reason="offline"),
    ],
    ids=lambda item: type(item).__name__,
)
def test_what_is_rare_is_valid(item):
    assert len(validated(item)) == 1


def fields(form, path=()):
    """Yield the way to every field of a JSON form."""
    if isinstance(form, dict):
        for name, value in form.items():
            yield (*path, name)
            yield from fields(value, (*path, name))
    elif isinstance(form, list):
        for place, value in enumerate(form):
            yield from fields(value, (*path, place))


def at(form, path):
    for step in path:
        form = form[step]
    return form


def test_every_field_is_required_but_the_source_of_a_span():
    (form,) = validated(linked_with(record_of(STUDIES[0])))
    optional = []
    for path in fields(form):
        cut = json.loads(json.dumps(form))
        del at(cut, path[:-1])[path[-1]]
        if VALIDATOR.is_valid(cut):
            optional.append(path)
    assert optional
    for path in optional:
        assert [*at(form, path[:-1])] == ["start", "end", "text", "source"]
        assert path[-1] == "source"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("schema_version", 2),
        ("type", "article"),
        ("start", "1"),
        ("id", None),
        ("check_digit", "fine"),
        ("repairs", ["guessed"]),
        ("cue", {"start": 1, "end": 2}),
    ],
)
def test_what_is_no_form_of_ours_is_refused(name, value):
    (form,) = validated(find("see NCT05066646"))
    with pytest.raises(ValidationError):
        VALIDATOR.validate(form | {name: value})


def test_more_fields_are_allowed():
    (form,) = validated(find("see NCT05066646"))
    assert VALIDATOR.is_valid(form | {"later": 1})


def test_the_goldens_are_valid(shared):
    golden = (shared / "golden.md").read_text(encoding="utf-8")
    kinds = []
    for block in re.findall(r"```json\n(.*?)```", golden, re.DOTALL):
        for form in _objects(block):
            VALIDATOR.validate(grown(form))
            kinds.append(form["type"])
    assert kinds == ["problem", "problem", "mention", "mention", "linked_text"]


def _objects(block: str):
    decoder = json.JSONDecoder()
    while block := block.strip():
        form, end = decoder.raw_decode(block)
        yield form
        block = block[end:]


def test_the_offline_goldens_are_valid(seed):
    (form,) = validated(Linker(None).read(seed, source="a.txt"))
    assert form["provenance"]["origins"] == []
