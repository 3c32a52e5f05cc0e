"""Trial names in a text: FUMANBA-1, KEYNOTE-189, and the acronyms of records at hand.

A wrong name is worse than a missing one: what may as well be a drug, a scale, a gene or a cell
line is left alone, unless a record at hand bears it or the word "trial" stands beside it.
"""

from __future__ import annotations

import re
from functools import cache

from trialink.finding.context import is_one_sentence
from trialink.finding.folding import fold
from trialink.finding.ordinary import ORDINARY
from trialink.finding.view import view
from trialink.model.mentions import NameMention
from trialink.registries import REGISTRIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trialink.sources.record import Record

# A word in capitals (two at least) and, behind a hyphen, a number that may have a tissue or a
# letter before it, or one of the diseases that names end in: KEYNOTE-189, TROPiCS-02,
# CheckMate-227, DESTINY-Breast04, PARADIGM-HF.
_SHAPE = re.compile(
    r"(?<![\w\-.])(?P<word>[A-Z][A-Za-z]{3,19})-"
    r"(?:(?P<disease>HF|WHF|AF|CKD|DKD|T1D|T2D)"
    r"|(?:[A-Z][a-z]{2,11}){0,2}-?(?P<letter>[A-Z]?)(?P<number>[0-9]{1,4})[A-Za-z]{0,2})"
    r"(?![\w\-])"
)
_SHORT = 4  # letters of words that drug codes, scales and cell lines have too
_BESIDE_BEFORE, _BESIDE_BEHIND = 25, 40  # code points in which a word says that it is a trial
_TRIAL = re.compile(
    r"(?<![^\W_])(?:trials?|stud(?:y|ies)|investigators|programme|program)(?![^\W_])"
    r"|NCT[0-9]|ISRCTN[0-9]",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_NO_NAME_ENDS = ("QOL", "CAR", "CTR")  # scales, cell products, registries
_ADDRESS = re.compile(r"://|www\.", re.IGNORECASE)
_ADDRESS_REACH = 200


def names(text: str, records: Iterable[Record] = ()) -> list[NameMention]:
    """Return the trial names in `text`, in text order and disjoint.

    A name is a word in capitals with a number behind a hyphen, or the acronym of one of the
    `records`, letter for letter. Drug codes, scales, genes, cell lines and years behind such a
    word make no name. `ids` of the results are empty: a `Linker` sets them.

    >>> import trialink
    >>> trialink.names("the KEYNOTE-189 trial")
    [NameMention(4, 15, 'KEYNOTE-189')]
    """
    folded = view(text, "names").folded
    spans = {*_shaped(folded), *_acronyms(folded, records)}
    return [NameMention(start, end, text[start:end]) for start, end in _disjoint(spans)]


def _shaped(folded: str) -> Iterator[tuple[int, int]]:
    for match in _SHAPE.finditer(folded):
        start, end = match.span()
        is_short = len(match["word"]) <= _SHORT and not match["disease"]
        if not _is_name(match) or (is_short and not _is_short_name(match)):
            continue
        if not _is_in_address(folded, start):
            yield start, end


def _is_name(match: re.Match[str]) -> bool:
    word = match["word"].upper()
    if word in ORDINARY or word.endswith(_NO_NAME_ENDS) or word.lower() in _prefixes():
        return False
    is_capitals = sum(map(str.isupper, match["word"])) >= 2
    has_vowel = any(letter in "AEIOUY" for letter in word)
    return is_capitals and has_vowel and not _YEAR.fullmatch(match["number"] or "")


def _is_short_name(match: re.Match[str]) -> bool:
    """Return whether a short word is no drug code (ABBV-951, VERO-E6), and is called a trial."""
    is_code = match["letter"] or len(match["number"]) > 2
    return not is_code and _is_called_trial(match.string, match.start(), match.end())


def _is_in_address(folded: str, start: int) -> bool:
    """Return whether a place is inside a web address."""
    if folded[start - 1 : start] != "/":
        return False
    token = folded[max(0, start - _ADDRESS_REACH) : start].split()[-1]
    return _ADDRESS.search(token) is not None


@cache
def _prefixes() -> frozenset[str]:
    """Return the words that registries print before their numbers, in small letters."""
    prefixes = (prefix for entry in REGISTRIES for form in entry.forms for prefix in form.prefixes)
    words = (word for prefix in prefixes for word in re.split(r"[^A-Za-z]", prefix))
    return frozenset(word.lower() for word in words if sum(map(str.isupper, word)) > 1)


def _is_called_trial(folded: str, start: int, end: int) -> bool:
    """Return whether the word "trial" or a trial number stands close by in the same sentence."""
    low, high = max(0, start - _BESIDE_BEFORE), end + _BESIDE_BEHIND
    before = (match.end() for match in _TRIAL.finditer(folded, low, start))
    behind = (match.start() for match in _TRIAL.finditer(folded, end, high))
    return any(is_one_sentence(folded, place, start) for place in before) or any(
        is_one_sentence(folded, end, place) for place in behind
    )


def _acronyms(folded: str, records: Iterable[Record]) -> Iterator[tuple[int, int]]:
    acronyms = {fold(record.acronym).strip() for record in records if record.acronym}
    for acronym in sorted(acronyms):
        if len(acronym) < 3 or acronym.islower() or acronym.upper() in ORDINARY:
            continue
        for start, end in _whole(folded, acronym):
            if _is_telling(acronym) or _is_called_trial(folded, start, end):
                yield start, end


def _is_telling(acronym: str) -> bool:
    """Return whether an acronym is no ordinary word: long, with capitals or a digit."""
    is_capitals = sum(map(str.isupper, acronym)) >= 2
    return len(acronym) > _SHORT and (is_capitals or any(map(str.isdigit, acronym)))


def _whole(folded: str, word: str) -> Iterator[tuple[int, int]]:
    start = folded.find(word)
    while start >= 0:
        end = start + len(word)
        around = folded[max(0, start - 1) : start] + folded[end : end + 1]
        if not any(character.isalnum() or character in "_-" for character in around):
            yield start, end
        start = folded.find(word, end)


def _disjoint(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the spans that overlap no one before them, of two that begin together the longer."""
    reached = 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= reached:
            yield start, end
            reached = end
