"""Files in, their documents out: one after the other, whatever the size of a file."""

from __future__ import annotations

import csv
import gzip
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, cast

from trialink.corpus.pieces import PARQUET, TEXT, XML, File, Piece, Settings, found_in
from trialink.corpus.reading import Unreadable, cause_of
from trialink.corpus.rows import (
    DELIMITERS,
    JSON_LINES,
    as_name,
    as_text,
    csv_rows,
    json_rows,
    name_in,
    text_in,
    whole,
)
from trialink.corpus.xml_articles import articles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import IO

    from trialink.corpus.rows import Row

_LONGEST = 1 << 29  # bytes of a text or a line
_MOST_TOLD = 3  # bad rows of a file that are told one by one


class Document(NamedTuple):
    """The texts of a document, each with the name of its section, None where it has none.

    `source` names the document; it is a number where that is the row's in its piece of a file.
    """

    source: str | int
    sections: Sequence[tuple[str | None, str]]


class Trouble(NamedTuple):
    """What could not be read, and why; `source` as that of a document."""

    source: str | int
    cause: str


class Told:
    """Which troubles of a file are told one by one: its own, and those of its first bad rows."""

    def __init__(self, file: str) -> None:
        self._file, self._bad = file, 0

    def tells(self, trouble: Trouble) -> bool:
        """Return whether a trouble is to be told; the others are counted."""
        self._bad += trouble.source != self._file
        return trouble.source == self._file or self._bad <= _MOST_TOLD

    @property
    def rest(self) -> tuple[Trouble, ...]:
        """What tells of those that were counted only; empty without any."""
        more = self._bad - _MOST_TOLD
        return (Trouble(self._file, f"{more} more rows like these"),) if more > 0 else ()


def documents(
    path: str, *, text: str | Sequence[str] = (), id: str | None = None
) -> Iterator[Document]:
    """Yield the documents of a file as `trialink scan` reads it, with the texts of each.

    With the `source` and the `section_index` of a row of mentions one finds its text again.
    `text` and `id` are columns, as on the command line. Raises `ValueError` at the end of what can
    be read, where that is not all.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "a.jsonl")
    ...     _ = path.write_text('{"id": 7, "abstract": "see NCT05066646"}')
    ...     for source, sections in documents(str(path), text="abstract", id="id"):
    ...         print(source, sections)
    7 [('abstract', 'see NCT05066646')]
    """
    found = found_in([path], without=Path(path))
    columns = (text,) if isinstance(text, str) else tuple(text)
    troubles = [Trouble(*each) for each in found.troubles]
    for file in found.files:
        for each in read(Piece(file), Settings(columns, id)):
            if isinstance(each, Document):
                yield each
            else:
                troubles.append(each)
    if troubles:
        raise Unreadable("; ".join(f"cannot read {name}: {cause}" for name, cause in troubles))


def read(piece: Piece, settings: Settings, *, sparse: bool = False) -> Iterator[Document | Trouble]:
    """Yield the documents of a piece, and what of it cannot be read.

    `sparse` may leave texts empty in which nothing is to be found.
    """
    try:
        if piece.file.kind == PARQUET:
            yield from _parquet(piece, settings, sparse=sparse)
        else:
            yield from _READERS[piece.file.kind](piece, settings)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        yield Trouble(piece.file.name, f"damaged gzip: {str(error).lower()}")
    except (OSError, UnicodeDecodeError, Unreadable, csv.Error) as error:
        yield Trouble(piece.file.name, cause_of(error))


@contextmanager
def _opened(file: File) -> Iterator[IO[bytes]]:
    with open(file.path, "rb") as raw:  # noqa: PTH123, a path may be any bytes
        if not file.is_packed:
            yield raw
            return
        with gzip.GzipFile(fileobj=raw) as unpacked:
            yield cast("IO[bytes]", unpacked)


def _text(piece: Piece, _: Settings) -> Iterator[Document]:
    with _opened(piece.file) as file:
        content = file.read(_LONGEST + 1)
    if len(content) > _LONGEST:
        raise Unreadable(f"one text of more than {_LONGEST} bytes; make it several, or rows")
    yield Document(piece.file.name, [(None, content.decode("utf-8"))])


def _xml(piece: Piece, _: Settings) -> Iterator[Document]:
    with _opened(piece.file) as file:
        for place, article in enumerate(articles(file), 1):
            yield Document(article.number or f"{piece.file.name}:{place}", article.sections())


def _csv(piece: Piece, settings: Settings) -> Iterator[Document | Trouble]:
    columns = [*settings.columns, *([settings.id] if settings.id is not None else [])]
    with _opened(piece.file) as file:
        rows = csv_rows(file, DELIMITERS[piece.file.kind], columns)
        yield from _of_rows(piece, rows, settings)


def _json(piece: Piece, settings: Settings) -> Iterator[Document | Trouble]:
    with _opened(piece.file) as file:
        yield from _of_rows(piece, json_rows(_lines(file, piece)), settings)


def _lines(file: IO[bytes], piece: Piece) -> Iterator[bytes]:
    """Yield the lines that begin in a piece."""
    place = piece.begin
    if place:
        file.seek(place - 1)
        place += len(file.readline(-1 if piece.end is None else piece.end - place + 1)) - 1
    while (piece.end is None or place < piece.end) and (line := file.readline(_LONGEST)):
        if len(line) == _LONGEST:
            raise Unreadable(f"a line of more than {_LONGEST} bytes")
        place += len(line)
        yield line


def _of_rows(
    piece: Piece, rows: Iterable[Row | Unreadable], settings: Settings
) -> Iterator[Document | Trouble]:
    for number, row in enumerate(rows, 1):
        place = number if piece.begin else f"{piece.file.name}:{number}"
        try:
            given = whole(row)
            sections = [(column, text_in(given, column)) for column in settings.columns]
            yield Document(name_in(given, settings.id) or place, sections)
        except Unreadable as error:
            yield Trouble(place, str(error))


def _parquet(piece: Piece, settings: Settings, *, sparse: bool) -> Iterator[Document | Trouble]:
    from trialink.corpus.parquet import texts  # loads pyarrow

    for id, number, given in texts(piece, settings, sparse=sparse):
        place = f"{piece.file.name}:{number}"
        try:
            sections = [(column, as_text(value, column)) for column, value in given]
            yield Document(as_name(id) or place, sections)
        except Unreadable as error:
            yield Trouble(place, str(error))


_READERS: dict[str, Callable[[Piece, Settings], Iterator[Document | Trouble]]] = {
    TEXT: _text,
    XML: _xml,
    **dict.fromkeys(JSON_LINES, _json),
    **dict.fromkeys(DELIMITERS, _csv),
}
