"""From a text to its identifiers, names and problems; needs no network."""

from __future__ import annotations

from trialink.finding.outline import sought
from trialink.finding.scanning import scan
from trialink.finding.view import view
from trialink.model.mentions import Mention, Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from trialink.finding.naming import NameIndex, names
    from trialink.finding.parsing import parse
    from trialink.model.ids import TrialId
    from trialink.registries import Registry

__all__ = ["Mentions", "NameIndex", "check", "find", "names", "parse"]


_HOMES = {
    "NameIndex": "naming",
    "names": "naming",
    "parse": "parsing",
}  # what `find` does without: start-up cost


class Mentions(list[Mention]):
    """The identifiers found in one text, in text order; their spans are disjoint.

    A list with a few more manners: `ids()` are the distinct identifiers, `rows()` feed a data
    frame.
    """

    def ids(self) -> list[TrialId]:
        """Return the distinct identifiers in order of first appearance."""
        return list(dict.fromkeys(mention.id for mention in self))

    def rows(self, source: str | None = None) -> list[dict[str, Any]]:
        """Return one flat dictionary a mention; values are None, str or int."""
        return [mention_row(mention, source) for mention in self]

    def __repr__(self) -> str:
        return f"[{f',{chr(10)} '.join(map(repr, self))}]"

    def _repr_html_(self) -> str:
        from trialink.rendering.html import mentions_table

        return mentions_table(self)


def find(text: str, *, registries: Iterable[Registry | str] | None = None) -> Mentions:
    """Return the trial identifiers in `text`, in text order.

    Offsets are code points of `text` as given. `registries` limits the result to keys, labels or
    entries; entries of your own work too: `registries=[*REGISTRIES, mine]`. Numbers of the others
    are read all the same: they vouch for their neighbours. A number whose check digit fails is
    returned (see `check`); look-alikes such as PROSPERO numbers are not.
    Raises `TypeError` for anything but str, `ValueError` for an unknown registry.

    >>> import trialink
    >>> trialink.find("FUMANBA-1 (NCT05066646) in multiple myeloma").ids()
    [TrialId('nct', 'NCT05066646')]
    """
    seen, keys = sought(registries)
    mentions = scan(view(text, "find"), seen).mentions
    return Mentions([each for each in mentions if each.id.registry in keys])


def check(text: str, *, registries: Iterable[Registry | str] | None = None) -> list[Problem]:
    """Return what an author should look at, in text order: near misses, failed checks ...

    Needs no network. `Problem.severity` is error, warning or note. `registries` limits the
    result as that of `find` does.

    >>> import trialink
    >>> problem, = trialink.check("see NCT05066647")
    >>> problem.code, problem.severity
    ('check-digit', 'warning')
    """
    from trialink.finding.problems import problems  # not for `find`: start-up cost

    seen, keys = sought(registries)
    found = problems(text, scan(view(text, "check"), seen, all_digits=True), seen.entries)
    return [each for each in found if each.registry in keys]


def read(text: str, caller: str) -> tuple[Mentions, list[Problem]]:
    """Return what `find` and what `check` say of a text, from one reading of it."""
    from trialink.finding.problems import problems

    seen, _ = sought()
    found = scan(view(text, caller), seen, all_digits=True)
    return Mentions(found.mentions), problems(text, found, seen.entries)


def mention_row(mention: Mention, source: str | None) -> dict[str, Any]:
    """Return the nine flat columns that describe a mention."""
    return {
        "source": source,
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        "trn": str(mention.id),
        "registry": mention.id.registry,
        "registry_label": mention.id.label,
        "check_digit": mention.id.check_digit,
        "repairs": ";".join(mention.repairs),
    }


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # By `importlib` it takes longer: that loads `warnings` first.
    value = getattr(__import__(f"trialink.finding.{_HOMES[name]}", fromlist=[name]), name)
    globals()[name] = value
    return value
