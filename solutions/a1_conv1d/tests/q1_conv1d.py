"""q1_conv1d, hidden: random signals and kernels in every mode."""

import numpy as np
from checks import case_rng, close, unchanged
from otter.test_files import test_case

OK_FORMAT = False

name = "q1_conv1d"

SIZES = ((9, 3), (8, 4), (12, 5), (7, 2), (6, 6), (5, 1))


def _compare(conv1d, reference, pairs, *modes):
    got = [[conv1d(x, k, mode) for mode in modes] for x, k in pairs]
    for answers, (x, k) in zip(got, pairs, strict=True):
        for answer, mode in zip(answers, modes, strict=True):
            close(answer, reference.conv1d(x, k, mode))


def _pairs(sizes=SIZES):
    rng = case_rng()
    return [
        (rng.normal(size=n + rng.integers(0, 3)), rng.normal(size=m)) for n, m in sizes
    ]


@test_case(name="random signals, full", points=2, hidden=True)
def test_full(conv1d, reference):
    _compare(conv1d, reference, _pairs(), "full")


@test_case(name="random signals, same", points=2, hidden=True)
def test_same(conv1d, reference):
    _compare(conv1d, reference, _pairs(), "same")


@test_case(name="random signals, valid", points=1, hidden=True)
def test_valid(conv1d, reference):
    _compare(conv1d, reference, _pairs(), "valid")


@test_case(name="a kernel that is longer than the signal", points=1, hidden=True)
def test_longer(conv1d, reference):
    sizes = ((3, 7), (2, 5), (4, 9), (1, 4))
    _compare(conv1d, reference, _pairs(sizes), "full", "same", "valid")


@test_case(
    name="whole numbers, uint8 and lists; inputs unchanged", points=1, hidden=True
)
def test_types(conv1d, reference):
    rng = case_rng()
    x = rng.integers(150, 256, size=9).astype(np.uint8)
    k = rng.integers(2, 90, size=4).astype(np.uint8)
    pairs = [(x, k), (x.tolist(), rng.normal(size=3).tolist())]
    pairs += [(x.astype(int), rng.normal(size=3))]
    with unchanged(x, k):
        _compare(conv1d, reference, pairs, "full", "same")
