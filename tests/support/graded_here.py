"""Grade without a worker: sources of a small course, and what came of them."""

from pathlib import Path
from typing import Any, cast

from autograder.course.assignment import load
from autograder.grading.grade import grade
from autograder.kinds import Kind
from autograder.records.results import CaseResult, QuestionResult, Result, Verdict
from autograder.records.submission import Submission
from autograder.sandbox.asking import Asking
from autograder.sandbox.session import Session
from in_process import InProcess

RIGHT = "def double(values):\n    return [2 * v for v in values]\n"
WRONG = "def double(values):\n    return [v * v for v in values]\n"
RIGHT_FOUR = "def quadruple(values):\n    return [4 * v for v in values]\n"
BUILT = "def quadruple(values):\n    return double(double(values))\n"
PUBLIC_TWO = "assignments/a0_scale/tests/q2_quadruple.py"
COMPARED = "    close(quadruple([1, 3]), [4, 12])\n"


class Sessions:
    """Opens sessions, and keeps them."""

    def __init__(self) -> None:
        self.opened: list[InProcess] = []

    def __call__(self, source: bytes, asking: Asking | None = None) -> Session:
        self.opened.append(InProcess(source, asking))
        return cast("Session", self.opened[-1])


def graded(
    course: Path, source: str | None, sessions: Sessions | None = None, **options: Any
) -> Result:
    submission = Submission(
        key="s1-1",
        lms_id="",
        student_name="Zoë Doe",
        roster_id="0012",
        attempt=1,
        submitted_at=None,
        files={} if source is None else {"a0_scale.py": source.encode()},
        notices=("a file was ignored",),
    )
    return grade(
        load(course, "a0_scale"),
        submission,
        secret=b"s" * 32,
        session=sessions or Sessions(),
        isolation="none",
        **options,
    )


def cases(result: Result, place: int) -> tuple[CaseResult, ...]:
    assert result.verdict is not Verdict.FAULT, result.fault
    return result.questions[place].cases


def kinds(result: Result, place: int) -> list[Kind]:
    return [case.kind for case in cases(result, place)]


def kept(result: Result, name: str) -> dict[str, QuestionResult]:
    return {q.name: q for q in result.questions if q.name == name}


class Clock:
    """Gives the times that are told, then the last one for ever."""

    def __init__(self, *times: float) -> None:
        self._times = [*times]

    def __call__(self) -> float:
        return self._times.pop(0) if self._times[1:] else self._times[0]
