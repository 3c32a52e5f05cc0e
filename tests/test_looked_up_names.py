"""Names of trials: asked for only where that is allowed, compared exactly, never joined by."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import pytest
from conftest import FIXTURES
from jsonschema import Draft202012Validator

import trialink
from trialink import AsyncLinker, AsyncResolver, LinkedText, Linker, NameMention, Resolver
from trialink.cache import MemoryStore
from trialink.errors import SourceUnavailable
from trialink.flow import Request
from trialink.model.ids import TrialId
from trialink.recordings import Recordings
from trialink.replay import replay
from trialink.sources.searching import NAMES, bears, names_expression, spellings
from trialink.testing.server import LoopbackServer

BASE = "https://clinicaltrials.gov/api/v2"


def study(number="NCT05066646", acronym=None, brief=None, official=None):
    module = {"nctId": number, "acronym": acronym, "briefTitle": brief, "officialTitle": official}
    module = {key: value for key, value in module.items() if value}
    return {"protocolSection": {"identificationModule": module}}


@pytest.mark.parametrize(
    ("name", "fields", "is_borne"),
    [
        pytest.param("FUMANBA-1", {"acronym": "FUMANBA-1"}, True, id="the acronym"),
        pytest.param("fumanba 1", {"acronym": "FUMANBA-1"}, True, id="case, and a blank"),
        pytest.param("FUMANBA\u20111", {"acronym": "FUMANBA \u2013 1"}, True, id="kinds of dashes"),
        pytest.param("FUMANBA-1", {"acronym": " FUMANBA-1 "}, True, id="blanks around it"),
        pytest.param("FUMANBA-1", {"acronym": "FUMANBA-10"}, False, id="a longer number"),
        pytest.param("FUMANBA-1", {"acronym": "FUMANBA1"}, False, id="glued"),
        pytest.param("FUMANBA-1", {"acronym": "FUMANBA-1 extension"}, False, id="a longer acronym"),
        pytest.param("FUMANBA-1", {"brief": "CT103A (FUMANBA-1)"}, True, id="in a title"),
        pytest.param("FUMANBA-1", {"official": "FUMANBA-1: CT103A"}, True, id="in the other title"),
        pytest.param("FUMANBA-1", {"brief": "CT103A (FUMANBA-10)"}, False, id="a longer one in it"),
        pytest.param("FUMANBA-1", {"brief": "CT103A (FUMANBA-1b)"}, False, id="a letter behind it"),
        pytest.param("FUMANBA-1", {"brief": "CT103A (FUMANBA-1.5)"}, False, id="with a fraction"),
        pytest.param("FUMANBA-1", {"brief": "XFUMANBA-1"}, False, id="the end of another word"),
        pytest.param("FUMANBA-1", {"brief": "PRE-FUMANBA-1"}, False, id="the end of another name"),
        pytest.param("FUMANBA-1", {"brief": "FUMANBA-1/2"}, False, id="two in short"),
        pytest.param(
            "KEYNOTE-189", {"brief": "(MK-3475-189/KEYNOTE-189)"}, True, id="behind a code"
        ),
        pytest.param(
            "KEYNOTE-189", {"brief": "(KEYNOTE-189/MK-3475-189)"}, True, id="before a code"
        ),
        pytest.param("A.B", {"acronym": "AxB"}, False, id="a full stop is one"),
        pytest.param("FUMANBA-1", {}, False, id="nothing there"),
    ],
)
def test_a_record_bears_a_name(name, fields, is_borne):
    assert bears(trialink.Record.from_api(study(**fields)), name) is is_borne


# From the recordings


@pytest.fixture(params=["sync", "async"])
def look_up(request):
    """Look names up with one resolver, once or again and again."""

    def one(*calls, **settings):
        with Resolver(names=True, **settings) as resolver:
            return [resolver.look_up_names(names) for names in calls]

    def other(*calls, **settings):
        async def main():
            async with AsyncResolver(names=True, **settings) as resolver:
                return [await resolver.look_up_names(names) for names in calls]

        return asyncio.run(main())

    return one if request.param == "sync" else other


@pytest.mark.parametrize(
    ("name", "outcome", "numbers"),
    [
        ("FUMANBA-1", "found", ["NCT05066646"]),
        ("Fumanba 1", "found", ["NCT05066646"]),
        ("FUMANBA-2", "found", ["NCT05181501"]),  # in its title alone
        ("RESTORE", "ambiguous", ["NCT05227898", "NCT06525896"]),
        ("ORCHARD-9", "unknown", []),
        ("orchard 9", "unknown", []),
        ("FUMANBA-10", "failed", []),
        ("KEYNOTE-189", "failed", []),
        ('THE "BEST"', "failed", []),
        ("", "failed", []),
        (" \u2013 ", "failed", []),
        ("X" * 201, "failed", []),
    ],
)
def test_outcome(look_up, name, outcome, numbers):
    (answers,) = look_up(name, transport=replay(FIXTURES))
    answer = answers[name]
    assert (answer.name, answer.outcome, [*map(str, answer.ids)]) == (name, outcome, numbers)
    assert (answer.record is not None) is (outcome == "found")
    assert bool(answer.reason) is (outcome in ("unknown", "failed"))


def test_what_is_not_recorded_is_never_unknown(look_up):
    (answers,) = look_up(["KEYNOTE-189", "FUMANBA-1"], transport=replay(FIXTURES))
    assert answers["KEYNOTE-189"].reason == "not recorded: no recorded study bears the name"
    assert answers["FUMANBA-1"].outcome == "found"
    assert repr(answers) == "<NameResolutions 2 names: 1 failed, 1 found>"
    assert [each.name for each in answers.failed] == ["KEYNOTE-189"]


def test_an_answer_says_where_it_comes_from(look_up):
    (answers,) = look_up("FUMANBA-1", transport=replay(FIXTURES))
    answer = answers["FUMANBA-1"]
    assert (answer.origin, answer.source) == ("assembled", "clinicaltrials_gov")
    assert answer.retrieved_at == "2026-11-22T00:00:00Z"
    assert repr(answer) == "<NameResolution FUMANBA-1 found: NCT05066646>"
    with pytest.raises(KeyError, match="FUMANBA-2"):
        answers["FUMANBA-2"]


def names_of(query):
    return names_expression(TrialId(NAMES, name) for name in query)


def test_recordings_refuse_in_company_what_they_do_not_know():
    request = Request(f"{BASE}/studies", (("filter.advanced", names_of(["A-1", "FUMANBA-1"])),))
    assert Recordings(FIXTURES).compose(request).status == 400
    alone = Request(f"{BASE}/studies", (("filter.advanced", names_of(["A-1"])),))
    with pytest.raises(SourceUnavailable, match="not recorded"):
        Recordings(FIXTURES).compose(alone)


# From a server


STUDIES = [
    study("NCT05066646", acronym="FUMANBA-1"),
    study("NCT05181501", brief="CT103A (FUMANBA-10)"),
    study("NCT03103880", brief="Follow-up of FUMANBA-7"),
    study("NCT01811251", official="FUMANBA-7 in full"),
]


class Whole:
    """A server that returns every study to every search, as one that takes no heed of hyphens."""

    def compose(self, request):
        reply = Recordings(studies=STUDIES).compose(Request(request.url, self._list))
        return reply.replace(origin="live")

    _list = (("filter.ids", ",".join(Recordings(studies=STUDIES).numbers)),)


def test_hits_are_compared_here(monkeypatch):
    with LoopbackServer(Whole()) as server:
        monkeypatch.setenv("TRIALINK_API_URL", server.url)
        with Resolver(names=True, cache=None, pace=None) as resolver:
            answers = resolver.look_up_names(["FUMANBA-1", "FUMANBA-7", "FUMANBA"])
    assert {name: (each.outcome, [*map(str, each.ids)]) for name, each in answers.items()} == {
        "FUMANBA-1": ("found", ["NCT05066646"]),
        "FUMANBA-7": ("ambiguous", ["NCT01811251", "NCT03103880"]),
        "FUMANBA": ("unknown", []),
    }
    assert len(server.requests) == 1


class Recording:
    """A transport that answers from studies and keeps what it was asked."""

    paced = False

    def __init__(self, composer=None, error=None):
        self.composer = composer or Recordings(studies=STUDIES)
        self.error, self.asked = error, []

    def send(self, request):
        self.asked.append(request)
        if self.error:
            raise self.error
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return self.composer.compose(request).replace(origin="live", retrieved_at=now)

    async def asend(self, request):
        return self.send(request)

    def close(self):
        pass

    async def aclose(self):
        pass


def test_a_second_call_asks_nobody(look_up):
    transport, store = Recording(), MemoryStore()
    names = ["FUMANBA-1", "FUMANBA-7", "NOWHERE-1"]
    first, second = look_up(names, names, transport=transport, cache=store)
    assert len(transport.asked) == 1
    assert [each.outcome for each in first.values()] == ["found", "ambiguous", "unknown"]
    assert [each.outcome for each in second.values()] == ["found", "ambiguous", "unknown"]
    assert {each.origin for each in second.values()} == {"cache"}
    assert [each.records for each in second.values()] == [each.records for each in first.values()]
    assert sorted(store.keys()) == [
        f"{BASE} name:{name}" for name in ("FUMANBA-1", "FUMANBA-7", "NOWHERE-1")
    ]


def test_recordings_never_answer_for_the_registry(look_up):
    store, live = MemoryStore(), Recording()
    look_up("FUMANBA-1", transport=replay(FIXTURES), cache=store)
    look_up("FUMANBA-1", transport=live, cache=store)
    assert len(live.asked) == 1


def test_spellings_of_one_name_are_asked_once(look_up):
    transport = Recording()
    names = ["FUMANBA-1", "fumanba 1", NameMention(0, 9, "FUMANBA\u20131"), "FUMANBA-1"]
    (answers,) = look_up(names, transport=transport, cache=None)
    assert [*answers] == ["FUMANBA-1", "fumanba 1", "FUMANBA\u20131"]
    assert {each.outcome for each in answers.values()} == {"found"}
    assert dict(transport.asked[0].params)["filter.advanced"] == (
        'AREA[TitleSearch]EXPANSION[Term]("FUMANBA-1")'
    )


def test_seventeen_names_are_three_requests(look_up):
    transport = Recording()
    (answers,) = look_up([f"NAME-{n}" for n in range(17)], transport=transport, cache=None)
    assert len(transport.asked) == 3
    assert {each.outcome for each in answers.values()} == {"unknown"}


def test_what_could_not_be_asked_has_failed_and_is_asked_again(look_up):
    store = MemoryStore()
    down = Recording(error=SourceUnavailable("connection refused", source="clinicaltrials_gov"))
    (answers,) = look_up("FUMANBA-1", transport=down, cache=store)
    assert (answers["FUMANBA-1"].outcome, answers["FUMANBA-1"].reason) == (
        "failed",
        "connection refused",
    )
    assert [error.reason for error in answers.errors] == ["connection refused"]
    (again,) = look_up("FUMANBA-1", transport=Recording(), cache=store)
    assert again["FUMANBA-1"].outcome == "found"


def test_an_old_answer_serves_while_the_registry_is_down(look_up):
    store = MemoryStore()
    look_up("FUMANBA-1", transport=Recording(), cache=store)
    down = Recording(error=SourceUnavailable("connection refused", source="clinicaltrials_gov"))
    (answers,) = look_up("FUMANBA-1", transport=down, cache=store, max_age=0)
    answer = answers["FUMANBA-1"]
    assert (answer.outcome, answer.stale) == ("found", True)
    assert "connection refused" in answer.reason


def test_offline_asks_nobody(look_up):
    (answers,) = look_up("FUMANBA-1", offline=True, cache=None)
    assert (answers["FUMANBA-1"].outcome, answers["FUMANBA-1"].reason) == ("failed", "offline")


@pytest.mark.parametrize("wrong", [None, 5, b"FUMANBA-1", {"FUMANBA-1": 1}, [None], [5]])
def test_other_types_are_refused(look_up, wrong):
    with pytest.raises(TypeError, match=r"look_up_names\(\) takes str, NameMention"):
        look_up(wrong, transport=replay(FIXTURES))


# Nothing without leave


def test_without_leave_no_name_can_be_looked_up():
    resolver = Resolver(transport=replay(FIXTURES))
    with pytest.raises(RuntimeError, match="names=True"):
        resolver.look_up_names("FUMANBA-1")
    resolver.close()

    async def main():
        async with AsyncResolver(transport=replay(FIXTURES)) as resolver:
            await resolver.look_up_names("FUMANBA-1")

    with pytest.raises(RuntimeError, match="names=True"):
        asyncio.run(main())


def test_leave_without_a_source_that_looks_for_names_is_refused():
    class Numbers:
        name, label, origin, serves = "numbers", "Numbers", "here", frozenset({"nct"})

    with pytest.raises(ValueError, match="none of the sources looks for names"):
        Resolver(names=True, sources=[Numbers()], cache=None)


TEXT = "Canary words. The FUMANBA-1 trial was large.\n\nOf CTR20192510 (China), NCT05181501 is not."


def read(text, **settings):
    with Resolver(**settings) as resolver:
        return Linker(resolver).read(text)


def read_async(text, **settings):
    async def main():
        async with AsyncResolver(**settings) as resolver:
            return await AsyncLinker(resolver).read(text)

    return asyncio.run(main())


BOTH = pytest.mark.parametrize("read", [read, read_async], ids=["sync", "async"])


def sent(transport):
    return " ".join(f"{each.url} {each.params}" for each in transport.asked)


@BOTH
def test_without_leave_nothing_but_numbers_is_sent(read):
    transport = Recording(Recordings(FIXTURES))
    document = read(TEXT, transport=transport, cache=None)
    allowed = {"NCT05181501", *spellings(TrialId("cde_china", "CTR20192510"))}
    for each in transport.asked:
        params = dict(each.params)
        assert {*params} <= {"format", "fields", "pageSize", "filter.ids", "filter.advanced"}
        assert params.get("filter.ids", "NCT05181501") == "NCT05181501"
        phrases = params.get("filter.advanced", "").split('"')[1::2]
        assert {*phrases} <= allowed
    assert document.name_resolutions is None
    assert "name_resolutions" not in document.to_dict()
    assert document.names[0].ids == ()


@BOTH
def test_with_leave_names_are_sent_and_of_the_text_nothing_else(read):
    transport = Recording(Recordings(FIXTURES))
    read(TEXT, transport=transport, cache=None, names=True)
    assert '"FUMANBA-1"' in sent(transport)
    assert "Canary" not in sent(transport)
    assert "large" not in sent(transport)


def test_only_names_and_numbers_are_kept(tmp_path):
    read(TEXT, transport=Recording(Recordings(FIXTURES)), cache=tmp_path / "kept", names=True)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"name:FUMANBA-1" in kept
    assert b"Canary" not in kept


# What a name adds to a text


@BOTH
def test_a_name_gives_its_mention_the_number_and_joins_nothing(read):
    document = read(TEXT, transport=replay(FIXTURES), names=True)
    assert [(each.text, [*map(str, each.ids)]) for each in document.names] == [
        ("FUMANBA-1", ["NCT05066646"])
    ]
    assert [[*map(str, trial.ids)] for trial in document.trials] == [
        ["NCT05066646"],
        ["CTR20192510"],
        ["NCT05181501"],
    ]
    assert document.trials[0].names == ("FUMANBA-1",)
    assert all(trial.links == () for trial in document.trials)
    assert document.resolutions["NCT05066646"].outcome == "found"
    assert [*map(str, document.resolutions)][-1] == "NCT05066646"
    assert repr(document.name_resolutions) == "<NameResolutions 1 name: 1 found>"


def test_a_record_that_was_found_by_name_declares_like_any_other():
    """A made-up acronym of a real record, whose second number is in the domain."""
    path = FIXTURES / "clinicaltrials_gov" / "studies" / "NCT06029816.json"
    made = json.loads(path.read_text("utf-8"))["study"]
    made["protocolSection"]["identificationModule"]["acronym"] = "ORCHARD-9"
    document = read(
        "The ORCHARD-9 trial.\n\nRegistered in China: CTR20231827.",
        transport=Recording(Recordings(studies=[made])),
        cache=None,
        names=True,
    )
    (trial,) = document.trials
    assert trial.weakest_link == "declared-by-one"


@BOTH
def test_a_name_that_the_text_ties_to_a_number_is_not_asked_for(read):
    transport = Recording(Recordings(FIXTURES))
    text = "FUMANBA-1 (NCT05066646) was large. The FUMANBA-1 trial went on."
    document = read(text, transport=transport, cache=None, names=True)
    assert "FUMANBA-1" not in sent(transport)
    assert len(document.name_resolutions) == 0


def test_a_name_on_several_records_stays_ambiguous():
    studies = [study("NCT05066646", acronym="FUMANBA-1"), study("NCT05181501", brief="FUMANBA-1")]
    transport = Recording(Recordings(studies=studies))
    document = read("The FUMANBA-1 trial.", transport=transport, cache=None, names=True)
    assert document.names[0].ids == ()
    assert document.trials == []
    assert [*map(str, document.name_resolutions["FUMANBA-1"].ids)] == ["NCT05066646", "NCT05181501"]


@BOTH
def test_the_json_form_is_whole_and_valid(read):
    document = read(TEXT, transport=replay(FIXTURES), names=True)
    form = json.loads(trialink.render(document, format="json"))
    Draft202012Validator(trialink.schema()).validate(form)
    assert [*form][-1] == "name_resolutions"
    again = LinkedText.from_dict(form)
    assert again.to_dict() == document.to_dict()
    assert document.rows()[0]["trn"] == "CTR20192510"


@BOTH
def test_a_failed_look_up_is_told_and_denies_nothing(read):
    text = "The KEYNOTE-189 trial."
    document = read(text, transport=replay(FIXTURES), names=True)
    assert document.name_resolutions["KEYNOTE-189"].outcome == "failed"
    assert document.names[0].ids == ()


def test_many_texts_ask_for_each_name_once():
    transport = Recording()
    texts = ["The FUMANBA-1 trial.", "Of FUMANBA-1 and FUMANBA-7."] * 120
    with Resolver(transport=transport, cache=None, names=True) as resolver:
        documents = [*Linker(resolver).read_many(texts)]
    assert len(transport.asked) == 1
    assert all(document.names[0].ids for document in documents)

    async def main():
        async with AsyncResolver(transport=transport, cache=None, names=True) as resolver:
            return [each async for each in AsyncLinker(resolver).read_many(texts)]

    again = asyncio.run(main())
    assert len(transport.asked) == 2
    assert [each.names for each in again] == [each.names for each in documents]


# From the command line


def linked(run, tmp_path, text, *arguments):
    (tmp_path / "text.txt").write_text(text, "utf-8")
    return run("link", "text.txt", "--replay", str(FIXTURES), *arguments)


def test_the_command_asks_for_names_when_told_to(run, tmp_path):
    code, out, _ = linked(run, tmp_path, TEXT, "--format", "table", "--names")
    assert code == 0
    assert out.startswith("TRIAL NCT05066646 (FUMANBA-1)\n")
    code, out, _ = linked(run, tmp_path, TEXT, "--format", "table")
    assert "NCT05066646" not in out


def test_the_command_tells_which_names_it_could_not_ask_for(run, tmp_path):
    code, _, err = linked(run, tmp_path, "The KEYNOTE-189 trial.\n\nNCT05181501.", "--names")
    assert code == 3
    assert "1 name not asked: KEYNOTE-189." in err
    code, _, err = linked(run, tmp_path, "The KEYNOTE-189 trial.", "--names")
    assert code == 4
    code, _, err = linked(run, tmp_path, "The KEYNOTE-189 trial.\n\nNCT04368728.", "--names")
    assert "1 number not asked: NCT04368728; 1 name not asked: KEYNOTE-189." in err


def test_annotate_takes_names_with_cards(run, tmp_path):
    (tmp_path / "text.txt").write_text(TEXT, "utf-8")
    replayed = ("--replay", str(FIXTURES), "--names")
    code, out, _ = run("annotate", "text.txt", "--cards", *replayed)
    assert code == 0
    assert "NCT05066646" in out
    code, _, err = run("annotate", "text.txt", *replayed)
    assert code == 2
    assert "give --cards too" in err
