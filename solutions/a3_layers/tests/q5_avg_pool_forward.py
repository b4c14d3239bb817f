"""q5_avg_pool_forward, hidden: random images, one thing varied a case.

Where a case says nothing else: one square image with one channel, square windows side
by side that tile it, float64.
"""

from checks import case_rng, close
from checks.layouts import ORDERS, laid
from otter.test_files import test_case

OK_FORMAT = False
name = "q5_avg_pool_forward"


def draw(rng, kernel, stride, *, spare=0, wider=0, n=1, c=1):
    """Return random images with a window and a stride.

    spare : pixels left over below and at the right
    wider : how many windows more there are in a row than in a column
    """
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    down = int(rng.integers(2, 6)) + max(0, -wider)
    h, v = kh + stride * down + spare, kw + stride * (down + wider) + spare
    x = rng.normal(size=(n, c, h, v))
    return x, kernel, stride


def check(avg_pool_forward, reference, layer):
    expected = reference.avg_pool_forward(*layer)
    close(avg_pool_forward(*layer), expected)


@test_case(name="windows side by side, random", points=0.25, hidden=True)
def test_tiles_random(avg_pool_forward, reference):
    rng = case_rng()
    for side in (2, 3, 1, 5):
        check(avg_pool_forward, reference, draw(rng, side, side))


@test_case(name="windows that overlap, random", points=0.25, hidden=True)
def test_overlap_random(avg_pool_forward, reference):
    rng = case_rng()
    for side, stride in ((3, 2), (2, 1), (5, 3), (3, 1)):
        check(avg_pool_forward, reference, draw(rng, side, stride))


@test_case(name="windows with gaps between them", points=0.25, hidden=True)
def test_gaps(avg_pool_forward, reference):
    rng = case_rng()
    for side, stride in ((2, 3), (1, 2), (1, 3)):
        check(avg_pool_forward, reference, draw(rng, side, stride))


@test_case(name="sizes that the windows do not tile", points=0.25, hidden=True)
def test_spare(avg_pool_forward, reference):
    rng = case_rng()
    for side, spare in ((2, 1), (3, 2), (3, 1)):
        check(avg_pool_forward, reference, draw(rng, side, side, spare=spare))


@test_case(
    name="images wider than high, and higher than wide", points=0.25, hidden=True
)
def test_oblong_images(avg_pool_forward, reference):
    rng = case_rng()
    for wider in (2, 1, -1, -2):
        check(avg_pool_forward, reference, draw(rng, 2, 2, wider=wider))


@test_case(name="windows that are not square, random", points=0.25, hidden=True)
def test_oblong_random(avg_pool_forward, reference):
    rng = case_rng()
    for kernel, stride in (((1, 3), 3), ((3, 1), 3), ((2, 3), 3), ((5, 2), 5)):
        check(avg_pool_forward, reference, draw(rng, kernel, stride))


@test_case(name="several images with several channels", points=0.25, hidden=True)
def test_several(avg_pool_forward, reference):
    rng = case_rng()
    for n, c in ((2, 1), (1, 3), (3, 2)):
        check(avg_pool_forward, reference, draw(rng, 2, 2, n=n, c=c))


@test_case(name="whole numbers, and float32", points=0.25, hidden=True)
def test_kinds(avg_pool_forward, reference):
    x, *window = draw(case_rng(), 2, 2)
    for images in ((10 * x).astype(int), x.astype("float32")):
        check(avg_pool_forward, reference, (images, *window))


@test_case(name="arrays that lie otherwise in memory", points=0.25, hidden=True)
def test_layouts(avg_pool_forward, reference):
    x, *window = draw(case_rng(), 2, 2)
    for order in ORDERS:
        check(avg_pool_forward, reference, (laid(x, order), *window))


@test_case(name="everything at once", points=0.25, hidden=True)
def test_together(avg_pool_forward, reference):
    rng = case_rng()
    for kernel, stride, spare, wider in (((3, 2), 2, 1, 1), ((2, 3), 3, 2, -1)):
        layer = draw(rng, kernel, stride, spare=spare, wider=wider, n=2, c=3)
        check(avg_pool_forward, reference, layer)
