"""The students' pages of an assignment, made from what stands now.

Whichever command needs a page makes it: after a regrade or a person's decision the one
that lies there is an old one.
"""

from collections.abc import Sequence
from pathlib import Path

from autograder.course.assignment import Assignment
from autograder.marks.class_marks import Entries, Status
from autograder.marks.rules import Standing
from autograder.records.entries import Entry
from autograder.reports.student_report import feedback_folder, write_feedback


def write_pages(
    out: Path,
    assignment: Assignment,
    standing: Standing,
    entries: Sequence[Entry],
    marks: Entries,
) -> Path:
    """Write a page for everybody who handed in, and return their folder.

    entries, marks : as they stand, of the ledger and under the rules
    Raises StaffError where a page cannot be written
    """
    folder = feedback_folder(out, assignment.name)
    terms = standing.terms(assignment.name)
    counted = {one.key: one for one in marks.students if one.key}
    for entry in entries:
        mark = counted.get(entry.submission.key)
        write_feedback(
            folder,
            standing.timed(assignment.name, entry.submission),
            entry.result,
            assignment=assignment,
            terms=terms,
            words=mark.words if mark else (),
            mark=mark.score if mark else None,
            waits=mark is not None and mark.status is Status.DOUBTFUL,
        )
    return folder
