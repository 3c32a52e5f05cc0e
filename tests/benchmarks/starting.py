"""What `import trialink` and the first `find` cost a fresh process, over a bare interpreter.

    python -m tests.benchmarks.starting

Starts many fresh processes, the cases in turn, and prints milliseconds: the least processor time
of each case, which other work on the machine hardly moves, and the median by the clock. The marks
are held against both; on a machine with other work only the first can be compared. Where the
platform does not count the processor time of children, its columns are empty.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from statistics import median

try:
    from resource import RUSAGE_CHILDREN, getrusage
except ImportError:  # not on Windows
    getrusage = None

_RUNS = 25
# Compiled modules are kept, as they are where the library is installed.
_ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
_BARE = "bare python"
_CASES = {
    _BARE: ("pass", None),
    "import re": ("import re", None),
    "import trialink": ("import trialink", 5),
    "first find, no number": ("import trialink; trialink.find('no number')", None),
    "first find, one number": ("import trialink; trialink.find('see NCT05066646')", 30),
    "first find, five registries": (
        "import trialink; trialink.find('NCT05066646, ISRCTN78805636, DRKS00005115, "
        "EudraCT 2004-002714-11, ClinicalTrials.gov 00902941')",
        None,
    ),
    "first check": ("import trialink; trialink.check('see NCT05066647')", None),
}


def main() -> None:
    """Start the processes in turn and print a row a case."""
    busy: dict[str, list[float]] = {name: [] for name in _CASES}
    passed: dict[str, list[float]] = {name: [] for name in _CASES}
    for run in range(_RUNS + 1):
        for name, (code, _) in _CASES.items():
            processor, clock = _started(code)
            if run:  # the first writes the compiled modules
                busy[name].append(processor)
                passed[name].append(clock)
    print(f"python {sys.version.split()[0]}, {_RUNS} fresh processes a case, ms")
    print(f"{'':30}{'processor':>18}{'by the clock':>18}{'':>6}")
    print(f"{'':30}{'least':>8}{'over':>10}{'median':>8}{'over':>10}{'mark':>6}")
    for name, (_, mark) in _CASES.items():
        used = _over(min(busy[name]), min(busy[_BARE])) if getrusage else f"{'':18}"
        waited = _over(median(passed[name]), median(passed[_BARE]))
        print(f"{name:30}{used}{waited}{mark or '':>6}")


def _started(code: str) -> tuple[float, float]:
    """Return the seconds that a fresh process takes: of the processor, and by the clock."""
    before, start = _children(), time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, env=_ENVIRONMENT)
    return _children() - before, time.perf_counter() - start


def _children() -> float:
    """Return the seconds of the processor that ended children took so far, 0 where unknown."""
    if getrusage is None:
        return 0.0
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _over(seconds: float, bare: float) -> str:
    return f"{seconds * 1e3:8.1f}{(seconds - bare) * 1e3:10.1f}"


if __name__ == "__main__":
    main()
