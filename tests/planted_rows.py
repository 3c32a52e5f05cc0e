"""Rows and settings that somebody else has written into a database of the cache.

Planted rows name files below the test's own folder only: an unguarded reader reads and removes
them.
"""

from __future__ import annotations

import os
import pickle
import random
import sqlite3
import zlib
from contextlib import closing
from functools import cache
from pathlib import Path


@cache
def bomb(megabytes):
    """The value of a row that blows up when it is inflated."""
    stream = zlib.compressobj(1)
    zeros = bytes(2**20)
    return b"\x01" + b"".join(stream.compress(zeros) for _ in range(megabytes)) + stream.flush()


def altered(database, *statements):
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        for statement, arguments in statements:
            connection.execute(statement, arguments)


class Trap:
    """Makes a file when it is unpickled."""

    def __init__(self, canary):
        self.canary = canary

    def __reduce__(self):
        return Path.touch, (self.canary,)


def planted(database, name):
    """Write a row under the key "planted"; return the file that it names and the canary."""
    root = database.parents[2]
    canary, victim = root / "canary", root / "victim"
    trap = pickle.dumps(Trap(canary))
    victim.write_bytes(trap if name.startswith("pickle") else b"a file of the user")
    key, raw, mode, filename, value = "planted", 1, 1, None, None
    if name == "pickle in the value":
        mode, value = 4, trap
    elif name == "pickle in a file":
        mode, filename = 4, str(victim)
    elif name == "pickle as the key":
        key, raw, value = trap, 0, b"\x01" + zlib.compress(b"")
    elif name == "text as a pickled key":
        raw, value = 0, b"\x01" + zlib.compress(b"planted")
    elif name == "foreign mode":
        mode, value = 4, b"\x01" + zlib.compress(b"planted")
    elif name == "file by absolute path":
        mode, filename = 2, str(victim)
    elif name == "file by relative path":
        mode, filename = 2, str(Path("..", "..", "victim"))
    elif name == "text file":
        mode, filename = 3, str(victim)
    elif name == "plain row that names a file":
        filename, value = str(victim), b"\x01" + zlib.compress(b"planted")
    elif name == "seventy megabytes":
        value = bomb(70)
    elif name == "three hundred megabytes":
        value = bomb(300)
    elif name == "cut off":
        value = (b"\x01" + zlib.compress(os.urandom(99)))[:-5]
    elif name == "continued":
        value = b"\x01" + zlib.compress(b"planted") + b"more"
    elif name == "foreign format":
        value = b"\x02" + zlib.compress(b"planted")
    elif name == "noise":
        value = b"\x01" + random.Random(1).randbytes(99)
    elif name == "text":
        value = "\x01planted"
    elif name == "number":
        value = 1
    elif name == "empty":
        value = b""
    else:
        assert name.startswith("no")
    columns = (key, raw, mode, filename, value)
    insert = "INSERT OR REPLACE INTO Cache (key, raw, mode, filename, value) VALUES (?, ?, ?, ?, ?)"
    altered(database, (insert, columns))
    if name.startswith("no text"):
        column = name.rpartition(" ")[2]
        update = (
            f"UPDATE OR REPLACE Cache SET {column} = CAST(x'70ff' AS TEXT) WHERE key = 'planted'"
        )
        altered(database, (update, ()))
    return victim, canary


ATTACKS = (
    "pickle in the value",
    "pickle in a file",
    "pickle as the key",
    "text as a pickled key",
    "foreign mode",
    "file by absolute path",
    "file by relative path",
    "text file",
    "plain row that names a file",
    "seventy megabytes",
    "three hundred megabytes",
    "cut off",
    "continued",
    "foreign format",
    "noise",
    "text",
    "number",
    "empty",
    "nothing",
    "no text in value",
    "no text in filename",
    "no text in key",
)
