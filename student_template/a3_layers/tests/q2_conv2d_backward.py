"""q2_conv2d_backward, public: gradients of small layers, worked out by hand.

dx, dw and db are asked for one by one: a mistake in one costs that one's points.
"""

import numpy as np
from checks import close, fields
from otter.test_files import test_case

OK_FORMAT = False
name = "q2_conv2d_backward"


def small():
    """Return dout and a layer with one image, one kernel, stride 1, no padding."""
    x = np.array([[[[1, 2, 0, 3], [4, -1, 5, 2], [0, 6, 1, -2]]]], dtype=float)
    w = np.array([[[[1, 2], [0, -3]]]], dtype=float)
    dout = np.array([[[[1, -2, 0], [3, 0, 4]]]], dtype=float)
    return dout, x, w, np.array([10.0]), 1, 0


def strided():
    """Return dout and a layer with stride 2 and padding 1."""
    x = np.array([[[[2, -1, 3, 0, 1], [1, 4, -2, 5, 0], [0, 3, 1, -1, 2]]]], float)
    w = np.array([[[[1, 0, 2], [-1, 3, 0], [0, 1, -2]]]], dtype=float)
    dout = np.array([[[[1, -2, 3], [4, 0, -1]]]], dtype=float)
    return dout, x, w, np.array([0.5]), 2, 1


def channels():
    """Return dout and a layer with two images, two channels and three kernels."""
    x = np.array([[[[1, 2, 3]], [[10, 20, 30]]], [[[4, 5, 6]], [[-1, 0, 1]]]], float)
    w = np.array([[[[1, -1]], [[2, 0]]], [[[0, 1]], [[0, 3]]], [[[5, 0]], [[0, -1]]]])
    dout = [[[[1, 2]], [[-3, 0]], [[4, -1]]], [[[0, 5]], [[2, 1]], [[-2, 3]]]]
    return np.array(dout, float), x, w.astype(float), np.array([100.0, -100, 0]), 1, 0


@test_case(name="dx of one small image", points=2)
def test_dx_small(conv2d_backward):
    dx, _, _ = fields(conv2d_backward(*small()), "dx", "dw", "db")
    close(dx, [[[[1, 0, -4, 0], [3, 3, 10, 8], [0, -9, 0, -12]]]])


@test_case(name="dx with stride 2 and padding 1", points=2)
def test_dx_strided(conv2d_backward):
    dx, _, _ = fields(conv2d_backward(*strided()), "dx", "dw", "db")
    close(dx, [[[[3, 2, -6, -3, 9], [1, 6, -2, 3, 3], [12, 0, 0, 1, -3]]]])


@test_case(name="dx of two images with two channels", points=1)
def test_dx_channels(conv2d_backward):
    dx, _, _ = fields(conv2d_backward(*channels()), "dx", "dw", "db")
    expected = [[[[21, -7, -2]], [[2, -9, 1]]], [[[-10, 22, -4]], [[0, 18, 0]]]]
    close(dx, expected)


@test_case(name="dw of one small image", points=1.5)
def test_dw_small(conv2d_backward):
    _, dw, _ = fields(conv2d_backward(*small()), "dx", "dw", "db")
    # Top left: the image's top left 2x3 pixels times dout, 1*1 - 2*2 + 4*3 + 5*4
    close(dw, [[[[29, 7], [10, -1]]]])


@test_case(name="dw with stride 2 and padding 1", points=1.5)
def test_dw_strided(conv2d_backward):
    _, dw, _ = fields(conv2d_backward(*strided()), "dx", "dw", "db")
    close(dw, [[[[-5, 4, 16], [3, -3, 11], [7, 5, -6]]]])


@test_case(name="dw of two images with two channels", points=1)
def test_dw_channels(conv2d_backward):
    _, dw, _ = fields(conv2d_backward(*channels()), "dx", "dw", "db")
    expected = [
        [[[30, 38]], [[50, 85]]],
        [[[10, 10]], [[-32, -59]]],
        [[[9, 13]], [[22, 53]]],
    ]
    close(dw, expected)


@test_case(name="db of two images and three kernels", points=1)
def test_db(conv2d_backward):
    _, _, db = fields(conv2d_backward(*channels()), "dx", "dw", "db")
    close(db, [8, 0, 4])
