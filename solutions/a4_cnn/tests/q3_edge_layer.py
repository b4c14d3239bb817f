"""q3_edge_layer, hidden: random kernels that are not square."""

import numpy as np
from checks import case_rng, close, equal
from checks.networks import edges
from otter.test_files import test_case

OK_FORMAT = False
name = "q3_edge_layer"


@test_case(name="random kernels, not square", points=3, hidden=True)
def test_random(edge_layer, reference):
    rng = case_rng()
    for height, width in ((3, 3), (2, 5), (4, 1)):
        kernel = rng.normal(size=(height, width)).tolist()
        x = rng.normal(size=(2, 1, 8, 9))
        expected = edges(reference.edge_layer, kernel, x)
        close(edges(edge_layer, kernel, x)["output"], expected["output"])


@test_case(name="whole numbers", points=1, hidden=True)
def test_whole(edge_layer, reference):
    rng = case_rng()
    kernel = rng.integers(-3, 4, size=(2, 3)).tolist()
    x = rng.normal(size=(1, 1, 5, 5))
    expected = edges(reference.edge_layer, kernel, x)["output"]
    close(edges(edge_layer, kernel, x)["output"], expected)


@test_case(name="its weight is fixed", points=1, hidden=True)
def test_fixed(edge_layer):
    facts = edges(edge_layer, [[1, 2, 1], [0, 0, 0]], np.ones((1, 1, 4, 4)))
    equal([facts["learns"], facts["kept"]], [False, True])
