"""Who answers about identifiers: sources write requests and read replies; they open nothing."""

from __future__ import annotations

from typing import Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from trialink.flow import Flow, Reply
    from trialink.model.ids import TrialId
    from trialink.model.resolutions import Resolution
    from trialink.sources.listing import Page

    Batch = tuple[TrialId, ...]

__all__ = ["NameSource", "Source", "WholeSource", "default_sources"]


class Source(Protocol):
    """A service that answers about identifiers.

    A flow yields requests and returns what it learnt; a `SourceError` thrown into it passes
    through. Identifiers that the service says nothing about are missing from the returned
    mapping: absence from a list proves nothing.
    """

    @property
    def name(self) -> str:
        """Its key in results, as in "clinicaltrials_gov"."""

    @property
    def label(self) -> str:
        """Its name for people."""

    @property
    def origin(self) -> str:
        """The address that it asks; part of every cache key."""

    @property
    def serves(self) -> frozenset[str]:
        """The keys of the registries whose own answers it gives."""

    def batches(self, ids: Iterable[TrialId]) -> Iterator[Batch]:
        """Yield the ids in lots that `lookup` takes."""

    def lookup(self, batch: Batch) -> Flow[dict[TrialId, Resolution]]:
        """Ask for the records of ids of registries that it serves: found, moved or failed."""

    def confirm(self, id: TrialId) -> Flow[Resolution]:
        """Ask about one id alone; only this can say absent."""

    def searches(self, ids: Iterable[TrialId]) -> Iterator[Batch]:
        """Yield the ids in lots that `search` takes."""

    def search(self, batch: Batch) -> Flow[dict[TrialId, Resolution]]:
        """Look for records that name ids of other registries: cited, unsupported or failed."""

    def version(self) -> Flow[tuple[str | None, str | None]]:
        """Ask for the version of the service and the timestamp of its data."""


class NameSource(Source, Protocol):
    """A source that looks for the names of trials too.

    A name comes as an id of no registry, its number the name as printed; it is answered as a
    number of another registry is: cited by the records that bear it, unsupported or failed.
    """

    def name_searches(self, names: Iterable[TrialId]) -> Iterator[Batch]:
        """Yield the names in lots that `search_names` takes."""

    def search_names(self, batch: Batch) -> Flow[dict[TrialId, Resolution]]:
        """Look for records that bear names."""


class WholeSource(Source, Protocol):
    """A source whose records can all be read, page by page."""

    def page(self, token: str | None = None, since: date | None = None) -> Flow[Page | Reply]:
        """Ask for a page of all records, or of those updated since a day; the first without token.

        Returns the reply that refuses the token.
        """

    def count(self) -> Flow[int | None]:
        """Ask how many records there are."""


def default_sources() -> tuple[Source, ...]:
    """Return the sources that a resolver asks unless told otherwise."""
    from trialink.sources.clinicaltrials_gov import ClinicalTrialsGov

    return (ClinicalTrialsGov(),)
