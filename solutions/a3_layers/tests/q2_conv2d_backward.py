"""q2_conv2d_backward, hidden: random layers, one thing varied and one gradient a case.

Where a case says nothing else: one square image with one channel, one square kernel,
stride 1, padding 1, no bias, as many windows in a row as in a column, float64. Strides
are asked for with windows side by side or apart, overlapping ones with stride 1.

Most cases have a padding, few have none: the commonest mistake by far is the slice
``padding:-padding``, and one that raises at padding 0 takes all three gradients there.
Where neither overlap nor the order of a kernel's rows is the question, a 3x3 kernel
looks at an image of one pixel. A kernel of one pixel would do so too, but with padding
it is asked once only: who pads dout by KH - 1 - padding raises there.

Each of the three is told by its shape, and in no layer here have two of them the same:
the order is asked in one case.
"""

import numpy as np
from checks import (
    case_rng,
    close,
    in_any_order,
    in_order,
    note,
    one_close,
    unchanged,
)
from checks.layouts import ORDERS, laid
from checks.yardstick import about, speed_ratio
from otter.test_files import test_case

OK_FORMAT = False
name = "q2_conv2d_backward"


def draw(
    rng,
    kernel,
    stride=1,
    padding=1,
    *,
    spare=0,
    wider=0,
    places=None,
    n=1,
    c_in=1,
    c_out=1,
):
    """Return a random (dout, x, w, b, stride, padding) without bias.

    spare : pixels left over below and at the right
    wider : how many windows more there are in a row than in a column
    places : how many windows there are in a column, some where None
    """
    down = int(rng.integers(2, 5)) + max(0, -wider) + 2 * padding
    if places is not None:
        down = places - 1
    across = down + wider
    h = kernel[0] + stride * down + spare - 2 * padding
    v = kernel[1] + stride * across + spare - 2 * padding
    dout = rng.normal(size=(n, c_out, down + 1, across + 1))
    x = rng.normal(size=(n, c_in, h, v))
    w = rng.normal(size=(c_out, c_in, *kernel))
    return dout, x, w, np.zeros(c_out), stride, padding


def check(conv2d_backward, reference, layer, position):
    """Compare the gradient at `position` of (dx, dw, db) only, told by its shape."""
    expected = reference.conv2d_backward(*layer)
    answer = in_any_order(conv2d_backward(*layer), **named(expected))
    close(answer[position], expected[position])


def named(gradients):
    """Return dx, dw and db under their names."""
    return dict(zip(("dx", "dw", "db"), gradients, strict=True))


DX, DW, DB = 0, 1, 2

PLAIN = ((3, 3), (2, 2), (1, 1), (5, 5))
PADDED = (((3, 3), 1), ((3, 3), 2), ((2, 2), 1), ((5, 5), 2))
STRIDED = (((2, 2), 2), ((3, 3), 3), ((2, 2), 3))
SPARE = (((2, 2), 2, 1), ((2, 2), 3, 1), ((3, 3), 3, 2))
WIDER = (2, 1, -1, -2)
OBLONG = ((1, 3), (3, 1), (2, 3), (5, 2))
TOGETHER = (
    ((3, 2), 2, 1, 0, 1, 3),
    ((2, 3), 3, 2, 1, -2, 4),
    ((5, 3), 2, 2, 1, 2, 3),
)


def one_pixel(rng, **sizes):
    """Return a layer whose images have one pixel, in the middle of one 3x3 window."""
    return draw(rng, (3, 3), places=1, **sizes)


def together(rng):
    """Yield layers in which nothing is as simple as it could be."""
    sizes = {"n": 2, "c_in": 3, "c_out": 4}
    for kernel, stride, padding, spare, wider, places in TOGETHER:
        sizes |= {"spare": spare, "wider": wider, "places": places}
        dout, x, w, b, *rest = draw(rng, kernel, stride, padding, **sizes)
        yield dout, x, w, rng.normal(size=b.shape), *rest


def whole(layer):
    """Yield the layer with whole numbers for x and w, b too, for dout, and for all."""
    dout, x, w, b, *rest = layer
    whole_dout, whole_x, whole_w = map(away_from_0, (dout, x, w))
    whole_b = b.astype(int)
    yield dout, whole_x, whole_w, b, *rest
    yield dout, whole_x, whole_w, whole_b, *rest
    yield whole_dout, x, w, b, *rest
    yield whole_dout, whole_x, whole_w, whole_b, *rest


def away_from_0(array):
    """Return whole numbers, none of which is 0: it would hide what became of it."""
    return np.copysign(np.ceil(10 * np.abs(array)), array).astype(int)


def single_precision(layer):
    """Return the layer with float32 for float64."""
    *arrays, stride, padding = layer
    return *(array.astype("float32") for array in arrays), stride, padding


@test_case(name="dx: without padding", points=1, hidden=True)
def test_dx_plain(conv2d_backward, reference):
    rng = case_rng()
    for kernel in PLAIN:
        check(conv2d_backward, reference, draw(rng, kernel, 1, 0), DX)


@test_case(name="dx: padding 1 and 2", points=0.75, hidden=True)
def test_dx_padding(conv2d_backward, reference):
    rng = case_rng()
    for kernel, padding in PADDED:
        check(conv2d_backward, reference, draw(rng, kernel, 1, padding), DX)


@test_case(
    name="dx: more padding than a kernel of one pixel needs", points=0.5, hidden=True
)
def test_dx_much_padding(conv2d_backward, reference):
    rng = case_rng()
    for padding in (1, 2):
        check(conv2d_backward, reference, draw(rng, (1, 1), 1, padding), DX)


@test_case(name="dx: strides 2 and 3, windows side by side", points=0.75, hidden=True)
def test_dx_stride(conv2d_backward, reference):
    rng = case_rng()
    for kernel, stride in STRIDED:
        check(conv2d_backward, reference, draw(rng, kernel, stride), DX)


@test_case(
    name="dx: strides, and sizes that the windows do not tile", points=0.75, hidden=True
)
def test_dx_spare(conv2d_backward, reference):
    rng = case_rng()
    for kernel, stride, spare in SPARE:
        check(conv2d_backward, reference, draw(rng, kernel, stride, spare=spare), DX)


@test_case(
    name="dx: images wider than high, and higher than wide", points=0.5, hidden=True
)
def test_dx_oblong_images(conv2d_backward, reference):
    rng = case_rng()
    for wider in WIDER:
        check(conv2d_backward, reference, draw(rng, (3, 3), wider=wider), DX)


@test_case(name="dx: kernels that are not square", points=0.75, hidden=True)
def test_dx_oblong_kernels(conv2d_backward, reference):
    rng = case_rng()
    for kernel in OBLONG:
        check(conv2d_backward, reference, draw(rng, kernel), DX)


@test_case(
    name="dx: several channels and kernels, an image of one pixel",
    points=0.75,
    hidden=True,
)
def test_dx_channels_random(conv2d_backward, reference):
    rng = case_rng()
    for c_in, c_out in ((3, 2), (2, 4)):
        check(conv2d_backward, reference, one_pixel(rng, c_in=c_in, c_out=c_out), DX)


@test_case(name="dx: several images of one pixel", points=0.5, hidden=True)
def test_dx_images_random(conv2d_backward, reference):
    rng = case_rng()
    for n in (5, 3):
        check(conv2d_backward, reference, one_pixel(rng, n=n, c_out=2), DX)


@test_case(name="dx: whole numbers", points=0.5, hidden=True)
def test_dx_whole_numbers_random(conv2d_backward, reference):
    for layer in whole(one_pixel(case_rng())):
        check(conv2d_backward, reference, layer, DX)


@test_case(name="dx: float32", points=0.25, hidden=True)
def test_dx_float32(conv2d_backward, reference):
    layer = single_precision(one_pixel(case_rng()))
    check(conv2d_backward, reference, layer, DX)


@test_case(name="dx: arrays that lie otherwise in memory", points=0.25, hidden=True)
def test_dx_layouts(conv2d_backward, reference):
    *arrays, stride, padding = draw(case_rng(), (3, 3))
    for order in ORDERS:
        layer = *(laid(array, order) for array in arrays), stride, padding
        check(conv2d_backward, reference, layer, DX)


@test_case(name="dx: the inputs stay as they were, random", points=0.5, hidden=True)
def test_dx_unchanged_random(conv2d_backward, reference):
    layer = one_pixel(case_rng())
    *arrays, _, _ = layer
    with unchanged(*arrays):
        check(conv2d_backward, reference, layer, DX)


@test_case(name="dx: everything at once", points=0.5, hidden=True)
def test_dx_together(conv2d_backward, reference):
    for layer in together(case_rng()):
        check(conv2d_backward, reference, layer, DX)


@test_case(name="dw: without padding", points=0.5, hidden=True)
def test_dw_plain(conv2d_backward, reference):
    rng = case_rng()
    for kernel in PLAIN:
        check(conv2d_backward, reference, draw(rng, kernel, 1, 0), DW)


@test_case(name="dw: padding 1 and 2", points=0.75, hidden=True)
def test_dw_padding(conv2d_backward, reference):
    rng = case_rng()
    for kernel, padding in PADDED:
        check(conv2d_backward, reference, draw(rng, kernel, 1, padding), DW)


@test_case(name="dw: strides 2 and 3", points=0.75, hidden=True)
def test_dw_stride(conv2d_backward, reference):
    rng = case_rng()
    for kernel, stride in STRIDED:
        check(conv2d_backward, reference, draw(rng, kernel, stride), DW)


@test_case(
    name="dw: strides, and sizes that the windows do not tile", points=0.5, hidden=True
)
def test_dw_spare(conv2d_backward, reference):
    rng = case_rng()
    for kernel, stride, spare in SPARE:
        check(conv2d_backward, reference, draw(rng, kernel, stride, spare=spare), DW)


@test_case(
    name="dw: images wider than high, and higher than wide", points=0.5, hidden=True
)
def test_dw_oblong_images(conv2d_backward, reference):
    rng = case_rng()
    for wider in reversed(WIDER):  # the first that is wrong is the last that is asked
        check(conv2d_backward, reference, draw(rng, (3, 3), wider=wider), DW)


@test_case(name="dw: kernels that are not square", points=0.5, hidden=True)
def test_dw_oblong_kernels(conv2d_backward, reference):
    rng = case_rng()
    for kernel in OBLONG:
        check(conv2d_backward, reference, draw(rng, kernel), DW)


@test_case(name="dw: several channels and kernels", points=0.5, hidden=True)
def test_dw_channels_random(conv2d_backward, reference):
    rng = case_rng()
    for c_in, c_out in ((3, 2), (2, 4)):
        check(conv2d_backward, reference, draw(rng, (3, 3), c_in=c_in, c_out=c_out), DW)


@test_case(name="dw: several images", points=0.5, hidden=True)
def test_dw_images_random(conv2d_backward, reference):
    rng = case_rng()
    for n in (3, 2):
        check(conv2d_backward, reference, draw(rng, (3, 3), n=n, c_out=2), DW)


@test_case(name="dw: whole numbers", points=0.25, hidden=True)
def test_dw_whole_numbers_random(conv2d_backward, reference):
    for layer in whole(one_pixel(case_rng())):
        check(conv2d_backward, reference, layer, DW)


@test_case(name="dw: float32", points=0.25, hidden=True)
def test_dw_float32(conv2d_backward, reference):
    layer = single_precision(one_pixel(case_rng()))
    check(conv2d_backward, reference, layer, DW)


@test_case(name="dw: arrays that lie otherwise in memory", points=0.25, hidden=True)
def test_dw_layouts(conv2d_backward, reference):
    *arrays, stride, padding = draw(case_rng(), (3, 3))
    for order in ORDERS:
        layer = *(laid(array, order) for array in arrays), stride, padding
        check(conv2d_backward, reference, layer, DW)


@test_case(name="dw: everything at once", points=0.5, hidden=True)
def test_dw_together(conv2d_backward, reference):
    for layer in together(case_rng()):
        check(conv2d_backward, reference, layer, DW)


@test_case(name="db: several kernels, several images", points=0.75, hidden=True)
def test_db_several(conv2d_backward, reference):
    rng = case_rng()
    check(conv2d_backward, reference, draw(rng, (3, 3), c_out=3), DB)
    check(conv2d_backward, reference, draw(rng, (3, 3), n=2, c_out=3), DB)


@test_case(name="db: one kernel", points=0.5, hidden=True)
def test_db_single(conv2d_backward, reference):
    check(conv2d_backward, reference, draw(case_rng(), (3, 3), c_out=1), DB)


@test_case(name="db: without padding", points=0.5, hidden=True)
def test_db_plain(conv2d_backward, reference):
    check(conv2d_backward, reference, draw(case_rng(), (3, 3), 1, 0), DB)


@test_case(name="db: whole numbers", points=0.25, hidden=True)
def test_db_whole_numbers(conv2d_backward, reference):
    for layer in whole(draw(case_rng(), (3, 3), n=3, c_out=3)):
        check(conv2d_backward, reference, layer, DB)


@test_case(name="db: float32", points=0.25, hidden=True)
def test_db_float32(conv2d_backward, reference):
    layer = single_precision(one_pixel(case_rng()))
    check(conv2d_backward, reference, layer, DB)


@test_case(name="db: everything at once", points=0.5, hidden=True)
def test_db_together(conv2d_backward, reference):
    for layer in together(case_rng()):
        check(conv2d_backward, reference, layer, DB)


@test_case(name="the order of the three", points=1.25, hidden=True)
def test_order_random(conv2d_backward, reference):
    layer = one_pixel(case_rng())
    expected = reference.conv2d_backward(*layer)
    answer = in_order(conv2d_backward(*layer), **named(expected))
    one_close(*zip(answer[:DB], expected[:DB], strict=True))


@test_case(name="how fast it is, for no points", points=0, hidden=True)
def test_speed(conv2d_backward, reference):
    rng = case_rng()
    x, w, b = rng.normal(size=(2, 4, 12, 12)), rng.normal(size=(4, 4, 3, 3)), np.ones(4)
    dout = rng.normal(size=(2, 4, 12, 12))
    yours = speed_ratio(conv2d_backward, x, w, b, 1, 1, dout=dout)
    ours = speed_ratio(reference.conv2d_backward, x, w, b, 1, 1, dout=dout)
    note(
        f"Your backward pass takes {about(yours)} as two matrix products "
        f"of as many multiplications, the course's own {about(ours)}."
    )
