"""q6_avg_pool_backward, hidden: random images and gradients over the whole grid."""

from checks import case_rng, close, unchanged
from otter.test_files import test_case

OK_FORMAT = False
name = "q6_avg_pool_backward"


def draw(rng, kernel, stride, spare=0):
    """Return random gradients and images, `spare` pixels left over below and right.

    H and W differ, and so do H_out and W_out.
    """
    kh, kw = (kernel, kernel) if isinstance(kernel, int) else kernel
    h = v = down = across = 0
    while h == v or down == across:
        down, across = map(int, rng.integers(2, 7, size=2))
        h, v = kh + stride * (down - 1) + spare, kw + stride * (across - 1) + spare
    n, c = map(int, rng.permutation([2, 3, 4])[:2])
    dout = rng.normal(size=(n, c, down, across))
    return dout, rng.normal(size=(n, c, h, v)), kernel, stride


def check(avg_pool_backward, reference, layer):
    expected = reference.avg_pool_backward(*layer)
    close(avg_pool_backward(*layer), expected)


@test_case(name="windows side by side, and with gaps", points=1, hidden=True)
def test_apart(avg_pool_backward, reference):
    rng = case_rng()
    for kernel, stride in ((2, 2), (3, 3), (2, 3), (1, 2)):
        check(avg_pool_backward, reference, draw(rng, kernel, stride))


@test_case(name="windows that overlap, random", points=1, hidden=True)
def test_overlapping(avg_pool_backward, reference):
    rng = case_rng()
    for kernel, stride in ((3, 2), (2, 1), (5, 3), (3, 1)):
        check(avg_pool_backward, reference, draw(rng, kernel, stride))


@test_case(name="windows that are not square and do not tile", points=1, hidden=True)
def test_pairs(avg_pool_backward, reference):
    rng = case_rng()
    for kernel, stride, spare in (((2, 3), 3, 1), ((3, 1), 1, 0), ((1, 5), 3, 2)):
        check(avg_pool_backward, reference, draw(rng, kernel, stride, spare))


@test_case(
    name="x float32 or whole numbers, and the inputs stay", points=1, hidden=True
)
def test_kinds(avg_pool_backward, reference):
    dout, x, kernel, stride = draw(case_rng(), 3, 2)
    for images in (x.astype("float32"), (10 * x).astype(int)):
        expected = reference.avg_pool_backward(dout, images, kernel, stride)
        with unchanged(dout, images):
            dx = avg_pool_backward(dout, images, kernel, stride)
        close(dx, expected)
