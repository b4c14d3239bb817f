"""q7_inception, public: module 3a of the paper."""

import numpy as np
from checks import case_rng, equal, holds
from checks.layers import fresh_output, parameter_shapes
from checks.matching import check_learned
from otter.test_files import test_case

OK_FORMAT = False
name = "q7_inception"


@test_case(name="3a gives 256 channels of the same size", points=2)
def test_shape(InceptionModule):
    x = np.zeros((1, 192, 14, 11))
    out = fresh_output(InceptionModule, [192, 64, [96, 128], [16, 32], 32], x)
    equal(out.shape, (1, 256, 14, 11), what="the shape of what comes out")


@test_case(name="3a has 163,696 parameters", points=1.5)
def test_parameters(InceptionModule):
    sizes = [192, 64, [96, 128], [16, 32], 32]
    shapes = parameter_shapes(InceptionModule, sizes, (1, 192, 5, 5))
    reductions = [(64, 192, 1, 1), (96, 192, 1, 1), (16, 192, 1, 1), (32, 192, 1, 1)]
    wider = [(128, 96, 3, 3), (32, 16, 5, 5)]
    biases = [(64,), (96,), (128,), (16,), (32,), (32,)]
    check_learned(shapes, reductions + wider + biases)


@test_case(name="four branches of one width stand one behind the other", points=1)
def test_behind(InceptionModule):
    x = case_rng().normal(size=(2, 3, 6, 5))
    out = fresh_output(InceptionModule, [3, 4, [2, 4], [1, 4], 4], x)
    equal(out.shape, (2, 16, 6, 5), what="the shape of what comes out")


@test_case(name="no output is negative", points=0.5)
def test_relu(InceptionModule):
    x = case_rng().normal(size=(2, 3, 6, 6))
    out = fresh_output(InceptionModule, [3, 4, [2, 5], [1, 6], 7], x)
    equal(out.shape, (2, 22, 6, 6), what="the shape of what comes out")
    lowest = f"the lowest output is {out.min():.3g}"
    holds((out >= 0).all(), f"{lowest}: every branch should end in a ReLU")
