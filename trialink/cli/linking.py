"""`trialink link` and `trialink demo`."""

from __future__ import annotations

from importlib.resources import files

from trialink.cli.inputs import Inputs
from trialink.cli.lookups import Account, resolver_of
from trialink.cli.output import print_closing, print_results
from trialink.linked_text import LinkedText, provenance_of
from trialink.linker import Linker
from trialink.rendering.sentences import closing_line, counts_phrase
from trialink.replay import replay
from trialink.resolving import Resolver

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

_ARTICLE = "fucaso-approval.txt"


def run_link(options: argparse.Namespace) -> int:
    """Link the identifiers of each input, or those of a table."""
    if options.table is not None:
        from trialink.cli.joining import link_table

        return link_table(options)
    inputs = Inputs(options)
    with resolver_of(options) as resolver:
        code = _linked(options, resolver, inputs, alone=not inputs.several)
    return 2 if inputs.unreadable else code


def run_demo(options: argparse.Namespace) -> int:
    """Link the bundled article, answered by the bundled recordings."""
    text = files("trialink.testing").joinpath(_ARTICLE).read_text(encoding="utf-8")
    with Resolver(transport=replay()) as resolver:
        return _linked(options, resolver, [(_ARTICLE, text)], alone=True)


def _linked(
    options: argparse.Namespace,
    resolver: Resolver,
    texts: Iterable[tuple[str, str]],
    *,
    alone: bool,
) -> int:
    tally = Tally()
    documents = tally.counted(Linker(resolver).read_many(texts))
    # Why a number was not asked is told once, after everything.
    print_results(options, documents, alone=alone, reason_told=True)
    print_closing(options, tally.closing)
    tally.account.print_failures()
    return tally.account.exit_code


class Tally:
    """What a run has seen, for its closing line and its exit code."""

    def __init__(self) -> None:
        self.mentions = self.trials = self.problems = 0
        self.dates: set[str] = set()
        self.origins: set[str] = set()
        self.account = Account()

    def counted(self, documents: Iterable[LinkedText]) -> Iterator[tuple[str | None, LinkedText]]:
        """Yield each document with its source, and remember what it adds."""
        for document in documents:
            self.mentions += len(document.mentions)
            self.trials += len(document.trials)
            self.problems += len(document.problems)
            self.dates |= {*document.provenance.data_dates}
            self.origins |= {*document.provenance.origins}
            self.account.add(document.resolutions, document.name_resolutions)
            yield document.source, document

    @property
    def closing(self) -> str:
        """The closing line of the run."""
        counts = counts_phrase(self.mentions, self.trials, self.problems)
        return closing_line(counts, provenance_of(self.dates, self.origins))
