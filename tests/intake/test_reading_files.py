"""Which file of a hand-in is graded, and what is left to a person."""

from pathlib import Path

import pytest

from autograder.intake import IssueKind
from bright_download import (
    ADA,
    ADA_LATER,
    CODE,
    FILE,
    ZOE,
    take,
    take_path,
    the_problem,
)
from zips import Content, save, with_flag, zipped


def test_an_empty_submission_is_one_without_files(tmp_path: Path) -> None:
    intake = take(tmp_path, [(f"{ADA}/", ""), (f"{ZOE}/{FILE}", CODE)])
    ada = intake.submissions[0]
    assert (ada.roster_id, ada.files) == ("0000007", {})
    assert ada.notices == (
        "there is no a1_conv1d.py in what was handed in, which is: nothing",
    )


@pytest.mark.parametrize(
    "name",
    [
        "a1_conv1d (1).py",
        "a1_conv1d(2).py",
        "a1_conv1d-1.py",
        "A1_Conv1D.PY",
        "a1_conv1d - Copy.py",
        "my_solution.py",
    ],
)
def test_a_renamed_file_is_taken_with_a_notice(tmp_path: Path, name: str) -> None:
    intake = take(tmp_path, [(f"{ADA}/{name}", CODE), (f"{ADA}/notes.txt", "hello")])
    (submission,) = intake.submissions
    assert submission.files == {FILE: CODE}
    taken, ignored = submission.notices
    assert taken.startswith(f"{name} was taken as a1_conv1d.py, since there is none")
    assert ignored == "ignored: notes.txt"


def test_tests_and_other_files_beside_the_right_one_are_ignored(tmp_path: Path) -> None:
    inner = zipped(
        [
            ("hw/a1_conv1d.py", CODE),
            ("hw/tests/q1_conv1d.py", "OK_FORMAT = False"),
            ("hw/helper.py", "x = 1"),
            ("__MACOSX/hw/._a1_conv1d.py", "junk"),
        ]
    )
    intake = take(tmp_path, [(f"{ADA}/hw.zip", inner)])
    (submission,) = intake.submissions
    assert submission.files == {FILE: CODE}
    assert submission.notices == (
        "ignored: hw.zip/hw/tests/q1_conv1d.py, hw.zip/hw/helper.py",
    )


def test_a_test_alone_is_no_submission(tmp_path: Path) -> None:
    files: list[tuple[str, Content]] = [
        (f"{ADA}/q1_conv1d.py", CODE),
        (f"{ADA}/test_it.py", CODE),
        (f"{ADA}/sneaky.py", "OK_FORMAT = False"),
    ]
    (submission,) = take(tmp_path, files).submissions
    assert submission.files == {}
    (notice,) = submission.notices
    assert notice.endswith("which is: q1_conv1d.py, sneaky.py, test_it.py")


def test_two_files_that_could_be_meant_need_a_person(tmp_path: Path) -> None:
    intake = take(
        tmp_path,
        [(f"{ADA}/one.py", CODE), (f"{ADA}/two.py", b"y"), (f"{ZOE}/z.py", "")],
    )
    assert [s.roster_id for s in intake.submissions] == ["0012345"]
    kind, text = the_problem(intake)
    assert kind is IssueKind.WHICH_FILE
    assert text.startswith(
        "Ada Example: which file is meant is not clear: one.py, two.py"
    )
    assert "not graded" in text
    assert intake.issues[0].roster_id == "0000007"
    assert not intake.issues[0].graded


def test_two_equal_copies_are_one_file(tmp_path: Path) -> None:
    intake = take(tmp_path, [(f"{ADA}/{FILE}", CODE), (f"{ADA}/again/{FILE}", CODE)])
    assert intake.submissions[0].files == {FILE: CODE}


def test_of_several_files_of_the_right_name_the_topmost_counts(tmp_path: Path) -> None:
    files: list[tuple[str, Content]] = [
        (f"{ADA}/old/{FILE}", b"old"),
        (f"{ADA}/{FILE}", CODE),
        (f"{ADA}/a1_conv1d (1).py", b"copy"),
    ]
    (submission,) = take(tmp_path, files).submissions
    assert submission.files == {FILE: CODE}
    assert submission.notices == ("ignored: old/a1_conv1d.py, a1_conv1d (1).py",)


def test_two_files_of_the_right_name_side_by_side_need_a_person(tmp_path: Path) -> None:
    intake = take(tmp_path, [(f"{ADA}/x/{FILE}", CODE), (f"{ADA}/y/{FILE}", b"other")])
    assert intake.submissions == ()
    assert "is not clear: x/a1_conv1d.py, y/a1_conv1d.py" in the_problem(intake)[1]


@pytest.mark.parametrize(
    "folder",
    [".git", "venv/lib/python3.11/site-packages", ".ipynb_checkpoints", "__pycache__"],
)
def test_what_tools_leave_behind_is_nobodys_submission(
    tmp_path: Path, folder: str
) -> None:
    (submission,) = take(
        tmp_path, [(f"{ADA}/conv.py", CODE), (f"{ADA}/{folder}/{FILE}", b"tool's")]
    ).submissions
    assert submission.files == {FILE: CODE}
    assert len(submission.notices) == 1


def test_a_doubt_about_the_last_attempt_holds_the_earlier_ones_back(
    tmp_path: Path,
) -> None:
    doubtful = [(f"{ADA_LATER}/one.py", CODE), (f"{ADA_LATER}/two.py", b"y")]
    intake = take(tmp_path, [(f"{ADA}/{FILE}", CODE), *doubtful])
    assert intake.submissions == ()
    assert the_problem(intake)[0] is IssueKind.WHICH_FILE


def test_a_file_that_could_not_be_read_is_no_zero(tmp_path: Path) -> None:
    data = zipped([(f"{ADA}/{FILE}", CODE), (f"{ZOE}/{FILE}", CODE)])
    data = with_flag(data, f"{ADA}/{FILE}".encode(), 1)
    intake = take_path(tmp_path, save(tmp_path, data))
    assert [s.roster_id for s in intake.submissions] == ["0012345"]
    kind, text = the_problem(intake)
    assert kind is IssueKind.WHICH_FILE
    assert "a1_conv1d.py: is encrypted; hand it in without a password" in text


def test_a_bad_member_beside_a_good_file_is_a_notice(tmp_path: Path) -> None:
    intake = take(tmp_path, [(f"{ADA}/{FILE}", CODE), (f"{ADA}/../up.py", CODE)])
    assert intake.submissions[0].notices == (
        "not read: ../up.py: its name leads out of the folder (..)",
    )


@pytest.mark.parametrize("beside", ["helper.py", f"old/{FILE}", "a1_conv1d (1).py"])
def test_a_lesser_file_does_not_stand_in_for_one_that_could_not_be_read(
    tmp_path: Path, beside: str
) -> None:
    data = zipped([(f"{ADA}/{FILE}", CODE), (f"{ADA}/{beside}", b"lesser")])
    data = with_flag(data, f"{ADA}/{FILE}".encode(), 1)
    intake = take_path(tmp_path, save(tmp_path, data))
    assert intake.submissions == ()
    assert "could not be read: a1_conv1d.py: is encrypted" in the_problem(intake)[1]
    assert intake.ungraded == intake.issues


def test_only_what_holds_a_mark_back_counts_as_ungraded(tmp_path: Path) -> None:
    guest = "7-5 - Gil Guest - Oct 9, 2025 100 PM"
    intake = take(tmp_path, [(f"{guest}/{FILE}", CODE), ("/etc/passwd", "root")])
    assert len(intake.issues) == 2
    assert intake.ungraded == ()
