"""Texts from files, from standard input, and from the rows of tables; read one by one."""

from __future__ import annotations

import sys
from pathlib import Path

from trialink.corpus.reading import as_typed, cause_of
from trialink.corpus.rows import ROW_KINDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator


class Inputs:
    """The texts that a command reads, with the name of each, once.

    What cannot be read is told on standard error and counted in `unreadable`; the rest is read.
    """

    def __init__(self, options: argparse.Namespace) -> None:
        self.paths = options.inputs or ["-"]
        self.text, self.id = (each and as_typed(each) for each in (options.text, options.id))
        self.unreadable = 0
        if self.id is not None and self.text is None:
            options.usage_error("--id names the rows that --text reads: give both")
        for path in self.paths if self.text is not None else ():
            if Path(path).suffix.lower() not in ROW_KINDS:
                wrong = "standard input" if path == "-" else path
                options.usage_error(f"--text reads {', '.join(ROW_KINDS)} files, not {wrong}")

    @property
    def several(self) -> bool:
        """Whether more than one text is to be expected."""
        return len(self.paths) > 1 or self.text is not None

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for path in self.paths:
            name = as_typed(path)
            if self.text is not None:
                yield from self._rows(path, name, self.text)
                continue
            try:
                yield name, _content(path)
            except (OSError, UnicodeDecodeError) as error:
                self._tell(name, cause_of(error))

    def _rows(self, path: str, name: str, column: str) -> Iterator[tuple[str, str]]:
        """Yield name and text of each row; a bad row is told and the others are read."""
        from trialink.corpus.documents import Document, Told, read  # for texts: start-up cost
        from trialink.corpus.pieces import File, Piece, Settings

        told = Told(name)
        file = File(path, name, Path(path).suffix.lower(), is_packed=False)
        for each in read(Piece(file), Settings((column,), self.id)):
            if isinstance(each, Document):
                ((_, text),) = each.sections
                yield str(each.source), text
            elif told.tells(each):
                self._tell(str(each.source), each.cause)
        for trouble in told.rest:
            self._tell(name, trouble.cause)

    def _tell(self, name: str, cause: str) -> None:
        self.unreadable += 1
        print(f"trialink: cannot read {name}: {cause}", file=sys.stderr)


def _content(path: str) -> str:
    """Return a whole file as text; newlines and a byte order mark stay as they are."""
    if path != "-":
        return Path(path).read_bytes().decode("utf-8")
    if sys.stdin is None:
        raise OSError("standard input is closed")
    return sys.stdin.buffer.read().decode("utf-8")
