"""q4_max_pool_backward, hidden: random images and gradients over the whole grid."""

import numpy as np
from checks import CheckFailedError, case_rng, close, unchanged
from otter.test_files import test_case

OK_FORMAT = False
name = "q4_max_pool_backward"


def draw(rng, kernel, stride, spare=0):
    """Return random gradients and images, `spare` pixels left over below and right.

    H and W differ, and so do H_out and W_out. No two pixels of an image are equal.
    """
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    h = v = down = across = 0
    while h == v or down == across:
        down, across = map(int, rng.integers(2, 7, size=2))
        h, v = kh + stride * (down - 1) + spare, kw + stride * (across - 1) + spare
    n, c = map(int, rng.permutation([2, 3, 4])[:2])
    dout = rng.normal(size=(n, c, down, across))
    return dout, rng.normal(size=(n, c, h, v)), kernel, stride


def check(max_pool_backward, reference, layer):
    expected = reference.max_pool_backward(*layer)
    close(max_pool_backward(*layer), expected)


def shared_equally(dout, x, kernel, stride):
    """Return the gradient where the maxima of a window share it."""
    dx = np.zeros(x.shape)
    for n, c, p, q in np.ndindex(dout.shape):
        rows = slice(p * stride, p * stride + kernel)
        columns = slice(q * stride, q * stride + kernel)
        window = x[n, c, rows, columns]
        largest = window == window.max()
        dx[n, c, rows, columns] += largest * dout[n, c, p, q] / largest.sum()
    return dx


@test_case(name="windows side by side, and with gaps", points=2, hidden=True)
def test_apart(max_pool_backward, reference):
    rng = case_rng()
    for kernel, stride in ((2, 2), (3, 3), (2, 3), (1, 2)):
        check(max_pool_backward, reference, draw(rng, kernel, stride))


@test_case(name="windows that overlap", points=2.5, hidden=True)
def test_overlap_random(max_pool_backward, reference):
    rng = case_rng()
    for kernel, stride in ((3, 2), (2, 1), (5, 3), (3, 1)):
        check(max_pool_backward, reference, draw(rng, kernel, stride))


@test_case(name="sizes that the windows do not tile", points=1, hidden=True)
def test_spare(max_pool_backward, reference):
    rng = case_rng()
    for kernel, stride, spare in ((2, 2, 1), (3, 2, 1), (2, 3, 2), (1, 3, 1)):
        check(max_pool_backward, reference, draw(rng, kernel, stride, spare))


@test_case(name="windows that are not square", points=0.5, hidden=True)
def test_pairs(max_pool_backward, reference):
    rng = case_rng()
    for kernel, stride in (((2, 3), 2), ((3, 1), 1), ((1, 5), 3)):
        check(max_pool_backward, reference, draw(rng, kernel, stride))


@test_case(
    name="x float32 or whole numbers, and the inputs stay", points=0.5, hidden=True
)
def test_kinds(max_pool_backward, reference):
    rng = case_rng()
    dout, x, kernel, stride = draw(rng, 3, 2)
    whole = rng.permutation(x.size).reshape(x.shape) - x.size // 2
    for images in (x.astype("float32"), whole):
        expected = reference.max_pool_backward(dout, images, kernel, stride)
        with unchanged(dout, images):
            dx = max_pool_backward(dout, images, kernel, stride)
        close(dx, expected)


@test_case(name="equal maxima in random images", points=1, hidden=True)
def test_ties_random(max_pool_backward, reference):
    rng = case_rng()
    for kernel, stride in ((2, 2), (3, 2)):
        dout, x, _, _ = draw(rng, kernel, stride)
        x = np.maximum(np.round(x), 0)
        first = reference.max_pool_backward(dout, x, kernel, stride)
        shares = shared_equally(dout, x, kernel, stride)
        dx = max_pool_backward(dout, x, kernel, stride)
        try:
            close(dx, shares)
        except CheckFailedError:
            close(dx, first)
