"""From evidence to trials: merge what the evidence joins, refuse what must never be fused."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain, groupby

from trialink.linking.evidence.declarations import declared_links, distinct_records, told_of_records
from trialink.linking.evidence.likeness import likenesses
from trialink.linking.evidence.relations import relations, seen_from
from trialink.linking.guards import (
    Joined,
    conflicts,
    contradicted,
    doubtful,
    joined_where_undisputed,
    mistyped,
    only_corroborates,
)
from trialink.model.ids import TrialId
from trialink.model.links import GRADES, RELATIONS, STRENGTH, Link, Related, Trial
from trialink.registries import BY_KEY
from trialink.sources.cues import reversed_relation
from trialink.sources.declared import named_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from typing import TypeVar

    from trialink.linking.evidence.relations import Relation
    from trialink.linking.guards import Pair
    from trialink.model.mentions import NameMention
    from trialink.model.words import LinkKind
    from trialink.sources.record import Record

    Refusals = dict[Link, str]
    Relations = Mapping[frozenset[TrialId], Relation]
    T = TypeVar("T")

_LADDER = tuple(dict.fromkeys(GRADES.values()))  # certain, declared, stated, weak


def link(
    records: Iterable[Record] = (),
    statements: Iterable[Link] = (),
    *,
    ids: Iterable[TrialId] = (),
    names: Iterable[NameMention] = (),
    absent: Iterable[TrialId] = (),
    accept: str | Collection[str] = "stated",
) -> list[Trial]:
    """Return the trials that the evidence makes of the identifiers, in catalogue order.

    `records` are read for what they declare (see `declarations`); `statements` are links of
    texts. `ids` are identifiers at hand: each gets a trial, alone if nothing joins it. `absent`
    are those that their own registry denies. `accept` is the weakest grade or kind that merges,
    or a collection of the grades and kinds that do. The order of no input decides anything.

    Two live numbers of one registry are fused by an alias alone; a number whose check fails, or
    that is absent, joins nothing by what a text says; an extension, a follow-up or a sub-study is
    another trial. What was not merged stands in `Trial.related` with the reason. Raises
    `ValueError` for an unknown grade or kind, `TypeError` for what is no identifier or link:
    `parse` makes identifiers of strings.

    >>> import trialink
    >>> said = trialink.statements("FUMANBA-1 (CTR20192510, NCT05066646), run in China")
    >>> trialink.link(statements=said)
    [<Trial NCT05066646 = CTR20192510: 0 records, 1 link, weakest same-bracket>]
    """
    kinds = _accepted(accept)
    read = distinct_records(records)
    named = {record.id: named_in(record) for record in read}
    declared, alike = declared_links(read, named), [*likenesses(read)]
    said = told_of_records([*_all(statements, Link, "statements")], read, declared)
    evidence = _in_order((*said, *declared, *alike))
    related = relations(read, named, (*declared, *alike))
    denied = frozenset(_all(absent, TrialId, "absent"))
    doubts = _doubts(evidence, kinds, denied, contradicted(read), related)
    joined, refusals = _merged(evidence, doubts, related)
    shares = _shares(joined, read, evidence, refusals, names, related.values())
    known = {
        *_all(ids, TrialId, "ids"),
        *(record.id for record in read),
        *chain.from_iterable(map(_ends, evidence)),
        *chain.from_iterable(related),
    }
    heads = {joined.head(id) for id in known}
    trials = [_trial(joined.ids_with(head), shares[head]) for head in heads]
    return sorted(trials, key=lambda trial: _rank(trial.preferred))


def _all(given: Iterable[T], kind: type[T], name: str) -> Iterator[T]:
    """Yield what is given; raise `TypeError` at the first that is not of the kind."""
    for each in given:
        if not isinstance(each, kind):
            raise TypeError(f"link({name}=) takes {kind.__name__}, not {type(each).__name__}")
        yield each


def _accepted(accept: str | Collection[str]) -> frozenset[str]:
    """Return the kinds of evidence that merge."""
    wanted = [accept] if isinstance(accept, str) else list(accept)
    if unknown := [each for each in wanted if each not in GRADES and each not in _LADDER]:
        known = ", ".join((*_LADDER, *GRADES))
        raise ValueError(
            f"accept= takes grades and kinds of links, not {unknown[0]!r}; known: {known}"
        )
    chosen = [kind for kind, grade in GRADES.items() if kind in wanted or grade in wanted]
    if isinstance(accept, str):
        chosen = [kind for kind in GRADES if STRENGTH[kind] <= STRENGTH[chosen[-1]]]
    return frozenset(chosen)


def _doubts(
    evidence: Sequence[Link],
    kinds: frozenset[str],
    absent: frozenset[TrialId],
    contradicted: Mapping[Pair, str],
    related: Relations,
) -> Refusals:
    """Return the links that join nothing whatever the others say, with the reason.

    Of two trials that are related it is what the right one is to the left one.
    """
    doubts: Refusals = dict.fromkeys(mistyped(evidence), "suspect-number")
    for each in evidence:
        relation = related.get(frozenset(_ends(each)))
        if each.kind == "alias":
            reason = contradicted.get(_ends(each)) or doubtful(each, absent, kinds)
        elif relation:
            reason = seen_from(each.left, relation)
        else:
            reason = doubtful(each, absent, kinds)
        if reason:
            doubts[each] = reason
    return doubts


def _merged(
    evidence: Sequence[Link], doubts: Refusals, related: Relations
) -> tuple[Joined, Refusals]:
    """Return what is one trial, and the links that were refused with their reasons.

    Stronger levels are settled before weaker ones; links of one level are settled together, so
    that no order decides. Universal Trial Numbers come last: they join a trial but make none.
    """
    joined, refusals = Joined(), dict(doubts)
    others: dict[TrialId, set[TrialId]] = {}
    for each in related.values():
        others.setdefault(each.trial, set()).add(each.other)
    sound = [each for each in evidence if each not in doubts]
    disputed = joined_where_undisputed(sound, joined, others)
    for corroborating in (False, True):
        part = [
            each for each in disputed if any(map(only_corroborates, _ends(each))) is corroborating
        ]
        refusals |= _settled(part, joined, others)
    return joined, refusals


def _settled(
    links: Sequence[Link], joined: Joined, others: Mapping[TrialId, set[TrialId]]
) -> Refusals:
    """Join what the links join, level by level, and return those that were refused."""
    refusals: Refusals = {}
    stronger: list[Link] = []
    for level in _levels(links):
        if level[0].kind != "alias":
            apart = {_ends(each): reason for each, reason in refusals.items()}
            refusals |= conflicts(level, stronger, joined, apart, others)
        for each in level:
            if each not in refusals:
                joined.join(each.left, each.right)
        stronger += level
    return refusals


def _levels(links: Iterable[Link]) -> Iterator[list[Link]]:
    """Yield the aliases, then the other links of each grade, strongest first."""
    levels: dict[str, list[Link]] = {name: [] for name in ("alias", *_LADDER)}
    for each in links:
        levels["alias" if each.kind == "alias" else GRADES[each.kind]].append(each)
    yield from filter(None, levels.values())


class _Share:
    """What of the evidence concerns one trial."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.links: list[Link] = []
        self.needed: list[Link] = []
        self.names: list[NameMention] = []
        self.related: set[Related] = set()


def _shares(
    joined: Joined,
    records: Iterable[Record],
    evidence: Iterable[Link],
    refusals: Refusals,
    names: Iterable[NameMention],
    related: Iterable[Relation],
) -> Mapping[TrialId, _Share]:
    """Return the share of each trial, under the id that stands for it."""
    shares: defaultdict[TrialId, _Share] = defaultdict(_Share)
    for record in records:
        shares[joined.head(record.id)].records.append(record)
    for each in evidence:
        reason = refusals.get(each)
        if joined.holds(each):
            share = shares[joined.head(each.left)]
            share.links.append(each)
            share.needed += [each] if reason is None else []
        elif reason is not None:
            backward = reversed_relation(reason) if reason in RELATIONS else reason
            shares[joined.head(each.left)].related.add(Related(each.right, each.kind, reason))
            shares[joined.head(each.right)].related.add(Related(each.left, each.kind, backward))
    for relation in related:
        ends = relation.trial, relation.other
        if len({*map(joined.head, ends)}) > 1:
            for end, other in (ends, ends[::-1]):
                told = Related(other, relation.kind, seen_from(end, relation))
                shares[joined.head(end)].related.add(told)
    for name in names:
        for head in {joined.head(id) for id in name.ids}:
            shares[head].names.append(name)
    return shares


def _trial(ids: Sequence[TrialId], share: _Share) -> Trial:
    preferred = _preferred(ids, share.records)
    return Trial(
        preferred.number,
        preferred,
        (preferred, *sorted({*ids} - {preferred}, key=_rank)),
        names=_names(share),
        records=tuple(
            sorted(share.records, key=lambda each: (each.id != preferred, _rank(each.id)))
        ),
        links=tuple(share.links),
        related=tuple(sorted(share.related, key=lambda each: (_rank(each.id), _why(each)))),
        weakest_link=_weakest(share.needed, len(ids)),
    )


def _preferred(ids: Iterable[TrialId], records: Iterable[Record]) -> TrialId:
    """Return the id that leads: with a record of its own, the earliest first, else by catalogue."""
    dated = {each.id: each.first_submitted_date or "9999" for each in records}
    return min(dated or ids, key=lambda id: (dated.get(id, ""), _rank(id)))


def _names(share: _Share) -> tuple[str, ...]:
    """Return the names in the order of the text, then acronyms; one spelling of each."""
    mentioned = sorted(share.names, key=lambda each: (each.start, each.end, each.text))
    acronyms = [record.acronym for record in share.records if record.acronym]
    spellings: dict[str, str] = {}
    for name in (*(each.text for each in mentioned), *acronyms):
        spellings.setdefault(name.casefold(), name)
    return tuple(spellings.values())


def _weakest(links: Sequence[Link], ids: int) -> LinkKind | None:
    """Return the kind of the weakest link without which the trial would fall apart.

    `links` come strongest first and join so many ids; where no link is to spare it is the last.
    """
    if len(links) < ids:
        return links[-1].kind if links else None
    joined = Joined()
    weakest: LinkKind | None = None
    for each in links:
        if not joined.holds(each):
            joined.join(each.left, each.right)
            weakest = each.kind
    return weakest


def _ends(link: Link) -> tuple[TrialId, TrialId]:
    return link.left, link.right


def _in_order(links: Iterable[Link]) -> list[Link]:
    """Return the links, each once: strongest first, then by whatever tells two of them apart."""
    ordered: list[Link] = []
    for _, group in groupby(sorted({*links}, key=_order), key=_order):
        alike = [*group]
        if len(alike) > 1:
            alike.sort(key=lambda link: (repr(link.where), repr(link.beside)))
        ordered += alike
    return ordered


def _order(link: Link) -> tuple[object, ...]:
    """Return what sorts links where it differs."""
    return link.strength, *map(_rank, _ends(link)), link.asserted_by, link.explanation


def _why(related: Related) -> tuple[int, str]:
    return STRENGTH.get(related.kind, len(STRENGTH)), related.reason


def _rank(id: TrialId) -> tuple[int, str, str]:
    entry = BY_KEY.get(id.registry)
    return entry.rank if entry else 10_000, id.registry, id.number
