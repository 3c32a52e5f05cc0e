"""LangChain documents in, the same documents with their trials in the metadata out."""

from __future__ import annotations

from functools import partial

from langchain_core.documents import BaseDocumentTransformer, Document

from trialink.linker import Linker
from trialink.metadata import with_trials

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any


class TrialLinkTransformer(BaseDocumentTransformer):  # type: ignore[misc]
    """Adds the trials of each document's text to its metadata, as plain JSON.

    Writes `trial_ids` (the first `limit` distinct numbers), `trial_keys` (of their trials),
    `trial_ids_total` (how many numbers there are) and `trial_problems` (distinct codes) in place of
    what stood under these names; `prefix` renames them. Nothing is looked up unless there is a
    `linker`: then `trial_unresolved` lists numbers for which that failed, which is no exception.
    Documents are copied, texts never changed. `atransform_documents` works in a thread.

    Raises `TypeError` for settings of another type, `ValueError` for a `limit` below 0.

    >>> from langchain_core.documents import Document
    >>> document = Document("FUMANBA-1 (CTR20192510, NCT05066646) in China", metadata={"page": 7})
    >>> transformed, = TrialLinkTransformer().transform_documents([document])
    >>> transformed.metadata["trial_ids"], transformed.metadata["trial_keys"]
    (['CTR20192510', 'NCT05066646'], ['NCT05066646'])
    """

    def __init__(
        self, linker: Linker | None = None, *, limit: int = 100, prefix: str = "trial_"
    ) -> None:
        if not isinstance(linker, (Linker, type(None))):
            raise TypeError(f"linker= takes a Linker or None, not {type(linker).__name__}")
        if not (isinstance(limit, int) and isinstance(prefix, str)):
            raise TypeError("limit= takes an int, and prefix= a str")
        if limit < 0:
            raise ValueError(f"limit= takes 0 or more, not {limit}")
        self.linker = Linker(None) if linker is None else linker
        self.limit, self.prefix = limit, prefix

    def transform_documents(
        self, documents: Sequence[Document], **kwargs: Any
    ) -> Sequence[Document]:
        """Return a copy of each document, in order, with its trials in the metadata.

        Raises `TypeError` for what is no list, or other iterable, of documents.
        """
        documents = _documents(documents)
        add = partial(
            with_trials,
            limit=self.limit,
            prefix=self.prefix,
            is_asked=self.linker.resolver is not None,
        )
        read = self.linker.read_many(each.page_content for each in documents)
        return [
            document.model_copy(update={"metadata": add(document.metadata, linked)})
            for document, linked in zip(documents, read, strict=True)
        ]


def _documents(documents: Iterable[Document]) -> list[Document]:
    takes = "transform_documents() takes a list of Documents"
    if isinstance(documents, (str, Document)):
        raise TypeError(f"{takes}, not one {type(documents).__name__}")
    several = [*documents]
    for each in several:
        if not isinstance(each, Document):
            raise TypeError(f"{takes}; in this one is {type(each).__name__}")
    return several
