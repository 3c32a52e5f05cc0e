"""Which records name a number of another registry, or bear a name: queries out, hits verified.

The server looks for words; what a hit says is read here, with the grammar for prose.
https://clinicaltrials.gov/find-studies/constructing-complex-search-queries
"""

from __future__ import annotations

import re

from trialink.errors import InvalidTrialId
from trialink.finding import parse
from trialink.finding.folding import fold
from trialink.flow import Reply
from trialink.registries import BY_KEY
from trialink.sources.listing import answered, failed, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trialink.flow import Flow
    from trialink.model.ids import TrialId
    from trialink.model.resolutions import Resolution
    from trialink.sources import Batch
    from trialink.sources.listing import Answers, Listed
    from trialink.sources.record import Record

NAMES = "name"  # in place of a registry: the key of what is a trial's name and no number
_LABELLED = re.compile(r"([A-Za-z]+(?:[-/_ ][A-Za-z]+){0,3})[-/_ ]?(\d.*)")
_TELLING = re.compile(r"\d{5}|(?:\d\D?){8}")  # digits that are not many trials'
_SEPARATORS = re.compile(r"[-/_. ]")
_LONGEST = 200  # code points of a name
_NONE = "ClinicalTrials.gov was searched and no record there"
_UNREADABLE = "an answer held a record that could not be read; ask again later"
_NO_PHRASE = "this name cannot be asked for: it is no word, very long or holds a quotation mark"


def spellings(id: TrialId) -> tuple[str, ...]:
    """Return how records spell a number, as far as a search for words tells the ways apart.

    The canonical number; without its separators (RBR6gdyvz); without its letters, as it stands
    behind a blank or beside the name of its registry (000012345), with them where few digits are
    left (NTR 1166); behind letters that belong to no canonical number of its registry
    (EUCTR2012-003157-29); with the fourth group of an EU CT number that is printed in full. Other
    words, and groups of digits behind a hyphen, may stand around each of these.

    >>> from trialink import TrialId
    >>> spellings(TrialId("ctis", "2022-501515-14"))[:3]
    ('2022-501515-14', '2022-501515-14-00', 'CTIS2022-501515-14')
    """
    number, entry = id.number, BY_KEY.get(id.registry)
    found = [number]
    if labelled := _LABELLED.fullmatch(number):
        label, rest = labelled.groups()
        found += [glued] if _is_read((glued := _SEPARATORS.sub("", number)), id) else []
        if _TELLING.search(rest):
            found.append(rest)
        elif number == f"{label}{rest}":
            found.append(f"{label} {rest}")
    elif entry is not None:
        found += [f"{number}-00"] if id.registry == "ctis" else []
        prefixes = (prefix for form in entry.forms for prefix in form.prefixes)
        found += [f"{prefix}{number}" for prefix in prefixes if prefix.isalpha()]
    return tuple(dict.fromkeys(found))


def expression(ids: Iterable[TrialId]) -> str:
    """Return the query for records that hold one of the numbers as another registry's.

    Quotes keep a number whole, `Term` ignores case and hyphens; the domain of a secondary id is
    in no search area, and numbers have been typed there (NCT06029816).
    """
    return _numbers_query(spelling for id in ids for spelling in spellings(id))


def names_expression(names: Iterable[TrialId]) -> str:
    """Return the query for records with one of the names as acronym or in a title."""
    return f"AREA[TitleSearch]EXPANSION[Term]({_phrases(map(str, names))})"


def searched(origin: str, batch: Batch) -> Flow[Answers | Reply]:
    """Look for the records that name numbers; return the reply that refuses the query.

    A number that is refused alone is asked for one spelling after the other.
    """
    answer = yield from listed(origin, "filter.advanced", expression(batch))
    if not isinstance(answer, Reply):
        return _naming(batch, [answer])
    if len(batch) > 1 or len(spellings(batch[0])) == 1:
        return answer
    found: list[Listed] = []
    for spelling in spellings(batch[0]):
        answer = yield from listed(origin, "filter.advanced", _numbers_query([spelling]))
        if isinstance(answer, Reply):
            return answer
        found.append(answer)
    return _naming(batch, found)


def searched_names(origin: str, batch: Batch) -> Flow[Answers | Reply]:
    """Look for the records that bear names; return the reply that refuses the query."""
    answers = {name: failed(name, _NO_PHRASE) for name in batch if not _is_phrase(str(name))}
    names = [name for name in batch if name not in answers]
    if names:
        answer = yield from listed(origin, "filter.advanced", names_expression(names))
        if isinstance(answer, Reply):
            return answer
        answers |= {name: _bearing(name, answer) for name in names}
    return answers


def bears(record: Record, name: str) -> bool:
    """Return whether a record has a name as its acronym, or whole in one of its titles.

    Case, and the kinds of dashes and blanks, make no difference: "fumanba 1" is FUMANBA-1, and
    FUMANBA-10 is another.
    """
    whole = same_name(name)
    if whole.fullmatch(fold(record.acronym or "").strip()):
        return True
    titles = (record.brief_title, record.official_title)
    return any(whole.search(fold(title)) for title in titles if title)


def same_name(name: str) -> re.Pattern[str]:
    """Return the pattern of a whole name, for folded text."""
    words = re.split(r"[\s-]+", fold(name).strip())
    inner = r"(?:\s{0,2}-\s{0,2}|\s{1,3})".join(map(re.escape, words))
    # Neither part of a longer word nor followed by more of the name: FUMANBA-1b, FUMANBA-1-2.
    return re.compile(rf"(?<!\w)(?<!\w-){inner}(?!\w|-\w|[./]\d)", re.IGNORECASE)


def _numbers_query(spelled: Iterable[str]) -> str:
    phrases = _phrases(spelled)
    areas = ("ExternalIdsSearch", "SecondaryIdDomain")
    return " OR ".join(f"AREA[{area}]EXPANSION[Term]({phrases})" for area in areas)


def _phrases(values: Iterable[str]) -> str:
    return " OR ".join(f'"{value}"' for value in dict.fromkeys(values))


def _is_phrase(name: str) -> bool:
    """Return whether a name can stand in quotes: the query language knows no way out of them."""
    is_word = len(name) <= _LONGEST and any(map(str.isalnum, name))
    return is_word and name.isprintable() and not re.search(r'["\\]', name)


def _is_read(spelling: str, id: TrialId) -> bool:
    """Return whether our grammar takes a spelling for the number."""
    try:
        return parse(spelling) == id
    except InvalidTrialId:
        return False


def _naming(batch: Batch, found: Sequence[Listed]) -> Answers:
    """Return what lists of hits say about numbers: which of the records really name each."""
    from trialink.sources.declared import declared_ids

    hits = {record.id: record for each in found for record in each.records}
    named = {number: declared_ids(record) for number, record in hits.items()}
    return {
        id: _cited(
            id,
            [hits[number] for number in sorted(hits) if id in named[number]],
            found,
            f"no source answers for {id.registry}; {_NONE} names {id}",
        )
        for id in batch
    }


def _bearing(name: TrialId, found: Listed) -> Resolution:
    bearing = [record for record in found.records if bears(record, str(name))]
    in_order = sorted(bearing, key=lambda record: record.id)
    return _cited(name, in_order, [found], f"{_NONE} bears the name {name}")


def _cited(
    id: TrialId, records: Sequence[Record], found: Sequence[Listed], reason: str
) -> Resolution:
    """Return the answer that is made of all records that name an id, or of there being none."""
    if records:
        return answered(id, "cited", found[0].reply, tuple(records))
    if not all(each.is_whole for each in found):
        return failed(id, _UNREADABLE)
    return answered(id, "unsupported", found[0].reply).replace(reason=reason)
