"""A second file that says when each handed in: whose row it is, and how it is read."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.intake.layout import HandedIn, Whose
from autograder.intake.roster import Student
from autograder.intake.time_list import Said, read_time, read_time_list
from autograder.records.submission import IN_TIME, LATE
from intake_class import CANVAS, WORKSHEET, roster_of

MOMENT = datetime(2026, 10, 10, 5, 30, tzinfo=UTC)
TEXT = "2026-10-10T05:30:00Z"


def item(lms_id: str = "", name: str = "") -> HandedIn:
    whose = Whose(name=name)
    return HandedIn(lms_id=lms_id, place="p", whose=whose, members=(), refused=())


def zoe(tmp_path: Path) -> Student:
    head = "id,username,email,name,github_username\n"
    row = "0012345,zdoe,Z@example.edu,Zoë Doe,Zoe-GH\n"
    return roster_of(tmp_path, head + row).students[0]


def listed(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "times.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("heading", "value"),
    [
        ("id", "0012345"),
        ("Student ID", "0012345"),
        ("roster_identifier", "0012345"),
        ("Username", "ZDOE"),
        ("login", "zdoe"),
        ("E-Mail-Address", "Z@Example.edu"),
        ("Email", " z@example.edu "),
        ("github_username", "zoe-gh"),
    ],
)
def test_a_row_is_a_students_by_whatever_the_class_list_knows(
    tmp_path: Path, heading: str, value: str
) -> None:
    times = read_time_list(
        listed(tmp_path, f"{heading},submitted_at\n{value},{TEXT}\n")
    )
    assert times.of(item(), zoe(tmp_path)) == Said(submitted_at=MOMENT)
    assert times.of(item(), None) == Said(doubt="times.csv has no time of it")


@pytest.mark.parametrize(
    "heading",
    [
        "Last modified (submission)",
        "submitted_at",
        "submission_timestamp",
        "Submission time",
        "Submitted",
    ],
)
def test_times_stand_below_any_of_these_headings(tmp_path: Path, heading: str) -> None:
    times = read_time_list(listed(tmp_path, f"id,{heading}\n0012345,{TEXT}\n"))
    assert times.of(item(), zoe(tmp_path)).submitted_at == MOMENT


def test_a_row_of_moodles_worksheet_is_a_participants_with_that_name(
    tmp_path: Path,
) -> None:
    text = (
        'Identifier,"Full name","Last modified (submission)"\n'
        f'"Participant 101","Zoë Doe",{TEXT}\n'
    )
    times = read_time_list(listed(tmp_path, text))
    assert times.of(item("101", "zoë  DOE"), None).submitted_at == MOMENT
    assert times.of(item("101", "Bo Li"), None).submitted_at is None
    assert times.of(item("102", "Zoë Doe"), None).submitted_at is None
    # A team's files have another name: then the student's own counts.
    assert times.of(item("101", "Team 1"), zoe(tmp_path)).submitted_at == MOMENT


def test_a_row_is_a_students_by_the_schools_number_too(tmp_path: Path) -> None:
    text = f"Student ID,submitted_at\n0012345,{TEXT}\n"
    times = read_time_list(listed(tmp_path, text))
    zoes = roster_of(tmp_path, CANVAS).students[0]
    assert zoes.id == "9001"
    assert times.of(item(), zoes).submitted_at == MOMENT
    lettered = roster_of(tmp_path, CANVAS.replace("0012345", "AB-7")).students[0]
    times = read_time_list(listed(tmp_path, text.replace("0012345", "ab-7")))
    assert times.of(item(), lettered).submitted_at == MOMENT


def test_nobodys_row_is_nobodys_time(tmp_path: Path) -> None:
    text = f"username,id,submitted_at\n,,{TEXT}\n-,-,{TEXT}\n"
    times = read_time_list(listed(tmp_path, text))
    nobody = roster_of(tmp_path, "id,name\n7,Bo Li\n").students[0]
    assert times.of(item(), nobody).submitted_at is None


def test_two_rows_that_say_the_same_are_one(tmp_path: Path) -> None:
    row = f"0012345,{TEXT}\n"
    times = read_time_list(listed(tmp_path, f"id,submitted_at\n{row}{row}"))
    assert times.of(item(), zoe(tmp_path)).submitted_at == MOMENT


@pytest.mark.parametrize("cell", ["", "-", " - "])
def test_a_row_without_a_time_says_so(tmp_path: Path, cell: str) -> None:
    times = read_time_list(listed(tmp_path, f"id,submitted_at\n0012345,{cell}\n"))
    assert times.of(item(), zoe(tmp_path)) == Said(doubt="its row has no time")


@pytest.mark.parametrize("begins", ["", "\ufeff", "\n  "])
def test_canvas_answers_by_user_and_judges_what_is_late(
    tmp_path: Path, begins: str
) -> None:
    text = (
        f'{begins}[{{"user_id": 9001, "submitted_at": "{TEXT}", "late": true}},'
        f'{{"user_id": 9002, "submitted_at": "{TEXT}", "late": false}},'
        '{"user_id": 9003, "submitted_at": null, "late": null}]'
    )
    times = read_time_list(listed(tmp_path, text))
    assert [times.of(item(user), None) for user in ("9001", "9002", "9003")] == [
        Said(submitted_at=MOMENT, lms_says=LATE),
        Said(submitted_at=MOMENT, lms_says=IN_TIME),
        Said(doubt="its row has no time"),
    ]
    one = f'{begins}{{"user_id": 9001, "submitted_at": "{TEXT}"}}'
    single = read_time_list(listed(tmp_path, one))
    assert single.of(item("9001"), None) == Said(submitted_at=MOMENT)


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("10 October 2026, 3:05:07 PM", (15, 5, 7)),
        ("10 October 2026, 15:05:07", (15, 5, 7)),
        ("10 October 2026, 12:00 AM", (0, 0, 0)),
        ("10 October 2026, 12:00 PM", (12, 0, 0)),
        ("10 October 2026, 1:00 p.m.", (13, 0, 0)),
        ("10 octobre 2026, 9h05", (9, 5, 0)),
    ],
)
def test_a_time_of_day_is_read_to_the_second(
    text: str, clock: tuple[int, int, int]
) -> None:
    assert read_time(text) == datetime(2026, 10, 10, *clock)  # noqa: DTZ001 local


@pytest.mark.parametrize(
    "text",
    [
        "1 2 May 2026, 10:00",
        "May June 1 2026, 10:00",
        "1 May 2026 2027, 10:00",
        "1 May 2026, 0:30 AM",
        "1 May 2026, 13:05 PM",
        "1 May 2026, 25:00",
        "1 May 2026",
    ],
)
def test_what_is_no_one_time_is_none(text: str) -> None:
    assert read_time(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-10T05:30:00Z",
        "2026-10-10 05:30:00 UTC",
        "2026-10-09 23:30:00 -06:00",
        "2026-10-10 07:30:00 +02:00",
        "2026-10-10t07:30:00+02:00",
    ],
)
def test_a_time_that_names_its_zone_is_a_moment(text: str) -> None:
    assert read_time(text) == MOMENT


def test_the_worksheet_that_is_the_class_list_too_has_times(tmp_path: Path) -> None:
    head, first, *_ = WORKSHEET.splitlines()
    text = f"{head},Last modified (submission)\n{first},{TEXT}\n"
    times = read_time_list(listed(tmp_path, text))
    (student, *_) = roster_of(tmp_path, WORKSHEET).students
    found = times.of(item("101", "Zoë Doe, Jr."), student)
    assert found.submitted_at == MOMENT
