"""q3_pad1d, hidden: every mode by itself, as wide as allowed, kinds of numbers.

Values are whole where fractions are not the question. No array is given twice.
"""

import numpy as np
from checks import case_rng, close, each
from checks.layouts import LAYOUTS, laid
from otter.test_files import test_case

OK_FORMAT = False

name = "q3_pad1d"

MANY = 6


def _compare(pad1d, reference, mode, signals):
    expected = [reference.pad1d(x, p, mode) for x, p in signals]
    got = each(pad1d, [(x, p, mode) for x, p in signals])
    for answer, right in zip(got, expected, strict=True):
        close(answer, right)


def _signals():
    rng = case_rng()
    sizes = [int(rng.integers(5, 10)) for _ in range(MANY)]
    return [
        (rng.permutation(30)[:n].astype(float) - 12, int(rng.integers(2, n - 1)))
        for n in sizes
    ]


@test_case(name="random signals, zero", points=0.5, hidden=True)
def test_zero(pad1d, reference):
    _compare(pad1d, reference, "zero", _signals())


@test_case(name="random signals, reflect", points=1, hidden=True)
def test_reflect(pad1d, reference):
    _compare(pad1d, reference, "reflect", _signals())


@test_case(name="random signals, replicate", points=0.5, hidden=True)
def test_replicate(pad1d, reference):
    _compare(pad1d, reference, "replicate", _signals())


@test_case(name="random signals, circular", points=1, hidden=True)
def test_circular(pad1d, reference):
    _compare(pad1d, reference, "circular", _signals())


@test_case(name="as wide as allowed, and signals of one value", points=0.5, hidden=True)
def test_wide(pad1d, reference):
    rng = case_rng()
    for mode, p in (("reflect", 6), ("circular", 7), ("replicate", 9), ("zero", 9)):
        x = rng.permutation(20)[:7].astype(float)
        narrow = 0 if mode == "reflect" else 1
        _compare(pad1d, reference, mode, [(x, p), (x[:1], narrow)])


@test_case(name="fractions, uint8, float32, tuples, layouts", points=1, hidden=True)
def test_types(pad1d, reference):
    rng = case_rng()
    x = rng.integers(1, 256, size=7).astype(np.uint8)
    signals = [x, rng.normal(size=5), rng.normal(size=6).astype(np.float32)]
    signals += [tuple(rng.normal(size=5).tolist())]
    signals += [laid(rng.normal(size=5), layout) for layout in LAYOUTS]
    _compare(pad1d, reference, "replicate", [(signal, 2) for signal in signals])
