"""One study of ClinicalTrials.gov in, one `Record` out, whatever the study's oddities.

Loads pydantic, which takes its time: imported only where records are needed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from datetime import date
from functools import cache
from math import isinf
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    AfterValidator,
    AliasPath,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
)

from trialink.errors import UnexpectedPayload
from trialink.model.ids import TrialId
from trialink.model.shown import angled
from trialink.registries import registry_of
from trialink.sources.fields import FIELDS, LISTS, PIECES, projected

__all__ = ["FIELDS", "Intervention", "Record", "Reference", "SecondaryId", "decoded", "projected"]

_ENROLLMENT_UNKNOWN = 99_999_999  # seen on some studies in place of a count
_OBJECT = (dict, Mapping)  # asking for a dict first is many times as fast
_NUMBER = tuple(PIECES["NCTId"].split("."))
_Path = tuple[str | int, ...]


def _is_nct(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"NCT[0-9]{8}", value) is not None


def _id(value: object) -> TrialId:
    if isinstance(value, TrialId):
        return value
    if not isinstance(value, str):
        raise ValueError("a trial number is text")
    return TrialId("nct" if _is_nct(value) else registry_of(value), value)


def _calendar(text: str) -> str:
    date.fromisoformat(f"{text}-01-01"[:10])
    return text


def _known(count: int) -> int | None:
    return None if count == _ENROLLMENT_UNKNOWN else count


def _only(key: str) -> BeforeValidator:
    """Read an object of the API as one of its parts; a dump holds the part itself."""
    return BeforeValidator(lambda item: item.get(key) if isinstance(item, _OBJECT) else item)


def _present(values: tuple[str | None, ...]) -> tuple[str, ...]:
    return tuple(value for value in values if value is not None)


def _distinct(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


_Id = Annotated[TrialId, PlainValidator(_id), PlainSerializer(str)]
_Date = Annotated[str, Field(pattern=r"^[0-9]{4}(-[0-9]{2}){0,2}$"), AfterValidator(_calendar)]
_Count = Annotated[int, Field(strict=True, ge=0), AfterValidator(_known)]
_Name = Annotated[str | None, _only("name")]
_Country = Annotated[str | None, _only("country")]
_Names = Annotated[tuple[_Name, ...], AfterValidator(_present)]
_Countries = Annotated[tuple[_Country, ...], AfterValidator(_present), AfterValidator(_distinct)]


def _piece(name: str, default: object = None, *, above: int = 0) -> Any:
    """Declare where the API has a field; `above` leads up from a piece to the list around it."""
    way = PIECES[name].split(".")
    return Field(default, validation_alias=AliasPath(*way[: len(way) - above]))


class _Part(BaseModel):
    model_config = ConfigDict(
        frozen=True, validate_by_name=True, validate_by_alias=True, ser_json_inf_nan="null"
    )


class SecondaryId(_Part):
    """Another number of the trial as its record prints it; None for what the record leaves out."""

    id: str | None = None
    type: str | None = None
    domain: str | None = None


class Intervention(_Part):
    """What is tested: its kind, its name and the other names that the record gives it."""

    type: str | None = None
    name: str | None = None
    other_names: tuple[str, ...] = Field((), validation_alias="otherNames")


class Reference(_Part):
    """A publication: its PubMed number, None where the record has none, and how it is related."""

    pmid: str | None = None
    type: str | None = None


class Record(_Part):
    """What one registry says about one trial, as it said it on `data_date`.

    None and empty tuples stand for what the record leaves out. Dates are text as printed, YYYY,
    YYYY-MM or YYYY-MM-DD. Enumerations are in the API's capitals; words that this version does
    not know are kept. `drift` counts the parts that `from_api` had to drop; it is in no JSON form
    and no comparison.
    """

    drift: ClassVar[int] = 0  # an instance holds its own beside its fields

    id: _Id = _piece("NCTId", ...)
    aliases: tuple[_Id, ...] = _piece("NCTIdAlias", ())
    sponsor_number: str | None = _piece("OrgStudyId")
    secondary_ids: tuple[SecondaryId, ...] = _piece("SecondaryId", (), above=1)
    acronym: str | None = _piece("Acronym")
    brief_title: str | None = _piece("BriefTitle")
    official_title: str | None = _piece("OfficialTitle")
    study_type: str | None = _piece("StudyType")
    phases: tuple[str, ...] = _piece("Phase", ())
    overall_status: str | None = _piece("OverallStatus")
    last_known_status: str | None = _piece("LastKnownStatus")
    first_submitted_date: _Date | None = _piece("StudyFirstSubmitDate")
    first_posted_date: _Date | None = _piece("StudyFirstPostDate")
    results_first_posted_date: _Date | None = _piece("ResultsFirstPostDate")
    start_date: _Date | None = _piece("StartDate")
    start_date_type: str | None = _piece("StartDateType")
    primary_completion_date: _Date | None = _piece("PrimaryCompletionDate")
    primary_completion_date_type: str | None = _piece("PrimaryCompletionDateType")
    completion_date: _Date | None = _piece("CompletionDate")
    completion_date_type: str | None = _piece("CompletionDateType")
    last_update_posted_date: _Date | None = _piece("LastUpdatePostDate")
    enrollment_count: _Count | None = _piece("EnrollmentCount")
    enrollment_type: str | None = _piece("EnrollmentType")
    lead_sponsor: str | None = _piece("LeadSponsorName")
    lead_sponsor_class: str | None = _piece("LeadSponsorClass")
    collaborators: _Names = _piece("CollaboratorName", (), above=1)
    conditions: tuple[str, ...] = _piece("Condition", ())
    interventions: tuple[Intervention, ...] = _piece("InterventionName", (), above=1)
    countries: _Countries = _piece("LocationCountry", (), above=1)
    references: tuple[Reference, ...] = _piece("ReferencePMID", (), above=1)
    has_results: Annotated[bool, Field(strict=True)] = _piece("HasResults", False)
    data_date: _Date | None = _piece("VersionHolder")
    expanded_access: _Id | None = _piece("ExpandedAccessNCTId")

    @classmethod
    def from_api(cls, study: Mapping[str, Any] | bytes | str) -> Self:
        """Return the record of a study in the API's v2 JSON, complete or projected.

        A part that cannot be read is dropped and counted in `drift`; never the record. Raises
        `UnexpectedPayload` when there is no valid ClinicalTrials.gov number.
        """
        study = decoded(study) if isinstance(study, (bytes, str)) else study
        if not _is_nct(_at(study, _NUMBER)):
            raise _unreadable("a study without a valid number")
        damage = set() if _is_sound(study, _containers()) else {*_misshapen(study, _containers())}
        try:
            record = cls.model_validate(_pruned(study, damage) if damage else study)
        except ValidationError as error:
            record = cls._mended(_pruned(study, damage), error)
        if dropped := record.drift + len(damage):
            record.__dict__["drift"] = dropped  # frozen are the fields; this is none
        return record

    @classmethod
    def _mended(cls, study: Any, error: ValidationError) -> Self:
        wrong = {problem["loc"] for problem in error.errors(include_url=False)}
        record = cls.model_validate(_pruned(study, wrong))
        record.__dict__["drift"] = len(wrong)
        return record

    @model_serializer(mode="wrap")
    def _printed(self, fields: SerializerFunctionWrapHandler) -> dict[str, Any]:
        form: dict[str, Any] = fields(self)
        head = {"id": form.pop("id"), "registry": self.id.registry, "url": self.id.url}
        return head | form

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form: documented names, documented order, plain Python values."""
        return self.model_dump(mode="json")

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the record whose `to_dict` is `data`."""
        return cls.model_validate(data)

    def __repr__(self) -> str:
        name = f" {self.acronym}" if self.acronym else ""
        return angled(f"Record {self.id}{name}, data of {self.data_date}")

    def __str__(self) -> str:
        return repr(self)


def _at(value: Any, path: _Path) -> Any:
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


@cache
def _containers() -> dict[str, Any]:
    """Return the objects that a record is read through, as a tree; a list of objects is None."""
    tree: dict[str, Any] = {}
    for place in PIECES.values():
        *way, _ = place.split(".")
        branch = tree
        for depth, step in enumerate(way, 1):
            if ".".join(way[:depth]) in LISTS:
                branch[step] = None
                break
            branch = branch.setdefault(step, {})
    return tree


def _is_sound(part: Mapping[str, Any], tree: dict[str, Any]) -> bool:
    """Return whether nothing is misshapen, quickly; False when it takes a closer look."""
    for name, branch in tree.items():
        value = part.get(name)
        if value is None:
            continue
        if branch is None:
            if type(value) is not list or not all(type(item) is dict for item in value):
                return False
        elif type(value) is not dict or (branch and not _is_sound(value, branch)):
            return False
    return True


def _misshapen(part: Mapping[str, Any], tree: dict[str, Any], way: _Path = ()) -> Iterator[_Path]:
    """Yield the places where something else stands for an object; pydantic passes over those."""
    for name, branch in tree.items():
        value = part.get(name)
        if branch is None:
            for index, item in enumerate(value if isinstance(value, list) else ()):
                if not isinstance(item, _OBJECT):
                    yield (*way, name, index)
        elif isinstance(value, _OBJECT):
            if branch:
                yield from _misshapen(value, branch, (*way, name))
        elif value is not None:
            yield (*way, name)


def _pruned(study: Any, places: Iterable[_Path]) -> Any:
    """Return a study without what stands at some places, in a copy of no more than is changed."""
    pruned = dict(study)
    for *way, last in sorted(places, reverse=True):  # of a list the last first
        parent: Any = pruned
        for step in way:
            parent[step] = copy(parent[step])
            parent = parent[step]
        del parent[last]
    return pruned


def decoded(body: bytes | str) -> Any:
    """Return the JSON value of an answer.

    Lone surrogates, which no encoder takes later, become U+FFFD. Raises `UnexpectedPayload` for
    what is no JSON or says nothing certain: NaN and infinity, numbers out of all proportion, an
    object with a key twice; and for what would take a great deal of memory.
    """
    try:
        text = body if isinstance(body, str) else body.decode("utf-8")
        if sum(map(text.count, ",[{")) > _PARTS:
            raise ValueError(f"more than {_PARTS:,} parts")
        value = _JSON.decode(text)
        if "\\ud" in text or "\\uD" in text:
            whole = json.dumps(value, ensure_ascii=False)
            value = _JSON.decode(
                whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            )
    except (ValueError, RecursionError) as error:
        raise _unreadable("an answer that is no JSON") from error
    return value


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _integer(digits: str) -> int:
    if len(digits) > _DIGITS:
        raise ValueError("a number of too many digits")
    return int(digits)


def _finite(number: str) -> float:
    if isinf(value := float(number)):
        raise ValueError("a number beyond all bounds")
    return value


def _distinct_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("an object with a key twice")
    return value


_PARTS = 1_000_000  # commas and opening brackets: 1,000 whole records have about 400,000
_DIGITS = 400  # of an integer; that of a float is bounded by its value
_JSON = json.JSONDecoder(
    parse_constant=_refused,
    parse_int=_integer,
    parse_float=_finite,
    object_pairs_hook=_distinct_keys,
)


def _unreadable(reason: str) -> UnexpectedPayload:
    return UnexpectedPayload(
        reason,
        source="clinicaltrials_gov",
        advice="what is read is one study in the JSON of the API's version 2, or a page of them",
    )
