"""q9_col2im, hidden: random columns, one thing varied a case.

Where a case says nothing else: one square image with one channel, square windows that
tile it, as many in a row as in a column, padding 1, float64. That windows overlap is
asked for with stride 1, strides with windows side by side or apart.

Most cases have a padding, few have none: the commonest mistake by far is the slice
``padding:-padding``, which is empty at padding 0.
"""

from checks import case_rng, close
from checks.layouts import ORDERS, laid
from otter.test_files import test_case

OK_FORMAT = False
name = "q9_col2im"


def draw(rng, kernel, stride=1, padding=1, *, spare=0, wider=0, n=1, c=1):
    """Return random columns, the images' shape, a window, a stride and a padding.

    spare : pixels left over below and at the right
    wider : how many windows more there are in a row than in a column
    """
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    down = int(rng.integers(2, 6)) + max(0, -wider) + 2 * padding
    across = down + wider
    h = kh + stride * down + spare - 2 * padding
    v = kw + stride * across + spare - 2 * padding
    cols = rng.normal(size=(n, c * kh * kw, (down + 1) * (across + 1)))
    return cols, (n, c, h, v), kernel, stride, padding


def check(col2im, reference, layer):
    expected = reference.col2im(*layer)
    close(col2im(*layer), expected)


@test_case(name="windows side by side, without padding", points=0.5, hidden=True)
def test_tiles_random(col2im, reference):
    rng = case_rng()
    for side in (2, 3, 5):
        check(col2im, reference, draw(rng, side, side, 0))


@test_case(name="windows that overlap", points=0.5, hidden=True)
def test_overlap_random(col2im, reference):
    rng = case_rng()
    for side in (2, 3, 5):
        check(col2im, reference, draw(rng, side))


@test_case(name="padding 1, windows of one pixel", points=0.5, hidden=True)
def test_padding_1(col2im, reference):
    check(col2im, reference, draw(case_rng(), 1, 1, 1))


@test_case(name="padding 2, windows of one pixel", points=0.5, hidden=True)
def test_padding_2(col2im, reference):
    check(col2im, reference, draw(case_rng(), 1, 1, 2))


@test_case(name="windows with gaps between them", points=0.25, hidden=True)
def test_gaps(col2im, reference):
    rng = case_rng()
    for side, stride in ((2, 3), (1, 2)):
        check(col2im, reference, draw(rng, side, stride))


@test_case(name="sizes that the windows do not tile", points=0.25, hidden=True)
def test_spare(col2im, reference):
    rng = case_rng()
    for side, spare in ((2, 1), (3, 2)):
        check(col2im, reference, draw(rng, side, side, spare=spare))


@test_case(
    name="images wider than high, and higher than wide", points=0.25, hidden=True
)
def test_oblong_images(col2im, reference):
    rng = case_rng()
    for wider in (2, 1, -1, -2):
        check(col2im, reference, draw(rng, 1, wider=wider))


@test_case(name="windows that are not square", points=0.25, hidden=True)
def test_oblong_windows(col2im, reference):
    rng = case_rng()
    for kernel in ((1, 3), (3, 1), (2, 3), (5, 2)):
        check(col2im, reference, draw(rng, kernel, max(kernel)))


@test_case(name="several images with several channels", points=0.25, hidden=True)
def test_several(col2im, reference):
    rng = case_rng()
    for n, c in ((2, 1), (1, 3), (3, 2)):
        check(col2im, reference, draw(rng, 2, 2, n=n, c=c))


@test_case(name="float32", points=0.25, hidden=True)
def test_float32(col2im, reference):
    cols, *layer = draw(case_rng(), 1)
    check(col2im, reference, (cols.astype("float32"), *layer))


@test_case(name="arrays that lie otherwise in memory", points=0.25, hidden=True)
def test_layouts(col2im, reference):
    cols, *layer = draw(case_rng(), 1)
    for order in ORDERS:
        check(col2im, reference, (laid(cols, order), *layer))


@test_case(name="everything at once", points=0.25, hidden=True)
def test_together(col2im, reference):
    rng = case_rng()
    for kernel, stride, padding, spare, wider in (
        ((3, 2), 2, 1, 0, 1),
        ((2, 3), 3, 1, 1, -2),
        ((5, 3), 2, 1, 1, 2),
    ):
        layer = draw(rng, kernel, stride, padding, spare=spare, wider=wider, n=2, c=3)
        check(col2im, reference, layer)
