"""The ledger keeps every result, and a fault never counts as graded."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.errors import StaffError
from autograder.ledger import Ledger
from autograder.results import Result, Verdict
from autograder.submission import Submission


def submission(key: str = "s1-1") -> Submission:
    return Submission(
        key=key,
        lms_id="10001-1",
        student_name="Zoë Doe",
        roster_id="0012",
        attempt=1,
        submitted_at=None,
        files={"a0_scale.py": b"x = 1"},
    )


def result(score: float | None = 60.0, key: str = "s1-1") -> Result:
    return Result(
        assignment="a0_scale",
        submission_key=key,
        score=score,
        possible=100.0,
        verdict=Verdict.FAULT if score is None else Verdict.FAILED,
        questions=(),
        graded_at=datetime(2026, 11, 23, tzinfo=UTC),
    )


def test_a_result_is_there_for_the_next_run(tmp_path: Path) -> None:
    path = tmp_path / "new" / "ledger.sqlite"
    with Ledger(path) as ledger:
        ledger.add(submission(), result(), "h1")
        secret = ledger.secret
    with Ledger(path) as ledger:
        (entry,) = ledger.entries("a0_scale")
        assert ledger.secret == secret
        assert entry.result == result()
        assert entry.submission.student_name == "Zoë Doe"
        assert entry.submission.files == {}
        assert ledger.graded("a0_scale", "s1-1", "h1")
        assert not ledger.graded("a0_scale", "s1-1", "h2")
        assert ledger.assignments() == ["a0_scale"]


def test_a_fault_is_graded_again(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.add(submission(), result(None), "h1")
        assert not ledger.graded("a0_scale", "s1-1", "h1")


def test_the_newest_result_of_a_submission_counts(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.add(submission(), result(10.0), "h1")
        ledger.add(submission(), result(20.0), "h2")
        ledger.add(submission("s2-1"), result(30.0, "s2-1"), "h3")
        assert [e.result.score for e in ledger.entries("a0_scale")] == [20.0, 30.0]


def test_a_file_that_is_no_ledger_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_text("not a database, but long enough to be read as one " * 20)
    with pytest.raises(StaffError, match=r"ledger\.sqlite: the ledger cannot be used"):
        Ledger(path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StaffError, match="the ledger cannot be used"):
        Ledger(tmp_path / "file" / "ledger.sqlite")
