"""q5_linear_params, public: 100x100 pixels learned, 200x200 asked."""

from checks import equal
from checks.architectures import conv, flatten, global_avg_pool, linear, relu
from otter.test_files import test_case

OK_FORMAT = False

name = "q5_linear_params"


@test_case(name="linear layers of LeNet-5 and of the 100x100 image", points=1)
def test_linear(linear_params):
    equal(linear_params(400, 120), 48120)
    equal(linear_params(100 * 100, 10), 100010)
    equal(linear_params(84, 10, bias=False), 840)


@test_case(name="fully connected: 200x200 does not go", points=0.5)
def test_fully_connected(can_infer):
    layers = [flatten(), linear(32), relu(), linear(10)]
    equal(can_infer(layers, (100, 100), (200, 200)), False)
    equal(can_infer(layers, (100, 100), (100, 100)), True)


@test_case(name="convolution alone: any size goes", points=0.5)
def test_convolution_alone(can_infer):
    layers = [conv(8, 3, padding=1), relu(), conv(1, 1)]
    equal(can_infer(layers, (100, 100), (200, 200)), True)


@test_case(
    name="a convolution in front of a flatten, and of a global average", points=1
)
def test_flatten_or_average(can_infer):
    front = [conv(8, 5), relu()]
    equal(can_infer([*front, flatten(), linear(10)], (100, 100), (200, 200)), False)
    average = [global_avg_pool(), flatten(), linear(10)]
    equal(can_infer([*front, *average], (100, 100), (200, 200)), True)
