"""Many ids at once, of every sort: each is answered rightly, once, and at a bounded cost."""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import suppress
from datetime import UTC, datetime
from math import ceil, log2

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trialink import AsyncResolver, Resolver, TrialId, parse
from trialink.cache import MemoryStore
from trialink.errors import InvalidTrialId, SourceUnavailable
from trialink.flow import Reply
from trialink.recordings import Recordings
from trialink.testing.server import synthetic_studies

LIST, ALONE = 200, 50  # ids in one request, and asked about one by one in a call


def nct(place, *, above=0):
    return f"NCT{13 * place + above:08d}"


def registry():
    """Return 700 studies, of which 60 have an obsolete number and 40 name another registry's."""
    studies = [*synthetic_studies(700)]
    for place, study in enumerate(studies):
        module = study["protocolSection"]["identificationModule"]
        if place < 60:
            module["nctIdAliases"] = [nct(500_000 + place)]
        if place < 40:  # a number on two records each
            module["secondaryIdInfos"] = [{"id": f"UMIN{1_000 + place // 2:09d}"}]
    return studies


COMPOSER = Recordings(studies=registry())
KNOWN = sorted(COMPOSER.numbers)
ALIASES = [nct(500_000 + place) for place in range(60)]
ABSENT = [nct(300_000 + place) for place in range(120)]
SUSPECT = [nct(310_000 + place, above=1) for place in range(60)]  # absent too; the check fails
REFUSED = [nct(320_000 + place) for place in range(3)]  # a list with one of them is refused
NAMED = [f"UMIN{1_000 + place:09d}" for place in range(20)]
UNNAMED = [f"UMIN{9_000 + place:09d}" for place in range(20)]
MALFORMED = ["", "pending", "NCT0506664", "NCT050666461", "5066646", "see NCT05066646 there"]
OUTCOME = {
    **dict.fromkeys(KNOWN, "found"),
    **dict.fromkeys(ALIASES, "moved"),
    **dict.fromkeys([*ABSENT, *SUSPECT], "absent"),
    **dict.fromkeys(REFUSED, "failed"),
    **dict.fromkeys(NAMED, "cited"),
    **dict.fromkeys(UNNAMED, "unsupported"),
}


class Interrupted(BaseException):
    """What ends a call in the middle."""


class Counting:
    """A transport that notes which ids each request is about; the last of `answers` ends a call."""

    paced = False

    def __init__(self, answers=10**9):
        self.answers = answers
        self.lists, self.alone, self.searches, self.told = [], [], [], []

    @property
    def asked(self):
        return len(self.lists) + len(self.alone) + len(self.searches)

    def send(self, request):
        if request.url.endswith("/version"):
            return COMPOSER.compose(request)
        ids = self._noted(request)
        if self.asked > self.answers:
            raise Interrupted
        if {*REFUSED} & {*ids} and "filter.ids" in dict(request.params):
            return Reply(400, "text/plain", b"Parameter `filter.ids` has incorrect format")
        reply = COMPOSER.compose(request)
        self._listen(ids, reply)
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return reply.replace(origin="live", retrieved_at=now)

    def _noted(self, request):
        params = dict(request.params)
        if "filter.ids" in params:
            ids = params["filter.ids"].split(",")
            self.lists.append(ids)
        elif "filter.advanced" in params:
            ids = [*dict.fromkeys(re.findall(r"UMIN\d{9}", params["filter.advanced"]))]
            self.searches.append(ids)
        else:
            ids = [request.url.rpartition("/")[2]]
            self.alone += ids
        return ids

    def _listen(self, ids, reply):
        """Note what has been told for good, so that nobody need ask again."""
        if reply.status == 404 or (reply.status == 200 and ids[0].startswith("UMIN")):
            self.told += ids
        elif reply.status == 200:
            for each in json.loads(reply.body)["studies"]:
                module = each["protocolSection"]["identificationModule"]
                self.told += {module["nctId"], *module.get("nctIdAliases", [])} & {*ids}

    async def asend(self, request):
        await asyncio.sleep(0)
        return self.send(request)

    def close(self):
        pass

    async def aclose(self):
        pass


def resolve_sync(ids, transport, store):
    with Resolver(transport=transport, cache=store) as resolver:
        return resolver.resolve(ids)


def resolve_async(ids, transport, store):
    async def main():
        async with AsyncResolver(transport=transport, cache=store) as resolver:
            return await resolver.resolve(ids)

    return asyncio.run(main())


@pytest.fixture(params=[resolve_sync, resolve_async], ids=["sync", "async"])
def resolve(request):
    return request.param


def chosen(pool, most):
    """Return a strategy for some of a pool, possibly one of them twice."""
    most = min(most, len(pool))
    return st.integers(0, most).flatmap(
        lambda size: st.randoms(use_true_random=False).map(
            lambda random: random.choices(pool, k=size)
        )
    )


@st.composite
def mixtures(draw):
    """Draw a shuffled list of strings: ids of all sorts, with duplicates, and what is none."""
    pools = [(KNOWN, 230), (ALIASES, 30), (ABSENT, 60), (SUSPECT, 30), (REFUSED, 2)]
    pools += [(NAMED, 12), (UNNAMED, 12), (MALFORMED, 4)]
    mixed = [item for pool, most in pools for item in draw(chosen(pool, most))]
    draw(st.randoms(use_true_random=False)).shuffle(mixed)
    return mixed


def parsed(mixed):
    """Return the distinct ids in order of first appearance, and the strings that are none."""
    ids, rejected = {}, []
    for item in mixed:
        try:
            ids[parse(item)] = None
        except InvalidTrialId:
            rejected.append(item)
    return [*ids], rejected


def of(registry, ids):
    return [str(id) for id in ids if id.registry == registry]


LAW = settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@LAW
@given(mixed=mixtures())
def test_every_id_has_one_right_answer_in_order_at_the_least_cost(resolve, mixed):
    ids, rejected = parsed(mixed)
    transport = Counting()
    answers = resolve(mixed, transport, None)
    assert [*answers] == ids
    assert [text for text, _ in answers.rejected] == rejected
    for id, answer in answers.items():
        if answer.outcome != OUTCOME[str(id)]:
            assert OUTCOME[str(id)] == "absent"
            assert (answer.outcome, answer.reason[:21]) == ("failed", "absence not confirmed")
        if answer.outcome in ("found", "moved"):
            assert id in (answer.record.id, *answer.record.aliases)
        if answer.outcome == "cited":
            assert len(answer.records) == 2
    unconfirmed = [each for each in answers.failed if str(each.id) not in REFUSED]
    absent = [id for id in ids if OUTCOME[str(id)] == "absent"]
    assert len(unconfirmed) == max(0, len(absent) - ALONE)
    costs_the_least(ids, transport)


def costs_the_least(ids, transport):
    own, others = of("nct", ids), of("umin", ids)
    refused, absent = {*own} & {*REFUSED}, {*own} & {*ABSENT, *SUSPECT}
    lots = ceil(len(own) / LIST)
    assert lots <= len(transport.lists) <= lots + len(refused) * 2 * ceil(log2(LIST))
    assert max(map(len, transport.lists), default=0) <= LIST
    assert len(transport.alone) == len({*transport.alone}) == min(len(absent), ALONE)
    assert {*transport.alone} <= absent
    assert len(transport.searches) == ceil(len(others) / 8)
    # Numbers whose check fails come after all others.
    suspects = [number in SUSPECT for number in transport.alone]
    assert suspects == sorted(suspects)
    # No id stands in two requests of one kind, those that a refusal has sent again excepted.
    if not refused:
        asked = [number for lot in transport.lists for number in lot]
        assert sorted(asked) == sorted(own)


@LAW
@given(mixed=mixtures())
def test_later_calls_confirm_the_rest_and_ask_for_nothing_twice(resolve, mixed):
    ids, _ = parsed(mixed)
    transport, store = Counting(), MemoryStore()
    absent = [id for id in ids if OUTCOME[str(id)] == "absent"]
    for _ in range(ceil(len(absent) / ALONE) or 1):
        answers = resolve(mixed, transport, store)
    assert {str(id): each.outcome for id, each in answers.items()} == {
        str(id): OUTCOME[str(id)] for id in ids
    }
    assert sorted(transport.alone) == sorted(map(str, absent))
    assert sorted(transport.told) == sorted({*transport.told})
    asked = transport.asked
    resolve([id for id in ids if str(id) not in REFUSED], transport, store)
    assert transport.asked == asked


@LAW
@given(mixed=mixtures(), answers=st.integers(0, 30))
def test_a_call_after_an_interruption_asks_only_for_what_was_not_told(resolve, mixed, answers):
    first, store = Counting(answers), MemoryStore()
    with suppress(Interrupted):
        resolve(mixed, first, store)
    second = Counting()
    resolved = resolve(mixed, second, store)
    again = {number for lot in [*second.lists, second.alone, *second.searches] for number in lot}
    assert not again & {*first.told}
    assert {*resolved} == {*parsed(mixed)[0]}


def test_a_registry_that_goes_down_between_two_halves_takes_no_answer_back(resolve):
    class Down(Counting):
        def send(self, request):
            if len(self.lists) == 2:
                raise SourceUnavailable("connection refused", source="clinicaltrials_gov")
            return super().send(request)

    ids, store = [*KNOWN[:10], REFUSED[0], *KNOWN[10:19]], MemoryStore()
    answers = resolve(ids, Down(), store)
    assert [str(each.id) for each in answers.values() if each.outcome == "found"] == KNOWN[:10]
    assert {each.reason for each in answers.failed} == {"connection refused"}
    again = Counting()
    resolve(ids[:10], again, store)
    assert again.asked == 0


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 100, 199, 200])
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_one_refused_id_costs_at_most_twice_the_logarithm(resolve, size, place):
    ids = KNOWN[: size - 1]
    ids.insert({"first": 0, "middle": size // 2, "last": size - 1}[place], REFUSED[0])
    transport = Counting()
    answers = resolve(ids, transport, None)
    assert [str(each.id) for each in answers.failed] == [REFUSED[0]]
    assert "incorrect format" in answers[REFUSED[0]].reason
    assert transport.asked <= 1 + 2 * ceil(log2(size))


@pytest.mark.parametrize(("known", "confirmed"), [(0, 50), (500, 50), (KNOWN, 50)])
def test_the_limit_of_confirmations(resolve, known, confirmed):
    pool = KNOWN if known is KNOWN else KNOWN[:known]
    transport = Counting()
    resolve([*pool, *ABSENT], transport, None)
    assert len(transport.alone) == confirmed


def test_of_many_ids_two_in_a_hundred_are_confirmed(resolve):
    unknown = [nct(400_000 + place) for place in range(3_000)]
    transport = Counting()
    resolve(unknown, transport, None)
    assert len(transport.alone) == 60


def test_an_obsolete_number_and_its_present_one_are_both_answered(resolve):
    answers = resolve([ALIASES[0], KNOWN[0], ALIASES[0]], Counting(), None)
    assert [(str(id), each.outcome) for id, each in answers.items()] == [
        (ALIASES[0], "moved"),
        (KNOWN[0], "found"),
    ]
    assert answers[ALIASES[0]].record == answers[KNOWN[0]].record


def test_the_same_number_in_other_spellings_is_one(resolve):
    transport = Counting()
    spelled = [KNOWN[0], KNOWN[0].lower(), f"NCT {KNOWN[0][3:]}", TrialId("nct", KNOWN[0])]
    assert len(resolve(spelled, transport, None)) == 1
    assert transport.lists == [[KNOWN[0]]]
