"""q7_inception, public: module 3a of the paper."""

import numpy as np
from checks import equal, holds
from checks.layers import fresh_output, parameter_shapes
from otter.test_files import test_case

OK_FORMAT = False
name = "q7_inception"


@test_case(name="3a gives 256 channels of the same size", points=2)
def test_shape(InceptionModule):
    x = np.zeros((1, 192, 14, 11))
    out = fresh_output(InceptionModule, [192, 64, [96, 128], [16, 32], 32], x)
    equal(out.shape, (1, 256, 14, 11))


@test_case(name="3a has 163,696 parameters", points=2)
def test_parameters(InceptionModule):
    sizes = [192, 64, [96, 128], [16, 32], 32]
    shapes = parameter_shapes(InceptionModule, sizes, (1, 192, 5, 5))
    equal(sum(int(np.prod(shape)) for shape in shapes), 163696)


@test_case(name="no output is negative", points=1)
def test_relu(InceptionModule):
    x = np.ones((1, 3, 6, 6))
    out = fresh_output(InceptionModule, [3, 4, [2, 5], [1, 6], 7], x)
    equal(out.shape, (1, 22, 6, 6))
    lowest = f"the lowest output is {out.min():.3g}"
    holds((out >= 0).all(), f"{lowest}: every branch should end in a ReLU")
