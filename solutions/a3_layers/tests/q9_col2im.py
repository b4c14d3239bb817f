"""q9_col2im, hidden: random columns over the whole grid."""

from checks import case_rng, close, unchanged
from otter.test_files import test_case

OK_FORMAT = False
name = "q9_col2im"


def draw(rng, kernel, stride, padding, spare=0):
    """Return random columns; `spare` pixels are left over below and at the right.

    H and W differ, and so do H_out and W_out.
    """
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    h = v = down = across = 0
    while h == v or down == across or min(h, v) <= stride:
        down, across = map(int, rng.integers(2, 8, size=2))
        h = kh + stride * (down - 1) + spare - 2 * padding
        v = kw + stride * (across - 1) + spare - 2 * padding
    n, c = map(int, rng.permutation([2, 3, 4])[:2])
    cols = rng.normal(size=(n, c * kh * kw, down * across))
    return cols, (n, c, h, v), kernel, stride, padding


def check(col2im, reference, layer):
    expected = reference.col2im(*layer)
    close(col2im(*layer), expected)


@test_case(name="square windows, strides 1 to 3", points=1, hidden=True)
def test_square(col2im, reference):
    rng = case_rng()
    for kernel, stride, spare in (
        (3, 1, 0),
        (2, 2, 1),
        (3, 3, 2),
        (1, 2, 0),
        (5, 1, 0),
    ):
        check(col2im, reference, draw(rng, kernel, stride, 0, spare))


@test_case(name="windows that are not square", points=1, hidden=True)
def test_pairs(col2im, reference):
    rng = case_rng()
    for kernel, stride, spare in (((2, 3), 1, 0), ((5, 2), 2, 1), ((1, 3), 3, 0)):
        check(col2im, reference, draw(rng, kernel, stride, 0, spare))


@test_case(name="padding 1 and 2", points=1.5, hidden=True)
def test_padding(col2im, reference):
    rng = case_rng()
    for kernel, stride, padding, spare in (
        (3, 1, 1, 0),
        (3, 2, 2, 1),
        ((2, 3), 2, 1, 0),
        ((5, 1), 3, 2, 2),
    ):
        check(col2im, reference, draw(rng, kernel, stride, padding, spare))


@test_case(name="float32, and the inputs stay as they were", points=0.5, hidden=True)
def test_float32(col2im, reference):
    cols, *layer = draw(case_rng(), (3, 2), 2, 1)
    expected = reference.col2im(cols, *layer)
    cols = cols.astype("float32")
    with unchanged(cols):
        image = col2im(cols, *layer)
    close(image, expected)
