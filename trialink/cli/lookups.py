"""The resolver that the options ask for, and the account of what could not be looked up."""

from __future__ import annotations

import logging
import sys

from trialink.model.default import DEFAULT
from trialink.model.shown import shown
from trialink.rendering.sentences import count, source_label
from trialink.replay import ReplayTransport, replay
from trialink.resolving import Resolver

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from trialink.errors import SourceError
    from trialink.model.ids import TrialId
    from trialink.model.resolutions import Resolution, Resolutions

_MOST = 3  # ids and causes that a message names


def resolver_of(options: argparse.Namespace) -> Resolver:
    """Return the resolver for the options of a command; end with a usage error if they clash."""
    if options.verbose:
        logging.basicConfig(level=logging.INFO, format="trialink: %(message)s")
    if options.offline and options.replay is not None:
        options.usage_error("--offline asks nobody and --replay asks recordings: give one")
    try:
        return Resolver(
            transport=_recordings(options.replay),
            cache=options.cache_dir or DEFAULT,
            offline=options.offline,
            progress=_tell_progress if sys.stderr.isatty() else None,
            contact=options.contact,
        )
    except ValueError as error:
        options.usage_error(str(error))
        raise


def _recordings(directory: str | None) -> ReplayTransport | None:
    return None if directory is None else replay(directory or None)


def _tell_progress(done: int, total: int) -> None:
    """Keep one line of standard error up to date, and wipe it in the end."""
    end = "\r\x1b[K" if done == total else ""
    print(f"\r{done} of {total} numbers answered{end}", end="", file=sys.stderr, flush=True)


class Account:
    """What the look-ups of a run came to: which numbers were answered and which failed."""

    def __init__(self) -> None:
        self.answers: dict[TrialId, Resolution] = {}
        self.errors: list[SourceError] = []

    def add(self, resolutions: Resolutions) -> None:
        """Take the resolutions of one call into account."""
        self.answers |= resolutions
        self.errors += (error for error in resolutions.errors if error not in self.errors)

    @property
    def failed(self) -> list[Resolution]:
        """The numbers that could not be asked about, those excepted that nobody wanted asked."""
        answers = self.answers.values()
        return [each for each in answers if each.outcome == "failed" and each.reason != "offline"]

    @property
    def exit_code(self) -> int:
        """0 all answered, 3 some failed, 4 every one that needed the network failed."""
        needed = [each for each in self.answers.values() if each.origin != "cache"]
        if not self.failed:
            return 0
        return 4 if len(self.failed) == len(needed) else 3

    def print_failures(self) -> None:
        """Say on standard error what failed, why, and what to do."""
        if self.failed:
            print(*self._message(), sep="\n", file=sys.stderr)

    def _message(self) -> Iterator[str]:
        label = source_label(self.failed[0].source)
        told = next((error for error in self.errors if error.id is None), None)
        reached = "was not reached" if told else "gave no answer"
        ids = sorted(str(each.id) for each in self.failed)
        more = f", +{len(ids) - _MOST} more" if len(ids) > _MOST else ""
        numbers = f"{count(len(ids), 'number')} not asked: {', '.join(ids[:_MOST])}{more}"
        yield f"trialink: {label} {reached}; {numbers}."
        for cause in self._causes():
            yield f"  cause  {shown(cause)}"
        yield "  kept   what stands above needs no network; nothing was stored as absent"
        yield f"  try    {shown(self._advice(told))}; --offline to silence this"

    def _advice(self, told: SourceError | None) -> str:
        if told:
            return f"trialink doctor; {told.advice}"
        return self.errors[0].advice if self.errors else "run again"

    def _causes(self) -> list[str]:
        told = {error.reason: _cause(error) for error in self.errors}
        reasons = dict.fromkeys(each.reason or "not asked" for each in self.failed)
        return [told.get(reason, reason) for reason in reasons][:_MOST]


def _cause(error: SourceError) -> str:
    spent = f"{count(error.attempts, 'attempt')} in {error.seconds:.1f} s"
    return ", ".join(filter(None, (error.reason, error.url, spent if error.url else None)))
