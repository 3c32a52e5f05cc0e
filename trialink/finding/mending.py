"""From digits torn apart or typed as letters to the number that was meant, where it is sure."""

from __future__ import annotations

import re

from trialink.finding.grammar import END, LONGEST, Grammar
from trialink.finding.patterns import lazily

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from trialink.model.words import Repair

_TYPED_FOR = str.maketrans("OoIlSB", "001158")
_FIRST_DIGIT = lazily(r"[0-9]|[OoIlSB](?=[0-9OoIlSB])")
_PIECE = lazily(
    # In a table the next line begins far behind the margin.
    r"(?P<tear>(?:-? ?\r?\n[ \t]{1,32}|\s{1,2}(?:[\-,./]\s{0,2})?|[\-,./]\s{0,2})?)"
    r"(?P<piece>[0-9A-Za-z]{1,24})"
)
_ENDED = lazily(END)
_TYPED = lazily("[0-9OoIlSB]{1,24}")
_TYPED_LETTER = lazily("[OoIlSB]")
_DIGIT = lazily("[0-9]")
_GROUPS = (3, 4)  # of a number that may have lost zeros in one of them
_SHORT_GROUP = lazily(r"(?<![0-9A-Za-z])[0-9]{1,5}(?![0-9A-Za-z])")
_RUN = lazily("[0-9A-Za-z]{1,24}")
_YEAR = lazily("(?:19|20)[0-9]{2}")
_GAP = 24  # characters between a prefix and its first digit
_MOST = 24  # digits and letters of a number
_FEWEST_GROUPS = 3
_MOST_GROUPED = 5  # digits of a group are fewer
_SURE_PIECE = 3  # digits that a piece must have where no check speaks for the number
_TELLING = 6  # characters of a number in which a letter must be meant as a digit
_LONG = 10  # digits of a number whose check cannot well pass by chance


class Mend:
    """A number read in damaged digits: where they end, the match that reads it, what was mended."""

    __slots__ = ("end", "match", "repairs")

    def __init__(self, end: int, match: re.Match[str], repairs: tuple[Repair, ...]) -> None:
        self.end, self.match, self.repairs = end, match, repairs


class _Pieces:
    """The pieces of a number up to some place, and what tears them apart.

    `size` counts their letters and digits, `digits` the digits among these.
    """

    __slots__ = ("digits", "dropped", "end", "kept", "pieces", "size", "tears")

    def __init__(self, stem: str, end: int) -> None:
        self.kept, self.dropped, self.end = stem, stem, end
        self.size = self.digits = 0
        self.pieces: list[str] = []
        self.tears: list[str] = []

    def add(self, match: re.Match[str]) -> None:
        """Put one more piece to the others: with the hyphen between them, and without."""
        tear, piece = match["tear"], match["piece"]
        self.kept += "".join(tear.split()) + piece
        self.dropped += piece
        self.tears.append(tear)
        self.pieces.append(piece)
        self.size += len(piece)
        self.digits += len(piece) if piece.isdigit() else len(_DIGIT.findall(piece))
        self.end = match.end()


def mended(
    folded: str, start: int, head: str, grammar: Grammar, pattern: re.Pattern[str]
) -> Mend | None:
    """Return the number behind a prefix (`head`, "" for none) whose digits are torn or mistyped.

    The shortest that the pattern reads and that is sure: a check must pass where there is one.
    """
    stem = grammar.spelt.get(head.lower(), head)
    wanted = grammar.form.digits if grammar.form.body is None else None
    for parts in _growing(folded, start, len(head), stem):
        if wanted and parts.digits > wanted:
            return None
        if wanted and parts.size < wanted:
            continue
        for text, repair in _readings(parts, len(stem), head == stem, not grammar.form.digits):
            match = pattern.fullmatch(text)
            if match and _is_sure(grammar, match, parts, repair, bool(head)):
                is_kept = len(text) >= len(parts.kept)
                return Mend(parts.end, match, _repairs(parts, repair, is_kept=is_kept))
    return None


def _readings(
    parts: _Pieces, stem: int, is_tried: bool, has_groups: bool
) -> Iterator[tuple[str, Repair | None]]:
    """Yield what the pieces read like, and what besides the tears was mended for that."""
    is_same = parts.kept == parts.dropped
    for joined in (parts.kept,) if is_same else (parts.kept, parts.dropped):
        if len(parts.pieces) > 1 or not is_tried:
            yield joined, None
        if (digits := _unlettered(joined, stem)) is not None:
            yield digits, "letter-for-digit"
    if not has_groups or len(parts.pieces) not in _GROUPS or any(map(_has_blank, parts.tears)):
        return
    for match in _SHORT_GROUP.finditer(parts.kept, stem):
        for zeros in ("0", "00", "000"):
            start = match.start()
            yield parts.kept[:start] + zeros + parts.kept[start:], "leading-zeros"


def _growing(folded: str, start: int, head: int, stem: str) -> Iterator[_Pieces]:
    """Yield what may be a number, one more piece each time."""
    stretch = folded[start : start + LONGEST]
    first = _FIRST_DIGIT.search(stretch, head, head + _GAP)
    if first is None:
        return
    parts = _Pieces(stem + stretch[head : first.start()], first.start())
    while parts.size < _MOST and (match := _PIECE.match(stretch, parts.end)):
        is_torn, piece = bool(match["tear"]), match["piece"]
        if is_torn != bool(parts.pieces) or not _FIRST_DIGIT.search(piece):
            return
        if stem and stem.lower() in piece.lower():
            return  # the next number
        parts.add(match)
        if _ENDED.match(stretch, parts.end):
            yield parts


def _unlettered(text: str, stem: int) -> str | None:
    """Return the text with letters that stand for digits read as such; None if there are none.

    Where many of them are digits already, runs of nothing else are digits too.
    """
    body = text[stem:]
    if not _TYPED_LETTER.search(body):
        return None
    digits = sum(map(str.isdigit, body))
    letters = sum(map(str.isalpha, body))

    def read(run: re.Match[str]) -> str:
        is_digits = 2 * sum(map(str.isdigit, run[0])) >= len(run[0])
        return run[0].translate(_TYPED_FOR) if is_digits or _TYPED.fullmatch(run[0]) else run[0]

    changed = text[:stem] + _RUN.sub(read, body) if 2 * digits >= letters else text
    return changed if changed != text else None


def _is_sure(
    grammar: Grammar,
    match: re.Match[str],
    parts: _Pieces,
    repair: Repair | None,
    has_prefix: bool,
) -> bool:
    """Return whether no other reading is as good: a check passes, or else nothing is in doubt."""
    verdict = grammar.entry.checked(grammar.form.number(match.groupdict()))
    sizes = [len(piece) for piece in parts.pieces]
    if verdict is None:
        is_kept, is_lettered = match[0] == parts.kept, repair == "letter-for-digit"
        if not has_prefix or repair == "leading-zeros":
            return False
        is_grouped = grammar.form.digits is not None and not is_lettered and _is_grouped(parts)
        return is_grouped or _is_beyond_doubt(parts, is_kept, is_lettered)
    # One digit at the end may be a count; before the others it is none.
    is_whole = max(sizes) == 1 or min(sizes[1:], default=2) > 1 or sum(sizes) >= _LONG
    return verdict == "ok" and is_whole


def _is_beyond_doubt(parts: _Pieces, is_kept: bool, is_lettered: bool) -> bool:
    """Return whether pieces behind a prefix are one number where no check says so.

    In one go; or spelt digit by digit; or in pieces that are no numbers or counts by themselves.
    """
    blanks = [
        len(piece)
        for piece, tear in zip(parts.pieces, parts.tears, strict=True)
        if _has_blank(tear) and not (is_kept and tear.strip())
    ]
    sizes = [len(piece) for piece in parts.pieces]
    if is_lettered:
        return not blanks and sum(sizes) >= _TELLING
    if max(sizes) == 1 or (not blanks and is_kept):
        return True
    if not is_kept and any(map(_is_span, parts.pieces, parts.pieces[1:])):
        return False
    is_listed = not is_kept and any(sign in tear for tear in parts.tears for sign in ",./")
    least = min(blanks if is_kept else sizes)
    return least >= _SURE_PIECE and not is_listed


def _is_grouped(parts: _Pieces) -> bool:
    """Return whether digits stand in three groups or more, as those of sums and telephones do."""
    if len(parts.pieces) < _FEWEST_GROUPS:
        return False
    first, *inner, last = map(len, parts.pieces)
    size = max(first, last, *inner)
    is_even = 1 < size < _MOST_GROUPED and {*inner} == {size} and size in (first, last)
    return is_even and len({*parts.tears[1:]}) == 1 and len(parts.tears[1]) == 1


def _is_span(piece: str, other: str) -> bool:
    """Return whether two pieces are years, from the one to the other."""
    return bool(_YEAR.fullmatch(piece) and _YEAR.fullmatch(other))


def _repairs(parts: _Pieces, repair: Repair | None, *, is_kept: bool) -> tuple[Repair, ...]:
    repairs: list[Repair] = [repair] if repair else []
    is_torn = not is_kept and len(parts.pieces) > 1
    if is_torn or any(map(_has_blank, parts.tears)):
        is_across = any(not {"\n", "\v"}.isdisjoint(tear) for tear in parts.tears)
        repairs.append("line-break" if is_across else "split-digits")
    return tuple(repairs)


def _has_blank(tear: str) -> bool:
    return any(map(str.isspace, tear))
