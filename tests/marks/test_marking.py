"""From the score to the mark: a person's word, lateness, rounding, in this order."""

from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
import pytest

from autograder.intake.roster import Student, read_roster
from autograder.marks.class_marks import Entries, Status, StudentEntry, entries_of
from autograder.marks.deadlines import Graded, Terms
from autograder.marks.lateness import LatePolicy
from autograder.marks.marking import SETTLED_BY, Rules, marked
from autograder.marks.overrides import Override, Overrides
from autograder.records.results import QuestionResult, Verdict
from gradebook_class import DUE, PLAIN, graded, write

TEN_A_DAY = LatePolicy(percent=Fraction(10))
BY = {"student": "0012345", "assignment": "a0", "by": "T. A.", "why": "seen by hand"}


def question(name: str, score: float) -> QuestionResult:
    return QuestionResult(
        name=name,
        title=name.upper(),
        score=score,
        possible=50.0,
        verdict=Verdict.FAILED,
        cases=(),
    )


def late_work(score: float | None = 70.0) -> Graded:
    submission, result = graded("0012345", score, at=DUE + timedelta(hours=1))
    questions = (question("q1", 30.0), question("q2", 40.0))
    return submission, msgspec.structs.replace(result, questions=questions)


@pytest.fixture
def mark(tmp_path: Path) -> Any:
    """Mark one student's late work under rules."""
    roster = read_roster(write(tmp_path, PLAIN))

    def of(work: list[Graded], *decided: dict[str, Any], **rules: Any) -> StudentEntry:
        overrides = Overrides(
            by_student={
                ("a0", "0012345"): tuple(Override(**(BY | d)) for d in decided)
            },
            possible={"a0": 100.0},
        )
        entries = entries_of(roster, work, terms=Terms(due=DUE))
        results = {s.key: r for s, r in work}
        found = marked(
            entries, results, Rules(assignment="a0", overrides=overrides, **rules)
        )
        return found.students[0]

    return of


def test_without_rules_the_mark_is_the_score(mark: Any) -> None:
    found = mark([late_work()])
    assert (found.score, found.words) == (70.0, ())


def test_lateness_is_taken_and_told(mark: Any) -> None:
    found = mark([late_work()], late=TEN_A_DAY)
    assert found.score == 60.0
    assert found.words == (
        "70 of 100, late by 1 h: 1 day begun x 10 % of 100 = 10 less, leaves 60",
    )


def test_points_of_a_question_come_before_lateness(mark: Any) -> None:
    decided = {"question": "q1", "points": 45.5}
    found = mark([late_work()], decided, late=TEN_A_DAY)
    assert found.score == 75.5
    assert found.words[0] == "Q1: 30 was set to 45.5 (T. A.: seen by hand)"


def test_a_mark_set_as_a_whole_holds_however_late(mark: Any) -> None:
    found = mark([late_work()], {"points": 80.0, "comment": "Well"}, late=TEN_A_DAY)
    assert found.score == 80.0
    assert found.words == ("70 was set to 80 (T. A.: seen by hand)", "Well (T. A.)")


def test_a_person_may_mark_what_could_not_be_graded_or_was_not_handed_in(
    mark: Any,
) -> None:
    for work in ([late_work(None)], []):
        found = mark(work, {"points": 80.0})
        assert (found.score, found.possible, found.status, found.fault) == (
            80.0,
            100.0,
            Status.GRADED,
            "",
        )
        assert found.words == ("no mark was set to 80 (T. A.: seen by hand)",)


def test_points_of_a_question_alone_make_no_mark_where_nothing_was_graded(
    mark: Any,
) -> None:
    found = mark([late_work(None)], {"question": "q1", "points": 45.0})
    assert (found.score, found.status) == (None, Status.FAULT)
    told = "45 points of q1 wait until the rest is graded (T. A.: seen by hand)"
    assert found.words == (told,)


def test_who_is_excused_has_no_mark(mark: Any) -> None:
    found = mark([late_work()], {"excused": True})
    assert (found.score, found.possible, found.status) == (None, None, Status.EXCUSED)
    assert found.words == ("excused (T. A.: seen by hand)",)


def test_a_comment_on_an_excuse_reaches_the_student(mark: Any) -> None:
    found = mark([late_work()], {"excused": True, "comment": "Get well soon."})
    assert found.words == ("excused (T. A.: seen by hand)", "Get well soon. (T. A.)")


def test_a_comment_changes_no_mark(mark: Any) -> None:
    found = mark([late_work()], {"comment": "Look at q2 again."})
    assert (found.score, found.words) == (70.0, ("Look at q2 again. (T. A.)",))
    found = mark([late_work()], {"question": "q2", "comment": "Nice."})
    assert found.words == ("Q2: Nice. (T. A.)",)


def test_marks_are_rounded_half_up_at_the_end(mark: Any) -> None:
    assert mark([late_work(70.25)], decimals=1).score == 70.3
    assert mark([late_work(70.25)], decimals=1, late=TEN_A_DAY).score == 60.3


@pytest.mark.parametrize(
    ("decided", "decimals", "score"),
    [
        ({"points": 66.665}, 2, 66.67),
        ({"points": 66.66}, 1, 66.7),
        ({"points": 1.005}, 2, 1.01),
        ({"points": 66.5}, 0, 67.0),
        ({"points": 66.665}, None, 66.665),
    ],
)
def test_a_mark_set_as_a_whole_is_rounded_as_every_other(
    mark: Any, decided: dict[str, Any], decimals: int | None, score: float
) -> None:
    assert mark([late_work()], decided, decimals=decimals).score == score


def test_points_out_of_a_tenth_are_as_exact_as_whole_ones(mark: Any) -> None:
    submission, result = late_work(0.3)
    work = [(submission, msgspec.structs.replace(result, possible=0.7, questions=()))]
    found = mark(work, late=TEN_A_DAY)
    assert found.score == 0.23
    assert found.words == (
        "0.3 of 0.7, late by 1 h: 1 day begun x 10 % of 0.7 = 0.07 less, leaves 0.23",
    )


def test_what_waits_is_told_with_what_was_said_to_the_student(mark: Any) -> None:
    found = mark(
        [late_work(None)],
        {"question": "q1", "points": 5.0},
        {"comment": "Come and see me."},
    )
    assert found.words == (
        "5 points of q1 wait until the rest is graded (T. A.: seen by hand)",
        "Come and see me. (T. A.)",
    )


def test_a_comment_on_a_question_has_its_title(mark: Any) -> None:
    found = mark([late_work()], {"question": "q2", "comment": "Nice."})
    assert found.words == ("Q2: Nice. (T. A.)",)
    assert found.questions == (("Q1", 30.0, 50.0), ("Q2", 40.0, 50.0))


def test_points_of_a_question_change_its_place_in_the_columns(mark: Any) -> None:
    found = mark([late_work()], {"question": "q2", "points": 0.0})
    assert found.questions == (("Q1", 30.0, 50.0), ("Q2", 0.0, 50.0))
    assert found.score == 30.0


def test_an_excuse_and_a_set_mark_say_all_that_they_are(mark: Any) -> None:
    excused = mark([late_work()], {"excused": True})
    assert (excused.score, excused.possible) == (None, None)
    assert (excused.status, excused.words) == (
        Status.EXCUSED,
        ("excused (T. A.: seen by hand)",),
    )
    fault = mark([late_work(None)], {"points": 9.0})
    assert (fault.score, fault.possible, fault.fault) == (9.0, 100.0, "")
    assert fault.words == ("no mark was set to 9 (T. A.: seen by hand)",)


def doubted(**changes: Any) -> Any:
    """Return how a 70 whose time is in doubt is marked, under rules of lateness."""
    student = Student(id="0012345", name="Zoë Doe", row=0, line=2)
    one = StudentEntry(
        student=student,
        status=Status.GRADED,
        key="k-1",
        **({"score": 70.0, "possible": 100.0} | changes),
    )

    def of(late: LatePolicy) -> StudentEntry:
        results = {"k-1": late_work()[1]}
        rules = Rules(assignment="a0", late=late)
        return marked(Entries(students=(one,)), results, rules).students[0]

    return of


def test_a_doubt_about_the_time_takes_the_mark_only_where_it_would_change_it() -> None:
    hour, day = timedelta(hours=1), timedelta(days=1)
    of = doubted(late_at_most=day, time_doubt="when?")
    assert (of(LatePolicy()).score, of(LatePolicy()).status) == (70.0, Status.GRADED)
    waiting = of(TEN_A_DAY)
    assert (waiting.score, waiting.possible) == (None, None)
    assert (waiting.status, waiting.fault) == (Status.DOUBTFUL, f"when?; {SETTLED_BY}")
    same = doubted(late_by=hour, late_at_most=2 * hour, time_doubt="when?")(TEN_A_DAY)
    assert (same.score, same.status) == (60.0, Status.GRADED)
    assert same.words[0].startswith("70 of 100, late by 1 h: ")


def test_where_nobody_knows_which_attempt_counts_there_is_no_mark() -> None:
    waiting = doubted(undecided="which?")(LatePolicy())
    assert (waiting.status, waiting.fault) == (Status.DOUBTFUL, f"which?; {SETTLED_BY}")


def test_a_mark_set_as_a_whole_is_out_of_what_was_graded(mark: Any) -> None:
    submission, result = late_work(20.0)
    fewer = msgspec.structs.replace(result, possible=50.0)
    found = mark([(submission, fewer)], {"points": 30.0})
    assert (found.score, found.possible) == (30.0, 50.0)


def test_points_of_a_question_are_added_as_they_are_printed(mark: Any) -> None:
    submission, result = late_work(0.3)
    tenths = tuple(question(name, score) for name, score in (("q1", 0.1), ("q2", 0.2)))
    work = [(submission, msgspec.structs.replace(result, questions=tenths))]
    assert mark(work, {"question": "q1", "points": 0.4}).score == 0.6
    assert mark(work, {"question": "q2", "points": 0.7}).score == 0.8


def test_a_doubt_that_costs_the_same_is_none_however_points_are_written() -> None:
    hour = timedelta(hours=1)
    late = LatePolicy(percent=Fraction(10))
    of = doubted(late_by=hour, late_at_most=2 * hour, time_doubt="when?", possible=0.7)
    assert of(late).status is Status.GRADED


def test_who_waits_for_a_time_is_told_what_was_decided_meanwhile(mark: Any) -> None:
    submission, result = late_work()
    timeless = msgspec.structs.replace(submission, submitted_at=None)
    found = mark(
        [(timeless, result)],
        {"question": "q1", "points": 45.0},
        {"question": "q2", "comment": "Nice."},
        late=TEN_A_DAY,
    )
    assert (found.score, found.status) == (None, Status.DOUBTFUL)
    assert found.words == (
        "Q1: 30 was set to 45 (T. A.: seen by hand)",
        "Q2: Nice. (T. A.)",
    )
