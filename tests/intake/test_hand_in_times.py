"""When something came in: in the zone that was told, by a second file, or not known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from autograder.errors import IntakeError
from autograder.intake import read_submissions
from autograder.intake.hand_in_times import HOURS_OF, Times
from autograder.intake.layout import HandedIn, Whose
from autograder.intake.roster import read_roster
from autograder.intake.time_list import read_time, read_time_list
from autograder.records.submission import IN_TIME, LATE, Clock, Submission
from intake_class import FILE, PLAIN, Files
from zips import save, zipped

EDMONTON = ZoneInfo("America/Edmonton")
SUMMER, WINTER = (timezone(timedelta(hours=hours)) for hours in (-6, -7))


def one(folder: Path, files: Files, times: Times) -> Submission:
    """Return the one submission of a download."""
    roster = folder / "roster.csv"
    roster.write_text(PLAIN, encoding="utf-8")
    intake = read_submissions(
        save(folder, zipped(files)),
        file_name=FILE,
        roster=read_roster(roster),
        times=times,
    )
    (submission,) = intake.submissions
    return submission


def brightspace(when: str) -> Files:
    return [(f"10001-5001 - Zoë Doe, Jr. - {when}/{FILE}", b"x")]


def blackboard(time: str, said: str) -> Files:
    stem = f"HW1_zdoe_attempt_{time}"
    receipt = (
        f"Name: Zoë Doe, Jr. (zdoe)\nAssignment: HW1\nDate Submitted: {said}\n\n"
        f"Files:\n\tOriginal filename: {FILE}\n\tFilename: {stem}_{FILE}\n"
    )
    return [(f"{stem}.txt", receipt), (f"{stem}_{FILE}", b"x")]


def test_a_local_time_is_read_in_the_policys_zone_and_in_one_that_a_person_told(
    tmp_path: Path,
) -> None:
    files = brightspace("Oct 10, 2026 1022 AM")
    policys = one(tmp_path, files, Times(zone=EDMONTON))
    told = one(tmp_path, files, Times(zone=EDMONTON, is_told=True))
    unknown = one(tmp_path, files, Times())
    moment = datetime(2026, 10, 10, 10, 22, tzinfo=SUMMER)
    assert (policys.submitted_at, policys.clock) == (moment, Clock.LOCAL)
    assert (told.submitted_at, told.clock) == (moment, Clock.TOLD)
    assert (unknown.submitted_at, unknown.clock) == (
        moment.replace(tzinfo=None),
        Clock.LOCAL,
    )


def test_the_hour_that_clocks_show_twice_is_two_moments(tmp_path: Path) -> None:
    found = one(tmp_path, brightspace("Nov 1, 2026 130 AM"), Times(zone=EDMONTON))
    wall = datetime(2026, 11, 1, 1, 30)  # noqa: DTZ001 twice that night
    assert (found.submitted_at, found.latest_at) == (
        wall.replace(tzinfo=SUMMER),
        wall.replace(tzinfo=WINTER),
    )
    assert "shown twice by the clocks of America/Edmonton" in found.time_doubt


def test_the_hour_that_no_clock_shows_is_no_time(tmp_path: Path) -> None:
    found = one(tmp_path, brightspace("Mar 8, 2026 230 AM"), Times(zone=EDMONTON))
    assert found.submitted_at is None
    assert "by no clock of America/Edmonton: is it the right zone?" in found.time_doubt


@pytest.mark.parametrize(
    ("said", "offset"), [("1:30:00 AM MDT", SUMMER), ("1:30:00 AM MST", WINTER)]
)
def test_a_receipt_that_names_the_zone_settles_the_hour_that_comes_twice(
    tmp_path: Path, said: str, offset: timezone
) -> None:
    files = blackboard("2026-11-01-01-30-00", f"Sunday, November 1, 2026 {said}")
    found = one(tmp_path, files, Times(zone=EDMONTON))
    assert found.submitted_at == datetime(2026, 11, 1, 1, 30, tzinfo=offset)
    assert (found.latest_at, found.clock, found.time_doubt) == (None, Clock.OWN, "")


def test_a_receipt_of_another_zone_is_in_doubt(tmp_path: Path) -> None:
    said = "Saturday, October 10, 2026 10:22:00 AM EDT"
    files = blackboard("2026-10-10-10-22-00", said)
    found = one(tmp_path, files, Times(zone=EDMONTON))
    assert found.submitted_at is None
    assert found.time_doubt == (
        "2026-10-10 10:22 EDT is no time of America/Edmonton: give --timezone"
    )
    toronto = Times(zone=ZoneInfo("America/Toronto"), is_told=True)
    assert one(tmp_path, files, toronto).submitted_at == datetime(
        2026, 10, 10, 14, 22, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("Saturday, 10 October 2026, 3:05 PM", 15),
        ("Saturday, 10 October 2026, 12:05 AM", 0),
        ("samedi 10 octobre 2026, 15:05", 15),
        ("sábado, 10 de octubre de 2026, 15:05", 15),
        ("sabato, 10 ottobre 2026, 15:05", 15),
        ("zaterdag, 10 oktober 2026, 15:05", 15),
        ("sábado, 10 de outubro de 2026 às 15:05", 15),
    ],
)
def test_a_worksheets_time_is_read_in_its_language(text: str, hour: int) -> None:
    assert read_time(text) == datetime(2026, 10, 10, hour, 5)  # noqa: DTZ001 local


@pytest.mark.parametrize(
    "text",
    ["10/11/26, 15:05", "Saturday", "31 February 2026, 15:05", "2026年10月10日 15:05"],
)
def test_what_could_be_two_times_or_is_none_is_not_read(text: str) -> None:
    assert read_time(text) is None


def test_a_list_has_times_by_id_and_says_what_it_lacks(tmp_path: Path) -> None:
    listed = tmp_path / "times.csv"
    listed.write_text("id,submitted_at\n0012345,2026-10-10T10:22:00-06:00\n0300,?\n")
    times = Times(listed=read_time_list(listed))
    found = one(tmp_path, [(f"0012345/{FILE}", b"x")], times)
    assert found.submitted_at == datetime(2026, 10, 10, 10, 22, tzinfo=SUMMER)
    unreadable = one(tmp_path, [(f"0300/{FILE}", b"x")], times)
    assert (unreadable.submitted_at, unreadable.time_doubt) == (
        None,
        "'?' cannot be read",
    )
    missing = one(tmp_path, [(f"0401/{FILE}", b"x")], times)
    assert missing.time_doubt == "times.csv has no time of it"
    listed.write_text("id,submitted_at\n0401,2026-10-10\n0401,2026-10-11\n")
    twice = Times(listed=read_time_list(listed))
    doubt = one(tmp_path, [(f"0401/{FILE}", b"x")], twice).time_doubt
    assert doubt == "times.csv has several rows of '0401'"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("name,submitted_at\nAda,2026-10-10\n", "has no times of students"),
        ("id,grade\n1,2\n", "has no times of students; the headings are id, grade"),
        ("[{}]", "is no answer of Canvas's API: KeyError"),
        ("[7]", "is no answer of Canvas's API: AttributeError"),
        ("{", "is no answer of Canvas's API: JSONDecodeError"),
    ],
)
def test_a_file_without_times_is_refused(
    tmp_path: Path, text: str, wanted: str
) -> None:
    path = tmp_path / "times"
    path.write_text(text)
    with pytest.raises(IntakeError, match=wanted):
        read_time_list(path)


def test_a_file_of_times_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"gone\.csv: cannot be read: No such file"):
        read_time_list(tmp_path / "gone.csv")


SHOWN = (
    *("Europe/London", "Europe/Lisbon", "Europe/Berlin", "Europe/Helsinki"),
    *("America/St_Johns", "America/Halifax", "America/New_York", "America/Chicago"),
    *("America/Denver", "America/Los_Angeles", "America/Anchorage"),
    *("Pacific/Honolulu", "Australia/Sydney", "Australia/Adelaide"),
    *("Australia/Perth", "Pacific/Auckland", "UTC"),
)


def test_the_names_of_zones_mean_what_they_mean_there() -> None:
    known: dict[str, timedelta | None] = {"Z": timedelta()}
    for name in SHOWN:
        for month in (1, 7):
            noon = datetime(2026, month, 15, 12, tzinfo=ZoneInfo(name))
            known[str(noon.tzname())] = noon.utcoffset()
    said = {name: timedelta(hours=hours) for name, hours in HOURS_OF.items()}
    assert said.items() <= known.items()


def handed_in(**changes: Any) -> HandedIn:
    nobody = HandedIn(lms_id="9", place="p", whose=Whose(), members=(), refused=())
    return replace(nobody, **changes)


def list_of(tmp_path: Path, text: str) -> Times:
    path = tmp_path / "times.json"
    path.write_text(text)
    return Times(zone=EDMONTON, listed=read_time_list(path))


LATER = '[{"user_id": 9, "submitted_at": "2026-10-11T00:00:00Z", "late": true}]'
NOON = datetime(2026, 10, 10, 12, tzinfo=UTC)


def test_a_download_with_times_needs_no_list(tmp_path: Path) -> None:
    times = list_of(tmp_path, LATER)
    own = times.of(handed_in(submitted_at=NOON, lms_says=IN_TIME), None)
    assert (own.submitted_at, own.lms_says, own.clock) == (NOON, IN_TIME, Clock.OWN)


def test_what_a_list_says_counts_more_than_what_the_download_guesses(
    tmp_path: Path,
) -> None:
    guessed = handed_in(time_doubt="Canvas marks it as late", lms_says=IN_TIME)
    told = list_of(tmp_path, LATER).of(guessed, None)
    assert told.submitted_at == datetime(2026, 10, 11, tzinfo=UTC)
    assert (told.lms_says, told.time_doubt) == (LATE, "")
    silent = list_of(tmp_path, "[]").of(guessed, None)
    assert (silent.submitted_at, silent.lms_says) == (None, IN_TIME)
    assert silent.time_doubt == "times.json has no time of it"


def test_without_any_time_it_is_said_that_there_is_none() -> None:
    assert Times().of(handed_in(), None).time_doubt == "the download has no times"
    said = Times().of(handed_in(time_doubt="unreadable"), None)
    assert (said.time_doubt, said.clock) == ("unreadable", Clock.OWN)


@pytest.mark.parametrize(
    ("zone", "name", "hour"),
    [
        # By the zone's own name for it, which means other hours elsewhere.
        ("Europe/London", "BST", 0),
        ("Europe/London", "GMT", 1),
        # By its hours, whatever the zone calls itself.
        ("Africa/Johannesburg", "EET", -1),
        ("Africa/Johannesburg", "SAST", -1),
        # A name that nobody knows tells nothing.
        ("Africa/Johannesburg", "XYZT", -1),
    ],
)
def test_a_zones_name_behind_a_time_is_held_against_the_zone(
    zone: str, name: str, hour: int
) -> None:
    wall = datetime(2026, 10, 25, 1, 30)  # noqa: DTZ001 in London it is shown twice
    item = handed_in(submitted_at=wall, zone_name=name)
    found = Times(zone=ZoneInfo(zone)).of(item, None)
    assert found.submitted_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC) + (
        timedelta(hours=hour)
    )
    assert (found.time_doubt, found.is_certain) == ("", True)


def test_a_time_that_is_two_moments_is_not_certain() -> None:
    wall = datetime(2026, 10, 25, 1, 30)  # noqa: DTZ001 it is shown twice
    london = Times(zone=ZoneInfo("Europe/London"))
    found = london.of(handed_in(submitted_at=wall), None)
    assert found.latest_at is not None
    assert not found.is_certain
    assert not Times().of(handed_in(), None).is_certain
