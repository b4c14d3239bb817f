"""q4_conv_params, hidden: as many points with a bias as without one."""

from checks import case_rng, each, equal, raises
from otter.test_files import test_case

OK_FORMAT = False

name = "q4_conv_params"

MANY = 20


def _layer(rng, groups=1):
    """Return (c_in, c_out, kernel), all sizes different."""
    c_in, more = rng.integers(2, 12, size=2).tolist()
    kernel = rng.choice([2, 3, 5, 7, 11])
    return groups * c_in, groups * (c_in + more), int(kernel)


def _check(conv_params, reference, settings):
    expected = [reference.conv_params(*s) for s in settings]
    equal(each(conv_params, settings), expected, what="parameters")


@test_case(name="random layers with bias", points=1, hidden=True)
def test_random_bias(conv_params, reference):
    rng = case_rng()
    _check(conv_params, reference, [_layer(rng) for _ in range(MANY)])


@test_case(name="random layers without bias", points=1, hidden=True)
def test_random_no_bias(conv_params, reference):
    rng = case_rng()
    _check(conv_params, reference, [(*_layer(rng), False) for _ in range(MANY)])


@test_case(
    name="random kernels that are not square, without bias", points=1, hidden=True
)
def test_random_not_square(conv_params, reference):
    rng = case_rng()
    settings = []
    for _ in range(MANY):
        c_in, c_out, kernel = _layer(rng)
        settings.append((c_in, c_out, (kernel, kernel + 1), False))
        settings.append((c_in, c_out, (kernel + 1, kernel), False))
    _check(conv_params, reference, settings)


@test_case(name="random groups, without bias", points=0.5, hidden=True)
def test_random_groups(conv_params, reference):
    rng = case_rng()
    settings = [
        (*_layer(rng, groups), False, groups)
        for groups in (2, 3, 4, 6)
        for _ in range(MANY // 4)
    ]
    _check(conv_params, reference, settings)


@test_case(name="one channel in and one out, with bias", points=0.5, hidden=True)
def test_one_channel(conv_params, reference):
    rng = case_rng()
    _check(conv_params, reference, [(1, 1, int(k)) for k in rng.integers(1, 9, size=6)])


@test_case(name="groups that do not divide the channels", points=1, hidden=True)
def test_bad_groups(conv_params):
    rng = case_rng()
    groups, c = int(rng.integers(3, 6)), int(rng.integers(2, 6))
    kernel = int(rng.integers(1, 6))
    whole, not_whole = groups * c, groups * c + 1
    conv_params(whole, 2 * whole, kernel, False, groups)  # divides both
    raises(ValueError, conv_params, whole, not_whole, kernel, False, groups)
    raises(ValueError, conv_params, not_whole, whole, kernel, True, groups)


@test_case(name="kernel, groups and bias at once", points=0.5, hidden=True)
def test_all_at_once(conv_params, reference):
    rng = case_rng()
    settings = []
    for groups in (1, 2, 3, 4):
        for _ in range(3):
            c_in, c_out, kernel = _layer(rng, groups)
            settings.append((c_in, c_out, (kernel, kernel + 1), True, groups))
    _check(conv_params, reference, settings)
