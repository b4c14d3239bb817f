"""q5_avg_pool_forward, public: one small image, by hand."""

import numpy as np
from checks import close
from otter.test_files import test_case

OK_FORMAT = False
name = "q5_avg_pool_forward"

X = [[[[1, 5, 2, 8, 0], [3, 7, 9, 5, 7], [-1, -6, 10, -2, -3]]]]


@test_case(name="2x2 windows, stride 2 and stride 1", points=1)
def test_small(avg_pool_forward):
    x = np.array(X, float)
    close(avg_pool_forward(x, 2, 2), [[[[4, 6]]]])
    close(avg_pool_forward(x, 2, 1), [[[[4, 5.75, 6, 5], [0.75, 5, 5.5, 1.75]]]])


@test_case(name="the mean of whole numbers", points=0.5)
def test_ints(avg_pool_forward):
    x = np.array([[[[1, 2, 4], [0, 6, 5]]]])
    close(avg_pool_forward(x, (1, 2), 1), [[[[1.5, 3], [3, 5.5]]]])
