"""A scan from its first file to its table, in as many sittings as it takes."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

from trialink.corpus.folder import Folder
from trialink.corpus.pieces import PARQUET, File, Part, Settings, found_in, planned
from trialink.corpus.reading import require_arrow
from trialink.corpus.scanning import Summary
from trialink.corpus.tables import merge, places
from trialink.corpus.workers import Failure, scanned
from trialink.model.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


class State:
    """How far a scan is: what was found so far, and of how many parts and bytes."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts, self.bytes = len(parts), sum(part.size for part in parts)
        self.done = self.done_bytes = self.documents = self.mentions = 0

    def add(self, part: Part, summary: Summary) -> None:
        """Take a part into account that is done."""
        self.done += 1
        self.done_bytes += part.size
        self.documents += summary.documents
        self.mentions += summary.mentions


class Plan(Value):
    """What is to be scanned into which table."""

    output: Path
    settings: Settings
    files: tuple[File, ...]
    troubles: tuple[tuple[str, str], ...]  # files that cannot be had, with the cause
    left_out: int  # files of other kinds in directories
    parts: tuple[Part, ...]


class Report(Value):
    """What a scan came to. With a failure there is no table, and the parts that are done are kept.

    `failures` are the names of files with the cause, `troubles` what could not be read, in the
    order of the input.
    """

    documents: int
    mentions: int
    troubles: tuple[tuple[str, str], ...]
    failures: tuple[tuple[str, str], ...]


def plan(paths: Iterable[str], output: Path, settings: Settings) -> Plan:
    """Return what there is to do; raise `Unreadable` for Parquet without pyarrow."""
    output = Path(os.path.abspath(output))  # noqa: PTH100, a link is replaced
    found = found_in(paths, without=output)
    if PARQUET in (output.suffix.lower(), *(file.kind for file in found.files)):
        require_arrow()
    parts = planned(found.files, settings, _group_sizes)
    return Plan(output, settings, found.files, found.troubles, found.left_out, tuple(parts))


def _group_sizes(file: File) -> list[int]:
    from trialink.corpus.parquet import group_sizes  # loads pyarrow

    return group_sizes(file.path)


def scan(
    wanted: Plan,
    jobs: int,
    *,
    begun: Callable[[State, int], None],
    progress: Callable[[State], None],
    restart: bool = False,
) -> Report:
    """Scan all parts that are not done yet and write the table when all are.

    `begun` is told how far an earlier sitting came, and how many of its parts are of no use;
    `progress` each step. Raises `InUse` where another process writes the same table, `OSError`
    where a part cannot be written.
    """
    with Folder(wanted.output) as folder:
        if restart:
            folder.clear()
        summaries, others = folder.done(wanted.parts)
        state = State(wanted.parts)
        for part, summary in summaries.items():
            state.add(part, summary)
        begun(state, others)
        failures: dict[Part, str] = {}
        todo = [part for part in wanted.parts if part not in summaries]
        # Closed on the way out, so that no process outlives the lock.
        with closing(scanned(todo, wanted.settings, folder.path, jobs)) as outcomes:
            for part, outcome in outcomes:
                if isinstance(outcome, Failure):
                    failures[part] = outcome.cause
                    if outcome.ends_all:
                        raise OSError(outcome.cause)
                    continue
                summaries[part] = outcome
                state.add(part, outcome)
                progress(state)
        if not failures:
            merge(folder, summaries, wanted.output)
            folder.clear()
    return _report(wanted, summaries, failures, state)


def _report(
    wanted: Plan, summaries: dict[Part, Summary], failures: dict[Part, str], state: State
) -> Report:
    troubles = [*wanted.troubles]
    for part, name, before in places(summaries):
        for source, cause in summaries[part].troubles:
            place = f"{name}:{before + source}" if isinstance(source, int) else source
            troubles.append((place, cause))
    return Report(
        state.documents,
        state.mentions,
        tuple(troubles),
        tuple((_named(part), cause) for part, cause in sorted(failures.items())),
    )


def _named(part: Part) -> str:
    """Return the file of a part, or the first and the number of the others."""
    first, *others = dict.fromkeys(piece.file.name for piece in part.pieces)
    return f"{first} and {len(others)} more" if others else first
