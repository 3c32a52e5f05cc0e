"""What an author should look at: near misses, failed checks, placeholders, wrong labels."""

from __future__ import annotations

import re
from bisect import bisect_left

from trialink.finding.belief import CUE_REACH, joined_cue, joined_name, near_cue, near_name
from trialink.finding.blanks import blanks
from trialink.finding.candidates import Damage
from trialink.finding.context import Lines, is_one_sentence
from trialink.finding.counts import is_counted
from trialink.finding.grammar import (
    Grammar,
    bodies_of,
    is_lettered,
    registry_names,
    width,
    widths,
)
from trialink.finding.patterns import lazily
from trialink.finding.repairing import (
    completions,
    is_dummy,
    is_placeholder,
    placeholder_message,
    shortenings,
)
from trialink.finding.scanning import Scan
from trialink.finding.view import View
from trialink.model.ids import TrialId
from trialink.model.mentions import SEVERITIES, Mention, Problem
from trialink.model.value import Value
from trialink.registries import Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trialink.model.words import Code


_KNOWN = ("registration", "identifier-service")  # kinds of numbers with parts
_SHAPELY = (*_KNOWN, "regulator", "ethics", "sponsor")
_LONG_PREFIX = 4  # letters of a prefix behind which any digits are meant as a number
# Years and dates stand behind the names of registries too.
_DATED = lazily(
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
    opened = [*_left_open(scan.view, entries)]
    begun = {each.start for each in opened}  # digits before the signs of a number left open
    found = [each for each in _near_misses(scan) if each.start not in begun]
    found += [*opened, *_placeholders(scan), *_unjoined(scan)]
    known = {entry.key: entry for entry in entries}
    starts = [mention.start for mention in scan.mentions]
    for mention in scan.mentions:
        found.extend(_of_number(mention, known[mention.id.registry]))
        near = _around(scan, starts, mention)
        if label := _wrong_label(scan.view, mention, near, known):
            found.append(label)
    found.sort(key=lambda each: (each.start, each.end, each.code))
    if not found:
        return []
    lines = Lines(text)
    return [placed(text, lines, each) for each in found]


def near_miss(
    grammar: Grammar, run: str, *, is_meant: bool = False
) -> tuple[Code, str, tuple[str, ...]] | None:
    """Return code, message and candidates for digits behind a prefix that make no number.

    None when they are too few to be meant as a number of this registry, unless `is_meant` says so.
    """
    entry, form = grammar.entry, grammar.form
    size, sizes = width(entry, run), widths(entry)
    if not sizes or entry.kind not in (_SHAPELY if form.digits or not form.prefixes else _KNOWN):
        return None  # such prefixes stand before other numbers too
    if is_dummy(run) and (size in sizes or (len(set(run)) == 1 and 2 * size > sizes[0])):
        return "placeholder", placeholder_message(form.canonical.replace("{n}", run)), ()
    code = _miscounted(grammar, run, sizes)
    if code is not None:
        if code == "digits-missing" and not (is_meant or 2 * size > sizes[0]):
            return None
        return code, _counted(entry, size, sizes), _fitting(grammar, run, code)
    if form.body is not None:
        return "out-of-range", _looks(entry), ()
    known = [begin for each in entry.forms if each.prefixes for begin in each.begins]
    if run.startswith(tuple(known)):
        return None
    begins = " or ".join(dict.fromkeys(known))
    return "out-of-range", f"every {entry.label} number that was issued begins with {begins}.", ()


def _miscounted(grammar: Grammar, run: str, sizes: tuple[int, ...]) -> Code | None:
    """Return whether digits are missing or extra: in all, or in one of the parts of a number."""
    size, parts = width(grammar.entry, run), _parts(run)
    known = [_parts(body) for body in bodies_of(grammar)] if grammar.form.digits is None else []
    if known and not is_lettered(grammar.entry):
        if len(parts) < min(map(len, known)):
            return "digits-missing"
        if any(part < min(column) for part, *column in zip(parts, *known, strict=False)):
            return "digits-missing"
    if size > sizes[-1]:
        return "digits-extra"
    return "digits-missing" if size not in sizes else None


def _parts(body: str) -> list[int]:
    """Return how long the runs of digits are."""
    return [len(run) for run in re.findall(r"\d+", body)]


def _fitting(grammar: Grammar, run: str, code: Code) -> tuple[str, ...]:
    """Return the numbers that digits one too few or one too many may be meant as."""
    digits = grammar.form.digits
    if digits is None or abs(len(run) - digits) != 1:
        return ()
    return (completions if code == "digits-missing" else shortenings)(grammar, run)


def _looks(entry: Registry) -> str:
    looks = f"{article(entry.label)} {entry.label} number looks like {entry.examples[0][1]}"
    return f"{looks}, this does not."


def _counted(entry: Registry, size: int, sizes: tuple[int, ...]) -> str:
    """Return the sentence that says how long a number is and how long it should be."""
    if size in sizes:
        return _looks(entry)
    wanted = str(sizes[0]) if len(sizes) == 1 else f"{sizes[0]} to {sizes[-1]}"
    what = "digits and letters" if is_lettered(entry) else "digits"
    return f"{article(entry.label)} {entry.label} number has {wanted} {what}, this has {size}."


def _near_misses(scan: Scan) -> Iterator[Finding]:
    for damage in scan.damages:
        key = damage.grammar.entry.key
        is_meant = damage.has_prefix and _is_telling(damage.grammar) and _is_glued(scan, damage)
        miss = near_miss(damage.grammar, damage.run, is_meant=is_meant)
        if miss and _is_meant(scan, damage):
            code, message, numbers = miss
            ids = tuple(TrialId(key, number) for number in numbers)
            yield Finding(damage.start, damage.end, code, key, message, None, ids)


def _is_meant(scan: Scan, damage: Damage) -> bool:
    """Return whether a prefix that needs a cue word has one, and digits without one a name.

    Years and counts are not meant.
    """
    view, entry, run = scan.view, damage.grammar.entry, damage.run
    if _DATED.fullmatch(run) and not _is_glued(scan, damage):
        return False
    if not damage.has_prefix:
        is_joined = joined_cue(view, entry, damage.start, damage.end) is not None
        return is_joined and not is_counted(view.folded, damage.end)
    if not damage.grammar.form.needs_cue:
        return True
    return near_cue(view, entry, damage.start, damage.end) is not None


def _is_telling(grammar: Grammar) -> bool:
    """Return whether all prefixes of a form are so long that they mean nothing else."""
    letters = [sum(map(str.isalpha, prefix)) for prefix in grammar.prefixes]
    return min(letters) >= _LONG_PREFIX


def _is_glued(scan: Scan, damage: Damage) -> bool:
    """Return whether no blank or bracket stands between a prefix and its digits."""
    place = damage.end - len(damage.run) - 1
    before = scan.view.folded[max(place, 0) : place + 1]
    return before.isalnum() or before in ("/", "-", "_")


def _placeholders(scan: Scan) -> Iterator[Finding]:
    for each in scan.placeholders:
        message = placeholder_message(each.number)
        yield Finding(each.start, each.end, "placeholder", each.entry.key, message)


def _left_open(view: View, entries: tuple[Registry, ...]) -> Iterator[Finding]:
    for each in blanks(view, entries):
        message = placeholder_message(view.text[each.start : each.end])
        yield Finding(each.start, each.end, "placeholder", each.entry.key, message)


def _unjoined(scan: Scan) -> Iterator[Finding]:
    for each in scan.doubted:
        key, label = each.entry.key, each.entry.label
        if each.has_prefix or is_placeholder(each.entry, each.number):
            continue
        message = (
            f"reads like {article(label)} {label} number, "
            "but nothing joins it to that registry's name."
        )
        id = TrialId(key, each.number)
        ids = () if id.check_digit == "suspect" else (id,)
        yield Finding(each.start, each.end, "bare-number", key, message, candidates=ids)


def _of_number(mention: Mention, entry: Registry) -> Iterator[Finding]:
    """Yield what is wrong with a number itself."""
    start, end, id = mention.start, mention.end, mention.id
    if entry.check and entry.checked(id.number) == "suspect":
        rule = f"{entry.label} {entry.check.rule}; probably a typing error."
        yield Finding(start, end, "check-digit", id.registry, rule, id, _neighbours(id, entry))
    if mention.repairs:
        message = f"read as {id}: {', '.join(mention.repairs)}."
        yield Finding(start, end, "repaired", id.registry, message, id, (id,))


def _neighbours(id: TrialId, entry: Registry) -> tuple[TrialId, ...]:
    """Return the numbers that differ from `id` in exactly one digit and pass the check."""
    number = id.number
    changed = {
        number[:place] + digit + number[place + 1 :]
        for place, old in enumerate(number)
        if old.isdigit()
        for digit in "0123456789"
        if digit != old
    }
    passing = sorted(n for n in changed if entry.checked(n) == "ok" and entry.owns(n))
    return tuple(TrialId(id.registry, each) for each in passing)


def _around(scan: Scan, starts: list[int], mention: Mention) -> set[str]:
    """Return the registries whose numbers stand in the same sentence, as near as cue words do."""
    low = bisect_left(starts, mention.start - CUE_REACH)
    high = bisect_left(starts, mention.end + CUE_REACH)
    found: set[str] = set()
    for each in scan.mentions[low:high]:
        between = min(each.end, mention.end), max(each.start, mention.start)
        if each.id.registry not in found and is_one_sentence(scan.view.folded, *between):
            found.add(each.id.registry)
    return found


def _wrong_label(
    view: View, mention: Mention, near: set[str], known: dict[str, Registry]
) -> Finding | None:
    """Return the problem that a number stands behind the name of another registry.

    None where its own name is near, or a number of the other that the name may be meant for.
    """
    own = known[mention.id.registry]
    if near_name(view, own, mention.start, mention.end):
        return None
    before = view.lowered(mention.start - CUE_REACH, mention.start)
    for each in known.values():
        is_other = each.kind == "registration" and not _is_same(each, own)
        is_named = is_other and any(map(before.__contains__, registry_names(each)))
        if not is_named or each.key in near:
            continue
        if name := joined_name(view, each, mention.start):
            id, label = mention.id, own.label
            what = f"{id} is {article(label)} {label} number, but the text calls it {name.text}."
            return Finding(mention.start, mention.end, "wrong-label", id.registry, what, id)
    return None


def _is_same(entry: Registry, other: Registry) -> bool:
    """Return whether two entries are one register, which changed its name and its numbers."""
    return entry.source == other.source


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
