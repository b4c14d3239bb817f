"""Who gets which mark, and who gets none."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from autograder.intake.roster import Roster, read_roster
from autograder.kinds import Kind
from autograder.marks.class_marks import (
    Entries,
    Status,
    StudentEntry,
    entries_of,
    unmatched_in_words,
)
from autograder.marks.deadlines import Counts, Graded, Terms
from autograder.records.results import CaseResult, QuestionResult, Verdict
from autograder.records.submission import IN_TIME
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


def zeroed(roster_id: str, kind: Kind = Kind.VALUE, score: float = 0.0) -> Graded:
    submission, result = graded(roster_id, score)
    case = CaseResult(
        name="c", hidden=False, points=1.0, verdict=Verdict.FAILED, kind=kind
    )
    question = QuestionResult(
        name="q1",
        title="Q1",
        score=score,
        possible=1.0,
        verdict=Verdict.FAILED,
        cases=(case,),
    )
    return submission, msgspec.structs.replace(result, questions=(question,))


def test_what_could_not_be_graded_has_no_mark_however_many_points_it_came_to(
    roster: Roster,
) -> None:
    submission, result = graded("0300", 40.0)
    fault = msgspec.structs.replace(result, verdict=Verdict.FAULT, fault="no sandbox")
    found = entry(entries_of(roster, [(submission, fault)]), "0300")
    assert (found.score, found.possible, found.status) == (None, None, Status.FAULT)


def test_attempts_are_counted_and_not_read_off_the_last_ones_number(
    roster: Roster,
) -> None:
    attempts = [graded("0300", 1.0, attempt=1), graded("0300", 2.0, attempt=4)]
    entries = entries_of(roster, [*attempts, graded("0000007", 3.0)])
    found = entry(entries, "0300")
    assert (found.attempts, found.attempt, found.key) == (2, 4, "k-4")
    assert entry(entries, "0000007").attempts == 1
    assert [e.student.id for e in entries.several] == ["0300"]


def test_what_has_no_time_counts_as_in_time_by_the_lmss_word_alone(
    roster: Roster,
) -> None:
    def by_lms(at: datetime | None, says: str, due: datetime | None) -> bool:
        submission, result = graded("0300", 5.0, at=at)
        one = msgspec.structs.replace(submission, lms_says=says), result
        entries = entries_of(roster, [one], terms=Terms(due=due))
        told = any("1 without a time count as in time" in r for r in entries.remarks)
        assert told == entry(entries, "0300").by_lms
        return told

    assert by_lms(None, IN_TIME, DUE)
    assert not by_lms(None, "", DUE)
    assert not by_lms(None, IN_TIME, None)
    assert not by_lms(DUE, IN_TIME, DUE)


def test_an_entry_says_that_nobody_knows_which_attempt_counts(roster: Roster) -> None:
    attempts = [graded("0300", 9.0, at=DUE), graded("0300", 5.0, attempt=2)]
    terms = Terms(due=DUE, counts=Counts.LAST_ON_TIME)
    assert entry(entries_of(roster, attempts, terms=terms), "0300").undecided
    assert entry(entries_of(roster, attempts), "0300").undecided == ""


def test_zeros_are_told_by_reason_the_most_frequent_first(tmp_path: Path) -> None:
    ids = [f"s{number}" for number in range(8)]
    names = "".join(f"{one},Student {one}\n" for one in ids)
    roster = read_roster(write(tmp_path, f"id,name\n{names}"))
    work = [zeroed("s0", Kind.NOT_STARTED), *(zeroed(one) for one in ids[1:7])]
    work = [
        (msgspec.structs.replace(s, student_name=f"Student {s.roster_id}"), r)
        for s, r in [*work, zeroed("s7", score=1.0)]
    ]
    entries = entries_of(roster, work)
    shown = ", ".join(f"Student {one} ({one})" for one in ids[1:6])
    assert [r for r in entries.remarks if r.startswith("0 because")] == [
        f"0 because no answer is right: 6: {shown} and 1 more",
        "0 because there is nothing but the stub: 1: Student s0 (s0)",
    ]
    raised = replace(entries.students[0], score=5.0)
    given = replace(entries, students=(raised, *entries.students[1:]))
    assert not any("nothing but the stub" in remark for remark in given.remarks)


def test_a_file_of_another_name_is_told(roster: Roster) -> None:
    submission, result = graded("0300", 5.0)
    one = msgspec.structs.replace(submission, taken_from="my_a0.py")
    entries = entries_of(roster, [(one, result)])
    assert "taken under another name: דוד חיים (0300): my_a0.py" in entries.remarks


def test_a_person_is_wanted_for_faults_for_doubts_and_for_strangers(
    roster: Roster,
) -> None:
    work = [graded("0300", None), graded(None, 5.0, name="Nobody")]
    entries = entries_of(roster, [*work, graded("0000007", 5.0)])
    doubtful = replace(
        entry(entries, "0000007"),
        status=Status.DOUBTFUL,
        fault="when?",
        time_doubt="when?",
    )
    assert entries.wanting == 2
    others = [e for e in entries.students if e.student.id != "0000007"]
    waiting = replace(entries, students=(doubtful, *others))
    assert waiting.wanting == 3
    assert not any("which costs nothing" in remark for remark in waiting.remarks)


def test_whoever_has_work_of_their_own_keeps_its_mark_beside_a_namesakes(
    roster: Roster,
) -> None:
    strange = graded(None, 90.0, name='Ada O"Quote')
    entries = entries_of(roster, [graded("0000007", 5.0), strange])
    assert entry(entries, "0000007").score == 5.0
    alone = entries_of(roster, [strange])
    assert entry(alone, "0000007").status is Status.FAULT


def test_who_has_left_is_told_once_and_work_nobody_graded_with_the_reason(
    roster: Roster,
) -> None:
    here = [graded("0300", 5.0), graded("0000007", 6.0), graded("0012345", 7.0)]
    fault = graded("777", None, name="Gone Long Ago")
    entries = entries_of(roster, [*here, fault])
    # Who may be somebody of the list has not left it.
    doubtful = graded("778", 5.0, name='Ada O"Quote')
    assert len(entries_of(roster, [*here, fault, doubtful]).left) == 1
    (left,) = entries.left
    assert (left.submission.roster_id, left.fault) == (
        "777",
        "the sandbox would not start",
    )
    assert entries.unmatched == ()
    found = entry(entries, "0300")
    assert found.graded_at == here[0][1].graded_at
    assert found.submitted_at == here[0][0].submitted_at


def test_a_result_without_a_mark_says_so_where_nobody_knows_why(roster: Roster) -> None:
    submission, result = graded("0300", None)
    mute = msgspec.structs.replace(result, fault="")
    entries = entries_of(roster, [(submission, mute)])
    assert "not graded: דוד חיים (0300): unknown why" in entries.remarks


@pytest.mark.parametrize(
    ("submission", "whose"),
    [
        ({}, 'Ada O"Quote (10001-1)'),
        ({"roster_id": "5"}, 'Ada O"Quote (5)'),
        ({"roster_id": "7", "student_name": ""}, "somebody (7)"),
    ],
)
def test_who_is_held_back_is_told_whose_work_it_may_be(
    roster: Roster, submission: dict[str, str], whose: str
) -> None:
    strange, result = graded(None, 5.0, name='Ada O"Quote')
    strange = msgspec.structs.replace(strange, **submission)
    (unmatched,) = entries_of(roster, [(strange, result)]).unmatched
    found = entry(entries_of(roster, [(strange, result)]), "0000007")
    because = f": {unmatched.because}" if unmatched.because else ""
    assert found.fault == f"may be theirs, or not: what {whose} handed in{because}"
    assert bool(because) == bool(strange.roster_id)
    assert not unmatched.anothers


def test_work_of_nobody_is_told_by_all_that_is_known_of_it(roster: Roster) -> None:
    nameless, result = graded(None, None, name="")
    keyless = msgspec.structs.replace(nameless, lms_id="", key="k-7", attempt=2)
    faulty, _ = entries_of(roster, [(nameless, result), (keyless, result)]).unmatched
    _, unknown = entries_of(roster, [(nameless, result), (keyless, result)]).unmatched
    why = "the sandbox would not start"
    assert unmatched_in_words(faulty) == f"no name (10001-1), attempt 1: {why}"
    assert unmatched_in_words(unknown) == f"no name (k-7), attempt 2: {why}"


def test_a_list_on_which_most_are_not_is_another_classs(roster: Roster) -> None:
    here = [graded("0300", 5.0)]
    one = graded("777", 5.0, name="Gone One")
    two = graded("778", 5.0, name="Gone Two")
    assert len(entries_of(roster, [*here, one]).left) == 1
    other = entries_of(roster, [*here, one, two])
    assert (len(other.left), len(other.unmatched)) == (0, 2)


def test_the_most_frequent_reason_of_a_zero_comes_first_whatever_its_words(
    roster: Roster,
) -> None:
    stubs = [zeroed(one, Kind.NOT_STARTED) for one in ("0300", "0000007")]
    entries = entries_of(roster, [zeroed("0012345"), *stubs])
    zeros = [r for r in entries.remarks if r.startswith("0 because")]
    assert [line.split(":")[0] for line in zeros] == [
        "0 because there is nothing but the stub",
        "0 because no answer is right",
    ]


def test_a_zero_that_a_person_gave_needs_no_reason(roster: Roster) -> None:
    entries = entries_of(roster, [graded("0300", 5.0)])
    given = replace(entry(entries, "0300"), score=0.0)
    zeros = [
        line
        for line in replace(entries, students=(given,)).remarks
        if line.startswith("0 because")
    ]
    assert zeros == []


def test_up_to_five_whose_time_is_not_known_are_named_and_more_are_counted(
    tmp_path: Path,
) -> None:
    ids = [f"s{number}" for number in range(6)]
    names = "".join(f"{one},Student {one}\n" for one in ids)
    roster = read_roster(write(tmp_path, f"id,name\n{names}"))

    def told(*whose: str) -> list[str]:
        work = [graded(one, 5.0, name=f"Student {one}") for one in whose]
        remarks = entries_of(roster, work, terms=Terms(due=DUE)).remarks
        return [line for line in remarks if "which costs nothing" in line]

    shown = ", ".join(f"Student {one} ({one})" for one in ids[:5])
    reason = "the deadline names no zone: give --timezone"
    costs = "time not known, which costs nothing"
    assert told(*ids[:5]) == [f"{costs}: {shown}: {reason}"]
    assert told(*ids) == [f"{costs}: 6: {reason}"]
    untold = entries_of(roster, [graded("s0", 5.0, name="Student s0")])
    assert not any(costs in line for line in untold.remarks)
