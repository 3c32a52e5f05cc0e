"""Publications that records list, and whether a text reports a trial or cites it."""

from __future__ import annotations

import json

import pytest
from conftest import FIXTURES
from growth import is_linear

from trialink import (
    Linker,
    PublicationLink,
    Record,
    Resolver,
    Trial,
    parse,
    publication_links,
    publications,
)
from trialink.linking.publications import own_publication
from trialink.replay import replay
from trialink.sources.record import Reference

FUMANBA_1, FUMANBA_2 = "NCT05066646", "NCT05181501"


def read(text):
    with Resolver(transport=replay(FIXTURES)) as resolver:
        return Linker(resolver).read(text).trials[0]


def test_publications_of_a_recorded_trial_by_type():
    listed = publications(read("NCT00000410"))
    assert [each.type for each in listed] == [
        *["RESULT"] * 5,
        *["DERIVED"] * 3,
        *["BACKGROUND"] * 5,
    ]
    assert {str(each.record) for each in listed} == {"NCT00000410"}


def test_of_several_records_the_nearest_word_counts():
    records = [
        Record(id=FUMANBA_1, references=(Reference(pmid="1", type="BACKGROUND"), Reference())),
        Record(id=FUMANBA_2, references=(Reference(pmid="1", type="RESULT"),)),
        Record(id="NCT06464991", references=(Reference(pmid="2", type="ODD"),)),
    ]
    trial = Trial(FUMANBA_1, parse(FUMANBA_1), (parse(FUMANBA_1),), records=tuple(records))
    told = [(each.pmid, each.type, str(each.record)) for each in publications(trial)]
    assert told == [("1", "RESULT", FUMANBA_2), ("2", None, "NCT06464991")]


@pytest.mark.parametrize(
    ("text", "relation", "section"),
    [
        ("Abstract\nCells ({}) helped.", "reported", "abstract"),
        ("2. Methods\nIn the trial ({}) we", "reported", "methods"),
        ("## Patients and methods\nIn the trial ({}) we", "reported", "methods"),
        ("Background: Little is known. Methods: We gave cells ({}).", "reported", "methods"),
        ("Results\nWe saw it. Trial registration: {}.", "reported", "registration"),
        ("Introduction\nThis trial was registered as {}.", "reported", "registration"),
        ("Introduction\nAn earlier trial ({}) failed.", "cited", "introduction"),
        ("Methods\nWe did it.\n\nDiscussion\nUnlike {}, we", "cited", "discussion"),
        ("References\n1. This trial was registered as {}.", "cited", "references"),
        ("<abstract><p>Cells ({}) helped.</p></abstract>", "reported", "abstract"),
        ("<sec><title>Methods</title><p>In {} we", "reported", "methods"),
        ("<ref-list><ref>Cells, {}.</ref></ref-list>", "cited", "references"),
        ("Cells ({}) helped.", "mentioned", None),
        ("The methods of {} are odd.", "mentioned", None),
    ],
)
def test_the_section_tells_reported_from_cited(text, relation, section):
    (link,) = publication_links(text.format(FUMANBA_1))
    assert (link.relation, link.section) == (relation, section)


def test_of_several_mentions_the_strongest_counts():
    text = f"Introduction\nSee {FUMANBA_1}.\nMethods\nWe ran {FUMANBA_1}.\nDiscussion\n{FUMANBA_2}"
    first, second = publication_links(text)
    assert (first.relation, first.where.start) == ("reported", text.rindex(FUMANBA_1))
    assert (str(second.id), second.relation) == (FUMANBA_2, "cited")


@pytest.mark.parametrize(
    ("source", "own"),
    [
        ("PMID: 34995105", "pmid:34995105"),
        ("pmid:34995105", "pmid:34995105"),
        ("34995105", "pmid:34995105"),
        ("10.1001/jamaoncol.2024.4879", "doi:10.1001/jamaoncol.2024.4879"),
        ("doi:10.1001/JAMAoncol.2024.4879", "doi:10.1001/jamaoncol.2024.4879"),
        ("https://doi.org/10.1001/jamaoncol.2024.4879", "doi:10.1001/jamaoncol.2024.4879"),
        ("paper.txt", None),
        ("row 12", None),
        ("12", None),
        ("", None),
    ],
)
def test_a_source_key_may_be_the_texts_own_number(source, own):
    assert own_publication(source) == own
    (link,) = publication_links(FUMANBA_1, source=source)
    assert link.publication == own


def test_a_jats_text_gives_its_own_number():
    doi = '<article-id pub-id-type="doi">10.1001/jamaoncol.2024.4879</article-id>'
    pmid = '<article-id pub-id-type="pmid">34995105</article-id>'
    for text, own in ((doi, "doi:10.1001/jamaoncol.2024.4879"), (doi + pmid, "pmid:34995105")):
        (link,) = publication_links(f"{text} {FUMANBA_1}")
        assert link.publication == own
    (link,) = publication_links(f"{pmid} {FUMANBA_1}", source="doi:10.1/x")
    assert link.publication == "pmid:34995105"


def test_the_value_survives_json():
    (link,) = publication_links(f"Methods\n{FUMANBA_1}", source="34995105")
    assert PublicationLink.from_dict(json.loads(json.dumps(link.to_dict()))) == link


@pytest.mark.parametrize("piece", ["Methods: ", f"Methods\n{FUMANBA_1} ", "<article-id ", "1. "])
def test_the_time_grows_with_the_text(piece):
    texts = [piece * (size * 1_500) for size in (1, 2, 4)]
    assert is_linear(publication_links, [(text,) for text in texts])
