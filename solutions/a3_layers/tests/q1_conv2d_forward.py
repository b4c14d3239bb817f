"""q1_conv2d_forward, hidden: random layers over the whole grid."""

import numpy as np
from checks import case_rng, close, note, unchanged
from checks.yardstick import speed_ratio
from otter.test_files import test_case

OK_FORMAT = False
name = "q1_conv2d_forward"


def draw(rng, kernel, stride, padding, spare=0, *, single=False):
    """Return a random layer; `spare` pixels are left over below and at the right.

    H and W differ, H_out and W_out too, and so do C_in and C_out. With single, N and
    both channel numbers are 1.
    """
    h = v = down = across = 0
    while h == v or down == across or min(h, v) <= stride:
        down, across = rng.integers(2, 8, size=2)
        h = int(kernel[0] + stride * (down - 1) + spare - 2 * padding)
        v = int(kernel[1] + stride * (across - 1) + spare - 2 * padding)
    n = 1 if single else int(rng.integers(2, 4))
    c_in, c_out = (1, 1) if single else map(int, rng.permutation([2, 3, 4])[:2])
    x = rng.normal(size=(n, c_in, h, v))
    w = rng.normal(size=(c_out, c_in, *kernel))
    return x, w, rng.normal(size=c_out), stride, padding


def check(conv2d_forward, reference, layer):
    expected = reference.conv2d_forward(*layer)
    close(conv2d_forward(*layer), expected)


@test_case(name="stride 1 without padding", points=2, hidden=True)
def test_plain(conv2d_forward, reference):
    rng = case_rng()
    for kernel in ((3, 3), (2, 5), (5, 1), (1, 1)):
        check(conv2d_forward, reference, draw(rng, kernel, 1, 0))
    check(conv2d_forward, reference, draw(rng, (3, 2), 1, 0, single=True))


@test_case(name="padding 1 and 2", points=2, hidden=True)
def test_padding(conv2d_forward, reference):
    rng = case_rng()
    for kernel, padding in (((3, 3), 1), ((2, 3), 2), ((1, 1), 2), ((5, 3), 2)):
        check(conv2d_forward, reference, draw(rng, kernel, 1, padding))


@test_case(name="strides 2 and 3", points=3, hidden=True)
def test_stride(conv2d_forward, reference):
    rng = case_rng()
    for kernel, stride in (((3, 3), 2), ((2, 3), 3), ((5, 2), 2), ((1, 1), 3)):
        for padding in (0, 1, 2):
            check(conv2d_forward, reference, draw(rng, kernel, stride, padding))


@test_case(name="sizes that the windows do not tile", points=2, hidden=True)
def test_spare(conv2d_forward, reference):
    rng = case_rng()
    for kernel, stride, padding, spare in (
        ((3, 3), 2, 0, 1),
        ((2, 3), 3, 1, 2),
        ((3, 1), 3, 0, 1),
        ((5, 3), 2, 2, 1),
    ):
        check(conv2d_forward, reference, draw(rng, kernel, stride, padding, spare))


@test_case(name="float32, and the inputs stay as they were", points=1, hidden=True)
def test_float32(conv2d_forward, reference):
    x, w, b, stride, padding = draw(case_rng(), (3, 2), 2, 1)
    expected = reference.conv2d_forward(x, w, b, stride, padding)
    x, w, b = x.astype("float32"), w.astype("float32"), b.astype("float32")
    with unchanged(x, w, b):
        out = conv2d_forward(x, w, b, stride, padding)
    close(out, expected)


@test_case(name="how fast it is, for no points", points=0, hidden=True)
def test_speed(conv2d_forward, reference):
    rng = case_rng()
    x, w, b = rng.normal(size=(4, 8, 16, 16)), rng.normal(size=(8, 8, 3, 3)), np.ones(8)
    yours = speed_ratio(conv2d_forward, x, w, b, 1, 1)
    ours = speed_ratio(reference.conv2d_forward, x, w, b, 1, 1)
    note(
        f"Your forward pass takes {yours:,.1f} times as long as a matrix product of as "
        f"many multiplications, the course's own {ours:,.1f} times."
    )
