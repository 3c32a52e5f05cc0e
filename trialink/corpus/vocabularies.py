"""What the elements of JATS and of PubMed's XML mean to somebody who looks for numbers.

https://jats.nlm.nih.gov/archiving/tag-library/1.3/ and
https://www.nlm.nih.gov/bsd/licensee/elements_descriptions.html
"""

from __future__ import annotations

from trialink.model.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Vocabulary(Value):
    """The elements of one kind of XML; what stands in no section is nobody's text.

    `sections` are elements that are a section, with its name where nothing in the file gives one,
    `alone` those that are one where they stand in no other, with name and the attribute that is
    their text where they have none;
    `titles` the child of each that does, `labels` the attributes that do, best first. `inline`
    elements divide no words, `words` end a word but no line, `skipped` ones have none. `numbers`
    are those of an article, by element and its attribute `number_kind`: how good (0 is the best),
    and what stands before digits alone.
    """

    sections: Mapping[str, str]
    alone: Mapping[str, tuple[str, str]]
    titles: Mapping[str, str]
    labels: tuple[str, ...]
    inline: frozenset[str]
    words: frozenset[str]
    skipped: frozenset[str]
    numbers: Mapping[str, Mapping[str | None, tuple[int, str]]]
    number_kind: str | None = None

    def name_of(self, element: str, attributes: Mapping[str | None, str]) -> str:
        """Return the name of a section as far as its first tag gives it."""
        name = self.sections.get(element) or self.alone[element][0]
        label = next((attributes[each] for each in self.labels if attributes.get(each)), None)
        if label in (None, "UNASSIGNED"):
            return name
        return f"{name} > {label}" if name == "abstract" else name


_JATS = Vocabulary(
    sections={
        "title-group": "title",
        "abstract": "abstract",
        "trans-abstract": "abstract",
        "kwd-group": "keywords",
        "funding-group": "funding",
        "author-notes": "author notes",
        "custom-meta-group": "metadata",
        "body": "body",
        "sec": "section",
        "boxed-text": "box",
        "table-wrap": "table",
        "fig": "figure",
        "supplementary-material": "supplement",
        "ack": "acknowledgements",
        "app": "appendix",
        "fn-group": "footnotes",
        "notes": "notes",
        "glossary": "glossary",
        "ref-list": "references",
        "sub-article": "sub-article",
        "response": "response",
    },
    alone={"related-object": ("related object", "document-id")},
    titles={
        **dict.fromkeys(("sec", "app", "notes", "boxed-text"), "title"),
        **dict.fromkeys(("table-wrap", "fig", "supplementary-material"), "label"),
    },
    labels=(),
    inline=frozenset(
        (
            *("abbrev", "bold", "chem-struct", "email", "ext-link", "fixed-case", "funding-source"),
            *("award-id", "inline-formula", "inline-supplementary-material", "institution"),
            *("italic", "milestone-end", "milestone-start", "monospace", "named-content"),
            *("overline", "related-article", "related-object", "roman", "sans-serif", "sc"),
            *("strike", "styled-content", "sub", "sup", "underline", "uri", "xref"),
        )
    ),
    words=frozenset(
        (
            *("article-title", "chapter-title", "collab", "comment", "day", "edition"),
            *("elocation-id", "etal", "fpage", "given-names", "issue", "lpage", "month", "name"),
            *("person-group", "pub-id", "publisher-loc", "publisher-name", "source", "surname"),
            *("string-name", "volume", "year"),
        )
    ),
    skipped=frozenset(("contrib-group", "tex-math", "math", "object-id")),
    numbers={
        "article-id": {
            "pmcid": (0, "PMC"),
            "pmc": (1, "PMC"),
            "pmid": (2, ""),
            "doi": (3, ""),
        }
    },
    number_kind="pub-id-type",
)
_PUBMED = Vocabulary(
    sections={
        "ArticleTitle": "title",
        "VernacularTitle": "title",
        "BookTitle": "title",
        "AbstractText": "abstract",
        "DataBank": "DataBank",
        "KeywordList": "keywords",
        "CoiStatement": "conflicts of interest",
        "ReferenceList": "references",
    },
    alone={},
    titles={},
    labels=("Label", "NlmCategory"),
    inline=frozenset(("b", "i", "sub", "sup", "u")),
    words=frozenset(),
    skipped=frozenset(("ArticleIdList", "math")),
    numbers={"PMID": {None: (0, "")}},
)
NOTHING = Vocabulary({}, {}, {}, (), frozenset(), frozenset(), frozenset(), {})
VOCABULARIES = {"article": _JATS, "PubmedArticle": _PUBMED, "PubmedBookArticle": _PUBMED}
