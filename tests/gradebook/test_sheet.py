"""What goes into a file: marks as points, in percent or by question; and cells."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.errors import StaffError
from autograder.gradebook.csv_cells import check_marks, csv_bytes, guarded, mark
from autograder.gradebook.points import FullMarks
from autograder.gradebook.push import State, marks_to_send, without_mark
from autograder.gradebook.push.connection import checked_url
from autograder.gradebook.sheet import (
    Expressed,
    Format,
    Sheet,
    Written,
    comment_on,
    differing,
    in_percent,
    scaled_entries,
    sheet_of,
)
from autograder.intake.roster import Student, read_roster
from autograder.marks.class_marks import Entries, Status, StudentEntry, Unmatched
from gradebook_class import PLAIN, graded, write

ADA = Student(id="a", name="Ada", row=0, line=2)
PLACE = Path("marks.csv")


def entry(score: float | None, **changes: Any) -> StudentEntry:
    given = StudentEntry(
        student=ADA,
        score=score,
        possible=None if score is None else 40.0,
        status=Status.MISSING if score is None else Status.GRADED,
    )
    return replace(given, **changes)


def entries(*found: StudentEntry) -> Entries:
    return Entries(students=found)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_a_spreadsheet_would_compute_is_text(sign: str) -> None:
    assert guarded(f"{sign}1+1") == f"'{sign}1+1"
    assert guarded(f"1{sign}1") == f"1{sign}1"


@pytest.mark.parametrize(
    ("score", "cell"),
    [(7, "7"), (np.float64(7.5), "7.5"), (0.005, "0.01"), (100, "100"), (-0.0, "0")],
)
def test_a_mark_of_any_kind_of_number_is_written(score: float, cell: str) -> None:
    assert mark(score) == cell


def test_percents_are_exact_and_blank_stays_blank() -> None:
    found = in_percent(entries(entry(0.1), entry(None), entry(0.0, possible=0.0)))
    assert [e.score for e in found.students] == [0.25, None, 0.0]
    assert [e.possible for e in found.students] == [100.0, None, 0.0]
    assert in_percent(entries(entry(None, possible=40.0))).students[0].possible == 40.0
    half = in_percent(entries(entry(0.007, possible=20.0))).students[0]
    assert mark(half.score or 0) == "0.04", "0.035 is rounded up"
    third = in_percent(entries(entry(0.3, possible=0.9))).students[0]
    assert mark(third.score or 0) == "33.33"


def columns(score: float, *points: float) -> StudentEntry:
    questions = tuple((f"q{n}", one, 20.0) for n, one in enumerate(points))
    return entry(score, questions=questions)


def test_a_sum_of_questions_is_compared_exactly_with_the_mark() -> None:
    assert list(differing(entries(columns(0.805, 0.105, 0.7)))) == []
    assert list(differing(entries(entry(None)))) == []
    assert list(differing(entries(columns(30.0, 10.0, 10.5)))) == [
        (
            "Ada (a): the questions sum to 20.5, the mark is 30: enter it by hand, or "
            "give --as points"
        )
    ]


def sheet(*found: StudentEntry, folder: Path, **options: Any) -> Sheet:
    given: dict[str, Any] = {
        "expressed": Expressed.POINTS,
        "with_comments": False,
    } | options
    roster = read_roster(write(folder, PLAIN))
    return sheet_of(roster, entries(*found), item="HW1", possible=40.0, **given)


def test_a_sheet_has_what_was_asked_for(tmp_path: Path) -> None:
    plain = sheet(columns(30.0, 10.0, 20.0), folder=tmp_path)
    (column,) = plain.columns
    assert (column.title, column.possible, column.marks) == ("HW1", 40.0, (30.0,))
    assert (plain.comments, plain.comment(0), plain.mark(7.5)) == (None, "", "7.5")
    percent = sheet(
        columns(30.0, 10.0, 20.0), folder=tmp_path, expressed=Expressed.PERCENT
    )
    assert (percent.possible, percent.columns[0].marks) == (100.0, (75.0,))
    by_question = sheet(
        columns(30.0, 10.0, 20.0), folder=tmp_path, expressed=Expressed.QUESTIONS
    )
    assert [(c.title, c.possible, c.marks) for c in by_question.columns] == [
        ("HW1: q0", 20.0, (10.0,)),
        ("HW1: q1", 20.0, (20.0,)),
    ]
    worded = sheet(entry(30.0), folder=tmp_path, with_comments=True, decimal_comma=True)
    assert worded.comments == ("30 of 40 points.",)
    assert (worded.mark(7.5), worded.mark(None)) == ("7,5", "")


def test_a_comment_is_of_the_points_before_percents(tmp_path: Path) -> None:
    both = sheet(
        entry(30.0), folder=tmp_path, with_comments=True, expressed=Expressed.PERCENT
    )
    assert both.comment(0) == "30 of 40 points."


def test_a_comment_says_why_a_mark_changed_and_what_to_look_at() -> None:
    told = entry(30.0, words=("Late.",), named=(("Twice", "It is\nsquared."),))
    assert comment_on(told) == "30 of 40 points. Late. Twice: It is squared."
    assert comment_on(entry(None)) == ""
    assert comment_on(entry(None, possible=40.0)) == ""
    assert comment_on(entry(30.0, possible=None)) == ""
    long = comment_on(entry(30.0, words=("x" * 2000,)))
    assert (len(long), long[-1]) == (1000, "…")
    exactly = comment_on(entry(30.0, words=("x" * (1000 - len("30 of 40 points. ")),)))
    assert (len(exactly), exactly[-1]) == (1000, "x")


def test_of_whom_it_is_not_known_out_of_what_the_mark_stands_as_it_is() -> None:
    check_marks(entries(entry(30.0, possible=None)), 40.0, PLACE)
    check_marks(entries(entry(None)), 40.0, PLACE)
    check_marks(entries(entry(40.0000005)), 40.0, PLACE)
    check_marks(entries(entry(0.0)), 40.0, PLACE)
    for score, possible in ((40.0001, 40.0), (-0.0001, 40.0), (30.0, 41.0)):
        with pytest.raises(StaffError, match="grade again"):
            check_marks(entries(entry(score, possible=possible)), 40.0, PLACE)
    for possible in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(StaffError, match="the assignment gives"):
            check_marks(entries(entry(None)), possible, PLACE)


def test_cells_are_quoted_where_they_must_be_or_all_of_them() -> None:
    rows = [("a", "b,c"), ("", "1")]
    assert csv_bytes(rows, PLACE) == b'a,"b,c"\r\n,1\r\n'
    assert csv_bytes(rows, PLACE, ";") == b"a;b,c\r\n;1\r\n"
    assert csv_bytes(rows, PLACE, quote_all=True) == b'"a","b,c"\r\n"","1"\r\n'


def test_what_is_sent_to_an_lms_is_each_mark_with_its_line() -> None:
    found = entries(entry(30.005), entry(None), entry(0.0))
    sent = marks_to_send(found, lambda student: f"u-{student.id}", with_comments=True)
    assert [(d.student_name, d.roster_id, d.user_id, d.points) for d in sent] == [
        ("Ada", "a", "u-a", 30.01),
        ("Ada", "a", "u-a", 0.0),
    ]
    assert {d.state for d in sent} == {State.PLANNED}
    assert [d.comment for d in sent] == ["30.01 of 40 points.", "0 of 40 points."]
    silent = marks_to_send(found, lambda student: student.id, with_comments=False)
    assert {d.comment for d in silent} == {""}


def test_everybody_who_is_sent_nothing_is_told_with_the_reason() -> None:
    stranger = Unmatched(submission=graded("9", 1.0, name="Eve")[0], anothers=False)
    found = Entries(
        students=(
            entry(None),
            entry(None, status=Status.FAULT, fault="no sandbox"),
            entry(None, status=Status.DOUBTFUL, fault="no time is known"),
            entry(None, status=Status.EXCUSED),
            entry(30.0),
        ),
        unmatched=(stranger,),
    )
    assert without_mark(found) == (
        "not graded: Ada (a): no sandbox",
        "time not known: Ada (a): no time is known",
        "excused: Ada (a)",
        "nothing handed in: Ada (a)",
        "not on the roster: Eve (9), attempt 1",
    )


@pytest.mark.parametrize(
    "url", ["https://x@lms.edu", "https://:p@lms.edu", "https://x:p@lms.edu"]
)
def test_an_address_with_a_user_or_a_password_is_refused(url: str) -> None:
    with pytest.raises(StaffError, match="--url: the address has a user or password"):
        checked_url(url, "--url")


def test_an_address_is_taken_without_the_spaces_around_it() -> None:
    assert checked_url(" https://lms.edu/api \n", "--url") == "https://lms.edu/api"
    assert checked_url("http://localhost:1", "--url") == "http://localhost:1"
    assert checked_url("http://[::1]:1", "--url") == "http://[::1]:1"
    for url in (
        *("http://lms.edu", "ftp://lms.edu", "lms.edu", "https://"),
        "ftp://localhost",
    ):
        with pytest.raises(StaffError, match=r"--url: .* is no https:// address"):
            checked_url(url, "--url")


def test_a_sheet_in_other_points_has_everything_in_them(tmp_path: Path) -> None:
    roster = read_roster(write(tmp_path, PLAIN))
    there = FullMarks(place=PLACE, column="HW1", lms="Canvas", told="20")
    found = entries(entry(30.0), entry(None))

    def sheet(*, scale: bool) -> Sheet:
        return sheet_of(
            roster,
            found,
            item="HW1",
            possible=40.0,
            expressed=Expressed.POINTS,
            with_comments=False,
            scale=scale,
        )

    scaled, notes = sheet(scale=True).scaled_to(there)
    assert scaled.possible == 20.0
    assert [(e.score, e.possible) for e in scaled.entries.students] == [
        (15.0, 20.0),
        (None, None),
    ]
    (column,) = scaled.columns
    assert (column.possible, column.marks) == (20.0, (15.0, None))
    assert "every mark is multiplied by 0.5" in notes[0]
    same, nothing = sheet(scale=True).scaled_to(replace(there, told="40"))
    assert ([c.marks for c in same.columns], nothing) == ([(30.0, None)], [])
    twice, notes = sheet(scale=True).scaled_to(replace(there, told="80"))
    assert ([c.marks for c in twice.columns], len(notes)) == ([(60.0, None)], 1)
    with pytest.raises(StaffError, match="has 20 points in Canvas"):
        sheet(scale=False).scaled_to(there)


def test_a_scaled_mark_is_exact_and_what_is_not_known_stays_so() -> None:
    found = entries(entry(0.1, possible=0.7), entry(30.0, possible=None))
    tripled = scaled_entries(found, Fraction(3)).students
    assert [(e.score, e.possible) for e in tripled] == [(0.3, 2.1), (90.0, None)]


def test_marks_are_asked_for_in_three_ways_and_a_format_has_room_for_none_of_itself(
    tmp_path: Path,
) -> None:
    assert [Expressed(name) for name in ("points", "percent", "questions")] == [
        *Expressed
    ]
    bare = Format(
        name="bare", made_for="a test", write=lambda *_: Written(data=b""), item_is=""
    )
    assert not bare.takes_questions
    assert not bare.takes_comments
    assert not bare.takes_decimal_comma
    assert not bare.has_points
    assert not sheet(entry(30.0), folder=tmp_path).scale


def test_whoever_has_no_mark_has_none_by_question_and_no_sum_to_compare(
    tmp_path: Path,
) -> None:
    roster = read_roster(write(tmp_path, PLAIN))
    excused = replace(columns(30.0, 10.0, 20.0), score=None, status=Status.EXCUSED)
    found = entries(columns(30.0, 10.0, 20.0), excused)
    sheet = sheet_of(
        roster,
        found,
        item="HW1",
        possible=40.0,
        expressed=Expressed.QUESTIONS,
        with_comments=False,
    )
    assert [c.marks for c in sheet.columns] == [(10.0, None), (20.0, None)]
    nobody_first = sheet_of(
        roster,
        entries(entry(None), columns(30.0, 10.0, 20.0)),
        item="HW1",
        possible=40.0,
        expressed=Expressed.QUESTIONS,
        with_comments=False,
    )
    assert [c.marks for c in nobody_first.columns] == [(None, 10.0), (None, 20.0)]
    assert list(differing(found)) == []
