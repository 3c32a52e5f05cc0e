"""Results to standard output, everything else to standard error."""

from __future__ import annotations

import os
import re
import sys

from trialink.rendering.formats import Manner, pieces

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable
    from typing import Any

_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"
# Headings of tables and blocks, and the labels of rows.
_HEADING = re.compile(r"(?:TRIAL [^\n]*|(?:SOURCE +)?START +END [^\n]*)")
_LABEL = re.compile(r"(?<=\n)  [a-z]+(?= )")


def print_results(
    options: argparse.Namespace,
    pairs: Iterable[tuple[str | None, Any]],
    *,
    alone: bool = False,
    several: bool = False,
    reason_told: bool = False,
) -> None:
    """Write pairs of source and item in the wanted format, as they come where it allows.

    The three flags are those of `trialink.rendering.formats.Manner`.
    """
    manner = Manner(alone=alone, several=several, reason_told=reason_told)
    paint = _painted if _is_coloured(options) else str
    for piece in pieces(pairs, format_of(options), manner):
        sys.stdout.write(paint(piece))


def format_of(options: argparse.Namespace) -> str:
    """Return the format asked for; a table on a terminal and JSONL elsewhere by default."""
    wanted: str | None = options.format
    return wanted or ("table" if sys.stdout.isatty() else "jsonl")


def print_closing(options: argparse.Namespace, line: str) -> None:
    """Write the line that closes the account, after everything else."""
    sys.stdout.flush()
    if not options.quiet:
        print(line, file=sys.stderr)


def _is_coloured(options: argparse.Namespace) -> bool:
    """Return whether to use bold and dim: on a terminal, unless something speaks against it."""
    plain = options.format or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and sys.platform != "win32" and not plain


def _painted(piece: str) -> str:
    piece = _HEADING.sub(rf"{_BOLD}\g<0>{_PLAIN}", piece, count=1)
    return _LABEL.sub(rf"{_DIM}\g<0>{_PLAIN}", piece)
