"""Kill `trialink scan` at random moments and go on: `python tests/scan_crashes.py [KILLS]`.

Every round scans the same corpus in about forty parts with two processes. The scan is killed with
SIGKILL when some number of parts is done, or all are and the table is being made; by turns with the
processes below it and without them, which then end by themselves. After three kills the round runs
to its end, and its table must be, byte for byte, that of a scan that nobody disturbed, with nothing
left beside it.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FULL, KILLS_A_ROUND, PARTS = 100, 3, 40
ROOT = Path(__file__).parents[1]
_PART = 20_000  # bytes
# Parts as small as this corpus; the rest of the command is as it is.
_PROGRAM = (
    "import sys, trialink.corpus.pieces as pieces; from trialink.cli import main\n"
    f"pieces.SIZE = {_PART}\n"
    "sys.exit(main(sys.argv[1:]))"
)


def make_corpus(folder: Path) -> None:
    """Write rows in one file that is read in parts, and texts of which several make a part."""
    folder.mkdir()
    filler = "Patients were randomly assigned to receive the study drug or placebo. " * 6
    texts = [
        f"{filler}FUMANBA-{number} (CTR20192510, NCT05066646), in China. {filler}"
        for number in range(PARTS * _PART // 900)
    ]
    rows = texts[: len(texts) // 2]
    lines = [json.dumps({"abstract": text}) for text in rows]
    (folder / "rows.jsonl").write_text("\n".join(lines))
    for number, text in enumerate(texts[len(rows) :]):
        (folder / f"{number}.txt").write_text(text)


def scan(corpus: Path, output: Path) -> subprocess.Popen[bytes]:
    """Begin a scan in a session of its own."""
    command = [sys.executable, "-c", _PROGRAM, "scan", str(corpus), "-o", str(output)]
    return subprocess.Popen(
        [*command, "--text", "abstract", "--jobs", "2", "-q"],
        stderr=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def killed(folder: Path, kills: int, *, seed: int = 7) -> dict[str, int]:
    """Kill scans so many times; return how often something was not as it should be."""
    chance = random.Random(seed)
    corpus = folder / "corpus"
    make_corpus(corpus)
    _end(scan(corpus, folder / "whole.jsonl"))
    expected = (folder / "whole.jsonl").read_bytes()
    figures = {"kills": 0, "too_late": 0, "kept": 0, "failed": 0, "different": 0, "left_over": 0}
    while figures["kills"] + figures["too_late"] < kills:
        output = folder / "found.jsonl"
        output.unlink(missing_ok=True)
        for turn in range(KILLS_A_ROUND):
            figures[_kill(scan(corpus, output), output, chance, with_workers=turn % 2 == 0)] += 1
            figures["kept"] += len(_done(output))
        figures["failed"] += _end(scan(corpus, output)) != 0
        figures["different"] += output.read_bytes() != expected
        figures["left_over"] += len(list(folder.iterdir())) - 3
    return figures


def _kill(
    process: subprocess.Popen[bytes], output: Path, chance: random.Random, *, with_workers: bool
) -> str:
    """Kill a scan when some more parts are done; return "kills", or "too_late" if it has ended."""
    wanted = min(PARTS, len(_done(output)) + chance.randrange(PARTS))
    while process.poll() is None and len(_done(output)) < wanted:
        time.sleep(0.001)
    time.sleep(chance.random() / 50)
    if process.poll() is None:
        if with_workers:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    return "kills" if _end(process) == -signal.SIGKILL else "too_late"


def _done(output: Path) -> list[Path]:
    return [*output.with_name(f"{output.name}.parts").glob("0*.jsonl")]


def _end(process: subprocess.Popen[bytes]) -> int:
    """Return the exit code of a scan, and show what it had to say if that is an error."""
    _, told = process.communicate(timeout=120)
    if process.returncode > 0:
        print(told.decode(), file=sys.stderr)
    return process.returncode


def faults(figures: dict[str, int]) -> dict[str, int]:
    """Return the figures that should be none."""
    return {name: figures[name] for name in ("failed", "different", "left_over") if figures[name]}


def main(kills: int = FULL) -> int:
    """Run as many kills and print what came of them."""
    with tempfile.TemporaryDirectory() as folder:
        figures = killed(Path(folder), kills)
    print(*(f"{name}={value}" for name, value in figures.items()))
    return 1 if faults(figures) else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
