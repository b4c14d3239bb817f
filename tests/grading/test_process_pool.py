"""Many submissions: what one may cost the others, and what makes a result stale."""

from collections.abc import Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from autograder.course.assignment import load
from autograder.grading import process_pool
from autograder.grading.grader import Job
from autograder.grading.process_pool import grade_all
from autograder.records.results import Result, Verdict
from autograder.records.submission import Submission
from conftest import Edit

RIGHT = (
    b"def double(values):\n    return [2 * v for v in values]\n"
    b"def quadruple(values):\n    return [4 * v for v in values]\n"
)


def job(course: Path, key: str, source: bytes = RIGHT) -> Job:
    submission = Submission(
        key=key,
        lms_id="",
        student_name=key,
        roster_id=None,
        attempt=1,
        submitted_at=None,
        files={"a0_scale.py": source},
    )
    return Job(course=course, assignment="a0_scale", submission=submission, secret=b"s")


def scores(results: Iterator[tuple[Submission, Result]]) -> dict[str, float | None]:
    return {submission.key: result.score for submission, result in results}


@pytest.mark.sandbox
def test_a_submission_that_kills_its_worker_costs_only_itself(course: Path) -> None:
    exits = b"import os\ndef double(values):\n    os._exit(0)\n"
    jobs = [job(course, "a"), job(course, "b", exits), job(course, "c")]
    assert scores(grade_all(jobs, 2)) == {"a": 100, "b": 0, "c": 100}


class DyingExecutor(Executor):
    """Does what a pool does when a grader process is killed."""

    def __init__(self, kills: set[str]) -> None:
        self.kills = kills

    def submit(self, _: Any, job: Job, /) -> Future[Result]:  # type: ignore[override] # one caller
        future: Future[Result] = Future()
        if job.submission.key in self.kills:
            future.set_exception(BrokenProcessPool("killed"))
        else:
            future.set_result(process_pool.fault_result(job, "graded"))
        return future


def test_what_a_dead_grader_took_along_is_graded_again(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pools = [DyingExecutor({"a", "b"}), DyingExecutor({"b"})]
    monkeypatch.setattr(process_pool, "local_pool", lambda _: pools.pop(0))
    jobs = [job(course, key) for key in "abc"]
    faults = {s.key: r.fault for s, r in grade_all(jobs, 1)}
    assert faults == {
        "a": "graded",
        "b": "the grader process died twice on it",
        "c": "graded",
    }


def test_a_course_that_cannot_be_loaded_is_a_fault_of_ours(
    course: Path, edit: Edit
) -> None:
    jobs = [job(course, "a")]
    possible = load(course, "a0_scale").possible
    edit("solutions/a0_scale/reference.py", "GAIN = 1", "raise RuntimeError('broken')")
    ((_, result),) = grade_all(jobs, 1)
    assert result.verdict is Verdict.FAULT
    assert (result.score, result.possible) == (None, possible)
