"""From digits that are no number as they stand to the number that was meant, where it is sure."""

from __future__ import annotations

import re

from trialink.finding.candidates import Candidate, Damage, digit_repairs
from trialink.finding.grammar import Grammar
from trialink.finding.view import View
from trialink.registries import Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from trialink.model.words import Repair

_TYPED_FOR = str.maketrans("OoIlSB", "001158")
_TEARS = re.compile(r"[\s\-]{1,4}")
_LONG = 7  # digits from which on a dummy is no number by chance, as NTR1111 and NL-OMON22222 are
_SURE_PIECE = 3  # digits that a piece of a torn number must have where no check speaks for it


def mended(view: View, damage: Damage) -> Candidate | None:
    """Return the number that damaged digits stand for; None unless exactly one is sure."""
    read = _joined(view, damage) if damage.is_torn else _zeros_restored(view, damage)
    if read is None:
        return None
    number, repairs = read
    start, end = damage.start, damage.end
    mends = repairs + digit_repairs(view.text[start:end])
    return Candidate(start, end, damage.grammar, number, mends)


def _zeros_restored(view: View, damage: Damage) -> tuple[str, tuple[Repair, ...]] | None:
    """Return the number that lost leading zeros, where putting them back passes the check.

    With one digit missing it must be the only completion that passes, whatever the digit; with
    more missing the digits must stand close to the prefix, for one in thirteen passes by chance.
    A check that only a part of the numbers follows restores nothing.
    """
    grammar, run = damage.grammar, damage.run
    width, check = grammar.form.digits or 0, grammar.entry.check
    if check is None or check.evidence_only or len(run) >= width:
        return None
    restored = passing_numbers(grammar, [run.zfill(width)])
    if not restored:
        return None
    if len(run) == width - 1:
        is_sure = completions(grammar, run) == restored
    else:
        before = view.folded[damage.start : damage.end - len(run)]
        is_sure = before[-2:-1].isalpha()
    return (restored[0], ("leading-zeros",)) if is_sure else None


def _joined(view: View, damage: Damage) -> tuple[str, tuple[Repair, ...]] | None:
    """Return the number whose digits were torn apart or typed as letters.

    Letters are read as digits only where the number then passes its check; whole digits may also
    be joined where there is no check, if no piece is so short that it may be another number.
    """
    grammar, pieces = damage.grammar, _TEARS.split(damage.run)
    digits = "".join(pieces).translate(_TYPED_FOR)
    number = grammar.form.number({"n": digits})
    if not grammar.entry.owns(number) or not _are_pieces(pieces):
        return None
    lettered = not "".join(pieces).isdigit()
    sure = not lettered and min(map(len, pieces)) >= _SURE_PIECE
    verdict = grammar.entry.checked(number)
    if verdict == "suspect" or (verdict is None and not sure):
        return None
    repairs: list[Repair] = ["letter-for-digit"] if lettered else []
    if len(pieces) > 1:
        repairs.append(_tear(view.text[damage.start : damage.end], damage))
    return number, tuple(repairs)


def _are_pieces(pieces: list[str]) -> bool:
    """Return whether pieces look like one number: mostly digits, and none of them a count."""
    letters = sum(not character.isdigit() for piece in pieces for character in piece)
    return 2 * letters <= sum(map(len, pieces)) and min(map(len, pieces)) > 1


def _tear(printed: str, damage: Damage) -> Repair:
    across = "\n" in damage.run or "\u00ad" in printed
    return "line-break" if across else "split-digits"


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
