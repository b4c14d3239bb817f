"""What all layouts share: the folder around it all, junk, and whose a path is."""

from pathlib import Path
from typing import Any, cast

import pytest

from autograder.intake.archive import Archive, Member, Refused
from autograder.intake.layout import (
    HandedIn,
    Whose,
    below_wrapper,
    grouped,
    is_junk,
    is_wanted,
    mostly,
    paths_of,
    soonest,
    wrapper_of,
)
from autograder.intake.notebooks import OF_THE_COURSE


def member(path: str) -> Member:
    return Member(path=path, data=b"")


def archive(
    *paths: str, folders: tuple[str, ...] = (), refused: tuple[str, ...] = ()
) -> Archive:
    return Archive(
        place=Path("download.zip"),
        members=tuple(map(member, paths)),
        folders=folders,
        refused=tuple(Refused(path=path, reason="too large") for path in refused),
    )


@pytest.mark.parametrize(
    ("paths", "wrapper"),
    [
        (["a/x.py", "a/b/y.py"], "a"),
        (["a/x.py", "b/y.py"], ""),
        (["a/x.py", "y.py"], ""),
        (["a"], ""),
        ([], ""),
        (["a/x.py", "__MACOSX/a/x.py", ".DS_Store"], "a"),
    ],
)
def test_the_one_folder_around_it_all_is_no_hand_in(
    paths: list[str], wrapper: str
) -> None:
    assert wrapper_of(archive(*paths)) == wrapper


def test_paths_are_looked_at_below_the_folder_around_them() -> None:
    below = below_wrapper(archive("a/x.py", "a/b/y.py"), lambda _: False)
    assert below("a/x.py") == ("x.py",)
    assert below("b/x.py") == ("b", "x.py")
    assert below("a") == ("a",)
    assert below("") == ("",)
    own = below_wrapper(archive("a/x.py", "a/b/y.py"), lambda name: name == "a")
    assert own("a/x.py") == ("a", "x.py")


def test_a_layout_fits_where_more_than_half_of_what_is_at_the_top_does() -> None:
    def is_entry(name: str) -> bool:
        return name.startswith("s")

    assert mostly(archive("s1/x.py", "s2/x.py", "x.py"), is_entry)
    assert not mostly(archive("s1/x.py", "x.py"), is_entry)
    assert not mostly(archive("s1/x.py", "x.py", "y.py"), is_entry)
    assert mostly(archive("s1/x.py", "s1/y.py", ".DS_Store"), is_entry)
    assert not mostly(archive(), is_entry)
    assert mostly(archive("x.py", refused=("s1/x.py", "s2/x.py")), is_entry)


@pytest.mark.parametrize(
    "path",
    [
        ".DS_Store",
        "a/.git/config",
        ".ipynb_checkpoints/a.py",
        ".pytest_cache/a.py",
        ".venv/a.py",
        "Thumbs.db",
        "__MACOSX/a.py",
        "a/__pycache__/a.py",
        "desktop.ini",
        "site-packages/a.py",
        "venv/a.py",
        "a/._a.py",
        "a.pyc",
    ],
)
def test_what_tools_leave_behind_is_junk(path: str) -> None:
    assert is_junk(path)
    assert not is_wanted(f"{path}/x.py")


def test_a_file_of_a_students_is_no_junk() -> None:
    for path in ("a.py", "venv.py", "a/git/b.py", "a._b.py", "a.py.txt"):
        assert not is_junk(path)
    assert [is_wanted(p) for p in ("a.PY", "b.Zip", "c.txt", "py")] == [
        True,
        True,
        False,
        False,
    ]


def test_members_refusals_and_empty_folders_are_sorted_by_whose_they_are() -> None:
    def owner(path: str) -> str:
        top, _, rest = path.partition("/")
        return top if rest else ""

    members, refused = grouped(
        archive(
            "a/x.py",
            "b/y.py",
            "a/._x.py",
            "lone.py",
            folders=("c", "c/__pycache__", "__MACOSX", "a"),
            refused=("a/z.py", "a/._z.py", "lone.zip"),
        ),
        owner,
    )
    assert {who: [m.path for m in found] for who, found in members.items()} == {
        "a": ["a/x.py"],
        "b": ["b/y.py"],
        "c": [],
    }
    assert {who: [r.path for r in found] for who, found in refused.items()} == {
        "a": ["a/z.py"]
    }
    assert paths_of(members["a"], refused["a"]) == ("a/x.py", "a/z.py")


def test_a_student_knows_paths_below_the_place_of_the_hand_in() -> None:
    item = HandedIn(
        lms_id="",
        place="zdoe",
        whose=Whose(),
        members=tuple(map(member, ("all/zdoe/a/x.py", "elsewhere/y.py", "zdoe"))),
        refused=(Refused(path="all/zdoe/z.py", reason="too large"),),
        own_paths={"elsewhere/y.py": "own.py"},
    )
    assert [m.path for m in item.own_members()] == ["a/x.py", "own.py", "zdoe"]
    assert [r.path for r in item.own_refused()] == ["z.py"]


@pytest.mark.parametrize(
    "field", ["identifier", "participant", "github", "email", "group"]
)
def test_anything_but_a_name_is_a_key(field: str) -> None:
    assert Whose(**cast("dict[str, Any]", {field: "x"})).has_key
    assert not Whose(name="Zoë", shared_by="team").has_key


def test_who_is_not_on_the_roster_is_called_by_what_is_known() -> None:
    whose = {"email": "e", "github": "g", "identifier": "i", "group": "t", "name": "n"}
    labels = []
    while whose:
        labels.append(Whose(**cast("dict[str, Any]", whose)).label)
        whose.popitem()
    assert labels == ["n", "t", "i", "g", "e"]
    assert Whose(participant="7").label == ""


def test_the_courses_own_notebook_is_not_what_is_to_be_graded() -> None:
    assert is_wanted("Ada/a1.ipynb")
    assert not is_wanted(f"Ada/{OF_THE_COURSE}")


def test_what_is_named_as_asked_is_looked_at_first_and_junk_last() -> None:
    paths = [
        "zdoe/a1.py",
        "zdoe/hw/a1.py",
        "zdoe/a1 (1).py",
        "zdoe/helpers.py",
        "zdoe/notes.txt",
        "zdoe/.venv/a1.py",
    ]
    ranks = [soonest(path, "a1.py") for path in paths]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == len(ranks)
    assert soonest("zdoe/a1.ipynb", "a1.py") == ranks[0]
    for name in ("a1.py", "a1 (1).py", "helpers.py", "notes.txt"):
        assert soonest(f"zdoe/{name}", "a1.py") < soonest(f"zdoe/in/{name}", "a1.py")
    assert soonest("zdoe/a/b/a1 (1).py", "a1.py") < soonest("zdoe/x.py", "a1.py")
