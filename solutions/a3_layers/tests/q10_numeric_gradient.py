"""q10_numeric_gradient, hidden: random arrays, functions and steps."""

from checks import case_rng, close, unchanged
from checks.callables import (
    norm,
    products_of_neighbours,
    sum_of_cubes,
    sum_of_sines,
    sum_of_squares,
    weighted_sum,
)
from otter.test_files import test_case

OK_FORMAT = False
name = "q10_numeric_gradient"


def draw(rng, axes):
    """Return a random array of so many axes, all of different lengths."""
    shape = map(int, rng.permutation([2, 3, 4, 5])[:axes])
    return rng.normal(size=tuple(shape))


def check(numeric_gradient, reference, f, x, eps):
    expected = reference.numeric_gradient(f, x, eps)
    close(numeric_gradient(f, x, eps), expected)


@test_case(name="arrays of one to four axes", points=1.5, hidden=True)
def test_axes(numeric_gradient, reference):
    rng = case_rng()
    for axes in (1, 2, 3, 4):
        for f in (weighted_sum, sum_of_sines):
            check(numeric_gradient, reference, f, draw(rng, axes), 1e-4)


@test_case(name="functions that mix the elements", points=1, hidden=True)
def test_mixing(numeric_gradient, reference):
    rng = case_rng()
    for f in (products_of_neighbours, norm):
        check(numeric_gradient, reference, f, draw(rng, 3), 1e-5)


@test_case(name="large steps", points=1, hidden=True)
def test_steps(numeric_gradient, reference):
    rng = case_rng()
    for f in (sum_of_squares, sum_of_cubes, sum_of_sines):
        eps = float(rng.uniform(0.2, 0.8))
        check(numeric_gradient, reference, f, draw(rng, 2), eps)


@test_case(name="whole numbers", points=0.5, hidden=True)
def test_ints(numeric_gradient, reference):
    rng = case_rng()
    x = rng.integers(1, 9, size=(2, 4)) * rng.choice([-1, 1], size=(2, 4))
    for f in (sum_of_squares, products_of_neighbours):
        check(numeric_gradient, reference, f, x, 1e-3)


@test_case(name="x stays bit by bit what it was", points=1, hidden=True)
def test_unchanged(numeric_gradient, reference):
    x, eps = case_rng().normal(size=(12, 10)), 0.1
    expected = reference.numeric_gradient(products_of_neighbours, x, eps)
    with unchanged(x):
        gradient = numeric_gradient(products_of_neighbours, x, eps)
    close(gradient, expected)
