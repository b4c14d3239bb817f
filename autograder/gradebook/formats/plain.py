"""A plain table for people: everybody, with mark, state, lateness and comment.

    id,username,name,email,points,possible,status,late,attempts,comment
    0012345,zdoe,Zoë Doe,z@example.edu,7.5,10,graded,,1,7.5 of 10 points.

It has a byte order mark, so that Excel reads it as UTF-8. Ids are echoed as they are.
"""

from pathlib import Path

from autograder.gradebook.csv_cells import csv_bytes, guarded
from autograder.gradebook.sheet import Format, Sheet, Written
from autograder.marks.numbers import duration

BYTE_ORDER_MARK = "\ufeff".encode()
HEADER = (
    *("id", "username", "name", "email", "points", "possible", "status"),
    *("late", "attempts", "comment"),
)


def _write(sheet: Sheet, place: Path) -> Written:
    rows = [(*HEADER, *(guarded(column.title) for column in sheet.questions))]
    for at, entry in enumerate(sheet.entries.students):
        student = entry.student
        marks = (column.marks[at] for column in sheet.questions)
        rows.append(
            (
                student.id,
                student.username,
                guarded(student.name),
                guarded(student.email),
                sheet.mark(entry.score),
                sheet.mark(sheet.possible),
                entry.status.value,
                duration(entry.late_by) if entry.late_by else "",
                str(entry.attempts),
                guarded(sheet.comment(at)),
                *map(sheet.mark, marks),
            )
        )
    delimiter = ";" if sheet.decimal_comma else ","
    return Written(data=BYTE_ORDER_MARK + csv_bytes(rows, place, delimiter))


FORMAT = Format(
    name="csv",
    made_for="people: a table for a spreadsheet",
    write=_write,
    takes_questions=True,
    takes_comments=True,
    takes_decimal_comma=True,
)
