"""GitHub Classroom: folders named after the assignment and an account."""

from pathlib import Path

import pytest

from autograder.errors import IntakeError
from intake_class import (
    BLACKBOARD,
    CLASSROOM,
    CODE,
    FILE,
    Files,
    owners,
    take,
    take_path,
    told,
)

TOP = "a1-conv1d-submissions"


def test_accounts_say_whose_a_repository_is(tmp_path: Path) -> None:
    intake = take(
        tmp_path,
        [
            (f"{TOP}/a1-conv1d-zoe-gh/{FILE}", CODE),
            (f"{TOP}/a1-conv1d-zoe-gh/.git/config", "[core]"),
            (f"{TOP}/a1-conv1d-adaob/src/{FILE}", b"ada"),
            (f"{TOP}/a1-conv1d-adaob/README.md", "hello"),
        ],
        CLASSROOM,
    )
    assert intake.source == "github-classroom"
    assert intake.issues == ()
    assert owners(intake) == {"0012345": CODE, "O'Brien-Smith, Ada": b"ada"}
    assert intake.submissions[0].notices == ("ignored: README.md",)


def test_a_folder_of_clones_is_read_as_it_lies(tmp_path: Path) -> None:
    clone = tmp_path / TOP / "a1-conv1d-zoe-gh"
    clone.mkdir(parents=True)
    (clone / FILE).write_bytes(CODE)
    assert owners(take_path(tmp_path, tmp_path / TOP, CLASSROOM)) == {"0012345": CODE}
    around = take_path(tmp_path, tmp_path / TOP)
    assert owners(around) == {"0012345": CODE}


def test_each_of_a_group_gets_the_result(tmp_path: Path) -> None:
    files: Files = [(f"{TOP}/a1-conv1d-the-douards/{FILE}", CODE)]
    intake = take(tmp_path, files, CLASSROOM)
    assert owners(intake) == {"0012345": CODE, "O'Brien-Smith, Ada": CODE}
    assert {s.shared_by for s in intake.submissions} == {"a1-conv1d-the-douards"}


@pytest.mark.parametrize(
    "name", ["a1-conv1d-nobody", "a1-conv1d-zoe-gh-1", "other-zoe-gh"]
)
def test_another_name_is_graded_and_listed(tmp_path: Path, name: str) -> None:
    files: Files = [
        (f"{TOP}/a1-conv1d-adaob/{FILE}", b"ada"),
        (f"{TOP}/a1-conv1d-hina/{FILE}", b"hina"),
        (f"{TOP}/{name}/{FILE}", CODE),
    ]
    intake = take(tmp_path, files, CLASSROOM)
    assert owners(intake) == {
        "O'Brien-Smith, Ada": b"ada",
        "0500": b"hina",
        None: CODE,
    }
    assert f"is not on the roster ({name})" in told(intake)


def test_a_name_that_is_an_account_and_a_group_is_left_to_a_person(
    tmp_path: Path,
) -> None:
    roster = CLASSROOM.replace('"Team 2"', '"zoe-gh"')
    intake = take(tmp_path, [(f"{TOP}/a1-conv1d-zoe-gh/{FILE}", CODE)], roster)
    assert owners(intake) == {None: CODE}


def test_a_file_beside_the_repositories_is_listed(tmp_path: Path) -> None:
    files: Files = [
        (f"{TOP}/a1-conv1d-zoe-gh/{FILE}", CODE),
        (f"{TOP}/grades.csv", "1"),
    ]
    intake = take(tmp_path, files, CLASSROOM)
    assert told(intake) == f"{TOP}/grades.csv: is nobody's submission, and not graded"


def test_a_folder_of_another_name_and_a_list_without_accounts_are_named(
    tmp_path: Path,
) -> None:
    files: Files = [(f"clones/a1-conv1d-zoe-gh/{FILE}", CODE)]
    with pytest.raises(IntakeError, match=r"is not named after an assignment \(keep"):
        take(tmp_path, files, CLASSROOM, "github-classroom")
    files = [(f"{TOP}/a1-conv1d-zoe-gh/{FILE}", CODE)]
    with pytest.raises(IntakeError, match=r"roster\.csv: has no GitHub accounts"):
        take(tmp_path, files, BLACKBOARD)
