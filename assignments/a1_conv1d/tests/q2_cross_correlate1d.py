"""q2_cross_correlate1d, public: by hand."""

import numpy as np
from checks import close, raises, unchanged
from otter.test_files import test_case

OK_FORMAT = False

name = "q2_cross_correlate1d"

PATIENTS, DOSES = [1, 2, 3, 4, 5], [3, 2, 1]


@test_case(name="the hospital's numbers, without the flip", points=1)
def test_full(cross_correlate1d):
    close(cross_correlate1d(PATIENTS, DOSES, "full"), [1, 4, 10, 16, 22, 22, 15])


@test_case(name="the same, mode same", points=0.5)
def test_same(cross_correlate1d):
    close(cross_correlate1d(PATIENTS, DOSES, "same"), [4, 10, 16, 22, 22])


@test_case(name="the same, mode valid", points=0.5)
def test_valid(cross_correlate1d):
    close(cross_correlate1d(PATIENTS, DOSES, "valid"), [10, 16, 22])


@test_case(name="mode same with a kernel of two values", points=0.5)
def test_even(cross_correlate1d):
    # Lags -1 to 2: 1*10, 1*1 + 2*10, 2*1 + 3*10, 3*1 + 4*10
    close(cross_correlate1d([1, 2, 3, 4], [1, 10], "same"), [10, 21, 32, 43])


@test_case(name="a kernel that is longer than the signal, valid", points=0.5)
def test_longer(cross_correlate1d):
    # In full [3, 8, 5, 2].
    close(cross_correlate1d([1, 2], [1, 2, 3], "valid"), [8, 5])


@test_case(name="fractions, and inputs that stay as they were", points=0.5)
def test_fractions(cross_correlate1d):
    x, k = np.array([1, 2, 3]), np.array([0.5, 0, 0.25])
    with unchanged(x, k):
        # 2*0.25, 1*0.5 + 3*0.25, 2*0.5
        close(cross_correlate1d(x, k, "same"), [0.5, 1.25, 1])


@test_case(name="an unknown mode is refused", points=0.5)
def test_refused(cross_correlate1d):
    cross_correlate1d([1, 2, 3], [1, 2], "full")  # known, so not refused
    raises(ValueError, cross_correlate1d, [1, 2, 3], [1, 2], "wide")
