"""How much the arguments of a call may make one of our own functions compute."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

MOST_ELEMENTS = 1024
"""Of all arrays together, axes of length 0 counted as 1: others may be made of their
shapes."""
MOST_OF_SIZES = 4
"""An array of no more values may be meant as a size, or as a pair or shape of them."""
MOST_ITEMS = 256
"""Of lists and the like, all together, with the characters of texts."""
MOST_BESIDE_ARRAYS = 32.0
"""The largest number beside arrays: it may be a padding, on both sides of an axis."""
MOST_WITHOUT_ARRAYS = 1000.0
"""The largest number where there are no arrays: it may be a size."""


def is_small(values: Iterable[Any]) -> bool:
    """Tell whether a function of ours is soon done with these, whichever it is.

    Soon is within milliseconds by and large, and less than 100 MiB. What an array of
    some length holds is no size. Of what is no plain value nobody can tell, nor of text
    that is no name: ``"%1000000000d" % 3`` is a gigabyte

    >>> is_small([np.zeros((5, 8)), "same", (1, 2)])
    True
    >>> is_small([np.zeros((5, 8)), "same", (1, 2000)])
    False
    """
    size = _Size()
    return all(map(size.takes, values))


class _Size:
    """What has been met so far."""

    def __init__(self) -> None:
        self._elements = self._items = 0
        self._largest = 0.0

    def takes(self, value: Any) -> bool:
        """Add a value; False where it is too much, or none that can be told."""
        self._items += 1
        if isinstance(value, np.ndarray):
            self._add_array(value)
        elif isinstance(value, (list, tuple)):
            if not all(map(self.takes, value)):
                return False
        elif isinstance(value, dict):
            if not all(map(self.takes, value.values())):
                return False
        elif isinstance(value, str):
            self._items += len(value) if _is_a_name(value) else MOST_ITEMS
        elif isinstance(value, (int, float, complex, np.generic)):
            self._largest = max(self._largest, _size_of(value))
        elif value is not None:
            return False
        most = MOST_BESIDE_ARRAYS if self._elements else MOST_WITHOUT_ARRAYS
        return (
            self._elements <= MOST_ELEMENTS
            and self._items <= MOST_ITEMS
            and self._largest <= most
        )

    def _add_array(self, value: np.ndarray[Any, Any]) -> None:
        self._elements += math.prod(max(length, 1) for length in value.shape)
        if value.size <= MOST_OF_SIZES:
            self._largest = max(self._largest, *map(_size_of, value.flat), 0.0)


def _is_a_name(text: str) -> bool:
    return not text or text.isidentifier()


def _size_of(number: Any) -> float:
    """Return how large a number is, infinite where it has no size."""
    try:
        size = abs(complex(number))
    except (OverflowError, TypeError, ValueError):
        return np.inf
    return size if np.isfinite(size) else np.inf
