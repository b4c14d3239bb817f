"""q1_conv2d_forward, public: small images, worked out by hand, one thing a case."""

import numpy as np
from checks import close, raises, unchanged
from checks.layouts import laid
from otter.test_files import test_case

OK_FORMAT = False
name = "q1_conv2d_forward"

X = [[[[1, 2, 0], [4, -1, 5], [0, 6, 1]]]]
W = [[[[1, 2], [0, -3]]]]
B = np.zeros(1)


@test_case(name="one small image, one kernel", points=1.5)
def test_small(conv2d_forward):
    out = conv2d_forward(np.array(X, float), np.array(W, float), B, 1, 0)
    # Top left: 1*1 + 2*2 + 4*0 - 1*(-3) = 8
    close(out, [[[[8, -13], [-16, 6]]]])
    # Stride 1 and padding 0 may be left out
    out = conv2d_forward(np.array(X, float), np.array(W, float), B)
    close(out, [[[[8, -13], [-16, 6]]]])


@test_case(name="stride 2", points=0.5)
def test_stride(conv2d_forward):
    rows = [[1, 2, 0, 3], [4, -1, 5, 2], [0, 6, 1, -2], [3, 1, -4, 2]]
    out = conv2d_forward(np.array([[rows]], float), np.array(W, float), B, 2, 0)
    close(out, [[[[8, 0], [9, -9]]]])


@test_case(name="padding 1", points=0.5)
def test_padding(conv2d_forward):
    x = np.array([[[[2.0, -1], [1, 4]]]])
    w = np.array([[[[1.0, 0, 2], [-1, 3, 0], [0, 1, -2]]]])
    # Top left: the image is under the kernel's lower right corner, 2*3 + 1*1 - 4*2
    close(conv2d_forward(x, w, B, 1, 1), [[[[-1, -1], [1, 13]]]])


@test_case(name="stride 2 where a row and a column are left over", points=0.25)
def test_left_over(conv2d_forward):
    out = conv2d_forward(np.array(X, float), np.array(W, float), B, 2, 0)
    close(out, [[[[8]]]])


@test_case(name="images wider than high, and higher than wide", points=0.5)
def test_oblong_images(conv2d_forward):
    w = np.array(W, float)
    wide = np.array([[[[1.0, 2, 0, 3], [4, -1, 5, 2]]]])
    close(conv2d_forward(wide, w, B, 1, 0), [[[[8, -13, 0]]]])
    high = np.array([[[[1.0, 4], [2, -1], [0, 5], [3, 2]]]])
    close(conv2d_forward(high, w, B, 1, 0), [[[[12], [-15], [4]]]])


@test_case(name="kernels that are not square", points=0.5)
def test_oblong_kernels(conv2d_forward):
    x = np.array(X, float)
    high = np.array([[[[1.0], [-1]]]])
    close(conv2d_forward(x, high, B, 1, 0), [[[[-3, 3, -5], [4, -7, 4]]]])
    wide = np.array([[[[1.0, 0, 2], [-1, 3, 1]]]])
    close(conv2d_forward(x, wide, B, 1, 0), [[[[-1], [33]]]])


@test_case(name="two kernels, each with its bias", points=0.5)
def test_bias(conv2d_forward):
    w = np.array([[[[1.0, 2], [0, -3]]], [[[0, 0], [0, 1]]]])
    out = conv2d_forward(np.array(X, float), w, np.array([10.0, -100]), 1, 0)
    close(out, [[[[18, -3], [-6, 16]], [[-101, -95], [-94, -99]]]])


@test_case(name="two channels, three kernels", points=0.5)
def test_channels(conv2d_forward):
    x = np.array([[[[1.0, 2], [3, 4]], [[10, 20], [30, 40]]]])
    w = [
        [[[1, -1], [0, 0]], [[2, 0], [0, 1]]],
        [[[0, 1], [0, 0]], [[0, 0], [3, 0]]],
        [[[5, 0], [0, 1]], [[0, -1], [0, 0]]],
    ]
    # The first kernel: 1 - 2 of channel 0, 2*10 + 40 of channel 1, 100 of b
    out = conv2d_forward(x, np.array(w, float), np.array([100.0, -100, 0]), 1, 0)
    close(out, [[[[159]], [[-8]], [[-11]]]])


@test_case(name="three images", points=0.5)
def test_images(conv2d_forward):
    x = np.array([[[[1.0, 2], [3, 4]]], [[[-1, 0], [5, 2]]], [[[0, 1], [1, -3]]]])
    out = conv2d_forward(x, np.array(W, float), B, 1, 0)
    close(out, [[[[-7]]], [[[-7]]], [[[11]]]])


@test_case(name="images of whole numbers, kernels with fractions", points=0.5)
def test_whole_numbers(conv2d_forward):
    w = np.array([[[[0.5, 0.25], [0, -0.75]]]])
    out = conv2d_forward(np.array(X), w, np.array([0.1]), 1, 0)
    close(out, [[[[1.85, -2.65], [-2.65, 0.1]]]])


@test_case(name="kernels with other channels than the image are refused", points=0.5)
def test_refuses_channels(conv2d_forward):
    x, b = np.ones((1, 2, 3, 3)), np.zeros(1)
    raises(ValueError, conv2d_forward, x, np.ones((1, 3, 3, 3)), b, 1, 0)
    raises(ValueError, conv2d_forward, x, np.ones((1, 1, 3, 3)), b, 1, 0)
    close(conv2d_forward(x, np.ones((1, 2, 3, 3)), b, 1, 0), [[[[18]]]])


@test_case(name="kernels that do not fit the padded image are refused", points=0.5)
def test_refuses_large(conv2d_forward):
    x, b = np.ones((1, 1, 4, 4)), np.zeros(1)
    raises(ValueError, conv2d_forward, x, np.ones((1, 1, 5, 2)), b, 1, 0)
    raises(ValueError, conv2d_forward, x, np.ones((1, 1, 2, 5)), b, 1, 0)
    raises(ValueError, conv2d_forward, x, np.ones((1, 1, 7, 7)), b, 1, 1)
    # As large as the padded image still fits.
    close(conv2d_forward(x, np.ones((1, 1, 6, 6)), b, 1, 1), [[[[16]]]])


@test_case(name="the inputs stay as they were", points=0.5)
def test_unchanged(conv2d_forward):
    x, w, b = np.array(X, float), np.array(W, float), np.array([10.0])
    with unchanged(x, w, b):
        out = conv2d_forward(x, w, b, 1, 0)
    close(out, [[[[18, -3], [-6, 16]]]])
    # The same arrays, which nobody can write into
    x, w, b = (laid(a, "read-only") for a in (x, w, b))
    close(conv2d_forward(x, w, b, 1, 0), [[[[18, -3], [-6, 16]]]])
