"""What must never be fused: links in, those that are refused out, each with its reason."""

from __future__ import annotations

from trialink.model.ids import TrialId
from trialink.model.links import Link
from trialink.registries import BY_KEY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from trialink.sources.record import Record

    Pair = tuple[TrialId, TrialId]
    Others = Mapping[TrialId, Collection[TrialId]]  # the trials that are related to one, by number
    Claims = dict[TrialId, set[TrialId]]


class Joined:
    """Which identifiers have been joined so far; to join and to ask cost next to nothing."""

    def __init__(self) -> None:
        self._trials: dict[TrialId, list[TrialId]] = {}

    def ids_with(self, id: TrialId) -> Sequence[TrialId]:
        """Return the ids joined with an id, itself among them."""
        return self._trials.get(id) or (id,)

    def head(self, id: TrialId) -> TrialId:
        """Return the one of the joined ids that stands for all, for as long as nothing is added."""
        return self.ids_with(id)[0]

    def holds(self, link: Link) -> bool:
        """Return whether the ends of a link are one trial already."""
        return self.head(link.left) == self.head(link.right)

    def join(self, a: TrialId, b: TrialId) -> None:
        """Make one trial of two ids and all that is joined with either."""
        smaller, larger = sorted((self._trial(a), self._trial(b)), key=len)
        if smaller is not larger:
            larger.extend(smaller)
            self._trials.update(dict.fromkeys(smaller, larger))

    def adopt(self, ids: Sequence[TrialId]) -> None:
        """Make one trial of ids of which none is joined yet."""
        trial = [*ids]
        for id in trial:
            self._trials[id] = trial

    def _trial(self, id: TrialId) -> list[TrialId]:
        return self._trials.setdefault(id, [id])


def doubtful(link: Link, absent: Collection[TrialId], kinds: Collection[str]) -> str | None:
    """Return why a link alone joins nothing; None when it may.

    What a text says does not make a number right: one whose check fails, or that its own registry
    denies, joins nothing by text evidence.
    """
    if link.asserted_by == "text":
        if "suspect" in (link.left.check_digit, link.right.check_digit):
            return "suspect-number"
        if link.left in absent or link.right in absent:
            return "absent-number"
    return None if link.kind in kinds else "weak-evidence"


def contradicted(records: Sequence[Record]) -> dict[Pair, str]:
    """Return the aliases that other records contradict, as pairs, with the reason.

    No number is the obsolete one of two records. A number with a record of its own is not obsolete,
    unless that record was read before the one that lists it.
    """
    read = {record.id: record for record in records}
    listing: dict[TrialId, list[Record]] = {}
    for record in records:
        for alias in record.aliases:
            listing.setdefault(alias, []).append(record)
    reasons: dict[Pair, str] = {}
    for alias, listed_by in listing.items():
        for record in listed_by:
            pair = (min(alias, record.id), max(alias, record.id))
            if len(listed_by) > 1:
                reasons[pair] = "shared-number"
            elif alias in read and not _is_older(read[alias], record):
                reasons[pair] = "live-number"
    return reasons


def _is_older(record: Record, other: Record) -> bool:
    return bool(record.data_date and other.data_date and record.data_date < other.data_date)


def mistyped(links: Iterable[Link]) -> set[Link]:
    """Return the links of records to numbers whose check fails beside sound ones.

    A record that names two numbers of one registry, of which one fails its check, means the other.
    """
    sound: set[tuple[str, str]] = set()
    suspect: list[tuple[Link, tuple[str, str]]] = []
    for each in links:
        if each.kind == "declared-by-one":
            named = each.right if each.left.number == each.asserted_by else each.left
            place = (each.asserted_by, named.registry)
            if named.check_digit == "suspect":
                suspect.append((each, place))
            else:
                sound.add(place)
    return {each for each, place in suspect if place in sound}


def only_corroborates(id: TrialId) -> bool:
    """Return whether a number joins a trial but never makes one of two: Universal Trial Numbers."""
    entry = BY_KEY.get(id.registry)
    return entry is not None and entry.kind == "identifier-service"


def joined_where_undisputed(links: Sequence[Link], joined: Joined, others: Others) -> list[Link]:
    """Join what no guard can object to, and return the links that have to be looked at.

    Numbers that hang together are one trial without more ado when no two are of one registry, none
    only corroborates, and no related trial is among them: nearly all are.
    """
    together = Joined()
    for each in links:
        together.join(each.left, each.right)
    heads = {together.head(each.left): together.ids_with(each.left) for each in links}
    clear = {
        head
        for head, ids in heads.items()
        if _fusion(((id,) for id in ids), others) is None and not any(map(only_corroborates, ids))
    }
    for head in clear:
        joined.adopt(heads[head])
    return [each for each in links if together.head(each.left) not in clear]


def conflicts(
    links: Sequence[Link],
    stronger: Sequence[Link],
    joined: Joined,
    apart: Mapping[Pair, str],
    others: Others,
) -> dict[Link, str]:
    """Return the links that would fuse two live numbers of one registry, with the reason.

    `links` are of one level of evidence, none of them an alias, which alone joins numbers of one
    registry; `stronger` those of the levels before, `joined` what these made, and `apart` the
    pairs that they refused. A number that several trials claim is refused to all of them; where a
    longer chain would fuse two numbers, or two trials that are related, the whole chain is refused.
    """
    claimed, named = _claims([*stronger, *links])
    shared, doubled = _crowded(claimed, joined), _crowded(named, joined)
    refused: dict[Link, str] = {}
    for each in links:
        ends = (each.left, each.right)
        if joined.holds(each):
            continue
        if not shared.keys().isdisjoint(ends) and each.left.registry != each.right.registry:
            refused[each] = "shared-number"
        elif any(each.other(end).registry in doubled.get(end, ()) for end in ends):
            refused[each] = "same-registry"
        elif reason := _fusion([joined.ids_with(end) for end in ends], others):
            refused[each] = reason
        elif ends in apart:
            refused[each] = apart[ends]
    remaining = [each for each in links if each not in refused and not joined.holds(each)]
    return refused | _in_fused_chains(remaining, joined, others)


def _claims(links: Iterable[Link]) -> tuple[Claims, Claims]:
    """Return by whom each number is claimed, and which numbers each record names as its own.

    A record that names a number claims it. Numbers that a text gives together, or two records
    that name each other, claim each other.
    """
    claimed: Claims = {}
    named: Claims = {}
    for each in links:
        for end in (each.left, each.right):
            is_own = each.kind == "declared-by-one" and each.asserted_by == end.number
            (named if is_own else claimed).setdefault(end, set()).add(each.other(end))
    return claimed, named


def _crowded(claims: Claims, joined: Joined) -> dict[TrialId, set[str]]:
    """Return the numbers with two partners of one registry that are not one trial, and which.

    Partners of a number that only corroborates are counted whatever their registry.
    """
    found: dict[TrialId, set[str]] = {}
    for id, partners in claims.items():
        heads: dict[str, TrialId] = {}
        for each in partners:
            registry = "any" if only_corroborates(id) else each.registry
            head = joined.head(each)
            if each.registry != id.registry and heads.setdefault(registry, head) != head:
                found.setdefault(id, set()).add(each.registry)
    return found


def _fusion(trials: Iterable[Sequence[TrialId]], others: Others) -> str | None:
    """Return why the trials together would be more than one; None when they may be one."""
    seen: set[str] = set()
    members: set[TrialId] = set()
    for trial in trials:
        registries = {id.registry for id in trial}
        if seen & registries:
            return "same-registry"
        seen |= registries
        members.update(trial)
    is_related = bool(others) and any(
        not members.isdisjoint(others[id]) for id in members if id in others
    )
    return "related-trial" if is_related else None


def _in_fused_chains(links: Sequence[Link], joined: Joined, others: Others) -> dict[Link, str]:
    """Return the links of every chain that would be more than one trial, with the reason."""
    chains = Joined()  # of trials, each under the id that stands for it
    for each in links:
        chains.join(joined.head(each.left), joined.head(each.right))
    starts = {chains.head(joined.head(each.left)) for each in links}
    fused = {
        start: reason
        for start in starts
        if (reason := _fusion(map(joined.ids_with, chains.ids_with(start)), others))
    }
    heads = ((each, chains.head(joined.head(each.left))) for each in links)
    return {each: fused[head] for each, head in heads if head in fused}
