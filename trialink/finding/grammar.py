"""The patterns that a catalogue entry stands for, compiled when they are first needed."""

from __future__ import annotations

import re
from functools import cache, cached_property

from trialink.finding.patterns import lazily, narrowly
from trialink.finding.shape import shape
from trialink.registries import Registry
from trialink.registries.entry import Form

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Words that announce a number, between the name of a registry and the digits ...
ANNOUNCING = (
    *("number", "numbers", "num", "no", "nos", "nr", "n\u00b0", "n\u00ba", "is", "id", "ids"),
    *("identifier", "identifiers", "reference", "ref", "registration", "reg", "trn", "under"),
    *("nummer", "onder", "unter", "n\u00famero", "numero", "num\u00e9ro", "n.\u00ba", "n.\u00b0"),
    *("registernummer", "registrierungsnummer", "studiennummer", "registratienummer"),
    *("registreringsnummer", "identifikationsnummer", "identificatienummer", "trialnummer"),
    *("enregistrement", "identifiant", "inscription", "registro", "registo", "identificador"),
    *("c\u00f3digo", "codigo", "registrazione", "identificativo", "codice", "numer", "numerem"),
    *("numaras\u0131", "numara", "\u010d\u00edslo", "nomor", "kode", "tunnus"),
    *("\u043d\u043e\u043c\u0435\u0440", "\u043d\u043e\u043c\u0435\u0440\u043e\u043c"),
    *("\u0438\u0434\u0435\u043d\u0442\u0438\u0444\u0438\u043a\u0430\u0442\u043e\u0440",),
    *("\u03b1\u03c1\u03b9\u03b8\u03bc\u03cc\u03c2", "\u03b1\u03c1\u03b9\u03b8\u03bc\u03cc"),
    *("\u0634\u0645\u0627\u0631\u0647", "\u06a9\u062f", "\u0631\u0642\u0645"),
)
# ... words that lead on to one of those: "with the number" ...
_LEADING_ON = (
    *("with", "as", "by", "under", "the", "its", "avec", "sous", "le", "con", "bajo", "el"),
    *("mit", "unter", "der", "met", "onder", "com", "sob", "o", "il", "sotto"),
    *("de", "di", "do", "del", "d'", "pod"),
)
# ... the sign for "number", and words for it in Chinese, Japanese and Korean, to which no blank
# belongs ...
SIGNED = (
    "\u2116",
    "\u7f16\u53f7",
    "\u7de8\u865f",
    "\u756a\u53f7",
    "\u6ce8\u518c\u53f7",
    "\u6ce8\u518c\u7f16\u53f7",
    "\u6ce8\u518c\u53f7\u4e3a",
    "\ubc88\ud638",
    "\u8a3b\u518a\u865f",
    "\u767b\u8bb0\u53f7",
    "\u767b\u8a18\u865f",
    "\u767b\u9332\u756a\u53f7",
    "\ub4f1\ub85d\ubc88\ud638",
)
# ... words for what is numbered ...
NAMING = ("trial", "trials", "study", "code", "identification")
# ... and words that stand behind the name of a registry only.
REGISTERING = (
    *("registry", "register", "record", "database", "entry", "as"),
    *("website", "portal", "platform", "system"),
    *("clinical trials registry", "clinical trial registry", "clinical trials register"),
)
_SPELT = 3  # letters of a prefix that may be printed letter by letter
_LONG = 4  # letters of a prefix that is known again with two of them swapped
# Between a prefix and its digits: a few separators, perhaps some of these words.
_SEPARATORS = r"[\s\"':;#=._,()\[\]/|*+\-]{0,4}"
# Latin letters only: Chinese and Japanese leave no blank before a number.
LETTER = r"A-Za-z\u00c0-\u024f"
# Patterns read folded text, in which a letter of either case needs no other way. With it, and with
# more than two ranges in a class, `re` compiles several times as long. Small letters of some
# capitals before \u024f stand before \u02af.
_NO_LETTER_BEFORE = r"(?<![A-Za-z])(?<![\u00c0-\u02af])"
_NOT_AFTER_LETTER = f"(?-i:{_NO_LETTER_BEFORE})"
# "IdentifierNCT05066646": where a blank was lost, capitals behind a small letter begin a word.
_NEW_WORD = "[A-Z]{2}"
# A bare number is cut out of nothing longer; its label may be glued to it.
_NOT_AFTER_WORD = r"(?:(?<![\w\-])|(?<!\d)(?<!\d-)(?=\d))"
# No further digit, and no single letter ("NCT04578639X"); a glued word is let through.
# A letter and four digits begin the next number, glued to this one: "NCT05066646U1111-...".
END = r"(?-i:(?!\d|[A-Za-z](?!\d{4}|[A-Za-z])))"
LONGEST = 64  # characters of an identifier as printed
# What stands where a number with parts should: digits and what joins them, in some letters too.
NEAR = r"[0-9]{1,24}(?:[\-/._][A-Z]?[0-9]{1,10}|N[0-9]{0,10}){0,4}"
NEAR_END = "(?![0-9A-Za-z])"
THREE_DIGITS = b"000"  # in a shape
# In a pattern: a group; a group that ends in many digits and is not left out.
_INNERMOST = lazily(r"\([^()]{0,400}\)")
_MANY_DIGITS = lazily(r"\(\?P<\w{1,9}>[^()|]{0,24}\\d\{(?:[3-9]|\d\d)(?:,\d{0,2})?\}\)(?![?*{])")
_CALLED = lazily(r"\btrials? regist(?:er|ry)\b")  # in small letters, and what it stands for
_CALLINGS = ("trial register", "trial registry", "trials register", "trials registry")
_LETTERED = r"[0-9A-Za-z]{1,24}"


class Grammar:
    """One form of an entry and its patterns, each compiled when it is first needed.

    A pattern that the form has no use for is None. `prefixes`, `typos`, `addresses` (the beginnings
    of web addresses) and `spelt` (prefixes letter by letter, as wide headings print them) are what
    may stand before its numbers, in small letters.
    """

    def __init__(self, entry: Registry, form: Form) -> None:
        self.entry, self.form = entry, form
        self.prefixes = tuple(prefix.lower() for prefix in form.prefixes)
        self.typos = tuple(dict.fromkeys((*map(str.lower, form.typos), *_mistyped(form))))
        self.addresses = tuple(_addresses(entry)) if _is_plain(form) else ()
        long = (prefix for prefix in self.prefixes if prefix.isalpha() and len(prefix) >= _SPELT)
        self.spelt = {" ".join(prefix): prefix for prefix in long}

    @property
    def words(self) -> tuple[str, ...]:
        """All that may stand before the numbers."""
        return (*self.prefixes, *self.typos, *self.addresses, *self.spelt)

    @cached_property
    def cues(self) -> tuple[str, ...]:
        """The words that make a number of the entry believable, in small letters."""
        return cue_words(self.entry)

    @cached_property
    def printed(self) -> re.Pattern[str] | None:
        """A prefix and the number; has the groups of the form, as have the next four."""
        prefixes, is_plain = self.form.prefixes, self.form.body is None and self.form.spaced
        if not (prefixes and is_plain):
            return self._behind(prefixes, self.number)
        # Most numbers stand close to their prefix; the words that may stand between are most of the
        # pattern. None of them begins with a digit, as the number does.
        narrow = self._source(prefixes, _SEPARATORS, self.number)
        return narrowly(narrow, self._source(prefixes, self._gap, self.number), self._flags)

    @cached_property
    def glued(self) -> re.Pattern[str] | None:
        """The same, whatever letters are glued to it on either side."""
        head = f"{alternatives(self.form.prefixes)}{self._gap}"
        return self._compiled(f"{head}(?a:{self.form.pattern})(?!\\d)") if self.prefixes else None

    @cached_property
    def mistyped(self) -> re.Pattern[str] | None:
        """A typing error of the prefix and the number."""
        return self._behind(self.typos, self.number)

    @cached_property
    def addressed(self) -> re.Pattern[str] | None:
        """The beginning of a web address and the number."""
        head = alternatives(self.addresses)
        return re.compile(f"{head}{self.number}", re.IGNORECASE) if self.addresses else None

    @cached_property
    def bare(self) -> re.Pattern[str] | None:
        """The number alone."""
        is_known = self.form.alone != "no"
        return self._compiled(f"{_NOT_AFTER_WORD}{self.number}") if is_known else None

    @cached_property
    def near(self) -> re.Pattern[str] | None:
        """A prefix and a `run` of what a number consists of, whatever its length."""
        is_long = min(map(len, self.prefixes), default=0) >= _LONG
        begin = "" if is_long else _beginning(self)
        if self.form.digits:
            # Not part of a position in the sky: IRAS 16293-2422.
            run = rf"\d{{{2 if is_long else 4},20}}(?! ?[+\-] ?\d)"
        elif is_lettered(self.entry):
            run = rf"(?=\d){_LETTERED}"
        elif begin is None:
            return None  # a short prefix begins too many other words
        else:
            bodies = [*bodies_of(self)]
            is_led = bool(bodies) and all(body[0].isalpha() for body in bodies)
            run = ("[A-Za-z]{2,5}[ -]?" if is_led else "") + f"(?={begin}){NEAR}"
        return self._behind(self.form.prefixes, rf"(?P<run>(?a:{run})){NEAR_END}")

    @cached_property
    def body(self) -> re.Pattern[str]:
        """The number without anything around it."""
        return re.compile(self.form.pattern, re.ASCII | re.IGNORECASE)

    @cached_property
    def firsts(self) -> frozenset[int]:
        """How many digits come first in the examples of its numbers."""
        heads = (len(body) - len(body.lstrip("0123456789")) for body in bodies_of(self))
        return frozenset(heads)

    @cached_property
    def member(self) -> re.Pattern[str]:
        """The number as a member of a list whose first has the prefix."""
        return self._compiled(self.number)

    @property
    def number(self) -> str:
        """The pattern of the number, and that it ends there."""
        # Letters and digits of a number are ASCII: what looks alike has been folded.
        return f"(?a:{self.form.pattern}){END}"

    @property
    def _gap(self) -> str:
        # Prefixes in exact case stand before words in any.
        return f"(?i:{_gap()})" if self.form.spaced else ""

    def _behind(self, prefixes: tuple[str, ...], body: str) -> re.Pattern[str] | None:
        return self._compiled(self._source(prefixes, self._gap, body)) if prefixes else None

    def _source(self, prefixes: tuple[str, ...], gap: str, body: str) -> str:
        head = _NOT_AFTER_LETTER if self.form.needs_cue else _not_in_word(prefixes)
        return f"{head}{alternatives(prefixes)}{gap}{body}"

    def _compiled(self, pattern: str) -> re.Pattern[str]:
        return re.compile(pattern, self._flags)

    @property
    def _flags(self) -> int:
        return 0 if self.form.exact_case else re.IGNORECASE


def _not_in_word(prefixes: Iterable[str]) -> str:
    """Return the pattern of where a prefix begins; one in mixed case is known behind a word too."""
    mixed = [
        each for each in prefixes if len(each) >= _LONG and not (each.isupper() or each.islower())
    ]
    new_word = "|".join((_NEW_WORD, *map(re.escape, mixed)))
    return rf"(?-i:{_NO_LETTER_BEFORE}|(?<=[a-z])(?={new_word}))"


def _mistyped(form: Form) -> list[str]:
    """Return the ways to type a long prefix with two neighbours swapped, or to misread its I.

    Of one that is longer still, also those with a letter left out.
    """
    ways: list[str] = []
    for prefix in form.prefixes if not (form.exact_case or form.needs_cue) else ():
        if len(prefix) < _LONG or not prefix.isalpha():
            continue
        word = prefix.lower()
        swaps = range(len(word) - 1)
        ways += [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in swaps]
        if len(word) > _LONG + 1:  # RPEC is no Cuban number: it may be REPEC
            ways += [word[:at] + word[at + 1 :] for at in range(len(word))]
        if "i" in word:
            ways += word.replace("i", "l"), word.replace("i", "1")
    return ways


def _beginning(grammar: Grammar) -> str | None:
    """Return the digits that all examples of a form have as their first part, if they do."""
    parts = [re.match(r"(\d{2,})\D", body) for body in bodies_of(grammar)]
    first = {part[1] if part else "" for part in parts}
    return first.pop() or None if len(first) == 1 else None


def _is_plain(form: Form) -> bool:
    """Return whether a number has no parts."""
    body = form.body
    return body is None or (body.count("(?P<") == 1 and "(?P<n>" in body)


def _addresses(entry: Registry) -> Iterator[str]:
    """Yield the beginnings of the entry's web addresses that end in the digits of a number."""
    for template in filter(None, (entry.url, *entry.urls)):
        head, _, _ = template.partition("{n}")
        if head != template:
            yield head.partition("://")[2].removeprefix("www.").lower()


@cache
def grammars(entries: tuple[Registry, ...]) -> tuple[Grammar, ...]:
    """Return the grammars of all forms of the entries, in the order of the entries."""
    every = tuple(Grammar(entry, form) for entry in entries for form in entry.forms)
    right = {prefix for grammar in every for prefix in grammar.prefixes}
    for grammar in every:
        grammar.typos = tuple(typo for typo in grammar.typos if typo not in right)
    return every


@cache
def join() -> re.Pattern[str]:
    """Return the pattern of what may stand between a cue word and a number that belongs to it."""
    lead = rf"(?:(?<![^\W\d_]){alternatives(_LEADING_ON)}\s{{1,2}}){{0,2}}"
    return re.compile(rf"(?:{_gap(REGISTERING, lead, 4)}|:?\s{{5,64}})", re.IGNORECASE)


@cache
def _gap(more: tuple[str, ...] = (), lead: str = "", most: int = 3) -> str:
    """Return the pattern of blanks and of a few words that announce a number."""
    words = alternatives((*ANNOUNCING, *NAMING, *more))
    noun = rf"(?:(?<![^\W\d_]){words}(?![^\W\d_])|{alternatives(SIGNED)})"
    return rf"{_SEPARATORS}(?:{lead}{noun}{_SEPARATORS}){{0,{most}}}"


def alternatives(words: Iterable[str]) -> str:
    """Return a pattern that matches any of the words, longest first."""
    ordered = sorted(words, key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, ordered))})"


@cache
def cue_words(entry: Registry) -> tuple[str, ...]:
    """Return the words that make a number of the entry believable, in small letters.

    A registry of trials is called a register of a trial too, whatever its right name is.
    """
    words: list[str] = []
    for name in map(str.lower, entry.cues):
        words.append(name)
        if " regist" in name and (called := _CALLED.search(name)):
            before, behind = name[: called.start()], name[called.end() :]
            words += [f"{before}{what}{behind}" for what in _CALLINGS]
    return tuple(dict.fromkeys(words))


@cache
def registry_names(entry: Registry) -> tuple[str, ...]:
    """Return what the registry itself is called, in small letters.

    Of the cue words those that name a register or a trial: "Peru" names a country.
    """
    named = (cue for cue in cue_words(entry) if "trial" in cue or "regist" in cue)
    return tuple(dict.fromkeys((entry.label.lower(), entry.name.lower(), *named)))


@cache
def widths(entry: Registry) -> tuple[int, ...]:
    """Return how long the entry's numbers are, ascending, counted as `width` does.

    Forms say it of plain numbers, examples of numbers with parts.
    """
    bodies = _bodies(entry)
    found = {form.digits for form in entry.forms if form.digits}
    return tuple(sorted(found.union(width(entry, body) for body in bodies)))


def width(entry: Registry, body: str) -> int:
    """Return how many digits a number has; with the letters where most of it are letters."""
    return sum(map(str.isalnum if is_lettered(entry) else str.isdigit, body))


@cache
def is_lettered(entry: Registry) -> bool:
    """Return whether numbers of an entry are letters and digits mixed, as ReBec's are."""
    bodies = "".join(_bodies(entry))
    return 2 * sum(map(str.isalpha, bodies)) > sum(map(str.isdigit, bodies))


@cache
def _bodies(entry: Registry) -> tuple[str, ...]:
    """Return the examples of an entry's numbers with parts, without their prefixes."""
    every = (Grammar(entry, form) for form in entry.forms if form.digits is None)
    return tuple(body for each in every for body in bodies_of(each))


def bodies_of(grammar: Grammar) -> Iterator[str]:
    """Yield the examples of a form's numbers without their prefixes."""
    for _, number in grammar.entry.examples:
        if match := grammar.body.search(number):
            yield match[0]


def shows_three(grammar: Grammar) -> bool:
    """Return whether each number of a form shows three digits in a row."""
    if grammar.form.digits is not None or is_long(grammar):
        return is_long(grammar)
    shown = number_shapes(grammar.entry)
    return is_shown(grammar) and all(THREE_DIGITS in number for number in shown)


def is_long(grammar: Grammar) -> bool:
    """Return whether a form says that each of its numbers shows three digits in a row."""
    if grammar.form.digits is not None:
        return grammar.form.digits >= len(THREE_DIGITS)
    pattern = grammar.form.pattern
    group = _MANY_DIGITS.search(pattern)
    if group is None or _has_ways(pattern):
        return False
    return pattern.count("(", 0, group.start()) == pattern.count(")", 0, group.start())


def _has_ways(pattern: str) -> bool:
    """Return whether a pattern as a whole is this or that: no part of it is in all matches."""
    while "|" in pattern and (outer := _INNERMOST.sub("", pattern)) != pattern:
        pattern = outer
    return "|" in pattern


@cache
def number_shapes(entry: Registry) -> tuple[bytes, ...]:
    """Return the shapes of the numbers that the examples of an entry are."""
    return tuple(shape(number) for _, number in entry.examples)


def is_shown(grammar: Grammar) -> bool:
    """Return whether an example has a prefix of a form."""
    texts = [text.lower() for example in grammar.entry.examples for text in example]
    return any(prefix in text for prefix in grammar.prefixes for text in texts)
