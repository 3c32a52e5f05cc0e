"""What stands between numbers, before or behind them: in a stretch of text, out what it tells.

A gap that names nothing but registries makes two numbers one statement; a word for several trials
anywhere near unmakes it. Stretches are folded text.
"""

from __future__ import annotations

import re
from functools import cache

from trialink.registries import REGISTRIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from trialink.model.mentions import Mention

GAP_REACH = 100  # code points between two numbers that are given together


def is_list(gap: str) -> bool:
    """Return whether a gap says nothing but whose number comes next."""
    if len(gap) > GAP_REACH or _EMPTY_LINE.search(gap):
        return False
    words = tuple(_WORD.findall(gap.casefold()))
    place = 0
    while place < len(words):
        lengths = range(1, min(_LONGEST, len(words) - place) + 1)
        fits = [length for length in lengths if words[place : place + length] in _phrases()]
        if not fits:
            return False
        place += fits[-1]
    return True


_EMPTY_LINE = re.compile(r"\n[ \t\r]{0,8}\n")
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST = 12  # words of a phrase
# What may stand between numbers of one trial beside the names of registries. A bare "trial" or
# "of" may not: "the NCT... trial and the ISRCTN... trial", "an extension, NCT..., of ISRCTN...".
_WORDS = frozenset(
    (
        *("and", "et", "und", "y", "as", "at", "by", "in", "on", "the", "under", "via", "with"),
        *("also", "formerly", "known", "listed", "now", "originally", "previously", "has"),
        *("it", "its"),
        *("was", "prospectively", "retrospectively", "registered", "registration", "registry"),
        *("registries", "register", "database", "platform", "portal", "website", "http", "https"),
        *("www", "code", "date", "dated", "id", "ids", "identification", "identifier"),
        *("identifiers", "nr", "no", "nos", "num", "number", "numbers", "ref", "reference"),
        *("primary", "secondary", "january", "february", "march", "april", "may", "june"),
        *("july", "august", "september", "october", "november", "december", "jan", "feb", "mar"),
        *("apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "china", "chinese"),
        *("japan", "japanese", "europe", "european", "eu", "union", "us", "usa", "uk", "united"),
        *("states", "kingdom", "germany", "german", "france", "french", "india", "indian", "iran"),
        *("netherlands", "dutch", "australia", "australian", "korea", "korean"),
        *("和", "及", "与"),
    )
)
_TRIAL_PHRASES = (
    *("trial registration", "study registration", "protocol registration", "trial registry"),
    *("trials registry", "trial register", "trials register", "clinical trial registration"),
    *("clinical trial registry", "clinical trials registry", "clinical trial register"),
    *("clinical trials register", "clinical trials database", "trial number", "study number"),
    *("trial identifier", "study identifier", "trial id", "study id", "trial code"),
    *("clinical trial number", "clinical trial identifier", "number of"),
    *("clinicaltrials.gov/study", "clinicaltrials.gov/ct/show", "isrctn.com", "new zealand"),
)
_NOUNS = ("code", "id", "identifier", "number")  # "is" may follow them: "its EudraCT number is"


@cache
def _phrases() -> frozenset[tuple[str, ...]]:
    named = (
        phrase
        for entry in REGISTRIES
        if not entry.experimental
        for phrase in (
            *(entry.label, entry.name, *entry.cues),
            *(prefix for form in entry.forms for prefix in form.prefixes),
        )
    )
    phrases = [
        tuple(_WORD.findall(phrase.casefold())) for phrase in (*named, *_TRIAL_PHRASES, *_WORDS)
    ]
    leading = [(*words, "is") for words in phrases if words and words[-1] in _NOUNS]
    return frozenset((*phrases, *leading))


def without_registries(stretch: str) -> str:
    """Return a stretch of text without the names of registries that speak of trials."""
    return _registry_names().sub(" ", stretch)


@cache
def _registry_names() -> re.Pattern[str]:
    named = {name for entry in REGISTRIES for name in (entry.name, *entry.cues)}
    spelled = sorted((name for name in named if "trial" in name.casefold()), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, spelled))})\b", re.IGNORECASE)


# Words for more than one trial. "Clinical trials register" and the like are none.
_TRIALS = (
    r"(?:trials|studies|rcts|cohorts|protocols|projects|program(?:me)?s?)\b"
    r"(?!\s?\.?\s?(?:gov|register|registry|registries|registration|database|information|portal)\b)"
)
_TOGETHER = r"(?:meta-?\s?|pooled\s)analys[ei]s\b|phase\s\w{1,4}\b[^.;()]{0,30}\band\san?\sphase\b"
SEVERAL = re.compile(rf"\b(?:{_TRIALS}|respectively\b|{_TOGETHER})|(?-i:\bBoth\b)", re.IGNORECASE)
SEVERAL_INSIDE = re.compile(
    rf"\b(?:{_TRIALS}|respectively|such as|for example|including|versus|vs\b|eg\b|e\.\s?g\b)",
    re.IGNORECASE,
)
SEVERAL_AFTER = re.compile(
    r"[\s,]{0,3}(?:(?:clinical|randomi[sz]ed|ongoing)\s)?(?:trials|studies|respectively)\b",
    re.IGNORECASE,
)
# Behind a name, what makes it several: "KEYNOTE-189 and -407", "FUMANBA-1/2".
ANOTHER_NUMBER = re.compile(r"\s?(?:/|,|&|and|or|to)\s?-?\d", re.IGNORECASE)


def one_each(group: Sequence[Mention]) -> list[Mention]:
    """Return the first mention of each identifier; none where a registry has two, or all one."""
    firsts = {mention.id: mention for mention in reversed(group)}
    registries = {id.registry for id in firsts}
    is_one_each = len(firsts) == len(registries) > 1
    return sorted(firsts.values(), key=lambda each: each.start) if is_one_each else []


def runs(
    mentions: Sequence[Mention], are_joined: Callable[[Mention, Mention], bool]
) -> Iterator[list[Mention]]:
    """Yield the longest runs of mentions in which each is joined to the next."""
    run: list[Mention] = []
    for mention in mentions:
        if run and not are_joined(run[-1], mention):
            yield run
            run = []
        run.append(mention)
    yield run
