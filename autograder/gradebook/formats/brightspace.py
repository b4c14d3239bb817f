"""Brightspace's grade import: ids, one column of points, an end-of-line indicator.

    OrgDefinedId,Username,HW1 Points Grade,End-of-Line Indicator
    #0012345,#zdoe,7.5,#

The ``#`` before an id guards its leading zeros, so it is put back where the roster had
none. Whoever has no mark has a blank cell, for 0 would be a mark. Ids and usernames are
echoed byte for byte, whatever they begin with: an escaped id matches nobody.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from autograder.errors import StaffError
from autograder.gradebook.csv_cells import csv_bytes, mark
from autograder.gradebook.sheet import Column, Format, Sheet, Written
from autograder.intake.roster import Roster, RosterKind, Student
from autograder.marks.class_marks import Entries
from autograder.text import misleading, printable

ID, USERNAME = "OrgDefinedId", "Username"
POINTS_GRADE = " Points Grade"
END_OF_LINE = "End-of-Line Indicator"
GUARD = "#"


def rows_of(
    roster: Roster, entries: Entries, items: Sequence[Column]
) -> list[tuple[str, ...]]:
    """Return the file's rows, a student each below the headings.

    items : the grade items, with their names as Brightspace has them; their points are
        checked against the export's own where it says
    Raises StaffError where the roster or a title does not fit Brightspace
    """
    for item in items:
        _check_title(roster.place, item.title)
        _check_maximum(roster, item.title, item.possible)
    columns = _id_columns(roster)
    header = (*columns, *(item.title + POINTS_GRADE for item in items), END_OF_LINE)
    return [
        header,
        *(
            (
                *(_guarded(roster, column, entry.student) for column in columns),
                *("" if m is None else mark(m) for m in (i.marks[at] for i in items)),
                GUARD,
            )
            for at, entry in enumerate(entries.students)
        ),
    ]


def notes_of(roster: Roster, item_title: str) -> list[str]:
    """Say what the instructor should check about the grade item."""
    items = _items(roster)
    if not items or item_title in items:
        return []
    there = ", ".join(map(printable, items))
    note = (
        f"the export has no grade item {printable(item_title)!r}; it has: {there}. "
        "Make it before you import, or choose one with --item"
    )
    return [note]


def _guarded(roster: Roster, column: str, student: Student) -> str:
    """Return an id as the roster has it, with the ``#`` where ids lack it."""
    if roster.kind is not RosterKind.BRIGHTSPACE:
        cell = student.id if column == ID else student.username
        return GUARD + cell if cell else ""
    headings = [heading.strip() for heading in roster.header]
    cell = roster.rows[student.row][headings.index(column)]
    if column == USERNAME or not cell.strip() or cell.startswith(GUARD):
        return cell
    return GUARD + cell


def _id_columns(roster: Roster) -> list[str]:
    """Return which of the two id columns the roster can fill."""
    if roster.kind is RosterKind.CANVAS:
        raise StaffError(
            roster.place,
            "is a Canvas export: its ids are not Brightspace's",
            "give Brightspace's own export: Grades, Export, with OrgDefinedId and "
            "Username",
        )
    if roster.kind is RosterKind.BRIGHTSPACE:
        headings = {heading.strip() for heading in roster.header}
        return [column for column in (ID, USERNAME) if column in headings]
    if not any(student.username for student in roster.students):
        return [ID]
    if all(student.id == student.username for student in roster.students):
        # A list without an id column has its usernames for ids.
        return [USERNAME]
    return [ID, USERNAME]


def _check_title(place: Path, title: str) -> None:
    if not title.strip() or misleading(title) or "<" in title:
        raise StaffError(
            place,
            f"{printable(title)!r} cannot be the title of a grade item",
            "give its name as Brightspace has it, with --item; it has no '<'",
        )


def _items(roster: Roster) -> dict[str, str]:
    """Return the export's grade items, with what stands in their ``<…>``."""
    found = {}
    for heading in roster.header:
        match = re.fullmatch(r"(.+) Points Grade(?: <(.*)>)?", heading.strip())
        if match:
            found[match[1]] = match[2] or ""
    return found


def _check_maximum(roster: Roster, title: str, possible: float) -> None:
    described = re.search(
        r"MaxPoints:([0-9]+(?:\.[0-9]+)?)", _items(roster).get(title, "")
    )
    if described and float(described[1]) != possible:
        raise StaffError(
            roster.place,
            f"{printable(title)!r} has a maximum of {described[1]} points, the "
            f"assignment has {possible:g}",
            f"set the item's maximum to {possible:g} in Brightspace and export again",
        )


def _write(sheet: Sheet, place: Path) -> Written:
    rows = rows_of(sheet.roster, sheet.entries, sheet.columns)
    notes = [
        n for column in sheet.columns for n in notes_of(sheet.roster, column.title)
    ]
    return Written(data=csv_bytes(rows, place), notes=tuple(notes))


FORMAT = Format(
    name="brightspace",
    made_for="Brightspace: Grades, Enter Grades, Import",
    write=_write,
    takes_questions=True,
)
