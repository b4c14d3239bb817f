"""One student's results for the terminal."""

from collections.abc import Iterator
from pathlib import Path

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from autograder.course.question_names import headed
from autograder.errors import StaffError
from autograder.marks.numbers import in_words
from autograder.records.entries import NEVER, Entry
from autograder.records.ledger import open_ledger
from autograder.records.results import QuestionResult, Result, Verdict
from autograder.records.submission import Clock, Submission

MARKS = {
    Verdict.PASSED: "[green]passed[/]",
    Verdict.FAILED: "[red]failed[/]",
    Verdict.FAULT: "[yellow]fault[/]",
}


def find(out: Path, student: str, assignment: str | None) -> list[Entry]:
    """Return what the ledger of the folder `out` has on a student.

    student : roster id or key exactly, or part of the name
    Raises StaffError where there is no such ledger or student
    """
    with open_ledger(out) as ledger:
        chosen = [assignment] if assignment else ledger.assignments()
        entries = [entry for name in chosen for entry in ledger.entries(name)]
    found = [entry for entry in entries if _is(entry, student)]
    if not found:
        raise StaffError(
            ledger.path,
            f"nobody called {student!r} is in it",
            f"{len(entries)} results are",
        )
    return found


def _is(entry: Entry, student: str) -> bool:
    submission = entry.submission
    exact = {submission.roster_id, submission.key, submission.lms_id}
    return student in exact or student.casefold() in submission.student_name.casefold()


def page(entry: Entry) -> RenderableType:
    """Return one result, ready to print."""
    submission, result = entry.submission, entry.result
    when = f", {_when(submission)}" if submission.submitted_at else ""
    score = "not graded" if result.score is None else in_words(result.score)
    head = Text(
        f"{submission.student_name} ({submission.roster_id or 'not on the roster'}), "
        f"{result.assignment}, attempt {submission.attempt}{when}: "
        f"{score}" + (f" of {in_words(result.possible)}" if result.possible else ""),
        style="bold",
    )
    table = Table(show_header=True, title_justify="left")
    for heading in ("question", "points", "case", "verdict", "message"):
        table.add_column(heading, overflow="fold")
    for question in result.questions:
        for row in _rows(question):
            table.add_row(*row)
    notes = [Text(line) for line in (*result.notices, *result.flags)]
    fault = [Text(result.fault, style="yellow")] if result.fault else []
    if result.graded_at == NEVER:
        return Group(head, *fault, *notes)
    graded = Text(
        f"graded {result.graded_at:%d %b %Y %H:%M} UTC in {result.wall_seconds:.1f} s"
        f"{_computing(result)}, "
        f"run {entry.run}, "
        f"isolation: {result.isolation or 'none'}",
        style="dim",
    )
    return Group(head, *fault, *notes, table, graded)


def _when(submission: Submission) -> str:
    zone = " %Z" if submission.clock is Clock.OWN else ""
    return f"{submission.submitted_at:%d %b %Y %H:%M{zone}}"


def _rows(question: QuestionResult) -> Iterator[tuple[str, str, str, str, str]]:
    heading = escape(headed(question.name, question.title))
    points = f"{in_words(question.score)}/{in_words(question.possible)}"
    for diagnosis in question.diagnoses:
        yield heading, points, "", "", f"[bold]{escape(diagnosis.message)}[/]"
        heading = points = ""
    for case in question.cases:
        name = escape(case.name) + (" (hidden)" if case.hidden else "")
        yield heading, points, name, MARKS[case.verdict], escape(case.message)
        heading = points = ""


def _computing(result: Result) -> str:
    if result.cpu_seconds is None:
        return ""
    return f" ({result.cpu_seconds:.1f} s of them computing)"
