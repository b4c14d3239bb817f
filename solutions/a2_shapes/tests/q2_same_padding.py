"""q2_same_padding, hidden: random settings; expected values from the definition."""

from checks import case_rng, equal
from otter.test_files import test_case

OK_FORMAT = False

name = "q2_same_padding"

MANY = 40


def _check(same_padding, reference, settings):
    expected = [reference.same_padding(*s) for s in settings]
    equal([same_padding(*s) for s in settings], expected)


@test_case(name="random odd and even kernels", points=1, hidden=True)
def test_random_kernels(same_padding, reference):
    rng = case_rng()
    sizes = rng.integers((5, 1), (200, 12), size=(MANY, 2)).tolist()
    _check(same_padding, reference, [*map(tuple, sizes), (50, 4), (50, 7)])


@test_case(name="random strides", points=1.5, hidden=True)
def test_random_strides(same_padding, reference):
    rng = case_rng()
    settings = rng.integers((5, 3, 2), (200, 12, 4), size=(MANY, 3)).tolist()
    # Lengths that the stride divides, and does not, whatever was drawn.
    base = 6 * int(rng.integers(2, 20))
    settings += [(base + rest, 5, stride) for rest in range(4) for stride in (2, 3)]
    _check(same_padding, reference, settings)


@test_case(name="random dilations", points=1, hidden=True)
def test_random_dilations(same_padding, reference):
    rng = case_rng()
    settings = rng.integers((5, 2, 1, 2), (200, 9, 4, 5), size=(MANY, 4)).tolist()
    _check(same_padding, reference, settings)


@test_case(name="strides longer than the kernel", points=1.5, hidden=True)
def test_long_strides(same_padding, reference):
    rng = case_rng()
    settings = [(n, k, k + 2) for n in range(40, 50) for k in (1, 2, 3)]
    settings += rng.integers((5, 1, 3), (99, 4, 7), size=(MANY, 3)).tolist()
    _check(same_padding, reference, settings)


@test_case(name="an axis shorter than the kernel", points=1, hidden=True)
def test_short_axis(same_padding, reference):
    rng = case_rng()
    settings = rng.integers((1, 6, 1, 1), (6, 12, 4, 3), size=(MANY, 4)).tolist()
    _check(same_padding, reference, settings)
