"""A scores file in the form of Gradescope's own "Download Grades", for what reads it.

    First Name,Last Name,SID,Email,Total Score,Max Points,Status,…,1: Twice (30.0 pts)

Gradescope itself takes scores from its autograder only (`autograder package`). Whoever
handed in nothing is ``Missing``, with a blank score. Source: files in circulation.
"""

from pathlib import Path

from autograder.gradebook.csv_cells import csv_bytes, guarded
from autograder.gradebook.sheet import Format, Sheet, Written
from autograder.marks.class_marks import Status, StudentEntry

HEADER = (
    *("First Name", "Last Name", "SID", "Email", "Total Score", "Max Points"),
    *("Status", "Submission ID", "Submission Time", "Lateness (H:M:S)"),
    "Submission Count",
)
STATUS = {
    Status.GRADED: "Graded",
    Status.FAULT: "Ungraded",
    Status.DOUBTFUL: "Ungraded",
    Status.MISSING: "Missing",
    Status.EXCUSED: "Excused",
}


def _write(sheet: Sheet, place: Path) -> Written:
    questions = [
        f"{number}: {column.title.removeprefix(f'{sheet.item}: ')} "
        f"({column.possible:.1f} pts)"
        for number, column in enumerate(sheet.questions, start=1)
    ]
    rows = [(*HEADER, *questions)]
    for at, entry in enumerate(sheet.entries.students):
        marks = (column.marks[at] for column in sheet.questions)
        rows.append((*_row(sheet, entry), *map(sheet.mark, marks)))
    return Written(data=csv_bytes(rows, place))


def _row(sheet: Sheet, entry: StudentEntry) -> tuple[str, ...]:
    student = entry.student
    first, _, last = student.name.rpartition(" ")
    late = int(entry.late_by.total_seconds()) if entry.late_by else 0
    submitted = entry.submitted_at
    return (
        guarded(first),
        guarded(last),
        student.sis_id or student.id,
        student.email,
        sheet.mark(entry.score),
        f"{sheet.possible:.1f}",
        STATUS[entry.status],
        entry.key,
        submitted.isoformat(sep=" ", timespec="seconds") if submitted else "",
        f"{late // 3600:02d}:{late // 60 % 60:02d}:{late % 60:02d}",
        str(entry.attempts),
    )


FORMAT = Format(
    name="gradescope",
    made_for="what reads Gradescope's “Download Grades”",
    write=_write,
    takes_questions=True,
)
