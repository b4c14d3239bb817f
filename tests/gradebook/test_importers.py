"""What `export` writes, read by each LMS's own rules: every mark arrives, no other.

Canvas's and the worksheet's are in ``test_canvas_file`` and ``test_moodle_worksheet``.
"""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from autograder.gradebook import FORMATS, ExportReport, export
from autograder.gradebook.sheet import Expressed
from autograder.intake.roster import read_roster
from autograder.marks.class_marks import entries_of
from autograder.records.results import Diagnosis, QuestionResult, Verdict
from blackboard_importer import BlackboardCourse, BlackboardRefusal
from brightspace_importer import BrightspaceCourse, BrightspaceRefusal, BrightspaceUser
from gradebook_class import graded, write
from moodle_importer import MoodleAbort, MoodleGradebook
from sakai_importer import SakaiGradebook, SakaiRefusal

PEOPLE = (
    ("0012345", "zdoe", "Doe, Jr.", "Zoë"),
    ("0000007", "bli", "Li", "Bo"),
    ("12.34.56", "oq", 'O"Quote', "Ada"),
    ("0300", "omar.é", "חיים", "דוד"),
    ("=1+1", "evil", "Formula", "Eve"),
)
"""Id, username, last and first name; Eve Formula has handed in nothing."""
QUESTIONS = {"Twice": 30.0, "Four, times": 50.0}
WORK = {
    "zdoe": (22.5, 40.0),
    "bli": (0.0, 0.0),
    "oq": (30.0, 50.0),
    "omar.é": (13.333, 20.0),
}
"""Points of the two questions, of 30 and 50."""
MARKS = {
    "points": {"zdoe": "62.5", "bli": "0", "oq": "80", "omar.é": "33.33"},
    "percent": {"zdoe": "78.13", "bli": "0", "oq": "100", "omar.é": "41.67"},
    "scale": {"zdoe": "7.81", "bli": "0", "oq": "10", "omar.é": "4.17"},
}
"""By hand: of 80 points, in percent (62.5 / 80 = 78.125 %), and of 10 points."""
FULL = {"points": 80.0, "percent": 100.0, "scale": 10.0}
EVIL = 'a "quoted", word; <b> in C:\\'


def table(rows: list[list[str]], **form: Any) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", **form).writerows(rows)
    return text.getvalue()


def brightspace(points: float) -> str:
    head = ["OrgDefinedId", "Username", "Last Name", "First Name"]
    head += [f"HW1 Points Grade <Numeric MaxPoints:{points:g} Weight:5>"]
    rows = [[f"#{i}", f"#{u}", last, first, ""] for i, u, last, first in PEOPLE]
    lines = [[*head, "End-of-Line Indicator"], *([*row, "#"] for row in rows)]
    return table(lines)


def blackboard(points: float) -> str:
    head = ["Last Name", "First Name", "Username", "Student ID"]
    head += [f"HW1 [Total Pts: {points:g} Score] |128", "Grading Notes", "Notes Format"]
    head += ["Feedback to Learner", "Feedback Format"]
    rows = [[last, first, u, i, *[""] * 5] for i, u, last, first in PEOPLE]
    return table([head, *rows], quoting=csv.QUOTE_ALL)


def sakai(points: float) -> str:
    head = ["Student ID", "Student Name", f"HW1 [{points:g}]", "* HW1"]
    return table(
        [head, *([u, f"{last}, {first}", "", ""] for _, u, last, first in PEOPLE)]
    )


def moodle(points: float) -> str:
    del points  # the list of people knows none
    head = ["First name", "Last name", "ID number", "Email address", "Username"]
    rows = [[first, last, i, f"{u}@x.edu", u] for i, u, last, first in PEOPLE]
    return table([head, *rows])


@dataclass
class Arrived:
    """What an LMS has after the import: scores by username, and what else became."""

    scores: dict[str, str]
    by_item: dict[tuple[str, str], str]
    comments: dict[str, str]
    troubles: list[Any]


def into_brightspace(data: bytes, full: dict[str, float], way: str) -> Arrived:
    del way
    users = tuple(BrightspaceUser(i, u) for i, u, _, _ in PEOPLE)
    there = BrightspaceCourse(users, full)
    there.import_(data)
    by_item = {key: f"{score:.10g}" for key, score in there.scores.items()}
    troubles = [there.errors, there.new_items, there.capped]
    return Arrived(_of_the_item(by_item), by_item, {}, [t for t in troubles if t])


def into_blackboard(data: bytes, full: dict[str, float], way: str) -> Arrived:
    del way
    there = BlackboardCourse(frozenset(WORK) | {"evil"}, {"128": full["HW1"]})
    there.upload(data)
    assert {form for _, form in there.feedback.values()} <= {"SMART_TEXT"}
    comments = {u: text for u, (text, _) in there.feedback.items()}
    scores = {u: score for (u, _), score in there.scores.items()}
    return Arrived(scores, {}, comments, [*there.new_columns, *there.not_enrolled])


def into_sakai(data: bytes, full: dict[str, float], way: str) -> Arrived:
    decimal = "," if way == "comma" else "."
    there = SakaiGradebook(frozenset(WORK) | {"evil"}, full, decimal=decimal)
    there.import_(data)
    troubles = [there.new_items, there.changed_points, there.unknown]
    comments = {u: text for (u, _), text in there.comments.items()}
    found = [t for t in troubles if t]
    return Arrived(_of_the_item(there.scores), there.scores, comments, found)


def into_moodle(data: bytes, full: dict[str, float], way: str) -> Arrived:
    del way
    users = {
        u: {"username": u, "idnumber": i, "email": f"{u}@x.edu"}
        for i, u, _, _ in PEOPLE
    }
    there = MoodleGradebook(users, full)
    there.import_(data, map_from="ID number", map_to="idnumber")
    by_item = {key: f"{grade:.10g}" for key, grade in there.grades.items()}
    return Arrived(_of_the_item(by_item), by_item, there.feedback, there.new_items)


def _of_the_item(by_item: dict[tuple[str, str], str]) -> dict[str, str]:
    return {user: score for (user, item), score in by_item.items() if item == "HW1"}


LISTS: dict[str, Callable[[float], str]] = {
    "brightspace": brightspace,
    "blackboard": blackboard,
    "sakai": sakai,
    "moodle": moodle,
}
IMPORTS: dict[str, Callable[[bytes, dict[str, float], str], Arrived]] = {
    "brightspace": into_brightspace,
    "blackboard": into_blackboard,
    "sakai": into_sakai,
    "moodle": into_moodle,
}
ELSEWHERE = {"canvas", "moodle-worksheet"}
NO_IMPORTER = {"gradescope", "csv", "oneroster"}
"""Gradescope takes no scores, csv is for people, OneRoster has no one reader."""


def exported(
    folder: Path, lms: str, text: str, **options: Any
) -> tuple[ExportReport, bytes]:
    """Export everybody's work of 80 points, graded with the list that is exported."""
    roster = read_roster(write(folder, text))
    by_username = {s.username or s.id: s for s in roster.students}
    results = []
    for username, scores in WORK.items():
        student = by_username[username]
        submission, result = graded(
            student.id, sum(scores), name=student.name, possible=80.0
        )
        questions = tuple(
            QuestionResult(
                name=title,
                title=title,
                score=score,
                possible=possible,
                verdict=Verdict.FAILED,
                cases=(),
                diagnoses=(Diagnosis(name="m", message=EVIL),),
            )
            for (title, possible), score in zip(QUESTIONS.items(), scores, strict=True)
        )
        results.append(
            (submission, msgspec.structs.replace(result, questions=questions))
        )
    report = export(
        lms,
        roster,
        entries_of(roster, results),
        item_title="HW1",
        possible=80.0,
        out_path=folder / "out.csv",
        dry_run=False,
        **options,
    )
    return report, (folder / "out.csv").read_bytes()


def test_every_format_is_read_by_its_lms_rules_or_has_none() -> None:
    assert set(FORMATS) == {*IMPORTS, *ELSEWHERE, *NO_IMPORTER}


@pytest.mark.parametrize("way", ["points", "percent", "scale"])
@pytest.mark.parametrize("lms", IMPORTS)
def test_every_mark_arrives_at_its_student_and_no_other(
    tmp_path: Path, lms: str, way: str
) -> None:
    if lms == "moodle" and way == "scale":
        way = "points"  # Moodle's list says no points: there is nothing to scale to
    ways: dict[str, dict[str, Any]] = {
        "points": {},
        "percent": {"expressed": Expressed.PERCENT},
        "scale": {"scale": True},
    }
    _, data = exported(tmp_path, lms, LISTS[lms](FULL[way]), **ways[way])
    arrived = IMPORTS[lms](data, {"HW1": FULL[way]}, way)
    assert arrived.scores == MARKS[way]
    assert arrived.troubles == []


@pytest.mark.parametrize("lms", [n for n in IMPORTS if FORMATS[n].takes_questions])
def test_every_questions_points_arrive_at_its_own_item(
    tmp_path: Path, lms: str
) -> None:
    _, data = exported(tmp_path, lms, LISTS[lms](80.0), expressed=Expressed.QUESTIONS)
    items = {f"HW1: {title}": points for title, points in QUESTIONS.items()}
    arrived = IMPORTS[lms](data, items, "points")
    assert arrived.troubles == []
    assert arrived.by_item == {
        (user, item): f"{round(points, 2):g}"
        for user, scores in WORK.items()
        for item, points in zip(items, scores, strict=True)
    }


@pytest.mark.parametrize("lms", [n for n in IMPORTS if FORMATS[n].takes_comments])
def test_every_comment_arrives_whole_at_its_student(tmp_path: Path, lms: str) -> None:
    _, data = exported(tmp_path, lms, LISTS[lms](80.0), with_comments=True)
    arrived = IMPORTS[lms](data, {"HW1": 80.0}, "points")
    assert arrived.scores == MARKS["points"]
    assert arrived.comments.keys() == WORK.keys()
    for user, comment in arrived.comments.items():
        assert comment.startswith(f"{MARKS['points'][user]} of 80 points. Twice: a ")
        assert re.search(r"in C:(\\|&#92;) Four, times: .*C:(\\|&#92;)$", comment)


def test_sakai_of_a_decimal_comma_reads_it(tmp_path: Path) -> None:
    text = sakai(80.0)
    _, data = exported(tmp_path, "sakai", text, decimal_comma=True, with_comments=True)
    arrived = into_sakai(data, {"HW1": 80.0}, "comma")
    assert arrived.scores == MARKS["points"]
    assert arrived.troubles == []


def test_sakai_old_and_new_reads_names_that_are_not_ascii(tmp_path: Path) -> None:
    _, data = exported(tmp_path, "sakai", sakai(80.0))
    for newest in (False, True):
        there = SakaiGradebook(frozenset(WORK), {"HW1": 80.0}, reads_marks_only=newest)
        assert there.import_(data) == 4
        assert there.unknown == []
    # What the mark is for: without it the newest Sakai takes nothing, for חיים.
    there = SakaiGradebook(frozenset(WORK), {"HW1": 80.0})
    with pytest.raises(SakaiRefusal, match="no Windows-1252"):
        there.import_(data.removeprefix(b"\xef\xbb\xbf"))


def test_sakai_makes_an_item_that_it_does_not_have(tmp_path: Path) -> None:
    _, data = exported(tmp_path, "sakai", sakai(80.0))
    there = SakaiGradebook(frozenset(WORK))
    there.import_(data)
    assert there.new_items == {"HW1": "80"}


def test_sakai_leaves_an_item_of_another_tool_alone(tmp_path: Path) -> None:
    _, data = exported(tmp_path, "sakai", sakai(80.0))
    there = SakaiGradebook(frozenset(WORK), {"HW1": 80.0}, external=frozenset({"HW1"}))
    with pytest.raises(SakaiRefusal, match="no changes"):
        there.import_(data)


def test_marks_above_a_hundred_are_told_for_moodle(tmp_path: Path) -> None:
    roster = read_roster(write(tmp_path, moodle(0)))
    entries = entries_of(roster, [graded("0012345", 150.0, possible=200.0)])

    def written(**options: Any) -> tuple[ExportReport, bytes]:
        report = export(
            "moodle",
            roster,
            entries,
            item_title="HW1",
            possible=200.0,
            out_path=tmp_path / "out.csv",
            dry_run=False,
            **options,
        )
        return report, (tmp_path / "out.csv").read_bytes()

    report, data = written()
    with pytest.raises(MoodleAbort, match="gradevaluetoobig"):
        into_moodle(data, {"HW1": 200.0}, "points")
    assert any(r.startswith("1 mark above 100: Moodle refuses") for r in report.remarks)
    both = [
        graded(student.id, score, name=student.name, possible=200.0)
        for student, score in zip(roster.students, (150.0, 101.0), strict=False)
    ]
    exactly = [graded("0012345", 100.0, possible=200.0)]
    for results, told in ((both, "2 marks above 100"), (exactly, "")):
        entries = entries_of(roster, results)
        report, _ = written()
        above = [r for r in report.remarks if "above 100" in r]
        assert [r.partition(":")[0] for r in above] == ([told] if told else [])
    entries = entries_of(roster, [graded("0012345", 150.0, possible=200.0)])
    report, data = written(expressed=Expressed.PERCENT)
    assert into_moodle(data, {"HW1": 100.0}, "percent").scores == {"zdoe": "75"}
    assert not any("above 100" in remark for remark in report.remarks)


def test_the_readers_of_these_tests_refuse_what_their_lms_refuses() -> None:
    there = BrightspaceCourse((), {"HW1": 10.0})
    for text in ("Last Name,Username,E\n", "Username,HW1 Points Grade\n"):
        with pytest.raises(BrightspaceRefusal):
            there.import_(text.encode())
    course = BlackboardCourse(frozenset({"ada"}), {"128": 10.0})
    with pytest.raises(BlackboardRefusal, match="user name is not present"):
        course.upload(b'"Student ID","HW1 [Total Pts: 10 Score] |128"\n"1","2"\n')
    with pytest.raises(BlackboardRefusal, match="without quotes"):
        course.upload(b'"Username",HW1\n"ada",3\n')
    gradebook = SakaiGradebook(frozenset({"ada"}), {"HW1": 10.0})
    with pytest.raises(SakaiRefusal, match="duplicate heading"):
        gradebook.import_(b"id,name,HW1,HW1 [10]\nada,Ada,3,4\n")
    with pytest.raises(SakaiRefusal, match="comments on no item"):
        gradebook.import_(b"id,name,* HW2\nada,Ada,good\n")
    with pytest.raises(SakaiRefusal, match="invalid grade"):
        gradebook.import_(b"id,name,HW1\nada,Ada,A+\n")
    users = {"ada": {"username": "ada"}}
    moodles = MoodleGradebook(users, {"HW1": 10.0})
    for text, why in (
        ("Username,HW1\nada,3\nbo,4\n", "usermappingerror"),
        ("Username,HW1\nada,A\n", "badgrade"),
        ("Username,HW1\nada,3,4\n", "csvweirdcolumns"),
    ):
        with pytest.raises(MoodleAbort, match=why):
            moodles.import_(text.encode(), map_from="Username", map_to="username")
    assert moodles.grades == {}
