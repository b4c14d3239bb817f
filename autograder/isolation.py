"""What separates workers from this machine: chosen once, and tried before grading."""

from pathlib import Path

from autograder.assignment import Assignment
from autograder.errors import GraderFault
from autograder.sandbox import Sandbox
from autograder.selftest import check_isolation


def isolated(course: Path, assignment: Assignment) -> Sandbox:
    """Return what starts this assignment's workers."""
    return Sandbox(
        packages=assignment.manifest.packages,
        memory_mib=assignment.manifest.memory_mib,
        hidden_paths=(course / "solutions",),
    )


def refuse_where_not_isolated(course: Path, assignment: Assignment) -> None:
    """Raise GraderFault where a submission could do what it must not."""
    holes = check_isolation(isolated(course, assignment))
    if holes:
        raise GraderFault(
            "sandbox",
            f"a submission could: {'; '.join(holes)}",
            "nothing was graded; mend the sandbox, see docs/instructors.md",
        )
