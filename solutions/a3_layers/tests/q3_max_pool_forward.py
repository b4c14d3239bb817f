"""q3_max_pool_forward, hidden: random images over the whole grid."""

import numpy as np
from checks import case_rng, close, unchanged
from otter.test_files import test_case

OK_FORMAT = False
name = "q3_max_pool_forward"


def draw(rng, kernel, stride, spare=0):
    """Return random images; `spare` pixels are left over below and at the right.

    H and W differ, and so do H_out and W_out. No two pixels of an image are equal.
    """
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    h = v = down = across = 0
    while h == v or down == across:
        down, across = map(int, rng.integers(2, 7, size=2))
        h, v = kh + stride * (down - 1) + spare, kw + stride * (across - 1) + spare
    n, c = map(int, rng.permutation([2, 3, 4])[:2])
    return rng.normal(size=(n, c, h, v)), kernel, stride


def check(max_pool_forward, reference, layer):
    expected = reference.max_pool_forward(*layer)
    close(max_pool_forward(*layer), expected)


@test_case(name="windows that overlap, random", points=1.5, hidden=True)
def test_overlap_random(max_pool_forward, reference):
    rng = case_rng()
    for kernel, stride in ((3, 2), (2, 1), (5, 3), (3, 1)):
        check(max_pool_forward, reference, draw(rng, kernel, stride))


@test_case(name="gaps, and sizes that the windows do not tile", points=1, hidden=True)
def test_gaps(max_pool_forward, reference):
    rng = case_rng()
    for kernel, stride, spare in (
        (2, 3, 0),
        (1, 2, 1),
        (2, 2, 1),
        (3, 3, 2),
        (3, 2, 1),
    ):
        check(max_pool_forward, reference, draw(rng, kernel, stride, spare))


@test_case(name="windows that are not square", points=1, hidden=True)
def test_pairs(max_pool_forward, reference):
    rng = case_rng()
    for kernel, stride, spare in (((2, 3), 2, 0), ((3, 1), 1, 0), ((1, 5), 3, 2)):
        check(max_pool_forward, reference, draw(rng, kernel, stride, spare))


@test_case(name="all values are negative, random", points=1, hidden=True)
def test_negative_random(max_pool_forward, reference):
    rng = case_rng()
    for kernel, stride, spare in ((3, 2, 1), ((2, 3), 1, 0)):
        x, _, _ = draw(rng, kernel, stride, spare)
        check(max_pool_forward, reference, (-0.5 - np.abs(x), kernel, stride))


@test_case(name="float32, whole numbers, and the inputs stay", points=0.5, hidden=True)
def test_kinds(max_pool_forward, reference):
    x, kernel, stride = draw(case_rng(), 3, 2)
    for images in (x.astype("float32"), (10 * x).astype(int)):
        expected = reference.max_pool_forward(images, kernel, stride)
        with unchanged(images):
            out = max_pool_forward(images, kernel, stride)
        close(out, expected)
