"""q6_separable_conv2d, hidden: random channels and weights."""

from checks import case_rng, close, raises
from otter.test_files import test_case

OK_FORMAT = False

name = "q6_separable_conv2d"


@test_case(name="pointwise, random", points=1.5, hidden=True)
def test_pointwise(pointwise_conv2d, reference):
    rng = case_rng()
    for c_in, c_out in ((2, 3), (4, 2), (1, 2)):
        x, weights = rng.normal(size=(c_in, 2, 3)), rng.normal(size=(c_out, c_in))
        close(pointwise_conv2d(x, weights), reference.pointwise_conv2d(x, weights))
    raises(ValueError, pointwise_conv2d, x, rng.normal(size=(2, 5)))


@test_case(name="as many channels out as in", points=0.5, hidden=True)
def test_square(pointwise_conv2d, reference):
    rng = case_rng()
    x, weights = rng.normal(size=(3, 2, 2)), rng.normal(size=(3, 3))
    close(pointwise_conv2d(x, weights), reference.pointwise_conv2d(x, weights))


def _compare(separable_conv2d, reference, settings, *, c_in, c_out, size=(5, 5)):
    rng = case_rng()
    x, depthwise = rng.normal(size=(c_in, *size)), rng.normal(size=(c_in, 3, 3))
    pointwise = rng.normal(size=(c_out, c_in))
    expected = reference.separable_conv2d(x, depthwise, pointwise, *settings)
    close(separable_conv2d(x, depthwise, pointwise, *settings), expected)


@test_case(name="separable, random", points=2, hidden=True)
def test_separable(separable_conv2d, reference):
    for c_in, c_out in ((2, 3), (4, 1)):
        _compare(separable_conv2d, reference, (1, 0), c_in=c_in, c_out=c_out)


@test_case(name="separable with padding, random", points=1, hidden=True)
def test_padding(separable_conv2d, reference):
    _compare(separable_conv2d, reference, (1, 1), c_in=2, c_out=3)
    _compare(separable_conv2d, reference, (1, 2), c_in=3, c_out=2, size=(4, 3))


@test_case(name="separable with stride, random", points=1, hidden=True)
def test_stride(separable_conv2d, reference):
    _compare(separable_conv2d, reference, (2, 0), c_in=2, c_out=3, size=(7, 7))
    _compare(separable_conv2d, reference, (3, 0), c_in=1, c_out=3, size=(9, 6))


@test_case(name="settings that are left out", points=1, hidden=True)
def test_defaults(separable_conv2d, reference):
    _compare(separable_conv2d, reference, (), c_in=2, c_out=3)
