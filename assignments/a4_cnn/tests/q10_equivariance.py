"""q10_equivariance, public: a layer commutes with shifts, and not with flips."""

import numpy as np
from checks import case_rng, close, holds
from checks.networks import equivariance
from otter.test_files import test_case

OK_FORMAT = False
name = "q10_equivariance"


def left_neighbour():
    """Return a kernel that sees its left neighbour, and an image of one pixel."""
    weight = np.array([[[[0, 0, 0], [1, 0, 0], [0, 0, 0]]]], dtype=float)
    x = np.zeros((1, 1, 3, 4))
    x[0, 0, 1, 1] = 2
    return weight, x


@test_case(name="a shifted image gives a shifted map, a flipped one does not", points=1)
def test_shift(equivariance_error):
    rng = case_rng()
    weight, x = rng.normal(size=(3, 2, 3, 3)), rng.normal(size=(2, 2, 8, 7))
    close(equivariance(equivariance_error, weight, x, "shift"), 0)
    flipped = equivariance(equivariance_error, *left_neighbour(), "flip")
    holds(flipped > 0.01, f"the error of a flip is {flipped:.3g}, it should not be 0")


@test_case(name="a kernel of one side on a flipped image", points=1)
def test_flip(equivariance_error):
    # 1 stands at 2 of the flipped map and at 0 of the map.
    close(equivariance(equivariance_error, *left_neighbour(), "flip"), 1)


@test_case(name="a share of the largest value of the map", points=0.5)
def test_share(equivariance_error):
    weight, x = left_neighbour()
    close(equivariance(equivariance_error, 3 * weight, 5 * x, "flip"), 1)


@test_case(name="a difference below zero counts as much", points=0.5)
def test_below_zero(equivariance_error):
    weight, _ = left_neighbour()
    x = np.zeros((1, 1, 3, 5))
    x[0, 0, 1] = [0, 0, 1, 0, 2]
    # The map is [2, 0, 0, 1, 0], turned round [0, 1, 0, 0, 2]; that of the flipped
    # image is [0, 2, 0, 1, 0]: a difference of [0, 1, 0, 1, -2], and 2 at most.
    close(equivariance(equivariance_error, weight, x, "flip"), 1)
