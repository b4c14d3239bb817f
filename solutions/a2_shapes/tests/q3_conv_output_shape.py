"""q3_conv_output_shape, hidden: channels, axes, pairs and words, one at a time.

One channel in and one out where channels are not the question, a square image where
its sides are not.
"""

from checks import case_rng, each, equal, raises
from otter.test_files import test_case

OK_FORMAT = False

name = "q3_conv_output_shape"

MANY = 20


def _square(rng):
    side = int(rng.integers(30, 60))
    return 1, side, side


def _oblong(rng):
    """Return (1, h, w), wider than high by at least 30 and as often the other way."""
    short = int(rng.integers(30, 60))
    long = short + int(rng.integers(30, 60))
    return (1, short, long) if rng.random() < 0.5 else (1, long, short)


def _two(rng, low, high):
    """Return two different ints of [low, high) as a pair."""
    a, b = rng.choice(range(low, high), size=2, replace=False)
    return int(a), int(b)


def _check(conv_output_shape, reference, settings):
    expected = [reference.conv_output_shape(*s) for s in settings]
    equal(each(conv_output_shape, settings), expected)


@test_case(name="channels in and out", points=1, hidden=True)
def test_channels(conv_output_shape, reference):
    rng = case_rng()
    settings = []
    for _ in range(MANY):
        _, side, _ = _square(rng)
        c_in, c_out, kernel = rng.integers((2, 10, 1), (9, 40, 6)).tolist()
        settings.append(((c_in, side, side), c_out, kernel))
    _check(conv_output_shape, reference, settings)


@test_case(name="images that are not square", points=0.5, hidden=True)
def test_oblong(conv_output_shape, reference):
    rng = case_rng()
    settings = []
    for _ in range(MANY):
        knobs = rng.integers((1, 1, 0, 1), (6, 4, 3, 4)).tolist()
        settings.append((_oblong(rng), 1, *knobs))
    _check(conv_output_shape, reference, settings)


@test_case(name="pairs", points=0.5, hidden=True)
def test_pairs(conv_output_shape, reference):
    rng = case_rng()
    settings = []
    for _ in range(MANY):
        knobs = [_two(rng, low, high) for low, high in ((1, 6), (1, 4), (0, 3), (1, 4))]
        settings.append((_square(rng), 1, *knobs))
    _check(conv_output_shape, reference, settings)


@test_case(name="same and valid with dilations", points=0.5, hidden=True)
def test_words(conv_output_shape, reference):
    rng = case_rng()
    settings = []
    for _ in range(MANY):
        kernel, dilation = int(rng.integers(2, 6)), int(rng.integers(1, 4))
        words = ("same", "valid")
        settings += [(_square(rng), 1, kernel, 1, word, dilation) for word in words]
    _check(conv_output_shape, reference, settings)


@test_case(name="same with strides", points=0.5, hidden=True)
def test_words_stride(conv_output_shape, reference):
    rng = case_rng()
    settings = []
    for _ in range(MANY):
        kernel, stride = int(rng.integers(2, 6)), int(rng.integers(2, 5))
        settings.append((_square(rng), 1, kernel, stride, "same"))
    _check(conv_output_shape, reference, settings)


@test_case(
    name="a kernel that just fits, and one that does not", points=0.5, hidden=True
)
def test_too_large(conv_output_shape):
    rng = case_rng()
    side, pad = rng.integers((3, 0), (9, 3)).tolist()
    image, kernel = (2, side, side), side + 2 * pad
    conv_output_shape(image, 7, kernel, 1, pad)  # fits, just so
    raises(ValueError, conv_output_shape, image, 7, kernel + 1, 1, pad)
    raises(ValueError, conv_output_shape, image, 7, (kernel, kernel + 1), 2, pad)
    raises(ValueError, conv_output_shape, image, 7, (kernel + 1, kernel), 1, pad)


@test_case(name="channels, sides, pairs and words at once", points=0.5, hidden=True)
def test_all_at_once(conv_output_shape, reference):
    rng = case_rng()
    settings = []
    for _ in range(MANY):
        _, h, w = _oblong(rng)
        image, c_out = (int(rng.integers(2, 9)), h, w), int(rng.integers(10, 40))
        kernel, stride, dilation = _two(rng, 1, 6), _two(rng, 1, 4), _two(rng, 1, 4)
        padding = ("same", "valid", _two(rng, 0, 3))[int(rng.integers(3))]
        settings.append((image, c_out, kernel, stride, padding, dilation))
    _check(conv_output_shape, reference, settings)
