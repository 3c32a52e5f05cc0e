"""From a table of mentions to its trials: what has to be in memory for that, and no more."""

from __future__ import annotations

from collections import Counter

from trialink.corpus.reading import Unreadable
from trialink.corpus.rows import as_name
from trialink.corpus.tables import rows
from trialink.finding import parse
from trialink.model.ids import TrialId
from trialink.model.links import Link
from trialink.model.mentions import NameMention

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

_MOST_ALIKE = 10  # statements of one kind for one pair of numbers that are kept


class Corpus:
    """What a table of mentions says of its numbers.

    `statements` are those of the texts, of each kind for each pair of numbers the first ten.
    Raises `Unreadable` and `OSError` for a table that cannot be read, `InvalidTrialId` for one
    with what is no number.
    """

    def __init__(self, table: str) -> None:
        self.ids: dict[str, TrialId] = {}  # by how the table writes them
        self.mentions: Counter[TrialId] = Counter()
        self.statements: list[Link] = []
        self._documents: dict[TrialId, set[int]] = {}
        alike: Counter[tuple[str, ...]] = Counter()
        for row in rows(table):
            number, source = row["trn"], as_name(row.get("source"))
            id = self.ids.get(number) or self.ids.setdefault(number, parse(number))
            self.mentions[id] += 1
            # By its hash: a million names are ten times as large.
            self._documents.setdefault(id, set()).add(hash(source))
            for form in row["statements"]:
                key = tuple(str(form.get(end)) for end in ("left", "right", "kind"))
                alike[key] += 1
                if alike[key] <= _MOST_ALIKE:
                    self.statements.append(_stated(form, source))

    @property
    def names(self) -> Iterator[NameMention]:
        """The trial names that stand beside the statements."""
        for each in self.statements:
            if each.beside:
                ends = each.left, each.right
                yield NameMention(each.beside.start, each.beside.end, each.beside.text, ends)

    def counts(self, ids: Iterable[TrialId] | None = None) -> dict[str, int]:
        """Return how many mentions and documents name some numbers; by default all of them."""
        numbers = [*self.mentions] if ids is None else [*ids]
        documents: set[int] = set()
        documents.update(*(self._documents.get(id, ()) for id in numbers))
        return {
            "mentions": sum(self.mentions[id] for id in numbers),
            "documents": len(documents),
        }


def numbers_in(table: str) -> list[str]:
    """Return the distinct numbers of a table, in the order of their first mention."""
    return [*dict.fromkeys(row["trn"] for row in rows(table))]


def joined(
    table: str, ids: Mapping[str, TrialId], answers: Iterable[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table, without statements, with what `answer_rows` says of each.

    `ids` are those of its numbers, however it writes them.
    """
    columns = {each["trn"]: each for each in answers}
    for row in rows(table):
        del row["statements"]
        yield row | columns[str(ids[row["trn"]])]


def _stated(form: dict[str, Any], source: str | None) -> Link:
    """Return a statement whose spans say which document they are of."""
    try:
        link = Link.from_dict(form)
        where, beside = link.where.replace(source=source), link.beside
        return link.replace(where=where, beside=beside and beside.replace(source=source))
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise Unreadable("a statement of it is none that scan has written") from error
