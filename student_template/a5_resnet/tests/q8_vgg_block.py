"""q8_vgg_block, public: shapes and sizes."""

import numpy as np
from checks import equal
from checks.layers import fresh_output, parameter_shapes
from checks.matching import check_learned
from otter.test_files import test_case

OK_FORMAT = False
name = "q8_vgg_block"


@test_case(name="half the size comes out", points=2)
def test_shapes(vgg_block):
    x = np.zeros((2, 3, 9, 12))
    for arguments in ([3, 8, 2], [3, 5, 1]):
        out = fresh_output(vgg_block, arguments, x)
        wanted = (2, arguments[1], 4, 6)
        equal(out.shape, wanted, what="the shape of what comes out")


@test_case(name="what is learned", points=1)
def test_learned(vgg_block):
    shapes = parameter_shapes(vgg_block, [3, 8, 3], (1, 3, 4, 4))
    check_learned(shapes, [(8, 3, 3, 3), (8, 8, 3, 3), (8, 8, 3, 3)] + [(8,)] * 3)
