"""The answers for the identifiers of many texts, as rows."""

from __future__ import annotations

import pytest
from conftest import FIXTURES

from trialink import Resolver, statements
from trialink.answer_rows import ANSWER_COLUMNS, answer_rows
from trialink.testing import replay

CHINESE, OWN = "CTR20192510", "NCT05066646"
SAID = f"FUMANBA-1 ({CHINESE}, {OWN}) in China"


@pytest.fixture(scope="module")
def resolutions():
    with Resolver(transport=replay(FIXTURES), cache=None) as resolver:
        return resolver.resolve([CHINESE, OWN, "ISRCTN78805636", "NCT00902941"])


def test_each_number_has_one_row_of_the_columns_that_are_named(resolutions):
    rows = answer_rows(resolutions)
    assert [(row["registry"], row["trn"]) for row in rows] == [
        (id.registry, id.number) for id in resolutions
    ]
    assert [row["outcome"] for row in rows] == [each.outcome for each in resolutions.values()]
    assert [row["reason"] for row in rows] == [each.reason for each in resolutions.values()]
    assert {tuple(row) for row in rows} == {ANSWER_COLUMNS}
    assert {type(value) for row in rows for value in row.values()} == {str, type(None)}


@pytest.mark.parametrize(
    ("said", "key", "kind"),
    [("", CHINESE, None), (SAID, OWN, "same-bracket")],
    ids=["by records alone", "by what a text states"],
)
def test_numbers_are_joined_by_what_is_known(resolutions, said, key, kind):
    chinese, own, *_ = answer_rows(resolutions, statements(said))
    assert (chinese["trial_key"], chinese["link_kind"]) == (key, kind)
    assert (own["trial_key"], own["link_kind"]) == (OWN, kind)


def test_without_answers_there_are_no_rows():
    with Resolver(transport=replay(FIXTURES), cache=None) as resolver:
        assert answer_rows(resolver.resolve([])) == []
