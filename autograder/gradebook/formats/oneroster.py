"""OneRoster 1.2's ``results.csv``, for a student information system.

``--item`` is the line item's sourcedId, the roster's ids are the students'. A result's
own sourcedId follows from the two, so that a second file replaces the first one's
results. Everybody is in it: ``fully graded``, ``submitted`` (not graded yet), ``not
submitted`` or ``exempt``. Source: 1EdTech OneRoster 1.2, CSV binding.
"""

import uuid
from datetime import datetime
from pathlib import Path

from autograder.gradebook.csv_cells import csv_bytes
from autograder.gradebook.sheet import Format, Sheet, Written
from autograder.marks.class_marks import Status, StudentEntry

HEADER = (
    *("sourcedId", "status", "dateLastModified", "lineItemSourcedId"),
    *("studentSourcedId", "scoreStatus", "score", "scoreDate", "comment"),
    *("textScore", "classSourcedId", "inProgress", "incomplete", "late", "missing"),
)
RESULTS = uuid.UUID("5f0e3c56-9f0b-5f8e-8f0a-6f2d3d6f8c11")
"""The name space of our results' ids."""
SCORE_STATUS = {
    Status.GRADED: "fully graded",
    Status.FAULT: "submitted",
    Status.DOUBTFUL: "submitted",
    Status.MISSING: "not submitted",
    Status.EXCUSED: "exempt",
}


def _write(sheet: Sheet, place: Path) -> Written:
    rows: list[tuple[str, ...]] = [HEADER]
    rows += [
        _row(sheet, entry, sheet.comment(at))
        for at, entry in enumerate(sheet.entries.students)
    ]
    note = (
        "the roster's ids must be the students' sourcedIds; the receiving system wants "
        "a manifest.csv beside the file in a zip"
    )
    return Written(data=csv_bytes(rows, place), notes=(note,))


def _row(sheet: Sheet, entry: StudentEntry, comment: str) -> tuple[str, ...]:
    return (
        str(uuid.uuid5(RESULTS, f"{sheet.item}\0{entry.student.id}")),
        "",  # and the next: blank in a bulk file
        "",
        sheet.item,
        entry.student.id,
        SCORE_STATUS[entry.status],
        sheet.mark(entry.score),
        _date(entry.graded_at or entry.submitted_at),
        comment,
        "",
        "",
        "false",
        "false",
        "true" if entry.late_by else "false",
        "true" if entry.status is Status.MISSING else "false",
    )


def _date(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""


FORMAT = Format(
    name="oneroster",
    made_for="a student information system: OneRoster 1.2 results.csv",
    write=_write,
    takes_comments=True,
    item_is="the line item's sourcedId",
)
