"""q1_small_cnn, hidden: with the reference's weights it gives its logits."""

import numpy as np
from checks import case_rng, close, show
from checks.failure import CheckFailedError
from checks.fashion_mnist import fashion_mnist
from checks.layers import first_layer, fresh_output, layer_rows, with_weights
from checks.matching import pairings
from checks.training import pixels
from checks.transplant import compare_networks, small_images, weights_of
from otter.test_files import test_case

OK_FORMAT = False
name = "q1_small_cnn"

BOOT = 29
"""The image of the course's 6,000 that the report shows."""


@test_case(
    name="the same weights give the same logits and gradients", points=3, hidden=True
)
def test_transplant(SmallCNN, reference):
    rng = case_rng()
    x = small_images(rng, 3, 1, 28, 28)
    compare_networks(SmallCNN, reference.SmallCNN, [1, 10, 28], x, rng)


@test_case(name="colour images of 21x21 in 7 classes", points=2, hidden=True)
def test_colour(SmallCNN, reference):
    rng = case_rng()
    x = small_images(rng, 2, 3, 21, 21)
    compare_networks(SmallCNN, reference.SmallCNN, [3, 7, 21], x, rng)


@test_case(name="a trained network's logits on unseen images", points=3, hidden=True)
def test_trained(SmallCNN, reference, trained, held_out):
    images, _ = held_out()
    x = pixels(images[:200]).numpy()
    arguments = [1, 10, 28]
    theirs = layer_rows(SmallCNN, arguments, x.shape)
    ours = layer_rows(reference.SmallCNN, arguments, x.shape)
    weights = weights_of(reference.SmallCNN, arguments, trained("small_cnn"), x.shape)
    order = next(pairings(theirs, ours))
    boot = fashion_mnist()[0][BOOT]
    show(
        "first layer",
        lambda: {
            "of": "your SmallCNN with a trained network's weights",
            "image": boot,
            **first_layer(
                SmallCNN, arguments, weights, order, pixels(boot[None]).numpy()
            ),
        },
    )
    logits = with_weights(SmallCNN, arguments, weights, order, x)["output"]
    same = tuple(range(len(ours)))
    expected = with_weights(reference.SmallCNN, arguments, weights, same, x)["output"]
    close(logits, expected)


@test_case(name="a fresh network knows nothing yet", points=1, hidden=True)
def test_fresh(SmallCNN, held_out):
    images, labels = held_out()
    x = pixels(images[:300]).numpy()
    seed = int(case_rng().integers(2**31))
    logits = fresh_output(SmallCNN, [1, 10, 28], x, seed=seed)
    right = np.mean(logits.argmax(axis=1) == labels[:300])
    shifted = logits - logits.max(axis=1, keepdims=True)
    logarithms = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -np.mean(logarithms[np.arange(300), labels[:300]])
    # Guessing gives an accuracy of 0.1 and a loss of ln 10 = 2.30.
    if right > 0.5 or not 2.0 < loss < 3.0:
        raise CheckFailedError(
            "value",
            f"before any training its accuracy is {right:.2f} and its loss {loss:.2f}",
            coarse="your network should start from PyTorch's random weights",
        )
