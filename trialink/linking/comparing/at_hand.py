"""The records at hand beside the one that is compared: who bears a name, who tests a product."""

from __future__ import annotations

from trialink.finding import NameIndex
from trialink.linking.comparing.spelling import product_spellings
from trialink.linking.comparing.vocabulary import NO_PRODUCT, VAGUE
from trialink.linking.comparing.wording import Places, key, plain_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from trialink.linking.comparing.wording import Words
    from trialink.model.ids import TrialId
    from trialink.sources.record import Record

    Offsets = tuple[int, int]

_LONG = 6  # letters and digits from which on the name of a product is no common word


class AtHand:
    """Some records, with an index of their names; iterates over the records."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.records = tuple(records)
        self.names = NameIndex(self.records)
        self.products: dict[str, list[Record]] = {}
        for record in self.records:
            tested = record.interventions[:1]  # those that follow are compared or added, and many's
            names = (each for one in tested for each in (one.name, *one.other_names) if each)
            for product in {each for name in names for each in product_spellings(name)}:
                if len(key(product)) >= _LONG and {*plain_words(product)} - VAGUE - NO_PRODUCT:
                    self.products.setdefault(product, []).append(record)

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records)

    def bearers(self, name: str, record: Record) -> list[TrialId]:
        """Return the ids of the records that bear a name, other than one record."""
        return [id for id in self.names.bearers(name) if id != record.id]


def products(record: Record) -> list[str]:
    """Return the names of what a record tests, and their other names."""
    named = [each.name for each in record.interventions if each.name]
    return [*named, *(name for each in record.interventions for name in each.other_names)]


def products_of(words: Words, at_hand: AtHand) -> tuple[Places, dict[Offsets, list[Record]]]:
    """Return where a text gives products of the records at hand, and whose they are."""
    found: dict[Offsets, list[Record]] = {}
    for product, owners in at_hand.products.items():
        for span in words.find(product):
            found.setdefault(span, []).extend(owners)
    return Places(found), found
