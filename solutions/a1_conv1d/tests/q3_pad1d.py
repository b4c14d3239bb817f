"""q3_pad1d, hidden: random signals and widths."""

import numpy as np
from checks import case_rng, close, unchanged
from otter.test_files import test_case

OK_FORMAT = False

name = "q3_pad1d"

MANY = 6


def _compare(pad1d, reference, mode, signals):
    got = [pad1d(x, p, mode) for x, p in signals]
    for answer, (x, p) in zip(got, signals, strict=True):
        close(answer, reference.pad1d(x, p, mode))


def _signals():
    rng = case_rng()
    sizes = [int(rng.integers(5, 10)) for _ in range(MANY)]
    return [(rng.normal(size=n), int(rng.integers(1, n - 1))) for n in sizes]


@test_case(name="random signals, zero", points=1, hidden=True)
def test_zero(pad1d, reference):
    _compare(pad1d, reference, "zero", _signals())


@test_case(name="random signals, reflect", points=1, hidden=True)
def test_reflect(pad1d, reference):
    _compare(pad1d, reference, "reflect", _signals())


@test_case(name="random signals, replicate", points=1, hidden=True)
def test_replicate(pad1d, reference):
    _compare(pad1d, reference, "replicate", _signals())


@test_case(name="random signals, circular", points=1, hidden=True)
def test_circular(pad1d, reference):
    _compare(pad1d, reference, "circular", _signals())


@test_case(
    name="as wide as allowed, uint8 and lists; input unchanged", points=1, hidden=True
)
def test_wide(pad1d, reference):
    rng = case_rng()
    x = rng.integers(1, 256, size=7).astype(np.uint8)
    with unchanged(x):
        for mode, p in (("reflect", 6), ("circular", 7), ("replicate", 9), ("zero", 9)):
            _compare(pad1d, reference, mode, [(x, p), (x.tolist(), 2), (x[:1], 0)])
