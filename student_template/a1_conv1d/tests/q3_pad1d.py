"""q3_pad1d, public: the four pictures of the docstring, and none to add."""

import numpy as np
from checks import close, raises, unchanged
from otter.test_files import test_case

OK_FORMAT = False

name = "q3_pad1d"

X = [1, 2, 3, 4]


@test_case(name="zero", points=0.5)
def test_zero(pad1d):
    close(pad1d(X, 2, "zero"), [0, 0, 1, 2, 3, 4, 0, 0])


@test_case(name="reflect", points=0.5)
def test_reflect(pad1d):
    close(pad1d(X, 2, "reflect"), [3, 2, 1, 2, 3, 4, 3, 2])


@test_case(name="replicate", points=0.5)
def test_replicate(pad1d):
    close(pad1d(X, 2, "replicate"), [1, 1, 1, 2, 3, 4, 4, 4])


@test_case(name="circular", points=0.5)
def test_circular(pad1d):
    close(pad1d(X, 2, "circular"), [3, 4, 1, 2, 3, 4, 1, 2])


@test_case(name="nothing to add, and something", points=0.5)
def test_none(pad1d):
    for mode in ("zero", "reflect", "replicate", "circular"):
        close(pad1d(X, 0, mode), X)
    # So that giving the signal back is no answer: one value, one on each side of it.
    close(pad1d([7], 1, "replicate"), [7, 7, 7])


@test_case(name="fractions, and an input that stays as it was", points=0.5)
def test_fractions(pad1d):
    x = np.array([0.5, 0.25])
    with unchanged(x):
        close(pad1d(x, 1, "zero"), [0, 0.5, 0.25, 0])


@test_case(name="an unknown mode is refused", points=0.5)
def test_refused(pad1d):
    pad1d([5, 6], 1, "circular")  # known, so not refused
    raises(ValueError, pad1d, X, 2, "wide")
