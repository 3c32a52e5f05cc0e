"""The sentences in which results are told to people."""

from __future__ import annotations

from trialink.model.shown import shown
from trialink.registries import BY_KEY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trialink.linked_text import LinkedText
    from trialink.model.links import Link, Provenance
    from trialink.model.resolutions import Resolution
    from trialink.sources.record import Record


def count(number: int, noun: str) -> str:
    """Return a number with its noun in the right form: "1 trial", "2 trials"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def source_label(source: str | None) -> str:
    """Return the name under which a source is known to people."""
    return BY_KEY["nct"].label if source == "clinicaltrials_gov" else (source or "no source")


def link_sentence(link: Link) -> str:
    """Return what a link rests on, as it follows after "A = B: "."""
    sentence = link.explanation.replace(f" gives {link.left} and {link.right} ", " gives both ", 1)
    begins_with_word = sentence[1:2].islower()  # and not with a number, which keeps its capitals
    return shown(sentence[:1].lower() + sentence[1:] if begins_with_word else sentence)


def resolution_sentence(resolution: Resolution) -> str:
    """Return the whole answer for one identifier, in one line."""
    label = source_label(resolution.source)
    record = resolution.record
    if resolution.outcome not in ("found", "moved") or record is None:
        return shown(f"{resolution.id}: {_without_record(resolution, label)}")
    answer = f"obsolete number, now {record.id}" if resolution.outcome == "moved" else "found"
    facts = (status_phrase(record), record.data_date and f"data of {record.data_date}")
    told = ", ".join(filter(None, (f"{answer} at {label}", *facts)))
    return shown(f"{resolution.id}: {told}{_origin_phrase(resolution)}")


def _without_record(resolution: Resolution, label: str) -> str:
    if resolution.outcome == "cited":
        return f"this registry cannot be asked; {_naming(resolution)}{_origin_phrase(resolution)}"
    if resolution.outcome == "unsupported":
        told = _origin_phrase(resolution) if resolution.origin == "snapshot" else ""
        return f"this registry cannot be asked; no {label} record names it{told}"
    if resolution.outcome == "absent":
        return f"no such record at {label}{_origin_phrase(resolution)}"
    return f"not asked ({resolution.reason})" if resolution.reason else "not asked"


def _naming(resolution: Resolution) -> str:
    return f"named by {', '.join(str(record.id) for record in resolution.records)}"


def _origin_phrase(resolution: Resolution) -> str:
    told = _ORIGINS.get(resolution.origin or "", "")
    return f"{told}, stale" if resolution.stale else told


_ORIGINS = {
    "assembled": ", assembled recording",
    "recorded": ", recording",
    "snapshot": ", snapshot",
}


def resolution_cell(resolution: Resolution, *, reason_told: bool = False) -> str:
    """Return the answer for one identifier as it stands in a TRIAL block."""
    record, url, outcome = resolution.record, resolution.id.url, resolution.outcome
    if outcome == "found":
        live = resolution.origin in (None, "live", "cache")
        found = "found" if live else f"found ({resolution.origin})"
        return f"{found}  {url}" if url else found
    if outcome == "moved" and record:
        return f"obsolete number, now {record.id}  {record.id.url}"
    if outcome == "cited":
        return _naming(resolution)
    if outcome == "absent":
        return "no such record"
    if outcome == "unsupported":
        return f"cannot be asked; no {source_label(resolution.source)} record names it"
    if reason_told or resolution.reason in (None, "offline"):
        return "not asked"
    return f"not asked: {shown(resolution.reason)}"


def status_phrase(record: Record) -> str | None:
    """Return the recruitment status, with the last known one where it is unknown now."""
    if record.overall_status is None:
        return None
    last = f" (last known {record.last_known_status})" if record.last_known_status else ""
    return f"{record.overall_status}{last}"


def data_phrase(provenance: Provenance) -> str:
    """Return whose data, of which date or dates."""
    dates = sorted(provenance.data_dates)
    span = dates[0] if len(set(dates)) == 1 else f"{dates[0]} to {dates[-1]}"
    return f"{source_label(provenance.source)} data of {span}"


def counted(document: LinkedText) -> str:
    """Return how many mentions, trials and problems a document has."""
    return counts_phrase(len(document.mentions), len(document.trials), len(document.problems))


def counts_phrase(mentions: int, trials: int, problems: int) -> str:
    """Return three counts with their nouns."""
    parts = (count(mentions, "mention"), count(trials, "trial"), count(problems, "problem"))
    return ", ".join(parts)


def closing_line(counts: str, provenance: Provenance) -> str:
    """Return the line that closes every account of linked documents."""
    versions = f"trialink {provenance.trialink}, rules {provenance.rules}"
    return f"{counts}. {_asked_phrase(provenance)}. {versions}."


def _asked_phrase(provenance: Provenance) -> str:
    if not provenance.origins:
        return "No registry was asked"
    assembled = "assembled" in provenance.origins
    notice = " (ASSEMBLED recording, not an answer of the registry)" if assembled else ""
    if not provenance.data_dates:
        label = source_label(provenance.source)
        if {*provenance.origins} == {"snapshot"}:
            return f"A snapshot of {label} was searched"
        return f"{label} was asked{notice}"
    return f"{data_phrase(provenance)}{notice}"
