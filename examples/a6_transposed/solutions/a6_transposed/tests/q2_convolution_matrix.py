"""q2_convolution_matrix, hidden: random kernels."""

from checks import case_rng, close
from otter.test_files import test_case

OK_FORMAT = False

name = "q2_convolution_matrix"


def _compare(convolution_matrix, reference, sizes):
    rng = case_rng()
    for n, m, stride in sizes:
        kernel = rng.normal(size=m)
        expected = reference.convolution_matrix(n, kernel, stride)
        close(convolution_matrix(n, kernel, stride), expected)


@test_case(name="random kernels, stride 1", points=2.5, hidden=True)
def test_stride_1(convolution_matrix, reference):
    _compare(convolution_matrix, reference, ((6, 3, 1), (5, 2, 1)))


@test_case(name="random kernels, strides 2 and 3", points=1.5, hidden=True)
def test_strides(convolution_matrix, reference):
    _compare(convolution_matrix, reference, ((7, 3, 2), (8, 2, 3)))


@test_case(name="values that no window reaches", points=1, hidden=True)
def test_spare(convolution_matrix, reference):
    _compare(convolution_matrix, reference, ((8, 3, 2), (7, 2, 3)))


@test_case(name="a kernel of one, and one as long as the signal", points=1, hidden=True)
def test_edges(convolution_matrix, reference):
    _compare(convolution_matrix, reference, ((3, 1, 1), (4, 4, 2)))
