"""How much an answer tells, in bits: whether it could be the same by chance.

Thirty random values that equal a known mistake's are no coincidence; one 0 is, and so
are an empty array, a True and a small whole number. A name needs more than chance among
all the misconceptions of a question can give.
"""

from collections import Counter
from collections.abc import Sequence
from math import comb, hypot, isclose, isfinite, log2
from typing import Any

import numpy as np

from autograder.grading.agreement import NOISE, numbers, same_values

ENOUGH = 10.0
"""Bits for one name: some thirty misconceptions are tried on a question (5 bits)."""
ENOUGH_OF_ALL = 5.0
"""Bits for the one name that gives every wrong answer of a function."""
ENOUGH_FOR_TWO = 16.0
"""Bits for two names at once: there are some hundred pairs."""
ENOUGH_OF_AN_EXCEPTION = 3.0
"""Bits that the calls which raised must tell, beside the exception's kind and words."""
_CAP = 40.0
_OF_A_REAL_NUMBER = 12.0
_OF_AN_INT_AT_MOST = 10.0
_OF_A_SHAPE = 3.0
_OF_AN_INPUT = 2.0
_OF_ANYTHING_ELSE = 1.0
_OF_WORDS = 4.0
_SAMPLE = 64
"""So many distinct values are looked at: more than the cap needs."""


def bits(right: Any, student: Any, inputs: Sequence[Any] = ()) -> float:
    """Return what a wrong answer tells about how it was computed.

    right : None where an error was asked for
    inputs : the arguments: a function that hands one back has computed nothing
    """
    known = _OF_AN_INPUT if _is_one_of(student, inputs) else _CAP
    with np.errstate(all="ignore"):
        told = _bits(right, student) + (_OF_WORDS if right is None else 0.0)
    return min(known, told)


def bits_of_raising(error: str) -> float:
    """Return what an objection of a probe tells, or an exception beside values."""
    return _OF_WORDS if ": " in error else _OF_AN_INPUT


def pattern_bits(wrong: int, of: int) -> float:
    """Return what it tells that just these calls, or values, went wrong of so many.

    Half of it: those of one kind go wrong together
    """
    return log2(comb(of, wrong)) / 2


def order_bits(counts: Sequence[int]) -> float:
    """Return what it tells that so many values of each kind lie in just this order."""
    total, told = 0, 0.0
    for count in counts:
        total += count
        told += log2(comb(total, count)) / 2
    return told


def _bits(right: Any, student: Any) -> float:
    x = numbers(student)
    if x is not None:
        return _bits_of_numbers(numbers(right), x)
    if isinstance(student, dict):
        other = right if isinstance(right, dict) else {}
        items = [(other.get(k), v) for k, v in student.items()]
    elif isinstance(student, (list, tuple)):
        alike = isinstance(right, (list, tuple)) and len(right) == len(student)
        items = list(
            zip(right if alike else [None] * len(student), student, strict=True)
        )
    else:
        return _OF_ANYTHING_ELSE
    told = sum(_bits(r, s) for r, s in items[:_SAMPLE] if not same_values(r, s))
    return min(_CAP, max(_OF_ANYTHING_ELSE, told))


def _bits_of_numbers(
    right: np.ndarray[Any, Any] | None, x: np.ndarray[Any, Any]
) -> float:
    if right is not None:
        # Compared, they are 0: numbers next to nothing tell no more than that.
        large = np.abs(right[np.isfinite(right)]).max(initial=0)
        x = np.where(np.abs(x) <= NOISE * large, 0, x)
    of_places, near = 0.0, x
    if right is None or right.shape != x.shape:
        of_places = _OF_A_SHAPE
    elif x.ndim:
        wrong = ~np.isclose(x, right, rtol=1e-6, atol=1e-9, equal_nan=True)
        near = x[wrong]
        of_places = pattern_bits(near.size, x.size)
    values = [complex(value) for value in near[np.isfinite(near)][:_SAMPLE]]
    kinds = Counter(f"{value:.5g}" for value in values)
    # Of the largest numbers the absolute value is beyond every float: hypot gives inf.
    found = [hypot(value.real, value.imag) for value in values]
    sizes = {f"{size:.5g}": size for size in found}
    told = sum(map(_bits_of_number, sizes.values())) + order_bits(list(kinds.values()))
    if right is not None and right.size == x.size == 1 and _is_next(right, x):
        told = _OF_ANYTHING_ELSE
    return min(_CAP, max(_OF_ANYTHING_ELSE, of_places + told))


def _bits_of_number(value: float) -> float:
    if _is_whole(value):
        return min(_OF_AN_INT_AT_MOST, max(_OF_ANYTHING_ELSE, log2(1 + value)))
    if any(_is_whole(value * n) for n in range(2, 13)):
        return _OF_A_SHAPE
    return _OF_A_REAL_NUMBER


def _is_whole(value: float) -> bool:
    """Tell a whole number, also one that was reckoned in single precision."""
    return isfinite(value) and isclose(value, round(value), rel_tol=1e-6, abs_tol=1e-9)


def _is_next(right: np.ndarray[Any, Any], x: np.ndarray[Any, Any]) -> bool:
    """Tell an answer that is off by one, as many mistakes make it."""
    apart = complex(x.flat[0]) - complex(right.flat[0])
    return hypot(apart.real, apart.imag) == 1


def _is_one_of(value: Any, inputs: Sequence[Any]) -> bool:
    return isinstance(value, np.ndarray) and any(
        isinstance(i, np.ndarray) and same_values(i, value) for i in inputs
    )
