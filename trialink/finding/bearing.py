"""The names that a record bears, and which spellings are one name."""

from __future__ import annotations

import re

from trialink.finding.calling import called_names
from trialink.finding.folding import fold
from trialink.finding.shaping import shaped_names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trialink.sources.record import Record

_NUMBER = re.compile(r"[0-9]{1,4}[A-Za-z]?\Z")


def borne_names(record: Record) -> Iterator[str]:
    """Yield the names that are the trial's beyond doubt: no product's, no small word's."""
    acronym = (record.acronym or "").strip()
    if len(acronym) > 2 and not acronym.islower():
        yield acronym
    for title in filter(None, (record.brief_title, record.official_title)):
        folded = fold(title)
        for start, end in {*shaped_names(folded), *called_names(folded)}:
            name = title[start:end]
            if stands_alone(name, title) and not _is_product(name, record):
                yield name


def stands_alone(name: str, title: str) -> bool:
    """Return whether a title uses a name as its trial's, and no other trial's or product's.

    It has the name in a bracket of its own, opens with it and a colon, or ends in it and "trial".
    """
    own = rf"(?:the )?[\"'\u201c]?{re.escape(name)}[\"'\u201d]?"
    alone = (
        rf"\({own}(?: study| trial)?\W?\)|^{own}(?: study| trial)?(?::| \()"
        rf"|[,:-] {own} (?:study|trial)$"
    )
    return re.search(alone, title, re.IGNORECASE) is not None


def _is_product(name: str, record: Record) -> bool:
    """Return whether what is tested bears the name too."""
    known = [each for tested in record.interventions for each in (tested.name, *tested.other_names)]
    return any(name_key(name) in name_key(each) for each in known if each)


def name_key(name: str) -> str:
    """Return what two spellings of one name share: FUMANBA-3 and Fumanba-03 are one."""
    parts = numbered(name)
    return f"{parts[0].upper()}{int(parts[1])}{parts[2].upper()}" if parts else fold(name)


def numbered(name: str) -> tuple[str, str, str] | None:
    """Return the word with its hyphen, the number and the letter of a name; None for another.

    >>> numbered("KEYNOTE-189"), numbered("JAVELIN-Renal-101b"), numbered("PALLAS")
    (('KEYNOTE-', '189', ''), ('JAVELIN-Renal-', '101', 'b'), None)
    """
    folded = fold(name)
    match = _NUMBER.search(folded)
    word = folded[: match.start()] if match else ""
    if match is None or "-" not in word or word[-1].isdigit():
        return None
    digits = match[0].rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    return word, digits, match[0][len(digits) :]
