"""q7_gradient, public: an edge, a bright pixel and two ramps, by hand."""

import numpy as np
from checks import close, unchanged
from otter.test_files import test_case

OK_FORMAT = False

name = "q7_gradient"

SLANTED = 2**0.5


@test_case(name="a flat edge, none at the border, the image as it was", points=0.5)
def test_edge(gradient_magnitude):
    image = np.array([[0, 0, 0], [0, 0, 0], [5, 5, 5], [5, 5, 5]])
    with unchanged(image):
        close(gradient_magnitude(image), [[0] * 3, [20] * 3, [20] * 3, [0] * 3])


@test_case(name="edges in every direction around a bright pixel", points=0.5)
def test_pixel(gradient_magnitude):
    # The image gives each Sobel kernel back: 2 and 0 beside the pixel, +-1 and +-1 in
    # the corners, 0 and 0 on it.
    image = [[0] * 5, [0] * 5, [0, 0, 1, 0, 0], [0] * 5, [0] * 5]
    outer, middle = [0, SLANTED, 2, SLANTED, 0], [0, 2, 0, 2, 0]
    close(gradient_magnitude(image), [[0] * 5, outer, middle, outer, [0] * 5])


@test_case(name="a ramp is half as steep at the border", points=0.5)
def test_ramp(gradient_magnitude):
    # Beyond the border the last pixels go on, here 0 on the left and 3 on the right.
    close(gradient_magnitude([[0, 1, 2, 3]] * 3), [[4, 8, 8, 4]] * 3)


@test_case(name="a ramp that rises to the right, the image as it was", points=1)
def test_rising(signed_edge):
    image = np.array([[0, 1, 2, 3]] * 3)
    with unchanged(image):
        close(signed_edge(image), [[3, 6, 6, 3]] * 3)


@test_case(name="a ramp that falls to the right", points=0.5)
def test_falling(signed_edge):
    close(signed_edge([[9, 6, 3, 0]] * 3), [[-9, -18, -18, -9]] * 3)
