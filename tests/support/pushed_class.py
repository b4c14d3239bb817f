"""Three students with marks on their way to an LMS, and the LMSs that take them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jwcrypto.jwk import JWK

from autograder.gradebook.push import Patience, PushDocument, State
from autograder.intake.roster import Roster, read_roster
from autograder.records.results import Result, Verdict
from autograder.records.submission import Submission
from lms_servers import Canvas, Platform, running

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


@contextmanager
def canvas_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Canvas]:
    monkeypatch.setenv("CANVAS_API_TOKEN", "canvas-token-1")
    scores: dict[str, float | None] = {"9001": None, "9002": 30.0, "9003": None}
    canvas_server = Canvas(scores={**scores, "9004": None})
    with running(canvas_server):
        yield canvas_server


@contextmanager
def lti_platform(key: JWK, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    private = key.export_to_pem(private_key=True, password=None).decode()
    monkeypatch.setenv("LTI_PRIVATE_KEY", private)
    members: list[dict[str, Any]] = [
        {"user_id": "u-ada", "email": "ADA@example.edu", "roles": ["Learner"]},
        {
            "user_id": "u-zoe",
            "lis_person_sourcedid": "0013",
            "given_name": "Zoë",
            "family_name": "Müller",
            "roles": ["Learner"],
        },
        {"user_id": "u-old", "email": "ada@example.edu", "status": "Inactive"},
    ]
    lms = Platform(
        public_key=key.export_to_pem().decode(),
        users=frozenset({"u-ada", "u-zoe", "9001", "9002"}),
        members=members,
    )
    with running(lms):
        yield lms
