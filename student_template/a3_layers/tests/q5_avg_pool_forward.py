"""q5_avg_pool_forward, public: small images, by hand, one thing a case."""

import numpy as np
from checks import close, unchanged
from checks.layouts import laid
from otter.test_files import test_case

OK_FORMAT = False
name = "q5_avg_pool_forward"

X = [[[[1, 5, 2, 8], [3, 7, 9, 5], [-1, -6, 10, -2], [0, 3, -3, 7]]]]
WIDE = [[[[1, 5, 3], [3, 7, 8]]]]


@test_case(name="2x2 windows side by side", points=0.5)
def test_small(avg_pool_forward):
    close(avg_pool_forward(np.array(X, float), 2, 2), [[[[4, 6], [-1, 3]]]])


@test_case(name="windows that overlap", points=0.25)
def test_overlap(avg_pool_forward):
    x = np.array([[[[1.0, 5, 2], [3, 7, 9], [6, 0, 4]]]])
    close(avg_pool_forward(x, 2, 1), [[[[4, 5.75], [4, 5]]]])


@test_case(name="windows that are not square", points=0.25)
def test_oblong(avg_pool_forward):
    x = np.array(WIDE, float)
    close(avg_pool_forward(x, (1, 3), 1), [[[[3], [6]]]])
    close(avg_pool_forward(x, (2, 1), 1), [[[[2, 6, 5.5]]]])


@test_case(name="the mean of whole numbers", points=0.25)
def test_ints(avg_pool_forward):
    x = np.array([[[[1, 2], [0, 6]]]])
    close(avg_pool_forward(x, 2, 2), [[[[2.25]]]])


@test_case(name="the input stays as it was", points=0.25)
def test_unchanged(avg_pool_forward):
    x = np.array(X, float)
    with unchanged(x):
        out = avg_pool_forward(x, 2, 2)
    close(out, [[[[4, 6], [-1, 3]]]])
    # The same arrays, which nobody can write into
    x = laid(x, "read-only")
    close(avg_pool_forward(x, 2, 2), [[[[4, 6], [-1, 3]]]])
