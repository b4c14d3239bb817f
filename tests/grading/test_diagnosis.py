"""Wrong answers are told by what they are, value by value."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.course.assignment import Assignment, load
from autograder.grading.diagnosis import explain, same, summarise
from autograder.grading.proxy import Call, Outcome
from autograder.records.results import CaseResult, Verdict
from conftest import Edit

TWO_PARTS = """
[[misconception]]
name = "first_part_negative"
message = "Your first value has the wrong sign."
question = "q1_double"
fails = ["q1_double"]
[[misconception.edit]]
find = "return _scaled(values), _scaled(values)"
replace = "return -_scaled(values), _scaled(values)"

[[misconception]]
name = "second_part_squared"
message = "Your second value is squared."
question = "q1_double"
fails = ["q1_double"]
[[misconception.edit]]
find = "return _scaled(values), _scaled(values)"
replace = "return _scaled(values), _scaled(values) ** 2"

[[misconception]]
name = "stops"
message = "Your function stops."
question = "q1_double"
fails = ["q1_double"]
[[misconception.edit]]
find = "return _scaled(values), _scaled(values)"
replace = "raise ValueError"
"""


@pytest.fixture
def pairs(course: Path, edit: Edit) -> Assignment:
    """The small course with a double() that returns its values twice."""
    edit(
        "solutions/a0_scale/reference.py",
        "return 2 * _scaled(values)",
        "return _scaled(values), _scaled(values)",
    )
    path = course / "solutions/a0_scale/misconceptions.toml"
    path.write_text(TWO_PARTS, encoding="utf-8")
    return load(course, "a0_scale")


def named(assignment: Assignment, value: Any = None, error: str = "") -> list[str]:
    x = np.array([1.0, 2.0, 3.0])
    call = Call("double", (x,), {}, Outcome(value, error=error))
    return list(explain(assignment, "q1_double", [call]))


X = np.array([1.0, 2.0, 3.0])


def test_one_wrong_part_of_a_tuple_is_named(pairs: Assignment) -> None:
    assert named(pairs, (-X, X)) == ["first_part_negative"]
    assert named(pairs, (X, X**2)) == ["second_part_squared"]


def test_a_list_of_several_shapes_counts_as_a_tuple(pairs: Assignment) -> None:
    assert named(pairs, [X, X[:2]]) == []
    assert named(pairs, [-X, X[:2]]) == ["first_part_negative"]


def test_two_mistakes_in_one_answer_are_both_named(pairs: Assignment) -> None:
    assert named(pairs, (-X, X**2)) == ["first_part_negative", "second_part_squared"]


def test_an_error_is_named_where_the_right_answer_is_a_tuple(
    pairs: Assignment,
) -> None:
    assert named(pairs, error="ValueError") == ["stops"]
    assert named(pairs, error="TypeError") == []


def test_an_answer_that_nobody_knows_has_no_name(pairs: Assignment) -> None:
    assert named(pairs, (X + 1, X)) == []
    assert named(pairs, (X, X)) == []
    assert named(pairs, None) == []
    assert named(pairs, "seven") == []


def test_a_list_and_an_array_of_the_same_numbers_are_one_answer() -> None:
    assert same(Outcome([1, 2]), Outcome(np.array([1.0, 2.0])))
    assert same(Outcome({"a": X}), Outcome({"a": X.tolist()}))
    assert same(Outcome(np.float32(0.1)), Outcome(0.1))
    assert same(Outcome(np.nan), Outcome(np.nan))
    assert not same(Outcome([1, 2]), Outcome([1, 3]))
    assert not same(Outcome([1, 2]), Outcome([[1], [2]]))
    assert not same(Outcome("1"), Outcome(1))
    assert not same(Outcome([1, [2, 3]]), Outcome([1, [2, "3"]]))
    assert not same(Outcome(1, changed=(0,)), Outcome(1))


LONG_ONES_SQUARED = """
[[misconception]]
name = "long_ones_squared"
message = "Your output is the square of a long input."
question = "q1_double"
fails = ["q1_double"]
[[misconception.edit]]
find = "return 2 * _scaled(values)"
replace = """


def test_of_two_explanations_the_one_that_fits_the_passed_cases_is_named(
    course: Path,
) -> None:
    path = course / "solutions/a0_scale/misconceptions.toml"
    replace = (
        "'return 2 * _scaled(values) if len(values) < 3 else _scaled(values) ** 2'"
    )
    path.write_text(path.read_text() + LONG_ONES_SQUARED + replace, encoding="utf-8")
    assignment = load(course, "a0_scale")
    failed = CaseResult(
        name="random values",
        hidden=True,
        points=1,
        verdict=Verdict.FAILED,
        kind="value",
        misconceptions=("squared", "long_ones_squared"),
    )

    def named_with(passed: list[float]) -> list[str]:
        call = Call("double", (np.array([1.0, 3.0]),), {}, Outcome(np.array(passed)))
        return [d.name for d in summarise(assignment, [failed], [[call]])]

    assert named_with([2.0, 6.0]) == ["long_ones_squared"]
    assert named_with([1.0, 9.0]) == ["squared"]
    assert named_with([5.0, 5.0]) == ["squared", "long_ones_squared"]
