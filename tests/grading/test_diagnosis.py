"""Wrong answers are named on evidence, two mistakes together, and silence in doubt."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.course.assignment import Assignment, load
from autograder.grading.diagnosis import AskedCase, explain
from autograder.grading.proxy import Call, Outcome
from conftest import Edit

RNG = np.random.default_rng(1)
X = RNG.normal(size=4)
Y = RNG.normal(size=7)
SHAPES = "operands could not be broadcast together"
LEAF = """
[[misconception]]
name = "{name}"
message = "Your {name}."
question = "q1_double"
fails = ["q1_double"]
[[misconception.edit]]
find = "{find}"
replace = "{replace}"
"""
FIRST, SECOND = "first = _scaled(values)", "second = _scaled(values)"
MISTAKES = {
    "first_negative": (FIRST, "first = -_scaled(values)"),
    "first_zero": (FIRST, "first = 0 * _scaled(values)"),
    "first_none": (FIRST, "first = np.zeros(len(values))"),
    "second_squared": (SECOND, "second = _scaled(values) ** 2"),
    "added": ("return first, second", "return first + second, second"),
    "stops_when_long": (
        "return first, second",
        "return first + np.zeros(min(len(values), 4)), second",
    ),
}


@pytest.fixture
def pairs(course: Path, edit: Edit) -> Assignment:
    """The small course with a double() that returns its values twice."""
    edit(
        "solutions/a0_scale/reference.py",
        "    return 2 * _scaled(values)",
        f"    {FIRST}\n    {SECOND}\n    return first, second",
    )
    path = course / "solutions/a0_scale/misconceptions.toml"
    leaves = (
        LEAF.format(name=name, find=find, replace=new)
        for name, (find, new) in MISTAKES.items()
    )
    path.write_text("".join(leaves), encoding="utf-8")
    return load(course, "a0_scale")


Double = Callable[[Any], Any]


def asked(
    name: str, function: Double, *inputs: Any, points: float = 1, failed: bool = True
) -> AskedCase:
    """Return a case that called `function` with each input."""
    calls = []
    for given in inputs:
        try:
            outcome = Outcome(function(given))
        except ValueError as error:
            words = str(error).partition(" with ")[0]
            outcome = Outcome(error="ValueError", complaint=words)
        calls.append(Call("double", (given,), {}, outcome))
    return AskedCase(name=name, points=points, failed=failed, calls=calls)


def named(assignment: Assignment, *cases: AskedCase) -> list[str]:
    return [d.name for d in explain(assignment, "q1_double", cases).diagnoses]


def test_one_wrong_part_of_a_tuple_is_named(pairs: Assignment) -> None:
    assert named(pairs, asked("a", lambda x: (-x, x), X)) == ["first_negative"]
    assert named(pairs, asked("a", lambda x: (x, x**2), X)) == ["second_squared"]
    assert named(pairs, asked("a", lambda x: [-x, x[:2]], X)) == ["first_negative"]


def test_two_mistakes_in_two_parts_are_both_named_the_costlier_first(
    pairs: Assignment,
) -> None:
    def both(values: Any) -> Any:
        return -values, values**2

    first = asked("first", both, X, points=1)
    second = asked("second", both, Y, points=3)
    cases = [
        replace(first, actual=first.calls[0].outcome.value[0]),
        replace(second, actual=second.calls[0].outcome.value[1]),
    ]
    explanation = explain(pairs, "q1_double", cases)
    names = [d.name for d in explanation.diagnoses]
    assert names == ["second_squared", "first_negative"]
    assert explanation.by_case == {
        "first": ("first_negative",),
        "second": ("second_squared",),
    }


def test_two_mistakes_in_one_part_are_found_as_a_pair_of_edits(
    pairs: Assignment,
) -> None:
    both = asked("a", lambda x: (x + x**2, x), X, Y)
    assert named(pairs, both) == []
    both = asked("a", lambda x: (x + x**2, x**2), X, Y)
    assert set(named(pairs, both)) == {"second_squared", "added"}


def test_an_answer_that_nobody_knows_has_no_name(pairs: Assignment) -> None:
    answers: list[Any] = [(X + 1, X), (X, X), None, "seven", (X,), 0]
    for answer in answers:
        call = Call("double", (X,), {}, Outcome(answer))
        case = AskedCase(name="a", points=1, failed=True, calls=[call])
        assert named(pairs, case) == []


def test_a_passed_case_that_speaks_against_a_name_silences_it(
    pairs: Assignment,
) -> None:
    failed = asked("long", lambda x: (-x, x), Y)
    passed = asked("short", lambda x: (x, x), X, failed=False)
    assert named(pairs, failed) == ["first_negative"]
    assert named(pairs, failed, passed) == []


def test_of_two_that_fit_as_well_none_is_named(pairs: Assignment) -> None:
    zeros = asked("a", lambda x: (np.zeros(len(x)), x), X, Y)
    assert named(pairs, zeros) == []


def stops_when_long(values: Any) -> Any:
    return values + np.zeros(min(len(values), 4)), values


def test_an_exception_is_named_where_it_is_raised_on_just_those_calls(
    pairs: Assignment,
) -> None:
    short = [RNG.normal(size=size) for size in (2, 3, 4, 4, 2, 3, 4, 2)]
    cases = [
        asked("short", lambda x: (x, x), *short, failed=False),
        asked("five", stops_when_long, RNG.normal(size=5)),
        asked("seven", stops_when_long, Y),
    ]
    assert named(pairs, *cases) == ["stops_when_long"]


def test_an_exception_has_no_name_where_one_more_call_raises(
    pairs: Assignment,
) -> None:
    short = [RNG.normal(size=4) for _ in range(8)]
    cases = [
        asked("short", lambda x: (x, x), *short, failed=False),
        asked("seven", stops_when_long, Y),
        asked("four", lambda x: x + np.ones(3), X),
    ]
    assert named(pairs, *cases) == []


def test_an_exception_has_no_name_where_every_call_raises(pairs: Assignment) -> None:
    def raises(_: Any) -> Any:
        return np.ones(2) + np.ones(3)

    cases = [asked(str(n), raises, RNG.normal(size=7)) for n in range(6)]
    assert named(pairs, *cases) == []


def test_an_exception_of_another_kind_has_no_name(pairs: Assignment) -> None:
    def refuses(values: Any) -> Any:
        if len(values) > 4:
            raise ValueError("cannot reshape array of size #")
        return values, values

    short = [RNG.normal(size=4) for _ in range(8)]
    cases = [
        asked("short", refuses, *short, failed=False),
        asked("long", refuses, Y),
    ]
    assert named(pairs, *cases) == []
    alike = asked("long", stops_when_long, Y)
    assert named(pairs, cases[0], alike) == ["stops_when_long"]


def test_a_crash_and_a_wrong_value_are_each_judged_by_their_own_evidence(
    pairs: Assignment,
) -> None:
    def both(values: Any) -> Any:
        first, second = stops_when_long(values)
        return first, second**2

    short = [RNG.normal(size=4) for _ in range(8)]
    cases = [
        asked("short", both, *short, points=1),
        asked("long", both, Y, points=2),
    ]
    assert named(pairs, *cases) == ["stops_when_long", "second_squared"]


def test_where_all_passed_there_is_nothing_to_explain(pairs: Assignment) -> None:
    assert named(pairs, asked("a", lambda x: (x, x), X, failed=False)) == []


def with_leaf(course: Path, name: str, message: str, old: str, new: str) -> Assignment:
    """Add a misconception to those of `pairs`."""
    path = course / "solutions/a0_scale/misconceptions.toml"
    leaf = LEAF.format(name=name, find=old, replace=new)
    leaf = leaf.replace(f"Your {name}.", message)
    path.write_text(path.read_text(encoding="utf-8") + leaf, encoding="utf-8")
    return load(course, "a0_scale")


@pytest.mark.usefixtures("pairs")
def test_of_two_that_give_the_same_values_none_is_named_unless_they_say_the_same(
    course: Path,
) -> None:
    negative = asked("a", lambda x: (-x, x), X, Y)
    new = "first = 0.0 - _scaled(values)"
    other = with_leaf(course, "first_below_zero", "It is another.", FIRST, new)
    assert named(other, negative) == []
    path = course / "solutions/a0_scale/misconceptions.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("It is another.", "Your first_negative."), encoding="utf-8"
    )
    assert named(load(course, "a0_scale"), negative) == ["first_negative"]


@pytest.mark.usefixtures("pairs")
def test_of_two_that_raise_on_the_same_calls_none_is_named(course: Path) -> None:
    short = [RNG.normal(size=size) for size in (2, 3, 4, 4, 2, 3, 4, 2)]
    cases = [
        asked("short", lambda x: (x, x), *short, failed=False),
        asked("five", stops_when_long, RNG.normal(size=5)),
        asked("seven", stops_when_long, Y),
    ]
    new = "return np.zeros(min(len(values), 4)) + first, second"
    other = with_leaf(
        course, "stops_too", "It is another.", "return first, second", new
    )
    assert named(other, *cases) == []


def test_only_the_points_of_failed_cases_with_a_name_order_the_names(
    pairs: Assignment,
) -> None:
    negative = asked("a", lambda x: (-x, x), X, Y, points=1)
    explanation = explain(pairs, "q1_double", [negative])
    (diagnosis,) = explanation.diagnoses
    assert (diagnosis.name, diagnosis.message) == (
        "first_negative",
        "Your first_negative.",
    )
    assert explanation.by_case == {"a": ("first_negative",)}


def test_a_mistake_of_an_earlier_question_is_no_name_of_this_one(
    pairs: Assignment,
) -> None:
    negative = asked("a", lambda x: (-x, x), X, Y)
    found = explain(pairs, "q2_quadruple", [negative], ["first_negative"])
    assert found.diagnoses == ()
    assert found.by_case == {"a": ()}
