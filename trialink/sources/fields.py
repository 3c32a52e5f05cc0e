"""What the library reads of a study of ClinicalTrials.gov: API pieces and where they stand."""

from __future__ import annotations

from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

_ID = "protocolSection.identificationModule"
_STATUS = "protocolSection.statusModule"
_SPONSOR = "protocolSection.sponsorCollaboratorsModule"
_DESIGN = "protocolSection.designModule"
_ARMS = "protocolSection.armsInterventionsModule.interventions"
_REFERENCES = "protocolSection.referencesModule.references"

# Names and places: https://clinicaltrials.gov/data-api/about-api/study-data-structure
# A place goes through lists as if they were their items.
PIECES: dict[str, str] = {
    "NCTId": f"{_ID}.nctId",
    "NCTIdAlias": f"{_ID}.nctIdAliases",
    "OrgStudyId": f"{_ID}.orgStudyIdInfo.id",
    "SecondaryId": f"{_ID}.secondaryIdInfos.id",
    "SecondaryIdType": f"{_ID}.secondaryIdInfos.type",
    "SecondaryIdDomain": f"{_ID}.secondaryIdInfos.domain",
    "Acronym": f"{_ID}.acronym",
    "BriefTitle": f"{_ID}.briefTitle",
    "OfficialTitle": f"{_ID}.officialTitle",
    "StudyType": f"{_DESIGN}.studyType",
    "Phase": f"{_DESIGN}.phases",
    "OverallStatus": f"{_STATUS}.overallStatus",
    "LastKnownStatus": f"{_STATUS}.lastKnownStatus",
    "StudyFirstSubmitDate": f"{_STATUS}.studyFirstSubmitDate",
    "StudyFirstPostDate": f"{_STATUS}.studyFirstPostDateStruct.date",
    "ResultsFirstPostDate": f"{_STATUS}.resultsFirstPostDateStruct.date",
    "StartDate": f"{_STATUS}.startDateStruct.date",
    "StartDateType": f"{_STATUS}.startDateStruct.type",
    "PrimaryCompletionDate": f"{_STATUS}.primaryCompletionDateStruct.date",
    "PrimaryCompletionDateType": f"{_STATUS}.primaryCompletionDateStruct.type",
    "CompletionDate": f"{_STATUS}.completionDateStruct.date",
    "CompletionDateType": f"{_STATUS}.completionDateStruct.type",
    "LastUpdatePostDate": f"{_STATUS}.lastUpdatePostDateStruct.date",
    "EnrollmentCount": f"{_DESIGN}.enrollmentInfo.count",
    "EnrollmentType": f"{_DESIGN}.enrollmentInfo.type",
    "LeadSponsorName": f"{_SPONSOR}.leadSponsor.name",
    "LeadSponsorClass": f"{_SPONSOR}.leadSponsor.class",
    "CollaboratorName": f"{_SPONSOR}.collaborators.name",
    "Condition": "protocolSection.conditionsModule.conditions",
    "InterventionType": f"{_ARMS}.type",
    "InterventionName": f"{_ARMS}.name",
    "InterventionOtherName": f"{_ARMS}.otherNames",
    "LocationCountry": "protocolSection.contactsLocationsModule.locations.country",
    "ReferencePMID": f"{_REFERENCES}.pmid",
    "ReferenceType": f"{_REFERENCES}.type",
    "HasResults": "hasResults",
    "VersionHolder": "derivedSection.miscInfoModule.versionHolder",
    "ExpandedAccessNCTId": f"{_STATUS}.expandedAccessInfo.nctId",
}
LISTS: tuple[str, ...] = (  # the places that hold lists of objects
    f"{_ID}.secondaryIdInfos",
    f"{_SPONSOR}.collaborators",
    _ARMS,
    "protocolSection.contactsLocationsModule.locations",
    _REFERENCES,
)
FIELDS: tuple[str, ...] = tuple(PIECES)
# What tells whether a sponsor is a person: asked for when recordings are made, never kept.
PERSONAL: dict[str, str] = {
    "ResponsiblePartyType": f"{_SPONSOR}.responsibleParty.type",
    "CollaboratorClass": f"{_SPONSOR}.collaborators.class",
}


def projected(study: Mapping[str, Any], fields: Iterable[str] = FIELDS) -> dict[str, Any]:
    """Return a copy of a study with nothing but the pieces named in `fields`.

    Objects without a wanted piece are left out, as the API does. Raises `KeyError` for a piece
    that the library does not know.
    """
    kept = _kept(study, _wanted(tuple(fields)))
    return kept if isinstance(kept, dict) else {}


@cache
def _wanted(fields: tuple[str, ...]) -> dict[str, Any]:
    """Return the places of pieces as a tree, whose leaves are None."""
    wanted: dict[str, Any] = {}
    for piece in fields:
        branch = wanted
        *way, leaf = (PIECES | PERSONAL)[piece].split(".")
        for step in way:
            branch = branch.setdefault(step, {})
        branch[leaf] = None
    return wanted


def _kept(value: Any, wanted: dict[str, Any] | None) -> Any:
    if wanted is None:
        return value
    if isinstance(value, list):
        return [kept for item in value if (kept := _kept(item, wanted)) not in ({}, None)]
    if not isinstance(value, dict):
        return None
    parts = {key: _kept(value[key], wanted[key]) for key in value if key in wanted}
    return {key: part for key, part in parts.items() if part not in ({}, [], None)}
