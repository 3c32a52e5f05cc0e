"""Which identifiers are the same trial: links with their evidence, and the trials they make."""

from __future__ import annotations

from trialink.model.ids import TrialId
from trialink.model.mentions import Span
from trialink.model.shown import angled, brief
from trialink.model.value import Value, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Self

    from trialink.model.resolutions import Resolution
    from trialink.model.words import Grade, LinkKind, Verdict
    from trialink.sources.record import Record

GRADES: dict[str, Grade] = {  # the kinds of evidence, strongest first, and what each is worth
    "alias": "certain",
    "declared-by-both": "certain",
    "register-transition": "certain",
    "declared-by-one": "declared",
    "same-bracket": "stated",
    "apposition": "stated",
    "registration-sentence": "stated",
    "table-row": "stated",
    "same-sponsor-number": "weak",
    "same-name": "weak",
    "similar-title": "weak",
}
STRENGTH: dict[str, int] = {kind: place for place, kind in enumerate(GRADES)}
# What another trial is to a trial without being the same one. Each has its reverse, with "-of".
RELATIONS: tuple[str, ...] = tuple(
    f"{relation}{reverse}"
    for relation in (
        *("extension", "follow-up", "sub-study", "expanded-access", "part", "pooled-analysis"),
        *("pilot", "parent", "companion"),
    )
    for reverse in ("", "-of")
)


class RecordField(Value):
    """A place in a record: the record's number, the field's name, the value that stands there."""

    record: TrialId
    field: str
    value: str


class Link(Value):
    """One piece of evidence that two identifiers are the same trial.

    `left` sorts before `right`. `asserted_by` is "text", or the number of the record that says
    so; `where` is the span of the text or the field of the record; `beside` a trial name next to
    it. `grade` follows from `kind`.
    """

    left: TrialId
    right: TrialId
    kind: LinkKind
    grade: Grade
    asserted_by: str
    where: Span | RecordField
    beside: Span | None
    explanation: str

    def __hash__(self) -> int:
        # What tells links apart, without the way over all that they hold.
        place = (self.where.start, self.where.source) if isinstance(self.where, Span) else None
        return hash((self.left, self.right, self.kind, self.explanation, place))

    @property
    def strength(self) -> int:
        """The place of its kind in the order of evidence; 0 is the strongest."""
        return STRENGTH[self.kind]

    def other(self, id: TrialId) -> TrialId:
        """Return the end of the link that is not `id`."""
        return self.right if id == self.left else self.left

    def __repr__(self) -> str:
        place = f"record {self.asserted_by}"
        if isinstance(self.where, Span):
            place = f"the text at {self.where.start}-{self.where.end}"
        beside = f", beside {self.beside.text}" if self.beside else ""
        ends = f"Link {self.left} = {self.right}"
        return angled(f"{ends}: {self.kind} ({self.grade}), by {place}{beside}")

    def __str__(self) -> str:
        from trialink.rendering.sentences import link_sentence

        return f"{self.left} = {self.right}: {link_sentence(self)}"


class Related(Value):
    """An identifier that some evidence ties to a trial without making it the same trial.

    `kind` is the kind of the evidence, from which its grade follows. `reason` is why the two were
    not merged: one of `RELATIONS`, where "extension" says that `id` is an extension of the trial
    and "extension-of" that the trial is one of `id`; else what speaks against the evidence.
    """

    id: TrialId
    kind: LinkKind
    reason: str

    @property
    def grade(self) -> Grade:
        """What the evidence is worth."""
        return GRADES[self.kind]


class Why(tuple["Link", ...]):
    """The links that lead from one number to another, or what keeps the two apart.

    Empty from a number to itself, and where `related` tells why there are none.
    """

    related: tuple[Related, ...] = ()

    @property
    def weakest(self) -> Link | None:
        """The weakest link of the way, the first of several; None where there is none."""
        return max(self, key=lambda link: link.strength, default=None)

    def __str__(self) -> str:
        if self.related:
            told = (
                f"{each.id}: {each.kind} ({each.grade}), {each.reason}" for each in self.related
            )
            return "\n".join(f"not merged with {each}" for each in told)
        return "\n".join(map(str, self))


class Trial(Value):
    """The identifiers, names and records that are one trial, and the links that say so.

    `key` is the number of `preferred`; `ids` begin with it and go on in catalogue order;
    `weakest_link` is the kind of the weakest link that was needed, None for one id alone.
    """

    key: str
    preferred: TrialId
    ids: tuple[TrialId, ...]
    names: tuple[str, ...] = ()
    records: tuple[Record, ...] = ()
    links: tuple[Link, ...] = ()
    related: tuple[Related, ...] = ()
    weakest_link: LinkKind | None = None
    resolutions: tuple[Resolution, ...] = ()  # set by a Linker, for printing; not in the JSON
    agreement: tuple[Agreement, ...] = ()  # likewise

    @property
    def is_cross_registered(self) -> bool:
        """Whether more than one registry holds the trial; only registrations count."""
        from trialink.registries import BY_KEY

        keys = {id.registry for id in self.ids}
        return sum(key in BY_KEY and BY_KEY[key].kind == "registration" for key in keys) > 1

    def why(self, a: TrialId | str, b: TrialId | str) -> Why:
        """Return the links that lead from `a` to `b`, over the strongest evidence.

        The path is the one whose weakest link is strongest, of several the shortest; empty from
        an id to itself. Where one of the two is a related identifier, the path is empty and its
        `related` tells why they are not one trial. Raises `KeyError` where nothing ties them.
        """
        refused = [each for each in self.related if {a, b} & {each.id, each.id.number}]
        if refused and any(self._has(id) for id in (a, b)):
            why = Why()
            why.related = tuple(refused)
            return why
        return Why(self._path(self._own(a), self._own(b)))

    def _has(self, id: TrialId | str) -> bool:
        return any(id in (own, own.number) for own in self.ids)

    def _path(self, start: TrialId, goal: TrialId) -> tuple[Link, ...]:
        """Return the path whose weakest link is strongest, of several the shortest."""
        for limit in sorted({link.strength for link in self.links}):
            paths = self._paths(start, limit)
            if goal in paths:
                return paths[goal]
        return ()

    def _paths(self, start: TrialId, limit: int) -> dict[TrialId, tuple[Link, ...]]:
        """Return the shortest paths from an id over links that are strong enough."""
        paths: dict[TrialId, tuple[Link, ...]] = {start: ()}
        reached = [start]
        for here in reached:  # grows on the way, the nearest first
            for link in self.links:
                if link.strength > limit or here not in (link.left, link.right):
                    continue
                there = link.other(here)
                if there not in paths:
                    paths[there] = (*paths[here], link)
                    reached.append(there)
        return paths

    def _own(self, id: TrialId | str) -> TrialId:
        for own in self.ids:
            if id in (own, own.number):
                return own
        raise KeyError(f"{brief(str(id))} is no number of trial {self.key}")

    def __repr__(self) -> str:
        parts = [_count(len(self.records), "record"), _count(len(self.links), "link")]
        if self.weakest_link:
            parts.append(f"weakest {self.weakest_link}")
        return angled(f"Trial {self.heading}: {', '.join(parts)}")

    @property
    def heading(self) -> str:
        """The ids joined by equals signs, at most three, and the names in brackets."""
        shown = " = ".join(map(str, self.ids[:3]))
        more = f", +{len(self.ids) - 3} more" if len(self.ids) > 3 else ""
        names = f" ({', '.join(self.names)})" if self.names else ""
        return f"{shown}{more}{names}"

    def __str__(self) -> str:
        from trialink.rendering.blocks import trial_block

        return trial_block(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form with the records in full; `key` stands for `preferred`."""
        form = super().to_dict()
        return {name: form[name] for name in form if name not in _NOT_REPEATED}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the trial whose `to_dict` is `data`."""
        return super().from_dict({**data, "preferred": data["key"]})


_NOT_REPEATED = ("preferred", "resolutions", "agreement")


class Aspect(Value):
    """How one field of a record compares with the text around a mention, and where."""

    aspect: str
    verdict: Verdict
    record_field: str
    record_value: str | None
    spans: tuple[Span, ...] = ()


class Agreement(Value):
    """Whether a text and the record of a number that it gives speak of the same trial.

    `mention` is the index in `LinkedText.mentions`, None from `agreement` alone. `verdict` is
    conflicts if any aspect conflicts, else fits if any fits, else silent.
    """

    id: TrialId
    mention: int | None
    verdict: Verdict
    aspects: tuple[Aspect, ...]

    def by_verdict(self) -> dict[Verdict, list[str]]:
        """Return the names of the aspects under each verdict; empty verdicts are left out."""
        verdicts: tuple[Verdict, ...] = ("fits", "conflicts", "silent")
        named = {
            verdict: [each.aspect for each in self.aspects if each.verdict == verdict]
            for verdict in verdicts
        }
        return {verdict: aspects for verdict, aspects in named.items() if aspects}

    def __repr__(self) -> str:
        groups = [f"{verdict}: {', '.join(names)}" for verdict, names in self.by_verdict().items()]
        return angled(f"Agreement {self.id} {'; '.join(groups)}")


class Provenance(Value):
    """What a linked document rests on: program, rules, source, and the data it used.

    `rules` changes whenever catalogue, repairs or link rules change; `data_dates` are the dates
    of the records that were read, `origins` how the answers came.
    """

    trialink: str
    rules: str
    source: str | None
    api_version: str | None
    data_timestamp: str | None
    data_dates: tuple[str, ...]
    origins: tuple[str, ...]

    def __repr__(self) -> str:
        head = f"trialink {self.trialink}, rules {self.rules}"
        if not self.data_dates:
            return f"<Provenance {head}, no registry data>"
        from trialink.rendering.sentences import data_phrase

        shown = [origin for origin in self.origins if origin == "assembled"]
        return f"<Provenance {', '.join([head, data_phrase(self), *shown])}>"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def plain_reference(trial: Trial) -> dict[str, Any]:
    """Return the JSON form of a trial inside a document: records by their number."""
    return trial.to_dict() | {"records": [plain(record.id) for record in trial.records]}
