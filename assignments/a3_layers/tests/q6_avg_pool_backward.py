"""q6_avg_pool_backward, public: small images, by hand, one thing a case."""

import numpy as np
from checks import close, unchanged
from checks.layouts import laid
from otter.test_files import test_case

OK_FORMAT = False
name = "q6_avg_pool_backward"

X = [[[[1, 5, 2, 8], [3, 7, 9, 5], [-1, -6, 10, -2], [0, 3, -3, 7]]]]
TILES = [[[[1, 1, -2, -2], [1, 1, -2, -2], [0.5, 0.5, 1.5, 1.5], [0.5, 0.5, 1.5, 1.5]]]]
WIDE = [[[[1, 5, 2], [3, 7, 9]]]]


@test_case(name="windows side by side", points=1)
def test_tiles(avg_pool_backward):
    dout = np.array([[[[4.0, -8], [2, 6]]]])
    close(avg_pool_backward(dout, np.array(X, float), 2, 2), TILES)


@test_case(name="windows that overlap", points=0.5)
def test_overlap(avg_pool_backward):
    x = np.array([[[[1.0, 5, 2], [3, 7, 9], [6, 0, 4]]]])
    dx = avg_pool_backward(np.array([[[[8.0, -16], [4, 24]]]]), x, 2, 1)
    close(dx, [[[[2, -2, -4], [3, 5, 2], [1, 7, 6]]]])


@test_case(name="windows that are not square", points=0.25)
def test_oblong(avg_pool_backward):
    x = np.array(WIDE, float)
    dx = avg_pool_backward(np.array([[[[3.0], [-6]]]]), x, (1, 3), 1)
    close(dx, [[[[1, 1, 1], [-2, -2, -2]]]])
    dx = avg_pool_backward(np.array([[[[1.0, -6, 4]]]]), x, (2, 1), 1)
    close(dx, [[[[0.5, -3, 2], [0.5, -3, 2]]]])


@test_case(name="x holds whole numbers", points=0.25)
def test_whole_numbers(avg_pool_backward):
    x = np.array([[[[1, 5, 2, 8], [3, 7, 9, 5]]]])
    dx = avg_pool_backward(np.array([[[[50.0, -30]]]]), x, 2, 2)
    close(dx, [[[[12.5, 12.5, -7.5, -7.5], [12.5, 12.5, -7.5, -7.5]]]])


@test_case(name="the inputs stay as they were", points=0.25)
def test_unchanged(avg_pool_backward):
    dout, x = np.array([[[[4.0, -8], [2, 6]]]]), np.array(X, float)
    with unchanged(dout, x):
        dx = avg_pool_backward(dout, x, 2, 2)
    close(dx, TILES)
    # The same arrays, which nobody can write into
    dout, x = (laid(a, "read-only") for a in (dout, x))
    close(avg_pool_backward(dout, x, 2, 2), TILES)
