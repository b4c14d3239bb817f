"""From a download to submissions; what is not certain becomes a problem."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import IntakeError
from autograder.intake import Intake, IssueKind, read_submissions
from autograder.intake.hand_in_times import Times
from autograder.intake.issue import Issue
from autograder.intake.layouts.brightspace import submitted_at
from autograder.intake.roster import read_roster
from autograder.records.submission import Clock, ListedAs, Submission
from bright_download import (
    ADA,
    ADA_LATER,
    CODE,
    FILE,
    ROSTER,
    SAM,
    ZOE,
    take,
    take_path,
    the_problem,
)
from zips import Content, save, with_flag, zipped


def test_a_brightspace_zip_gives_a_submission_a_folder(tmp_path: Path) -> None:
    intake = take(
        tmp_path,
        [
            ("index.html", "<html>"),
            (f"{ADA}/{FILE}", CODE),
            (f"{ADA}/index.html", "<html>"),
            (f"{ZOE}/{FILE}", b"x = 2"),
        ],
    )
    assert intake.source == "brightspace"
    assert intake.issues == ()
    ada, zoe = intake.submissions
    assert (ada.key, ada.roster_id, ada.lms_id) == (
        "0000007-1",
        "0000007",
        "10001-500001",
    )
    assert (ada.student_name, ada.attempt, ada.notices) == ("Ada Example", 1, ())
    assert ada.submitted_at == datetime(2025, 10, 10, 10, 22)  # noqa: DTZ001
    assert ada.files == {FILE: CODE}
    assert zoe.submitted_at == datetime(2025, 10, 9, 0, 0)  # noqa: DTZ001
    assert zoe.roster_id == "0012345"


@pytest.mark.parametrize("number", ["10001", "10001-500001"])
def test_a_folder_around_it_all_and_short_ids_are_fine(
    tmp_path: Path, number: str
) -> None:
    folder = f"Assignment 1/{number} - Ada Example - Oct 10, 2025 1022 AM"
    intake = take(tmp_path, [("Assignment 1/index.html", ""), (f"{folder}/x.py", CODE)])
    assert [s.roster_id for s in intake.submissions] == ["0000007"]


def test_an_unpacked_download_is_read_as_well(tmp_path: Path) -> None:
    folder = tmp_path / "download" / ADA
    folder.mkdir(parents=True)
    (folder / FILE).write_bytes(CODE)
    intake = take_path(tmp_path, tmp_path / "download")
    assert intake.submissions[0].files == {FILE: CODE}


def test_attempts_are_counted_by_time_not_by_name(tmp_path: Path) -> None:
    march = "10001-500001 - Ada Example - Mar 1, 2026 1000 AM"
    intake = take(
        tmp_path,
        [(f"{folder}/{FILE}", folder) for folder in (march, ADA_LATER, ADA)],
    )
    assert [(s.key, s.attempt) for s in intake.submissions] == [
        ("0000007-1", 1),
        ("0000007-2", 2),
        ("0000007-3", 3),
    ]
    assert intake.submissions[2].files == {FILE: march.encode()}


def test_names_with_dashes_and_other_scripts_match(tmp_path: Path) -> None:
    intake = take(
        tmp_path,
        [
            (f"1-5 - Mary Smith - Jones - Oct 9, 2025 100 PM/{FILE}", CODE),
            (f"2-5 - \u200fדוד חיים - Oct 9, 2025 100 PM/{FILE}", CODE),  # noqa: RUF001 Hebrew
        ],
    )
    assert [s.roster_id for s in intake.submissions] == ["0000008", "A_b"]
    assert intake.submissions[1].key.startswith("id-")
    assert intake.issues == ()


def test_two_students_of_one_name_are_never_guessed(tmp_path: Path) -> None:
    intake = take(tmp_path, [(f"{SAM}/{FILE}", CODE)])
    (submission,) = intake.submissions
    assert submission.roster_id is None
    assert submission.key.startswith("unmatched-")
    kind, text = the_problem(intake)
    assert kind is IssueKind.SAME_NAME
    assert text.startswith("Sam Same: is the name of more than one student (10003-")
    assert "copy the files into a folder named by the roster id" in text


def test_two_lms_users_of_one_name_are_not_one_student(tmp_path: Path) -> None:
    other = "10009-500001 - Ada Example - Oct 11, 2025 1022 AM"
    intake = take(tmp_path, [(f"{ADA}/{FILE}", CODE), (f"{other}/{FILE}", CODE)])
    assert [s.roster_id for s in intake.submissions] == [None, None]
    assert [s.attempt for s in intake.submissions] == [1, 1]
    assert len({s.key for s in intake.submissions}) == 2
    assert {p.kind for p in intake.issues} == {IssueKind.SAME_NAME}


def test_who_is_not_on_the_roster_is_graded_and_listed(tmp_path: Path) -> None:
    name = "7-5 - Gil Guest - Oct 9, 2025 100 PM"
    intake = take(tmp_path, [(f"{name}/{FILE}", CODE)])
    assert intake.submissions[0].roster_id is None
    kind, text = the_problem(intake)
    assert kind is IssueKind.NOT_ON_ROSTER
    assert text.startswith("Gil Guest: is not on the roster")


def test_a_folder_in_a_students_zip_is_not_another_student(tmp_path: Path) -> None:
    inner = zipped([(f"{ZOE}/{FILE}", CODE)])
    intake = take(tmp_path, [(f"{ADA}/hw.zip", inner)])
    assert [s.roster_id for s in intake.submissions] == ["0000007"]


def test_a_doubt_about_an_earlier_attempt_does_not_matter(tmp_path: Path) -> None:
    doubtful = [(f"{ADA}/one.py", CODE), (f"{ADA}/two.py", b"y")]
    intake = take(tmp_path, [(f"{ADA_LATER}/{FILE}", CODE), *doubtful])
    assert [(s.attempt, s.key) for s in intake.submissions] == [(2, "0000007-2")]
    assert intake.issues == ()


def test_attempts_without_a_time_that_can_be_read_need_a_person(tmp_path: Path) -> None:
    first = "10001-500001 - Ada Example - le 10 octobre 2025"
    intake = take(tmp_path, [(f"{first}/{FILE}", CODE), (f"{ADA}/{FILE}", CODE)])
    kind, text = the_problem(intake)
    assert intake.submissions == ()
    assert kind is IssueKind.WHICH_ATTEMPT
    assert "nothing tells which of several submissions is the last" in text
    (alone,) = take(tmp_path, [(f"{first}/{FILE}", CODE)]).submissions
    assert alone.submitted_at is None


def test_a_last_name_may_come_first(tmp_path: Path) -> None:
    folder = "10001-500001 - Example, Ada - Oct 12, 2025 10:22 AM"
    intake = take(tmp_path, [(f"{ADA}/{FILE}", CODE), (f"{folder}/{FILE}", b"y")])
    assert [s.key for s in intake.submissions] == ["0000007-1", "0000007-2"]
    assert intake.issues == ()


def test_two_lms_users_whose_names_are_written_differently_are_not_one_student(
    tmp_path: Path,
) -> None:
    other = "10009-500001 - Example, Ada - Oct 12, 2025 1022 AM"
    intake = take(tmp_path, [(f"{ADA}/{FILE}", CODE), (f"{other}/{FILE}", CODE)])
    assert [s.roster_id for s in intake.submissions] == [None, None]
    assert {p.kind for p in intake.issues} == {IssueKind.SAME_NAME}


def test_a_bad_member_of_nobody_is_listed(tmp_path: Path) -> None:
    intake = take(tmp_path, [(f"{ADA}/{FILE}", CODE), ("/etc/passwd", "root")])
    kind, text = the_problem(intake)
    assert kind is IssueKind.LEFT_OUT
    assert text == "/etc/passwd: has an absolute name; zip the folder itself"


@pytest.mark.parametrize(
    ("path", "roster_id"),
    [
        (f"0012345/{FILE}", "0012345"),
        (f"zdoe/{FILE}", "0012345"),
        (f"zdoe/src/{FILE}", "0012345"),
        ("ZDOE.py", "0012345"),
        ("zdoe_a1_conv1d.py", "0012345"),
        ("ZDOE_A1_CONV1D.PY", "0012345"),
        ("0012345-A1_conv1d (1).py", "0012345"),
        (f"class/zdoe/{FILE}", "0012345"),
    ],
)
def test_a_folder_or_file_named_by_id_or_username_is_recognised(
    tmp_path: Path, path: str, roster_id: str
) -> None:
    other = "class/aex.py" if path.startswith("class/") else "aex.py"
    intake = take(tmp_path, [(other, b"another's"), (path, CODE)])
    assert intake.source == "folder"
    assert "0000007" in {s.roster_id for s in intake.submissions}
    (submission,) = (s for s in intake.submissions if s.roster_id == roster_id)
    assert submission.student_name == "Zoë Doe"
    assert submission.files == {FILE: CODE}
    assert submission.notices == ()


def test_a_zip_named_by_a_student_is_that_students(tmp_path: Path) -> None:
    inner = zipped([(f"hw/{FILE}", CODE)])
    (submission,) = take(tmp_path, [("zdoe.zip", inner)]).submissions
    assert (submission.roster_id, submission.files) == ("0012345", {FILE: CODE})


def test_a_file_of_another_kind_is_a_submission_without_the_file(
    tmp_path: Path,
) -> None:
    intake = take(tmp_path, [("zdoe.pdf", "%PDF"), ("readme.txt", "hello")])
    (submission,) = intake.submissions
    assert (submission.roster_id, submission.files) == ("0012345", {})
    assert submission.notices == (
        "there is no a1_conv1d.py in what was handed in, which is: zdoe.pdf",
    )


def test_a_bad_zip_of_a_student_needs_a_person(tmp_path: Path) -> None:
    cut = zipped([(FILE, CODE * 99)])[:-9]
    intake = take(tmp_path, [("zdoe.zip", cut), ("aex.py", CODE)])
    assert [s.roster_id for s in intake.submissions] == ["0000007"]
    kind, text = the_problem(intake)
    assert kind is IssueKind.WHICH_FILE
    assert "zdoe.zip: is cut off or damaged" in text


def test_a_folder_of_an_unknown_name_is_listed(tmp_path: Path) -> None:
    junk: tuple[str, Content] = ("__MACOSX/zdoe/._a1_conv1d.py", "junk")
    files: list[tuple[str, Content]] = [
        (f"zdoe/{FILE}", CODE),
        (f"nobody/{FILE}", CODE),
    ]
    intake = take(tmp_path, [*files, junk])
    assert {s.roster_id for s in intake.submissions} == {None, "0012345"}
    assert the_problem(intake)[1].startswith("nobody: is not on the roster")


def test_a_folder_and_a_file_of_one_student_need_a_person(tmp_path: Path) -> None:
    intake = take(tmp_path, [(f"zdoe/{FILE}", CODE), ("zdoe.py", b"other")])
    assert intake.submissions == ()
    assert (
        "nothing tells which of several submissions is the last: zdoe, zdoe.py"
        in (the_problem(intake)[1])
    )


def test_the_layout_may_be_named(tmp_path: Path) -> None:
    intake = take(tmp_path, [(f"nobody/{FILE}", CODE)], source="Folder")
    assert intake.source == "folder"
    with pytest.raises(
        IntakeError, match=r"--from blackbord: is not known \(there are:"
    ):
        take(tmp_path, [(f"nobody/{FILE}", CODE)], source="blackbord")


def test_a_download_of_no_known_layout_says_what_is_in_it(tmp_path: Path) -> None:
    with pytest.raises(IntakeError) as caught:
        take(tmp_path, [("readme.txt", "hello"), ("data/x.csv", "1")])
    text = str(caught.value)
    assert "is no download of a known layout; it holds readme.txt, data/x.csv" in text
    assert "; brightspace: 10001-500001 - Ada Example" in text
    assert "or username: 0012345 or zdoe for the first student of the class" in text
    locked = with_flag(zipped([("x.py", CODE), ("readme.txt", "")]), b"x.py", 1)
    with pytest.raises(IntakeError, match=r"known layout; it holds readme\.txt"):
        take_path(tmp_path, save(tmp_path, locked))


def test_a_download_of_which_nothing_can_be_read_says_why(tmp_path: Path) -> None:
    locked = with_flag(zipped([("x.py", CODE)]), b"x.py", 1)
    with pytest.raises(
        IntakeError, match=r"nothing of it could be read: x\.py: is enc"
    ):
        take_path(tmp_path, save(tmp_path, locked))


def test_a_download_under_a_password_leaves_everybody_of_it_to_a_person(
    tmp_path: Path,
) -> None:
    name = f"{ADA}/{FILE}"
    locked = with_flag(zipped([(name, CODE)]), name.encode(), 1)
    intake = take_path(tmp_path, save(tmp_path, locked))
    assert intake.source == "brightspace"
    ((_, why),) = intake.held_back
    assert "is encrypted; hand it in without a password" in why


def test_a_download_inside_of_a_zip_is_pointed_at(tmp_path: Path) -> None:
    inner = zipped([(f"{ADA}/{FILE}", CODE)])
    with pytest.raises(IntakeError, match=r"give the zip that is in it, w1/all\.zip"):
        take(tmp_path, [("w1/all.zip", inner)])


def test_a_students_broken_zip_is_told_with_what_the_student_should_do(
    tmp_path: Path,
) -> None:
    for broken, what in ((b"", "is empty"), (b"Rar!\x1a\x07", "is a RAR archive")):
        intake = take(tmp_path, [(f"{ADA}/hw.zip", broken)])
        ((_, why),) = intake.held_back
        assert what in why
        assert "hand in the file itself, or pack it as a zip again" in why


def test_a_named_layout_without_submissions_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match=r"has no submission in it; it holds x\.txt"):
        take(tmp_path, [("x.txt", "hello")], source="brightspace")


def test_a_roster_without_names_cannot_serve_a_download_by_names(
    tmp_path: Path,
) -> None:
    text = "OrgDefinedId,Username,End-of-Line Indicator\n#0012345,#zdoe,#\n"
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    with pytest.raises(IntakeError, match=r"roster\.csv: has no names"):
        take(tmp_path, [(f"{ADA}/{FILE}", CODE)])
    assert take(tmp_path, [(f"zdoe/{FILE}", CODE)]).issues == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Oct 10, 2025 1022 AM", datetime(2025, 10, 10, 10, 22)),  # noqa: DTZ001
        ("Oct 10, 2025 1222 AM", datetime(2025, 10, 10, 0, 22)),  # noqa: DTZ001
        ("Oct 10, 2025 1222 PM", datetime(2025, 10, 10, 12, 22)),  # noqa: DTZ001
        ("October 9, 2025 905\u202fpm", datetime(2025, 10, 9, 21, 5)),  # noqa: DTZ001
        ("9 October, 2025 21:05", datetime(2025, 10, 9, 21, 5)),  # noqa: DTZ001
        ("2025-10-09 21.05", datetime(2025, 10, 9, 21, 5)),  # noqa: DTZ001
        ("Oct 10, 2025 2562 AM", None),
        ("Oct 10, 2025", None),
        ("10/11/2025 1022 AM", None),
        ("Febtober 3, 2025 1022 AM", None),
    ],
)
def test_the_time_is_read_or_left_open(text: str, expected: datetime | None) -> None:
    assert submitted_at(text) == expected


@given(st.text(max_size=60))
def test_any_text_for_a_time_is_a_time_or_none(text: str) -> None:
    found = submitted_at(text)
    assert found is None or found.tzinfo is None


def test_a_doubt_about_the_file_or_the_attempt_leaves_a_student_without_a_mark() -> (
    None
):
    intake = Intake(
        source="folder",
        submissions=(),
        issues=tuple(
            Issue(kind=kind, who="Zoë", place="zdoe", text="look") for kind in IssueKind
        ),
        held_back=(),
        taken_back={},
    )
    assert {issue.kind for issue in intake.ungraded} == {
        IssueKind.WHICH_FILE,
        IssueKind.WHICH_ATTEMPT,
    }


def test_a_submission_has_all_that_is_known_of_its_time_and_of_its_student(
    tmp_path: Path,
) -> None:
    # Clocks of Edmonton show 1:30 twice on that night.
    twice = "10001-500001 - Ada Example - Nov 1, 2026 130 AM"
    path = save(tmp_path, zipped([(f"{twice}/my_file.py", CODE)]))
    roster = read_roster(save(tmp_path, ROSTER.encode(), "roster.csv"))

    def ada(times: Times) -> Submission:
        intake = read_submissions(path, file_name=FILE, roster=roster, times=times)
        return intake.submissions[0]

    zone = ZoneInfo("America/Edmonton")
    found = ada(Times(zone=zone))
    assert found.submitted_at is not None
    assert found.latest_at == found.submitted_at + timedelta(hours=1)
    assert "was shown twice by the clocks of America/Edmonton" in found.time_doubt
    assert (found.clock, ada(Times(zone=zone, is_told=True)).clock) == (
        Clock.LOCAL,
        Clock.TOLD,
    )
    assert found.taken_from == "my_file.py"
    assert len(found.origin) == 16
    assert found.listed_as == ListedAs(
        name="Ada Example", username="aex", list_hash=roster.hash
    )


def test_of_two_attempts_at_one_time_nobody_knows_the_last(tmp_path: Path) -> None:
    other = ADA.replace("10001-500001", "10001-500002")
    files: list[tuple[str, Content]] = [
        (f"{ADA}/{FILE}", CODE),
        (f"{other}/{FILE}", b""),
    ]
    intake = take(tmp_path, files)
    assert intake.submissions == ()
    kind, text = the_problem(intake)
    assert kind is IssueKind.WHICH_ATTEMPT
    assert "nothing tells which of several submissions is the last" in text


def test_what_a_person_must_settle_names_the_submission_that_it_is_about(
    tmp_path: Path,
) -> None:
    stranger = "10009-500001 - No Body - Oct 9, 2025 100 PM"
    intake = take(tmp_path, [(f"{stranger}/{FILE}", CODE), (f"{ADA}/{FILE}", CODE)])
    (issue,) = intake.issues
    assert issue.submission_key.startswith("unmatched-")
    assert issue.submission_key in {s.key for s in intake.submissions}


def test_where_nobody_is_on_the_roster_the_download_is_asked_about(
    tmp_path: Path,
) -> None:
    names = ("No Body", "Any Body")
    folders = [
        f"1000{n}-5 - {name} - Oct 9, 2025 100 PM" for n, name in enumerate(names)
    ]

    def told(*folders: str) -> str:
        intake = take(tmp_path, [(f"{folder}/{FILE}", CODE) for folder in folders])
        return " ".join(map(str, intake.issues))

    assert "nobody in it is on the roster" in told(*folders)
    assert "nobody in it is on the roster" not in told(*folders, ADA)


def test_what_lies_beside_the_hand_ins_is_named_by_the_folder_that_holds_it(
    tmp_path: Path,
) -> None:
    inside = [(f"Assignment 1/{ADA}/{FILE}", CODE)]
    strays = [("Assignment 1/Notes/a.txt", b""), ("Assignment 1/Notes/b.txt", b"")]
    intake = take(tmp_path, [*inside, *strays, ("Assignment 1/.DS_Store", b"")])
    (issue,) = intake.issues
    assert (issue.kind, issue.place) == (IssueKind.LEFT_OUT, "Assignment 1/Notes")
    assert issue.text == (
        "holds 2 files that are nobody's submission (a.txt, b.txt), and not graded; "
        "if a student handed it in, copy it into a folder named by the roster id and "
        "grade that with --from folder"
    )
    many = [(f"Assignment 1/Notes/{name}.txt", b"") for name in "abcde"]
    (issue,) = take(tmp_path, [*inside, *many]).issues
    assert "(a.txt, b.txt, c.txt, 2 more), and" in issue.text


def test_what_the_lms_says_of_lateness_goes_with_the_submission(
    tmp_path: Path,
) -> None:
    roster = tmp_path / "roster.csv"
    canvas = "Student,ID,SIS User ID,SIS Login ID,Section,HW1 (77)\n"
    canvas += "    Points Possible,,,,,100\n"
    canvas += '"Doe, Zoë",456,0012345,zdoe,S1,\n"Example, Ada",457,0000007,aex,S1,\n'
    roster.write_text(canvas, encoding="utf-8")
    intake = take(
        tmp_path,
        [(f"doezoë_LATE_456_789_{FILE}", CODE), (f"exampleada_457_790_{FILE}", CODE)],
    )
    says = {s.roster_id: s.lms_says for s in intake.submissions}
    assert says == {"456": "late", "457": "in time"}
