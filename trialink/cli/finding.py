"""`trialink find`."""

from __future__ import annotations

from trialink.cli.inputs import Inputs
from trialink.cli.output import print_closing, print_results
from trialink.finding import find
from trialink.registries import selected
from trialink.rendering.sentences import count

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from trialink.model.mentions import Mention
    from trialink.registries import Registry


def run_find(options: argparse.Namespace) -> int:
    """List the identifiers of each input."""
    entries, inputs, found = entries_of(options), Inputs(options), 0

    def pairs() -> Iterator[tuple[str, Mention]]:
        nonlocal found
        for source, text in inputs:
            for mention in find(text, registries=entries):
                found += 1
                yield source, mention

    print_results(options, pairs(), several=inputs.several)
    print_closing(options, f"{count(found, 'mention')}.")
    if inputs.unreadable:
        return 2
    return 1 if options.exit_status and not found else 0


def entries_of(options: argparse.Namespace) -> tuple[Registry, ...]:
    """Return the registries to look for; end with a usage error for an unknown one."""
    if options.registries is None:
        return selected(None)
    try:
        return selected(name.strip() for name in options.registries.split(","))
    except ValueError as error:
        options.usage_error(str(error))
        raise
