"""q3_edge_layer, hidden: random kernels that are not square."""

import numpy as np
from checks import case_rng, close
from checks.failure import CheckFailedError
from checks.networks import edges
from otter.test_files import test_case

OK_FORMAT = False
name = "q3_edge_layer"


def compared(edge_layer, reference, *shapes):
    """Compare the two layers on random images, with random kernels."""
    rng = case_rng()
    for height, width in shapes:
        kernel = rng.normal(size=(height, width)).tolist()
        x = rng.normal(size=(2, 1, 8, 9))
        expected = edges(reference.edge_layer, kernel, x)
        close(edges(edge_layer, kernel, x)["output"], expected["output"])


@test_case(name="random kernels of 3x3", points=1, hidden=True)
def test_square(edge_layer, reference):
    compared(edge_layer, reference, (3, 3))


@test_case(name="random kernels, not square", points=1.5, hidden=True)
def test_random(edge_layer, reference):
    compared(edge_layer, reference, (2, 5), (4, 3))


@test_case(name="a kernel of one row, one column, one number", points=0.5, hidden=True)
def test_thin(edge_layer, reference):
    compared(edge_layer, reference, (1, 3), (4, 1), (1, 1))


@test_case(name="whole numbers", points=1, hidden=True)
def test_whole(edge_layer, reference):
    rng = case_rng()
    kernel = rng.integers(-3, 4, size=(2, 3)).tolist()
    x = rng.normal(size=(1, 1, 5, 5))
    expected = edges(reference.edge_layer, kernel, x)["output"]
    close(edges(edge_layer, kernel, x)["output"], expected)


@test_case(name="its weight is fixed, whatever the kernel", points=1, hidden=True)
def test_fixed(edge_layer):
    kernel = case_rng().normal(size=(2, 2))
    kernel += kernel[::-1, ::-1]  # the same when it is turned
    x = np.zeros((1, 1, 3, 3))
    x[0, 0, 1, 1] = 1
    facts = edges(edge_layer, kernel.tolist(), x)
    close(facts["output"][0, 0], kernel)
    if facts["learns"] or facts["bias_learns"]:
        message = "the layer still asks for gradients: training would change it"
        raise CheckFailedError("value", message)
    if not facts["kept"]:
        raise CheckFailedError("input_changed", "the kernel that was given is changed")
