"""q5_filter_rgb, public: factors, and a shift of every channel."""

import numpy as np
from checks import close, unchanged
from otter.test_files import test_case

OK_FORMAT = False

name = "q5_filter_rgb"


@test_case(name="a kernel of one value", points=1)
def test_factor(filter_rgb):
    image = [[[1, 10, 60], [2, 20, 80]]]
    close(filter_rgb(image, [[3]]), [[[3, 30, 180], [6, 60, 240]]])


@test_case(name="every channel moves to the right by itself", points=0.5)
def test_shift(filter_rgb):
    image = np.arange(36).reshape(3, 4, 3)
    expected = np.zeros((3, 4, 3))
    expected[:, 1:] = image[:, :-1]
    close(filter_rgb(image, [[0, 0, 0], [0, 0, 1], [0, 0, 0]]), expected)


@test_case(name="one channel", points=0.5)
def test_one_channel(filter_rgb):
    close(filter_rgb([[[1], [2]], [[3], [4]]], [[10]]), [[[10], [20]], [[30], [40]]])


@test_case(name="uint8 does not start again at 0 after 255", points=0.5)
def test_uint8(filter_rgb):
    image = np.array([[[200, 100, 1]]], dtype=np.uint8)
    close(filter_rgb(image, [[2]]), [[[400, 200, 2]]])


@test_case(name="nothing is rounded, and inputs stay as they were", points=0.5)
def test_fractions(filter_rgb):
    image, kernel = np.array([[[1, 2, 3]], [[4, 5, 6]]]), np.array([[0.5]])
    with unchanged(image, kernel):
        close(filter_rgb(image, kernel), [[[0.5, 1, 1.5]], [[2, 2.5, 3]]])
