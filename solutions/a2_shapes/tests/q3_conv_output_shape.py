"""q3_conv_output_shape, hidden: no image square, settings as ints and as pairs."""

from checks import case_rng, equal, raises
from otter.test_files import test_case

OK_FORMAT = False

name = "q3_conv_output_shape"

MANY = 20


def _image(rng):
    """Return (c, h, w), wider than high by at least 30 and as often the other way."""
    c, short = int(rng.integers(1, 9)), int(rng.integers(30, 60))
    long = short + int(rng.integers(30, 60))
    return (c, short, long) if rng.random() < 0.5 else (c, long, short)


def _two(rng, low, high):
    """Return two different ints of [low, high) as a pair."""
    a, b = rng.choice(range(low, high), size=2, replace=False)
    return int(a), int(b)


def _check(conv_output_shape, reference, settings):
    expected = [reference.conv_output_shape(*s) for s in settings]
    equal([conv_output_shape(*s) for s in settings], expected)


@test_case(name="one number for both axes", points=1, hidden=True)
def test_random_ints(conv_output_shape, reference):
    rng = case_rng()
    settings = []
    for _ in range(MANY):
        knobs = rng.integers((1, 1, 0, 1), (6, 4, 3, 4)).tolist()
        settings.append((_image(rng), int(rng.integers(10, 40)), *knobs))
    _check(conv_output_shape, reference, settings)


@test_case(name="pairs", points=1, hidden=True)
def test_random_pairs(conv_output_shape, reference):
    rng = case_rng()
    settings = []
    for _ in range(MANY):
        knobs = [_two(rng, low, high) for low, high in ((1, 6), (1, 4), (0, 3), (1, 4))]
        settings.append((_image(rng), int(rng.integers(10, 40)), *knobs))
    _check(conv_output_shape, reference, settings)


@test_case(name="same and valid with strides and dilations", points=1, hidden=True)
def test_words(conv_output_shape, reference):
    rng = case_rng()
    settings = []
    for _ in range(MANY):
        kernel, dilation = int(rng.integers(2, 6)), int(rng.integers(1, 4))
        for stride, word in ((2, "same"), (_two(rng, 1, 4), "same"), (2, "valid")):
            c_out = int(rng.integers(10, 40))
            settings.append((_image(rng), c_out, kernel, stride, word, dilation))
    _check(conv_output_shape, reference, settings)


@test_case(name="a kernel too high, and one too wide", points=1, hidden=True)
def test_too_large(conv_output_shape):
    rng = case_rng()
    side, more = int(rng.integers(3, 9)), int(rng.integers(3, 9))
    high, wide = (2, side + more, side), (2, side, side + more)
    equal(conv_output_shape(high, 7, (side + 1, side)), (7, more, 1))
    equal(conv_output_shape(wide, 7, (side, side + 1)), (7, 1, more))
    raises(ValueError, conv_output_shape, high, 7, (side, side + 1))
    raises(ValueError, conv_output_shape, wide, 7, (side + 1, side))
