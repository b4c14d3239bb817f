"""q2_cross_correlate1d, hidden: random signals and kernels."""

import numpy as np
from checks import case_rng, close, unchanged
from otter.test_files import test_case

OK_FORMAT = False

name = "q2_cross_correlate1d"

SIZES = ((9, 3), (8, 4), (12, 5), (7, 2), (6, 6), (5, 1))


def _compare(cross_correlate1d, reference, pairs, *modes):
    got = [[cross_correlate1d(x, k, mode) for mode in modes] for x, k in pairs]
    for answers, (x, k) in zip(got, pairs, strict=True):
        for answer, mode in zip(answers, modes, strict=True):
            close(answer, reference.cross_correlate1d(x, k, mode))


def _pairs(sizes=SIZES):
    rng = case_rng()
    return [
        (rng.normal(size=n + rng.integers(0, 3)), rng.normal(size=m)) for n, m in sizes
    ]


@test_case(name="random signals, full", points=1.5, hidden=True)
def test_full(cross_correlate1d, reference):
    _compare(cross_correlate1d, reference, _pairs(), "full")


@test_case(name="random signals, same", points=1.5, hidden=True)
def test_same(cross_correlate1d, reference):
    _compare(cross_correlate1d, reference, _pairs(), "same")


@test_case(
    name="valid, and a kernel that is longer than the signal", points=1, hidden=True
)
def test_valid(cross_correlate1d, reference):
    _compare(cross_correlate1d, reference, _pairs(), "valid")
    longer = _pairs(((3, 7), (2, 5), (4, 9)))
    _compare(cross_correlate1d, reference, longer, "full", "valid")


@test_case(name="whole numbers and uint8; inputs unchanged", points=1, hidden=True)
def test_types(cross_correlate1d, reference):
    rng = case_rng()
    x = rng.integers(150, 256, size=9).astype(np.uint8)
    k = rng.integers(2, 90, size=4).astype(np.uint8)
    with unchanged(x, k):
        _compare(cross_correlate1d, reference, [(x, k)], "full", "same")
    _compare(cross_correlate1d, reference, [(x.tolist(), [0.5, -0.25, 2])], "full")
