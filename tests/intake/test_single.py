"""One hand-in at a time, as Gradescope hands it over."""

from pathlib import Path

import pytest

from autograder.errors import IntakeError
from autograder.intake.single import read_single
from autograder.intake.zip_reader import Limits
from autograder.records.submission import Submission

FILE = "a1_conv1d.py"


def read(folder: Path, student: str | None = "0012") -> Submission:
    return read_single(folder, file_name=FILE, student=student)


def test_the_file_that_was_asked_for_is_taken(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"x = 1")
    (tmp_path / "notes.txt").write_bytes(b"hello")
    assert read(tmp_path) == Submission(
        key="submission",
        lms_id="0012",
        student_name="",
        roster_id="0012",
        attempt=1,
        submitted_at=None,
        files={FILE: b"x = 1"},
        notices=("ignored: notes.txt",),
    )


def test_who_it_is_need_not_be_known(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"x = 1")
    found = read(tmp_path, student=None)
    assert (found.lms_id, found.roster_id) == ("", None)


def test_what_is_no_file_of_the_name_is_told_and_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_bytes(b"hello")
    found = read(tmp_path)
    assert found.files == {}
    assert found.notices == (
        f"there is no {FILE} in what was handed in, which is: notes.txt",
    )


def test_where_two_files_could_be_meant_a_person_is_asked(tmp_path: Path) -> None:
    for name in ("one.py", "two.py"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    with pytest.raises(IntakeError) as raised:
        read(tmp_path)
    assert raised.value.place == str(tmp_path)
    assert raised.value.problem == "which file is meant is not clear: one.py, two.py"
    assert raised.value.remedy == f"hand in {FILE} again, and nothing else"


def test_of_very_many_files_the_one_that_was_asked_for_is_looked_at(
    tmp_path: Path,
) -> None:
    (tmp_path / FILE).write_bytes(b"x = 1")
    for number in range(Limits().members):
        (tmp_path / f"{number}.txt").touch()
        (tmp_path / f"._{number}").touch()
    found = read(tmp_path)
    assert found.files == {FILE: b"x = 1"}
    assert "of a student's 2,001 files and folders 2,000 are" in "".join(found.notices)
