"""How the time of a call grows: measured against itself, never in seconds."""

from __future__ import annotations

import gc
import time

# Time of this process where it is counted finely: other work on the machine is not in it.
_IS_FINE = time.get_clock_info("process_time").resolution <= 1e-6
_CLOCK = time.process_time if _IS_FINE else time.perf_counter
_RUNS, _MOST_RUNS = 5, 25
_NOISE = 0.001  # seconds; where less is spent, memory and caches decide and not the call


def is_linear(function, cases):
    """Return whether twice the work takes at most three times as long, twice in a row.

    `cases` are the arguments of three calls, each twice as large as the one before. The best of
    five runs of each counts; where that is too much, runs are added, since whatever disturbs a
    run can only add to it.
    """
    best = [float("inf")] * len(cases)
    for run in range(1, _MOST_RUNS + 1):
        best = [min(old, _seconds(function, case)) for old, case in zip(best, cases, strict=True)]
        short, middle, long = (max(_NOISE, each) for each in best)
        if run >= _RUNS and middle <= 3 * short and long <= 3 * middle:
            return True
    return False


def _seconds(function, arguments):
    gc.disable()
    try:
        start = _CLOCK()
        function(*arguments)
        return _CLOCK() - start
    finally:
        gc.enable()
