"""What separates workers from this machine: chosen, and tried before grading."""

import math
import os
from pathlib import Path

from autograder.course.assignment import Assignment
from autograder.errors import GraderFault
from autograder.sandbox import bubblewrap, landlock_backend
from autograder.sandbox.bubblewrap import Sandbox
from autograder.sandbox.landlock_backend import Contained
from autograder.sandbox.launch import Starter
from autograder.sandbox.machine_speed import limits_here
from autograder.sandbox.selftest import check_isolation
from autograder.sandbox.zygote import Forking

COLD_START = "AUTOGRADER_COLD_START"
"""Set in the environment, it has every worker started on its own: for comparison."""
LAST_GUARD = 600
"""Seconds, beside four times those of a submission, after which the kernel ends it."""


def isolated(course: Path, assignment: Assignment) -> Starter:
    """Return what starts this assignment's workers: the strongest that works here.

    They are forked from a warm process unless `COLD_START` is set.
    Raises GraderFault where nothing does
    """
    manifest = assignment.manifest
    return strongest(
        manifest.packages,
        memory_mib=manifest.memory_mib,
        cpu_seconds=LAST_GUARD + math.ceil(4 * limits_here(assignment).submission),
        hidden=course / "solutions",
    )


def strongest(
    packages: tuple[str, ...], *, memory_mib: int, cpu_seconds: int, hidden: Path
) -> Starter:
    """Return what starts workers with these packages, as `isolated` does.

    hidden : a folder of which no worker may see anything
    """
    problem = bubblewrap.unavailable()
    kind: type[Sandbox | Contained] = Sandbox if problem is None else Contained
    if problem is not None and (second := landlock_backend.unavailable()):
        raise GraderFault(
            problem.place,
            f"{problem.problem}; nor can workers be contained without it: {second}",
            problem.remedy,
        ) from problem
    cold = kind(
        packages=packages,
        memory_mib=memory_mib,
        cpu_seconds=cpu_seconds,
        hidden_paths=(hidden,),
    )
    return cold if os.environ.get(COLD_START) else Forking(cold=cold)


def refuse_where_not_isolated(
    course: Path, assignment: Assignment, *, grades_too: bool = False
) -> None:
    """Raise GraderFault where a submission could do what it must not.

    grades_too : this process will want workers itself, so what is warm is kept
    """
    starter = isolated(course, assignment)
    try:
        holes = check_isolation(starter)
    finally:
        if isinstance(starter, Forking) and not grades_too:
            starter.close()
    if holes:
        raise GraderFault(
            "sandbox",
            f"a submission could: {'; '.join(holes)}",
            "nothing was graded; mend the sandbox, see docs/instructors.md",
        )
