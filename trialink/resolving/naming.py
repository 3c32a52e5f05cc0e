"""Names of trials on their way through a call, as identifiers of no registry.

So cache, single flight, pace and retries serve names as they serve numbers, and a name is kept
like a number of another registry that records do or do not cite.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from trialink.finding.folding import fold
from trialink.model.ids import TrialId
from trialink.model.mentions import NameMention
from trialink.model.name_resolutions import NameResolution, NameResolutions
from trialink.sources.searching import NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from trialink.errors import SourceError
    from trialink.flow import Flow
    from trialink.model.resolutions import Resolution
    from trialink.model.words import NameOutcome
    from trialink.sources import Batch, NameSource, Source

    Name = NameMention | str

_OUTCOMES: dict[str, NameOutcome] = {"unsupported": "unknown", "failed": "failed"}


class _Searched:
    """A source in the part that looks for names: no registry is its own."""

    serves = frozenset[str]()

    def __init__(self, source: NameSource) -> None:
        self.name, self._source = source.name, source

    def batches(self, _: Iterable[TrialId]) -> Iterator[Batch]:
        """Yield nothing: a name has no record of its own."""
        return iter(())

    def searches(self, names: Iterable[TrialId]) -> Iterator[Batch]:
        """Yield the names in lots that `search` takes."""
        return self._source.name_searches(names)

    def search(self, batch: Batch) -> Flow[dict[TrialId, Resolution]]:
        """Look for records that bear names."""
        return self._source.search_names(batch)

    def version(self) -> Flow[tuple[str | None, str | None]]:
        """Ask for the version of the service and the timestamp of its data."""
        return self._source.version()


def that_search_names(sources: Iterable[Source]) -> tuple[Any, ...]:
    """Return those of the sources that look for names, as sources of names.

    Raises `ValueError` when there is none.
    """
    able: Iterator[Any] = (source for source in sources if hasattr(source, "search_names"))
    found = tuple(map(_Searched, able))
    if not found:
        raise ValueError("names=True, but none of the sources looks for names")
    return found


def asked_names(names: Name | Iterable[Name], *, may_be_sent: bool) -> dict[str, TrialId]:
    """Return each distinct name as given with what it is asked under: one of each spelling.

    Raises `TypeError` for anything but str, `NameMention` and iterables of them, `RuntimeError`
    where no name may be sent.
    """
    if not may_be_sent:
        raise RuntimeError("this resolver sends no names: make one with names=True")
    keys: dict[str, TrialId] = {}
    given: dict[str, TrialId] = {}
    for name in map(_text, _items(names)):
        plain = " ".join(fold(name).split())
        alike = re.sub(r"[\s-]+", " ", plain).casefold()
        given[name] = keys.setdefault(alike, TrialId(NAMES, plain))
    return given


def name_resolutions(
    given: Mapping[str, TrialId],
    answers: Mapping[TrialId, Resolution],
    errors: Sequence[SourceError],
) -> NameResolutions:
    """Return the answers for names as given."""
    return NameResolutions(
        (_resolution(name, answers[key]) for name, key in given.items()), errors=errors
    )


def _items(names: object) -> Iterable[object]:
    if isinstance(names, (str, NameMention)):
        return (names,)
    if isinstance(names, Iterable) and not isinstance(names, (bytes, bytearray, Mapping)):
        return names
    raise _wrong(names)


def _text(name: object) -> str:
    if isinstance(name, NameMention):
        return name.text
    if isinstance(name, str):
        return name
    raise _wrong(name)


def _wrong(value: object) -> TypeError:
    kind = type(value).__name__
    return TypeError(f"look_up_names() takes str, NameMention, or an iterable of them, not {kind}")


def _resolution(name: str, answer: Resolution) -> NameResolution:
    borne: NameOutcome = "found" if len(answer.records) == 1 else "ambiguous"
    return NameResolution(
        name,
        _OUTCOMES.get(answer.outcome, borne),
        answer.source,
        answer.records,
        answer.origin,
        answer.stale,
        answer.retrieved_at,
        answer.reason,
    )
