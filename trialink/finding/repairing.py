"""From digits behind a prefix that are too few or too many to the numbers that may be meant."""

from __future__ import annotations

from trialink.finding.grammar import Grammar
from trialink.finding.reading import Candidate, Damage
from trialink.finding.view import View
from trialink.registries import Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_DIGITS = "0123456789"
_LONG = 7  # digits from which on a dummy is no number by chance, as NTR1111 and NL-OMON22222 are


def restored(view: View, damage: Damage) -> Candidate | None:
    """Return the number that lost leading zeros; None unless it is sure."""
    number = _zeros_restored(view, damage) if damage.has_prefix else None
    if number is None:
        return None
    return Candidate(damage.start, damage.end, damage.grammar, number, ("leading-zeros",))


def _zeros_restored(view: View, damage: Damage) -> str | None:
    """Return the number that lost leading zeros, where putting them back passes the check.

    With one digit missing it must be the only completion that passes, whatever the digit; with
    more missing the digits must stand close to the prefix, for one in thirteen passes by chance.
    A check that only a part of the numbers follows restores nothing.
    """
    grammar, run = damage.grammar, damage.run
    width, check = grammar.form.digits or 0, grammar.entry.check
    if check is None or check.evidence_only or len(run) >= width:
        return None
    whole = run.zfill(width)
    if not _passes(grammar, whole):
        return None
    if len(run) == width - 1:
        is_sure = not any(_passes(grammar, other) for other in _longer(run) if other != whole)
    else:
        before = view.folded[damage.start : damage.end - len(run)]
        is_sure = before[-2:-1].isalpha()
    return _number(grammar, whole) if is_sure else None


def completions(grammar: Grammar, run: str) -> tuple[str, ...]:
    """Return the numbers that pass the check and differ from `run` by one inserted digit."""
    return _passing(grammar, _longer(run))


def _longer(run: str) -> set[str]:
    places = range(len(run) + 1)
    return {run[:place] + digit + run[place:] for place in places for digit in _DIGITS}


def shortenings(grammar: Grammar, run: str) -> tuple[str, ...]:
    """Return the numbers that pass the check and differ from `run` by one digit left out."""
    shorter = {run[:place] + run[place + 1 :] for place in range(len(run))}
    return _passing(grammar, shorter)


def _passing(grammar: Grammar, runs: Iterable[str]) -> tuple[str, ...]:
    """Return the numbers made of these digits that have the right shape and pass the check."""
    return tuple(sorted(_number(grammar, run) for run in runs if _passes(grammar, run)))


def _passes(grammar: Grammar, run: str) -> bool:
    return _is_right(grammar.entry, _number(grammar, run))


def _number(grammar: Grammar, run: str) -> str:
    """Return the number of digits without parts."""
    return grammar.form.canonical.replace("{n}", run)


def neighbours(entry: Registry, number: str) -> tuple[str, ...]:
    """Return the numbers that pass the check and differ from `number` in exactly one digit."""
    changed = {
        number[:place] + digit + number[place + 1 :]
        for place, old in enumerate(number)
        if old.isdigit()
        for digit in _DIGITS
        if digit != old
    }
    return tuple(sorted(each for each in changed if _is_right(entry, each)))


def _is_right(entry: Registry, number: str) -> bool:
    """Return whether a number has the right shape and passes the check."""
    return entry.checked(number) == "ok" and entry.owns(number)


def is_placeholder(entry: Registry, number: str) -> bool:
    """Return whether a number of the right shape stands for "none yet".

    Listed in the catalogue, or a dummy of so many digits that no registry came across it.
    """
    run = "".join(filter(str.isdigit, number))
    return number in entry.placeholders or (len(run) >= _LONG and is_dummy(run))


def is_dummy(run: str) -> bool:
    """Return whether digits are one digit repeated, or counted up."""
    return len(set(run)) == 1 or run in "0123456789" * 2


def placeholder_message(number: str) -> str:
    """Return what to tell of a placeholder."""
    return f"{number} is a placeholder, not a number that a registry issued."
