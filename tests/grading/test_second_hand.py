"""Questions share a worker as long as all is right, and no mark depends on it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.grading import grader as module
from autograder.grading.grade import OTHER_ALONE
from autograder.grading.grader import Grader, Job
from autograder.kinds import Kind
from autograder.records.results import Result
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
TRIES_TWICE = """
import logging
first = bool(logging.root.handlers)
logging.basicConfig()
def quadruple(values):
    return [{first} * v for v in values] if first else [{second} * v for v in values]
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


def graded(course: Path, source: str) -> Result:
    submission = handed_in("a0_scale.py", source.encode(), "s")
    with Grader() as grader:
        return grader.grade(
            Job(
                course=course, assignment="a0_scale", submission=submission, secret=b"s"
            )
        )


def points(result: Result) -> list[float]:
    return [question.score for question in result.questions]


def test_right_questions_share_a_worker(course: Path, workers: list[object]) -> None:
    assert points(graded(course, RIGHT + RIGHT_FOUR)) == [60, 40]
    assert len(workers) == 1


@pytest.mark.parametrize(
    "does",
    ["return [5]", "raise ValueError", "__import__('os')._exit(0)", "return {1}"],
)
def test_what_another_question_left_there_costs_nothing_and_is_shown_to_staff(
    course: Path, workers: list[object], does: str
) -> None:
    result = graded(course, LEAVES + MEETS.format(does))
    assert points(result) == [60, 40]
    assert f"Four times: {OTHER_ALONE}" in result.flags
    assert len(workers) >= 2


def test_what_fails_in_a_fresh_worker_is_what_counts(
    course: Path, workers: list[object]
) -> None:
    source = LEAVES + MEETS.format("raise KeyError")
    wrong = source.replace("return [4 * v for v in values]", "return [5]")
    result = graded(course, wrong)
    assert points(result) == [60, 0]
    assert result.questions[1].cases[0].kind is Kind.SHAPE
    assert not any(OTHER_ALONE in flag for flag in result.flags)
    assert len(workers) == 2


def test_what_comes_after_a_wrong_question_has_a_fresh_worker(
    course: Path, workers: list[object]
) -> None:
    wrong = LEAVES.replace("[2 * v", "[3 * v") + MEETS.format("return [5]")
    result = graded(course, wrong)
    assert points(result) == [0, 40]
    assert not any(OTHER_ALONE in flag for flag in result.flags)
    assert len(workers) >= 2


@pytest.mark.parametrize(("first", "second"), [(3, 4), (4, 3), (4, 4), (3, 3)])
def test_no_second_try_stays_unseen(course: Path, first: int, second: int) -> None:
    source = RIGHT + TRIES_TWICE.format(first=first, second=second)
    result = graded(course, source)
    is_right = 4 in (first, second)
    assert points(result) == [60, 40 if is_right else 0]
    seen = any(OTHER_ALONE in flag for flag in result.flags)
    assert seen == ((first, second) == (3, 4))
