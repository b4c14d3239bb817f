"""GitHub Classroom: folders named after the assignment and an account."""

from dataclasses import replace
from pathlib import Path

import pytest

from autograder.errors import IntakeError
from autograder.intake.layouts.github_classroom import SOURCE
from intake_class import (
    BLACKBOARD,
    CLASSROOM,
    CODE,
    FILE,
    Files,
    archive_of,
    owners,
    roster_of,
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
    assert told(intake).startswith(f"{TOP}/grades.csv: is nobody's submission, and not")


def test_a_folder_of_another_name_and_a_list_without_accounts_are_named(
    tmp_path: Path,
) -> None:
    files: Files = [(f"clones/a1-conv1d-zoe-gh/{FILE}", CODE)]
    with pytest.raises(IntakeError, match=r"is not named after an assignment \(keep"):
        take(tmp_path, files, CLASSROOM, "github-classroom")
    files = [(f"{TOP}/a1-conv1d-zoe-gh/{FILE}", CODE)]
    with pytest.raises(IntakeError, match=r"roster\.csv: has no GitHub accounts"):
        take(tmp_path, files, BLACKBOARD)


@pytest.mark.parametrize(
    ("repositories", "is_one"),
    [
        (["a1-zoe-gh"], True),
        (["a1-zoe-gh", "a1-AdaOB", "notes"], True),
        (["a1-zoe-gh", "notes"], False),
        (["a1-zoe-gh", "notes", "more"], False),
    ],
)
@pytest.mark.parametrize("outer", ["a1-submissions", "a1-submissions (1)"])
def test_most_folders_of_a_class_are_named_after_its_assignment(
    tmp_path: Path, outer: str, repositories: list[str], *, is_one: bool
) -> None:
    files = [(f"{outer}/{name}/{FILE}", CODE) for name in repositories]
    archive = archive_of(tmp_path, *files)
    assert SOURCE.recognises(archive, roster_of(tmp_path, CLASSROOM)) is is_one


def test_the_downloads_own_name_may_be_the_assignments(tmp_path: Path) -> None:
    archive = archive_of(tmp_path, (f"a1-zoe-gh/{FILE}", CODE), (f"a1-x/{FILE}", CODE))
    roster = roster_of(tmp_path, CLASSROOM)
    for name, is_one in (("a1-submissions.zip", True), ("a1.zip", False)):
        named = replace(archive, place=tmp_path / name)
        assert SOURCE.recognises(named, roster) is is_one


def test_groups_or_accounts_are_enough_to_know_repositories_by(tmp_path: Path) -> None:
    roster = "id,name,github\n7,Zoë Doe,zoe-gh\n8,Bo Li,\n"
    archive = archive_of(tmp_path, (f"a1-submissions/a1-zoe-gh/{FILE}", CODE))
    (one,) = SOURCE.split(archive, roster_of(tmp_path, roster), FILE).handed_in
    assert one.whose.github == "zoe-gh"
    roster = "id,name,group\n7,Zoë Doe,Team 1\n8,Bo Li,\n"
    archive = archive_of(tmp_path, (f"a1-submissions/a1-team-1/{FILE}", CODE))
    (one,) = SOURCE.split(archive, roster_of(tmp_path, roster), FILE).handed_in
    assert (one.whose.group, one.whose.shared_by) == ("team-1", "a1-team-1")


def test_a_repository_of_another_name_is_nobodys(tmp_path: Path) -> None:
    archive = archive_of(
        tmp_path,
        (f"a1-submissions/zoe-gh/{FILE}", CODE),
        (f"a1-submissions/a1-AdaOB/{FILE}", CODE),
    )
    ada, zoe = SOURCE.split(archive, roster_of(tmp_path, CLASSROOM), FILE).handed_in
    assert (ada.whose.github, zoe.whose.github, zoe.whose.name) == (
        "AdaOB",
        "",
        "zoe-gh",
    )
