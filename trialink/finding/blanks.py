"""Numbers left open: a prefix or a name, and signs where digits will stand, as in NCT04XXXXXX."""

from __future__ import annotations

import re
from functools import cache
from itertools import islice

from trialink.finding.belief import CUE_REACH, joined_cue, near_cue
from trialink.finding.grammar import (
    LETTER,
    Grammar,
    alternatives,
    cue_words,
    grammars,
    width,
    widths,
)
from trialink.finding.patterns import lazily
from trialink.finding.view import View
from trialink.registries import Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

# As few as this are also a Roman number or the end of a sentence.
_OPEN = lazily(r"[Xx]{3,24}|[?#_*\u2022]{4,24}|[Yy]{4}[\-/][Xx?]{3,24}")
_BODY = lazily(r"[0-9XxYy?#_*\u2022]{1,24}(?:[\-/][0-9XxYy?#_*\u2022]{1,24}){0,3}(?![0-9A-Za-z])")
_BEFORE = lazily(r"[0-9XxYy\-/]{0,24}\Z")
_HEAD = 48  # characters before the signs in which the prefix begins
_TELLING = 3  # letters of a prefix behind which any signs are a number's
_NUMBERED = ("registration", "identifier-service")
_MANY = 64  # signs in a row for which names are sought together


class Blank:
    """A number left open: where it stands, and of which registry it would be."""

    __slots__ = ("end", "entry", "start")

    def __init__(self, start: int, end: int, entry: Registry) -> None:
        self.start, self.end, self.entry = start, end, entry


def blanks(view: View, entries: tuple[Registry, ...]) -> Iterator[Blank]:
    """Yield the numbers left open in a text, in text order."""
    reached, matches = 0, _OPEN.finditer(view.text)
    while many := [*islice(matches, _MANY)]:
        named = _named_before(view, many, entries)
        for match in many:
            if match.start() < reached:
                continue
            if blank := _behind_prefix(view, match, entries) or _behind_name(view, match, named):
                yield blank
                reached = blank.end


def _named_before(
    view: View, many: list[re.Match[str]], entries: tuple[Registry, ...]
) -> list[Registry]:
    """Return the registries whose names lead to numbers, of those named before some signs."""
    reached, stretches = 0, []
    for match in many:
        low = max(reached, match.start() - _HEAD - CUE_REACH)
        stretches.append(view.lowered(low, match.start()))
        reached = max(low, match.start())
    before = "".join(stretches)
    return [each for each in _led_to(entries) if any(map(before.__contains__, cue_words(each)))]


@cache
def _led_to(entries: tuple[Registry, ...]) -> tuple[Registry, ...]:
    numbered = (each for each in entries if each.kind in _NUMBERED)
    return tuple(each for each in numbered if any(form.alone != "no" for form in each.forms))


def _behind_prefix(view: View, match: re.Match[str], entries: tuple[Registry, ...]) -> Blank | None:
    low = max(0, match.start() - _HEAD)
    heads = [*_prefixes(entries).finditer(view.folded, low, match.start() + 1)]
    for head in heads:
        body = _BODY.match(view.folded, head.end())
        if body is None or body.end() < match.end():
            continue
        for grammar in _printing(entries)[head[1].lower()]:
            if _is_meant(view, grammar, body):
                return Blank(head.start(), body.end(), grammar.entry)
    return None


def _is_meant(view: View, grammar: Grammar, body: re.Match[str]) -> bool:
    """Return whether signs behind a prefix stand for a number: a short prefix tells little."""
    entry, form = grammar.entry, grammar.form
    if min(map(len, form.prefixes)) < _TELLING:
        return width(entry, re.sub(r"[^\-/]", "0", body[0])) in widths(entry)
    return not form.needs_cue or near_cue(view, entry, body.start(), body.end()) is not None


def _behind_name(view: View, match: re.Match[str], named: list[Registry]) -> Blank | None:
    if not named:
        return None
    before = _BEFORE.search(view.folded, max(0, match.start() - _HEAD), match.start())
    start = before.start() if before else match.start()
    body = _BODY.match(view.folded, start)
    if body is None or body.end() < match.end():
        return None
    for entry in named:
        if joined_cue(view, entry, body.start(), body.end()):
            return Blank(body.start(), body.end(), entry)
    return None


@cache
def _prefixes(entries: tuple[Registry, ...]) -> re.Pattern[str]:
    words = alternatives(_printing(entries))
    head = rf"(?<![{LETTER}0-9])({words})[\s\-:#/._(\[]{{0,3}}(?=[0-9XxYy?#_*\u2022])"
    return re.compile(head, re.IGNORECASE)


@cache
def _printing(entries: tuple[Registry, ...]) -> dict[str, tuple[Grammar, ...]]:
    found: dict[str, list[Grammar]] = {}
    for grammar in grammars(entries):
        for prefix in grammar.prefixes if grammar.entry.kind in _NUMBERED else ():
            found.setdefault(prefix, []).append(grammar)
    return {prefix: tuple(those) for prefix, those in found.items()}
