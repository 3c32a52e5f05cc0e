"""A text, a mention and the record of its number in; out comes whether they are one trial's."""

from __future__ import annotations

from trialink.finding.view import view
from trialink.linking.comparing.at_hand import AtHand
from trialink.linking.comparing.facts import country, enrollment, phase, year
from trialink.linking.comparing.named import trial_name
from trialink.linking.comparing.surroundings import Surroundings
from trialink.linking.comparing.told import condition, intervention, sponsor, title_terms
from trialink.linking.comparing.wording import Words
from trialink.model.links import Agreement

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from trialink.model.mentions import Mention
    from trialink.model.words import Verdict
    from trialink.sources.record import Record


def agreement(
    text: str,
    mention: Mention,
    record: Record,
    *,
    words: Words | None = None,
    others: Iterable[Record] = (),
) -> Agreement:
    """Tell whether the text around a mention and the record of its number are of one trial.

    Nine aspects in a fixed order, each fits, silent or conflicts. A field that the record leaves
    empty is silent with the value None. Of several occurrences the nearest to the mention counts,
    ties to the earlier; a list has one span for each of its values that the text gives.
    `Agreement.mention` is None here: a `Linker` fills it in. `words` are `Words(text)`, made here
    when None: make them once for a text with many mentions. `others` are records of other numbers
    at hand: a name or product that the text gives the mention conflicts where it is theirs. Raises
    `TypeError` for anything but str.

    >>> import trialink
    >>> from trialink.linking.comparing.agreement import agreement
    >>> from trialink.sources.record import Record
    >>> text = "FUMANBA-1 (NCT05066646), a phase I/II trial"
    >>> record = Record(id="NCT05066646", acronym="FUMANBA-1", phases=["PHASE1", "PHASE2"])
    >>> agreement(text, trialink.find(text)[0], record).by_verdict()["fits"]
    ['trial_name', 'phase']
    """
    around = Surroundings(words or Words(view(text, "agreement").text), mention)
    at_hand = others if isinstance(others, AtHand) else AtHand(others)
    aspects = (
        trial_name(around, record, at_hand),
        intervention(around, record, at_hand),
        title_terms(around, record),
        condition(around, record),
        sponsor(around, record),
        phase(around, record),
        country(around, record),
        enrollment(around, record),
        year(around, record),
    )
    given = {each.verdict for each in aspects}
    strongest: tuple[Verdict, ...] = ("conflicts", "fits", "silent")
    verdict = next(each for each in strongest if each in given)
    return Agreement(mention.id, None, verdict, aspects)
