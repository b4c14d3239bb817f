"""One submission being graded: what its questions share, and every case's seed."""

import hashlib
import hmac
import time
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from checks import collected_notes, use_seed

from autograder.course.assignment import Assignment, Case, Question
from autograder.grading.meter import Metering, NoMeter
from autograder.grading.proxy import Room
from autograder.own_time import OutOfOwnTimeError, own_time
from autograder.records.results import QuestionResult
from autograder.records.submission import Submission

OWN_SECONDS = 120.0
"""What the grader may compute itself for one case, all references included."""
OWN_SECONDS_IN_ALL = 600.0
"""The same for all cases of a submission together: a right one takes a few seconds."""
_LEAST_SECONDS = 2.0
"""So much every case has, however much those before it took."""


@dataclass
class OwnSeconds:
    """What the grader may still compute itself for the cases of a submission."""

    left: float = OWN_SECONDS_IN_ALL

    @contextmanager
    def of_a_case(self) -> Iterator[None]:
        """Let a case take its time of what is left; raises OutOfOwnTimeError."""
        began = time.process_time()
        try:
            with own_time(min(OWN_SECONDS, max(self.left, _LEAST_SECONDS))):
                yield
        finally:
            self.left -= time.process_time() - began


@dataclass(frozen=True, kw_only=True)
class GradingRun:
    """One submission being graded: what its questions share.

    secret : the run's key, from which every case's seed is drawn
    stop_when_lost : leave off at the first failed case (for proofs)
    only : the questions that are asked, all where None (for proofs)
    kept : results of questions that stand and are not run again
    room : for the calls of all its cases; own_seconds : of the grader, for them
    meter : is told what time goes to
    """

    assignment: Assignment
    submission: Submission
    secret: bytes
    stop_when_lost: bool = False
    only: AbstractSet[str] | None = None
    kept: Mapping[str, QuestionResult] = field(default_factory=dict)
    room: Room = field(default_factory=Room)
    own_seconds: OwnSeconds = field(default_factory=OwnSeconds)
    meter: Metering = field(default_factory=NoMeter)

    def asks(self, question: Question) -> bool:
        """Tell whether a question is to be run."""
        asked = self.only is None or question.name in self.only
        return asked and question.name not in self.kept

    def seed(self, question: Question, case: Case) -> int:
        """Return the student's secret seed for a case: the same at every regrade.

        Those who handed in together share it, so that they get one mark.
        """
        student = self.submission.meets_inputs_of
        place = f"{self.assignment.name}\0{question.name}\0{case.source.name}"
        return seed_of(self.secret, f"{student}\0{place}")


def seed_of(secret: bytes, text: str) -> int:
    """Return a seed of 48 bits that nobody without the secret can know."""
    mac = hmac.new(secret, text.encode(), hashlib.sha256)
    return int.from_bytes(mac.digest()[:6], "big")


def run_case(
    assignment: Assignment,
    case: Case,
    functions: Mapping[str, Any],
    reference: ModuleType,
    seed: int,
) -> None:
    """Run a case on functions, or on proxies of them; raises what it raises.

    functions : those of its question, and those that it builds on, by name
    reference : what hidden cases compare with
    """
    environment: dict[str, Any] = {**functions, "reference": reference}
    environment |= assignment.secrets.environment()
    with use_seed(seed):
        case.run(environment)


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
        with collected_notes(), own_time(OWN_SECONDS):
            run_case(assignment, case, own, reference, seed)
    except (Exception, SystemExit, OutOfOwnTimeError):  # noqa: BLE001 a broken test breaks in any way
        return False
    return True
