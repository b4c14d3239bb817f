"""Grade many submissions: the executor, what is skipped, and what a crash may cost.

An executor is the only seam: by default a pool of processes, one grader each, which is
a thing of its own beside its sandboxed worker. Results come back as they are finished
and the caller, the only writer of the ledger, stores each at once.
"""

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime

from autograder.course.assignment import load
from autograder.errors import StaffError
from autograder.grading.grader import Job, grade_job
from autograder.records.results import Result, Verdict
from autograder.records.submission import Submission

PR_SET_PDEATHSIG = 1
TRIES = 2
"""Submissions that a dying grader process took along are tried once more."""


def grade_all(jobs: Sequence[Job], workers: int) -> Iterator[tuple[Submission, Result]]:
    """Grade every job in a pool of processes and yield each result as it is there.

    A grader process that dies costs no other submission: those it took with it are
    graded again, and one that kills its grader twice is a fault of ours.
    """
    waiting = list(jobs)
    for _ in range(TRIES):
        lost: list[Job] = []
        with local_pool(workers) as pool:
            for job, result in _run(pool, waiting):
                if result is None:
                    lost.append(job)
                else:
                    yield job.submission, result
        waiting = lost
    for job in waiting:
        yield job.submission, fault_result(job, "the grader process died twice on it")


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


def local_pool(workers: int) -> ProcessPoolExecutor:
    """Return a pool whose processes die with this one."""
    return ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin_process,
        initargs=(os.getpid(),),
    )


def _run(pool: Executor, jobs: Sequence[Job]) -> Iterator[tuple[Job, Result | None]]:
    futures: dict[Future[Result], Job] = {
        pool.submit(grade_job, job): job for job in jobs
    }
    try:
        for future in as_completed(futures):
            job = futures[future]
            try:
                yield job, future.result()
            except BrokenProcessPool:
                yield job, None
            except StaffError as error:
                yield job, fault_result(job, str(error))
            except Exception as error:  # noqa: BLE001 one submission never stops the rest
                yield job, fault_result(job, f"{type(error).__name__}: {error}")
    finally:
        for future in futures:
            future.cancel()


def _begin_process(parent: int) -> None:
    """Leave Ctrl-C to the coordinator, and die when it dies, however it dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A process a core is enough: references in torch would start a thread a core each.
    os.environ["OMP_NUM_THREADS"] = "1"
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
