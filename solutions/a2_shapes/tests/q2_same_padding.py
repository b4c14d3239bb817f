"""q2_same_padding, hidden: one thing after the other, then all at once.

Where the side of an odd zero is not the question, the number of zeros is even.
"""

from checks import case_rng, each, equal
from otter.test_files import test_case

OK_FORMAT = False

name = "q2_same_padding"

MANY = 30


def _check(same_padding, reference, settings):
    expected = [reference.same_padding(*s) for s in settings]
    equal(each(same_padding, settings), expected)


def _even(reference, settings):
    """Return the settings that need an even number of zeros."""
    pairs = ((s, reference.same_padding(*s)) for s in settings)
    return [s for s, (left, right) in pairs if left == right]


@test_case(name="random odd kernels", points=1, hidden=True)
def test_odd(same_padding, reference):
    rng = case_rng()
    settings = [
        (n, 2 * k + 1) for n, k in rng.integers((12, 0), (200, 6), (MANY, 2)).tolist()
    ]
    _check(same_padding, reference, settings)


@test_case(name="random even kernels", points=1, hidden=True)
def test_even(same_padding, reference):
    rng = case_rng()
    settings = [
        (n, 2 * k) for n, k in rng.integers((12, 1), (200, 6), (MANY, 2)).tolist()
    ]
    _check(same_padding, reference, settings)


@test_case(name="strides that divide the length", points=0.5, hidden=True)
def test_dividing(same_padding, reference):
    rng = case_rng()
    draws = rng.integers((2, 3, 2), (40, 12, 4), size=(2 * MANY, 3)).tolist()
    settings = [(stride * n, stride + k, stride) for n, k, stride in draws]
    _check(same_padding, reference, _even(reference, settings))


@test_case(name="strides that leave pixels over", points=1, hidden=True)
def test_not_dividing(same_padding, reference):
    rng = case_rng()
    draws = rng.integers((2, 3, 2), (40, 12, 4), size=(2 * MANY, 3)).tolist()
    settings = [(stride * n + 1, stride + k, stride) for n, k, stride in draws]
    _check(same_padding, reference, _even(reference, settings))


@test_case(name="random dilations", points=0.5, hidden=True)
def test_dilations(same_padding, reference):
    rng = case_rng()
    draws = rng.integers((30, 1, 2), (200, 4, 5), size=(MANY, 3)).tolist()
    _check(same_padding, reference, [(n, 2 * k + 1, 1, d) for n, k, d in draws])


@test_case(name="strides longer than the kernel", points=0.5, hidden=True)
def test_long_strides(same_padding, reference):
    settings = [(n, k, k + 2) for n in range(40, 50) for k in (1, 2, 3)]
    _check(same_padding, reference, _even(reference, settings))


@test_case(
    name="an axis shorter than the kernel, or of one pixel", points=0.5, hidden=True
)
def test_short_axis(same_padding, reference):
    rng = case_rng()
    settings = [
        (n, 2 * k + 1) for n, k in rng.integers((1, 3), (6, 6), (MANY, 2)).tolist()
    ]
    _check(same_padding, reference, [*settings, (1, 1), (1, 3)])


@test_case(name="stride, dilation and odd zeros at once", points=0.5, hidden=True)
def test_all_at_once(same_padding, reference):
    rng = case_rng()
    settings = rng.integers((1, 1, 1, 1), (99, 9, 5, 4), size=(MANY, 4)).tolist()
    _check(same_padding, reference, settings)
