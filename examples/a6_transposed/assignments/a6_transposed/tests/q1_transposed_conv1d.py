"""q1_transposed_conv1d, public: kernels painted by hand."""

import numpy as np
from checks import close, unchanged
from otter.test_files import test_case

OK_FORMAT = False

name = "q1_transposed_conv1d"


@test_case(name="one value paints the kernel, as it is", points=1.5)
def test_one(transposed_conv1d):
    close(transposed_conv1d([2], [1, 10, 100], 1), [2, 20, 200])


@test_case(name="side by side: as long as stride", points=1)
def test_side_by_side(transposed_conv1d):
    close(transposed_conv1d([1, 2, 3], [5, 7], 2), [5, 7, 10, 14, 15, 21])


@test_case(name="overlaps add up, stride 1", points=1)
def test_stride_1(transposed_conv1d):
    close(transposed_conv1d([1, 2, 4], [1, 10, 100], 1), [1, 12, 124, 240, 400])


@test_case(name="overlaps add up, stride 2", points=1)
def test_stride_2(transposed_conv1d):
    close(transposed_conv1d([1, 2, 4], [1, 3, 5], 2), [1, 3, 7, 6, 14, 12, 20])


@test_case(name="gaps are 0, stride 3", points=0.5)
def test_gaps(transposed_conv1d):
    close(transposed_conv1d([1, 2], [4, 6], 3), [4, 6, 0, 8, 12])


@test_case(name="fractions, and inputs that stay as they were", points=1)
def test_fractions(transposed_conv1d):
    x, kernel = np.array([0.5, 1.5]), np.array([0.5, 3.0])
    with unchanged(x, kernel):
        close(transposed_conv1d(x, kernel, 1), [0.25, 2.25, 4.5])
