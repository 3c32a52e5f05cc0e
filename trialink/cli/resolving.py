"""`trialink resolve`."""

from __future__ import annotations

import sys

from trialink.cli.lookups import Account, resolver_of
from trialink.cli.output import print_closing, print_results
from trialink.linked_text import provenance
from trialink.rendering.sentences import closing_line, count

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from trialink.errors import InvalidTrialId
    from trialink.model.resolutions import Resolutions


def run_resolve(options: argparse.Namespace) -> int:
    """Tell what registries know of each number."""
    if options.table is not None:
        from trialink.cli.joining import resolve_table

        return resolve_table(options)
    if sys.stdin is None and "-" in (options.numbers or ["-"]):
        options.usage_error("standard input is closed")
    try:
        numbers = [line for number in options.numbers or ["-"] for line in _read(number)]
    except UnicodeDecodeError as error:
        options.usage_error(f"standard input is not UTF-8 (byte {error.start})")
    account = Account()
    with resolver_of(options) as resolver:
        answers = resolver.resolve(numbers)
    account.add(answers)
    print_results(options, ((None, each) for each in answers.values()))
    print_closing(options, closing_line(_counted(answers), provenance(answers)))
    account.print_failures()
    return 2 if print_rejected(answers.rejected) else account.exit_code


def print_rejected(rejected: Iterable[tuple[str, InvalidTrialId]]) -> bool:
    """Say on standard error which strings are no numbers; return whether there are any."""
    told = False
    for _, error in rejected:
        print(f"trialink: {error}", file=sys.stderr)
        told = True
    return told


def _read(number: str) -> list[str]:
    """Return a number, or those of standard input, one a line."""
    if number != "-":
        return [number]
    lines = sys.stdin.buffer.read().decode("utf-8").splitlines()
    return [line.strip() for line in lines if line.strip()]


def _counted(answers: Resolutions) -> str:
    counts = [f"{number} {outcome}" for outcome, number in answers.summary().items() if number]
    return f"{count(len(answers), 'number')}{': ' if counts else ''}{', '.join(counts)}"
