r"""Moodle's two ways in: the gradebook's CSV import, and an assignment's worksheet.

The import (Grades, Import, CSV file) takes any headings, which are mapped by hand:

    Username,Email address,HW1,Feedback
    zdoe,z@example.edu,7.5,7.5 of 10 points.

One unknown student or number aborts it all, so only students with a mark are in it.

The offline grading worksheet is the one that was downloaded, filled in: its headings
are in the site's language, and a row that was graded after the time in it is skipped.
Moodle's reader takes a backslash for an escape: a cell that ends in one swallows the
next student's row. Source: Moodle's ``grade/import/csv``, ``lib/csvlib.class.php`` and
``mod/assign/feedback/offline/importgradeslib.php``.
"""

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from autograder.errors import StaffError
from autograder.gradebook.csv_cells import csv_bytes, mark
from autograder.gradebook.sheet import Format, Sheet, Written
from autograder.intake.roster import RosterKind, Student
from autograder.marks.class_marks import StudentEntry, label
from autograder.text import printable

IDENTIFIER, GRADE, MAXIMUM = "Identifier", "Grade", "Maximum grade"
MAY_CHANGE, GRADED_AT = "Grade can be changed", "Last modified (grade)"
FEEDBACK = "Feedback comments"
ENGLISH_TIME = re.compile(
    r"\w+day, \d{1,2} (?:January|February|March|April|May|June|July|August|September"
    r"|October|November|December) \d{4}, \d{1,2}:\d{2}(?:\s?[AP]M)?"
)


def as_html(text: str) -> str:
    r"""Return a comment as HTML that Moodle's reader leaves as it is.

    >>> as_html('a < b, "x" in C:\\')
    'a &lt; b, &quot;x&quot; in C:&#92;'
    """
    return html.escape(text).replace("\\", "&#92;")


def _import(sheet: Sheet, place: Path) -> Written:
    students = [e.student for e in sheet.entries.students if e.score is not None]
    ids = _ids(students)
    if students and not ids:
        raise StaffError(
            sheet.roster.place,
            "has no ID number, username or e-mail address for all of its students",
            "export the class from Moodle with one of them",
        )
    has_comments = sheet.comments is not None
    header = [name for name, _ in ids]
    header += [column.title for column in sheet.columns]
    rows = [(*header, "Feedback") if has_comments else tuple(header)]
    for at, entry in enumerate(sheet.entries.students):
        if entry.score is None:
            continue
        cells = [of(entry.student) for _, of in ids]
        cells += [sheet.mark(column.marks[at]) for column in sheet.columns]
        if has_comments:
            cells.append(as_html(sheet.comment(at)))
        rows.append(tuple(cells))
    return Written(data=csv_bytes(rows, place), notes=tuple(_backslashes(rows)))


def _ids(students: list[Student]) -> list[tuple[str, Callable[[Student], str]]]:
    """Return the columns that can tell every student, with what stands in them."""
    known: list[tuple[str, Callable[[Student], str]]] = [
        ("Username", lambda s: s.username),
        ("ID number", _id_number),
        ("Email address", lambda s: s.email),
    ]
    return [(name, of) for name, of in known if students and all(map(of, students))]


def _id_number(student: Student) -> str:
    others = {student.username, student.email}
    is_other = student.id in others or bool(student.participant)
    return "" if is_other else student.id


def _backslashes(rows: list[tuple[str, ...]]) -> Iterator[str]:
    for row in rows:
        for cell in row:
            if "\\" in cell:
                yield (
                    f"{printable(cell)!r} has a backslash, which Moodle's reader "
                    "mangles: enter that row by hand"
                )


def _worksheet(sheet: Sheet, place: Path) -> Written:
    roster = sheet.roster
    if roster.kind is not RosterKind.MOODLE_WORKSHEET:
        raise StaffError(
            roster.place,
            f"is a class list of kind {roster.kind.value}, not a grading worksheet",
            "Moodle: the assignment, Submissions, Download grading worksheet; give "
            "that file as the roster",
        )
    at = {heading.strip(): i for i, heading in enumerate(roster.header)}
    _check_headings(sheet, at)
    # What Moodle matches by and compares stays as it came.
    echoed = {at[name] for name in (IDENTIFIER, GRADED_AT) if name in at}
    rows = [roster.header]
    notes: list[str] = []
    for place_in_class, entry in enumerate(sheet.entries.students):
        if entry.score is None:
            continue
        row = roster.rows[entry.student.row]
        cells = [c if i in echoed else _harmless(c) for i, c in enumerate(row)]
        if _is_locked(cells, at):
            notes.append(f"{label(entry.student)}: Moodle does not let it be changed")
            continue
        _check_maximum(sheet, cells, at)
        notes += _notes(entry, cells, at)
        cells[at[GRADE]] = mark(entry.score)
        if sheet.comments is not None:
            cells[at[FEEDBACK]] = as_html(sheet.comment(place_in_class))
        rows.append(tuple(cells))
    return Written(data=csv_bytes(rows, place), notes=tuple(notes))


def _harmless(cell: str) -> str:
    """Return a cell without what makes Moodle's reader lose the next row."""
    return " ".join(cell.replace("\\", "&#92;").splitlines())


def _check_headings(sheet: Sheet, at: dict[str, int]) -> None:
    wanted = [GRADE, GRADED_AT, *([FEEDBACK] if sheet.comments is not None else [])]
    missing = [heading for heading in wanted if heading not in at]
    if missing:
        raise StaffError(
            sheet.roster.place,
            f"has no column {missing[0]!r}",
            "download the worksheet in English, with feedback comments switched on "
            "where you want comments",
        )


def _is_locked(cells: list[str], at: dict[str, int]) -> bool:
    return MAY_CHANGE in at and cells[at[MAY_CHANGE]].strip().casefold() == "no"


def _check_maximum(sheet: Sheet, cells: list[str], at: dict[str, int]) -> None:
    told = cells[at[MAXIMUM]].strip() if MAXIMUM in at else ""
    if not told:
        return
    try:
        maximum = float(told.replace(",", "."))
    except ValueError:
        maximum = float("nan")
    if maximum != sheet.possible:
        raise StaffError(
            sheet.roster.place,
            f"the assignment's maximum grade in Moodle is {printable(told)}, here it "
            f"is {sheet.possible:g}",
            f"set it to {sheet.possible:g} in Moodle, or give --as percent",
        )


def _notes(entry: StudentEntry, cells: list[str], at: dict[str, int]) -> Iterator[str]:
    graded_at = cells[at[GRADED_AT]].strip()
    if graded_at not in {"", "-"}:
        why = (
            "was graded before"
            if ENGLISH_TIME.fullmatch(graded_at)
            else f"has a time that Moodle may not read, {printable(graded_at)!r}"
        )
        yield (
            f"{label(entry.student)} {why}: tick “Allow updating records that have "
            "been modified more recently in Moodle” when you upload"
        )
    if entry.score == 0:
        yield (
            f"{label(entry.student)} has 0: some versions of Moodle drop a 0 from a "
            "worksheet, look whether it arrived"
        )


IMPORT = Format(
    name="moodle",
    made_for="Moodle: Grades, Import, CSV file",
    write=_import,
    takes_questions=True,
    takes_comments=True,
)
WORKSHEET = Format(
    name="moodle-worksheet",
    made_for="Moodle: the assignment's offline grading worksheet, filled in",
    write=_worksheet,
    takes_comments=True,
)
