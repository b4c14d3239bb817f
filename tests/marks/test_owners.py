"""Whoever the list, a mark is in the row of its student, or in none and it is said."""

from functools import cached_property
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import StaffError
from autograder.intake.roster import Roster, read_roster
from autograder.marks.class_marks import Entries, Status, entries_of
from autograder.marks.overrides import NONE, Overrides, read_overrides
from autograder.marks.owners import Owners, owners_of
from autograder.marks.policy import Policy, read_policy
from autograder.marks.rules import Asked, Standing
from autograder.records.ledger import Entry
from autograder.records.results import Result
from autograder.records.submission import ListedAs, Submission
from gradebook_class import graded, write

Graded = tuple[Submission, Result]
CANVAS = """\
Student,ID,SIS Login ID,Section,HW1 (77)
    Points Possible,,,,100.00
"Doe, Zoë",101,zdoe,S1,
"Example, Ada",102,aexample,S1,
"""


class Given(Standing):
    """The rules of a course of which only the assignment's name is there."""

    @cached_property
    def policy(self) -> Policy | None:
        path = self.asked.policy
        return read_policy(path, self.roster, ["a0"]) if path else None

    @cached_property
    def overrides(self) -> Overrides:
        path = self.asked.overrides
        if path is None:
            return NONE
        return read_overrides(path, self.roster, ["a0"], lambda _: {"q1": 100.0})


def listed(folder: Path, text: str) -> Roster:
    path = folder / "list.csv"
    path.write_text(text, encoding="utf-8")
    return read_roster(path)


def work(
    roster_id: str, score: float, listed_as: ListedAs | None, name: str = "?"
) -> Graded:
    submission, result = graded(roster_id, score, name=name)
    key = f"k-{roster_id}"
    return (
        msgspec.structs.replace(submission, listed_as=listed_as, key=key),
        msgspec.structs.replace(result, submission_key=key),
    )


def marks(entries: Entries) -> dict[str, tuple[Status, float | None]]:
    return {e.student.id: (e.status, e.score) for e in entries.students}


def test_a_number_of_another_list_is_not_matched_against_the_name(
    tmp_path: Path,
) -> None:
    # Graded with id,name: 101 is Ada there, and Zoë in Canvas's own export.
    entries = entries_of(
        listed(tmp_path, CANVAS),
        [
            work("101", 100.0, ListedAs(name="Ada Example", list_hash="other")),
            work("55", 7.0, ListedAs(name="Zoë Doe", list_hash="other")),
        ],
    )
    assert marks(entries) == {"101": (Status.FAULT, None), "102": (Status.FAULT, None)}
    first = entries.remarks[0]
    assert "'101' is somebody else's there: the name is 'Ada Example' there" in first
    assert "and 'Zoë Doe' here" in first
    assert "grade again with this class list" in first
    assert len(entries.unmatched) == 2


def test_an_older_ledger_has_the_downloads_name_for_a_witness(tmp_path: Path) -> None:
    roster = listed(tmp_path, CANVAS)
    stopped = entries_of(roster, [work("101", 100.0, None, name="exampleada")])
    assert marks(stopped)["101"] == (Status.FAULT, None)
    taken = entries_of(roster, [work("102", 100.0, None, name="exampleada")])
    assert marks(taken)["102"] == (Status.GRADED, 100.0)


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        (ListedAs(name="Ada Example", email="ada@x.edu"), Status.GRADED),
        (ListedAs(name="Example, Ada"), Status.GRADED),
        (ListedAs(username="aexample"), Status.GRADED),
        (ListedAs(username="aexample@x.edu"), Status.GRADED),
        (ListedAs(), Status.FAULT),
        (ListedAs(email="ada@x.edu"), Status.FAULT),
        (ListedAs(name="Ada Example", username="other"), Status.FAULT),
        (ListedAs(name="Ada Exemplar", username="aexample"), Status.FAULT),
    ],
)
def test_a_number_counts_beside_a_witness_and_none_that_disagrees(
    tmp_path: Path, told: ListedAs, wanted: Status
) -> None:
    entries = entries_of(listed(tmp_path, CANVAS), [work("102", 60.0, told)])
    assert marks(entries)["102"][0] is wanted


def test_within_the_list_that_was_graded_with_the_number_is_enough(
    tmp_path: Path,
) -> None:
    roster = listed(
        tmp_path,
        "Identifier,Status,Grade,Maximum grade\nParticipant 101,-,,100\n",
    )
    same = ListedAs(list_hash=roster.hash)
    entries = entries_of(roster, [work("Participant 101", 60.0, same)])
    assert marks(entries)["Participant 101"] == (Status.GRADED, 60.0)


def test_an_id_that_lost_its_zeros_is_told_and_nobodys(tmp_path: Path) -> None:
    roster = listed(tmp_path, "id,name\n12345,Zoë Doe\n7,Ada Example\n")
    told = ListedAs(name="Zoë Doe", list_hash="other")
    entries = entries_of(roster, [work("0012345", 60.0, told)])
    assert marks(entries)["12345"] == (Status.FAULT, None)
    assert "'0012345' and '12345' are one id but for leading zeros" in "\n".join(
        entries.remarks
    )


def test_work_of_one_of_two_namesakes_is_missing_work_of_neither(
    tmp_path: Path,
) -> None:
    roster = listed(tmp_path, "id,name\n1,Sam Same\n2,Sam Same\n3,Ada Example\n")
    submission, result = graded(None, 50.0, name="Sam Same")
    entries = entries_of(roster, [(submission, result)])
    assert [s for s, _ in marks(entries).values()] == [
        *(Status.FAULT, Status.FAULT, Status.MISSING),
    ]


@st.composite
def two_lists(draw: st.DrawFn) -> tuple[list[int], list[int], list[str], list[bool]]:
    """Draw people with a number each in two lists, names, and who is on the second."""
    count = draw(st.integers(1, 6))
    numbers = st.permutations(range(100, 100 + count))
    names = st.sampled_from(
        ["Ada Example", "Zoë Doe", "Bo Li", "Sam Same", "Zoë Doe Example", "Ada Doe"]
    )
    people = draw(st.lists(names, min_size=count, max_size=count))
    there = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    return draw(numbers), draw(numbers), people, there


@given(case=two_lists(), emails=st.booleans())
def test_whatever_the_two_lists_a_mark_is_its_students_or_nobodys(
    case: tuple[list[int], list[int], list[str], list[bool]],
    emails: bool,  # noqa: FBT001 hypothesis gives it by name
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    first, second, names, there = case
    here = [n for n, is_there in enumerate(there) if is_there]
    rows = [f"{second[n]},{names[n]},{f'p{n}@x.edu' if emails else ''}\n" for n in here]
    if not rows:
        return
    folder = tmp_path_factory.mktemp("lists")
    roster = listed(folder, "id,name,email\n" + "".join(rows))
    work_of = [
        work(
            str(first[n]),
            float(n),
            ListedAs(name=name, email=f"p{n}@x.edu", list_hash="other"),
        )
        for n, name in enumerate(names)
    ]
    entries = entries_of(roster, work_of)
    placed = 0
    for n, one in zip(here, entries.students, strict=True):
        if one.score is not None:
            # Namesakes with one number in two lists can't be told apart by anybody.
            person = round(one.score)
            assert person == n or (not emails and names[person] == names[n])
            placed += 1
    assert placed + len(entries.unmatched) + len(entries.left) == len(names)


LIST = """\
id,username,name,email
101,zdoe,Zoë Doe,z@example.edu
0401,sam1,Sam Same,sam1@example.edu
0402,sam2,Sam Same,sam2@example.edu
ada,ob,Ada O'Brien,ada@example.edu
"""


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    return read_roster(write(tmp_path, LIST))


def numbered(
    roster_id: str | None, name: str, listed: ListedAs | None = None
) -> Submission:
    submission, _ = graded(roster_id, 1.0, name=name)
    return msgspec.structs.replace(submission, listed_as=listed)


def owner(submission: Submission, roster: Roster) -> str | None:
    found = owners_of(submission, roster).owner
    return found.id if found else None


def test_within_the_list_that_was_graded_with_an_id_is_enough(roster: Roster) -> None:
    same = ListedAs(name="Somebody Else", list_hash=roster.hash)
    assert owner(numbered("101", "Somebody Else", same), roster) == "101"
    other = ListedAs(name="Somebody Else", list_hash="another list's")
    found = owners_of(numbered("101", "Somebody Else", other), roster)
    assert found.owner is None
    assert [s.id for s in found.candidates] == ["101"]
    assert "'101' is somebody else's there: the name is" in found.because
    assert "grade again with this class list" in found.because


@pytest.mark.parametrize(
    "listed",
    [
        ListedAs(name="Doe, Zoë"),
        ListedAs(username="ZDOE"),
        ListedAs(email="z@example.edu"),
    ],
)
def test_on_another_list_one_witness_that_agrees_is_enough(
    roster: Roster, listed: ListedAs
) -> None:
    assert owner(numbered("101", "", listed), roster) == "101"


def test_a_number_without_any_witness_is_nobodys(roster: Roster) -> None:
    found = owners_of(numbered("101", "", ListedAs()), roster)
    assert found.owner is None
    assert "nothing but the number '101' says so" in found.because


def test_an_id_tells_namesakes_apart(roster: Roster) -> None:
    assert owner(numbered("0402", "", ListedAs(name="Sam Same")), roster) == "0402"
    assert owner(numbered("0402", "Sam Same"), roster) == "0402"


def test_a_name_alone_is_nobodys_with_whom_it_could_be(roster: Roster) -> None:
    found = owners_of(numbered(None, "Sam Same"), roster)
    assert (found.owner, [s.id for s in found.candidates]) == (None, ["0401", "0402"])
    assert owners_of(numbered(None, "Nobody"), roster) == Owners()


def test_a_number_that_lost_its_zeros_is_told(roster: Roster) -> None:
    found = owners_of(numbered("401", "Sam Same"), roster)
    assert (found.owner, [s.id for s in found.candidates]) == (None, ["0401"])
    assert "0401" in found.because


def test_an_id_with_letters_of_an_older_ledger_is_enough(roster: Roster) -> None:
    assert owner(numbered("ada", "A. B."), roster) == "ada"
    assert owner(numbered("101", "A. B."), roster) is None


def test_a_number_of_one_and_a_name_of_another_is_neithers(roster: Roster) -> None:
    listed = ListedAs(name="Ada O'Brien", username="zdoe")
    found = owners_of(numbered("101", "", listed), roster)
    assert found.owner is None
    assert {s.id for s in found.candidates} == {"101", "ada"}


def test_who_is_written_otherwise_there_has_not_left_the_class(tmp_path: Path) -> None:
    roster = listed(
        tmp_path, "id,name,email\n901,Zoe Doe,z@x.edu\n902,Ada B. Example,\n"
    )
    entries = entries_of(
        roster,
        [
            work("1", 50.0, ListedAs(name="Z. Dough", email="z@x.edu")),
            work("2", 60.0, ListedAs(name="Example, Ada")),
        ],
    )
    assert marks(entries) == {"901": (Status.FAULT, None), "902": (Status.FAULT, None)}
    assert entries.left == ()


@pytest.mark.parametrize("how", ["override", "extension"])
def test_a_persons_word_about_a_number_that_two_have_wants_a_name(
    tmp_path: Path, how: str
) -> None:
    roster = listed(tmp_path, CANVAS)
    entry = Entry(*work("101", 100.0, ListedAs(name="Ada Example")), "hash")
    overrides, policy = tmp_path / "o.toml", tmp_path / "p.toml"
    head = 'timezone = "Europe/Berlin"\n[[assignment]]\nname = "a0"\n'
    policy.write_text(head + "due = 2026-10-10T23:59:00\n", encoding="utf-8")
    one = 'student = "101"\nassignment = "a0"\nwhy = "ill"\n'
    told = {
        "override": (overrides, f'[[override]]\n{one}points = 3.0\nby = "me"\n'),
        "extension": (policy, f"[[extension]]\n{one}due = 2026-10-12T23:59:00\n"),
    }
    path, text = told[how]
    before = path.read_text(encoding="utf-8") if path.exists() else ""

    def found(name: str) -> Entries:
        path.write_text(before + text + name, encoding="utf-8")
        asked = Asked(policy=policy, overrides=path if how == "override" else None)
        return Given(tmp_path, roster, asked).marks_of("a0", [entry])

    with pytest.raises(StaffError, match=r"whose is '101'\? '101' is somebody else's"):
        found("")
    with pytest.raises(StaffError, match=r"is 'Zoë Doe' on .*, not 'Ada Example'"):
        found('name = "Ada Example"\n')
    named = marks(found('name = "Doe, Zoë"\n'))
    assert named["101"][1] == (3.0 if how == "override" else None)


def test_of_two_who_have_an_id_the_name_decides(tmp_path: Path) -> None:
    text = CANVAS.replace('"Example, Ada",102,aexample', '"Example, Ada",102,101')
    roster = listed(tmp_path, text)
    assert owner(numbered("101", "Ada Example"), roster) == "102"
    assert owner(numbered("101", "Doe, Zoë"), roster) == "101"
    neither = owners_of(numbered("101", "Sam Same"), roster)
    assert (neither.owner, len(neither.candidates)) == (None, 2)


def test_who_shares_an_address_is_found_though_another_has_the_name(
    tmp_path: Path,
) -> None:
    text = "id,name,email\n101,William Smith,w@x.edu\n102,Bill Smith,b@x.edu\n"
    roster = listed(tmp_path, text)
    bill = ListedAs(name="Bill Smith", email="w@x.edu")
    assert owner(numbered("101", "", bill), roster) == "101"


def test_an_older_ledger_without_names_has_the_number_alone(roster: Roster) -> None:
    found = owners_of(numbered("101", "101"), roster)
    assert found.owner is None
    assert "nothing but the number '101' says so" in found.because


def test_without_an_id_whoever_is_written_alike_may_be_meant(roster: Roster) -> None:
    found = owners_of(numbered(None, "Same, Sam X."), roster)
    assert [s.id for s in found.candidates] == ["0401", "0402"]
    assert found.because == ""


def test_namesakes_come_before_whoever_is_written_alike(tmp_path: Path) -> None:
    roster = listed(tmp_path, "id,name,email\n1,Sam Same,s@x.edu\n2,Sam B. Same,\n")
    by_name = owners_of(numbered(None, "Sam Same"), roster)
    assert [s.id for s in by_name.candidates] == ["1"]
    strange = owners_of(numbered("9", "", ListedAs(name="Sam Same")), roster)
    assert [s.id for s in strange.candidates] == ["1"]
    assert not strange.anothers


def test_why_an_id_of_two_is_neithers_is_said(tmp_path: Path) -> None:
    text = CANVAS.replace('"Example, Ada",102,aexample', '"Example, Ada",102,101')
    found = owners_of(numbered("101", "Sam Same"), listed(tmp_path, text))
    assert found.because == "'101' is an id of each of them"


def test_whose_name_is_written_as_anothers_is_known_by_an_account_of_both_lists(
    tmp_path: Path,
) -> None:
    text = "id,username,name\n101,wsmith,Bill Smith\n102,bsmith,Bill B. Smith\n"
    roster = listed(tmp_path, text)
    known = ListedAs(name="Bill B. Smith", username="wsmith")
    assert owner(numbered("101", "", known), roster) == "101"
    found = owners_of(numbered("101", "", ListedAs(name="Bill B. Smith")), roster)
    assert {s.id for s in found.candidates} == {"101", "102"}
    assert "one student's number and another one's name" in found.because


def test_an_id_with_letters_needs_no_witness_and_no_name_of_anothers(
    roster: Roster,
) -> None:
    assert owner(numbered("ada", "", ListedAs()), roster) == "ada"
    other = owners_of(numbered("ada", "", ListedAs(name="No Body")), roster)
    assert "'ada' is somebody else's there" in other.because
    found = owners_of(numbered("ada", "Zoë Doe"), roster)
    assert found.owner is None
    assert {s.id for s in found.candidates} == {"101", "ada"}
