"""q1_conv_output_size, hidden: one knob after the other, then all at once."""

from checks import case_rng, each, equal, raises
from otter.test_files import test_case

OK_FORMAT = False

name = "q1_conv_output_size"

MANY = 40


def _settings(rng, *, stride=1, padding=0, dilation=1):
    """Return MANY settings whose kernel fits, each knob drawn up to its bound."""
    settings = []
    for _ in range(MANY):
        kernel = int(rng.integers(1, 8))
        spread = int(rng.integers(min(dilation, 2), dilation + 1))
        pad = int(rng.integers(min(padding, 1), padding + 1))
        step = int(rng.integers(min(stride, 2), stride + 1))
        reach = spread * (kernel - 1) + 1
        shortest = max(1, reach - 2 * pad)
        # An axis that is just as long as the kernel has a case of its own.
        n = int(rng.integers(shortest + 1, shortest + 200))
        settings.append((n, kernel, step, pad, spread))
    return settings


def _check(conv_output_size, reference, settings):
    expected = [reference.conv_output_size(*s) for s in settings]
    equal(each(conv_output_size, settings), expected)


@test_case(name="random axes and kernels", points=1, hidden=True)
def test_random(conv_output_size, reference):
    settings = [s[:2] for s in _settings(case_rng())]
    _check(conv_output_size, reference, settings)


@test_case(name="random strides", points=1.5, hidden=True)
def test_random_strides(conv_output_size, reference):
    settings = [(8, 3, 2), (9, 3, 3), (10, 3, 3)]
    settings += [s[:3] for s in _settings(case_rng(), stride=4)]
    _check(conv_output_size, reference, settings)


@test_case(name="random paddings", points=1, hidden=True)
def test_random_paddings(conv_output_size, reference):
    settings = [s[:4] for s in _settings(case_rng(), padding=4)]
    _check(conv_output_size, reference, settings)


@test_case(name="random dilations", points=1, hidden=True)
def test_random_dilations(conv_output_size, reference):
    _check(conv_output_size, reference, _settings(case_rng(), dilation=4))


@test_case(name="an axis as long as the kernel", points=0.5, hidden=True)
def test_just_fits(conv_output_size):
    rng = case_rng()
    for kernel in rng.integers(1, 12, size=6).tolist():
        equal(conv_output_size(kernel, kernel), 1)
        equal(conv_output_size(kernel + 3, kernel), 4)


@test_case(
    name="one pixel too short for the kernel, padding or not", points=0.5, hidden=True
)
def test_too_short(conv_output_size):
    rng = case_rng()
    for _ in range(5):
        kernel, dilation = int(rng.integers(3, 9)), int(rng.integers(1, 4))
        stride, padding = int(rng.integers(1, 4)), int(rng.integers(0, 2))
        n = dilation * (kernel - 1) + 1 - 2 * padding
        conv_output_size(n, kernel, stride, padding, dilation)  # fits, just so
        short = (n - 1, kernel, stride, padding, dilation)
        raises(ValueError, conv_output_size, *short)


@test_case(name="stride, padding and dilation at once", points=0.5, hidden=True)
def test_all_at_once(conv_output_size, reference):
    settings = _settings(case_rng(), stride=4, padding=4, dilation=4)
    _check(conv_output_size, reference, settings)
