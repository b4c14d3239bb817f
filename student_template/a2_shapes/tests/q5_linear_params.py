"""q5_linear_params, public: 100x100 pixels learned, 200x200 asked."""

from checks import equal
from checks.architectures import conv, flatten, global_avg_pool, linear, relu
from otter.test_files import test_case

OK_FORMAT = False

name = "q5_linear_params"


@test_case(name="linear layers of LeNet-5 and of the 100x100 image", points=0.5)
def test_linear(linear_params):
    equal(linear_params(400, 120), 48120, what="parameters")
    equal(linear_params(100 * 100, 10), 100010, what="parameters")


@test_case(name="a linear layer without bias", points=0.5)
def test_no_bias(linear_params):
    equal(linear_params(84, 10, bias=False), 840, what="parameters")


@test_case(name="fully connected: 200x200 does not go", points=0.5)
def test_fully_connected(can_infer):
    layers = [flatten(), linear(32), relu(), linear(10)]
    equal(can_infer(layers, (100, 100), (200, 200)), False, what="200x200")
    equal(can_infer(layers, (100, 100), (100, 100)), True, what="100x100")
    # As many pixels as before: only their number counts.
    equal(can_infer(layers, (100, 100), (50, 200)), True, what="50x200")


@test_case(name="convolution alone: any size that the kernels fit", points=0.5)
def test_convolution_alone(can_infer):
    layers = [conv(8, 3, padding=1), relu(), conv(1, 5)]
    equal(can_infer(layers, (100, 100), (200, 200)), True, what="200x200")
    equal(can_infer(layers, (100, 100), (5, 5)), True, what="5x5")
    equal(can_infer(layers, (100, 100), (4, 9)), False, what="4x9")


@test_case(name="a convolution in front of a flatten", points=0.5)
def test_flatten(can_infer):
    layers = [conv(8, 5), relu(), flatten(), linear(10)]
    equal(can_infer(layers, (100, 100), (200, 200)), False, what="200x200")
    equal(can_infer(layers, (100, 100), (100, 100)), True, what="100x100")


@test_case(name="a convolution in front of a global average", points=0.5)
def test_average(can_infer):
    layers = [conv(8, 5), relu(), global_avg_pool(), flatten(), linear(10)]
    equal(can_infer(layers, (100, 100), (200, 200)), True, what="200x200")
    equal(can_infer(layers, (100, 100), (4, 200)), False, what="4x200")
