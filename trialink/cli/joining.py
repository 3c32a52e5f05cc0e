"""`trialink resolve --from` and `trialink link --from`: what comes after a scan."""

from __future__ import annotations

import sys

from trialink.answer_rows import answer_rows
from trialink.cli.lookups import Account, resolver_of
from trialink.cli.output import format_of, print_closing, print_results
from trialink.corpus.joining import Corpus, joined, numbers_in
from trialink.corpus.reading import Unreadable, cause_of
from trialink.errors import InvalidTrialId
from trialink.linked_text import informed, provenance_of
from trialink.linking import link
from trialink.model.resolutions import Resolutions
from trialink.rendering.blocks import trial_block
from trialink.rendering.flat import csv_of
from trialink.rendering.plain_json import as_object, dumped
from trialink.rendering.sentences import closing_line, count

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Sequence

    from trialink.model.links import Trial
    from trialink.model.resolutions import Resolution
    from trialink.resolving import Resolver

_LOT = 1000  # numbers that are asked about together


class _Seen:
    """What the answers came to, without their records."""

    def __init__(self) -> None:
        self.account = Account()
        self.rejected: list[InvalidTrialId] = []
        self._dates: set[str] = set()
        self._origins: set[str] = set()

    def answers(self, resolver: Resolver, numbers: Sequence[str]) -> Iterator[Resolution]:
        """Yield the answer for each number; what is answered stays in the cache on the way."""
        for begin in range(0, len(numbers), _LOT):
            lot = resolver.resolve(numbers[begin : begin + _LOT])
            slim = (each.replace(records=()) for each in lot.values())
            self.account.add(Resolutions(slim, errors=lot.errors))
            self.rejected += (error for _, error in lot.rejected)
            for each in lot.values():
                self._origins |= {each.origin} if each.origin else set()
                self._dates |= {record.data_date for record in each.records if record.data_date}
                yield each

    def closing(self, counts: str) -> str:
        """Return the line that closes the account."""
        return closing_line(counts, provenance_of(self._dates, self._origins))

    @property
    def outcomes(self) -> str:
        """How many numbers there are of each outcome."""
        summary = Resolutions(self.account.answers.values()).summary()
        told = ", ".join(f"{number} {outcome}" for outcome, number in summary.items() if number)
        numbers = count(len(self.account.answers), "number")
        return f"{numbers}: {told}" if told else numbers


def resolve_table(options: argparse.Namespace) -> int:
    """Tell what registries know of each distinct number of a table."""
    if options.numbers:
        options.usage_error("--from takes the numbers from a table: give no others")
    seen = _Seen()
    try:
        numbers = numbers_in(options.table)
    except (Unreadable, OSError) as error:
        return _unread(options.table, error)
    with resolver_of(options) as resolver:
        print_results(options, ((None, each) for each in seen.answers(resolver, numbers)))
    print_closing(options, seen.closing(seen.outcomes))
    seen.account.print_failures()
    for each in seen.rejected:
        print(f"trialink: {each}", file=sys.stderr)
    return 2 if seen.rejected else seen.account.exit_code


def link_table(options: argparse.Namespace) -> int:
    """Tell which numbers of a table are one trial, with all that its texts say."""
    if options.inputs or options.text or options.id or options.names:
        options.usage_error("--from reads no texts: give no files, --text, --id or --names")
    seen = _Seen()
    try:
        corpus = Corpus(options.table)
    except (Unreadable, OSError, InvalidTrialId) as error:
        return _unread(options.table, error)
    with resolver_of(options) as resolver:
        answers = Resolutions(seen.answers(resolver, [*map(str, corpus.mentions)]))
    written = _write_rows if format_of(options) == "csv" else _write_trials
    trials = written(options, corpus, answers)
    told = corpus.counts()
    counts = f"{_named(told)}, {count(trials, 'trial')}"
    print_closing(options, seen.closing(counts))
    seen.account.print_failures()
    return seen.account.exit_code


def _unread(table: str, error: Exception) -> int:
    print(f"trialink: cannot read {table}: {cause_of(error)}", file=sys.stderr)
    return 2


def _write_rows(options: argparse.Namespace, corpus: Corpus, answers: Resolutions) -> int:
    """Write the mentions, each with what became of its number; return how many trials there are."""
    columns = answer_rows(answers, corpus.statements)
    sys.stdout.writelines(csv_of(joined(options.table, corpus.ids, columns)))
    return len({each["trial_key"] for each in columns})


def _write_trials(options: argparse.Namespace, corpus: Corpus, answers: Resolutions) -> int:
    """Write the trials, each with how many mentions and documents name it; return how many."""
    records = {record.id: record for each in answers.values() for record in each.records}
    absent = [each.id for each in answers.values() if each.outcome == "absent"]
    trials = link(
        records.values(), corpus.statements, ids=answers, names=corpus.names, absent=absent
    )
    named = [trial for trial in trials if corpus.counts(trial.ids)["mentions"]]
    pieces = _FORMS[format_of(options)](informed(named, answers, ()), corpus)
    for piece in pieces:
        sys.stdout.write(piece.encode("utf-8", "backslashreplace").decode("utf-8"))
    return len(named)


def _as_table(trials: Iterable[Trial], corpus: Corpus) -> Iterator[str]:
    before = ""
    for trial in trials:
        told = _named(corpus.counts(trial.ids))
        yield f"{before}{trial_block(trial, reason_told=True)}\n  {'named':11}{told}\n"
        before = "\n"


def _as_jsonl(trials: Iterable[Trial], corpus: Corpus) -> Iterator[str]:
    for trial in trials:
        yield f"{dumped(as_object(trial) | corpus.counts(trial.ids))}\n"


def _as_json(trials: Iterable[Trial], corpus: Corpus) -> Iterator[str]:
    forms = [as_object(trial) | corpus.counts(trial.ids) for trial in trials]
    yield f"{dumped(forms, indent=2)}\n"


_FORMS = {"table": _as_table, "jsonl": _as_jsonl, "json": _as_json}


def _named(told: dict[str, int]) -> str:
    return f"{count(told['mentions'], 'mention')} in {count(told['documents'], 'document')}"
