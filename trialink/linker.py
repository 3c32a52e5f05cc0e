"""The whole chain: a text in, its trials out."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from trialink.by_name import in_text_order, loose, told_by_name, with_records
from trialink.finding import names, read
from trialink.linked_text import SOURCE, LinkedText, informed, provenance
from trialink.linking import link, statements
from trialink.linking.comparing.agreement import agreement
from trialink.linking.comparing.at_hand import AtHand
from trialink.linking.comparing.conflicts import Compared, record_conflicts
from trialink.linking.comparing.wording import Words
from trialink.linking.evidence.naming import tied
from trialink.model.default import DEFAULT, Default
from trialink.model.name_resolutions import NameResolution, NameResolutions
from trialink.model.resolutions import Resolution, Resolutions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Iterator
    from typing import Any, Self, TypeVar

    from trialink.model.ids import TrialId
    from trialink.model.links import Trial
    from trialink.model.mentions import NameMention, Problem
    from trialink.resolving import AsyncResolver, Resolver

    Answers = Mapping[TrialId, Resolution]
    T = TypeVar("T")

__all__ = ["AsyncLinker", "LinkedText", "Linker"]

_TEXTS = 100  # read before their identifiers are looked up together
_KNOWN = 5_000  # answers that `read_many` keeps from one lot to the next


class Linker:
    """Reads texts, looks their identifiers up, and links what is the same trial.

    By default a live `Resolver` is made, and closed with the linker. `resolver=None` looks
    nothing up: every identifier fails with the reason "offline", and the links are those that
    the text states. A resolver of your own is used and not closed.

    >>> import trialink
    >>> with trialink.Linker(None) as linker:
    ...     document = linker.read("FUMANBA-1 (CTR20192510, NCT05066646), run in China")
    >>> document.trials
    [<Trial NCT05066646 = CTR20192510 (FUMANBA-1): 0 records, 1 link, weakest same-bracket>]
    """

    def __init__(self, resolver: Resolver | Default | None = DEFAULT) -> None:
        self._owns_resolver = isinstance(resolver, Default)
        if isinstance(resolver, Default):
            from trialink.resolving import Resolver as LiveResolver

            resolver = LiveResolver()
        if resolver is not None and (
            not hasattr(resolver, "resolve") or hasattr(resolver, "aclose")
        ):
            raise TypeError(f"Linker takes a Resolver or None, not {type(resolver).__name__}")
        self.resolver = resolver

    def read(self, text: str, *, source: str | None = None, keep_text: bool = False) -> LinkedText:
        """Return what `text` says of trials; raise `TypeError` for anything but str."""
        reading = _Reading(text, source, keep_text)
        answers = self._resolved(reading.ids)
        return reading.linked(answers, self._looked_up([reading], answers, {}))

    def read_many(
        self,
        texts: Iterable[str | tuple[str, str]],
        *,
        keep_text: bool = False,
        lot: int | None = _TEXTS,
    ) -> Iterator[LinkedText]:
        """Yield a linked text for each text, or for each pair of a key and a text, in order.

        Texts are read in lots of 100, whose identifiers are resolved together. The answers for the
        last 5,000 distinct identifiers are kept, so a stream of any length takes no more memory; an
        identifier that comes back later is asked again, which its resolver's cache answers.
        `lot=None` takes all texts as one lot: they are held, and each identifier is resolved once.
        Without a resolver texts are linked one by one, whatever the lot.
        """
        known: dict[TrialId, Resolution] = {}
        known_names: dict[str, NameResolution] = {}
        for readings in _lots(texts, lot, keep_text, together=self.resolver is not None):
            new = _unknown(readings, known)
            answers = self._resolved(new)
            known |= answers
            by_name = self._looked_up(readings, known, known_names)
            for reading in readings:
                yield reading.linked(reading.answers(known, answers), by_name)
            _forget(known, (id for reading in readings for id in reading.ids))
            _forget(known_names, by_name or ())

    def _resolved(self, ids: list[TrialId]) -> Resolutions:
        if self.resolver is None or not ids:
            return _unasked(ids)
        return self.resolver.resolve(ids)

    def _looked_up(
        self, readings: list[_Reading], answers: Answers, known: dict[str, NameResolution]
    ) -> NameResolutions | None:
        """Return what is known of names, those of the readings among them; None without look-up."""
        if self.resolver is None or not getattr(self.resolver, "names", False):
            return None
        unknown = _unknown_names(readings, answers, known)
        found = self.resolver.look_up_names(unknown)
        known |= found
        return NameResolutions(known.values(), errors=found.errors)

    def close(self) -> None:
        """Close the resolver, if it was made here."""
        if self._owns_resolver and self.resolver is not None:
            self.resolver.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncLinker:
    """Reads texts, looks their identifiers up, and links what is the same trial; for asyncio.

    As `Linker`, with an `AsyncResolver`. Reading and linking run on the resolver's worker
    thread, so that the event loop is never blocked.
    """

    def __init__(self, resolver: AsyncResolver | Default | None = DEFAULT) -> None:
        self._owns_resolver = isinstance(resolver, Default)
        if isinstance(resolver, Default):
            from trialink.resolving import AsyncResolver as LiveResolver

            resolver = LiveResolver()
        if resolver is not None and not hasattr(resolver, "aclose"):
            kind = type(resolver).__name__
            raise TypeError(f"AsyncLinker takes an AsyncResolver or None, not {kind}")
        self.resolver = resolver

    async def read(
        self, text: str, *, source: str | None = None, keep_text: bool = False
    ) -> LinkedText:
        """Return what `text` says of trials; raise `TypeError` for anything but str."""
        reading: _Reading = await self._run(_Reading, text, source, keep_text)
        answers = await self._resolved(reading.ids)
        by_name = await self._looked_up([reading], answers, {})
        linked: LinkedText = await self._run(reading.linked, answers, by_name)
        return linked

    async def read_many(
        self,
        texts: Iterable[str | tuple[str, str]],
        *,
        keep_text: bool = False,
        lot: int | None = _TEXTS,
    ) -> AsyncIterator[LinkedText]:
        """Yield a linked text for each text or pair, in order; see `Linker.read_many`."""
        known: dict[TrialId, Resolution] = {}
        known_names: dict[str, NameResolution] = {}
        lots = _lots(texts, lot, keep_text, together=self.resolver is not None)
        while readings := await self._run(next, lots, []):
            answers = await self._resolved(_unknown(readings, known))
            known |= answers
            by_name = await self._looked_up(readings, known, known_names)
            for reading in readings:
                yield await self._run(reading.linked, reading.answers(known, answers), by_name)
            _forget(known, (id for reading in readings for id in reading.ids))
            _forget(known_names, by_name or ())

    async def _resolved(self, ids: list[TrialId]) -> Resolutions:
        if self.resolver is None or not ids:
            return _unasked(ids)
        return await self.resolver.resolve(ids)

    async def _looked_up(
        self, readings: list[_Reading], answers: Answers, known: dict[str, NameResolution]
    ) -> NameResolutions | None:
        if self.resolver is None or not getattr(self.resolver, "names", False):
            return None
        unknown = await self._run(_unknown_names, readings, answers, known)
        found = await self.resolver.look_up_names(unknown)
        known |= found
        return NameResolutions(known.values(), errors=found.errors)

    async def _run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        if self.resolver is None:
            return function(*arguments)
        return await self.resolver._run(function, *arguments)

    async def aclose(self) -> None:
        """Close the resolver, if it was made here."""
        if self._owns_resolver and self.resolver is not None:
            await self.resolver.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


class _Reading:
    """A text on its way: what needs no registry is done, the rest waits for resolutions."""

    def __init__(self, text: str, source: str | None, keep_text: bool) -> None:
        self.text, self.source, self.keep_text = text, source, keep_text
        self.mentions, self.problems = read(text, "read")
        self.ids = self.mentions.ids()
        self._words: Words | None = None

    def answers(self, known: Mapping[TrialId, Resolution], latest: Resolutions) -> Resolutions:
        """Return what is known of the identifiers of this text."""
        own = (known[id] for id in self.ids)
        return Resolutions(own, errors=latest.errors, version=latest.version)

    def named(self, answers: Answers) -> list[NameMention]:
        """Return the names in the text, with the identifiers that the text gives them."""
        records = {record.id: record for id in self.ids for record in answers[id].records}
        return tied(self.text, names(self.text, records.values()), self.mentions)

    def linked(self, answers: Resolutions, known: NameResolutions | None = None) -> LinkedText:
        """Return the linked text that the answers for its identifiers, and names, make of it."""
        named, ids = self.named(answers), self.ids
        own = None if known is None else _own_names(named, known)
        if own is not None:
            named, answers = told_by_name(named, own), with_records(answers, own)
            ids = in_text_order(self.mentions, named)
        trials = link(
            {record.id: record for each in answers.values() for record in each.records}.values(),
            statements(self.text, self.mentions),
            ids=ids,
            names=named,
            absent=[each.id for each in answers.values() if each.outcome == "absent"],
        )
        compared = self._compared(answers)
        problems = self._problems(compared)
        self._words = None  # many times the size of the text
        agreements = [each.agreement for each in compared]
        return LinkedText(
            self.source,
            len(self.text),
            self.mentions,
            named,
            problems,
            answers,
            _in_order(informed(trials, answers, agreements), ids),
            agreements,
            provenance(answers, own),
            text=self.text if self.keep_text else None,
            name_resolutions=own,
        )

    def _compared(self, answers: Resolutions) -> list[Compared]:
        """Return each mention that has one record, compared with what the text says."""
        known = [
            (place, mention, record)
            for place, mention in enumerate(self.mentions)
            if (record := answers[mention.id].record) is not None
        ]
        at_hand = AtHand({record.id: record for _, _, record in known}.values())
        compared = []
        for place, mention, record in known:
            found = agreement(self.text, mention, record, words=self.words, others=at_hand)
            compared.append(Compared(mention, record, found.replace(mention=place)))
        return compared

    def _problems(self, compared: list[Compared]) -> list[Problem]:
        """Return what `check` says, and the numbers whose record is of another trial."""
        if not compared:
            return self.problems
        conflicts = record_conflicts(self.words, compared, self.problems)
        return sorted((*self.problems, *conflicts), key=lambda each: (each.start, each.end))

    @property
    def words(self) -> Words:
        """The words of the text, made when records are first compared with them."""
        if self._words is None:
            self._words = Words(self.text)
        return self._words


def _lots(
    texts: Iterable[str | tuple[str, str]], lot: int | None, keep_text: bool, *, together: bool
) -> Iterator[list[_Reading]]:
    if isinstance(texts, (str, bytes, Mapping)):
        raise TypeError("read_many() takes many texts or pairs; read() takes one text")
    if lot is not None and (not isinstance(lot, int) or lot < 1):
        raise ValueError(f"lot= is a number of texts, 1 or more, or None for all; not {lot!r}")
    pairs, size = map(_keyed, texts), lot if together else 1
    while readings := [_Reading(text, source, keep_text) for source, text in islice(pairs, size)]:
        yield readings


def _unknown(readings: list[_Reading], known: Mapping[TrialId, Resolution]) -> list[TrialId]:
    wanted = dict.fromkeys(id for reading in readings for id in reading.ids)
    return [id for id in wanted if id not in known]


def _unknown_names(
    readings: list[_Reading], answers: Answers, known: Mapping[str, NameResolution]
) -> list[str]:
    wanted = dict.fromkeys(name for each in readings for name in loose(each.named(answers)))
    return [name for name in wanted if name not in known]


def _own_names(named: list[NameMention], known: NameResolutions) -> NameResolutions:
    """Return the answers for the names of a text that it ties to no number."""
    return NameResolutions((known[name] for name in loose(named)), errors=known.errors)


def _forget(known: dict[T, Any], used: Iterable[T]) -> None:
    """Drop the answers that were used longest ago, those beyond `_KNOWN`."""
    for each in dict.fromkeys(used):
        known[each] = known.pop(each)
    for each in [*islice(known, max(0, len(known) - _KNOWN))]:
        del known[each]


def _in_order(trials: list[Trial], ids: list[TrialId]) -> list[Trial]:
    """Return the trials that the text mentions, in the order of their first mention."""
    place = {id: index for index, id in enumerate(ids)}
    mentioned = [trial for trial in trials if place.keys() & {*trial.ids}]
    return sorted(mentioned, key=lambda trial: min(place[id] for id in trial.ids if id in place))


def _unasked(ids: Iterable[TrialId]) -> Resolutions:
    return Resolutions(Resolution(id, "failed", SOURCE, reason="offline") for id in ids)


def _keyed(item: str | tuple[str, str]) -> tuple[str | None, str]:
    if isinstance(item, str):
        return None, item
    if not isinstance(item, tuple) or len(item) != 2:
        kind = type(item).__name__
        raise TypeError(f"read_many() takes texts, or pairs of a key and a text, not {kind}")
    return item
