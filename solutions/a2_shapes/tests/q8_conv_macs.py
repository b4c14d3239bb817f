"""q8_conv_macs, hidden: channels, places, groups and FLOPs, one at a time.

One channel in and one out where channels are not the question, and a kernel of 1x1, so
as many places as pixels, where kernel and places are not.
"""

from checks import case_rng, each, equal
from otter.test_files import test_case

OK_FORMAT = False

name = "q8_conv_macs"

MANY = 12


def _image(rng, channels=1):
    """Return (channels, h, w), wider than high by at least 20."""
    h = int(rng.integers(20, 40))
    return channels, h, h + int(rng.integers(20, 40))


def _check(function, expected_of, settings, what="MACs"):
    expected = [expected_of(*s) for s in settings]
    equal(each(function, settings), expected, what=what)


@test_case(name="several channels in", points=1, hidden=True)
def test_channels_in(conv_macs, reference):
    rng = case_rng()
    channels = rng.integers(2, 9, size=MANY).tolist()
    settings = [(_image(rng, c_in), 1, 1) for c_in in channels]
    _check(conv_macs, reference.conv_macs, settings)


@test_case(name="several channels out", points=1, hidden=True)
def test_channels_out(conv_macs, reference):
    rng = case_rng()
    channels = rng.integers(2, 9, size=MANY).tolist()
    settings = [(_image(rng), c_out, 1) for c_out in channels]
    _check(conv_macs, reference.conv_macs, settings)


@test_case(name="random strides and paddings", points=0.5, hidden=True)
def test_places(conv_macs, reference):
    rng = case_rng()
    settings = []
    for _ in range(MANY):
        kernel, stride, padding = rng.integers((2, 1, 0), (6, 4, 3)).tolist()
        settings.append((_image(rng), 1, kernel, stride, padding))
        settings.append((_image(rng), 1, kernel, (1, 2), "same"))
    _check(conv_macs, reference.conv_macs, settings)


@test_case(name="random dilations", points=0.5, hidden=True)
def test_dilations(conv_macs, reference):
    rng = case_rng()
    draws = rng.integers((2, 2), (5, 5), size=(MANY, 2)).tolist()
    settings = [(_image(rng), 1, kernel, 1, 0, dilation) for kernel, dilation in draws]
    _check(conv_macs, reference.conv_macs, settings)


@test_case(name="random groups", points=0.5, hidden=True)
def test_groups(conv_macs, reference):
    rng = case_rng()
    settings = []
    for groups in (2, 3, 4):
        for c_in, more in rng.integers(1, 6, size=(MANY // 3, 2)).tolist():
            image, c_out = _image(rng, groups * c_in), groups * (c_in + more)
            settings.append((image, c_out, 1, 1, 0, 1, groups))
    _check(conv_macs, reference.conv_macs, settings)


@test_case(name="random kernels that are not square", points=0.5, hidden=True)
def test_not_square(conv_macs, reference):
    rng = case_rng()
    kernels = rng.integers(1, 6, size=MANY).tolist()
    settings = [(_image(rng), 1, (k, k + 2), 1, "same") for k in kernels]
    _check(conv_macs, reference.conv_macs, settings)


@test_case(name="FLOPs of random layers", points=1, hidden=True)
def test_flops(conv_flops, reference):
    rng = case_rng()
    settings = [(_image(rng), 1, 1) for _ in range(MANY)]
    _check(conv_flops, reference.conv_flops, settings, "FLOPs")


@test_case(name="channels, places and groups at once", points=0.5, hidden=True)
def test_all_at_once(conv_macs, conv_flops, reference):
    rng = case_rng()
    settings = []
    for groups in (1, 2, 3):
        for c_in, more, kernel in rng.integers(1, 5, size=(4, 3)).tolist():
            image, c_out = _image(rng, groups * c_in), groups * (c_in + more)
            pair = (kernel, kernel + 1)
            settings.append((image, c_out, pair, 2, (1, 0), (1, 2), groups))
    _check(conv_macs, reference.conv_macs, settings)
    _check(conv_flops, reference.conv_flops, settings, "FLOPs")
