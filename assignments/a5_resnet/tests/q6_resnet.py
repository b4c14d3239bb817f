"""q6_resnet, public: shapes and sizes with a block that is given."""

import numpy as np
from checks import equal
from checks.blocks import PlainBlock, WideBlock
from checks.layers import fresh_output, parameter_shapes
from otter.test_files import test_case

OK_FORMAT = False
name = "q6_resnet"


@test_case(name="logits of several sizes", points=2)
def test_shapes(ResNet):
    for block in (PlainBlock, WideBlock):
        x = np.zeros((2, 1, 28, 28))
        equal(fresh_output(ResNet, [block, [1, 2, 1], 10], x).shape, (2, 10))
        x = np.zeros((3, 3, 17, 12))
        equal(fresh_output(ResNet, [block, [2, 1], 7, 3, 8], x).shape, (3, 7))


@test_case(name="how much is learned", points=2)
def test_parameters(ResNet):
    shapes = parameter_shapes(ResNet, [PlainBlock, [1, 2], 5, 1, 4], (1, 1, 8, 8))
    # Stem 1 to 4; blocks 4 to 4, 4 to 8, 8 to 8, each with its normalisation; the head.
    stem, blocks, head = 9 * 4 + 8, 9 * (16 + 32 + 64) + 8 + 16 + 16, 8 * 5 + 5
    equal(sum(int(np.prod(shape)) for shape in shapes), stem + blocks + head)


@test_case(name="built with your own BasicBlock", points=1)
def test_own_block(ResNet, BasicBlock):
    shapes = parameter_shapes(ResNet, [BasicBlock, [1, 1, 1], 10], (1, 1, 8, 8))
    equal(sum(int(np.prod(shape)) for shape in shapes), 77754)
