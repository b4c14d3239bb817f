"""q7_relu_backward, hidden: random arrays of one to four axes."""

import numpy as np
from checks import case_rng, close, unchanged
from otter.test_files import test_case

OK_FORMAT = False
name = "q7_relu_backward"


def draw(rng, axes):
    """Return random dout and x of so many axes, each sign with each sign in them."""
    shape = (*map(int, rng.integers(2, 5, size=axes - 1)), 40)
    return rng.normal(size=shape), rng.normal(size=shape)


@test_case(name="arrays of one to four axes", points=1, hidden=True)
def test_axes(relu_backward, reference):
    rng = case_rng()
    for axes in (1, 2, 4):
        dout, x = draw(rng, axes)
        expected = reference.relu_backward(dout, x)
        close(relu_backward(dout, x), expected)


@test_case(name="whole numbers, zeros among them", points=0.5, hidden=True)
def test_zeros(relu_backward, reference):
    rng = case_rng()
    dout = draw(rng, 2)[0]
    x = rng.integers(-2, 3, size=dout.shape)
    x[0, :5] = 0
    expected = reference.relu_backward(dout, x)
    close(relu_backward(dout, x), expected)


@test_case(name="float32, and the inputs stay as they were", points=1, hidden=True)
def test_float32(relu_backward, reference):
    dout, x = (array.astype(np.float32) for array in draw(case_rng(), 4))
    expected = reference.relu_backward(dout, x)
    with unchanged(dout, x):
        dx = relu_backward(dout, x)
    close(dx, expected)
