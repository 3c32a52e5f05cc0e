"""`trialink annotate`."""

from __future__ import annotations

import sys

from trialink.cli.inputs import Inputs
from trialink.cli.output import print_closing
from trialink.finding import find
from trialink.rendering import annotate
from trialink.rendering.sentences import count

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse


def run_annotate(options: argparse.Namespace) -> int:
    """Write each input as HTML."""
    options.text = options.id = None
    if options.names and not options.cards:
        options.usage_error("--names is for what is looked up: give --cards too")
    inputs = Inputs(options)
    code = _with_cards(options, inputs) if options.cards else _marked(options, inputs)
    return 2 if inputs.unreadable else code


def _marked(options: argparse.Namespace, inputs: Inputs) -> int:
    """Write the texts with their identifiers marked; needs no network."""
    found = 0
    for _, text in inputs:
        mentions = find(text)
        found += len(mentions)
        _print(annotate(text, mentions))
    print_closing(options, f"{count(found, 'mention')}.")
    return 0


def _with_cards(options: argparse.Namespace, inputs: Inputs) -> int:
    from trialink.cli.linking import Tally
    from trialink.cli.lookups import resolver_of
    from trialink.linker import Linker

    tally = Tally()
    with resolver_of(options) as resolver:
        documents = Linker(resolver).read_many(inputs, keep_text=True)
        for _, document in tally.counted(documents):
            _print(document.to_html())
    print_closing(options, tally.closing)
    tally.account.print_failures()
    return tally.account.exit_code


def _print(html: str) -> None:
    sys.stdout.write(html if html.endswith("\n") else f"{html}\n")
