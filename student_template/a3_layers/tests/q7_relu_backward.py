"""q7_relu_backward, public: by hand."""

import numpy as np
from checks import close
from otter.test_files import test_case

OK_FORMAT = False
name = "q7_relu_backward"


@test_case(name="a row of numbers", points=1)
def test_row(relu_backward):
    dout = np.array([5.0, -6.0, 7.0, -8.0, 0.5])
    x = np.array([1.0, 2.0, -3.0, -4.0, 0.1])
    close(relu_backward(dout, x), [5, -6, 0, 0, 0.5])


@test_case(name="nothing passes at exactly 0", points=0.5)
def test_zero(relu_backward):
    dout, x = np.array([[3.0, -4.0], [9.0, 2.0]]), np.array([[0, 1], [-0.0, 0]])
    close(relu_backward(dout, x), [[0, -4], [0, 0]])
