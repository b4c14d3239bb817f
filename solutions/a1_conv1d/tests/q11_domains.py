"""q11_domains, hidden: sizes on both sides of the break-even, random signals."""

from checks import case_rng, close, equal
from otter.test_files import test_case

OK_FORMAT = False

name = "q11_domains"

SIZES = ((1, 1), (1, 2), (2, 1), (2, 2), (5, 5), (64, 64), (100, 20), (3, 3000))
SIZES += ((10**6, 40), (10**6, 80), (512, 2), (40, 10**6))
SIZES += ((9, 7), (10, 7), (24, 24), (25, 24), (396, 20))


@test_case(name="many sizes, and close to the break-even", points=1.5, hidden=True)
def test_sizes(cheaper_domain, reference):
    rng = case_rng()
    sizes = list(SIZES)
    for n in rng.integers(100, 20_000, size=12).tolist():
        even = next(k for k in range(1, n) if reference.cheaper_domain(n, k) != "space")
        sizes += [(n, even - 1), (n, even), (n, even // 2), (n, 2 * even)]
    sizes += [(n, k) for n in range(28, 50) for k in range(40, 110)]
    got = [cheaper_domain(n, k) for n, k in sizes]
    equal(got, [reference.cheaper_domain(n, k) for n, k in sizes])


@test_case(name="the gap of random signals", points=1.5, hidden=True)
def test_gap(relu_dft_gap, reference):
    rng = case_rng()
    signals = [rng.normal(size=n) for n in (8, 7, 5, 12)]
    signals += [[-1, 0, -5, 3, 0], [1, 0, 2, 2, 2]]
    got = [relu_dft_gap(x) for x in signals]
    for answer, x in zip(got, signals, strict=True):
        close(answer, reference.relu_dft_gap(x))
