"""Recordings, a server on this machine, and faults: for this package's tests, its docs, and yours.

replay(directory)              answers from recordings
LoopbackServer(answers, ...)   the same over HTTP on 127.0.0.1, with faults
FaultyTransport(answers, ...)  the same without a socket, in the time of a `VirtualClock`
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from trialink.replay import Recordings, ReplayTransport, replay
    from trialink.testing.clock import VirtualClock
    from trialink.testing.faults import FAULTS, FLAKY, Asked, Fault, Plan
    from trialink.testing.faulty import FaultyTransport
    from trialink.testing.server import LoopbackServer, synthetic_studies

# Where each name lives; modules are loaded when a name is first used (PEP 562).
_HOMES = {
    "FAULTS": "testing.faults",
    "FLAKY": "testing.faults",
    "Asked": "testing.faults",
    "Fault": "testing.faults",
    "FaultyTransport": "testing.faulty",
    "LoopbackServer": "testing.server",
    "Plan": "testing.faults",
    "Recordings": "recordings",
    "ReplayTransport": "replay",
    "VirtualClock": "testing.clock",
    "replay": "replay",
    "synthetic_studies": "testing.server",
}

__all__ = [
    "FAULTS",
    "FLAKY",
    "Asked",
    "Fault",
    "FaultyTransport",
    "LoopbackServer",
    "Plan",
    "Recordings",
    "ReplayTransport",
    "VirtualClock",
    "replay",
    "synthetic_studies",
]


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"trialink.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
