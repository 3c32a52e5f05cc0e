"""Where a text calls a word a trial: "the RECOVERY trial", "the trial SPRINT", "PUMA (NCT...)"."""

from __future__ import annotations

import re

from trialink.finding.ordinary import ABBREVIATIONS
from trialink.finding.shaping import LONG, is_word_of_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# What may stand between a name and the word "trial", and the start of a trial's number.
_KIND = (
    r"(?:(?:clinical|pivotal|platform|main|parent|pilot|extension|cohort|registration(?:al)?"
    r"|randomi[sz]ed|controlled|open-label|double-blind|single-arm|multicent(?:er|re)"
    r"|[Pp]hase[ -](?:[0-4]|I{1,3}|IV)[ab]?(?:/(?:[0-4]|I{1,3}|IV)[ab]?)?)[ ,]{1,2}){0,4}"
)
# Not "study drug": in "the TINI study drug" the first word may as well be the drug's.
_CALLED = (
    r"(?:[Tt]rials?|[Ss]tud(?:y|ies))"
    r"(?![\w-]|\s(?:arm|drug|product|medication|treatment|site|team)s?\b)"
)
_NUMBER = (
    r"(?:NCT|ISRCTN|EudraCT|ChiCTR|ACTRN|DRKS|CTRI|jRCT|UMIN|CTR)[ :#]{0,2}(?:number |no\. )?[0-9/]"
)
_BEHIND = re.compile(
    rf"[\"'\u201d\u2019]?(?:\s{{1,2}}{_KIND}{_CALLED}|[ ,;:(\[/=]{{1,3}}{_NUMBER}"
    r"|,? \(?(?:short|standing|which stands) for )"
)
_BEFORE = re.compile(
    r"(?:\b[Tt]he (?:[\w/-]{1,20} ){0,4}(?:trial|study),?"
    r"|\b(?:trial|study),? (?:called|named|known as|acronym:?)"
    r"|\b(?:NCT|ISRCTN)[0-9]{8}[,;:)\]/=]?) ?[\"'(\[\u201c\u2018]?\Z"
)
_BEFORE_REACH = 100  # code points before a name that are looked at
# A word that may be called a trial, with a number or a second word in capitals behind it.
_WORD = r"[A-Z][A-Za-z]{3,15}(?:[0-9]|[ -][0-9]{1,3}[A-Za-z]?|-[A-Z][A-Za-z0-9]{1,11})?"
_LISTED = re.compile(_WORD)
_DIRECTLY = re.compile(
    rf"(?<![\w\-./])(?P<names>{_WORD}(?:(?:, and |, or |, | and | or |/){_WORD}){{0,5}})"
    rf"[\"'\u201d\u2019]?\s{{1,2}}{_KIND}{_CALLED}"
)
_NAMED = re.compile(
    r"\b(?:[Tt]he (?:[\w/-]{1,20} ){0,4}trial|(?:trial|study),? (?:called|named|known as))"
    rf",? [\"'(\u201c\u2018]?(?P<names>{_WORD})(?![\w\-/])"
)
_REGISTERED = re.compile(
    r"(?<![\w\-./])(?P<names>[A-Z][A-Za-z]{3,14}-[0-9]{1,2}[A-Za-z]?)"
    rf"[ ,;:(\[/=]{{1,3}}{_NUMBER}"
)
_DRUG = re.compile(  # how the names of medicines end
    r"(?:MAB|NIB|CICLIB|PARIB|STATIN|FORMIN|GLIPTIN|GLIFLOZIN|GLUTIDE|CILLIN|CYCLINE|MYCIN|PRAZOLE"
    r"|CONAZOLE|SARTAN|OLOL|LIMUS|PARIN|XABAN|TRIPTAN|DRONATE|SETRON|SONE|OLONE|LEUCEL|VASTAT)$"
)
_UNSPOKEN = (re.compile(r"[^AEIOUY]{3}"), re.compile(r"[^AEIOUY]{4}"))


def called_names(folded: str) -> Iterator[tuple[int, int]]:
    """Yield the words in capitals that a text calls a trial: before "trial", behind "the trial".

    Abbreviations of diseases, methods and agencies stand there too: a word must be one that can
    be spoken, and in four letters it needs "the" before it or a number behind it.
    """
    for pattern in (_DIRECTLY, _NAMED, _REGISTERED):
        for match in pattern.finditer(folded):
            for each in _LISTED.finditer(folded, *match.span("names")):
                if _may_be_name(folded, each):
                    yield each.span()


def is_called(folded: str, start: int, end: int) -> bool:
    """Return whether the word "trial" or a trial's number stands directly beside a name."""
    low = max(0, start - _BEFORE_REACH)
    return bool(_BEHIND.match(folded, end) or _BEFORE.search(folded, low, start))


def _may_be_name(folded: str, match: re.Match[str]) -> bool:
    word, _, number = match[0].replace(" ", "-").partition("-")
    is_long = len(word) >= LONG
    if not is_word_of_names(word) or word.upper() in ABBREVIATIONS or _DRUG.search(word.upper()):
        return False
    if _UNSPOKEN[is_long].search(word.upper()) or not (word.isupper() or _has_two_together(word)):
        return False
    is_numbered = bool(number) and len(number) < 3  # ISIS-2; codes of drugs are longer
    return is_long or is_numbered or folded.startswith(("the ", "The "), max(0, match.start() - 4))


def _has_two_together(word: str) -> bool:
    """Return whether two capitals stand together, as in KarMMa; in AstraZeneca they do not."""
    return re.search(r"[A-Z]{2}", word) is not None
