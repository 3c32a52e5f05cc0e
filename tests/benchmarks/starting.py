"""What `import trialink` and the first `find` cost a fresh process, over a bare interpreter.

    python -m tests.benchmarks.starting

Prints medians of many fresh processes, taken in turn, in milliseconds.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from statistics import median

_RUNS = 15
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
    seconds: dict[str, list[float]] = {name: [] for name in _CASES}
    for run in range(_RUNS + 1):
        for name, (code, _) in _CASES.items():
            taken = _started(code)
            if run:  # the first writes the compiled modules
                seconds[name].append(taken)
    bare = median(seconds[_BARE])
    print(f"python {sys.version.split()[0]}, median of {_RUNS} fresh processes")
    print(f"{'':30}{'ms':>8}{'over bare':>11}{'mark':>6}")
    for name, (_, mark) in _CASES.items():
        taken = median(seconds[name])
        over = (taken - bare) * 1e3
        print(f"{name:30}{taken * 1e3:8.1f}{over:11.1f}{mark or '':>6}")


def _started(code: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, env=_ENVIRONMENT)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
