"""q3_edge_layer, public: kernels worked out by hand."""

import numpy as np
from checks import close, holds
from checks.networks import edges
from otter.test_files import test_case

OK_FORMAT = False
name = "q3_edge_layer"

LAPLACE = [[0, 1, 0], [1, -4, 1], [0, 1, 0]]


@test_case(name="a 2x2 kernel on one pixel", points=1.5)
def test_impulse(edge_layer):
    x = np.zeros((1, 1, 3, 3))
    x[0, 0, 1, 1] = 1
    # A convolution with an impulse gives the kernel itself.
    facts = edges(edge_layer, [[1, 2], [3, 4]], x)
    close(facts["output"], [[[[1, 2], [3, 4]]]])


@test_case(name="an nn.Conv2d", points=1)
def test_layer(edge_layer):
    x = np.zeros((1, 1, 5, 5))
    x[0, 0, 2, 2] = 1
    # This kernel is the same when it is turned.
    facts = edges(edge_layer, LAPLACE, x)
    holds(facts["is_conv2d"], "your layer should be an nn.Conv2d")
    close(facts["output"], [[LAPLACE]])


@test_case(name="its weight is fixed", points=0.5)
def test_fixed(edge_layer):
    x = np.zeros((1, 1, 5, 5))
    x[0, 0, 2, 2] = 1
    facts = edges(edge_layer, LAPLACE, x)
    close(facts["output"], [[LAPLACE]])
    learns = facts["learns"] or facts["bias_learns"]
    holds(not learns, "the layer still asks for gradients: requires_grad")
