"""Put the parts of answers in order where they came in another one.

Two parts that are exchanged look wrong in every call, and hide there what else is wrong
in them: a mean for a sum in dw is no longer in the place of dw. So they are put in
order first, and the rest is explained on what is then there. That the order is a
known mistake stands with the misconception (`Misconception.places`).
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.course.assignment import Misconception
from autograder.grading.agreement import numbers, same_values
from autograder.grading.proxy import Call
from autograder.grading.relations import part_name
from autograder.grading.trials import Asked, AskedCase, Cell

MOST_PARTS = 5
"""Parts of an answer, beyond which it is not looked for which is which."""
ENOUGH_CALLS = 3
"""Calls that must look right, or better, in another order."""
ENOUGH_OF_CALLS = 0.5
"""Their share of those that answered with as many parts as are right."""


@dataclass(frozen=True)
class Misplaced:
    """Parts that are missing, or too many.

    says : what the student reads
    places : of each part that is asked for, where it stands; None where it is missing
    """

    says: str
    places: tuple[int | None, ...]

    def cells(self, asked: Asked) -> set[Cell]:
        """Return the cells of missing parts, once they are put in order."""
        count = len(self.places)
        gone = {f"{i} of {count}" for i, p in enumerate(self.places) if p is None}
        return {(n, c) for n in range(len(asked.calls)) for c in asked.off(n) & gone}


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


def too_few_or_many(asked: Asked) -> Misplaced | None:
    """Tell of answers that all have one other number of parts which is which, or None.

    By what is right of them, or has the right shape
    """
    pairs = [
        (parts, right)
        for parts, right in _answers(asked)
        if isinstance(right, tuple) and isinstance(parts, (tuple, list))
        if len(parts) > 1
    ]
    counts = {(len(parts), len(right)) for parts, right in pairs}
    if len(pairs) < ENOUGH_CALLS or len(counts) != 1:
        return None
    ((count, asked_for),) = counts
    if count == asked_for or max(count, asked_for) > MOST_PARTS:
        return None
    own: list[int | None] = [*range(count), *[None] * (asked_for - count)]
    orders = sorted(set(itertools.permutations(own, asked_for)), key=_as_they_came)
    fits = [sum(_fit(_ordered(p, order), r) for p, r in pairs) for order in orders]
    if not max(fits):
        return None
    order = orders[fits.index(max(fits))]
    function = asked.calls[0].function
    names = [
        part_name(asked.assignment, function, f"{place} of {asked_for}")
        for place in range(asked_for)
    ]
    missing = [names[place] for place, found in enumerate(order) if found is None]
    # Which is missing is seen where each of the others looks like one in every call.
    there = [(i, place) for i, place in enumerate(order) if place is not None]
    if not all(_fit([p[place]], [r[i]]) for p, r in pairs for i, place in there):
        missing = []
    says = f"You return {count} values where {asked_for} are asked for"
    says += f": {_lowered(missing)} not among them." if missing else "."
    return Misplaced(says, order)


def _lowered(names: Sequence[str]) -> str:
    """Return several names within a sentence, and what they do there."""
    said = " and ".join(name[0].lower() + name[1:] for name in names)
    return f"{said} {'is' if len(names) == 1 else 'are'}"


def _as_they_came(order: tuple[int | None, ...]) -> tuple[int, ...]:
    """Return what sorts orders: those in which nothing was exchanged come first."""
    there = [place for place in order if place is not None]
    return (there != sorted(there), *(len(order) if p is None else p for p in order))


def put_in_order(
    cases: Sequence[AskedCase], places: Sequence[int | None]
) -> list[AskedCase]:
    """Return the cases with the parts of all their answers in the right order."""
    return [
        replace(case, calls=tuple(_put_in_order(call, places) for call in case.calls))
        for case in cases
    ]


def _put_in_order(call: Call, places: Sequence[int | None]) -> Call:
    value = call.outcome.value
    if _count(value) <= max(place for place in (*places, 1) if place is not None):
        return call
    return replace(call, outcome=replace(call.outcome, value=_ordered(value, places)))


def _parts(asked: Asked) -> Iterator[tuple[Sequence[Any], Sequence[Any]]]:
    """Yield the parts of a call's answer and of the right one, where as many."""
    for value, right in _answers(asked):
        if isinstance(right, tuple) and _count(value) == len(right) > 1:
            yield value, right


def _answers(asked: Asked) -> Iterator[tuple[Any, Any]]:
    """Yield what came back of a call, and what is right; None of an error."""
    for number, call in enumerate(asked.calls):
        yield call.outcome.value, asked.right(number).value


def _count(value: Any) -> int:
    """Count the parts of an answer; a list or an array counts as a tuple.

    0 where it has none, as one number, also in an array
    """
    if isinstance(value, np.ndarray):
        return len(value) if value.ndim else 0
    return len(value) if isinstance(value, (tuple, list)) else 0


def _ordered(parts: Sequence[Any], places: Sequence[int | None]) -> tuple[Any, ...]:
    return tuple(None if place is None else parts[place] for place in places)


def _fit(parts: Sequence[Any], right: Sequence[Any]) -> int:
    """Count what is right: a whole value for two, its shape alone for one."""
    return sum(
        2
        if same_values(part, expected)
        else _shape(part) == _shape(expected) is not None
        for part, expected in zip(parts, right, strict=True)
    )


def _shape(value: Any) -> tuple[int, ...] | None:
    """Return the shape of numbers; None of what is something else."""
    x = numbers(value)
    return None if x is None else tuple(x.shape)
