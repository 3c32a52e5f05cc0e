"""Records in, relations out: which trials belong together without being the same."""

from __future__ import annotations

from trialink.model.ids import TrialId
from trialink.model.value import Value
from trialink.sources.cues import reversed_relation, said_in_titles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from trialink.model.links import Link
    from trialink.model.words import LinkKind
    from trialink.sources.declared import Named
    from trialink.sources.record import Record


_MUTUAL = ("alias", "declared-by-both")  # what two records agree on is no relation


class Relation(Value):
    """What another trial is to a trial: its extension, its parent ...; and the evidence."""

    trial: TrialId
    other: TrialId
    relation: str
    kind: LinkKind


def relations(
    records: Sequence[Record], named: Mapping[TrialId, Named], links: Iterable[Link]
) -> dict[frozenset[TrialId], Relation]:
    """Return one relation for every two trials that are related, fields of records before titles.

    A record says itself what a number in it is. Of two records that `links` of one record's word or
    of likeness tie, one may have a title that says what it is of the other, whose title says no
    such thing.
    """
    found: dict[frozenset[TrialId], Relation] = {}
    for each in (*_in_fields(named), *_in_titles(records, links)):
        if each.trial != each.other:
            found.setdefault(frozenset((each.trial, each.other)), each)
    return found


def _in_fields(named: Mapping[TrialId, Named]) -> Iterator[Relation]:
    for trial, numbers in named.items():
        for id, _, relation in numbers.others:
            yield Relation(trial, id, relation, "declared-by-one")


def _in_titles(records: Iterable[Record], links: Iterable[Link]) -> Iterator[Relation]:
    read = {record.id: record for record in records}
    for each in links:
        if each.kind in _MUTUAL or not (each.left in read and each.right in read):
            continue
        left, right = _title_cue(read[each.left]), _title_cue(read[each.right])
        if left and not right:
            yield Relation(each.right, each.left, left, each.kind)
        elif right and not left:
            yield Relation(each.left, each.right, right, each.kind)


def _title_cue(record: Record) -> str | None:
    return said_in_titles(record.brief_title, record.official_title)


def seen_from(id: TrialId, relation: Relation) -> str:
    """Return what the other trial is to the one that has an id."""
    return relation.relation if id == relation.trial else reversed_relation(relation.relation)
