"""q1_conv2d_forward, public: small images, worked out by hand."""

import numpy as np
from checks import close, raises
from otter.test_files import test_case

OK_FORMAT = False
name = "q1_conv2d_forward"


@test_case(name="one small image, one kernel", points=2)
def test_small(conv2d_forward):
    x = np.array([[[[1, 2, 0, 3], [4, -1, 5, 2], [0, 6, 1, -2]]]], dtype=float)
    w = np.array([[[[1, 2], [0, -3]]]], dtype=float)
    b = np.array([10.0])
    # Top left: 1*1 + 2*2 + 4*0 - 1*(-3) + 10 = 18
    close(conv2d_forward(x, w, b, 1, 0), [[[[18, -3, 10], [-6, 16, 25]]]])


@test_case(name="stride 2 and padding 1", points=2)
def test_stride_and_padding(conv2d_forward):
    x = np.array([[[[2, -1, 3, 0, 1], [1, 4, -2, 5, 0], [0, 3, 1, -1, 2]]]], float)
    w = np.array([[[[1, 0, 2], [-1, 3, 0], [0, 1, -2]]]], dtype=float)
    b = np.array([0.5])
    out = conv2d_forward(x, w, b, 2, 1)
    close(out, [[[[-0.5, -1.5, 3.5], [8.5, 14.5, 12.5]]]])


@test_case(name="two images, two channels, three kernels", points=1)
def test_channels(conv2d_forward):
    x = np.array([[[[1, 2, 3]], [[10, 20, 30]]], [[[4, 5, 6]], [[-1, 0, 1]]]], float)
    w = np.array([[[[1, -1]], [[2, 0]]], [[[0, 1]], [[0, 3]]], [[[5, 0]], [[0, -1]]]])
    b = np.array([100, -100, 0])
    # First image, first kernel, left: 1 - 2 of channel 0, 2*10 of channel 1, 100 of b
    expected = [
        [[[119, 139]], [[-38, -7]], [[-15, -20]]],
        [[[97, 99]], [[-95, -91]], [[20, 24]]],
    ]
    close(conv2d_forward(x, w, b, 1, 0), expected)


@test_case(name="kernels that do not fit are refused", points=1)
def test_refuses(conv2d_forward):
    x, b = np.ones((1, 2, 7, 3)), np.zeros(3)
    raises(ValueError, conv2d_forward, x, np.ones((3, 1, 2, 2)), b, 1, 0)
    raises(ValueError, conv2d_forward, x, np.ones((3, 2, 8, 2)), b, 1, 0)
    raises(ValueError, conv2d_forward, x, np.ones((3, 2, 2, 6)), b, 1, 1)
    # As large as the padded image still fits.
    close(
        conv2d_forward(x, np.zeros((3, 2, 9, 5)), b + 7, 1, 1), np.full((1, 3, 1, 1), 7)
    )
    x = np.ones((1, 2, 3, 7))
    close(
        conv2d_forward(x, np.zeros((3, 2, 5, 9)), b + 7, 1, 1), np.full((1, 3, 1, 1), 7)
    )
