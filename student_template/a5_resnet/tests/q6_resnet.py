"""q6_resnet, public: shapes and sizes with a block that is given."""

import numpy as np
from checks import case_rng, equal, holds
from checks.blocks import PlainBlock, WideBlock
from checks.layers import fresh_output, parameter_shapes
from checks.matching import check_learned
from otter.test_files import test_case

OK_FORMAT = False
name = "q6_resnet"


@test_case(name="logits of several sizes", points=1.5)
def test_shapes(ResNet):
    rng = case_rng()
    for block in (PlainBlock, WideBlock):
        for arguments, shape in (
            ([block, [1, 2, 1], 10], (2, 1, 28, 28)),
            ([block, [2, 1], 7, 3, 8], (3, 3, 17, 12)),
        ):
            out = fresh_output(ResNet, arguments, rng.normal(size=shape))
            wanted = (shape[0], arguments[2])
            equal(out.shape, wanted, what="the shape of the logits")
            differ = abs(out[0] - out[1]).max() > 0
            holds(differ, "two different images should not give the same logits")


@test_case(name="the logits of a single image", points=0.5)
def test_single(ResNet):
    x = case_rng().normal(size=(1, 1, 9, 8))
    out = fresh_output(ResNet, [PlainBlock, [1, 1], 4], x)
    equal(out.shape, (1, 4), what="the shape of the logits")


@test_case(name="what is learned", points=2)
def test_learned(ResNet, make_stage):
    shapes = parameter_shapes(ResNet, [PlainBlock, [1, 2], 5, 1, 4], (1, 1, 8, 8))
    stem, head = [(4, 1, 3, 3), (4,), (4,)], [(5, 8), (5,)]
    # Blocks 4 to 4, 4 to 8 and 8 to 8, each a 3x3 convolution and a normalisation.
    stages = [(4, 4, 3, 3), (8, 4, 3, 3), (8, 8, 3, 3)] + [(4,)] * 2 + [(8,)] * 4
    # Or what your own make_stage learns: a mistake there is counted there.
    if sorted(shapes) != sorted(stem + stages + head):
        first, second = [PlainBlock, 4, 4, 1, 1], [PlainBlock, 4, 8, 2, 2]
        stages = parameter_shapes(make_stage, first, (1, 4, 8, 8))
        stages += parameter_shapes(make_stage, second, (1, 4, 8, 8))
    check_learned(shapes, stem + stages + head)


@test_case(name="logits, and not probabilities", points=0.5)
def test_logits(ResNet):
    x = case_rng().normal(size=(32, 1, 12, 12)) * 10
    logits = fresh_output(ResNet, [PlainBlock, [1, 1], 10], x)
    told = "all logits are >= 0: no ReLU and no softmax after the last layer"
    holds((logits < 0).any(), told)
    told = "the outputs are logarithms of probabilities: leave the softmax out"
    sums = np.exp(logits).sum(axis=1)
    holds(not np.allclose(sums, 1, atol=1e-4), told)


@test_case(name="built with your own BasicBlock", points=0.5)
def test_own_block(ResNet, BasicBlock):
    shapes = parameter_shapes(ResNet, [BasicBlock, [1, 1], 10], (1, 1, 8, 8))
    stem, head = [(16, 1, 3, 3), (16,), (16,)], [(10, 32), (10,)]
    blocks = parameter_shapes(BasicBlock, [16, 16, 1], (1, 16, 8, 8))
    blocks += parameter_shapes(BasicBlock, [16, 32, 2], (1, 16, 8, 8))
    check_learned(shapes, stem + blocks + head)
