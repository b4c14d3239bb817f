"""The jobs of a run: graded here or by a cluster, each result stored at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from autograder.course.assignment import Assignment
from autograder.grading.grader import Job
from autograder.grading.share_out import share_out
from autograder.records.dependencies import Inputs
from autograder.records.ledger import Ledger
from autograder.records.profile import Part
from autograder.records.submission import Submission
from autograder.runs.run_meter import Unwatched, Watching
from autograder.sandbox.backends import refuse_where_not_isolated


class Workplace(Protocol):
    """Where the work is to be done, of what `grade` or `regrade` was place."""

    @property
    def course(self) -> Path:
        """The folder with assignments and solutions."""

    @property
    def no_sandbox(self) -> bool:
        """Whether submissions run without isolation."""

    @property
    def workers(self) -> int:
        """Submissions graded at a time, on this machine."""

    @property
    def scheduler(self) -> str | None:
        """The address of a cluster's, whose machines grade instead."""


@dataclass(frozen=True, kw_only=True)
class Listener:
    """Who is told how it goes.

    planned, done : the number of submissions, and each one that is finished
    told : a line about each machine of a cluster that comes or goes
    """

    planned: Callable[[int], None]
    done: Callable[[], None]
    told: Callable[[str], None]


def refuse_an_unsafe_machine(place: Workplace, assignment: Assignment) -> None:
    """Raise GraderFault where submissions are to run here and could do harm.

    The machines of a cluster are tried there
    """
    if not place.no_sandbox and place.scheduler is None:
        refuse_where_not_isolated(place.course, assignment)


def grade_and_store(
    place: Workplace,
    jobs: Sequence[Job],
    inputs_of: Callable[[Submission], Inputs],
    ledger: Ledger,
    run: int,
    listener: Listener,
    watch: Watching | None = None,
) -> None:
    """Grade every job of one assignment, store each result at once, and end the run.

    inputs_of : what decides the result of a submission
    watch : sees the run go by, where a profile of it is wanted
    """
    watch = watch or Unwatched()
    graded = share_out(
        jobs, workers=place.workers, scheduler=place.scheduler, told=listener.told
    )
    for together in watch.results(graded):
        with watch.of(Part.LEDGER):
            ledger.add_all(((s, r, inputs_of(s)) for s, r in together), run=run)
        for _ in together:
            listener.done()
    with watch.of(Part.LEDGER):
        ledger.end_run(run)
