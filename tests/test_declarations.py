"""What records declare: the oddities of recorded studies, one by one, and links between records."""

from __future__ import annotations

import json

import pytest
from conftest import FIXTURES
from hypothesis import given, settings
from hypothesis import strategies as st

from trialink import Link, Record, declarations, link, parse, statements
from trialink.linking.evidence.declarations import told_of_records
from trialink.model.links import GRADES, RecordField
from trialink.registries import BY_KEY

STUDIES = sorted((FIXTURES / "clinicaltrials_gov" / "studies").glob("NCT*.json"))
ALIAS, BOTH, ONE = "alias", "declared-by-both", "declared-by-one"
MOVED = "register-transition"
TYPES = {"2014-005181-30": "EUDRACT_NUMBER", "NCT02513394": "REGISTRY"}


def recorded(number):
    path = FIXTURES / "clinicaltrials_gov" / "studies" / f"{number}.json"
    return Record.from_api(json.loads(path.read_text(encoding="utf-8"))["study"])


def made(number, *secondary, aliases=(), **fields):
    """A record of any registry that names other numbers as secondary ids."""
    return Record(
        id=parse(number),
        aliases=tuple(map(parse, aliases)),
        secondary_ids=[{"id": value, "type": TYPES.get(value)} for value in secondary],
        **fields,
    )


def told(links):
    return [(each.kind, str(each.left), str(each.right)) for each in links]


# Each recorded study with all that it declares: (kind, the other number, field, value).
DECLARED = {
    "NCT00000410": [],
    "NCT00841061": [],
    "NCT00973089": [],
    "NCT01742767": [(ONE, "2011-001963-37", "OrgStudyId", "2011-001963-37")],
    "NCT01811251": [(ONE, "2012-003157-29", "SecondaryId", "2012-003157-29")],
    "NCT02300909": [(ALIAS, "NCT02380456", "NCTIdAlias", "NCT02380456")],
    "NCT02369484": [(ONE, "2014-005098-35", "SecondaryId", "2014-005098-35")],
    "NCT02513394": [(ONE, "2014-005181-30", "SecondaryId", "2014-005181-30")],
    "NCT03103880": [(ALIAS, "NCT05712863", "NCTIdAlias", "NCT05712863")],
    "NCT04623593": [(ONE, "NL72534.096.20", "OrgStudyId", "NL72534.096.20")],
    "NCT04728893": [(ONE, "2020-002324-36", "SecondaryId", "2020-002324-36")],
    "NCT05066646": [],
    "NCT05181501": [],
    "NCT05227898": [],
    "NCT05658640": [(ONE, "2021-003398-79", "OrgStudyId", "2021-003398-79")],
    "NCT05664230": [(ONE, "2022-A01261-42", "SecondaryId", "IDRCB: 2022-A01261-42")],
    "NCT05698303": [],
    "NCT05813925": [
        (ONE, "jRCT2031220734", "SecondaryId", "jRCT2031220734"),
        (ONE, "U1111-1277-3764", "SecondaryId", "U1111-1277-3764"),
    ],
    "NCT05818137": [(ONE, "jRCT2031230046", "SecondaryId", "jRCT2031230046")],
    "NCT05827016": [
        (ONE, "2022-501515-14", "SecondaryId", "2022-501515-14"),
        (ONE, "U1111-1280-9492", "SecondaryId", "U1111-1280-9492"),
    ],
    "NCT05869903": [
        (ONE, "2022-502839-19", "SecondaryId", "2022-502839-19-00"),
        (ONE, "U1111-1289-8877", "SecondaryId", "U1111-1289-8877"),
    ],
    "NCT05878938": [
        (ONE, "2022-003053-66", "SecondaryId", "2022-003053-66"),
        (ONE, "U1111-1281-9323", "SecondaryId", "U1111-1281-9323"),
    ],
    "NCT05897541": [
        (ONE, "2023-503200-91", "SecondaryId", "2023-503200-91-00"),
        (ONE, "2022-002898-28", "SecondaryId", "2022-002898-28"),
    ],
    "NCT05915728": [(ONE, "2022-501885-24", "SecondaryId", "2022-501885-24-00")],
    "NCT06029816": [(ONE, "CTR20231827", "SecondaryIdDomain", "CTR20231827")],
    "NCT06105931": [],
    "NCT06171568": [(ONE, "2023-A00386-39", "SecondaryId", "2023-A00386-39")],
    "NCT06411210": [],
    "NCT06464991": [],
    "NCT06525896": [],
}
if "snctp" in BY_KEY:  # the Swiss portal's numbers are read once the catalogue has it
    DECLARED["NCT02369484"].append((ONE, "SNCTP000001674", "SecondaryId", "SNCTP000001674"))


# A secondary id as somebody typed it: id, type, domain; and the field in which its number is read.
TYPED = {
    "its digits where the registry's name should stand": (
        ("ISRCTN", "REGISTRY", "78805636"),
        ("ISRCTN78805636", "SecondaryIdDomain"),
    ),
    "a number that a text would have to explain": (
        ("CTR20192510", "REGISTRY", None),
        ("CTR20192510", "SecondaryId"),
    ),
    "an old Dutch number": (("NTR 2473", "OTHER", None), ("NTR2473", "SecondaryId")),
    "a domain that is a platform of registries": (
        ("U1111-1277-3764", "REGISTRY", "International Clinical Trials Registry Platform"),
        ("U1111-1277-3764", "SecondaryId"),
    ),
    "digits alone": (("78805636", "OTHER", None), None),
    "digits of a sponsor": (("21196", "OTHER", "Bayer"), None),
    "a year and a number": (("107/06", "OTHER", "Helsinki committee"), None),
    "a parent study": (("NCT05066646", "REGISTRY", "parent study"), None),
    "an extension": (("2014-005181-30 (extension study)", "EUDRACT_NUMBER", None), None),
    "a companion": (("ISRCTN78805636", "REGISTRY", "sister trial"), None),
}


@pytest.mark.parametrize(("typed", "expected"), TYPED.values(), ids=TYPED)
def test_a_secondary_id_is_read_as_its_words_say(typed, expected):
    secondary = dict(zip(("id", "type", "domain"), typed, strict=True))
    record = Record(id=parse("NCT02513394"), secondary_ids=[secondary])
    told = [(str(each.other(record.id)), each.where.field) for each in declarations([record])]
    assert told == ([expected] if expected else [])


def test_every_recorded_study_is_in_the_table():
    assert [path.stem for path in STUDIES] == list(DECLARED)


@pytest.mark.parametrize(("number", "expected"), DECLARED.items(), ids=DECLARED)
def test_a_recorded_study_declares_exactly_these_numbers(number, expected):
    links = declarations([recorded(number)])
    assert [
        (each.kind, str(each.other(parse(number))), each.where.field, each.where.value)
        for each in links
    ] == expected
    for each in links:
        assert each.asserted_by == str(each.where.record) == number
        assert each.grade == GRADES[each.kind]
        assert each.left < each.right
        assert each.beside is None


def test_all_recorded_studies_together_declare_what_they_declare_alone():
    together = declarations(map(recorded, DECLARED))
    alone = [each for number in DECLARED for each in declarations([recorded(number)])]
    assert {*together} == {*alone}
    assert len(together) == len(alone)


EXPLANATIONS = {
    "a typed secondary id": (
        recorded("NCT02513394"),
        "The record NCT02513394 gives 2014-005181-30 and NCT02513394 as numbers of one trial "
        "(secondary id of type EUDRACT_NUMBER).",
    ),
    "an untyped secondary id": (
        recorded("NCT01811251"),
        "The record NCT01811251 gives 2012-003157-29 and NCT01811251 as numbers of one trial "
        "(secondary id).",
    ),
    "a label inside the id": (
        recorded("NCT05664230"),
        "The record NCT05664230 gives 2022-A01261-42 and NCT05664230 as numbers of one trial "
        '(secondary id of type REGISTRY, "IDRCB: 2022-A01261-42").',
    ),
    "a number in the domain": (
        recorded("NCT06029816"),
        "The record NCT06029816 gives CTR20231827 and NCT06029816 as numbers of one trial (domain "
        "of a secondary id of type OTHER).",
    ),
    "the sponsor's number": (
        recorded("NCT01742767"),
        "The record NCT01742767 gives 2011-001963-37 and NCT01742767 as numbers of one trial "
        "(sponsor's number).",
    ),
    "an obsolete number": (
        recorded("NCT03103880"),
        "The record NCT03103880 gives NCT03103880 and NCT05712863 as its own numbers (NCT05712863 "
        "is the obsolete one).",
    ),
}


@pytest.mark.parametrize(("record", "expected"), EXPLANATIONS.values(), ids=EXPLANATIONS)
def test_the_explanation_names_record_field_and_type(record, expected):
    (declared,) = declarations([record])
    assert declared.explanation == expected
    rest = expected.removeprefix("The").replace(f"{declared.left} and {declared.right}", "both", 1)
    assert str(declared) == f"{declared.left} = {declared.right}: the{rest}"


# Records of other registries are invented here: no source answers for them yet.
BETWEEN_RECORDS = {
    "two records that name each other": (
        [made("NCT02513394", "ISRCTN78805636"), made("ISRCTN78805636", "NCT02513394")],
        [(BOTH, "ISRCTN78805636", "NCT02513394")],
    ),
    "two records, one of which names the other": (
        [made("NCT02513394"), made("ISRCTN78805636", "NCT02513394")],
        [(ONE, "ISRCTN78805636", "NCT02513394")],
    ),
    "a record named under its obsolete number": (
        [made("NCT02300909", aliases=["NCT02380456"]), made("ISRCTN78805636", "NCT02380456")],
        [(ALIAS, "NCT02300909", "NCT02380456"), (ONE, "ISRCTN78805636", "NCT02300909")],
    ),
    "each named, one under its obsolete number": (
        [
            made("NCT02300909", "ISRCTN78805636", aliases=["NCT02380456"]),
            made("ISRCTN78805636", "NCT02380456"),
        ],
        [(ALIAS, "NCT02300909", "NCT02380456"), (BOTH, "ISRCTN78805636", "NCT02300909")],
    ),
    "an obsolete number that still has a record": (
        [made("NCT02300909", aliases=["NCT02380456"]), made("NCT02380456", "ISRCTN78805636")],
        [(ALIAS, "NCT02300909", "NCT02380456"), (ONE, "ISRCTN78805636", "NCT02380456")],
    ),
    "an obsolete number that still has a record, named by another": (
        [
            made("NCT02300909", aliases=["NCT02380456"]),
            made("NCT02380456"),
            made("ISRCTN78805636", "NCT02380456"),
        ],
        [(ALIAS, "NCT02300909", "NCT02380456"), (ONE, "ISRCTN78805636", "NCT02380456")],
    ),
    "a number of the register that took over the trials of another": (
        [made("2022-501515-14", "2014-005181-30")],
        [(MOVED, "2022-501515-14", "2014-005181-30")],
    ),
    "an obsolete number of two records": (
        [
            made("NCT02300909", aliases=["NCT02380456"]),
            made("NCT02513394", aliases=["NCT02380456"]),
            made("ISRCTN78805636", "NCT02380456"),
        ],
        [
            (ALIAS, "NCT02300909", "NCT02380456"),
            (ALIAS, "NCT02380456", "NCT02513394"),
            (ONE, "ISRCTN78805636", "NCT02380456"),
        ],
    ),
    "a parent study of the same registry": (
        [made("NCT02513394", "NCT05066646")],
        [(ONE, "NCT02513394", "NCT05066646")],
    ),
    "one number twice": (
        [made("NCT02513394", "2014-005181-30", "EudraCT 2014-005181-30")],
        [(ONE, "2014-005181-30", "NCT02513394")],
    ),
    "the record's own numbers as secondary ids": (
        [made("NCT02300909", "NCT02300909", "NCT02380456", aliases=["NCT02380456"])],
        [(ALIAS, "NCT02300909", "NCT02380456")],
    ),
    "a placeholder, a grant, a review and words": (
        [
            made(
                "NCT02513394",
                "U1111-1111-1111",
                "1R01DK134398-01A1",
                "CRD42011001329",
                "not applicable",
                "NCT00000000",
            )
        ],
        [],
    ),
    "a number whose check fails": (  # 2014-005181-31: the check digits of 005181 are 30
        [made("NCT02513394", "EudraCT 2014-005181-31")],
        [(ONE, "2014-005181-31", "NCT02513394")],
    ),
}


@pytest.mark.parametrize(("records", "expected"), BETWEEN_RECORDS.values(), ids=BETWEEN_RECORDS)
def test_records_at_hand_are_read_together(records, expected):
    links = declarations(records)
    assert told(links) == expected
    assert declarations(records[::-1]) == links
    assert declarations([*records, *records]) == links


def test_two_records_that_name_each_other_make_one_link_that_tells_of_both():
    records = [
        made("NCT02513394", "Current Controlled Trials ISRCTN78805636"),
        made("ISRCTN78805636", "NCT02513394"),
    ]
    (both,) = declarations(records)
    assert both.asserted_by == "ISRCTN78805636"
    assert both.where == RecordField(parse("ISRCTN78805636"), "SecondaryId", "NCT02513394")
    assert both.explanation == (
        "The record ISRCTN78805636 gives ISRCTN78805636 and NCT02513394 as numbers of one trial "
        "(secondary id of type REGISTRY), and so does the record NCT02513394 (secondary id, "
        '"Current Controlled Trials ISRCTN78805636").'
    )


def test_the_type_is_left_out_where_one_value_has_two():
    record = Record(
        id=parse("NCT02513394"),
        secondary_ids=[
            {"id": "2014-005181-30", "type": "OTHER"},
            {"id": "2014-005181-30", "type": "EUDRACT_NUMBER"},
        ],
    )
    (declared,) = declarations([record])
    assert declared.explanation.endswith("as numbers of one trial (secondary id).")


def test_of_two_records_of_one_number_the_later_data_are_read():
    older = made("NCT02513394", "2012-003157-29", data_date="2024-01-31")
    newer = made("NCT02513394", "2014-005181-30", data_date="2026-08-22")
    for records in ([older, newer], [newer, older]):
        assert told(declarations(records)) == [(ONE, "2014-005181-30", "NCT02513394")]


@pytest.mark.parametrize("number", [n for n, expected in DECLARED.items() if expected])
def test_declared_links_survive_their_json(number):
    for each in declarations([recorded(number)]):
        assert Link.from_dict(json.loads(json.dumps(each.to_dict()))) == each


@settings(deadline=None)
@given(st.permutations([recorded(number) for number in DECLARED]))
def test_the_order_of_records_decides_nothing(records):
    assert declarations(records) == declarations(map(recorded, DECLARED))


NOTHING_READ = "No registry record was read."
NONE_DECLARES = "No registry record that was read declares it."
STATED = "PALLAS is NCT02513394 (EudraCT 2014-005181-30)"
TAILS = {
    "no record": (STATED, [], NOTHING_READ),
    "a record that declares it": (
        STATED,
        [recorded("NCT02513394")],
        "NCT02513394 declares it.",
    ),
    "a record that names nothing": (
        "(CTR20192510, NCT05066646) in China",
        [recorded("NCT05066646")],
        NONE_DECLARES,
    ),
    "records of other trials": (STATED, [recorded("NCT05813925")], NONE_DECLARES),
    "a record of another trial that names one of the two": (
        STATED,
        [made("NCT05066646", "2014-005181-30")],
        NONE_DECLARES,
    ),
    "a record that names both beside its own": (
        "(jRCT2031220734, U1111-1277-3764)",
        [recorded("NCT05813925")],
        NONE_DECLARES,
    ),
    "two records that name each other": (
        "(ISRCTN78805636, NCT02513394)",
        [made("ISRCTN78805636", "NCT02513394"), made("NCT02513394", "ISRCTN78805636")],
        "ISRCTN78805636 and NCT02513394 declare it.",
    ),
    "the obsolete number in the text, the present one declared": (
        "(NCT02380456, ISRCTN78805636)",
        [made("NCT02300909", "ISRCTN78805636", aliases=["NCT02380456"])],
        "NCT02300909 declares it.",
    ),
    "the present number in the text, the obsolete one declared": (
        "(NCT02300909, ISRCTN78805636)",
        [made("ISRCTN78805636", "NCT02380456"), made("NCT02300909", aliases=["NCT02380456"])],
        "ISRCTN78805636 declares it.",
    ),
}


@pytest.mark.parametrize(("text", "records", "tail"), TAILS.values(), ids=TAILS)
def test_a_statement_is_told_what_the_records_say_of_it(text, records, tail):
    (stated,) = statements(text)
    (told_once,) = told_of_records([stated], records, declarations(records))
    assert told_once == stated.replace(explanation=f"{stated.explanation} {tail}")


def test_the_sentence_on_records_is_replaced_never_repeated():
    (stated,) = statements(STATED)
    records = [recorded("NCT02513394")]
    once = link([], [stated])[0].links
    assert once[0].explanation.endswith(f" {NOTHING_READ}")
    again = [each for each in link(records, once)[0].links if each.asserted_by == "text"]
    assert again == told_of_records([stated], records, declarations(records))
    assert told_of_records(again, [], []) == list(once)


def test_links_of_records_are_told_nothing():
    records = [recorded("NCT02513394")]
    links = declarations(records)
    assert told_of_records(links, records, links) == links
    assert told_of_records(links, [], []) == links
