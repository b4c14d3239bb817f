"""q10_deconvolve, public: the hospital undone, a lost frequency, a ringing impulse."""

import numpy as np
from checks import close, unchanged
from otter.test_files import test_case

OK_FORMAT = False

name = "q10_deconvolve"


@test_case(name="a blur undone, signs and inputs stay", points=0.5)
def test_small(deconvolve):
    # [1, -2] blurred with [2, 1]
    y, k = np.array([2, -3, -2]), np.array([2, 1])
    with unchanged(y, k):
        close(deconvolve(y, k, 0), [1, -2, 0])


@test_case(name="the hospital undone", points=0.5)
def test_hospital(deconvolve):
    doses = [3, 8, 14, 20, 26, 14, 5]
    close(deconvolve(doses, [3, 2, 1], 0), [1, 2, 3, 4, 5, 0, 0])


@test_case(name="a frequency that the blur has wiped out, with eps", points=0.5)
def test_lost(deconvolve):
    # Y = [4, 2], K = [2, 0], so X = [4 * 2 / (2**2 + 4), 0] = [1, 0]
    close(deconvolve([3, 1], [1, 1], 4), [0.5, 0.5])


@test_case(name="an impulse rings", points=0.5)
def test_ringing(ideal_low_pass):
    close(ideal_low_pass([4, 0, 0, 0], 1), [3, 1, -1, 1])


@test_case(name="at cutoff 0 the mean is left, and the input stays", points=0.5)
def test_mean(ideal_low_pass):
    x = np.array([1, 2, 3, 6])
    with unchanged(x):
        close(ideal_low_pass(x, 0), [3, 3, 3, 3])
