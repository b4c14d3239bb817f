"""q3_max_pool_forward, public: one small image, by hand."""

import numpy as np
from checks import close
from otter.test_files import test_case

OK_FORMAT = False
name = "q3_max_pool_forward"

X = [[[[1, 5, 2, 8, 0], [3, 4, 9, 6, 7], [-1, -6, 10, -2, -3]]]]


@test_case(name="2x2 windows, stride 2: the last row and column drop out", points=1)
def test_figure(max_pool_forward):
    close(max_pool_forward(np.array(X, float), 2, 2), [[[[5, 9]]]])


@test_case(name="windows that overlap", points=1)
def test_overlap(max_pool_forward):
    x = np.array(X, float)
    close(max_pool_forward(x, 2, 1), [[[[5, 9, 9, 8], [4, 10, 10, 7]]]])
    close(max_pool_forward(x, (1, 3), 2), [[[[5, 8], [10, 10]]]])


@test_case(name="all values are negative", points=1)
def test_negative(max_pool_forward):
    x = np.array([[[[-5, -2, -9], [-4, -3, -1]], [[-7, -8, -9], [-1, -6, -5]]]], float)
    close(max_pool_forward(x, 2, 1), [[[[-2, -1]], [[-1, -5]]]])
