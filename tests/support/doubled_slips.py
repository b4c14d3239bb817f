"""A ``double`` of the small course, with slips, and what a student of it reads."""

from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from autograder.course.assignment import Assignment
from autograder.grading.diagnosis import explain
from autograder.grading.proxy import Call, Outcome
from autograder.grading.trials import AskedCase

RNG = np.random.default_rng(5)
SHORT = [RNG.normal(size=size) for size in (3, 4, 5, 3, 6, 4, 5, 3)]
LONG = [RNG.normal(size=size) for size in (8, 9, 12, 7)]
SLIPS = """
# alike: factor 1


def double(values):
    # fact: len(values) > 6: there are more than six values
    # fact: len(values) == 3: there are three values
    factor = 2
    total = [0.0] * len(values)
    #: a place i
    for i in range(len(values)):
        #: the place that is read
        place = i
        #: the value
        value = factor * values[place]
        #: what is added
        total[i] += value
    return total
"""
BEGIN = "What you return is, number by number, what comes out if "
MORE = "there are more than six values"
ELSEWHERE = "in every other call it is right."
END = ": look at that step of yours."


def told(
    assignment: Assignment,
    function: Callable[[Any], Any],
    *more: Any,
    public: Collection[int] = (),
) -> list[str]:
    """Return what a student with this ``double`` reads; public : numbers of calls."""
    calls = [called(function, x) for x in (*SHORT, *LONG, *more)]
    cases = [
        AskedCase(
            name=str(n),
            points=1,
            failed=is_wrong(call),
            calls=[call],
            is_public=n in public,
        )
        for n, call in enumerate(calls)
    ]
    return [d.message for d in explain(assignment, "q1_double", cases).diagnoses]


def called(function: Callable[[Any], Any], x: Any) -> Call:
    try:
        outcome = Outcome(function(x))
    except ValueError as error:
        outcome = Outcome(error="ValueError", complaint=str(error))
    return Call("double", (x,), {}, outcome)


def is_wrong(call: Call) -> bool:
    value, right = call.outcome.value, 2 * call.args[0]
    if isinstance(value, dict) or call.outcome.changed:
        return True
    if call.outcome.error or np.shape(value) != right.shape:
        return True
    return not np.allclose(value, right)
