"""Name mistakes, on answers that are given without a worker."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from checks.callables import sum_of_sines

from autograder.course.assignment import Assignment
from autograder.grading import grade as grade_module
from autograder.grading import naming_budget
from autograder.grading.diagnosis import Explanation, explain
from autograder.grading.parameter_order import NAME
from autograder.grading.proxy import Room
from autograder.grading.trials import AskedCase
from autograder.kinds import Kind
from autograder.own_time import OutOfOwnTimeError
from autograder.records.results import Diagnosis
from conftest import Edit
from graded_here import (
    BUILT,
    COMPARED,
    PUBLIC_TWO,
    RIGHT,
    RIGHT_FOUR,
    WRONG,
    Clock,
    cases,
    graded,
    kinds,
)


def test_naming_has_a_minute_of_a_submission_and_half_a_second_of_each_question(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = []

    @contextmanager
    def own_time(seconds: float) -> Iterator[None]:
        given.append(seconds)
        yield

    clocks = SimpleNamespace(
        monotonic=Clock(0.0), process_time=Clock(100.0, 110.0, 159.75)
    )
    monkeypatch.setattr(grade_module, "time", clocks)
    monkeypatch.setattr(grade_module, "own_time", own_time)
    graded(course, WRONG + RIGHT_FOUR)
    assert given[:2] == [50.0, 0.5]


Explained = dict[str, tuple[list[AskedCase], list[str]]]


@pytest.fixture
def explained(monkeypatch: pytest.MonkeyPatch) -> Explained:
    """What is to be explained, by question: its cases, and mistakes named before."""
    seen: Explained = {}

    def told(assignment: Any, question: str, given: Any, earlier: Any, of: Any) -> Any:
        seen[question] = list(given), list(earlier)
        return explain(assignment, question, given, earlier, of)

    monkeypatch.setattr(grade_module, "explain", told)
    return seen


def values(asked: list[AskedCase]) -> list[Any]:
    return [[call.outcome.value for call in case.calls] for case in asked]


def test_each_question_is_explained_by_what_it_asked_and_what_was_named_before(
    course: Path, explained: Explained
) -> None:
    graded(course, WRONG + "def quadruple(values):\n    return double(values)\n")
    first, before = explained["q1_double"]
    assert [(c.name, c.points, c.failed) for c in first] == [
        ("one and two", 30.0, True),
        ("random values", 30.0, True),
    ]
    assert (values(first)[0], before) == ([[1, 4]], [])
    assert np.asarray(first[0].actual).tolist() == [1, 4]
    second, before = explained["q2_quadruple"]
    # With a right double in the place of theirs: so the mistake is quadruple's own.
    assert [value.tolist() for value in values(second)[0]] == [[2, 6]]
    assert before == ["squared"]


@pytest.mark.parametrize("kind", ["timeout", "memory", "load"])
def test_a_case_without_an_answer_is_nothing_to_explain(
    course: Path, explained: Explained, kind: str
) -> None:
    graded(course, f"def double(values):\n    fault('{kind}')\n")
    assert [case.failed for case in explained["q1_double"][0]] == [False, False]


def test_what_was_too_large_to_be_kept_is_no_evidence(
    course: Path, explained: Explained, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Room, "takes", lambda *_: False)
    result = graded(course, WRONG + RIGHT_FOUR)
    assert values(explained["q1_double"][0]) == [[], []]
    assert [q.diagnoses for q in result.questions] == [(), ()]


def test_answers_on_a_public_stand_in_are_no_evidence_and_what_counts_needs_none(
    course: Path, explained: Explained, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Assignment, "stand_ins", {"double": sum_of_sines})
    plus = WRONG.replace("v * v", "v + 1")
    assert kinds(graded(course, plus + BUILT), 1) == [Kind.VALUE, Kind.CARRIED]
    (failed,) = explained["q2_quadruple"][0]
    assert (failed.name, values([failed])) == ("one and three", [[[3, 5]]])


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ValueError("odd\x1b[31m"), "ValueError: odd [31m"),
        (OutOfOwnTimeError("60 s"), "OutOfOwnTimeError: 60 s"),
    ],
)
def test_what_breaks_the_search_for_a_name_is_told_to_staff_and_costs_nothing(
    course: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    told: str,
) -> None:
    def breaks(*_: Any) -> None:
        raise error

    monkeypatch.setattr(grade_module, "explain", breaks)
    result = graded(course, WRONG + RIGHT_FOUR)
    assert result.score == 40
    assert result.flags[0] == f"Twice: no mistake could be named ({told})"
    assert len(result.flags) == 2


def test_a_proof_that_stops_at_the_first_loss_names_nothing(
    course: Path, explained: Explained
) -> None:
    graded(course, WRONG + RIGHT_FOUR, stop_when_lost=True)
    assert explained == {}


@pytest.mark.parametrize(("size", "shape"), [(6, ": (6, 1)"), (5, "")])
def test_a_shape_is_told_of_a_public_case_and_of_no_hidden_one(
    course: Path, edit: Edit, size: int, shape: str
) -> None:
    given = [1.5, 2.25, 7.0, 3.125, 9.0, 4.5]
    close = f"close(double({given}), {[2 * x for x in given]})"
    public = "assignments/a0_scale/tests/q1_double.py"
    edit(public, "close(double([1, 2]), [2, 4])", close)
    source = (
        "def double(values):\n"
        "    twice = [2 * v for v in values]\n"
        f"    return [[v] for v in twice] if len(twice) == {size} else twice\n"
    )
    result = graded(course, source + RIGHT_FOUR)
    (told,) = result.questions[0].diagnoses
    assert "the right numbers, row after row, in another shape" in told.message
    assert ("(" in told.message, shape in told.message) == (bool(shape), True)


def test_where_naming_was_cut_short_staff_are_told(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(naming_budget, "LEAST", 0.0)
    result = graded(course, WRONG + RIGHT_FOUR)
    assert result.questions[0].diagnoses == ()
    assert result.flags == (naming_budget.REMARK,)


@pytest.fixture
def turned(monkeypatch: pytest.MonkeyPatch) -> Diagnosis:
    """The sentence that ``quadruple`` takes its parameters in another order."""
    told = Diagnosis(name=NAME, message="In this order.")

    def in_another_order(_: Any, __: Any, functions: Any) -> Any:
        return [("quadruple", told)] if "quadruple" in functions else []

    monkeypatch.setattr(grade_module, "in_another_order", in_another_order)
    return told


WRONG_FOUR = "def quadruple(values):\n    return [2 * v for v in values]\n"


def test_what_got_one_thing_for_another_tells_no_other_mistake(
    course: Path, explained: Explained, turned: Diagnosis
) -> None:
    result = graded(course, RIGHT + WRONG_FOUR)
    assert result.questions[1].diagnoses == (turned,)
    assert [c.misconceptions for c in cases(result, 1)] == [(NAME,), (NAME,)]
    assert explained["q2_quadruple"][0] == []
    assert result.questions[0].diagnoses == ()


def test_a_function_that_gave_a_right_answer_takes_its_parameters_in_order(
    course: Path, edit: Edit, explained: Explained, turned: Diagnosis
) -> None:
    edit(PUBLIC_TWO, COMPARED, "    close(quadruple([0, 0]), [0, 0])\n")
    result = graded(course, RIGHT + WRONG_FOUR)
    assert kinds(result, 1) == [Kind.PASSED, Kind.VALUE]
    assert turned not in result.questions[1].diagnoses
    assert len(explained["q2_quadruple"][0]) == 2


def test_an_error_that_was_asked_for_speaks_neither_for_an_order_nor_against(
    course: Path, edit: Edit, explained: Explained, turned: Diagnosis
) -> None:
    edit(PUBLIC_TWO, COMPARED, "    raises(ValueError, quadruple, [1])\n")
    edit(PUBLIC_TWO, "import case_rng", "import raises, case_rng")
    four = (
        "def quadruple(values):\n    if len(values) == 1:\n        raise ValueError\n"
    )
    result = graded(course, RIGHT + four + "    return [2 * v for v in values]\n")
    assert kinds(result, 1) == [Kind.ONLY_RAISES, Kind.VALUE]
    assert result.questions[1].diagnoses == (turned,)
    assert [c.misconceptions for c in cases(result, 1)] == [(), (NAME,)]
    assert explained["q2_quadruple"][0] == []


def test_what_calls_another_function_is_explained_as_ever(
    course: Path, edit: Edit, explained: Explained, turned: Diagnosis
) -> None:
    edit(PUBLIC_TWO, COMPARED, "    close(double([1, 3]), [2, 7])\n")
    edit(PUBLIC_TWO, "def test_small(quadruple)", "def test_small(double)")
    result = graded(course, RIGHT + WRONG_FOUR)
    assert kinds(result, 1) == [Kind.VALUE, Kind.VALUE]
    assert [c.name for c in explained["q2_quadruple"][0]] == ["one and three"]
    assert [c.misconceptions for c in cases(result, 1)] == [(), (NAME,)]
    assert result.questions[1].diagnoses == (turned,)


def test_beside_an_order_the_mistake_of_another_function_is_named(
    course: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch, turned: Diagnosis
) -> None:
    edit(PUBLIC_TWO, COMPARED, "    close(double([1, 3]), [2, 7])\n")
    edit(PUBLIC_TWO, "def test_small(quadruple)", "def test_small(double)")
    other = Diagnosis(name="other", message="Another mistake.")
    found = Explanation((other,), {"one and three": (other.name,)})
    monkeypatch.setattr(grade_module, "explain", lambda *_: found)
    result = graded(course, RIGHT + WRONG_FOUR)
    assert result.questions[1].diagnoses == (turned, other)
    assert [c.misconceptions for c in cases(result, 1)] == [("other",), (NAME,)]
