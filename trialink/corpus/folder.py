"""The directory beside the output that holds the parts until all are done."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from trialink.corpus.scanning import UNFINISHED, summary_in

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from trialink.corpus.pieces import Part
    from trialink.corpus.scanning import Summary

_LOCK = "lock"


class InUse(Exception):
    """Another process writes the same output."""


class Folder:
    """OUTPUT.parts, for one process at a time; raises `InUse` for a second one.

    What is in it are files of parts, each named by all that decides its content: a part of other
    inputs, options or versions is never taken for one of these.
    """

    def __init__(self, output: Path) -> None:
        self.path = output.with_name(f"{output.name}.parts")

    def __enter__(self) -> Self:
        while True:
            self.path.mkdir(exist_ok=True)
            self._lock = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                _take(self._lock)
                here = os.stat(self.path / _LOCK)  # noqa: PTH116
            except FileNotFoundError:  # its last owner has just removed it
                os.close(self._lock)
                continue
            except OSError as error:
                os.close(self._lock)
                raise InUse(str(self.path)) from error
            if os.path.samestat(here, os.fstat(self._lock)):
                return self
            os.close(self._lock)

    def __exit__(self, *_: object) -> None:
        self._remove_if_empty()
        os.close(self._lock)
        self._remove_if_empty()  # an open file cannot be removed everywhere

    def _remove_if_empty(self) -> None:
        with suppress(OSError):
            if [path.name for path in self.path.iterdir()] == [_LOCK]:
                (self.path / _LOCK).unlink()
                self.path.rmdir()

    def done(self, parts: Iterable[Part]) -> tuple[dict[Part, Summary], int]:
        """Return the parts that are done, and how many others were: those are removed.

        One in which something could not be read is done again.
        """
        wanted = {part.file_name: part for part in parts}
        done: dict[Part, Summary] = {}
        others = 0
        for path in sorted(self.path.iterdir()):
            part = wanted.get(path.name)
            summary = summary_in(path) if part else None
            if part and summary and not summary.troubles:
                done[part] = summary
            elif path.name != _LOCK:
                others += part is None and not path.name.endswith(UNFINISHED)
                path.unlink(missing_ok=True)
        return done, others

    def clear(self) -> None:
        """Remove all parts."""
        for path in self.path.iterdir():
            if path.name != _LOCK:
                path.unlink(missing_ok=True)


def _take(file: int) -> None:
    """Lock a file until it is closed, also by the end of this process; raise `OSError` if taken."""
    if sys.platform == "win32":
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
