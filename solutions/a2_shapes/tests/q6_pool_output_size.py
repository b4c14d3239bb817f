"""q6_pool_output_size, hidden: strides, padding and ceil_mode, one at a time."""

from checks import case_rng, each, equal, raises
from otter.test_files import test_case

OK_FORMAT = False

name = "q6_pool_output_size"

MANY = 30


def _check(pool_output_size, reference, settings):
    expected = [reference.pool_output_size(*s) for s in settings]
    equal(each(pool_output_size, settings), expected)


@test_case(name="windows side by side, any size", points=0.5, hidden=True)
def test_tiles(pool_output_size, reference):
    rng = case_rng()
    settings = []
    for kernel in (1, 2, 3, 4, 5):
        n = int(rng.integers(10, 90))
        settings += [(n + more, kernel) for more in range(kernel)]
    _check(pool_output_size, reference, settings)


@test_case(name="overlaps and gaps", points=1, hidden=True)
def test_strides(pool_output_size, reference):
    rng = case_rng()
    draws = rng.integers((5, 2, 1), (20, 6, 7), size=(MANY, 3)).tolist()
    settings = [(kernel + steps * s, kernel, s) for steps, kernel, s in draws]
    _check(pool_output_size, reference, settings)


@test_case(name="padding", points=0.5, hidden=True)
def test_padding(pool_output_size, reference):
    rng = case_rng()
    settings = []
    for kernel in (2, 3, 4, 5):
        for more in range(kernel):
            n, padding = int(rng.integers(10, 90)) + more, kernel // 2
            settings.append((n, kernel, kernel, padding))
    _check(pool_output_size, reference, settings)


@test_case(name="ceil_mode, windows side by side", points=0.5, hidden=True)
def test_ceil(pool_output_size, reference):
    rng = case_rng()
    settings = []
    for kernel in (2, 3, 4, 5):
        n = int(rng.integers(10, 90))
        settings += [(n + more, kernel, kernel, 0, True) for more in range(kernel)]
    _check(pool_output_size, reference, settings)


@test_case(
    name="ceil_mode with strides, and where a window would start in padding",
    points=0.5,
    hidden=True,
)
def test_ceil_padding(pool_output_size, reference):
    rng = case_rng()
    settings = []
    for kernel in (2, 3, 4, 5):
        padding = int(rng.integers(1, kernel // 2 + 1))
        stride = kernel + int(rng.integers(0, 2))
        n = int(rng.integers(10, 90))
        settings += [(n + i, kernel, stride, padding, True) for i in range(stride)]
        settings += [(n + i, kernel, 2, padding, True) for i in range(2)]
    # Gaps between the windows: the next window may start behind the axis.
    settings += [(n, 2, 5, 0, True) for n in range(20, 25)]
    _check(pool_output_size, reference, settings)


@test_case(name="a window too long, with a stride and padding", points=0.5, hidden=True)
def test_too_long(pool_output_size):
    kernel = int(case_rng().integers(4, 9))
    pool_output_size(kernel, kernel, 2)  # fits, just so
    raises(ValueError, pool_output_size, kernel - 3, kernel, 2, 1)
    raises(ValueError, pool_output_size, kernel - 1, kernel, 1)
