"""What being late costs, to the point and in words."""

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.marks.lateness import LENIENT, LatePolicy, after_lateness
from autograder.marks.numbers import rounded

TEN = Fraction(10)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
A_DAY = LatePolicy(percent=TEN, grace=HOUR / 4, cut_off=3 * DAY)


def left(points: float, late: timedelta | None, policy: LatePolicy) -> float:
    return float(after_lateness(Fraction(points), TEN, late, policy).points)


@pytest.mark.parametrize(
    ("late", "wanted"),
    [
        (None, 8),
        (timedelta(minutes=15), 8),
        (timedelta(minutes=15, seconds=1), 7),
        (DAY, 7),
        (DAY + timedelta(seconds=1), 6),
        (3 * DAY, 5),
        (3 * DAY + timedelta(seconds=1), 0),
    ],
)
def test_every_started_day_costs_up_to_the_cut_off(
    late: timedelta | None, wanted: float
) -> None:
    assert left(8, late, A_DAY) == wanted


def test_a_step_costs_once_however_late() -> None:
    step = LatePolicy(percent=Fraction(25), every=None)
    assert left(8, HOUR, step) == left(8, 30 * DAY, step) == 5.5


def test_percents_may_be_of_the_points_earned() -> None:
    earned = LatePolicy(percent=Fraction(50), of="points earned")
    assert left(8, HOUR, earned) == 4
    assert left(8, 5 * DAY, earned) == 0


def test_nothing_falls_below_zero() -> None:
    assert left(1, 2 * DAY, A_DAY) == 0


def test_lateness_that_costs_nothing_says_nothing() -> None:
    assert after_lateness(TEN, TEN, DAY, LENIENT).words == ""
    assert after_lateness(TEN, TEN, None, A_DAY).words == ""


def test_the_words_are_arithmetic_that_a_student_can_follow() -> None:
    def words(late: timedelta, policy: LatePolicy) -> str:
        return after_lateness(Fraction(15, 2), TEN, late, policy).words

    assert words(26 * HOUR, A_DAY) == (
        "7.5 of 10, late by 1 d 2 h: 2 days begun x 10 % of 10 = 2 less, leaves 5.5"
    )
    assert words(4 * DAY, A_DAY) == (
        "7.5 of 10, late by 4 d: after 3 d nothing counts, leaves 0"
    )
    hours = LatePolicy(percent=Fraction(5), every=12 * HOUR, of="points earned")
    assert words(13 * HOUR, hours) == (
        "7.5 of 10, late by 13 h: 2 x 12 h begun x 5 % of 7.5 = 0.75 less, leaves 6.75"
    )
    assert words(DAY + timedelta(minutes=22), A_DAY) == (
        "7.5 of 10, late by 1 d 22 min: 2 days begun x 10 % of 10 = 2 less, leaves 5.5"
    )
    for more in (timedelta(minutes=20), timedelta(microseconds=1)):
        told = words(3 * DAY + more, A_DAY)
        assert told.startswith("7.5 of 10, late by 3 d ")
        assert told.endswith(": after 3 d nothing counts, leaves 0")
    most = LatePolicy(percent=Fraction(60))
    assert words(DAY + HOUR, most) == (
        "7.5 of 10, late by 1 d 1 h: 2 days begun x 60 % of 10 = 12 less, more than "
        "there is, leaves 0"
    )
    none = LatePolicy(cut_off=timedelta(0))
    assert words(HOUR, none) == (
        "7.5 of 10, late by 1 h: after the deadline nothing counts, leaves 0"
    )


@pytest.mark.parametrize(
    ("points", "decimals", "wanted"),
    [("2.5", 0, 3.0), ("1.005", 2, 1.01), ("2.675", 2, 2.68), ("2.4999", 0, 2.0)],
)
def test_halves_are_rounded_up_as_on_paper(
    points: str, decimals: int, wanted: float
) -> None:
    assert rounded(Fraction(points), decimals) == wanted


POINTS = st.integers(0, 1000).map(lambda n: Fraction(n, 100))
DELAYS = st.none() | st.timedeltas(timedelta(0), 10 * DAY)
POLICIES = st.builds(
    LatePolicy,
    grace=st.timedeltas(timedelta(0), DAY),
    percent=st.integers(0, 120).map(Fraction),
    every=st.none() | st.timedeltas(HOUR, 3 * DAY),
    of=st.sampled_from(["full marks", "points earned"]),
    cut_off=st.none() | st.timedeltas(timedelta(0), 9 * DAY),
)


@given(POINTS, POINTS, DELAYS, POLICIES)
def test_more_points_never_give_less(
    one: Fraction, other: Fraction, late: timedelta | None, policy: LatePolicy
) -> None:
    low, high = sorted((one, other))
    small = after_lateness(low, TEN, late, policy).points
    assert 0 <= small <= after_lateness(high, TEN, late, policy).points <= TEN


@given(POINTS, DELAYS, DELAYS, POLICIES)
def test_coming_later_never_gives_more(
    points: Fraction,
    one: timedelta | None,
    other: timedelta | None,
    policy: LatePolicy,
) -> None:
    soon, later = sorted((one or timedelta(0), other or timedelta(0)))
    first = after_lateness(points, TEN, soon, policy).points
    assert after_lateness(points, TEN, later, policy).points <= first <= points


def test_one_day_is_no_days_and_all_of_it_is_not_more_than_there_is() -> None:
    day = LatePolicy(percent=Fraction(50))
    assert after_lateness(Fraction(5), TEN, HOUR, day).words == (
        "5 of 10, late by 1 h: 1 day begun x 50 % of 10 = 5 less, leaves 0"
    )
