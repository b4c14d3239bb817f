"""q9_fft_convolve, hidden: random signals and kernels, kinds of numbers.

Values are whole where fractions are not the question; the length of the transform
shows where the kernel has more than one value.
"""

import numpy as np
from checks import case_rng, close, each
from checks.layouts import LAYOUTS, laid
from otter.test_files import test_case

OK_FORMAT = False

name = "q9_fft_convolve"

SIZES = ((9, 3), (8, 4), (12, 5), (7, 2))
LONGER = ((3, 7), (2, 5), (4, 9), (1, 4))
ONE_VALUE = ((1, 1), (1, 1))


def _compare(function, right, pairs):
    expected = [right(x, k) for x, k in pairs]
    got = each(function, [(x, k) for x, k in pairs])
    for answer, wanted in zip(got, expected, strict=True):
        close(answer, wanted)


def _whole(rng, size):
    return rng.integers(1, 10, size).astype(float) * rng.choice([-1, 1], size)


def _fractions(rng, size):
    return rng.normal(size=size)


def _pairs(sizes, draw=_whole):
    rng = case_rng()
    return [(draw(rng, n), draw(rng, m)) for n, m in sizes]


def _laid(pair):
    """Return the pair in every layout that an array may have in memory."""
    x, k = pair
    return [(laid(x, layout), laid(k, layout)) for layout in LAYOUTS]


def _others():
    """Return constants of uint8, int8 and float32, and lists, kernels of one value.

    Of these and of powers of two a transform there and back is exact, so that cutting
    off what rounding left costs nothing here.
    """
    rng = case_rng()
    byte = rng.integers(150, 256, size=1).astype(np.uint8)
    constant = np.full(8, 200, np.uint8)
    small = np.full(4, -100, np.int8)
    single = np.full(2, 3, np.float32)
    pairs = [(constant, byte), (small, byte), (single, byte), (constant, byte.tolist())]
    return [*pairs, (constant.tolist(), byte.astype(float))]


@test_case(name="random signals", points=1.5, hidden=True)
def test_linear(fft_convolve, reference):
    _compare(fft_convolve, reference.fft_convolve, _pairs(SIZES))


@test_case(name="random kernels that are longer", points=0.5, hidden=True)
def test_longer(fft_convolve, reference):
    _compare(fft_convolve, reference.fft_convolve, _pairs(LONGER))


@test_case(name="kernels of one value, uint8, float32, lists", points=0.5, hidden=True)
def test_types(fft_convolve, reference):
    pairs = _others() + _pairs(ONE_VALUE)
    _compare(fft_convolve, reference.fft_convolve, pairs)


@test_case(name="random fractions, other layouts", points=0.5, hidden=True)
def test_fractions(fft_convolve, reference):
    pairs = _pairs(SIZES + LONGER, _fractions)
    _compare(fft_convolve, reference.fft_convolve, pairs + _laid(pairs[0]))


@test_case(name="random signals that start again", points=1.5, hidden=True)
def test_circular(circular_convolve, reference):
    _compare(circular_convolve, reference.circular_convolve, _pairs(SIZES))


@test_case(name="circular, a kernel as long as the period", points=0.5, hidden=True)
def test_circular_longest(circular_convolve, reference):
    pairs = _pairs(((6, 6), (5, 5), (2, 2)))
    _compare(circular_convolve, reference.circular_convolve, pairs)


@test_case(
    name="circular, kernels of one value, uint8, float32, lists",
    points=1,
    hidden=True,
)
def test_circular_types(circular_convolve, reference):
    pairs = _others() + _pairs(((1, 1),))
    _compare(circular_convolve, reference.circular_convolve, pairs)


@test_case(name="circular, random fractions, other layouts", points=0.5, hidden=True)
def test_circular_fractions(circular_convolve, reference):
    sizes = (*SIZES, (6, 6), (5, 1))
    pairs = _pairs(sizes, _fractions)
    _compare(circular_convolve, reference.circular_convolve, pairs + _laid(pairs[0]))
