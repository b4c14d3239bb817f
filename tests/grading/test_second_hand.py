"""Questions share a worker as long as all is right, and no mark depends on it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.grading import grader as module
from autograder.grading.grader import Grader, Job
from autograder.kinds import Kind
from autograder.sandbox.process import Worker
from autograder.sandbox.session import Session
from graded_here import RIGHT, RIGHT_FOUR
from handed_in import handed_in

LEAVES = """
import numpy as np
def double(values):
    np.left_here = True
    return [2 * v for v in values]
"""
MEETS = """
def quadruple(values):
    if hasattr(np, "left_here"):
        {}
    return [4 * v for v in values]
"""

pytestmark = pytest.mark.sandbox


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every worker that a session was given."""
    taken: list[object] = []

    def session(start: Callable[[], Worker], *args: Any, **kwargs: Any) -> Session:
        def noted() -> Worker:
            taken.append(worker := start())
            return worker

        return Session(noted, *args, **kwargs)

    monkeypatch.setattr(module, "Session", session)
    return taken


def graded(course: Path, source: str) -> list[tuple[float, Kind]]:
    """Return each question's points, and of which kind its first case is."""
    submission = handed_in("a0_scale.py", source.encode(), "s")
    with Grader() as grader:
        result = grader.grade(
            Job(
                course=course, assignment="a0_scale", submission=submission, secret=b"s"
            )
        )
    return [(q.score, q.cases[0].kind) for q in result.questions]


def test_right_questions_share_a_worker(course: Path, workers: list[object]) -> None:
    assert [points for points, _ in graded(course, RIGHT + RIGHT_FOUR)] == [60, 40]
    assert len(workers) == 1


@pytest.mark.parametrize(
    "does",
    ["return [5]", "raise ValueError", "__import__('os')._exit(0)", "return {1}"],
)
def test_what_another_question_left_there_costs_nothing(
    course: Path, workers: list[object], does: str
) -> None:
    found = graded(course, LEAVES + MEETS.format(does))
    assert [points for points, _ in found] == [60, 40]
    assert len(workers) == 2


def test_what_fails_in_a_fresh_worker_is_what_counts(
    course: Path, workers: list[object]
) -> None:
    source = LEAVES + MEETS.format("raise KeyError")
    wrong = source.replace("return [4 * v for v in values]", "return [5]")
    (_, first), (points, kind) = graded(course, wrong)
    assert (first, points, kind) == (Kind.PASSED, 0, Kind.SHAPE)
    assert len(workers) == 2


def test_what_comes_after_a_wrong_question_has_a_fresh_worker(
    course: Path, workers: list[object]
) -> None:
    wrong = LEAVES.replace("[2 * v", "[3 * v") + MEETS.format("return [5]")
    assert [points for points, _ in graded(course, wrong)] == [0, 40]
    assert len(workers) >= 2
