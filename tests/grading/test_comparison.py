"""Both sides of a public comparison are kept where they can be plotted."""

import numpy as np
import pytest

from autograder.grading.case_record import Failure
from autograder.grading.comparison import MAX_PLOTTED, compare
from autograder.grading.proxy import Call, Outcome
from autograder.kinds import Kind
from autograder.records.results import Comparison

CALLS = [Call(name, (3,), {}, Outcome(1)) for name in ("first", "second", "last")]


def kept(
    expected: object, actual: object, kind: Kind = Kind.VALUE, calls: int = 3
) -> Comparison | None:
    failure = Failure(
        kind=kind, message="m", coarse="c", expected=expected, actual=actual
    )
    return compare(failure, CALLS[:calls])


def test_both_sides_are_kept_flat_with_their_shapes_and_the_last_call() -> None:
    assert kept(np.arange(4).reshape(2, 2), [1.5, np.nan, -np.inf]) == Comparison(
        call="last(3)",
        expected=(0.0, 1.0, 2.0, 3.0),
        actual=(1.5, "nan", "-inf"),
        expected_shape=(2, 2),
        actual_shape=(3,),
    )
    turned = kept([1, 2], np.arange(4).reshape(2, 2))
    assert turned is not None
    assert turned.actual == (0.0, 1.0, 2.0, 3.0)
    assert {type(value) for value in turned.actual + turned.expected} == {float}
    without = kept([1, 2], [1, 3], calls=0)
    assert without is not None
    assert without.call == ""


def test_values_and_shapes_are_compared_and_nothing_else() -> None:
    for kind in Kind:
        is_kept = kept([1, 2], [1, 3], kind) is not None
        assert is_kept is (kind in {Kind.VALUE, Kind.SHAPE})


def test_of_complex_numbers_the_size_is_plotted() -> None:
    found = kept(np.array([3 + 4j, 0]), [1, 2])
    assert found is not None
    assert found.expected == (5.0, 0.0)
    found = kept(np.array([1.7e308 * (1 + 1j), 0]), [1, 2])
    assert found is not None
    assert found.expected == ("inf", 0.0)


def test_what_is_too_much_or_too_little_to_plot_is_left_out() -> None:
    most = np.zeros(MAX_PLOTTED)
    assert MAX_PLOTTED == 4096
    assert kept(most, [1, 2]) is not None
    assert kept(np.zeros(MAX_PLOTTED + 1), [1, 2]) is None
    assert kept([1, 2], np.zeros(MAX_PLOTTED + 1)) is None
    assert kept([1], [1, 2]) is None
    assert kept([1, 2], 3.0) is None


@pytest.mark.parametrize(
    "other", [None, "ab", [True, False], ["a", "b"], [[1], [1, 2]]]
)
def test_what_is_no_number_is_left_out(other: object) -> None:
    assert kept([1, 2], other) is None
    assert kept(other, [1, 2]) is None


def test_what_would_take_more_memory_as_an_array_than_there_is_is_left_out() -> None:
    long_text = ["x" * 2**24] * 2**17  # 17 MB as a list, 8 TiB as an array
    assert kept([1, 2], long_text) is None


@pytest.mark.parametrize("dtype", ["i4", "u1", "f4", "c8"])
def test_numbers_of_every_kind_are_kept(dtype: str) -> None:
    assert kept(np.ones(2, dtype), [1, 2]) is not None
