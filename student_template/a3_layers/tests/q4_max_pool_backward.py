"""q4_max_pool_backward, public: where the gradient goes, by hand."""

import numpy as np
from checks import CheckFailedError, close
from otter.test_files import test_case

OK_FORMAT = False
name = "q4_max_pool_backward"

X = [[[[1, 5, 2, 8, 0], [3, 4, 9, 6, 7], [-1, -6, 10, -2, -3]]]]


@test_case(name="windows side by side", points=1.5)
def test_tiles(max_pool_backward):
    dx = max_pool_backward(np.array([[[[3.0, -4.0]]]]), np.array(X, float), 2, 2)
    close(dx, [[[[0, 3, 0, 0, 0], [0, 0, -4, 0, 0], [0, 0, 0, 0, 0]]]])


@test_case(name="a pixel that is the maximum of several windows", points=2)
def test_overlap(max_pool_backward):
    dout = np.array([[[[1.0, 2, -3, 4], [5, -6, 7, 8]]]])
    dx = max_pool_backward(dout, np.array(X, float), 2, 1)
    # The 9 is the maximum of two windows: 2 - 3; the 10 as well: -6 + 7
    close(dx, [[[[0, 1, 0, 4, 0], [0, 5, -1, 0, 8], [0, 0, 1, 0, 0]]]])


@test_case(name="equal maxima: the first one, or equal shares", points=1)
def test_ties(max_pool_backward):
    x = np.array([[[[2.0, 7, 7], [7, 1, 0]]]])
    dx = max_pool_backward(np.array([[[[6.0, 10.0]]]]), x, 2, 1)
    try:
        close(dx, [[[[0, 8, 5], [3, 0, 0]]]])
    except CheckFailedError:
        close(dx, [[[[0, 16, 0], [0, 0, 0]]]])
