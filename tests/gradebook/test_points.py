"""How many points a column has, whatever the language that the file is written in."""

import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import StaffError
from autograder.gradebook.points import (
    FullMarks,
    decimal_mark,
    factor_to,
    readings,
    scaled_note,
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("10", ["10"]),
        ("10.0", ["10"]),
        ("1.00", ["1"]),
        ("1,00", ["1"]),
        ("10,0", ["10"]),
        ("100.00", ["100"]),
        ("100,00", ["100"]),
        ("7,5", ["15/2"]),
        (".5", ["1/2"]),
        ("0.500", ["1/2"]),
        ("0,125", ["1/8"]),
        (".125", ["1/8"]),
        ("12,50,000", []),
        ("1.000", ["1", "1000"]),
        ("1,000", ["1", "1000"]),
        ("100.000", ["100", "100000"]),
        ("1,000.00", ["1000"]),
        ("1.000,5", ["2001/2"]),
        ("1,000,000", ["1000000"]),
        ("1\u202f000,00", ["1000"]),
        ("1 000", ["1000"]),
        ("1'000.5", ["2001/2"]),
        ("", []),
        ("many", []),
        (".,.", []),
        ("1.00.0", []),
        ("1,000.000.000", []),
        ("1,00,00", []),
        ("-5", []),
        ("1e3", []),
    ],
)
def test_a_number_means_what_it_can_mean(text: str, meant: list[str]) -> None:
    assert [str(number) for number in readings(text)] == meant


@given(hundredths=st.integers(0, 10**7), mark=st.sampled_from(".,"))
def test_two_decimals_are_read_in_both_languages(hundredths: int, mark: str) -> None:
    whole, part = divmod(hundredths, 100)
    assert readings(f"{whole}{mark}{part:02d}") == (Fraction(hundredths, 100),)


def test_another_number_of_the_file_may_tell_the_decimal_mark() -> None:
    assert decimal_mark(["1.000", "7.50"]) == "."
    assert decimal_mark(["1.000", "7,5"]) == ","
    assert decimal_mark(["1.000", "1,000,000"]) == "."
    assert decimal_mark(["1,000", "1.000.000"]) == ","
    assert decimal_mark(["1.000", "1,000.50"]) == "."
    assert decimal_mark(["1.000", "EX", "", "12"]) == ""
    assert decimal_mark(["7.50", "7,50"]) == ""
    assert readings("1.000", ".") == (Fraction(1),)
    assert readings("1.000", ",") == (Fraction(1000),)


def there(told: str) -> FullMarks:
    return FullMarks(place=Path("list.csv"), column="HW1", lms="Canvas", told=told)


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ("10.0", "'HW1' has 10.0 points in Canvas, the assignment has 100"),
        ("1,00", "or scale the marks to 1: --scale"),
        ("1.000", "can be read as 1 or 1000; here full marks are 100"),
        ("many", "which is no number"),
        ("0", "'HW1' has 0 points in Canvas, the assignment has 100"),
    ],
)
def test_other_points_are_refused_with_both_numbers(told: str, wanted: str) -> None:
    with pytest.raises(StaffError, match=re.escape(wanted)):
        factor_to(there(told), 100.0, scale=False)


def test_other_points_are_scaled_to_when_asked_and_it_is_said() -> None:
    factor = factor_to(there("10.0"), 100.0, scale=True)
    assert factor == Fraction(1, 10)
    (said,) = scaled_note(factor, 100.0)
    assert said.startswith("scaled: full marks are 100 here and 10 in the LMS, so")
    assert said.endswith("every mark is multiplied by 0.1")
    (said,) = scaled_note(factor_to(there("30"), 90.0, scale=True), 90.0)
    assert said.endswith("multiplied by 1/3")
    assert factor_to(there("100,00"), 100.0, scale=True) == 1
    assert scaled_note(Fraction(1), 100.0) == []
    with pytest.raises(StaffError, match="has 0 points"):
        factor_to(there("0"), 100.0, scale=True)


def test_a_person_says_which_of_two_numbers_is_meant() -> None:
    one = factor_to(there("1.000"), 100.0, scale=True, item_points=1.0)
    assert one == Fraction(1, 100)
    assert factor_to(there("1.000"), 1000.0, scale=False, item_points=1000.0) == 1
    with pytest.raises(StaffError, match="which is not 10"):
        factor_to(there("1.000"), 1000.0, scale=False, item_points=10.0)


def test_the_decimal_mark_of_the_file_says_what_its_points_are() -> None:
    told = FullMarks(
        place=Path("list.csv"),
        column="HW1",
        lms="Canvas",
        told="1.000",
        decimal_mark=",",
    )
    assert factor_to(told, 1000.0, scale=False) == 1


def test_points_that_are_no_binary_fraction_are_as_they_are_written() -> None:
    assert factor_to(there("0.1"), 0.1, scale=False, item_points=0.1) == 1
    (said,) = scaled_note(Fraction(1, 3), 0.3)
    assert said == (
        "scaled: full marks are 0.3 here and 0.1 in the LMS, so every mark is "
        "multiplied by 1/3"
    )


@pytest.mark.parametrize(
    ("factor", "told"),
    [("3", "3"), ("1/25", "0.04"), ("1/100", "0.01"), ("1/8", "1/8")],
)
def test_a_factor_is_told_exactly(factor: str, told: str) -> None:
    (said,) = scaled_note(Fraction(factor), 100.0)
    assert said.endswith(f"multiplied by {told}")
