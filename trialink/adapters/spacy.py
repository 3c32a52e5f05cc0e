"""A spaCy component, which spaCy finds by the entry point `trialink` of `spacy_factories`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

from spacy.language import Language
from spacy.tokens import Doc, SpanGroup
from spacy.util import filter_spans

from trialink.adapters.spacy_extensions import EXTENSIONS, set_extensions
from trialink.finding import find


@Language.factory("trialink", assigns=["doc.spans", "doc.ents", *EXTENSIONS])  # type: ignore[untyped-decorator]
def make_trialink(
    nlp: Language,
    name: str,
    spans_key: str = "trialink",
    label: str = "TRIAL_ID",
    set_ents: bool = False,
    registries: list[str] | None = None,
    alignment_mode: Literal["strict", "contract", "expand"] = "expand",
) -> Callable[[Doc], Doc]:
    """Return the component that puts trial identifiers into `doc.spans`; it asks nobody.

    The arguments are its settings in a pipeline's config. A span has the number as `kb_id_`, the
    registry's key as `id_`; the `attrs["mentions"]` of its group are the mentions as plain JSON,
    one a span, with exact offsets. `set_ents` adds entities where there are none yet. Raises
    `ValueError` for an unknown registry, and where an extension has another owner.

    >>> import spacy
    >>> nlp = spacy.blank("en")
    >>> component = nlp.add_pipe("trialink")
    >>> doc = nlp("registered as NCT05066646.")
    >>> [(span.text, span._.trial_id, span._.registry) for span in doc.spans["trialink"]]
    [('NCT05066646', 'NCT05066646', 'nct')]
    """
    set_extensions()
    find("", registries=registries)  # an unknown one is told now, not with the first text
    align = {"label": label, "alignment_mode": alignment_mode}
    return partial(_marked, key=spans_key, set_ents=set_ents, registries=registries, align=align)


def _marked(
    doc: Doc, *, key: str, set_ents: bool, registries: list[str] | None, align: dict[str, str]
) -> Doc:
    spans, mentions = [], []
    for each in find(doc.text, registries=registries):
        ids = {"kb_id": each.id.number, "span_id": each.id.registry}
        span = doc.char_span(each.start, each.end, **ids, **align)
        if span is not None:  # as it is where tokens are cut otherwise and not expanded
            spans.append(span)
            mentions.append(each.to_dict())
    doc.spans[key] = SpanGroup(doc, name=key, attrs={"mentions": mentions}, spans=spans)
    if set_ents:
        free = [each for each in spans if not any(token.ent_iob_ in ("B", "I") for token in each)]
        doc.set_ents(filter_spans(free), default="unmodified")
    return doc
