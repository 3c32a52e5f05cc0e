"""Words that make a number or a record another trial than the one it stands with.

What is said of a number stands beside it in its field; what is said of a record, in its title. A
cue is one of `RELATIONS`: "extension" says that the thing is an extension of the other trial.
"""

from __future__ import annotations

import re

_STUDY = r"(?:stud(?:y|ies)|trials?|protocols?)"
_OF = r"(?:of|to|for|from)\b"
_EXTENSION = r"(?:extension|roll-?\s?over|continuation|ole)"
_FOLLOW_UP = r"(?:follow-?\s?(?:up|on)|ltfu)"
_PART = r"(?:sub-?\s?protocol|arm|cohort|module|intervention-specific appendix)"

# Beside a number, in the order in which they are tried. "Extension of NCT..." tells what the record
# is, "NCT... (extension)" what the number is.
_BESIDE: dict[str, str] = {
    "extension-of": rf"{_EXTENSION}(?:\s{_STUDY})?\s{_OF}",
    "follow-up-of": rf"{_FOLLOW_UP}(?:\s{_STUDY})?\s{_OF}",
    "sub-study-of": rf"(?:sub-?\s?{_STUDY}|ancillary(?:\s{_STUDY})?)\s{_OF}",
    "pilot-of": rf"(?:pilot|feasibility)(?:\s{_STUDY})?\s{_OF}",
    "part-of": rf"{_PART}(?:\s\w{{1,3}})?\s{_OF}|(?:master|platform|umbrella|basket)\s?{_STUDY}",
    "parent": rf"parent\b|(?:main|core|feeder|lead-?\s?in|antecedent|index)\s{_STUDY}"
    r"|(?:original|preceding|previous|prior|initial)\s(?:study|trial)(?!\s(?:id|identifier|no|number))",
    "extension": rf"{_EXTENSION}\b",
    "follow-up": rf"{_FOLLOW_UP}\b",
    "sub-study": rf"sub-?\s?{_STUDY}|ancillary\b",
    "expanded-access": r"(?:expanded|early|managed)\saccess\b|compassionate\suse\b",
    "pilot": rf"(?:pilot|feasibility)(?:\s{_STUDY})?\b",
    "companion": rf"(?:companion|sister|related|linked|associated|similar|parallel)\s{_STUDY}",
}
_BESIDE_ANY = {
    relation: re.compile(rf"\b(?:{words})", re.IGNORECASE) for relation, words in _BESIDE.items()
}

_LONG = r"(?:(?:long(?:er)?[\s-]term|extended|late|\d{1,2}[\s-]?(?:year|month)|[a-z]{3,9}-year)\s)"
# In a title. "With an open-label extension" is a part of the trial, not another trial.
_TITLED: dict[str, str] = {
    "expanded-access": r"(?:expanded|early|managed)\saccess\b|compassionate\suse\b",
    "pooled-analysis": r"(?:pooled|integrated)\sanalysis\b"
    r"|individual\s(?:patient|participant)\sdata\b",
    "sub-study": rf"sub-?\s?stud(?:y|ies)\b|ancillary\s{_STUDY}\b",
    "part": rf"sub-?\s?protocol\b|{_PART}(?:\s\w{{1,3}})?\sof\s(?:an?|the)?\s?(?:[\w-]{{1,20}}\s)?"
    r"(?:platform|umbrella|basket|master)\b",
    "extension": rf"(?:open[\s-]label|long[\s-]term|safety|treatment|blind(?:ed)?|single[\s-]arm)\s"
    rf"extension\b|extension\s{_STUDY}\b|\Aextension\b|roll-?\s?over\b|continuation\s{_STUDY}\b",
    "follow-up": rf"{_LONG}?follow-?\s?up\s(?:{_STUDY}|of)\b",
}
_TITLED_ANY = {
    relation: re.compile(rf"(?<![\w-])(?:{words})", re.IGNORECASE)
    for relation, words in _TITLED.items()
}
_WITHIN = re.compile(
    r"\b(?:with|followed by|and|plus|including|then)\s(?:an?\s|its\s|the\s)?"
    r"(?:[\w-]{1,20}\s){0,4}\Z"
    r"|\bpost-?\s?market(?:ing)?\s(?:clinical\s)?\Z|\b(?:loss to|lost to|clinical)\s\Z",
    re.IGNORECASE,
)
_SIGHT = 100  # code points before a cue that can take it back


# Most titles and fields have no cue, which shows soonest in pieces of their words.
_HINTS = (
    *("access", "analysis", "ancillary", "antecedent", "appendix", "arm", "associated", "base"),
    *("basket", "cohort", "companion", "compassionate", "continuation", "core", "extension"),
    *("feasib", "feeder", "follow", "index", "individual", "initial", "lead", "linked", "ltfu"),
    *("main", "master", "module", "ole", "original", "parallel", "parent", "pilot", "platform"),
    *("preceding", "previous", "prior", "related", "roll", "similar", "sister", "sub", "umbrella"),
)
_HINT = re.compile(rf"\b(?:{'|'.join(_HINTS)})")


def _is_hinted(told: str) -> bool:
    return _HINT.search(told.casefold()) is not None


def said_beside(*words: str | None) -> str | None:
    """Return what the words beside a number say that it is, or that its record is of it."""
    told = " ".join(word for word in words if word)
    if not _is_hinted(told):
        return None
    return next((name for name, cue in _BESIDE_ANY.items() if cue.search(told)), None)


def said_in_titles(*titles: str | None) -> str | None:
    """Return what the titles of a record say that it is of another trial."""
    if not any(map(_is_hinted, filter(None, titles))):
        return None
    return next(
        (
            relation
            for relation, cue in _TITLED_ANY.items()
            for title in titles
            if title and any(_is_whole(title, at.start()) for at in cue.finditer(title))
        ),
        None,
    )


def _is_whole(title: str, place: int) -> bool:
    return not _WITHIN.search(title, max(0, place - _SIGHT), place)


def reversed_relation(relation: str) -> str:
    """Return the same relation as the other trial has it."""
    return relation.removesuffix("-of") if relation.endswith("-of") else f"{relation}-of"


def without_cues(title: str) -> str:
    """Return a title without the words that say what its record is of another trial."""
    if not _is_hinted(title):
        return title
    for cue in _TITLED_ANY.values():
        title = cue.sub(" ", title)
    return title
