"""From a text to its identifiers and its near misses.

fold -> regions, candidates -> exact grammar -> checks and repair -> cues -> overlaps. Each stage
takes the result of the one before and knows nothing of the next.
"""

from __future__ import annotations

from trialink.finding.belief import Judged, judged, vouched
from trialink.finding.candidates import Candidate, Damage, candidates, claim
from trialink.finding.context import distance
from trialink.finding.repairing import is_placeholder, mended
from trialink.finding.view import View
from trialink.model.ids import TrialId
from trialink.model.mentions import Mention
from trialink.model.value import Value
from trialink.registries import REGISTRIES, Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Scan", "distance", "scan"]


class Scan(Value):
    """What was read in a text, each in text order; no two of all these overlap.

    `doubted` are numbers that nothing makes believable, `placeholders` stand for "none yet",
    `damages` are digits behind a prefix that are no number and could not be mended for sure.
    """

    view: View
    mentions: tuple[Mention, ...]
    doubted: tuple[Candidate, ...]
    placeholders: tuple[Candidate, ...]
    damages: tuple[Damage, ...]


def scan(view: View, entries: tuple[Registry, ...]) -> Scan:
    """Return everything in a text that the entries can read.

    Look-alikes of the catalogue are read too, whatever the entries: they take the place of what
    they could be mistaken for.
    """
    read: list[Candidate] = []
    damages: list[Damage] = []
    for each in candidates(view, _with_decoys(entries)):
        whole = mended(view, each) if isinstance(each, Damage) else each
        if whole is not None:
            read.append(whole)
        elif isinstance(each, Damage):
            damages.append(each)
    free = bytearray(b"\1") * len(view.text)
    settled = _settled((judged(view, each) for each in read), free)
    items = [item for item in settled if item.candidate.entry.kind != "decoy"]
    final = [*vouched(view, [item for item in items if not _is_placeholder(item)])]
    return Scan(
        view,
        tuple(_mention(view, item) for item in final if item.is_believed),
        tuple(item.candidate for item in final if not item.is_believed),
        tuple(item.candidate for item in items if item.is_believed and _is_placeholder(item)),
        tuple(_apart(damages, free)),
    )


def _with_decoys(entries: tuple[Registry, ...]) -> tuple[Registry, ...]:
    decoys = (each for each in REGISTRIES if each.kind == "decoy" and not each.experimental)
    return tuple(dict.fromkeys((*entries, *decoys)))


def _settled(items: Iterable[Judged], free: bytearray) -> list[Judged]:
    """Return the candidates that overlap no better one, in text order, and take their places.

    Believed ones go before all others.
    """
    ordered = sorted(items, key=lambda item: (not item.is_believed, claim(item.candidate)))
    kept = [item for item in ordered if _takes(free, item.candidate)]
    return sorted(kept, key=lambda item: item.candidate.start)


def _takes(free: bytearray, span: Candidate | Damage) -> bool:
    """Return whether all places of a span were free, and take them if they were."""
    size = span.end - span.start
    is_free = free.count(1, span.start, span.end) == size
    if is_free:
        free[span.start : span.end] = bytes(size)
    return is_free


def _apart(damages: Iterable[Damage], free: bytearray) -> list[Damage]:
    """Return the damages that overlap nothing that was read, the longest first to claim."""
    ordered = sorted(damages, key=lambda each: (each.start - each.end, each.grammar.entry.rank))
    kept = [each for each in ordered if not each.is_torn and _takes(free, each)]
    return sorted(kept, key=lambda each: each.start)


def _is_placeholder(item: Judged) -> bool:
    return is_placeholder(item.candidate.entry, item.candidate.number)


def _mention(view: View, item: Judged) -> Mention:
    candidate = item.candidate
    start, end = candidate.start, candidate.end
    return Mention(
        start,
        end,
        view.text[start:end],
        TrialId(candidate.entry.key, candidate.number),
        repairs=candidate.repairs,
        cue=item.cue,
    )
