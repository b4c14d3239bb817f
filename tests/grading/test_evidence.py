"""A coincidence tells less than a name needs, a row of random values more."""

import numpy as np
import pytest

from autograder.grading.evidence import (
    ENOUGH,
    ENOUGH_FOR_TWO,
    ENOUGH_OF_ALL,
    ENOUGH_OF_AN_EXCEPTION,
    bits,
    bits_of_raising,
    order_bits,
    pattern_bits,
)

RNG = np.random.default_rng(3)
RIGHT = RNG.normal(size=(2, 3))


@pytest.mark.parametrize(
    "answer",
    [0, 1, True, None, "seven", 7, np.zeros((2, 3)), np.ones((4, 4)), np.zeros(0)],
)
def test_a_trivial_answer_is_not_enough(answer: object) -> None:
    assert bits(RIGHT, answer) < ENOUGH


def test_an_answer_off_by_one_is_not_enough() -> None:
    assert bits(1000, 1001) < ENOUGH
    assert bits(832, 2432) >= ENOUGH


def test_one_row_of_random_values_is_enough() -> None:
    assert bits(RIGHT, 2 * RIGHT) > ENOUGH
    assert bits(RIGHT, RIGHT[:, :2]) > ENOUGH
    assert bits({"loss": 0.5}, {"loss": 0.7312911}) > ENOUGH


def test_an_input_handed_back_is_not_enough() -> None:
    dout = RNG.normal(size=(2, 3))
    assert bits(RIGHT, dout, [dout]) < ENOUGH


def test_only_what_differs_from_the_right_answer_counts() -> None:
    answer = RIGHT.copy()
    answer[0, 0] = 0
    assert bits(RIGHT, answer) < ENOUGH


def test_which_calls_went_wrong_tells_nothing_where_all_did() -> None:
    assert pattern_bits(5, 5) == pattern_bits(0, 5) == 0
    assert pattern_bits(3, 20) > pattern_bits(1, 20) > 0


def told(right: object, answer: object) -> float:
    return round(bits(right, answer), 2)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (0, 1.0),  # nothing tells less than anything else
        (3, 2.0),  # log2(1 + 3)
        (62, 5.98),
        (100_000, 10.0),  # a whole number tells no more than this
        (0.25, 3.0),
        (2.5, 3.0),
        (1 / 3, 3.0),
        (np.float32(2 / 3), 3.0),
        (np.float32(1e-12), 1.0),
        (-5 / 12, 3.0),
        (1 / 13, 12.0),
        (0.7312911, 12.0),
        (-0.7312911, 12.0),
        (0.7312911 + 0.2j, 12.0),
        ("seven", 1.0),
        (None, 1.0),
    ],
)
def test_one_number_tells_as_much_as_there_are_others_like_it(
    answer: object, expected: float
) -> None:
    assert told(0.4812, answer) == expected


def test_off_by_one_tells_nothing_in_either_direction() -> None:
    assert told(1000, 1001) == told(1000, 999) == told(1.73, 0.73) == 1.0
    assert told(np.array([1.73]), np.array([0.73])) == 1.0
    assert told(np.array([1.73, 1.0]), np.array([0.73, 1.0])) > 10


def test_every_value_that_is_new_adds_to_what_is_told() -> None:
    right = np.zeros(4)
    # A half of log2 of the ways to choose the places, and of the order of the kinds.
    assert told(right, np.array([0.731, 0, 0, 0])) == 13.0
    assert told(right, np.array([0.731, 0.412, 0, 0])) == 25.79
    assert told(right, np.array([0.731, 0.731, 0, 0])) == 13.29
    assert told(right, np.array([0.731, -0.731, 0, 0])) == 13.79
    assert told(right, np.array([0.731, np.nan, np.inf, 0])) == 13.0
    assert told(right, RNG.normal(size=4)) == 40.0


def test_a_shape_of_its_own_tells_a_little_and_one_value_everywhere_no_more() -> None:
    assert told(np.zeros((2, 2)), np.full(4, 0.731)) == 15.0
    assert told(np.zeros((2, 2)), np.full((2, 2), 0.731)) == 12.0
    assert told(None, np.full(4, 0.731)) == 19.0  # and that no error was raised


def test_rounding_is_no_wrong_value() -> None:
    near = RIGHT * (1 + 1e-8)
    assert told(RIGHT, near) == 1.0
    assert told(RIGHT, RIGHT * (1 + 1e-5)) == 40.0
    assert told(np.array([0, 1.0]), np.array([5e-9, 1.0])) == 12.5
    near[0, 0] = 0.731
    assert told(RIGHT, near) == round(12 + pattern_bits(1, 6), 2)
    assert told(np.array([np.nan, 1]), np.array([np.nan, 0.731])) == 12.5


def test_the_parts_of_an_answer_tell_by_themselves() -> None:
    assert told((0.1, 0.2), (0.731, 0.2)) == 12.5  # as one array of two
    assert told((0.1, 0.2), [0.731, 0.412]) == 24.5
    assert told({"a": 0.1, "b": 0.2}, {"a": 0.731, "b": 0.412}) == 24.0
    assert told({"a": 0.1}, {"a": 0.1}) == 1.0
    assert told(({"a": 0.1},), ({"a": 0.731},)) == 12.0
    assert told(({"a": 0.1},), ({"a": 0.731}, {"a": 0.412})) == 30.0
    assert told(0.1, {"a": 0.731}) == 15.0
    assert told([{"a": 0.1}], [{"a": 0.731}]) == 12.0
    assert told(0.1, ({"a": 0.731},)) == 15.0


def test_nothing_tells_more_than_a_cap() -> None:
    many = {str(n): v for n, v in enumerate(RNG.normal(size=9))}
    assert told({}, many) == 40.0
    assert told(None, many) == 40.0


def test_an_error_that_was_asked_for_and_not_raised_tells_a_little_more() -> None:
    assert told(None, 0.731) == 12.0 + 4.0 + 3.0


def test_an_input_handed_back_tells_little_of_whatever_size() -> None:
    dout = RNG.normal(size=(2, 3))
    assert bits(RIGHT, dout, [dout]) == bits(RIGHT, dout.copy(), [3, dout]) == 2.0
    assert bits(RIGHT, dout, [dout[:1]]) > ENOUGH
    assert bits(0.4812, 3, [dout]) == 2.0  # log2(1 + 3), and no array
    assert bits(0.4812, 0.731, [dout]) == 12.0
    assert bits(RIGHT, dout, [dout + 1, dout.tolist()]) > ENOUGH


def test_what_raised_tells_by_its_kind_an_objection_by_its_words() -> None:
    assert bits_of_raising("ValueError") == 2.0
    assert bits_of_raising("value: expected 2") == 4.0


def test_a_pattern_tells_half_of_the_ways_to_choose_it() -> None:
    assert pattern_bits(1, 16) == pattern_bits(15, 16) == 2.0
    assert pattern_bits(2, 2) == pattern_bits(0, 2) == 0.0
    assert order_bits([1, 1]) == 0.5
    assert order_bits([3]) == order_bits([]) == 0.0


def test_how_much_a_name_needs() -> None:
    """A name for one call of some thirty, one for all, two at once, and an error."""
    assert (ENOUGH, ENOUGH_OF_ALL) == (10.0, 5.0)
    assert (ENOUGH_FOR_TWO, ENOUGH_OF_AN_EXCEPTION) == (16.0, 3.0)


def test_numbers_next_to_nothing_tell_no_more_than_zeros() -> None:
    right = np.random.default_rng(1).normal(size=30)
    assert bits(right, right * 1e-320) == bits(right, np.zeros(30))
    assert bits(right, right * 1e-3) > bits(right, np.zeros(30))


def test_complex_numbers_tell_by_both_their_parts() -> None:
    zeros = np.zeros(4, complex)
    turned = 1j * RNG.normal(size=4)
    assert bits(zeros, turned) == bits(zeros.real, turned.imag) > ENOUGH
    assert bits(1 + 1j, 1 + 2j) == bits(1.0, 2.0) < bits(1 + 1j, 3 + 2.37j)


def test_a_number_near_a_whole_one_is_none() -> None:
    assert bits(0.0, 1000.4137) == bits(0.0, 0.123456)


def test_numbers_beyond_every_float_and_a_right_answer_without_any_can_be_held() -> (
    None
):
    assert bits(0.0, np.array(1.7e308 + 1.7e308j)) > 0
    assert bits(np.array([np.nan]), np.array([0.37])) > ENOUGH
    assert bits(np.zeros(0), np.array([0.37])) > ENOUGH
