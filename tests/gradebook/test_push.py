"""Which marks are sent, and why nothing is sent for the others."""

from dataclasses import replace
from pathlib import Path

from autograder.gradebook.push import Patience, State, marks_to_send, without_mark
from autograder.intake.roster import read_roster
from autograder.marks.class_marks import Entries, Status, entries_of
from gradebook_class import PLAIN, graded, write


def entries(folder: Path) -> Entries:
    """Zoë has 200/3 points; Ada is what a test makes of her."""
    roster = read_roster(write(folder, PLAIN))
    return entries_of(roster, [graded("0012345", 200 / 3)])


def test_a_mark_is_sent_as_it_stands_in_files_and_a_blank_is_not(
    tmp_path: Path,
) -> None:
    found = entries(tmp_path)
    (one,) = marks_to_send(found, lambda s: f"u-{s.id}", with_comments=True)
    assert (one.user_id, one.points, one.state) == ("u-0012345", 66.67, State.PLANNED)
    assert one.comment.startswith("66.67 of 100 points")
    (silent,) = marks_to_send(found, lambda s: s.id, with_comments=False)
    assert silent.comment == ""


def test_of_everybody_else_it_is_said_why_nothing_is_sent(tmp_path: Path) -> None:
    found = entries(tmp_path)
    told: list[str] = []
    for status, fault in (
        (Status.FAULT, "the disk was full"),
        (Status.DOUBTFUL, "no time"),
        (Status.EXCUSED, ""),
        (Status.MISSING, ""),
    ):
        ada = replace(found.students[1], status=status, fault=fault, score=None)
        told += without_mark(replace(found, students=(found.students[0], ada)))
    assert told == [
        "not graded: Ada Quote (0000007): the disk was full",
        "time not known: Ada Quote (0000007): no time",
        "excused: Ada Quote (0000007)",
        "nothing handed in: Ada Quote (0000007)",
    ]


def test_nobody_waits_for_an_lms_that_is_silent_for_more_than_minutes() -> None:
    usual = Patience()
    assert 0 < usual.seconds_of_pause <= 10
    assert usual.tries * usual.seconds_per_answer < 5 * 60
    assert usual.seconds_of_work <= 15 * 60
