"""q1_conv2d_forward, hidden: random layers, one thing varied a case.

Where a case says nothing else: one square image with one channel, one square kernel,
stride 1, no padding, no bias, as many windows in a row as in a column, float64.
"""

import numpy as np
from checks import case_rng, close, note, raises, unchanged
from checks.layouts import ORDERS, laid
from checks.yardstick import about, speed_ratio
from otter.test_files import test_case

OK_FORMAT = False
name = "q1_conv2d_forward"


def draw(rng, kernel, stride=1, padding=0, *, spare=0, wider=0, n=1, c_in=1, c_out=1):
    """Return a random layer (x, w, b, stride, padding) without bias.

    spare : pixels left over below and at the right
    wider : how many windows more there are in a row than in a column
    """
    down = int(rng.integers(2, 6)) + max(0, -wider) + 2 * padding
    h = kernel[0] + stride * down + spare - 2 * padding
    v = kernel[1] + stride * (down + wider) + spare - 2 * padding
    x = rng.normal(size=(n, c_in, h, v))
    w = rng.normal(size=(c_out, c_in, *kernel))
    return x, w, np.zeros(c_out), stride, padding


def check(conv2d_forward, reference, layer):
    expected = reference.conv2d_forward(*layer)
    close(conv2d_forward(*layer), expected)


@test_case(name="stride 1 without padding", points=1, hidden=True)
def test_plain(conv2d_forward, reference):
    rng = case_rng()
    for side in (3, 2, 1, 5):
        check(conv2d_forward, reference, draw(rng, (side, side)))


@test_case(name="padding 1 and 2", points=1, hidden=True)
def test_padding(conv2d_forward, reference):
    rng = case_rng()
    for side, padding in ((3, 1), (3, 2), (2, 1), (1, 2), (5, 1)):
        check(conv2d_forward, reference, draw(rng, (side, side), 1, padding))


@test_case(name="strides 2 and 3", points=1, hidden=True)
def test_stride(conv2d_forward, reference):
    rng = case_rng()
    for side, stride in ((3, 2), (2, 3), (5, 2), (1, 2), (3, 3)):
        check(conv2d_forward, reference, draw(rng, (side, side), stride))


@test_case(
    name="strides, and sizes that the windows do not tile", points=0.75, hidden=True
)
def test_spare(conv2d_forward, reference):
    rng = case_rng()
    for side, stride, spare in ((3, 2, 1), (2, 3, 1), (2, 3, 2), (1, 2, 1)):
        check(conv2d_forward, reference, draw(rng, (side, side), stride, spare=spare))


@test_case(
    name="images wider than high, and higher than wide, random", points=0.5, hidden=True
)
def test_oblong_images_random(conv2d_forward, reference):
    rng = case_rng()
    for wider in (2, 1, -1, -2):
        check(conv2d_forward, reference, draw(rng, (3, 3), wider=wider))


@test_case(name="kernels that are not square, random", points=1, hidden=True)
def test_oblong_kernels_random(conv2d_forward, reference):
    rng = case_rng()
    for kernel in ((1, 3), (3, 1), (2, 3), (5, 2)):
        check(conv2d_forward, reference, draw(rng, kernel))
    for size in ((6, 3), (3, 6)):  # as large as the image
        x, w = rng.normal(size=(1, 1, *size)), rng.normal(size=(1, 1, *size))
        check(conv2d_forward, reference, (x, w, np.zeros(1), 1, 0))


@test_case(name="several channels and kernels", points=0.5, hidden=True)
def test_channels_random(conv2d_forward, reference):
    rng = case_rng()
    for c_in, c_out in ((3, 2), (2, 4)):
        check(conv2d_forward, reference, draw(rng, (3, 3), c_in=c_in, c_out=c_out))
    many = rng.normal(size=(1, 5, 2, 2)), rng.normal(size=(3, 5, 2, 2))
    check(conv2d_forward, reference, (*many, np.zeros(3), 1, 0))


@test_case(name="several images", points=0.5, hidden=True)
def test_images_random(conv2d_forward, reference):
    rng = case_rng()
    for n in (3, 2):
        check(conv2d_forward, reference, draw(rng, (3, 3), n=n, c_out=2))


@test_case(name="a bias for every kernel", points=0.5, hidden=True)
def test_bias_random(conv2d_forward, reference):
    rng = case_rng()
    for c_out in (3, 1):
        x, w, _, stride, padding = draw(rng, (3, 3), c_out=c_out)
        layer = x, w, rng.normal(size=c_out), stride, padding
        check(conv2d_forward, reference, layer)


@test_case(name="whole numbers for x, for w and b, for all", points=0.5, hidden=True)
def test_whole_numbers_random(conv2d_forward, reference):
    rng = case_rng()
    x, w, _, stride, padding = draw(rng, (3, 3))
    b, whole = rng.normal(size=len(w)), np.arange(len(w))
    for layer in (
        ((10 * x).astype(int), w, b),
        (x, (10 * w).astype(int), whole),
        ((10 * x).astype(int), (10 * w).astype(int), whole),
    ):
        check(conv2d_forward, reference, (*layer, stride, padding))


@test_case(name="kernels that are too large, random", points=0.25, hidden=True)
def test_refuses_large_random(conv2d_forward, reference):
    rng = case_rng()
    side = int(rng.integers(3, 7))
    x, b = rng.normal(size=(1, 1, side, side)), np.zeros(1)
    for kernel in ((side + 1, 2), (2, side + 2), (side + 1, side + 1)):
        raises(ValueError, conv2d_forward, x, rng.normal(size=(1, 1, *kernel)), b, 1, 0)
    check(conv2d_forward, reference, (x, rng.normal(size=(1, 1, side, 2)), b, 1, 0))


@test_case(name="float32", points=0.25, hidden=True)
def test_float32(conv2d_forward, reference):
    x, w, b, stride, padding = draw(case_rng(), (3, 3))
    x, w, b = x.astype("float32"), w.astype("float32"), b.astype("float32")
    check(conv2d_forward, reference, (x, w, b, stride, padding))


@test_case(name="arrays that lie otherwise in memory", points=0.25, hidden=True)
def test_layouts(conv2d_forward, reference):
    x, w, b, *rest = draw(case_rng(), (3, 3))
    for order in ORDERS:
        arrays = (laid(array, order) for array in (x, w, b))
        check(conv2d_forward, reference, (*arrays, *rest))


@test_case(name="the inputs stay as they were, random", points=0.25, hidden=True)
def test_unchanged_random(conv2d_forward, reference):
    x, w, b, stride, padding = draw(case_rng(), (3, 3))
    expected = reference.conv2d_forward(x, w, b, stride, padding)
    with unchanged(x, w, b):
        out = conv2d_forward(x, w, b, stride, padding)
    close(out, expected)


@test_case(name="everything at once", points=0.5, hidden=True)
def test_together(conv2d_forward, reference):
    rng = case_rng()
    for kernel, stride, padding, spare, wider in (
        ((3, 2), 2, 1, 0, 1),
        ((2, 3), 3, 2, 1, -2),
        ((5, 3), 2, 2, 1, 2),
    ):
        x, w, _, *rest = draw(
            rng, kernel, stride, padding, spare=spare, wider=wider, n=2, c_in=3, c_out=4
        )
        check(conv2d_forward, reference, (x, w, rng.normal(size=4), *rest))


@test_case(name="how fast it is, for no points", points=0, hidden=True)
def test_speed(conv2d_forward, reference):
    rng = case_rng()
    x, w, b = rng.normal(size=(2, 4, 12, 12)), rng.normal(size=(4, 4, 3, 3)), np.ones(4)
    yours = speed_ratio(conv2d_forward, x, w, b, 1, 1)
    ours = speed_ratio(reference.conv2d_forward, x, w, b, 1, 1)
    note(
        f"Your forward pass takes {about(yours)} as a matrix product of as "
        f"many multiplications, the course's own {about(ours)}."
    )
