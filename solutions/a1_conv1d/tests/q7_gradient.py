"""q7_gradient, hidden: random images, their borders, kinds of numbers.

Images have a dark frame where their border is not the question, and flat edges only
where numbers are.
"""

import numpy as np
from checks import case_rng, close, each
from checks.layouts import LAYOUTS, laid, layout_of
from otter.test_files import test_case

OK_FORMAT = False

name = "q7_gradient"

SHAPES = ((6, 9), (8, 5), (3, 4), (3, 3))


def _compare(function, right, images):
    expected = [right(image) for image in images]
    got = each(function, [(image,) for image in images])
    for answer, wanted in zip(got, expected, strict=True):
        close(answer, wanted)


def _images():
    rng = case_rng()
    return [rng.normal(size=shape) for shape in SHAPES]


def _framed():
    return [np.pad(image, 2) for image in _images()]


def _others():
    """Return dark-framed images: uint8, float32, one as lists, other layouts."""
    rng = case_rng()
    several = [rng.integers(0, 256, size=shape).astype(np.uint8) for shape in SHAPES]
    several += [rng.normal(size=(4, 5)).astype(np.float32)]
    framed = [np.pad(image, 2) for image in several]
    others = [laid(framed[0], layout) for layout in LAYOUTS]
    return [*framed, framed[0].tolist(), *others]


def _flat(images):
    """Return images of equal columns, so with no edge that is upright or slanted."""
    flat = []
    for image in images:
        array = np.asarray(image)
        repeated = np.repeat(array[:, 2:3], 6, axis=1)
        flat.append(laid(repeated, layout_of(array)))
    return flat


@test_case(name="the gradient's magnitude of random images", points=1.5, hidden=True)
def test_magnitude(gradient_magnitude, reference):
    _compare(gradient_magnitude, reference.gradient_magnitude, _framed())


@test_case(name="the gradient's magnitude at the border", points=0.5, hidden=True)
def test_magnitude_border(gradient_magnitude, reference):
    _compare(gradient_magnitude, reference.gradient_magnitude, _images())


@test_case(
    name="the gradient's magnitude, kinds of numbers, layouts", points=0.5, hidden=True
)
def test_magnitude_types(gradient_magnitude, reference):
    _compare(gradient_magnitude, reference.gradient_magnitude, _flat(_others()))


@test_case(name="signed edges of random images", points=1.5, hidden=True)
def test_signed(signed_edge, reference):
    _compare(signed_edge, reference.signed_edge, _framed())


@test_case(name="signed edges at the border", points=0.5, hidden=True)
def test_signed_border(signed_edge, reference):
    _compare(signed_edge, reference.signed_edge, _images())


@test_case(name="signed edges, kinds of numbers, layouts", points=0.5, hidden=True)
def test_signed_types(signed_edge, reference):
    _compare(signed_edge, reference.signed_edge, _others())
