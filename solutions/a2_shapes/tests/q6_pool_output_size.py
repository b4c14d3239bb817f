"""q6_pool_output_size, hidden: the whole grid, sizes that do not tile among them."""

from checks import case_rng, equal, raises
from otter.test_files import test_case

OK_FORMAT = False

name = "q6_pool_output_size"

MANY = 30


def _check(pool_output_size, reference, settings):
    expected = [reference.pool_output_size(*s) for s in settings]
    equal([pool_output_size(*s) for s in settings], expected)


@test_case(name="windows side by side, any size", points=1, hidden=True)
def test_tiles(pool_output_size, reference):
    rng = case_rng()
    settings = []
    for kernel in (2, 3, 4, 5):
        n = int(rng.integers(10, 90))
        settings += [(n + more, kernel) for more in range(kernel)]
        settings += [(n + more, kernel, None, 0, True) for more in range(kernel)]
    _check(pool_output_size, reference, settings)


@test_case(name="overlap, gaps and padding", points=1, hidden=True)
def test_strides(pool_output_size, reference):
    rng = case_rng()
    settings = []
    for _ in range(MANY):
        kernel, stride = int(rng.integers(2, 6)), int(rng.integers(1, 7))
        padding = int(rng.integers(0, kernel // 2 + 1))
        settings.append((int(rng.integers(10, 90)), kernel, stride, padding))
    settings += [(n, 3, 2, padding) for n in (50, 51) for padding in (0, 1)]
    _check(pool_output_size, reference, settings)
    raises(ValueError, pool_output_size, 5, 8, 2, 1)


@test_case(name="ceil_mode without padding", points=1, hidden=True)
def test_ceil(pool_output_size, reference):
    rng = case_rng()
    settings = []
    for stride in (2, 3, 4):
        kernel = stride + int(rng.integers(0, 3))
        n = int(rng.integers(10, 90))
        settings += [(n + more, kernel, stride, 0, True) for more in range(stride)]
    # Gaps between the windows: the next window may start behind the axis.
    settings += [(n, 2, 5, 0, True) for n in range(20, 25)]
    _check(pool_output_size, reference, settings)


@test_case(
    name="ceil_mode where a window would start in padding", points=1, hidden=True
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
    _check(pool_output_size, reference, settings)
