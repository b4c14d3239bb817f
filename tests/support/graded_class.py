"""Graded submissions of conftest's course, made up from which cases pass."""

from datetime import UTC, datetime
from typing import Any

from autograder.kinds import Kind
from autograder.records.entries import Entry
from autograder.records.results import CaseResult, QuestionResult, Result, Verdict
from autograder.records.submission import Clock, Submission

CASES = (
    ("q1_double", "one and two", 30.0),
    ("q1_double", "random values", 30.0),
    ("q2_quadruple", "one and three", 20.0),
    ("q2_quadruple", "random values", 20.0),
)
"""The cases of conftest's course, with their points."""
DUE = datetime(2026, 10, 9, 12)  # noqa: DTZ001 the LMS's local time


def entry(student: str, passes: str, **changes: Any) -> Entry:
    """Return a graded submission.

    passes : a digit a case of `CASES`, 1 where it passes
    changes : fields of the result, or of the submission
    """
    ours = set(Submission.__struct_fields__) - {"key", "notices"}
    fields: dict[str, Any] = {
        "key": f"k-{student}-{changes.get('attempt', 1)}",
        "lms_id": "",
        "student_name": f"Name {student}",
        "roster_id": student,
        "attempt": 1,
        "submitted_at": DUE,
        "clock": Clock.LOCAL,
        "files": {},
    }
    submission = Submission(
        **(fields | {k: v for k, v in changes.items() if k in ours})
    )
    questions = tuple(
        question(name, passes[place : place + 2])
        for place, name in ((0, "q1_double"), (2, "q2_quadruple"))
    )
    result: dict[str, Any] = {
        "assignment": "a0_scale",
        "submission_key": submission.key,
        "score": sum(q.score for q in questions),
        "possible": 100.0,
        "verdict": Verdict.PASSED if passes == "1111" else Verdict.FAILED,
        "questions": questions,
        "graded_at": datetime(2026, 10, 10, tzinfo=UTC),
        "isolation": "bubblewrap",
    }
    told = {k: v for k, v in changes.items() if k not in ours}
    return Entry(submission, Result(**(result | told)), "hash")


def question(name: str, passes: str, **changes: Any) -> QuestionResult:
    cases = tuple(
        CaseResult(
            name=case,
            hidden=case == "random values",
            points=points,
            verdict=Verdict.PASSED if passed == "1" else Verdict.FAILED,
            kind=Kind.PASSED if passed == "1" else Kind.VALUE,
        )
        for (of, case, points), passed in zip(
            [c for c in CASES if c[0] == name], passes, strict=True
        )
        if of == name
    )
    fields: dict[str, Any] = {
        "name": name,
        "title": name,
        "score": sum(c.points for c in cases if c.verdict is Verdict.PASSED),
        "possible": sum(c.points for c in cases),
        "verdict": Verdict.PASSED if passes == "11" else Verdict.FAILED,
        "cases": cases,
    }
    return QuestionResult(**(fields | changes))
