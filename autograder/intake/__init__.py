"""From an LMS's download to submissions: one module a layout, one way from there on.

A layout takes the archive apart by student and time (`layout.HandedIn`); here students
are found on the roster, attempts are counted and the file to grade is chosen. What is
not certain is never guessed: it becomes an `Issue` for a person. No file is lost: what
no layout claims is listed.

A new layout is a module with a `Source`, a line in `reading.SOURCES`, and a builder of
such downloads in ``tests/intake/test_layouts.py``.
"""

from autograder.intake.issue import Issue, IssueKind
from autograder.intake.notebooks import NotebookReader
from autograder.intake.reading import SOURCES, Intake, read_submissions
from autograder.intake.single import read_single

__all__ = [
    "SOURCES",
    "Intake",
    "Issue",
    "IssueKind",
    "NotebookReader",
    "read_single",
    "read_submissions",
]
