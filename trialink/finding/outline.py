"""From the entries to what shows of their numbers in the shape of a text.

A number shows three digits in a row; torn apart, at least pairs or single digits with a blank
between. Before them stands, with blanks between, a prefix, the name of its registry or a word
that announces a number; or the digits have a shape of their own. Where a number may show less, it
is sought right behind its prefix. Which is which, the examples of the entries say.
"""

from __future__ import annotations

import re
from functools import cache, cached_property
from itertools import chain

from trialink.finding.digits import LEFT_OVER, every_digits, telling_digits
from trialink.finding.grammar import (
    ANNOUNCING,
    NAMING,
    REGISTERING,
    THREE_DIGITS,
    Grammar,
    alternatives,
    bodies_of,
    cue_words,
    grammars,
    is_long,
    is_shown,
    number_shapes,
    shows_three,
)
from trialink.finding.patterns import lazily
from trialink.finding.shape import TABLE, lettered, shape, shapes, typed
from trialink.finding.ways import Ways
from trialink.registries import REGISTRIES, Registry, selected

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

TAIL = 3  # characters by which an announcement is looked up
SIGHT = 32  # characters before digits in which it is seen
LETTERS = 5  # that begin a number, at most
TORN = b"0 oilsb"  # what stands before the digits that show of a torn number, besides its prefix
_LONG = 6  # characters of a word that few other words end with
# What typesetting leaves before digits: the ends of entities and of the escapes of web addresses
# and JSON. Of tags and of the marks before quoted lines the end is told from a blank.
_LEFT_OVERS = (
    *(
        "nbsp",
        "thinsp",
        "ensp",
        "emsp",
        "shy",
        "ndash",
        "mdash",
        "minus",
        "xa0",
        "x2f",
        "x2d",
        "%2f",
        "%3a",
        "%3d",
    ),
    *("c2%a", "e2%80", "%8b", "%af", r"\u00a"),
)
_SEEN = tuple(bytes((code,)) for code in sorted({*TABLE}))  # all that shapes consist of


class Outline:
    """What shows of the numbers of some entries.

    In shapes: `digits` matches where numbers may show; `announcing` has, by its last characters,
    what stands right before them; `torn` the last characters of what stands before a torn number,
    `led` of what stands somewhere before one that begins with letters; `needles` are prefixes
    behind which no digit need stand, `little` those behind which few may, and `foreign` finds
    names in other scripts and the digits behind them. `hidden` are the grammars whose numbers
    show in no such way: they are tried everywhere. `own` are the shapes of digits that need none
    of that, with `LEFT_OVER` between their parts; `alike` matches them, though letters may be
    typed for some.
    In folded text: `ways` are the grammars that may read a number, by prefix and by shape.
    """

    def __init__(self, entries: tuple[Registry, ...]) -> None:
        self.entries = entries
        every = grammars(with_decoys(entries))
        self.ways = Ways(every)
        # Look-alikes are looked for only where something else may stand.
        searched = [each for each in every if each.entry.kind != "decoy"]
        own = {each: tuple(_own_shapes(each)) for each in searched}
        shaped = {each.entry for each, shapes in own.items() if shapes}
        self.hidden = tuple(each for each in searched if _is_hidden(each, shaped))
        self._sought = tuple(each for each in searched if each not in self.hidden)
        little = dict(_little(self._sought))
        self.little = tuple(little)
        self.needles = tuple(word for word, size in little.items() if not size)
        self.announcing = _by_last(_heads(_announcements(self._sought)))
        self.own = _shortest(shape for each in self._sought for shape in own[each])
        self.alike = lazily(b"|".join(self.own) or b"(?!)")
        self._sizes = tuple(little.values())
        heads = {*chain(*self.announcing.values())}
        self.digits = telling_digits(self._sizes, self.own, heads)

    # What few texts need waits for the first of them: start-up cost.

    @cached_property
    def every_digits(self) -> re.Pattern[bytes]:
        """What matches `digits` behind any word, and any other that may be part of a number."""
        return every_digits(self._sizes)

    @cached_property
    def foreign(self) -> re.Pattern[str] | None:
        """What finds names in other scripts and the digits behind them."""
        return _foreign_names(self._sought)

    @cached_property
    def torn(self) -> frozenset[bytes]:
        """The last characters of what stands before a torn number."""
        return frozenset(_by_last(_torn_heads(self._sought)))

    @cached_property
    def led(self) -> tuple[bytes, ...]:
        """The last characters of what stands somewhere before one that begins with letters."""
        return tuple(sorted({*_leading(self._sought)}))

    @cached_property
    def _led_to_letters(self) -> re.Pattern[bytes]:
        """What matches such an end and letters that begin a number, glued to it."""
        words = b"|".join(re.escape(word) for word in self.led if b" " not in word) or b"(?!)"
        return re.compile(b"(?:" + words + b")[^ ]{0,%d}\\Z" % LETTERS)

    def announces(self, head: bytes) -> bool:
        """Return whether a shape ends in what announces a number."""
        return head.endswith(self.announcing.get(head[-TAIL:], ()))

    def leads(self, letters: bytes) -> bool:
        """Return whether letters in a row are a word of `led` and some that begin a number."""
        low = max(0, len(letters) - _LONG - LETTERS)
        return self._led_to_letters.search(letters, low) is not None


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


def _little(sought: Iterable[Grammar]) -> Iterator[tuple[bytes, int]]:
    """Yield the prefixes of numbers that need not show three digits.

    With each how many letters and digits are in a row behind it; 0 where no digit comes first, or
    where no example shows it.
    """
    for each in sought:
        if shows_three(each):
            continue
        shown = number_shapes(each.entry)
        for word in map(shape, each.prefixes):
            rests = [number.removeprefix(word) for number in shown if number.startswith(word)]
            bodies = [rest.split()[0] for rest in rests if rest.strip()]
            is_digit = bool(bodies) and all(body.startswith(b"0") for body in bodies)
            size = min(map(len, bodies)) if is_digit else 0
            yield word, size if size >= _LONG else 0


def _is_foreign(word: str) -> bool:
    """Return whether a word shows no letter in a shape."""
    return not shape(word).islower()


def _foreign_names(sought: Iterable[Grammar]) -> re.Pattern[str] | None:
    """Return the pattern of registries' names in other scripts and of the digits behind them."""
    labelled = (each for each in sought if each.form.alone != "no")
    cues = {cue for each in labelled for cue in cue_words(each.entry) if _is_foreign(cue)}
    behind = rf"\D{{0,{SIGHT}}}\d"
    return lazily(alternatives(cues) + behind) if cues else None


def _is_hidden(grammar: Grammar, shaped: Container[Registry]) -> bool:
    """Return whether numbers of a form show in a shape in no way that the examples tell.

    Prefixes in another script, numbers without a prefix that need not show three digits, or of
    which there is no example. `shaped` are the entries with numbers that nothing need announce.
    """
    alone = grammar.form.alone
    if any(map(_is_foreign, (*grammar.prefixes, *grammar.typos))):
        return True
    if alone == "checked":
        return grammar.entry not in shaped
    if alone == "no" or is_long(grammar):
        return False
    bodies = [shape(body) for body in bodies_of(grammar)]
    return not bodies or not all(
        THREE_DIGITS in body or (body[:1] == b"0" and len(body) >= _LONG) for body in bodies
    )


def _shortest(shapes: Iterable[bytes]) -> tuple[bytes, ...]:
    """Return the shapes that begin with no other: where one stands, its beginning does."""
    every = sorted({*shapes})
    longer = {one for one in every for other in every if one.startswith(other + LEFT_OVER)}
    return tuple(one for one in every if one not in longer)


def _announcements(sought: Iterable[Grammar]) -> Iterable[str]:
    """Return what may stand right before the digits, blanks aside."""
    words = [word for each in sought for word in each.words]
    for entry in {each.entry: None for each in sought if each.form.alone != "no"}:
        words += cue_words(entry)
    for entry in {each.entry: None for each in sought}:
        words += _leads(entry)
    for word in (*ANNOUNCING, *NAMING, *REGISTERING):
        words += f" {word}", f"%20{word}"
    return dict.fromkeys((*words, *_LEFT_OVERS))


def _leads(entry: Registry) -> Iterator[str]:
    """Yield what the examples show before the first digits in a row."""
    for (_, number), shown in zip(entry.examples, number_shapes(entry), strict=True):
        start = shown.find(THREE_DIGITS)
        if start > 0:
            yield number[:start]


def _heads(words: Iterable[str]) -> Iterator[bytes]:
    """Yield the shapes of words, up to their first three digits.

    Before a single letter no other stands, but the same may.
    """
    for seen in shapes(words):
        head = seen.partition(THREE_DIGITS)[0].rstrip()
        if not head.islower():
            continue  # in another script: sought by itself
        if len(head) > 1:
            yield head[-SIGHT + 4 :]
        else:
            yield from (b" " + head, b"0" + head, head + head)


def _by_last(heads: Iterable[bytes]) -> dict[bytes, tuple[bytes, ...]]:
    """Return ends of words by their last characters; short ones behind whatever may come first."""
    found: dict[bytes, tuple[bytes, ...]] = {}
    for head in dict.fromkeys(heads):
        tails = (head[-TAIL:],) if len(head) >= TAIL else [first + head for first in _SEEN]
        for tail in tails:
            found[tail] = (*found.get(tail, ()), head)
    return found


def _torn_heads(sought: Iterable[Grammar]) -> Iterator[bytes]:
    """Yield what is left of prefixes where all that may belong to torn digits is taken away."""
    for each in sought:
        for word in map(shape, each.words if each.form.digits else ()):
            if len(head := word.rstrip(TORN)) > 1:
                yield head[-TAIL:]


def _leading(sought: Iterable[Grammar]) -> Iterator[bytes]:
    """Yield the ends of what stands before numbers that begin with several letters.

    Examples tell which do; without one they may.
    """
    for each in sought:
        numbers = number_shapes(each.entry)
        prefixes = tuple(map(shape, each.prefixes))
        rests = (n.removeprefix(p).lstrip() for p in prefixes for n in numbers if n.startswith(p))
        is_unknown = not each.form.digits and not is_shown(each)
        if any(rest[:2].isalpha() for rest in rests) or is_unknown:
            cues = cue_words(each.entry) if each.form.alone != "no" else ()
            words = (word for word in (*each.words, *cues) if not _is_foreign(word))
            yield from (shape(word)[-_LONG:] for word in words)


def _own_shapes(grammar: Grammar) -> Iterator[bytes]:
    """Yield patterns for the shapes of numbers that need no announcement."""
    if grammar.form.alone == "no" or (
        grammar.form.alone == "labelled" and not grammar.form.needs_cue
    ):
        return
    texts = {text for example in grammar.entry.examples for text in example}
    bodies = filter(None, map(grammar.body.search, texts))
    for body in {shape(body[0]) for body in bodies}:
        first, *others = body.split()
        yield LEFT_OVER.join((lettered(first), *map(typed, others)))
