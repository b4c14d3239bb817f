"""The ledger keeps every result, and a fault never counts as graded."""

import math
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from autograder.errors import StaffError
from autograder.kinds import Kind
from autograder.records.dependencies import CourseInputs, Inputs
from autograder.records.hand_ins import HandIn, hand_in
from autograder.records.ledger import Ledger
from autograder.records.ledger_file import copy_path
from autograder.records.results import (
    CaseResult,
    Comparison,
    QuestionResult,
    Result,
    Verdict,
    kept,
)
from autograder.records.submission import Submission
from autograder.reports.plots import comparison_svg, describe


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


@pytest.mark.parametrize("score", [0, -0.0, 7, 0.1 + 0.2, 1e-300])
def test_a_score_of_any_spelling_is_read_as_it_was_stored(
    tmp_path: Path, score: float
) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.add(submission(), result(score), "h1")
        (entry,) = ledger.entries("a0_scale")
        assert entry.result.score == score
        assert ledger.graded("a0_scale", "s1-1", "h1")


def test_a_result_is_on_the_disk_once_it_is_stored(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        asked = ledger._db.execute("PRAGMA synchronous")  # noqa: SLF001 a power cut would tell
        assert asked.fetchone() == (2,)


def test_results_that_came_together_are_stored_together_or_not_at_all(
    tmp_path: Path,
) -> None:
    path = tmp_path / "ledger.sqlite"
    inputs = Inputs(submission={}, course=CourseInputs(shared={}, questions={}))
    both = [(submission(key), result(key=key), inputs) for key in ("s1-1", "s2-1")]
    with Ledger(path) as ledger, closing(sqlite3.connect(path)) as db:
        run = ledger.begin_run("grade", "a0_scale", "")
        db.executescript(
            "CREATE TRIGGER second BEFORE INSERT ON result"
            " WHEN NEW.submission_key = 's2-1'"
            " BEGIN SELECT RAISE(ABORT, 'the second'); END"
        )
        with pytest.raises(StaffError, match="the second"):
            ledger.add_all(both, run=run)
        assert ledger.size == 0
        db.executescript("DROP TRIGGER second")
        ledger.add_all(both, run=run)
        # Another program sees them, so they are in the file.
        seen = db.execute("SELECT verdict, score FROM result").fetchall()
        assert seen == [("failed", 60.0)] * 2
        assert [entry.inputs for entry in ledger.entries("a0_scale")] == [inputs] * 2
        assert ledger.graded("a0_scale", "s2-1", inputs.hash)
        assert [(r.results, r.number) for r in ledger.runs()] == [(2, run)]


@pytest.mark.parametrize(
    "text", ["half of \ud83d", 16**4095, object()], ids=["text", "int", "object"]
)
def test_what_cannot_be_stored_costs_one_student_a_fault(
    tmp_path: Path, text: Any
) -> None:
    inputs = Inputs(submission={}, course=CourseInputs(shared={}, questions={}))
    ill = msgspec.structs.replace(result(key="s1-1"), flags=(text,))
    both = [(submission("s1-1"), ill, inputs)]
    both.append((submission("s2-1"), result(key="s2-1"), inputs))
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.add_all(both, run=ledger.begin_run("grade", "a0_scale", ""))
        first, second = ledger.entries("a0_scale")
        assert first.result.verdict is Verdict.FAULT
        assert first.result.fault.startswith("its result cannot be stored (")
        assert (first.result.score, first.result.possible) == (None, 100.0)
        assert first.result.graded_at == ill.graded_at
        assert second.result == both[1][1]


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


OLD_LEDGER = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
CREATE TABLE held_back (
    assignment TEXT NOT NULL, roster_id TEXT NOT NULL, reason TEXT NOT NULL
) STRICT;
CREATE TABLE result (
    id INTEGER PRIMARY KEY,
    assignment TEXT NOT NULL,
    submission_key TEXT NOT NULL,
    inputs_hash TEXT NOT NULL,
    verdict TEXT NOT NULL,
    score REAL,
    graded_at TEXT NOT NULL,
    submission BLOB NOT NULL,
    result BLOB NOT NULL
) STRICT;
INSERT INTO meta VALUES ('secret', x'00112233');
INSERT INTO result VALUES (1, 'a0_scale', 's1-1', 'h1', 'failed', 60.0,
    '2026-11-01T00:00:00+00:00',
    CAST('{"key":"s1-1","lms_id":"","student_name":"Zoë Doe","roster_id":"0012",
      "attempt":1,"submitted_at":null,"files":{}}' AS BLOB),
    CAST('{"assignment":"a0_scale","submission_key":"s1-1","score":60.0,
      "possible":100.0,"verdict":"failed","questions":[],
      "graded_at":"2026-11-01T00:00:00Z"}' AS BLOB));
"""
"""As version 0.1.0 wrote it, before runs had numbers."""


def test_an_older_ledger_opens_with_all_that_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with sqlite3.connect(path) as db:
        db.executescript(OLD_LEDGER)
    for _ in range(2):
        with Ledger(path) as ledger:
            (entry,) = ledger.entries("a0_scale", after_run=0)
            assert (entry.run, entry.inputs, entry.result.score) == (0, None, 60.0)
            assert ledger.graded("a0_scale", "s1-1", "h1")
            assert ledger.secret == bytes.fromhex("00112233")
            assert ledger.runs() == []
    with sqlite3.connect(tmp_path / "ledger-version-0.sqlite") as db:
        assert db.execute("PRAGMA user_version").fetchone() == (0,)
        assert db.execute("SELECT score FROM result").fetchall() == [(60.0,)]


def test_a_ledger_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(StaffError, match=r"a newer autograder wrote it \(version 99"):
        Ledger(path)


def test_what_stood_after_an_earlier_run_can_still_be_read(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        first = ledger.begin_run("grade", "a0_scale", "first")
        ledger.add(submission(), result(10.0), "h1", run=first)
        ledger.end_run(first)
        second = ledger.begin_run("regrade", "a0_scale", "q1 was mended")
        ledger.add(submission(), result(None), "h2", run=second)
        stood = {
            number: [
                e.result.score for e in ledger.entries("a0_scale", after_run=number)
            ]
            for number in (0, first, second)
        }
        assert stood == {0: [], 1: [10.0], 2: [None]}
        one, two = ledger.runs()
        assert (one.results, one.faults, one.finished_at is None) == (1, 0, False)
        assert (two.results, two.faults, two.finished_at) == (1, 1, None)
        assert ledger.run(2) == two


def test_a_run_that_is_not_there_is_named(tmp_path: Path) -> None:
    with (
        Ledger(tmp_path / "ledger.sqlite") as ledger,
        pytest.raises(StaffError, match="there is no run 3, the runs are none yet"),
    ):
        ledger.run(3)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StaffError, match="the ledger cannot be used"):
        Ledger(tmp_path / "file" / "ledger.sqlite")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("result", b"{"),
        ("result", b"\xff"),
        ("result", b'{"assignment": 7}'),
        ("submission", b"null"),
        ("inputs", b"[]"),
        ("graded_at", "soon"),
        ("score", 99.0),
        ("inputs_hash", "another"),
    ],
)
def test_a_row_that_cannot_be_read_costs_one_student_a_fault_and_is_graded_again(
    tmp_path: Path, column: str, value: bytes | str | float
) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger(path) as ledger:
        for key in ("a", "b"):
            ledger.add(submission(key), result(key=key), "hash", run=7)
    with sqlite3.connect(path) as db:
        db.execute(
            f"UPDATE result SET {column} = ? WHERE submission_key = 'a'",  # noqa: S608 our own names
            (value,),
        )
    with Ledger(path) as ledger:
        broken, whole = ledger.entries("a0_scale")
        assert not ledger.graded("a0_scale", "a", "hash")
        assert ledger.graded("a0_scale", "b", "hash")
    assert (broken.submission.key, broken.result.verdict) == ("a", Verdict.FAULT)
    assert broken.run == 7
    soon = datetime(1970, 1, 1, tzinfo=UTC)
    graded_at = soon if column == "graded_at" else result().graded_at
    assert broken.result.graded_at == graded_at
    assert "cannot be read" in broken.result.fault
    assert whole.result == result(key="b")


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan, -0.0, 1e308, 5e-324])
def test_any_number_that_a_student_returns_comes_back(
    tmp_path: Path, number: float
) -> None:
    comparison = Comparison(
        call="f()",
        expected=(kept(1.0), kept(number)),
        actual=(kept(number), kept(2.0)),
        expected_shape=(2,),
        actual_shape=(2,),
    )
    case = CaseResult(
        name="c",
        hidden=False,
        points=1.0,
        verdict=Verdict.FAILED,
        kind=Kind.VALUE,
        comparison=comparison,
    )
    question = QuestionResult(
        name="q",
        title="Q",
        score=0.0,
        possible=1.0,
        verdict=Verdict.FAILED,
        cases=(case,),
    )
    stored = msgspec.structs.replace(result(), questions=(question,))
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.add(submission(), stored, "hash")
        (entry,) = ledger.entries("a0_scale")
    back = entry.result.questions[0].cases[0].comparison
    assert back is not None
    np.testing.assert_array_equal(
        np.array(back.expected, np.float64), np.array([1.0, number])
    )
    assert describe(back)
    assert comparison_svg(back)


def faults(ledger: Ledger) -> dict[str, str]:
    return {e.submission.key: e.result.fault for e in ledger.entries("a0_scale")}


def test_what_an_interrupted_run_has_not_come_to_is_handed_in_and_not_graded_yet(
    tmp_path: Path,
) -> None:
    both = [hand_in(submission(key), "h1") for key in ("s1-1", "s2-1")]
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        run = ledger.begin_run("grade", "a0_scale", "", both)
        ledger.add(submission(), result(), "h1", run=run)
        assert ledger.assignments() == ["a0_scale"]
        assert faults(ledger) == {
            "s1-1": "",
            "s2-1": "handed in, not graded yet (run 1 was interrupted: run grade "
            "again)",
        }
        ledger.add(submission("s2-1"), result(key="s2-1"), "h1", run=run)
        ledger.end_run(run)
        assert faults(ledger) == {"s1-1": "", "s2-1": ""}


def test_a_new_file_that_is_not_graded_yet_leaves_no_mark_of_the_old_one(
    tmp_path: Path,
) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        first = ledger.begin_run("grade", "a0_scale", "", [hand_in(submission(), "h1")])
        ledger.add(submission(), result(), "h1", run=first)
        ledger.end_run(first)
        ledger.begin_run("regrade", "a0_scale", "", [hand_in(submission(), "h2")])
        (entry,) = ledger.entries("a0_scale")
        assert entry.result.score is None
        assert "(run 2 was interrupted: run regrade again)" in entry.result.fault
        # What stood after the first run still did.
        (before,) = ledger.entries("a0_scale", after_run=first)
        assert before.result.score == 60.0


def test_a_download_of_a_few_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    held = [
        hand_in(submission(key), "", why_not=why)
        for key, why in (("s1-1", "two files"), ("s2-1", "two times"))
    ]
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.begin_run("grade", "a0_scale", "", held)
        second = [hand_in(submission("s2-1"), "h1")]
        run = ledger.begin_run("grade", "a0_scale", "", second)
        ledger.add(submission("s2-1"), result(key="s2-1"), "h1", run=run)
        assert faults(ledger) == {"s1-1": "two files", "s2-1": ""}


def test_a_hand_in_has_the_time_of_the_newest_download(tmp_path: Path) -> None:
    time = datetime(2026, 10, 9, 12, tzinfo=UTC)
    later = msgspec.structs.replace(submission(), submitted_at=time)
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        run = ledger.begin_run("grade", "a0_scale", "", [hand_in(submission(), "h1")])
        ledger.add(submission(), result(), "h1", run=run)
        ledger.begin_run("grade", "a0_scale", "", [hand_in(later, "h1")])
        (entry,) = ledger.entries("a0_scale")
    assert (entry.submission.submitted_at, entry.result.score) == (time, 60.0)


def test_a_hand_in_that_cannot_be_read_costs_one_student(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    both = [hand_in(submission(key), "h1") for key in ("s1-1", "s2-1")]
    with Ledger(path) as ledger:
        run = ledger.begin_run("grade", "a0_scale", "", both)
        for key in ("s1-1", "s2-1"):
            ledger.add(submission(key), result(key=key), "h1", run=run)
    with sqlite3.connect(path) as db:
        db.execute(
            "UPDATE hand_in SET hand_in = ? WHERE submission_key = 's1-1'", (b"{",)
        )
    with Ledger(path) as ledger:
        found = faults(ledger)
    assert "cannot be read" in found["s1-1"]
    assert found["s2-1"] == ""


def test_whom_an_older_version_held_back_waits_until_they_are_graded(
    tmp_path: Path,
) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger(path) as ledger:
        ledger.begin_run("grade", "a1_conv1d", "")
    with sqlite3.connect(path) as db:
        db.execute("INSERT INTO held_back VALUES ('a0_scale', '0012', 'two files')")
    with Ledger(path) as ledger:
        (waiting,) = ledger.entries("a0_scale")
        assert (waiting.submission.roster_id, waiting.result.fault) == (
            "0012",
            "two files",
        )
        assert ledger.entries("a0_scale", after_run=1) == []
        run = ledger.begin_run("grade", "a0_scale", "", [hand_in(submission(), "h1")])
        ledger.add(submission(), result(), "h1", run=run)
        (graded,) = ledger.entries("a0_scale")
    assert graded.result.score == 60.0


def test_a_result_stands_for_its_assignment_submission_and_inputs_only(
    tmp_path: Path,
) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.add(submission(), result(), "h1")
        assert ledger.graded("a0_scale", "s1-1", "h1")
        assert not ledger.graded("a0_scale", "s1-1", "h2")
        assert not ledger.graded("a0_scale", "s1-2", "h1")
        assert not ledger.graded("a1_conv1d", "s1-1", "h1")
        ledger.add(submission(), result(), "h2")
        assert not ledger.graded("a0_scale", "s1-1", "h1")
        ledger.add(submission(), result(None), "h2")
        assert not ledger.graded("a0_scale", "s1-1", "h2")


def test_the_secret_is_long_made_once_and_never_another_ledgers(tmp_path: Path) -> None:
    with (
        Ledger(tmp_path / "a.sqlite") as first,
        Ledger(tmp_path / "b.sqlite") as second,
    ):
        assert len(first.secret) == 32
        assert first.secret == first.secret
        assert first.secret != second.secret


def test_runs_tell_what_they_were_and_how_many_they_could_not_grade(
    tmp_path: Path,
) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        first = ledger.begin_run("grade", "a0_scale", "")
        ledger.add(submission(), result(), "h1", run=first)
        ledger.add(submission("s2"), result(None, "s2"), "h1", run=first)
        ledger.end_run(first)
        second = ledger.begin_run("regrade", "a1_conv1d", "mended")
        done, begun = ledger.runs()
        assert ledger.run(second) == begun
        assert ledger.assignments() == ["a0_scale"]
    assert (done.number, done.command, done.assignment) == (1, "grade", "a0_scale")
    assert (done.results, done.faults, done.reason) == (2, 1, "")
    assert (begun.number, begun.results, begun.faults) == (2, 0, 0)
    assert begun.reason == "mended"
    assert done.finished_at is not None
    assert done.finished_at >= done.started_at
    assert begun.finished_at is None


def test_no_file_of_a_submission_is_in_the_ledger(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger(path) as ledger:
        ledger.add(submission(), result(), "h1")
        (entry,) = ledger.entries("a0_scale")
    assert entry.submission == msgspec.structs.replace(submission(), files={})
    assert b"x = 1" not in path.read_bytes()


def of(key: str, roster_id: str | None, origin: str = "") -> Submission:
    return msgspec.structs.replace(submission(key), roster_id=roster_id, origin=origin)


def test_a_run_that_has_done_its_work_leaves_a_copy_of_the_ledger(
    tmp_path: Path,
) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger(path) as ledger:
        run = ledger.begin_run("grade", "a0_scale", "")
        assert not copy_path(path).exists()
        ledger.add(submission(), result(), "h1", run=run)
        ledger.end_run(run)
    with Ledger(copy_path(path)) as copy:
        assert copy.size == 1


def test_a_run_that_cannot_begin_leaves_nothing_of_itself(tmp_path: Path) -> None:
    def broken() -> Iterator[HandIn]:
        yield hand_in(submission(), "h1")
        raise ValueError("no second one")

    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        with pytest.raises(ValueError, match="no second one"):
            ledger.begin_run("grade", "a0_scale", "", broken())
        assert ledger.runs() == []
        assert ledger.begin_run("grade", "a0_scale", "") == 1


def test_older_results_count_where_no_hand_in_tells_of_their_student(
    tmp_path: Path,
) -> None:
    older = [of("s1-1", "0012"), of("unmatched-7-2", None), of("s3-1", "0030")]
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        for one in older:
            ledger.add(one, result(key=one.key), "h1")
        assert [*faults(ledger)] == ["s1-1", "s3-1", "unmatched-7-2"]
        # The same student by another key, the same stranger with one attempt.
        now = [of("0012-1", "0012"), of("unmatched-7-1", None)]
        ledger.begin_run("grade", "a0_scale", "", [hand_in(o, "h2") for o in now])
        assert [*faults(ledger)] == ["0012-1", "s3-1", "unmatched-7-1"]
        # After that run there was a result of nobody's but the third one's.
        after = ledger.entries("a0_scale", after_run=1)
        assert [e.submission.key for e in after] == ["s3-1"]
        assert ledger.entries("a1_conv1d") == []
        ledger.begin_run("grade", "a1_conv1d", "", [hand_in(now[0], "h2")])
        assert ledger.assignments() == ["a0_scale", "a1_conv1d"]


def test_whoever_was_found_on_the_roster_owns_what_comes_from_there(
    tmp_path: Path,
) -> None:
    handed = [of("s1-1", "0012", "one"), of("u-1", None, "two"), of("s3-1", "0030")]
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.begin_run("grade", "a0_scale", "", [hand_in(o, "h") for o in handed])
        owners = ledger.owners("a0_scale")
    assert {origin: one.roster_id for origin, one in owners.items()} == {"one": "0012"}


def test_a_row_that_cannot_be_read_stands_where_it_is_the_newest_one(
    tmp_path: Path,
) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger(path) as ledger:
        for key in ("a", "b", "a"):
            ledger.add(submission(key), result(key=key), "hash")
    with sqlite3.connect(path) as db:
        db.execute("UPDATE result SET score = 99.0 WHERE id < 3")
    with Ledger(path) as ledger:
        found = [(r.id, r.submission_key, r.stands) for r in ledger.unreadable()]
    assert found == [(1, "a", False), (2, "b", True)]
