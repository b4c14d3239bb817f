"""q8_im2col, hidden: random images over the whole grid."""

from checks import case_rng, close, unchanged
from otter.test_files import test_case

OK_FORMAT = False
name = "q8_im2col"


def draw(rng, kernel, stride, padding, spare=0):
    """Return random images; `spare` pixels are left over below and at the right.

    H and W differ, and so do H_out and W_out.
    """
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    h = v = down = across = 0
    while h == v or down == across or min(h, v) <= stride:
        down, across = rng.integers(2, 8, size=2)
        h = int(kh + stride * (down - 1) + spare - 2 * padding)
        v = int(kw + stride * (across - 1) + spare - 2 * padding)
    n, c = map(int, rng.permutation([2, 3, 4])[:2])
    return rng.normal(size=(n, c, h, v)), kernel, stride, padding


def check(im2col, reference, layer):
    expected = reference.im2col(*layer)
    close(im2col(*layer), expected)


@test_case(name="square windows, strides 1 to 3", points=2, hidden=True)
def test_square(im2col, reference):
    rng = case_rng()
    for kernel, stride, spare in (
        (3, 1, 0),
        (2, 2, 1),
        (3, 3, 2),
        (1, 2, 0),
        (5, 1, 0),
    ):
        check(im2col, reference, draw(rng, kernel, stride, 0, spare))


@test_case(name="windows that are not square", points=1, hidden=True)
def test_pairs(im2col, reference):
    rng = case_rng()
    for kernel, stride, spare in (((2, 3), 1, 0), ((5, 2), 2, 1), ((1, 3), 3, 0)):
        check(im2col, reference, draw(rng, kernel, stride, 0, spare))


@test_case(name="padding 1 and 2", points=1, hidden=True)
def test_padding(im2col, reference):
    rng = case_rng()
    for kernel, stride, padding, spare in (
        (3, 1, 1, 0),
        (3, 2, 2, 1),
        ((2, 3), 2, 1, 0),
        ((5, 1), 3, 2, 2),
    ):
        check(im2col, reference, draw(rng, kernel, stride, padding, spare))


@test_case(
    name="one image, float32, whole numbers, and the inputs stay",
    points=1,
    hidden=True,
)
def test_kinds(im2col, reference):
    x, *window = draw(case_rng(), (3, 2), 2, 1)
    for images in (x.astype("float32"), (10 * x).astype(int), x[:1]):
        expected = reference.im2col(images, *window)
        with unchanged(images):
            cols = im2col(images, *window)
        close(cols, expected)
