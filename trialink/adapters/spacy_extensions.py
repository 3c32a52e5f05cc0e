"""What spaCy's spans and documents tell of trials, computed from what spaCy itself saves."""

from __future__ import annotations

from spacy.tokens import Doc, Span

from trialink.registries import BY_KEY

EXTENSIONS = ("span._.trial_id", "span._.registry", "doc._.trial_ids")


def set_extensions() -> None:
    """Set `span._.trial_id`, `span._.registry` (None for other spans) and `doc._.trial_ids`.

    The component does so itself; call it where its documents are read back without it. Raises
    `ValueError` where one of these names is set already by somebody else.
    """
    for place, getter in zip(EXTENSIONS, (_trial_id, _registry, _trial_ids), strict=True):
        kind, name = Span if place.startswith("span") else Doc, place.split(".")[-1]
        if kind.has_extension(name) and kind.get_extension(name)[2] is not getter:
            raise ValueError(f"{place} is another package's extension: remove_extension() it first")
        kind.set_extension(name, getter=getter, force=kind.has_extension(name))


def _registry(span: Span) -> str | None:
    return span.id_ if span.id_ in BY_KEY else None


def _trial_id(span: Span) -> str | None:
    return span.kb_id_ if _registry(span) else None


def _trial_ids(doc: Doc) -> list[str]:
    numbers = (_trial_id(span) for group in doc.spans.values() for span in group)
    return [*dict.fromkeys(filter(None, numbers))]
