"""`trialink snapshot`."""

from __future__ import annotations

import sys
import time

from trialink.cli.lookups import resolver_of
from trialink.cli.output import print_closing
from trialink.errors import SourceError
from trialink.model.shown import shown
from trialink.snapshot import Snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from trialink.snapshot import SnapshotInfo


def run_snapshot(options: argparse.Namespace) -> int:
    """Make a snapshot of the registry, bring it up to date, or say what it holds."""
    try:
        return _info(options) if options.action == "info" else _collect(options)
    except ValueError as error:
        options.usage_error(str(error))
        raise


def _info(options: argparse.Namespace) -> int:
    with Snapshot(options.path) as snapshot:
        info = snapshot.info
    for name, value in (info.to_dict() | {"complete": info.complete}).items():
        told = ", ".join(value) if isinstance(value, list) else value
        print(f"{name:14} {'-' if told in (None, '') else told}")
    return 0 if info.complete else 1


def _collect(options: argparse.Namespace) -> int:
    """Read what the action says; what was read before an end too early is kept by a build."""
    progress = _Progress()
    with resolver_of(options) as resolver:
        collect = {"build": resolver.build_snapshot, "update": resolver.update_snapshot}
        try:
            info = collect[options.action](options.path, progress=progress)
        except SourceError as error:
            print(f"trialink: {shown(str(error))}", file=sys.stderr)
            print(f"  {_KEPT[options.action]}", file=sys.stderr)
            return 3 if progress.done else 4
        except RuntimeError as error:
            options.usage_error(str(error))
            raise
        finally:
            progress.end()
    print_closing(options, f"{info} ({info.bytes:,} bytes): {options.path}.")
    return 0 if info.complete else _incomplete(info)


def _incomplete(info: SnapshotInfo) -> int:
    held = f"it holds {info.studies:,} studies"
    total = "does not say how many it has" if info.total is None else f"has {info.total:,}"
    unread = f"; {info.unreadable:,} could not be read" if info.unreadable else ""
    print(
        f"trialink: the snapshot is not complete: {held}, and the registry {total}{unread}; "
        "make it again with `trialink snapshot build`",
        file=sys.stderr,
    )
    return 1


class _Progress:
    """One line on standard error, if that is a terminal: how many studies, and how long yet."""

    def __init__(self) -> None:
        self.done, self._first = 0, 0
        self._begun = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        """Bring the line up to date."""
        self._first = self._first or done  # what was read before is no measure of the pace
        self.done = done
        if sys.stderr.isatty():
            pace = (done - self._first) / (time.monotonic() - self._begun)
            left = f", {(total - done) / pace / 60:.0f} min left" if pace else ""
            print(
                f"\r\x1b[K{done:,} of {total:,} studies{left}", end="", file=sys.stderr, flush=True
            )

    def end(self) -> None:
        """Wipe the line."""
        if sys.stderr.isatty():
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


_KEPT = {
    "build": "kept   what was read; run again to go on from there",
    "update": "kept   the snapshot as it was; run again",
}
