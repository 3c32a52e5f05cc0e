"""LangChain documents with their trials in the metadata."""

from __future__ import annotations

import asyncio
import json
import threading

import pytest
from conftest import FIXTURES, missing

if missing("langchain"):
    pytest.skip("langchain-core is not installed", allow_module_level=True)

from langchain_core.documents import Document

from trialink import AsyncLinker, Linker, Resolver
from trialink.adapters.langchain import TrialLinkTransformer
from trialink.errors import SourceUnavailable
from trialink.recordings import Recordings
from trialink.replay import ReplayTransport

TEXT = "FUMANBA-1 (CTR20192510, NCT05066646) in China; see NCT05066647 and NCT05066648."
SAID = {
    "trial_ids": ["CTR20192510", "NCT05066646", "NCT05066647", "NCT05066648"],
    "trial_keys": ["NCT05066646", "NCT05066647", "NCT05066648"],
    "trial_ids_total": 4,
    "trial_problems": ["check-digit"],
}
NOTHING = {"trial_ids": [], "trial_keys": [], "trial_ids_total": 0, "trial_problems": []}


def transformed(*documents, **options):
    return TrialLinkTransformer(**options).transform_documents(documents)


def awaited(*documents, **options):
    return asyncio.run(TrialLinkTransformer(**options).atransform_documents(documents))


@pytest.fixture(params=[transformed, awaited], ids=["sync", "async"])
def transform(request):
    return request.param


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(TEXT, SAID, id="numbers"),
        pytest.param("", NOTHING, id="an empty text"),
        pytest.param("no number \U0001f389", NOTHING, id="no number"),
    ],
)
def test_metadata_say_what_the_text_says(transform, text, said):
    (document,) = transform(Document(text, metadata={"page": 7}))
    assert document.metadata == {"page": 7} | said
    assert json.loads(json.dumps(document.metadata)) == document.metadata


def test_documents_are_copied_whole_and_in_order(transform):
    class Note(Document):
        author: str = ""

    given = [
        Note(page_content=TEXT, id="a", author="x", metadata={"page": 7}),
        Document("b", id="b"),
    ]
    before = [each.model_copy(deep=True) for each in given]
    documents = transform(*given)
    assert given == before
    assert [type(each) for each in documents] == [Note, Document]
    assert [(each.id, each.page_content) for each in documents] == [("a", TEXT), ("b", "b")]
    assert documents[0].author == "x"


def test_none_give_none(transform):
    assert transform() == []


def test_a_second_time_changes_nothing(transform):
    documents = transform(Document(TEXT, metadata={"trial_ids": "of another program", "page": 7}))
    assert documents[0].metadata == {"page": 7} | SAID
    assert transform(*documents) == documents


def test_the_prefix_is_free():
    (document,) = transformed(Document("", metadata={"trial_ids": "kept"}), prefix="t_")
    assert document.metadata == {"trial_ids": "kept"} | {
        name.replace("trial_", "t_"): value for name, value in NOTHING.items()
    }


def test_lists_are_bounded_and_the_total_is_told():
    numbers = [f"NCT{13 * (400_000 + place):08}" for place in range(10_000)]
    (document,) = transformed(Document("; ".join(numbers)))
    assert document.metadata == {
        "trial_ids": numbers[:100],
        "trial_keys": numbers[:100],
        "trial_ids_total": 10_000,
        "trial_problems": [],
    }
    (document,) = transformed(Document(TEXT), limit=1)
    assert document.metadata["trial_ids"] == ["CTR20192510"]
    assert document.metadata["trial_keys"] == ["NCT05066646"]


class Counted(ReplayTransport):
    """Replays, counts, and waits or fails where it is told to."""

    def __init__(self, *, fails=False, gate=None):
        super().__init__(Recordings(FIXTURES))
        self.asked, self.fails, self.gate = [], fails, gate

    def send(self, request):
        self.asked.append(dict(request.params))
        if self.gate is not None:
            assert self.gate.wait(30)
        if self.fails:
            raise SourceUnavailable("unreachable", source="clinicaltrials_gov")
        return super().send(request)


def resolver_over(transport):
    return Resolver(transport=transport, cache=None)


def test_a_number_of_many_documents_is_asked_once(transform):
    transport = Counted()
    with resolver_over(transport) as resolver:
        documents = transform(*[Document("See NCT05066646.")] * 5, linker=Linker(resolver))
    by_ids = [asked for asked in transport.asked if "NCT05066646" in str(asked)]
    assert len(by_ids) == 1
    assert [each.metadata["trial_unresolved"] for each in documents] == [[]] * 5


def test_look_ups_that_fail_are_told_and_bounded(transform):
    with resolver_over(Counted(fails=True)) as resolver:
        (document,) = transform(Document(TEXT), linker=Linker(resolver), limit=2)
    assert document.metadata["trial_unresolved"] == SAID["trial_ids"][:2]
    (again,) = transform(document)
    assert "trial_unresolved" not in again.metadata


def test_the_event_loop_is_not_blocked_by_look_ups():
    gate = threading.Event()

    async def main():
        with resolver_over(Counted(gate=gate)) as resolver:
            transformer = TrialLinkTransformer(Linker(resolver))
            documents = [Document("See NCT05066646.")]
            running = asyncio.create_task(transformer.atransform_documents(documents))
            await asyncio.sleep(0)
            assert not running.done()
            gate.set()  # only a loop that is free comes here
            return await running

    (document,) = asyncio.run(main())
    assert document.metadata["trial_ids"] == ["NCT05066646"]


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        pytest.param({"linker": AsyncLinker(None)}, TypeError, "not AsyncLinker", id="async"),
        pytest.param({"linker": "live"}, TypeError, "a Linker or None, not str", id="a word"),
        pytest.param({"limit": "5"}, TypeError, "limit= takes an int", id="a limit in letters"),
        pytest.param({"prefix": None}, TypeError, "prefix= a str", id="no prefix"),
        pytest.param({"limit": -1}, ValueError, "0 or more, not -1", id="a negative limit"),
    ],
)
def test_wrong_settings_are_told(options, error, says):
    with pytest.raises(error, match=says):
        TrialLinkTransformer(**options)


def test_documents_may_come_from_an_iterator():
    documents = [Document(TEXT, metadata={"page": 1}), Document("none", metadata={"page": 2})] * 2
    expected = transformed(*documents)
    assert TrialLinkTransformer().transform_documents(iter(documents)) == expected
    assert [each.metadata["page"] for each in expected] == [1, 2, 1, 2]


@pytest.mark.parametrize(
    ("documents", "says"),
    [
        pytest.param(Document(TEXT), "a list of Documents, not one Document", id="one document"),
        pytest.param(TEXT, "a list of Documents, not one str", id="a text"),
        pytest.param([Document(TEXT), TEXT], "in this one is str", id="a text among them"),
        pytest.param([None], "in this one is NoneType", id="nothing"),
    ],
)
def test_what_are_no_documents_is_told(documents, says):
    with pytest.raises(TypeError, match=says):
        TrialLinkTransformer().transform_documents(documents)
