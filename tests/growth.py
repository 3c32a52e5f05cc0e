"""How the time of a call grows: measured against itself, and read from the patterns it uses."""

from __future__ import annotations

import gc
import re
import time
from functools import cache

# Time of this process where it is counted finely: other work on the machine is not in it.
_IS_FINE = time.get_clock_info("process_time").resolution <= 1e-6
_CLOCK = time.process_time if _IS_FINE else time.perf_counter
_RUNS, _MOST_RUNS = 5, 25
_PATIENCE = 6.0  # seconds: processors change their speed for longer than a few runs
_NOISE = 0.001  # seconds; where less is spent, memory and caches decide and not the call


def is_linear(function, cases):
    """Return whether twice the work takes at most three times as long, twice in a row.

    `cases` are the arguments of three calls, each twice as large as the one before. The best of
    five runs of each counts; where that is too much, runs are added for some seconds, since
    whatever disturbs a run can only add to it.
    """
    best = [float("inf")] * len(cases)
    begun, run = _CLOCK(), 0
    while run < _MOST_RUNS or _CLOCK() - begun < _PATIENCE:
        run += 1
        best = [min(old, _seconds(function, case)) for old, case in zip(best, cases, strict=True)]
        short, middle, long = (max(_NOISE, each) for each in best)
        if run >= _RUNS and middle <= 3 * short and long <= 3 * middle:
            return True
    return False


def _seconds(function, arguments):
    gc.disable()
    try:
        start = _CLOCK()
        function(*arguments)
        return _CLOCK() - start
    finally:
        gc.enable()


# What a pattern says of itself. Two choices that match the same character are tried in every
# combination; a repeat without an end makes that as many as the text is long.

_LARGE_CODES = (0x212A, 0x0660, 0x06F0, 0x0966, 0x4E00, 0x1F9EA, *range(0xFF01, 0xFF5F))
_CODES = (*range(0x180), *range(0x2000, 0x2070), *_LARGE_CODES)  # stand for all characters
_SPACES, _WORDS = " \t\n\r\f\v", "_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def ambiguities(pattern):
    """Return in words where a compiled pattern leaves `re` more than one way to go on.

    Named are repeats without an end, repeats of what may be empty, references to groups, and
    repeats (an optional part is one) from which the same character may go on to the next round or
    to another repeat: of what comes next, or of the next round of a repeat around it. What may
    come of two alternatives that begin alike is not looked at: it grows with the pattern only.
    """
    from re import _parser  # the parse tree of CPython 3.11 and later

    found = []
    _fronts(_parser.parse(pattern.pattern, pattern.flags), [], pattern.flags, found)
    return list(dict.fromkeys(found))


def _fronts(items, behind, flags, found):
    """Return the first characters of all repeats with which the items or what is behind may begin.

    Each repeat within is compared with what may come behind it.
    """
    for op, value in reversed(list(items)):
        name = str(op)
        if "REPEAT" in name:
            behind = _before_repeat(value, behind, flags, found, name == "POSSESSIVE_REPEAT")
        elif name == "SUBPATTERN":
            behind = _fronts(value[3], behind, _flags_within(value, flags), found)
        elif name == "ATOMIC_GROUP":
            behind = _fronts(value, [], flags, found)
        elif name == "BRANCH":
            behind = [each for way in value[1] for each in _fronts(way, behind, flags, found)]
        elif name in ("ASSERT", "ASSERT_NOT"):
            _fronts(value[1], [], flags, found)
            behind = _looked_ahead(name, value, behind, flags)
        elif name.startswith("GROUPREF"):
            found.append("a reference to a group")
        elif name != "AT":
            behind = []
    return behind


def _before_repeat(value, behind, flags, found, is_possessive):
    least, most, body = value
    first, named = _first(body, flags)[0], f"{{{least},{most}}}"
    if str(most) == "MAXREPEAT":
        found.append(f"a repeat without an end of {_shown(first)}")
    if most > 1 and body.getwidth()[0] == 0:
        found.append(f"{named} of what may be empty, and else begins with {_shown(first)}")
    rounds = [first] if most > 1 else []
    inner = _fronts(body, [] if is_possessive else behind + rounds, flags, found)
    if least == most:
        return inner
    for other in () if is_possessive else behind:
        if both := first & other:
            found.append(f"{named} of {_shown(first)} before a repeat: {_shown(both)} fits both")
    return [first, *(() if least else behind)]


def _looked_ahead(name, value, behind, flags):
    """Return of first characters those that a look ahead at one character lets through."""
    direction, seen = value
    if direction < 0 or [str(op) for op, _ in seen] not in (["IN"], ["LITERAL"]):
        return behind
    named = _first(seen, flags)[0]
    return [each & named if name == "ASSERT" else each - named for each in behind]


def _first(items, flags):
    """Return the characters with which items may begin, and whether they may match nothing."""
    characters = frozenset()
    for op, value in items:
        of_item, is_empty = _first_of(str(op), value, flags)
        characters |= of_item
        if not is_empty:
            return characters, False
    return characters, True


def _first_of(name, value, flags):
    if name in ("AT", "ASSERT", "ASSERT_NOT") or name.startswith("GROUPREF"):
        return frozenset(), True
    if name == "SUBPATTERN":
        return _first(value[3], _flags_within(value, flags))
    if name == "ATOMIC_GROUP":
        return _first(value, flags)
    if name == "BRANCH":
        ways = [_first(way, flags) for way in value[1]]
        return frozenset().union(*(first for first, _ in ways)), any(empty for _, empty in ways)
    if "REPEAT" in name:
        first, is_empty = _first(value[2], flags)
        return first, is_empty or value[0] == 0
    listed = tuple(value) if name == "IN" else ((name, value),)
    return _characters(name == "ANY", listed, flags), False


def _flags_within(value, flags):
    _, added, removed, _ = value
    # Of ASCII, UNICODE and LOCALE one holds.
    kinds = re.ASCII | re.UNICODE | re.LOCALE
    return ((flags & ~kinds if added & kinds else flags) | added) & ~removed


@cache
def _characters(is_any, listed, flags):
    """Return the characters, of those that stand for all, that a single item matches."""
    is_ascii = not flags & re.UNICODE or bool(flags & re.ASCII)
    if is_any:
        return frozenset(chr(code) for code in _CODES if code != 10 or flags & re.DOTALL)
    negated = any(str(op) in ("NEGATE", "NOT_LITERAL") for op, _ in listed)
    ways = [(str(op), value) for op, value in listed if str(op) != "NEGATE"]
    named = {code for op, value in ways if "LITERAL" in op for code in [value]}
    ends = {code for op, value in ways if op == "RANGE" for code in value}
    codes = {*_CODES, *named, *ends}
    matched = {code for code in codes if any(_is_in(code, way, is_ascii) for way in ways)}
    if flags & re.IGNORECASE:
        folds = {_fold(code) for code in matched}
        matched = {code for code in codes if _fold(code) in folds}
    return frozenset(map(chr, codes - matched if negated else matched))


def _is_in(code, way, is_ascii):
    op, value = way
    if "LITERAL" in op:
        return code == value
    if op == "RANGE":
        return value[0] <= code <= value[1]
    character, kind = chr(code), str(value).removeprefix("CATEGORY_")
    belongs = {
        "DIGIT": character in "0123456789" if is_ascii else character.isdecimal(),
        "SPACE": character in _SPACES if is_ascii else character.isspace(),
        "WORD": character in _WORDS if is_ascii else character.isalnum() or character == "_",
    }
    return belongs[kind.removeprefix("NOT_")] is not kind.startswith("NOT_")


def _fold(code):
    return chr(code).upper().lower()


def _shown(characters):
    first = "".join(sorted(characters)[:6])
    return repr(first) + (" ..." if len(characters) > 6 else "")
