"""q11_domains, public: sizes counted by hand, and small signals."""

import numpy as np
from checks import close, equal, unchanged
from otter.test_files import test_case

OK_FORMAT = False

name = "q11_domains"


@test_case(name="a small kernel, a large one, and two near the break-even", points=0.5)
def test_sizes(cheaper_domain):
    equal(cheaper_domain(1000, 3), "space")
    equal(cheaper_domain(1000, 1000), "frequency")
    # L = 128, so 3*128*7 + 128 = 2816 against 97*32 = 3104 and 102*27 = 2754.
    equal(cheaper_domain(97, 32), "frequency")
    equal(cheaper_domain(102, 27), "space")
    # The length is neither n nor n + k nor a power of two: L = 128 again, with 101*28 =
    # 2828, and L = 129 with about 2842 against 65*65 = 4225.
    equal(cheaper_domain(101, 28), "frequency")
    equal(cheaper_domain(65, 65), "frequency")
    # 1 against 3*1*0 + 1
    equal(cheaper_domain(1, 1), "space")


@test_case(name="the gap of two values", points=0.5)
def test_gap(relu_dft_gap):
    close(relu_dft_gap([3, -1]), 1)


@test_case(name="the gap of four values, by hand", points=0.5)
def test_gap_of_four(relu_dft_gap):
    # DFT(relu(x)) = [3, 1-2j, -1, 1+2j], DFT(x) = [2, 1-3j, 0, 1+3j]; the ReLU of the
    # latter is [2, 1, 0, 1+3j], so D = [1, -2j, -1, -1j].
    x = np.array([1, 2, 0, -1])
    with unchanged(x):
        close(relu_dft_gap(x), 2)
    # Nothing is left of x; DFT(x) = [-3, -1+2j, 1, -1-2j], so D = [0, -2j, -1, 0].
    close(relu_dft_gap([-1, -2, 0, 0]), 2)
