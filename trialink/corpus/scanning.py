"""A part of a corpus in, a file of its mentions out."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from trialink.corpus.documents import Document, Told, Trouble, read
from trialink.finding import find, mention_row
from trialink.rendering.plain_json import dumped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO, Any

    from trialink.corpus.pieces import Part, Piece, Settings
    from trialink.finding import Mentions


class Summary(NamedTuple):
    """What a part came to: how many of each, and what could not be read, with the cause.

    `rows` counts what the source of a row that has no name is counted in.
    """

    documents: int = 0
    rows: int = 0
    mentions: int = 0
    troubles: tuple[tuple[str | int, str], ...] = ()


def scan_part(part: Part, settings: Settings, folder: Path) -> Summary:
    """Write the mentions of a part to its file, all of it or nothing, and the summary behind them.

    A line is a row of mentions as JSON; the last one is the summary, with a checksum of the others.
    """
    documents = rows = mentions = check = 0
    troubles: list[tuple[str | int, str]] = []
    with written(folder / part.file_name) as file:
        for piece in part.pieces:
            told = Told(piece.file.name)
            for each in read(piece, settings, sparse=settings.registries is None):
                rows += 1
                if isinstance(each, Trouble):
                    troubles += [each] if told.tells(each) else []
                    continue
                documents += 1
                for row in _mentioned(each, piece, settings):
                    mentions += 1
                    line = line_of(row)
                    check = crc32(line, check)
                    file.write(line)
            troubles += told.rest
        summary = Summary(documents, rows, mentions, tuple(troubles))
        file.write(line_of({**summary._asdict(), "check": check}))
    return summary


@contextmanager
def written(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that is there, whole and on the disk, only when all of it has been written."""
    begun = path.with_name(f"{path.name}.{os.getpid()}{UNFINISHED}")
    try:
        with begun.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        begun.replace(path)
    finally:
        begun.unlink(missing_ok=True)


UNFINISHED = ".unfinished"


def line_of(form: dict[str, Any]) -> bytes:
    """Return a line of JSON; what was no UTF-8 in a name stands as its escape."""
    return f"{dumped(form)}\n".encode("utf-8", "backslashreplace")


def _mentioned(document: Document, piece: Piece, settings: Settings) -> Iterator[dict[str, Any]]:
    """Yield a row for each mention of a document; the first one of a text has its statements."""
    for index, (section, text) in enumerate(document.sections):
        mentions = find(text, registries=settings.registries)
        said = _statements(text, mentions)
        for mention in mentions:
            yield {
                **mention_row(mention, None),
                "source": document.source,
                "section": section,
                "section_index": index,
                "file": piece.file.name,
                "statements": said,
            }
            said = []


def _statements(text: str, mentions: Mentions) -> list[dict[str, Any]]:
    """Return what a text says of its numbers, which takes two registries."""
    if len({mention.id.registry for mention in mentions}) < 2:
        return []
    from trialink.linking import statements  # loads what few texts need

    return [link.to_dict() for link in statements(text, mentions)]


def summary_in(path: Path) -> Summary | None:
    """Return the summary of a part that is done, None where that is not whole."""
    try:
        with path.open("rb") as file:
            check, last = 0, b""
            for line in file:
                check, last = crc32(last, check), line
        form = json.loads(last)
        if form.pop("check") != check:
            return None
        told = tuple((source, cause) for source, cause in form.pop("troubles"))
        return Summary(**form, troubles=told)
    except (OSError, ValueError, TypeError, LookupError):
        return None


def lines_in(path: Path) -> Iterator[bytes]:
    """Yield the lines of a part that is done, without its summary."""
    with path.open("rb") as file:
        before = file.readline()
        for line in file:
            yield before
            before = line
