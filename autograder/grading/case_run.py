"""One submission being graded, and one case of its assignment run on it."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from checks import collected_notes, use_seed

from autograder.course.assignment import Assignment, Case, Question
from autograder.grading.diagnosis import AskedCase
from autograder.grading.proxy import FunctionProxy, Recorder
from autograder.records.results import QuestionResult, Verdict
from autograder.records.submission import Submission
from autograder.sandbox.session import Session


@dataclass
class Attempt:
    """One submission being graded: what its cases share.

    secret : the run's key, from which every case's seed is drawn
    stop_when_lost : leave off at the first failed case (for proofs)
    kept : results of questions that stand and are not run again
    asked : of the question being graded, what each case so far has asked
    """

    assignment: Assignment
    submission: Submission
    session: Session
    secret: bytes
    stop_when_lost: bool = False
    kept: Mapping[str, QuestionResult] = field(default_factory=dict)
    graded: dict[str, QuestionResult] = field(default_factory=dict)
    asked: list[AskedCase] = field(default_factory=list)

    @property
    def lost(self) -> bool:
        """A case has failed, and that is all the caller wants to know."""
        return self.stop_when_lost and any(
            q.verdict is Verdict.FAILED for q in self.graded.values()
        )

    def seed(self, question: str, case: str) -> int:
        """Return the student's secret seed for a case: the same at every regrade.

        Those who handed in together share it, so that they get one mark.
        """
        submission = self.submission
        student = submission.shared_by or submission.roster_id or submission.key
        text = f"{student}\0{self.assignment.name}\0{question}\0{case}"
        return seed_of(self.secret, text)


def seed_of(secret: bytes, text: str) -> int:
    """Return a seed of 48 bits that nobody without the secret can know."""
    mac = hmac.new(secret, text.encode(), hashlib.sha256)
    return int.from_bytes(mac.digest()[:6], "big")


def run_case(
    attempt: Attempt,
    question: Question,
    case: Case,
    recorder: Recorder,
    reference: ModuleType,
) -> None:
    """Run a case on the student's functions; raises what it raises.

    reference : what hidden cases compare with
    """
    attempt.session.begin_case((question.name, case.source.name))
    student = {
        name: FunctionProxy(name, recorder)
        for name in (*question.functions, *question.builds_on)
    }
    seed = attempt.seed(question.name, case.source.name)
    _run(attempt.assignment, case, student, reference, seed)


def holds_for_the_reference(
    assignment: Assignment, question: Question, case: Case, seed: int
) -> bool:
    """Tell whether a case passes with the reference's own functions, run here."""
    reference = assignment.reference
    own = {
        name: getattr(reference, name)
        for name in (*question.functions, *question.builds_on)
    }
    try:
        with collected_notes():
            _run(assignment, case, own, reference, seed)
    except Exception:  # noqa: BLE001 a broken test breaks in any way
        return False
    return True


def _run(
    assignment: Assignment,
    case: Case,
    functions: Mapping[str, Any],
    reference: ModuleType,
    seed: int,
) -> None:
    environment: dict[str, Any] = {**functions, "reference": reference}
    environment |= assignment.secrets.environment()
    with use_seed(seed):
        case.run.call_func(environment)
