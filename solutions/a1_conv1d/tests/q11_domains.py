"""q11_domains, hidden: sizes on both sides of the break-even, random signals.

The sizes are few and chosen: every way to miscount by one FFT, one factor or one value
of the length turns the answer for one of `NEAR`.
"""

import numpy as np
from checks import case_rng, close, each, equal
from checks.layouts import LAYOUTS, laid
from otter.test_files import test_case

OK_FORMAT = False

name = "q11_domains"

FAR = ((10**6, 1), (10**6, 2), (10**5, 10**5))
NEAR = ((37, 40), (37, 42), (40, 37), (42, 37), (1, 1), (28, 101), (27, 102))
NEAR += ((1, 2), (2, 1), (2, 2), (5, 5), (3, 3000), (10**6, 40), (10**6, 80))
NEAR += ((40, 10**6), (1, 5000), (1000, 8), (18, 45), (45, 18), (18, 41))
RANDOM_LENGTHS = 9


def _check(cheaper_domain, reference, sizes):
    expected = [reference.cheaper_domain(n, k) for n, k in sizes]
    equal(each(cheaper_domain, [(n, k) for n, k in sizes]), expected)


@test_case(name="sizes far from the break-even", points=0.5, hidden=True)
def test_far(cheaper_domain, reference):
    rng = case_rng()
    long = rng.integers(2000, 20_000, size=6).tolist()
    sizes = [*FAR, *((n, n) for n in long), *((n, 1 + n % 3) for n in long)]
    _check(cheaper_domain, reference, sizes)


@test_case(name="sizes close to the break-even", points=1, hidden=True)
def test_near(cheaper_domain, reference):
    rng = case_rng()
    sizes = list(NEAR)
    for n in rng.integers(100, 20_000, size=RANDOM_LENGTHS).tolist():
        even = next(k for k in range(1, n) if reference.cheaper_domain(n, k) != "space")
        sizes += [(n, even - 1), (n, even), (even - 1, n), (even, n)]
    _check(cheaper_domain, reference, sizes)


@test_case(name="the gap of random signals, kinds and layouts", points=0.5, hidden=True)
def test_gap(relu_dft_gap, reference):
    rng = case_rng()
    signals = [rng.normal(size=n) for n in (8, 7, 5, 12)]
    signals += [[-1, 0, -5, 3, 0], rng.normal(size=6).astype(np.float32), (-3, 1, 2)]
    signals += [laid(rng.normal(size=6), layout) for layout in LAYOUTS]
    signals += [rng.normal(size=1)]
    expected = [reference.relu_dft_gap(x) for x in signals]
    got = each(relu_dft_gap, [(x,) for x in signals])
    for answer, right in zip(got, expected, strict=True):
        close(answer, right)


@test_case(name="the gap of signals that ReLU leaves alone", points=0.5, hidden=True)
def test_gap_positive(relu_dft_gap, reference):
    rng = case_rng()
    signals = [np.abs(rng.normal(size=n)) for n in (8, 5)]
    signals += [rng.integers(0, 256, size=6).astype(np.uint8), [1, 0, 2, 2, 2]]
    expected = [reference.relu_dft_gap(x) for x in signals]
    got = each(relu_dft_gap, [(x,) for x in signals])
    for answer, right in zip(got, expected, strict=True):
        close(answer, right)
