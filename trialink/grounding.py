"""A generated text and its sources in, the identifiers out that the sources do not carry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cached_property

from trialink.errors import InvalidTrialId
from trialink.finding.folding import fold
from trialink.finding.outline import sought
from trialink.finding.parsing import parse
from trialink.finding.patterns import lazily
from trialink.finding.problems import problems
from trialink.finding.scanning import Scan, scan
from trialink.finding.view import view
from trialink.linked_text import LinkedText
from trialink.linking import declarations
from trialink.model.ids import TrialId
from trialink.model.links import Trial
from trialink.model.mentions import Mention, Problem
from trialink.model.shown import shown
from trialink.model.value import Value
from trialink.registries import BY_KEY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from trialink.model.words import UngroundedCode
    from trialink.sources.record import Record

    Item = TrialId | Mention | Record | Trial
    Source = str | LinkedText | Item
    Spelling = tuple[str | None, str]  # key of a registry, letters and digits of a number

# What is wrong with a number itself, whoever states it.
_WRONG: tuple[UngroundedCode, ...] = (
    *("check-digit", "digits-missing", "digits-extra", "placeholder", "out-of-range"),
)
# What may be a number without a prefix, such as EudraCT's; `parse` says whether it is one.
_RUN = lazily(r"(?<![^\W_])\d[\dA-Z]{3,9}-[\dA-Z]{4,9}-\d[\d\-]{1,9}(?![^\W_])")
_DIGIT = lazily(r"[0-9]")
_TAKEN = "texts (str), TrialId, Mention, Record, Trial and LinkedText"


class Ungrounded(Value):
    """An identifier in a generated text that fails its check, or that no source states.

    `start`, `end` and `text` are as in a mention. `code` is "not-stated", or the code of `check`
    for a number that cannot be right as it stands. `id` is None where no identifier can be read.
    `message` says what to do. `is_stated` tells whether a source states the number all the same.
    `nearest` are the numbers of its registry that the sources state and that differ in one place:
    one character changed, put in or left out, or two neighbours swapped; signs, blanks and case do
    not count.
    """

    start: int
    end: int
    text: str
    code: UngroundedCode
    id: TrialId | None
    registry: str | None
    message: str
    is_stated: bool = False
    nearest: tuple[TrialId, ...] = ()

    def __str__(self) -> str:
        number = self.text if self.id is None else self.id
        return shown(f"{number} [{self.start}:{self.end}] {self.code}: {self.message}")


def ungrounded(answer: str, sources: Iterable[Source]) -> list[Ungrounded]:
    """Return the identifiers in `answer` that fail their check, or that no source states.

    One for each place in the text, in text order. `sources` are what the text was made from:
    texts, and `TrialId`, `Mention`, `Record`, `Trial` or `LinkedText` where these are at hand. A
    record states its numbers and those that it declares; a trial and a linked text state all
    numbers of their trials, so that a trial's other number is grounded, as it is not by texts
    that lack it. Identifiers are compared, not spellings. Needs no network.

    Raises `TypeError` for an answer that is no str, for one source in place of several, and for
    a source of another type.

    >>> import trialink
    >>> source = "FUMANBA-1 (CTR20192510, NCT05066646) was run in China."
    >>> for each in trialink.ungrounded("See NCT05066646, CTR20192501, NCT03361748.", [source]):
    ...     print(each.code, each.id, *each.nearest)
    not-stated CTR20192501 CTR20192510
    not-stated NCT03361748
    """
    found, wrong = _scanned(answer)
    stated = _Stated(sources)
    doubts: list[Mention | Problem] = [each for each in wrong if each.code in _WRONG]
    judged = {each.start for each in doubts}
    near = _Near(stated.ids)
    mentions = (*found.mentions, *_vouched(answer, found, near))
    unstated = (each for each in mentions if each.id not in stated.ids)
    doubts += (each for each in unstated if each.start not in judged)
    return [_ungrounded(each, stated, near) for each in _apart(doubts)]


def _scanned(text: str) -> tuple[Scan, list[Problem]]:
    seen, _ = sought()
    found = scan(view(text, "ungrounded"), seen, all_digits=True)
    return found, problems(text, found, seen.entries)


def _vouched(answer: str, found: Scan, near: _Near) -> Iterator[Mention]:
    """Yield the numbers for which nothing in a short answer speaks, but the sources do.

    They have the prefix of a registry whose numbers the sources state, or the shape of a number
    and a stated one like them.
    """
    for each in found.doubted:
        start, end, key = each.start, each.end, each.entry.key
        if each.has_prefix and key in near.registries:
            yield Mention(start, end, answer[start:end], TrialId(key, each.number))
    for mention in _shaped(answer):
        if near.to(_spelling(mention), mention.id):
            yield mention


def _shaped(text: str) -> Iterator[Mention]:
    """Yield the numbers without a prefix that have a shape of their own, whatever their check."""
    for run in _RUN.finditer(text):
        with suppress(InvalidTrialId):
            yield Mention(run.start(), run.end(), run[0], parse(run[0]))


def _apart(doubts: Iterable[Mention | Problem]) -> Iterator[Mention | Problem]:
    """Yield what is doubted in text order, of several at one place the first and shortest."""
    end = 0
    for each in sorted(doubts, key=lambda each: (each.start, each.end)):
        if each.start >= end:
            yield each
            end = each.end


def _ungrounded(doubt: Mention | Problem, stated: _Stated, near: _Near) -> Ungrounded:
    spelling = _spelling(doubt)
    is_stated = doubt.id in stated.ids or spelling in stated.miswritten
    nearest = near.to(spelling, doubt.id)
    wrong = doubt.message if isinstance(doubt, Problem) else f"no source states {doubt.id}."
    return Ungrounded(
        doubt.start,
        doubt.end,
        doubt.text,
        _code(doubt),
        doubt.id,
        spelling[0],
        f"{wrong} {_advice(is_stated, nearest)}",
        is_stated,
        nearest,
    )


def _code(doubt: Mention | Problem) -> UngroundedCode:
    if isinstance(doubt, Mention):
        return "not-stated"
    return next(code for code in _WRONG if code == doubt.code)


def _advice(is_stated: bool, nearest: tuple[TrialId, ...]) -> str:
    if is_stated:
        return "A source states it so: look it up before you use it."
    if nearest:
        numbers = ", ".join(map(str, nearest))
        return f"The sources state {numbers}, one place away: write that if it is meant."
    return "Leave it out, or add the source that gives it."


class _Stated:
    """What the sources state: identifiers, and numbers that are none as they stand."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self.ids: set[TrialId] = set()
        self.miswritten: set[Spelling] = set()
        for place, source in enumerate(_several(sources)):
            if isinstance(source, str):
                self._read(source)
            elif isinstance(source, LinkedText):
                self.ids.update(each.id for each in source.mentions)
                self.ids.update(id for trial in source.trials for id in _numbers(trial))
                self._note(source.problems)
            else:
                self.ids.update(_ids(source, place))

    def _read(self, text: str) -> None:
        """Note what a text states; what stands there needs nothing that speaks for it."""
        found, wrong = _scanned(text)
        self.ids.update(each.id for each in found.mentions)
        self.ids.update(TrialId(each.entry.key, each.number) for each in found.doubted)
        self.ids.update(each.id for each in _shaped(text))
        self._note(wrong)

    def _note(self, wrong: Iterable[Problem]) -> None:
        self.miswritten.update(_spelling(each) for each in wrong if each.id is None)


def _several(sources: Iterable[Source]) -> Iterable[Source]:
    one = isinstance(sources, (str, bytes, bytearray, Mapping)) or hasattr(sources, "model_dump")
    one = one or hasattr(sources, "columns")  # a frame is an iterable of their names
    if one or not isinstance(sources, Iterable):
        kind = type(sources).__name__
        raise TypeError(f"ungrounded() takes a list of sources, not {kind}; [source] for one alone")
    return sources


def _ids(source: Item, place: int) -> Iterable[TrialId]:
    """Return the identifiers that a source other than a text states."""
    if isinstance(source, TrialId):
        return (source,)
    if isinstance(source, Mention):
        return (source.id,)
    if isinstance(source, Trial):
        return _numbers(source)
    if hasattr(source, "secondary_ids"):
        ends = (end for link in declarations([source]) for end in (link.left, link.right))
        return (source.id, *ends)
    kind = type(source).__name__
    advice = f"source {place} is {kind}: give its text, or leave it out"
    raise TypeError(f"ungrounded() takes {_TAKEN} as sources; {advice}")


def _numbers(trial: Trial) -> Iterator[TrialId]:
    """Yield the numbers of a trial, and those that it is only related to."""
    yield from trial.ids
    yield from (each.id for each in trial.related)


class _Near:
    """Finds the identifiers that differ from a number in one place.

    Two such numbers have a shortening in common: the number itself, or one without one character.
    """

    def __init__(self, ids: Collection[TrialId]) -> None:
        self.registries = {id.registry for id in ids}
        self._ids = ids

    @cached_property
    def _by_shortening(self) -> dict[Spelling, list[TrialId]]:
        sharing: dict[Spelling, list[TrialId]] = {}
        for id in self._ids:
            for each in _shortenings(_spelling_of(id)):
                sharing.setdefault(each, []).append(id)
        return sharing

    def to(self, spelling: Spelling, own: TrialId | None) -> tuple[TrialId, ...]:
        """Return the identifiers one place away from a number, sorted."""
        sharing = {
            id for each in _shortenings(spelling) for id in self._by_shortening.get(each, ())
        }
        near = (id for id in sharing if _is_near(_spelling_of(id)[1], spelling[1]))
        return tuple(sorted(id for id in near if id != own))


def _spelling(doubt: Mention | Problem) -> Spelling:
    if doubt.id is not None:
        return _spelling_of(doubt.id)
    signs = _signs_dropped(fold(doubt.text))
    lead, digit = _lead(doubt.registry), _DIGIT.search(signs)
    # Words may stand between the prefix and the digits, and the registry's name for the prefix.
    return doubt.registry, signs if lead is None or not digit else lead + signs[digit.start() :]


def _lead(registry: str | None) -> str | None:
    """Return what all numbers of a registry begin with, if digits are all that follows."""
    if registry not in BY_KEY:
        return None
    forms = BY_KEY[registry].forms
    leads = {form.canonical.partition("{n}")[0] for form in forms}
    return _signs_dropped(leads.pop()) if len(leads) == 1 and forms[0].digits else None


def _spelling_of(id: TrialId) -> Spelling:
    return id.registry, _signs_dropped(id.number)


def _signs_dropped(number: str) -> str:
    return "".join(filter(str.isalnum, number)).casefold()


def _shortenings(spelling: Spelling) -> set[Spelling]:
    registry, signs = spelling
    cut = {signs[:place] + signs[place + 1 :] for place in range(len(signs))}
    return {(registry, each) for each in (signs, *cut)}


def _is_near(one: str, other: str) -> bool:
    """Return whether a change, an addition, an omission or a swap makes one of the other."""
    places = enumerate(zip(one, other, strict=False))
    start = next((place for place, (a, b) in places if a != b), min(len(one), len(other)))
    one, other = one[start:], other[start:]
    is_swapped = one[:2] == other[:2][::-1] and one[2:] == other[2:]
    return is_swapped or one[1:] in (other, other[1:]) or one == other[1:]
