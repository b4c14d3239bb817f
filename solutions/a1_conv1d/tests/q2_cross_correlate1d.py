"""q2_cross_correlate1d, hidden: every mode, then kinds of kernels and of numbers.

Values are whole where fractions are not the question. No array is given twice.
"""

import numpy as np
from checks import case_rng, close, each
from checks.layouts import LAYOUTS, laid
from otter.test_files import test_case

OK_FORMAT = False

name = "q2_cross_correlate1d"

ODD = ((9, 3), (8, 5), (12, 7), (10, 3))
EVEN = ((8, 4), (7, 2), (11, 6), (6, 6))
LONGER = ((3, 7), (2, 5), (4, 9), (3, 8))


def _compare(cross_correlate1d, reference, mode, pairs):
    expected = [reference.cross_correlate1d(x, k, mode) for x, k in pairs]
    got = each(cross_correlate1d, [(x, k, mode) for x, k in pairs])
    for answer, right in zip(got, expected, strict=True):
        close(answer, right)


def _whole(rng, size):
    return rng.integers(1, 10, size).astype(float) * rng.choice([-1, 1], size)


def _pairs(sizes, draw=_whole):
    rng = case_rng()
    return [(draw(rng, n), draw(rng, m)) for n, m in sizes]


@test_case(name="random signals, full", points=1, hidden=True)
def test_full(cross_correlate1d, reference):
    _compare(cross_correlate1d, reference, "full", _pairs(ODD + EVEN))


@test_case(name="random signals, same, odd kernels", points=0.5, hidden=True)
def test_same(cross_correlate1d, reference):
    _compare(cross_correlate1d, reference, "same", _pairs(ODD))


@test_case(name="random signals, same, even kernels", points=0.5, hidden=True)
def test_same_even(cross_correlate1d, reference):
    _compare(cross_correlate1d, reference, "same", _pairs(EVEN))


@test_case(name="random signals, valid", points=0.5, hidden=True)
def test_valid(cross_correlate1d, reference):
    _compare(cross_correlate1d, reference, "valid", _pairs(ODD + EVEN))


@test_case(name="a longer kernel, full and valid", points=0.5, hidden=True)
def test_longer(cross_correlate1d, reference):
    for mode in ("full", "valid"):
        _compare(cross_correlate1d, reference, mode, _pairs(LONGER))


@test_case(name="fractions, kinds of numbers, tuples, layouts", points=0.5, hidden=True)
def test_types(cross_correlate1d, reference):
    rng = case_rng()
    x = rng.integers(150, 256, size=9).astype(np.uint8)
    k = rng.integers(2, 90, size=4).astype(np.uint8)
    small = rng.integers(60, 127, size=(2, 5)).astype(np.int8)
    pairs = [(x, k), tuple(small), (x.astype(int), rng.normal(size=3))]
    pairs += [(tuple(rng.normal(size=6).tolist()), (0.5, -0.25, 2))]
    pairs += [(rng.normal(size=6).astype(np.float32), (0.5, 2))]
    pairs += [(laid(rng.normal(size=6), lies), [1, -2]) for lies in LAYOUTS]
    _compare(cross_correlate1d, reference, "valid", pairs)


@test_case(name="one value, and all of it together", points=0.5, hidden=True)
def test_together(cross_correlate1d, reference):
    sizes = (*ODD, *EVEN, (5, 1), (1, 1))
    for mode in ("full", "same", "valid"):
        pairs = _pairs(sizes, lambda rng, size: rng.normal(size=size))
        _compare(cross_correlate1d, reference, mode, pairs)
