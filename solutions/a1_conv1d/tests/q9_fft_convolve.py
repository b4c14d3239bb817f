"""q9_fft_convolve, hidden: random signals and kernels."""

import numpy as np
from checks import case_rng, close, unchanged
from otter.test_files import test_case

OK_FORMAT = False

name = "q9_fft_convolve"

SIZES = ((9, 3), (8, 4), (12, 5), (7, 2), (6, 6), (5, 1))


def _compare(function, right, pairs):
    got = [function(x, k) for x, k in pairs]
    for answer, (x, k) in zip(got, pairs, strict=True):
        close(answer, right(x, k))


def _pairs(sizes=SIZES):
    rng = case_rng()
    return [
        (rng.normal(size=n + rng.integers(0, 3)), rng.normal(size=m)) for n, m in sizes
    ]


@test_case(name="random signals", points=2, hidden=True)
def test_linear(fft_convolve, reference):
    _compare(fft_convolve, reference.fft_convolve, _pairs())


@test_case(name="random kernels that are longer", points=1, hidden=True)
def test_longer(fft_convolve, reference):
    pairs = _pairs(((3, 7), (2, 5), (4, 9), (1, 4)))
    _compare(fft_convolve, reference.fft_convolve, pairs)


@test_case(name="random signals that start again", points=2, hidden=True)
def test_circular(circular_convolve, reference):
    _compare(circular_convolve, reference.circular_convolve, _pairs())


@test_case(name="whole numbers and uint8; inputs unchanged", points=1, hidden=True)
def test_types(fft_convolve, circular_convolve, reference):
    rng = case_rng()
    x = rng.integers(150, 256, size=9).astype(np.uint8)
    k = rng.integers(2, 90, size=4).astype(np.uint8)
    pairs = [(x, k), (x.tolist(), [1, 2])]
    with unchanged(x, k):
        _compare(fft_convolve, reference.fft_convolve, pairs)
        _compare(circular_convolve, reference.circular_convolve, pairs)
