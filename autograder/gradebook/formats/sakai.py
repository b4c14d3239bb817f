"""Sakai's gradebook import: an item is made, or found by its title.

    Student ID,Student Name,HW1 [10],* HW1

``* HW1`` is the comment. Where the site's language has a decimal comma the file has
semicolons. Students without a mark are left out. Sakai's reader (opencsv) takes a
backslash for an escape, so each is written twice: it reads one, and no cell swallows
the next student's row. The file has a byte order mark: the newest Sakai takes one
without it for Windows-1252, and older ones look at no heading of the first two columns.
An item that another tool of Sakai's has made (Assignments, Tests) takes no import.
Source: Sakai's ``gradebookng/business/util/ImportGradesHelper`` and ``GradebookCsvIO``.
"""

import codecs
import re
from pathlib import Path

from autograder.errors import StaffError
from autograder.gradebook.csv_cells import csv_bytes, guarded
from autograder.gradebook.points import FullMarks, readings
from autograder.gradebook.sheet import Format, Sheet, Written
from autograder.intake.roster import Student
from autograder.marks.class_marks import label
from autograder.text import printable

HEADING = re.compile(r"(?P<title>[^*#\[\]]+) \[(?P<points>[0-9.,]+)\]")
NOT_IN_TITLES = re.compile(r"[*#\[\]]")


def _write(sheet: Sheet, place: Path) -> Written:
    there = _columns_there(sheet)
    notes: list[str] = []
    if sheet.item in there and not sheet.questions:
        sheet, notes = sheet.scaled_to(there[sheet.item][1])
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
    rows: list[tuple[str, ...]] = [tuple(header)]
    left: list[str] = []
    for at, entry in enumerate(sheet.entries.students):
        if entry.score is None:
            continue
        student = entry.student
        told = _decided(sheet, there, student)
        if told:
            left.append(f"{label(student)} has {printable(told)!r} there")
            continue
        cells = [student.username or student.id, guarded(student.name)]
        cells += [sheet.mark(column.marks[at]) for column in sheet.columns]
        if sheet.comments is not None:
            cells.append(sheet.comment(at))
        rows.append(tuple(cells))
    delimiter = ";" if sheet.decimal_comma else ","
    escaped = [tuple(cell.replace("\\", "\\\\") for cell in row) for row in rows]
    if any(not entry.student.username for entry in sheet.entries.students):
        notes.append(
            "the class list has no usernames: its ids are written where Sakai has "
            "them, see that they are the same"
        )
    return Written(
        data=codecs.BOM_UTF8 + csv_bytes(escaped, place, delimiter),
        notes=tuple(notes),
        left_alone=tuple(left),
    )


def _columns_there(sheet: Sheet) -> dict[str, tuple[int, FullMarks]]:
    """Return the items of Sakai's own export, where the class list is one."""
    found = {}
    for at, heading in enumerate(sheet.roster.header):
        match = HEADING.fullmatch(heading.strip())
        if match is not None:
            found[match["title"]] = (
                at,
                FullMarks(
                    place=sheet.roster.place,
                    column=match["title"],
                    lms="Sakai",
                    told=match["points"],
                    # The one who has decimal commas has semicolons.
                    decimal_mark="," if sheet.decimal_comma else "",
                ),
            )
    return found


def _decided(
    sheet: Sheet, there: dict[str, tuple[int, FullMarks]], student: Student
) -> str:
    """Return the word that stands in the place of points, "" where there is none."""
    if sheet.item not in there:
        return ""
    told = sheet.roster.rows[student.row][there[sheet.item][0]].strip()
    return "" if told in {"", "-"} or readings(told) else told


FORMAT = Format(
    name="sakai",
    made_for="Sakai: Gradebook, Import/Export, Import Grades",
    write=_write,
    takes_questions=True,
    takes_comments=True,
    takes_decimal_comma=True,
    has_points=True,
)
