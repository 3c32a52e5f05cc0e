"""What the cache on disk stands: kills, interrupts, many processes at once; with figures.

    python -m tests.crashes             200 kills, 300 interrupts, 8 and 16 processes
    python -m tests.crashes 20          a tenth of each

Prints a row for each kind; the exit code is 1 when something was lost, torn, wrong or left over.
`tests/test_crashes.py` runs a few rounds of each.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

from trialink import Resolver
from trialink.cache import DiskStore
from trialink.sources.clinicaltrials_gov import ClinicalTrialsGov
from trialink.testing.server import LoopbackServer, synthetic_studies

FULL = 200  # the measure of a full run, in kills
SIZE = 20  # entries of a page
PART = 200  # numbers of a look-up
BAD = ("lost", "torn", "wrong", "errors", "unusable", "unsound", "left_over")
METHODS = [
    method
    for method in ("fork", "spawn", "forkserver")
    if method in multiprocessing.get_all_start_methods()
]
_WRITER = f"""
import sys
from trialink.cache import DiskStore
store = DiskStore(sys.argv[1])
for page in range(1000):
    names = [f"{{sys.argv[2]}}:{{page}}:{{entry}}" for entry in range({SIZE})]
    store.set_many({{name: name.encode() * 200 for name in names}})
    print(page, flush=True)
"""


# Kills


def killed(directory: Path, rounds: int, *, seed: int = 5) -> dict[str, float]:
    """Kill writers at random moments; count their acknowledged pages and what is not there."""
    figures = {"kills": rounds, "pages": 0, "lost": 0, "torn": 0, "unsound": 0, "left_over": 0}
    slowest, chance = 0.0, random.Random(seed)
    for life in range(rounds):
        acknowledged = _killed_writer(directory, life, chance)
        began = time.perf_counter()
        with closing(DiskStore(directory)) as store:
            mine = [key for key in list(store.keys()) if key.startswith(f"{life}:")]
            kept = store.get_many(mine)
            slowest = max(slowest, time.perf_counter() - began)
            whole = {name for name, value in kept.items() if value == name.encode() * 200}
            pages = {int(name.split(":")[1]) for name in kept}
            figures["unsound"] += store.trouble is not None or store.refused > 0
        figures["pages"] += len(acknowledged)
        figures["lost"] += len(acknowledged - pages)
        figures["torn"] += len(whole) != SIZE * len(pages)
        figures["unsound"] += not _sound(store.database)
        figures["left_over"] += _left_over(directory)
    return figures | {"slowest_reopening_ms": round(1000 * slowest, 1)}


def _killed_writer(directory: Path, life: int, chance: random.Random) -> set[int]:
    """Run a writer for a while and kill it; return the pages that it had acknowledged."""
    command = [sys.executable, "-c", _WRITER, str(directory), str(life)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        lines = [process.stdout.readline() for _ in range(chance.randrange(1, 30))]
        time.sleep(chance.random() / 100)
        process.kill()
        lines += process.stdout.readlines()
    return {int(line) for line in lines if line.endswith("\n")}


def _sound(database: Path) -> bool:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]


def _left_over(directory: Path) -> int:
    """Return how many files there are beside the one database, when nobody has it open."""
    return sum(path.is_file() for path in directory.rglob("*")) - 1


# Interrupts


def interrupted(directory: Path, rounds: int, *, seed: int = 3) -> dict[str, float]:
    """Interrupt a writer, as Ctrl-C does, at random moments; it goes on writing at once."""
    figures = {"interrupts": 0, "turns": 0, "torn": 0, "unusable": 0}
    chance, names = random.Random(seed), [str(number) for number in range(30)]
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        with closing(DiskStore(directory)) as store:
            store.set_many({})
            while figures["interrupts"] < rounds and figures["turns"] < 100 * rounds:
                value = b"%d" % figures["turns"] * 500
                figures["interrupts"] += _interrupted_turn(store, names, value, chance)
                figures["turns"] += 1
                figures["torn"] += len(set(store.get_many(names).values())) > 1
                figures["unusable"] += store.trouble is not None
            store.set_many({"after": b"1"})
            figures["unusable"] += store.get_many(["after"]) != {"after": b"1"}
    finally:
        signal.signal(signal.SIGALRM, before)
    return figures | {"unsound": not _sound(store.database), "left_over": _left_over(directory)}


def _interrupted_turn(
    store: DiskStore, names: list[str], value: bytes, chance: random.Random
) -> int:
    """Write and read a page under a timer; return 1 if that was interrupted, else 0."""
    came = 0
    with suppress(KeyboardInterrupt):  # one that comes while the timer is being stopped
        try:
            signal.setitimer(signal.ITIMER_REAL, chance.uniform(1e-5, 0.003))
            store.set_many(dict.fromkeys(names, value))
            store.get_many(names)
        except KeyboardInterrupt:
            came = 1
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    return came


# Many processes


def shared(
    directory: Path, processes: int, entries: int, *, method: str = "spawn"
) -> dict[str, float]:
    """Let processes write and read entries, half of them the same for all, in one directory."""
    begun = time.perf_counter()
    errors = _everywhere(_write_and_read, directory, processes, entries, method=method)
    seconds = time.perf_counter() - begun
    with closing(DiskStore(directory)) as store:
        expected = {name for worker in range(processes) for name in _names(worker, entries)}
        kept = store.get_many(expected)
    wrong = sum(value != name.encode() * 100 for name, value in kept.items())
    return {
        "processes": processes,
        "entries": processes * entries,
        "errors": len(errors),
        "lost": len(expected) - len(kept),
        "wrong": wrong,
        "unsound": not _sound(store.database),
        "left_over": _left_over(directory),
        "seconds": round(seconds, 1),
    }


def _names(worker: int, entries: int) -> list[str]:
    common = [f"shared:{entry}" for entry in range(entries // 2)]
    return [*common, *(f"{worker}:{entry}" for entry in range(entries - entries // 2))]


def _write_and_read(directory: Path, worker: int, entries: int, barrier: object) -> None:
    names = _names(worker, entries)
    random.Random(worker).shuffle(names)
    with closing(DiskStore(directory)) as store:
        barrier.wait()
        for start in range(0, entries, SIZE):
            page = names[start : start + SIZE]
            missing = set(page) - store.get_many(page).keys()
            store.set_many({name: name.encode() * 100 for name in missing})
            assert store.get_many(page) == {name: name.encode() * 100 for name in page}
        assert (store.trouble, store.refused) == (None, 0), store.trouble


def resolved(
    directory: Path, workers: int, ids: int, *, method: str | None = "spawn"
) -> dict[str, float]:
    """Let processes (threads: `method=None`) look numbers up, half of them the same for all.

    `asked` is how often a number was asked for, `distinct` how many there are.
    """
    studies = [*synthetic_studies(ids // 2 + workers * (ids - ids // 2))]
    numbers = [each["protocolSection"]["identificationModule"]["nctId"] for each in studies]
    with LoopbackServer(studies) as server:
        if method is None:
            errors = _in_threads(directory, workers, numbers, server.url)
        else:
            amount = (ids, numbers, server.url)
            errors = _everywhere(_resolve_own, directory, workers, amount, method=method)
        queries = [dict(request.params) for request in server.requests]
    with closing(DiskStore(directory)) as store:
        kept = [*store.keys()]
        lost = len(numbers) - sum(" nct:" in key for key in kept)
    return {
        "workers": workers,
        "numbers": workers * ids,
        "distinct": len(numbers),
        "asked": sum(
            len(each["filter.ids"].split(",")) for each in queries if "filter.ids" in each
        ),
        "errors": len(errors),
        "lost": lost,
        "unsound": not _sound(store.database),
        "left_over": _left_over(directory),
    }


def _own(worker: int, ids: int, numbers: list[str]) -> list[str]:
    """Return the numbers of a worker: the common ones, then its own, in an order of its own."""
    common, each = ids // 2, ids - ids // 2
    own = numbers[:common] + numbers[common + worker * each : common + (worker + 1) * each]
    random.Random(worker).shuffle(own)
    return own


def _resolve_own(
    directory: Path, worker: int, amount: tuple[int, list[str], str], barrier: object
) -> None:
    ids, numbers, url = amount
    sources = [ClinicalTrialsGov(base_url=url)]
    with Resolver(cache=directory, sources=sources, pace=None) as resolver:
        barrier.wait()
        _resolve_in_parts(resolver, _own(worker, ids, numbers))
        assert resolver.store.trouble is None, resolver.store.trouble


def _in_threads(directory: Path, workers: int, numbers: list[str], url: str) -> list[int]:
    directory.mkdir(0o700, exist_ok=True)
    ids = 2 * len(numbers) // (workers + 1)
    with (
        Resolver(cache=directory, sources=[ClinicalTrialsGov(base_url=url)], pace=None) as resolver,
        ThreadPoolExecutor(workers) as pool,
    ):
        parts = [_own(worker, ids, numbers) for worker in range(workers)]
        done = [pool.submit(_resolve_in_parts, resolver, part) for part in parts]
        return [1 for each in done if each.exception()]


def _resolve_in_parts(resolver: Resolver, numbers: list[str]) -> None:
    for start in range(0, len(numbers), PART):
        part = numbers[start : start + PART]
        answers = resolver.resolve(part)
        assert [str(each.record.id) for each in answers.values()] == part


def opened_at_once(
    directory: Path, processes: int, rounds: int, *, method: str = "spawn"
) -> dict[str, float]:
    """Let processes open a fresh directory at the same moment, again and again."""
    errors = _everywhere(_open_each, directory, processes, rounds, method=method)
    figures = {"processes": processes, "rounds": rounds, "errors": len(errors)}
    lost = unsound = left_over = 0
    for fresh in sorted(directory.iterdir()):
        with closing(DiskStore(fresh)) as store:
            lost += processes - len(list(store.keys()))
        unsound += not _sound(store.database)
        left_over += _left_over(fresh)
    return figures | {"lost": lost, "unsound": unsound, "left_over": left_over}


def _open_each(directory: Path, worker: int, rounds: int, barrier: object) -> None:
    for number in range(rounds):
        barrier.wait()
        with closing(DiskStore(directory / str(number))) as store:
            store.set_many({str(worker): b"1"})
            assert store.get_many([str(worker)]) == {str(worker): b"1"}
            assert store.trouble is None, store.trouble


def _everywhere(
    work: Callable[..., None], directory: Path, processes: int, amount: object, *, method: str
) -> list[int]:
    """Run work in processes that wait for each other; return the exit codes that are not 0."""
    directory.mkdir(0o700, exist_ok=True)
    context = multiprocessing.get_context(method)
    barrier = context.Barrier(processes, timeout=120)
    workers = [
        context.Process(target=work, args=(directory, worker, amount, barrier))
        for worker in range(processes)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return [worker.exitcode for worker in workers if worker.exitcode]


def started(directory: Path, children: int, *, method: str) -> dict[str, float]:
    """Start processes one after the other while this one has the cache open; both go on."""
    context = multiprocessing.get_context(method)
    errors = 0
    with closing(DiskStore(directory)) as store:
        store.set_many({"parent": b"1"})
        for number in range(children):
            child = context.Process(target=_child, args=(directory, number))
            child.start()
            child.join()
            errors += child.exitcode != 0
            store.set_many({f"parent {number}": b"1"})
        names = [f"{who} {number}" for who in ("child", "parent") for number in range(children)]
        lost = len(names) - len(store.get_many(names))
        unusable = store.trouble is not None
    return {
        "children": children,
        "errors": errors,
        "lost": lost,
        "unusable": unusable,
        "unsound": not _sound(store.database),
        "left_over": _left_over(directory),
    }


def _child(directory: Path, number: int) -> None:
    with closing(DiskStore(directory)) as store:
        assert store.get_many(["parent"]) == {"parent": b"1"}
        store.set_many({f"child {number}": b"1"})
        assert store.trouble is None, store.trouble


# All of it


def faults(figures: dict[str, float]) -> dict[str, float]:
    """Return the figures that should be none."""
    return {name: int(figures[name]) for name in BAD if figures.get(name)}


def main(kills: int = FULL) -> int:
    """Run everything, as much of it as so many kills are of a full run; print the figures."""
    share = kills / FULL
    some = max(1, round(40 * share))
    kinds: dict[str, Callable[[Path], dict[str, float]]] = {
        "killed": lambda place: killed(place, kills),
        "interrupted": lambda place: interrupted(place, max(1, round(300 * share))),
        "shared": lambda place: shared(place, 8, max(SIZE, round(1000 * share))),
        "resolved": lambda place: resolved(place, 8, max(SIZE, round(1000 * share))),
        "resolved by threads": lambda place: resolved(
            place, 16, max(SIZE, round(1000 * share)), method=None
        ),
        "opened at once": lambda place: opened_at_once(place, 16, some),
    }
    for method in METHODS:
        kinds[f"started by {method}"] = lambda place, method=method: started(
            place, some, method=method
        )
    bad = 0
    for name, run in kinds.items():
        with tempfile.TemporaryDirectory() as folder:
            figures = run(Path(folder, "cache"))
        bad += bool(faults(figures))
        told = (f"{key}={+value}" for key, value in figures.items())  # True and False as 1 and 0
        print(f"{name:22}", *told, flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    os.environ.pop("TRIALINK_CACHE_DIR", None)
    sys.exit(main(*map(int, sys.argv[1:])))
