"""q9_summarize, public: small networks and LeNet-5, row by row."""

from checks import equal, fields, in_any_order, in_order, one_close
from checks.architectures import (
    avg_pool,
    batch_norm,
    conv,
    flatten,
    global_avg_pool,
    lenet5,
    linear,
    max_pool,
)
from otter.test_files import test_case

OK_FORMAT = False

name = "q9_summarize"


def _compare(rows, expected):
    layers = (f"row {i}: {kind}" for i, (kind, _, _) in enumerate(expected, start=1))
    several = enumerate(fields(rows, *layers), start=1)
    for (i, row), (kind, shape, learned) in zip(several, expected, strict=True):
        right = {"type": kind, "output shape": shape, "parameters": learned}
        got = in_any_order(row, **right)
        equal(got[0], kind, what=f"row {i}, type")
        equal(got[1], shape, what=f"row {i}, {kind}, output shape")
        equal(got[2], learned, what=f"row {i}, {kind}, parameters")


@test_case(name="one convolution", points=0.25)
def test_one(summarize):
    rows = [("conv", (32, 96, 96), 2432)]
    _compare(summarize([conv(32, 5)], (3, 100, 100)), rows)


@test_case(name="without bias, in groups, dilated", points=0.25)
def test_settings(summarize):
    # 8 kernels of 3*3*3 weights; 4 kernels that see 3 of the 6 channels, 4 biases.
    rows = [("conv", (8, 8, 8), 216)]
    _compare(summarize([conv(8, 3, bias=False)], (3, 10, 10)), rows)
    rows = [("conv", (4, 5, 5), 16)]
    _compare(summarize([conv(4, 1, groups=2)], (6, 5, 5)), rows)
    # Over 5 pixels reach the 3 weights of each axis.
    rows = [("conv", (2, 4, 6), 20)]
    _compare(summarize([conv(2, 3, dilation=2)], (1, 8, 10)), rows)


@test_case(name="two convolutions", points=0.75)
def test_two(summarize):
    # The second has 4 channels in: 6 kernels of 4*3*3 weights, and 6 biases.
    rows = [("conv", (4, 6, 6), 40), ("conv", (6, 4, 4), 6 * 36 + 6)]
    _compare(summarize([conv(4, 3), conv(6, 3)], (1, 8, 8)), rows)


@test_case(name="pooling of both kinds on a wide image", points=0.5)
def test_pools(summarize):
    # The windows of the second overlap; of 4 rows one is left over, and kept.
    rows = [("max_pool", (2, 4, 7), 0), ("avg_pool", (2, 2, 3), 0)]
    layers = [max_pool(2, 2), avg_pool(3, 2, ceil_mode=True)]
    _compare(summarize(layers, (2, 9, 14)), rows)


@test_case(name="batch normalisation learns two numbers a channel", points=0.5)
def test_batch_norm(summarize):
    rows = [("conv", (8, 5, 6), 224), ("batch_norm", (8, 5, 6), 16)]
    _compare(summarize([conv(8, 3, padding=1), batch_norm()], (3, 5, 6)), rows)


@test_case(name="a flatten and a linear layer", points=0.5)
def test_flatten(summarize):
    rows = [("flatten", (24,), 0), ("linear", (3,), 75)]
    _compare(summarize([flatten(), linear(3)], (2, 3, 4)), rows)


@test_case(name="a global average first; no bias", points=0.5)
def test_average(summarize):
    layers = [global_avg_pool(), flatten(), linear(5, bias=False)]
    rows = [
        ("global_avg_pool", (8, 1, 1), 0),
        ("flatten", (8,), 0),
        ("linear", (5,), 40),
    ]
    _compare(summarize(layers, (8, 4, 7)), rows)


@test_case(name="LeNet-5 of the lecture", points=0.75)
def test_lenet(summarize):
    rows = [
        ("conv", (6, 28, 28), 156),
        ("sigmoid", (6, 28, 28), 0),
        ("avg_pool", (6, 14, 14), 0),
        ("conv", (16, 10, 10), 2416),
        ("sigmoid", (16, 10, 10), 0),
        ("avg_pool", (16, 5, 5), 0),
        ("flatten", (400,), 0),
        ("linear", (120,), 48120),
        ("sigmoid", (120,), 0),
        ("linear", (84,), 10164),
        ("sigmoid", (84,), 0),
        ("linear", (10,), 850),
    ]
    _compare(summarize(lenet5(), (1, 28, 28)), rows)


@test_case(name="a row has the type first, then the shape, then the number", points=1)
def test_order(summarize):
    (row,) = fields(summarize([conv(32, 5)], (3, 100, 100)), "row 1: conv")
    right = {"type": "conv", "output shape": (32, 96, 96), "parameters": 2432}
    _, shape, learned = in_order(row, **right)
    # Who reckons one of the two wrongly pays for that above.
    one_close((shape, (32, 96, 96)), (learned, 2432))
