"""What is read of a study, what is dropped and counted, and that a record survives its JSON."""

from __future__ import annotations

import gzip
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from trialink.errors import UnexpectedPayload
from trialink.model.ids import TrialId
from trialink.model.links import RecordField
from trialink.sources.declared import declared_ids, named_in
from trialink.sources.fields import FIELDS, PIECES, projected
from trialink.sources.record import Intervention, Record, Reference, SecondaryId, decoded

Study = dict[str, Any]

# The order is part of the contract.
PRINTED = [
    "id",
    "registry",
    "url",
    "aliases",
    "sponsor_number",
    "secondary_ids",
    "acronym",
    "brief_title",
    "official_title",
    "study_type",
    "phases",
    "overall_status",
    "last_known_status",
    "first_submitted_date",
    "first_posted_date",
    "results_first_posted_date",
    "start_date",
    "start_date_type",
    "primary_completion_date",
    "primary_completion_date_type",
    "completion_date",
    "completion_date_type",
    "last_update_posted_date",
    "enrollment_count",
    "enrollment_type",
    "lead_sponsor",
    "lead_sponsor_class",
    "collaborators",
    "conditions",
    "interventions",
    "countries",
    "references",
    "has_results",
    "data_date",
    "expanded_access",
]


def study() -> Study:
    """An invented study with something in every field."""
    return {
        "protocolSection": {
            "identificationModule": {
                "nctId": "NCT01300000",
                "nctIdAliases": ["NCT01300013"],
                "orgStudyIdInfo": {"id": "ORG-1"},
                "secondaryIdInfos": [
                    {"id": "2014-005098-35", "type": "EUDRACT_NUMBER"},
                    {"id": "Chinadrugtrials", "type": "OTHER", "domain": "CTR20231827"},
                ],
                "acronym": "SYNTH-1",
                "briefTitle": "Brief",
                "officialTitle": "Official",
            },
            "statusModule": {
                "overallStatus": "UNKNOWN",
                "lastKnownStatus": "RECRUITING",
                "expandedAccessInfo": {"hasExpandedAccess": True, "nctId": "NCT01300026"},
                "studyFirstSubmitDate": "2014-01-02",
                "studyFirstPostDateStruct": {"date": "2014-01-03", "type": "ESTIMATED"},
                "resultsFirstPostDateStruct": {"date": "2018-01-03", "type": "ACTUAL"},
                "startDateStruct": {"date": "2014-02", "type": "ACTUAL"},
                "primaryCompletionDateStruct": {"date": "2016", "type": "ACTUAL"},
                "completionDateStruct": {"date": "2016-12-31", "type": "ESTIMATED"},
                "lastUpdatePostDateStruct": {"date": "2019-05-06", "type": "ACTUAL"},
            },
            "sponsorCollaboratorsModule": {
                "leadSponsor": {"name": "Sponsor", "class": "INDUSTRY"},
                "collaborators": [{"name": "Second", "class": "OTHER"}, {"name": "Third"}],
            },
            "conditionsModule": {"conditions": ["Condition A", "Condition B"]},
            "designModule": {
                "studyType": "INTERVENTIONAL",
                "phases": ["PHASE1", "PHASE2"],
                "enrollmentInfo": {"count": 132, "type": "ESTIMATED"},
            },
            "armsInterventionsModule": {
                "interventions": [{"type": "DRUG", "name": "Drug", "otherNames": ["Other"]}]
            },
            "contactsLocationsModule": {
                "locations": [
                    {"country": "China", "city": "A"},
                    {"country": "Japan"},
                    {"country": "China", "city": "B"},
                    {"city": "no country"},
                ]
            },
            "referencesModule": {
                "references": [{"pmid": "1", "type": "RESULT"}, {"type": "BACKGROUND"}]
            },
        },
        "derivedSection": {"miscInfoModule": {"versionHolder": "2026-08-22"}},
        "hasResults": True,
    }


def changed(path: str, value: object) -> Study:
    """Return the study with another value at a place."""
    whole = study()
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    part: Any = whole
    for step in way:
        part = part[step]
    part[last] = value
    return whole


IDENTIFICATION = "protocolSection.identificationModule"
STATUS = "protocolSection.statusModule"
SPONSORS = "protocolSection.sponsorCollaboratorsModule"
DESIGN = "protocolSection.designModule"
ARMS = "protocolSection.armsInterventionsModule"
SITES = "protocolSection.contactsLocationsModule.locations"


def test_every_field_is_read() -> None:
    record = Record.from_api(study())
    assert record.drift == 0
    assert record.model_dump() == {
        "id": "NCT01300000",
        "registry": "nct",
        "url": "https://clinicaltrials.gov/study/NCT01300000",
        "aliases": ("NCT01300013",),
        "sponsor_number": "ORG-1",
        "secondary_ids": (
            {"id": "2014-005098-35", "type": "EUDRACT_NUMBER", "domain": None},
            {"id": "Chinadrugtrials", "type": "OTHER", "domain": "CTR20231827"},
        ),
        "acronym": "SYNTH-1",
        "brief_title": "Brief",
        "official_title": "Official",
        "study_type": "INTERVENTIONAL",
        "phases": ("PHASE1", "PHASE2"),
        "overall_status": "UNKNOWN",
        "last_known_status": "RECRUITING",
        "first_submitted_date": "2014-01-02",
        "first_posted_date": "2014-01-03",
        "results_first_posted_date": "2018-01-03",
        "start_date": "2014-02",
        "start_date_type": "ACTUAL",
        "primary_completion_date": "2016",
        "primary_completion_date_type": "ACTUAL",
        "completion_date": "2016-12-31",
        "completion_date_type": "ESTIMATED",
        "last_update_posted_date": "2019-05-06",
        "enrollment_count": 132,
        "enrollment_type": "ESTIMATED",
        "lead_sponsor": "Sponsor",
        "lead_sponsor_class": "INDUSTRY",
        "collaborators": ("Second", "Third"),
        "conditions": ("Condition A", "Condition B"),
        "interventions": ({"type": "DRUG", "name": "Drug", "other_names": ("Other",)},),
        "countries": ("China", "Japan"),
        "references": ({"pmid": "1", "type": "RESULT"}, {"pmid": None, "type": "BACKGROUND"}),
        "has_results": True,
        "data_date": "2026-08-22",
        "expanded_access": "NCT01300026",
    }
    assert list(record.model_dump(mode="json")) == PRINTED


def test_in_python_numbers_are_ids_and_lists_are_tuples() -> None:
    record = Record.from_api(study())
    assert record.id == TrialId("nct", "NCT01300000")
    assert record.aliases == (TrialId("nct", "NCT01300013"),)
    assert record.interventions == (Intervention(type="DRUG", name="Drug", other_names=("Other",)),)
    assert record.references[1] == Reference(pmid=None, type="BACKGROUND")
    assert record.secondary_ids[0] == SecondaryId(id="2014-005098-35", type="EUDRACT_NUMBER")
    assert hash(record) == hash(Record.from_api(study()))


def test_a_number_alone_is_a_record() -> None:
    record = Record.from_api(
        {"protocolSection": {"identificationModule": {"nctId": "NCT00000102"}}}
    )
    assert record == Record(id=TrialId("nct", "NCT00000102"))
    assert (record.drift, record.has_results, record.data_date) == (0, False, None)


@pytest.mark.parametrize(
    ("path", "value", "field", "left"),
    [
        (f"{IDENTIFICATION}.briefTitle", 7, "brief_title", None),
        (f"{IDENTIFICATION}.acronym", ["boxed"], "acronym", None),
        (f"{IDENTIFICATION}.orgStudyIdInfo", "ORG-1", "sponsor_number", None),
        (f"{IDENTIFICATION}.nctIdAliases", ["NCT1"], "aliases", ()),
        (f"{IDENTIFICATION}.nctIdAliases", [None], "aliases", ()),
        (f"{IDENTIFICATION}.nctIdAliases", "NCT01300013", "aliases", ()),
        (f"{IDENTIFICATION}.secondaryIdInfos", {"id": "X"}, "secondary_ids", ()),
        (f"{STATUS}.startDateStruct.date", "February 2014", "start_date", None),
        (f"{STATUS}.startDateStruct.date", "2014-13", "start_date", None),
        (f"{STATUS}.startDateStruct.date", "2014-02-30", "start_date", None),
        (f"{STATUS}.startDateStruct.date", "2014-W01-1", "start_date", None),
        (f"{STATUS}.startDateStruct.date", "2014-02-03T00:00", "start_date", None),
        (f"{STATUS}.startDateStruct.date", "２０１４", "start_date", None),
        (f"{STATUS}.completionDateStruct", "2016-12-31", "completion_date", None),
        (f"{STATUS}", ["boxed"], "overall_status", None),
        (f"{STATUS}", "UNKNOWN", "start_date", None),
        (f"{SPONSORS}.leadSponsor", "Sponsor", "lead_sponsor", None),
        (f"{SPONSORS}.collaborators.0", "Second", "collaborators", ("Third",)),
        (f"{SPONSORS}.collaborators.0.name", 2, "collaborators", ("Third",)),
        (f"{SPONSORS}.collaborators", "Second", "collaborators", ()),
        (f"{DESIGN}.phases", "PHASE1", "phases", ()),
        (f"{DESIGN}.phases.0", 1, "phases", ("PHASE2",)),
        (f"{DESIGN}.enrollmentInfo.count", "132", "enrollment_count", None),
        (f"{DESIGN}.enrollmentInfo.count", -1, "enrollment_count", None),
        (f"{DESIGN}.enrollmentInfo.count", True, "enrollment_count", None),
        (f"{ARMS}.interventions.0", "Drug", "interventions", ()),
        (f"{ARMS}.interventions.0.type", 3, "interventions",
         (Intervention(name="Drug", other_names=("Other",)),)),
        (f"{ARMS}.interventions.0.otherNames.0", {}, "interventions",
         (Intervention(type="DRUG", name="Drug"),)),
        (f"{SITES}.0", "China", "countries", ("Japan", "China")),
        (f"{SITES}.0.country", 1, "countries", ("Japan", "China")),
        ("protocolSection.referencesModule.references.0.pmid", 1, "references",
         (Reference(type="RESULT"), Reference(type="BACKGROUND"))),
        ("hasResults", "yes", "has_results", False),
        ("derivedSection", [], "data_date", None),
    ],
)  # fmt: skip
def test_a_bad_part_costs_itself_and_is_counted(
    path: str, value: object, field: str, left: object
) -> None:
    damaged = changed(path, value)
    before = deepcopy(damaged)
    record = Record.from_api(damaged)
    assert (getattr(record, field), record.drift) == (left, 1)
    assert damaged == before
    whole = Record.from_api(study())
    lost = {name for name in PRINTED[3:] if getattr(record, name) != getattr(whole, name)}
    assert field in lost
    assert len(lost) == 1 or isinstance(value, str | list)  # a module takes its fields with it


def test_several_bad_parts_are_counted_each() -> None:
    damaged = changed(f"{STATUS}.startDateStruct.date", "soon")
    damaged["protocolSection"]["designModule"]["phases"] = [1, "PHASE2", 3]
    damaged["protocolSection"]["sponsorCollaboratorsModule"]["collaborators"][1] = None
    damaged["derivedSection"]["miscInfoModule"] = "2026-08-22"
    record = Record.from_api(damaged)
    assert record.drift == 5
    assert (record.phases, record.collaborators, record.data_date) == (
        ("PHASE2",), ("Second",), None,
    )  # fmt: skip


def test_words_of_a_later_version_are_kept() -> None:
    later = changed(f"{STATUS}.overallStatus", "PAUSED")
    later["protocolSection"]["designModule"]["phases"] = ["PHASE5"]
    later["protocolSection"]["newModule"] = {"anything": [1]}
    record = Record.from_api(later)
    assert (record.overall_status, record.phases, record.drift) == ("PAUSED", ("PHASE5",), 0)


def test_the_count_that_means_unknown_is_none() -> None:
    assert Record.from_api(changed(f"{DESIGN}.enrollmentInfo.count", 99_999_999)).drift == 0
    record = Record.from_api(changed(f"{DESIGN}.enrollmentInfo.count", 99_999_999))
    assert (record.enrollment_count, record.enrollment_type) == (None, "ESTIMATED")
    assert Record.from_api(changed(f"{DESIGN}.enrollmentInfo.count", 0)).enrollment_count == 0


@pytest.mark.parametrize(
    "study",
    [
        {},
        [],
        "[]",
        b"null",
        b"",
        b"\xff",
        b"{",
        "[" * 100_000,
        '{"hasResults": NaN}',
        {"protocolSection": []},
        changed(f"{IDENTIFICATION}.nctId", None),
        changed(f"{IDENTIFICATION}.nctId", ["NCT01300000"]),
        changed(f"{IDENTIFICATION}.nctId", "NCT0130000"),
        changed(f"{IDENTIFICATION}.nctId", "ISRCTN12345678"),
    ],
    ids=lambda study: str(study)[:30],
)
def test_what_has_no_number_is_no_study(study: Any) -> None:
    with pytest.raises(UnexpectedPayload):
        Record.from_api(study)


def test_text_and_bytes_are_read_like_the_object() -> None:
    text = json.dumps(study())
    assert Record.from_api(text) == Record.from_api(text.encode()) == Record.from_api(study())


def test_a_lone_surrogate_becomes_a_replacement_character() -> None:
    assert decoded(rb'["\ud800 \ud83d\ude00"]') == ["\ufffd \U0001f600"]


def test_a_record_survives_its_json() -> None:
    record = Record.from_api(study())
    assert Record.model_validate(record.model_dump(mode="json")) == record
    assert Record.model_validate_json(record.model_dump_json()) == record
    assert Record.from_api(projected(study())) == record


def test_drift_is_in_no_json_and_no_comparison() -> None:
    damaged = changed(f"{IDENTIFICATION}.acronym", 1)
    whole = study()
    del whole["protocolSection"]["identificationModule"]["acronym"]
    assert Record.from_api(damaged) == Record.from_api(whole)
    assert hash(Record.from_api(damaged)) == hash(Record.from_api(whole))
    assert "drift" not in Record.from_api(damaged).model_dump_json()
    assert (Record.from_api(damaged).drift, Record.from_api(whole).drift) == (1, 0)


def test_a_record_is_frozen_and_short_in_print() -> None:
    record = Record.from_api(study())
    with pytest.raises(ValueError, match="frozen"):
        record.acronym = "other"
    assert repr(record) == "<Record NCT01300000 SYNTH-1, data of 2026-08-22>"


def test_numbers_are_read_from_ids_and_domains() -> None:
    record = Record.from_api(study())
    assert declared_ids(record) == {
        TrialId("euctr", "2014-005098-35"),
        TrialId("cde_china", "CTR20231827"),
    }
    assert [where for _, where in named_in(record).own] == [
        RecordField(record.id, "SecondaryId", "2014-005098-35"),
        RecordField(record.id, "SecondaryIdDomain", "CTR20231827"),
    ]


@pytest.mark.parametrize(
    ("entry", "number"),
    [
        ({"id": "IDRCB: 2022-A01261-42", "type": "REGISTRY"}, "2022-A01261-42"),
        ({"id": "2022-501885-24-00", "type": "OTHER", "domain": "CTIS (EU)"}, "2022-501885-24"),
        ({"id": "2022-501515-14", "type": "EUDRACT_NUMBER"}, "2022-501515-14"),
        ({"id": "2012-003157-29"}, "2012-003157-29"),
        ({"id": "jRCT2031220734", "type": "REGISTRY", "domain": "jRCT"}, "jRCT2031220734"),
        ({"id": "U1111-1283-1888", "type": "OTHER", "domain": "WHO"}, "U1111-1283-1888"),
        ({"domain": "CTR20231827", "id": "Chinadrugtrials"}, "CTR20231827"),
    ],
)
def test_a_secondary_id_is_read_however_it_was_typed(entry: Study, number: str) -> None:
    record = Record.from_api(changed(f"{IDENTIFICATION}.secondaryIdInfos", [entry]))
    assert [str(id) for id in declared_ids(record)] == [number]


@pytest.mark.parametrize("entry", [
    {"id": "20191109", "type": "OTHER", "domain": "Ethics committee"},
    {"id": "R01DK134398", "type": "NIH"},
    {"id": "NCT01300000"},
    {"id": "NCT01300013"},
    {},
])  # fmt: skip
def test_other_numbers_and_own_ones_are_not_declared(entry: Study) -> None:
    assert not declared_ids(Record.from_api(changed(f"{IDENTIFICATION}.secondaryIdInfos", [entry])))


def test_projection_keeps_what_is_named_and_no_empty_object() -> None:
    assert projected(study(), ["NCTId", "SecondaryIdDomain", "HasResults"]) == {
        "protocolSection": {
            "identificationModule": {
                "nctId": "NCT01300000",
                "secondaryIdInfos": [{"domain": "CTR20231827"}],
            }
        },
        "hasResults": True,
    }
    assert projected(study(), ["InterventionType", "Phase"])["protocolSection"] == {
        "designModule": {"phases": ["PHASE1", "PHASE2"]},
        "armsInterventionsModule": {"interventions": [{"type": "DRUG"}]},
    }
    assert tuple(PIECES) == FIELDS
    with pytest.raises(KeyError):
        projected(study(), ["BriefSummary"])


# ---- the reference studies, read a second time by plain steps through the JSON


def plainly(study: Study) -> Study:
    """Read a study without the model."""
    protocol = study["protocolSection"]
    ident = protocol["identificationModule"]
    status = protocol.get("statusModule", {})
    sponsors = protocol.get("sponsorCollaboratorsModule", {})
    design = protocol.get("designModule", {})
    enrollment = design.get("enrollmentInfo", {})
    count = enrollment.get("count")
    lead = sponsors.get("leadSponsor", {})
    sites = protocol.get("contactsLocationsModule", {}).get("locations", [])

    def day(name: str, part: str = "date") -> str | None:
        return status.get(f"{name}DateStruct", {}).get(part)

    return {
        "id": ident["nctId"],
        "registry": "nct",
        "url": f"https://clinicaltrials.gov/study/{ident['nctId']}",
        "aliases": ident.get("nctIdAliases", []),
        "sponsor_number": ident.get("orgStudyIdInfo", {}).get("id"),
        "secondary_ids": [
            {key: each.get(key) for key in ("id", "type", "domain")}
            for each in ident.get("secondaryIdInfos", [])
        ],
        "acronym": ident.get("acronym"),
        "brief_title": ident.get("briefTitle"),
        "official_title": ident.get("officialTitle"),
        "study_type": design.get("studyType"),
        "phases": design.get("phases", []),
        "overall_status": status.get("overallStatus"),
        "last_known_status": status.get("lastKnownStatus"),
        "first_submitted_date": status.get("studyFirstSubmitDate"),
        "first_posted_date": day("studyFirstPost"),
        "results_first_posted_date": day("resultsFirstPost"),
        "start_date": day("start"),
        "start_date_type": day("start", "type"),
        "primary_completion_date": day("primaryCompletion"),
        "primary_completion_date_type": day("primaryCompletion", "type"),
        "completion_date": day("completion"),
        "completion_date_type": day("completion", "type"),
        "last_update_posted_date": day("lastUpdatePost"),
        "enrollment_count": None if count == 99_999_999 else count,
        "enrollment_type": enrollment.get("type"),
        "lead_sponsor": lead.get("name"),
        "lead_sponsor_class": lead.get("class"),
        "collaborators": [each["name"] for each in sponsors.get("collaborators", [])],
        "conditions": protocol.get("conditionsModule", {}).get("conditions", []),
        "interventions": [
            {
                "type": each.get("type"),
                "name": each.get("name"),
                "other_names": each.get("otherNames", []),
            }
            for each in protocol.get("armsInterventionsModule", {}).get("interventions", [])
        ],
        "countries": list(dict.fromkeys(each["country"] for each in sites if "country" in each)),
        "references": [
            {"pmid": each.get("pmid"), "type": each.get("type")}
            for each in protocol.get("referencesModule", {}).get("references", [])
        ],
        "has_results": study.get("hasResults", False),
        "data_date": study.get("derivedSection", {}).get("miscInfoModule", {}).get("versionHolder"),
        "expanded_access": status.get("expandedAccessInfo", {}).get("nctId"),
    }


@pytest.mark.parametrize(
    ("name", "count"),
    [("studies_full_no_contacts.json.gz", 615), ("compact_studies.json.gz", 613)],
)
def test_no_reference_study_is_lost_or_read_differently(
    shared: Path, name: str, count: int
) -> None:
    path = shared / "ctgov" / name
    if not path.is_file():
        pytest.skip(f"{name} is not at hand")
    held = json.loads(gzip.decompress(path.read_bytes()))
    studies = held["studies"] if isinstance(held, dict) else held
    assert len(studies) == count
    for each in studies:
        record = Record.from_api(each)
        assert record.drift == 0
        assert record.model_dump(mode="json") == plainly(each)
        assert Record.model_validate(record.model_dump(mode="json")) == record
        assert Record.from_api(projected(each)) == record
