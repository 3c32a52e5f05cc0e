"""The table of all mentions: made of the parts, and read again."""

from __future__ import annotations

import json
from pathlib import Path

from trialink.corpus.pieces import PARQUET
from trialink.corpus.reading import Unreadable, require_arrow
from trialink.corpus.rows import JSON_LINES, json_rows, whole
from trialink.corpus.scanning import line_of, lines_in, written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from trialink.corpus.folder import Folder
    from trialink.corpus.pieces import Part
    from trialink.corpus.scanning import Summary

TABLES = (PARQUET, *JSON_LINES)
_NAMED = b'{"source": "'


def is_table(path: str | Path) -> bool:
    """Return whether a file is a table by its name."""
    return Path(path).suffix.lower() in TABLES


def merge(folder: Folder, summaries: dict[Part, Summary], output: Path) -> None:
    """Write the table of all parts in their order, whole or not at all."""
    whole_table = folder.path / f"merged{output.suffix}"
    with written(whole_table) as file:
        lines = _lines(folder, summaries)
        if output.suffix.lower() == PARQUET:
            from trialink.corpus.parquet import write  # loads pyarrow

            write(file, map(json.loads, lines))
        else:
            file.writelines(lines)
    whole_table.replace(output)


def places(summaries: dict[Part, Summary]) -> Iterator[tuple[Part, str, int]]:
    """Yield each part with the file of its rows without a name, and how many stood before them."""
    before: dict[str, int] = {}
    for part in sorted(summaries):
        name = part.pieces[0].file.name
        yield part, name, before.get(name, 0)
        before[name] = before.get(name, 0) + summaries[part].rows


def _lines(folder: Folder, summaries: dict[Part, Summary]) -> Iterator[bytes]:
    for part, name, before in places(summaries):
        for line in lines_in(folder.path / part.file_name):
            if line.startswith(_NAMED):
                yield line
            else:
                row = json.loads(line)
                yield line_of(row | {"source": f"{name}:{before + row['source']}"})


def rows(path: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table of mentions; raise `Unreadable` for what is none.

    It takes the columns `trn` and `registry`; a table that another program has made may have no
    more. Its `statements` are a list in any case.
    """
    if not is_table(path):
        raise Unreadable(f"a table of mentions is a {', '.join(TABLES)} file")
    for number, row in enumerate(_read(path), 1):
        for column in ("trn", "registry"):
            if not isinstance(row.get(column), str):
                raise Unreadable(
                    f"row {number} has no `{column}`, as each row of a table of mentions has; "
                    "leave out those without a number"
                )
        yield row | {"statements": _statements(row.get("statements"), number)}


def _statements(said: Any, number: int) -> list[dict[str, Any]]:
    """Return the statements of a row, which another program may have turned into JSON."""
    try:
        forms = json.loads(said) if said and isinstance(said, str) else said
    except ValueError:
        forms = said
    if forms and not (isinstance(forms, list) and all(isinstance(each, dict) for each in forms)):
        raise Unreadable(f"row {number} has `statements` that scan has not written")
    return forms or []


def _read(path: str) -> Iterable[dict[str, Any]]:
    if Path(path).suffix.lower() == PARQUET:
        require_arrow()
        from trialink.corpus.parquet import rows as parquet_rows  # loads pyarrow

        yield from parquet_rows(path)
        return
    with Path(path).open("rb") as file:
        yield from map(whole, json_rows(file))
