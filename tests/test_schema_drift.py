"""Studies that are not as they used to be: what changed costs itself, nothing else, and is counted.

Every key of every recorded study is deleted, nulled, retyped, renamed and given a neighbour.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from copy import copy
from functools import cache
from random import Random
from typing import Any

import pytest
from conftest import FIXTURES

from trialink.errors import UnexpectedPayload
from trialink.model.ids import TrialId
from trialink.sources.declared import declared_ids
from trialink.sources.fields import PIECES
from trialink.sources.record import Record

Path = tuple[str | int, ...]
Study = dict[str, Any]

PATHS = sorted(FIXTURES.glob("clinicaltrials_gov/studies/*.json"))
STUDIES = [json.loads(path.read_text(encoding="utf-8"))["study"] for path in PATHS]
NUMBER = tuple(PIECES["NCTId"].split("."))
OTHERS: list[Any] = ["A_NEW_WORD", "", 7, -1, 1.5, 10**19, True, [], {}, [None], ["word"], [[]]]
OTHERS += [{"new": 1}, [{"new": 1}], [{"id": None, "name": 3, "country": [], "pmid": {}}]]


def paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path of every key and item."""
    below = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in below:
        yield (*path, key)
        if isinstance(part, dict | list):
            yield from paths(part, (*path, key))


def at(study: Any, path: Path) -> Any:
    for step in path:
        study = study[step]
    return study


def opened(study: Any, path: Path) -> tuple[Any, Any]:
    """Return a copy of a study and in it what is around a path; the rest is not copied."""
    around = whole = copy(study)
    for step in path[:-1]:
        around[step] = copy(around[step])
        around = around[step]
    return whole, around


def deleted(around: Any, key: Any) -> None:
    del around[key]


def renamed(around: Any, key: Any) -> None:
    if isinstance(key, str):
        around[f"{key}V3"] = around.pop(key)


def doubled(around: Any, key: Any) -> None:
    """Give what stands at a key a neighbour."""
    if isinstance(around, list):
        around.append(around[key])
    else:
        around[f"new{key}"] = around[key]


def emptied(around: Any, key: Any) -> None:
    around[key] = None


def mutants(study: Study, share: float = 1.0) -> Iterator[tuple[str, Path, Any, Study]]:
    """Yield a study changed at its paths in every way, and there one other value."""
    chance = Random(at(study, NUMBER))
    for path in paths(study):
        if chance.random() > share:
            continue
        for way in (deleted, renamed, doubled, emptied):
            changed, around = opened(study, path)
            way(around, path[-1])
            yield way.__name__, path, None, changed
        changed, around = opened(study, path)
        around[path[-1]] = value = chance.choice(OTHERS)
        yield f"now {value!r}", path, value, changed


def touched(path: Path) -> frozenset[str]:
    """Return the pieces that stand at a path, above or below it."""
    own = ".".join(step for step in path if isinstance(step, str)) + "."
    places = {piece: f"{place}." for piece, place in PIECES.items()}
    return frozenset(
        piece for piece, place in places.items() if place.startswith(own) or own.startswith(place)
    )


@cache
def fields_of(pieces: frozenset[str]) -> set[str]:
    """Return the names of the fields that some pieces are read into."""
    found = set()
    for name, field in Record.model_fields.items():
        place = ".".join(map(str, field.validation_alias.path))  # type: ignore[union-attr]
        if any(PIECES[piece] == place or PIECES[piece].startswith(f"{place}.") for piece in pieces):
            found.add(name)
    return found


def printed(study: Study) -> str:
    """Return all letters and digits of a study."""
    return re.sub(r"[\W_]", "", json.dumps(study)).upper()


def is_printed(id: TrialId, text: str) -> bool:
    return re.sub(r"\W", "", id.number).upper() in text


def held(study: Study, share: float = 1.0) -> int:
    """Assert what holds for every mutant of a study and return how many there were."""
    original, text, count = Record.from_api(study), printed(study), 0
    whole = original.to_dict()
    for what, path, value, changed in mutants(study, share):
        count += 1
        try:
            record = Record.from_api(changed)
        except UnexpectedPayload:
            assert NUMBER[: len(path)] == path, (what, path)
            continue
        differing = {name for name in Record.model_fields if differs(record, original, name)}
        assert differing <= fields_of(touched(path)), (what, path)
        if differing or record.drift:
            assert all(is_printed(id, text) for id in declared_ids(record)), (what, path)
            assert Record.from_dict(json.loads(json.dumps(record.to_dict()))) == record
        if value is not None and touched(path):
            is_of_another_kind = type(value) is not type(at(study, path))
            assert record.drift >= is_of_another_kind, (what, path)
        if not touched(path):
            assert record.drift == 0, (what, path)
    assert original.to_dict() == Record.from_api(study).to_dict() == whole  # nothing was changed
    return count


def differs(one: Record, other: Record, name: str) -> bool:
    return bool(getattr(one, name) != getattr(other, name))


@pytest.mark.parametrize("study", STUDIES, ids=[path.stem for path in PATHS])
def test_a_change_costs_what_it_touches_and_nothing_else(study: Study) -> None:
    assert held(study) >= 5 * len([*paths(study)])


def test_all_that_is_read_is_changed_more_than_5000_times_in_all() -> None:
    assert sum(5 * len([*paths(study)]) for study in STUDIES) > 5000
    changed = [touched(path) for study in STUDIES for path in paths(study)]
    assert set().union(*changed) == PIECES.keys()


def test_whole_studies_stand_changes_too(shared: Path) -> None:
    path = shared / "ctgov" / "studies_full_no_contacts.json.gz"
    if not path.is_file():
        pytest.skip("whole studies are not at hand")
    held_studies = json.loads(gzip.decompress(path.read_bytes()))
    studies = held_studies["studies"] if isinstance(held_studies, dict) else held_studies
    assert sum(held(study, share=0.02) for study in studies[::10]) > 1000
