"""Which files there are, and in which parts they are read, whatever the number of jobs."""

from __future__ import annotations

import os
import stat
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from trialink.corpus.reading import Unreadable, as_typed, cause_of
from trialink.corpus.rows import DELIMITERS, JSON_LINES, ROW_KINDS
from trialink.model.value import Value
from trialink.version import RULES_VERSION, VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

PARQUET = ".parquet"
XML = ".xml"
TEXT = ".txt"
KINDS = {  # by what a name ends with
    **dict.fromkeys((TEXT, ".md"), TEXT),
    **dict.fromkeys(JSON_LINES, JSON_LINES[0]),
    **dict.fromkeys(DELIMITERS, ""),
    PARQUET: PARQUET,
    **dict.fromkeys((XML, ".nxml"), XML),
}
PACKED = ".gz"
SIZE = 4 << 20  # bytes of a part: few enough that no process is long alone at the end
_PACKING = 4  # times as much is in a packed file, about
_MOST_FILES = 1000  # of a part


class Settings(Value):
    """What decides what is found in a file, apart from the file."""

    columns: tuple[str, ...] = ()
    id: str | None = None
    registries: tuple[str, ...] | None = None


class File(NamedTuple):
    """A file that is to be read: `name` is what people call it, `kind` a suffix of `KINDS`."""

    path: str
    name: str
    kind: str
    is_packed: bool
    size: int = 0
    changed: int = 0  # nanoseconds

    @property
    def has_rows(self) -> bool:
        """Whether its texts stand in columns."""
        return self.kind in (*ROW_KINDS, PARQUET)


class Piece(NamedTuple):
    """A file, or the part of it from `begin` to before `end`: bytes, in Parquet row groups."""

    file: File
    begin: int = 0
    end: int | None = None

    @property
    def is_split(self) -> bool:
        """Whether it is but a part of its file; such a one makes a part alone."""
        return self.end is not None


class Part(NamedTuple):
    """What is read in one go: a piece of a file, or some small files; `key` tells its content."""

    number: int
    pieces: tuple[Piece, ...]
    size: int  # bytes
    key: str

    @property
    def file_name(self) -> str:
        """The name of the file for what is found."""
        return f"{self.number:06}-{self.key}.jsonl"


class Found(Value):
    """The files of some paths, those that cannot be had, with the cause, and how many are left."""

    files: tuple[File, ...]
    troubles: tuple[tuple[str, str], ...]
    left_out: int


def found_in(paths: Iterable[str], *, without: Path) -> Found:
    """Return the files that are named, and those in the directories that are, each once.

    Directories are read whole, sorted by name; in them, files of other kinds and hidden ones are
    left out. A file that is named and of no known kind is read as text. `without` is the output.
    """
    files: dict[str, File] = {}
    troubles: list[tuple[str, str]] = []
    left_out = 0
    for path, is_named in _walked(paths, troubles):
        whole = os.path.abspath(path)  # noqa: PTH100, which keeps the links that resolve() follows
        if whole in files or (not is_named and whole == str(without)):
            continue
        kind, is_packed = _kind(path)
        if kind is None and not is_named:
            left_out += 1
            continue
        try:
            files[whole] = _file(path, kind or TEXT, is_packed)
        except (OSError, Unreadable) as error:
            troubles.append((as_typed(path), cause_of(error)))
    return Found(tuple(files.values()), tuple(troubles), left_out)


def _walked(paths: Iterable[str], troubles: list[tuple[str, str]]) -> Iterator[tuple[str, bool]]:
    """Yield each path that is no directory, and whether it was named itself."""

    def tell(error: OSError) -> None:
        troubles.append((as_typed(str(error.filename)), cause_of(error)))

    for path in paths:
        if not Path(path).is_dir():
            yield path, True
            continue
        for folder, folders, names in os.walk(path, onerror=tell):
            folders[:] = sorted(each for each in folders if not _is_unseen(each))
            for name in sorted(names):
                yield os.path.join(folder, name), False  # noqa: PTH118, as os.walk gives it


def _is_unseen(folder: str) -> bool:
    return folder.startswith(".") or folder.endswith(".parts")


def _kind(path: str) -> tuple[str | None, bool]:
    """Return the kind of a file, None where it is not known, and whether it is packed."""
    name = os.path.basename(path).lower()  # noqa: PTH119, a tenth of the time of pathlib
    is_packed = name.endswith(PACKED)
    _, dot, end = name.removesuffix(PACKED).rpartition(".")
    suffix = dot + end
    if name.startswith(".") or suffix not in KINDS or (is_packed and suffix == PARQUET):
        return None, is_packed
    return KINDS[suffix] or suffix, is_packed


def _file(path: str, kind: str, is_packed: bool) -> File:
    facts = os.stat(path)  # noqa: PTH116, a path may be any bytes
    if not stat.S_ISREG(facts.st_mode):
        raise Unreadable("no regular file")
    return File(path, as_typed(path), kind, is_packed, facts.st_size, facts.st_mtime_ns)


def planned(
    files: Iterable[File], settings: Settings, groups_of: Callable[[File], list[int]]
) -> list[Part]:
    """Return the parts of all files, in their order.

    `groups_of` gives the bytes of each row group of a Parquet file.
    """
    parts: list[Part] = []
    gathered: list[Piece] = []
    size = 0
    for piece, bytes in _pieces(files, groups_of):
        is_full = size + bytes > SIZE or len(gathered) == _MOST_FILES
        if gathered and (is_full or piece.is_split or gathered[-1].is_split):
            parts.append(_part(len(parts), gathered, size, settings))
            gathered, size = [], 0
        gathered.append(piece)
        size += bytes
    return [*parts, _part(len(parts), gathered, size, settings)] if gathered else parts


def _pieces(
    files: Iterable[File], groups_of: Callable[[File], list[int]]
) -> Iterator[tuple[Piece, int]]:
    """Yield the pieces of all files, each with its bytes; of a packed file, what it may hold."""
    for file in files:
        if file.size > SIZE and file.kind == JSON_LINES[0] and not file.is_packed:
            for begin in range(0, file.size, SIZE):
                yield Piece(file, begin, begin + SIZE), SIZE
        elif file.size > SIZE and file.kind == PARQUET:
            yield from _groups(file, groups_of(file))
        else:
            yield Piece(file), file.size * (_PACKING if file.is_packed else 1)


def _groups(file: File, sizes: list[int]) -> Iterator[tuple[Piece, int]]:
    begin = size = 0
    for group, bytes in enumerate(sizes):
        if size and size + bytes > SIZE:
            yield Piece(file, begin, group), size
            begin, size = group, 0
        size += bytes
    yield Piece(file, begin, len(sizes) or None), size or file.size


def _part(number: int, pieces: list[Piece], size: int, settings: Settings) -> Part:
    facts = repr((VERSION, RULES_VERSION, _FORM, settings, pieces))
    key = sha256(facts.encode("utf-8", "surrogatepass")).hexdigest()[:20]
    return Part(number, tuple(pieces), size, key)


_FORM = 1  # of the files of parts
