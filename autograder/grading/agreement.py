"""Hold three answers to one call against one another: right, student's, a mistake's.

An answer is taken apart into cells, so that each is judged by its own evidence: what
was done to the inputs, every value of a tuple or dict, or the exception that ended it.
An exception is not a value: it equals no value, and another exception only where both
were raised in the same way (`complaint`).
"""

import itertools
import math
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import numpy as np
from checks import ATOL_OF_MAX, RTOL
from checks.probing import UNKNOWN

from autograder.grading.proxy import Outcome
from autograder.sandbox.complaint import alike

_MOST = 0.5
NOISE = 1e-12
"""Of the largest number in an answer, what may be left where sums cancel: a DFT's 1e-17
is a 0 that was reckoned in another order, and tells nothing of how."""
_EXACT = 2**53
_WHOLE = frozenset({bool, int, float, complex, str, bytes, type(None)})
"""Types of which most answers are, and that are one cell whatever is right."""
_OF_NUMBERS = frozenset({bool, int, float, complex, list, tuple, np.ndarray})
"""Types that numbers come in, mostly: what is none of them is looked at closely."""
_EXACTLY = frozenset({bool, int, str, bytes, type(None)})
"""Types of values that are not reckoned, but for whole numbers: there is no noise."""
_MOST_CELLS = 100
"""Of more parts than any right answer has, none is judged by itself."""
_LONGEST_KEY = 1000
"""Nor where a key has more characters: its cell would be named by all of them, again
and again."""
RAISED = "raised"
"""The one cell of a call that ended in an exception."""
INPUTS = "inputs"
"""The cell that holds what was done to the arguments."""


@dataclass(frozen=True)
class Held:
    """One call, three answers.

    off : cells in which the student is not right
    agrees : cells in which the mistake is not right and the student gives the same
    against : the mistake shows here and the student's answer is another one
    other : the cells in which it is, where both returned
    against_right : it shows where the student is right, so that no second mistake
        excuses it
    raises : the mistake ends in an exception where the right answer doesn't
    """

    off: frozenset[str] = frozenset()
    agrees: frozenset[str] = frozenset()
    against: bool = False
    other: frozenset[str] = frozenset()
    against_right: bool = False
    raises: bool = False


def hold(
    right: Outcome,
    student: Outcome,
    wrong: Outcome,
    *,
    off: frozenset[str] | None = None,
    touched: frozenset[str] | None = None,
) -> Held:
    """Compare what a known mistake gives with what the student gave, cell by cell.

    Where the student's function raised, values of the mistake are neither here nor
    there: another mistake may have come first.
    off, touched : `differing` cells of the student's answer and of the mistake's, for
        those who hold one answer against many
    """
    if student.error:
        return _held_raised(right, student, wrong)
    if right.error or wrong.error:
        return _held_one_raised(right, student, wrong)
    off = differing(right, student) if off is None else off
    touched = differing(right, wrong) if touched is None else touched
    s = _cells(student, right.value) if off or touched else {}
    known_off = frozenset(c for c in off if not _is_unknown(s.get(c)))
    if not touched:
        return Held(off=known_off)
    r, w = _cells(right, right.value), _cells(wrong, right.value)
    alike = {c: True if _is_noise(w, s, c, r) else _alike(w, s, c) for c in touched}
    # A value that is not there is right where none is missing or too many, not else.
    is_whole = s.keys() == r.keys()
    right_in = {c for c in touched - off if is_whole or (c in s and c in r)}
    other = frozenset(c for c in touched if alike[c] is False)
    return Held(
        off=known_off,
        agrees=frozenset(c for c in touched if alike[c]),
        against=bool(other),
        other=other,
        against_right=not other.isdisjoint(right_in),
    )


def hold_cell(
    right: Outcome, student: Outcome, cell: str, wrong: Any, *, is_known: bool = True
) -> Held:
    """Compare one cell of an answer with what would be wrong there.

    is_known : False where nothing is known to be there: that speaks against a student's
        wrong value
    """
    r, s = (_cells(outcome, right.value) for outcome in (right, student))
    off = differing(right, student)
    touched = not is_known or cell not in r or not same_values(r[cell], wrong)
    if not touched:
        return Held(off=off)
    agrees = is_known and cell in off and same_values(wrong, s.get(cell))
    is_right = cell not in off
    return Held(
        off=off,
        agrees=frozenset({cell}) if agrees else frozenset(),
        against=not agrees and (is_known or not is_right),
        against_right=is_known and is_right,
    )


def differing(right: Outcome, other: Outcome) -> frozenset[str]:
    """Return the cells in which an answer is not right; neither is an exception."""
    r, o = (_cells(outcome, right.value) for outcome in (right, other))
    unlike = (c for c in {*r, *o} if not _one(r, o, c))
    return frozenset(c for c in unlike if not _is_noise(r, o, c, r))


def same(first: Outcome, second: Outcome) -> bool:
    """Tell whether two outcomes are one answer; an exception is none."""
    if first.error or second.error:
        return False
    a, b = (_cells(o, first.value) for o in (first, second))
    return a.keys() == b.keys() and all(same_values(a[c], b[c]) for c in a)


def cells_of(outcome: Outcome, like: Outcome) -> AbstractSet[str]:
    """Return the names of an outcome's cells; of an exception there are none."""
    return _cells(outcome, like.value).keys() if not outcome.error else frozenset()


def cell_of(outcome: Outcome, like: Outcome, cell: str) -> Any:
    """Return the value in one cell of an outcome, or None."""
    return None if outcome.error else _cells(outcome, like.value).get(cell)


def same_values(a: Any, b: Any) -> bool:
    """Tell whether two values are one within the tolerances."""
    if _is_one_number(a) and _is_one_number(b):
        # As below, without arrays: most of what is compared are single numbers.
        return bool(abs(a - b) <= ATOL_OF_MAX * (abs(a) or 1.0) + RTOL * abs(b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same_values(a[k], b[k]) for k in a)
    x, y = numbers(a), numbers(b)
    if x is None or y is None:
        return x is y and _same_other(a, b)
    if x.shape != y.shape:
        return False
    # Of the largest numbers there are, absolute values and differences overflow.
    with np.errstate(all="ignore"):
        finite = np.abs(x[np.isfinite(x)])
        atol = ATOL_OF_MAX * (float(np.max(finite, initial=0.0)) or 1.0)
        if finite.size == x.size and np.isfinite(y).all():
            # `allclose` is this, and much about nan and inf: there are none here.
            y = y.astype(np.result_type(y, 1.0), copy=False)
            return bool((np.abs(x - y) <= atol + RTOL * np.abs(y)).all())
        return bool(np.allclose(x, y, rtol=RTOL, atol=atol, equal_nan=True))


def _is_unknown(value: Any) -> bool:
    """Tell whether a probe could say nothing of all that stands in a cell."""
    if isinstance(value, (list, tuple)):
        return bool(value) and all(map(_is_unknown, value))
    return isinstance(value, str) and value == UNKNOWN


def numbers(value: Any) -> np.ndarray[Any, Any] | None:
    """Return a value as an array of numbers; None where it is something else."""
    if type(value) not in _OF_NUMBERS and (
        isinstance(value, (str, bytes, dict)) or value is None or callable(value)
    ):
        return None
    try:
        array = np.asarray(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return array if array.dtype.kind in "biufc" else None


def contents(value: Any) -> set[str]:
    """Return the least and the largest of what a value consists of, in words.

    >>> contents((np.zeros((2, 3)), [0, 0]))
    {'0j'}
    """
    x = numbers(value)
    if x is not None:
        with np.errstate(all="ignore"):
            ends = (x.min(), x.max()) if x.size else ()
            return {repr(complex(end)) for end in ends}
    if isinstance(value, dict):
        value = [*value.values()]
    if isinstance(value, (list, tuple)):
        return set().union(*map(contents, value))
    # Python writes no int of more than 4,300 digits, but for its hexadecimal ones.
    return {hex(value) if isinstance(value, int) else repr(value)}


def _is_one_number(value: Any) -> bool:
    """Tell a plain number that a float is exact for."""
    if type(value) is int:
        return -_EXACT < value < _EXACT
    return type(value) is float and math.isfinite(value)


def _held_raised(right: Outcome, student: Outcome, wrong: Outcome) -> Held:
    if right.error and right.error == student.error:
        touched = wrong.error != right.error
        return Held(against=touched, against_right=touched)
    off = frozenset({RAISED})
    if not wrong.error or wrong.error == right.error:
        return Held(off=off)
    agrees = wrong.error == student.error and alike(student.complaint, wrong.complaint)
    return Held(off=off, agrees=off if agrees else frozenset(), raises=True)


def _held_one_raised(right: Outcome, student: Outcome, wrong: Outcome) -> Held:
    """Compare where the student's function gave a value, and another one raised."""
    if not right.error:
        is_right = same(right, student)
        off = frozenset() if is_right else frozenset({RAISED})
        return Held(off=off, against=True, against_right=is_right, raises=True)
    off = frozenset({RAISED})
    if wrong.error:
        return Held(off=off, against=wrong.error != right.error)
    agrees = same(wrong, student)
    return Held(off=off, agrees=off if agrees else frozenset(), against=not agrees)


def _cells(outcome: Outcome, like: Any) -> dict[str, Any]:
    """Take a value apart; `like` tells whether a list stands for a tuple."""
    value = outcome.value
    cells: dict[str, Any] = {INPUTS: [outcome.changed, outcome.left]}
    if type(value) in _WHOLE:
        return cells | {"value": value}
    if isinstance(value, (dict, tuple, list)) and len(value) > _MOST_CELLS:
        return cells | {"value": value}
    if isinstance(value, dict) and any(map(_is_endless, value)):
        return cells | {"value": value}
    if isinstance(value, dict):
        return cells | {f"[{key}]": item for key, item in value.items()}
    if _is_several(value, like):
        return cells | {f"{i} of {len(value)}": v for i, v in enumerate(value)}
    return cells | {"value": value}


def _is_endless(key: Any) -> bool:
    return isinstance(key, str) and len(key) > _LONGEST_KEY


def _is_several(value: Any, like: Any) -> bool:
    if isinstance(value, tuple):
        return True
    if isinstance(value, list) and numbers(value) is None:
        return True  # arrays of several shapes are a tuple in all but name
    return (
        isinstance(like, tuple)
        and isinstance(value, (list, np.ndarray))
        and np.ndim(value) > 0
        and len(value) == len(like)
    )


def _one(a: Mapping[str, Any], b: Mapping[str, Any], cell: str) -> bool:
    if cell == INPUTS:
        return _changed_alike(a[cell], b[cell])
    if cell not in a or cell not in b:
        return cell not in a and cell not in b
    x, y = a[cell], b[cell]
    if type(x) is int and type(y) is int:
        return x == y  # of eight digits the last two are within the tolerance
    return same_values(x, y)


def _is_noise(
    a: Mapping[str, Any], b: Mapping[str, Any], cell: str, right: Mapping[str, Any]
) -> bool:
    """Tell whether a cell differs by no more than rounding beside the right answer."""
    if cell == INPUTS or type(a.get(cell)) in _EXACTLY:
        return False
    x, y = numbers(a.get(cell)), numbers(b.get(cell))
    if x is None or y is None or x.shape != y.shape or "biu".count(x.dtype.kind):
        return False
    with np.errstate(all="ignore"):
        apart = float(np.max(np.abs(x - y), initial=0.0))
        return apart <= NOISE * max(
            (_largest(value) for c, value in right.items() if c != INPUTS), default=0.0
        )


def _largest(value: Any) -> float:
    """Return the largest absolute value among finite numbers, else 0."""
    x = numbers(value)
    if x is None:
        return 0.0
    size = np.abs(x)
    return float(np.max(size[np.isfinite(size)], initial=0.0))


def _alike(a: Mapping[str, Any], b: Mapping[str, Any], cell: str) -> bool | None:
    """Tell whether a cell holds one thing; None where a probe knew too little of it.

    Of a list it may know a part. What both know decides then
    """
    x, y = a.get(cell), b.get(cell)
    if _is_unknown(x) and _is_unknown(y):
        return None
    if cell == INPUTS or not (isinstance(x, list) and isinstance(y, list)):
        return _one(a, b, cell)
    if len(x) != len(y) or not any(map(_is_unknown, [*x, *y])):
        return _one(a, b, cell)
    pairs = zip(x, y, strict=True)
    known = [(p, q) for p, q in pairs if not (_is_unknown(p) or _is_unknown(q))]
    return all(itertools.starmap(same_values, known)) if known else None


def _changed_alike(a: Any, b: Any) -> bool:
    """Tell whether the same arguments hold, for the most part, the same values.

    A second mistake may show in what was written there too
    """
    (places, left), (others, theirs) = a, b
    if places != others:
        return False
    for x, y in zip(map(np.asarray, left), map(np.asarray, theirs), strict=True):
        if x.shape != y.shape or not {x.dtype.kind, y.dtype.kind} <= {*"biufc"}:
            return False
        if x.size and np.isclose(x, y, rtol=RTOL).mean() < _MOST:
            return False
    return True


def _same_other(a: Any, b: Any) -> bool:
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(map(same_values, a, b))
    return type(a) is type(b) and bool(a == b)
