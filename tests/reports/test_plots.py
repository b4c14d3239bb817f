"""Drawings of expected and got: what they show, and that every value can be drawn."""

import math
import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.records.results import Comparison
from autograder.reports.plots import DARK, comparison_svg, describe

RAMP = np.arange(6.0)
IMAGE = np.arange(12.0).reshape(3, 4)


def compared(expected: npt.ArrayLike, actual: npt.ArrayLike) -> Comparison:
    e, a = np.asarray(expected, dtype=float), np.asarray(actual, dtype=float)
    return Comparison(
        call="f(x)",
        expected=tuple(map(float, e.ravel())),
        actual=tuple(map(float, a.ravel())),
        expected_shape=e.shape,
        actual_shape=a.shape,
    )


def words(svg: str) -> str:
    root = ET.fromstring(svg)  # noqa: S314 our own drawing
    return " ".join(t.text or "" for t in root.iter("{http://www.w3.org/2000/svg}text"))


def images(svg: str) -> int:
    return svg.count("<image ")


def test_one_axis_shows_both_series_with_a_key() -> None:
    svg = comparison_svg(compared(RAMP, RAMP + 1))
    assert "expected got" in words(svg)
    assert images(svg) == 0


def test_axes_are_named_and_the_ground_behind_differing_values_is_explained() -> None:
    text = words(comparison_svg(compared(RAMP, np.where(RAMP == 2, 9, RAMP))))
    for said in ("index", "value", "they differ here", "1 of 6 values differs"):
        assert said in text
    agree = words(comparison_svg(compared(RAMP, RAMP)))
    assert "all 6 values agree" in agree
    assert "differ here" not in agree
    cube = np.arange(24.0).reshape(2, 3, 4)
    assert "index, all axes in a row" in words(comparison_svg(compared(cube, cube + 1)))
    apart = words(comparison_svg(compared(RAMP, RAMP[:4])))
    assert "the shapes differ" in apart
    assert apart.count("index") == apart.count("value") == 2


def test_series_differ_in_dashes_and_not_in_colour_only() -> None:
    few = comparison_svg(compared(RAMP, RAMP + 1))
    many = comparison_svg(compared(np.arange(99.0), np.arange(99.0) + 1))
    assert "stroke-dasharray" in few
    assert "stroke-dasharray" in many


def test_two_axes_show_expected_got_and_their_difference() -> None:
    svg = comparison_svg(compared(IMAGE, IMAGE + 1))
    assert {"expected", "got", "|difference|", "row"} <= set(words(svg).split())
    assert words(svg).count("column") == 3
    assert images(svg) == 6  # three images, and a scale under each


def test_both_images_share_one_scale() -> None:
    text = words(comparison_svg(compared(IMAGE, IMAGE * 10)))
    assert text.count("110") == 2


def test_axes_of_length_one_do_not_hide_an_image() -> None:
    assert images(comparison_svg(compared(IMAGE[None, None], IMAGE[None, None]))) == 6


def test_three_axes_are_flattened() -> None:
    cube = np.arange(24.0).reshape(2, 3, 4)
    assert images(comparison_svg(compared(cube, cube + 1))) == 0


def test_different_shapes_stand_apart_with_their_shapes() -> None:
    text = words(comparison_svg(compared(RAMP, RAMP[:4])))
    assert "expected (6,)" in text
    assert "got (4,)" in text
    assert images(comparison_svg(compared(IMAGE, IMAGE.T))) == 2


def test_values_that_are_no_numbers_are_told() -> None:
    broken = np.where(RAMP == 2, np.nan, RAMP)
    assert "not drawn: 1 nan or inf" in words(comparison_svg(compared(RAMP, broken)))
    holed = np.where(IMAGE == 2, np.inf, IMAGE)
    assert "hatched: nan or inf" in words(comparison_svg(compared(IMAGE, holed)))


def test_the_same_values_give_the_same_bytes() -> None:
    comparison = compared(IMAGE, IMAGE + 1)
    first = comparison_svg(comparison)
    comparison_svg.cache_clear()
    assert comparison_svg(comparison) == first
    assert "date" not in first.lower()


def test_a_drawing_asks_nothing_of_the_network_and_has_no_script() -> None:
    svg = comparison_svg(compared(IMAGE, IMAGE + 1))
    targets = re.findall(r'(?:href|src)="([^"]{0,12})', svg)
    assert targets
    assert all(target.startswith(("#", "data:image/")) for target in targets)
    assert "<script" not in svg
    assert "url(http" not in svg


def test_the_call_does_not_stand_in_the_drawing() -> None:
    comparison = Comparison(
        call="<script>alert(1)</script>",
        expected=(1.0, 2.0),
        actual=(1.0, 3.0),
        expected_shape=(2,),
        actual_shape=(2,),
    )
    assert "alert" not in comparison_svg(comparison)


def test_every_colour_of_the_ink_has_its_dark_one() -> None:
    svg = comparison_svg(compared(RAMP, RAMP + 1))
    style, rest = svg.split("</style>", 1)
    assert all(colour in style for pair in DARK.items() for colour in pair)
    assert set(re.findall(r"#[0-9a-f]{6}\b", rest)) <= {"#ffffff"}


def test_words_say_how_many_differ_and_where_most() -> None:
    got = RAMP.copy()
    got[4] = 40
    assert describe(compared(RAMP, got)) == (
        "Plot of expected and got: 1 of 6 values differ, "
        "most at [4]: expected 4, got 40."
    )
    assert "most at [1, 2]: expected 6, got nan" in describe(
        compared(IMAGE, np.where(IMAGE == 6, np.nan, IMAGE))
    )
    assert "all 6 values agree" in describe(compared(RAMP, RAMP))
    assert "expected shape (6,), got shape (4,)" in describe(compared(RAMP, RAMP[:4]))


def test_places_on_an_axis_are_whole_numbers() -> None:
    text = words(comparison_svg(compared([0, 1, 0], [0, 0, 0])))
    assert text.split()[:3] == ["0", "1", "2"]


@settings(max_examples=60)
@given(
    values=st.lists(st.floats(width=64), min_size=2, max_size=2 * 12),
    rows=st.integers(1, 3),
)
def test_whatever_the_values_there_is_a_drawing(values: list[float], rows: int) -> None:
    half = len(values) // 2 // rows * rows or 1
    shape = (rows, half // rows) if half % rows == 0 else (half,)
    expected = np.array(values[:half]).reshape(shape)
    actual = np.array(values[-half:]).reshape(shape)
    comparison = compared(expected, actual)
    svg = comparison_svg(comparison)
    assert ET.fromstring(svg).tag.endswith("svg")  # noqa: S314 our own drawing
    assert describe(comparison)


@pytest.mark.parametrize("size", [2, 48, 49, 4096])
def test_a_long_series_stays_a_small_file(size: int) -> None:
    x = np.sin(np.linspace(0, 9, size))
    assert len(comparison_svg(compared(x, -x))) < 450_000


def test_ticks_are_evenly_spread() -> None:
    labels = words(comparison_svg(compared(np.arange(100.0), np.arange(100.0)))).split()
    steps = {b - a for a, b in pairwise([int(t) for t in labels[:5]])}
    assert len(steps) == 1
    assert math.isfinite(steps.pop())
