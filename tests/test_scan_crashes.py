"""A few rounds of what `scan_crashes` measures: nothing is lost, doubled or left over."""

from __future__ import annotations

import os

import pytest
from scan_crashes import faults, killed


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is of POSIX")
def test_a_scan_that_is_killed_goes_on_to_the_same_table(tmp_path):
    figures = killed(tmp_path, 12)
    assert faults(figures) == {}
    assert figures["kills"] >= 8
    assert figures["kept"] > 40
