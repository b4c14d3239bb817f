"""q10_numeric_gradient, public: functions whose gradient is known, one thing a case."""

import numpy as np
from checks import close, unchanged
from checks.callables import (
    products_of_neighbours,
    sum_of_cubes,
    sum_of_squares,
    sum_with_halves,
)
from otter.test_files import test_case

OK_FORMAT = False
name = "q10_numeric_gradient"


@test_case(name="the gradient of a sum of squares is 2x", points=1)
def test_squares(numeric_gradient):
    x = np.array([1.0, -2.0, 0.5])
    close(numeric_gradient(sum_of_squares, x, 1e-5), [2, -4, 1])
    close(numeric_gradient(sum_of_squares, x), [2, -4, 1])


@test_case(name="an array with two axes", points=0.5)
def test_two_axes(numeric_gradient):
    x = np.array([[1.0, 2.0, 4.0], [-3.0, 5.0, 0.5]])
    expected = [[2, 5, -1], [9, -2.5, 5]]
    close(numeric_gradient(products_of_neighbours, x, 1e-3), expected)


@test_case(name="a large step shows which difference is taken", points=1)
def test_large_step(numeric_gradient):
    # ((x + h)^3 - (x - h)^3) / (2h) = 3x^2 + h^2
    close(numeric_gradient(sum_of_cubes, np.array([1.0, -2.0]), 0.5), [3.25, 12.25])


@test_case(name="x holds whole numbers", points=0.5)
def test_whole_numbers(numeric_gradient):
    gradient = numeric_gradient(sum_with_halves, np.array([2, -7, 4]), 1e-4)
    close(gradient, [1.5, 2.5, 3.5])


@test_case(name="x stays bit by bit what it was", points=0.5)
def test_unchanged(numeric_gradient):
    x = np.array([0.1, 0.7, -0.3, 1.3])
    with unchanged(x):
        gradient = numeric_gradient(products_of_neighbours, x, 0.1)
    close(gradient, [0.7, -0.2, 2, -0.3])
