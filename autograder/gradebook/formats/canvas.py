"""Canvas's gradebook import: the instructor's export, filled in for one assignment.

    Student,ID,SIS User ID,SIS Login ID,Section,HW1 (77)
        Points Possible,,,,,10
    "Doe, Zoë",123,0012345,zdoe,S1,7.5

The student columns and the rows that are no students are echoed byte for byte, whatever
they begin with: Canvas makes a new student of an id, and a new assignment of a heading,
that it does not know. Students without a mark are left out, since a blank over a score
counts as a change; `read_roster` has dropped "Student, Test" already. Whoever is
excused (``EX``) or not assigned it (``N/A``) is left out too: a number would end that.
Source: Canvas's ``lib/gradebook_importer.rb`` and ``lib/gradebook_exporter.rb``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import StaffError
from autograder.gradebook.csv_cells import csv_bytes, mark
from autograder.gradebook.points import FullMarks, decimal_mark, readings
from autograder.gradebook.sheet import Format, Sheet, Written
from autograder.intake.roster import POINTS_POSSIBLE, Roster, RosterKind
from autograder.marks.class_marks import StudentEntry, label
from autograder.text import printable

LAST_STUDENT_COLUMN = "Section"
SPLIT_NAMES = "LastName"
READ_ONLY = "read only"
# The importer drops every column with one of these anywhere in its heading.
DROPPED = re.compile(
    "(?:Current|Final|Override) (?:Score|Grade)"
    "|(?:Current|Final) Points|Override Status"
)
DECIDED = {
    "EX": "is excused in Canvas (EX)",
    "N/A": "is not assigned this in Canvas (N/A)",
}
"""What stands in the place of a score, and what it says; Canvas translates neither."""
NO_SCORE = frozenset({"", "-"})
HEADING = re.compile(r"(.+) \(([0-9]+)\)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """An assignment's column in the export: its place and its title without the id."""

    at: int
    heading: str
    title: str


def _write(sheet: Sheet, place: Path) -> Written:
    """Return the file: the export's head, then the students with a mark.

    Raises StaffError where the export does not have exactly that one column, Canvas
    would drop it, it takes no points, or has others than ours
    """
    roster = sheet.roster
    if roster.kind is not RosterKind.CANVAS:
        raise StaffError(
            roster.place,
            f"is a class list of kind {roster.kind.value}, not a Canvas export",
            "Canvas: Gradebook, Export, Export Entire Gradebook; give that file",
        )
    shared = _student_columns(roster)
    column = _chosen(roster, shared, sheet.item)
    _refuse_letters(roster, column)
    told, notes = _points(roster, column), _hidden(roster, column)
    if told:
        mark_of_file = decimal_mark(
            cell for row in (*roster.heads, *roster.rows) for cell in row[shared:]
        )
        sheet, said = sheet.scaled_to(
            FullMarks(
                place=roster.place,
                column=column.title,
                lms="Canvas",
                told=told,
                decimal_mark=mark_of_file,
            )
        )
        notes += said
    if SPLIT_NAMES in roster.header:
        notes.append(
            "Canvas takes names in two columns only where it exports them so: import "
            "the file into the same Canvas"
        )
    head = [(*row[:shared], row[column.at]) for row in (roster.header, *roster.heads)]
    rows, left = [], []
    for entry in sheet.entries.students:
        if entry.score is None:
            continue
        there = roster.rows[entry.student.row][column.at].strip()
        if there.upper() in DECIDED:
            left.append(f"{label(entry.student)} {DECIDED[there.upper()]}")
        else:
            rows.append((*_echo(roster, shared, entry), mark(entry.score)))
    return Written(
        data=csv_bytes([*head, *rows], place),
        notes=tuple(notes),
        left_alone=tuple(left),
    )


def _echo(roster: Roster, shared: int, entry: StudentEntry) -> Sequence[str]:
    return roster.rows[entry.student.row][:shared]


def _student_columns(roster: Roster) -> int:
    """Return how many columns are about the student; ``Section`` is the last."""
    if LAST_STUDENT_COLUMN not in roster.header:
        raise StaffError(
            roster.place,
            f"has no column {LAST_STUDENT_COLUMN!r}, without which Canvas refuses it",
            "export the gradebook from Canvas again and leave its columns as they are",
        )
    return roster.header.index(LAST_STUDENT_COLUMN) + 1


def _chosen(roster: Roster, shared: int, title: str) -> Column:
    columns = list(_columns(roster.header, shared))
    # The whole heading picks one of several assignments of the same title.
    found = [c for c in columns if title in {c.title, c.heading}]
    _refuse_dropped(roster.place, [title, *(c.heading for c in found)])
    if len(found) == 1:
        return found[0]
    known = [c.heading for c in columns if not DROPPED.search(c.heading)]
    there = ", ".join(printable(heading) for heading in known) or "none"
    if not found:
        raise StaffError(
            roster.place,
            f"has no assignment {printable(title)!r}; it has: {there}",
            "make it in Canvas and export again, or choose one with --item",
        )
    raise StaffError(
        roster.place,
        f"has {len(found)} assignments {printable(title)!r}; it has: {there}",
        "choose one with --item and its whole heading, the number in brackets included",
    )


def _columns(header: Sequence[str], shared: int) -> list[Column]:
    matches = ((at, HEADING.fullmatch(header[at])) for at in range(shared, len(header)))
    return [Column(at=at, heading=m[0], title=m[1]) for at, m in matches if m]


def _refuse_dropped(place: Path, headings: Sequence[str]) -> None:
    for heading in headings:
        dropped = DROPPED.search(heading)
        if dropped:
            raise StaffError(
                place,
                f"{printable(heading)!r}: Canvas drops every column whose heading has "
                f"{dropped[0]!r} in it, without a word",
                "rename the assignment in Canvas and export again",
            )


def _refuse_letters(roster: Roster, column: Column) -> None:
    """Refuse a column whose marks are no points: letters, complete or not, GPA."""
    for student in roster.students:
        there = roster.rows[student.row][column.at].strip()
        if there in NO_SCORE or there.upper() in DECIDED:
            continue
        if not readings(there.removeprefix("-").removesuffix("%")):
            raise StaffError(
                f"{roster.place}:{student.line}",
                f"{printable(column.heading)!r} has {printable(there)!r}: it is graded "
                "in letters, a GPA scale or complete/incomplete, and takes no points",
                "let Canvas display its grade as points and export again",
            )


def _points(roster: Roster, column: Column) -> str:
    """Return the points that the export says the column has, "" where it does not."""
    # The class list has one such row: it is read as Canvas's by it.
    told = next(
        row[column.at].strip() for row in roster.heads if POINTS_POSSIBLE in row[0]
    )
    if READ_ONLY in told:
        raise StaffError(
            roster.place,
            f"{printable(column.heading)!r} is {told!r}: Canvas ignores the column",
            "choose an assignment that takes marks, with --item",
        )
    return told


def _hidden(roster: Roster, column: Column) -> list[str]:
    """Say where the column is hidden from students: that stays as it is."""
    told = [
        row[column.at].strip() for row in roster.heads if POINTS_POSSIBLE not in row[0]
    ]
    return [
        f"{printable(column.heading)!r} is hidden from students in Canvas "
        f"({printable(words)}): that stays"
        for words in told
        if words
    ]


FORMAT = Format(
    name="canvas",
    made_for="Canvas: Gradebook, Import",
    write=_write,
    has_points=True,
)
