"""q6_avg_pool_backward, public: one small image, by hand."""

import numpy as np
from checks import close
from otter.test_files import test_case

OK_FORMAT = False
name = "q6_avg_pool_backward"

X = [[[[1, 5, 2, 8, 0], [3, 7, 9, 5, 7], [-1, -6, 10, -2, -3]]]]


@test_case(name="windows side by side", points=1)
def test_tiles(avg_pool_backward):
    dx = avg_pool_backward(np.array([[[[4.0, -8.0]]]]), np.array(X, float), 2, 2)
    close(dx, [[[[1, 1, -2, -2, 0], [1, 1, -2, -2, 0], [0, 0, 0, 0, 0]]]])


@test_case(name="windows that overlap", points=1)
def test_overlap(avg_pool_backward):
    dout = np.array([[[[8.0, -16.0], [4.0, 24.0]]]])
    dx = avg_pool_backward(dout, np.array(X, float), (2, 4), 1)
    expected = [[1, -1, -1, -1, -2], [1.5, 2.5, 2.5, 2.5, 1], [0.5, 3.5, 3.5, 3.5, 3]]
    close(dx, [[expected]])
