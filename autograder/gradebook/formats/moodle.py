r"""Moodle's two ways in: the gradebook's CSV import, and an assignment's worksheet.

The import (Grades, Import, CSV file) takes any headings, which are mapped by hand:

    Username,Email address,HW1,Feedback
    zdoe,z@example.edu,7.5,7.5 of 10 points.

One unknown student or number aborts it all, so only students with a mark are in it. So
does a mark above 100, unless the site allows unlimited grades.

The offline grading worksheet is the one that was downloaded, filled in: its headings
are in the site's language, and Moodle compares them. A row whose mark is the one that
Moodle has is skipped; so is one that was graded after the time in it, and one whose
time Moodle cannot read (no English date), unless the box for that is ticked. With that
box a feedback column is taken as it stands, old or empty, so there is none unless
comments were asked for. A scale takes its own words and no points.
Moodle's reader takes a backslash for an escape: a cell that ends in one swallows the
next student's row. Source: Moodle's ``grade/import/csv``, ``lib/csvlib.class.php``,
``mod/assign/feedback/offline/importgradeslib.php`` and ``locallib.php``.
"""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import StaffError
from autograder.gradebook.csv_cells import csv_bytes, mark
from autograder.gradebook.points import FullMarks, decimal_mark, readings
from autograder.gradebook.sheet import Format, Sheet, Written
from autograder.intake.moodle_words import (
    ENGLISH,
    Words,
    place_of,
    worksheet_words,
)
from autograder.intake.roster import RosterKind, Student
from autograder.marks.class_marks import StudentEntry, label
from autograder.marks.numbers import exact
from autograder.text import printable

BOX = (
    "tick \u201cAllow updating records that have been modified more recently in "
    "Moodle\u201d when you upload"
)
MOST_OF_A_SITE = 100
"""The largest mark that the gradebook's import takes, whatever the item's points."""
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
    ids = _ids(sheet.roster.kind, students)
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
    notes = (*_backslashes(rows), *_above_the_sites_most(sheet))
    return Written(data=csv_bytes(rows, place), notes=notes)


def _ids(
    kind: RosterKind, students: list[Student]
) -> list[tuple[str, Callable[[Student], str]]]:
    """Return the columns that can tell every student, with what stands in them."""
    known: list[tuple[str, Callable[[Student], str]]] = [
        ("Username", lambda s: s.username),
        ("ID number", lambda s: _id_number(kind, s)),
        ("Email address", lambda s: s.email),
    ]
    return [(name, of) for name, of in known if students and all(map(of, students))]


def _id_number(kind: RosterKind, student: Student) -> str:
    """Return what Moodle may have as an ID number: never another LMS's own number."""
    if kind in {RosterKind.CANVAS, RosterKind.BLACKBOARD}:
        return student.sis_id
    if kind is RosterKind.CLASSROOM:
        return ""
    others = {student.username, student.email}
    is_other = student.id in others or bool(student.participant)
    return "" if is_other else student.id


def _above_the_sites_most(sheet: Sheet) -> Iterator[str]:
    marks = [mark for column in sheet.columns for mark in column.marks]
    above = sum(mark is not None and mark > MOST_OF_A_SITE for mark in marks)
    if above:
        yield (
            f"{above} mark{'' if above == 1 else 's'} above {MOST_OF_A_SITE}: Moodle "
            "refuses the whole file, unless the site allows unlimited grades; --as "
            "percent stays below, or fill in the grading worksheet"
        )


def _backslashes(rows: list[tuple[str, ...]]) -> Iterator[str]:
    for row in rows:
        for cell in row:
            if "\\" in cell:
                yield (
                    f"{printable(cell)!r} has a backslash, which Moodle's reader "
                    "mangles: enter that row by hand"
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Columns:
    """Where in the worksheet what stands; None for what it does not have."""

    words: Words
    identifier: int
    grade: int
    graded_at: int
    maximum: int | None
    scale: int | None
    may_change: int | None
    feedback: int | None

    def kept(self, width: int, *, with_comments: bool) -> list[int]:
        """Return which columns go back: no feedback that nobody asked for.

        Behind the time of the grade there are columns of feedback plug-ins only.
        """
        kept = {
            at
            for at in range(width)
            if at != self.feedback and (at <= self.graded_at or at == self.grade)
        }
        if with_comments and self.feedback is not None:
            kept.add(self.feedback)
        return sorted(kept)


def _worksheet(sheet: Sheet, place: Path) -> Written:
    roster = sheet.roster
    if roster.kind is not RosterKind.MOODLE_WORKSHEET:
        raise StaffError(
            roster.place,
            f"is a class list of kind {roster.kind.value}, not a grading worksheet",
            "Moodle: the assignment, Submissions, Download grading worksheet; give "
            "that file as the roster",
        )
    at = _columns(sheet)
    _refuse_scale(sheet, at)
    sheet, notes = _scaled(sheet, at)
    # What Moodle matches by and compares stays as it came.
    echoed = {at.identifier, at.graded_at}
    kept = at.kept(len(roster.header), with_comments=sheet.comments is not None)
    rows = [tuple(roster.header[i] for i in kept)]
    left: list[str] = []
    for place_in_class, entry in enumerate(sheet.entries.students):
        if entry.score is None:
            continue
        row = roster.rows[entry.student.row]
        cells = [c if i in echoed else _harmless(c) for i, c in enumerate(row)]
        if _is_locked(cells, at):
            left.append(
                f"{label(entry.student)}: Moodle does not let it be changed: locked, "
                "or overridden in its gradebook"
            )
            continue
        notes += _notes(entry, cells, at)
        cells[at.grade] = mark(entry.score)
        if sheet.comments is not None and at.feedback is not None:
            cells[at.feedback] = as_html(sheet.comment(place_in_class))
        rows.append(tuple(cells[i] for i in kept))
    return Written(
        data=csv_bytes(rows, place), notes=tuple(notes), left_alone=tuple(left)
    )


def _harmless(cell: str) -> str:
    """Return a cell without what makes Moodle's reader lose the next row."""
    return " ".join(cell.replace("\\", "&#92;").splitlines())


def _columns(sheet: Sheet) -> _Columns:
    """Find the columns by the words of the worksheet's language.

    Raises StaffError where one is missing that Moodle wants, or comments do
    """
    header = sheet.roster.header
    words = worksheet_words(frozenset(cell.strip() for cell in header)) or ENGLISH

    def needed(spellings: tuple[str, ...]) -> int:
        found = place_of(header, spellings)
        if found is None:
            raise StaffError(
                f"{sheet.roster.place}:1",
                f"has no column {spellings[0]!r}; its headings are "
                f"{', '.join(printable(cell) for cell in header)}",
                "download the worksheet again and leave its headings; if they are in a "
                "language that is not known here, set yours to English in Moodle "
                "(Preferences, Preferred language) before you download and upload",
            )
        return found

    with_comments = sheet.comments is not None
    return _Columns(
        words=words,
        identifier=needed(words.identifier),
        grade=needed(words.grade),
        graded_at=needed(words.graded_at),
        maximum=place_of(header, words.maximum),
        scale=place_of(header, words.scale),
        may_change=place_of(header, words.may_change),
        feedback=needed(words.feedback)
        if with_comments
        else place_of(header, words.feedback),
    )


def _refuse_scale(sheet: Sheet, at: _Columns) -> None:
    """Refuse an assignment whose marks are words of a scale, or no marks at all."""
    if at.scale is None or at.maximum is not None:
        return
    rows = (sheet.roster.rows[student.row] for student in sheet.roster.students)
    told = next((row[at.scale].strip() for row in rows if row[at.scale].strip()), "")
    raise StaffError(
        sheet.roster.place,
        f"the assignment is graded with the scale {printable(told)!r}: Moodle takes "
        "one of its words there and skips points without a word",
        "set the assignment's grade to points in Moodle and download the worksheet "
        "again",
    )


def _is_locked(cells: list[str], at: _Columns) -> bool:
    told = "" if at.may_change is None else cells[at.may_change].strip().casefold()
    return told in {at.words.no, ENGLISH.no}


def _scaled(sheet: Sheet, at: _Columns) -> tuple[Sheet, list[str]]:
    """Return the sheet in the points of the assignment's maximum grade.

    Raises StaffError where it is another one than ours and no scale was asked for
    """
    rows = [sheet.roster.rows[student.row] for student in sheet.roster.students]
    told = {row[at.maximum].strip() for row in rows if at.maximum is not None} - {""}
    if not told:
        return sheet, []
    if len(told) > 1:
        raise StaffError(
            sheet.roster.place,
            f"the assignment has several maximum grades: {', '.join(sorted(told))}",
            "download the worksheet again and leave the file as it is",
        )
    mark_of_file = decimal_mark(cell for row in rows for cell in (row[at.grade], *told))
    return sheet.scaled_to(
        FullMarks(
            place=sheet.roster.place,
            column=at.words.maximum[0],
            lms="Moodle",
            told=told.pop(),
            decimal_mark=mark_of_file,
        )
    )


def _notes(entry: StudentEntry, cells: list[str], at: _Columns) -> Iterator[str]:
    graded_at, was = cells[at.graded_at].strip(), readings(cells[at.grade])
    if entry.score is None or was == (exact(float(mark(entry.score))),):
        # Moodle looks at no time where the mark is the same.
        return
    if graded_at not in {"", "-"}:
        why = (
            "was graded before, and not by this"
            if ENGLISH_TIME.fullmatch(graded_at)
            else f"has a time that Moodle may not read, {printable(graded_at)!r}"
        )
        yield f"{label(entry.student)} {why}: for the mark to change, {BOX}"
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
    has_points=True,
)
