"""Points are decimal numbers: what authors write is added exactly, never in floats."""

from collections.abc import Iterable
from fractions import Fraction


def total(points: Iterable[float]) -> float:
    """Return the sum of the numbers that floats are printed as.

    >>> total([5.8] * 10 + [42]), total([0.1] * 3)
    (100.0, 0.3)
    """
    return float(sum((Fraction(repr(float(one))) for one in points), Fraction(0)))
