"""Measure what right answers cost, for the limits of processor time.

The reference and every variant are graded one after the other, with hardly a limit; the
costliest of them gives each case its cost. One at a time, since company in the caches
makes processor time longer.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.authoring.prove import claims
from autograder.course.assignment import Assignment
from autograder.course.costs import FILE, CasePlace, Cost, Costs
from autograder.errors import AuthoringError
from autograder.grading.grade import grade
from autograder.records.results import Result, Verdict
from autograder.records.submission import Submission
from autograder.sandbox.asking import Asking
from autograder.sandbox.backends import isolated
from autograder.sandbox.launch import Starter
from autograder.sandbox.machine_speed import yardstick_seconds
from autograder.sandbox.session import Session

_RIGHT = ("reference", "variant")
_HARDLY_A_LIMIT = 3600.0
_LEAST = 0.001
"""Seconds; what is shorter is written as this."""


@dataclass
class Measured:
    """One right answer's processor time, by case."""

    name: str
    seconds: float = 0.0
    cases: dict[CasePlace, Cost] = field(default_factory=dict)


def count(assignment: Assignment) -> int:
    """Count the answers that `measure` will grade."""
    return len([*_right_answers(assignment)])


def measure(course: Path, assignment: Assignment) -> Iterator[Measured]:
    """Grade every right answer of an assignment, and yield what each took.

    Raises AuthoringError where one is not right: its time says nothing then
    """
    starter = isolated(course, assignment)
    for label, source in _right_answers(assignment):
        yield _measured(assignment, starter, label, source)


def costs_of(assignment: Assignment, measured: list[Measured]) -> Costs:
    """Return the costliest right answer to each case, and altogether."""
    slowest = max(measured, key=lambda one: one.seconds)
    question: dict[str, dict[str, Cost]] = {}
    for entry in assignment.manifest.question:
        for case in assignment.cases[entry.name]:
            place = (entry.name, case.source.name)
            found = [one.cases[place] for one in measured if place in one.cases]
            if found:
                costliest = max(found, key=lambda cost: cost.seconds)
                question.setdefault(entry.name, {})[case.source.name] = costliest
    return Costs(
        yardstick_seconds=yardstick_seconds(),
        submission=Cost(seconds=slowest.seconds, by=slowest.name),
        question=question,
    )


def write(assignment: Assignment, costs: Costs) -> Path:
    """Write ``costs.toml`` of an assignment, and return where it lies."""
    path = assignment.secret / FILE
    path.write_text(costs.to_toml(assignment.name), encoding="utf-8")
    return path


class _Noting(Session):
    """A session that keeps what each case took."""

    measured: Measured
    _place: CasePlace | None = None

    def begin_case(self, place: CasePlace | None = None) -> None:
        """Write down the case before."""
        self._keep()
        super().begin_case(place)
        self._place = place

    def close(self) -> None:
        """Write down the last case."""
        self._keep()
        self._place = None
        super().close()

    def _keep(self) -> None:
        if self._place is not None:
            self.measured.cases[self._place] = Cost(
                seconds=max(self.case_seconds, _LEAST),
                calls=self.case_calls,
                by=self.measured.name,
            )


def _right_answers(assignment: Assignment) -> Iterator[tuple[str, str]]:
    for claim in claims(assignment, with_mutants=False):
        if claim.kind in _RIGHT:
            yield claim.name, claim.source


def _measured(
    assignment: Assignment, starter: Starter, label: str, text: str
) -> Measured:
    measured = Measured(label)

    def session(source: bytes, asking: Asking | None = None) -> Session:
        noting = _Noting(
            starter.start,
            assignment.manifest.file,
            source,
            seconds_per_case=_HARDLY_A_LIMIT,
            seconds_total=_HARDLY_A_LIMIT,
            signatures=assignment.signatures,
            packages=assignment.manifest.packages,
            asking=asking,
        )
        noting.measured = measured
        return noting

    submission = Submission(
        key=f"measure-{label}",
        lms_id="",
        student_name=label,
        roster_id=None,
        attempt=1,
        submitted_at=None,
        files={assignment.manifest.file: text.encode()},
    )
    result = grade(
        assignment,
        submission,
        secret=b"measure",
        session=session,
        isolation=starter.isolation,
    )
    if result.verdict is not Verdict.PASSED:
        raise AuthoringError(
            assignment.secret,
            f"{label} is not right: {_why(result)}",
            f"run: autograder prove {assignment.name} --only variant",
        )
    measured.seconds = result.cpu_seconds or 0.0
    return measured


def _why(result: Result) -> str:
    failed = (
        f"{q.name}: {c.name} ({c.message.splitlines()[-1]})"
        for q in result.questions
        for c in q.cases
        if c.verdict is Verdict.FAILED
    )
    return result.fault or next(failed, "it lost no case")
