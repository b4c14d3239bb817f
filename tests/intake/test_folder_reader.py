"""A folder is listed from its top down, and nothing in it is followed out of it."""

import os
from pathlib import Path

import pytest

from autograder.intake.folder_reader import FoundFolder
from autograder.intake.zip_reader import Limits, RawMember


def found(folder: Path, limits: Limits | None = None) -> list[RawMember]:
    """Return what is found of a folder, a student's below each name at its top."""
    listed = FoundFolder(folder, limits or Limits())
    paths = list(listed.paths(lambda path: path.partition("/")[0]))
    members = list(listed.members([place for place, _ in paths]))
    assert [member.path for member in members] == [path for _, path in paths]
    return members


def made(folder: Path, *paths: str) -> Path:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(b"x = 1\n")
    return folder


def test_the_names_at_the_top_tell_folders_from_files_and_links(tmp_path: Path) -> None:
    made(tmp_path, "zdoe/a.py", "b.py")
    (tmp_path / "linked").symlink_to(tmp_path / "zdoe")
    assert FoundFolder(tmp_path, Limits()).tops() == ["b.py", "linked", "zdoe/"]
    assert len(FoundFolder(tmp_path, Limits(owners=2)).tops()) == 2


def test_what_lies_nearest_the_top_is_found_first_and_links_are_not_entered(
    tmp_path: Path,
) -> None:
    made(tmp_path, "ada/in/deep.py", "ada/z.py", "b.py")
    (tmp_path / "ada/linked").symlink_to(tmp_path / "ada/in")
    members = found(tmp_path)
    assert [(m.path, m.is_folder, bool(m.problem)) for m in members] == [
        ("ada", True, False),
        ("b.py", False, False),
        ("ada/in", True, False),
        ("ada/linked", False, True),
        ("ada/z.py", False, False),
        ("ada/in/deep.py", False, False),
    ]
    assert (members[-1].read(), members[-1].size) == (b"x = 1\n", 6)


def test_of_one_student_so_many_are_found_and_not_one_more(tmp_path: Path) -> None:
    made(tmp_path, *(f"ada/{number}.py" for number in range(4)), "bo/1.py")
    # The folder is one of them. Whose folder is cut has no part in another's.
    names = [m.path for m in found(tmp_path, Limits(listed=4, owners=1))]
    assert names == ["ada", "bo", "ada/0.py", "ada/1.py", "ada/2.py", "bo/1.py"]
    assert len(found(tmp_path, Limits(listed=5))) == 7


def test_one_more_is_looked_at_than_a_class_has_so_that_it_is_noticed(
    tmp_path: Path,
) -> None:
    made(tmp_path, *(f"{number}.py" for number in range(5)))
    assert len(found(tmp_path, Limits(listed=1, owners=3))) == 4
    assert len(found(tmp_path, Limits(listed=3, owners=1))) == 4


def test_a_folder_below_that_is_gone_costs_itself_only(tmp_path: Path) -> None:
    made(tmp_path, "ada/a.py", "bo/b.py")
    listed = FoundFolder(tmp_path, Limits())
    paths = listed.paths(lambda path: path)
    assert [next(paths)[1], next(paths)[1]] == ["ada", "bo"]
    (tmp_path / "ada/a.py").unlink()
    (tmp_path / "ada").rmdir()
    unread, other = listed.members([place for place, _ in paths])
    assert (unread.path, unread.size, unread.read()) == ("ada/*.py", 0, b"")
    assert unread.problem.startswith("cannot be opened (No such file")
    assert other.path == "bo/b.py"


def test_a_file_that_is_gone_costs_itself_only(tmp_path: Path) -> None:
    listed = FoundFolder(made(tmp_path, "a.py", "b.py"), Limits())
    paths = listed.paths(lambda path: path)
    next(paths)
    (tmp_path / "b.py").unlink()
    (gone,) = listed.members([place for place, _ in paths])
    assert (gone.path, gone.read()) == ("b.py", b"")
    assert gone.problem.startswith("cannot be opened (No such file")


def test_a_top_that_cannot_be_listed_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        found(tmp_path / "none")


def test_what_became_a_link_or_a_pipe_since_is_not_read(tmp_path: Path) -> None:
    made(tmp_path, "a.py", "b.py", "secret.py")
    linked, piped, _ = found(tmp_path)
    for path in ("a.py", "b.py"):
        (tmp_path / path).unlink()
    (tmp_path / "a.py").symlink_to(tmp_path / "secret.py")
    os.mkfifo(tmp_path / "b.py")
    with pytest.raises(OSError, match="symbolic links"):
        linked.read()
    with pytest.raises(ValueError, match="no regular file any more"):
        piped.read()


def test_a_file_that_has_grown_since_is_read_by_one_byte_more(tmp_path: Path) -> None:
    (member,) = found(made(tmp_path, "a.py"))
    (tmp_path / "a.py").write_bytes(b"x = 1\ny = 2\n")
    assert member.read() == b"x = 1\ny"
