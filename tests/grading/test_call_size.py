"""What is small enough to be computed by the grader itself."""

from typing import Any

import numpy as np
import pytest

from autograder.grading.call_size import (
    MOST_BESIDE_ARRAYS,
    MOST_ELEMENTS,
    MOST_ITEMS,
    MOST_WITHOUT_ARRAYS,
    is_small,
)
from autograder.worker.values import Own

HALF = np.zeros(MOST_ELEMENTS // 2)


@pytest.mark.parametrize(
    ("largest", "one_more"),
    [
        ([HALF, [HALF]], [HALF, {"a": HALF}, np.zeros(1)]),
        ([np.full(5, 10**9)], [np.full(5, 10**9), 10**9]),
        ([[0] * (MOST_ITEMS - 1)], [[0] * MOST_ITEMS]),
        (["a" * (MOST_ITEMS - 1)], ["a" * MOST_ITEMS]),
        (["", "max_pool"], ["%1000000000d"]),
        ([np.array(32)], [np.array(33)]),
        ([np.full((2, 2), -32.0)], [np.full((2, 2), -33.0)]),
        ([np.array([np.inf] * 5)], [np.array([np.inf])]),
        ([np.zeros((0, MOST_ELEMENTS))], [np.zeros((0, MOST_ELEMENTS + 1))]),
        ([np.zeros((MOST_ELEMENTS, 0))], [np.zeros((2**20, 0, 2**20))]),
        ([MOST_WITHOUT_ARRAYS], [MOST_WITHOUT_ARRAYS + 1]),
        ([-MOST_WITHOUT_ARRAYS], [-MOST_WITHOUT_ARRAYS - 1]),
        ([HALF, MOST_BESIDE_ARRAYS], [HALF, MOST_BESIDE_ARRAYS + 1]),
        ([MOST_BESIDE_ARRAYS, HALF], [MOST_BESIDE_ARRAYS + 1, HALF]),
        ([HALF, ("same", (1, 32))], [HALF, ("same", (1, 33))]),
        ([{"a": [None, True, 1j]}], [{"a": [None, True, 1e300 + 1j]}]),
        ([np.float32(7)], [np.float32(np.inf)]),
        ([0.5], [float("nan")]),
        ([10], [10**400]),
        ([[[[1]]]], [[[[object()]]]]),
        ([None], [Own("double")]),
        ([np.int8(1)], [np.int8]),
        ([], [len]),
        ([{"a": 1, "b": 2}], [{"a": 1, "b": object()}]),
        ([np.array([1])], [np.array([None])]),
        ([np.array([1])], [np.array(["one"])]),
        ([{"a": np.array([2])}], [{"a": np.array([2 + 1e9j])}]),
    ],
)
def test_a_call_is_small_up_to_each_bound(
    largest: list[Any], one_more: list[Any]
) -> None:
    assert is_small(largest)
    assert not is_small(one_more)


@pytest.mark.parametrize(
    "given",
    [
        [np.zeros(100_000)],
        [[0] * 10_000],
        ["a" * 10_000],
        [10_000],  # a square matrix of so many rows has 800 MB
        [np.zeros((5, 8)), 1000],  # a padding, on both sides of both axes
    ],
)
def test_what_may_take_a_grader_long_or_much_memory_is_not_small(
    given: list[Any],
) -> None:
    assert not is_small(given)
