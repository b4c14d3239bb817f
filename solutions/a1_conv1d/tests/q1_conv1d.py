"""q1_conv1d, hidden: every mode by itself, then kinds of kernels and of numbers.

Values are whole where fractions are not the question, so that whole-number arithmetic
costs what fractions are worth. No array is given twice.
"""

import numpy as np
from checks import case_rng, close, each
from checks.layouts import LAYOUTS, laid
from otter.test_files import test_case

OK_FORMAT = False

name = "q1_conv1d"

ODD = ((9, 3), (8, 5), (12, 7), (10, 3))
EVEN = ((8, 4), (7, 2), (11, 6), (6, 6))
LONGER = ((3, 7), (2, 5), (4, 9), (3, 8))
ONE_VALUE = ((5, 1), (1, 4), (1, 1))
MODES = ("full", "same", "valid")


def _compare(conv1d, reference, mode, pairs):
    expected = [reference.conv1d(x, k, mode) for x, k in pairs]
    got = each(conv1d, [(x, k, mode) for x, k in pairs])
    for answer, right in zip(got, expected, strict=True):
        close(answer, right)


def _whole(rng, size):
    return rng.integers(1, 10, size).astype(float) * rng.choice([-1, 1], size)


def _pairs(sizes, draw=_whole):
    rng = case_rng()
    return [(draw(rng, n), draw(rng, m)) for n, m in sizes]


@test_case(name="random signals, full", points=1, hidden=True)
def test_full(conv1d, reference):
    _compare(conv1d, reference, "full", _pairs(ODD + EVEN))


@test_case(name="random signals, same, odd kernels", points=1, hidden=True)
def test_same(conv1d, reference):
    _compare(conv1d, reference, "same", _pairs(ODD))


@test_case(name="random signals, same, even kernels", points=0.5, hidden=True)
def test_same_even(conv1d, reference):
    _compare(conv1d, reference, "same", _pairs(EVEN))


@test_case(name="random signals, valid", points=1, hidden=True)
def test_valid(conv1d, reference):
    _compare(conv1d, reference, "valid", _pairs(ODD + EVEN))


@test_case(name="a kernel that is longer than the signal", points=0.5, hidden=True)
def test_longer(conv1d, reference):
    for mode in MODES:
        _compare(conv1d, reference, mode, _pairs(LONGER))


@test_case(name="one value, mode same", points=0.5, hidden=True)
def test_one_value(conv1d, reference):
    _compare(conv1d, reference, "same", _pairs(ONE_VALUE))


@test_case(name="random fractions", points=0.5, hidden=True)
def test_fractions(conv1d, reference):
    pairs = _pairs(ODD + EVEN, lambda rng, size: rng.normal(size=size))
    pairs += [(k.astype(int), x) for k, x in _pairs(((7, 3), (6, 4)))]
    _compare(conv1d, reference, "full", pairs)


@test_case(name="uint8, int8, float32 and tuples", points=0.5, hidden=True)
def test_types(conv1d, reference):
    rng = case_rng()
    x = rng.integers(150, 256, size=9).astype(np.uint8)
    k = rng.integers(2, 90, size=4).astype(np.uint8)
    small = rng.integers(60, 127, size=(2, 5)).astype(np.int8)
    single = rng.normal(size=(2, 6)).astype(np.float32)
    pairs = [(x, k), tuple(small), tuple(single[:, :4])]
    pairs += [(tuple(x.tolist()), tuple(single[0, :3].tolist()))]
    _compare(conv1d, reference, "valid", pairs)


@test_case(name="arrays that lie otherwise in memory", points=0.5, hidden=True)
def test_layouts(conv1d, reference):
    pairs = _pairs(((8, 3),) * len(LAYOUTS))
    pairs = [
        (laid(x, layout), laid(k, layout))
        for (x, k), layout in zip(pairs, LAYOUTS, strict=True)
    ]
    _compare(conv1d, reference, "full", pairs)


@test_case(name="all of it together", points=0.5, hidden=True)
def test_together(conv1d, reference):
    for mode in MODES:
        pairs = _pairs(
            ODD + EVEN + LONGER + ONE_VALUE, lambda rng, n: rng.normal(size=n)
        )
        _compare(conv1d, reference, mode, pairs)
