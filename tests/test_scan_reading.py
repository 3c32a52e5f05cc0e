"""What `trialink scan` makes of each kind of file: documents, sections, and what cannot be read."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trialink import find
from trialink.corpus.documents import documents, read
from trialink.corpus.pieces import Piece, Settings, found_in, planned

JATS = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS v1.3//EN" "JATS-archivearticle1-3.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink"><front>
<journal-meta><journal-title>A Journal</journal-title></journal-meta>
<article-meta>
<article-id pub-id-type="doi">10.1000/x</article-id><article-id pub-id-type="pmc">123</article-id>
<title-group><article-title>A trial of <italic>Cel</italic>ls</article-title></title-group>
<contrib-group><contrib><name><surname>Nobody</surname></name></contrib></contrib-group>
<related-object source-type="clinical-trials-registry" document-id="NCT05181501"/>
<related-object document-id="NCT05181501">registered as <bold>NCT</bold>05181501</related-object>
<abstract><p>First, <related-object document-id="NCT05181501">seen</related-object>.</p>
<sec><title>Trial <bold>registration</bold></title>
<p>FUMANBA-1 (CTR20192510,&nbsp;NCT05066646<sup>1</sup>), in China</p></sec></abstract>
<funding-group><funding-statement>Paid for.</funding-statement></funding-group>
</article-meta></front>
<body><p>Loose words.</p><sec><title>Methods</title>
<p>Registered as ISRCTN<bold>78805636</bold><xref ref-type="bibr">2</xref> and
  running.</p>
<sec><title>Participants</title><p>All.</p>
<table-wrap><label>Table 1</label><caption><title>Trials</title></caption><table>
<tr><th>Trial</th><th>Number</th></tr><tr><td/><td>NCT05066646</td></tr></table></table-wrap>
<fig><label>Figure 1</label><caption><p>Flow.</p></caption></fig></sec></sec></body>
<back><ack><p>Thanks.</p></ack><app-group><app><title>Protocol</title><p>Long.</p></app></app-group>
<fn-group><fn><p>A note.</p></fn></fn-group>
<ref-list><title>References</title><ref><element-citation><name><surname>Veldes</surname>
<given-names>R</given-names></name><year>2001</year><volume>3</volume></element-citation></ref>
</ref-list></back></article>
"""
JATS_SECTIONS = [
    ("title", "A trial of Cells"),
    ("related object", "NCT05181501"),
    ("related object", "registered as NCT05181501"),
    ("abstract", "First, seen."),
    (
        "abstract > Trial registration",
        "Trial registration\nFUMANBA-1 (CTR20192510,\u00a0NCT05066646¹), in China",
    ),
    ("funding", "Paid for."),
    ("body", "Loose words."),
    ("Methods", "Methods\nRegistered as ISRCTN78805636 2 and running."),
    ("Methods > Participants", "Participants\nAll."),
    (
        "Methods > Participants > Table 1",
        "Table 1\nTrials\nTrial\tNumber\t\n\tNCT05066646\t",
    ),
    ("Methods > Participants > Figure 1", "Figure 1\nFlow."),
    ("acknowledgements", "Thanks."),
    ("Protocol", "Protocol\nLong."),
    ("footnotes", "A note."),
    ("references", "References\nVeldes R 2001 3"),
]
PUBMED = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" "https://example.org/pubmed.dtd">
<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">11</PMID><Article>
<ArticleTitle>A <i>title</i>.</ArticleTitle><Abstract>
<AbstractText Label="REGISTRATION" NlmCategory="UNASSIGNED">See NCT05066646.</AbstractText>
<AbstractText NlmCategory="METHODS">Some.</AbstractText><AbstractText>Plain.</AbstractText>
</Abstract><AuthorList><Author><LastName>Nobody</LastName></Author></AuthorList>
<DataBankList><DataBank><DataBankName>EudraCT</DataBankName><AccessionNumberList>
<AccessionNumber>2004-002714-11</AccessionNumber></AccessionNumberList></DataBank>
<DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList><AccessionNumber>
NCT05066646</AccessionNumber></AccessionNumberList></DataBank></DataBankList></Article>
<CommentsCorrectionsList><CommentsCorrections><PMID>99</PMID></CommentsCorrections>
</CommentsCorrectionsList><KeywordList><Keyword>asthma</Keyword><Keyword>gout</Keyword>
</KeywordList><CoiStatement>None.</CoiStatement></MedlineCitation></PubmedArticle>
<PubmedArticle><MedlineCitation><PMID>12</PMID></MedlineCitation></PubmedArticle>
</PubmedArticleSet>
"""
PUBMED_DOCUMENTS = [
    (
        "11",
        [
            ("title", "A title."),
            ("abstract > REGISTRATION", "See NCT05066646."),
            ("abstract > METHODS", "Some."),
            ("abstract", "Plain."),
            ("DataBank", "EudraCT\n2004-002714-11"),
            ("DataBank", "ClinicalTrials.gov\nNCT05066646"),
            ("keywords", "asthma\ngout"),
            ("conflicts of interest", "None."),
        ],
    ),
    ("12", []),
]
TEXT = "\ufeffFUMANBA-1,\r\nNCT05066646 ü"
COLUMNS = {"text": ["title", "abstract"], "id": "pmid"}
ROWS = [
    ("7", [("title", "A\nB"), ("abstract", "NCT05066646 ü")]),
    ("{}:2", [("title", "C"), ("abstract", "")]),
]
CSV = 'pmid,title,abstract\n7,"A\nB",NCT05066646 ü\n,C,\n'
JSONL = (
    '{"pmid": 7, "title": "A\\nB", "abstract": "NCT05066646 ü"}\n\n'
    '{"pmid": null, "title": "C", "abstract": 5}\n'
)


def of(path, **columns):
    return [(source, [*sections]) for source, sections in documents(str(path), **columns)]


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gz"])
@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        pytest.param("a.txt", TEXT, [("{}", [(None, TEXT)])], id="text"),
        pytest.param("a.MD", "# A", [("{}", [(None, "# A")])], id="Markdown"),
        pytest.param("a.odd", "A", [("{}", [(None, "A")])], id="of no known kind"),
        pytest.param("a.txt", "", [("{}", [(None, "")])], id="empty text"),
        pytest.param("a.csv", CSV, ROWS, id="CSV"),
        pytest.param("a.tsv", CSV.replace(",", "\t"), ROWS, id="TSV"),
        pytest.param("a.csv", "pmid,title,abstract\n", [], id="CSV without rows"),
        pytest.param("a.jsonl", JSONL, ROWS, id="JSONL"),
        pytest.param("a.ndjson", "\ufeff" + JSONL, ROWS, id="JSONL with a mark"),
        pytest.param("a.jsonl", "", [], id="empty JSONL"),
        pytest.param("a.xml", JATS, [("PMC123", JATS_SECTIONS)], id="JATS"),
        pytest.param(
            "a.nxml",
            JATS.replace("UTF-8", "UTF-16").encode("utf-16"),
            [("PMC123", JATS_SECTIONS)],
            id="UTF-16",
        ),
        pytest.param("a.xml", PUBMED, PUBMED_DOCUMENTS, id="PubMed"),
        pytest.param("a.xml", "<PubmedArticleSet/>", [], id="PubMed without articles"),
    ],
)
def test_documents_of(tmp_path, name, content, expected, packed):
    data = content if isinstance(content, bytes) else content.encode("utf-8")
    path = tmp_path / (f"{name}.gz" if packed else name)
    path.write_bytes(gzip.compress(data) if packed else data)
    named = [(source.format(path), sections) for source, sections in expected]
    assert of(path, **COLUMNS) == named


def jats(body, ids="", root="article"):
    return f"<{root}><front><article-meta>{ids}</article-meta></front>{body}</{root}>"


@pytest.mark.parametrize(
    ("ids", "source"),
    [
        ({"pmid": "5", "doi": "10.1/x", "pmcid": "PMC9"}, "PMC9"),
        ({"pmid": "5", "pmc": "9"}, "PMC9"),
        ({"doi": "10.1/x", "pmid": "5"}, "5"),
        ({"doi": "10.1/x", "publisher-id": "x"}, "10.1/x"),
        ({"publisher-id": "x", "doi": " "}, "{}:1"),
    ],
    ids=lambda each: "+".join(each) if isinstance(each, dict) else None,
)
def test_an_article_is_named_by_its_best_number(tmp_path, ids, source):
    path = tmp_path / "a.xml"
    given = (f'<article-id pub-id-type="{kind}">{id}</article-id>' for kind, id in ids.items())
    path.write_text(jats("<body><p>A</p></body>", "".join(given)))
    assert of(path) == [(source.format(path), [("body", "A")])]


def test_a_file_may_hold_many_articles_in_any_wrapping_and_with_prefixes(tmp_path):
    path = tmp_path / "a.xml"
    one = "<j:article><j:body><j:sec><j:title>T</j:title><j:p>{}</j:p></j:sec></j:body></j:article>"
    path.write_text(f"<oai xmlns:j='urn:j'>{one.format(1)}<x>no</x>{one.format(2)}</oai>")
    assert of(path) == [(f"{path}:{n}", [("T", f"T\n{n}")]) for n in (1, 2)]


@pytest.mark.parametrize(
    ("inside", "seen"),
    [
        ("NCT<italic>0506</italic>6646", "NCT05066646"),
        ("NCT05066646<sup>12</sup>", "NCT05066646¹²"),
        ("NCT05066646<sup><xref>a</xref></sup>", "NCT05066646a"),
        ("NCT05066646<xref>12</xref>", "NCT05066646 12"),
        ("see<list><list-item><p>NCT05066646</p></list-item></list>", "see\nNCT05066646"),
        ("a<break/>b", "a\nb"),
        ("  a \n b\t c ", "a b c"),
        ("x<tex-math>NCT05066646</tex-math>y", "x\ny"),
        ("&lt;NCT05066646&gt;&#160;&ndash;&unknown;", "<NCT05066646>\u00a0–&unknown;"),
    ],
)
def test_tags_vanish_without_gluing_words(tmp_path, inside, seen):
    path = tmp_path / "a.xml"
    path.write_text(
        f'<!DOCTYPE article SYSTEM "a.dtd">{jats(f"<body><p>{inside}</p></body>")}', "utf-8"
    )
    ((_, sections),) = of(path)
    assert sections == [("body", seen)]
    assert {str(each.id) for each in find(seen)} <= {"NCT05066646"}
    assert bool(find(seen)) == ("NCT" in seen)


ENTITY = '<!DOCTYPE article [<!ENTITY a "{}">]>'
DEEP = f"<article><body>{'<sec>' * 600}"


@pytest.mark.parametrize(
    ("name", "content", "kept", "told"),
    [
        pytest.param("a.txt", b"\xff", 0, "not UTF-8 (byte 0)", id="text"),
        pytest.param("a.xml", b"", 0, "no well-formed XML: no element", id="empty XML"),
        pytest.param("a.xml", b"<a><b/></a>", 0, "neither JATS nor PubMed XML", id="other XML"),
        pytest.param(
            *("a.xml", PUBMED.encode()[:500], 1, "no well-formed XML: unclosed token"),
            id="cut off in an article",
        ),
        pytest.param("a.xml", (ENTITY.format("x") + JATS).encode(), 0, "entities", id="entity"),
        pytest.param(
            *("a.xml", b'<!DOCTYPE article [<!ENTITY a SYSTEM "file:///x">]><article/>', 0),
            *("entities",),
            id="external entity",
        ),
        pytest.param(
            "a.xml", b"<?xml version='1.0' encoding='foo'?><a/>", 0, "encoding", id="encoding"
        ),
        pytest.param(
            "a.xml", b"<?xml version='1.0' encoding='big5'?><a/>", 0, "encoding", id="wide encoding"
        ),
        pytest.param("a.xml", DEEP.encode(), 1, "more than 500 elements in each other", id="deep"),
        pytest.param(
            "a.xml", b"<article a='" + b"x" * (5 << 20), 0, "a tag of more than", id="endless tag"
        ),
        pytest.param(
            "a.txt.gz", gzip.compress(b"x" * 999)[:-9], 0, "damaged gzip", id="text of cut gzip"
        ),
        pytest.param("a.txt.gz", b"no gzip", 0, "damaged gzip", id="no gzip"),
        pytest.param(
            *("a.jsonl.gz", gzip.compress(JSONL.encode())[:-8], 2, "damaged gzip"), id="cut gzip"
        ),
        pytest.param("a.csv", b"x\n1\n", 0, "no column 'title'; it has x", id="CSV"),
        pytest.param("a.csv", CSV.encode("utf-16"), 0, "not UTF-8; convert", id="CSV in UTF-16"),
        pytest.param(
            *("a.csv", CSV.replace(",", ";").encode(), 0, "divided by ';': save it with ','"),
            id="CSV with semicolons",
        ),
        pytest.param(
            *("a.csv", b"pmid,title,abstract,title\n", 0, "2 columns are called 'title'"),
            id="CSV with a column twice",
        ),
        pytest.param("a.jsonl", JSONL.encode() + b"[]\n", 2, "a.jsonl:3: no JSON object", id="row"),
        pytest.param("missing.txt", None, 0, "no such file", id="missing"),
    ],
)
def test_what_cannot_be_read_is_told_and_the_rest_is_kept(tmp_path, name, content, kept, told):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    read = []
    with pytest.raises(ValueError, match="cannot read") as error:
        read.extend(documents(str(path), **COLUMNS))
    assert told in str(error.value)
    assert len(read) == kept


def test_reading_takes_the_same_memory_for_any_number_of_articles(tmp_path):
    path = tmp_path / "a.xml.gz"
    article = PUBMED[PUBMED.index("<PubmedArticle>") : PUBMED.index("</PubmedArticleSet>")]
    with gzip.open(path, "wt") as file:
        file.write("<PubmedArticleSet>")
        for _ in range(1000):
            file.write(article)
        file.write("</PubmedArticleSet>")
    tracemalloc.start()
    try:
        assert sum(1 for _ in documents(str(path))) == 2000
        assert tracemalloc.get_traced_memory()[1] < 2_000_000  # of 1.4 million bytes unpacked
    finally:
        tracemalloc.stop()


def test_a_piece_inside_a_line_reads_no_further(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text("x" * 5_000_000)
    (file,) = found_in([str(path)], without=tmp_path).files
    tracemalloc.start()
    try:
        assert [*read(Piece(file, 1000, 2000), Settings(("text",)))] == []
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


LINES = ["{}", "", "  ", '{"text": "a"}', '{"text": "\u00fc", "n": 1}', "no JSON"]


@settings(deadline=None)
@given(st.lists(st.sampled_from(LINES)), st.sampled_from(["", "\n"]), st.integers(1, 40))
def test_the_pieces_of_a_file_have_its_lines_each_once(tmp_path_factory, lines, end, size):
    path, settings = tmp_path_factory.getbasetemp() / "pieces.jsonl", Settings(("text",))
    path.write_text("\n".join(lines) + end, "utf-8")
    (file,) = found_in([str(path)], without=path.parent).files
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("trialink.corpus.pieces.SIZE", size)
        parts = planned([file], settings, lambda _: [])
    pieces = [piece for part in parts for piece in part.pieces]
    in_parts = [each[1] for piece in pieces for each in read(piece, settings)]
    assert in_parts == [each[1] for each in read(Piece(file), settings)]


@pytest.mark.parametrize("around", ["<article><body><p>{}</p></body></article>", "<a>{}</a>"])
def test_a_long_text_is_no_long_tag(tmp_path, around):
    path = tmp_path / "a.xml"
    path.write_text(f"<x>{around.format('word ' * 2_000_000)}<article/></x>")
    assert len(of(path)) == around.count("<article>") + 1


@pytest.mark.parametrize("filler", ["<p/>", "<sec/>", "<p>x</p>", "x"])
def test_an_article_without_end_is_refused(tmp_path, filler, monkeypatch):
    monkeypatch.setattr("trialink.corpus.xml_articles._LARGEST", 10_000)
    path = tmp_path / "a.xml"
    path.write_text(f"<article><body><sec>{filler * 10_001}</sec></body></article>")
    with pytest.raises(ValueError, match="an article of more than 10000 characters"):
        of(path)
