"""From a candidate to whether it is believed, and to the cue word that makes it so."""

from __future__ import annotations

from trialink.finding.context import REACH, distance, is_one_sentence
from trialink.finding.counts import FEW, is_counted, is_date
from trialink.finding.grammar import LETTER, cue_words, join, registry_names
from trialink.finding.patterns import lazily
from trialink.finding.reading import Candidate
from trialink.finding.view import View
from trialink.finding.window import without_dirt
from trialink.model.mentions import Span
from trialink.registries import Registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

# Latin only: Chinese and Japanese leave no blanks between words.
_PART_OF_WORD = lazily(f"[0-9_{LETTER}]")
CUE_REACH = 150  # code points between a number and the word that makes it believable
# What leads to a number of any registry: a prefix that needs a cue word has one here.
_REGISTRATION = (
    *("registration", "registered", "trialregistratie", "registratie", "geregistreerd"),
    *("registrierung", "registriert", "enregistrement", "registro"),
    *("\u6ce8\u518c\u53f7", "\u767b\u8bb0\u53f7"),
)
# What announces a number whose registry is named behind it: "trial number 2473 (Dutch ...)". A
# grant's, a protocol's and an approval's number are announced by other words.
_ANNOUNCED = (
    *(*_REGISTRATION, "registry", "register", "trial", "trials", "identifier", "identification"),
    *("identifiant", "essai", "inscrit", "identificador", "ensayo", "registrado", "registrada"),
    *("ensaio", "inscrito", "cadastrado", "identificativo", "registrato", "studien", "studie"),
    *("registernummer", "registrierungsnummer", "studiennummer", "registratienummer"),
)
_THE = r"(?:the|le|la|der|dem|het|el|il|des)\s{1,2}"
_LINK = lazily(  # between the number and the name
    r"[\s,;:()\[\]|\"'\-]{1,4}"
    r"(?:(?:in|at|on|of|with|from|by|via|im|bei|beim|bij|van|en|del?|d[oau]|dans|sur|no|nel|au|p\xe5)"
    rf"\s{{1,2}}(?:{_THE})?|{_THE}|(?:https?://)?(?:www\.)?)"
)
_BEHIND = 128  # code points behind a number in which a name stands, and what it leads on to
_OWN_NUMBER = lazily(  # no year and no date; or that there is none yet
    r"[a-z]{0,8}[\s\-:#/]{0,2}"
    r"(?!(?:19|20)\d\d(?!\d)|\d{1,4}[/.\-]\d\d?[/.\-]\d{2,4}(?!\d))\d{3}"
    r"|(?:pending|none|not|n/a|awaiting|applied|unknown)(?![a-z])"
)
_LONG_PREFIX, _SURE = 4, 7  # letters of a prefix and digits behind it that name nothing else


class Judged:
    """A candidate with the verdict on it."""

    __slots__ = ("candidate", "cue", "is_believed")

    def __init__(self, candidate: Candidate, is_believed: bool, cue: Span | None = None) -> None:
        self.candidate, self.is_believed, self.cue = candidate, is_believed, cue


def judged(view: View, candidate: Candidate) -> Judged:
    """Return a candidate with whether it is believed by itself, and the cue word if it needs one.

    A prefix is enough, unless the form wants a cue word or the prefix is a typing error that no
    check confirms. A bare number needs a cue word joined to it, or a shape of its own and a check
    that passes.
    """
    if candidate.address:
        return Judged(candidate, True, span_of(view, *candidate.address))
    needs_cue, cue_of = _need(candidate)
    if not needs_cue:
        return Judged(candidate, True)
    if is_count(view, candidate):
        return Judged(candidate, False)
    cue = cue_of(view, candidate.entry, candidate.start, candidate.end)
    if cue and cue_of is joined_cue and cue.start >= candidate.end and _is_other(view, candidate):
        cue = None
    is_registration = candidate.entry.kind == "registration" and candidate.grammar.form.needs_cue
    if cue is None and candidate.has_prefix and is_registration:
        cue = _joined(view, _REGISTRATION, candidate.start)
    return Judged(candidate, cue is not None, cue)


def _is_other(view: View, candidate: Candidate) -> bool:
    """Return whether a number before a name is as likely another: its check fails, or a day."""
    printed = view.stretch(candidate.start, candidate.end)
    return candidate.check == "suspect" or (candidate.check is None and is_date(printed))


def is_count(view: View, candidate: Candidate) -> bool:
    """Return whether digits so few that they may count something do."""
    return is_few(candidate) and is_counted(view, candidate.end)


def is_few(candidate: Candidate) -> bool:
    """Return whether a number is as short as counts are."""
    return sum(map(str.isdigit, candidate.number)) < FEW


def _need(candidate: Candidate) -> tuple[bool, Callable[[View, Registry, int, int], Span | None]]:
    """Return whether a candidate needs a cue word, and how one is looked for."""
    form = candidate.grammar.form
    if candidate.has_prefix:
        return form.needs_cue or _is_doubtful(candidate), near_cue
    is_known = form.alone == "checked" and not candidate.is_mended and candidate.check == "ok"
    return not is_known, near_cue if form.needs_cue else joined_cue


def _is_doubtful(candidate: Candidate) -> bool:
    """Return whether a mistyped prefix leaves a doubt: a short one, before a short number."""
    if "prefix-typo" not in candidate.repairs or candidate.check == "ok":
        return False
    digits = sum(map(str.isdigit, candidate.number))
    return digits < _SURE or min(map(len, candidate.grammar.form.prefixes)) < _LONG_PREFIX


def is_named(view: View, candidate: Candidate) -> bool:
    """Return whether a bare number that is no count stands near a cue word of its registry."""
    if is_count(view, candidate):
        return False
    return near_cue(view, candidate.entry, candidate.start, candidate.end) is not None


def joined_cue(view: View, entry: Registry, start: int, end: int) -> Span | None:
    """Return the cue word before a number with nothing but "number", ":" ... between.

    Or the one right behind a number that a word of registration announces.
    """
    words = cue_words(entry)
    return _joined(view, words, start) or _behind(view, words, start, end)


def _behind(view: View, words: tuple[str, ...], start: int, end: int) -> Span | None:
    """Return the cue word behind an announced number that leads on to no number of its own."""
    behind = view.lowered(end, end + _BEHIND)
    link = _LINK.match(behind)
    if link is None or not behind.startswith(words, link.end()):
        return None
    stop = link.end() + max(len(word) for word in words if behind.startswith(word, link.end()))
    lead = join().match(behind, stop)
    leads_on = (
        lead is not None
        and _OWN_NUMBER.match(behind, lead.end()) is not None
        and is_one_sentence(view.folded, end, end + lead.end())
    )
    is_meant = (
        _is_whole(behind, link.end(), stop)
        and not leads_on
        and is_one_sentence(view.folded, end, end + stop)
        and _joined(view, _ANNOUNCED, start) is not None
    )
    return span_of(view, end + link.end(), end + stop) if is_meant else None


def near_cue(view: View, entry: Registry, start: int, end: int) -> Span | None:
    """Return the nearest cue word of the same sentence, ties to the earlier and the longer."""
    reach = REACH if entry.cue_scope == "sentence" else CUE_REACH
    return _nearest(view, cue_words(entry), start, end, reach)


def joined_name(view: View, entry: Registry, start: int) -> Span | None:
    """Return the registry's own name before a number, joined to it as a cue word is."""
    return _joined(view, registry_names(entry), start)


def near_name(view: View, entry: Registry, start: int, end: int) -> Span | None:
    """Return the nearest place in the same sentence that names the registry."""
    return _nearest(view, registry_names(entry), start, end, CUE_REACH)


def _joined(view: View, words: tuple[str, ...], start: int) -> Span | None:
    low = max(0, start - CUE_REACH)
    before = view.lowered(low, start)
    places = (_last(before, word) for word in words if word in before)
    joined = [
        (low + place[0], low + place[1])
        for place in places
        if place
        and join().fullmatch(without_dirt(before[place[1] :]))
        and is_one_sentence(view.folded, low + place[1], start)
    ]
    return span_of(view, *min(joined)) if joined else None  # the first is the longest


def _nearest(view: View, words: tuple[str, ...], start: int, end: int, reach: int) -> Span | None:
    number, low = Span(start, end, ""), max(0, start - reach)
    before, behind = view.lowered(low, start), view.lowered(end, end + reach)
    last = (_last(before, word) for word in words if word in before)
    first = (_first(behind, word) for word in words if word in behind)
    places = [(low, place) for place in last if place]
    places += [(end, place) for place in first if place]
    near = [(origin + place[0], origin + place[1]) for origin, place in places]
    for place in sorted(near, key=lambda place: (distance(place, number), place[0], -place[1])):
        if is_one_sentence(view.folded, min(place[1], end), max(place[0], start)):
            return span_of(view, *place)
    return None


def _last(stretch: str, word: str) -> tuple[int, int] | None:
    """Return the last place of a whole word in a stretch."""
    size, start = len(word), stretch.rfind(word)
    while start >= 0 and not _is_whole(stretch, start, start + size):
        start = stretch.rfind(word, 0, start + size - 1)
    return (start, start + size) if start >= 0 else None


def _first(stretch: str, word: str) -> tuple[int, int] | None:
    """Return the first place of a whole word in a stretch."""
    size, start = len(word), stretch.find(word)
    while start >= 0 and not _is_whole(stretch, start, start + size):
        start = stretch.find(word, start + 1)
    return (start, start + size) if start >= 0 else None


def _is_whole(stretch: str, start: int, end: int) -> bool:
    return not (
        _PART_OF_WORD.match(stretch[start - 1 : start]) or _PART_OF_WORD.match(stretch, end)
    )


def span_of(view: View, start: int, end: int) -> Span:
    """Return a piece of the text as a span."""
    return Span(start, end, view.text[start:end])
