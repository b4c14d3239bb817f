"""Brightspace: a folder a hand-in, whose name says who, and when."""

from datetime import datetime
from pathlib import Path

import pytest

from autograder.intake.archive import Archive, Member, Refused
from autograder.intake.layouts.brightspace import SOURCE, submitted_at
from autograder.intake.roster import Roster, read_roster
from intake_class import FILE, PLAIN, owners, take, told

ZOE = "10001-5 - Zoë Doe - Oct 10, 2025 1022 AM"


def roster(folder: Path) -> Roster:
    path = folder / "roster.csv"
    path.write_text(PLAIN, encoding="utf-8")
    return read_roster(path)


def archive(*paths: str, refused: tuple[str, ...] = ()) -> Archive:
    return Archive(
        place=Path("download.zip"),
        members=tuple(Member(path=p, data=b"") for p in paths),
        folders=(),
        refused=tuple(Refused(path=p, reason="too large") for p in refused),
    )


def test_a_hand_in_has_its_user_its_time_and_where_feedback_goes(
    tmp_path: Path,
) -> None:
    found = SOURCE.split(
        archive(f"{ZOE}/{FILE}", refused=(f"{ZOE}/big.zip",)), roster(tmp_path), FILE
    )
    (one,) = found.handed_in
    assert (one.lms_id, one.user, one.place) == ("10001-5", "10001", ZOE)
    assert one.whose.name == "Zoë Doe"
    assert one.submitted_at == datetime(2025, 10, 10, 10, 22)  # noqa: DTZ001 the LMS's
    assert one.time_doubt == ""
    assert one.taken_back == f"{ZOE}/"
    assert [m.path for m in one.members] == [f"{ZOE}/{FILE}"]
    assert [r.path for r in one.refused] == [f"{ZOE}/big.zip"]


def test_a_time_in_no_known_form_is_told(tmp_path: Path) -> None:
    odd = ZOE.replace("Oct 10, 2025 1022 AM", "at 10 o'clock")
    found = SOURCE.split(archive(f"{odd}/{FILE}"), roster(tmp_path), FILE).handed_in
    (one,) = found
    assert one.submitted_at is None
    assert one.time_doubt == 'its time cannot be read: "at 10 o\'clock"'


def test_a_folder_around_it_all_is_taken_off_and_a_hand_in_is_not(
    tmp_path: Path,
) -> None:
    wrapped = archive(f"all/{ZOE}/{FILE}", "all/index.html")
    found = SOURCE.split(wrapped, roster(tmp_path), FILE)
    assert [one.place for one in found.handed_in] == [ZOE]
    alone = SOURCE.split(archive(f"{ZOE}/sub/{FILE}"), roster(tmp_path), FILE)
    assert [one.place for one in alone.handed_in] == [ZOE]
    beside = archive(f"{ZOE}/{FILE}", f"other/{ZOE}/{FILE}")
    assert len(SOURCE.split(beside, roster(tmp_path), FILE).handed_in) == 1
    ada = "10002-5 - Ada O'Brien - Oct 10, 2025 1022 AM"
    unread = archive(f"all/{ZOE}/{FILE}", refused=(f"{ada}/{FILE}",))
    refused = SOURCE.split(unread, roster(tmp_path), FILE)
    assert [one.place for one in refused.handed_in] == [ZOE, ada]


def test_what_lies_beside_the_hand_ins_is_listed_by_what_is_at_the_top(
    tmp_path: Path,
) -> None:
    files = [(f"{ZOE}, Jr./{FILE}", b"x = 1"), ("notes/a/b.txt", b""), ("c.txt", b"")]
    intake = take(tmp_path, [(name.replace("Doe, Jr.", "Doe"), d) for name, d in files])
    assert "notes: holds a file that is nobody's submission (a/b.txt)" in told(intake)
    assert "c.txt: is nobody's submission" in told(intake)
    wrapped = take(tmp_path, [(f"all/{name}", data) for name, data in files])
    assert "all/notes: holds a file" in told(wrapped)
    assert owners(wrapped).keys() == owners(intake).keys()


def test_no_clock_of_twelve_hours_shows_thirteen() -> None:
    assert submitted_at("Oct 10, 2025 1305 PM") is None
    assert submitted_at("Oct 10, 2025 0005 AM") is None
    assert submitted_at("Oct 10, 2025 1205 AM") == datetime(2025, 10, 10, 0, 5)  # noqa: DTZ001 the LMS's


def test_an_index_is_brightspaces_at_the_top_and_in_a_folder_of_a_hand_in(
    tmp_path: Path,
) -> None:
    zoe = "10001-5 -  Zoë Doe  - Oct 10, 2025 1022 AM"
    inside, deeper = f"{zoe}/index.html", f"{zoe}/page/index.html"
    whole = archive("index.html", inside, deeper, f"{zoe}/{FILE}")
    split = SOURCE.split(whole, roster(tmp_path), FILE)
    assert split.lms_files == {"index.html", inside}
    (one,) = split.handed_in
    assert [member.path for member in one.members] == [deeper, f"{zoe}/{FILE}"]
    assert (one.whose.name, one.user, one.lms_id) == ("Zoë Doe", "10001", "10001-5")


@pytest.mark.parametrize(
    "date",
    [
        *("Oct 9, 2025", "October 9, 2025", "9 Oct, 2025", "9 October, 2025"),
        *("9 Oct 2025", "2025-10-09"),
    ],
)
@pytest.mark.parametrize("clock", ["3:05 PM", "305 PM", "15:05", "15.05", "1505"])
def test_a_date_is_read_in_every_form_that_was_seen(date: str, clock: str) -> None:
    assert submitted_at(f"{date} {clock}") == datetime(2025, 10, 9, 15, 5)  # noqa: DTZ001 the LMS's
