"""Trial names in a text: FUMANBA-1, KEYNOTE-189, the RECOVERY trial, and acronyms of records.

A wrong name is worse than a missing one: what may as well be a drug, a scale, a gene or a cell
line is left alone, and a plain word in capitals is a name only where the text calls it a trial.
"""

from __future__ import annotations

import re

from trialink.finding.bearing import borne_names, name_key
from trialink.finding.calling import called_names, is_called
from trialink.finding.folding import fold
from trialink.finding.ordinary import ORDINARY
from trialink.finding.shaping import LONG, shaped_names
from trialink.finding.view import view
from trialink.model.mentions import NameMention

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trialink.model.ids import TrialId
    from trialink.sources.record import Record

_WORD = re.compile(r"[^\W_]{1,64}")


class NameIndex:
    """The names of trials that records bear, made once to be found in many texts.

    A record bears its acronym, and what its titles put in a bracket of its own or before a colon.
    A name that several records bear stays ambiguous: `bearers` lists them all.

    >>> import trialink
    >>> index = trialink.NameIndex([trialink.Record(id="NCT02513394", acronym="PALLAS")])
    >>> mention, = index.find("We read of the PALLAS trial.")
    >>> mention.text, index.bearers(mention.text)
    ('PALLAS', (TrialId('nct', 'NCT02513394'),))
    """

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self._bearers: dict[str, set[TrialId]] = {}
        self._names: dict[str, list[str]] = {}  # by their first word
        for record in records:
            for name in map(fold, borne_names(record)):
                self._bearers.setdefault(name_key(name), set()).add(record.id)
                first = _WORD.search(name)
                if first and name not in (known := self._names.setdefault(first[0], [])):
                    known.append(name)

    def find(self, text: str) -> list[NameMention]:
        """Return the trial names in `text`, in text order and disjoint.

        Those that `names` finds without records, and those of the records, letter for letter. A
        name that is a plain word counts where the text calls it a trial, then throughout the text.
        """
        folded = view(text, "names").folded
        standing = [*self._standing(folded)]
        called = {*called_names(folded)}
        called |= {span for span in standing if is_called(folded, *span)}
        telling = (span for span in standing if _is_telling(folded[slice(*span)]))
        spans = {*shaped_names(folded), *telling, *called, *_repeated(folded, called)}
        return [NameMention(start, end, text[start:end]) for start, end in _disjoint(spans)]

    def bearers(self, name: str) -> tuple[TrialId, ...]:
        """Return the ids of the records that bear a name, sorted; zeros before its number aside."""
        return tuple(sorted(self._bearers.get(name_key(fold(name)), ())))

    def _standing(self, folded: str) -> Iterator[tuple[int, int]]:
        """Yield where a name of a record stands, whatever it means there."""
        for word in _WORD.finditer(folded) if self._names else ():
            for name in self._names.get(word[0], ()):
                start = word.start() - name.index(word[0])
                if _is_whole(folded, start, name) and name.upper() not in ORDINARY:
                    yield start, start + len(name)


def names(text: str, records: Iterable[Record] = ()) -> list[NameMention]:
    """Return the trial names in `text`, in text order and disjoint.

    A name is a word in capitals with a number behind a hyphen, a word in capitals that the text
    calls a trial or study, or a name that one of the `records` bears, letter for letter. Drug
    codes, scales, genes, cell lines and years behind such a word make no name. `ids` of the
    results are empty: a `Linker` sets them. For many texts make a `NameIndex` once.

    >>> import trialink
    >>> trialink.names("the KEYNOTE-189 trial")
    [NameMention(4, 15, 'KEYNOTE-189')]
    """
    return NameIndex(records).find(text)


def _is_telling(name: str) -> bool:
    """Return whether a record's name can be no plain word: long, with capitals and more."""
    capitals = sum(map(str.isupper, name))
    return len(name) >= LONG and capitals >= 2 and not (name.isalpha() and name.isupper())


def _repeated(folded: str, called: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield every place of the names that the text calls trials; a word in small letters is one."""
    names = {folded[start:end] for start, end in called}
    names = {name for name in names if sum(map(str.isupper, name)) >= 2}
    sizes: dict[str, set[int]] = {}  # of names, by their first word
    for name in names:
        if first := _WORD.match(name):
            sizes.setdefault(first[0], set()).add(len(name))
    for word in _WORD.finditer(folded) if names else ():
        start = word.start()
        for size in sizes.get(word[0], ()):
            name = folded[start : start + size]
            if name in names and _is_whole(folded, start, name):
                yield start, start + size


def _is_whole(folded: str, start: int, name: str) -> bool:
    """Return whether a name stands at a place, and is no part of a longer word."""
    if start < 0 or not folded.startswith(name, start):
        return False
    end = start + len(name)
    around = folded[max(0, start - 1) : start] + folded[end : end + 1]
    return not any(character.isalnum() or character in "_-" for character in around)


def _disjoint(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the spans that overlap no one before them, of two that begin together the longer."""
    reached = 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= reached:
            yield start, end
            reached = end
