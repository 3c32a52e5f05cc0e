"""Names that stand beside no number, looked up: which trial they are, and what that adds.

A name joins nothing: it gives its mention the number of the record that alone bears it, and the
record is read like any other.
"""

from __future__ import annotations

from trialink.model.resolutions import Resolution, Resolutions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from trialink.model.ids import TrialId
    from trialink.model.mentions import Mention, NameMention
    from trialink.model.name_resolutions import NameResolution

    Found = Mapping[str, NameResolution]


def loose(named: Iterable[NameMention]) -> list[str]:
    """Return the names that the text ties to no number anywhere, once each, in text order."""
    each = [*named]
    tied = {name.text for name in each if name.ids}
    return [text for text in dict.fromkeys(name.text for name in each) if text not in tied]


def told_by_name(named: Iterable[NameMention], found: Found) -> list[NameMention]:
    """Return the names, with the number of the only record that bears one that was looked up."""
    return [
        name.replace(ids=(record.id,))
        if name.text in found and (record := found[name.text].record)
        else name
        for name in named
    ]


def with_records(answers: Resolutions, found: Found) -> Resolutions:
    """Return the answers, and behind them one for each record that only its name has led to."""
    added = {each.id: each for each in _records_by_name(found) if each.id not in answers}
    return Resolutions(
        [*answers.values(), *added.values()],
        rejected=answers.rejected,
        errors=answers.errors,
        version=answers.version,
    )


def in_text_order(mentions: Iterable[Mention], named: Iterable[NameMention]) -> list[TrialId]:
    """Return the identifiers in the order in which the text mentions or names them."""
    places = [(each.start, each.id) for each in mentions]
    places += [(each.start, id) for each in named for id in each.ids]
    return [*dict.fromkeys(id for _, id in sorted(places, key=lambda place: place[0]))]


def _records_by_name(found: Found) -> Iterator[Resolution]:
    for each in found.values():
        if each.record is not None:
            yield Resolution(
                each.record.id,
                "found",
                each.source,
                each.records,
                each.origin,
                each.stale,
                each.retrieved_at,
            )
