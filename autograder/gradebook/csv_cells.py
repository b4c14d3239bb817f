"""Marks and cells as every LMS reads them: CSV, UTF-8 without BOM, decimal point.

Ids and names are echoed byte for byte, even those that begin with ``= + - @``: an
escaped id no longer matches, and the LMS would make a new user of it. These files are
for the LMS's import and not for a spreadsheet.
"""

import csv
import io
import math
from collections.abc import Sequence
from pathlib import Path

from autograder.errors import StaffError
from autograder.marks.class_marks import Entries, label
from autograder.marks.numbers import exact, shown
from autograder.text import printable

# Sums of points in floating point may end a hair above the maximum.
ROUNDING_SLACK = 1e-6


def mark(score: float) -> str:
    """Return a score with at most two decimals, halves rounded up.

    >>> mark(7.5), mark(0), mark(92.345), mark(100.0), mark(1e-9)
    ('7.5', '0', '92.35', '100', '0')
    """
    return shown(exact(float(score)))


def guarded(text: str) -> str:
    """Return a cell that a spreadsheet shows and does not compute.

    For files that people open; an LMS matches by ids, which must stay what they are.
    Source: OWASP, CSV Injection

    >>> guarded("=1+1"), guarded("Ada"), guarded("-Bo")
    ("'=1+1", 'Ada', "'-Bo")
    """
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def check_marks(entries: Entries, possible: float, place: Path) -> None:
    """Raise StaffError where a mark cannot be.

    possible : the points of full marks; no mark is above, below 0, not finite, or was
        given when full marks were other points
    place : the file they are for, named in the error
    """
    if not math.isfinite(possible) or possible <= 0:
        raise StaffError(
            place, f"the assignment gives {possible} points", "mend its points"
        )
    for entry in entries.students:
        score = entry.score
        if score is None:
            continue
        if not math.isfinite(score) or not 0 <= score <= possible + ROUNDING_SLACK:
            raise StaffError(
                place,
                f"{label(entry.student)} has {score} of {possible:g} points",
                "nothing was written; grade again",
            )
        graded_out_of = possible if entry.possible is None else entry.possible
        if abs(graded_out_of - possible) > ROUNDING_SLACK:
            raise StaffError(
                place,
                f"{label(entry.student)} was graded out of {graded_out_of:g} points, "
                f"the assignment now has {possible:g}",
                "nothing was written; grade again",
            )


def csv_bytes(
    rows: Sequence[Sequence[str]],
    place: Path,
    delimiter: str = ",",
    *,
    quote_all: bool = False,
) -> bytes:
    """Return rows of one width as CSV; quotes only where they are needed.

    place : the file they are for, named in the error
    quote_all : every cell in quotes
    Raises StaffError where a cell has a line break: LMSs read line by line
    """
    widths = {len(row) for row in rows}
    if len(widths) != 1:
        raise ValueError(f"rows of several widths: {sorted(widths)}")
    for cell in (cell for row in rows for cell in row):
        # splitlines knows every line break, and drops one at the end.
        if cell.splitlines() not in ([], [cell]):
            raise StaffError(
                place,
                f"a cell has a line break: {printable(cell)!r}",
                "correct it in the LMS and export the class list again",
            )
    buffer = io.StringIO()
    writer = csv.writer(
        buffer,
        delimiter=delimiter,
        lineterminator="\r\n",
        quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL,
    )
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8")
