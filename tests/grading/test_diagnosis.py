"""Wrong answers are named on evidence, and silence is kept in doubt."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.course.assignment import Assignment, load
from autograder.grading.diagnosis import explain
from autograder.grading.naming_budget import NamingBudget
from autograder.grading.proxy import Call, Outcome
from autograder.grading.trials import AskedCase
from conftest import Edit
from doubled_pairs import (
    FIRST,
    LEAF,
    MISTAKES,
    RETURN,
    SHORT,
    Double,
    X,
    Y,
    asked,
    course_of_pairs,
    leaves,
    named,
    with_leaf,
)

RNG = np.random.default_rng(1)


@pytest.fixture
def pairs(course: Path, edit: Edit) -> Assignment:
    """The small course with a double() that returns its values twice."""
    return course_of_pairs(course, edit)


def test_one_wrong_part_of_a_tuple_is_named(pairs: Assignment) -> None:
    assert named(pairs, asked("a", lambda x: (-x, x), X)) == ["first_negative"]
    assert named(pairs, asked("a", lambda x: (x, x**2), X)) == ["second_squared"]
    assert named(pairs, asked("a", lambda x: [-x, x[:2]], X)) == ["first_negative"]


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


def test_where_all_passed_there_is_nothing_to_explain(pairs: Assignment) -> None:
    assert named(pairs, asked("a", lambda x: (x, x), X, failed=False)) == []


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
def test_of_two_that_give_the_same_the_one_that_goes_beyond_the_other_is_not_named(
    course: Path,
) -> None:
    negative = asked("a", lambda x: (-x, x), X, Y)
    new = "first = 0.0 - _scaled(values)"
    with_leaf(course, "and_more", "It is two.", FIRST, new)
    path = course / "solutions/a0_scale/misconceptions.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('"It is two."', '"It is two."\nbeyond = "first_negative"'),
        encoding="utf-8",
    )
    assert named(load(course, "a0_scale"), negative) == ["first_negative"]


@pytest.mark.usefixtures("pairs")
def test_what_is_plainly_seen_needs_no_more_evidence(course: Path) -> None:
    ones = asked("a", lambda x: (np.ones(len(x)), x), X)
    new = "first = np.ones(len(values))"
    other = with_leaf(course, "first_of_ones", "It is 1 everywhere.", FIRST, new)
    assert named(other, ones) == []
    path = course / "solutions/a0_scale/misconceptions.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('"It is 1 everywhere."', '"It is 1 everywhere."\nplain = true'),
        encoding="utf-8",
    )
    assert named(load(course, "a0_scale"), ones) == ["first_of_ones"]


def test_one_mistake_that_most_wrong_answers_show_is_named_beside_unknown_ones(
    pairs: Assignment,
) -> None:
    inputs = [RNG.normal(size=size) for size in (3, 4, 5, 6, 7)]
    most = [asked(f"{x.size}", lambda x: (-x, x), x) for x in inputs]
    odd = asked("nobody's", lambda x: (x + 1, x), RNG.normal(size=8))
    assert named(pairs, *most, odd) == ["first_negative"]
    assert named(pairs, *most[:2], odd) == []
    right = asked("right", lambda x: (x, x), RNG.normal(size=9), failed=False)
    assert named(pairs, *most, odd, right) == []


def test_a_part_with_a_name_is_judged_by_the_answers_of_that_part(
    pairs: Assignment, edit: Edit, course: Path
) -> None:
    assert pairs
    edit(
        "solutions/a0_scale/reference.py",
        "    return first, second",
        "    return {'first': first, 'even': len(second) % 2 == 0}",
    )
    path = course / "solutions/a0_scale/misconceptions.toml"
    path.write_text(
        LEAF.format(
            name="first_negative", find=FIRST, replace=MISTAKES["first_negative"][1]
        )
        + LEAF.format(name="odd_for_even", find="% 2 == 0", replace="% 2 == 1"),
        encoding="utf-8",
    )
    found = load(course, "a0_scale")
    some = [RNG.normal(size=size) for size in (2, 3, 4, 5, 6)]
    cases = [
        asked(str(n), lambda x: {"first": -x, "even": len(x) % 2 == 1}, given)
        for n, given in enumerate(some)
    ]
    assert named(found, *cases) == ["first_negative", "odd_for_even"]


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
    assert "first_negative" not in [d.name for d in found.diagnoses]
    assert "first_negative" not in found.by_case["a"]


def test_a_name_wants_every_mistake_tried_within_the_questions_share_of_the_budget(
    pairs: Assignment,
) -> None:
    negative = asked("a", lambda x: (-x, x), X, Y)

    def found(left: float) -> tuple[list[str], bool]:
        budget = NamingBudget(left=left)
        told = explain(pairs, "q1_double", [negative], budget=budget)
        return [d.name for d in told.diagnoses], budget.cut

    # Eight runs at 5 ms each: half of what is left is one question's.
    assert found(0.081) == (["first_negative"], False)
    assert found(0.079) == ([], True)


def long_only(answer: Double) -> Double:
    return lambda x: (answer(x) if len(x) > 4 else x, x)


@pytest.mark.usefixtures("pairs")
def test_which_calls_went_wrong_tells_beside_what_came_of_them(course: Path) -> None:
    known = leaves(
        course,
        {
            "twice_when_long": (
                FIRST,
                "first = _scaled(values) * (2 if len(values) > 4 else 1)",
            ),
            "one_more_when_long": (
                RETURN,
                "return (first + 1 if len(values) > 4 else first), second",
            ),
        },
    )
    pair = long_only(lambda x: 2 * x + 1)
    hundreds = [np.full(5, 100.0), np.full(6, 100.0)]
    alone = asked("long", pair, *hundreds)
    assert named(known, alone) == []
    right = asked("short", pair, *SHORT, failed=False)
    assert set(named(known, alone, right)) == {"twice_when_long", "one_more_when_long"}
    three_when_long = "first = np.where(len(values) > 4, 3, _scaled(values))"
    threes = leaves(course, {"three_when_long": (FIRST, three_when_long)})
    three = long_only(lambda x: 0 * x + 3)
    wrong = asked("long", three, Y)
    assert named(threes, wrong) == []
    many = asked("short", three, *(X + n for n in range(100)), failed=False)
    assert named(threes, wrong, many) == ["three_when_long"]


def test_a_name_says_where_to_read_on_and_explains_failed_cases_only(
    course: Path,
) -> None:
    failed = asked("failed", lambda x: x**2, X, Y)
    passed = replace(failed, name="passed", failed=False)
    found = explain(load(course, "a0_scale"), "q1_double", [failed, passed])
    (diagnosis,) = found.diagnoses
    assert (diagnosis.name, diagnosis.see) == ("squared", "README.md#twice")
    assert found.by_case == {"failed": ("squared",)}


def test_of_two_possible_answers_those_tell_that_were_seldom_wrong_else(
    course: Path, edit: Edit
) -> None:
    edit(
        "solutions/a0_scale/reference.py",
        "    return 2 * _scaled(values)",
        "    return len(values) < 9 and len(values) % 3 != 0",
    )
    path = course / "solutions/a0_scale/misconceptions.toml"
    new = "% 3 != 0 or len(values) == 6"
    path.write_text(LEAF.format(name="six_goes", find="% 3 != 0", replace=new), "utf-8")
    assignment = load(course, "a0_scale")

    def names(sizes: Collection[int], *wrong: int) -> list[str]:
        """Return them for who says the opposite for lists of some sizes."""

        def answer(x: Any) -> bool:
            return (len(x) < 9 and len(x) % 3 != 0) != (len(x) in wrong)

        return named(assignment, asked("a", answer, *map(np.ones, sizes)))

    # Of 39 that don't go, the student has these six go: just as the mistake has it.
    assert names([*range(1, 41), *[6] * 5], 1, 6) == ["six_goes"]
    # Who has 21 of 23 go has the sixteen go anyway, many as they are.
    assert names([*range(1, 15), *[6] * 15], 1, 3, 6, 9, 10, 11, 13) == []
