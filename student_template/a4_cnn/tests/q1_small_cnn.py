"""q1_small_cnn, public: the shape of the logits, the layers' sizes, no softmax."""

import numpy as np
from checks import case_rng, equal
from checks.failure import CheckFailedError
from checks.layers import fresh_output, parameter_shapes
from otter.test_files import test_case

OK_FORMAT = False
name = "q1_small_cnn"


def gives_logits(SmallCNN, channels, classes, size):
    """Fail unless five images get their logits, other images other ones."""
    x = case_rng().normal(size=(5, channels, size, size))
    logits = fresh_output(SmallCNN, [channels, classes, size], x)
    equal(logits.shape, (5, classes))
    if np.allclose(logits, logits[:1]):
        raise CheckFailedError("value", "five different images get the same logits")


@test_case(name="logits of 28x28 images", points=0.5)
def test_shapes(SmallCNN):
    gives_logits(SmallCNN, 1, 10, 28)
    # 1, 10 and 28 may be left out.
    equal(fresh_output(SmallCNN, [], np.zeros((2, 1, 28, 28))).shape, (2, 10))


@test_case(name="logits of images of other sizes: 21, 32 and 4", points=0.5)
def test_image_size(SmallCNN):
    for size in (21, 32, 4):
        gives_logits(SmallCNN, 1, 10, size)


@test_case(name="another number of channels", points=0.5)
def test_channels(SmallCNN):
    gives_logits(SmallCNN, 3, 10, 28)


@test_case(name="another number of classes", points=0.5)
def test_classes(SmallCNN):
    gives_logits(SmallCNN, 1, 4, 28)


@test_case(name="the sizes of everything that is learned", points=3)
def test_parameters(SmallCNN):
    shapes = parameter_shapes(SmallCNN, [1, 10, 28], (1, 1, 28, 28))
    # Weights, then biases, of the two convolutions and the two linear layers.
    weights = [32 * 9, 64 * 32 * 9, 64 * 64 * 7 * 7, 10 * 64]
    expected = sorted([*weights, 32, 64, 64, 10])
    got = sorted(int(np.prod(shape)) for shape in shapes)
    if got != expected:
        told = f"what your network learns has the sizes {got}, it should be {expected}"
        message = f"{told}: weights and biases of two convolutions, two linear layers"
        raise CheckFailedError("structure", message)


@test_case(name="logits, and not probabilities", points=1.5)
def test_logits(SmallCNN):
    x = case_rng().normal(size=(64, 1, 28, 28)) * 10
    logits = fresh_output(SmallCNN, [1, 10, 28], x)
    if (logits >= 0).all():
        message = "all logits are >= 0: no ReLU and no softmax after the last layer"
        raise CheckFailedError("value", message, actual=logits)
    if np.allclose(np.exp(logits).sum(axis=1), 1, atol=1e-4):
        message = "the outputs are logarithms of probabilities: leave the softmax out"
        raise CheckFailedError("value", message, actual=logits)
