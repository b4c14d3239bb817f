"""A class of invented people with awkward names and ids, for the gradebook's tests."""

from datetime import UTC, datetime
from pathlib import Path

from autograder.records.results import Result, Verdict
from autograder.records.submission import Clock, Submission

BRIGHTSPACE = """\
OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator
#0012345,#zdoe,"Doe, Jr.",Zoë,z@example.edu,#
#0000007,#oq,"O""Quote",Ada,,#
#0300,#omar,חיים,דוד,,#
#=1+1,#evil,Formula,Eve,,#
"""
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,HW1 (77),HW2 (78),Final Score
    Points Possible,,,,,100,10,(read only)
"Doe, Jr., Zoë",9001,0012345,zdoe,S1,,,50
"O""Quote, Ada",9002,0000007,oq,S1,12,,50
"חיים, דוד",9003,0300,omar,"S1, S2",,,50
"Formula, Eve",9004,=1+1,evil,S1,,,50
"Student, Test",9999,,,S1,,,50
"""
PLAIN = "id,username,name\n0012345,zdoe,Zoë Doe\n0000007,oq,Ada Quote\n"
NAMES = {
    "0000007": 'Ada O"Quote',
    "12.34.56": 'Ada O"Quote',
    "0300": "דוד חיים",
    "=1+1": "Eve Formula",
    "a@example.edu": 'Ada O"Quote',
    "d@example.edu": "דוד חיים",
    "oq": 'Ada O"Quote',
    "omar": "דוד חיים",
}
"""By id of the lists above; everybody else is Zoë Doe."""
DUE = datetime(2026, 10, 10, 23, 59)  # noqa: DTZ001 (the LMS's local time)


def write(folder: Path, text: str, name: str = "roster.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def graded(
    roster_id: str | None,
    score: float | None,
    *,
    attempt: int = 1,
    at: datetime | None = None,
    name: str | None = None,
    possible: float = 100.0,
) -> tuple[Submission, Result]:
    key = f"k-{attempt}"
    submission = Submission(
        key=key,
        lms_id="10001-1",
        student_name=NAMES.get(roster_id or "", "Zoë Doe") if name is None else name,
        roster_id=roster_id,
        attempt=attempt,
        submitted_at=at,
        clock=Clock.OWN if at and at.tzinfo else Clock.LOCAL,
        files={},
    )
    result = Result(
        assignment="a0",
        submission_key=key,
        score=score,
        possible=possible,
        verdict=Verdict.FAULT if score is None else Verdict.FAILED,
        questions=(),
        fault="the sandbox would not start" if score is None else "",
        graded_at=datetime(2026, 11, 23, tzinfo=UTC),
    )
    return submission, result
