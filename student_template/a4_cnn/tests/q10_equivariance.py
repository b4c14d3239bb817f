"""q10_equivariance, public: a layer commutes with shifts, and not with flips."""

import numpy as np
from checks import case_rng, close
from checks.networks import equivariance
from otter.test_files import test_case

OK_FORMAT = False
name = "q10_equivariance"


@test_case(name="a shifted image gives a shifted map", points=1.5)
def test_shift(equivariance_error):
    rng = case_rng()
    weight, x = rng.normal(size=(3, 2, 3, 3)), rng.normal(size=(2, 2, 8, 7))
    close(equivariance(equivariance_error, weight, x, "shift"), 0)


@test_case(name="a kernel of one side on a flipped image", points=1.5)
def test_flip(equivariance_error):
    # It sees its left neighbour: 1 stands at 2 of the flipped map and at 0 of the map.
    weight = np.array([[[[0, 0, 0], [1, 0, 0], [0, 0, 0]]]], dtype=float)
    x = np.zeros((1, 1, 3, 4))
    x[0, 0, 1, 1] = 2
    close(equivariance(equivariance_error, weight, x, "flip"), 1)
