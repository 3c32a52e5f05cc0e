"""How a source is asked: what is tried again, when it is left alone, how fast it is asked."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from trialink.asking import Asking, Budget
from trialink.clock import SystemClock
from trialink.errors import SourceBlocked, SourceUnavailable
from trialink.flow import Reply, Request, drive
from trialink.pace import OwnQueue, Pace
from trialink.shared_queue import SharedQueue

REQUEST = Request("https://example.org/studies")
ANSWER = Reply(200, "application/json", b"{}")
LOST = SourceUnavailable("connection lost", may_pass=True)
LIMITED = SourceUnavailable("too many requests", may_pass=True, retry_after=0.0)
CLOSED = SourceUnavailable("the resolver was closed", attempts=0)


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self, now=0.0):
        self.now = now

    def time(self):
        return self.now

    monotonic = time

    def sleep(self, seconds):
        self.now += seconds


class Source:
    """Answers as it is told, the last answer for ever, and notes when it was asked."""

    def __init__(self, clock, *answers):
        self.clock, self.answers, self.asked = clock, [*answers], []

    def __call__(self, request):
        self.asked.append(self.clock.now)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def ask(source, asking, budget, times=1):
    """Return what came of asking some times: answers and errors."""
    came = []
    for _ in range(times):
        try:
            came.append(drive(asking.ask(REQUEST, budget), source, sleep=source.clock.sleep))
        except SourceUnavailable as error:
            came.append(error)
    return came


def unhurried(clock, rate=None, burst=1):
    return Asking(clock, Pace(rate, burst, OwnQueue(clock.monotonic)), random=lambda: 1.0)


@pytest.mark.parametrize(
    ("deadline", "attempts", "asked", "said"),
    [
        pytest.param(None, 5, [0, 0.5, 1.5, 3.5, 7.5], "connection lost", id="no deadline"),
        pytest.param(None, 3, [0, 0.5, 1.5], "connection lost", id="three tries"),
        pytest.param(2, 8, [0, 0.5, 1.5], "deadline reached; the last try:", id="two seconds"),
        pytest.param(60, 8, [0, 0.5, 1.5, 3.5, 7.5], "deadline reached; the", id="a minute"),
        pytest.param(120, 8, [0, 0.5, 1.5, 3.5, 7.5, 67.5], "deadline reached", id="two minutes"),
        pytest.param(0, 8, [], "deadline reached", id="no time at all"),
        pytest.param(-1, 8, [], "deadline reached", id="less than none"),
    ],
)
def test_a_source_that_is_down_is_asked_less_and_less(deadline, attempts, asked, said):
    clock = Clock()
    source, budget = Source(clock, LOST), Budget(clock, deadline, attempts=attempts)
    [error] = ask(source, unhurried(clock), budget)
    assert source.asked == asked
    assert error.reason.startswith(said)
    assert deadline is None or clock.now <= max(0, deadline)


def test_a_source_that_is_back_is_asked_as_before():
    clock = Clock()
    source = Source(clock, ANSWER, *[LOST] * 6, ANSWER)
    budget = Budget(clock, attempts=8, patience=420)
    assert ask(source, unhurried(clock), budget, times=3) == [ANSWER] * 3
    assert source.asked == [0, 0, 0.5, 1.5, 3.5, 7.5, 67.5, 187.5, 187.5]


def test_a_call_without_a_deadline_has_the_patience_that_it_was_given():
    clock = Clock()
    source = Source(clock, ANSWER, LOST)
    _, first, *others = ask(
        source, unhurried(clock), Budget(clock, attempts=99, patience=420), times=4
    )
    assert first.reason.startswith("connection lost; left alone for another 4")
    assert [error.attempts for error in others] == [0, 0]
    assert 7 * 60 < clock.now < 8 * 60


def test_while_it_is_left_alone_nobody_asks_and_every_caller_is_told():
    clock = Clock()
    source, asking = Source(clock, LOST), unhurried(clock)
    ask(source, asking, Budget(clock))
    clock.sleep(20)
    [error] = ask(source, asking, Budget(clock))
    assert error.reason == "connection lost; left alone for another 40 s"
    assert (error.attempts, len(source.asked)) == (0, 5)
    clock.sleep(40)
    [error] = ask(source, asking, Budget(clock))
    assert (error.attempts, len(source.asked)) == (1, 6)


def test_one_that_blocks_is_left_alone_at_once():
    clock = Clock()
    source, asking = Source(clock, SourceBlocked("refused by a filter (403)")), unhurried(clock)
    for reason in ("refused by a filter (403)", "refused by a filter (403); left alone for"):
        with pytest.raises(SourceBlocked) as raised:
            drive(asking.ask(REQUEST, Budget(clock)), source, sleep=clock.sleep)
        assert raised.value.reason.startswith(reason)
    assert len(source.asked) == 1


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(CLOSED, id="not asked at all"),
        pytest.param(SourceUnavailable("not recorded", id="NCT05066646"), id="about one number"),
    ],
)
def test_what_says_nothing_of_the_source_does_not_count_against_it(error):
    clock = Clock()
    source = Source(clock, *[error] * 9, ANSWER)
    assert ask(source, unhurried(clock), Budget(clock), times=10)[-1] == ANSWER
    assert len(source.asked) == 10


def test_a_budget_of_further_tries_is_spent_and_earned():
    clock = Clock()
    answers = [LOST, ANSWER] * 100
    source, budget = Source(clock, *answers, ANSWER), Budget(clock)
    came = ask(source, unhurried(clock), budget, times=100)
    lost = [place for place, each in enumerate(came) if each is not ANSWER]
    assert lost == []  # every second request may be one that is tried again
    worse = Source(clock, *[LOST, LOST, LOST, ANSWER] * 100, ANSWER)
    came = ask(worse, unhurried(clock), Budget(clock), times=100)
    assert came[:10] == [ANSWER] * 10
    assert len(worse.asked) < 250


def test_a_source_that_says_too_many_is_asked_half_as_often():
    clock = Clock()
    source = Source(clock, ANSWER, LIMITED, ANSWER)
    ask(source, unhurried(clock, rate=1.0), Budget(clock), times=8)
    gaps = [later - sooner for sooner, later in zip(source.asked, source.asked[1:], strict=False)]
    assert gaps[0] == 1.0
    assert max(gaps) == 2.0
    assert gaps[-1] < 1.5


@pytest.mark.parametrize("shared", [False, True], ids=["own", "shared"])
@pytest.mark.parametrize(
    ("rate", "burst", "asked"),
    [
        (1.0, 1, [0, 1, 2, 3, 4, 5]),
        (1.0, 3, [0, 0, 0, 1, 2, 3]),
        (0.5, 2, [0, 0, 2, 4, 6, 8]),
        (None, 1, [0] * 6),
    ],
)
def test_pace(tmp_path, shared, rate, burst, asked):
    clock = Clock()
    queue = queue_in(tmp_path, clock) if shared else OwnQueue(clock.monotonic)
    pace = Pace(rate, burst, queue)
    went = []
    for _ in asked:
        clock.sleep(pace.reserve())
        went.append(round(clock.now, 6))
    assert went == asked


@pytest.mark.parametrize("shared", [False, True], ids=["own", "shared"])
def test_who_cannot_wait_takes_no_place(tmp_path, shared):
    clock = Clock()
    pace = Pace(1.0, 1, queue_in(tmp_path, clock) if shared else OwnQueue(clock.monotonic))
    assert [pace.reserve(2.0) for _ in range(5)] == [0, 1, 2, 2, 2]
    assert pace.reserve() == 2


def test_calls_that_give_up_do_not_starve_those_that_come_after():
    clock = Clock()
    source, asking = Source(clock, ANSWER), unhurried(clock, rate=1.0)
    for _ in range(50):  # at the same moment, as threads do: nothing lets the time pass
        with suppress(SourceUnavailable):
            next(asking.ask(REQUEST, Budget(clock, 2.0)))
    clock.now += 2.0
    assert ask(source, asking, Budget(clock, 2.0)) == [ANSWER]


def queue_in(folder, clock, *, name="x", is_safe=lambda: True):
    own = OwnQueue(clock.monotonic)
    file = Path(folder) / "pace.db"
    return SharedQueue(file, name, clock=clock.time, is_safe=is_safe, otherwise=own)


@pytest.mark.parametrize("shared", [False, True], ids=["own", "shared"])
@pytest.mark.parametrize("step", [-3600, -86400 * 3650, 3600, 86400 * 3650])
def test_a_clock_that_is_set_makes_nobody_wait_longer(tmp_path, shared, step):
    clock = Clock(1e9)
    queue = queue_in(tmp_path, clock) if shared else OwnQueue(clock.time)
    pace = Pace(1.0, 1, queue)
    assert [pace.reserve() for _ in range(3)] == [0, 1, 2]
    clock.now += step
    assert pace.reserve() == (3 if step < 0 else 0)


def test_each_source_has_a_line_of_its_own(tmp_path):
    clock = Clock()
    one, other = (Pace(1.0, 1, queue_in(tmp_path, clock, name=name)) for name in ("one", "other"))
    assert [one.reserve(), other.reserve(), one.reserve()] == [0, 0, 1]


def _garbage(folder):
    (folder / "pace.db").write_bytes(b"garbage" * 1000)


def _nonsense(folder):
    with sqlite3.connect(folder / "pace.db") as database:
        database.execute("CREATE TABLE Queue (name TEXT PRIMARY KEY, due TEXT, stamp BLOB)")
        database.execute("INSERT INTO Queue VALUES ('x', 'soon', x'00ff')")
    database.close()


def _without_end(folder):
    with sqlite3.connect(folder / "pace.db") as database:
        database.execute("CREATE TABLE Queue (name TEXT PRIMARY KEY, due REAL, stamp REAL)")
        database.execute("INSERT INTO Queue VALUES ('x', 9e999, 0)")
    database.close()


def _directory(folder):
    (folder / "pace.db").mkdir()


@pytest.mark.parametrize("spoil", [_garbage, _nonsense, _without_end, _directory, os.rmdir])
def test_a_line_that_cannot_be_kept_in_the_file_is_kept_in_the_process(tmp_path, spoil):
    folder = tmp_path / "folder"
    folder.mkdir()
    spoil(folder)
    pace = Pace(1.0, 1, queue_in(folder, Clock()))
    assert [pace.reserve() for _ in range(3)] == [0, 1, 2]


def test_nothing_is_written_where_that_is_not_safe(tmp_path):
    pace = Pace(1.0, 1, queue_in(tmp_path, Clock(), is_safe=lambda: False))
    assert [pace.reserve() for _ in range(3)] == [0, 1, 2]
    assert [*tmp_path.iterdir()] == []


def _reserve(folder, count, answers):
    pace = Pace(20.0, 5, queue_in(folder, SystemClock()))
    waits = []
    for _ in range(count):
        now = time.time()
        waits.append(now + pace.reserve())
    answers.put(waits)


def test_processes_stand_in_one_line(tmp_path):
    spawn = multiprocessing.get_context("spawn")
    answers = spawn.Queue()
    processes = [spawn.Process(target=_reserve, args=(tmp_path, 50, answers)) for _ in range(3)]
    for process in processes:
        process.start()
    turns = sorted(turn for _ in processes for turn in answers.get(timeout=60))
    for process in processes:
        process.join()
    busiest = max(sum(begin <= turn < begin + 1 for turn in turns) for begin in turns)
    assert busiest <= 26  # 20 a second, a burst of 5, and one that just came in
    assert turns[-1] - turns[0] > 144 / 20  # all places were given out once


@pytest.mark.parametrize("late", [False, True], ids=["woken", "woken before"])
def test_who_sleeps_by_the_clock_of_the_system_can_be_woken(late):
    clock = SystemClock()
    sleeper = threading.Thread(target=clock.sleep, args=(600,))
    if late:
        clock.wake()
    sleeper.start()
    clock.wake()
    sleeper.join(60)
    assert not sleeper.is_alive()
