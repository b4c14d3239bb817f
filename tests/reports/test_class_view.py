"""What the class report tells, on small classes that are worked by hand."""

import math
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from autograder.course import assignment as assignments
from autograder.intake.roster import read_roster
from autograder.kinds import KINDS, Kind
from autograder.marks.class_marks import Status, entries_of
from autograder.marks.deadlines import Terms
from autograder.records.entries import Entry
from autograder.records.results import (
    CaseResult,
    Diagnosis,
    Verdict,
)
from autograder.reports.class_view import ClassView, view_of
from autograder.reports.person_names import Person
from conftest import Edit
from graded_class import DUE, entry, question

SQUARED = Diagnosis(name="squared", message="It is the square.", see="README.md#twice")


@pytest.fixture
def seen(course: Path, tmp_path: Path) -> Any:
    """Return what the report tells of a class: the roster's ids, and the entries.

    marks : fields of a student's entry, by id, as policy or person make them
    """

    def view(ids: str | list[str], entries: list[Entry], **changes: Any) -> ClassView:
        rows = [f"{i},u{i},{changes.get('names', {}).get(i, f'Name {i}')}" for i in ids]
        path = tmp_path / "roster.csv"
        path.write_text("\n".join(["id,username,name", *rows]), encoding="utf-8")
        found = entries_of(
            read_roster(path),
            [(e.submission, e.result) for e in entries],
            terms=Terms(due=changes.get("due")),
        )
        given = changes.get("marks", {})
        found = replace(
            found,
            students=tuple(
                replace(s, **given.get(s.student.id, {})) for s in found.students
            ),
        )
        return view_of(
            assignments.load(course, "a0_scale"),
            found,
            entries,
            link=lambda e: f"pages/{e.submission.key}.html",
        )

    return view


def matters(view: ClassView) -> dict[str, list[tuple[str, str]]]:
    return {m.heading: [(p.id, what) for p, what in m.lines] for m in view.matters}


def ids(people: tuple[Person, ...]) -> str:
    return "".join(person.id for person in people)


def test_who_has_no_mark_is_in_no_number(seen: Any) -> None:
    fault = entry("c", "0000", score=None, verdict=Verdict.FAULT, fault="no sandbox")
    view = seen("abcd", [entry("a", "1111"), entry("b", "1100"), fault])
    assert (view.students, view.graded) == (4, 2)
    assert (view.spread.n, view.spread.mean, view.spread.lowest) == (2, 80, 60)
    assert view.bins == (0, 0, 0, 0, 0, 0, 1, 0, 0, 1)
    assert [q.item.n for q in view.questions] == [2, 2]
    assert matters(view) == {
        "Not graded": [("c", "no sandbox")],
        "Nothing handed in": [("d", "")],
    }


def test_ungraded_comes_first_and_is_open(seen: Any) -> None:
    view = seen(
        "ab",
        [
            entry("a", "1111", flags=("Twice: calls numpy.add",)),
            entry("x", "1111", roster_id=None, lms_id="guest"),
            entry("b", "1111", isolation="none"),
        ],
    )
    assert matters(view) == {
        "Not on the roster": [("guest", "")],
        "Graded without a sandbox": [("b", "")],
        "For a person to judge": [("a", "Twice: calls numpy.add")],
    }
    assert [m.is_open for m in view.matters] == [True, True, False]


def test_who_waits_for_a_person_is_not_graded_and_the_reason_is_told(seen: Any) -> None:
    fault = {"score": None, "verdict": Verdict.FAULT}
    view = seen("a", [entry("a", "0000", fault="two files, which counts?", **fault)])
    assert matters(view) == {"Not graded": [("a", "two files, which counts?")]}
    assert view.graded == 0
    assert view.rows[0].blank == "not graded"


def test_late_and_several_attempts_are_told(seen: Any) -> None:
    late = entry("a", "1111", attempt=2, submitted_at=DUE + timedelta(hours=3))
    view = seen("a", [entry("a", "0000"), late], due=DUE)
    assert matters(view) == {
        "Late": [("a", "by 3 h")],
        "More than one attempt": [("a", "2 attempts, number 2 counts")],
    }
    assert view.rows[0].late == "3 h"
    assert view.rows[0].person.href == "pages/k-a-2.html"
    assert [line.person.id for line in view.costs] == ["a", "a"]


def test_results_of_other_questions_are_told_and_left_out_of_those(seen: Any) -> None:
    old = entry("a", "1111", questions=(question("q1_double", "11"),), score=60.0)
    view = seen("ab", [old, entry("b", "1100")])
    assert matters(view) == {
        "Graded with other questions than there are now": [("a", "")]
    }
    assert [q.item.n for q in view.questions] == [2, 1]
    assert [c.state for c in view.rows[0].cells] == ["passed", "none"]
    assert [c.state for c in view.rows[1].cells] == ["passed", "failed"]
    fewer = entry("a", "1111", questions=(question("q1_double", "11", possible=50.0),))
    other = seen("a", [fewer])
    assert [q.item.n for q in other.questions] == [0, 0]
    assert [*matters(other)] == ["Graded with other questions than there are now"]
    both = (question("q1_double", "11", possible=50.0), question("q2_quadruple", "11"))
    points = seen("a", [entry("a", "1111", questions=both)])
    assert [*matters(points)] == ["Graded with other questions than there are now"]


def test_the_map_has_the_best_first_and_the_unmarked_last(seen: Any) -> None:
    fault = entry("c", "0000", score=None, verdict=Verdict.FAULT)
    view = seen(
        "abcde", [entry("a", "1000"), entry("b", "1110"), fault, entry("e", "1000")]
    )
    assert [row.person.id for row in view.rows] == ["b", "a", "e", "c", "d"]
    assert [row.score for row in view.rows] == [80, 30, 30, None, None]
    assert [row.blank for row in view.rows][3:] == ["not graded", "nothing handed in"]
    assert [c.state for c in view.rows[0].cells] == ["passed", "partly"]
    assert [c.state for c in view.rows[1].cells] == ["partly", "failed"]
    assert [(c.score, c.possible) for c in view.rows[0].cells] == [(60, 60), (20, 40)]
    assert view.rows[3].cells == ()


def test_a_question_is_correlated_with_the_other_questions_only(seen: Any) -> None:
    # Question 1: 60 30 0, question 2: 40 0 20: means 30 and 20, products of the
    # deviations 30·20 + 0 + 30·0 = 600, squares 1800 and 800.
    view = seen("abc", [entry("a", "1111"), entry("b", "1000"), entry("c", "0010")])
    r = 600 / math.sqrt(1800 * 800)
    assert view.questions[0].item.discrimination == pytest.approx(r)
    assert view.questions[1].item.discrimination == pytest.approx(r)
    assert view.questions[0].item.reached == pytest.approx(0.5)
    same = seen("abc", [entry(i, "1100") for i in "abc"])
    assert same.questions[0].item.discrimination is None


def test_misconceptions_are_counted_by_student_the_most_frequent_first(
    seen: Any,
) -> None:
    def named(student: str, *names: str) -> Entry:
        found = tuple(Diagnosis(name=n, message=f"about {n}") for n in names)
        return entry(
            student,
            "0011",
            questions=(
                question("q1_double", "00", diagnoses=found),
                question("q2_quadruple", "11"),
            ),
        )

    view = seen(
        "abcde",
        [
            named("a", "rare"),
            named("b", "common"),
            named("c", "common"),
            entry("d", "1111"),
        ],
    )
    found = [(m.name, ids(m.people), m.share) for m in view.misconceptions]
    assert found == [("common", "bc", 0.5), ("rare", "a", 0.25)]
    assert view.misconceptions[0].message == "about common"
    assert view.misconceptions[0].question.title == "Twice"


def test_wrong_answers_without_a_name_are_told_apart_from_none(seen: Any) -> None:
    def kind(student: str, *kinds: str) -> Entry:
        cases = tuple(
            CaseResult(
                name=f"case {place}",
                hidden=False,
                points=30,
                verdict=Verdict.FAILED,
                kind=KINDS[kind],
            )
            for place, kind in enumerate(kinds)
        )
        asked = question("q1_double", "00", cases=cases)
        return entry(student, "0000", questions=(asked, question("q2_quadruple", "11")))

    named = question("q1_double", "00", diagnoses=(SQUARED,))
    view = seen(
        "abcd",
        [
            kind("a", "value", "shape"),
            kind("b", "value", "timeout"),
            kind("c", "load", "load"),
            entry("d", "0011", questions=(named, question("q2_quadruple", "11"))),
        ],
    )
    assert view.questions[0].unnamed == 2
    assert view.questions[0].kinds == (("value", 2), ("shape", 1))
    assert view.questions[1].unnamed == 0
    found = [(n.kind, ids(n.people), n.share) for n in view.no_answers]
    assert found == [("timeout", "b", 0.25), ("load", "c", 0.25)]


def test_a_case_that_the_weak_pass_and_the_strong_fail_is_suspect(seen: Any) -> None:
    # The first case of question 2 is passed by whoever has nothing else.
    weak, strong = "0010", "1101"
    entries = [entry(i, weak) for i in "abcd"] + [entry(i, strong) for i in "efgh"]
    view = seen("abcdefgh", entries)
    inverted = [s for s in view.suspects if s.item.is_inverted]
    assert [(s.question.number, s.name) for s in inverted] == [(2, "one and three")]
    assert inverted[0].item.discrimination == pytest.approx(-1)
    assert inverted[0].item.n == 8
    assert not inverted[0].hidden


def test_a_case_that_most_of_the_best_lose_is_suspect_and_they_are_named(
    seen: Any,
) -> None:
    # 8 students, an upper group of 3: f, g and h have 80 without the last case.
    entries = [entry(i, "1001") for i in "abcde"] + [entry(i, "1110") for i in "fgh"]
    view = seen("abcdefgh", entries)
    worst = view.suspects[0]
    assert (worst.question.number, worst.name, worst.hidden) == (
        2,
        "random values",
        True,
    )
    assert worst.item.is_lost_at_the_top
    assert ids(worst.lost_by) == "fgh"


def test_no_case_is_suspect_where_the_strong_pass_what_the_weak_fail(seen: Any) -> None:
    entries = [entry(i, "1000") for i in "abcd"] + [entry(i, "1111") for i in "efgh"]
    assert seen("abcdefgh", entries).suspects == ()


def test_a_fault_within_a_question_counts_neither_way(seen: Any) -> None:
    broken = question("q2_quadruple", "00", verdict=Verdict.FAULT)
    cases = tuple(
        CaseResult(
            name=c.name,
            hidden=c.hidden,
            points=20,
            verdict=Verdict.FAULT,
            kind=Kind.VALUE,
        )
        for c in broken.cases
    )
    broken = question("q2_quadruple", "00", verdict=Verdict.FAULT, cases=cases)
    one = entry(
        "a", "1111", questions=(question("q1_double", "11"), broken), score=60.0
    )
    view = seen("ab", [one, entry("b", "0011")])
    assert [q.item.n for q in view.questions] == [2, 1]
    row = next(row for row in view.rows if row.person.id == "a")
    assert [c.state for c in row.cells] == ["passed", "fault"]


def test_two_of_one_name_are_twins_and_a_guest_has_what_the_download_says(
    seen: Any,
) -> None:
    guest = entry(
        "g", "1111", roster_id=None, lms_id="10031-5", student_name="Sam Same"
    )
    view = seen("abc", [guest], names={"a": "Sam Same", "b": "sam  same"})
    twins = {row.person.id: row.person.is_twin for row in view.rows}
    assert twins == {"a": True, "b": True, "c": False}
    people = [person for matter in view.matters for person, _ in matter.lines]
    guests = [p for p in people if p.id == "10031-5"]
    assert [(p.name, p.is_twin) for p in guests] == [("Sam Same", True)]
    # What is one of the two's is no missing work of either.
    assert {p.id for p in people if p.is_twin} == {"a", "b", "10031-5"}
    nameless = seen("a", [entry("g", "1111", student_name="", roster_id=None)])
    person, _ = nameless.matters[0].lines[0]
    assert (person.name, person.id) == ("no name", "k-g-1")


def test_a_guest_who_could_be_several_is_told_with_them(
    course: Path, tmp_path: Path
) -> None:
    path = tmp_path / "roster.csv"
    path.write_text("id,username,name\n7,9,Ada\n9,8,Bea\n", encoding="utf-8")
    one = entry("9", "1111", student_name="Cleo")
    found = entries_of(read_roster(path), [(one.submission, one.result)])
    assignment = assignments.load(course, "a0_scale")
    view = view_of(assignment, found, [one], link=lambda _: "")
    assert matters(view)["Not on the roster"] == [("9", "could be Ada (7) or Bea (9)")]


def test_the_slowest_submission_comes_first(seen: Any) -> None:
    waited = entry("a", "1111", wall_seconds=50, cpu_seconds=0.5, peak_memory_mib=40.0)
    slow = entry("b", "1111", wall_seconds=10.0, cpu_seconds=9.0)
    of_an_older_version = entry("c", "1111", wall_seconds=2.0)
    view = seen("abc", [waited, slow, of_an_older_version])
    assert [(c.person.id, c.seconds, c.memory_mib) for c in view.costs] == [
        ("b", 9.0, None),
        ("c", 2.0, None),
        ("a", 0.5, 40.0),
    ]


def test_an_empty_class_has_no_numbers(seen: Any) -> None:
    view = seen("ab", [])
    assert view.spread is None
    assert sum(view.bins) == 0
    assert [q.item.discrimination for q in view.questions] == [None, None]
    assert view.misconceptions == view.suspects == view.costs == ()
    assert matters(view) == {"Nothing handed in": [("a", ""), ("b", "")]}


def test_the_lectures_slide_is_the_manifests(seen: Any, edit: Edit) -> None:
    manifest = "assignments/a0_scale/manifest.toml"
    edit(manifest, 'title = "Twice"', 'title = "Twice"\nslide = "Scaling things"')
    view = seen("a", [])
    assert [q.slide for q in view.questions] == ["Scaling things", ""]


def test_numbers_of_the_class_are_of_marks_and_those_of_questions_of_their_points(
    seen: Any,
) -> None:
    work = [entry("a", "1111"), entry("b", "1000"), entry("c", "0010")]
    lowered = {"a": {"score": 25.0, "words": ("late",)}, "b": {"score": 35.0}}
    plain, view = seen("abc", work), seen("abc", work, marks=lowered)
    assert (view.spread.mean, view.spread.highest) == (80 / 3, 35)
    assert view.bins == (0, 0, 2, 1, 0, 0, 0, 0, 0, 0)
    assert [(row.person.id, row.score) for row in view.rows] == [
        ("b", 35),
        ("a", 25),
        ("c", 20),
    ]
    assert [q.item for q in view.questions] == [q.item for q in plain.questions]
    assert view.suspects == plain.suspects
    assert matters(view) == {"Changed by the policy or by a person": [("a", "late")]}


def test_what_is_not_known_of_a_time_is_told_once_with_what_it_costs(
    seen: Any,
) -> None:
    waits = {"status": Status.DOUBTFUL, "score": None, "fault": "when?; ask"}
    view = seen(
        "abc",
        [entry("a", "1111", flags=("odd",)), entry("b", "1111"), entry("c", "1111")],
        marks={
            "a": {**waits, "time_doubt": "when?"},
            "b": {"time_doubt": "when?"},
            "c": {"by_lms": True},
        },
    )
    assert matters(view) == {
        "Time not known": [("a", "when?; ask")],
        "Time in doubt, which costs nothing": [("b", "when?")],
        "In time by the LMS's word": [("c", "")],
    }
    blank = {row.person.id: row.blank for row in view.rows}
    assert blank == {"a": "time not known", "b": "", "c": ""}
    assert view.graded == 2


def test_a_zero_is_looked_at_unless_a_person_has_given_points(seen: Any) -> None:
    work = [entry("a", "0000"), entry("b", "0000")]
    found = matters(seen("ab", work, marks={"b": {"score": 10.0}}))
    (heading,) = (h for h in found if h.startswith("0 because"))
    assert found[heading] == [("a", "")]


def test_who_has_left_the_class_is_told_and_in_no_number(seen: Any) -> None:
    work = [entry(i, "1111") for i in "abcg"]
    view = seen("abc", work)
    assert matters(view) == {"Not on the class list any more": [("g", "")]}
    assert (view.students, view.graded) == (3, 3)


def test_a_case_is_held_against_the_rest_and_what_the_best_lose_comes_first(
    seen: Any,
) -> None:
    # The first case: scores 0 1 1 1 1 1 1 1 and rests 40 0 0 40 40 40 40 40, products
    # of the deviations -10, squares 7/8 and 2400. The second one nobody passes.
    works = ["0011", "1000", "1000", *["1011"] * 5]
    entries = [entry(i, work) for i, work in zip("abcdefgh", works, strict=True)]
    lost, inverted = seen("abcdefgh", entries).suspects
    assert (lost.name, lost.item.is_inverted) == ("random values", False)
    assert lost.item.is_lost_at_the_top
    assert (inverted.name, inverted.item.is_lost_at_the_top) == ("one and two", False)
    assert inverted.item.discrimination == pytest.approx(-10 / math.sqrt(2100))
    assert ids(inverted.lost_by) == "a"


def test_of_equal_marks_the_names_are_in_order(seen: Any) -> None:
    work = [entry(i, "1111") for i in "abc"]
    view = seen("abc", work, names={"a": "zoe", "b": "Bo", "c": "ada"})
    assert [row.person.id for row in view.rows] == ["c", "b", "a"]


def test_of_two_mistakes_as_frequent_the_costlier_one_comes_first(seen: Any) -> None:
    def named(student: str, *names: str) -> Entry:
        cases = tuple(
            CaseResult(
                name=name,
                hidden=False,
                points=points,
                verdict=Verdict.FAILED,
                kind=Kind.VALUE,
                misconceptions=(name,),
            )
            for name, points in (("cheap", 10.0), ("costly", 50.0))
        )
        found = tuple(Diagnosis(name=n, message=n) for n in names)
        first = question("q1_double", "00", cases=cases, diagnoses=found)
        return entry(student, "0011", questions=(first, question("q2_quadruple", "11")))

    view = seen("a", [named("a", "cheap", "costly")])
    assert [m.name for m in view.misconceptions] == ["costly", "cheap"]


def test_a_fault_in_a_case_makes_no_case_suspect(seen: Any) -> None:
    def broken(student: str) -> Entry:
        asked = question("q1_double", "11")
        first, second = asked.cases
        fault = msgspec.structs.replace(first, verdict=Verdict.FAULT)
        return entry(
            student,
            "1111",
            questions=(
                msgspec.structs.replace(asked, cases=(fault, second)),
                question("q2_quadruple", "11"),
            ),
        )

    weak = [entry(i, "1000") for i in "abcde"]
    assert seen("abcdefgh", [*weak, *map(broken, "fgh")]).suspects == ()
