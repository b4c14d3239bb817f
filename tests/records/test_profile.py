"""A profile lies beside the ledger, and is read as it was written."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from autograder.errors import StaffError
from autograder.records.profile import (
    WHAT,
    Part,
    Profile,
    ProfiledResult,
    RunProfile,
    Seconds,
    profile_path,
    read_profile,
    write_profile,
)
from autograder.records.results import Result
from graded_class import entry

ONE = RunProfile(
    run=3,
    finished_at=datetime(2026, 10, 9, tzinfo=UTC),
    submissions=2,
    graders=1,
    seconds=4.5,
    parts={
        Part.PAGES: Seconds(cpu=1.0, wall=2.0),
        Part.STUDENT: Seconds(cpu=3.0, wall=2.5),
        Part.DIAGNOSIS: Seconds(),
    },
)


def test_a_profile_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = profile_path(tmp_path, "a0_scale")
    assert path.name == "a0_scale-profile.json"
    assert read_profile(path) is None
    write_profile(path, ONE)
    assert read_profile(path) == ONE
    assert '"student": {' in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["", "{}", '{"run": 1, "parts": {"sleep": {}}}'])
def test_what_is_no_profile_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a0_scale-profile.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StaffError, match=r"is no profile: .*move it away"):
        read_profile(path)


def test_parts_come_in_order_without_those_that_took_nothing() -> None:
    assert [part for part, _ in ONE.lines] == [Part.STUDENT, Part.PAGES]
    assert ONE.together == Seconds(cpu=4.0, wall=4.5)
    assert ONE.title == "run 3 (2 submissions, 1 grader, 4.5 s)"


def test_every_part_is_explained() -> None:
    assert list(WHAT) == list(Part)


def test_a_result_is_kept_without_its_profile() -> None:
    result = entry("a", "1111").result
    fields = {name: getattr(result, name) for name in Result.__struct_fields__}
    profile = Profile(
        grader="here:1", born=0.0, parts={Part.STUDENT: Seconds(cpu=1.0, wall=2.0)}
    )
    profiled = ProfiledResult(**fields, profile=profile)
    assert type(profiled.plain) is Result
    assert profiled.plain == result
    assert profile.wall == 2.0
