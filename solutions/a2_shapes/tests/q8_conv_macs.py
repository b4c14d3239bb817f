"""q8_conv_macs, hidden: random layers on images that are not square."""

from checks import case_rng, equal, raises
from otter.test_files import test_case

OK_FORMAT = False

name = "q8_conv_macs"

MANY = 15


def _layer(rng, groups=1):
    """Return (image, c_out, kernel), channels and sides all different."""
    c_in, more = rng.integers(2, 9, size=2).tolist()
    h = int(rng.integers(20, 40))
    image = (groups * c_in, h, h + int(rng.integers(20, 40)))
    return image, groups * (c_in + more), int(rng.integers(2, 6))


def _check(function, expected_of, settings):
    expected = [expected_of(*s) for s in settings]
    equal([function(*s) for s in settings], expected)


@test_case(name="random layers", points=1, hidden=True)
def test_random(conv_macs, reference):
    rng = case_rng()
    _check(conv_macs, reference.conv_macs, [_layer(rng) for _ in range(MANY)])


@test_case(name="random strides, paddings and dilations", points=1.5, hidden=True)
def test_random_places(conv_macs, reference):
    rng = case_rng()
    settings = []
    for _ in range(MANY):
        knobs = rng.integers((1, 0, 1), (4, 3, 4)).tolist()
        settings.append((*_layer(rng), *knobs))
        settings.append((*_layer(rng), (1, 2), "same"))
    _check(conv_macs, reference.conv_macs, settings)


@test_case(name="random groups and kernels that are not square", points=1, hidden=True)
def test_random_groups(conv_macs, reference):
    rng = case_rng()
    settings = []
    for groups in (2, 3, 4):
        for _ in range(MANY // 3):
            image, c_out, kernel = _layer(rng, groups)
            pair = (kernel, kernel + 1)
            settings.append((image, c_out, pair, 2, (1, 0), 1, groups))
    _check(conv_macs, reference.conv_macs, settings)


@test_case(name="FLOPs of random layers", points=1.5, hidden=True)
def test_random_flops(conv_flops, reference):
    rng = case_rng()
    settings = [(*_layer(rng), 2, 1) for _ in range(MANY)]
    settings += [(*_layer(rng, 3), (2, 1), "same", (1, 2), 3) for _ in range(MANY)]
    _check(conv_flops, reference.conv_flops, settings)


@test_case(name="a kernel that just fits, and one that does not", points=1, hidden=True)
def test_too_large(conv_macs):
    side = int(case_rng().integers(4, 9))
    equal(conv_macs((2, side, 3 * side), 5, side), (2 * side + 1) * side * side * 10)
    raises(ValueError, conv_macs, (2, side, 3 * side), 5, side + 1)
