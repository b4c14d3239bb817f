"""q5_avg_pool_forward, hidden: random images over the whole grid."""

from checks import case_rng, close, unchanged
from otter.test_files import test_case

OK_FORMAT = False
name = "q5_avg_pool_forward"


def draw(rng, kernel, stride, spare=0):
    """Return random images; `spare` pixels are left over below and at the right.

    H and W differ, and so do H_out and W_out.
    """
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    h = v = down = across = 0
    while h == v or down == across:
        down, across = map(int, rng.integers(2, 7, size=2))
        h, v = kh + stride * (down - 1) + spare, kw + stride * (across - 1) + spare
    n, c = map(int, rng.permutation([2, 3, 4])[:2])
    return rng.normal(size=(n, c, h, v)), kernel, stride


def check(avg_pool_forward, reference, layer):
    expected = reference.avg_pool_forward(*layer)
    close(avg_pool_forward(*layer), expected)


@test_case(name="windows that overlap, and with gaps", points=1, hidden=True)
def test_windows(avg_pool_forward, reference):
    rng = case_rng()
    for kernel, stride in ((3, 2), (2, 1), (5, 3), (2, 3), (2, 2)):
        check(avg_pool_forward, reference, draw(rng, kernel, stride))


@test_case(name="windows that are not square and do not tile", points=1, hidden=True)
def test_pairs(avg_pool_forward, reference):
    rng = case_rng()
    for kernel, stride, spare in (((2, 3), 3, 1), ((3, 1), 1, 0), ((1, 5), 3, 2)):
        check(avg_pool_forward, reference, draw(rng, kernel, stride, spare))


@test_case(name="float32, whole numbers, and the inputs stay", points=0.5, hidden=True)
def test_kinds(avg_pool_forward, reference):
    x, kernel, stride = draw(case_rng(), 3, 2)
    for images in (x.astype("float32"), (10 * x).astype(int)):
        expected = reference.avg_pool_forward(images, kernel, stride)
        with unchanged(images):
            out = avg_pool_forward(images, kernel, stride)
        close(out, expected)
