"""How much a student's value would become as one array, and what it takes as it is.

A reply of a few bytes can ask for terabytes: an array of shape (2^28, 0), one array
named 10^5 times, one long text beside 10^5 empty ones. What compares, stacks; so the
size is reckoned before anything does.
What is kept of many answers is bounded by what they take as they are, text and the
keys of dicts included.
"""

import math
import sys
from typing import Any

import numpy as np

MOST_NUMBERS = 2**25
"""256 MiB as float64, five times what one reply can carry."""
_OF_AN_OBJECT = 64
"""Bytes that Python takes for a number, and for the place that it stands in."""
_SMALL = frozenset({float, bool, type(None), complex})
"""What takes no more, whatever its value; most of what is met, so it is asked first."""


def stacked(value: Any) -> int:
    """Return how many elements a value has at most as one array.

    Axes of length 0 count as 1, text by its characters, a dict by its parts

    >>> stacked([np.zeros(3)] * 4), stacked(np.zeros((5, 0))), stacked(["abc", ""])
    (12, 5, 6)
    """
    if isinstance(value, np.ndarray):
        return math.prod(max(length, 1) for length in value.shape)
    if isinstance(value, (list, tuple)):
        return len(value) * max(map(stacked, value), default=0)
    if isinstance(value, dict):
        return sum(map(stacked, value.values()))
    if isinstance(value, str):
        return max(len(value), 1)
    return 1


def held(value: Any) -> int:
    """Return about how many bytes of memory a plain value takes.

    What stands in it twice counts twice

    >>> held(np.zeros(100)), held([1, 2.5]), held({"a" * 1000: None}) > 1000
    (864, 192, True)
    """
    if type(value) in _SMALL:
        return _OF_AN_OBJECT
    if isinstance(value, np.ndarray):
        return _OF_AN_OBJECT + int(value.nbytes)
    if isinstance(value, (list, tuple)):
        return _OF_AN_OBJECT + sum(map(held, value))
    if isinstance(value, dict):
        contents = sum(held(key) + held(item) for key, item in value.items())
        return sys.getsizeof(value) + contents
    # A letter takes up to four bytes, and an int may have thousands of digits.
    return max(_OF_AN_OBJECT, sys.getsizeof(value))


def about(count: int) -> str:
    """Write a large count as people do.

    >>> about(600_000_000_000), about(268_435_456)
    ('6·10^11', '3·10^8')
    """
    exponent = len(str(count)) - 1
    return f"{round(count / 10**exponent)}·10^{exponent}"
