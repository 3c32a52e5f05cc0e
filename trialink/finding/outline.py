"""From the entries to what shows of their numbers in the shape of a text.

A number shows three digits in a row; torn apart, at least pairs or single digits with a blank
between. Before them stands, with blanks between, a prefix, the name of its registry or a word
that announces a number; or the digits have a shape of their own. Where a number may show less, it
is sought right behind its prefix. Which is which, the examples of the entries say.
"""

from __future__ import annotations

import re
from functools import cache, cached_property

from trialink.finding.grammar import (
    ANNOUNCING,
    NAMING,
    REGISTERING,
    Grammar,
    alternatives,
    bodies_of,
    cue_words,
    grammars,
)
from trialink.finding.patterns import lazily
from trialink.finding.shape import shape
from trialink.registries import REGISTRIES, Registry, selected

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_THREE_DIGITS = lazily(b"000(?<!0000)")
TAIL = 2  # characters by which an announcement is looked up
SIGHT = 32  # characters before digits in which it is seen
TORN = b"0 oilsb"  # what stands before the digits that show of a torn number, besides its prefix
# Behind a digit: more of them a blank apart, or letters typed for some; these stay to be seen.
_TORN_APART = b" 0 0 0|0 00 00|0?[oilsb][0oilsb]"
FIRST = 2  # characters by which a prefix is looked up
_GOING_ON = frozenset("acdefghjkmnpqrtuvwxyz")  # letters that are typed for no digit
_FEW = 3  # digits that show
_LONG = 6  # characters of a word that few other words end with
_SHORT = 2  # letters of a prefix that is part of many words
# What typesetting leaves before digits: the ends of entities and of the escapes of web addresses
# and JSON. Of tags the end is told from a blank.
_LEFT_OVERS = (
    "nbsp",
    "thinsp",
    "ensp",
    "emsp",
    "shy",
    "xa0",
    "x2f",
    "x2d",
    "%2f",
    "%3a",
    "%3d",
    "c2%a",
    "e2%80",
    "%8b",
    "%af",
    r"\u00a",
)
LEFT_OVER = b"(?: {1,2}(?:[a-z]{2,6}|[a-z]?0{2,4}) {1,3}| {1,4})"


class Outline:
    """What shows of the numbers of some entries.

    In shapes: `digits` matches where numbers may show; `announcing`, by its last characters, what
    stands right before them, `ends` the last three characters of that; `torn` the last characters
    of what stands before a torn number, `led` of what stands somewhere before one that begins with
    letters; `needles` are prefixes behind which no digit need stand, `little` those behind which
    few may, and `foreign` finds names in other scripts and the digits behind them. `hidden` are
    the grammars whose numbers show in no such way: they are tried everywhere.
    `own` are the shapes of digits that need none of that, `alike` matches them; letters may be
    typed for some digits, and `LEFT_OVER` stands between their parts.
    In folded text: `heads` has the prefixes by their first characters, the longest first, and
    `bare` matches whatever one of `bares` could read without a prefix.
    """

    def __init__(self, entries: tuple[Registry, ...]) -> None:
        self.entries = entries
        every = grammars(with_decoys(entries))
        self._every = every
        self.bares = tuple(each for each in every if each.form.alone != "no")
        self._printing = _printing(every)
        self._ways: dict[str, tuple[Grammar, ...]] = {}
        self.heads = _by_first(self._printing)
        # Look-alikes are looked for only where something else may stand.
        searched = [each for each in every if each.entry.kind != "decoy"]
        self.hidden = tuple(each for each in searched if _is_hidden(each))
        sought = tuple(each for each in searched if each not in self.hidden)
        little = dict(_little(sought))
        self.little = tuple(little)
        alone = [shapes for each in sought for shapes in _own_shapes(each)]
        self.needles = tuple(word for word, size in little.items() if not size)
        self.foreign = _foreign_names(sought)
        self.announcing = _by_last(_heads(_announcements(sought)))
        self.ends = frozenset(_ends(self.announcing.values()))
        self.own = tuple(sorted({*alone}))
        self.alike = lazily(b"|".join(self.own) or b"(?!)")
        self.digits = _digits(_or_own(alone), little.values())
        self.torn = _by_last(_torn_heads(sought))
        self.led = tuple(sorted({*_leading(sought)}))

    def ways(self, word: str) -> tuple[Grammar, ...]:
        """Return the grammars that print a prefix, or a shorter one that it begins with."""
        found = self._ways.get(word)
        if found is None:
            beginnings = (word[:end] for end in range(1, len(word) + 1))
            those = {each for head in beginnings for each in self._printing.get(head, ())}
            found = tuple(sorted(those, key=self._every.index))
            self._ways[word] = found
        return found

    def head(self, lowered: str, start: int) -> str | None:
        """Return the longest prefix that stands at a place of a stretch in small letters.

        Behind one of a letter or two stands no further letter, unless it is typed for a digit.
        """
        pair = lowered[start : start + FIRST]
        for word in (*self.heads.get(pair, ()), *self.heads.get(pair[:1], ())):
            end = start + len(word)
            if lowered.startswith(word, start) and (
                len(word) > _SHORT or lowered[end : end + 1] not in _GOING_ON
            ):
                return word
        return None

    @cached_property
    def bare(self) -> re.Pattern[str] | None:
        """What matches wherever one of `bares` could read a number."""
        return _any_bare(self.bares)


@cache
def outline(entries: tuple[Registry, ...]) -> Outline:
    """Return the outline of some entries.

    Look-alikes of the catalogue are read too, whatever the entries: they take the place of what
    they could be mistaken for.
    """
    return Outline(entries)


def sought(
    registries: Iterable[Registry | str] | None = None,
) -> tuple[Outline, frozenset[str]]:
    """Return the outline by which numbers of some registries are sought, and the keys of these.

    It shows numbers of all others too: they vouch for numbers beside them, and are not taken for
    what they look like.
    """
    return _chosen(None if registries is None else selected(registries))


def parsed(
    registries: Iterable[Registry | str] | None = None,
) -> tuple[Outline, frozenset[str]]:
    """Return the same, with all entries of the catalogue, for a text that is one number."""
    return _chosen(None if registries is None else selected(registries), is_all=True)


@cache
def _chosen(
    entries: tuple[Registry, ...] | None, *, is_all: bool = False
) -> tuple[Outline, frozenset[str]]:
    every = REGISTRIES if is_all else selected(None)
    chosen = every if entries is None else entries
    keys = frozenset(entry.key for entry in chosen)
    if not set(chosen).issubset(every):
        every = (*chosen, *(entry for entry in every if entry.key not in keys))
    return outline(every), keys


def with_decoys(entries: tuple[Registry, ...]) -> tuple[Registry, ...]:
    """Return the entries with the look-alikes of the catalogue."""
    decoys = (each for each in REGISTRIES if each.kind == "decoy" and not each.experimental)
    return tuple(dict.fromkeys((*entries, *decoys)))


def _printing(every: Iterable[Grammar]) -> dict[str, list[Grammar]]:
    """Return the grammars by prefix."""
    printing: dict[str, list[Grammar]] = {}
    for each in every:
        for word in each.words:
            printing.setdefault(word, []).append(each)
    return printing


def _by_first(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return words by their first characters, the longest first."""
    found: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        found.setdefault(word[:FIRST], []).append(word)
    return {first: tuple(those) for first, those in found.items()}


def _any_bare(bares: Iterable[Grammar]) -> re.Pattern[str] | None:
    """Return a pattern that matches wherever a number without a prefix may begin."""
    bodies = dict.fromkeys(each.number for each in bares)
    nameless = [re.sub(r"\(\?P<\w+>", "(?:", body) for body in bodies]
    return re.compile("|".join(nameless), re.IGNORECASE) if nameless else None


def _little(sought: Iterable[Grammar]) -> Iterator[tuple[bytes, int]]:
    """Yield the prefixes of numbers that need not show three digits.

    With each how many letters and digits are in a row behind it; 0 where no digit comes first, or
    where no example shows it.
    """
    for each in sought:
        shown = [shape(number) for _, number in each.entry.examples]
        texts = [text.lower() for example in each.entry.examples for text in example]
        is_shown = any(prefix in text for prefix in each.prefixes for text in texts)
        is_long = bool(shown) and is_shown and all(map(_THREE_DIGITS.search, shown))
        if is_long if each.form.digits is None else each.form.digits >= _FEW:
            continue
        for word in map(shape, each.prefixes):
            rests = [number.removeprefix(word) for number in shown if number.startswith(word)]
            bodies = [rest.split()[0] for rest in rests if rest.strip()]
            is_digit = bool(bodies) and all(body.startswith(b"0") for body in bodies)
            size = min(map(len, bodies)) if is_digit else 0
            yield word, size if size >= _LONG else 0


def _is_foreign(word: str) -> bool:
    """Return whether a word shows no letter in a shape."""
    return not any(letter.isascii() and letter.isalpha() for letter in word)


def _foreign_names(sought: Iterable[Grammar]) -> re.Pattern[str] | None:
    """Return the pattern of registries' names in other scripts and of the digits behind them."""
    labelled = (each for each in sought if each.form.alone != "no")
    cues = {cue for each in labelled for cue in cue_words(each.entry) if _is_foreign(cue)}
    behind = rf"\D{{0,{SIGHT}}}\d"
    return lazily(alternatives(cues) + behind) if cues else None


def _is_hidden(grammar: Grammar) -> bool:
    """Return whether numbers of a form show in a shape in no way that the examples tell.

    Prefixes in another script, numbers without a prefix that need not show three digits, or of
    which there is no example.
    """
    alone = grammar.form.alone
    if any(map(_is_foreign, (*grammar.prefixes, *grammar.typos))):
        return True
    if alone == "checked":
        return not _has_shape(grammar.entry)
    if alone == "no" or (grammar.form.digits or 0) >= _FEW:
        return False
    bodies = [shape(body) for body in bodies_of(grammar)]
    return not bodies or not all(
        _THREE_DIGITS.search(body) or (body[:1] == b"0" and len(body) >= _LONG) for body in bodies
    )


def _has_shape(entry: Registry) -> bool:
    """Return whether the examples tell a shape by which numbers show that nothing announces."""
    return any([*_own_shapes(Grammar(entry, form))] for form in entry.forms)


def _digits(three: bytes, sizes: Iterable[int]) -> re.Pattern[bytes]:
    """Return the pattern of digits that may be part of a number; `three` begins with the second.

    It begins with a literal, over which `re` runs at full speed, and looks around from there.
    """
    size = min(filter(None, sizes), default=0)
    little = b"|[0a-z]{%d}" % (size - 1) if size else b""
    return re.compile(b"0(?<!00)(?:" + three + b"|(?=" + _TORN_APART + little + b"))")


def _or_own(alone: Iterable[bytes]) -> bytes:
    """Return the pattern of three digits without the first; a group: with a shape of their own."""
    rests = b"|".join(sorted({each.removeprefix(b"000") for each in alone}))
    # Only looked at: a year before may look like the first part of a number that begins behind it.
    return b"00(?:(?=((?:" + rests + b")(?!0))))?" if rests else b"00"


def _announcements(sought: Iterable[Grammar]) -> Iterator[str]:
    """Yield what may stand right before the digits, blanks aside."""
    for each in sought:
        yield from each.words
        if each.form.alone != "no":
            yield from cue_words(each.entry)
        yield from _leads(each)
    for word in (*ANNOUNCING, *NAMING, *REGISTERING):
        yield from (f" {word}", f"%20{word}")
    yield from _LEFT_OVERS


def _leads(grammar: Grammar) -> Iterator[str]:
    """Yield what the examples show before the first digits in a row."""
    for _, number in grammar.entry.examples:
        digits = _THREE_DIGITS.search(shape(number))
        if digits and digits.start():
            yield number[: digits.start()]


def _heads(words: Iterable[str]) -> Iterator[bytes]:
    """Yield the shapes of words, up to their first three digits.

    Before a single letter no other stands.
    """
    for word in words:
        seen = shape(word)
        digits = _THREE_DIGITS.search(seen)
        head = (seen[: digits.start()] if digits else seen).rstrip()
        if re.search(b"[a-z>\xb0\xba\xe0-\xff]", head):  # else in another script: sought by itself
            yield from (head[-SIGHT + 4 :],) if len(head) > 1 else (b" " + head, b"0" + head)


def _by_last(heads: Iterable[bytes]) -> dict[bytes, tuple[bytes, ...]]:
    """Return ends of words by their last characters."""
    found: dict[bytes, set[bytes]] = {}
    for head in heads:
        found.setdefault(head[-TAIL:], set()).add(head)
    return {tail: tuple(sorted(those)) for tail, those in found.items()}


def _ends(announcing: Iterable[tuple[bytes, ...]]) -> Iterator[bytes]:
    """Yield the last three characters before digits at which a closer look is worth while.

    Those of announcements, and none at all.
    """
    yield b""
    for word in (word for words in announcing for word in words):
        if len(word) < _FEW:
            yield from (bytes((code,)) + word for code in range(256))
        yield word[-_FEW:]


def _torn_heads(sought: Iterable[Grammar]) -> Iterator[bytes]:
    """Yield what is left of prefixes where all that may belong to torn digits is taken away."""
    for each in sought:
        for word in map(shape, each.words if each.form.digits else ()):
            if len(head := word.rstrip(TORN)) > 1:
                yield head[-_FEW:]


def _leading(sought: Iterable[Grammar]) -> Iterator[bytes]:
    """Yield the ends of what stands before numbers whose examples begin with several letters."""
    for each in sought:
        numbers = [shape(number) for _, number in each.entry.examples]
        prefixes = tuple(map(shape, each.prefixes))
        rests = (n.removeprefix(p).lstrip() for p in prefixes for n in numbers if n.startswith(p))
        if any(rest[:2].isalpha() for rest in rests):
            cues = cue_words(each.entry) if each.form.alone != "no" else ()
            words = (word for word in (*each.words, *cues) if not _is_foreign(word))
            yield from (shape(word)[-_LONG:] for word in words)


def _own_shapes(grammar: Grammar) -> Iterator[bytes]:
    """Yield patterns for the shapes of numbers that need no announcement."""
    if grammar.form.alone == "no" or (
        grammar.form.alone == "labelled" and not grammar.form.needs_cue
    ):
        return
    for number in (text for example in grammar.entry.examples for text in example):
        if body := grammar.body.search(number):
            runs = shape(body[0]).split()
            first, *others = (re.sub(b"[a-z]", b"[a-z]", run) for run in runs)
            yield LEFT_OVER.join((first, *(run.replace(b"0", b"[0oilsb]") for run in others)))
