"""q4_max_pool_backward, public: where the gradient goes, by hand, one thing a case."""

import numpy as np
from checks import CheckFailedError, close, unchanged
from checks.layouts import laid
from otter.test_files import test_case

OK_FORMAT = False
name = "q4_max_pool_backward"

X = [[[[1, 5, 2, 8], [3, 4, 9, 6], [-1, -6, 10, -2], [0, 7, -3, -5]]]]
TILES = [[[[0, 3, 0, 0], [0, 0, -4, 0], [0, 0, 2, 0], [0, 0.5, 0, 0]]]]
WIDE = [[[[1, 5, 2], [3, 4, 9]]]]


@test_case(name="windows side by side", points=1.5)
def test_tiles(max_pool_backward):
    dout = np.array([[[[3.0, -4], [0.5, 2]]]])
    close(max_pool_backward(dout, np.array(X, float), 2, 2), TILES)


@test_case(name="a pixel that is the maximum of several windows", points=1)
def test_overlap(max_pool_backward):
    dout = np.array([[[[1.0, 2, -3], [5, -6, 7], [4, 8, -1]]]])
    dx = max_pool_backward(dout, np.array(X, float), 2, 1)
    # The 9 is the maximum of two windows: 2 - 3; the 10 of four: -6 + 7 + 8 - 1
    close(dx, [[[[0, 1, 0, 0], [0, 5, -1, 0], [0, 0, 8, 0], [0, 4, 0, 0]]]])


@test_case(name="pixels that no window reaches get 0", points=0.25)
def test_left_over(max_pool_backward):
    x = np.array([[[[1.0, 5, 2], [3, 4, 9], [-1, -6, 10]]]])
    dx = max_pool_backward(np.array([[[[3.0]]]]), x, 2, 2)
    close(dx, [[[[0, 3, 0], [0, 0, 0], [0, 0, 0]]]])


@test_case(name="windows that are not square", points=0.5)
def test_oblong(max_pool_backward):
    x = np.array(WIDE, float)
    dx = max_pool_backward(np.array([[[[2.0], [-3]]]]), x, (1, 3), 1)
    close(dx, [[[[0, 2, 0], [0, 0, -3]]]])
    dx = max_pool_backward(np.array([[[[2.0, -3, 4]]]]), x, (2, 1), 1)
    close(dx, [[[[0, -3, 0], [2, 0, 4]]]])


@test_case(name="equal maxima: the first one, or equal shares", points=0.5)
def test_ties(max_pool_backward):
    x = np.array([[[[2.0, 7, 0, 0], [7, 1, 0, 0]]]])
    dx = max_pool_backward(np.array([[[[6.0, 10]]]]), x, 2, 2)
    try:
        close(dx, [[[[0, 3, 2.5, 2.5], [3, 0, 2.5, 2.5]]]])
    except CheckFailedError:
        close(dx, [[[[0, 6, 10, 0], [0, 0, 0, 0]]]])


@test_case(name="x holds whole numbers, dout fractions", points=0.5)
def test_whole_numbers(max_pool_backward):
    x = np.array([[[[1, 5, 2, 8], [3, 4, 9, 6]]]])
    dx = max_pool_backward(np.array([[[[0.5, -0.25]]]]), x, 2, 2)
    close(dx, [[[[0, 0.5, 0, 0], [0, 0, -0.25, 0]]]])


@test_case(name="the inputs stay as they were", points=0.5)
def test_unchanged(max_pool_backward):
    dout, x = np.array([[[[3.0, -4], [0.5, 2]]]]), np.array(X, float)
    with unchanged(dout, x):
        dx = max_pool_backward(dout, x, 2, 2)
    close(dx, TILES)
    # The same arrays, which nobody can write into
    dout, x = (laid(a, "read-only") for a in (dout, x))
    close(max_pool_backward(dout, x, 2, 2), TILES)
