"""Functions of an array to one number, for tests that hand a function to yours.

They stand here, and not in the tests, because in grading your code runs in another
process: what travels there is the name.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def sum_of_squares(x: Array) -> float:
    """Add up the squares of the elements.

    >>> sum_of_squares(np.array([1.0, -3.0]))
    10.0
    """
    return float(np.sum(x**2))


def sum_of_cubes(x: Array) -> float:
    """Add up the third powers of the elements.

    >>> sum_of_cubes(np.array([1.0, -2.0]))
    -7.0
    """
    return float(np.sum(x**3))


def sum_of_sines(x: Array) -> Array:
    """Add up the sines of the elements; the answer is an array without axes.

    >>> sum_of_sines(np.array([0.0, np.pi / 2]))
    array(1.)
    """
    return np.asarray(np.sum(np.sin(x)))


def weighted_sum(x: Array) -> float:
    """Add up the elements, the first one once, the next one twice, and so on.

    The elements are counted row by row.

    >>> weighted_sum(np.array([[5.0, 0.0], [0.0, 1.0]]))
    9.0
    """
    return float(np.sum(x.ravel() * np.arange(1, x.size + 1)))


def sum_with_halves(x: Array) -> float:
    """Add up the elements, the first one 1.5 times, the next one 2.5 times, and so on.

    The elements are counted row by row.

    >>> sum_with_halves(np.array([2.0, 4.0]))
    13.0
    """
    return float(np.sum(x.ravel() * (np.arange(x.size) + 1.5)))


def products_of_neighbours(x: Array) -> float:
    """Add up the products of elements that follow one another, row by row.

    >>> products_of_neighbours(np.array([2.0, 3.0, 10.0]))
    36.0
    """
    row = x.ravel()
    return float(np.sum(row[:-1] * row[1:]))


def norm(x: Array) -> float:
    """Take the root of one more than the sum of the squares.

    >>> norm(np.array([2.0, 2.0]))
    3.0
    """
    return float(np.sqrt(1.0 + np.sum(x**2)))
