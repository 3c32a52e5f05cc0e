"""What an author should look at: near misses, failed checks, placeholders, wrong labels."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import partial

from trialink.finding.belief import CUE_REACH, joined_cue, joined_name, near_cue, near_name
from trialink.finding.blanks import blanks
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
from trialink.finding.reading import Damage
from trialink.finding.repairing import (
    completions,
    is_dummy,
    is_placeholder,
    neighbours,
    placeholder_message,
    shortenings,
)
from trialink.finding.scanning import Scan
from trialink.finding.view import View
from trialink.model.ids import TrialId
from trialink.model.mentions import SEVERITIES, Mention, Problem, Span, problem_of
from trialink.registries import Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from trialink.model.words import Code

    Named = list[tuple[Registry, tuple[str, ...]]]  # registries and what they are called


_KNOWN = ("registration", "identifier-service")  # kinds of numbers with parts
_SHAPELY = (*_KNOWN, "regulator", "ethics", "sponsor")
_DOI, _DOI_REACH = lazily(r"(?<![\d.])10\.\d{4,9}/\S{0,24}\Z"), 48
_LONG_PREFIX = 4  # letters of a prefix behind which any digits are meant as a number
# Years, dates and laws, 536/2014, stand behind the names of registries too.
_DATED = lazily(
    r"(?:19|20)\d\d(?:[\-/](?:(?:19|20)\d\d|\d\d(?:[\-/]\d\d)?))?|\d\d[\-/.]\d\d[\-/.](?:19|20)\d\d"
    r"|\d{1,4}/(?:19|20)\d\d"
)
# How the digits of a number are put right where a wrong count of them is its problem.
_FITTING: dict[Code, Callable[[Grammar, str], tuple[str, ...]]] = {
    "digits-missing": completions,
    "digits-extra": shortenings,
}


class Finding:
    """A problem before it has its place in lines and columns; `meant` makes its candidates."""

    __slots__ = ("code", "end", "id", "meant", "message", "registry", "start")

    def __init__(
        self,
        start: int,
        end: int,
        code: Code,
        registry: str,
        message: str,
        id: TrialId | None = None,
        meant: Callable[[], Iterable[TrialId]] = tuple,
    ) -> None:
        self.start, self.end, self.code, self.registry = start, end, code, registry
        self.message, self.id, self.meant = message, id, meant


def problems(text: str, scan: Scan, entries: tuple[Registry, ...]) -> list[Problem]:
    """Return all problems of a scanned text, in text order."""
    opened = [*_left_open(scan.view, entries)]
    begun = {each.start for each in opened}  # digits before the signs of a number left open
    found = [each for each in _near_misses(scan) if each.start not in begun]
    found += [*opened, *_placeholders(scan), *_unjoined(scan)]
    known = {entry.key: entry for entry in entries}
    for mention in scan.mentions:
        found.extend(_of_number(mention, known[mention.id.registry]))
    found += _wrong_labels(scan, known)
    found.sort(key=lambda each: (each.start, each.end, each.code))
    if not found:
        return []
    lines = Lines(text)
    return [placed(text, lines, each) for each in found]


def near_miss(grammar: Grammar, run: str, *, is_meant: bool = False) -> tuple[Code, str] | None:
    """Return code and message for digits behind a prefix that make no number.

    None when they are too few to be meant as a number of this registry, unless `is_meant` says so.
    """
    entry, form = grammar.entry, grammar.form
    size, sizes = width(entry, run), widths(entry)
    if not sizes or entry.kind not in (_SHAPELY if form.digits or not form.prefixes else _KNOWN):
        return None  # such prefixes stand before other numbers too
    if form.digits is None and not is_lettered(entry) and _has_strange_letters(grammar, run):
        return None
    if is_dummy(run) and (size in sizes or (len(set(run)) == 1 and 2 * size > sizes[0])):
        return "placeholder", placeholder_message(form.canonical.replace("{n}", run))
    code = _miscounted(grammar, run, sizes)
    if code is not None:
        if code == "digits-missing" and not (is_meant or 2 * size > sizes[0]):
            return None
        return code, _counted(entry, size, sizes)
    if form.body is not None:
        return "out-of-range", _looks(entry)
    known = [begin for each in entry.forms if each.prefixes for begin in each.begins]
    if run.startswith(tuple(known)):
        return None
    begins = " or ".join(dict.fromkeys(known))
    return "out-of-range", f"every {entry.label} number that was issued begins with {begins}."


def _miscounted(grammar: Grammar, run: str, sizes: tuple[int, ...]) -> Code | None:
    """Return whether digits are missing or extra: in all, or in one of the parts of a number."""
    size, parts = width(grammar.entry, run), _parts(run)
    bodies = bodies_of(grammar) if grammar.form.digits is None else ()
    known = [_parts(body) for body in bodies if body[0].isdigit() == run[0].isdigit()]
    if known and not is_lettered(grammar.entry):
        if len(parts) < min(map(len, known)):
            return "digits-missing"
        columns = [*zip(parts, *known, strict=False)]
        if any(part < min(column) for part, *column in columns):
            return "digits-missing"
        if any(part > max(column) for part, *column in columns):
            return "digits-extra"
    if size > sizes[-1]:
        return "digits-extra"
    return "digits-missing" if size not in sizes else None


def _has_strange_letters(grammar: Grammar, run: str) -> bool:
    """Return whether there are letters where no example of a form has any."""
    has_letters = any(map(str.isalpha, run))
    return has_letters and not any(map(str.isalpha, "".join(bodies_of(grammar))))


def _parts(body: str) -> list[int]:
    """Return how long the runs of digits are."""
    return [len(run) for run in re.findall(r"\d+", body)]


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
        is_meant = damage.has_prefix and _is_telling(damage.grammar) and _is_glued(scan, damage)
        miss = near_miss(damage.grammar, damage.run, is_meant=is_meant)
        if miss and _is_meant(scan, damage):
            code, message = miss
            key = damage.grammar.entry.key
            meant = partial(_fitting, damage.grammar, damage.run, code)
            yield Finding(damage.start, damage.end, code, key, message, None, meant)


def _fitting(grammar: Grammar, run: str, code: Code) -> Iterator[TrialId]:
    """Yield the numbers that digits one too few or one too many may be meant as."""
    digits = grammar.form.digits
    if code in _FITTING and digits is not None and abs(len(run) - digits) == 1:
        yield from (TrialId(grammar.entry.key, each) for each in _FITTING[code](grammar, run))


def _is_meant(scan: Scan, damage: Damage) -> bool:
    """Return whether a prefix that needs a cue word has one, and digits without one a name.

    Years and counts are not meant.
    """
    view, entry, run = scan.view, damage.grammar.entry, damage.run
    if _DATED.fullmatch(run) and not _is_glued(scan, damage):
        return False
    if not damage.has_prefix:
        is_joined = joined_cue(view, entry, damage.start, damage.end) is not None
        return is_joined and not is_counted(view, damage.end)
    if _is_behind_bracket(view, damage) or _is_in_doi(view, damage):
        return False
    if not damage.grammar.form.needs_cue:
        return True
    return near_cue(view, entry, damage.start, damage.end) is not None


def _is_in_doi(view: View, damage: Damage) -> bool:
    """Return whether a prefix stands in the DOI of an article; ISRCTN numbers have DOIs too."""
    before = view.folded[max(0, damage.start - _DOI_REACH) : damage.start]
    has_dois = any("doi.org" in url for url in damage.grammar.entry.urls)
    return not has_dois and _DOI.search(before) is not None


def _is_behind_bracket(view: View, damage: Damage) -> bool:
    """Return whether far too few digits stand behind a prefix in brackets: "(NCT) 69120 ..."."""
    between = view.folded[damage.start : damage.end - len(damage.run)]
    is_short = (damage.grammar.form.digits or 0) - len(damage.run) > 1
    return is_short and ")" in between


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
        meant = partial(_unless_suspect, TrialId(key, each.number))
        yield Finding(each.start, each.end, "bare-number", key, message, None, meant)


def _unless_suspect(id: TrialId) -> tuple[TrialId, ...]:
    return () if id.check_digit == "suspect" else (id,)


def _of_number(mention: Mention, entry: Registry) -> Iterator[Finding]:
    """Yield what is wrong with a number itself."""
    start, end, id = mention.start, mention.end, mention.id
    if entry.check and entry.checked(id.number) == "suspect":
        rule = f"{entry.label} {entry.check.rule}; probably a typing error."
        meant = partial(_one_digit_away, id, entry)
        yield Finding(start, end, "check-digit", id.registry, rule, id, meant)
    if mention.repairs:
        message = f"read as {id}: {', '.join(mention.repairs)}."
        yield Finding(start, end, "repaired", id.registry, message, id, lambda: (id,))


def _one_digit_away(id: TrialId, entry: Registry) -> Iterator[TrialId]:
    return (TrialId(id.registry, each) for each in neighbours(entry, id.number))


def _wrong_labels(scan: Scan, known: dict[str, Registry]) -> Iterator[Finding]:
    """Yield the numbers that stand behind the name of another registry.

    Not where its own name is near, or a number of the other that the name may be meant for.
    """
    starts = [mention.start for mention in scan.mentions]
    named = _named_before(scan, known.values())
    for mention in scan.mentions if named else ():
        own = known[mention.id.registry]
        name = _other_name(scan, starts, mention, own, named)
        if name and not near_name(scan.view, own, mention.start, mention.end):
            id, label = mention.id, own.label
            what = f"{id} is {article(label)} {label} number, but the text calls it {name.text}."
            yield Finding(mention.start, mention.end, "wrong-label", id.registry, what, id)


def _named_before(scan: Scan, entries: Iterable[Registry]) -> Named:
    """Return the registries of trials that a name stands for somewhere before a number."""
    reached, stretches = 0, []
    for mention in scan.mentions:
        stretches.append(scan.view.lowered(max(reached, mention.start - CUE_REACH), mention.start))
        reached = mention.start
    before = "".join(stretches)
    named = ((each, registry_names(each)) for each in entries if each.kind == "registration")
    return [(each, names) for each, names in named if any(map(before.__contains__, names))]


def _other_name(
    scan: Scan, starts: list[int], mention: Mention, own: Registry, named: Named
) -> Span | None:
    """Return the name of another registry that is joined to a number and not to one of its own."""
    before = scan.view.lowered(mention.start - CUE_REACH, mention.start)
    for each, names in named:
        if _is_same(each, own) or not any(map(before.__contains__, names)):
            continue
        name = joined_name(scan.view, each, mention.start)
        if name and each.key not in _around(scan, starts, mention):
            return name
    return None


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


def _is_same(entry: Registry, other: Registry) -> bool:
    """Return whether two entries are one register, which changed its name and its numbers."""
    return entry.source == other.source


def placed(text: str, lines: Lines, found: Finding) -> Problem:
    """Return the problem of a finding, with its place in lines and columns."""
    start, end, code = found.start, found.end, found.code
    place = *lines.place(start), SEVERITIES[code], found.id
    given = start, end, text[start:end], code, *place, found.registry, found.message
    return problem_of(*given, meant=found.meant)


def article(label: str) -> str:
    """Return "a" or "an" for a registry's label, which is spelt where it is all capitals."""
    spelt = label[:2].isupper() and not label.startswith(("CRiS", "DOH"))
    return "an" if label[:1] in ("AEFHILMNORSX" if spelt else "AEIO") else "a"
