"""q10_equivariance, hidden: random layers, paddings and transforms."""

import numpy as np
from checks import case_rng, close
from checks.failure import CheckFailedError
from checks.networks import equivariance
from otter.test_files import test_case

OK_FORMAT = False
name = "q10_equivariance"


def drawn(rng, size=3):
    """Return a random kernel and square images."""
    return rng.normal(size=(3, 2, size, size)), rng.normal(size=(2, 2, 9, 9))


def compared(equivariance_error, reference, layer, transform, padding_mode="circular"):
    """Compare with the reference on one layer and one transform."""
    how = {"padding_mode": padding_mode}
    expected = equivariance(reference.equivariance_error, *layer, transform, **how)
    close(equivariance(equivariance_error, *layer, transform, **how), expected)


def is_none(error):
    """Fail where a flip that does not commute has no error."""
    if not error > 0.01:
        raise CheckFailedError("value", "a flip that does not commute has the error 0")


@test_case(name="shifts commute where flips don't", points=1, hidden=True)
def test_shift(equivariance_error):
    rng = case_rng()
    for transform in ("shift", "shift by one"):
        for size in (1, 3, 5):
            close(equivariance(equivariance_error, *drawn(rng, size), transform), 0)
    is_none(equivariance(equivariance_error, *drawn(rng), "flip"))


@test_case(name="a flip does not commute", points=1, hidden=True)
def test_flip(equivariance_error, reference):
    compared(equivariance_error, reference, drawn(case_rng()), "flip")


@test_case(name="a turn does not commute", points=1, hidden=True)
def test_turn(equivariance_error, reference):
    compared(equivariance_error, reference, drawn(case_rng()), "turn")


@test_case(name="zeros at the border disturb a shift", points=1, hidden=True)
def test_zeros(equivariance_error, reference):
    layer = drawn(case_rng())
    compared(equivariance_error, reference, layer, "shift", "zeros")


@test_case(name="images that are not square", points=0.5, hidden=True)
def test_oblong(equivariance_error, reference):
    rng = case_rng()
    layer = rng.normal(size=(2, 1, 3, 3)), rng.normal(size=(1, 1, 5, 9))
    compared(equivariance_error, reference, layer, "flip")


@test_case(name="a symmetric kernel commutes with a flip", points=0.5, hidden=True)
def test_symmetric(equivariance_error):
    weight, x = drawn(case_rng())
    is_none(equivariance(equivariance_error, weight, x, "flip"))
    weight = weight + np.flip(weight, axis=-1)
    close(equivariance(equivariance_error, weight, x, "flip"), 0)
