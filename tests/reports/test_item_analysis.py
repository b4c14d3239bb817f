"""Item analysis against examples worked by hand."""

import math

import pytest

from autograder.reports.item_analysis import (
    correlation,
    histogram,
    item_of,
    spread_of,
    upper_group,
)


def test_an_item_that_has_nothing_to_do_with_the_rest() -> None:
    # Means 1/2 and 3/2, products of the deviations 1/4 - 1/4 + 1/4 - 1/4 = 0.
    item = item_of([0, 0, 1, 1], [1, 2, 2, 1], 1)
    assert item.n == 4
    assert item.reached == 0.5
    assert item.discrimination == 0
    assert not item.is_inverted


def test_a_hand_worked_correlation() -> None:
    # Deviations -1 0 1 and -1 1 0: products 1 + 0 + 0, sums of squares 2 and 2.
    assert correlation([1, 2, 3], [4, 6, 5]) == pytest.approx(1 / 2)
    # Deviations -1 -1 2 and 1 1 -2: as one rises the other falls.
    assert correlation([0, 0, 3], [2, 2, -1]) == pytest.approx(-1)
    # Deviations -3/2 -1/2 1/2 3/2 and -2 0 0 2: products 6, squares 5 and 8.
    assert correlation([1, 2, 3, 4], [0, 2, 2, 4]) == pytest.approx(6 / math.sqrt(40))


def test_without_variance_there_is_no_discrimination() -> None:
    assert item_of([1, 1, 1, 1], [0, 1, 2, 3], 1).discrimination is None
    assert item_of([0, 1, 2, 3], [5, 5, 5, 5], 3).discrimination is None
    assert item_of([0, 1], [0, 9], 1).discrimination is None
    assert item_of([], [], 1).discrimination is None


def test_what_subtraction_leaves_is_no_variance() -> None:
    # Everybody has 0.3 elsewhere; 0.1 + 0.3 - 0.1 is not 0.3 to a computer.
    scores = [0.1, 0.2, 0.7]
    rests = [score + 0.3 - score for score in scores]
    assert len(set(rests)) > 1
    assert item_of(scores, rests, 1).discrimination is None


def test_an_item_that_the_weak_pass_and_the_strong_fail_is_inverted() -> None:
    # Rests 1 2 8 9 with scores 1 1 0 0: deviations 1/2 and (-4 -3 3 4), product -7,
    # squares 1 and 50.
    item = item_of([1, 1, 0, 0], [1, 2, 8, 9], 1)
    assert item.discrimination == pytest.approx(-7 / math.sqrt(50))
    assert item.is_inverted
    assert not item_of([0, 0, 1, 1], [1, 2, 8, 9], 1).is_inverted
    assert not item_of([1, 1, 1], [0, 1, 2], 1).is_inverted


def test_the_upper_group_is_27_percent_with_those_who_equal_its_last() -> None:
    # 27 % of 10 is 2.7, so 3: the marks 9, 8 and 7, and the other 7.
    assert upper_group([1, 7, 2, 9, 3, 8, 4, 7, 5, 6]) == (1, 3, 5, 7)


def test_a_small_or_equal_class_has_no_upper_group() -> None:
    assert upper_group([1, 2, 3, 4, 5, 6, 7]) == ()  # 1.89: two students
    assert upper_group([1, 2, 3, 4, 5, 6, 7, 8]) == (5, 6, 7)  # 2.16: three
    assert upper_group([5] * 20) == ()


def test_what_most_of_the_best_lose_is_told() -> None:
    # Of 8 students with rests 0 to 7 the upper group is 5, 6 and 7.
    most = item_of([4, 4, 4, 4, 4, 4, 3, 0], range(8), 4)
    assert most.top == (5, 6, 7)
    assert most.top_lost == (6, 7)
    assert most.is_lost_at_the_top
    one = item_of([0, 4, 4, 4, 4, 4, 4, 0], range(8), 4)
    assert one.top_lost == (7,)
    assert not one.is_lost_at_the_top
    assert not item_of([0], [0], 1).is_lost_at_the_top


def test_difficulty_is_the_mean_share_of_the_points() -> None:
    assert item_of([4, 2, 0], [0, 0, 0], 4).reached == pytest.approx(0.5)
    assert item_of([], [], 4).reached is None


def test_the_spread_of_hand_worked_marks() -> None:
    # Squared deviations from 5: 9 1 1 1 0 0 4 16, together 32; 32 / 7.
    spread = spread_of([2, 4, 4, 4, 5, 5, 7, 9])
    assert spread is not None
    assert (spread.n, spread.mean, spread.median) == (8, 5, 4.5)
    assert (spread.lowest, spread.highest) == (2, 9)
    assert spread.deviation == pytest.approx(math.sqrt(32 / 7))
    # Places 7/4 and 21/4 of 0..7: 4 and 5 + (7 - 5) / 4.
    assert spread.quartiles == (4, 5.5)


def test_the_spread_of_one_mark_and_of_none() -> None:
    one = spread_of([60])
    assert one is not None
    assert (one.mean, one.median, one.deviation, one.quartiles) == (60, 60, None, None)
    assert spread_of([]) is None


def test_every_bin_of_the_histogram_has_its_lower_end() -> None:
    assert histogram([k / 10 for k in range(11)]) == (1,) * 9 + (2,)
    assert histogram([0.0999, 0.1 + 0.2, 0.5999]) == (1, 0, 0, 1, 0, 1, 0, 0, 0, 0)
    # What floats make of a tenth and of four.
    assert histogram([0.01 / 0.1, 0.04 / 0.1]) == (0, 1, 0, 0, 1, *(0,) * 5)
    assert histogram([]) == (0,) * 10
