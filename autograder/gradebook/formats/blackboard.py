"""Blackboard's gradebook upload: the download, filled in for one column.

    "Last Name","First Name","Username","Student ID","HW1 [Total Pts: 10 Score] |128"

Rows match on Username only, and the number behind ``|`` routes to the column: without
it Blackboard makes a new one. A download of one column has places for feedback too.
Students without a mark are left out. Source: Blackboard's help pages on working
offline with grades, and files in circulation.
"""

import codecs
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import StaffError
from autograder.gradebook.csv_cells import csv_bytes, mark
from autograder.gradebook.sheet import Format, Sheet, Written
from autograder.intake.roster import RosterKind
from autograder.intake.roster_headings import BLACKBOARD_TITLES
from autograder.text import printable

HEADING = re.compile(
    r"(?P<title>.+) \[Total Pts: (?P<computed>up to )?(?P<points>[0-9.,]+)[^\]]*\] "
    r"\|(?P<id>[0-9]+)",
    re.DOTALL,
)
FEEDBACK, FEEDBACK_FORMAT = "Feedback to Learner", "Feedback Format"
PLAIN_TEXT = "SMART_TEXT"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    at: int
    heading: str
    title: str
    points: str


def _write(sheet: Sheet, place: Path) -> Written:
    roster = sheet.roster
    if roster.kind is not RosterKind.BLACKBOARD:
        raise StaffError(
            roster.place,
            f"is a class list of kind {roster.kind.value}, not a Blackboard download",
            "Blackboard: Gradebook, Download Grades; give that file as the roster",
        )
    column = _chosen(sheet)
    headings = [heading.strip() for heading in roster.header]
    shared = [headings.index(t) for t in BLACKBOARD_TITLES.values() if t in headings]
    shared.sort()
    header = [*(roster.header[i] for i in shared), column.heading]
    if sheet.comments is not None:
        if FEEDBACK not in headings:
            raise StaffError(
                roster.place,
                f"has no column {FEEDBACK!r}",
                "download the one column alone, with comments included",
            )
        header += [FEEDBACK, FEEDBACK_FORMAT]
    rows = [header]
    for at, entry in enumerate(sheet.entries.students):
        if entry.score is None:
            continue
        cells = roster.rows[entry.student.row]
        row = [*(cells[i] for i in shared), mark(entry.score)]
        if sheet.comments is not None:
            row += [sheet.comment(at), PLAIN_TEXT]
        rows.append(row)
    # As the download has it: without the mark, names are read as Latin-1.
    data = codecs.BOM_UTF8 + csv_bytes(rows, place, quote_all=True)
    return Written(data=data)


def _chosen(sheet: Sheet) -> _Column:
    """Return the column of the item, or say why there is none."""
    place, wanted = sheet.roster.place, sheet.item
    known, computed = _columns(sheet.roster.header)
    found = [c for c in known if wanted in {c.title, c.heading}]
    there = ", ".join(printable(c.heading) for c in known) or "none"
    if not found and wanted in computed:
        raise StaffError(
            place,
            f"{printable(wanted)!r} is a column that Blackboard computes",
            f"choose another with --item; there are: {there}",
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
    (column,) = found
    if not _is_number(column.points, sheet.possible):
        raise StaffError(
            place,
            f"{printable(column.title)!r} has {column.points} points in "
            f"Blackboard, here it has {sheet.possible:g}",
            f"set its points to {sheet.possible:g}, or give --as percent",
        )
    return column


def _is_number(told: str, points: float) -> bool:
    """Tell whether a number of any locale is that many points.

    >>> _is_number("10,5", 10.5), _is_number("1,000.50", 1000.5), _is_number(",", 0)
    (True, True, False)
    """
    readings = (told.replace(",", ""), told.replace(".", "").replace(",", "."))
    for plain in readings:
        with suppress(ValueError):
            if float(plain) == points:
                return True
    return False


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
                )
            )
    return known, computed


FORMAT = Format(
    name="blackboard",
    made_for="Blackboard: Gradebook, Upload Grades",
    write=_write,
    takes_comments=True,
)
