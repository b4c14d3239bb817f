"""q5_filter_rgb, hidden: random images with one channel and more."""

import numpy as np
from checks import case_rng, close, unchanged
from otter.test_files import test_case

OK_FORMAT = False

name = "q5_filter_rgb"

SIZES = ((7, 9, 3, 3), (8, 6, 5, 3), (9, 11, 2, 4))


def _compare(filter_rgb, reference, pairs):
    got = [filter_rgb(image, kernel) for image, kernel in pairs]
    for answer, (image, kernel) in zip(got, pairs, strict=True):
        close(answer, reference.filter_rgb(image, kernel))


def _pairs(channels):
    rng = case_rng()
    more = rng.integers(0, 3)
    return [
        (rng.normal(size=(h + more, w + more, channels)), rng.normal(size=(a, b)))
        for h, w, a, b in SIZES
    ]


@test_case(name="random colour images", points=1.5, hidden=True)
def test_random(filter_rgb, reference):
    _compare(filter_rgb, reference, _pairs(3))


@test_case(name="one channel and four", points=1, hidden=True)
def test_channels(filter_rgb, reference):
    _compare(filter_rgb, reference, _pairs(1) + _pairs(4))


@test_case(name="uint8 does not wrap around", points=1, hidden=True)
def test_uint8(filter_rgb, reference):
    rng = case_rng()
    image = rng.integers(100, 256, size=(6, 8, 3)).astype(np.uint8)
    kernel = rng.integers(1, 60, size=(3, 3)).astype(np.uint8)
    signed = kernel.astype(int) - 30
    _compare(filter_rgb, reference, [(image, kernel), (image, signed)])


@test_case(name="the inputs stay as they were", points=0.5, hidden=True)
def test_unchanged(filter_rgb, reference):
    ((image, kernel), *_) = _pairs(3)
    with unchanged(image, kernel):
        _compare(filter_rgb, reference, [(image, kernel)])
