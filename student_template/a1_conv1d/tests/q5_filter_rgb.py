"""q5_filter_rgb, public: a factor, and a shift of every channel."""

import numpy as np
from checks import close
from otter.test_files import test_case

OK_FORMAT = False

name = "q5_filter_rgb"


@test_case(name="a kernel of one value", points=0.5)
def test_factor(filter_rgb):
    image = [[[1, 10, 100], [2, 20, 200]]]
    close(filter_rgb(image, [[3]]), [[[3, 30, 300], [6, 60, 600]]])


@test_case(name="every channel moves to the right by itself", points=1.5)
def test_shift(filter_rgb):
    image = np.arange(36).reshape(3, 4, 3)
    expected = np.zeros((3, 4, 3))
    expected[:, 1:] = image[:, :-1]
    close(filter_rgb(image, [[0, 0, 0], [0, 0, 1], [0, 0, 0]]), expected)
