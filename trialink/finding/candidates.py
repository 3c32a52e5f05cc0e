"""From a text to everything in it that a pattern of the catalogue matches, believed or not."""

from __future__ import annotations

from trialink.finding.outline import Outline
from trialink.finding.patterns import lazily
from trialink.finding.reading import Candidate, Damage, damaged, hidden, prefixed, unprefixed
from trialink.finding.window import Window, cleaned, window

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_LEAD = 100  # characters between the start of an identifier and where it shows
_NEAR = 24  # the same for nearly all
_BARE_LEAD = 16  # the same for a number without a prefix
_REACH = 260  # characters behind that place in which every pattern has ended
_STRETCH = 4096  # characters that are looked at together
_BEFORE = 4  # characters before an identifier that say whether it begins there
_BEHIND = 64  # characters that a prefix which shows by itself may be long
_SIGHT = 8  # characters behind a place that say whether a number begins there
_RECENT = 8  # numbers behind a prefix that can reach as far as a place
# Where a bare number can begin: at a digit that goes on no other, or a few letters before one.
_BEGINNING = lazily(
    r"(?<![^\W_])(?=[^\W\d_]{0,6}[\-/ ]?[0-9]|[OoIlSB][0-9OoIlSB])[^\W_]|(?<=[^\W\d_])[0-9]"
)


def candidates(
    text: str, seen: Outline, places: Iterable[tuple[int, bool]], *, damages: bool = True
) -> Iterator[Candidate | Damage]:
    """Yield what the patterns of the entries match around some places, overlaps included.

    With each place stands whether something announces a number there. What typesetting left in a
    text is looked through: both are read, the text as it stands and without that.
    """
    more = [*hidden(window(text, 0, len(text)), seen.hidden)] if seen.hidden else []
    if more:
        places = sorted({*places, *((each.start, True) for each in more)})
    reader = Reader(seen, damages=damages)
    reached = announced = -1
    for group in _neighbours(places):
        bounds = group[0][0] - _LEAD - _BEFORE, group[-1][0] + _REACH
        stretches = [each for each in (window(text, *bounds), cleaned(text, *bounds)) if each]
        for place, is_announced in group:
            # What is read where nothing announces it changes nothing of what is read elsewhere.
            low = max((announced if is_announced else reached) + 1, place - _LEAD)
            yield from reader.read(stretches, low, place, is_announced=is_announced)
            reached = place
            announced = place if is_announced else announced
    yield from (each for each in more if not is_covered(reader.covered, each.start))


def _neighbours(places: Iterable[tuple[int, bool]]) -> Iterator[list[tuple[int, bool]]]:
    """Yield places in groups that are looked at together."""
    group: list[tuple[int, bool]] = []
    for each in places:
        place = each[0]
        if group and (place - group[-1][0] > _REACH or place - group[0][0] > _STRETCH):
            yield group
            group = []
        group.append(each)
    if group:
        yield group


class Reader:
    """Reads stretches of one text; `covered` are the spans that it has read behind prefixes."""

    def __init__(self, seen: Outline, *, damages: bool = True) -> None:
        self._seen, self._damages = seen, damages
        self.covered: list[tuple[int, int]] = []

    def read(
        self, stretches: Sequence[Window], low: int, high: int, *, is_announced: bool
    ) -> list[Candidate | Damage]:
        """Return what begins from one place of the text to another; prefixes are read first.

        `stretches` are the same stretch as it stands and cleaned.
        """
        read: list[Candidate | Damage] = []
        for stretch in stretches if is_announced else ():
            read += self._behind_prefixes(stretch, low, high, stretch.index(high) + 1)
        for stretch in stretches:
            end = stretch.index(high) + 1
            for start in self._beginnings(stretch, max(low, high - _BARE_LEAD), end):
                for each in unprefixed(stretch, self._seen, start, mends=is_announced):
                    each.is_announced = is_announced
                    read.append(each)
                if self._damages and is_announced:
                    read += damaged(stretch, self._seen, start)
        return read

    def _behind_prefixes(
        self, stretch: Window, low: int, high: int, end: int
    ) -> list[Candidate | Damage]:
        near = stretch.index(max(low, high - _NEAR))
        read = self._prefixed(stretch, near, end)
        if read and any(isinstance(each, Candidate) and each.end > high for each in read):
            return read  # behind a number that its prefix stands close to, no other reaches it
        if not self._damages and self._seen.ways.interruption.search(stretch.folded, near, end):
            return read  # what was damaged need not show: it is met on the way to digits that do
        return read + self._prefixed(stretch, stretch.index(low), near)

    def _prefixed(self, stretch: Window, start: int, end: int) -> list[Candidate | Damage]:
        """Return what is read behind prefixes that begin in a slice; covers the numbers."""
        read: list[Candidate | Damage] = []
        lowered = stretch.folded[start : end + _BEHIND].lower()
        for place, word in self._seen.ways.heads(lowered, end - start):
            read += prefixed(stretch, self._seen.ways.of(word), start + place, word)
        if read:
            self.covered += [(each.start, each.end) for each in read if isinstance(each, Candidate)]
        return read

    def _beginnings(self, stretch: Window, low: int, end: int) -> list[int]:
        """Return where in a stretch a bare number could begin that is inside no other."""
        found = _BEGINNING.finditer(stretch.folded, stretch.index(low), end + _SIGHT)
        starts = [start for match in found if (start := match.start()) < end]
        covered = [span for span in self.covered[-_RECENT:] if span[1] > low] if starts else []
        if covered:
            return [each for each in starts if not is_covered(covered, stretch.place(each))]
        return starts


def is_covered(spans: Iterable[tuple[int, int]], place: int) -> bool:
    """Return whether a place is inside a span: a number behind a prefix holds no bare one."""
    return any(start <= place < end for start, end in spans)
