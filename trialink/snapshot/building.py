"""How a snapshot is made and brought up to date, as flows of requests to a source.

The registry may change while it is read. So a reading is of the data that were served when it
began, and what has changed since then is read again, until nothing has; how many studies there are
is asked in the end.
"""

from __future__ import annotations

import logging

from trialink.errors import SourceError
from trialink.flow import Reply, drive
from trialink.snapshot.draft import Draft
from trialink.snapshot.table import Snapshot
from trialink.sources.listing import refusal, unexpected

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from trialink.flow import Flow, Request
    from trialink.snapshot.info import SnapshotInfo
    from trialink.sources import WholeSource
    from trialink.sources.listing import Page

    Send = Callable[[Request], Reply]
    Progress = Callable[[int, int], object]

_LOG = logging.getLogger("trialink")
_ROUNDS = 3  # of reading what has changed, in case it changes while it is read
_FULL, _SPARE = 100, 10  # studies of a page, at least, and pages beyond: more are no answer
_MOST = 10_000_000  # studies, where nobody says how many


def build(
    path: Path, source: WholeSource, send: Send, *, realm: str, progress: Progress | None = None
) -> SnapshotInfo:
    """Read everything into a new file at `path`, going on where an earlier reading broke off."""
    with Draft.of_everything(path, realm) as draft:
        drive(_everything(draft, source, progress or _silent), send)
        return drive(_settled(draft, source, progress or _silent, is_read=True), send)


def update(
    path: Path, source: WholeSource, send: Send, *, realm: str, progress: Progress | None = None
) -> SnapshotInfo:
    """Read into the snapshot at `path` what has changed since it was made.

    It is left as it is where the registry says that its data are the same.
    """
    with Snapshot(path) as snapshot:
        known = snapshot.info
    if known.data_timestamp and drive(_version(source), send)[1] == known.data_timestamp:
        return known
    with Draft.of_changes(path, realm) as draft:
        return drive(_settled(draft, source, progress or _silent, is_read=False), send)


def _everything(draft: Draft, source: WholeSource, progress: Progress) -> Flow[None]:
    """Read all pages that are not read yet."""
    tokens: set[str] = set()
    if draft.facts["pages"]:
        _LOG.info("%s: %d studies were read before", draft.file, draft.facts["studies"])
    while not draft.facts["is_read"]:
        if not draft.facts["pages"]:
            yield from _dated(draft, source)
        page = yield from source.page(draft.facts["token"])
        if isinstance(page, Reply):
            if draft.facts["token"] is None or tokens:
                raise unexpected(refusal(page))
            _LOG.warning("%s: the next page is %s; begun anew", draft.file, refusal(page))
            draft.begin()  # the token was of another day
            continue
        if _is_endless(page, tokens, draft.facts["pages"], draft.facts["total"]):
            draft.begin()  # who knows what was left out
            raise unexpected("a list whose pages have no end")
        total = page.total if draft.facts["total"] is None else draft.facts["total"]
        draft.add(
            page,
            token=page.token,
            is_read=int(page.token is None),
            pages=draft.facts["pages"] + 1,
            total=total,
        )
        progress(draft.facts["studies"], total or draft.facts["studies"])


def _settled(
    draft: Draft, source: WholeSource, progress: Progress, *, is_read: bool
) -> Flow[SnapshotInfo]:
    """Read what has changed until nothing has, count, and let the file take its place."""
    for _ in range(_ROUNDS):
        known = draft.facts["data_timestamp"]
        version, timestamp = yield from _version(source)
        if timestamp == known if timestamp else is_read:
            break
        yield from _changes(draft, source, draft.since, progress)
        draft.note(api_version=version, data_timestamp=timestamp or known)
        is_read = True
    total = yield from source.count()
    return draft.finish(total)


def _changes(
    draft: Draft, source: WholeSource, since: date | None, progress: Progress
) -> Flow[None]:
    """Read all that was updated since a day."""
    tokens: set[str] = set()
    token: str | None = None
    pages = done = total = 0
    while not pages or token is not None:
        page = yield from source.page(token, since)
        if isinstance(page, Reply):
            raise unexpected(refusal(page))
        total = total or page.total or 0
        if _is_endless(page, tokens, pages, total):
            raise unexpected("a list whose pages have no end")
        draft.add(page)
        token, pages, done = page.token, pages + 1, done + len(page.studies)
        progress(done, max(total, done))


def _is_endless(page: Page, tokens: set[str], pages: int, total: int | None) -> bool:
    """Return whether a page leads back to another, or to more pages than there can be."""
    if page.token is None:
        return False
    seen = page.token in tokens
    tokens.add(page.token)
    return seen or pages > (total or _MOST) // _FULL + _SPARE


def _dated(draft: Draft, source: WholeSource) -> Flow[None]:
    version, timestamp = yield from _version(source)
    draft.note(api_version=version, data_timestamp=timestamp)


def _version(source: WholeSource) -> Flow[tuple[str | None, str | None]]:
    """Ask of when the data are; whether the source can be asked at all, the pages tell."""
    try:
        return (yield from source.version())
    except SourceError:
        return None, None


def _silent(_: int, __: int) -> None:
    """Tell nobody."""
