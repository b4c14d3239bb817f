"""A coincidence tells less than a name needs, a row of random values more."""

import numpy as np
import pytest

from autograder.grading.evidence import ENOUGH, bits, pattern_bits

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
