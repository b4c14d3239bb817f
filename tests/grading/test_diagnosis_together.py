"""Several mistakes of one answer are named together, the costliest first."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.course.assignment import Assignment, load
from autograder.grading import diagnosis
from autograder.grading.diagnosis import explain
from autograder.grading.naming_budget import NamingBudget
from autograder.grading.trials import AskedCase
from conftest import Edit
from doubled_pairs import (
    FIRST,
    LEAF,
    MISTAKES,
    RETURN,
    SECOND,
    Double,
    X,
    Y,
    asked,
    calls_of,
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


def test_pairs_are_not_looked_for_where_every_call_got_the_same_number(
    pairs: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched = []

    def search(*given: Any) -> Any:
        searched.append(given)
        return given[-1]

    def is_searched(answer: Double, calls: int) -> bool:
        inputs = [np.array([1.0, n]) for n in range(2, 2 + calls)]
        searched.clear()
        named(pairs, asked("a", answer, *inputs))
        return bool(searched)

    monkeypatch.setattr(diagnosis, "_with_several", search)
    assert not is_searched(lambda x: (0 * x, [0, 0.0]), 6)
    assert not is_searched(lambda _: None, 6)
    assert is_searched(lambda x: (0 * x, [0, 0.0]), 5), "chance gives few the same"
    assert is_searched(lambda x: (0 * x, x[:1]), 6)
    assert is_searched(lambda x: (0 * x, None), 6)
    assert is_searched(lambda x: (x + 1, x), 6)


@pytest.mark.usefixtures("pairs")
def test_six_mistakes_that_show_one_by_one_are_all_named(course: Path) -> None:
    path = course / "solutions/a0_scale/misconceptions.toml"
    sizes = range(5, 11)
    leaves = [
        LEAF.format(
            name=f"size_{size}",
            find=FIRST,
            replace=f"first = (1 - 2 * (len(values) == {size})) * _scaled(values)",
        )
        for size in sizes
    ]
    path.write_text("".join(leaves), encoding="utf-8")
    cases = [asked(str(n), lambda x: (-x, x), RNG.normal(size=n)) for n in sizes]
    assert set(named(load(course, "a0_scale"), *cases)) == {f"size_{n}" for n in sizes}


@pytest.mark.usefixtures("pairs")
def test_two_mistakes_that_each_show_alone_excuse_one_another_where_both_show(
    course: Path,
) -> None:
    new = "return (first + second, second) if len(values) < 2 else (first, second**2)"
    found = with_leaf(course, "mixed", "It is mixed.", "return first, second", new)

    def both(values: Any) -> Any:
        if len(values) < 2:
            return -values + values, values
        return -values, values**2

    cases = [asked("some", both, X, Y), asked("one", both, RNG.normal(size=1))]
    assert set(named(found, *cases)) == {"first_negative", "mixed"}


def test_beside_a_mistake_that_is_clear_a_second_one_needs_what_one_name_needs(
    pairs: Assignment, edit: Edit, course: Path
) -> None:
    assert pairs
    edit(
        "solutions/a0_scale/reference.py",
        f"    {FIRST}\n    {SECOND}\n    return first, second",
        "    hits = sum(values > 0)\n    count = len(values)\n    return hits / count",
    )
    path = course / "solutions/a0_scale/misconceptions.toml"
    path.write_text(
        LEAF.format(name="percent", find="return hits", replace="return 100 * hits")
        + LEAF.format(
            name="four",
            find="count = len(values)",
            replace="count = max(4, len(values))",
        ),
        encoding="utf-8",
    )
    found = load(course, "a0_scale")

    def both(values: Any) -> float:
        return float(100 * sum(values > 0) / max(4, len(values)))

    long = [np.array([1] * 3 + [-1] * 2), np.array([1] * 7 + [-1] * 3)]
    short = [np.array([1, -1, 1]), np.array([1, -1])]
    cases = [asked("long", both, *long), asked("short", both, *short)]
    assert named(found, *cases) == ["percent", "four"]
    # One small number alone may be 25 or 50 for many a reason.
    assert "four" not in named(found, cases[0], asked("one", both, short[1]))


def test_pairs_have_two_fifths_of_what_is_left(pairs: Assignment) -> None:
    few = asked("a", lambda x: (x + x**2, x**2), X, Y)
    more = (Y + n for n in range(8))
    many = asked("a", lambda x: (x + x**2, x**2), X, Y, *more)

    def found(case: AskedCase, left: float) -> list[str]:
        budget = NamingBudget(left=left)
        told = explain(pairs, "q1_double", [case], budget=budget)
        return sorted(d.name for d in told.diagnoses)

    assert found(few, 0.28) == ["added", "second_squared"]
    assert found(few, 0.22) == ["second_squared"]
    # Of the question's half of a whole second it would be enough.
    assert found(many, 1.1) == ["added", "second_squared"]
    assert "added" not in found(many, 1.0)


@pytest.mark.usefixtures("pairs")
def test_an_earlier_questions_mistake_explains_beside_an_own_one_and_is_no_name(
    course: Path,
) -> None:
    leaves(course, {"first_negative": MISTAKES["first_negative"]})
    path = course / "solutions/a0_scale/misconceptions.toml"
    own = LEAF.format(
        name="only_doubled",
        find="return double(double(values))",
        replace="return double(values)",
    ).replace("q1_double", "q2_quadruple")
    path.write_text(path.read_text(encoding="utf-8") + own, encoding="utf-8")
    known = load(course, "a0_scale")
    case = calls_of("quadruple", asked("a", lambda x: (-x, x), X, Y))
    found = explain(known, "q2_quadruple", [case], ["first_negative"])
    assert [d.name for d in found.diagnoses] == ["only_doubled"]
    assert found.by_case == {"a": ("only_doubled",)}
    alone = explain(known, "q2_quadruple", [case])
    assert alone.diagnoses == ()


@pytest.mark.usefixtures("pairs")
def test_what_explains_less_than_another_makes_that_one_no_less_certain(
    course: Path,
) -> None:
    known = leaves(
        course,
        {
            "negative_when_short": (
                FIRST,
                "first = _scaled(values) * (-1 if len(values) < 5 else 1)",
            ),
            "first_negative": MISTAKES["first_negative"],
            "long_and_squared": (
                RETURN,
                "return (-first if len(values) > 4 else first), second ** 2",
            ),
        },
    )
    both = asked("a", lambda x: (-x, x**2), X, Y)
    assert set(named(known, both)) == {"first_negative", "long_and_squared"}


@pytest.mark.usefixtures("pairs")
def test_a_pair_takes_the_place_of_what_explained_a_part_of_it(course: Path) -> None:
    known = leaves(
        course,
        {
            "first_tripled": (FIRST, "first = 3 * _scaled(values)"),
            "added": MISTAKES["added"],
            "four_when_short": (
                FIRST,
                "first = _scaled(values) * (4 if len(values) < 5 else 1)",
            ),
        },
    )
    both = asked("a", lambda x: (4 * x, x), X, Y)
    assert set(named(known, both)) == {"first_tripled", "added"}


@pytest.mark.usefixtures("pairs")
def test_a_pair_is_named_on_what_no_single_mistake_explains(course: Path) -> None:
    known = leaves(
        course,
        {
            "first_negative": MISTAKES["first_negative"],
            "sum_for_second": (RETURN, "return first, first + second"),
        },
    )
    # That the second one is 0 everywhere may be by chance.
    zeros = asked("a", lambda x: (-x, 0 * x), X, Y)
    assert named(known, zeros) == ["first_negative"]


@pytest.mark.usefixtures("pairs")
def test_three_mistakes_that_meet_in_every_call_are_named_together(
    course: Path,
) -> None:
    known = leaves(
        course,
        {
            "first_tripled": (FIRST, "first = 3 * _scaled(values)"),
            "second_squared": MISTAKES["second_squared"],
            "added": MISTAKES["added"],
            "first_zero": MISTAKES["first_zero"],
        },
    )
    all_three = asked("a", lambda x: (3 * x + x**2, x**2), X, Y)
    made = {"first_tripled", "second_squared", "added"}
    assert set(named(known, all_three)) == made


NEGATIVE = "first = _scaled(values) * (-1 if len(values) > {} else {})"


@pytest.mark.usefixtures("pairs")
def test_what_adds_next_to_nothing_to_what_another_one_gives_is_no_name(
    course: Path,
) -> None:
    known = leaves(
        course,
        {
            "from_five_on": (FIRST, NEGATIVE.format(4, 1)),
            "from_six_on_and_0": (FIRST, NEGATIVE.format(5, "len(values) != 1")),
        },
    )
    long = [RNG.normal(size=size) for size in (5, 6, 7)]
    cases = [
        asked("long", lambda x: (-x, x), *long),
        asked("one value", lambda x: (0 * x, x), RNG.normal(size=1)),
    ]
    assert named(known, *cases) == ["from_five_on"]


@pytest.mark.usefixtures("pairs")
def test_what_gives_all_that_others_leave_needs_less_evidence(course: Path) -> None:
    known = leaves(
        course,
        {
            "from_five_on": (FIRST, NEGATIVE.format(4, 1)),
            "one_value_is_0": (FIRST, NEGATIVE.format(99, "len(values) != 1")),
        },
    )
    long = [RNG.normal(size=size) for size in (5, 6, 7, 5, 6)]
    ones = [RNG.normal(size=1) for _ in range(3)]
    negative = asked("long", lambda x: (-x, x), *long)
    zero = asked("one value", lambda x: (0 * x, x), *ones)
    assert set(named(known, negative, zero)) == {"from_five_on", "one_value_is_0"}
    else_ = asked("another", lambda x: (x + 1, x), RNG.normal(size=3))
    assert named(known, negative, zero, else_) == ["from_five_on"]


@pytest.mark.usefixtures("pairs")
def test_of_several_ways_to_explain_all_the_one_of_fewest_mistakes_is_named(
    course: Path,
) -> None:
    of_sizes = {
        "small": {5, 6, 7},
        "large": {8, 9, 10},
        **{f"third_{n}": {5 + n, 8 + n} for n in range(3)},
    }
    negative = "first = _scaled(values) * (-1 if len(values) in {} else 1)"
    known = leaves(
        course,
        {name: (FIRST, negative.format(some)) for name, some in of_sizes.items()},
    )
    cases = [asked(str(n), lambda x: (-x, x), RNG.normal(size=n)) for n in range(5, 11)]
    assert set(named(known, *cases)) == {"small", "large"}
