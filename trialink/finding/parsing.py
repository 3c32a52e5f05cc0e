"""One identifier alone, in any accepted spelling."""

from __future__ import annotations

import re
from functools import cache

from trialink.errors import InvalidTrialId
from trialink.finding.candidates import candidates
from trialink.finding.grammar import (
    LONGEST,
    Grammar,
    alternatives,
    cue_words,
    grammars,
    join,
    registry_names,
)
from trialink.finding.outline import Outline, parsed
from trialink.finding.patterns import lazily
from trialink.finding.problems import article, near_miss
from trialink.finding.reading import Candidate, Damage, claim
from trialink.finding.repairing import is_placeholder, placeholder_message, restored
from trialink.finding.view import View, view
from trialink.model.ids import TrialId
from trialink.registries import Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MORE = "there is more in it than one number: find() reads texts"
_STEP = 16  # characters; no place of a text is farther from one that is looked at
_LONGEST = 600  # code points of a web address with a number; what is longer is a text
_WRAPPING = " \t\r\n.,;:()[]{}<>\"'+_*#|"
_BLANKS = r"[\s\"':;#=.,()\[\]/_+|\-]{0,4}"
# Words that may stand before a number beside the names of registries.
_LEADING = (
    r"(?:(?:clinical\s)?trials?|study|registration|registry|register(?:ed)?|reference|ref|code"
    r"|identifiers?|ids?|numbers?|num|nos?|nr|n[\u00b0\u00ba]|is|as|at|in|on"
    r"|under|with|the)"
)
# Behind a number of the European Union.
_COUNTRY = lazily(r"[\-/ ](?:[A-Z]{2}|3rd|Outside-EU/EEA)", re.IGNORECASE)
_ADDRESS = lazily(
    r"(?:https?://|www\.|(?:doi[:\s]{0,2})?10\.\d{4,9}/|[a-z\-]{2,40}(?:\.[a-z\-]{2,40}){1,4}/)\S",
    re.IGNORECASE,
)


def parse(text: str, *, registries: Iterable[Registry | str] | None = None) -> TrialId:
    """Return the identifier that `text` is, in any accepted spelling.

    A prefixed number needs no cue word: the caller says that it is a number. Digits alone need
    the registry's name before them, unless they have a shape of their own, as EudraCT numbers do.
    A number whose check digit fails is returned (see `TrialId.check_digit`); a web address of a
    record is read as its number, and the registry's name may stand behind the number too.
    `registries` limits the result as that of `find` does. Raises `InvalidTrialId`, a `ValueError`,
    that says why.

    >>> import trialink
    >>> trialink.parse("nct 05066646")
    TrialId('nct', 'NCT05066646')
    >>> trialink.parse("EudraCT Number: 2015-003324-32")
    TrialId('euctr', '2015-003324-32')
    """
    given = view(text, "parse")
    stripped = given.folded.strip(_WRAPPING)
    if not stripped:
        raise InvalidTrialId(text, "it is empty")
    if len(stripped) > _LONGEST:
        raise InvalidTrialId(text, _MORE)
    start = len(given.folded) - len(given.folded.lstrip(_WRAPPING))
    seen, keys = parsed(registries)
    entry, number = _read(text, view(given.text[start : start + len(stripped)], "parse"), seen)
    return _accepted(text, entry, number, keys)


def _read(text: str, whole: View, seen: Outline) -> tuple[Registry, str]:
    """Return the number that the unwrapped text is; errors quote `text`."""
    places = ((place, True) for place in range(0, len(whole.text) + _STEP, _STEP))
    found = [*candidates(whole.text, seen, places)]
    damages = [each for each in found if isinstance(each, Damage)]
    mends = (restored(whole, each) for each in damages)
    printed = [each for each in (*found, *mends) if isinstance(each, Candidate)]
    numbers = {*_in_address(whole, printed)} or {*_filling(whole, printed, seen.entries)}
    if len(numbers) == 1:
        return numbers.pop()
    raise _refusal(text, whole, printed, damages, seen.entries)


def _accepted(text: str, entry: Registry, number: str, keys: frozenset[str]) -> TrialId:
    if entry.kind == "decoy":
        raise _is_decoy(text, entry)
    if is_placeholder(entry, number):
        raise _invalid(text, placeholder_message(number), entry)
    if entry.key not in keys:
        label = f"{article(entry.label)} {entry.label}"
        raise _invalid(text, f"it is {label} number, and registries= leaves those out", entry)
    return TrialId(entry.key, number)


def _is_decoy(text: str, entry: Registry) -> InvalidTrialId:
    reason = f"it is {article(entry.label)} {entry.label} number, not a trial registration"
    return InvalidTrialId(text, reason, registry=entry.key)


def _filling(
    whole: View, printed: list[Candidate], entries: tuple[Registry, ...]
) -> Iterator[tuple[Registry, str]]:
    """Yield the number that is the whole text, but for names of registries around it.

    Several, where digits stand behind the names of several registries.
    """
    filling = sorted((each for each in printed if _fills(whole, each, entries)), key=claim)
    prefixed = [each for each in filling if each.has_prefix]
    for each in prefixed[:1] or filling:
        yield each.entry, each.number


def _fills(whole: View, candidate: Candidate, entries: tuple[Registry, ...]) -> bool:
    behind = whole.folded[candidate.end :]
    in_union = candidate.entry.region == "European Union"
    if in_union and _COUNTRY.fullmatch(behind):
        behind = ""
    around = whole.folded[: candidate.start], behind
    return all(_is_label(each, entries) for each in around) and _says_itself(around, candidate)


def _is_label(stretch: str, entries: tuple[Registry, ...]) -> bool:
    """Return whether a stretch has nothing but names of registries and "number", ":" ... in it."""
    return not stretch or _label(entries).fullmatch(stretch.lower()) is not None


def _says_itself(around: Iterable[str], candidate: Candidate) -> bool:
    """Return whether a number says by its prefix, shape or label which registry it is of."""
    form = candidate.grammar.form
    if candidate.has_prefix or form.alone == "checked" or form.needs_cue:
        return True
    words = (*cue_words(candidate.entry), *registry_names(candidate.entry))
    return any(word in stretch.lower() for stretch in around for word in words)


@cache
def _label(entries: tuple[Registry, ...]) -> re.Pattern[str]:
    """Return the pattern of what may stand around a number, in small letters."""
    words = {
        word.lower()
        for entry in entries
        for word in (
            *(entry.label, entry.name, *entry.cues),
            *(prefix for form in entry.forms for prefix in (*form.prefixes, *form.typos)),
        )
    }
    word = rf"(?:{alternatives(words)}|{_LEADING})(?![^\W\d_])"
    return re.compile(rf"{_BLANKS}(?:{word}{_BLANKS}){{0,6}}")


def _in_address(whole: View, printed: list[Candidate]) -> Iterator[tuple[Registry, str]]:
    """Yield the numbers in a web address: those that say whose they are."""
    if not _ADDRESS.match(whole.folded):
        return
    yield from ((each.entry, each.number) for each in printed if _is_spoken(each))


def _is_spoken(candidate: Candidate) -> bool:
    return candidate.has_prefix or (
        candidate.grammar.form.alone == "checked" and candidate.check == "ok"
    )


def _refusal(
    text: str,
    whole: View,
    printed: list[Candidate],
    damages: list[Damage],
    entries: tuple[Registry, ...],
) -> InvalidTrialId:
    for damage in damages:
        is_whole = damage.end == len(whole.text)
        is_whole = is_whole and _is_label(whole.folded[: damage.start], entries)
        if not (is_whole or _ADDRESS.match(whole.folded)):
            continue
        if miss := near_miss(damage.grammar, damage.run):
            return _invalid(text, miss[1], damage.grammar.entry)
    if alone := _bare_readings(whole, entries):
        if decoys := [entry for entry in alone if entry.kind == "decoy"]:
            return _is_decoy(text, decoys[0])
        could_be = " or ".join(alone.values())
        return InvalidTrialId(text, f"digits alone do not say whose they are: {could_be}")
    if any(each.has_prefix and each.entry.kind != "decoy" for each in printed):
        return InvalidTrialId(text, _MORE)
    begun = whole.lowered(0, LONGEST)
    for grammar in grammars(entries):
        if begun.startswith(grammar.prefixes) and _is_begun(whole, grammar):
            return _invalid(text, _shape(grammar.entry), grammar.entry)
    return InvalidTrialId(text, "no registry of the catalogue prints numbers like it")


def _bare_readings(whole: View, entries: tuple[Registry, ...]) -> dict[Registry, str]:
    """Return what the text would be as a bare number of each registry."""
    return {
        grammar.entry: grammar.form.number(match.groupdict())
        for grammar in grammars(entries)
        if grammar.bare and (match := grammar.bare.fullmatch(whole.folded))
    }


def _is_begun(whole: View, grammar: Grammar) -> bool:
    """Return whether the text begins as numbers of this form do: a prefix, then a digit."""
    pattern = rf"{alternatives(grammar.form.prefixes)}{join().pattern}\d"
    return re.match(pattern, whole.folded, re.IGNORECASE) is not None


def _shape(entry: Registry) -> str:
    if not entry.examples:
        return f"it does not have the shape of {article(entry.label)} {entry.label} number"
    return f"{article(entry.label)} {entry.label} number looks like {entry.examples[0][1]}"


def _invalid(text: str, message: str, entry: Registry) -> InvalidTrialId:
    return InvalidTrialId(text, message.removesuffix("."), registry=entry.key)
