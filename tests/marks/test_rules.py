"""Marks as they stand: policy, a person's word and who is held back, all of them."""

import shutil
from datetime import UTC, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from autograder.errors import StaffError
from autograder.intake.roster import read_roster
from autograder.marks.class_marks import Status, StudentEntry
from autograder.marks.deadlines import Terms
from autograder.marks.overrides import NONE
from autograder.marks.rules import Asked, Standing
from autograder.records.hand_ins import hand_in
from autograder.records.ledger import Entry, Ledger
from autograder.records.submission import Clock, ListedAs
from gradebook_class import BRIGHTSPACE, DUE, graded, write

POLICY = """\
timezone = "America/Edmonton"
decimals = 1

[late]
percent = 10
every = "1 d"

[[assignment]]
name = "a0_scale"
due = 2026-10-10T23:59:00
"""
OVERRIDES = """\
[[override]]
student = "0300"
assignment = "a0_scale"
points = 12.345
by = "T. A."
why = "seen by hand"
"""


def standing(
    course: Path,
    folder: Path,
    *,
    policy: str = "",
    overrides: str = "",
    **asked: object,
) -> Standing:
    given = Asked(
        policy=write(folder, policy, "policy.toml") if policy else None,
        overrides=write(folder, overrides, "overrides.toml") if overrides else None,
        **asked,  # type: ignore[arg-type]
    )
    return Standing(course, read_roster(write(folder, BRIGHTSPACE)), given)


def students(rules: Standing) -> dict[str, StudentEntry]:
    late = DUE + timedelta(hours=1)
    work = [graded("0012345", 80.26, at=late), graded("0300", 40.0, attempt=2, at=DUE)]
    entries = [Entry(submission, result, "hash") for submission, result in work]
    found = rules.marks_of("a0_scale", entries)
    return {one.student.id: one for one in found.students}


def test_without_rules_marks_are_as_they_were_graded(
    course: Path, tmp_path: Path
) -> None:
    rules = standing(course, tmp_path)
    assert (rules.policy, rules.overrides) == (None, NONE)
    assert rules.terms("a0_scale") == Terms()
    found = students(rules)
    assert found["0012345"].score == 80.26
    assert found["0012345"].late_by is None
    assert found["0000007"].status is Status.MISSING


def test_one_deadline_says_who_is_late_and_takes_nothing(
    course: Path, tmp_path: Path
) -> None:
    found = students(standing(course, tmp_path, due=DUE))
    assert found["0012345"].late_by == timedelta(hours=1)
    assert found["0012345"].score == 80.26
    assert found["0300"].late_by is None


def test_a_policy_takes_what_lateness_costs_and_rounds(
    course: Path, tmp_path: Path
) -> None:
    found = students(standing(course, tmp_path, policy=POLICY))
    assert found["0012345"].score == 70.3
    assert found["0300"].score == 40.0


def test_what_a_person_decided_holds_and_is_rounded_by_the_policy(
    course: Path, tmp_path: Path
) -> None:
    decided = standing(course, tmp_path, overrides=OVERRIDES)
    assert students(decided)["0300"].score == 12.345
    both = standing(course, tmp_path, overrides=OVERRIDES, policy=POLICY)
    assert students(both)["0300"].score == 12.3
    assert students(both)["0012345"].score == 70.3
    assert both.overrides.possible == {"a0_scale": 100.0}


def test_points_of_a_question_are_held_against_the_courses_own(
    course: Path, tmp_path: Path
) -> None:
    by_question = OVERRIDES.replace(
        "points = 12.345", 'question = "q1_double"\npoints = 60'
    )
    assert standing(course, tmp_path, overrides=by_question).overrides.possible
    too_many = by_question.replace("60", "61")
    with pytest.raises(StaffError, match="61 points of q1_double, which has 60"):
        _ = standing(course, tmp_path, overrides=too_many).overrides


def test_a_ledger_has_the_results_and_who_is_held_back(
    course: Path, tmp_path: Path
) -> None:
    submission, result = graded("0300", 40.0)
    other, _ = graded("0012345", 40.0)
    waiting = msgspec.structs.replace(other, key="0012345-1")
    rules = standing(course, tmp_path)
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.add(submission, result, "hash")
        held_back = hand_in(waiting, "", why_not="two files")
        ledger.begin_run("grade", "a0", "", [held_back])
        found = {e.student.id: e for e in rules.marks(ledger, "a0").students}
    assert found["0300"].score == 40.0
    assert found["0012345"].fault == "two files"


def test_a_deadline_beside_a_policy_is_refused(course: Path, tmp_path: Path) -> None:
    rules = standing(course, tmp_path, policy=POLICY, due=DUE)
    with pytest.raises(StaffError, match="--due: given beside --policy"):
        _ = rules.policy
    unknown = standing(course, tmp_path, policy=POLICY.replace("a0_scale", "a9"))
    with pytest.raises(StaffError, match="the course has no assignment 'a9'"):
        _ = unknown.policy


TIMED = """\
[[override]]
student = "0300"
assignment = "a0_scale"
submitted = 2026-10-11T01:59:00
by = "T. A."
why = "seen by hand"
"""


def test_a_time_that_a_person_gave_takes_the_place_of_all_that_was_known(
    course: Path, tmp_path: Path
) -> None:
    work, result = graded("0300", 50.0, at=DUE.replace(tzinfo=UTC))
    doubted = msgspec.structs.replace(
        work,
        latest_at=DUE.replace(tzinfo=UTC) + timedelta(hours=1),
        time_doubt="twice",
        lms_says="late",
    )
    rules = standing(course, tmp_path, overrides=TIMED, policy=POLICY)
    at = DUE + timedelta(hours=2)
    timed = rules.timed("a0_scale", doubted)
    assert timed == msgspec.structs.replace(work, submitted_at=at, clock=Clock.LOCAL)
    marks = rules.marks_of("a0_scale", [Entry(doubted, result, "hash")])
    assert marks.students[2].score == 40.0
    assert marks.students[2].late_by == timedelta(hours=2)
    offset = TIMED.replace("01:59:00", "01:59:00Z")
    zoned = standing(course, tmp_path, overrides=offset).timed("a0_scale", doubted)
    assert zoned.clock is Clock.OWN


@pytest.mark.parametrize(
    ("old", "new"), [('"0300"', '"0012345"'), ('"a0_scale"', '"a1_other"')]
)
def test_a_time_is_one_students_and_one_assignments(
    course: Path, tmp_path: Path, old: str, new: str
) -> None:
    shutil.copytree(course / "assignments/a0_scale", course / "assignments/a1_other")
    shutil.copytree(course / "solutions/a0_scale", course / "solutions/a1_other")
    work, _ = graded("0300", 50.0, at=DUE)
    rules = standing(course, tmp_path, overrides=TIMED.replace(old, new))
    assert rules.timed("a0_scale", work) == work


@pytest.mark.parametrize("wrong", ["policy", "overrides"])
def test_a_wrong_file_is_told_before_anything_is_graded(
    course: Path, tmp_path: Path, wrong: str
) -> None:
    given = {"policy": POLICY, "overrides": TIMED}
    standing(course, tmp_path, **given).check("a0_scale")
    given[wrong] = given[wrong].replace("a0_scale", "a9")
    with pytest.raises(StaffError, match=f"{wrong}.toml:"):
        standing(course, tmp_path, **given).check("a0_scale")


@pytest.mark.parametrize(
    ("student", "more", "is_refused"),
    [
        ('"0300"', "", True),
        ('"0300"', 'name = "דוד חיים"\n', False),
        # A username is no number that any list may have.
        ('"omar"', "", False),
    ],
)
def test_a_number_in_a_persons_file_wants_a_name_where_numbers_are_anothers(
    course: Path, tmp_path: Path, student: str, more: str, *, is_refused: bool
) -> None:
    work, result = graded("0012345", 50.0)
    listed = ListedAs(name="Sam Same", list_hash="another list's")
    entry = Entry(msgspec.structs.replace(work, listed_as=listed), result, "hash")
    decided = OVERRIDES.replace('"0300"', student) + more
    rules = standing(course, tmp_path, overrides=decided)
    if is_refused:
        with pytest.raises(StaffError, match="--overrides: whose is '0300'"):
            rules.marks_of("a0_scale", [entry])
    else:
        assert rules.marks_of("a0_scale", [entry]).students[2].score == 12.345


def test_an_extension_of_another_assignment_is_not_asked_about(
    course: Path, tmp_path: Path
) -> None:
    for folder in ("assignments", "solutions"):
        shutil.copytree(course / folder / "a0_scale", course / folder / "a1_other")
    other = (
        '[[assignment]]\nname = "a1_other"\ndue = 2026-10-10T23:59:00\n'
        '[[extension]]\nstudent = "0300"\nassignment = "a1_other"\n'
        'due = 2026-10-12T23:59:00\nwhy = "ill"\n'
    )
    work, result = graded("0012345", 50.0)
    listed = ListedAs(name="Sam Same", list_hash="another list's")
    entry = Entry(msgspec.structs.replace(work, listed_as=listed), result, "hash")
    rules = standing(course, tmp_path, policy=POLICY + other)
    assert rules.marks_of("a0_scale", [entry]).unmatched
    with pytest.raises(StaffError, match="--policy: whose is '0300'"):
        rules.marks_of("a1_other", [entry])


def test_a_deadline_without_a_policy_is_in_the_zone_that_was_told(
    course: Path, tmp_path: Path
) -> None:
    zone = ZoneInfo("America/Edmonton")
    rules = standing(course, tmp_path, due=DUE, timezone=zone)
    assert rules.terms("a0_scale") == Terms(due=DUE, zone=zone)
    assert rules.zone == zone


def test_the_zone_of_a_policy_is_that_of_times_that_name_none(
    course: Path, tmp_path: Path
) -> None:
    rules = standing(course, tmp_path, policy=POLICY)
    assert rules.zone == ZoneInfo("America/Edmonton")


def test_a_number_is_not_asked_about_where_no_number_is_anothers_or_in_another_folder(
    course: Path, tmp_path: Path
) -> None:
    rules = standing(course, tmp_path, overrides=OVERRIDES)
    stranger = Entry(*graded(None, 5.0, name="Nobody"), "hash")
    assert rules.marks_of("a0_scale", [stranger]).unmatched
    for folder in ("assignments", "solutions"):
        shutil.copytree(course / folder / "a0_scale", course / folder / "a1_other")
    work, result = graded("0012345", 50.0)
    listed = ListedAs(name="Sam Same", list_hash="another list's")
    entry = Entry(msgspec.structs.replace(work, listed_as=listed), result, "hash")
    assert rules.marks_of("a1_other", [entry]).unmatched


def test_a_time_holds_beside_what_was_decided_about_other_assignments(
    course: Path, tmp_path: Path
) -> None:
    for folder in ("assignments", "solutions"):
        shutil.copytree(course / folder / "a0_scale", course / folder / "a1_other")
    timed = OVERRIDES.replace("points = 12.345", "submitted = 2026-10-09T22:00:00")
    decided = OVERRIDES.replace("a0_scale", "a1_other") + timed
    rules = standing(course, tmp_path, overrides=decided)
    submission, _ = graded("0300", 5.0)
    at = rules.timed("a0_scale", submission).submitted_at
    assert at is not None
    assert at.isoformat() == "2026-10-09T22:00:00"
    assert rules.timed("a1_other", submission).submitted_at is None
