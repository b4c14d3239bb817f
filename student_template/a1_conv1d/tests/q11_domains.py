"""q11_domains, public: two sizes and a small signal."""

from checks import close, equal
from otter.test_files import test_case

OK_FORMAT = False

name = "q11_domains"


@test_case(name="a small kernel and a large one", points=0.5)
def test_sizes(cheaper_domain):
    equal(cheaper_domain(1000, 3), "space")
    equal(cheaper_domain(1000, 1000), "frequency")


@test_case(name="the gap of two values", points=0.5)
def test_gap(relu_dft_gap):
    close(relu_dft_gap([3, -1]), 1)
