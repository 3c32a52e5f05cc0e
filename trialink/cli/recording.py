"""`trialink record`."""

from __future__ import annotations

import logging
import sys

from trialink.cli.lookups import Account
from trialink.cli.output import print_closing, print_results
from trialink.cli.resolving import print_rejected
from trialink.errors import SourceError
from trialink.model.resolutions import Resolutions
from trialink.rendering.sentences import count
from trialink.replay import record
from trialink.resolving.asked import asked
from trialink.transport import HttpTransport

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse


def run_record(options: argparse.Namespace) -> int:
    """Ask the registry about each number and keep what it says."""
    if options.verbose:
        logging.basicConfig(level=logging.INFO, format="trialink: %(message)s")
    ids, rejected = asked(options.numbers)
    transport, account = HttpTransport(contact=options.contact), Account()
    try:
        account.add(Resolutions(record(ids, options.directory, transport).values()))
    except SourceError as error:
        print(f"trialink: nothing was recorded: {error}; or ask trialink doctor", file=sys.stderr)
        return 4
    finally:
        transport.close()
    print_results(options, ((None, each) for each in account.answers.values()))
    kept = len(account.answers) - len(account.failed)
    print_closing(options, f"{count(kept, 'number')} recorded in {options.directory}.")
    account.print_failures()
    return 2 if print_rejected(rejected) else account.exit_code
