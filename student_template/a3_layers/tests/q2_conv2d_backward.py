"""q2_conv2d_backward, public: gradients of small layers, worked out by hand.

dx, dw and db are asked for one by one: a mistake in one costs that one's points. Each
is told by its shape, so that a wrong order costs what the order is worth. Where your
function stops with an error, there is nothing of the three to look at.
"""

import numpy as np
from checks import close, in_any_order, in_order, one_close, unchanged
from checks.layouts import laid
from otter.test_files import test_case

OK_FORMAT = False
name = "q2_conv2d_backward"

B = np.zeros(1)


def gradients(conv2d_backward, layer):
    """Return what comes back for a layer as dx, dw and db, each told by its shape."""
    _, x, w, b, *_ = layer
    return in_any_order(conv2d_backward(*layer), dx=x, dw=w, db=b)


def small():
    """Return dout and a layer with one image, one kernel, stride 1, no padding."""
    x = np.array([[[[1.0, 2, 0], [4, -1, 5], [0, 6, 1]]]])
    w = np.array([[[[1.0, 2], [0, -3]]]])
    return np.array([[[[1.0, -2], [3, 4]]]]), x, w, B, 1, 0


def padded():
    """Return dout and a layer with padding 1."""
    x = np.array([[[[2.0, -1], [1, 4]]]])
    w = np.array([[[[1.0, 0, 2], [-1, 3, 0], [0, 1, -2]]]])
    return np.array([[[[1.0, -2], [4, 3]]]]), x, w, B, 1, 1


def strided():
    """Return dout and a layer with stride 2: each pixel lies in one window."""
    x = np.array([[[[2.0, -1, 3, 0], [1, 5, -2, 1], [0, 4, 1, -1], [-3, 2, 0, 6]]]])
    w = np.array([[[[1.0, 2], [0, -3]]]])
    return np.array([[[[1.0, -2, 2], [4, 3, 0], [-1, 1, 5]]]]), x, w, B, 2, 1


def oblong():
    """Return dout and a layer whose image and kernel are wider than high."""
    x = np.array([[[[2.0, -1, 0, 3], [1, 4, -2, 1]]]])
    w = np.array([[[[1.0, -2, 3], [0, 2, -1]]]])
    dout = np.array([[[[1.0, -2, 3, 1], [0, 4, -1, 2], [2, 1, 5, -3]]]])
    return dout, x, w, B, 1, 1


def left_over():
    """Return dout and a layer whose stride leaves over a row and a column."""
    x = np.array([[[[1.0, 2, 0], [4, -1, 5], [0, 6, 1]]]])
    return np.array([[[[3.0]]]]), x, np.array([[[[1.0, 2], [0, -3]]]]), B, 2, 0


def channels():
    """Return dout and a layer with two channels of one pixel, and two kernels."""
    x, dout = np.array([[[[2.0]], [[-1]]]]), np.array([[[[1.0]], [[10]]]])
    return dout, x, np.arange(1.0, 37).reshape(2, 2, 3, 3), np.zeros(2), 1, 1


def images():
    """Return dout and a layer with three images of one pixel."""
    x = np.array([[[[4.0]]], [[[5]]], [[[-1]]]])
    w = np.array([[[[1.0, 0, 2], [-1, 3, 0], [0, 1, -2]]]])
    return np.array([[[[2.0]]], [[[-3]]], [[[10]]]]), x, w, B, 1, 1


def whole_numbers():
    """Return dout with fractions and a layer of whole numbers."""
    x = np.array([[[[2, -1], [1, 4]]]])
    w = np.array([[[[1, 0, 2], [-1, 3, 0], [0, 1, -2]]]])
    return np.array([[[[0.5, -0.25], [1.25, 0]]]]), x, w, np.array([0]), 1, 1


def only_the_middle(value):
    """Return a 3x3 kernel's gradient where the image is one pixel."""
    return [[0, 0, 0], [0, value, 0], [0, 0, 0]]


@test_case(name="dx of one small image", points=1.25)
def test_dx_small(conv2d_backward):
    dx, _, _ = gradients(conv2d_backward, small())
    # In the middle, under all four windows: -3*1 + 0*(-2) + 2*3 + 1*4
    close(dx, [[[[1, 0, -4], [3, 7, 14], [0, -9, -12]]]])


@test_case(name="dx with padding 1", points=0.75)
def test_dx_padded(conv2d_backward):
    dx, _, _ = gradients(conv2d_backward, padded())
    close(dx, [[[[8, 2], [10, 5]]]])


@test_case(name="dx with stride 2", points=0.75)
def test_dx_strided(conv2d_backward):
    dx, _, _ = gradients(conv2d_backward, strided())
    close(dx, [[[[-3, 0, 6, 0], [8, 3, 6, 0], [-12, 0, -9, 0], [-2, 1, 2, 5]]]])


@test_case(name="dx of pixels that no window reaches is 0", points=0.25)
def test_dx_left_over(conv2d_backward):
    dx, _, _ = gradients(conv2d_backward, left_over())
    close(dx, [[[[3, 6, 0], [0, -9, 0], [0, 0, 0]]]])


@test_case(name="dx of an image and a kernel that are not square", points=0.5)
def test_dx_oblong(conv2d_backward):
    dx, _, _ = gradients(conv2d_backward, oblong())
    close(dx, [[[[6, -14, 24, -8], [-3, 17, -16, 26]]]])


@test_case(name="dx of two channels", points=0.25)
def test_dx_channels(conv2d_backward):
    dx, _, _ = gradients(conv2d_backward, channels())
    # The kernels' middles are 5 and 14, 23 and 32: 5*1 + 23*10, 14*1 + 32*10
    close(dx, [[[[235]], [[334]]]])


@test_case(name="dx of three images", points=0.25)
def test_dx_images(conv2d_backward):
    dx, _, _ = gradients(conv2d_backward, images())
    close(dx, [[[[6]]], [[[-9]]], [[[30]]]])


@test_case(name="dx where the layer holds whole numbers", points=0.25)
def test_dx_whole_numbers(conv2d_backward):
    dx, _, _ = gradients(conv2d_backward, whole_numbers())
    close(dx, [[[[1.75, 1.75], [4.25, -1.25]]]])


@test_case(name="the inputs stay as they were, beside a right dx", points=0.25)
def test_unchanged(conv2d_backward):
    *arrays, stride, padding = padded()
    with unchanged(*arrays):
        dx, _, _ = gradients(conv2d_backward, (*arrays, stride, padding))
    close(dx, [[[[8, 2], [10, 5]]]])
    # The same arrays, which nobody can write into
    fixed = (laid(array, "read-only") for array in arrays)
    dx, _, _ = gradients(conv2d_backward, (*fixed, stride, padding))
    close(dx, [[[[8, 2], [10, 5]]]])


@test_case(name="dw of one small image", points=0.5)
def test_dw_small(conv2d_backward):
    _, dw, _ = gradients(conv2d_backward, small())
    # Top left: the image's top left 2x2 pixels times dout, 1*1 - 2*2 + 4*3 - 1*4
    close(dw, [[[[5, 19], [30, 11]]]])
    *arrays, _, _ = small()  # stride 1 and padding 0 may be left out
    _, dw, _ = gradients(conv2d_backward, arrays)
    close(dw, [[[[5, 19], [30, 11]]]])


@test_case(name="dw with padding 1", points=0.75)
def test_dw_padded(conv2d_backward):
    _, dw, _ = gradients(conv2d_backward, padded())
    close(dw, [[[[6, 5, -4], [-1, 20, 15], [-2, -7, 4]]]])


@test_case(name="dw with stride 2", points=0.75)
def test_dw_strided(conv2d_backward):
    _, dw, _ = gradients(conv2d_backward, strided())
    close(dw, [[[[47, 1], [14, -1]]]])


@test_case(name="dw of an image and a kernel that are not square", points=0.5)
def test_dw_oblong(conv2d_backward):
    _, dw, _ = gradients(conv2d_backward, oblong())
    close(dw, [[[[36, -5, 8], [-11, 27, -1]]]])


@test_case(name="dw of two channels", points=0.25)
def test_dw_channels(conv2d_backward):
    _, dw, _ = gradients(conv2d_backward, channels())
    first = [only_the_middle(2), only_the_middle(-1)]
    second = [only_the_middle(20), only_the_middle(-10)]
    close(dw, [first, second])


@test_case(name="dw of three images", points=0.5)
def test_dw_images(conv2d_backward):
    _, dw, _ = gradients(conv2d_backward, images())
    # The middle: 4*2 + 5*(-3) - 1*10
    close(dw, [[only_the_middle(-17)]])


@test_case(name="dw where the layer holds whole numbers", points=0.25)
def test_dw_whole_numbers(conv2d_backward):
    _, dw, _ = gradients(conv2d_backward, whole_numbers())
    close(dw, [[[[0, 2.5, -1.25], [-0.5, 2.5, 4.5], [-0.25, -0.5, 2]]]])


@test_case(name="db of two kernels", points=0.5)
def test_db_kernels(conv2d_backward):
    x, w = np.array([[[[2.0, -1], [1, 4]]]]), np.ones((2, 1, 3, 3))
    dout = np.array([[[[1.0, 2], [-3, 5]], [[4, -1], [0, 6]]]])
    _, _, db = gradients(conv2d_backward, (dout, x, w, np.zeros(2), 1, 1))
    close(db, [5, 9])


@test_case(name="db of three images", points=0.5)
def test_db_images(conv2d_backward):
    _, _, db = gradients(conv2d_backward, images())
    close(db, [9])


@test_case(name="dx, dw and db come in this order", points=1)
def test_order(conv2d_backward):
    x, w = np.array([[[[3.0]]]]), np.array([[[[1.0, 0, 2], [-1, 5, 0], [0, 1, -2]]]])
    answer = conv2d_backward(np.array([[[[2.0]]]]), x, w, B, 1, 1)
    dx, dw, _ = in_order(answer, dx=x, dw=w, db=B)
    # Zeros in the right order are no gradients: one of the two has to be there.
    one_close((dx, [[[[10]]]]), (dw, [[only_the_middle(6)]]))
