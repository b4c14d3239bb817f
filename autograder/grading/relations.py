"""What a wrong answer has to do with the right one, whatever the code looks like.

Turned over, in another shape, N times too large, without its negative numbers: such a
thing can be seen in the answers alone, in those to every call of a function. So it is
said where neither a known mistake nor a slip gives them. Each `Relation` turns a right
value into the wrong one; one that does so in every call is no chance.
"""

import ast
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import numpy as np

from autograder.course.assignment import Assignment
from autograder.grading.agreement import numbers, same_values
from autograder.grading.proxy import Call

Values = np.ndarray[Any, Any]
OF_PROBES = {
    "value": "What you return",
    "[loss]": "Your loss",
    "[losses]": "Your list of losses",
    "[accuracy]": "Your accuracy",
    "[output]": "With the same weights, the output of your network",
}
"""Parts of what a probe tells that are a student's own numbers, in words."""
MOST_ASKED = 64
"""Functions of which the names that they return are kept."""
MOST_AXES = 4
"""Of arrays with more, axes are not put in all orders."""
MOST_TIMES = 10_000
"""What is larger is no factor that is told."""
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")


@dataclass(frozen=True)
class Seen:
    """One wrong value of a call: what is right there and what the student gave.

    names : of the function's parameters
    is_public : numbers of it may be told; those of a hidden case are nobody's to read
    """

    names: tuple[str, ...]
    call: Call
    right: Values
    given: Values
    is_public: bool = False


@dataclass(frozen=True)
class Relation:
    """A way in which a wrong value comes from the right one.

    says : what the student reads, to follow "what you return", "your dw"
    of : the wrong value; None where there is none
    """

    says: str
    of: Callable[[Seen], Values | None]


def seen_of(
    names: tuple[str, ...],
    call: Call,
    right: Any,
    given: Any,
    *,
    is_public: bool = False,
) -> Seen | None:
    """Return a value to look at; None where either is no array of numbers."""
    r, g = numbers(right), numbers(given)
    if r is None or g is None or r.dtype.kind == "b" or g.dtype.kind == "b":
        return None
    return Seen(names, call, r, g, is_public)


def relations(seen: Seen) -> Iterator[Relation]:
    """Yield those that may hold, judged by one wrong value; the plainest first."""
    right, given = seen.right, seen.given
    if given.dtype.kind == "c" and right.dtype.kind != "c":
        yield Relation("is complex; its real part is right: return that", _complex)
    if given.shape != right.shape:
        if given.size == right.size:
            yield from _in_another_shape(seen)
        yield from _cut_or_longer(seen)
        return
    yield from _of_each_number()
    yield from _along_the_axes(right)
    yield from _times(seen)


def part_name(assignment: Assignment, function: str, cell: str) -> str:
    """Return what a part of an answer is called, at the beginning of a sentence.

    cell : one of the right answer's; the keys of another dict are a student's own words
    """
    if ":" in function and cell in OF_PROBES:
        return OF_PROBES[cell]
    if cell.startswith("["):
        return f"Your answer {cell}"
    place, _, count = cell.partition(" of ")
    if not count:
        return "What you return"
    names = _returned(assignment.reference_source, function)
    if len(names) == int(count):
        return f"Your {names[int(place)]}"
    if int(place) < len(_ORDINALS):
        return f"The {_ORDINALS[int(place)]} of the values that you return"
    return f"Of the values that you return, number {int(place) + 1}"


@lru_cache(MOST_ASKED)
def _returned(source: str, function: str) -> Sequence[str]:
    """Return the names that a function returns a tuple of, where it does."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            last = node.body[-1]
            if isinstance(last, ast.Return) and isinstance(last.value, ast.Tuple):
                items = last.value.elts
                names = [item.id for item in items if isinstance(item, ast.Name)]
                return names if len(names) == len(items) else ()
    return ()


def _complex(seen: Seen) -> Values | None:
    # Held against it as a whole, a nan or 1e300 beside it would hide any real part.
    if not _alike(seen) or not same_values(seen.right, np.real(seen.given)):
        return None
    return seen.given


def _alike(seen: Seen) -> bool:
    return bool(seen.right.shape == seen.given.shape)


def _in_another_shape(seen: Seen) -> Iterator[Relation]:
    def reshaped(seen: Seen) -> Values | None:
        fits = seen.given.size == seen.right.size
        return seen.right.reshape(seen.given.shape) if fits else None

    shapes = f"{seen.given.shape} where {seen.right.shape} is asked for"
    as_in = f", as in {shapes}" if seen.is_public else ""
    shapes = f": {shapes}" if seen.is_public else ""
    yield Relation(
        f"holds the right numbers, row after row, in another shape{shapes}", reshaped
    )
    for order in _orders(seen.right.ndim):
        yield Relation(
            f"is right but for the order of its axes: yours are {list(order)} of those "
            f"asked for{as_in}",
            partial(_transposed, order=order),
        )


def _cut_or_longer(seen: Seen) -> Iterator[Relation]:
    if seen.given.ndim != seen.right.ndim:
        return
    yield Relation("is right but for a border of zeros around it", _in_a_border)
    for axis in range(seen.right.ndim):
        where = f" along axis {axis}" if seen.right.ndim > 1 else ""
        yield Relation(
            f"is right but for the last values{where}, which are missing",
            partial(_part, axis=axis, kept=slice(0, -1)),
        )
        yield Relation(
            f"is right but for the first values{where}, which are missing",
            partial(_part, axis=axis, kept=slice(1, None)),
        )
        for says, before in (("behind", 0), ("before", 1)):
            yield Relation(
                f"is right but for a zero too many {says} the values{where}",
                partial(_with_zero, axis=axis, before=before),
            )


def _in_a_border(seen: Seen) -> Values | None:
    return np.pad(seen.right, 1) if seen.right.ndim == seen.given.ndim else None


def _of_each_number() -> Iterator[Relation]:
    functions: dict[str, Callable[[Values], Any]] = {
        "has the wrong sign, everywhere": np.negative,
        "is right where that is positive, and 0 where it is negative": _positive,
        "has lost the signs: it is the absolute value of what is right": np.abs,
        "is rounded to whole numbers": np.round,
        "is cut off to whole numbers, without what stands behind the point": _cut_off,
        "is rounded down to whole numbers": _floored,
        "holds the real parts only": np.real,
        "is the complex conjugate of what is right": np.conj,
        "is the square of what is right": np.square,
        "is the square root of what is right": _root,
        "is 1 over what is right": _inverse,
    }
    for says, function in functions.items():
        yield Relation(says, partial(_applied, function=function))


def _positive(values: Values) -> Values | None:
    return None if values.dtype.kind == "c" else np.maximum(values, 0)


def _cut_off(values: Values) -> Values | None:
    return None if values.dtype.kind == "c" else np.trunc(values)


def _floored(values: Values) -> Values | None:
    return None if values.dtype.kind == "c" else np.floor(values)


def _root(values: Values) -> Values | None:
    return np.sqrt(values) if values.dtype.kind != "c" and (values >= 0).all() else None


def _inverse(values: Values) -> Values | None:
    return 1 / values if values.all() else None


def _along_the_axes(right: Values) -> Iterator[Relation]:
    axes = range(right.ndim)
    named = "" if right.ndim == 1 else " along axis {}"
    for count in range(1, min(right.ndim, MOST_AXES) + 1):
        for some in itertools.combinations(axes, count):
            where = named.format(" and ".join(map(str, some)))
            yield Relation(
                f"is right but runs backwards{where}",
                partial(_flipped, axes=some),
            )
    for order in _orders(right.ndim):
        yield Relation(
            f"is right but for the order of its axes: yours are {list(order)} of those "
            "asked for",
            partial(_transposed, order=order),
        )
    for axis in axes:
        where = named.format(axis)
        for step, side in ((1, "on"), (-1, "back")):
            yield Relation(
                f"is right but one place too far {side}{where}, round the end",
                partial(_rolled, axis=axis, step=step),
            )
            yield Relation(
                f"is right but one place too far {side}{where}, with a 0 at the end",
                partial(_shifted, axis=axis, step=step),
            )
        for place, says in ((-1, "last"), (0, "first")):
            yield Relation(
                f"is right but for the {says} values{where}, which are 0",
                partial(_zeroed, axis=axis, place=place),
            )
            yield Relation(
                f"has in every place{where} what is right for the {says} one",
                partial(_repeated, axis=axis, place=place),
            )


def _times(seen: Seen) -> Iterator[Relation]:
    """Yield what it may be a multiple of: a number, or one of the call's sizes."""
    factor = _factor(seen)
    if factor is None:
        return
    if _is_plain(factor) or _is_plain(1 / factor):
        times = (
            f"{factor:.4g} times" if seen.is_public else "always the same multiple of"
        )
        yield Relation(
            f"is {times} what is right, everywhere", partial(_scaled, factor=factor)
        )
    for name, size in _sizes(seen.names, seen.call.args).items():
        for text, power in ((f"{name} times", 1), (f"1 / ({name}) times", -1)):
            if size > 1 and np.isclose(factor, float(size) ** power, rtol=1e-4):
                yield Relation(
                    f"is {text} what is right, everywhere",
                    partial(_multiple, name=name, power=power),
                )


def _is_plain(factor: float) -> bool:
    """Tell a factor that somebody may have written down: whole, or a half or a third.

    One that was measured on a single value would fit that value whatever it is; so
    would one that is next to 0, or so large that its neighbours are whole, too
    """
    return 1 / 4 < abs(factor) < MOST_TIMES and any(
        np.isclose(factor * n, round(factor * n), rtol=1e-6, atol=0) for n in (1, 2, 3)
    )


def _factor(seen: Seen) -> float | None:
    """Return the one number that the right value was multiplied by, if it is one."""
    is_complex = "c" in {seen.right.dtype.kind, seen.given.dtype.kind}
    if not _alike(seen) or not seen.right.size or is_complex:
        return None
    place = int(np.argmax(np.abs(seen.right)))
    largest = float(seen.right.flat[place])
    if not largest or not np.isfinite(largest):
        return None
    factor = float(seen.given.flat[place]) / largest
    return factor if np.isfinite(factor) and factor not in {0.0, 1.0, -1.0} else None


def _applied(seen: Seen, function: Callable[[Values], Any]) -> Values | None:
    return function(seen.right) if _alike(seen) else None


def _flipped(seen: Seen, axes: Sequence[int]) -> Values | None:
    return np.flip(seen.right, tuple(axes)) if _has(seen, axes) else None


def _rolled(seen: Seen, axis: int, step: int) -> Values | None:
    return np.roll(seen.right, step, axis) if _has(seen, [axis]) else None


def _scaled(seen: Seen, factor: float) -> Values | None:
    return seen.right * factor if _alike(seen) else None


def _multiple(seen: Seen, name: str, power: int) -> Values | None:
    size = _sizes(seen.names, seen.call.args).get(name)
    if not size or not _alike(seen):
        return None
    return seen.right * float(size) ** power


def _sizes(names: Sequence[str], args: Sequence[Any]) -> Mapping[str, int]:
    """Return the whole numbers among a call's arguments, and sizes of its arrays."""
    sizes: dict[str, int] = {}
    for which, value in zip(names, args, strict=False):
        if isinstance(value, int) and not isinstance(value, bool):
            sizes[which] = value
        x = numbers(value)
        if x is None or not x.ndim:
            continue
        sizes[f"the size of {which}"] = x.size
        if x.ndim > 1:
            for axis, length in enumerate(x.shape):
                sizes[f"the length of axis {axis} of {which}"] = length
    for (a, m), (b, n) in itertools.combinations(list(sizes.items()), 2):
        sizes[f"{a} times {b}"] = m * n
    return sizes


def _orders(ndim: int) -> Iterator[tuple[int, ...]]:
    if 1 < ndim <= MOST_AXES:
        yield from itertools.islice(itertools.permutations(range(ndim)), 1, None)


def _has(seen: Seen, axes: Sequence[int]) -> bool:
    return _alike(seen) and max(axes) < seen.right.ndim


def _transposed(seen: Seen, order: tuple[int, ...]) -> Values | None:
    return seen.right.transpose(order) if seen.right.ndim == len(order) else None


def _part(seen: Seen, axis: int, kept: slice) -> Values | None:
    if axis >= seen.right.ndim:
        return None
    return seen.right[(slice(None),) * axis + (kept,)]


def _with_zero(seen: Seen, axis: int, before: int) -> Values | None:
    if axis >= seen.right.ndim:
        return None
    widths = [(0, 0)] * seen.right.ndim
    widths[axis] = (before, 1 - before)
    return np.pad(seen.right, widths)


def _shifted(seen: Seen, axis: int, step: int) -> Values | None:
    if not _has(seen, [axis]):
        return None
    shifted = np.roll(seen.right, step, axis)
    end = 0 if step > 0 else -1
    if shifted.shape[axis]:
        shifted[(slice(None),) * axis + (end,)] = 0
    return shifted


def _zeroed(seen: Seen, axis: int, place: int) -> Values | None:
    if not _has(seen, [axis]):
        return None
    zeroed = seen.right.copy()
    if zeroed.shape[axis]:
        zeroed[(slice(None),) * axis + (place,)] = 0
    return zeroed


def _repeated(seen: Seen, axis: int, place: int) -> Values | None:
    if not _has(seen, [axis]) or not seen.right.shape[axis]:
        return None
    one = seen.right.take([place], axis)
    return np.broadcast_to(one, seen.right.shape)
