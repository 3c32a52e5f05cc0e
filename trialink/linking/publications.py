"""Trials and their publications: what records list, and whether a text reports a trial."""

from __future__ import annotations

import re
from bisect import bisect_right

from trialink.finding import find
from trialink.finding.context import sentence_bounds
from trialink.finding.view import view
from trialink.model.ids import TrialId
from trialink.model.mentions import Span
from trialink.model.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trialink.model.links import Trial
    from trialink.model.mentions import Mention
    from trialink.model.words import ReferenceType, Relation, Section

_TYPES: dict[str, ReferenceType] = {  # of references, those nearest to the trial first
    "RESULT": "RESULT",
    "DERIVED": "DERIVED",
    "BACKGROUND": "BACKGROUND",
}
_RELATIONS: dict[Section, Relation] = {
    "registration": "reported",
    "title": "reported",
    "abstract": "reported",
    "methods": "reported",
    "results": "reported",
    "introduction": "cited",
    "discussion": "cited",
    "references": "cited",
}
_STRENGTH = ("reported", "cited", "mentioned")
_HEADINGS: tuple[tuple[Section, str], ...] = (
    ("abstract", "abstract|summary"),
    ("introduction", "introduction|background"),
    ("methods", "(?:patients|materials|participants) and methods|methods?|study design"),
    ("results", "results|findings"),
    ("discussion", "discussion|conclusions?|interpretation|comment"),
    ("registration", "(?:clinical )?trial registration(?: number)?|registration(?: number)?"),
    ("references", "references(?: cited)?|bibliography|literature cited"),
)
# A heading on a line of its own or before a colon, or an element of JATS.
_HEADING = re.compile(
    r"(?:(?:^[ \t]*(?:\#{1,6}[ \t]*|\d{1,2}(?:\.\d{1,2})?[.)]?[ \t]+)?"
    r"|<(?:title|b|bold|h[1-6])>[ \t]*)"
    + "(?:"
    + "|".join(f"(?P<{section}>{words})" for section, words in _HEADINGS)
    + r")[ \t]*(?::|\.?[ \t]*$|</(?:title|b|bold|h[1-6])>)"
    r"|(?<=[.!?] )(?P<inline>Methods|Results|Findings|Conclusions?|Interpretation"
    r"|Trial registration):"
    r"|<(?P<element>abstract|ref-list|article-title)\b)",
    re.IGNORECASE | re.MULTILINE,
)
_ELEMENTS: dict[str, Section] = {
    "abstract": "abstract",
    "ref-list": "references",
    "article-title": "title",
    "methods": "methods",
    "results": "results",
    "findings": "results",
    "conclusion": "discussion",
    "conclusions": "discussion",
    "interpretation": "discussion",
    "trial registration": "registration",
}
_REGISTERED = re.compile(
    r"\b(?:(?:this|the present|our) (?:trial|study)|(?:trial|study) (?:was|is|has been))"
    r"\b.{0,60}\bregist(?:ered|ration)\b|\b(?:trial|study) registration\b",
    re.IGNORECASE | re.DOTALL,
)
_PMID = re.compile(r"(?:pmid|pubmed)[: ]{0,2}(?P<pmid>\d{1,8})|(?P<bare>\d{5,8})", re.IGNORECASE)
_DOI = re.compile(
    r"(?:doi:\s?|https?://(?:dx\.)?doi\.org/)?(?P<doi>10\.\d{4,9}/\S+)", re.IGNORECASE
)
_ARTICLE_ID = re.compile(
    r"<article-id\s[^>]{0,80}pub-id-type=[\"'](?P<kind>pmid|doi)[\"'][^>]{0,80}>\s*(?P<id>[^<\s]+)"
)


class Publication(Value):
    """A publication that a record lists: its PubMed number, and how the record relates it.

    `type` is RESULT (of the trial), DERIVED (found by its number in the publication), BACKGROUND,
    or None where the record does not say; `record` is the number of the record that lists it.
    """

    pmid: str
    type: ReferenceType | None
    record: TrialId


def publications(trial: Trial) -> list[Publication]:
    """Return the publications that the records of a trial list, each PubMed number once.

    Results first, then derived ones, then background; of several records that list one, the word
    that is nearest to the trial counts. References without a PubMed number are left out.

    >>> import trialink
    >>> with trialink.Linker(None) as linker:
    ...     trial, = linker.read("see NCT00841061").trials
    >>> trialink.publications(trial)
    []
    """
    listed = [
        Publication(each.pmid, _TYPES.get(each.type or ""), record.id)
        for record in trial.records
        for each in record.references
        if each.pmid
    ]
    best: dict[str, Publication] = {}
    for each in sorted(listed, key=_nearness):
        best.setdefault(each.pmid, each)
    return list(best.values())


def _nearness(publication: Publication) -> int:
    return [*_TYPES].index(publication.type) if publication.type else len(_TYPES)


class PublicationLink(Value):
    """How a text is related to a trial whose number it gives.

    `publication` is the text's own PubMed number or DOI, "pmid:34995105" or "doi:10.1001/...",
    None where nobody said. `relation` is reported (the number stands in a registration sentence,
    title, abstract, methods or results), cited (only in introduction, discussion or references),
    or mentioned (the text has no sections that tell). `where` is the mention that decides.
    """

    id: TrialId
    publication: str | None
    relation: Relation
    section: Section | None
    where: Span


def publication_links(
    text: str, mentions: Iterable[Mention] | None = None, *, source: str | None = None
) -> list[PublicationLink]:
    '''Tell of each number in a text whether the text reports the trial or cites it.

    One link a number, in order of first mention; of several mentions the strongest counts.
    `source` is the text's key: a PubMed number or DOI in it is the text's own; else the
    `article-id` of a JATS text is. `mentions` are found here when None. Raises `TypeError` for
    anything but str.

    >>> import trialink
    >>> text = """Methods
    ... The trial was registered (NCT05066646).
    ...
    ... References
    ... 1. See NCT05181501."""
    >>> for link in trialink.publication_links(text, source="PMID 38990000"):
    ...     print(link.id, link.relation, link.section, link.publication)
    NCT05066646 reported registration pmid:38990000
    NCT05181501 cited references pmid:38990000
    '''
    folded = view(text, "publication_links").folded
    given = find(text) if mentions is None else mentions
    headings = [*_sections(folded)]
    own = own_publication(source or "") or _of_jats(text)
    best: dict[TrialId, PublicationLink] = {}
    for mention in sorted(given, key=lambda each: each.start):
        section = _section(folded, headings, mention)
        relation = _RELATIONS[section] if section else "mentioned"
        where = Span(mention.start, mention.end, mention.text)
        link = PublicationLink(mention.id, own, relation, section, where)
        known = best.setdefault(mention.id, link)
        if _STRENGTH.index(relation) < _STRENGTH.index(known.relation):
            best[mention.id] = link
    return list(best.values())


def own_publication(source: str) -> str | None:
    """Return the PubMed number or DOI that a text's key is, None for another key.

    >>> own_publication("https://doi.org/10.1001/jamaoncol.2024.4879")
    'doi:10.1001/jamaoncol.2024.4879'
    """
    if match := _DOI.fullmatch(source.strip()):
        return f"doi:{match['doi'].lower()}"
    match = _PMID.fullmatch(source.strip())
    return f"pmid:{match['pmid'] or match['bare']}" if match else None


def _of_jats(text: str) -> str | None:
    """Return the first PubMed number, else the first DOI, that a JATS text gives itself."""
    given = {match["kind"]: match["id"] for match in reversed([*_ARTICLE_ID.finditer(text)])}
    kind = next((each for each in ("pmid", "doi") if each in given), None)
    return own_publication(f"{kind}:{given[kind]}") if kind else None


def _sections(folded: str) -> Iterator[tuple[int, Section]]:
    """Yield where each section begins, in text order."""
    for match in _HEADING.finditer(folded):
        kind = match.lastgroup or ""
        named = (match["inline"] or match["element"] or "").lower()
        section = _ELEMENTS[named] if named else next(name for name, _ in _HEADINGS if name == kind)
        yield match.start(), section


def _section(folded: str, headings: list[tuple[int, Section]], mention: Mention) -> Section | None:
    """Return the section of a mention; a registration sentence is one wherever it stands."""
    place = bisect_right(headings, mention.start, key=lambda each: each[0])
    section = headings[place - 1][1] if place else None
    if section == "references":
        return section
    sentence = folded[slice(*sentence_bounds(folded, mention.start, mention.end))]
    return "registration" if _REGISTERED.search(sentence) else section
