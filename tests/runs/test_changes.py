"""Who moves is told from two lists of results, losses first, with the cases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec

from autograder.kinds import Kind
from autograder.records.entries import Entry
from autograder.records.results import (
    CaseResult,
    QuestionResult,
    Result,
    Verdict,
    same_outcome,
)
from autograder.records.submission import IN_TIME, LATE, Submission
from autograder.runs.changes import changed_times, moves


def case(name: str, points: float, *, passed: bool) -> CaseResult:
    return CaseResult(
        name=name,
        hidden=True,
        points=points,
        verdict=Verdict.PASSED if passed else Verdict.FAILED,
        kind=Kind.PASSED if passed else Kind.VALUE,
        message="" if passed else "the values are not right",
    )


def entry(name: str, *cases: CaseResult, fault: str = "") -> Entry:
    score = sum(c.points for c in cases if c.verdict is Verdict.PASSED)
    question = QuestionResult(
        name="q1",
        title="One",
        score=score,
        possible=10,
        verdict=Verdict.FAILED,
        cases=cases,
    )
    submission = Submission(
        key=f"k-{name.lower()}",
        lms_id="",
        student_name=name,
        roster_id=name,
        attempt=1,
        submitted_at=None,
        files={},
    )
    result = Result(
        assignment="a0",
        submission_key=submission.key,
        score=None if fault else score,
        possible=10,
        verdict=Verdict.FAULT if fault else Verdict.FAILED,
        questions=() if fault else (question,),
        fault=fault,
        graded_at=datetime(2026, 11, 23, tzinfo=UTC),
    )
    return Entry(submission, result, "h")


def test_losses_come_first_and_who_stays_is_left_out() -> None:
    before = [
        entry("Up", case("a", 6, passed=False), case("b", 4, passed=True)),
        entry("Same", case("a", 6, passed=True), case("b", 4, passed=True)),
        entry("Down", case("a", 6, passed=True), case("b", 4, passed=True)),
    ]
    after = [
        entry("Up", case("a", 6, passed=True), case("b", 4, passed=True)),
        entry("Same", case("a", 6, passed=True), case("b", 4, passed=True)),
        entry("Down", case("a", 6, passed=True), case("b", 4, passed=False)),
    ]
    down, up = moves(before, after)
    assert (down.student_name, down.before, down.after, down.gain) == (
        "Down",
        10,
        6,
        -4,
    )
    assert (up.student_name, up.before, up.after, up.gain) == ("Up", 4, 10, 6)
    (change,) = down.why
    assert (change.question, change.case) == ("q1", "b")
    assert (change.before, change.after) == (4, 0)
    assert (change.was, change.became) == ("passed", "value")
    assert change.message == "the values are not right"


def test_cases_that_came_went_or_changed_their_points_are_told() -> None:
    before = [entry("Ada", case("old", 4, passed=True), case("b", 6, passed=True))]
    after = [entry("Ada", case("new", 5, passed=True), case("b", 5, passed=True))]
    (move,) = moves(before, after)
    assert move.gain == 0
    assert [(c.case, c.before, c.after) for c in move.why] == [
        ("new", None, 5),
        ("b", 6, 5),
        ("old", 4, None),
    ]


def test_a_fault_is_no_loss_of_points_but_is_told() -> None:
    good = entry("Ada", case("a", 10, passed=True))
    broken = entry("Ada", fault="the sandbox would not start")
    (lost,) = moves([good], [broken])
    assert (lost.before, lost.after, lost.gain) == (10, None, 0)
    assert (lost.why, lost.fault) == ((), "the sandbox would not start")
    (mended,) = moves([broken], [good])
    assert (mended.before, mended.after, mended.why) == (None, 10, ())


def test_who_is_new_moves_from_no_mark() -> None:
    (move,) = moves([], [entry("Ada", case("a", 10, passed=True))])
    assert (move.before, move.after, move.why) == (None, 10, ())


def test_a_message_or_a_time_is_no_other_outcome() -> None:
    first = entry("Ada", case("a", 10, passed=False)).result
    second = entry("Ada", case("a", 10, passed=False)).result
    assert same_outcome(first, second)
    assert not same_outcome(first, entry("Ada", case("a", 9, passed=False)).result)
    assert not same_outcome(None, first)


def test_a_time_that_a_newer_download_has_otherwise_is_told() -> None:
    at = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)

    def handed(name: str, **changes: object) -> Entry:
        one = entry(name, case("a", 10, passed=True))
        submission = msgspec.structs.replace(one.submission, **changes)
        return replace(one, submission=submission)

    before = [
        handed("Ada", origin="ada", submitted_at=at),
        handed("Bo", origin="bo", lms_says=IN_TIME),
        handed("Cy", origin="cy", submitted_at=at),
        handed("Di", submitted_at=at),  # older ledgers know no origin
    ]
    after = [
        handed("Ada", origin="ada", submitted_at=at + timedelta(minutes=5)),
        handed("Bo", origin="bo", lms_says=LATE),
        handed("Cy", origin="cy", submitted_at=at + timedelta(seconds=5)),
        handed("Di", submitted_at=at + timedelta(hours=5)),
        handed("Ed", origin="ed", submitted_at=at),
    ]
    assert list(changed_times(before, after)) == [
        (
            "new in this download: Ada (Ada): handed in 2026-11-23 09:35+00:00, "
            "before: handed in 2026-11-23 09:30+00:00"
        ),
        "new in this download: Bo (Bo): late, by the LMS's word, before: no time",
    ]
