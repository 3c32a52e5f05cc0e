"""What a record says in words, and where a text says the same."""

from __future__ import annotations

from string import ascii_lowercase

from trialink.linking.comparing.at_hand import products, products_of
from trialink.linking.comparing.named import names_of, standing
from trialink.linking.comparing.spelling import condition_spellings, product_spellings
from trialink.linking.comparing.surroundings import listed
from trialink.linking.comparing.vocabulary import FUNCTION_WORDS, KINDS, LEGAL_FORMS, PLACES
from trialink.linking.comparing.wording import BREAK, Places, Words, key, plain_words, runs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from trialink.linking.comparing.at_hand import AtHand
    from trialink.linking.comparing.surroundings import Surroundings
    from trialink.linking.comparing.wording import Run
    from trialink.model.links import Aspect
    from trialink.sources.record import Record

    Offsets = tuple[int, int]

_FREE = FUNCTION_WORDS | {"study", "trial", "clinical", "phase", "patient", "patients"}


def intervention(around: Surroundings, record: Record, at_hand: AtHand) -> Aspect:
    """Fits where an intervention or another name of it stands; different names are silent.

    Code names and non-proprietary names of one product cannot be compared. It conflicts only where
    the sentence is of one trial alone, gives none of the record's products, names, conditions and
    sponsors, and gives what another record at hand, of another sponsor, tests first.
    """
    foreign = _foreign_product(around, record, at_hand)
    if foreign:
        value = "|".join(_first_names(record))
        return around.told("intervention", "InterventionName", value, foreign, "conflicts")
    told = [
        listed(around, "intervention", field, values, product_spellings)
        for field, values in (
            ("InterventionName", _first_names(record)),
            ("InterventionOtherName", _other_names(record)),
        )
    ]
    return next((each for each in told if each.verdict == "fits"), told[0])


def _foreign_product(around: Surroundings, record: Record, at_hand: AtHand) -> list[Offsets]:
    """Return the nearest product of the sentence that is another trial's and not this one's."""
    if not at_hand.products or not record.interventions or not around.is_alone():
        return []
    places, owners = around.words.once(products_of, at_hand)
    title = key(f"{record.brief_title} {record.official_title}")
    foreign = [
        span
        for span in places.begun(*around.sentence)
        if key(around.text[slice(*span)]) not in title
        and all(_are_strangers(record, owner) for owner in owners[span])
    ]
    return around.nearest(Places(foreign)) if foreign and not _is_told(around, record) else []


def _is_told(around: Surroundings, record: Record) -> bool:
    """Return whether the sentence gives a product, name, condition or sponsor of the record."""
    low, high = around.sentence
    named = (standing(around.words, name) for _, name in names_of(around, record))
    tested = listed(around, "", "", products(record), product_spellings)
    told = (tested, condition(around, record), sponsor(around, record))
    return any(each.begun(low, high) for each in named) or any(
        low <= span.start < high for each in told for span in each.spans
    )


def _are_strangers(record: Record, other: Record) -> bool:
    """Return whether two records are of different trials and sponsors; one is enough to be kin."""
    own = {*plain_words(record.lead_sponsor or "")} - KINDS - PLACES - LEGAL_FORMS
    return other.id != record.id and not own & {*plain_words(other.lead_sponsor or "")}


def _first_names(record: Record) -> list[str]:
    return [each.name for each in record.interventions if each.name]


def _other_names(record: Record) -> list[str]:
    return [name for each in record.interventions for name in each.other_names]


def title_terms(around: Surroundings, record: Record) -> Aspect:
    """Fits where three or more words of a title stand in order, at most one left out between two.

    Words of the conditions and of the trial's names, function words, single letters and the words
    of every title do not count. The longest run wins; the nearest of equal ones.
    """
    known = (*record.conditions, *(name for _, name in names_of(around, record)))
    titles = (("BriefTitle", record.brief_title), ("OfficialTitle", record.official_title))
    for field, title in titles:
        places, values = around.words.once(_in_title, title or "", known)
        for span in around.nearest(places):
            run, value = values[span]
            whole = around.words.hyphenated(run.low, run.high)
            return around.told("title_terms", field, value, [whole])
    return around.told("title_terms", *next((each for each in titles if each[1]), titles[0]))


def _in_title(
    words: Words, title: str, known: tuple[str, ...]
) -> tuple[Places, dict[Offsets, tuple[Run, str]]]:
    """Return the longest runs of a title, each with its words there; `known` does not count."""
    passed = _FREE.union(ascii_lowercase, *map(plain_words, known))
    own, skipped = Words(title), passed | {BREAK}
    counted = [place for place, word in enumerate(own.words) if word not in skipped]
    phrase = [own.words[place] for place in counted]
    found = _longest(words, runs(words, phrase, passed=passed, skipped=1, least=3))
    starts, ends = own.starts, own.ends
    values = {
        span: (run, own.text[starts[counted[run.first]] : ends[counted[run.last]]])
        for span, run in found.items()
    }
    return Places(values), values


def _longest(words: Words, found: Iterable[Run]) -> dict[Offsets, Run]:
    """Return the longest runs by their offsets, of several at one place the first."""
    given = [*found]
    most = max((run.words for run in given), default=0)
    longest = [run for run in given if run.words == most]
    return {words.offsets(run.low, run.high): run for run in reversed(longest)}


def condition(around: Surroundings, record: Record) -> Aspect:
    """Fits where a condition stands as a phrase, with or without its stage."""
    return listed(around, "condition", "Condition", record.conditions, condition_spellings)


def sponsor(around: Surroundings, record: Record) -> Aspect:
    """Fits where words of the lead sponsor's or else a collaborator's name stand together.

    The longest run of words wins. Legal forms do not count, and at least one word is none for a
    kind of firm or a place, unless the whole name of several words stands.
    """
    common: tuple[str, ...] = (*filter(None, record.countries), *record.conditions)
    lead = ("LeadSponsorName", record.lead_sponsor or "")
    for field, name in (
        lead,
        *(("CollaboratorName", each) for each in record.collaborators if each),
    ):
        if found := around.nearest(around.words.once(_naming, name, common)):
            return around.told("sponsor", field, name, found)
    return around.told("sponsor", *lead)


def _naming(words: Words, sponsor: str, common: tuple[str, ...]) -> Places:
    """Return where the longest runs of a sponsor's words stand; words of `common` tell nothing."""
    phrase = plain_words(sponsor)
    while phrase and phrase[-1] in LEGAL_FORMS:
        phrase.pop()
    phrase = [word for word in phrase if word not in FUNCTION_WORDS]
    found = runs(words, phrase, passed=FUNCTION_WORDS, skipped=0, least=1)
    untold = (KINDS | PLACES | LEGAL_FORMS).union(*map(plain_words, common))
    return Places(
        _longest(words, (run for run in found if _is_telling(words, phrase, run, untold)))
    )


def _is_telling(words: Words, phrase: list[str], run: Run, common: frozenset[str]) -> bool:
    """Return whether a run of a sponsor's words can mean the sponsor; one word needs a capital."""
    if run.words == len(phrase) > 1:
        return True
    own = phrase[run.first : run.last + 1]
    telling = [word for word in own if len(word) > 2 and word not in common and not word.isdigit()]
    return bool(telling) and (run.words > 1 or not words.text[words.starts[run.low]].islower())
