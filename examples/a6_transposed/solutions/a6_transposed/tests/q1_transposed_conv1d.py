"""q1_transposed_conv1d, hidden: random signals, one thing varied a case."""

import numpy as np
from checks import case_rng, close
from otter.test_files import test_case

OK_FORMAT = False

name = "q1_transposed_conv1d"


def _compare(transposed_conv1d, reference, sizes, stride):
    rng = case_rng()
    for n, m in sizes:
        x, kernel = rng.normal(size=n), rng.normal(size=m)
        expected = reference.transposed_conv1d(x, kernel, stride)
        close(transposed_conv1d(x, kernel, stride), expected)


@test_case(name="random signals, as long as stride", points=0.5, hidden=True)
def test_side_by_side(transposed_conv1d, reference):
    _compare(transposed_conv1d, reference, ((4, 2), (3, 2)), 2)


@test_case(name="random signals, stride 1", points=3, hidden=True)
def test_stride_1(transposed_conv1d, reference):
    _compare(transposed_conv1d, reference, ((5, 3), (4, 4), (2, 5)), 1)


@test_case(name="random signals, strides 2 and 3", points=1.5, hidden=True)
def test_strides(transposed_conv1d, reference):
    _compare(transposed_conv1d, reference, ((5, 3), (4, 5)), 2)
    _compare(transposed_conv1d, reference, ((5, 4), (4, 7)), 3)


@test_case(name="random signals, with gaps", points=1, hidden=True)
def test_gaps(transposed_conv1d, reference):
    _compare(transposed_conv1d, reference, ((4, 2), (3, 1)), 4)


@test_case(name="one value, and a kernel of one", points=1, hidden=True)
def test_single(transposed_conv1d, reference):
    _compare(transposed_conv1d, reference, ((1, 4), (5, 1)), 1)


@test_case(name="uint8, float32 and tuples", points=1, hidden=True)
def test_types(transposed_conv1d, reference):
    rng = case_rng()
    pixels = rng.permutation(256)[:5].astype(np.uint8)
    kernel = rng.normal(size=3)
    for x in (pixels, kernel.astype(np.float32), tuple(kernel.tolist())):
        close(
            transposed_conv1d(x, kernel, 1), reference.transposed_conv1d(x, kernel, 1)
        )
