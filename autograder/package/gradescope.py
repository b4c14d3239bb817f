"""What runs in Gradescope's container: one hand-in in, ``results.json`` out.

A row a case, with its points; what students may not see yet, Gradescope holds back.
Where something of ours went wrong there is no ``results.json`` at all: Gradescope then
says that the autograder failed and gives no score, and staff read in its output what
was wrong. A file without scores would read as 0 points.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from autograder.atomic import write_atomically
from autograder.course.assignment import Assignment
from autograder.errors import StaffError
from autograder.intake import NotebookReader, read_single
from autograder.package.grading import (
    Package,
    Visibility,
    grade_submission,
    load_assignment,
)
from autograder.records.results import CaseResult, QuestionResult, Result, Verdict
from autograder.text import plain

NOT_GRADED = """\
This submission was not graded, and that is not the student's doing.
It has no score; nothing of it counts as 0. What was wrong:

    {}

Mend it, then let Gradescope run the autograder again for this submission.
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of ``tests``; names and values are Gradescope's."""

    name: str
    number: str
    score: float
    max_score: float
    status: str
    output: str
    visibility: str
    name_format: str = "text"
    output_format: str = "text"


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """``results.json``; names and values are Gradescope's, the total is theirs to add.

    Source: Gradescope, Autograder Specifications, "Output format"
    """

    execution_time: float
    output: str
    tests: tuple[Row, ...]
    output_format: str = "text"
    stdout_visibility: str = "hidden"


class _User(msgspec.Struct, frozen=True):
    id: int


class _Metadata(msgspec.Struct, frozen=True):
    users: tuple[_User, ...] = ()


def results_of(
    result: Result, assignment: Assignment, hidden_cases: Visibility
) -> Results:
    """Return a graded submission's rows.

    hidden_cases : when students see the rows of hidden cases
    Raises ValueError for a result without a score
    """
    if result.score is None:
        raise ValueError("a fault has no rows")
    return Results(
        execution_time=round(result.wall_seconds, 1),
        output=plain("\n".join((assignment.manifest.title, *result.notices))),
        tests=tuple(
            row
            for number, question in enumerate(result.questions, start=1)
            for row in _rows(number, question, hidden_cases)
        ),
    )


def _rows(
    number: int, question: QuestionResult, hidden_cases: Visibility
) -> Iterator[Row]:
    for index, case in enumerate(question.cases, start=1):
        passed = case.verdict is Verdict.PASSED
        yield Row(
            name=plain(f"{question.title}: {case.name}"),
            number=f"{number}.{index}",
            score=case.points if passed else 0.0,
            max_score=case.points,
            status="passed" if passed else "failed",
            output=plain("\n".join(_output(question, case))),
            visibility=hidden_cases if case.hidden else "visible",
        )


def _output(question: QuestionResult, case: CaseResult) -> Iterator[str]:
    """Give what the student reads: what was recognised, what happened, the replay."""
    for diagnosis in question.diagnoses:
        if diagnosis.name in case.misconceptions:
            yield diagnosis.message + (f" ({diagnosis.see})" if diagnosis.see else "")
    if case.message:
        yield case.message
    if case.replay:
        yield f"To run it yourself: {case.replay}"


def student_of(metadata: Path) -> str | None:
    """Return who handed in, from ``submission_metadata.json``, or None.

    The members of a group are one student here. Gradescope's own ids are used: they
    stay when a name or an address changes
    Raises StaffError where the file has another shape
    """
    text = metadata.read_bytes() if metadata.is_file() else b""
    if not text.strip():
        return None
    try:
        users = msgspec.json.decode(text, type=_Metadata).users
    except msgspec.MsgspecError as error:
        raise StaffError(metadata, f"is not as Gradescope writes it: {error}") from (
            error
        )
    ids = "-".join(str(number) for number in sorted(user.id for user in users))
    return f"gradescope-{ids}" if ids else None


def main(root: Path) -> int:
    """Grade what lies in `root`, laid out as Gradescope's ``/autograder``.

    Returns the exit status: 1 where there is no score, for a reason printed
    """
    target = root / "results" / "results.json"
    target.unlink(missing_ok=True)
    files = root / "source" / "files"
    try:
        package = Package.read(files)
        assignment = load_assignment(files, package)
        submission = read_single(
            root / "submission",
            file_name=assignment.manifest.file,
            notebooks=NotebookReader.of(assignment),
            student=student_of(root / "submission_metadata.json"),
        )
        result = grade_submission(files, package, submission)
    except StaffError as error:
        _say(NOT_GRADED.format(error))
        return 1
    results = results_of(result, assignment, package.hidden_cases)
    write_atomically(target, msgspec.json.encode(results))
    _say(f"graded: {result.score:g} of {result.possible:g}, {result.isolation}\n")
    for flag in result.flags:
        _say(f"needs a person: {plain(flag)}\n")
    return 0


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
