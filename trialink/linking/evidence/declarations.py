"""Records in, links out: what registry records declare of which identifiers are one trial."""

from __future__ import annotations

import re
from collections import Counter

from trialink.model.ids import TrialId
from trialink.model.links import GRADES, Link, RecordField
from trialink.sources.declared import named_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from trialink.model.words import LinkKind
    from trialink.sources.declared import Named
    from trialink.sources.record import Record

    Pair = tuple[TrialId, TrialId]


def declarations(records: Iterable[Record]) -> list[Link]:
    """Return the links that the records themselves declare, strongest first.

    A record declares its obsolete numbers (`alias`) and every other number that stands in it as
    its sponsor's number, as a secondary id or in the domain of one: `declared-by-both` where two
    of the records name each other, under whatever number, else `declared-by-one`, or
    `register-transition` where one register has taken over the trials of the other. Numbers of
    regulators, ethics boards, portfolios and sponsors and Universal Trial Numbers are declared
    too; grants, look-alikes and placeholders are not. The links do not depend on the order of the
    records.

    >>> import trialink
    >>> record = trialink.Record.from_api({"protocolSection": {"identificationModule": {
    ...     "nctId": "NCT02513394",
    ...     "secondaryIdInfos": [{"id": "2014-005181-30", "type": "EUDRACT_NUMBER"}],
    ... }}})
    >>> link, = trialink.declarations([record])
    >>> link.kind, link.asserted_by, link.where.field
    ('declared-by-one', 'NCT02513394', 'SecondaryId')
    """
    read = distinct_records(records)
    return declared_links(read, {record.id: named_in(record) for record in read})


def declared_links(records: Iterable[Record], named: Mapping[TrialId, Named]) -> list[Link]:
    """Return the links that distinct records declare, given the numbers that each names."""
    read = {record.id: record for record in records}
    links = [_alias_link(record, alias) for record in read.values() for alias in record.aliases]
    for pair, places in _named(read.values(), named).items():
        links.append(_declared_link(pair, [(read[each.record], each) for each in places]))
    return sorted(links, key=lambda link: (link.strength, link.left, link.right, link.asserted_by))


def told_of_records(
    statements: Iterable[Link], records: Sequence[Record], declared: Iterable[Link]
) -> list[Link]:
    """Return the links, those of texts with the sentence on what the records read say of them.

    It stands in place of one that is there already. `declared` are the declarations of the
    records; a pair is declared whether it is given under the present number or an obsolete one.
    """
    current = _current(records)
    declarers: dict[Pair, set[str]] = {}
    for each in declared:
        both = each.kind == "declared-by-both"
        numbers = map(str, (each.left, each.right)) if both else (each.asserted_by,)
        declarers.setdefault(_present_pair(each, current), set()).update(numbers)
    return [
        _told(each, sorted(declarers.get(_present_pair(each, current), ())), has_read=bool(records))
        if each.asserted_by == "text"
        else each
        for each in statements
    ]


def distinct_records(records: Iterable[Record]) -> list[Record]:
    """Return one record a number, sorted: of several the one with the latest data."""
    latest: dict[TrialId, Record] = {}
    for record in records:
        if not hasattr(record, "secondary_ids"):
            raise TypeError(f"records are Record, not {type(record).__name__}")
        other = latest.setdefault(record.id, record)
        if other is not record and _age(other) < _age(record):
            latest[record.id] = record
    return [latest[id] for id in sorted(latest)]


def _age(record: Record) -> tuple[str, str]:
    return record.data_date or "", record.model_dump_json()


def _alias_link(record: Record, alias: TrialId) -> Link:
    left, right = _pair(record.id, alias)
    told = f"as its own numbers ({alias} is the obsolete one)"
    explanation = f"The record {record.id} gives {left} and {right} {told}."
    where = RecordField(record.id, "NCTIdAlias", str(alias))
    return _link((left, right), "alias", where, explanation)


def _named(
    records: Collection[Record], named: Mapping[TrialId, Named]
) -> dict[Pair, list[RecordField]]:
    """Return the pairs of a record's number and one that it names, with one place a record."""
    current = _current(records)
    places: dict[Pair, dict[TrialId, RecordField]] = {}
    for record in records:
        for id, where in named[record.id].own:
            if (other := current.get(id, id)) != record.id:
                places.setdefault(_pair(record.id, other), {}).setdefault(record.id, where)
    return {pair: [*by_record.values()] for pair, by_record in places.items()}


def _current(records: Iterable[Record]) -> dict[TrialId, TrialId]:
    """Return the present numbers of obsolete ones.

    Those with a record of their own are present themselves; those of two records are nobody's.
    """
    listed = list(records)
    lists = Counter(alias for record in listed for alias in record.aliases)
    aliases = {
        alias: record.id for record in listed for alias in record.aliases if lists[alias] == 1
    }
    return aliases | {record.id: record.id for record in listed}


# Registers whose trials moved to another one: https://eur-lex.europa.eu/eli/reg/2014/536 (article
# 98), and the closed registers of the Netherlands and of Japan.
_TRANSITIONS = frozenset(
    (
        *(("euctr", "ctis"), ("ntr", "nl_omon"), ("ntr_nl", "nl_omon")),
        *(("japic", "jrct"), ("jmacct", "jrct")),
    )
)


def _declared_link(pair: Pair, places: Sequence[tuple[Record, RecordField]]) -> Link:
    (record, where), *others = places
    registries = pair[0].registry, pair[1].registry
    if not others and not _TRANSITIONS.isdisjoint((registries, registries[::-1])):
        told = "as numbers of one trial before and after it changed its register"
        told += f" ({_place(record, where, pair)})"
        explanation = f"The record {record.id} gives {pair[0]} and {pair[1]} {told}."
        return _link(pair, "register-transition", where, explanation)
    told = f"as numbers of one trial ({_place(record, where, pair)})"
    for other, place in others:
        told += f", and so does the record {other.id} ({_place(other, place, pair)})"
    explanation = f"The record {record.id} gives {pair[0]} and {pair[1]} {told}."
    return _link(pair, "declared-by-both" if others else "declared-by-one", where, explanation)


def _place(record: Record, where: RecordField, pair: Pair) -> str:
    """Return where a number stands in a record, and what stands there if it is more than that."""
    value = where.value
    if where.field == "OrgStudyId":
        place = "sponsor's number"
    else:
        place = "domain of a secondary id" if where.field == "SecondaryIdDomain" else "secondary id"
        types = {each.type for each in record.secondary_ids if value in (each.id, each.domain)}
        place += "".join(f" of type {kind}" for kind in types if kind and len(types) == 1)
    return place if value in map(str, pair) else f'{place}, "{value}"'


def _link(pair: Pair, kind: LinkKind, where: RecordField, explanation: str) -> Link:
    return Link(*pair, kind, GRADES[kind], str(where.record), where, None, explanation)


def _present_pair(link: Link, current: Mapping[TrialId, TrialId]) -> Pair:
    return _pair(current.get(link.left, link.left), current.get(link.right, link.right))


def _pair(a: TrialId, b: TrialId) -> Pair:
    return (a, b) if a < b else (b, a)


# The three sentences that `_told` writes.
_TOLD = re.compile(
    r" (?:No registry record (?:was read|that was read declares it)"
    r"|[^ ]{1,64}(?:(?:,| and) [^ ]{1,64}){0,99} declares? it)\.\Z"
)


def _told(link: Link, declarers: Sequence[str], *, has_read: bool) -> Link:
    *most, last = declarers or [""]
    if most:
        sentence = f"{', '.join(most)} and {last} declare it."
    elif last:
        sentence = f"{last} declares it."
    else:
        read = "that was read declares it" if has_read else "was read"
        sentence = f"No registry record {read}."
    return link.replace(explanation=f"{_TOLD.sub('', link.explanation)} {sentence}")
