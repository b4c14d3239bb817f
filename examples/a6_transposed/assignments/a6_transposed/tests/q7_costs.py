"""q7_costs, public: MobileNet's savings."""

from checks import close, equal
from otter.test_files import test_case

OK_FORMAT = False

name = "q7_costs"


@test_case(name="a usual layer", points=1)
def test_standard(standard_macs):
    equal(standard_macs((14, 7), 8, 16, (3, 5)), 188160)


@test_case(name="a separable layer", points=1)
def test_separable(separable_macs):
    equal(separable_macs((14, 7), 8, 16, (3, 5)), 24304)


@test_case(name="their ratio", points=1)
def test_ratio(cost_ratio):
    ratios = [cost_ratio(64, (3, 3)), cost_ratio(4, (5, 2)), cost_ratio(1, (3, 3))]
    close(ratios, [0.126736, 0.35, 1.111111])
