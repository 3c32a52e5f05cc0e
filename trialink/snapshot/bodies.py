"""Studies as bytes and back: JSON in the API's shape, deflated with a dictionary of its own words.

A record alone is too short for its keys to repeat. With a dictionary that holds them it takes about
half the room: tests/benchmarks/snapshot.py.
"""

from __future__ import annotations

import json
import zlib
from functools import cache

from trialink.sources.fields import projected

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

_LARGEST = 2**23  # bytes of a study; the largest known has 1.5 MB with everything
# What values often hold; the API's words are listed at https://clinicaltrials.gov/data-api/api
_WORDS = """\
Patients With Participants Treatment of the Efficacy and Safety of in Adults Children Study to
Evaluate Randomized, Double-blind, Placebo-controlled, Multicenter, Open-label, Phase 1 Phase 2
Phase 3 Clinical Trial Comparison Between Versus Effect of Hospital University Medical Center
National Cancer Institute (NCI) Disease Syndrome Carcinoma Diabetes Mellitus, Type 2
United States China France Egypt Germany Spain Italy United Kingdom Canada Turkey (Türkiye) Korea
Australia Belgium Poland Japan Taiwan Netherlands Brazil Israel Denmark Switzerland Sweden India
OTHER NIH INDUSTRY FED OTHER_GOV INDIV NETWORK NA EARLY_PHASE1 PHASE1 PHASE2 PHASE3 PHASE4
RECRUITING NOT_YET_RECRUITING ACTIVE_NOT_RECRUITING ENROLLING_BY_INVITATION WITHDRAWN TERMINATED
SUSPENDED UNKNOWN COMPLETED EXPANDED_ACCESS OBSERVATIONAL INTERVENTIONAL ACTUAL ESTIMATED
REGISTRY EUDRACT_NUMBER CTIS OTHER_GRANT BACKGROUND DERIVED RESULT BEHAVIORAL BIOLOGICAL
COMBINATION_PRODUCT DEVICE DIAGNOSTIC_TEST DIETARY_SUPPLEMENT GENETIC PROCEDURE RADIATION DRUG
2005-2006-2007-2008-2009-2010-2011-2012-2013-2014-2015-2016-2017-2018-2019-2020-2021-2022-2023-2024-
"""
_PARTS = (  # in the API's order, what is seldom there before what nearly every study has
    '"nctIdAliases":["NCT0"],"lastKnownStatus":"UNKNOWN","expandedAccessInfo":{"nctId":"NCT0"},',
    '"collaborators":[{"name":"National Cancer Institute (NCI)"},{"name":"',
    '"secondaryIdInfos":[{"id":"20","type":"EUDRACT_NUMBER"},{"id":"U1111-","type":"REGISTRY",'
    '"domain":"World Health Organization (WHO)"},{"id":"","type":"OTHER","domain":"',
    '"resultsFirstPostDateStruct":{"date":"20',
    '"referencesModule":{"references":[{"pmid":"3","type":"DERIVED"},{"pmid":"2",'
    '"type":"BACKGROUND"},{"pmid":"3","type":"RESULT"}]},',
    '"locations":[{"country":"China"},{"country":"United States"},{"country":"United States"},'
    '{"country":"United States"}]',
    '{"protocolSection":{"identificationModule":{"nctId":"NCT0","orgStudyIdInfo":{"id":"20"},'
    '"briefTitle":"A Study of  in Patients With ","officialTitle":"A Randomized, Double-blind, ',
    '","acronym":"","statusModule":{"overallStatus":"COMPLETED","startDateStruct":{"date":"2020-01-'
    '01","type":"ACTUAL"},"primaryCompletionDateStruct":{"date":"2021-12-31","type":"ACTUAL"},'
    '"completionDateStruct":{"date":"2021-12-31","type":"ACTUAL"},"studyFirstSubmitDate":"2019-01-',
    '","studyFirstPostDateStruct":{"date":"2019-01-01"},"lastUpdatePostDateStruct":{"date":"2022-',
    '"}},"sponsorCollaboratorsModule":{"leadSponsor":{"name":"University of ","class":"OTHER"}},'
    '"conditionsModule":{"conditions":["","',
    '"]},"designModule":{"studyType":"INTERVENTIONAL","phases":["PHASE2"],"enrollmentInfo":{'
    '"count":100,"type":"ACTUAL"}},"armsInterventionsModule":{"interventions":[{"type":"DRUG",'
    '"name":"Placebo","otherNames":["',
    '"]}]},"contactsLocationsModule":{"locations":[{"country":"United States"}]}},"derivedSection":'
    '{"miscInfoModule":{"versionHolder":"2026-08-21"}},"hasResults":false}',
)


@cache
def dictionary() -> bytes:
    """Return the dictionary that new snapshots are deflated with; each file holds its own."""
    return (_WORDS + "".join(_PARTS)).encode()


def packed(study: Mapping[str, Any], words: bytes) -> bytes:
    """Return a study, restricted to what `Record` reads, as bytes."""
    body = json.dumps(projected(study), ensure_ascii=False, separators=(",", ":"))
    deflating = zlib.compressobj(9, zdict=words)
    return deflating.compress(body.encode()) + deflating.flush()


def unpacked(body: bytes, words: bytes) -> Any:
    """Return a study; raise `ValueError` for bytes that are none."""
    inflating = zlib.decompressobj(zdict=words)
    try:
        text = inflating.decompress(body, _LARGEST)
    except zlib.error as error:
        raise ValueError("a study that is not deflated as it should be") from error
    if not inflating.eof or inflating.unused_data:
        raise ValueError("a study that is cut short, or is too long")
    return json.loads(text)
