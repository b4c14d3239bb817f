"""q10_numeric_gradient, public: functions whose gradient is known."""

import numpy as np
from checks import close
from checks.callables import products_of_neighbours, sum_of_cubes, sum_of_squares
from otter.test_files import test_case

OK_FORMAT = False
name = "q10_numeric_gradient"


@test_case(name="the gradient of a sum of squares is 2x", points=1)
def test_squares(numeric_gradient):
    x = np.array([1.0, -2.0, 0.5])
    close(numeric_gradient(sum_of_squares, x, 1e-5), [2, -4, 1])


@test_case(name="an array with two axes", points=1)
def test_two_axes(numeric_gradient):
    x = np.array([[1.0, 2.0, 4.0], [-3.0, 5.0, 0.5]])
    expected = [[2, 5, -1], [9, -2.5, 5]]
    close(numeric_gradient(products_of_neighbours, x, 1e-3), expected)


@test_case(name="a large step shows which difference is taken", points=1)
def test_large_step(numeric_gradient):
    # ((x + h)^3 - (x - h)^3) / (2h) = 3x^2 + h^2
    close(numeric_gradient(sum_of_cubes, np.array([1.0, -2.0]), 0.5), [3.25, 12.25])
