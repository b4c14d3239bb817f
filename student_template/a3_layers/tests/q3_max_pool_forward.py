"""q3_max_pool_forward, public: small images, by hand, one thing a case."""

import numpy as np
from checks import close, unchanged
from checks.layouts import laid
from otter.test_files import test_case

OK_FORMAT = False
name = "q3_max_pool_forward"

X = [[[[1, 5, 2, 8], [3, 4, 9, 6], [-1, -6, 10, -2], [0, 7, -3, -5]]]]
WIDE = [[[[1, 5, 2], [3, 4, 9]]]]


@test_case(name="2x2 windows side by side", points=0.75)
def test_tiles(max_pool_forward):
    close(max_pool_forward(np.array(X, float), 2, 2), [[[[5, 9], [7, 10]]]])


@test_case(name="the last row and column drop out where no window fits", points=0.5)
def test_figure(max_pool_forward):
    rows = [[1, 5, 2, 8, 0], [3, 4, 9, 6, 7], [-1, -6, 10, -2, -3]]
    close(max_pool_forward(np.array([[rows]], float), 2, 2), [[[[5, 9]]]])


@test_case(name="windows that overlap", points=0.5)
def test_overlap(max_pool_forward):
    out = max_pool_forward(np.array(X, float), 2, 1)
    close(out, [[[[5, 9, 9], [4, 10, 10], [7, 10, 10]]]])


@test_case(name="windows that are not square", points=0.5)
def test_oblong(max_pool_forward):
    x = np.array(WIDE, float)
    close(max_pool_forward(x, (1, 3), 1), [[[[5], [9]]]])
    close(max_pool_forward(x, (2, 1), 1), [[[[3, 5, 9]]]])


@test_case(name="all values are negative", points=0.5)
def test_negative(max_pool_forward):
    x = np.array([[[[-5.0, -2, -9, -3], [-4, -3, -1, -8]]]])
    close(max_pool_forward(x, 2, 2), [[[[-2, -1]]]])


@test_case(name="the input stays as it was", points=0.25)
def test_unchanged(max_pool_forward):
    x = np.array(X, float)
    with unchanged(x):
        out = max_pool_forward(x, 2, 2)
    close(out, [[[[5, 9], [7, 10]]]])
    # The same arrays, which nobody can write into
    x = laid(x, "read-only")
    close(max_pool_forward(x, 2, 2), [[[[5, 9], [7, 10]]]])
