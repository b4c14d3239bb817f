"""q7_gradient, hidden: random images."""

import numpy as np
from checks import case_rng, close, unchanged
from otter.test_files import test_case

OK_FORMAT = False

name = "q7_gradient"

SHAPES = ((6, 9), (8, 5), (3, 4))


def _compare(function, right, images):
    got = [function(image) for image in images]
    for answer, image in zip(got, images, strict=True):
        close(answer, right(image))


def _images():
    rng = case_rng()
    return [rng.normal(size=shape) for shape in SHAPES]


def _bytes():
    rng = case_rng()
    return [rng.integers(0, 256, size=shape).astype(np.uint8) for shape in SHAPES]


@test_case(name="the gradient's magnitude on random images", points=2, hidden=True)
def test_magnitude(gradient_magnitude, reference):
    images = _images()
    with unchanged(*images):
        _compare(gradient_magnitude, reference.gradient_magnitude, images)


@test_case(name="the gradient's magnitude of uint8 images", points=0.5, hidden=True)
def test_magnitude_uint8(gradient_magnitude, reference):
    _compare(gradient_magnitude, reference.gradient_magnitude, _bytes())


@test_case(name="signed edges of random images", points=1.5, hidden=True)
def test_signed(signed_edge, reference):
    images = _images()
    with unchanged(*images):
        _compare(signed_edge, reference.signed_edge, images)


@test_case(name="signed edges of uint8 images", points=1, hidden=True)
def test_signed_uint8(signed_edge, reference):
    _compare(signed_edge, reference.signed_edge, _bytes())
