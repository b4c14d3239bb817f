"""Put the parts of answers in order where they came in another one.

Two parts that are exchanged look wrong in every call, and hide there what else is wrong
in them: a mean for a sum in dw is no longer in the place of dw. So they are put in
order first, and the rest is explained on what is then there. That the order is a
known mistake stands with the misconception (`Misconception.places`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograder.course.assignment import Misconception
from autograder.grading.agreement import same_values
from autograder.grading.proxy import Call
from autograder.grading.trials import Asked, AskedCase

ENOUGH_CALLS = 3
"""Calls that must look right, or better, in another order."""
ENOUGH_OF_CALLS = 0.5
"""Their share of those that answered with as many parts as are right."""


def order_of_parts(
    asked: Asked, known: Sequence[Misconception]
) -> Misconception | None:
    """Return the known mistake in whose order all answers came, or None.

    No call may speak for the order that is right
    """
    known = [mistake for mistake in known if mistake.places]
    if not known:
        return None
    pairs = list(_parts(asked))
    enough = max(ENOUGH_CALLS, ENOUGH_OF_CALLS * len(pairs))
    gained: dict[Misconception, int] = {}
    for mistake in known:
        gains = [
            _fit(_ordered(parts, mistake.places), right) - _fit(parts, right)
            for parts, right in pairs
            if len(parts) == len(mistake.places)
        ]
        if sum(gain > 0 for gain in gains) >= enough and min(gains) >= 0:
            gained[mistake] = sum(gains)
    return max(gained, key=lambda mistake: gained[mistake], default=None)


def put_in_order(cases: Sequence[AskedCase], places: Sequence[int]) -> list[AskedCase]:
    """Return the cases with the parts of all their answers in the right order."""
    return [
        replace(case, calls=tuple(_put_in_order(call, places) for call in case.calls))
        for case in cases
    ]


def _put_in_order(call: Call, places: Sequence[int]) -> Call:
    if not _is_several(call.outcome.value, len(places)):
        return call
    outcome = replace(call.outcome, value=_ordered(call.outcome.value, places))
    return replace(call, outcome=outcome)


def _parts(asked: Asked) -> Iterator[tuple[Sequence[Any], Sequence[Any]]]:
    """Yield the parts of a call's answer and of the right one, where as many."""
    for number, call in enumerate(asked.calls):
        right = asked.right(number)
        if call.outcome.error or right.error or not isinstance(right.value, tuple):
            continue
        if _is_several(call.outcome.value, len(right.value)):
            yield call.outcome.value, right.value


def _is_several(value: Any, count: int) -> bool:
    """Tell an answer of so many parts; a list or an array counts as a tuple."""
    if isinstance(value, np.ndarray) and not value.ndim:
        return False
    return isinstance(value, (tuple, list, np.ndarray)) and len(value) == count > 1


def _ordered(parts: Sequence[Any], places: Sequence[int]) -> tuple[Any, ...]:
    return tuple(parts[place] for place in places)


def _fit(parts: Sequence[Any], right: Sequence[Any]) -> int:
    """Count what is right: a whole value for two, its shape alone for one."""
    return sum(
        2 if same_values(part, expected) else _shape(part) == _shape(expected)
        for part, expected in zip(parts, right, strict=True)
    )


def _shape(value: Any) -> tuple[int, ...] | None:
    try:
        return tuple(np.shape(value))
    except (ValueError, TypeError, OverflowError):  # rows of different lengths
        return None
