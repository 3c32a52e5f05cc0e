"""One thread that runs jobs in the order in which they were given."""

from __future__ import annotations

from queue import Empty, SimpleQueue
from threading import Thread
from weakref import finalize

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias, TypeVar

    T = TypeVar("T")
    Answer: TypeAlias = SimpleQueue[tuple[Any, BaseException | None]]
    Jobs: TypeAlias = SimpleQueue[tuple[Answer, Callable[..., Any], tuple[Any, ...]] | None]

_LOOK = 0.5  # seconds after which one who waits looks whether the thread has ended


class Worker:
    """A thread with a line of jobs; it ends with `end`, or when nobody holds the worker.

    An executor would do, but for interrupts: one that comes while a Python lock is being taken
    leaves it taken, and everybody waits for ever; one that comes in `Thread.is_alive` makes the
    thread look ended. The queues here take no lock that an interrupt can leave behind.
    """

    def __init__(self, name: str) -> None:
        jobs: Jobs = SimpleQueue()
        self._jobs = jobs
        self._ended: list[bool] = []
        self._thread = Thread(target=_work, args=(jobs, self._ended), name=name, daemon=True)
        self._thread.start()
        finalize(self, jobs.put, None)

    def submit(self, job: Callable[..., Any], *arguments: Any) -> Answer:
        """Put a job at the end of the line; return where its answer will be."""
        if self._ended:
            raise RuntimeError("this worker has ended")
        answer: Answer = SimpleQueue()
        self._jobs.put((answer, job, arguments))
        return answer

    def ask(self, job: Callable[..., T], *arguments: Any) -> T:
        """Run a job on the thread and return what it returns; raise what it raises."""
        answer = self.submit(job, *arguments)
        while True:
            try:
                value, error = answer.get(timeout=_LOOK)
            except Empty:
                if self._ended and answer.empty():
                    raise RuntimeError("this worker ended before it came to the job") from None
                continue
            if error is not None:
                raise error
            result: T = value
            return result

    def end(self) -> None:
        """Finish the jobs that are in the line, then end the thread."""
        self._jobs.put(None)
        self._thread.join()


def _work(jobs: Jobs, ended: list[bool]) -> None:
    while (given := jobs.get()) is not None:
        answer, job, arguments = given
        try:
            answer.put((job(*arguments), None))
        except BaseException as error:
            answer.put((None, error))
        del answer, job, arguments, given  # an idle thread must keep nothing alive
    ended.append(True)
