"""A local table of the whole registry, for exact look-ups: made, brought up to date, read."""

from __future__ import annotations

from trialink.snapshot.info import SnapshotInfo
from trialink.snapshot.table import Snapshot

__all__ = ["Snapshot", "SnapshotInfo"]
