"""q3_bottleneck, public: shapes and sizes."""

import numpy as np
from checks import equal
from checks.layers import fresh_output, parameter_shapes
from otter.test_files import test_case

OK_FORMAT = False
name = "q3_bottleneck"


@test_case(name="four times the channels come out", points=2)
def test_shapes(Bottleneck):
    x = np.zeros((2, 8, 7, 10))
    equal(fresh_output(Bottleneck, [8, 2, 1], x).shape, (2, 8, 7, 10))
    equal(fresh_output(Bottleneck, [8, 3, 1], x).shape, (2, 12, 7, 10))
    equal(fresh_output(Bottleneck, [8, 4, 2], x).shape, (2, 16, 4, 5))


@test_case(name="how much is learned", points=2)
def test_parameters(Bottleneck):
    shapes = parameter_shapes(Bottleneck, [8, 2, 1], (1, 8, 5, 5))
    same = sum(int(np.prod(shape)) for shape in shapes)
    # 1x1 8 to 2, 3x3 2 to 2, 1x1 2 to 8, and normalisations over 2, 2 and 8.
    equal(same, 16 + 36 + 16 + 2 * (2 + 2 + 8))
