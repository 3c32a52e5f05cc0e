"""Processes that scan parts side by side; one that dies takes nothing with it but its part."""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections import deque
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from typing import NamedTuple

from trialink.corpus.scanning import Summary, scan_part

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator
    from multiprocessing.process import BaseProcess
    from pathlib import Path

    from trialink.corpus.pieces import Part, Settings

_TRIES = 2
_PATIENCE = 0.2  # seconds in which an idle process ends by itself


class Failure(NamedTuple):
    """Why a part was not scanned; `ends_all`: the others would fare no better."""

    cause: str
    ends_all: bool = False


def scanned(
    parts: Iterable[Part], settings: Settings, folder: Path, jobs: int
) -> Generator[tuple[Part, Summary | Failure]]:
    """Yield each part as it is done, in no order; a part whose process dies is tried once more.

    The processes are started afresh, on every system, and get the names of what they read.
    """
    waiting = deque((part, 1) for part in parts)
    every: list[_Worker] = []  # also one that is neither idle nor busy when an interrupt comes
    idle: list[_Worker] = []
    busy: dict[Connection, _Worker] = {}
    try:
        while waiting or busy:
            while waiting and len(busy) < jobs:
                if not idle:
                    every.append(_Worker(settings, folder))
                    idle.append(every[-1])
                worker = idle.pop()
                worker.take(*waiting.popleft())
                busy[worker.connection] = worker
            for ready in wait([*busy]):
                assert isinstance(ready, Connection)
                worker = busy.pop(ready)
                outcome = worker.outcome()
                if outcome is not None:
                    idle.append(worker)
                elif worker.tries < _TRIES:
                    waiting.appendleft((worker.part, worker.tries + 1))
                    continue
                yield worker.part, outcome or Failure(worker.end)
    finally:
        for worker in every:
            worker.stop()


class _Worker:
    """A process, the part it has and how often that has been tried."""

    part: Part
    tries: int

    def __init__(self, settings: Settings, folder: Path) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        with theirs, _interrupts_ignored():
            self.process: BaseProcess = context.Process(
                target=_serve, args=(theirs, settings, folder), daemon=True
            )
            self.process.start()

    def take(self, part: Part, tries: int) -> None:
        """Begin a part."""
        self.part, self.tries = part, tries
        with suppress(OSError):  # it has died, which is seen when its outcome is asked for
            self.connection.send(part)

    def outcome(self) -> Summary | Failure | None:
        """Return what came of the part; None when the process has died."""
        try:
            outcome: Summary | Failure = self.connection.recv()
        except (EOFError, OSError):
            self.stop()
            return None
        return outcome

    @property
    def end(self) -> str:
        """How the process ended."""
        code = self.process.exitcode
        how = f"by signal {-code}" if code is not None and code < 0 else f"with code {code}"
        return f"its process ended {how}, {_TRIES} times"

    def stop(self) -> None:
        """End the process, whatever it is at."""
        self.connection.close()
        self.process.join(_PATIENCE)
        if self.process.exitcode is None:
            self.process.terminate()
            self.process.join()


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Let a process that is started here begin deaf to Ctrl-C, which is for the one above it."""
    if sys.platform == "win32":
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _serve(connection: Connection, settings: Settings, folder: Path) -> None:
    """Scan what comes until nothing does: the process above has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):
        while True:
            part: Part = connection.recv()
            connection.send(_tried(part, settings, folder))


def _tried(part: Part, settings: Settings, folder: Path) -> Summary | Failure:
    try:
        return scan_part(part, settings, folder)
    except OSError as error:  # inputs tell of their own
        return Failure(f"{folder}: {(error.strerror or str(error)).lower()}", ends_all=True)
    except MemoryError:
        return Failure("not enough memory")
    except Exception as error:  # its text may hold some of a document
        return Failure(f"{type(error).__name__}, which should not happen: please report it")
