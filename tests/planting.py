"""Texts with a number of the catalogue in them, its spelling changed by rules, or damaged.

`planted(seed, number)` makes one from a seed and its number alone, as `fuzz_finding.made` does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from random import Random
from typing import NamedTuple

import accuracy

from trialink import REGISTRIES, Registry, find
from trialink.finding.folding import DASHES, NO_ROOM, ZEROS

_SHEET = 1 << 14  # characters that the finder works on at a time
_AROUND_BORDER = 240  # characters before the end of a sheet in which a long text has its number
_MOST_SHEETS = 2
_BEHIND = 4096  # characters behind a number in a long text, at most
_LONG_EACH = 256  # one in so many texts is long
_LIST_EACH = 16  # one in so many is a list
_MOST_LISTED = 4
_LONG = 8  # digits of a number that may stand in a list without its prefix
_MARGIN = 16
_LISTED = ("", "see ", "(", "Registered as ", "Trials: ")
_JOINTS = (", ", "; ", " / ", ",", " and ", "\u3001", ",\n")
_LAST = (*_JOINTS, ", and ", " or ", " & ", " et ", " und ")
_ENDS = (".", ")", "", " were read.", "\n")
BREAK = "\nand so on.\n\n"  # ends a sentence and a paragraph
# What numbers stand in: behind the name of their registry, and alone.
_NAMED = (
    *("Registered with {name}: {x}.", "The trial ({name} {x}) enrolled 12 patients."),
    *("{name} number {x}, and", "<p>{name}: {x}</p>", "It is in {name} as {x}\nand so on"),
)
_ALONE = ("It is {x}, and", "({x})", "{x}", "\n{x}\n", "<li>{x}</li>", "see {x} and NCT05181501")
_OPENING = ("<b>", "<em>", '<span class="x">', "<wbr>", "<i>", "<sup>")
_INVISIBLE = ("\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "&shy;", "&#8203;")
_DASHES = (*DASHES, "&#8209;", "&ndash;", "&#x2011;", "%2D", "%E2%80%91", "\\-", "\\u2011")
_BETWEEN = ("", " ", ": ", " No. ", " number ", "(", "#", " ID: ", "-", "&nbsp;", "</b> ", "\u2013")
_LETTERS = str.maketrans("015", "OlS")


class Planted(NamedTuple):
    """A text, where its numbers stand in it, their canonical forms, and what was done to them."""

    text: str
    spans: tuple[tuple[int, int], ...]
    numbers: tuple[str, ...]
    way: str
    is_sure: bool  # else damaged: found, or told


# How a number is spelt


def _inside(put: tuple[str, ...]) -> Callable[[Random, str], str]:
    """Return what puts one thing somewhere in a number."""

    def spelt(random: Random, number: str) -> str:
        place = random.randrange(1, len(number))
        return number[:place] + random.choice(put) + number[place:]

    return spelt


def _in_tags(random: Random, number: str) -> str:
    place, tag = random.randrange(1, len(number)), random.choice(("b", "em", "strong", "a"))
    return f"<{tag}>{number[:place]}</{tag}>{number[place:]}"


def _digits_of(random: Random, number: str) -> str:
    zero = ord(random.choice(ZEROS))
    return re.sub("[0-9]", lambda digit: chr(zero + int(digit[0])), number)


def _some_digits_of(random: Random, number: str) -> str:
    zero = ord(random.choice(ZEROS))
    return "".join(
        chr(zero + int(each)) if each.isdigit() and random.random() < 0.5 else each
        for each in number
    )


def _full_width(random: Random, number: str) -> str:
    return "".join("\u3000" if each == " " else chr(ord(each) + 0xFEE0) for each in number)


def _behind_prefix(put: tuple[str, ...], times: int = 1) -> Callable[[Random, str], str]:
    """Return what puts one thing between a prefix and its number, or the prefix again too."""

    def spelt(random: Random, number: str) -> str:
        prefix = re.match(r"[A-Za-z]{3,}(?=\d)", number)
        head = prefix[0] + random.choice(put) if prefix else ""
        return head * (times - 1) + head + number[prefix.end() if prefix else 0 :]

    return spelt


def _glued_before(random: Random, number: str) -> str:
    """Return a number behind a word in small letters, which its capitals end."""
    return random.choice(("trial", "Identifier")) + number if number[:2].isupper() else number


def _glued_behind(random: Random, number: str) -> str:
    return number + random.choice(("and", "The", "Funding")) if number[-1].isdigit() else number


def _each(signs: str, put: tuple[str, ...]) -> Callable[[Random, str], str]:
    """Return what writes signs of a number in one other way; `{}` stands for the sign."""
    return lambda random, number: _replaced(signs, random.choice(put), number)


def _replaced(signs: str, put: str, number: str) -> str:
    return re.sub(signs, lambda sign: put.replace("{}", sign[0]), number)


SPELLINGS: dict[str, Callable[[Random, str], str]] = {
    "as printed": lambda random, number: number,
    "capitals": lambda random, number: number.upper(),
    "small letters": lambda random, number: number.lower(),
    "other dashes": _each("-", _DASHES),
    "blanks around signs": _each("[-/]", (" {} ", "{} ", "{}\u00a0", "\u2009{}\u2009")),
    "other blanks": _each(" ", ("\u00a0", "  ", "&nbsp;", "&#160;", "\u3000", "\n", "%20", "~")),
    "digits of another script": _digits_of,
    "some of another script": _some_digits_of,
    "full width": _full_width,
    "takes no room": _inside((*NO_ROOM.replace("-", ""), *_INVISIBLE)),
    "a tag inside": _inside(_OPENING),
    "begun in a tag": _in_tags,
    "a mail's line end": _inside(("=\n", "=\r\n")),
    "behind the prefix": _behind_prefix(_BETWEEN),
    "prefix doubled": _behind_prefix(("", " ", "-", ": "), 2),
    "a line behind the prefix": _behind_prefix(("\n", "\r\n", "\n> ", "<br/>", "-\n")),
    "glued before": _glued_before,
    "glued behind": _glued_behind,
}


def _at_digit(change: Callable[[str], str]) -> Callable[[Random, str], str]:
    """Return what changes one digit that stands between two."""

    def damaged(random: Random, number: str) -> str:
        places = [match.start() for match in re.finditer(r"(?<=\d)\d(?=\d)", number)]
        if not places:
            return number
        place = random.choice(places)
        return number[:place] + change(number[place]) + number[place + 1 :]

    return damaged


DAMAGES: dict[str, Callable[[Random, str], str]] = {
    "a letter for a digit": _at_digit(lambda digit: digit.translate(_LETTERS)),
    "torn by a blank": _at_digit(lambda digit: f"{digit} "),
    "torn by a line end": _at_digit(lambda digit: f"{digit}\n"),
    "torn by a hyphen": _at_digit(lambda digit: f"{digit}-\n"),
    "a digit too few": _at_digit(lambda digit: ""),
    "a digit too many": _at_digit(lambda digit: digit * 2),
}


# Numbers of several lengths, in part so short that digits behind the prefix count things, and
# numbers in short parts: a damaged one is another number, or nothing that could be told.
OPEN = (
    *("basec", "ccmo", "cpms", "eupas", "hc_ctdb", "hkctr", "iras", "moh_il", "nci_ctrp"),
    *("nci_pdq", "ntr", "ntr_nl", "repec", "sponsor_gsk", "uganda_ncst"),
)
# Whose other numbers are not read in a spelling, or read as another number when damaged.
UNREAD = {
    "small letters": ("basec", "cpms", "repec", "sponsor_gsk"),  # other words then
    "blanks around signs": ("hc_ctdb", "jmacct", "moh_il", "nmrr", "repec"),
    "other blanks": ("nmrr", "sponsor_gsk"),
    "behind the prefix": ("jrct", "ntr"),  # of jRCT a letter behind the prefix; NTR needs a cue
    "prefix doubled": ("jrct", "ntr"),
    "a line behind the prefix": ("jrct", "ntr"),
    "glued before": ("cde_china", "ntr", "ntr_nl", "sponsor_gsk", "utn"),  # short prefixes
    "glued behind": ("rebec",),  # letters belong to the number
    "a letter for a digit": ("jmacct", "nl_omon", "rebec"),
    "torn by a blank": ("idrcb", "jrct", "sanctr", "utn"),
    "torn by a line end": ("idrcb", "jrct", "pactr", "sanctr", "utn"),
    "torn by a hyphen": (
        *("cde_china", "cris", "idrcb", "jrct", "nct", "pactr", "rebec", "sanctr", "utn"),
    ),
    "a digit too few": ("anzctr", "ctri", "irct", "jrct", "pactr", "utn"),
    "a digit too many": ("anzctr", "irct", "jrct", "pactr", "rebec"),
}
# What the first stage of the finder does not see yet.
_UNMENDED = (
    *("a tag inside", "begun in a tag", "a mail's line end", "some of another script"),
    *("takes no room", "other dashes", "digits of another script"),
)
_WAYS = (*SPELLINGS, *DAMAGES)


# Texts


@lru_cache(maxsize=4)
def planted(seed: int, number: int) -> Planted:
    """Return a text with a number spelt or damaged by a rule, a list, or a long text."""
    random = Random(f"planted {seed}/{number}")
    if number % _LONG_EACH == 0:
        return _long(random)
    return _listed(random) if number % _LIST_EACH == 1 else spelt(random, *_drawn(random))


def _drawn(random: Random) -> tuple[str, Registry, str]:
    """Return a way, and a number that it can be done to."""
    while True:
        way = random.choice(_WAYS)
        entry, number = random.choice(numbers())
        if is_held(way, entry):
            return way, entry, number


def is_held(way: str, entry: Registry) -> bool:
    """Return whether numbers of a registry must be found, or told, in a spelling or damaged."""
    is_open = way in DAMAGES and entry.key in OPEN
    return not is_open and entry.key not in UNREAD.get(way, ()) and way not in _UNMENDED


def spelt(random: Random, way: str, entry: Registry, number: str) -> Planted:
    """Return a sentence with a number."""
    is_sure = way in SPELLINGS
    printed = (SPELLINGS if is_sure else DAMAGES)[way](random, number)
    around = random.choice((*_NAMED, *_ALONE) if is_sure and _says_itself(number) else _NAMED)
    before, _, behind = around.format(name=random.choice(entry.cues[:2]), x="\0").partition("\0")
    span = len(before), len(before) + len(printed)
    return Planted(before + printed + behind, (span,), (number,), way, is_sure)


def _listed(random: Random) -> Planted:
    """Return a list whose first number speaks for the others."""
    prefix, those = random.choice(_listable())
    chosen = random.sample(those, k=random.randint(2, min(_MOST_LISTED, len(those))))
    printed = [chosen[0], *(number.removeprefix(prefix) for number in chosen[1:])]
    text, spans = random.choice(_LISTED), []
    for place, each in enumerate(printed):
        if place:
            text += random.choice(_LAST if place == len(printed) - 1 else _JOINTS)
        spans.append((len(text), len(text) + len(each)))
        text += each
    return Planted(text + random.choice(_ENDS), tuple(spans), tuple(chosen), "a list", True)


def _long(random: Random) -> Planted:
    """Return a text of one to three sheets with a number around the end of one."""
    short = spelt(random, *_drawn(random))
    end = random.randint(1, _MOST_SHEETS) * _SHEET - random.randrange(-_MARGIN, _AROUND_BORDER)
    filling = _filling()
    start = random.randrange(len(filling) - end)
    before = filling[start : start + end - len(BREAK)] + BREAK
    start = random.randrange(len(filling) - _BEHIND)
    behind = BREAK + filling[start : start + random.randrange(_BEHIND)]
    spans = tuple((len(before) + low, len(before) + high) for low, high in short.spans)
    return short._replace(
        text=before + short.text + behind, spans=spans, way=f"far off, {short.way}"
    )


@cache
def numbers() -> tuple[tuple[Registry, str], ...]:
    """Return the numbers of the catalogue's examples."""
    known = (each for each in REGISTRIES if each.kind != "decoy" and not each.experimental)
    return tuple(
        (entry, number)
        for entry in known
        for number in dict.fromkeys(canonical for _, canonical in entry.examples)
    )


@cache
def _listable() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return prefixes and the numbers of so many digits behind them, of each registry several."""
    found: dict[str, list[str]] = {}
    for entry, number in numbers():
        prefix, form = number.rstrip("0123456789"), entry.forms[0]
        is_plain = prefix in form.prefixes and len(number) - len(prefix) == form.digits
        if is_plain and (form.digits or 0) >= _LONG and _says_itself(number):
            found.setdefault(prefix, []).append(number)
    return tuple((prefix, tuple(those)) for prefix, those in found.items() if len(those) > 1)


@cache
def _says_itself(number: str) -> bool:
    """Return whether a number says by itself whose it is."""
    return [str(mention.id) for mention in find(f"({number})")] == [number]


@cache
def _filling() -> str:
    """Return the corpus in a row, but for the texts that nothing is tuned to."""
    files = accuracy.files()
    return BREAK.join(row["text"] for file in files for row in accuracy.texts(file))
