"""`trialink scan`."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from trialink.cli.finding import entries_of
from trialink.corpus.folder import InUse
from trialink.corpus.pieces import Settings
from trialink.corpus.reading import Unreadable, as_typed
from trialink.corpus.run import plan, scan
from trialink.corpus.tables import TABLES, is_table
from trialink.model.shown import shown
from trialink.rendering.sentences import count

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from trialink.corpus.run import Plan, Report, State

_MOST = 20  # things that could not be read that are told one by one
_EVERY = 30.0  # seconds between two lines of progress where there is no terminal
_AGAIN = "run the same command again to go on"


def run_scan(options: argparse.Namespace) -> int:
    """Find the numbers in all files and write one table of them."""
    wanted = _plan(options)
    progress = _Progress(quiet=options.quiet)
    try:
        with _terminated_as_interrupted():
            report = scan(
                wanted,
                options.jobs or _processors(),
                begun=progress.begin,
                progress=progress.tell,
                restart=options.restart,
            )
    except InUse as error:
        return _tell(f"{error} is in use: another scan writes {wanted.output.name}", 2)
    except OSError as error:
        cause = (error.strerror or str(error)).lower()
        place = f"{error.filename}: " if error.filename else ""
        return _tell(f"{place}{cause}; what is done is kept: {_AGAIN}", 2)
    except KeyboardInterrupt:
        progress.wipe()
        return _tell(f"interrupted; what is done is kept: {_AGAIN}", 130)
    progress.wipe()
    return _closed(options, wanted, report)


def _plan(options: argparse.Namespace) -> Plan:
    """Return what the options ask for; end with a usage error where that cannot be."""
    if options.id is not None and not options.text:
        options.usage_error("--id names the rows that --text reads: give both")
    if not is_table(options.output):
        options.usage_error(f"--output takes a {', '.join(TABLES)} file, not {options.output}")
    output = Path(options.output)
    if output.is_dir() or not output.absolute().parent.is_dir():
        wrong = "is a directory" if output.is_dir() else "stands in no directory that is there"
        options.usage_error(f"--output {options.output} {wrong}")
    columns = tuple(dict.fromkeys(map(as_typed, options.text or ())))
    keys = None
    if options.registries is not None:
        keys = tuple(entry.key for entry in entries_of(options))
    settings = Settings(columns, options.id and as_typed(options.id), keys)
    try:
        wanted = plan(options.inputs, output, settings)
    except Unreadable as error:
        options.usage_error(str(error))
        raise
    if wanted.troubles and not wanted.files:  # an older table of that name stays
        options.usage_error("cannot read {}: {}".format(*wanted.troubles[0]))
    for file in wanted.files:
        if os.path.abspath(file.path) == str(wanted.output):  # noqa: PTH100
            options.usage_error(f"{file.name} would be read and written")
        if file.has_rows and not columns:
            options.usage_error(f"{file.name} has columns: name those to read by --text")
    return wanted


def _processors() -> int:
    counted = getattr(os, "process_cpu_count", os.cpu_count)  # Python 3.13 knows which are ours
    return counted() or 1


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """Let SIGTERM end the scan as Ctrl-C does."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class _Progress:
    """How far a scan is, on standard error: one line of a terminal, else one line now and then."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet, self._is_terminal = quiet, sys.stderr.isatty()
        self._begun = self._told = time.monotonic()
        self._before = 0  # bytes of an earlier sitting

    def begin(self, state: State, others: int) -> None:
        """Say what there is of an earlier sitting."""
        self._before = state.done_bytes
        if self._quiet:
            return
        if others:
            told = f"{count(others, 'part')} of other inputs, options or versions"
            self._write(f"trialink: {told} not used, but scanned anew\n")
        if state.done:
            told = f"going on: {state.done} of {count(state.parts, 'part')} done already"
            self._write(f"trialink: {told}\n")

    def tell(self, state: State) -> None:
        """Say how far it is."""
        now = time.monotonic()
        if self._quiet or not (self._is_terminal or now - self._told >= _EVERY):
            return
        self._told = now
        line = f"{state.done} of {count(state.parts, 'part')}, {self._counts(state, now)}"
        self._write(f"\r{line}\x1b[K" if self._is_terminal else f"trialink: {line}\n")

    def _counts(self, state: State, now: float) -> str:
        found = f"{count(state.documents, 'document')}, {count(state.mentions, 'mention')}"
        rate = (state.done_bytes - self._before) / max(now - self._begun, 1e-3)
        left = (state.bytes - state.done_bytes) / rate if rate else 0
        return f"{found}, {rate / 1e6:.0f} MB/s, {_duration(left)} left"

    def wipe(self) -> None:
        """Take the line off a terminal."""
        if self._is_terminal and not self._quiet:
            self._write("\r\x1b[K")

    def _write(self, piece: str) -> None:
        with suppress(OSError):  # nobody reads it, which is no reason to end a long scan
            print(piece, end="", file=sys.stderr, flush=True)


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes else f"{seconds:.0f} s"


def _closed(options: argparse.Namespace, wanted: Plan, report: Report) -> int:
    """Say what could not be read and what came of all; return the exit code."""
    for name, cause in report.troubles[:_MOST]:
        print(f"trialink: cannot read {shown(name)}: {shown(cause)}", file=sys.stderr)
    if len(report.troubles) > _MOST:
        print(f"trialink: cannot read {len(report.troubles) - _MOST} more", file=sys.stderr)
    for name, cause in report.failures:
        print(f"trialink: {shown(name)} was not scanned: {cause}", file=sys.stderr)
    if report.failures:
        return _tell(
            f"no table was written; what is done is kept: {_AGAIN}, with fewer --jobs where "
            "memory is short, or without these files",
            3,
        )
    if not options.quiet:
        found = f"{count(report.mentions, 'mention')} in {count(report.documents, 'document')}"
        left = f"; {count(wanted.left_out, 'file')} of other kinds left out"
        print(
            f"{found} of {count(len(wanted.files), 'file')}{left if wanted.left_out else ''}.",
            file=sys.stderr,
        )
    return 2 if report.troubles else 0


def _tell(message: str, code: int) -> int:
    print(f"trialink: {message}", file=sys.stderr)
    return code
