"""Brightspace's grade import: ids, one column of points, an end-of-line indicator.

    OrgDefinedId,Username,HW1 Points Grade,End-of-Line Indicator
    #0012345,#zdoe,7.5,#

The ``#`` before an id guards its leading zeros, so it is put back where the roster had
none. Whoever has no mark has a blank cell, for 0 would be a mark. Ids and usernames are
echoed byte for byte, whatever they begin with: an escaped id matches nobody. An item
that is no numeric one (selectbox, pass/fail, text, formula, calculated) takes no points
by an import. Source: Brightspace's help pages on importing and exporting grades.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import StaffError
from autograder.gradebook.csv_cells import csv_bytes, mark
from autograder.gradebook.points import (
    FullMarks,
    decimal_mark,
    factor_to,
    readings,
)
from autograder.gradebook.sheet import Column, Format, Sheet, Written
from autograder.intake.roster import Roster, RosterKind, Student
from autograder.marks.class_marks import Entries, label
from autograder.text import misleading, printable

ID, USERNAME = "OrgDefinedId", "Username"
POINTS_GRADE = " Points Grade"
END_OF_LINE = "End-of-Line Indicator"
GUARD = "#"
HEADING = re.compile(
    r"(?P<title>.+) (?P<form>Points Grade|Grade Symbol|Text Grade)(?: <(?P<told>.*)>)?"
)
MAXIMUM = re.compile(r"MaxPoints:\s*([0-9.,]+)")
TAKES_POINTS = frozenset({"", "numeric"})
MADE_A_WORD_OF = frozenset({"pass/fail"})
"""An import gives such an item points, of which Brightspace makes a word."""
FOREIGN_HEADING = re.compile(r".+ <.*[0-9].*>")
"""An item's with its points, whatever the words before and in the brackets are."""


def rows_of(
    roster: Roster, entries: Entries, items: Sequence[Column]
) -> tuple[list[tuple[str, ...]], list[str]]:
    """Return the file's rows, a student each below the headings, and who is left alone.

    items : the grade items, with their names as Brightspace has them
    Raises StaffError where the roster or a title does not fit Brightspace
    """
    for item in items:
        _check_title(roster.place, item.title)
    columns = _id_columns(roster)
    header = (*columns, *(item.title + POINTS_GRADE for item in items), END_OF_LINE)
    rows, left = [header], []
    for at, entry in enumerate(entries.students):
        marks = [item.marks[at] for item in items]
        told = [word for item in items for word in _words(roster, item, entry.student)]
        if told and any(m is not None for m in marks):
            left.append(f"{label(entry.student)} has {printable(told[0])!r} there")
            marks = [None] * len(marks)
        ids = (_guarded(roster, column, entry.student) for column in columns)
        cells = ("" if m is None else mark(m) for m in marks)
        rows.append((*ids, *cells, GUARD))
    return rows, left


def _words(roster: Roster, item: Column, student: Student) -> Iterator[str]:
    """Yield what stands in the place of points in the export, such as an exemption."""
    found = _items(roster).get(item.title)
    there = roster.rows[student.row][found.at].strip() if found else ""
    if there not in {"", "-"} and not readings(there):
        yield there


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
    if column == USERNAME or cell.startswith(GUARD):
        return cell
    return GUARD + cell


def _id_columns(roster: Roster) -> list[str]:
    """Return which of the two id columns the roster can fill."""
    if roster.kind not in {RosterKind.BRIGHTSPACE, RosterKind.PLAIN}:
        raise StaffError(
            roster.place,
            f"is a {roster.kind.value} export: its ids are not Brightspace's",
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """A grade item of the export: its column, and what stands in its ``<…>``."""

    at: int
    kind: str
    points: str


def _items(roster: Roster) -> dict[str, _Item]:
    """Return the export's grade items by title."""
    found = {}
    for at, heading in enumerate(roster.header):
        match = HEADING.fullmatch(heading.strip())
        if match is None:
            continue
        told = match["told"] or ""
        points = MAXIMUM.search(told)
        by_points = f" {match['form']}" == POINTS_GRADE
        if by_points or match["title"] not in found:
            found[match["title"]] = _Item(
                at=at,
                kind=told.partition(" ")[0] if by_points else match["form"],
                points=points[1] if points else "",
            )
    return found


def _refuse_no_points(sheet: Sheet) -> None:
    """Refuse an item that an import gives no points to, or that nobody can read."""
    headings = [heading.strip() for heading in sheet.roster.header]
    foreign = [told for told in headings if FOREIGN_HEADING.fullmatch(told)]
    if foreign and not _items(sheet.roster):
        raise StaffError(
            f"{sheet.roster.place}:1",
            f"its column {printable(foreign[0])!r} is a grade item in a language that "
            "is not known here",
            "set your language to English in Brightspace and export again",
        )
    for column in sheet.columns:
        item = _items(sheet.roster).get(column.title)
        if item is not None and item.kind.casefold() not in TAKES_POINTS:
            made = item.kind.casefold() in MADE_A_WORD_OF
            why = "makes a pass or a fail of points" if made else "takes no points"
            raise StaffError(
                sheet.roster.place,
                f"{printable(column.title)!r} is a grade item of kind "
                f"{printable(item.kind)}, which {why}",
                "make a numeric item in Brightspace and export again, or choose one "
                "with --item",
            )


def _write(sheet: Sheet, place: Path) -> Written:
    _refuse_no_points(sheet)
    sheet, notes = _scaled(sheet)
    rows, left = rows_of(sheet.roster, sheet.entries, sheet.columns)
    notes += [
        n for column in sheet.columns for n in notes_of(sheet.roster, column.title)
    ]
    if sheet.roster.kind is not RosterKind.BRIGHTSPACE:
        notes.append(
            "the class list is not Brightspace's export: see that its ids are "
            "OrgDefinedIds, since Brightspace matches by them alone"
        )
    return Written(
        data=csv_bytes(rows, place), notes=tuple(notes), left_alone=tuple(left)
    )


def _scaled(sheet: Sheet) -> tuple[Sheet, list[str]]:
    """Return the sheet in the points of the item, where the export says how many."""
    items = _items(sheet.roster)
    if sheet.questions:
        for column in sheet.questions:
            item = items.get(column.title)
            if item is not None and item.points:
                there = _full_marks(sheet, column.title, item)
                factor_to(there, column.possible, scale=False)
        return sheet, []
    item = items.get(sheet.item)
    if item is None or not item.points:
        return sheet, []
    return sheet.scaled_to(_full_marks(sheet, sheet.item, item))


def _full_marks(sheet: Sheet, title: str, item: _Item) -> FullMarks:
    return FullMarks(
        place=sheet.roster.place,
        column=title,
        lms="Brightspace",
        told=item.points,
        decimal_mark=decimal_mark(
            found.points for found in _items(sheet.roster).values()
        ),
    )


FORMAT = Format(
    name="brightspace",
    made_for="Brightspace: Grades, Enter Grades, Import",
    write=_write,
    takes_questions=True,
    has_points=True,
)
