"""q6_separable_conv2d, public: mixing two colours, then looking around first."""

import numpy as np
from checks import close, raises
from otter.test_files import test_case

OK_FORMAT = False

name = "q6_separable_conv2d"

X = [[[1, 2], [3, 4]], [[10, 20], [30, 40]]]


@test_case(name="two channels into three, pixel by pixel", points=2)
def test_pointwise(pointwise_conv2d):
    out = pointwise_conv2d(np.array(X), np.array([[1, 0], [1, 1], [2, -0.5]]))
    close(
        out,
        [[[1, 2], [3, 4]], [[11, 22], [33, 44]], [[-3, -6], [-9, -12]]],
    )


@test_case(name="weights for other channels are refused", points=0.5)
def test_refused(pointwise_conv2d):
    close(pointwise_conv2d(np.array([[[4]], [[5]]]), np.array([[2, 3]])), [[[23]]])
    raises(ValueError, pointwise_conv2d, np.array(X), np.ones((2, 3)))


@test_case(name="differences to the right, then a weighted sum", points=1.5)
def test_separable(separable_conv2d):
    depthwise = np.array([[[-1, 1]], [[1, -1]]])
    out = separable_conv2d(
        np.array(X), depthwise, np.array([[5, 1], [-1, 2], [0, 1]]), 1, 0
    )
    close(out, [[[-5], [-5]], [[-21], [-21]], [[-10], [-10]]])


@test_case(name="stride 2 and padding 1", points=1)
def test_settings(separable_conv2d):
    x, depthwise = np.array([[[1, 2, 3], [4, 5, 6], [7, 8, 10]]]), np.ones((1, 2, 2))
    out = separable_conv2d(x, depthwise, np.array([[2]]), 2, 1)
    close(out, [[[2, 10], [22, 58]]])
