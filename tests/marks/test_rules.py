"""Marks as they stand: policy, a person's word and who is held back, all of them."""

from datetime import timedelta
from pathlib import Path

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
