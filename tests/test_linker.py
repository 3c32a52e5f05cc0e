"""The whole chain on texts, in sync and async, with and without look-ups."""

from __future__ import annotations

import asyncio
import json

import pytest
from conftest import FIXTURES

import trialink
from trialink import AsyncLinker, AsyncResolver, Linker, Resolver
from trialink.errors import SourceUnavailable
from trialink.recordings import Recordings
from trialink.replay import ReplayTransport, replay

TEXT = "FUMANBA-1 (CTR20192510, NCT05066646), a Phase I/II trial in China."


class Counted(ReplayTransport):
    """Replays and counts."""

    def __init__(self):
        super().__init__(Recordings(FIXTURES))
        self.asked = []

    def send(self, request):
        self.asked.append(request)
        return super().send(request)


def read_sync(*texts, transport=None, **options):
    with Resolver(transport=transport or replay(FIXTURES)) as resolver:
        linker = Linker(resolver)
        if len(texts) == 1:
            return [linker.read(texts[0], **options)]
        return [*linker.read_many(texts, **options)]


def read_async(*texts, transport=None, **options):
    async def main():
        async with AsyncResolver(transport=transport or replay(FIXTURES)) as resolver:
            linker = AsyncLinker(resolver)
            if len(texts) == 1:
                return [await linker.read(texts[0], **options)]
            return [document async for document in linker.read_many(texts, **options)]

    return asyncio.run(main())


@pytest.fixture(params=[read_sync, read_async], ids=["sync", "async"])
def read(request):
    return request.param


def test_the_seed_article_in_python(seed, read):
    (document,) = read(seed)
    (trial,) = document.trials
    (link,) = trial.links
    shown = [
        (repr(document), "<LinkedText 2350 characters: 2 mentions, 1 trial, 0 problems>"),
        (repr(document.resolutions), "<Resolutions 2 ids: 1 found, 1 unsupported>"),
        (
            repr(document.resolutions["NCT05066646"]),
            "<Resolution NCT05066646 found: ClinicalTrials.gov, data of 2026-08-22, assembled>",
        ),
        (
            repr(document.resolutions["CTR20192510"]),
            "<Resolution CTR20192510 unsupported: no source answers for cde_china>",
        ),
        (
            str(document.resolutions["NCT05066646"]),
            "NCT05066646: found at ClinicalTrials.gov, UNKNOWN (last known RECRUITING), "
            "data of 2026-08-22, assembled recording",
        ),
        (
            str(document.resolutions["CTR20192510"]),
            "CTR20192510: this registry cannot be asked; no ClinicalTrials.gov record names it",
        ),
        (
            repr(trial),
            "<Trial NCT05066646 = CTR20192510 (FUMANBA-1): 1 record, 1 link, weakest same-bracket>",
        ),
        (
            repr(link),
            "<Link CTR20192510 = NCT05066646: same-bracket (stated), by the text at 521-547, "
            "beside FUMANBA-1>",
        ),
        (
            str(link),
            "CTR20192510 = NCT05066646: the text gives both in one bracket (characters 521 to 547) "
            "beside the trial name FUMANBA-1. No registry record that was read declares it.",
        ),
        (
            repr(document.agreement[0]),
            "<Agreement NCT05066646 fits: trial_name, title_terms, condition, sponsor, phase, "
            "country; silent: intervention, enrollment, year>",
        ),
        (
            repr(document.provenance),
            f"<Provenance trialink {trialink.__version__}, rules {trialink.RULES_VERSION}, "
            "ClinicalTrials.gov data of 2026-08-22, assembled>",
        ),
    ]
    for got, expected in shown:
        assert got == expected
    assert trial.key == "NCT05066646"
    assert trial.is_cross_registered
    assert document.agreement[0].mention == 1
    assert trial.why("CTR20192510", "NCT05066646") == (link,)


def test_a_suspect_number_is_kept_apart(seed, read):
    (document,) = read(seed.replace("NCT05066646", "NCT05066647"))
    assert [trial.key for trial in document.trials] == ["CTR20192510", "NCT05066647"]
    for trial, other in zip(document.trials, ("NCT05066647", "CTR20192510"), strict=True):
        assert [each.to_dict() for each in trial.related] == [
            {"id": other, "kind": "same-bracket", "reason": "suspect-number"}
        ]


def test_sync_and_async_agree_value_for_value():
    texts = [path.read_text("utf-8") for path in sorted(FIXTURES.glob("texts/*.txt"))]
    assert read_sync(*texts) == read_async(*texts)


def test_documents_survive_json(read):
    (document,) = read(TEXT, source="paper.txt")
    again = trialink.LinkedText.from_dict(json.loads(json.dumps(document.to_dict())))
    assert again == document
    assert str(again) == str(document)


@pytest.mark.parametrize(
    ("text", "trials"),
    [
        pytest.param("NCT05712863 is over.", [["NCT03103880", "NCT05712863"]], id="an alias"),
        pytest.param(
            "2014-005181-30 (EudraCT) is over.",
            [["NCT02513394", "2014-005181-30"]],
            id="named by a record",
        ),
        pytest.param(
            "NCT02513394 and, far from it, EudraCT 2014-005181-30.",
            [["NCT02513394", "2014-005181-30"]],
            id="both, joined by the record",
        ),
        pytest.param("Nothing here.", [], id="nothing"),
    ],
)
def test_records_join(read, text, trials):
    (document,) = read(text)
    assert [[str(id) for id in trial.ids][:2] for trial in document.trials] == trials


def test_read_many_keeps_order_and_keys_and_asks_each_id_once(read):
    transport = Counted()
    texts = [(f"row {place}", f"{place}: {TEXT}") for place in range(250)]
    documents = read(*texts, transport=transport)
    assert [document.source for document in documents] == [key for key, _ in texts]
    assert len(transport.asked) == 2
    assert all(len(document.trials) == 1 for document in documents)


def test_read_many_forgets_the_answers_used_longest_ago(read, monkeypatch):
    """An identifier that comes back soon is not asked again, one that comes back late is."""
    monkeypatch.setattr("trialink.linker._KNOWN", 2)
    first, often, other = "NCT05066646", "NCT05181501", "NCT06464991"
    lots = [first, often, often, other, often, first]
    transport = Counted()
    documents = read(*(f"see {number}" for number in lots for _ in range(100)), transport=transport)
    assert [each.mentions[0].text for each in documents[::100]] == lots
    assert all(each.trials for each in documents)
    asked = [dict(request.params).get("filter.ids") for request in transport.asked]
    assert asked == [first, often, other]


@pytest.mark.parametrize(
    ("lot", "asked"),
    [(None, ["NCT05066646,NCT05181501"]), (200, ["NCT05066646", "NCT05181501"])],
)
def test_the_size_of_a_lot_is_the_callers(read, lot, asked):
    """Texts of one lot are resolved together; None makes all of them one lot."""
    texts = ["see NCT05066646"] * 200 + ["see NCT05181501"]
    transport = Counted()
    documents = read(*texts, transport=transport, lot=lot)
    assert len(documents) == 201
    assert [dict(request.params).get("filter.ids") for request in transport.asked] == asked


@pytest.mark.parametrize("lot", [0, -1, 1.5, "all"])
@pytest.mark.parametrize("resolver", [None, Resolver(offline=True, cache=None)], ids=repr)
def test_a_lot_is_one_text_at_least(lot, resolver):
    with pytest.raises(ValueError, match="lot= is a number of texts, 1 or more, or None for all"):
        [*Linker(resolver).read_many([TEXT], lot=lot)]


@pytest.mark.parametrize("wrong", ["one text", [("a",)], [None], [("a", "b", "c")]])
def test_read_many_refuses_what_is_neither_text_nor_pair(wrong):
    with pytest.raises(TypeError, match=r"read_many\(\) takes"):
        [*Linker(None).read_many(wrong)]


def test_no_long_text_gets_into_a_message():
    text = "CANARY " * 100
    document = Linker(None).read(TEXT)
    for call in (
        lambda: trialink.parse(text),
        lambda: document.resolutions[text],
        lambda: document.trial_of(text),
        lambda: document.trials[0].why(text, text),
        lambda: trialink.find("x", registries=[text]),
    ):
        with pytest.raises((ValueError, KeyError)) as raised:
            call()
        assert "CANARY" not in str(raised.value)
        assert "700 characters" in str(raised.value)


def test_what_a_record_says_cannot_steer_a_terminal():
    record = trialink.Record(id="NCT05066646", acronym="A\x1b[31m\u202e\0\r\n" + "B" * 200)
    (trial,) = trialink.link([record])
    for value in (record, trial):
        assert len(repr(value)) <= 140
        assert repr(value).isprintable()


def test_read_many_is_lazy():
    def texts():
        yield from [TEXT] * 100
        raise AssertionError("read too far")

    with Resolver(transport=replay(FIXTURES)) as resolver:
        documents = Linker(resolver).read_many(texts())
        assert next(documents).mentions


def test_without_a_resolver_nothing_is_looked_up(read):
    def unasked(front):
        if front is read_sync:
            return Linker(None).read(TEXT)
        return asyncio.run(AsyncLinker(None).read(TEXT))

    document = unasked(read)
    assert {each.reason for each in document.resolutions.values()} == {"offline"}
    assert document.agreement == []
    assert str(document.trials[0].links[0]).endswith("No registry record was read.")


class Down:
    paced = False

    def send(self, request):
        raise SourceUnavailable(
            "connection refused", source="clinicaltrials_gov", url=request.url, attempts=4
        )

    async def asend(self, request):
        self.send(request)


def test_an_unreachable_registry_leaves_what_the_text_says():
    with Resolver(transport=Down(), cache=None) as resolver:
        document = Linker(resolver).read(TEXT)
    form = document.to_dict()
    assert [each["reason"] for each in form["resolutions"]] == ["connection refused"] * 2
    assert form["resolutions"][0]["source"] == "clinicaltrials_gov"
    assert form["trials"][0]["records"] == []
    assert form["trials"][0]["key"] == "NCT05066646"
    assert form["provenance"]["origins"] == []


def test_a_default_linker_makes_and_closes_its_resolver(monkeypatch):
    monkeypatch.setenv("TRIALINK_REPLAY", str(FIXTURES))
    with Linker() as linker:
        assert linker.read(TEXT).resolutions["NCT05066646"].outcome == "found"
    with pytest.raises(RuntimeError, match="closed"):
        linker.read(TEXT)


def test_a_resolver_passed_in_is_not_closed():
    with Resolver(transport=replay(FIXTURES)) as resolver:
        with Linker(resolver) as linker:
            linker.read(TEXT)
        assert resolver.resolve("NCT05066646")["NCT05066646"].outcome == "found"


@pytest.mark.parametrize(
    ("front", "wrong"),
    [(Linker, "fixtures"), (Linker, 5), (AsyncLinker, object())],
)
def test_linkers_refuse_what_is_no_resolver(front, wrong):
    with pytest.raises(TypeError, match="Resolver or None"):
        front(wrong)


def test_an_async_linker_refuses_a_sync_resolver():
    with Resolver(transport=replay(FIXTURES)) as resolver, pytest.raises(TypeError):
        AsyncLinker(resolver)


def test_html_needs_the_text(read):
    (bare,), (kept,) = read(TEXT), read(TEXT, keep_text=True)
    with pytest.raises(ValueError, match="keep_text=True"):
        bare.to_html()
    assert 'FUMANBA-1 (<span class="trialink" data-registry="cde_china"' in kept.to_html()


COLUMNS = (
    "source start end text trn registry registry_label check_digit repairs outcome trial_key "
    "link_kind brief_title overall_status lead_sponsor agreement data_date"
)


def test_rows_have_seventeen_columns(read):
    (document,) = read(TEXT, source="paper.txt")
    rows = document.rows()
    assert [" ".join(row) for row in rows] == [COLUMNS] * 2
    assert rows[1]["agreement"] == "fits"
    assert rows[0]["agreement"] is None
    assert rows[0]["lead_sponsor"] == "Nanjing IASO Biotechnology Co., Ltd."
    assert {type(value) for row in rows for value in row.values()} <= {str, int, type(None)}
