"""Two of one name are told apart by their ids; whoever is alone has a name only."""

from pathlib import Path

from autograder.intake.roster import Roster, read_roster
from autograder.marks.class_marks import entries_of
from autograder.marks.deadlines import Terms
from autograder.records.submission import Submission
from autograder.reports.person_names import People, told_apart
from graded_class import entry


def roster(folder: Path) -> Roster:
    path = folder / "roster.csv"
    text = "id,name\n1,Sam Same\n2,Sam Same\n3,Ada Example\n4,Bo Li\n"
    path.write_text(text, encoding="utf-8")
    return read_roster(path)


def handed_in(roster_id: str | None, name: str, lms_id: str = "") -> Submission:
    fields = {"student_name": name, "lms_id": lms_id, "roster_id": roster_id}
    return entry(roster_id or "u", "1111", **fields).submission


def test_a_namesake_counts_who_has_handed_in_nothing(tmp_path: Path) -> None:
    one, ada = handed_in("1", "Sam Same"), handed_in("3", "Ada Example")
    assert told_apart([one, ada], roster(tmp_path)) == {
        one.key: "Sam Same (1)",
        ada.key: "Ada Example",
    }


def test_a_stranger_of_somebodys_name_is_told_apart_too(tmp_path: Path) -> None:
    ada = handed_in("3", "Ada Example")
    stranger = handed_in(None, "ada  example", "lms-7")
    named = told_apart([ada, stranger], roster(tmp_path))
    assert named[ada.key] == "Ada Example (3)"
    assert named[stranger.key] == "ada  example (lms-7)"


def test_on_a_page_both_of_one_name_are_twins_and_strangers_count(
    tmp_path: Path,
) -> None:
    class_list = roster(tmp_path)
    one = entry("1", "1111", student_name="Sam Same")
    stranger = entry("u", "1111", student_name="Bo Li", roster_id=None, origin="o")
    graded = [(e.submission, e.result) for e in (one, stranger)]
    entries = entries_of(class_list, graded, terms=Terms())
    by_key = {e.submission.key: e for e in (one, stranger)}
    people = People.of(entries, by_key, lambda e: f"{e.submission.key}.html")
    found = [people.student(student) for student in entries.students]
    assert [(p.name, p.id, p.is_twin) for p in found] == [
        ("Sam Same", "1", True),
        ("Sam Same", "2", True),
        ("Ada Example", "3", False),
        ("Bo Li", "4", True),
    ]
    assert [p.href for p in found] == [f"{one.submission.key}.html", "", "", ""]
    told = people.submitter(stranger.submission)
    assert (told.name, told.is_twin) == ("Bo Li", True)
    assert told.href == f"{stranger.submission.key}.html"
