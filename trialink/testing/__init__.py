"""Recordings and a server on this machine: for this package's tests, its docs, and yours."""

from __future__ import annotations

from trialink.replay import Recordings, ReplayTransport, replay

__all__ = ["Recordings", "ReplayTransport", "replay"]
