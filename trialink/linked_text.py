"""What the whole chain makes of one text, as a value."""

from __future__ import annotations

from trialink.finding import Mentions, mention_row
from trialink.model.links import Agreement, Provenance, Trial, plain_reference
from trialink.model.mentions import Mention, NameMention, Problem
from trialink.model.name_resolutions import NameResolution, NameResolutions
from trialink.model.resolutions import Resolution, Resolutions, SourceVersion
from trialink.model.shown import brief
from trialink.model.value import Value, plain
from trialink.version import RULES_VERSION, VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, Self

    from trialink.model.ids import TrialId

SOURCE = "clinicaltrials_gov"


class LinkedText(Value):
    """What one text says of trials, and what the registries say of them.

    `source` names the text, None for a string; `characters` counts code points; `trials` stand in
    the order of their first mention. The text itself is kept only on demand (`keep_text=True`).
    `name_resolutions` are those of the names that the text ties to no number; None, and in no JSON
    form, unless names are looked up (`names=True` of a resolver).
    """

    source: str | None
    characters: int
    mentions: Mentions
    names: list[NameMention]
    problems: list[Problem]
    resolutions: Resolutions
    trials: list[Trial]
    agreement: list[Agreement]
    provenance: Provenance
    text: str | None = None
    name_resolutions: NameResolutions | None = None

    def trial_of(self, id: TrialId | str) -> Trial:
        """Return the trial that holds an identifier; raise `KeyError` when none does."""
        for trial in self.trials:
            if any(id in (own, own.number) for own in trial.ids):
                return trial
        raise KeyError(brief(str(id)))

    def rows(self) -> list[dict[str, Any]]:
        """Return one flat dictionary of seventeen columns a mention; values: None, str, int."""
        verdicts = {each.mention: each.verdict for each in self.agreement}
        trials = {id: trial for trial in self.trials for id in trial.ids}
        return [
            mention_row(mention, self.source)
            | trial_columns(self.resolutions[mention.id], trials[mention.id], verdicts.get(place))
            for place, mention in enumerate(self.mentions)
        ]

    def to_html(self) -> str:
        """Return the annotated text and a card for each trial, safe for any input.

        Raises `ValueError` when the text was not kept.
        """
        from trialink.rendering.html import document_html

        if self.text is None:
            raise ValueError("the text was not kept: read it with keep_text=True")
        return document_html(self, self.text)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form; trials name their records, which stand in the resolutions."""
        form = super().to_dict()
        form["resolutions"] = self.resolutions.to_list()
        form["trials"] = [plain_reference(trial) for trial in self.trials]
        del form["text"], form["name_resolutions"]
        if self.name_resolutions is not None:
            form["name_resolutions"] = self.name_resolutions.to_list()
        return form

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Return the linked text whose `to_dict` is `data`."""
        answers = [Resolution.from_dict(each) for each in data["resolutions"]]
        records = {str(record.id): plain(record) for each in answers for record in each.records}
        agreement = [Agreement.from_dict(each) for each in data["agreement"]]
        whole = [
            each | {"records": [records[number] for number in each["records"]]}
            for each in data["trials"]
        ]
        resolutions = Resolutions(answers)
        return cls(
            data["source"],
            data["characters"],
            Mentions(Mention.from_dict(each) for each in data["mentions"]),
            [NameMention.from_dict(each) for each in data["names"]],
            [Problem.from_dict(each) for each in data["problems"]],
            resolutions,
            informed(map(Trial.from_dict, whole), resolutions, agreement),
            agreement,
            Provenance.from_dict(data["provenance"]),
            name_resolutions=_names_from(data.get("name_resolutions")),
        )

    def __repr__(self) -> str:
        from trialink.rendering.sentences import counted

        return f"<LinkedText {self.characters} characters: {counted(self)}>"

    def __str__(self) -> str:
        from trialink.rendering.blocks import document_account

        return document_account(self)

    def _repr_html_(self) -> str:
        from trialink.rendering.html import document_summary

        return document_summary(self)


def _names_from(forms: Iterable[Mapping[str, Any]] | None) -> NameResolutions | None:
    return None if forms is None else NameResolutions(map(NameResolution.from_dict, forms))


def trial_columns(resolution: Resolution, trial: Trial, verdict: str | None) -> dict[str, Any]:
    """Return the flat columns that say what became of one number of a trial."""
    record = resolution.record or next(iter(trial.records), None)
    return {
        "outcome": resolution.outcome,
        "trial_key": trial.key,
        "link_kind": trial.weakest_link,
        "brief_title": record.brief_title if record else None,
        "overall_status": record.overall_status if record else None,
        "lead_sponsor": record.lead_sponsor if record else None,
        "agreement": verdict,
        "data_date": record.data_date if record else None,
    }


def informed(
    trials: Iterable[Trial], resolutions: Resolutions, compared: Iterable[Agreement]
) -> list[Trial]:
    """Return the trials with the answers and agreements that their printed form shows."""
    verdicts: dict[TrialId, list[Agreement]] = {}
    for each in compared:
        verdicts.setdefault(each.id, []).append(each)
    return [
        trial.replace(
            resolutions=tuple(resolutions[id] for id in trial.ids if id in resolutions),
            agreement=tuple(each for id in trial.ids for each in verdicts.get(id, ())),
        )
        for trial in trials
    ]


def provenance_of(
    data_dates: Iterable[str], origins: Iterable[str], version: SourceVersion | None = None
) -> Provenance:
    """Return what results rest on that used records of these dates and origins."""
    return Provenance(
        VERSION,
        RULES_VERSION,
        SOURCE,
        api_version=version.api_version if version else None,
        data_timestamp=version.data_timestamp if version else None,
        data_dates=tuple(sorted({*data_dates})),
        origins=tuple(sorted({*origins})),
    )


def provenance(resolutions: Resolutions, names: NameResolutions | None = None) -> Provenance:
    """Return what the answers for some identifiers and names rest on."""
    answers: list[Resolution | NameResolution] = [*resolutions.values()]
    answers += names.values() if names else ()
    dates = [record.data_date for each in answers for record in each.records]
    origins = (each.origin for each in answers if each.origin)
    return provenance_of(filter(None, dates), origins, resolutions.version)
