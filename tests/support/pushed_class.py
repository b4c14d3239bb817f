"""Three students with marks on their way to an LMS, and what came of each."""

from datetime import UTC, datetime
from pathlib import Path

from autograder.gradebook.push import Patience, PushDocument, State
from autograder.intake.roster import Roster, read_roster
from autograder.records.results import Result, Verdict
from autograder.records.submission import Submission

QUICK = Patience(seconds_per_answer=10, tries=2, seconds_of_pause=0, seconds_of_work=10)
CANVAS_ROSTER = """\
Student,ID,SIS User ID,SIS Login ID,Section,HW1 (77)
    Points Possible,,,,,100
"Example, Ada",9001,0012,ada,S1,
"Müller, Zoë",9002,0013,zoe,S1,
"Nothing, Nia",9003,0014,nia,S1,
"Fault, Fay",9004,0015,fay,S1,
"""
PLAIN_ROSTER = """\
id,username,name,email
0012,ada,Ada Example,ada@example.edu
0013,zoe,Zoë Müller,zoe@example.edu
0014,nia,Nia Nothing,nia@example.edu
"""
SCORES = {"Ada Example": 100.0, "Zoë Müller": 40.5, "Fay Fault": None}
IDS = {"Ada Example": "0012", "Zoë Müller": "0013", "Fay Fault": "0015"}


def graded(name: str, score: float | None) -> tuple[Submission, Result]:
    submission = Submission(
        key=f"k-{IDS[name]}",
        lms_id="",
        student_name=name,
        roster_id=IDS[name],
        attempt=1,
        submitted_at=None,
        files={},
    )
    result = Result(
        assignment="a0_scale",
        submission_key=submission.key,
        score=score,
        possible=100.0,
        verdict=Verdict.FAULT if score is None else Verdict.FAILED,
        questions=(),
        fault="the disk was full" if score is None else "",
        graded_at=datetime(2026, 11, 23, tzinfo=UTC),
    )
    return submission, result


def roster(folder: Path, text: str) -> Roster:
    (folder / "roster.csv").write_text(text, encoding="utf-8")
    return read_roster(folder / "roster.csv")


def states(document: PushDocument) -> dict[str, State]:
    return {d.student_name: d.state for d in document.deliveries}


def reasons(document: PushDocument) -> dict[str, str]:
    return {d.student_name: d.why for d in document.deliveries if d.why}
