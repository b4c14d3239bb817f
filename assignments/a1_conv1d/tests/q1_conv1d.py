"""q1_conv1d, public: the hospital of the lecture, then one thing after the other."""

import numpy as np
from checks import close, raises, unchanged
from otter.test_files import test_case

OK_FORMAT = False

name = "q1_conv1d"

PATIENTS, DOSES = [1, 2, 3, 4, 5], [3, 2, 1]


@test_case(name="the hospital of the lecture", points=1.5)
def test_hospital(conv1d):
    close(conv1d(PATIENTS, DOSES, "full"), [3, 8, 14, 20, 26, 14, 5])


@test_case(name="the hospital, mode same", points=1)
def test_same(conv1d):
    close(conv1d(PATIENTS, DOSES, "same"), [8, 14, 20, 26, 14])


@test_case(name="the hospital, mode valid", points=0.5)
def test_valid(conv1d):
    close(conv1d(PATIENTS, DOSES, "valid"), [14, 20, 26])


@test_case(name="mode same with a kernel of two values", points=0.5)
def test_even(conv1d):
    # 1*1, 2*1 + 1*10, 3*1 + 2*10, 4*1 + 3*10: it starts at n = (2 - 1) // 2 = 0.
    close(conv1d([1, 2, 3, 4], [1, 10], "same"), [1, 12, 23, 34])


@test_case(name="a kernel that is longer than the signal, same and valid", points=0.5)
def test_longer(conv1d):
    # In full [1, 4, 7, 6].
    close(conv1d([1, 2], [1, 2, 3], "same"), [1, 4, 7])
    close(conv1d([1, 2], [1, 2, 3], "valid"), [4, 7])


@test_case(name="whole numbers and a kernel of fractions", points=0.5)
def test_fractions(conv1d):
    # 2*0.5 + 1*0.25 and 3*0.5 + 2*0.25
    close(conv1d([1, 2, 3], [0.5, 0.25], "valid"), [1.25, 2])


@test_case(name="uint8 goes beyond 255, and the inputs stay as they were", points=0.5)
def test_uint8(conv1d):
    x, k = np.array([200, 100, 50], np.uint8), np.array([1, 10], np.uint8)
    with unchanged(x, k):
        close(conv1d(x, k, "valid"), [2100, 1050])


@test_case(name="an unknown mode is refused", points=0.5)
def test_refused(conv1d):
    conv1d([1, 2, 3], [1, 2], "full")  # known, so not refused
    raises(ValueError, conv1d, [1, 2, 3], [1, 2], "wide")
