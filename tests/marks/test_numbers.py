"""One rule for numbers: exact fractions, rounded once, half up, as on paper."""

from datetime import timedelta
from fractions import Fraction

import pytest

from autograder.marks.numbers import PERCENT, duration, exact, in_words, rounded, shown


def test_a_float_is_the_number_that_it_is_printed_as() -> None:
    assert sum([exact(0.1)] * 10) == 1
    assert exact(92.345) == Fraction(92345, 1000)
    assert PERCENT == 100.0


@pytest.mark.parametrize(
    ("points", "decimals", "mark"),
    [
        ("92.345", 2, 92.35),
        ("92.344999", 2, 92.34),
        ("-0.5", 0, 0.0),
        ("0.05", 1, 0.1),
        ("1/3", 6, 0.333333),
        ("99.5", 0, 100.0),
    ],
)
def test_halves_are_rounded_up(points: str, decimals: int, mark: float) -> None:
    assert rounded(Fraction(points), decimals) == mark


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ("9999.25", "9999.25"),
        ("9999.994", "9999.99"),
        ("10000", "10000.00"),
        ("1234567.891", "1234567.89"),
        ("0.004", "0"),
        ("0.005", "0.01"),
    ],
)
def test_points_are_written_with_two_decimals_at_most(points: str, words: str) -> None:
    assert shown(Fraction(points)) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(0), "1 s"),
        (timedelta(seconds=0.4), "1 s"),
        (timedelta(seconds=2), "2 s"),
        (timedelta(seconds=1.6), "2 s"),
        (timedelta(seconds=60), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min 59 s"),
        (timedelta(hours=1, seconds=1), "1 h 1 s"),
        (timedelta(days=2, minutes=5), "2 d 5 min"),
        (timedelta(days=400, hours=23, minutes=59), "400 d 23 h 59 min"),
    ],
)
def test_a_span_is_told_to_the_second(span: timedelta, words: str) -> None:
    assert duration(span) == words


def test_large_numbers_are_rounded_half_up_too() -> None:
    assert shown(Fraction("10000.125")) == "10000.13"
    assert in_words(1.005) == "1.01"
