"""Trial names that show in their shape: KEYNOTE-189, TROPiCS-02, DESTINY-Breast04, PARADIGM-HF."""

from __future__ import annotations

import re
from functools import cache

from trialink.finding.ordinary import ORDINARY
from trialink.registries import REGISTRIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# A word in capitals (two at least) and, behind a hyphen, a number that may have a tissue or a
# letter before it, or one of the diseases that names end in.
_SHAPE = re.compile(
    r"(?<![\w\-.])(?P<word>[A-Z][A-Za-z]{3,19})-"
    r"(?:(?P<disease>HF|WHF|AF|CKD|DKD|T1D|T2D)"
    r"|(?:[A-Z][a-z]{2,11}){0,2}-?(?P<letter>[A-Z]?)(?P<number>[0-9]{1,4})[A-Za-z]{0,2})"
    r"(?![\w\-])"
)
LONG = 5  # letters: words of four are those of drug codes, scales and cell lines too
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_NO_NAME_ENDS = ("QOL", "CAR", "CTR")  # scales, cell products, registries
_ADDRESS = re.compile(r"://|www\.", re.IGNORECASE)
_ADDRESS_REACH = 200


def shaped_names(folded: str) -> Iterator[tuple[int, int]]:
    """Yield where a name stands that needs no record and no word beside it."""
    for match in _SHAPE.finditer(folded):
        is_long = len(match["word"]) >= LONG or match["disease"]
        if is_long and _is_name(match) and not _is_in_address(folded, match.start()):
            yield match.span()


def _is_name(match: re.Match[str]) -> bool:
    return is_word_of_names(match["word"]) and not _YEAR.fullmatch(match["number"] or "")


def is_word_of_names(word: str) -> bool:
    """Return whether a word has the capitals and vowels of a name, and is no other thing's."""
    upper = word.upper()
    if upper in ORDINARY or upper.endswith(_NO_NAME_ENDS) or upper.lower() in _registry_words():
        return False
    return sum(map(str.isupper, word)) >= 2 and any(letter in "AEIOUY" for letter in upper)


def _is_in_address(folded: str, start: int) -> bool:
    """Return whether a place is inside a web address."""
    if folded[start - 1 : start] != "/":
        return False
    token = folded[max(0, start - _ADDRESS_REACH) : start].split()[-1]
    return _ADDRESS.search(token) is not None


@cache
def _registry_words() -> frozenset[str]:
    """Return the words that registries are called by or print before numbers, in small letters."""
    labels = (entry.label for entry in REGISTRIES)
    prefixes = (prefix for entry in REGISTRIES for form in entry.forms for prefix in form.prefixes)
    words = (word for each in (*labels, *prefixes) for word in re.split(r"[^A-Za-z]", each))
    return frozenset(word.lower() for word in words if sum(map(str.isupper, word)) > 1)
