"""The answers for the distinct identifiers of many texts, as rows to join with their mentions."""

from __future__ import annotations

from trialink.linked_text import trial_columns
from trialink.linking import link

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from trialink.model.links import Link
    from trialink.model.resolutions import Resolutions

ANSWER_COLUMNS = (
    *("trn", "registry", "outcome", "trial_key", "link_kind", "brief_title", "overall_status"),
    *("lead_sponsor", "data_date", "reason"),
)


def answer_rows(resolutions: Resolutions, statements: Iterable[Link] = ()) -> list[dict[str, Any]]:
    """Return one flat row an identifier, in the order of the resolutions: what became of it.

    `trn` is the number, which a table of mentions has too; the others are the columns that
    `LinkedText.rows` has behind its first nine, without `agreement`, which needs the text, and
    with the `reason` of each outcome. `trial_key` joins what the records declare to be one trial,
    and what `statements` of the texts say.

    >>> from trialink import Resolver
    >>> from trialink.testing import replay
    >>> with Resolver(transport=replay()) as resolver:
    ...     row, = answer_rows(resolver.resolve(["NCT05066646"]))
    >>> row["trn"], row["outcome"], row["trial_key"], row["overall_status"]
    ('NCT05066646', 'found', 'NCT05066646', 'UNKNOWN')
    """
    records = {record.id: record for each in resolutions.values() for record in each.records}
    absent = [each.id for each in resolutions.values() if each.outcome == "absent"]
    trials = {
        id: trial
        for trial in link(records.values(), statements, ids=resolutions, absent=absent)
        for id in trial.ids
    }
    rows = []
    for id, resolution in resolutions.items():
        columns = trial_columns(resolution, trials[id], None)
        del columns["agreement"]
        rows.append(
            {"trn": str(id), "registry": id.registry, **columns, "reason": resolution.reason}
        )
    return rows
