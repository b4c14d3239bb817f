"""q10_equivariance, hidden: random layers, paddings and transforms."""

import numpy as np
from checks import case_rng, close
from checks.networks import equivariance
from otter.test_files import test_case

OK_FORMAT = False
name = "q10_equivariance"


def drawn(rng, size=3):
    """Return a random kernel and square images."""
    return rng.normal(size=(3, 2, size, size)), rng.normal(size=(2, 2, 9, 9))


@test_case(name="shifts commute", points=1, hidden=True)
def test_shift(equivariance_error):
    rng = case_rng()
    for transform in ("shift", "shift by one"):
        for size in (1, 3, 5):
            close(equivariance(equivariance_error, *drawn(rng, size), transform), 0)


@test_case(name="flips and turns do not", points=2, hidden=True)
def test_others(equivariance_error, reference):
    rng = case_rng()
    for transform in ("turn", "flip"):  # two flips are none
        layer = drawn(rng)
        expected = equivariance(reference.equivariance_error, *layer, transform)
        close(equivariance(equivariance_error, *layer, transform), expected)


@test_case(name="zeros at the border disturb a shift", points=1, hidden=True)
def test_zeros(equivariance_error, reference):
    layer = drawn(case_rng())
    expected = equivariance(
        reference.equivariance_error, *layer, "shift", padding_mode="zeros"
    )
    got = equivariance(equivariance_error, *layer, "shift", padding_mode="zeros")
    close(got, expected)


@test_case(name="a symmetric kernel commutes with a flip", points=1, hidden=True)
def test_symmetric(equivariance_error):
    weight, x = drawn(case_rng())
    weight = weight + np.flip(weight, axis=-1)
    close(equivariance(equivariance_error, weight, x, "flip"), 0)
