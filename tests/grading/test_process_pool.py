"""Many submissions: what one may cost the others, and what makes a result stale."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

import msgspec
import pytest

from autograder.course.assignment import load
from autograder.errors import AuthoringError
from autograder.grading import process_pool
from autograder.grading.grader import Job, grade_job
from autograder.grading.process_pool import grade_all
from autograder.records.results import Result, Verdict
from autograder.records.submission import Submission
from conftest import Edit
from handed_in import handed_in
from patience import PATIENCE_SECONDS

RIGHT = (
    b"def double(values):\n    return [2 * v for v in values]\n"
    b"def quadruple(values):\n    return [4 * v for v in values]\n"
)

TWICE = "the grader process died twice on it"


def job(course: Path, key: str, source: bytes = RIGHT) -> Job:
    submission = handed_in("a0_scale.py", source, key)
    return Job(course=course, assignment="a0_scale", submission=submission, secret=b"s")


def scores(results: Iterator[tuple[Submission, Result]]) -> dict[str, float | None]:
    return {submission.key: result.score for submission, result in results}


@pytest.mark.sandbox
def test_a_submission_that_kills_its_worker_costs_only_itself(course: Path) -> None:
    exits = b"import os\ndef double(values):\n    os._exit(0)\n"
    jobs = [job(course, "a"), job(course, "b", exits), job(course, "c")]
    assert scores(grade_all(jobs, 2)) == {"a": 100, "b": 0, "c": 100}


class DyingExecutor(Executor):
    """Does what a lane does when its grader process is killed."""

    def __init__(self, kills: dict[str, int], error: Exception | None = None) -> None:
        self.kills = kills
        self.error = error or BrokenProcessPool("killed")

    def submit(self, _: Any, job: Job, /) -> Future[Result]:  # type: ignore[override] # one caller
        future: Future[Result] = Future()
        if self.kills.get(job.submission.key, 0) > 0:
            self.kills[job.submission.key] -= 1
            future.set_exception(self.error)
        else:
            future.set_result(process_pool.fault_result(job, "graded"))
        return future


@pytest.mark.parametrize("killer", "abcdef")
@pytest.mark.parametrize("workers", [1, 2, 5])
def test_a_dying_grader_costs_only_the_submission_that_it_had_in_hand(
    course: Path, monkeypatch: pytest.MonkeyPatch, killer: str, workers: int
) -> None:
    kills = {killer: 9}
    monkeypatch.setattr(process_pool, "local_lane", lambda: DyingExecutor(kills))
    jobs = [job(course, key) for key in "abcdef"]
    faults = {s.key: r.fault for s, r in grade_all(jobs, workers)}
    assert faults.pop(killer) == f"{TWICE} (nobody knows how)"
    assert faults == dict.fromkeys({*"abcdef"} - {killer}, "graded")
    assert kills[killer] == 9 - 2


def test_results_that_are_there_together_come_together(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kills = {"c": 1}
    monkeypatch.setattr(process_pool, "local_lane", lambda: DyingExecutor(kills))
    jobs = [job(course, key) for key in "abcde"]
    graded = [{s.key for s, _ in t} for t in process_pool.graded_together(jobs, 2)]
    # Two are asked at a time, and these are done at once.
    assert graded == [{"a", "b"}, {"d"}, {"e"}, {"c"}]


def test_what_a_grader_that_died_once_had_in_hand_is_graded_after_the_others(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kills = {"a": 1}
    monkeypatch.setattr(process_pool, "local_lane", lambda: DyingExecutor(kills))
    graded = grade_all([job(course, key) for key in "abc"], 1)
    assert [(s.key, r.fault) for s, r in graded] == [
        ("b", "graded"),
        ("c", "graded"),
        ("a", "graded"),
    ]


@pytest.mark.parametrize(
    ("error", "told", "tries"),
    [
        (MemoryError(), f"{TWICE} (its 4,096 MiB of memory were used up)", 2),
        (
            AuthoringError("q1.py:3", "is empty", "write"),
            "q1.py:3: is empty (write)",
            1,
        ),
        (KeyError("conv"), "KeyError: 'conv'", 1),
    ],
)
def test_what_a_grader_raises_is_told_of_the_submission_that_it_had_in_hand(
    course: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    told: str,
    tries: int,
) -> None:
    kills = {"a": 9}
    monkeypatch.setattr(process_pool, "local_lane", lambda: DyingExecutor(kills, error))
    results = {s.key: r for s, r in grade_all([job(course, k) for k in "ab"], 1)}
    assert {key: one.fault for key, one in results.items()} == {
        "a": told,
        "b": "graded",
    }
    assert kills["a"] == 9 - tries


def test_a_process_that_dies_before_it_has_read_its_job_keeps_nobody() -> None:
    lane = process_pool.local_lane()
    more_than_a_pipe_holds = b"x" * 2**20
    future = lane.submit(len, more_than_a_pipe_holds)
    thread = lane._executor_manager_thread  # type: ignore[attr-defined] # noqa: SLF001 who would wait
    (process,) = lane._processes.values()  # type: ignore[attr-defined] # noqa: SLF001
    process.kill()
    with pytest.raises(BrokenProcessPool):
        future.result(PATIENCE_SECONDS)
    lane.shutdown(wait=False)
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()


def test_the_result_of_a_fault_says_whose_it_is_and_has_no_mark(course: Path) -> None:
    one = job(course, "a")
    noticed = msgspec.structs.replace(one.submission, notices=("a file was ignored",))
    result = process_pool.fault_result(replace(one, submission=noticed), "why")
    assert (result.assignment, result.submission_key) == ("a0_scale", "a")
    assert (result.score, result.possible, result.verdict) == (None, 100, Verdict.FAULT)
    assert (result.fault, result.notices) == ("why", ("a file was ignored",))
    assert result.graded_at.tzinfo is not None


@pytest.mark.sandbox
def test_a_grader_that_is_really_killed_costs_only_what_it_had_in_hand(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_pool, "grade_job", kill_own_process_on_b)
    jobs = [job(course, key) for key in "abc"]
    faults = {s.key: r.fault for s, r in grade_all(jobs, 2)}
    assert faults.pop("b").startswith(f"{TWICE} (something killed it: was")
    assert faults == {"a": "", "c": ""}


def test_how_a_grader_ended_is_awaited_where_another_thread_was_told_first() -> None:
    grader = local_grader_that_is_killed()
    told = threading.Timer(0.3, grader.write_down)
    told.start()
    assert process_pool.exit_code(grader) == -signal.SIGKILL
    told.join()


class ToldToAnother(SpawnProcess):
    """A process that has ended, which the kernel tells once, and that to another."""

    def tell_another(self) -> None:
        popen = self._popen  # type: ignore[attr-defined]
        _, self.status = os.waitpid(popen.pid, 0)

    def write_down(self) -> None:
        popen = self._popen  # type: ignore[attr-defined]
        popen.returncode = os.waitstatus_to_exitcode(self.status)


def local_grader_that_is_killed() -> ToldToAnother:
    grader = ToldToAnother(target=time.sleep, args=(PATIENCE_SECONDS,))
    grader.start()
    grader.kill()
    grader.tell_another()
    return grader


def kill_own_process_on_b(job: Job) -> Result:
    if job.submission.key == "b":
        os.kill(os.getpid(), signal.SIGKILL)
    return grade_job(job)


def test_a_course_that_cannot_be_loaded_is_a_fault_of_ours(
    course: Path, edit: Edit
) -> None:
    jobs = [job(course, "a")]
    possible = load(course, "a0_scale").possible
    edit("solutions/a0_scale/reference.py", "GAIN = 1", "raise RuntimeError('broken')")
    ((_, result),) = grade_all(jobs, 1)
    assert result.verdict is Verdict.FAULT
    assert (result.score, result.possible) == (None, possible)
    assert "broken" in result.fault


def test_an_error_for_staff_comes_whole_from_a_grader_process() -> None:
    with (
        process_pool.local_lane() as lane,
        pytest.raises(AuthoringError, match=r"^tests/q1.py:3: is empty \(write it\)$"),
    ):
        lane.submit(find_an_empty_test).result()


def find_an_empty_test() -> None:
    raise AuthoringError("tests/q1.py:3", "is empty", "write it")
