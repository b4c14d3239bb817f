"""q2_conv2d_backward, hidden: random layers over the whole grid, a case a gradient."""

import numpy as np
from checks import case_rng, close, fields, note, unchanged
from checks.yardstick import speed_ratio
from otter.test_files import test_case

OK_FORMAT = False
name = "q2_conv2d_backward"


def draw(rng, kernel, stride, padding, spare=0, *, single=False):
    """Return a random dout and layer; `spare` pixels are left over below and right.

    H and W differ, H_out and W_out too, and so do C_in and C_out. With single, N and
    both channel numbers are 1.
    """
    h = v = down = across = 0
    while h == v or down == across or min(h, v) <= stride:
        down, across = map(int, rng.integers(2, 8, size=2))
        h = kernel[0] + stride * (down - 1) + spare - 2 * padding
        v = kernel[1] + stride * (across - 1) + spare - 2 * padding
    n = 1 if single else int(rng.integers(2, 4))
    c_in, c_out = (1, 1) if single else map(int, rng.permutation([2, 3, 4])[:2])
    dout = rng.normal(size=(n, c_out, down, across))
    x = rng.normal(size=(n, c_in, h, v))
    w = rng.normal(size=(c_out, c_in, *kernel))
    return dout, x, w, rng.normal(size=c_out), stride, padding


def check(conv2d_backward, reference, layer, position):
    """Compare the gradient at `position` of (dx, dw, db) only."""
    expected = reference.conv2d_backward(*layer)[position]
    answer = fields(conv2d_backward(*layer), "dx", "dw", "db")
    close(answer[position], expected)


PLAIN = ((3, 3), (2, 5), (5, 1), (1, 1))
PADDED = (((3, 3), 1), ((2, 3), 2), ((1, 1), 1), ((5, 3), 2))
STRIDED = (((3, 3), 2), ((2, 3), 3), ((5, 2), 2), ((1, 1), 3))
SPARE = (
    ((3, 3), 2, 0, 1),
    ((2, 3), 3, 1, 2),
    ((3, 1), 3, 0, 1),
    ((5, 3), 2, 2, 1),
)


@test_case(name="dx: stride 1 without padding", points=2, hidden=True)
def test_dx_plain(conv2d_backward, reference):
    rng = case_rng()
    for kernel in PLAIN:
        check(conv2d_backward, reference, draw(rng, kernel, 1, 0), 0)
    check(conv2d_backward, reference, draw(rng, (3, 2), 1, 0, single=True), 0)


@test_case(name="dx: padding 1 and 2", points=2, hidden=True)
def test_dx_padding(conv2d_backward, reference):
    rng = case_rng()
    for kernel, padding in PADDED:
        check(conv2d_backward, reference, draw(rng, kernel, 1, padding), 0)


@test_case(name="dx: strides 2 and 3", points=2.5, hidden=True)
def test_dx_stride(conv2d_backward, reference):
    rng = case_rng()
    for kernel, stride in STRIDED:
        for padding in (0, 1, 2):
            check(conv2d_backward, reference, draw(rng, kernel, stride, padding), 0)


@test_case(name="dx: sizes that the windows do not tile", points=1.5, hidden=True)
def test_dx_spare(conv2d_backward, reference):
    rng = case_rng()
    for layer in SPARE:
        check(conv2d_backward, reference, draw(rng, *layer), 0)


@test_case(name="dx: float32, and the inputs stay as they were", points=1, hidden=True)
def test_dx_float32(conv2d_backward, reference):
    *arrays, stride, padding = draw(case_rng(), (3, 2), 2, 1)
    expected, _, _ = reference.conv2d_backward(*arrays, stride, padding)
    arrays = [array.astype("float32") for array in arrays]
    with unchanged(*arrays):
        answer = conv2d_backward(*arrays, stride, padding)
    dx, _, _ = fields(answer, "dx", "dw", "db")
    close(dx, expected)


@test_case(name="dw: stride 1, padding 0, 1 and 2", points=2, hidden=True)
def test_dw_padding(conv2d_backward, reference):
    rng = case_rng()
    for kernel, padding in (*PADDED, ((3, 2), 0), ((1, 5), 0)):
        check(conv2d_backward, reference, draw(rng, kernel, 1, padding), 1)


@test_case(name="dw: strides 2 and 3", points=2, hidden=True)
def test_dw_stride(conv2d_backward, reference):
    rng = case_rng()
    for kernel, stride in STRIDED:
        for padding in (0, 1, 2):
            check(conv2d_backward, reference, draw(rng, kernel, stride, padding), 1)


@test_case(name="dw: sizes that the windows do not tile", points=1, hidden=True)
def test_dw_spare(conv2d_backward, reference):
    rng = case_rng()
    for layer in SPARE:
        check(conv2d_backward, reference, draw(rng, *layer), 1)


@test_case(name="dw: one image, one kernel, float32", points=1, hidden=True)
def test_dw_float32(conv2d_backward, reference):
    *arrays, stride, padding = draw(case_rng(), (2, 3), 2, 1, single=True)
    _, expected, _ = reference.conv2d_backward(*arrays, stride, padding)
    arrays = [array.astype("float32") for array in arrays]
    _, dw, _ = fields(conv2d_backward(*arrays, stride, padding), "dx", "dw", "db")
    close(dw, expected)


@test_case(name="db: several images and kernels", points=2, hidden=True)
def test_db_several(conv2d_backward, reference):
    rng = case_rng()
    check(conv2d_backward, reference, draw(rng, (3, 3), 1, 1), 2)
    check(conv2d_backward, reference, draw(rng, (2, 3), 2, 0), 2)
    check(conv2d_backward, reference, draw(rng, (3, 1), 3, 2, 1), 2)


@test_case(name="db: one image, one kernel", points=1, hidden=True)
def test_db_single(conv2d_backward, reference):
    rng = case_rng()
    check(conv2d_backward, reference, draw(rng, (3, 2), 1, 0, single=True), 2)
    check(conv2d_backward, reference, draw(rng, (2, 2), 3, 1, single=True), 2)


@test_case(name="how fast it is, for no points", points=0, hidden=True)
def test_speed(conv2d_backward, reference):
    rng = case_rng()
    x, w, b = rng.normal(size=(4, 8, 16, 16)), rng.normal(size=(8, 8, 3, 3)), np.ones(8)
    dout = rng.normal(size=(4, 8, 16, 16))
    yours = speed_ratio(conv2d_backward, x, w, b, 1, 1, dout=dout)
    ours = speed_ratio(reference.conv2d_backward, x, w, b, 1, 1, dout=dout)
    note(
        f"Your backward pass takes {yours:,.1f} times as long as two matrix products "
        f"of as many multiplications, the course's own {ours:,.1f} times."
    )
