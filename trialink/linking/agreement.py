"""A text, a mention and the record of its number in; out comes whether they are one trial's."""

from __future__ import annotations

import re
from string import ascii_lowercase

from trialink.finding import find, names
from trialink.finding.context import bracket_bounds, sentence_bounds
from trialink.finding.folding import fold
from trialink.finding.view import view
from trialink.linking.figures import counts, starts
from trialink.linking.naming import tied
from trialink.linking.wording import (
    BREAK,
    FUNCTION_WORDS,
    KINDS,
    LEGAL_FORMS,
    NO_PRODUCT,
    PHASES,
    PLACES,
    Places,
    Words,
    country_spellings,
    key,
    plain_words,
    product_spellings,
    runs,
    spellings,
    stated_phases,
)
from trialink.model.links import Agreement, Aspect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from trialink.linking.wording import Run
    from trialink.model.ids import TrialId
    from trialink.model.mentions import Mention
    from trialink.model.words import Verdict
    from trialink.sources.record import Record

    Offsets = tuple[int, int]

_FREE = FUNCTION_WORDS | {"study", "trial", "clinical", "phase", "patient", "patients"}
_NUMBERED = re.compile(r"(?P<word>.*-.*[^\d]|.*-)(?P<number>\d{1,4})(?P<letter>[A-Za-z]?)")
_SEVERAL = re.compile(r"(?:\s[\w-]{1,20}){0,3}\s(?:trials|studies|results|data)\b", re.IGNORECASE)
_ONE = re.compile(r"\b(?:trial|study)\b", re.IGNORECASE)


def agreement(
    text: str, mention: Mention, record: Record, *, words: Words | None = None
) -> Agreement:
    """Tell whether the text around a mention and the record of its number are of one trial.

    Nine aspects in a fixed order, each fits, silent or conflicts. A field that the record leaves
    empty is silent with the value None. Of several occurrences the nearest to the mention counts,
    ties to the earlier; a list has one span for each of its values that the text gives.
    `Agreement.mention` is None here: a `Linker` fills it in. `words` are `Words(text)`, made here
    when None: make them once for a text with many mentions. Raises `TypeError` for anything but
    str.

    >>> import trialink
    >>> from trialink.linking.agreement import agreement
    >>> from trialink.sources.record import Record
    >>> text = "FUMANBA-1 (NCT05066646), a phase I/II trial"
    >>> record = Record(id="NCT05066646", acronym="FUMANBA-1", phases=["PHASE1", "PHASE2"])
    >>> agreement(text, trialink.find(text)[0], record).by_verdict()["fits"]
    ['trial_name', 'phase']
    """
    passage = _Passage(words or Words(view(text, "agreement").text), mention)
    told = (_trial_name, _intervention, _title_terms, _condition, _sponsor)
    told_in_figures = (_phase, _country, _enrollment, _year)
    aspects = tuple(tell(passage, record) for tell in (*told, *told_in_figures))
    given = {each.verdict for each in aspects}
    strongest: tuple[Verdict, ...] = ("conflicts", "fits", "silent")
    verdict = next(each for each in strongest if each in given)
    return Agreement(mention.id, None, verdict, aspects)


class _Passage:
    """A mention in its text."""

    def __init__(self, words: Words, mention: Mention) -> None:
        self.words, self.mention, self.text = words, mention, words.text
        self.sentence = sentence_bounds(words.text, mention.start, mention.end)

    def nearest(self, found: Places) -> list[Offsets]:
        """Return the offsets nearest to the mention, ties to the earlier; none for none."""
        return found.nearest(self.mention)

    def told(
        self,
        aspect: str,
        field: str,
        value: str | None,
        found: Sequence[Offsets] = (),
        verdict: Verdict | None = None,
    ) -> Aspect:
        """Return an aspect that fits where something was found, unless another verdict is given."""
        spans = tuple(self.words.span(*each) for each in found)
        return Aspect(
            aspect, verdict or ("fits" if spans else "silent"), field, value or None, spans
        )

    def own_name(self) -> list[Offsets]:
        """Return the nearest trial name of the sentence that the text ties to the mention."""
        given = self.words.once(_tied, *self.sentence)
        return self.nearest(Places(span for span, ids in given if self.mention.id in ids))

    def is_alone(self) -> bool:
        """Return whether the sentence is of one trial.

        It gives no other number, except numbers of other registries in the mention's own bracket.
        """
        low, _ = self.sentence
        mention = self.mention
        left, right = bracket_bounds(self.text, mention.start, mention.end) or (0, 0)
        return all(
            each.id.registry != mention.id.registry and left <= low + each.start < right
            for each in self.words.once(_numbers, *self.sentence)
            if each.id != mention.id
        )


def _tied(words: Words, low: int, high: int) -> list[tuple[Offsets, tuple[TrialId, ...]]]:
    """Return the trial names of a part of the text, with the numbers that it ties to them."""
    piece = words.text[low:high]
    given = tied(piece, names(piece), words.once(_numbers, low, high))
    return [((low + each.start, low + each.end), each.ids) for each in given]


def _numbers(words: Words, low: int, high: int) -> Sequence[Mention]:
    return find(words.text[low:high])


def _trial_name(passage: _Passage, record: Record) -> Aspect:
    """Fits where a name of the record stands; conflicts where the mention's has another number.

    Names are those with a number in BriefTitle, the Acronym, those in OfficialTitle. A conflict
    needs the text's own name for the mention, and none of the record's anywhere in the text.
    """
    known = _names(passage, record)
    for field, name in known:
        if found := passage.nearest(passage.words.once(_standing, name)):
            return passage.told("trial_name", field, name, found)
    for field, name in known:
        may_conflict = passage.words.once(_may_have_twin, name) and _is_title_name(record, name)
        own = passage.own_name() if may_conflict else []
        if any(_are_twins(passage.text[slice(*each)], name) for each in own):
            return passage.told("trial_name", field, name, own, "conflicts")
    return passage.told("trial_name", *(known[0] if known else ("Acronym", None)))


def _names(passage: _Passage, record: Record) -> list[tuple[str, str]]:
    """Return the names of a trial, each with its field; the name of a product is none."""
    titles = record.brief_title or "", record.official_title or ""
    known = (*_products(record), *_other_products(record))
    return passage.words.once(_names_given, *titles, record.acronym or "", known)


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


def _standing(words: Words, name: str) -> Places:
    """Return where a name stands: letter for letter, or numbered in any case but small letters."""
    numbered = _NUMBERED.fullmatch(fold(name))
    if numbered is None:
        return Places(words.find(name, exact=True))
    number = numbered["number"].lstrip("0") or "0"
    spelled = {numbered["number"], *(number.zfill(width) for width in (1, 2, 3))}
    return Places(
        (start, end)
        for figures in spelled
        for start, end in words.find(f"{numbered['word']}{figures}{numbered['letter']}")
        if not words.text[start:end].islower()
    )


def _may_have_twin(words: Words, name: str) -> bool:
    """Return whether a name has a number, and its word stands anywhere in the text."""
    numbered = _NUMBERED.fullmatch(fold(name))
    written = "".join(words.words).replace(BREAK, "")
    return numbered is not None and key(numbered["word"]) in written


def _are_twins(name: str, other: str) -> bool:
    """Return whether two names are the same word with different numbers."""
    left, right = _NUMBERED.fullmatch(fold(name)), _NUMBERED.fullmatch(fold(other))
    if left is None or right is None or key(left["word"]) != key(right["word"]):
        return False
    return int(left["number"]) != int(right["number"])


def _is_title_name(record: Record, name: str) -> bool:
    """Return whether a name is the trial's beyond doubt, and not that of a product.

    It is the Acronym, stands in a bracket of its own, or opens a title before a colon.
    """
    alone = re.compile(
        rf"\(\W?{re.escape(name)}(?: study| trial)?\W?\)|^{re.escape(name)}:", re.IGNORECASE
    )
    titles = (record.brief_title, record.official_title)
    return name == record.acronym or any(alone.search(title) for title in titles if title)


def _intervention(passage: _Passage, record: Record) -> Aspect:
    """Fits where an intervention or another name of it stands; different names are silent."""
    told = [
        _listed(passage, "intervention", field, values, product_spellings)
        for field, values in (
            ("InterventionName", _products(record)),
            ("InterventionOtherName", _other_products(record)),
        )
    ]
    return next((each for each in told if each.verdict == "fits"), told[0])


def _products(record: Record) -> list[str]:
    return [each.name for each in record.interventions if each.name]


def _other_products(record: Record) -> list[str]:
    return [name for each in record.interventions for name in each.other_names]


def _title_terms(passage: _Passage, record: Record) -> Aspect:
    """Fits where three or more words of a title stand in order, at most one left out between two.

    Words of the conditions and of the trial's names, function words, single letters and the words
    of every title do not count. The longest run wins; the nearest of equal ones.
    """
    known = (*record.conditions, *(name for _, name in _names(passage, record)))
    titles = (("BriefTitle", record.brief_title), ("OfficialTitle", record.official_title))
    for field, title in titles:
        places, values = passage.words.once(_in_title, title or "", known)
        for span in passage.nearest(places):
            run, value = values[span]
            whole = passage.words.hyphenated(run.low, run.high)
            return passage.told("title_terms", field, value, [whole])
    return passage.told("title_terms", *next((each for each in titles if each[1]), titles[0]))


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


def _condition(passage: _Passage, record: Record) -> Aspect:
    """Fits where a condition stands as a phrase."""
    return _listed(passage, "condition", "Condition", record.conditions, spellings)


def _sponsor(passage: _Passage, record: Record) -> Aspect:
    """Fits where words of the lead sponsor's name stand together; the longest run wins.

    Its legal form does not count, and at least one word is none for a kind of firm or a place,
    unless the whole name of several words stands.
    """
    name = record.lead_sponsor or ""
    common = (*_countries(record), *record.conditions)
    found = passage.nearest(passage.words.once(_naming, name, common))
    return passage.told("sponsor", "LeadSponsorName", name, found)


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


def _phase(passage: _Passage, record: Record) -> Aspect:
    """Fits where the nearest phase, of the mention's sentence if that states any, is the record's.

    One phase in common is enough. Conflicts where the sentence is of one trial alone and states
    none of the record's phases.
    """
    places, stated = passage.words.once(_phases)
    inside = places.begun(*passage.sentence)
    nearest = passage.nearest(Places(inside) if inside else places)
    value, own = "|".join(record.phases), {*record.phases}
    if any(own & stated[span] for span in nearest):
        return passage.told("phase", "Phase", value, nearest)
    known = own and own <= PHASES
    differs = inside and not any(own & stated[span] for span in inside)
    if known and differs and all(_is_own(passage, span) for span in inside) and passage.is_alone():
        return passage.told("phase", "Phase", value, nearest, "conflicts")
    return passage.told("phase", "Phase", value)


def _phases(words: Words) -> tuple[Places, dict[Offsets, set[str]]]:
    stated = dict(stated_phases(words))
    return Places(stated), stated


def _is_own(passage: _Passage, phase: Offsets) -> bool:
    """Return whether a phase is said of the mention's trial: one, and no other trial between."""
    mention, folded = passage.mention, passage.words.folded
    between = folded[min(phase[1], mention.end) : max(phase[0], mention.start)]
    return not _SEVERAL.match(folded, phase[1]) and len(_ONE.findall(between)) < 2


def _country(passage: _Passage, record: Record) -> Aspect:
    """Fits where a country of the record stands under one of its names."""
    return _listed(passage, "country", "LocationCountry", _countries(record), country_spellings)


def _countries(record: Record) -> list[str]:
    return [each for each in record.countries if each]


def _enrollment(passage: _Passage, record: Record) -> Aspect:
    """Fits where the count stands beside a word for people; another is silent: counts change."""
    count = record.enrollment_count
    spelled = () if count is None else (str(count), f"{count:,}")
    found = passage.nearest(passage.words.once(counts, spelled))
    return passage.told("enrollment", "EnrollmentCount", spelled[0] if spelled else None, found)


def _year(passage: _Passage, record: Record) -> Aspect:
    """Fits where the year of the start stands beside started, began, since or registered."""
    value = record.start_date or ""
    found = passage.nearest(passage.words.once(starts, value[:4]))
    return passage.told("year", "StartDate", value, found)


def _listed(
    passage: _Passage,
    aspect: str,
    field: str,
    values: Sequence[str],
    spellings: Callable[[str], Iterable[str]],
) -> Aspect:
    """Return an aspect that fits where one of several values stands, with a span for each."""
    found = {
        span
        for value in values
        for span in passage.nearest(passage.words.once(_spelled, spellings, value))
    }
    outer = [
        span
        for span in found
        if not any(each != span and each[0] <= span[0] and span[1] <= each[1] for each in found)
    ]
    return passage.told(aspect, field, "|".join(values), sorted(outer))


def _spelled(words: Words, spellings: Callable[[str], Iterable[str]], value: str) -> Places:
    """Return where a value stands in one of its spellings."""
    kept = (each for each in spellings(value) if key(each) not in NO_PRODUCT)
    return Places(span for spelling in kept for span in words.find(spelling))
