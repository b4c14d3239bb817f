"""Recorded calls: whose function each is about, and which of them failed."""

from pathlib import Path

import numpy as np
import pytest

from autograder.course.assignment import load
from autograder.grading.naming_budget import NamingBudget
from autograder.grading.proxy import Call, Outcome
from autograder.grading.trials import Asked, AskedCase
from autograder.worker.values import Own

X = np.array([1.0, 2.0, 3.0])


@pytest.fixture
def asked(course: Path) -> Asked:
    """Two failed cases and one that passed, with calls and probes of two functions."""
    calls = [
        Call("checks:run", ([Own("double")], X), {}, Outcome(X)),
        Call("double", (X,), {}, Outcome(X)),
        Call("checks:run", (X, Own("quadruple")), {}, Outcome(X)),
        Call("checks:sees", (X,), {}, Outcome(X)),
    ]
    cases = [
        AskedCase(name="passed", points=1, failed=False, calls=calls[3:]),
        AskedCase(name="a", points=1, failed=True, calls=calls[:2], is_public=True),
        AskedCase(name="b", points=1, failed=True, calls=calls[2:3]),
    ]
    assignment = load(course, "a0_scale")
    return Asked(assignment, "q1_double", cases, NamingBudget.of(assignment.costs))


def test_a_probe_is_about_the_students_function_that_it_is_given(asked: Asked) -> None:
    of_same = [asked.of_same_subject({(number, "value")}) for number in range(4)]
    assert of_same == [[0, 1], [0, 1], [2], [3]]


def test_calls_of_failed_cases_come_first(asked: Asked) -> None:
    assert [case.name for case in asked.cases] == ["a", "b", "passed"]
    assert asked.in_failed == 3
    assert asked.is_public == [True, True, False, False]


def test_who_returns_zeros_where_it_does_not_raise_says_one_thing(
    course: Path,
) -> None:
    assignment = load(course, "a0_scale")
    zeros = [Call("double", (X[:n],), {}, Outcome(0 * X[:n])) for n in (1, 2, 3)]
    raised = Call("double", (X,), {}, Outcome(error="KeyError", complaint="KeyError"))
    other = Call("double", (X,), {}, Outcome(error="KeyError", complaint="other"))

    def says_one_thing(*calls: Call) -> bool:
        case = AskedCase(name="a", points=1, failed=True, calls=calls)
        budget = NamingBudget.of(assignment.costs)
        return Asked(assignment, "q1_double", [case], budget).says_one_thing()

    assert says_one_thing(*zeros, *zeros, raised)
    assert says_one_thing(*[raised] * 6)
    # Five are too few, and another number or another exception is another thing.
    assert not says_one_thing(*zeros, *zeros[1:], raised)
    assert not says_one_thing(*zeros, *zeros, Call("double", (X,), {}, Outcome(X)))
    assert not says_one_thing(*[raised] * 5, other)
