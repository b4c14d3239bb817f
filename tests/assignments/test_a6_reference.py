"""a6_transposed, the example of a new assignment: its reference against torch.

float64 throughout; the oracles are torch's layers with groups and matrices.
"""

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import autograder
from autograder.course import assignment as assignments

COURSE = Path(autograder.__file__).parents[1] / "examples" / "a6_transposed"
ROUNDING = 1e-10
"""Sums of at most a few hundred products of numbers around 1, in float64."""
a6: Any = assignments.load(COURSE, "a6_transposed").reference
LAYERS = [
    (kernel, stride, padding, more)
    for kernel, stride, padding in product(((3, 3), (2, 4), (5, 1)), (1, 2, 3), (0, 1))
    for more in range(stride)
    if min(kernel) > 2 * padding
]


@pytest.mark.parametrize(("kernel", "stride", "padding", "more"), LAYERS)
def test_the_transposed_layer_is_torchs(
    kernel: tuple[int, int], stride: int, padding: int, more: int
) -> None:
    rng = np.random.default_rng(stride)
    x, w = rng.normal(size=(2, 3, 5)), rng.normal(size=(2, 3, *kernel))
    expected = torch.nn.functional.conv_transpose2d(
        torch.from_numpy(x)[None],
        torch.from_numpy(w),
        stride=stride,
        padding=padding,
        output_padding=more,
    )[0].numpy()
    got = a6.conv_transpose2d(x, w, stride, padding, more)
    np.testing.assert_allclose(got, expected, atol=ROUNDING)
    size = a6.conv_transpose2d_output_size((3, 5), kernel, stride, padding, more)
    assert size == expected.shape[1:]


@pytest.mark.parametrize(("stride", "m"), [*product((1, 2, 3, 5), (1, 2, 4))])
def test_the_transposed_matrix_paints(stride: int, m: int) -> None:
    rng = np.random.default_rng(m)
    y, w = rng.normal(size=6), rng.normal(size=m)
    n = 5 * stride + m
    painted = a6.transposed_conv1d(y, w, stride)
    np.testing.assert_allclose(
        a6.convolution_matrix(n, w, stride).T @ y, painted, atol=ROUNDING
    )


@pytest.mark.parametrize(("stride", "padding"), [*product((1, 2, 3), (0, 1, 2))])
def test_a_separable_layer_is_a_layer_with_groups_and_one_of_1_x_1(
    stride: int, padding: int
) -> None:
    rng = np.random.default_rng(padding)
    x, depthwise = rng.normal(size=(3, 6, 7)), rng.normal(size=(3, 3, 2))
    pointwise = rng.normal(size=(4, 3))
    looked = torch.nn.functional.conv2d(
        torch.from_numpy(x)[None],
        torch.from_numpy(depthwise)[:, None],
        stride=stride,
        padding=padding,
        groups=3,
    )
    mixed = torch.nn.functional.conv2d(
        looked, torch.from_numpy(pointwise)[:, :, None, None]
    )
    got = a6.separable_conv2d(x, depthwise, pointwise, stride, padding)
    np.testing.assert_allclose(got, mixed[0].numpy(), atol=ROUNDING)


def test_output_padding_gives_every_size_again() -> None:
    for n, kernel, stride, padding in product(
        range(5, 20), (1, 3, 4), (1, 2, 3), (0, 1)
    ):
        small = (n + 2 * padding - kernel) // stride + 1
        more = a6.output_padding_for(n, kernel, stride, padding)
        size = (small - 1) * stride - 2 * padding + kernel + more
        assert size == n


def test_the_ratio_is_that_of_the_counts() -> None:
    for c_in, c_out, kernel in product((1, 8), (1, 16), ((3, 3), (1, 5))):
        layer = (7, 5), c_in, c_out, kernel
        share = a6.separable_macs(*layer) / a6.standard_macs(*layer)
        assert a6.cost_ratio(c_out, kernel) == pytest.approx(share)
