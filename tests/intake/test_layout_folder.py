"""Folders, zips or files that are named by a student."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from autograder.intake.archive import Archive, Member, Refused
from autograder.intake.layouts.folder import SOURCE, share
from autograder.intake.roster import Roster, read_roster
from intake_class import FILE, PLAIN


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    path = tmp_path / "roster.csv"
    path.write_text(PLAIN, encoding="utf-8")
    return read_roster(path)


def archive(*paths: str, refused: tuple[str, ...] = ()) -> Archive:
    return Archive(
        place=Path("download.zip"),
        members=tuple(Member(path=p, data=b"") for p in paths),
        folders=(),
        refused=tuple(Refused(path=p, reason="too large") for p in refused),
    )


def split(roster: Roster, *paths: str, refused: tuple[str, ...] = ()) -> dict[str, str]:
    """Return whose each hand-in is, by the folder or file at the top."""
    found = SOURCE.split(archive(*paths, refused=refused), roster, FILE).handed_in
    return {one.place: one.whose.identifier for one in found}


@pytest.mark.parametrize(
    ("path", "place", "identifier"),
    [
        (f"zdoe/{FILE}", "zdoe", "zdoe"),
        (f"0012345/{FILE}", "0012345", "0012345"),
        ("zdoe.zip/x.py", "zdoe.zip", "zdoe"),
        (f"zdoe_{FILE}", f"zdoe_{FILE}", "zdoe"),
        (f"zdoe-{FILE}", f"zdoe-{FILE}", "zdoe"),
        ("zdoe_a1_conv1d (2).py", "zdoe_a1_conv1d (2).py", "zdoe"),
        ("ZDOE_A1_CONV1D.PY", "ZDOE_A1_CONV1D.PY", "ZDOE"),
        ("stranger/x.py", "stranger", "stranger"),
        ("stranger_a1_conv1d.py", "stranger_a1_conv1d.py", "stranger"),
        ("stranger.py", "stranger.py", "stranger"),
    ],
)
def test_a_name_says_whose_it_is(
    roster: Roster, path: str, place: str, identifier: str
) -> None:
    assert split(roster, path, "rtl/x.py") == {place: identifier, "rtl": "rtl"}


def test_the_folder_around_all_is_nobody_also_where_the_zip_lists_it(
    roster: Roster,
) -> None:
    for around in ("class", "submissions.zip"):
        listed = replace(
            archive(f"{around}/zdoe/{FILE}"), folders=(around, f"{around}/0012345")
        )
        found = SOURCE.split(listed, roster, FILE).handed_in
        assert [one.place for one in found] == ["0012345", "zdoe"]
    own = replace(archive(f"zdoe/{FILE}"), folders=("zdoe",))
    assert [one.place for one in SOURCE.split(own, roster, FILE).handed_in] == ["zdoe"]


def test_a_file_at_the_top_that_nobody_is_called_is_nobodys(roster: Roster) -> None:
    assert split(roster, f"zdoe/{FILE}", "notes.txt") == {"zdoe": "zdoe"}
    assert split(roster, f"zdoe/{FILE}", "zdoe.txt") == {
        "zdoe": "zdoe",
        "zdoe.txt": "zdoe",
    }
    assert split(roster, f"zdoe/{FILE}", refused=("rtl/big.py", "photo.png")) == {
        "zdoe": "zdoe",
        "rtl": "rtl",
    }


def test_the_folder_around_them_all_is_taken_off_unless_it_is_a_students(
    roster: Roster,
) -> None:
    wrapped = (f"all/zdoe/{FILE}", f"all/rtl/{FILE}")
    assert split(roster, *wrapped) == {"rtl": "rtl", "zdoe": "zdoe"}
    assert split(roster, f"zdoe/{FILE}", "zdoe/sub/x.py") == {"zdoe": "zdoe"}
    # What was refused may lie beside the folder around the rest.
    assert split(roster, *wrapped, refused=("rtl/big.py", "all")) == {
        "rtl": "rtl",
        "zdoe": "zdoe",
    }


def test_a_single_file_at_the_top_has_the_name_that_was_asked_for(
    roster: Roster,
) -> None:
    (one,) = SOURCE.split(archive("zdoe_mine.py"), roster, FILE).handed_in
    assert [m.path for m in one.own_members()] == [FILE]
    found = SOURCE.split(archive("zdoe/mine.py", "rtl.txt"), roster, FILE).handed_in
    assert [m.path for one in found for m in one.own_members()] == [
        "rtl.txt",
        "mine.py",
    ]
    assert all(one.whose.of_the_list and one.lms_id == "" for one in found)


def test_it_is_recognised_where_somebody_of_the_roster_is_named(
    roster: Roster,
) -> None:
    for path in ("zdoe/x.py", "all/zdoe/x.py", "zdoe_anything.py", "0012345.zip/x.py"):
        assert SOURCE.recognises(archive(path, "x/y.py"), roster) is (
            not path.startswith("all/")
        )
    assert SOURCE.recognises(archive("all/zdoe/x.py", "all/x/y.py"), roster)
    assert not SOURCE.recognises(archive("stranger/x.py", "notes.txt"), roster)
    assert not SOURCE.recognises(archive(".DS_Store"), roster)


def test_a_lone_file_has_the_name_asked_for_and_a_notebook_a_notebooks(
    roster: Roster,
) -> None:
    whole = archive(
        *("zdoe.py", "ada.ob.ipynb", "rtl/deep.py", "__MACOSX/._zdoe.py", ".DS_Store")
    )
    found = SOURCE.split(whole, roster, FILE).handed_in
    assert {one.place: one.own_paths for one in found} == {
        "zdoe.py": {"zdoe.py": FILE},
        "ada.ob.ipynb": {"ada.ob.ipynb": "a1_conv1d.ipynb"},
        "rtl": {},
    }
    assert {one.whose.identifier for one in found} == {"zdoe", "ada.ob", "rtl"}


def test_what_a_system_leaves_behind_is_nobodys(roster: Roster) -> None:
    assert SOURCE.recognises(archive("0012345/a.py"), roster)
    assert not SOURCE.recognises(archive("0012345/.DS_Store"), roster)
    beside = archive("0012345/a.py", "x/a.py", ".DS_Store", refused=("zdoe/a.py",))
    assert share(beside, roster) == Fraction(2, 3)


def test_an_empty_folder_is_a_hand_in_of_nothing_whoever_it_is_of(
    roster: Roster,
) -> None:
    empty = replace(archive("rtl/a.py"), folders=("zdoe", "stranger"))
    found = SOURCE.split(empty, roster, FILE).handed_in
    assert [(one.place, len(one.members)) for one in found] == [
        ("rtl", 1),
        ("stranger", 0),
        ("zdoe", 0),
    ]
