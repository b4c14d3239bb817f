"""q4_conv_transpose2d, public: one image of 2 x 3 pixels, painted by hand."""

import numpy as np
from checks import close, raises, unchanged
from otter.test_files import test_case

OK_FORMAT = False

name = "q4_conv_transpose2d"

X = [[[1, 2, 0], [-1, 3, 1]]]
W = [[[[1, 2, 0], [0, -1, 3], [4, 0, 1]]]]


@test_case(name="stride 1", points=1.5)
def test_stride_1(conv_transpose2d):
    out = conv_transpose2d(np.array(X), np.array(W), 1, 0, 0)
    rows = [[1, 4, 4, 0, 0], [-1, 0, 8, 8, 0], [4, 9, -5, 10, 3], [-4, 12, 3, 3, 1]]
    close(out, [rows])


@test_case(name="stride 2", points=1.5)
def test_stride_2(conv_transpose2d):
    out = conv_transpose2d(np.array(X), np.array(W), 2, 0, 0)
    rows = [
        [1, 2, 2, 4, 0, 0, 0],
        [0, -1, 3, -2, 6, 0, 0],
        [3, -2, 12, 6, 3, 2, 0],
        [0, 1, -3, -3, 9, -1, 3],
        [-4, 0, 11, 0, 7, 0, 1],
    ]
    close(out, [rows])


@test_case(name="padding cuts off", points=1.5)
def test_padding(conv_transpose2d):
    out = conv_transpose2d(np.array(X), np.array(W), 1, 1, 0)
    close(out, [[[0, 8, 8], [9, -5, 10]]])


@test_case(name="output_padding gives back what padding cut off", points=1.5)
def test_output_padding(conv_transpose2d):
    out = conv_transpose2d(np.array(X), np.array(W), 2, 1, 1)
    rows = [
        [-1, 3, -2, 6, 0, 0],
        [-2, 12, 6, 3, 2, 0],
        [1, -3, -3, 9, -1, 3],
        [0, 11, 0, 7, 0, 1],
    ]
    close(out, [rows])


@test_case(name="a kernel that is not square", points=1)
def test_oblong(conv_transpose2d):
    out = conv_transpose2d(np.array(X), np.array([[[[1, -2, 3]]]]), 1, 0, 0)
    close(out, [[[1, 0, -1, 6, 0], [-1, 5, -8, 7, 3]]])


@test_case(name="two channels in, three out", points=1)
def test_channels(conv_transpose2d):
    x = np.array([[[1, 2], [3, 4]], [[10, 0], [0, -10]]])
    from_first = [[[1, 0], [0, 1]], [[0, 2], [0, 0]], [[0, 0], [3, 0]]]
    from_second = [[[1, 1], [0, 0]], [[1, 0], [0, 0]], [[0, -1], [0, 5]]]
    out = conv_transpose2d(x, np.array([from_first, from_second]), 1, 0, 0)
    expected = [
        [[11, 12, 0], [3, -5, -8], [0, 3, 4]],
        [[10, 2, 4], [0, -4, 8], [0, 0, 0]],
        [[0, -10, 0], [3, 56, 10], [9, 12, -50]],
    ]
    close(out, expected)


@test_case(name="kernels for other channels are refused", points=0.5)
def test_refused(conv_transpose2d):
    close(conv_transpose2d(np.ones((2, 1, 1)), np.ones((2, 1, 1, 1)), 1, 0, 0), [[[2]]])
    raises(ValueError, conv_transpose2d, np.ones((1, 2, 2)), np.ones((2, 1, 2, 2)))


@test_case(name="the inputs stay as they were", points=0.5)
def test_unchanged(conv_transpose2d):
    x, kernels = np.array([[[0.5, 1.5]]]), np.array([[[[2.0, 1.0]]]])
    with unchanged(x, kernels):
        out = conv_transpose2d(x, kernels, 1, 0, 0)
    close(out, [[[1, 3.5, 1.5]]])
