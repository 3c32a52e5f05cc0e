"""What an author should look at: near misses, failed checks, placeholders, wrong labels."""

from __future__ import annotations

import re

from trialink.finding.belief import joined_name, near_cue, near_name
from trialink.finding.candidates import Damage
from trialink.finding.context import Lines
from trialink.finding.grammar import Grammar, widths
from trialink.finding.repairing import (
    completions,
    is_dummy,
    is_placeholder,
    placeholder_message,
    shortenings,
)
from trialink.finding.scanning import Scan
from trialink.model.ids import TrialId
from trialink.model.mentions import SEVERITIES, Mention, Problem
from trialink.model.value import Value
from trialink.registries import BY_KEY, Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trialink.model.words import Code


_YEAR = re.compile(r"(?:19|20)\d\d")


class Finding(Value):
    """A problem before it has its place in lines and columns."""

    start: int
    end: int
    code: Code
    registry: str
    message: str
    id: TrialId | None = None
    candidates: tuple[TrialId, ...] = ()


def problems(text: str, scan: Scan, entries: tuple[Registry, ...]) -> list[Problem]:
    """Return all problems of a scanned text, in text order."""
    found = [*_near_misses(scan, entries), *_placeholders(scan), *_unjoined(scan)]
    for mention in scan.mentions:
        found.extend(_of_mention(scan, mention, entries))
    found.sort(key=lambda each: (each.start, each.end, each.code))
    if not found:
        return []
    lines = Lines(text)
    return [_placed(text, lines, each) for each in found]


def near_miss(
    grammar: Grammar, run: str, entries: tuple[Registry, ...]
) -> tuple[Code, str, tuple[str, ...]] | None:
    """Return code, message and candidates for digits behind a prefix that make no number.

    None when they are too few to be meant as a number of this registry, or when its numbers come
    in several lengths, so that none can be called too short.
    """
    number = grammar.form.canonical.replace("{n}", run)
    if is_dummy(run):
        return "placeholder", placeholder_message(number), ()
    width, label = grammar.form.digits or 0, grammar.entry.label
    if len(widths(entries)[grammar.entry.key]) > 1:
        return None
    counted = f"{article(label)} {label} number has {width} digits, this has {len(run)}."
    if len(run) > width:
        fitting = shortenings(grammar, run) if len(run) == width + 1 else ()
        return "digits-extra", counted, fitting
    if len(run) < width:
        fitting = completions(grammar, run) if len(run) == width - 1 else ()
        is_meant = 2 * len(run) > width and not _YEAR.fullmatch(run)
        return ("digits-missing", counted, fitting) if is_meant else None
    if run.startswith(grammar.form.begins):
        return None
    begins = " or ".join(grammar.form.begins)
    return "out-of-range", f"every {label} number that was issued begins with {begins}.", ()


def _near_misses(scan: Scan, entries: tuple[Registry, ...]) -> Iterator[Finding]:
    for damage in scan.damages:
        key = damage.grammar.entry.key
        miss = near_miss(damage.grammar, damage.run, entries) if _is_meant(scan, damage) else None
        if miss:
            code, message, numbers = miss
            ids = tuple(TrialId(key, number) for number in numbers)
            yield Finding(damage.start, damage.end, code, key, message, None, ids)


def _is_meant(scan: Scan, damage: Damage) -> bool:
    """Return whether a prefix that needs a cue word has one."""
    entry = damage.grammar.entry
    if not damage.grammar.form.needs_cue:
        return True
    return near_cue(scan.view, entry, damage.start, damage.end) is not None


def _placeholders(scan: Scan) -> Iterator[Finding]:
    for each in scan.placeholders:
        message = placeholder_message(each.number)
        yield Finding(each.start, each.end, "placeholder", each.entry.key, message)


def _unjoined(scan: Scan) -> Iterator[Finding]:
    for each in scan.doubted:
        key, label = each.entry.key, each.entry.label
        if each.has_prefix or is_placeholder(each.entry, each.number):
            continue
        if not near_cue(scan.view, each.entry, each.start, each.end):
            continue
        message = (
            f"reads like {article(label)} {label} number, "
            "but nothing joins it to that registry's name."
        )
        id = TrialId(key, each.number)
        ids = () if id.check_digit == "suspect" else (id,)
        yield Finding(each.start, each.end, "bare-number", key, message, candidates=ids)


def _of_mention(scan: Scan, mention: Mention, entries: tuple[Registry, ...]) -> Iterator[Finding]:
    start, end, id = mention.start, mention.end, mention.id
    if id.check_digit == "suspect":
        yield Finding(start, end, "check-digit", id.registry, _rule(id), id, _neighbours(id))
    if mention.repairs:
        message = f"read as {id}: {', '.join(mention.repairs)}."
        yield Finding(start, end, "repaired", id.registry, message, id, (id,))
    if name := _foreign_name(scan, mention, entries):
        message = f"{id} is {article(id.label)} {id.label} number, but the text calls it {name}."
        yield Finding(start, end, "wrong-label", id.registry, message, id)


def _rule(id: TrialId) -> str:
    check = BY_KEY[id.registry].check
    return f"{id.label} {check.rule if check else ''}; probably a typing error."


def _neighbours(id: TrialId) -> tuple[TrialId, ...]:
    """Return the numbers that differ from `id` in exactly one digit and pass the check."""
    entry, number = BY_KEY[id.registry], id.number
    changed = {
        number[:place] + digit + number[place + 1 :]
        for place, old in enumerate(number)
        if old.isdigit()
        for digit in "0123456789"
        if digit != old
    }
    passing = sorted(n for n in changed if entry.checked(n) == "ok" and entry.owns(n))
    return tuple(TrialId(id.registry, each) for each in passing)


def _foreign_name(scan: Scan, mention: Mention, entries: tuple[Registry, ...]) -> str | None:
    """Return the name of another registry that leads to the number, if its own is not near."""
    view, own = scan.view, BY_KEY.get(mention.id.registry)
    if own is None or near_name(view, own, mention.start, mention.end):
        return None
    others = (each for each in entries if each is not own and each.kind == "registration")
    names = (joined_name(view, each, mention.start) for each in others)
    return next((name.text for name in names if name), None)


def _placed(text: str, lines: Lines, found: Finding) -> Problem:
    line, column = lines.place(found.start)
    candidates = found.candidates
    return Problem(
        found.start,
        found.end,
        text[found.start : found.end],
        found.code,
        line=line,
        column=column,
        severity=SEVERITIES[found.code],
        id=found.id,
        registry=found.registry,
        message=found.message,
        candidates=candidates,
        suggestion=candidates[0] if len(candidates) == 1 else None,
    )


def article(label: str) -> str:
    """Return "a" or "an" for a registry's label."""
    return "an" if label[:1] in ("A", "I", "N", "O") else "a"
