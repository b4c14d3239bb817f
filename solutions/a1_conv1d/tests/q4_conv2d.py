"""q4_conv2d, hidden: modes, kernels, boundaries and kinds of numbers, one at a time.

Images and kernels are square where that is not the question, values whole where
fractions are not. No array is given twice.
"""

import numpy as np
from checks import case_rng, close, each
from checks.layouts import LAYOUTS, laid
from otter.test_files import test_case

OK_FORMAT = False

name = "q4_conv2d"

SQUARE = ((7, 7, 3, 3), (8, 8, 3, 3), (9, 9, 5, 5))
OBLONG_IMAGES = ((7, 10, 3, 3), (9, 6, 3, 3), (8, 11, 5, 5))
OBLONG_KERNELS = ((8, 8, 5, 3), (9, 9, 1, 5), (7, 7, 3, 1), (8, 8, 2, 4), (7, 9, 3, 5))
EVEN = ((7, 7, 2, 2), (8, 8, 4, 4), (6, 9, 4, 4))
SMALL = ((5, 7, 1, 1), (1, 1, 1, 1), (3, 4, 3, 4), (1, 6, 1, 3), (5, 1, 2, 1))
MODES = ("full", "same", "valid")
BOUNDARIES = ("zero", "reflect", "replicate", "circular")


def _compare(conv2d, reference, pairs, mode, boundary="zero"):
    expected = [reference.conv2d(*pair, mode, boundary) for pair in pairs]
    got = each(conv2d, [(*pair, mode, boundary) for pair in pairs])
    for answer, right in zip(got, expected, strict=True):
        close(answer, right)


def _whole(rng, shape):
    return rng.integers(1, 10, shape).astype(float) * rng.choice([-1, 1], shape)


def _fractions(rng, shape):
    return rng.normal(size=shape)


def _pairs(sizes, draw=_whole):
    rng = case_rng()
    return [(draw(rng, (h, w)), draw(rng, (a, b))) for h, w, a, b in sizes]


@test_case(name="random images, full", points=0.5, hidden=True)
def test_full(conv2d, reference):
    _compare(conv2d, reference, _pairs(SQUARE), "full")


@test_case(name="random images, same", points=1, hidden=True)
def test_same(conv2d, reference):
    _compare(conv2d, reference, _pairs(SQUARE), "same")


@test_case(name="random images, valid", points=1, hidden=True)
def test_valid(conv2d, reference):
    _compare(conv2d, reference, _pairs(SQUARE), "valid", "zero")
    _compare(conv2d, reference, _pairs(SQUARE), "valid", "replicate")


@test_case(name="images that are not square", points=1, hidden=True)
def test_oblong_images(conv2d, reference):
    _compare(conv2d, reference, _pairs(OBLONG_IMAGES), "valid")


@test_case(name="kernels that are not square", points=1, hidden=True)
def test_oblong_kernels(conv2d, reference):
    _compare(conv2d, reference, _pairs(OBLONG_KERNELS), "valid")
    _compare(conv2d, reference, _pairs(OBLONG_KERNELS), "full")


@test_case(name="even kernels, same", points=1, hidden=True)
def test_even(conv2d, reference):
    _compare(conv2d, reference, _pairs(EVEN), "same")


@test_case(name="boundary reflect, corners too", points=0.5, hidden=True)
def test_reflect(conv2d, reference):
    _compare(conv2d, reference, _pairs(SQUARE), "same", "reflect")


@test_case(name="boundary replicate, corners too", points=0.5, hidden=True)
def test_replicate(conv2d, reference):
    _compare(conv2d, reference, _pairs(SQUARE), "same", "replicate")


@test_case(name="boundary circular, corners too", points=0.5, hidden=True)
def test_circular(conv2d, reference):
    _compare(conv2d, reference, _pairs(SQUARE), "same", "circular")


@test_case(name="one pixel, and kernels as large as the image", points=0.5, hidden=True)
def test_small(conv2d, reference):
    _compare(conv2d, reference, _pairs(SMALL), "valid")


@test_case(name="fractions, uint8, int8, float32 and lists", points=0.5, hidden=True)
def test_types(conv2d, reference):
    rng = case_rng()
    image = rng.integers(100, 256, size=(6, 6)).astype(np.uint8)
    kernel = rng.integers(1, 60, size=(3, 3)).astype(np.uint8)
    small = rng.integers(60, 127, size=(5, 5)).astype(np.int8)
    pairs = [(image, kernel), (image.copy(), kernel.astype(int) - 30)]
    pairs += [(small, small[:3, :3].copy())]
    pairs += [(image.astype(int), rng.normal(size=(3, 3)))]
    pairs += [(rng.normal(size=(5, 5)).astype(np.float32), [[0.5, 2, 0.25]] * 3)]
    pairs += [(rng.normal(size=(5, 5)).tolist(), rng.normal(size=(2, 2)).tolist())]
    _compare(conv2d, reference, pairs, "valid")


@test_case(name="arrays that lie otherwise in memory", points=0.5, hidden=True)
def test_layouts(conv2d, reference):
    pairs = _pairs(((7, 7, 3, 3),) * len(LAYOUTS))
    pairs = [
        (laid(image, layout), laid(kernel, layout))
        for (image, kernel), layout in zip(pairs, LAYOUTS, strict=True)
    ]
    _compare(conv2d, reference, pairs, "valid")


@test_case(name="all of it together", points=0.5, hidden=True)
def test_together(conv2d, reference):
    sizes = SQUARE + OBLONG_IMAGES + OBLONG_KERNELS + EVEN
    for mode in MODES:
        _compare(conv2d, reference, _pairs(sizes + SMALL, _fractions), mode)
    for boundary in BOUNDARIES:
        _compare(conv2d, reference, _pairs(sizes, _fractions), "same", boundary)
