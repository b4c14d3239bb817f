"""Grade the one submission that a package is given, as in a run over a class."""

from pathlib import Path
from typing import Annotated, Literal, Self

import msgspec

from autograder.course import assignment as assignments
from autograder.course.assignment import Assignment
from autograder.errors import GraderFault, StaffError
from autograder.grading.grader import Grader, Job
from autograder.records.results import Result, Verdict
from autograder.records.submission import Submission
from autograder.sandbox.backends import refuse_where_not_isolated

MANIFEST = "package.json"
SECRET = "^([0-9a-f]{2}){32}$"  # noqa: S105 what one looks like
Visibility = Literal["after_published", "hidden"]


class Package(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``package.json``: what the zip was made of.

    secret : key of the students' seeds, in hexadecimal
    hidden_cases : when Gradescope shows students the rows of hidden cases
    """

    assignment: str
    secret: Annotated[str, msgspec.Meta(pattern=SECRET)]
    hidden_cases: Visibility

    @classmethod
    def read(cls, files: Path) -> Self:
        """Read it from the folder ``files/`` of an unpacked zip.

        Raises StaffError where it is not there or is no such file
        """
        path = files / MANIFEST
        try:
            return msgspec.json.decode(path.read_bytes(), type=cls)
        except (OSError, msgspec.MsgspecError) as error:
            raise StaffError(
                path, f"cannot be read: {error}", "make the package again"
            ) from error


def load_assignment(files: Path, package: Package) -> Assignment:
    """Load the packaged assignment."""
    return assignments.load(files / "course", package.assignment)


def grade_submission(files: Path, package: Package, submission: Submission) -> Result:
    """Grade after the self-test; the result has a score.

    files : the folder of that name of an unpacked zip
    Raises GraderFault where the machine does not isolate, or it could not be graded
    """
    refuse_where_not_isolated(
        files / "course", load_assignment(files, package), grades_too=True
    )
    job = Job(
        course=files / "course",
        assignment=package.assignment,
        submission=submission,
        secret=bytes.fromhex(package.secret),
    )
    with Grader() as grader:
        result = grader.grade(job)
    if result.verdict is Verdict.FAULT:
        raise GraderFault(package.assignment, result.fault)
    return result
