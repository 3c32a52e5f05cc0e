"""What an author should look at: near misses, failed checks, placeholders, wrong labels."""

from __future__ import annotations

import re

from trialink.finding.belief import joined_cue, joined_name, near_cue, near_name
from trialink.finding.candidates import Damage
from trialink.finding.context import Lines
from trialink.finding.grammar import Grammar, is_lettered, width, widths
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


_SHAPELY = ("registration", "identifier-service", "regulator", "ethics", "sponsor")
# Years and dates stand behind the names of registries too.
_DATED = re.compile(
    r"(?:19|20)\d\d(?:[\-/](?:(?:19|20)\d\d|\d\d(?:[\-/]\d\d)?))?|\d\d[\-/.]\d\d[\-/.](?:19|20)\d\d"
)


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
    found = [*_near_misses(scan), *_placeholders(scan), *_unjoined(scan)]
    for mention in scan.mentions:
        found.extend(_of_mention(scan, mention, entries))
    found.sort(key=lambda each: (each.start, each.end, each.code))
    if not found:
        return []
    lines = Lines(text)
    return [placed(text, lines, each) for each in found]


def near_miss(grammar: Grammar, run: str) -> tuple[Code, str, tuple[str, ...]] | None:
    """Return code, message and candidates for digits behind a prefix that make no number.

    None when they are too few to be meant as a number of this registry.
    """
    entry, form = grammar.entry, grammar.form
    size, sizes = width(entry, run), widths(entry)
    if _DATED.fullmatch(run):
        return None
    if not sizes or entry.kind not in (("registration",) if form.digits is None else _SHAPELY):
        return None  # such prefixes stand before other numbers too
    if is_dummy(run) and (size in sizes or (len(set(run)) == 1 and 2 * size > sizes[0])):
        return "placeholder", placeholder_message(form.canonical.replace("{n}", run)), ()
    is_close = form.digits is not None and size in (sizes[0] - 1, sizes[-1] + 1)
    if size > sizes[-1]:
        fitting = shortenings(grammar, run) if is_close else ()
        return "digits-extra", _counted(entry, size, sizes), fitting
    if size not in sizes:
        is_meant = 2 * size > sizes[0]
        fitting = completions(grammar, run) if is_close else ()
        return ("digits-missing", _counted(entry, size, sizes), fitting) if is_meant else None
    if form.body is not None:
        looks = f"{article(entry.label)} {entry.label} number looks like {entry.examples[0][1]}"
        message = f"{looks}, this does not."
        return ("out-of-range", message, ()) if size in sizes else None
    known = [begin for each in entry.forms if each.prefixes for begin in each.begins]
    if run.startswith(tuple(known)):
        return None
    begins = " or ".join(dict.fromkeys(known))
    return "out-of-range", f"every {entry.label} number that was issued begins with {begins}.", ()


def _counted(entry: Registry, size: int, sizes: tuple[int, ...]) -> str:
    """Return the sentence that says how long a number is and how long it should be."""
    wanted = str(sizes[0]) if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]}"
    what = "digits and letters" if is_lettered(entry) else "digits"
    return f"{article(entry.label)} {entry.label} number has {wanted} {what}, this has {size}."


def _near_misses(scan: Scan) -> Iterator[Finding]:
    for damage in scan.damages:
        key = damage.grammar.entry.key
        miss = near_miss(damage.grammar, damage.run) if _is_meant(scan, damage) else None
        if miss:
            code, message, numbers = miss
            ids = tuple(TrialId(key, number) for number in numbers)
            yield Finding(damage.start, damage.end, code, key, message, None, ids)


def _is_meant(scan: Scan, damage: Damage) -> bool:
    """Return whether a prefix that needs a cue word has one, and digits without one a name."""
    entry = damage.grammar.entry
    if not damage.has_prefix:
        return joined_cue(scan.view, entry, damage.start, damage.end) is not None
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


def placed(text: str, lines: Lines, found: Finding) -> Problem:
    """Return the problem of a finding, with its place in lines and columns."""
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
    """Return "a" or "an" for a registry's label, which is spelt where it is all capitals."""
    spelt = label[:2].isupper() and not label.startswith(("CRiS", "DOH"))
    return "an" if label[:1] in ("AEFHILMNORSX" if spelt else "AEIO") else "a"
