"""An assignment that travels decides marks there as it does here."""

from pathlib import Path

import pytest

from autograder.course.assignment import load
from autograder.course.folders import PROJECT, names
from autograder.course.packed import packed, unpack
from autograder.records.dependencies import course_inputs


@pytest.mark.parametrize("name", names(PROJECT))
def test_what_decides_a_mark_travels_whole(name: str, tmp_path: Path) -> None:
    here = load(PROJECT, name)
    unpack(packed(here), tmp_path / "there")
    there = load(tmp_path / "there", name)
    assert course_inputs(there) == course_inputs(here)
    for folder in here.folders:
        assert (tmp_path / "there" / folder.relative_to(PROJECT)).is_dir()


def test_equal_courses_are_packed_to_equal_bytes(course: Path) -> None:
    assert packed(load(course, "a0_scale")) == packed(load(course, "a0_scale"))


def test_a_course_lies_where_only_its_user_may_enter(
    course: Path, tmp_path: Path
) -> None:
    content = packed(load(course, "a0_scale"))
    folder = tmp_path / "there"
    unpack(content, folder)
    assert folder.stat().st_mode & 0o077 == 0
    with pytest.raises(FileExistsError):
        unpack(content, folder)
