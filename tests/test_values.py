"""The laws of all values: frozen, equal by content, picklable, JSON both ways."""

from __future__ import annotations

import pickle

import pytest

from trialink import (
    Aspect,
    Link,
    LinkedText,
    Linker,
    Mention,
    NameMention,
    Problem,
    Related,
    Span,
    TrialId,
    check,
    find,
    statements,
)
from trialink.model.links import RecordField

TEXT = "FUMANBA-1 (CTR20192510, NCT05066646) in China; see also NCT05066647 and NCT1224028."
NCT = TrialId("nct", "NCT05066646")
VALUES = (
    NCT,
    Span(1, 3, "ab"),
    Span(1, 3, "ab", "paper.txt"),
    NameMention(0, 9, "FUMANBA-1", (NCT,)),
    Mention(0, 11, "NCT05066646", NCT, repairs=("prefix-typo",), cue=Span(20, 25, "China")),
    Related(NCT, "same-bracket", "suspect-number"),
    Aspect("phase", "fits", "Phase", "PHASE1", (Span(1, 3, "ab"),)),
    RecordField(NCT, "SecondaryId", "x"),
    *find(TEXT),
    *check(TEXT),
    *statements(TEXT),
    *Linker(None).read(TEXT).trials[0].related,
    Linker(None).read(TEXT).provenance,
)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_values_survive_pickle_and_json(value):
    assert pickle.loads(pickle.dumps(value)) == value
    assert hash(pickle.loads(pickle.dumps(value))) == hash(value)
    assert type(value).from_dict(value.to_dict()) == value
    assert value.replace() == value


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_values_are_frozen(value):
    with pytest.raises(AttributeError, match="frozen"):
        setattr(value, next(iter(value._fields)), None)
    with pytest.raises(AttributeError, match="frozen"):
        delattr(value, next(iter(value._fields)))


@pytest.mark.parametrize("value", [v for v in VALUES if isinstance(v, (TrialId, Span, Mention))])
def test_the_repr_of_a_leaf_can_be_evaluated(value):
    names = {"TrialId": TrialId, "Span": Span, "Mention": Mention}
    assert eval(repr(value), names) == value


def test_equal_fields_of_another_type_are_not_equal():
    assert Span(1, 2, "a") != NameMention(1, 2, "a")
    assert NCT != ("nct", "NCT05066646")


@pytest.mark.parametrize(
    ("arguments", "names", "says"),
    [
        (("nct",), {}, "needs number"),
        (("nct", "NCT05066646", 3), {}, "takes 2 positional"),
        (("nct",), {"number": "x", "other": 1}, "cannot take other"),
        (("nct", "x"), {"number": "y"}, "cannot take number"),
    ],
)
def test_wrong_arguments_are_told(arguments, names, says):
    with pytest.raises(TypeError, match=says):
        TrialId(*arguments, **names)


def test_problem_takes_its_first_four_fields_by_position_only():
    with pytest.raises(TypeError, match="4 positional"):
        Problem(0, 1, "x", "placeholder", 1)


def test_ids_sort_by_registry_then_number():
    ids = [TrialId("nct", "NCT2"), TrialId("euctr", "9"), TrialId("nct", "NCT1")]
    assert [str(id) for id in sorted(ids)] == ["9", "NCT1", "NCT2"]


def test_linked_texts_survive_pickle_and_json():
    document = Linker(None).read(TEXT, source="paper.txt")
    assert pickle.loads(pickle.dumps(document)) == document
    assert LinkedText.from_dict(document.to_dict()) == document


def test_an_id_of_an_unknown_registry_has_its_key_as_label():
    id = TrialId("mine", "X-1")
    assert (id.label, id.url, id.curie, id.check_digit) == ("mine", None, None, None)


def test_links_name_their_other_end():
    link = next(value for value in VALUES if isinstance(value, Link))
    assert link.other(link.left) == link.right
