"""A few rounds of what `crashes` measures: nothing is lost, torn, wrong or left over."""

from __future__ import annotations

import os
import signal

import pytest
from crashes import METHODS, faults, interrupted, killed, opened_at_once, resolved, shared, started

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # that is the test
TIMERS = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no timers here")
POSIX = pytest.mark.skipif(os.name != "posix", reason="a killed process keeps no file here")


@POSIX
def test_what_a_killed_process_had_stored_is_there_and_whole(directory):
    figures = killed(directory, 20)
    assert faults(figures) == {}
    assert figures["pages"] > 20


@TIMERS
def test_a_store_can_be_used_again_after_an_interrupt_at_any_time(directory):
    figures = interrupted(directory, 30)
    assert faults(figures) == {}
    assert figures["interrupts"] == 30


@pytest.mark.parametrize("method", METHODS)
def test_processes_share_a_directory(directory, method):
    assert faults(shared(directory, 3, 100, method=method)) == {}


@pytest.mark.parametrize("method", ["spawn", None])
def test_workers_that_look_up_share_what_is_known(directory, method):
    figures = resolved(directory, 4, 100, method=method)
    assert faults(figures) == {}
    if method is None:
        assert figures["asked"] == figures["distinct"] == 250
    assert figures["distinct"] <= figures["asked"] <= figures["numbers"]


@pytest.mark.parametrize("method", METHODS)
def test_processes_may_open_a_fresh_directory_at_once(directory, method):
    assert faults(opened_at_once(directory, 4, 5, method=method)) == {}


@pytest.mark.parametrize("method", METHODS)
def test_a_process_with_an_open_cache_may_start_others(directory, method):
    assert faults(started(directory, 2, method=method)) == {}


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ({"kills": 3, "lost": 0, "torn": 0, "unsound": False}, {}),
        ({"kills": 3, "lost": 1, "torn": 0, "unsound": True}, {"lost": 1, "unsound": 1}),
    ],
)
def test_what_should_be_none_is_told(figures, told):
    assert faults(figures) == told
