"""Take an answer apart that should be several values.

Two values that are exchanged are one slip. Where each is told by itself which it is,
`in_any_order` lets cases look at the values, and `in_order` asks the order in a case of
its own.
"""

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np

from checks.failure import CheckFailedError

MOST = 6
"""Values of an answer, beyond which it is not looked for what they are."""


class Missing:
    """Stands for a value that is not among those of an answer; no check takes it.

    why : a sentence without any value of the test or the answer
    """

    def __init__(self, why: str) -> None:
        self.why = why

    def __repr__(self) -> str:
        """Write it as what came in its place."""
        return "None"


def fields(actual: Any, *names: str) -> tuple[Any, ...]:
    """Return the values of an answer that should be a tuple with one value a name.

    A list or an array counts as a tuple.
    Raises CheckFailedError where it is another type or has another length
    >>> fields((3, 1), "size", "jump")
    (3, 1)
    """
    values = _several(actual, names)
    if len(values) != len(names):
        wanted = f"a tuple ({', '.join(names)})"
        message = f"your answer has {len(values)} values, it should be {wanted}"
        coarse = f"your answer has not as many values as it should, {wanted}"
        raise CheckFailedError("shape", message, coarse=coarse)
    return values


def _several(actual: Any, names: Sequence[str]) -> tuple[Any, ...]:
    """Return the values of an answer, however many; raises as `fields` does."""
    wanted = f"a tuple ({', '.join(names)})"
    if actual is None:
        message = f"your function returned None, it should return {wanted}"
        raise CheckFailedError("none", message, coarse=message)
    if isinstance(actual, np.ndarray) and actual.ndim:
        actual = tuple(actual)
    if not isinstance(actual, (tuple, list)):
        message = f"your answer is a {type(actual).__name__}, it should be {wanted}"
        raise CheckFailedError("type", message, coarse=message)
    return tuple(actual)


def in_any_order(actual: Any, **expected: Any) -> tuple[Any, ...]:
    """Return the values of an answer in the order of `expected`, whatever theirs was.

    expected : under each value's name what is right. An array answers for the one that
        has its shape, a number or a word for the one that it equals. Where no other
        order fits more of them, the values stay as they came
    Of values that are too many those are left out that fit least, and `Missing` stands
    for one that is not there, or None: so what is there still counts.
    Raises CheckFailedError where it is no tuple, and where none of too few or too many
    values fits
    >>> in_any_order((2, 5), size=5, jump=2)
    (5, 2)
    >>> in_any_order((2, 6), size=5, jump=2)
    (6, 2)
    >>> in_any_order((3, 6), size=5, jump=2)
    (3, 6)
    >>> in_any_order((2,), size=5, jump=2)
    (None, 2)
    """
    values, right = _several(actual, tuple(expected)), tuple(expected.values())
    if len(values) != len(right):
        some_fit = any(_fits(value, one) for value in values[:MOST] for one in right)
        # Of many numbers, one is always right: only arrays are told by their shapes.
        is_chosen = len(values) > len(right) and not all(map(np.shape, right))
        if not some_fit or is_chosen or len(values) > MOST:
            return fields(actual, *expected)
        values += (None,) * (len(right) - len(values))
    order = _best_order(values, right)
    return tuple(
        Missing(f"`{name}` is not among the values that your function returned")
        if values[i] is None and one is not None
        else values[i]
        for i, (name, one) in zip(order, expected.items(), strict=True)
    )


def in_order(actual: Any, **expected: Any) -> tuple[Any, ...]:
    """Return the values of an answer, which stand in the order of `expected`.

    Raises CheckFailedError where they fit better in another order, see `in_any_order`
    >>> in_order((5, 3), size=5, jump=2)
    (5, 3)
    """
    values = fields(actual, *expected)
    order = _best_order(values, tuple(expected.values()))
    if order != tuple(sorted(order)):
        names = tuple(expected)
        came = ", ".join(names[order.index(i)] for i in range(len(names)))
        wanted = ", ".join(names)
        message = f"your answer is ({came}), it should be ({wanted})"
        coarse = f"your answer has its values in another order than ({wanted})"
        raise CheckFailedError("value", message, coarse=coarse)
    return values


def _best_order(values: Sequence[Any], expected: Sequence[Any]) -> tuple[int, ...]:
    """Return where each expected value is found, the first order that fits most."""

    def fitting(order: tuple[int, ...]) -> int:
        pairs = zip(order, expected, strict=True)
        return sum(_fits(values[i], right) for i, right in pairs)

    places = itertools.permutations(range(len(values)), len(expected))
    return max(places, key=fitting)


def _fits(value: Any, right: Any) -> bool:
    """Tell whether a value may be the one that is right here, whole arrays by shape."""
    try:
        shape = np.shape(value)
    except (ValueError, TypeError, OverflowError):  # rows of different lengths
        return False
    return shape == np.shape(right) and (bool(shape) or bool(value == right))
