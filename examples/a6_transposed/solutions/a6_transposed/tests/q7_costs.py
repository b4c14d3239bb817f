"""q7_costs, hidden: random layers."""

from checks import case_rng, close, equal
from otter.test_files import test_case

OK_FORMAT = False

name = "q7_costs"


def _layers():
    rng = case_rng()
    for _ in range(5):
        h, w, c_in, c_out, kh, kw = (int(v) for v in rng.permutation(40)[:6] + 2)
        yield (h, w), c_in, c_out, (kh, kw)


@test_case(name="random layers, usual", points=1, hidden=True)
def test_standard(standard_macs, reference):
    for layer in _layers():
        equal(standard_macs(*layer), reference.standard_macs(*layer))


@test_case(name="random layers, separable", points=1, hidden=True)
def test_separable(separable_macs, reference):
    for layer in _layers():
        equal(separable_macs(*layer), reference.separable_macs(*layer))


@test_case(name="random ratios", points=1, hidden=True)
def test_ratio(cost_ratio, reference):
    for _, _, c_out, kernel in _layers():
        close(cost_ratio(c_out, kernel), reference.cost_ratio(c_out, kernel))
