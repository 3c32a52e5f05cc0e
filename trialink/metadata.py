"""What the metadata of a document say of its trials: plain JSON of bounded size."""

from __future__ import annotations

from itertools import islice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from trialink.linked_text import LinkedText

_NAMES = ("ids", "keys", "ids_total", "problems", "unresolved")


def with_trials(
    metadata: Mapping[str, Any],
    document: LinkedText,
    *,
    limit: int,
    prefix: str,
    is_asked: bool,
) -> dict[str, Any]:
    """Return a document's metadata with its trials, in place of what they said of these before.

    Adds under `prefix`: `ids`, the first `limit` distinct numbers, `keys` of their trials,
    `ids_total`, how many numbers there are, and `problems`, distinct codes; where registries are
    asked, `unresolved` too: the first `limit` numbers for which that failed.

    >>> import trialink
    >>> document = trialink.Linker(None).read("NCT05066646 and NCT05181501")
    >>> metadata = with_trials({"page": 7}, document, limit=1, prefix="trial_", is_asked=False)
    >>> metadata["page"], metadata["trial_ids"], metadata["trial_ids_total"]
    (7, ['NCT05066646'], 2)
    """
    ids = document.mentions.ids()
    key_of = {id: trial.key for trial in document.trials for id in trial.ids}
    failed = (str(id) for id in ids if document.resolutions[id].outcome == "failed")
    said = {
        "ids": [str(id) for id in ids[:limit]],
        "keys": [*dict.fromkeys(key_of[id] for id in ids[:limit])],
        "ids_total": len(ids),
        "problems": [*dict.fromkeys(problem.code for problem in document.problems)],
    }
    if is_asked:
        said["unresolved"] = [*islice(failed, limit)]
    own = {f"{prefix}{name}" for name in _NAMES}
    kept = {name: value for name, value in metadata.items() if name not in own}
    return kept | {f"{prefix}{name}": value for name, value in said.items()}
