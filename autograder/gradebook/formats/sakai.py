"""Sakai's gradebook import: an item is made, or found by its title.

    Student ID,Student Name,HW1 [10],* HW1

``* HW1`` is the comment. Where the site's language has a decimal comma the file has
semicolons. Students without a mark are left out. Sakai's reader (opencsv) takes a
backslash for an escape, so each is written twice: it reads one, and no cell swallows
the next student's row. Source: Sakai's
``gradebookng/business/util/ImportGradesHelper``.
"""

import re
from pathlib import Path

from autograder.errors import StaffError
from autograder.gradebook.csv_cells import csv_bytes, guarded
from autograder.gradebook.sheet import Format, Sheet, Written
from autograder.text import printable

NOT_IN_TITLES = re.compile(r"[*#\[\]]")


def _write(sheet: Sheet, place: Path) -> Written:
    header = ["Student ID", "Student Name"]
    for column in sheet.columns:
        if NOT_IN_TITLES.search(column.title):
            raise StaffError(
                "--item",
                f"{printable(column.title)!r}: Sakai's titles have none of * # [ ]",
                "give another title",
            )
        header.append(f"{column.title} [{sheet.mark(column.possible)}]")
    if sheet.comments is not None:
        header.append(f"* {sheet.columns[0].title}")
    rows = [tuple(header)]
    for at, entry in enumerate(sheet.entries.students):
        if entry.score is None:
            continue
        student = entry.student
        cells = [student.username or student.id, guarded(student.name)]
        cells += [sheet.mark(column.marks[at]) for column in sheet.columns]
        if sheet.comments is not None:
            cells.append(sheet.comment(at))
        rows.append(tuple(cells))
    delimiter = ";" if sheet.decimal_comma else ","
    escaped = [tuple(cell.replace("\\", "\\\\") for cell in row) for row in rows]
    return Written(data=csv_bytes(escaped, place, delimiter))


FORMAT = Format(
    name="sakai",
    made_for="Sakai: Gradebook, Import/Export, Import Grades",
    write=_write,
    takes_questions=True,
    takes_comments=True,
    takes_decimal_comma=True,
)
