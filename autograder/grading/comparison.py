"""Keep both sides of a public comparison, where they are few enough to plot."""

from collections.abc import Sequence

import numpy as np

from autograder.grading.case_record import Failure
from autograder.grading.proxy import Call
from autograder.kinds import Kind
from autograder.records.results import Comparison, kept

MAX_PLOTTED = 4096
"""Values of a public case that a report may plot."""


def compare(failure: Failure, calls: Sequence[Call]) -> Comparison | None:
    """Return both sides of a public comparison where they are few enough to plot."""
    if failure.kind not in {Kind.VALUE, Kind.SHAPE}:
        return None
    sides = []
    for side in (failure.expected, failure.actual):
        try:
            array = np.asarray(side)
        except (ValueError, TypeError, OverflowError, MemoryError):
            return None
        if array.dtype.kind not in "iufc" or not 1 < array.size <= MAX_PLOTTED:
            return None
        sides.append(np.abs(array) if array.dtype.kind == "c" else array)
    expected, actual = sides
    return Comparison(
        call=str(calls[-1]) if calls else "",
        expected=tuple(kept(float(value)) for value in expected.ravel()),
        actual=tuple(kept(float(value)) for value in actual.ravel()),
        expected_shape=expected.shape,
        actual_shape=actual.shape,
    )
