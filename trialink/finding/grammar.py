"""The patterns that a catalogue entry stands for, compiled when they are first needed."""

from __future__ import annotations

import re
from functools import cache, cached_property

from trialink.registries import Registry
from trialink.registries.entry import Form

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# Between a prefix and its digits: a few separators, perhaps "No." or "identifier", a few more.
_BLANKS = r"[\s\"':;#=._,()\[\]/\-]{0,4}"
_NOUN = r"(?:numbers?|num|nos?|nr|n[\u00b0\u00ba]|identifiers?|ids?)"
GAP = rf"{_BLANKS}(?:{_NOUN}(?![^\W\d_]){_BLANKS})?"
# Between a cue word and a bare number that belongs to it: only words that announce a number.
_ANNOUNCING = rf"(?:{_NOUN}|references?|ref|is)"
JOIN = re.compile(rf"{_BLANKS}(?:{_ANNOUNCING}(?![^\W\d_]){_BLANKS}){{0,3}}", re.IGNORECASE)
_NOT_AFTER_LETTER = r"(?<![^\W\d_])"
# "IdentifierNCT05066646": where a blank was lost, capitals behind a small letter begin a word.
_NOT_IN_WORD = rf"(?:{_NOT_AFTER_LETTER}|(?-i:(?<=[a-z])(?=[A-Z]{{2}})))"
_NOT_AFTER_WORD = r"(?<![\w\-])"
# No further digit, and no single letter ("NCT04578639X"); a glued word is let through.
_END = r"(?!\d|[A-Za-z](?![A-Za-z]))"
# A digit or a letter that is typed for one, and what may tear digits apart.
_DIGIT = "[0-9OoIlSB]"
_TEAR = r"(?:-?\r?\n ?|[ \-])"


class Grammar:
    """One form of an entry and its patterns, each compiled when it is first needed.

    A pattern that the form has no use for is None. `prefixes` and `typos` are what must stand in
    a text for `printed` or `mistyped` to match, in small letters if their case is free.
    """

    def __init__(self, entry: Registry, form: Form) -> None:
        self.entry, self.form = entry, form
        self.prefixes, self.typos = self._sought(form.prefixes), self._sought(form.typos)

    @cached_property
    def printed(self) -> re.Pattern[str] | None:
        """A prefix and the number; has the groups of the form, as have the next two."""
        return self._behind(self.form.prefixes, self._number)

    @cached_property
    def mistyped(self) -> re.Pattern[str] | None:
        """A typing error of the prefix and the number."""
        return self._behind(self.form.typos, self._number)

    @cached_property
    def bare(self) -> re.Pattern[str] | None:
        """The number alone."""
        is_known = self.form.alone != "no"
        return self._compiled(f"{_NOT_AFTER_WORD}{self._number}") if is_known else None

    @cached_property
    def near(self) -> re.Pattern[str] | None:
        """A prefix and a `run` of digits, whatever their number."""
        run = rf"(?P<run>(?a:\d{{4,20}})){_END}"
        return self._behind(self.form.prefixes, run) if self.form.digits else None

    @cached_property
    def torn(self) -> re.Pattern[str] | None:
        """A prefix and a `run` of as many digits as a number has, torn or typed as letters."""
        more = f"(?:{_TEAR}?{_DIGIT}){{{(self.form.digits or 1) - 1}}}"
        run = f"(?P<run>(?-i:{_DIGIT}{more})){_END}"
        return self._behind(self.form.prefixes, run) if self.form.digits else None

    @cached_property
    def body(self) -> re.Pattern[str]:
        """The number without anything around it."""
        return re.compile(self.form.pattern, re.ASCII | re.IGNORECASE)

    @property
    def _number(self) -> str:
        # Letters and digits of a number are ASCII: what looks alike has been folded.
        return f"(?a:{self.form.pattern}){_END}"

    def _sought(self, prefixes: tuple[str, ...]) -> tuple[str, ...]:
        if self.form.exact_case:
            return prefixes
        return tuple(prefix.lower() for prefix in prefixes)

    def _behind(self, prefixes: tuple[str, ...], body: str) -> re.Pattern[str] | None:
        if not prefixes:
            return None
        head = _NOT_AFTER_LETTER if self.form.needs_cue else _NOT_IN_WORD
        gap = GAP if self.form.spaced else ""
        return self._compiled(f"{head}{alternatives(prefixes)}{gap}{body}")

    def _compiled(self, pattern: str) -> re.Pattern[str]:
        return re.compile(pattern, 0 if self.form.exact_case else re.IGNORECASE)


@cache
def grammars(entries: tuple[Registry, ...]) -> tuple[Grammar, ...]:
    """Return the grammars of all forms of the entries, in the order of the entries."""
    return tuple(Grammar(entry, form) for entry in entries for form in entry.forms)


def alternatives(words: Iterable[str]) -> str:
    """Return a pattern that matches any of the words, longest first."""
    ordered = sorted(words, key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, ordered))})"


@cache
def cue_words(entry: Registry) -> tuple[str, ...]:
    """Return the words that make a number of the entry believable, in small letters."""
    return tuple(cue.lower() for cue in entry.cues)


@cache
def registry_names(entry: Registry) -> tuple[str, ...]:
    """Return what the registry itself is called, in small letters.

    Of the cue words those that name a register or a trial: "Peru" names a country.
    """
    named = (cue for cue in cue_words(entry) if "trial" in cue or "regist" in cue)
    return tuple(dict.fromkeys((entry.label.lower(), entry.name.lower(), *named)))


@cache
def widths(entries: tuple[Registry, ...]) -> dict[str, frozenset[int]]:
    """Return for each registry key how many digits its plain numbers have."""
    return {
        entry.key: frozenset(form.digits for form in entry.forms if form.digits)
        for entry in entries
    }
