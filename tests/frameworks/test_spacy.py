"""The spaCy component: spans, entities, extensions, and what survives a round trip."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest
from conftest import missing

if missing("spacy"):
    pytest.skip("spacy is not installed", allow_module_level=True)

import spacy
from spacy.tokens import Doc, DocBin, Span

from trialink import find
from trialink.adapters.spacy_extensions import set_extensions

TEXT = "FUMANBA-1 (CTR20192510, NCT05066646) in \U0001f389 China; siehe auch „ISRCTN13422891“."
NUMBERS = ["CTR20192510", "NCT05066646", "ISRCTN13422891"]


@pytest.fixture(autouse=True)
def own_extensions():
    """Leave no extensions to other tests."""
    yield
    for kind, name in ((Span, "trial_id"), (Span, "registry"), (Doc, "trial_ids")):
        if kind.has_extension(name):
            kind.remove_extension(name)


def pipeline(**config):
    nlp = spacy.blank("en")
    nlp.add_pipe("trialink", config=config)
    return nlp


def marked(doc, key="trialink"):
    return [(each.text, each._.trial_id, each._.registry, each.label_) for each in doc.spans[key]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("see NCT05066646.", ["NCT05066646"], id="a number and a full stop"),
        pytest.param("", [], id="an empty document"),
        pytest.param(" \n\t ", [], id="blanks"),
        pytest.param("no number", [], id="no number"),
        pytest.param("\U0001f389 é NCT05066646", ["NCT05066646"], id="beyond the basic plane"),
        pytest.param("nct 0506 6646", ["nct 0506 6646"], id="several tokens"),
        pytest.param("xNCT05066646", ["xNCT05066646"], id="a part of a token is expanded"),
        pytest.param("登记号NCT05066646。", ["登记号NCT05066646"], id="no blank around"),
    ],
)
def test_spans_cover_the_tokens_of_each_number(text, expected):
    doc = pipeline()(text)
    assert [span.text for span in doc.spans["trialink"]] == expected
    assert doc.spans["trialink"].attrs["mentions"] == [each.to_dict() for each in find(text)]
    assert {span._.trial_id for span in doc.spans["trialink"]} <= {"NCT05066646"}


def test_a_span_says_which_number_of_which_registry():
    doc = pipeline()(TEXT)
    assert marked(doc) == [
        ("CTR20192510", "CTR20192510", "cde_china", "TRIAL_ID"),
        ("NCT05066646", "NCT05066646", "nct", "TRIAL_ID"),
        ("ISRCTN13422891", "ISRCTN13422891", "isrctn", "TRIAL_ID"),
    ]
    assert doc._.trial_ids == NUMBERS
    assert doc.ents == ()


def test_other_spans_have_no_number():
    doc = pipeline()(TEXT)
    other = Span(doc, 0, 1, "PERSON", kb_id="Q42", span_id="author")
    assert (other._.trial_id, other._.registry) == (None, None)
    doc.spans["authors"] = [other]
    assert doc._.trial_ids == NUMBERS


def test_two_numbers_in_one_token_are_two_spans_and_one_entity():
    nlp = pipeline(set_ents=True)
    doc = nlp.get_pipe("trialink")(Doc(nlp.vocab, ["NCT05066646+NCT05181501"]))
    assert [span._.trial_id for span in doc.spans["trialink"]] == ["NCT05066646", "NCT05181501"]
    assert [ent._.trial_id for ent in doc.ents] == ["NCT05066646"]


def test_settings_change_key_label_and_registries():
    doc = pipeline(spans_key="trials", label="TRN", registries=["ClinicalTrials.gov"])(TEXT)
    assert marked(doc, "trials") == [("NCT05066646", "NCT05066646", "nct", "TRN")]
    assert "trialink" not in doc.spans


@pytest.mark.parametrize("mode", ["strict", "contract"])
def test_numbers_within_a_token_are_left_out_unless_expanded(mode):
    doc = pipeline(alignment_mode=mode)("xNCT05066646 and NCT05181501")
    assert [span.text for span in doc.spans["trialink"]] == ["NCT05181501"]
    assert [each["id"] for each in doc.spans["trialink"].attrs["mentions"]] == ["NCT05181501"]


@pytest.mark.parametrize(
    ("config", "says"),
    [
        pytest.param({"registries": ["nowhere"]}, "no registry is called 'nowhere'", id="registry"),
        pytest.param({"registries": "nct"}, "registries", id="a word for a list"),
        pytest.param({"alignment_mode": "inside"}, "alignment_mode", id="alignment mode"),
        pytest.param({"set_ents": "maybe"}, "set_ents", id="a word for a truth"),
        pytest.param({"resolve": True}, "resolve", id="a setting that there is not"),
    ],
)
def test_a_wrong_setting_is_told_when_the_pipeline_is_made(config, says):
    with pytest.raises(ValueError, match=says):
        pipeline(**config)


def test_entities_that_are_there_stay():
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns(
        [{"label": "ORG", "pattern": "China"}, {"label": "CODE", "pattern": "NCT05066646"}]
    )
    nlp.add_pipe("trialink", config={"set_ents": True})
    doc = nlp(TEXT)
    assert [(ent.text, ent.label_) for ent in doc.ents] == [
        ("CTR20192510", "TRIAL_ID"),
        ("NCT05066646", "CODE"),
        ("China", "ORG"),
        ("ISRCTN13422891", "TRIAL_ID"),
    ]
    assert [ent._.trial_id for ent in doc.ents] == ["CTR20192510", None, None, "ISRCTN13422891"]
    assert [span._.trial_id for span in doc.spans["trialink"]] == NUMBERS


def through_bin(doc):
    data = DocBin(docs=[doc]).to_bytes()
    return next(DocBin().from_bytes(data).get_docs(spacy.blank("en").vocab))


ROUND_TRIPS = {
    "DocBin": through_bin,
    "bytes": lambda doc: Doc(spacy.blank("en").vocab).from_bytes(doc.to_bytes()),
    "pickle": lambda doc: pickle.loads(pickle.dumps(doc)),
    "copy": lambda doc: doc.copy(),
}


@pytest.mark.parametrize("again", ROUND_TRIPS.values(), ids=ROUND_TRIPS)
def test_spans_entities_and_offsets_survive(again):
    doc = pipeline(set_ents=True)(f"x{TEXT}")
    read = again(doc)
    assert marked(read) == marked(doc)
    assert read._.trial_ids == NUMBERS
    assert [ent._.trial_id for ent in read.ents] == [ent._.trial_id for ent in doc.ents] == NUMBERS
    assert read.spans["trialink"].attrs == doc.spans["trialink"].attrs
    for mention in read.spans["trialink"].attrs["mentions"]:
        assert read.text[mention["start"] : mention["end"]] == mention["text"]


def test_numbers_and_labels_survive_json():
    doc = pipeline(set_ents=True)(TEXT)
    read = Doc(spacy.blank("en").vocab).from_json(doc.to_json())
    assert [(span.text, span.label_, span.kb_id_) for span in read.spans["trialink"]] == [
        (number, "TRIAL_ID", number) for number in NUMBERS
    ]


def test_documents_that_are_joined_keep_their_numbers():
    nlp = pipeline()
    doc = Doc.from_docs([nlp("see NCT05181501"), nlp(TEXT)])
    assert doc._.trial_ids == ["NCT05181501", *NUMBERS]


def test_a_pipeline_survives_the_disk(tmp_path):
    nlp = pipeline(label="TRN", registries=["nct"], set_ents=True)
    nlp.to_disk(tmp_path / "model")
    read = spacy.load(tmp_path / "model")
    assert read.config.to_str() == nlp.config.to_str()
    assert marked(read(TEXT)) == marked(nlp(TEXT))
    assert spacy.blank("en").from_config(nlp.config)(TEXT)._.trial_ids == ["NCT05066646"]
    again = pickle.loads(pickle.dumps(nlp))
    assert marked(again(TEXT)) == marked(nlp(TEXT))


def test_every_setting_stands_in_the_config():
    assert pipeline().config["components"]["trialink"] == {
        "factory": "trialink",
        "spans_key": "trialink",
        "label": "TRIAL_ID",
        "set_ents": False,
        "registries": None,
        "alignment_mode": "expand",
    }


def test_several_processes_give_the_same():
    nlp = pipeline()
    texts = [TEXT, "", "see NCT05181501"] * 5
    alone = [marked(doc) for doc in nlp.pipe(texts)]
    assert [marked(doc) for doc in nlp.pipe(texts, n_process=2, batch_size=3)] == alone


@pytest.mark.parametrize("n_process", [1, 2], ids=["one process", "two new ones"])
def test_the_component_is_found_without_an_import(n_process):
    program = (
        "import multiprocessing, sys, spacy\n"
        "multiprocessing.set_start_method('spawn')\n"
        "nlp = spacy.blank('en')\n"
        "nlp.add_pipe('trialink')\n"
        f"docs = nlp.pipe(['see NCT05066646'] * 3, n_process={n_process})\n"
        "print([doc._.trial_ids for doc in docs])\n"
        "assert not {'trialink.transport', 'trialink.cache'} & set(sys.modules)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.stdout.strip() == str([["NCT05066646"]] * 3), run.stderr
    assert run.returncode == 0, run.stderr


def test_an_extension_of_another_package_is_not_overwritten():
    Span.set_extension("registry", default="of another")
    with pytest.raises(ValueError, match=r"span\._\.registry is another package's extension"):
        pipeline()
    assert spacy.blank("en")("x")[:]._.registry == "of another"


def test_extensions_are_set_where_documents_are_read_back_without_the_component():
    data = DocBin(docs=[pipeline()(TEXT)]).to_bytes()
    own = [(Span, "trial_id"), (Span, "registry"), (Doc, "trial_ids")]
    for kind, name in own:
        kind.remove_extension(name)
    set_extensions()
    set_extensions()
    doc = next(DocBin().from_bytes(data).get_docs(spacy.blank("en").vocab))
    assert doc._.trial_ids == NUMBERS
