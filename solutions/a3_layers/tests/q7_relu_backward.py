"""q7_relu_backward, hidden: random arrays of one to four axes, one thing varied a case.

Where a case says nothing else: no zeros, float64.
"""

from checks import case_rng, close, unchanged
from checks.layouts import ORDERS, laid
from otter.test_files import test_case

OK_FORMAT = False
name = "q7_relu_backward"


def draw(rng, axes):
    """Return random dout and x of so many axes, each sign with each sign in them."""
    shape = (*map(int, rng.integers(2, 5, size=axes - 1)), 40)
    return rng.normal(size=shape), rng.normal(size=shape)


def check(relu_backward, reference, dout, x):
    expected = reference.relu_backward(dout, x)
    close(relu_backward(dout, x), expected)


@test_case(name="arrays of one to four axes", points=0.75, hidden=True)
def test_axes(relu_backward, reference):
    rng = case_rng()
    for axes in (1, 2, 4):
        check(relu_backward, reference, *draw(rng, axes))
    dout, x = draw(rng, 1)
    check(relu_backward, reference, dout[:1], abs(x[:1]))


@test_case(name="zeros in x", points=0.5, hidden=True)
def test_zeros(relu_backward, reference):
    rng = case_rng()
    dout, x = draw(rng, 2)
    x[rng.random(x.shape) < 0.3] = 0
    x[0, :5] = 0
    check(relu_backward, reference, dout, x)


@test_case(name="x holds whole numbers, none of them 0", points=0.25, hidden=True)
def test_whole_numbers_random(relu_backward, reference):
    rng = case_rng()
    dout, x = draw(rng, 2)
    whole = rng.integers(1, 9, size=x.shape) * rng.choice([-1, 1], size=x.shape)
    check(relu_backward, reference, dout, whole)


@test_case(name="float32", points=0.25, hidden=True)
def test_float32(relu_backward, reference):
    dout, x = draw(case_rng(), 4)
    check(relu_backward, reference, dout.astype("float32"), x.astype("float32"))


@test_case(name="arrays that lie otherwise in memory", points=0.25, hidden=True)
def test_layouts(relu_backward, reference):
    rng = case_rng()
    layers = [draw(rng, axes) for axes in (2, 3, 4)]
    expected = [reference.relu_backward(*layer) for layer in layers]
    for order in ORDERS:
        laid_so = [(laid(dout, order), laid(x, order)) for dout, x in layers]
        got = [relu_backward(*arrays) for arrays in laid_so]
        for dx, right in zip(got, expected, strict=True):
            close(dx, right)


@test_case(name="the inputs stay as they were, random", points=0.25, hidden=True)
def test_unchanged_random(relu_backward, reference):
    dout, x = draw(case_rng(), 2)
    expected = reference.relu_backward(dout, x)
    with unchanged(dout, x):
        dx = relu_backward(dout, x)
    close(dx, expected)
