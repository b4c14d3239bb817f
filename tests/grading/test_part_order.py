"""Parts in another order are told where no call speaks for the right one."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.course.assignment import Assignment, load
from autograder.grading.diagnosis import Explanation, explain
from autograder.grading.naming_budget import NamingBudget
from autograder.grading.part_order import (
    Misplaced,
    order_of_parts,
    put_in_order,
    too_few_or_many,
)
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


def asked_of(
    assignment: Assignment, *functions: Any, inputs: Any = INPUTS
) -> tuple[Asked, AskedCase]:
    """Return calls of which each input was answered by the next function."""
    calls = tuple(
        Call("double", (x,), {}, Outcome(functions[i % len(functions)](x)))
        for i, x in enumerate(inputs)
    )
    case = AskedCase(name="order", points=1, failed=True, calls=calls)
    return Asked(assignment, "q1_double", [case], NamingBudget(left=60)), case


def test_an_answer_that_is_one_number_stands_beside_those_in_another_order(
    thirds: Assignment,
) -> None:
    def one_number(_: Any) -> Any:
        return np.array(1.0)

    assert "exchanged" in named(thirds, *[exchanged] * 5, one_number)
    few = told_by(thirds, *[lambda x: right(x)[1:]] * 5, one_number)
    assert few is not None
    assert few.places == (None, 0, 1)


def told_by(assignment: Assignment, *functions: Any, **how: Any) -> Misplaced | None:
    return too_few_or_many(asked_of(assignment, *functions, **how)[0])


def test_a_list_has_parts_as_a_tuple_has_and_an_array_is_one_value(
    thirds: Assignment,
) -> None:
    few = told_by(thirds, lambda x: [*right(x)[1:]])
    assert few is not None
    assert few.places == (None, 0, 1)
    assert told_by(thirds, lambda x: x[:2]) is None
    assert told_by(thirds, lambda x: (right(x)[1],)) is None


def test_a_number_of_parts_is_told_where_three_calls_or_more_have_it_and_none_another(
    thirds: Assignment,
) -> None:
    def two(x: Any) -> tuple[Any, ...]:
        return right(x)[1:]

    assert told_by(thirds, two, inputs=INPUTS[:2]) is None
    assert told_by(thirds, two, inputs=INPUTS[:3]) is not None
    assert told_by(thirds, *[two] * 5, lambda x: (*right(x), 0)) is None
    assert told_by(thirds, right) is None


def test_of_more_than_five_parts_it_is_not_looked_for_which_is_which(
    thirds: Assignment,
) -> None:
    five = told_by(thirds, lambda x: (*right(x), "a", "b"))
    assert five is not None
    assert five.places == (0, 1, 2)
    assert told_by(thirds, lambda x: (*right(x), "a", "b", "c")) is None


def test_which_part_is_missing_is_told_only_where_all_others_look_like_one(
    thirds: Assignment,
) -> None:
    found = told_by(thirds, *[lambda x: right(x)[1:]] * 5, lambda _: ("a", "b"))
    assert found is not None
    assert found.says == "You return 2 values where 3 are asked for."


def test_of_orders_that_fit_as_well_the_one_as_they_came_is_taken(
    thirds: Assignment,
) -> None:
    pairs = [RNG.normal(size=2) for _ in range(4)]

    def places(function: Any) -> tuple[int | None, ...] | None:
        found = told_by(thirds, function, inputs=pairs)
        return None if found is None else found.places

    assert places(lambda _: (np.full(2, 7.0), np.full(2, 9.0))) == (None, 0, 1)
    assert places(lambda _: (7.0, np.full(2, 9.0))) == (0, 1, None)
    assert places(lambda x: (x[-2:], 2 * x)) == (None, 1, 0)


def test_several_parts_that_are_missing_are_told_together(
    thirds: Assignment, course: Path, edit: Edit
) -> None:
    assert thirds
    four = f"{RETURNED}, values.tolist()"
    edit("solutions/a0_scale/reference.py", RETURNED, four)
    path = course / "solutions/a0_scale/misconceptions.toml"
    path.write_text("", encoding="utf-8")
    found = told_by(load(course, "a0_scale"), lambda x: (x.sum(), x[-2:]))
    assert found is not None
    assert found.says.startswith("You return 2 values where 4 are asked for: ")
    assert found.says.endswith(" are not among them.")


def test_the_cells_of_a_part_that_is_missing_are_told_from_those_that_are_wrong(
    thirds: Assignment,
) -> None:
    misplaced = Misplaced("", (None, 0, 1))
    _, case = asked_of(thirds, lambda x: (3 * x, x[-2:]))
    ordered = put_in_order([case], misplaced.places)
    asked = Asked(thirds, "q1_double", ordered, NamingBudget(left=60))
    assert {cell for n in range(len(INPUTS)) for cell in asked.off(n)} == {
        "0 of 3",
        "1 of 3",
    }
    assert misplaced.cells(asked) == {(n, "0 of 3") for n in range(len(INPUTS))}


@pytest.mark.parametrize(
    ("value", "ordered"),
    [
        ((1, 2, 3), (2, 1, None)),
        ([1, 2], (2, 1, None)),
        ((1,), None),
        (5.0, None),
        ("ab", None),
    ],
)
def test_what_has_the_parts_is_put_in_order_and_all_else_stays(
    value: Any, ordered: Any
) -> None:
    call = Call("double", (1,), {}, Outcome(value))
    case = AskedCase(name="a", points=1, failed=True, calls=(call,))
    ((found,),) = (case.calls for case in put_in_order([case], (1, 0, None)))
    assert found.outcome.value == (value if ordered is None else ordered)


def test_an_array_is_put_in_order_part_by_part() -> None:
    call = Call("double", (1,), {}, Outcome(np.array([1.0, 2.0])))
    short = Call("double", (1,), {}, Outcome(np.array([1.0])))
    raised = Call("double", (1,), {}, Outcome(None, error="ValueError"))
    case = AskedCase(name="a", points=1, failed=True, calls=(call, short, raised))
    (found,) = put_in_order([case], (1, 0))
    assert found.calls[0].outcome.value == (2.0, 1.0)
    assert found.calls[1:] == (short, raised)


@pytest.mark.parametrize(("places", "value"), [((2, 1, 0), (1, 2)), ((0, None), (1,))])
def test_what_has_too_few_parts_for_an_order_stays(
    places: tuple[int | None, ...], value: tuple[int, ...]
) -> None:
    call = Call("double", (1,), {}, Outcome(value))
    case = AskedCase(name="a", points=1, failed=True, calls=(call,))
    (found,) = put_in_order([case], places)
    assert found.calls == (call,)
