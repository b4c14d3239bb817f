"""A busy machine costs no mark, and remarks without points cost none either."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.course.assignment import load
from autograder.course.costs import Cost, Costs
from autograder.grading.grader import Grader, Job
from autograder.records.results import Result, Verdict
from handed_in import handed_in

pytestmark = pytest.mark.sandbox

Edit = Callable[[str, str, str], None]
WORK = """import time


def _work(seconds):
    started = time.process_time()
    while time.process_time() - started < seconds:
        sum(range(1000))


def double(values):
    _work(0.5)
    return [2 * v for v in values]


def quadruple(values):
    return [4 * v for v in values]
"""


@pytest.fixture
def busy() -> Iterator[None]:
    """Eight processes that do nothing but compute."""
    line = [sys.executable, "-I", "-S", "-c", "while True: pass"]
    processes = [subprocess.Popen(line) for _ in range(8)]
    yield
    for process in processes:
        process.kill()
        process.wait()


def graded(course: Path, source: str) -> Result:
    submission = handed_in("a0_scale.py", source)
    job = Job(
        course=course, assignment="a0_scale", submission=submission, secret=b"s" * 32
    )
    with Grader() as grader:
        return grader.grade(job)


@pytest.mark.usefixtures("busy")
def test_honest_work_keeps_its_marks_beside_busy_processes(
    course: Path, edit: Edit
) -> None:
    # On a quiet machine half a second's work, here some seconds by the clock.
    edit("assignments/a0_scale/manifest.toml", "per_case = 5", "per_case = 1")
    result = graded(course, WORK)
    assert (result.score, result.fault) == (100, "")
    assert result.cpu_seconds is not None
    assert 1.0 < result.cpu_seconds < 4.0
    spent = [case.cpu_seconds for case in result.questions[0].cases]
    assert all(seconds is not None and seconds > 0.45 for seconds in spent)


def test_a_measured_case_may_take_more_than_the_manifests_least(
    course: Path, edit: Edit
) -> None:
    edit("assignments/a0_scale/manifest.toml", "per_case = 5", "per_case = 0.1")
    assert graded(course, WORK).score == 40
    slow = Cost(seconds=0.5, by="loops", calls=1)
    costs = Costs(
        yardstick_seconds=1000.0,
        submission=slow,
        question={"q1_double": {"one and two": slow, "random values": slow}},
    )
    path = load(course, "a0_scale").secret / "costs.toml"
    path.write_text(costs.to_toml("a0_scale"), encoding="utf-8")
    assert graded(course, WORK).score == 100


def test_a_remark_that_runs_out_of_time_leaves_its_question_all_right(
    course: Path, edit: Edit
) -> None:
    edit("assignments/a0_scale/manifest.toml", "per_case = 5", "per_case = 0.3")
    edit(
        "solutions/a0_scale/tests/q1_double.py",
        "reference.double(x))\n",
        "reference.double(x))\n\n\n"
        "@test_case(name='how fast', points=0, hidden=True)\n"
        "def test_speed(double):\n    double([7])\n",
    )
    loops = "    while len(values) == 1:\n        pass\n"
    result = graded(course, WORK.replace("    _work(0.5)\n", loops))
    assert (result.score, result.verdict) == (100, Verdict.PASSED)
    question = result.questions[0]
    assert question.verdict is Verdict.PASSED
    assert question.cases[2].kind == "timeout"
    assert "0.3 s of computing time of this case, or never ends" in (
        question.cases[2].message
    )
