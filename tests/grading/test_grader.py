"""A mark is moved by a whole run only; assignments are loaded and workers kept once."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from autograder.course import assignment as assignments
from autograder.course.assignment import load
from autograder.grading import grader as module
from autograder.grading.grader import Grader, Job
from autograder.kinds import Kind
from autograder.records.results import CaseResult, QuestionResult, Result, Verdict
from autograder.records.submission import Submission

SUBMISSION = Submission(
    key="s-1",
    lms_id="",
    student_name="Ada",
    roster_id="0012",
    attempt=1,
    submitted_at=None,
    files={"a0_scale.py": b"x = 1"},
)

ONE = frozenset({"q1_double"})


def question(name: str, *, passed: bool = True) -> QuestionResult:
    verdict = Verdict.PASSED if passed else Verdict.FAILED
    case = CaseResult(
        name="one",
        hidden=False,
        points=5.0,
        verdict=verdict,
        kind=Kind.PASSED if passed else Kind.VALUE,
    )
    return QuestionResult(
        name=name,
        title=name,
        score=5.0 if passed else 0.0,
        possible=5.0,
        verdict=verdict,
        cases=(case,),
    )


def result(*questions: QuestionResult, isolation: str = "") -> Result:
    return Result(
        assignment="a0_scale",
        submission_key="s-1",
        score=sum(q.score for q in questions),
        possible=10.0,
        verdict=Verdict.FAILED,
        questions=questions,
        graded_at=datetime(2026, 11, 23, tzinfo=UTC),
        isolation=isolation,
    )


class Runs:
    """What the grader asked for, with given results in the place of grading."""

    def __init__(self) -> None:
        self.results: list[Result] = []
        self.asked: list[dict[str, Any]] = []
        self.sessions: list[dict[str, Any]] = []
        self.starters: list[Any] = []
        self.loaded: list[tuple[Any, ...]] = []

    def grade(self, assignment: Any, submission: Submission, **options: Any) -> Result:
        self.asked.append(
            {"assignment": assignment, "submission": submission} | options
        )
        options["session"](b"source", "asking")
        return self.results.pop(0)

    def session(self, *given: Any, **options: Any) -> None:
        self.sessions.append({"given": given} | options)

    def load(self, *key: Any) -> Any:
        self.loaded.append(key)
        return load(*key)

    def starter(self, backend: Any) -> Any:
        made = SimpleNamespace(backend=backend, isolation=str(backend), closed=0)
        made.take, made.is_cheap = "take", True
        made.close = lambda: setattr(made, "closed", made.closed + 1)
        self.starters.append(made)
        return made


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    made = Runs()
    limits = SimpleNamespace(
        case=SimpleNamespace(seconds=7.0), submission=70.0, cases={("q", "c"): "limit"}
    )
    for name, fake in (
        ("grade", made.grade),
        ("Session", made.session),
        ("WarmStarter", made.starter),
        ("isolated", lambda *_: "a sandbox"),
        ("Unisolated", lambda packages: f"none, with {', '.join(packages)}"),
        ("limits_here", lambda _: limits),
    ):
        monkeypatch.setattr(module, name, fake)
    monkeypatch.setattr(assignments, "load", made.load)
    return made


def job(course: Path, **changes: Any) -> Job:
    plain = Job(
        course=course, assignment="a0_scale", submission=SUBMISSION, secret=b"s"
    )
    return replace(plain, **changes)


def test_a_submission_is_graded_with_its_own_limits(course: Path, runs: Runs) -> None:
    runs.results = [result(question("q1_double"))]
    with Grader() as grader:
        assert grader.grade(job(course)).score == 5.0
    (asked,) = runs.asked
    assert asked["assignment"].name == "a0_scale"
    assert asked["submission"] is SUBMISSION
    assert (asked["secret"], asked["kept"]) == (b"s", {})
    assert (asked["isolation"], asked["stop_when_lost"]) == ("a sandbox", False)
    assert asked["only"] is None
    (session,) = runs.sessions
    assert session["given"] == ("take", "a0_scale.py", b"source")
    assert (session["seconds_per_case"], session["seconds_total"]) == (7.0, 70.0)
    assert session["limits"] == {("q", "c"): "limit"}
    assert session["asking"] == "asking"
    assert session["is_cheap"] is True
    assert session["packages"] == asked["assignment"].manifest.packages
    assert session["signatures"] == asked["assignment"].signatures


def test_all_workers_of_a_submission_are_counted_together(
    course: Path, runs: Runs
) -> None:
    runs.results = [result(), result()]
    with Grader() as grader:
        for asked in range(2):
            grader.grade(job(course))
            runs.asked[asked]["session"](b"the reference")
    deaths = [session["deaths"] for session in runs.sessions]
    assert deaths[0] is deaths[1] is not deaths[2]
    assert deaths[2] is deaths[3]


def test_a_limit_that_is_asked_for_holds_for_every_case(
    course: Path, runs: Runs
) -> None:
    runs.results = [result()]
    with Grader() as grader:
        grader.grade(job(course, seconds_per_case=0.5, stop_when_lost=True, only=ONE))
    (session,) = runs.sessions
    assert (session["seconds_per_case"], session["limits"]) == (0.5, {})
    assert (runs.asked[0]["stop_when_lost"], runs.asked[0]["only"]) == (True, ONE)


def test_what_a_change_does_not_reach_is_kept_where_the_outcome_is_the_same(
    course: Path, runs: Runs
) -> None:
    first, second = question("q1_double"), question("q2_quadruple")
    again = result(first, second, isolation="again")
    runs.results = [again]
    before = result(first, second)
    with Grader() as grader:
        found = grader.grade(
            job(course, before=before, touched=frozenset({"q1_double"}))
        )
    assert found is again
    assert [asked["kept"] for asked in runs.asked] == [{"q2_quadruple": second}]


def test_a_mark_that_would_move_is_moved_by_a_whole_run(
    course: Path, runs: Runs
) -> None:
    first, second = question("q1_double"), question("q2_quadruple")
    moved = result(question("q1_double", passed=False), second)
    whole = msgspec.structs.replace(moved, isolation="whole")
    runs.results = [moved, whole]
    with Grader() as grader:
        found = grader.grade(
            job(
                course,
                before=result(first, second),
                touched=frozenset({"q1_double"}),
            )
        )
    assert found is whole
    assert [sorted(asked["kept"]) for asked in runs.asked] == [["q2_quadruple"], []]


def test_an_assignment_is_loaded_once_and_each_kind_of_worker_kept_once(
    course: Path, runs: Runs
) -> None:
    runs.results = [result() for _ in range(4)]
    with Grader() as grader:
        for isolated in (True, True, False, False):
            grader.grade(job(course, isolated=isolated))
        assert [s.backend for s in runs.starters] == ["a sandbox", "none, with numpy"]
        assert runs.loaded == [(course, "a0_scale")]
        assert [a["isolation"] for a in runs.asked[1:3]] == [
            "a sandbox",
            "none, with numpy",
        ]
        assert [s.closed for s in runs.starters] == [0, 0]
    assert [s.closed for s in runs.starters] == [1, 1]
    grader.close()
    assert [s.closed for s in runs.starters] == [1, 1]
