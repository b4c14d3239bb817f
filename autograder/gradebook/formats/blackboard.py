"""Blackboard's gradebook upload: the download, filled in for one column.

    "Last Name","First Name","Username","Student ID","HW1 [Total Pts: 10 Score] |128"

Rows match on Username only, and the number behind ``|`` routes to the column: without
it Blackboard makes a new one. A download of one column has places for feedback too.
Students without a mark are left out, and whoever has a word in the place of a score
(exempt) keeps it; ``Needs Grading`` and ``In Progress`` wait for a score. The words
around the points are in the course's language, their places are not. Source:
Blackboard's help pages on working offline with grades, and files in circulation.
"""

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import StaffError
from autograder.gradebook.csv_cells import csv_bytes, mark
from autograder.gradebook.points import FullMarks, decimal_mark, readings
from autograder.gradebook.sheet import Format, Sheet, Written
from autograder.intake.roster import Roster, RosterKind
from autograder.intake.roster_headings import blackboard_fields
from autograder.marks.class_marks import label
from autograder.text import printable

HEADING = re.compile(
    r"(?P<title>.+) \[(?P<words>[^\]:]+): ?(?P<computed>\D*? )?"
    r"(?P<points>[0-9.,]+)(?: (?P<shown>[^\]]*))?\] \|(?P<id>[0-9]+)",
    re.DOTALL,
)
"""``[Total Pts: 10 Score]``; before the points of a computed column stands "up to"."""
NO_POINTS = frozenset(
    {"text", "letter", "percentage", "complete/incomplete", "tabular"}
)
"""What a column shows in the place of points, in an English file."""
SHOWS_POINTS = frozenset({"", "score", "puntuación", "pontuação"})
"""What a column of points shows, as far as public files tell Blackboard's words."""
WAITING = re.compile(
    r"-?|(?:needs (?:grading|marking)|in progress) ?(?:\([0-9.,]*\))?", re.IGNORECASE
)
"""Waits for a score; in brackets stands the one that an earlier attempt has."""
FEEDBACK, FEEDBACK_FORMAT = "Feedback to Learner", "Feedback Format"
PLAIN_TEXT = "SMART_TEXT"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    at: int
    heading: str
    title: str
    points: str
    shown: str


def _write(sheet: Sheet, place: Path) -> Written:
    roster = sheet.roster
    _refuse_other_lists(roster)
    column = _chosen(sheet)
    headings = [heading.strip() for heading in roster.header]
    shared = [at for at, title in enumerate(headings) if blackboard_fields(title)]
    header = [*(roster.header[i] for i in shared), column.heading]
    if sheet.comments is not None:
        if FEEDBACK not in headings:
            raise StaffError(
                roster.place,
                f"has no column {FEEDBACK!r}",
                "download the one column alone, with comments included, from a course "
                "whose language is English",
            )
        header += [FEEDBACK, FEEDBACK_FORMAT]
    _refuse_no_points(sheet, column)
    sheet, notes = sheet.scaled_to(
        FullMarks(
            place=roster.place,
            column=column.title,
            lms="Blackboard",
            told=column.points,
            decimal_mark=decimal_mark(
                cell for row in roster.rows for cell in row[max(shared) + 1 :]
            ),
        )
    )
    if column.shown.casefold() not in SHOWS_POINTS:
        notes.append(
            f"{printable(column.title)!r} shows {printable(column.shown)!r}, which is "
            "not known here: see after the upload that the marks are points there"
        )
    rows, left = _rows(sheet, column, shared)
    # As the download has it: without the mark, names are read as Latin-1.
    data = codecs.BOM_UTF8 + csv_bytes([header, *rows], place, quote_all=True)
    return Written(data=data, notes=tuple(notes), left_alone=tuple(left))


def _refuse_other_lists(roster: Roster) -> None:
    if roster.kind is RosterKind.BLACKBOARD:
        return
    if any(HEADING.fullmatch(heading.strip()) for heading in roster.header):
        raise StaffError(
            f"{roster.place}:1",
            "has Blackboard's columns of grades, but not its Last Name, First Name and "
            "Username, by which alone Blackboard knows whose a row is",
            "download again and leave the columns as they are; in a language that is "
            "not known here, set the course's to English first",
        )
    raise StaffError(
        roster.place,
        f"is a class list of kind {roster.kind.value}, not a Blackboard download",
        "Blackboard: Gradebook, Download Grades; give that file as the roster",
    )


def _rows(
    sheet: Sheet, column: _Column, shared: Sequence[int]
) -> tuple[list[list[str]], list[str]]:
    """Return a row a mark, and whose cells are left alone, in words.

    shared : the columns that say whose a row is
    """
    rows, left = [], []
    for at, entry in enumerate(sheet.entries.students):
        if entry.score is None:
            continue
        cells = sheet.roster.rows[entry.student.row]
        there = cells[column.at].strip()
        if not WAITING.fullmatch(there) and not readings(there):
            left.append(f"{label(entry.student)} has {printable(there)!r} there")
            continue
        row = [*(cells[i] for i in shared), mark(entry.score)]
        if sheet.comments is not None:
            row += [sheet.comment(at), PLAIN_TEXT]
        rows.append(row)
    return rows, left


def _refuse_no_points(sheet: Sheet, column: _Column) -> None:
    if column.shown.casefold() in NO_POINTS:
        raise StaffError(
            sheet.roster.place,
            f"{printable(column.title)!r} shows {printable(column.shown)!r}: it takes "
            "no points",
            "let its primary display be Score in Blackboard and download again",
        )


def _chosen(sheet: Sheet) -> _Column:
    """Return the column of the item, or say why there is none."""
    place, wanted = sheet.roster.place, sheet.item
    header = sheet.roster.header
    known, computed = _columns(header)
    found = [c for c in known if wanted in {c.title, c.heading}]
    there = ", ".join(printable(c.heading) for c in known) or "none"
    if not found and wanted in computed:
        raise StaffError(
            place,
            f"{printable(wanted)!r} is a column that Blackboard computes",
            f"choose another with --item; there are: {there}",
        )
    if not found and any(h.strip().startswith(f"{wanted} [") for h in header):
        raise StaffError(
            f"{place}:1",
            f"its column {printable(wanted)!r} has no number behind a |, without which "
            "Blackboard makes a new column of no points",
            "download again and leave the headings as they are",
        )
    if not found:
        raise StaffError(
            place,
            f"has no column {printable(wanted)!r}; it has: {there}",
            "make it in Blackboard and download again, or choose one with --item",
        )
    if len(found) > 1:
        raise StaffError(
            place,
            f"has {len(found)} columns {printable(wanted)!r}; it has: {there}",
            "choose one with --item and its whole heading",
        )
    return found[0]


def _columns(header: tuple[str, ...]) -> tuple[list[_Column], list[str]]:
    """Return the columns that take marks, and the titles of those that are computed."""
    known, computed = [], []
    for at, heading in enumerate(header):
        match = HEADING.fullmatch(heading.strip())
        if match is None:
            continue
        if match["computed"]:
            computed.append(match["title"])
        else:
            known.append(
                _Column(
                    at=at,
                    heading=heading,
                    title=match["title"],
                    points=match["points"],
                    shown=(match["shown"] or "").strip(),
                )
            )
    return known, computed


FORMAT = Format(
    name="blackboard",
    made_for="Blackboard: Gradebook, Upload Grades",
    write=_write,
    takes_comments=True,
    has_points=True,
)
