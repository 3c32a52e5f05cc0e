"""`trialink cache`."""

from __future__ import annotations

import sys
from pathlib import Path

from trialink.cache import DiskStore, default_directory
from trialink.rendering.sentences import count

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from trialink.cache_upkeep import BadRow, Inspection

_DAY = 24 * 60 * 60  # seconds
_MOST = 20  # damaged rows that are told one by one


def run_cache(options: argparse.Namespace) -> int:
    """Print where the cache is, say what it holds and whether it is sound, or make it smaller."""
    limited = options.older_than is not None or options.max_bytes is not None
    if limited != (options.action == "prune"):
        options.usage_error("prune, and nothing else, takes --older-than or --max-bytes or both")
    directory = directory_of(options)
    if options.action == "path":
        print(directory)
        return 0
    store = DiskStore(directory, create=False)
    if options.action == "clear" and store.database.exists():
        store = DiskStore(directory)  # which begins afresh where it finds a damaged one
    try:
        return _ACTIONS[options.action](store, options)
    finally:
        store.close()


def directory_of(options: argparse.Namespace) -> Path:
    """Return the directory of the cache for the options of a command."""
    try:
        return Path(options.cache_dir) if options.cache_dir else default_directory()
    except ImportError as error:
        options.usage_error(f"{error}; name the cache by --cache-dir or TRIALINK_CACHE_DIR")
        raise


def _info(store: DiskStore, _: argparse.Namespace) -> int:
    for name, value in store.info().items():
        print(f"{name:8} {'-' if value is None else value}")
    return 0


def _clear(store: DiskStore, _: argparse.Namespace) -> int:
    removed = store.clear()
    return _troubled(store) or _say(f"{count(removed, 'answer')} removed")


def _prune(store: DiskStore, options: argparse.Namespace) -> int:
    age = None if options.older_than is None else options.older_than * _DAY
    removed = store.prune(older_than=age, max_bytes=options.max_bytes)
    if removed.files:
        print(f"{count(removed.files, 'file')} removed that had been set aside as damaged")
    if _troubled(store):
        return 1
    kept = count(len(list(store.keys())), "answer")
    given_back = count(removed.bytes, "byte")
    return _say(f"{count(removed.entries, 'answer')} removed, {given_back} given back; {kept} kept")


def _verify(store: DiskStore, _: argparse.Namespace) -> int:
    found = store.verify()
    print(f"{count(found.entries, 'answer')} whole, {len(found.bad)} damaged")
    for row in found.bad[:_MOST]:
        print(f"  {_told(row)}")
    if len(found.bad) > _MOST:
        print(f"  and {len(found.bad) - _MOST} more")
    for name in found.set_aside:
        print(f"  {name} was set aside as damaged; prune --max-bytes removes it")
    for line in _advice(found):
        print(f"trialink: cache {store.path}: {line}", file=sys.stderr)
    return 0 if found.sound else 1


def _told(row: BadRow) -> str:
    return f"{row.key or f'row {row.row}'}: {row.cause}"


def _advice(found: Inspection) -> list[str]:
    told = []
    if found.trouble:
        told.append(
            f"{found.trouble}; the next look-up sets a damaged database aside and begins afresh, "
            "and does without one that it must not use"
        )
    if found.bad:
        told.append(
            "damaged answers count as missing and are replaced when their numbers are asked about; "
            "`trialink cache clear` removes them with all others"
        )
    return told


def _troubled(store: DiskStore) -> int:
    if store.trouble:
        print(f"trialink: cache {store.path}: {store.trouble}", file=sys.stderr)
        return 1
    return 0


def _say(line: str) -> int:
    print(line)
    return 0


_ACTIONS = {"info": _info, "clear": _clear, "verify": _verify, "prune": _prune}
