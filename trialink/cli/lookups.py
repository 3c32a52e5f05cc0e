"""The resolver that the options ask for, and the account of what could not be looked up."""

from __future__ import annotations

import logging
import sys

from trialink.model.default import DEFAULT
from trialink.model.shown import shown
from trialink.rendering.sentences import count, source_label
from trialink.replay import ReplayTransport, replay
from trialink.resolving import Resolver
from trialink.resolving.call import OFFLINE

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from trialink.errors import SourceError
    from trialink.model.ids import TrialId
    from trialink.model.name_resolutions import NameResolution, NameResolutions
    from trialink.model.resolutions import Resolution, Resolutions

    Answer = Resolution | NameResolution

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
            snapshot=options.snapshot,
            offline=options.offline,
            names=getattr(options, "names", False),
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
    """What the look-ups of a run came to: which numbers and names were answered, which failed."""

    def __init__(self) -> None:
        self.answers: dict[TrialId, Resolution] = {}
        self.names: dict[str, NameResolution] = {}
        self.errors: list[SourceError] = []

    def add(self, resolutions: Resolutions, names: NameResolutions | None = None) -> None:
        """Take the resolutions of one call into account."""
        self.answers |= resolutions
        self.names |= names or {}
        told = (*resolutions.errors, *(names.errors if names else ()))
        self.errors += (error for error in told if error not in self.errors)

    @property
    def failed(self) -> list[Resolution]:
        """The numbers that could not be asked about, those excepted that nobody wanted asked."""
        return [*filter(_has_failed, self.answers.values())]

    @property
    def failed_names(self) -> list[NameResolution]:
        """The names that could not be asked about, with the same exception."""
        return [*filter(_has_failed, self.names.values())]

    @property
    def _all_failed(self) -> list[Answer]:
        return [*self.failed, *self.failed_names]

    @property
    def exit_code(self) -> int:
        """0 all answered, 3 some failed, 4 every one that needed the network failed."""
        answers: list[Answer] = [*self.answers.values(), *self.names.values()]
        needed = [each for each in answers if each.origin not in ("cache", "snapshot")]
        if not self._all_failed:
            return 0
        return 4 if len(self._all_failed) == len(needed) else 3

    def print_failures(self) -> None:
        """Say on standard error what failed, why, and what to do."""
        if self._all_failed:
            print(*self._message(), sep="\n", file=sys.stderr)

    def _message(self) -> Iterator[str]:
        label = source_label(self._all_failed[0].source)
        told = next((error for error in self.errors if error.id is None), None)
        reached = "was not reached" if told else "gave no answer"
        ids = sorted(str(each.id) for each in self.failed)
        names = sorted(each.name for each in self.failed_names)
        parts = [_listed("number", ids), _listed("name", names)]
        yield f"trialink: {label} {reached}; {'; '.join(filter(None, parts))}."
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
        reasons = dict.fromkeys(each.reason or "not asked" for each in self._all_failed)
        return [told.get(reason, reason) for reason in reasons][:_MOST]


def _has_failed(answer: Answer) -> bool:
    return answer.outcome == "failed" and not (answer.reason or "").startswith(OFFLINE)


def _listed(noun: str, failed: list[str]) -> str:
    """Return how many were not asked and the first of them; nothing for none."""
    more = f", +{len(failed) - _MOST} more" if len(failed) > _MOST else ""
    told = ", ".join(map(shown, failed[:_MOST]))
    return f"{count(len(failed), noun)} not asked: {told}{more}" if failed else ""


def _cause(error: SourceError) -> str:
    spent = f"{count(error.attempts, 'attempt')} in {error.seconds:.1f} s"
    return ", ".join(filter(None, (error.reason, error.url, spent if error.url else None)))
