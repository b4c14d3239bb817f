"""q2_convolution_matrix, public: matrices small enough to write down."""

from checks import close
from otter.test_files import test_case

OK_FORMAT = False

name = "q2_convolution_matrix"


@test_case(name="three windows, stride 1", points=1)
def test_stride_1(convolution_matrix):
    close(convolution_matrix(4, [1, 2], 1), [[1, 2, 0, 0], [0, 1, 2, 0], [0, 0, 1, 2]])


@test_case(name="two windows, stride 2", points=1)
def test_stride_2(convolution_matrix):
    expected = [[3, 5, 7, 0, 0], [0, 0, 3, 5, 7]]
    close(convolution_matrix(5, [3, 5, 7], 2), expected)


@test_case(name="the last value is in no window", points=0.5)
def test_spare(convolution_matrix):
    expected = [[3, 5, 0, 0, 0], [0, 0, 3, 5, 0]]
    close(convolution_matrix(5, [3, 5], 2), expected)


@test_case(name="one window, as long as the signal", points=1.5)
def test_one_window(convolution_matrix):
    close(convolution_matrix(3, [0.5, 2, -1], 1), [[0.5, 2, -1]])
