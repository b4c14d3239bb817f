"""Canvas's gradebook import: the instructor's export, filled in for one assignment.

    Student,ID,SIS User ID,SIS Login ID,Section,HW1 (77)
        Points Possible,,,,,10
    "Doe, Zoë",123,0012345,zdoe,S1,7.5

The student columns and the rows above the students are echoed byte for byte, whatever
they begin with: Canvas makes a new student of an id, and a new assignment of a heading,
that it does not know. Students without a mark are left out, since a blank over a score
counts as a change; `read_roster` has dropped "Student, Test" already. Source: Canvas's
``lib/gradebook_importer.rb``.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import StaffError
from autograder.gradebook.csv_cells import csv_bytes, mark
from autograder.gradebook.sheet import Format, Sheet, Written
from autograder.intake.roster import POINTS_POSSIBLE, Roster, RosterKind
from autograder.marks.class_marks import Entries, StudentEntry
from autograder.text import printable

LAST_STUDENT_COLUMN = "Section"
READ_ONLY = "read only"
# The importer drops every column with one of these anywhere in its heading.
DROPPED = re.compile(
    "(?:Current|Final|Override) (?:Score|Grade)"
    "|(?:Current|Final) Points|Override Status"
)
HEADING = re.compile(r"(.+) \(([0-9]+)\)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """An assignment's column in the export: its place and its title without the id."""

    at: int
    heading: str
    title: str


def rows_of(
    roster: Roster, entries: Entries, *, item_title: str, possible: float
) -> list[tuple[str, ...]]:
    """Return the file's rows: the export's head, then the students with a mark.

    item_title : the assignment's title, or its whole heading, id and all
    Raises StaffError where the export does not have exactly that one column, Canvas
    would drop it, or its points are not `possible`
    """
    if roster.kind is not RosterKind.CANVAS:
        raise StaffError(
            roster.place,
            f"is a class list of kind {roster.kind.value}, not a Canvas export",
            "Canvas: Gradebook, Export, Export Entire Gradebook; give that file",
        )
    shared = _student_columns(roster)
    column = _chosen(roster, shared, item_title)
    _check_points(roster, column, possible)
    head = [(*row[:shared], row[column.at]) for row in (roster.header, *roster.heads)]
    return [
        *head,
        *(
            (*_echo(roster, shared, entry), mark(entry.score))
            for entry in entries.students
            if entry.score is not None
        ),
    ]


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


def _check_points(roster: Roster, column: Column, possible: float) -> None:
    """Refuse a column that Canvas would ignore, or that has other points than we."""
    told = next(
        (row[column.at] for row in roster.heads if row[0].strip() == POINTS_POSSIBLE),
        "",
    ).strip()
    if READ_ONLY in told:
        raise StaffError(
            roster.place,
            f"{printable(column.heading)!r} is {told!r}: Canvas ignores the column",
            "choose an assignment that takes marks, with --item",
        )
    if told and possible not in _readings(told):
        raise StaffError(
            roster.place,
            f"{printable(column.heading)!r} has {printable(told)} points in Canvas, "
            f"the assignment has {possible:g}",
            f"set its points to {possible:g} in Canvas and export again",
        )


def _readings(text: str) -> list[float]:
    """Read a number of any locale: a comma may be the point, or group the thousands.

    >>> _readings("100"), _readings("10,5"), _readings("1,000"), _readings("ten")
    ([100.0, 100.0], [105.0, 10.5], [1000.0, 1.0], [])
    """
    found = []
    for plain in (text.replace(",", ""), text.replace(".", "").replace(",", ".")):
        with suppress(ValueError):
            found.append(float(plain))
    return found


def _write(sheet: Sheet, place: Path) -> Written:
    rows = rows_of(
        sheet.roster, sheet.entries, item_title=sheet.item, possible=sheet.possible
    )
    return Written(data=csv_bytes(rows, place))


FORMAT = Format(name="canvas", made_for="Canvas: Gradebook, Import", write=_write)
