"""q9_summarize, public: LeNet-5 and small networks, row by row."""

from checks import equal
from checks.architectures import (
    batch_norm,
    conv,
    flatten,
    global_avg_pool,
    lenet5,
    linear,
    max_pool,
    relu,
)
from otter.test_files import test_case

OK_FORMAT = False

name = "q9_summarize"


@test_case(name="one convolution", points=1)
def test_one(summarize):
    rows = [("conv", (32, 96, 96), 2432)]
    equal(summarize([conv(32, 5)], (3, 100, 100)), rows)


@test_case(name="LeNet-5 of the lecture", points=2)
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
    equal(summarize(lenet5(), (1, 28, 28)), rows)


@test_case(name="batch normalisation, a wide image, a global average", points=2)
def test_batch_norm(summarize):
    layers = [conv(8, 3, stride=2, padding=1, bias=False), batch_norm(), relu()]
    layers += [max_pool(3, 2), global_avg_pool(), flatten(), linear(5, bias=False)]
    rows = [
        ("conv", (8, 10, 16), 216),
        ("batch_norm", (8, 10, 16), 16),
        ("relu", (8, 10, 16), 0),
        ("max_pool", (8, 4, 7), 0),
        ("global_avg_pool", (8, 1, 1), 0),
        ("flatten", (8,), 0),
        ("linear", (5,), 40),
    ]
    equal(summarize(layers, (3, 20, 32)), rows)
