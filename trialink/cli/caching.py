"""`trialink cache`."""

from __future__ import annotations

import sys
from pathlib import Path

from trialink.cache import DiskStore, default_directory
from trialink.rendering.sentences import count

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse


def run_cache(options: argparse.Namespace) -> int:
    """Print where the cache is, say what it holds, or empty it."""
    directory = Path(options.cache_dir) if options.cache_dir else default_directory()
    if options.action == "path":
        print(directory)
        return 0
    store = DiskStore(directory, create=False)
    try:
        if options.action == "clear":
            removed = store.clear()
            if store.trouble:
                print(f"trialink: cache {store.path}: {store.trouble}", file=sys.stderr)
                return 1
            print(f"{count(removed, 'answer')} removed")
        else:
            for name, value in store.info().items():
                print(f"{name:8} {'-' if value is None else value}")
    finally:
        store.close()
    return 0
