"""A trial in, and whether it was registered before it started, over all its registrations."""

from __future__ import annotations

from trialink.linking.dating import RegistrationDate, calendar_bounds, implied_date
from trialink.model.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trialink.model.ids import TrialId
    from trialink.model.links import Trial
    from trialink.model.words import RegistrationVerdict
    from trialink.sources.record import Record


class Registration(Value):
    """Whether a trial was registered before it started, and the dates that say so.

    `verdict` is prospective where one registration is not later than the start;
    registered-after-start where the records of all registrations say, to the day, that they are
    later than a start that took place; else unclear. `first` is the registration that decides: the
    earliest. `start_date` is the start as the record prints it; `dates` are those of all
    registrations.
    """

    verdict: RegistrationVerdict
    first: RegistrationDate | None
    start_date: str | None
    dates: tuple[RegistrationDate, ...]


def registration(trial: Trial) -> Registration:
    """Tell whether a trial was registered before it started: prospectively, as the WHO asks.

    All registrations count. A late entry in one registry proves nothing where another has the
    trial from before: NCT05066646 is from September 2021 and FUMANBA-1 started in April 2020, but
    its number CTR20192510 is from 2019. What numbers imply may show that a trial was in time, never
    that it was late.

    >>> import trialink
    >>> record = trialink.Record(id="NCT05066646", start_date="2020-04-01")
    >>> alone, = trialink.link([record])
    >>> trialink.registration(alone).verdict
    'unclear'
    >>> said = trialink.statements("FUMANBA-1 (CTR20192510, NCT05066646), run in China")
    >>> both, = trialink.link([record], said)
    >>> found = trialink.registration(both)
    >>> found.verdict, str(found.first.id), found.first.latest
    ('prospective', 'CTR20192510', '2019-12-31')
    """
    records = {record.id: record for record in trial.records}
    dates = tuple(_dated(id, records.get(id)) for id in trial.ids if _is_registration(id))
    start = min((each for each in records.values() if each.start_date), key=_started, default=None)
    if start is None or start.start_date is None or not dates:
        return Registration("unclear", min(dates, key=_last, default=None), None, dates)
    begun = calendar_bounds(start.start_date)
    first = min(dates, key=_last)
    verdict: RegistrationVerdict = "unclear"
    if _last(first) <= begun[0]:
        verdict = "prospective"
    elif start.start_date_type == "ACTUAL" and all(_is_after(each, begun[1]) for each in dates):
        verdict = "registered-after-start"
    return Registration(verdict, first, start.start_date, dates)


def _is_registration(id: TrialId) -> bool:
    from trialink.registries import BY_KEY

    return id.registry in BY_KEY and BY_KEY[id.registry].kind == "registration"


def _dated(id: TrialId, record: Record | None) -> RegistrationDate:
    """Return when a number was registered: its record's word, else what the number implies."""
    submitted = record.first_submitted_date if record else None
    if submitted is None:
        return implied_date(id)
    return RegistrationDate(id, *calendar_bounds(submitted), "record")


def _started(record: Record) -> str:
    return record.start_date or ""


def _last(registered: RegistrationDate) -> str:
    return registered.latest or "9999-12-31"


def _is_after(registered: RegistrationDate, day: str) -> bool:
    return registered.basis == "record" and (registered.earliest or "") > day
