"""q1_small_cnn, public: the shape of the logits, the layers' sizes, no softmax."""

import numpy as np
from checks import case_rng, equal
from checks.failure import CheckFailedError
from checks.layers import fresh_output, layer_rows, parameter_shapes
from otter.test_files import test_case

OK_FORMAT = False
name = "q1_small_cnn"


@test_case(name="logits of several sizes", points=2)
def test_shapes(SmallCNN):
    for channels, classes, size in ((1, 10, 28), (1, 4, 21), (3, 7, 28)):
        x = np.zeros((5, channels, size, size))
        logits = fresh_output(SmallCNN, [channels, classes, size], x)
        equal(logits.shape, (5, classes))


@test_case(name="the sizes of everything that is learned", points=2)
def test_parameters(SmallCNN):
    shapes = parameter_shapes(SmallCNN, [1, 10, 28], (1, 1, 28, 28))
    # Weights, then biases, of the two convolutions and the two linear layers.
    weights = [32 * 9, 64 * 32 * 9, 64 * 64 * 7 * 7, 10 * 64]
    expected = sorted([*weights, 32, 64, 64, 10])
    equal(sorted(int(np.prod(shape)) for shape in shapes), expected)


@test_case(name="logits, and not probabilities", points=2)
def test_logits(SmallCNN):
    x = case_rng().normal(size=(64, 1, 28, 28)) * 10
    logits = fresh_output(SmallCNN, [1, 10, 28], x)
    if (logits >= 0).all():
        message = "all logits are >= 0: no ReLU and no softmax after the last layer"
        raise CheckFailedError("value", message, actual=logits)
    if np.allclose(np.exp(logits).sum(axis=1), 1, atol=1e-4):
        message = "the outputs are logarithms of probabilities: leave the softmax out"
        raise CheckFailedError("value", message, actual=logits)
    equal(len(layer_rows(SmallCNN, [1, 10, 28], (2, 1, 28, 28))), 4)
