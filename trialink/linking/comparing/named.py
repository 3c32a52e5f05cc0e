"""Whether a text gives the mention a name of its record, or one of another trial."""

from __future__ import annotations

from trialink.finding import names
from trialink.finding.bearing import name_key, numbered, stands_alone
from trialink.linking.comparing.at_hand import products
from trialink.linking.comparing.wording import BREAK, Places, Words, key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trialink.linking.comparing.at_hand import AtHand
    from trialink.linking.comparing.surroundings import Surroundings
    from trialink.model.links import Aspect
    from trialink.sources.record import Record

    Offsets = tuple[int, int]


def trial_name(around: Surroundings, record: Record, at_hand: AtHand) -> Aspect:
    """Fits where a name of the record stands; conflicts where the mention's has another number.

    Names are those with a number in BriefTitle, the Acronym, those in OfficialTitle. A conflict
    needs the text's own name for the mention, and that another record at hand bears it, or that
    none of the record's stands anywhere in the text.
    """
    known = names_of(around, record)
    foreign = _twin(around, record, known, at_hand)
    if (
        foreign
        and at_hand.bearers(around.text[slice(*foreign[1][0])], record)
        and not _is_nearer(around, known, *foreign[1])
    ):
        return around.told("trial_name", *foreign[0], foreign[1], "conflicts")
    for field, name in known:
        if found := around.nearest(around.words.once(standing, name)):
            return around.told("trial_name", field, name, found)
    if foreign:
        return around.told("trial_name", *foreign[0], foreign[1], "conflicts")
    return around.told("trial_name", *(known[0] if known else ("Acronym", None)))


def _twin(
    around: Surroundings, record: Record, known: list[tuple[str, str]], at_hand: AtHand
) -> tuple[tuple[str, str], list[Offsets]] | None:
    """Return a name of the record, and the mention's own where that is another trial's.

    Another trial's is the same word with another number, and a name of another record at hand
    where this one has a name too.
    """
    for field, name in known:
        twin = around.words.once(_may_have_twin, name) and _is_title_name(record, name)
        own = around.own_name() if twin or at_hand.records else []
        for each in own:
            given = around.text[slice(*each)]
            if twin and _are_twins(given, name):
                return (field, name), own
            if name_key(given) != name_key(name) and at_hand.bearers(given, record):
                return (field, name), own
    return None


def _is_nearer(around: Surroundings, known: list[tuple[str, str]], foreign: Offsets) -> bool:
    """Return whether a name of the record stands between a foreign one and the mention."""
    low, high = foreign[1], around.mention.start
    found = (around.words.once(standing, name).begun(low, high) for _, name in known)
    return any(end <= high for places in found for _, end in places)


def names_of(around: Surroundings, record: Record) -> list[tuple[str, str]]:
    """Return the names of a trial, each with its field; the name of a product is none."""
    titles = record.brief_title or "", record.official_title or ""
    known = tuple(products(record))
    return around.words.once(_names_given, *titles, record.acronym or "", known)


def _names_given(
    _: Words, brief_title: str, official_title: str, acronym: str, known: tuple[str, ...]
) -> list[tuple[str, str]]:
    products = Words("\n\n".join(known))
    found = [
        *(("BriefTitle", each.text) for each in names(brief_title)),
        *([("Acronym", acronym)] if len(key(acronym)) > 2 and not acronym.islower() else []),
        *(("OfficialTitle", each.text) for each in names(official_title)),
    ]
    return [(field, name) for field, name in found if not any(products.find(name))]


def standing(words: Words, name: str) -> Places:
    """Return where a name stands: letter for letter, or numbered in any case but small letters."""
    parts = numbered(name)
    if parts is None:
        return Places(words.find(name, exact=True))
    word, figures, letter = parts
    bare = figures.lstrip("0") or "0"
    spelled = {figures, *(bare.zfill(width) for width in (1, 2, 3))}
    return Places(
        (start, end)
        for each in spelled
        for start, end in words.find(f"{word}{each}{letter}")
        if not words.text[start:end].islower()
    )


def _may_have_twin(words: Words, name: str) -> bool:
    """Return whether a name has a number, and its word stands anywhere in the text."""
    parts = numbered(name)
    written = "".join(words.words).replace(BREAK, "")
    return parts is not None and key(parts[0]) in written


def _are_twins(name: str, other: str) -> bool:
    """Return whether two names are the same word with different numbers."""
    left, right = numbered(name), numbered(other)
    if left is None or right is None or key(left[0]) != key(right[0]):
        return False
    return int(left[1]) != int(right[1])


def _is_title_name(record: Record, name: str) -> bool:
    """Return whether a name is the trial's beyond doubt, and not that of a product."""
    titles = filter(None, (record.brief_title, record.official_title))
    return name == record.acronym or any(stands_alone(name, title) for title in titles)
