"""Take an answer apart that should be several values."""

from typing import Any

import numpy as np

from checks.failure import CheckFailedError


def fields(actual: Any, *names: str) -> tuple[Any, ...]:
    """Return the values of an answer that should be a tuple with one value a name.

    A list or an array counts as a tuple.
    Raises CheckFailedError where it is another type or has another length
    >>> fields((3, 1), "size", "jump")
    (3, 1)
    """
    wanted = f"a tuple ({', '.join(names)})"
    if actual is None:
        message = f"your function returned None, it should return {wanted}"
        raise CheckFailedError("none", message, coarse=message)
    if isinstance(actual, np.ndarray) and actual.ndim:
        actual = tuple(actual)
    if not isinstance(actual, (tuple, list)):
        message = f"your answer is a {type(actual).__name__}, it should be {wanted}"
        raise CheckFailedError("type", message, coarse=message)
    if len(actual) != len(names):
        message = f"your answer has {len(actual)} values, it should be {wanted}"
        coarse = f"your answer has not as many values as it should, {wanted}"
        raise CheckFailedError("shape", message, coarse=coarse)
    return tuple(actual)
