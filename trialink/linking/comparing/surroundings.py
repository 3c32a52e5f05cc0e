"""A mention in its text, and how its surroundings are compared."""

from __future__ import annotations

import re

from trialink.finding import find, names
from trialink.finding.context import bracket_bounds, sentence_bounds
from trialink.linking.comparing.vocabulary import NO_PRODUCT
from trialink.linking.comparing.wording import Places, Words, key
from trialink.linking.evidence.naming import tied
from trialink.model.links import Aspect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from trialink.model.ids import TrialId
    from trialink.model.mentions import Mention
    from trialink.model.words import Verdict

    Offsets = tuple[int, int]

_GOES_ON = re.compile(r"[ \t]{0,4}\n?[ \t]{0,4}(?:It|The (?:trial|study)|This (?:trial|study))\b")


class Surroundings:
    """A mention in its text."""

    def __init__(self, words: Words, mention: Mention) -> None:
        self.words, self.mention, self.text = words, mention, words.text
        self.sentence = sentence_bounds(words.text, mention.start, mention.end)

    def nearest(self, found: Places) -> list[Offsets]:
        """Return the offsets nearest to the mention, ties to the earlier; none for none."""
        return found.nearest(self.mention)

    def told(
        self,
        aspect: str,
        field: str,
        value: str | None,
        found: Sequence[Offsets] = (),
        verdict: Verdict | None = None,
    ) -> Aspect:
        """Return an aspect that fits where something was found, unless another verdict is given."""
        spans = tuple(self.words.span(*each) for each in found)
        return Aspect(
            aspect, verdict or ("fits" if spans else "silent"), field, value or None, spans
        )

    def own_name(self) -> list[Offsets]:
        """Return the nearest trial name of the sentence that the text ties to the mention."""
        given = self.words.once(_tied, *self.sentence)
        return self.nearest(Places(span for span, ids in given if self.mention.id in ids))

    @property
    def neighbourhood(self) -> Offsets:
        """The mention's sentence, and the next one if that goes on about the same trial."""
        start, end = self.sentence
        follows = _GOES_ON.match(self.text, end)
        if follows is None:
            return start, end
        low, high = sentence_bounds(self.text, follows.end(), follows.end())
        return (start, end) if self.words.once(_numbers, low, high) else (start, high)

    def is_alone(self) -> bool:
        """Return whether the sentence is of one trial.

        It gives no other number, except numbers of other registries in the mention's own bracket.
        """
        low, _ = self.sentence
        mention = self.mention
        left, right = bracket_bounds(self.text, mention.start, mention.end) or (0, 0)
        return all(
            each.id.registry != mention.id.registry and left <= low + each.start < right
            for each in self.words.once(_numbers, *self.sentence)
            if each.id != mention.id
        )


def _tied(words: Words, low: int, high: int) -> list[tuple[Offsets, tuple[TrialId, ...]]]:
    """Return the trial names of a part of the text, with the numbers that it ties to them."""
    piece = words.text[low:high]
    given = tied(piece, names(piece), words.once(_numbers, low, high))
    return [((low + each.start, low + each.end), each.ids) for each in given]


def _numbers(words: Words, low: int, high: int) -> Sequence[Mention]:
    return find(words.text[low:high])


def listed(
    around: Surroundings,
    aspect: str,
    field: str,
    values: Sequence[str],
    spellings: Callable[[str], Iterable[str]],
) -> Aspect:
    """Return an aspect that fits where one of several values stands, with a span for each."""
    found = {
        span
        for value in values
        for span in around.nearest(around.words.once(_spelled, spellings, value))
    }
    outer = [
        span
        for span in found
        if not any(each != span and each[0] <= span[0] and span[1] <= each[1] for each in found)
    ]
    return around.told(aspect, field, "|".join(values), sorted(outer))


def _spelled(words: Words, spellings: Callable[[str], Iterable[str]], value: str) -> Places:
    """Return where a value stands in one of its spellings."""
    kept = (each for each in spellings(value) if key(each) not in NO_PRODUCT)
    return Places(span for spelling in kept for span in words.find(spelling))
