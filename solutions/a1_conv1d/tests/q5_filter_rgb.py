"""q5_filter_rgb, hidden: flip and mode, numbers of channels, kinds of numbers.

Kernels have one value where neither flip nor mode is the question; values are whole
where fractions are not.
"""

import numpy as np
from checks import case_rng, close, each
from checks.layouts import LAYOUTS, laid
from otter.test_files import test_case

OK_FORMAT = False

name = "q5_filter_rgb"


def _compare(filter_rgb, reference, pairs):
    expected = [reference.filter_rgb(image, kernel) for image, kernel in pairs]
    got = each(filter_rgb, [(image, kernel) for image, kernel in pairs])
    for answer, right in zip(got, expected, strict=True):
        close(answer, right)


def _pairs(channels, sizes):
    """Return images and kernels whose outputs stay within 0 and 255."""
    rng = case_rng()
    return [
        (
            rng.integers(0, 8, size=(h, w, channels)).astype(float),
            rng.integers(1, 4, size=(a, b)).astype(float),
        )
        for h, w, a, b in sizes
    ]


@test_case(name="random colour images", points=0.25, hidden=True)
def test_random(filter_rgb, reference):
    _compare(filter_rgb, reference, _pairs(3, ((7, 7, 3, 3), (6, 6, 3, 3))))


@test_case(name="one channel, two and four", points=1, hidden=True)
def test_channels(filter_rgb, reference):
    sizes = ((4, 4, 1, 1), (5, 5, 1, 1))
    pairs = [pair for channels in (1, 2, 4) for pair in _pairs(channels, sizes)]
    _compare(filter_rgb, reference, pairs)


@test_case(name="images and kernels that are not square", points=0.5, hidden=True)
def test_oblong(filter_rgb, reference):
    sizes = ((7, 9, 3, 3), (8, 6, 5, 3), (9, 11, 2, 4), (1, 5, 1, 1))
    _compare(filter_rgb, reference, _pairs(3, sizes))


@test_case(
    name="uint8 and float32, large and negative results", points=0.5, hidden=True
)
def test_types(filter_rgb, reference):
    rng = case_rng()
    image = rng.integers(100, 256, size=(4, 4, 3)).astype(np.uint8)
    single = rng.integers(-99, 100, size=(4, 4, 3)).astype(np.float32)
    factor = rng.integers(20, 60, size=(1, 1)).astype(np.uint8)
    pairs = [
        (image, factor),
        (image, [[-7]]),
        (single, factor),
        (image.tolist(), [[3]]),
    ]
    _compare(filter_rgb, reference, pairs)


@test_case(name="images that lie otherwise in memory", points=0.25, hidden=True)
def test_layouts(filter_rgb, reference):
    pairs = _pairs(3, ((4, 4, 1, 1),) * len(LAYOUTS))
    pairs = [
        (laid(image, layout), kernel)
        for (image, kernel), layout in zip(pairs, LAYOUTS, strict=True)
    ]
    _compare(filter_rgb, reference, pairs)


@test_case(name="all of it together", points=0.5, hidden=True)
def test_together(filter_rgb, reference):
    rng = case_rng()
    sizes = ((7, 9, 3, 3, 3), (8, 6, 5, 3, 1), (9, 11, 2, 4, 4))
    pairs = [
        (rng.normal(size=(h, w, c)), rng.normal(size=(a, b))) for h, w, a, b, c in sizes
    ]
    _compare(filter_rgb, reference, pairs)
