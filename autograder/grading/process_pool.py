"""Grade many submissions: the executor, what is skipped, and what a crash may cost.

An executor is the only seam: by default a process for each lane, a grader with its own
sandboxed worker, which has one submission in hand. So when a grader dies it is known
whose submission it had. Results come back as they are finished and the caller, the only
writer of the ledger, stores each at once.
"""

import contextlib
import ctypes
import functools
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import resource_tracker
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.process import BaseProcess
from typing import Any, TypeAlias

from autograder.course.assignment import load
from autograder.errors import StaffError
from autograder.grading.grader import Job, grade_job
from autograder.grading.own_limits import (
    MOST_MIB,
    MOST_SECONDS,
    grade_within,
    limit_memory,
)
from autograder.records.results import Result, Verdict
from autograder.records.submission import Submission

PR_SET_PDEATHSIG = 1
_LOOKS, _LOOK_SECONDS = 50, 0.1

Graded: TypeAlias = tuple[Submission, Result]
_InHand: TypeAlias = tuple[Job, Executor]


def grade_all(jobs: Sequence[Job], workers: int) -> Iterator[Graded]:
    """Do what `graded_together` does, and yield one after the other."""
    for together in graded_together(jobs, workers):
        yield from together


def graded_together(jobs: Sequence[Job], workers: int) -> Iterator[list[Graded]]:
    """Grade every job, `workers` at a time, and yield all results that are there.

    A grader process that dies, or has no memory or time left, costs no other
    submission: the one it had in hand is graded once more, alone, after all others; one
    that ends its grader twice is a fault of ours. Where the caller leaves off, graders
    are ended at once.
    """
    suspects: list[Job] = []
    for together in _run(jobs, workers):
        there: list[Graded] = []
        for job, result in together:
            if isinstance(result, _Death):
                suspects.append(job)
            else:
                there.append((job.submission, result))
        if there:
            yield there
    for suspect in suspects:
        for ((job, result),) in _run([suspect], 1):
            if isinstance(result, _Death):
                died = f"the grader process died twice on it ({result})"
                yield [(job.submission, fault_result(job, died))]
            else:
                yield [(job.submission, result)]


def fault_result(job: Job, what: str) -> Result:
    """Return the result that says that we could not grade."""
    return Result(
        assignment=job.assignment,
        submission_key=job.submission.key,
        score=None,
        possible=load(job.course, job.assignment).possible,
        verdict=Verdict.FAULT,
        questions=(),
        notices=job.submission.notices,
        fault=what,
        graded_at=datetime.now(UTC),
    )


class _Spawning(SpawnContext):
    """Begins processes, and keeps them: a pool does not tell how one of its ended."""

    def __init__(self) -> None:
        super().__init__()
        self.begun: list[BaseProcess] = []

    def Process(self, *args: Any, **kwargs: Any) -> SpawnProcess:  # type: ignore[override] # noqa: N802 a class, where it comes from
        process = SpawnProcess(*args, **kwargs)
        self.begun.append(process)
        return process


class _Lane(ProcessPoolExecutor):
    """One grader process, which dies with this one."""

    def __init__(self) -> None:
        self._spawning = _Spawning()
        super().__init__(
            1,
            mp_context=self._spawning,
            initializer=begin_grader,
            initargs=(os.getpid(), MOST_MIB),
        )
        self._jobs = self._call_queue  # type: ignore[attr-defined]

    def submit(self, *args: Any, **kwargs: Any) -> "Future[Any]":
        """Do what the pool does, and leave the job's pipe to the process alone.

        A job may be more than a pipe holds. Where the process dies before it has read
        all, Python 3.11.2 writes on for ever, since this process could still read it,
        and waits for that at its own end (gh-94777)
        """
        future = super().submit(*args, **kwargs)
        self._jobs._reader.close()  # noqa: SLF001 nothing else has it
        return future

    @property
    def grader(self) -> BaseProcess | None:
        """The process, once it has begun."""
        return self._spawning.begun[-1] if self._spawning.begun else None


def local_lane() -> Executor:
    """Return an executor of one process, which dies with this one."""
    _start_tracker()
    return _Lane()


def grade_in_bounds(lane: Executor, job: Job) -> "Future[Result]":
    """Have a lane's process grade, within the time that a grader has."""
    return lane.submit(functools.partial(grade_within, MOST_SECONDS, grade_job), job)


@dataclass(frozen=True)
class _Death:
    """How a grader ended that had a submission in hand.

    code : its exit code, or minus the signal's number; None where nobody knows
    """

    code: int | None = None
    why: str = ""

    def __str__(self) -> str:
        """Say it for staff."""
        if self.why or self.code is None:
            return self.why or "nobody knows how"
        if self.code == -signal.SIGVTALRM:
            return f"it computed for more than {MOST_SECONDS:,.0f} s"
        if self.code == -signal.SIGKILL:
            return "something killed it: was the machine's memory used up?"
        if self.code < 0:
            return f"ended by {signal.strsignal(-self.code) or -self.code}"
        return f"it left with {self.code}"


def _run(
    jobs: Sequence[Job], workers: int
) -> Iterator[list[tuple[Job, Result | _Death]]]:
    """Yield jobs that are done, each with its result, or with how its grader died."""
    waiting = deque(jobs)
    in_hand: dict[Future[Result], _InHand] = {}
    lanes = [local_lane() for _ in range(min(workers, len(jobs)))]
    try:
        for lane in lanes:
            _begin(waiting, lane, in_hand)
        while in_hand:
            together = []
            for future in wait(in_hand, return_when=FIRST_COMPLETED).done:
                job, lane = in_hand.pop(future)
                result = _result_of(future, job, lane)
                if isinstance(result, _Death):
                    lanes.remove(lane)
                    lane.shutdown(wait=False)
                    lane = local_lane()
                    lanes.append(lane)
                _begin(waiting, lane, in_hand)
                together.append((job, result))
            yield together
    except BaseException:
        # Ctrl-C, or a caller that leaves off: what is in hand is graded next time.
        for process in multiprocessing.active_children():
            process.kill()
        raise
    finally:
        for lane in lanes:
            lane.shutdown(wait=False, cancel_futures=True)


def _begin(
    waiting: deque[Job], lane: Executor, in_hand: dict[Future[Result], _InHand]
) -> None:
    """Give a lane the next job."""
    if waiting:
        job = waiting.popleft()
        with _ctrl_c_held_back():
            in_hand[grade_in_bounds(lane, job)] = job, lane


@contextlib.contextmanager
def _ctrl_c_held_back() -> Iterator[None]:
    """Let Ctrl-C wait for the end of the block, in which a grader may be starting.

    A grader inherits what is blocked. That alone is not enough: a thread that blocks
    nothing takes the signal, and Python then runs the handler in the main thread, where
    it would leave a grader behind that has been told half of what it is.
    """
    came: list[int] = []
    in_main = threading.current_thread() is threading.main_thread()
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    handler = signal.getsignal(signal.SIGINT)
    if in_main:
        signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        if in_main:
            signal.signal(signal.SIGINT, handler or signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        if came:
            signal.raise_signal(signal.SIGINT)


def _start_tracker() -> None:
    """Start multiprocessing's tracker, which clears up after an end at any moment.

    Its start lets SIGINT through again, so it comes before that is blocked; what it
    clears up it need not tell.
    """
    before = os.environ.get("PYTHONWARNINGS")
    os.environ["PYTHONWARNINGS"] = "ignore"
    try:
        resource_tracker.ensure_running()
    finally:
        del os.environ["PYTHONWARNINGS"]
        if before is not None:
            os.environ["PYTHONWARNINGS"] = before


def _result_of(future: "Future[Result]", job: Job, lane: Executor) -> Result | _Death:
    try:
        return future.result()
    except BrokenProcessPool:
        return _Death(exit_code(lane.grader if isinstance(lane, _Lane) else None))
    except MemoryError:
        # It lives, but who knows what in it has been left half done.
        return _Death(why=f"its {MOST_MIB:,} MiB of memory were used up")
    except StaffError as error:
        return fault_result(job, str(error))
    except Exception as error:  # noqa: BLE001 one submission never stops the rest
        return fault_result(job, f"{type(error).__name__}: {error}")


def exit_code(grader: BaseProcess | None) -> int | None:
    """Return how a grader ended: its exit code, or minus the number of a signal.

    The executor's own thread may have been told by the kernel, which tells once, and
    not have got round to writing it down: to wait for the process takes no time then.
    """
    if grader is None:
        return None
    for _ in range(_LOOKS):
        grader.join(_LOOK_SECONDS)
        if grader.exitcode is not None:
            break
        time.sleep(_LOOK_SECONDS)
    return grader.exitcode


def begin_grader(parent: int, memory_mib: int) -> None:
    """Leave Ctrl-C to the coordinator, and die when it dies, however it dies."""
    limit_memory(memory_mib)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A process a core is enough: references in torch would start a thread a core each.
    os.environ["OMP_NUM_THREADS"] = "1"
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
