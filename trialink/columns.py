"""The values of a column in; out come their mentions or trials, row by row, and a counted summary.

What the adapters for frames share: nothing here knows of a framework.
"""

from __future__ import annotations

import logging

from trialink.finding import Mentions, find
from trialink.model.name_resolutions import NameResolutions
from trialink.model.resolutions import Resolutions
from trialink.registries import selected

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any, TypeVar

    from trialink.linked_text import LinkedText
    from trialink.model.default import Default
    from trialink.model.ids import TrialId
    from trialink.model.name_resolutions import NameResolution
    from trialink.model.resolutions import Resolution
    from trialink.registries import Registry
    from trialink.resolving import Resolver

    Progress = Callable[[int, int], object]
    Report = Callable[[dict[str, Any]], object]
    Registries = Iterable[Registry | str]
    T = TypeVar("T")

# The columns of `Mentions.rows`, with the type of what they hold beside None.
MENTION_COLUMNS: dict[str, type] = {
    "source": str,
    "start": int,
    "end": int,
    "text": str,
    "trn": str,
    "registry": str,
    "registry_label": str,
    "check_digit": str,
    "repairs": str,
}
_LOG = logging.getLogger("trialink")
_CALLS = 100  # of a `progress`
_SHOWN = 3  # numbers in the log


class ColumnReader:
    """Reads the values of one column, once, and counts what it meets.

    None and NaN are missing; what else is no str is counted by the name of its type; neither has
    mentions. `registries` limits them as in `find`. `progress` is called with the numbers of rows
    done and of all `rows`, about a hundred times, `report` with the summary of `trials`. Raises
    `ValueError` for an unknown registry.

    >>> reader = ColumnReader(["see NCT05066646", None, 7], rows=3)
    >>> reader.ids()
    [['NCT05066646'], [], []]
    >>> reader.summary()
    {'rows': 3, 'texts': 1, 'missing': 1, 'not_text': {'int': 1}, 'mentions': 1, 'ids': 1}
    """

    def __init__(
        self,
        values: Iterable[object],
        *,
        rows: int,
        registries: Registries | None = None,
        progress: Progress | None = None,
        report: Report | None = None,
    ) -> None:
        _checked("progress", progress, "the rows done and of all")
        _checked("report", report, "the summary")
        self._values, self._total, self._progress, self._report = values, rows, progress, report
        self._registries = entries(registries)
        self._texts = self._missing = self._mentions = 0
        self._not_text: dict[str, int] = {}
        self._ids: set[TrialId] = set()
        self._looked_up: _LookedUp | None = None

    def mentions(self) -> Iterator[Mentions]:
        """Yield for each value what `find` finds in it."""
        registries = self._registries
        for text in self._told(self._read()):
            mentions = find(text, registries=registries) if text else Mentions()
            if mentions:
                self._count(mentions)
            yield mentions

    def ids(self) -> list[list[str]]:
        """Return for each value its distinct numbers, in order of first appearance."""
        return [_numbers(mentions) if mentions else [] for mentions in self.mentions()]

    def columns(self) -> tuple[list[int], dict[str, list[Any]]]:
        """Return for each mention the place of its value, and the flat columns, without source."""
        places: list[int] = []
        columns: dict[str, list[Any]] = {name: [] for name in MENTION_COLUMNS}
        for place, mentions in enumerate(self.mentions()):
            for row in mentions.rows():
                places.append(place)
                for name, value in row.items():
                    columns[name].append(value)
        return places, columns

    def trials(
        self, resolver: Resolver | Default | None, names: Sequence[str]
    ) -> dict[str, list[list[str]]]:
        """Return under three `names` the columns of `trial_cells`, with a cell for each value.

        All values are read, then their distinct numbers are asked in one call, then each text is
        linked. `resolver` is as for `Linker`. What could not be asked stands in the summary, and
        is told in one line of the log.
        """
        from trialink.linker import Linker

        columns: dict[str, list[list[str]]] = {name: [] for name in names}
        with Linker(resolver) as linker:
            self._looked_up = looked_up = _LookedUp() if linker.resolver is not None else None
            for document in self._told(linker.read_many(self._read(), lot=None)):
                self._count(document.mentions)
                if looked_up is not None:
                    looked_up.add(document)
                for column, cell in zip(columns.values(), trial_cells(document), strict=True):
                    column.append(cell)
        if looked_up is not None:
            looked_up.log_failed()
        if self._report is not None:
            self._report(self.summary())
        return columns

    def summary(self) -> dict[str, Any]:
        """Return what was counted, in plain values that JSON has too.

        `rows`, of these `texts`, `missing` and, by type, `not_text`; `mentions`, and distinct
        `ids`. After a look-up also the `outcomes` of the ids, how many answers are `stale`, and
        what `failed`: each number, and each name where names are looked up, with the reason.
        """
        counted = {
            "rows": self._texts + self._missing + sum(self._not_text.values()),
            "texts": self._texts,
            "missing": self._missing,
            "not_text": dict(self._not_text),
            "mentions": self._mentions,
            "ids": len(self._ids),
        }
        return counted if self._looked_up is None else counted | self._looked_up.summary()

    def _read(self) -> Iterator[str]:
        """Yield the text of each value, an empty one where it is none."""
        for value in self._values:
            if isinstance(value, str):
                self._texts += 1
                yield value
                continue
            if is_missing(value):
                self._missing += 1
            else:
                kind = type(value).__name__
                self._not_text[kind] = self._not_text.get(kind, 0) + 1
            yield ""

    def _told(self, rows: Iterator[T]) -> Iterator[T]:
        """Return the rows, and tell of each when it is done."""
        return rows if self._progress is None else self._telling(rows, self._progress)

    def _telling(self, rows: Iterator[T], progress: Progress) -> Iterator[T]:
        step = max(1, self._total // _CALLS)
        for done, row in enumerate(rows, 1):
            yield row
            if done % step == 0 or done == self._total:
                progress(done, self._total)

    def _count(self, mentions: Mentions) -> None:
        self._mentions += len(mentions)
        self._ids.update(mention.id for mention in mentions)


class _LookedUp:
    """What became of the distinct numbers, and names, of the texts of a column."""

    def __init__(self) -> None:
        self._answers: dict[TrialId, Resolution] = {}
        self._names: dict[str, NameResolution] = {}

    def add(self, document: LinkedText) -> None:
        self._answers |= document.resolutions
        self._names |= document.name_resolutions or {}

    def summary(self) -> dict[str, Any]:
        answers, names = Resolutions(self._answers.values()), NameResolutions(self._names.values())
        failed = {str(each.id): each.reason for each in answers.failed}
        return {
            "outcomes": answers.summary(),
            "stale": sum(answer.stale for answer in answers.values()),
            "failed": failed | {each.name: each.reason for each in names.failed},
        }

    def log_failed(self) -> None:
        """Tell how many could not be looked up; a log has numbers, never a word of a text."""
        answers, names = Resolutions(self._answers.values()), NameResolutions(self._names.values())
        if failed := answers.failed:
            more = f", +{len(failed) - _SHOWN} more" if len(failed) > _SHOWN else ""
            shown = ", ".join(str(each.id) for each in failed[:_SHOWN]) + more
            of, reason = len(answers), failed[0].reason
            _LOG.warning("%d of %d numbers not looked up: %s: %s", len(failed), of, shown, reason)
        if names.failed:
            of, reason = len(names), names.failed[0].reason
            _LOG.warning("%d of %d names not looked up: %s", len(names.failed), of, reason)


def entries(registries: Registries | None) -> tuple[Registry, ...] | None:
    """Return the registries that are named, which may be read again; None for no limit.

    Raises `ValueError` for a name that the catalogue does not have.
    """
    return None if registries is None else selected(registries)


def is_missing(value: object) -> bool:
    """Return whether a value stands for none: None or NaN."""
    return value is None or (isinstance(value, float) and value != value)


def trial_names(prefix: str) -> list[str]:
    """Return the names of the columns that say which trials a text is about."""
    if not isinstance(prefix, str):
        raise TypeError(f"prefix= is a str, not {type(prefix).__name__}")
    return [f"{prefix}{name}" for name in ("ids", "keys", "problems")]


def trial_cells(document: LinkedText) -> tuple[list[str], list[str], list[str]]:
    """Return what stands in these columns: numbers, keys of trials, codes of problems."""
    return (
        _numbers(document.mentions),
        [trial.key for trial in document.trials],
        [problem.code for problem in document.problems],
    )


def refuse(taken: Sequence[str], holder: str) -> None:
    """Raise `ValueError` if a new column would replace one that holds something else."""
    if taken:
        raise ValueError(f"{holder} has a column {taken[0]!r} already; give another prefix=")


def _numbers(mentions: Mentions) -> list[str]:
    return [str(id) for id in mentions.ids()]


def _checked(option: str, function: object, of: str) -> None:
    if not (function is None or callable(function)):
        raise TypeError(f"{option}= takes a function of {of}, not {type(function).__name__}")
