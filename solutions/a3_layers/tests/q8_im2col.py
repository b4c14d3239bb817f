"""q8_im2col, hidden: random images, one thing varied a case.

Where a case says nothing else: two square images with one channel, square windows that
tile them, as many in a row as in a column, stride 1, no padding, float64.
"""

from checks import case_rng, close, unchanged
from checks.layouts import ORDERS, laid
from otter.test_files import test_case

OK_FORMAT = False
name = "q8_im2col"


def draw(rng, kernel, stride=1, padding=0, *, spare=0, wider=0, n=2, c=1):
    """Return random images with a window, a stride and a padding.

    spare : pixels left over below and at the right
    wider : how many windows more there are in a row than in a column
    """
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    down = int(rng.integers(2, 6)) + max(0, -wider) + 2 * padding
    h = kh + stride * down + spare - 2 * padding
    v = kw + stride * (down + wider) + spare - 2 * padding
    return rng.normal(size=(n, c, h, v)), kernel, stride, padding


def check(im2col, reference, layer):
    expected = reference.im2col(*layer)
    close(im2col(*layer), expected)


@test_case(name="square windows, stride 1", points=0.75, hidden=True)
def test_square(im2col, reference):
    rng = case_rng()
    for side in (3, 2, 5):
        check(im2col, reference, draw(rng, side))


@test_case(name="strides 2 and 3", points=0.5, hidden=True)
def test_stride_random(im2col, reference):
    rng = case_rng()
    for side, stride in ((3, 2), (2, 3), (3, 3)):
        check(im2col, reference, draw(rng, side, stride))


@test_case(name="padding 1 and 2", points=0.5, hidden=True)
def test_padding_random(im2col, reference):
    rng = case_rng()
    for side, padding in ((3, 1), (3, 2), (2, 1)):
        check(im2col, reference, draw(rng, side, 1, padding))


@test_case(
    name="strides, and sizes that the windows do not tile", points=0.5, hidden=True
)
def test_spare(im2col, reference):
    rng = case_rng()
    for side, stride, spare in ((3, 2, 1), (2, 3, 1), (2, 3, 2)):
        check(im2col, reference, draw(rng, side, stride, spare=spare))


@test_case(
    name="images wider than high, and higher than wide", points=0.25, hidden=True
)
def test_oblong_images(im2col, reference):
    rng = case_rng()
    for wider in (2, 1, -1, -2):
        check(im2col, reference, draw(rng, 2, wider=wider))


@test_case(name="windows that are not square", points=0.5, hidden=True)
def test_oblong_windows(im2col, reference):
    rng = case_rng()
    for kernel in ((2, 3), (3, 2), (1, 3), (5, 1)):
        check(im2col, reference, draw(rng, kernel))


@test_case(name="several channels", points=0.5, hidden=True)
def test_channels_random(im2col, reference):
    rng = case_rng()
    for c in (3, 2):
        check(im2col, reference, draw(rng, 2, c=c))


@test_case(name="one image, windows of one pixel", points=0.25, hidden=True)
def test_single(im2col, reference):
    rng = case_rng()
    check(im2col, reference, draw(rng, 2, n=1))
    check(im2col, reference, draw(rng, 1))


@test_case(name="whole numbers, and float32", points=0.25, hidden=True)
def test_kinds(im2col, reference):
    x, *window = draw(case_rng(), 2)
    for images in ((10 * x).astype(int), x.astype("float32")):
        check(im2col, reference, (images, *window))


@test_case(name="arrays that lie otherwise in memory", points=0.25, hidden=True)
def test_layouts(im2col, reference):
    x, *window = draw(case_rng(), 2)
    for order in ORDERS:
        check(im2col, reference, (laid(x, order), *window))


@test_case(name="everything at once", points=0.5, hidden=True)
def test_together(im2col, reference):
    rng = case_rng()
    for kernel, stride, padding, spare, wider in (
        ((3, 2), 2, 1, 0, 1),
        ((2, 3), 3, 2, 1, -2),
        ((5, 3), 2, 2, 1, 2),
    ):
        layer = draw(rng, kernel, stride, padding, spare=spare, wider=wider, n=3, c=2)
        expected = reference.im2col(*layer)
        with unchanged(layer[0]):
            cols = im2col(*layer)
        close(cols, expected)
