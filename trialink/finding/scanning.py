"""From a text to its identifiers and its near misses.

hints -> candidates by the exact grammar -> checks and repair -> cues -> overlaps -> lists. Each
stage takes the result of the one before and knows nothing of the next.
"""

from __future__ import annotations

from trialink.finding.belief import Judged, is_named, judged
from trialink.finding.candidates import candidates
from trialink.finding.hints import hints
from trialink.finding.lists import members, vouched
from trialink.finding.outline import Outline
from trialink.finding.reading import Candidate, Damage, claim
from trialink.finding.repairing import is_placeholder, restored
from trialink.finding.view import View
from trialink.model.ids import TrialId
from trialink.model.mentions import Mention

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from trialink.model.words import Repair


class Scan:
    """What was read in a text, each in text order; no two of all these overlap.

    `doubted` are numbers that nothing makes believable, `placeholders` stand for "none yet",
    `damages` are digits behind a prefix that are no number and could not be mended for sure.
    """

    __slots__ = ("damages", "doubted", "mentions", "placeholders", "view")

    def __init__(
        self,
        view: View,
        mentions: Sequence[Mention] = (),
        doubted: Sequence[Candidate] = (),
        placeholders: Sequence[Candidate] = (),
        damages: Sequence[Damage] = (),
    ) -> None:
        self.view, self.mentions, self.doubted = view, mentions, doubted
        self.placeholders, self.damages = placeholders, damages


def scan(view: View, seen: Outline, *, all_digits: bool = False) -> Scan:
    """Return everything in a text that the entries of an outline can read.

    `all_digits` also reads bare numbers that nothing announces: they are doubted.
    """
    places = hints(view.text, seen, all_digits=all_digits)
    if places == [] and not seen.hidden:
        return Scan(view)
    found = candidates(view.text, seen, places, damages=all_digits)
    return sorted_out(view, found, keeps_rest=all_digits)


def sorted_out(view: View, found: Iterable[Candidate | Damage], *, keeps_rest: bool = True) -> Scan:
    """Return what is believed of all that patterns matched, and what is left of the rest."""
    read, damages = _restored(view, found)
    if not read and not damages:
        return Scan(view)
    weighed = [judged(view, each) for each in read]
    heard = [each for each in weighed if not _is_unheard(each)]
    taken = _Taken(view.text)
    items = [each for each in _settled(heard, taken) if each.candidate.entry.kind != "decoy"]
    dummies = [each for each in items if _is_placeholder(each)]
    final = vouched(view, [each for each in items if each not in dummies] if dummies else items)
    if listed := members(view, final, taken.take):
        final = sorted((*final, *listed), key=lambda each: each.candidate.start)
    mentions = [_mention(view, each) for each in final if each.is_believed]
    if not keeps_rest:
        return Scan(view, mentions)
    left = _apart(damages, taken)
    unheard = [each for each in weighed if _is_unheard(each) and _is_whole(view, each)]
    unheard.sort(key=lambda each: each.candidate.is_announced)
    named = [each for each in unheard if is_named(view, each.candidate)]
    doubted = [each for each in final if not each.is_believed] + _settled(named, taken)
    placeholders = [each for each in dummies if each.is_believed]
    placeholders += [each for each in unheard if _is_listed(each.candidate)]
    return Scan(
        view,
        mentions,
        [each.candidate for each in doubted],
        [each.candidate for each in placeholders],
        left,
    )


def _restored(
    view: View, found: Iterable[Candidate | Damage]
) -> tuple[list[Candidate], list[Damage]]:
    """Return what was read, damages among it that are numbers for sure, and the other damages."""
    read: list[Candidate] = []
    damages: list[Damage] = []
    for each in found:
        whole = restored(view, each) if isinstance(each, Damage) else each
        if whole is not None:
            read.append(whole)
        elif isinstance(each, Damage):
            damages.append(each)
    return read, damages


def _is_listed(candidate: Candidate) -> bool:
    """Return whether the catalogue has a number as one that stands for "none yet"."""
    return candidate.grammar.form.alone == "checked" and (
        candidate.number in candidate.entry.placeholders
    )


def _is_unheard(item: Judged) -> bool:
    """Return whether nothing speaks for a number: no prefix, no cue word, nothing around it."""
    candidate = item.candidate
    return not (candidate.is_announced and (item.is_believed or candidate.has_prefix))


def _is_whole(view: View, item: Judged) -> bool:
    """Return whether digits are printed as a number is, and glued to no letter."""
    each = item.candidate
    if each.is_mended or each.entry.kind == "decoy":
        return False
    return not view.text[max(0, each.start - 1) : each.start].isalnum()


class _Taken:
    """The places of a text that are taken: a mark for each character, so that none is sought."""

    def __init__(self, text: str) -> None:
        self._marks = bytearray(len(text))

    def take(self, start: int, end: int) -> bool:
        """Take a span if all of it is free; return whether it was."""
        is_free = self._marks.find(1, start, end) < 0
        if is_free:
            self._marks[start:end] = b"\1" * (end - start)
        return is_free


def _settled(items: list[Judged], taken: _Taken) -> list[Judged]:
    """Return the candidates that overlap no better one, in text order, and take their places.

    Believed ones go before all others.
    """
    if len(items) > 1:
        items.sort(
            key=lambda item: (not item.is_believed, claim(item.candidate), item.cue is not None)
        )
    kept = [item for item in items if taken.take(item.candidate.start, item.candidate.end)]
    kept.sort(key=lambda item: item.candidate.start)
    return kept


def _apart(damages: Iterable[Damage], taken: _Taken) -> list[Damage]:
    """Return the damages that overlap nothing that was read, the longest first to claim."""
    ordered = sorted(damages, key=lambda each: (each.start - each.end, each.grammar.entry.rank))
    kept = [each for each in ordered if taken.take(each.start, each.end)]
    return sorted(kept, key=lambda each: each.start)


def _is_placeholder(item: Judged) -> bool:
    return is_placeholder(item.candidate.entry, item.candidate.number)


def _mention(view: View, item: Judged) -> Mention:
    candidate = item.candidate
    printed = view.text[candidate.start : candidate.end]
    return Mention(
        candidate.start,
        candidate.end,
        printed,
        TrialId(candidate.entry.key, candidate.number),
        candidate.repairs + _digit_repairs(printed),
        item.cue,
    )


def _digit_repairs(printed: str) -> tuple[Repair, ...]:
    """Return the repair that reading digits of other scripts is."""
    if printed.isascii():
        return ()
    foreign = any(letter.isdecimal() and not letter.isascii() for letter in printed)
    return ("full-width-digits",) if foreign else ()
