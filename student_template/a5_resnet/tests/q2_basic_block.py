"""q2_basic_block, public: shapes, sizes, and a block of zeros."""

import numpy as np
from checks import case_rng, equal, holds
from checks.layers import fresh_output, parameter_shapes
from otter.test_files import test_case

OK_FORMAT = False
name = "q2_basic_block"


@test_case(name="shapes at stride 1 and 2", points=2)
def test_shapes(BasicBlock):
    x = np.zeros((2, 4, 7, 10))
    equal(fresh_output(BasicBlock, [4, 4, 1], x).shape, (2, 4, 7, 10))
    equal(fresh_output(BasicBlock, [4, 6, 1], x).shape, (2, 6, 7, 10))
    equal(fresh_output(BasicBlock, [4, 8, 2], x).shape, (2, 8, 4, 5))


@test_case(name="how much is learned", points=2)
def test_parameters(BasicBlock):
    # Two 3x3 convolutions and two normalisations; with a projection one more of each.
    shapes = parameter_shapes(BasicBlock, [4, 4, 1], (1, 4, 6, 6))
    same = sum(int(np.prod(shape)) for shape in shapes)
    equal(same, 2 * 9 * 16 + 4 * 4)
    shapes = parameter_shapes(BasicBlock, [4, 8, 2], (1, 4, 6, 6))
    wider = sum(int(np.prod(shape)) for shape in shapes)
    equal(wider, 9 * 32 + 9 * 64 + 32 + 6 * 8)


@test_case(name="a ReLU is the last thing", points=1)
def test_relu(BasicBlock):
    x = case_rng().normal(size=(3, 6, 8, 8))
    out = fresh_output(BasicBlock, [6, 6, 1], x, train=True)
    holds((out >= 0).all(), f"the lowest output is {out.min():.3g}: it should be 0")
    holds((out == 0).any(), "no output is 0: a ReLU should be the last thing")
