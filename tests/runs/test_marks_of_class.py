"""Who gets what, as it is exported and pushed: of an assignment, or in all."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.errors import StaffError
from autograder.marks.rules import Asked
from autograder.records.entries import Entry
from autograder.records.ledger import Ledger
from autograder.runs.class_marks import TOTAL, course_totals, marks_of_class
from conftest import MANIFEST
from graded_class import entry

NOW = datetime(2026, 12, 1, tzinfo=UTC)
POLICY = (
    'timezone = "UTC"\n[[assignment]]\nname = "a0_scale"\n'
    '[[assignment]]\nname = "a9"\nweight = 3\n'
)


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "roster.csv"
    path.write_text("id,name\na,Ada\nb,Bo\n", encoding="utf-8")
    return path


@pytest.fixture
def policy(course: Path, tmp_path: Path) -> Path:
    (course / "assignments/a9").mkdir()
    (course / "assignments/a9/manifest.toml").write_text(MANIFEST, encoding="utf-8")
    path = tmp_path / "policy.toml"
    path.write_text(POLICY, encoding="utf-8")
    return path


def graded(out: Path, *entries: Entry) -> Path:
    with Ledger(out / "ledger.sqlite") as ledger:
        for one in entries:
            ledger.add(one.submission, one.result, "h")
    return out


def test_an_assignments_marks_are_of_its_points(
    course: Path, tmp_path: Path, roster: Path
) -> None:
    out = graded(tmp_path, entry("a", "1100"), entry("b", "1111"))
    found = marks_of_class(course, "a0_scale", roster, out, Asked())
    assert (found.title, found.possible) == ("Scaling", 100.0)
    assert [s.score for s in found.entries.students] == [60.0, 100.0]
    assert [s.id for s in found.roster.students] == ["a", "b"]


def test_a_mark_that_cannot_be_is_neither_exported_nor_pushed(
    course: Path, tmp_path: Path, roster: Path
) -> None:
    out = graded(tmp_path, entry("a", "1111", score=150.0))
    with pytest.raises(StaffError, match=r"ledger\.sqlite: .*has 150.* of 100 points"):
        marks_of_class(course, "a0_scale", roster, out, Asked())


def test_the_total_is_in_percent_and_names_everybody_once_who_is_in_none(
    course: Path, tmp_path: Path, roster: Path, policy: Path
) -> None:
    names = ("a0_scale", "a9")
    strangers = [
        entry("z", "1111", assignment=name, roster_id=None, origin="zed")
        for name in names
    ]
    out = graded(
        tmp_path,
        entry("a", "1100"),
        entry("a", "1111", assignment="a9"),
        entry("a", "1111", assignment="a7"),
        *strangers,
    )
    found = marks_of_class(course, TOTAL, roster, out, Asked(policy=policy))
    assert (found.title, found.possible) == ("Total", 100.0)
    assert [s.score for s in found.entries.students] == [90.0, None]
    assert [u.submission.origin for u in found.entries.unmatched] == ["zed"]


def test_the_total_names_who_has_left_the_class(
    course: Path, tmp_path: Path, roster: Path, policy: Path
) -> None:
    out = graded(
        tmp_path,
        *(entry(student, "1111") for student in ("a", "b")),
        entry("gone", "1111"),
        entry("gone", "1111", assignment="a9"),
        entry("a", "1111", assignment="a9"),
        entry("b", "1111", assignment="a9"),
    )
    found = marks_of_class(course, TOTAL, roster, out, Asked(policy=policy))
    assert [u.submission.roster_id for u in found.entries.left] == ["gone"]


def test_a_total_needs_a_policy_and_something_that_is_graded(
    course: Path, tmp_path: Path, roster: Path, policy: Path
) -> None:
    out = graded(tmp_path, entry("a", "1111", assignment="a7"))
    with pytest.raises(StaffError, match="a total needs one"):
        course_totals(course, roster, out, Asked(), NOW)
    with pytest.raises(StaffError, match="none of its assignments is graded"):
        course_totals(course, roster, out, Asked(policy=policy), NOW)


def test_what_is_missing_counts_in_a_total_from_its_deadline_on(
    course: Path, tmp_path: Path, roster: Path, policy: Path
) -> None:
    due = POLICY + "due = 2026-11-01T00:00:00Z\n"
    policy.write_text(due, encoding="utf-8")
    out = graded(tmp_path, entry("a", "1100"), entry("b", "1111", assignment="a9"))
    asked = Asked(policy=policy)
    shown = [
        course_totals(course, roster, out, asked, now).totals[0]
        for now in (datetime(2026, 10, 31, tzinfo=UTC), NOW)
    ]
    assert [(one.percent, one.open) for one in shown] == [
        (None, ("a9: nothing handed in yet",)),
        (15, ()),
    ]
