"""q5_depthwise_conv2d, public: two channels, each with a kernel of its own."""

import numpy as np
from checks import close, raises, unchanged
from otter.test_files import test_case

OK_FORMAT = False

name = "q5_depthwise_conv2d"

X = [[[1, 2, 0], [3, -1, 4], [0, 5, 1]], [[2, 0, 1], [0, 1, 0], [3, 0, -2]]]
W = [[[1, 2], [0, -1]], [[0, 3], [1, 0]]]


@test_case(name="one channel", points=1)
def test_one_channel(depthwise_conv2d):
    out = depthwise_conv2d(np.array(X[:1]), np.array(W[:1]), 1, 0)
    close(out, [[[6, -2], [-4, 6]]])


@test_case(name="every channel has its own kernel", points=2)
def test_channels(depthwise_conv2d):
    out = depthwise_conv2d(np.array(X), np.array(W), 1, 0)
    close(out, [[[6, -2], [-4, 6]], [[0, 4], [6, 0]]])


@test_case(name="padding 1", points=1)
def test_padding(depthwise_conv2d):
    out = depthwise_conv2d(np.array(X[:1]), np.array(W[:1]), 1, 1)
    rows = [[-1, -2, 0, 0], [-1, 6, -2, 0], [6, -4, 6, 4], [0, 10, 7, 1]]
    close(out, [rows])


@test_case(name="stride 2", points=1)
def test_stride(depthwise_conv2d):
    x = np.array([[[1, 2, 0, 3], [3, -1, 4, 1], [0, 5, 1, 0], [2, 2, 0, 6]]])
    close(depthwise_conv2d(x, np.array(W[:1]), 2, 0), [[[6, 5], [8, -5]]])


@test_case(name="a kernel that is not square", points=1)
def test_oblong(depthwise_conv2d):
    out = depthwise_conv2d(np.array(X[:1]), np.array([[[1, -1, 2]]]), 1, 0)
    close(out, [[[-1], [12], [-3]]])


@test_case(name="a missing kernel is refused, and inputs stay as they were", points=1)
def test_refused(depthwise_conv2d):
    x, kernel = np.array([[[0.5, 1.5]]]), np.array([[[2.0, 1.0]]])
    with unchanged(x, kernel):
        close(depthwise_conv2d(x, kernel, 1, 0), [[[2.5]]])
    raises(ValueError, depthwise_conv2d, np.ones((2, 3, 3)), np.ones((3, 2, 2)), 1, 0)
