"""q7_relu_backward, public: by hand."""

import numpy as np
from checks import close, unchanged
from checks.layouts import laid
from otter.test_files import test_case

OK_FORMAT = False
name = "q7_relu_backward"


@test_case(name="a row of numbers", points=0.5)
def test_row(relu_backward):
    dout = np.array([5.0, -6.0, 7.0, -8.0, 0.5])
    x = np.array([1.0, 2.0, -3.0, -4.0, 0.1])
    close(relu_backward(dout, x), [5, -6, 0, 0, 0.5])


@test_case(name="nothing passes at exactly 0", points=0.5)
def test_zero(relu_backward):
    dout, x = np.array([[3.0, -4.0], [9.0, 2.0]]), np.array([[0, 1.5], [-0.0, 0]])
    close(relu_backward(dout, x), [[0, -4], [0, 0]])


@test_case(name="x holds whole numbers, dout fractions", points=0.25)
def test_whole_numbers(relu_backward):
    dout, x = np.array([0.5, -0.75, 1.5]), np.array([3, 1, -2])
    close(relu_backward(dout, x), [0.5, -0.75, 0])


@test_case(name="the inputs stay as they were", points=0.5)
def test_unchanged(relu_backward):
    dout, x = np.array([5.0, -6.0, 7.0]), np.array([1.0, -2.0, -3.0])
    with unchanged(dout, x):
        dx = relu_backward(dout, x)
    close(dx, [5, 0, 0])
    # The same arrays, which nobody can write into
    dout, x = (laid(a, "read-only") for a in (dout, x))
    close(relu_backward(dout, x), [5, 0, 0])
