"""Parts in another order are told where no call speaks for the right one."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.course.assignment import Assignment, load
from autograder.grading.diagnosis import Explanation, explain
from autograder.grading.naming_budget import NamingBudget
from autograder.grading.part_order import order_of_parts
from autograder.grading.proxy import Call, Outcome
from autograder.grading.trials import Asked, AskedCase
from conftest import Edit

RNG = np.random.default_rng(1)
INPUTS = [RNG.normal(size=size) for size in range(3, 9)]
MISTAKES = """
[[misconception]]
name = "{name}"
message = "Your {name}."
question = "q1_double"
fails = ["q1_double"]
{places}
[[misconception.edit]]
find = "{find}"
replace = "{replace}"
"""
RETURNED = "return total, twice, last"
KNOWN = (
    ("exchanged", "places = [1, 0, 2]", RETURNED, "return twice, total, last"),
    ("turned", "places = [2, 0, 1]", RETURNED, "return twice, last, total"),
    ("swapped", "places = [0, 2, 1]", RETURNED, "return total, last, twice"),
    ("mean", "", "total = values.sum()", "total = values.mean()"),
    ("thrice", "", "twice = 2 * values", "twice = 3 * values"),
)


@pytest.fixture
def thirds(course: Path, edit: Edit) -> Assignment:
    """The small course with a double() that returns a number and two arrays."""
    edit(
        "solutions/a0_scale/reference.py",
        "    return 2 * _scaled(values)",
        "    values = np.asarray(values)\n    total = values.sum()\n"
        f"    twice = 2 * values\n    last = values[-2:]\n    {RETURNED}",
    )
    leaves = (
        MISTAKES.format(name=name, places=places, find=find, replace=new)
        for name, places, find, new in KNOWN
    )
    path = course / "solutions/a0_scale/misconceptions.toml"
    path.write_text("".join(leaves), encoding="utf-8")
    return load(course, "a0_scale")


def right(x: Any) -> tuple[Any, ...]:
    return x.sum(), 2 * x, x[-2:]


def exchanged(x: Any) -> tuple[Any, ...]:
    total, twice, last = right(x)
    return twice, total, last


def mean_of(x: Any) -> tuple[Any, ...]:
    return 2 * x, x.mean(), x[-2:]


def explained(
    assignment: Assignment,
    *functions: Any,
    inputs: Any = INPUTS,
    value_is_wrong: bool = False,
) -> Explanation:
    """Return what is found where each input was answered by the next function."""
    calls = [
        Call("double", (x,), {}, Outcome(functions[i % len(functions)](x)))
        for i, x in enumerate(inputs)
    ]
    asked = [AskedCase(name="order", points=2, failed=True, calls=calls[:1])]
    values = AskedCase(
        name="values",
        points=3,
        failed=value_is_wrong,
        calls=calls[1:],
        actual=calls[1].outcome.value[1] if value_is_wrong else None,
    )
    asked.append(values)
    return explain(assignment, "q1_double", asked)


def named(assignment: Assignment, *functions: Any, **how: Any) -> list[str]:
    return [d.name for d in explained(assignment, *functions, **how).diagnoses]


def test_an_order_is_named_though_most_cases_passed(thirds: Assignment) -> None:
    assert named(thirds, exchanged) == ["exchanged"]
    assert named(thirds, lambda x: [*exchanged(x)]) == ["exchanged"]


def test_of_two_orders_the_one_that_fits_best_is_named(thirds: Assignment) -> None:
    assert named(thirds, lambda x: (2 * x, x[-2:], x.sum())) == ["turned"]


def test_what_else_is_wrong_is_named_beside_the_order(thirds: Assignment) -> None:
    assert named(thirds, mean_of, value_is_wrong=True) == ["mean", "exchanged"]

    def both(x: Any) -> tuple[Any, ...]:
        return 3 * x, x.mean(), x[-2:]

    found = named(thirds, both, value_is_wrong=True)
    assert set(found) == {"mean", "thrice", "exchanged"}


def test_a_case_failed_for_the_order_where_no_value_was_found_wrong(
    thirds: Assignment,
) -> None:
    found = explained(thirds, mean_of, value_is_wrong=True)
    assert found.by_case["values"] == ("mean",)
    assert "exchanged" in found.by_case["order"]
    # It is named though no case asked for it, too.
    values = [Call("double", (x,), {}, Outcome(mean_of(x))) for x in INPUTS]
    asked = AskedCase(
        name="values", points=1, failed=True, calls=values, actual=INPUTS[0].mean()
    )
    (first, second) = explain(thirds, "q1_double", [asked]).diagnoses
    assert (first.name, second.name) == ("mean", "exchanged")


def test_parts_of_one_shape_are_told_by_their_values(thirds: Assignment) -> None:
    pairs = [RNG.normal(size=2) for _ in range(4)]

    def swapped(x: Any) -> tuple[Any, ...]:
        total, twice, last = right(x)
        return total, last, twice

    calls = [Call("double", (x,), {}, Outcome(swapped(x))) for x in pairs]
    case = AskedCase(name="order", points=1, failed=True, calls=calls)
    asked = Asked(thirds, "q1_double", [case], NamingBudget(left=60))
    order = order_of_parts(asked, thirds.misconceptions)
    assert order is not None
    assert order.name == "swapped"


def test_an_answer_in_the_right_order_silences_it(thirds: Assignment) -> None:
    assert named(thirds, *[exchanged] * 5, right) == []


def test_two_calls_tell_no_order(thirds: Assignment) -> None:
    def nothing(_: Any) -> tuple[Any, ...]:
        return 0, 0, 0

    two, three = [exchanged] * 2, [exchanged] * 3
    assert named(thirds, *two, *[nothing] * 4) == []
    assert "exchanged" in named(thirds, *three, *[nothing] * 3)


def told(assignment: Assignment, function: Any) -> list[str]:
    calls = [Call("double", (x,), {}, Outcome(function(x))) for x in INPUTS]
    case = AskedCase(name="a", points=1, failed=True, calls=calls)
    return [d.message for d in explain(assignment, "q1_double", [case]).diagnoses]


def test_a_part_that_is_missing_is_told_and_the_others_are_looked_at(
    thirds: Assignment,
) -> None:
    few = "You return 2 values where 3 are asked for: your total is not among them."
    assert told(thirds, lambda x: right(x)[1:]) == [few]
    assert set(told(thirds, lambda x: (3 * x, x[-2:]))) == {few, "Your thrice."}


def test_parts_that_are_too_many_are_told_and_the_others_are_looked_at(
    thirds: Assignment,
) -> None:
    many = "You return 4 values where 3 are asked for."
    assert told(thirds, lambda x: (*right(x), "cache")) == [many]
    assert set(told(thirds, lambda x: ("cache", x.mean(), *right(x)[1:]))) == {
        many,
        "Your mean.",
    }


def test_of_parts_that_are_nothing_of_what_is_asked_for_nothing_is_told(
    thirds: Assignment,
) -> None:
    assert told(thirds, lambda x: ("a", str(x))) == []
