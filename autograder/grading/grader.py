"""What one process needs to grade submission after submission."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Self

from autograder.course import assignment as assignments
from autograder.course.assignment import Assignment
from autograder.grading.grade import grade
from autograder.grading.meter import Meter, NoMeter, age, this_process
from autograder.grading.metered_session import MeteredSession, metered_start
from autograder.records.profile import Part, Profile, ProfiledResult, Seconds
from autograder.records.results import QuestionResult, Result, same_outcome
from autograder.records.submission import Submission
from autograder.sandbox.asking import Asking
from autograder.sandbox.backends import isolated
from autograder.sandbox.budget import Deaths
from autograder.sandbox.machine_speed import limits_here
from autograder.sandbox.plain_process import Unisolated
from autograder.sandbox.prestart import WarmStarter
from autograder.sandbox.session import Session


@dataclass(frozen=True, kw_only=True)
class Job:
    """One submission to grade.

    stop_when_lost : leave off at the first failed case (for proofs)
    only : the questions that are asked, all where None (for proofs)
    seconds_per_case : of processor time, instead of the measured limits
    profile : measure where the time goes, and give a `ProfiledResult`
    before : for a regrade, the result of which only `touched` questions are run again
    """

    course: Path
    assignment: str
    submission: Submission
    secret: bytes
    isolated: bool = True
    stop_when_lost: bool = False
    only: frozenset[str] | None = None
    seconds_per_case: float | None = None
    profile: bool = False
    before: Result | None = None
    touched: frozenset[str] = frozenset()


class Grader:
    """Loads every assignment once, and keeps a worker warm for each."""

    def __init__(self) -> None:
        self._assignments: dict[tuple[Path, str], Assignment] = {}
        self._starters: dict[tuple[Path, str, bool], WarmStarter] = {}
        self._has_graded = False

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the workers that wait."""
        self.close()

    def close(self) -> None:
        """End the workers that wait."""
        for starter in self._starters.values():
            starter.close()
        self._starters.clear()

    def grade(self, job: Job) -> Result:
        """Grade one submission.

        In a regrade a mark is only ever moved by a whole run: where the touched
        questions alone give another outcome than before, all are run
        """
        result = self._profiled(job) if job.profile else self._graded(job, None)
        self._has_graded = True
        return result

    def _profiled(self, job: Job) -> ProfiledResult:
        begun = Seconds()
        if not self._has_graded:
            begun = Seconds(cpu=time.process_time(), wall=age())
        beside, meter = self._beside(), Meter()
        result = self._graded(job, meter)
        meter.add(Part.START, Seconds(cpu=max(self._beside() - beside, 0.0)))
        return ProfiledResult(
            **{name: getattr(result, name) for name in Result.__struct_fields__},
            profile=Profile(
                grader=this_process(),
                born=time.time() - age(),
                begun=begun,
                parts=meter.spent,
            ),
        )

    def _beside(self) -> float:
        """Return what was computed for workers that are to come, in seconds.

        By threads of this process beside the one that grades, and by zygotes
        """
        zygotes = sum(starter.zygote_seconds for starter in self._starters.values())
        return time.process_time() - time.thread_time() + zygotes

    def _graded(self, job: Job, meter: Meter | None) -> Result:
        if job.before is not None:
            stand = [q for q in job.before.questions if q.name not in job.touched]
            result = self._grade(job, {q.name: q for q in stand}, meter)
            if same_outcome(job.before, result):
                return result
        return self._grade(job, {}, meter)

    def _grade(
        self, job: Job, kept: Mapping[str, QuestionResult], meter: Meter | None
    ) -> Result:
        with (meter or NoMeter()).of(Part.START):
            assignment = self._assignment(job)
            limits = limits_here(assignment)
            starter = self._starter(job, assignment)
        manifest = assignment.manifest
        deaths = Deaths()
        take = metered_start(meter, starter.take) if meter else starter.take
        opened: Callable[..., Session] = (
            partial(MeteredSession, meter) if meter else Session
        )

        def session(source: bytes, asking: Asking | None = None) -> Session:
            return opened(
                take,
                manifest.file,
                source,
                seconds_per_case=job.seconds_per_case or limits.case.seconds,
                seconds_total=limits.submission,
                limits={} if job.seconds_per_case else limits.cases,
                signatures=assignment.signatures,
                packages=manifest.packages,
                asking=asking,
                is_cheap=starter.is_cheap,
                deaths=deaths,
            )

        return grade(
            assignment,
            job.submission,
            secret=job.secret,
            session=session,
            isolation=starter.isolation,
            stop_when_lost=job.stop_when_lost,
            only=job.only,
            kept=kept,
            meter=meter,
        )

    def _assignment(self, job: Job) -> Assignment:
        key = (job.course, job.assignment)
        if key not in self._assignments:
            self._assignments[key] = assignments.load(*key)
        return self._assignments[key]

    def _starter(self, job: Job, assignment: Assignment) -> WarmStarter:
        key = (job.course, job.assignment, job.isolated)
        if key not in self._starters:
            self._starters[key] = WarmStarter(
                isolated(job.course, assignment)
                if job.isolated
                else Unisolated(packages=assignment.manifest.packages)
            )
        return self._starters[key]


def grade_job(job: Job) -> Result:
    """Grade one submission with the grader of this process: what a pool is given."""
    return _grader_of_this_process().grade(job)


@lru_cache(maxsize=1)
def _grader_of_this_process() -> Grader:
    return Grader()
