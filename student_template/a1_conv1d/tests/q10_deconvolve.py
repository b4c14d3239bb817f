"""q10_deconvolve, public: the hospital undone, and an impulse that rings."""

from checks import close
from otter.test_files import test_case

OK_FORMAT = False

name = "q10_deconvolve"


@test_case(name="two values and two", points=1)
def test_small(deconvolve):
    close(deconvolve([2, 5, 2], [2, 1], 0), [1, 2, 0])


@test_case(name="the hospital undone", points=1)
def test_hospital(deconvolve):
    doses = [3, 8, 14, 20, 26, 14, 5]
    close(deconvolve(doses, [3, 2, 1], 0), [1, 2, 3, 4, 5, 0, 0])


@test_case(name="an impulse rings", points=1)
def test_ringing(ideal_low_pass):
    close(ideal_low_pass([4, 0, 0, 0], 1), [3, 1, -1, 1])
