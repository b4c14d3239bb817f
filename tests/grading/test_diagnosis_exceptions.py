"""What raises is named where it raises on just the calls on which a mistake does."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.course.assignment import Assignment, load
from autograder.grading.proxy import Call, Outcome
from autograder.grading.trials import AskedCase
from autograder.sandbox.complaint import figures_of, normalised
from conftest import Edit
from doubled_pairs import (
    FIRST,
    MISTAKES,
    RETURN,
    SHORT,
    X,
    Y,
    asked,
    calls_of,
    course_of_pairs,
    leaves,
    named,
    stops_when_long,
    with_leaf,
)

RNG = np.random.default_rng(1)


@pytest.fixture
def pairs(course: Path, edit: Edit) -> Assignment:
    """The small course with a double() that returns its values twice."""
    return course_of_pairs(course, edit)


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


SIZES = "The size of tensor a ({}) must match the size of tensor b ({})"


def asked_of_sizes(name: str, size: int, *inputs: Any) -> AskedCase:
    """Return a case in which PyTorch refused long inputs beside so many values."""
    calls = []
    for given in inputs:
        outcome = Outcome((given, given))
        if len(given) > 4:
            words = SIZES.format(size, len(given))
            complaint, figures = normalised(words), figures_of(words)
            outcome = Outcome(
                error="RuntimeError", complaint=complaint, figures=figures
            )
        calls.append(Call("double", (given,), {}, outcome))
    failed = any(call.outcome.error for call in calls)
    return AskedCase(name=name, points=1, failed=failed, calls=calls)


@pytest.mark.usefixtures("pairs")
def test_of_two_that_raise_on_the_same_calls_the_sizes_of_layers_decide(
    course: Path, edit: Edit
) -> None:
    edit(
        "solutions/a0_scale/reference.py",
        "def _scaled(values):",
        f"def _refused(*sizes):\n    raise RuntimeError({SIZES!r}.format(*sizes))\n\n\n"
        "def _scaled(values):",
    )
    for name, size in (("narrow", 2), ("wide", 8)):
        refused = f"_refused({size}, len(values)) if len(values) > 4 else "
        new = f"return {refused}(first, second)"
        with_leaf(course, f"too_{name}", name, "return first, second", new)
    found = load(course, "a0_scale")
    short = asked_of_sizes("short", 0, *(RNG.normal(size=4) for _ in range(8)))
    assert named(found, short, asked_of_sizes("long", 8, Y)) == ["too_wide"]
    assert named(found, short, asked_of_sizes("long", 2, Y)) == ["too_narrow"]
    assert named(found, short, asked_of_sizes("long", 9, Y)) == []
    # Where every call raises, it takes the numbers of several.
    throughout = [RNG.normal(size=size) for size in (5, 6, 7)]
    assert named(found, asked_of_sizes("all", 8, *throughout)) == ["too_wide"]
    assert named(found, asked_of_sizes("all", 8, *throughout[:2])) == []
    assert named(found, asked_of_sizes("all", 9, *throughout)) == []


@pytest.mark.usefixtures("pairs")
def test_what_raises_throughout_has_no_name_as_a_pair_either(course: Path) -> None:
    cut = (FIRST, "first = _scaled(values)[:-1]")
    known = leaves(course, {"first_cut": cut, "added": MISTAKES["added"]})

    def raises(values: Any) -> Any:
        return values[:-1] + values, values

    longer = [RNG.normal(size=size) for size in range(4, 14)]
    every = asked("all", raises, *longer)
    assert named(known, every) == []
    otherwise = Call(
        "double", (X[:3],), {}, Outcome(error="ValueError", complaint="no")
    )
    other = AskedCase(name="other", points=1, failed=True, calls=[otherwise])
    assert set(named(known, every, other)) == {"first_cut", "added"}


@pytest.mark.usefixtures("pairs")
def test_what_a_mistake_in_values_also_raises_needs_no_second_name(
    course: Path,
) -> None:
    stops = "first = -_scaled(values) + np.zeros(min(len(values), 4))"
    known = leaves(
        course,
        {
            "negative_and_stops": (FIRST, stops),
            "stops_when_long": MISTAKES["stops_when_long"],
        },
    )

    def negative(values: Any) -> Any:
        return -values + np.zeros(min(len(values), 4)), values

    cases = [asked("short", negative, *SHORT), asked("long", negative, Y)]
    assert named(known, *cases) == ["negative_and_stops"]


@pytest.mark.usefixtures("pairs")
def test_an_exception_has_no_name_where_another_function_raised_otherwise(
    course: Path,
) -> None:
    stops = ("return GAIN * np.asarray(values)", "return np.asarray(values) + STOP")
    stops = (stops[0], stops[1].replace("STOP", "np.zeros(min(len(values), 4))"))
    known = leaves(course, {"stops_in_the_helper": stops})

    def refuses(_: Any) -> Any:
        raise ValueError("cannot reshape array")

    short = asked("short", lambda x: (x, x), *SHORT, failed=False)
    long = asked("long", stops_when_long, Y)
    assert named(known, short, long) == ["stops_in_the_helper"]
    other = calls_of("quadruple", asked("other", refuses, Y))
    assert named(known, short, long, other) == []


@pytest.mark.usefixtures("pairs")
def test_what_another_function_raises_is_no_part_of_the_pattern(course: Path) -> None:
    stops = "return first + np.zeros(min(len(values), 4) if first.ndim == 1 else 1)"
    known = leaves(course, {"stops_when_long": (RETURN, f"{stops}, second")})

    def refuses(_: Any) -> Any:
        raise ValueError("cannot reshape array")

    short = asked("short", lambda x: (x, x), *SHORT, failed=False)
    long = asked("long", stops_when_long, Y)
    other = calls_of("quadruple", asked("other", refuses, X, X[:3]))
    assert named(known, short, long, other) == ["stops_when_long"]


@pytest.mark.usefixtures("pairs")
def test_of_two_exceptions_one_that_the_other_hides_everywhere_is_no_second_name(
    course: Path,
) -> None:
    # The second one raises wherever the first does, in a way of its own.
    joined = "return first, np.concatenate([second] * (len(values) < 5))"
    stops = "first = _scaled(values) + np.zeros(min(len(values), 3))"
    known = leaves(
        course,
        {"stops_when_long": (RETURN, joined), "stops_at_four": (FIRST, stops)},
    )

    def both(values: Any) -> Any:
        if len(values) > 4:
            raise ValueError("need at least one array to concatenate")
        if len(values) > 3:
            return values + np.zeros(3)
        return values, values

    cases = [
        asked("short", both, *(s for s in SHORT if len(s) < 4), failed=False),
        asked("four", both, X),
        asked("five", both, RNG.normal(size=5)),
    ]
    assert named(known, *cases) == []


@pytest.mark.usefixtures("pairs")
def test_two_ways_of_raising_tell_what_one_alone_does_not(course: Path) -> None:
    known = leaves(
        course,
        {
            "stops_when_long": MISTAKES["stops_when_long"],
            "stops_when_short": (
                FIRST,
                "first = np.concatenate([_scaled(values)] * (len(values) // 5))",
            ),
        },
    )

    def both(values: Any) -> Any:
        if len(values) < 5:
            raise ValueError("need at least one array to concatenate")
        return stops_when_long(values)

    cases = [asked("short", both, X), asked("long", both, Y)]
    assert set(named(known, *cases)) == {"stops_when_long", "stops_when_short"}


def test_an_error_that_was_asked_for_is_no_part_of_the_pattern(
    pairs: Assignment,
) -> None:
    short = asked("short", lambda x: (x, x), *SHORT, failed=False)
    long = asked("long", stops_when_long, Y)
    refused = Call("double", (None,), {}, Outcome(error="TypeError", complaint="no"))
    none = AskedCase(name="none", points=1, failed=False, calls=[refused])
    assert named(pairs, short, long, none) == ["stops_when_long"]
