"""From digits behind a prefix that are too few or too many to the numbers that may be meant."""

from __future__ import annotations

from trialink.finding.candidates import Candidate, Damage
from trialink.finding.grammar import Grammar
from trialink.finding.view import View
from trialink.registries import Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

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
    whole = passing_numbers(grammar, [run.zfill(width)])
    if not whole:
        return None
    if len(run) == width - 1:
        is_sure = completions(grammar, run) == whole
    else:
        before = view.folded[damage.start : damage.end - len(run)]
        is_sure = before[-2:-1].isalpha()
    return whole[0] if is_sure else None


def completions(grammar: Grammar, run: str) -> tuple[str, ...]:
    """Return the numbers that pass the check and differ from `run` by one inserted digit."""
    places = range(len(run) + 1)
    longer = {run[:place] + digit + run[place:] for place in places for digit in "0123456789"}
    return passing_numbers(grammar, longer)


def shortenings(grammar: Grammar, run: str) -> tuple[str, ...]:
    """Return the numbers that pass the check and differ from `run` by one digit left out."""
    shorter = {run[:place] + run[place + 1 :] for place in range(len(run))}
    return passing_numbers(grammar, shorter)


def passing_numbers(grammar: Grammar, runs: Iterable[str]) -> tuple[str, ...]:
    """Return the numbers made of these digits that have the right shape and pass the check."""
    entry, form = grammar.entry, grammar.form
    numbers = (form.number({"n": run}) for run in runs)
    return tuple(sorted(n for n in numbers if entry.checked(n) == "ok" and entry.owns(n)))


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
