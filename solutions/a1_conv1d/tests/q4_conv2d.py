"""q4_conv2d, hidden: random images, never square, kernels never symmetric."""

import numpy as np
from checks import case_rng, close, unchanged
from otter.test_files import test_case

OK_FORMAT = False

name = "q4_conv2d"

ODD = ((7, 9, 3, 3), (8, 6, 5, 3), (9, 11, 1, 5), (6, 8, 3, 1), (7, 10, 5, 5))
EVEN = ((7, 9, 2, 2), (8, 6, 4, 3), (9, 11, 3, 4), (6, 9, 2, 4))


def _compare(conv2d, reference, pairs, mode, boundary="zero"):
    got = [conv2d(image, kernel, mode, boundary) for image, kernel in pairs]
    for answer, (image, kernel) in zip(got, pairs, strict=True):
        close(answer, reference.conv2d(image, kernel, mode, boundary))


def _pairs(sizes):
    rng = case_rng()
    more = rng.integers(0, 3)
    return [
        (rng.normal(size=(h + more, w + more)), rng.normal(size=(a, b)))
        for h, w, a, b in sizes
    ]


@test_case(name="random images, full", points=1.5, hidden=True)
def test_full(conv2d, reference):
    _compare(conv2d, reference, _pairs(ODD + EVEN), "full")


@test_case(name="random images, same, odd kernels", points=1.5, hidden=True)
def test_same(conv2d, reference):
    _compare(conv2d, reference, _pairs(ODD), "same")


@test_case(name="random images, same, even kernels", points=1, hidden=True)
def test_same_even(conv2d, reference):
    _compare(conv2d, reference, _pairs(EVEN), "same")


@test_case(name="random images, valid", points=1.5, hidden=True)
def test_valid(conv2d, reference):
    pairs = _pairs(ODD + EVEN)
    _compare(conv2d, reference, pairs, "valid", "zero")
    _compare(conv2d, reference, pairs, "valid", "replicate")


@test_case(name="random images, boundary reflect", points=1, hidden=True)
def test_reflect(conv2d, reference):
    _compare(conv2d, reference, _pairs(ODD + EVEN), "same", "reflect")


@test_case(name="random images, boundary replicate", points=0.5, hidden=True)
def test_replicate(conv2d, reference):
    _compare(conv2d, reference, _pairs(ODD + EVEN), "same", "replicate")


@test_case(name="random images, boundary circular", points=1, hidden=True)
def test_circular(conv2d, reference):
    _compare(conv2d, reference, _pairs(ODD + EVEN), "same", "circular")


@test_case(name="uint8 and whole numbers; inputs unchanged", points=1, hidden=True)
def test_types(conv2d, reference):
    rng = case_rng()
    image = rng.integers(100, 256, size=(6, 8)).astype(np.uint8)
    kernel = rng.integers(1, 60, size=(3, 2)).astype(np.uint8)
    signed = kernel.astype(int) - 30
    with unchanged(image, kernel):
        pairs = [(image, kernel), (image, signed), (image.tolist(), [[0.5, 2, 0.25]])]
        _compare(conv2d, reference, pairs, "same")
