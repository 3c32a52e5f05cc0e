"""`trialink check`, on the word of the texts or with look-ups."""

from __future__ import annotations

from trialink.cli.inputs import Inputs
from trialink.cli.output import print_closing, print_results
from trialink.finding import check, find
from trialink.rendering.sentences import count

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator

    from trialink.cli.lookups import Account
    from trialink.linker import Linker
    from trialink.model.mentions import Problem

    Checked = tuple[str | None, int, list[Problem]]  # source, how many numbers, problems


def run_check(options: argparse.Namespace) -> int:
    """List the problems of each input, with `--resolve` those that records show as well."""
    inputs = Inputs(options)
    if options.resolve:
        return _run_resolved(options, inputs)
    for name in ("offline", "replay", "cache_dir", "contact"):
        if getattr(options, name) not in (None, False):
            options.usage_error(f"--{name.replace('_', '-')} is about look-ups: add --resolve")
    code = _listed(options, inputs, ((name, len(find(text)), check(text)) for name, text in inputs))
    return 2 if inputs.unreadable else code


def _run_resolved(options: argparse.Namespace, inputs: Inputs) -> int:
    from trialink.cli.lookups import Account, resolver_of  # loads what look-ups need
    from trialink.linker import Linker

    account = Account()
    with resolver_of(options) as resolver:
        code = _listed(options, inputs, _resolved(Linker(resolver), inputs, account))
    account.print_failures()
    return 2 if inputs.unreadable else account.exit_code or code


def _resolved(linker: Linker, inputs: Inputs, account: Account) -> Iterator[Checked]:
    for document in linker.read_many(inputs):
        account.add(document.resolutions)
        yield document.source, len(document.mentions), document.problems


def _listed(options: argparse.Namespace, inputs: Inputs, checked: Iterable[Checked]) -> int:
    """Print problems and the closing line; return 1 if one is more than a note, else 0."""
    numbers, problems, wrong = 0, 0, False

    def pairs() -> Iterator[tuple[str | None, Problem]]:
        nonlocal numbers, problems, wrong
        for source, found, listed in checked:
            numbers += found
            for problem in listed:
                problems += 1
                wrong = wrong or problem.severity != "note"
                yield source, problem

    print_results(options, pairs(), several=inputs.several)
    print_closing(options, f"{count(problems, 'problem')} in {count(numbers, 'number')}.")
    return int(wrong)
