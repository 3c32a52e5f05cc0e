"""The commands and their options."""

from __future__ import annotations

import argparse

from trialink.model.shown import brief
from trialink.version import RULES_VERSION, VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Command = argparse.ArgumentParser
    Options = Callable[[Command], None]

FORMATS = ("table", "jsonl", "json", "csv")
_DIGITS = 12  # of a number of days or bytes
_EPILOG = """\
exit codes: 0 done; 1 nothing found (find --exit-status) or something wrong (check,
cache, snapshot, doctor); 2 usage, or an input that cannot be read; 3 some numbers or
pages could not be asked for, or some files not be scanned; 4 none that needed the
network could; 130 interrupted
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line.

    `run` of its result names the function of this package that runs the command.
    """
    top = argparse.ArgumentParser(
        prog="trialink",
        description="Find clinical-trial identifiers in text and link those that are one trial.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    version = f"trialink {VERSION}, rules {RULES_VERSION}"
    top.add_argument("--version", action="version", version=version)
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    for name, run, help, groups in _COMMANDS:
        command = commands.add_parser(name, help=help, description=f"{help[0].upper()}{help[1:]}.")
        command.set_defaults(run=run, usage_error=command.error)
        for add_options in groups:
            add_options(command)
    return top


def _texts(command: Command) -> None:
    command.add_argument(
        "inputs", nargs="*", metavar="FILE", help="text files; - is standard input"
    )


def _rows(command: Command) -> None:
    command.add_argument("--text", metavar="COLUMN", help="read this column of CSV, TSV or JSONL")
    command.add_argument("--id", metavar="COLUMN", help="name each row by this column")


def _corpus(command: Command) -> None:
    command.add_argument(
        "inputs",
        nargs="+",
        metavar="PATH",
        help="files, and directories with all that is in them: text, CSV, TSV, JSONL, Parquet, "
        "JATS and PubMed XML; .gz too, but for Parquet",
    )
    command.add_argument(
        "-o", "--output", required=True, metavar="FILE", help="the table: .jsonl or .parquet"
    )
    command.add_argument("--jobs", type=_positive, metavar="N", help="processes; default: all")
    command.add_argument(
        "--text", action="append", metavar="COLUMN", help="read this column; may be given again"
    )
    command.add_argument("--id", metavar="COLUMN", help="name each row by this column")
    command.add_argument("--restart", action="store_true", help="do all parts again")
    _registries(command)


def _from(command: Command) -> None:
    command.add_argument(
        "--from", dest="table", metavar="FILE", help="take them from a table that scan has written"
    )


def _output(command: Command) -> None:
    command.add_argument(
        "--format", choices=FORMATS, help="default: table on a terminal, else jsonl"
    )
    _quiet(command)


def _quiet(command: Command) -> None:
    command.add_argument("-q", "--quiet", action="store_true", help="leave out the closing line")


def _found(command: Command) -> None:
    command.add_argument("--exit-status", action="store_true", help="exit with 1 if none is found")
    _registries(command)


def _registries(command: Command) -> None:
    command.add_argument("--registries", metavar="KEYS", help="only these, by key or label")


def _numbers(command: Command) -> None:
    command.add_argument(
        "numbers", nargs="*", metavar="NUMBER", help="one a line from standard input by default"
    )


def _resolved(command: Command) -> None:
    command.add_argument(
        "--resolve",
        action="store_true",
        help="look the numbers up, and list those whose record is of another trial",
    )


def _lookups(command: Command) -> None:
    command.add_argument("--offline", action="store_true", help="read the cache, ask nobody")
    _replay(command)
    command.add_argument(
        "--snapshot", metavar="PATH", help="answer from this file first, made by trialink snapshot"
    )
    _cache_directory(command)
    _connection(command)


def _replay(command: Command) -> None:
    command.add_argument(
        "--replay",
        nargs="?",
        const="",
        metavar="DIR",
        help="answer from recordings: those in DIR, or the few that come with the package",
    )


def _names(command: Command) -> None:
    command.add_argument(
        "--names",
        action="store_true",
        help="look up trial names that stand beside no number too: sends those names to the "
        "registry, and of a text nothing else but its numbers",
    )


def _cache_directory(command: Command) -> None:
    command.add_argument("--cache-dir", metavar="DIR", help="keep answers here")


def _contact(command: Command) -> None:
    command.add_argument("--contact", metavar="TEXT", help="told to the registry: a mail address")


def _connection(command: Command) -> None:
    _contact(command)
    command.add_argument("-v", "--verbose", action="store_true", help="tell of retries and waits")


def _cards(command: Command) -> None:
    command.add_argument(
        "--cards", action="store_true", help="look the numbers up and add a card for each trial"
    )


def _directory(command: Command) -> None:
    command.add_argument("numbers", nargs="+", metavar="NUMBER", help="what to ask about")
    command.add_argument("directory", metavar="DIR", help="where the recordings are or will be")


def _action(command: Command) -> None:
    command.add_argument(
        "action",
        choices=("path", "info", "verify", "prune", "clear"),
        help="print where it is, say what it holds, look whether it is whole, shrink or empty it",
    )
    command.add_argument(
        "--older-than", type=_amount, metavar="DAYS", help="prune: what was stored longer ago"
    )
    command.add_argument(
        "--max-bytes", type=_amount, metavar="N", help="prune: the oldest, until it takes no more"
    )


def _snapshot(command: Command) -> None:
    command.add_argument(
        "action",
        choices=("build", "update", "info"),
        help="read the whole registry, read what has changed since, or say what a snapshot holds",
    )
    command.add_argument("path", metavar="PATH", help="the file")
    command.set_defaults(offline=False, snapshot=None)


def _amount(text: str) -> int:
    """Return a number of days or bytes."""
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise argparse.ArgumentTypeError(
            f"{brief(text)} is no whole number of 1 to {_DIGITS} digits"
        )
    return int(text)


def _positive(text: str) -> int:
    """Return a number of processes."""
    if _amount(text) == 0:
        raise argparse.ArgumentTypeError("0 is too few")
    return _amount(text)


def _diagnosis(command: Command) -> None:
    command.add_argument("--offline", action="store_true", help="test only what needs no network")
    command.add_argument("--format", choices=("table", "json"), default="table")


_COMMANDS: tuple[tuple[str, str, str, tuple[Options, ...]], ...] = (
    (
        *("find", "finding.run_find", "list the identifiers in texts"),
        (_texts, _rows, _output, _found),
    ),
    (
        *("check", "checking.run_check", "list typing errors and near misses in texts"),
        (_texts, _rows, _output, _resolved, _lookups),
    ),
    (
        *("resolve", "resolving.run_resolve", "tell what registries know of numbers"),
        (_numbers, _from, _output, _lookups),
    ),
    (
        *("link", "linking.run_link", "tell which identifiers in texts are the same trial"),
        (_texts, _rows, _from, _output, _lookups, _names),
    ),
    (
        *("scan", "scanning.run_scan", "find the identifiers in many files, in parts"),
        (_corpus, _quiet),
    ),
    (
        *("annotate", "annotating.run_annotate", "write texts as HTML with the numbers marked"),
        (_texts, _quiet, _cards, _lookups, _names),
    ),
    (
        *("record", "recording.run_record", "keep the registry's answers, to be replayed"),
        (_directory, _output, _connection),
    ),
    (
        *("demo", "linking.run_demo", "link a bundled article, replayed without a network"),
        (_output,),
    ),
    (
        *("cache", "caching.run_cache", "look after the cache"),
        (_action, _cache_directory),
    ),
    (
        *("snapshot", "snapshots.run_snapshot", "keep the whole registry in a file"),
        (_snapshot, _quiet, _replay, _cache_directory, _connection),
    ),
    (
        *("doctor", "doctor.run_doctor", "test what look-ups need, and say what to do"),
        (_diagnosis, _cache_directory, _contact),
    ),
)
