"""What stands in a text: spans, identifiers, trial names, problems."""

from __future__ import annotations

from trialink.model.ids import TrialId
from trialink.model.value import Value, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, ClassVar, Self

    from trialink.model.words import Code, Confidence, Repair, Severity

_set = object.__setattr__  # past the frozen one

SEVERITIES: dict[str, Severity] = {
    "digits-missing": "error",
    "digits-extra": "error",
    "placeholder": "error",
    "check-digit": "warning",
    "wrong-label": "warning",
    "out-of-range": "warning",
    "record-conflict": "warning",
    "repaired": "note",
    "bare-number": "note",
}


class Span(Value):
    """A piece of a text: `text == document[start:end]`, in code points, end excluded.

    `source` names the document where several are at hand, else None.
    """

    start: int
    end: int
    text: str
    source: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form; `source` stands in it only when it is set."""
        head = {"start": self.start, "end": self.end, "text": self.text}
        return head if self.source is None else head | {"source": self.source}


class NameMention(Value):
    """A trial's name in a text, such as FUMANBA-1.

    `ids` are the identifiers given with it: in the same bracket, else in the same sentence. They
    are set by a `Linker`; `names` alone leaves them empty.
    """

    start: int
    end: int
    text: str
    ids: tuple[TrialId, ...] = ()


class Mention(Value):
    """One occurrence of a trial identifier in a text.

    `start` and `end` are code points of the text as given, end excluded; `text` repeats what
    stands there; `repairs` names what was mended to read it; `cue` is the nearby word without
    which the number would not be believed, None where none was needed.

    >>> import trialink
    >>> mention, = trialink.find("registered as NCT05066646.")
    >>> mention
    Mention(14, 25, 'NCT05066646', TrialId('nct', 'NCT05066646'))
    >>> mention.confidence
    'checked'
    """

    start: int
    end: int
    text: str
    id: TrialId
    repairs: tuple[Repair, ...] = ()
    cue: Span | None = None

    @property
    def confidence(self) -> Confidence:
        """How the number is believed: repaired, checked (digit passes), cued, or exact (shape)."""
        if self.repairs:
            return "repaired"
        if self.id.check_digit == "ok":
            return "checked"
        return "cued" if self.cue else "exact"

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form, with the registry and the check digit beside the id."""
        facts = {"registry": self.id.registry, "check_digit": self.id.check_digit}
        return _after(super().to_dict(), "id", facts)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the mention whose `to_dict` is `data`."""
        return super().from_dict(data).replace(id=TrialId(data["registry"], data["id"]))

    def __str__(self) -> str:
        parts = [f"{self.id} [{self.start}:{self.end}] {self.id.label}"]
        check = self.id.check_digit
        parts.append(f"check digit {check}" if check else "no check digit")
        if self.repairs:
            parts.append(f"repaired: {', '.join(self.repairs)}")
        if self.cue:
            parts.append(f'cue "{self.cue.text}" [{self.cue.start}:{self.cue.end}]')
        from trialink.model.shown import shown  # not for `find`: start-up cost

        return shown(", ".join(parts))


class Problem(Value):
    """Something in a text that an author should look at: a near miss, a failed check digit ...

    `line` and `column` count from 1, `column` in code points. `id` is None where no identifier
    can be read; `candidates` are numbers that may have been meant; `suggestion` is the only
    candidate, None when there are none or several.
    """

    __slots__ = ("_meant",)  # makes the candidates when they are first asked for: they cost most
    _positional: ClassVar[int | None] = 4

    start: int
    end: int
    text: str
    code: Code
    line: int
    column: int
    severity: Severity
    id: TrialId | None
    registry: str | None
    message: str
    candidates: tuple[TrialId, ...] = ()
    suggestion: TrialId | None = None

    if not TYPE_CHECKING:  # else any name would do

        def __getattr__(self, name: str) -> Any:
            """Make the candidates and the suggestion."""
            if name not in _LATE:
                raise AttributeError(f"{type(self).__name__} has no field {name}")
            candidates = tuple(self._meant())
            _set(self, "candidates", candidates)
            _set(self, "suggestion", candidates[0] if len(candidates) == 1 else None)
            return getattr(self, name)

    def __repr__(self) -> str:
        return f"Problem({self.start}, {self.end}, {self.text!r}, {self.code!r})"

    def __str__(self) -> str:
        from trialink.model.shown import shown

        line = shown(f"{self.line}:{self.column} {self.code} {self.text}: {self.message}")
        if not self.candidates:
            return line
        lead = _CANDIDATE_LEADS.get(self.code, "Candidates")
        return f"{line} {lead}: {', '.join(map(str, self.candidates))}."

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form; the place in the text comes first."""
        return {name: plain(getattr(self, name)) for name in _PROBLEM_ORDER}


_LATE = ("candidates", "suggestion")
_GIVEN = (*(name for name in Problem._fields if name not in _LATE), "_meant")
_PROBLEM_ORDER = (
    *("start", "end", "text", "line", "column", "code", "severity", "id", "registry"),
    *("message", "candidates", "suggestion"),
)
_CANDIDATE_LEADS = {
    "check-digit": "Numbers one digit away that pass",
    "digits-missing": "Completions that pass",
}


def problem_of(*given: Any, meant: Callable[[], Iterable[TrialId]]) -> Problem:
    """Return the problem of these fields; `meant` makes its candidates once they are asked for."""
    problem: Problem = object.__new__(Problem)
    for name, value in zip(_GIVEN, (*given, meant), strict=True):
        _set(problem, name, value)
    return problem


def _after(form: dict[str, Any], name: str, facts: dict[str, Any]) -> dict[str, Any]:
    """Return `form` with `facts` put behind the key `name`."""
    names = list(form)
    place = names.index(name) + 1
    head = {key: form[key] for key in names[:place]}
    return head | facts | {key: form[key] for key in names[place:]}
