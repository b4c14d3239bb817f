"""q10_numeric_gradient, hidden: random arrays and functions, one thing varied a case.

Where a case says nothing else: one axis, steps so small that it makes no difference
which difference is taken, or functions that are straight along every axis.
"""

from checks import case_rng, close, unchanged
from checks.callables import (
    norm,
    products_of_neighbours,
    sum_of_cubes,
    sum_of_sines,
    sum_with_halves,
    weighted_sum,
)
from checks.layouts import ORDERS, laid
from otter.test_files import test_case

OK_FORMAT = False
name = "q10_numeric_gradient"


def check(numeric_gradient, reference, f, x, eps):
    expected = reference.numeric_gradient(f, x, eps)
    close(numeric_gradient(f, x, eps), expected)


@test_case(name="arrays of one to four axes", points=1.25, hidden=True)
def test_axes(numeric_gradient, reference):
    rng = case_rng()
    for axes in (1, 2, 3, 4):
        shape = tuple(map(int, rng.permutation([2, 3, 4, 5])[:axes]))
        for f, eps in ((weighted_sum, 1e-4), (sum_of_sines, 1e-6)):
            check(numeric_gradient, reference, f, rng.normal(size=shape), eps)
    check(numeric_gradient, reference, weighted_sum, rng.normal(size=1), 1e-4)


@test_case(name="functions that mix the elements", points=1, hidden=True)
def test_mixing(numeric_gradient, reference):
    rng = case_rng()
    for f in (products_of_neighbours, norm):
        check(numeric_gradient, reference, f, rng.normal(size=12), 1e-5)


@test_case(name="large steps", points=1, hidden=True)
def test_steps(numeric_gradient, reference):
    rng = case_rng()
    for f in (sum_of_cubes, sum_of_sines):
        eps = float(rng.uniform(0.2, 0.8))
        check(numeric_gradient, reference, f, rng.normal(size=7), eps)


@test_case(name="whole numbers", points=0.5, hidden=True)
def test_ints(numeric_gradient, reference):
    rng = case_rng()
    x = rng.integers(1, 9, size=8) * rng.choice([-1, 1], size=8)
    for f, eps in ((sum_with_halves, 1e-4), (products_of_neighbours, 1e-3)):
        check(numeric_gradient, reference, f, x, eps)


@test_case(name="arrays that lie otherwise in memory", points=0.25, hidden=True)
def test_layouts(numeric_gradient, reference):
    x = case_rng().normal(size=(3, 4))
    for order in ORDERS:
        check(numeric_gradient, reference, sum_of_sines, laid(x, order), 1e-6)


@test_case(name="x stays bit by bit what it was, random", points=0.5, hidden=True)
def test_unchanged_random(numeric_gradient, reference):
    x, eps = case_rng().normal(size=120), 0.1
    expected = reference.numeric_gradient(products_of_neighbours, x, eps)
    with unchanged(x):
        gradient = numeric_gradient(products_of_neighbours, x, eps)
    close(gradient, expected)
