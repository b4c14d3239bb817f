"""q8_vgg_block, public: shapes and sizes."""

import numpy as np
from checks import equal
from checks.layers import fresh_output, parameter_shapes
from otter.test_files import test_case

OK_FORMAT = False
name = "q8_vgg_block"


@test_case(name="half the size comes out", points=2)
def test_shapes(vgg_block):
    x = np.zeros((2, 3, 9, 12))
    equal(fresh_output(vgg_block, [3, 8, 2], x).shape, (2, 8, 4, 6))
    equal(fresh_output(vgg_block, [3, 5, 1], x).shape, (2, 5, 4, 6))


@test_case(name="how much is learned", points=1)
def test_parameters(vgg_block):
    shapes = parameter_shapes(vgg_block, [3, 8, 3], (1, 3, 4, 4))
    equal(sum(int(np.prod(s)) for s in shapes), 9 * (24 + 64 + 64) + 3 * 8)
