"""Who gets which mark, and who gets none."""

from datetime import UTC, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from autograder.intake.roster import Roster, read_roster
from autograder.marks.class_marks import Entries, Status, StudentEntry, entries_of
from autograder.marks.deadlines import Terms
from gradebook_class import BRIGHTSPACE, CANVAS, DUE, graded, write

EDMONTON = ZoneInfo("America/Edmonton")


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    return read_roster(write(tmp_path, BRIGHTSPACE))


def entry(entries: Entries, roster_id: str) -> StudentEntry:
    (found,) = (e for e in entries.students if e.student.id == roster_id)
    return found


def test_every_student_of_the_roster_has_an_entry_in_its_order(roster: Roster) -> None:
    entries = entries_of(roster, [graded("0300", 40.0)])
    assert [e.student.id for e in entries.students] == [
        "0012345",
        "0000007",
        "0300",
        "=1+1",
    ]
    assert [e.score for e in entries.students] == [None, None, 40.0, None]
    assert [e.status for e in entries.students] == [
        Status.MISSING,
        Status.MISSING,
        Status.GRADED,
        Status.MISSING,
    ]


def test_a_zero_is_a_mark(roster: Roster) -> None:
    found = entry(entries_of(roster, [graded("0300", 0.0)]), "0300")
    assert (found.score, found.status) == (0.0, Status.GRADED)


def test_the_last_attempt_counts_and_not_the_best(roster: Roster) -> None:
    attempts = [
        graded("0300", 10.0, attempt=3),
        graded("0300", 90.0, attempt=1),
        graded("0300", 50.0, attempt=2),
    ]
    entries = entries_of(roster, attempts)
    found = entry(entries, "0300")
    assert (found.score, found.attempt, found.attempts) == (10.0, 3, 3)
    assert "3 attempts: דוד חיים (0300): attempt 3 counts" in entries.remarks


def test_attempt_ten_comes_after_attempt_nine(roster: Roster) -> None:
    attempts = [graded("0300", float(n), attempt=n) for n in (10, 9)]
    assert entry(entries_of(roster, attempts), "0300").score == 10.0


def test_of_equal_attempt_numbers_the_later_in_time_counts(roster: Roster) -> None:
    attempts = [
        graded("0300", 1.0, at=DUE),
        graded("0300", 2.0, at=DUE - timedelta(hours=1)),
    ]
    assert entry(entries_of(roster, attempts), "0300").score == 1.0
    undated = [graded("0300", 1.0), graded("0300", 2.0)]
    assert entry(entries_of(roster, undated), "0300").score == 2.0


def test_a_fault_of_the_last_attempt_leaves_no_mark(roster: Roster) -> None:
    attempts = [graded("0300", 90.0), graded("0300", None, attempt=2)]
    entries = entries_of(roster, attempts)
    found = entry(entries, "0300")
    assert (found.score, found.status) == (None, Status.FAULT)
    assert "not graded: דוד חיים (0300): the sandbox would not start" in entries.remarks


def test_late_is_a_mark_beside_graded_and_says_by_how_much(roster: Roster) -> None:
    late = DUE + timedelta(days=1, hours=2, minutes=3)
    entries = entries_of(
        roster,
        [graded("0300", 5.0, at=late), graded("0000007", 6.0, at=DUE)],
        terms=Terms(due=DUE),
    )
    assert entry(entries, "0300").status is Status.GRADED
    assert entry(entries, "0300").late_by == timedelta(days=1, hours=2, minutes=3)
    assert entry(entries, "0000007").late_by is None
    assert "late by 1 d 2 h 3 min: דוד חיים (0300)" in entries.remarks
    assert [e.student.id for e in entries.late] == ["0300"]


def test_a_time_with_zone_compares_with_a_local_deadline_in_a_zone_that_was_told(
    roster: Roster,
) -> None:
    at = DUE.replace(tzinfo=EDMONTON).astimezone(UTC) + timedelta(minutes=5)
    work = [graded("0300", 5.0, at=at)]
    told = entry(entries_of(roster, work, terms=Terms(due=DUE, zone=EDMONTON)), "0300")
    assert (told.late_by, told.time_doubt) == (timedelta(minutes=5), "")
    untold = entry(entries_of(roster, work, terms=Terms(due=DUE)), "0300")
    assert untold.late_by is None
    assert untold.time_doubt == "the deadline names no zone: give --timezone"


def test_a_local_time_is_compared_with_a_deadline_of_a_zone_only_where_no_zone_matters(
    roster: Roster,
) -> None:
    terms = Terms(due=DUE.replace(tzinfo=EDMONTON))
    early = graded("0300", 5.0, at=DUE - timedelta(days=3))
    near = graded("0300", 5.0, at=DUE - timedelta(hours=3))
    sure, unsure = (
        entry(entries_of(roster, [one], terms=terms), "0300") for one in (early, near)
    )
    assert (sure.late_by, sure.late_at_most) == (None, None)
    assert unsure.late_by is None
    assert unsure.late_at_most is not None
    assert "no zone is known: give --timezone or --policy" in unsure.time_doubt


def test_whoever_is_not_on_the_roster_is_named_and_gets_no_cell(roster: Roster) -> None:
    entries = entries_of(
        roster,
        [graded(None, 5.0, name="Nobody"), graded("404", 6.0, name="Gone", attempt=2)],
        terms=Terms(due=None),
    )
    assert all(e.status is Status.MISSING for e in entries.students)
    assert entries.remarks[:2] == [
        "not on the roster: Nobody (10001-1), attempt 1",
        "not on the roster: Gone (404), attempt 2",
    ]


def test_missing_students_are_named(roster: Roster) -> None:
    entries = entries_of(roster, [], terms=Terms(due=DUE))
    assert 'nothing handed in: Ada O"Quote (0000007)' in entries.remarks
    assert len(entries.remarks) == 4


def test_a_canvas_export_takes_what_a_brightspace_roster_graded(tmp_path: Path) -> None:
    roster = read_roster(write(tmp_path, CANVAS))
    entries = entries_of(roster, [graded("0012345", 70.0)])
    assert entry(entries, "9001").score == 70.0
    assert not entries.unmatched


def test_an_id_that_means_two_students_goes_by_the_name_or_to_a_person(
    tmp_path: Path,
) -> None:
    text = CANVAS.replace("9001,0012345", "9001,9002")
    roster = read_roster(write(tmp_path, text))
    named = entries_of(roster, [graded("9002", 70.0, name='Ada O"Quote')])
    assert entry(named, "9002").score == 70.0
    unnamed = entries_of(roster, [graded("9002", 70.0, name="A. Q.")])
    assert all(e.score is None for e in unnamed.students)
    assert unnamed.remarks[0].startswith("not on the roster: A. Q. (9002), attempt 1: ")
    assert "(9001) or " in unnamed.remarks[0]


def test_a_name_cannot_steer_the_terminal(roster: Roster) -> None:
    entries = entries_of(roster, [graded(None, 5.0, name="\x1b[2J\u202eevil")])
    assert "\x1b" not in entries.remarks[0]
    assert "\u202e" not in entries.remarks[0]


def test_who_handed_in_nothing_has_no_attempt_that_counts(roster: Roster) -> None:
    found = entry(entries_of(roster, []), "0300")
    assert found == StudentEntry(
        student=found.student,
        score=None,
        possible=None,
        status=Status.MISSING,
        attempts=0,
        attempt=0,
        key="",
        late_by=None,
        fault="",
        words=(),
    )


def test_remarks_come_by_kind_and_each_kind_has_a_name(roster: Roster) -> None:
    entries = entries_of(roster, [graded("0300", 40.0)])
    assert [kind for kind, _ in entries.listed()] == [
        "not on the roster",
        "left",
        "missing",
        "ungraded",
        "time not known",
        "in time by the LMS's word",
        "time in doubt",
        "zero",
        "other name",
        "excused",
        "changed",
        "several attempts",
        "late",
    ]
    assert {status.value for status in Status} == {
        "graded",
        "fault",
        "doubtful",
        "missing",
        "excused",
    }
