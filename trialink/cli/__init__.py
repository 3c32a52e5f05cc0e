"""The command line: `trialink find`, `check`, `resolve`, `link` and more; see `trialink -h`."""

from __future__ import annotations

import os
import sys
from importlib import import_module

from trialink.cli.parser import parser

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0 done; 1 nothing found (`find --exit-status`) or something wrong (`check`, `cache`, `snapshot`,
    `doctor`); 2 usage, or an input that cannot be read; 3 some numbers or pages could not be asked
    for, or some files not be scanned; 4 none that needed the network could; 130 interrupted.
    """
    if sys.stdout is None or sys.stderr is None:  # closed by the caller
        return 2
    _speak_utf8()
    options, rest = parser().parse_known_args(arguments)
    _take_rest(options, rest)
    try:
        code = _command(options.run)(options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("trialink: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:  # whoever reads our output has read enough
        _discard_output()
        return 0
    except OSError as error:  # inputs tell of their own
        _discard_output()
        place = error.filename or "standard output"
        print(f"trialink: {place}: {(error.strerror or str(error)).lower()}", file=sys.stderr)
        return 2
    return code


def _take_rest(options: argparse.Namespace, rest: list[str]) -> None:
    """Take files that stand behind options too; argparse leaves them over."""
    for argument in rest:
        if not hasattr(options, "inputs") or (argument.startswith("-") and argument != "-"):
            options.usage_error(f"unrecognized arguments: {argument}")
        options.inputs.append(argument)


def _discard_output() -> None:
    """Let what is still to be flushed go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _command(name: str) -> Callable[[argparse.Namespace], int]:
    """Return the function that runs a command; its module is loaded now and no other."""
    module, _, function = name.partition(".")
    found: Callable[[argparse.Namespace], int] = getattr(
        import_module(f"trialink.cli.{module}"), function
    )
    return found


def _speak_utf8() -> None:
    """Write UTF-8 with plain newlines, whatever the locale and the system."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
