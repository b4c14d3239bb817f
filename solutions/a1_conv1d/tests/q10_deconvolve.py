"""q10_deconvolve, hidden: random blurs, lost frequencies, even and odd lengths."""

import numpy as np
from checks import case_rng, close, each
from checks.layouts import LAYOUTS, laid
from otter.test_files import test_case

OK_FORMAT = False

name = "q10_deconvolve"


def _compare(function, right, calls):
    expected = [right(*call) for call in calls]
    got = each(function, calls)
    for answer, wanted in zip(got, expected, strict=True):
        close(answer, wanted)


def _swings(rng, size):
    """Return a random signal whose mean is 0."""
    x = rng.normal(size=size)
    return x - x.mean()


@test_case(name="random signals and kernels with eps", points=1, hidden=True)
def test_random(deconvolve, reference):
    rng = case_rng()
    calls = [
        (rng.normal(size=n), rng.normal(size=m), eps)
        for n, m, eps in ((9, 3, 0.5), (8, 4, 0.1), (12, 2, 2.0), (7, 7, 1.0))
    ]
    _compare(deconvolve, reference.deconvolve, calls)


@test_case(name="a blur that wipes a frequency out", points=0.5, hidden=True)
def test_lost(deconvolve, reference):
    rng = case_rng()
    calls = [
        (rng.normal(size=n), kernel, eps)
        for n, kernel, eps in ((8, [1, 1], 0.1), (6, [1, 1, 1], 0.3), (10, [2, 2], 1))
    ]
    _compare(deconvolve, reference.deconvolve, calls)


@test_case(
    name="kernels of one value, kinds of numbers, layouts", points=1, hidden=True
)
def test_one_value(deconvolve, reference):
    rng = case_rng()
    y = rng.integers(0, 256, size=6).astype(np.uint8)
    calls = [(y, [1], 0), (rng.normal(size=5).astype(np.float32), [1.0], 0)]
    calls += [(tuple(rng.normal(size=4).tolist()), np.array([1], np.uint8), 0.0)]
    calls += [(rng.normal(size=1), np.ones(1), 0)]
    calls += [(laid(rng.normal(size=4), lies), [1], 0) for lies in LAYOUTS]
    _compare(deconvolve, reference.deconvolve, calls)


@test_case(name="a low pass, even lengths", points=0.5, hidden=True)
def test_even(ideal_low_pass, reference):
    rng = case_rng()
    calls = [(_swings(rng, n), cutoff) for n, cutoff in ((8, 2), (12, 3), (10, 4))]
    _compare(ideal_low_pass, reference.ideal_low_pass, calls)


@test_case(name="a low pass, odd lengths", points=0.5, hidden=True)
def test_odd(ideal_low_pass, reference):
    rng = case_rng()
    calls = [(_swings(rng, n), cutoff) for n, cutoff in ((9, 3), (7, 1), (11, 4))]
    _compare(ideal_low_pass, reference.ideal_low_pass, calls)


@test_case(name="a low pass, cutoff 0", points=0.5, hidden=True)
def test_cutoff_0(ideal_low_pass, reference):
    rng = case_rng()
    calls = [(rng.normal(size=n), 0) for n in (6, 7, 9)]
    _compare(ideal_low_pass, reference.ideal_low_pass, calls)


@test_case(name="the mean stays, of whatever type and layout", points=1, hidden=True)
def test_constant(ideal_low_pass, reference):
    height = int(case_rng().integers(100, 256))
    calls = [(np.full(8, height, np.uint8), 2), ([height] * 5, 1)]
    calls += [(np.full(6, height / 7, np.float32), 3), ((height,) * 7, 2)]
    calls += [([height + 1, height - 1] * 4, 1)]
    calls += [(laid(np.full(6, height), layout), 2) for layout in LAYOUTS]
    _compare(ideal_low_pass, reference.ideal_low_pass, calls)


@test_case(name="a jump, all frequencies kept, and one value", points=0.5, hidden=True)
def test_jump(ideal_low_pass, reference):
    height = float(case_rng().uniform(1, 5))
    for size in (32, 33):
        jump = [0.0] * (size // 2) + [height] * (size - size // 2)
        close(ideal_low_pass(jump, 5), reference.ideal_low_pass(jump, 5))
        close(ideal_low_pass(jump, size // 2), jump)
    close(ideal_low_pass([height], 0), [height])
