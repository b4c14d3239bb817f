"""q1_conv1d, public: the hospital of the lecture, and even kernels by hand."""

from checks import close, raises
from otter.test_files import test_case

OK_FORMAT = False

name = "q1_conv1d"

PATIENTS, DOSES = [1, 2, 3, 4, 5], [3, 2, 1]


@test_case(name="the hospital of the lecture", points=2)
def test_hospital(conv1d):
    close(conv1d(PATIENTS, DOSES, "full"), [3, 8, 14, 20, 26, 14, 5])


@test_case(name="the hospital, same and valid", points=1.5)
def test_modes(conv1d):
    close(conv1d(PATIENTS, DOSES, "same"), [8, 14, 20, 26, 14])
    close(conv1d(PATIENTS, DOSES, "valid"), [14, 20, 26])


@test_case(name="a kernel of two values", points=1)
def test_even(conv1d):
    close(conv1d([1, 2, 3, 4], [1, 10], "full"), [1, 12, 23, 34, 40])
    close(conv1d([1, 2, 3, 4], [1, 10], "same"), [1, 12, 23, 34])
    close(conv1d([1, 2, 3, 4], [1, 10], "valid"), [12, 23, 34])


@test_case(name="an unknown mode is refused", points=0.5)
def test_refused(conv1d):
    raises(ValueError, conv1d, [1, 2, 3], [1, 2], "wide")
