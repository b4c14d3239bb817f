"""What grading one submission gives: frozen values that the ledger keeps as JSON."""

import enum
import math
from collections.abc import Iterable
from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

from autograder.kinds import Kind
from autograder.records.pictures import Picture


class Verdict(enum.Enum):
    """Passed, failed (the student's doing), or fault (ours: never a zero)."""

    PASSED = "passed"
    FAILED = "failed"
    FAULT = "fault"


class Diagnosis(msgspec.Struct, frozen=True, kw_only=True):
    """A misconception that explains a wrong answer.

    name : the misconception's name in ``misconceptions.toml``
    message : the sentence that the student reads
    see : where to read on, a section of the handout
    """

    name: str
    message: str
    see: str = ""


Kept: TypeAlias = float | Literal["nan", "inf", "-inf"] | None
"""A number as JSON keeps it, which has no word for what is not finite.

An older ledger has None in these places. ``np.array(…, np.float64)`` reads them all.
"""


def kept(value: float) -> Kept:
    """Return a number so that the ledger gives it back.

    >>> kept(1.5), kept(float("-inf")), kept(float("nan"))
    (1.5, '-inf', 'nan')
    """
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Expected against actual of a public case, small enough to plot.

    expected, actual : flattened real values; shape : their common shape, or None where
    the two shapes differ
    """

    call: str
    expected: tuple[Kept, ...]
    actual: tuple[Kept, ...]
    expected_shape: tuple[int, ...]
    actual_shape: tuple[int, ...]


class CaseResult(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict on one ``@test_case``.

    kind : how it came out
    message : what the student reads; coarse where the case is hidden
    misconceptions : names of those that explain this case's answers
    carried_from : earlier functions in whose place right ones stood when the case held
    replay : one shell line that runs this public case with the same inputs, or ""
    pictures : pictures that the case offers, of a hidden case too: they hold no answer
    cpu_seconds : what the worker computed for it, None where not known; wall_seconds :
        how long it took, the grader's work and the machine's other work included
    """

    name: str
    hidden: bool
    points: float
    verdict: Verdict
    kind: Kind
    message: str = ""
    misconceptions: tuple[str, ...] = ()
    carried_from: str = ""
    replay: str = ""
    comparison: Comparison | None = None
    # By this name older ledgers have them.
    pictures: tuple[Picture, ...] = msgspec.field(default=(), name="exhibits")
    wall_seconds: float = 0.0
    cpu_seconds: float | None = None


class QuestionResult(msgspec.Struct, frozen=True, kw_only=True):
    """One question's cases, public ones first, and what explains the lost points."""

    name: str
    title: str
    score: float
    possible: float
    verdict: Verdict
    cases: tuple[CaseResult, ...]
    diagnoses: tuple[Diagnosis, ...] = ()
    flags: tuple[str, ...] = ()


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One submission graded once.

    score : sum of the questions' scores, or None where the verdict is a fault
    notices : remarks about the files (a wrong name, ignored members), for student and
        staff; flags : remarks for staff only
    wall_seconds, cpu_seconds : as of a case, for all of them
    peak_memory_mib : the most that its workers had in use, or None where not known
    """

    assignment: str
    submission_key: str
    score: float | None
    possible: float
    verdict: Verdict
    questions: tuple[QuestionResult, ...]
    notices: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    fault: str = ""
    wall_seconds: float = 0.0
    cpu_seconds: float | None = None
    peak_memory_mib: float | None = None
    graded_at: datetime
    isolation: str = ""


def lost_to(question: QuestionResult, name: str) -> float:
    """Return the points of the failed cases that a misconception explains."""
    return sum(
        case.points
        for case in question.cases
        if case.verdict is Verdict.FAILED and name in case.misconceptions
    )


def recognised(
    questions: Iterable[QuestionResult],
) -> list[tuple[QuestionResult, Diagnosis]]:
    """Return every diagnosis with its question, what costs most points first."""
    found = [(question, d) for question in questions for d in question.diagnoses]
    return sorted(found, key=lambda pair: -lost_to(pair[0], pair[1].name))


def same_outcome(before: Result | None, after: Result) -> bool:
    """Tell whether two results are one in score, flags and the outcome of each case."""
    if before is None:
        return False
    same = (before.score, before.possible, before.flags) == (
        after.score,
        after.possible,
        after.flags,
    )
    return same and _outcomes(before) == _outcomes(after)


def cases_of(result: Result) -> dict[tuple[str, str], CaseResult]:
    """Return every case by its question's name and its own."""
    return {(q.name, c.name): c for q in result.questions for c in q.cases}


def outcome_of(case: CaseResult | None) -> tuple[object, ...]:
    """Return what a mark is made of in a case; empty where there is none."""
    return (case.verdict, case.points, case.kind) if case else ()


def _outcomes(result: Result) -> dict[tuple[str, str], tuple[object, ...]]:
    return {place: outcome_of(case) for place, case in cases_of(result).items()}
