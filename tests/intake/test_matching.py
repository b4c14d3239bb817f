"""Whose a hand-in is: one witness is enough, two that disagree are asked about."""

from pathlib import Path
from typing import Any

import pytest

from autograder.intake.issue import IssueKind
from autograder.intake.layout import HandedIn, Whose
from autograder.intake.matching import Matched, match, slug
from autograder.intake.roster import read_roster

ROSTER = """id,username,name,email
bob,ann,Ann Ardent,ann@example.edu
1002,bob,Bob Burns,bob@example.edu
1003,cat,Cat Coy,cat@example.edu
1004,sam4,Sam Same,sam4@example.edu
1005,sam5,Sam Same,sam5@example.edu
"""
"""Ann's id is Bob's username."""


def matched(folder: Path, *whose: Whose) -> list[Matched]:
    path = folder / "roster.csv"
    path.write_text(ROSTER, encoding="utf-8")
    items = [
        HandedIn(lms_id="", place=f"{n}", whose=one, members=(), refused=())
        for n, one in enumerate(whose)
    ]
    return list(match(items, read_roster(path), None))


def who(folder: Path, **whose: Any) -> tuple[str | None, IssueKind | None, list[str]]:
    (found,) = matched(folder, Whose(**whose))
    return found.roster_id, found.why_not, sorted(s.id for s in found.candidates)


def test_a_folder_named_by_ones_id_that_is_anothers_username_is_nobodys(
    tmp_path: Path,
) -> None:
    assert who(tmp_path, identifier="bob") == (
        None,
        IssueKind.WHICH_STUDENT,
        ["1002", "bob"],
    )


@pytest.mark.parametrize(
    ("name", "student"), [("Ann Ardent", "bob"), ("Bob Burns", "1002")]
)
def test_the_name_says_which_of_the_two_is_meant(
    tmp_path: Path, name: str, student: str
) -> None:
    assert who(tmp_path, identifier="bob", name=name) == (student, None, [])


def test_a_name_that_is_neither_of_the_two_settles_nothing(tmp_path: Path) -> None:
    found, why, candidates = who(tmp_path, identifier="bob", name="Cat Coy")
    assert (found, why) == (None, IssueKind.WHICH_STUDENT)
    assert candidates == ["1002", "1003", "bob"]


@pytest.mark.parametrize(
    "whose",
    [
        {"identifier": "1003", "name": "Bob Burns"},
        {"identifier": "1003", "email": "bob@example.edu"},
        {"email": "cat@example.edu", "name": "Bob Burns"},
    ],
)
def test_two_witnesses_that_disagree_are_asked_about(
    tmp_path: Path, whose: dict[str, Any]
) -> None:
    assert who(tmp_path, **whose) == (None, IssueKind.WHICH_STUDENT, ["1002", "1003"])


def test_an_id_tells_namesakes_apart_and_a_name_alone_does_not(tmp_path: Path) -> None:
    assert who(tmp_path, identifier="1004", name="Sam Same")[0] == "1004"
    assert who(tmp_path, name="Sam Same")[:2] == (None, IssueKind.SAME_NAME)


def test_two_users_of_one_name_are_not_one_student_of_the_roster(
    tmp_path: Path,
) -> None:
    path = tmp_path / "roster.csv"
    path.write_text(ROSTER, encoding="utf-8")
    items = [
        HandedIn(
            lms_id=user,
            place=user,
            whose=Whose(name="Cat Coy"),
            members=(),
            refused=(),
        )
        for user in ("u1", "u2")
    ]
    found = list(match(items, read_roster(path), None))
    assert [(m.roster_id, m.why_not) for m in found] == [
        (None, IssueKind.SAME_NAME)
    ] * 2


def test_whoever_has_an_id_of_another_list_is_not_matched_by_name(
    tmp_path: Path,
) -> None:
    first = Whose(identifier="1002", name="Bob Burns")
    found = matched(tmp_path, first, Whose(identifier="9999", name="Cat Coy"))
    assert [m.roster_id for m in found] == ["1002", None]
    assert found[1].why_not is IssueKind.WHICH_STUDENT


def test_attempts_of_one_user_are_of_one_student_whatever_their_own_ids(
    tmp_path: Path,
) -> None:
    def attempts(*users: str) -> list[Matched]:
        items = [
            HandedIn(
                lms_id=f"attempt-{n}",
                user=user,
                place=f"{n}",
                whose=Whose(name="Cat Coy"),
                members=(),
                refused=(),
            )
            for n, user in enumerate(users)
        ]
        path = tmp_path / "roster.csv"
        path.write_text(ROSTER, encoding="utf-8")
        return list(match(items, read_roster(path), None))

    assert [m.roster_id for m in attempts("u1", "u1")] == ["1003", "1003"]
    assert [m.roster_id for m in attempts("u1", "u2")] == [None, None]
    first, second, other = attempts("u1", "u1", "u2")
    assert first.identity == second.identity != other.identity


def test_members_of_a_group_are_matched_each(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text(
        "id,name,group\n1,Ann Ardent,Team 1\n2,Bob Burns,Team 1\n3,Cat Coy,Team 2\n",
        encoding="utf-8",
    )
    item = HandedIn(
        lms_id="",
        place="0",
        whose=Whose(group="team 1", name="Team One"),
        members=(),
        refused=(),
    )
    found = list(match([item], read_roster(path), None))
    assert [(m.roster_id, m.name, m.identity) for m in found] == [
        ("1", "Ann Ardent", "1"),
        ("2", "Bob Burns", "2"),
    ]


def test_who_is_called_nothing_has_the_name_of_the_roster(tmp_path: Path) -> None:
    (known,) = matched(tmp_path, Whose(identifier="1003"))
    assert known.name == "Cat Coy"
    (unknown,) = matched(tmp_path, Whose(identifier="9"))
    assert (unknown.name, unknown.why_not) == ("9", IssueKind.NOT_ON_ROSTER)
    (named,) = matched(tmp_path, Whose(identifier="1003", name="Cat  Coy"))
    assert named.name == "Cat Coy"
    (nameless,) = matched(tmp_path, Whose())
    assert nameless.name == "0"


@pytest.mark.parametrize(
    ("identifier", "kept"),
    [
        ("1003", True),
        ("cat-coy-3", True),
        ("a" * 48, True),
        ("a" * 49, False),
        ("Cat", False),
        ("cat--coy", False),
        ("cat-", False),
        ("../cat", False),
        ("cat\n", False),
    ],
)
def test_an_id_is_a_file_name_only_where_it_is_safe_as_one(
    identifier: str, *, kept: bool
) -> None:
    name = slug(identifier)
    assert (name == identifier) is kept
    assert kept or (name.startswith("id-") and len(name) == len("id-") + 16)


def test_different_ids_have_different_file_names() -> None:
    assert len({slug(name) for name in ("Cat", "cAt", "cat", "ca t")}) == 4


def test_a_number_of_a_list_without_names_is_nobodys_beside_a_name(
    tmp_path: Path,
) -> None:
    path = tmp_path / "roster.csv"
    path.write_text("id,name\n1003,\nzdoe,\n", encoding="utf-8")
    items = [
        HandedIn(lms_id="", place="0", whose=whose, members=(), refused=())
        for whose in (
            Whose(identifier="1003", name="Cat Coy"),
            Whose(identifier="zdoe", name="Cat Coy"),
            Whose(identifier="1003"),
            Whose(identifier="1003", name="Cat Coy", of_the_list=True),
        )
    ]
    found = list(match(items, read_roster(path), None))
    assert [m.roster_id for m in found] == [None, "zdoe", "1003", "1003"]
    assert found[0].why_not is IssueKind.WHICH_STUDENT
    assert found[0].because == (
        "the class list has nothing but a number of them: give it names"
    )


def test_an_id_that_lost_its_zeros_is_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text("id,name\n0012,Ann Ardent\n1003,Cat Coy\n", encoding="utf-8")
    whose = Whose(identifier="12", name="Ann Ardent")
    item = HandedIn(lms_id="", place="0", whose=whose, members=(), refused=())
    (found,) = match([item], read_roster(path), None)
    assert (found.roster_id, found.why_not) == (None, IssueKind.WHICH_STUDENT)
    assert [s.id for s in found.candidates] == ["0012"]
    assert "0012" in found.because


def test_a_name_may_be_written_as_the_lms_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text(ROSTER, encoding="utf-8")
    item = HandedIn(
        lms_id="1", place="p", whose=Whose(name="COYCAT"), members=(), refused=()
    )
    roster = read_roster(path)

    def squeezed(name: str) -> frozenset[str]:
        first, _, last = name.casefold().partition(" ")
        return frozenset({name.casefold(), f"{last}{first}"})

    (found,) = match([item], roster, squeezed)
    assert found.roster_id == "1003"
    (unknown,) = match([item], roster, None)
    assert unknown.roster_id is None


def test_whoever_has_nothing_but_a_name_has_an_origin_of_their_own(
    tmp_path: Path,
) -> None:
    one, other = matched(tmp_path, Whose(name="Any Body"), Whose(name="No Body"))
    assert one.origin != other.origin


@pytest.mark.parametrize("field", ["identifier", "email", "github"])
def test_namesakes_have_an_origin_each_by_whatever_tells_them_apart(
    tmp_path: Path, field: str
) -> None:
    told: list[dict[str, Any]] = [{field: value} for value in ("x1", "x1", "x2")]
    whose = [Whose(name="Sam Same", **one) for one in told]
    same, again, other = matched(tmp_path, *whose)
    assert same.origin == again.origin != other.origin


def test_the_lmss_own_user_is_the_origin_before_any_id(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text(ROSTER, encoding="utf-8")

    def origin(user: str, identifier: str) -> str:
        whose = Whose(name="Sam Same", identifier=identifier)
        item = HandedIn(
            lms_id="7", user=user, place="p", whose=whose, members=(), refused=()
        )
        (found,) = match([item], read_roster(path), None)
        return found.origin

    assert origin("u1", "x1") == origin("u1", "x2") != origin("u2", "x1")


def test_ids_that_no_student_has_say_nothing_against_a_name(tmp_path: Path) -> None:
    assert who(tmp_path, identifier="zz9", name="Cat Coy") == ("1003", None, [])


def test_work_of_a_group_that_nobody_knows_is_not_lost(tmp_path: Path) -> None:
    (found,) = matched(tmp_path, Whose(group="Group 9"))
    assert (found.roster_id, found.why_not) == (None, IssueKind.NOT_ON_ROSTER)


def test_another_address_beside_a_number_is_asked_about(tmp_path: Path) -> None:
    found, why, candidates = who(
        tmp_path, identifier="1003", email="somebody@example.edu"
    )
    assert (found, why, candidates) == (None, IssueKind.WHICH_STUDENT, ["1003"])


def test_an_account_is_more_than_a_number(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text("id,name,github\n1003,Cat Coy,catcoy\n", encoding="utf-8")
    item = HandedIn(
        lms_id="1",
        place="p",
        whose=Whose(email="cat@example.edu", github="catcoy"),
        members=(),
        refused=(),
    )
    (found,) = match([item], read_roster(path), None)
    assert found.roster_id == "1003"
