"""Whose record an answer is, and where a list ends: aliases, redirects, pages that lead nowhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import pytest

from trialink import Resolution, Resolver
from trialink.cache import MemoryStore
from trialink.flow import Reply, Request
from trialink.testing import FaultyTransport

BASE = "https://clinicaltrials.gov/api/v2"
OWN, B, C, D, E = (f"NCT{13 * (100_000 + place):08d}" for place in range(5))
EUDRACT = "2014-005181-30"


@pytest.fixture(autouse=True)
def public(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRIALINK_API_URL", raising=False)


class Registry:
    """Answers about single studies by a table and lists by a function of their page's token."""

    def __init__(
        self,
        singles: Mapping[str, Reply] | None = None,
        page: Callable[[str | None], dict[str, Any]] = lambda _: {"studies": []},
    ) -> None:
        self.singles, self.page = singles or {}, page
        self.urls: list[str] = []

    def compose(self, request: Request) -> Reply:
        self.urls.append(request.url)
        number = request.url.rpartition("/")[2]
        if number == "studies":
            return answer(self.page(dict(request.params).get("pageToken")))
        return self.singles[number]


def study(number: str, *aliases: str) -> dict[str, Any]:
    identification = {"nctId": number, "nctIdAliases": [*aliases]}
    identification["secondaryIdInfos"] = [{"id": EUDRACT, "type": "EUDRACT_NUMBER"}]
    return {"protocolSection": {"identificationModule": identification}}


def answer(value: dict[str, Any]) -> Reply:
    return Reply(200, "application/json", json.dumps(value).encode())


def moved(place: str) -> Reply:
    return Reply(301, "text/plain", b"", location=place)


def resolved(registry: Registry, number: str = OWN) -> tuple[Resolution, MemoryStore]:
    store = MemoryStore()
    transport = FaultyTransport(registry)
    with Resolver(transport=transport, cache=store, pace=None) as resolver:
        [resolution] = resolver.resolve(number).values()
    assert len(transport.requests) == len(registry.urls)
    return resolution, store


def chain(*numbers: str) -> dict[str, Reply]:
    """Return redirects from each number to the next."""
    return {one: moved(f"/api/v2/studies/{other}") for one, other in pairwise(numbers)}


IDENTITIES = {
    "its own record": ({OWN: answer(study(OWN))}, "found", OWN, 1),
    "a record that names it as an alias": ({OWN: answer(study(B, OWN))}, "moved", B, 1),
    "the record of another trial": ({OWN: answer(study(B))}, "failed", None, 1),
    "one that names another alias": ({OWN: answer(study(B, C))}, "failed", None, 1),
    "led on once": (chain(OWN, B) | {B: answer(study(B, OWN))}, "moved", B, 2),
    "led on to a record without the alias": (
        chain(OWN, B) | {B: answer(study(B))},
        "failed",
        None,
        2,
    ),
    "a chain of three": (chain(OWN, B, C, D) | {D: answer(study(D, OWN))}, "moved", D, 4),
    "a chain of four": (chain(OWN, B, C, D, E) | {E: answer(study(E, OWN))}, "failed", None, 4),
    "a loop": (chain(OWN, B, OWN), "failed", None, 4),
    "led on to itself": (chain(OWN, OWN), "failed", None, 4),
    "led on and back to its own record": (
        chain(OWN, B) | {B: answer(study(OWN))},
        "found",
        OWN,
        2,
    ),
}


@pytest.mark.parametrize(
    ("singles", "outcome", "number", "asked"), IDENTITIES.values(), ids=IDENTITIES
)
def test_a_record_answers_for_its_number_and_its_aliases_alone(
    singles: dict[str, Reply], outcome: str, number: str | None, asked: int
) -> None:
    registry = Registry(singles)
    resolution, store = resolved(registry)
    assert (str(resolution.id), resolution.outcome) == (OWN, outcome)
    assert [str(record.id) for record in resolution.records] == ([number] if number else [])
    assert bool([*store.keys()]) == (outcome != "failed")
    assert len(registry.urls) == 1 + asked  # the list, then the number alone
    assert all(url.startswith(f"{BASE}/studies") for url in registry.urls)


ELSEWHERE = [
    f"https://example.org/api/v2/studies/{B}",
    f"//example.org/api/v2/studies/{B}",
    f"http://clinicaltrials.gov/api/v2/studies/{B}",
    f"https://clinicaltrials.gov:8443/api/v2/studies/{B}",
    f"https://user:word@clinicaltrials.gov/api/v2/studies/{B}",
    f"https://clinicaltrials.gov@example.org/api/v2/studies/{B}",
    f"https://clinicaltrials.gov.example.org/api/v2/studies/{B}",
    f"https:\\\\example.org\\api\\v2\\studies\\{B}",
    f"file:///api/v2/studies/{B}",
    f"data:application/json,{B}",
    f"javascript:{B}",
    f"/study/{B}",
    f"/api/v2/studies/../studies/{B}/..",
    f"/api/v2/studies/%4eCT{B[3:]}",
    f"/api/v2/studies/{B}/",
    f"/api/v2/studies/{B}%0d%0aX: y",
    f"/api/v2/studies/{B.lower()}",
    "/api/v2/studies/NCT0130001",
    "/api/v2/studies/ＮＣＴ01300013",
    "/login",
    "http://[::1/bad",
    "\x00",
]


@pytest.mark.parametrize("place", ELSEWHERE, ids=repr)
@pytest.mark.parametrize("status", [301, 308])
def test_nobody_else_is_asked(place: str, status: int) -> None:
    registry = Registry({OWN: moved(place).replace(status=status), B: answer(study(B, OWN))})
    resolution, store = resolved(registry)
    assert resolution.outcome == "failed"
    assert {*registry.urls} == {f"{BASE}/studies", f"{BASE}/studies/{OWN}"}
    assert not [*store.keys()]


HIT = [study(OWN)]


def page(studies: list[dict[str, Any]], token: object = None, **more: object) -> dict[str, Any]:
    return {"studies": studies, **more} | ({} if token is None else {"nextPageToken": token})


def counted(token: str | None) -> int:
    return int(re.sub(r"\D", "", token or "") or 0)


ENDLESS = {  # by the token that is asked for; the most requests that may be made
    "the same token again": (lambda token: page(HIT, "t"), 2),
    "a circle of two": (lambda token: page(HIT, "b" if token == "a" else "a"), 3),
    "a circle of three": (lambda token: page(HIT, f"t{(counted(token) + 1) % 3}"), 4),
    "empty pages": (lambda token: page([], f"t{counted(token) + 1}"), 100),
    "full pages without an end": (lambda token: page(HIT, f"t{counted(token) + 1}"), 100),
    "a token that is none": (lambda token: page(HIT, 7), 1),
    "no list": (lambda token: page({}, "t"), 1),  # type: ignore[arg-type]
    "an error in place of a list": (lambda token: {"error": "x"}, 1),
}
ASKED = pytest.mark.parametrize("number", [OWN, EUDRACT], ids=["looked up", "searched"])


@ASKED
@pytest.mark.parametrize(("pages", "most"), ENDLESS.values(), ids=ENDLESS)
def test_a_list_without_an_end_is_given_up_and_nothing_is_kept(
    pages: Callable[[str | None], dict[str, Any]], most: int, number: str
) -> None:
    registry = Registry(page=pages)
    resolution, store = resolved(registry, number)
    assert (resolution.outcome, resolution.records) == ("failed", ())
    bound = 3 if number == OWN else most  # one number is one page, and two more at most
    assert 1 <= len(registry.urls) <= min(bound, most)
    assert not [*store.keys()]


ENDING = {
    "one page": [page(HIT)],
    "an empty token": [page(HIT, "")],
    "on two pages": [page(HIT, "t1"), page(HIT)],
    "twice on one page": [page(HIT * 2)],
    "after an empty page": [page([], "t1"), page(HIT)],
    "before an empty page": [page(HIT, "t1"), page([])],
    "with a total that changes": [page([], "t1", totalCount=1), page(HIT, totalCount=5)],
    "with an unknown key": [page(HIT, more={"x": [1]})],
}


@ASKED
@pytest.mark.parametrize("pages", ENDING.values(), ids=ENDING)
def test_each_record_of_a_list_is_given_once(pages: list[dict[str, Any]], number: str) -> None:
    registry = Registry(page=lambda token: pages[counted(token)])
    resolution, _ = resolved(registry, number)
    assert resolution.outcome == ("found" if number == OWN else "cited")
    assert [str(record.id) for record in resolution.records] == [OWN]
    assert len(registry.urls) == len(pages)
