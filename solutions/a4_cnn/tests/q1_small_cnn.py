"""q1_small_cnn, hidden: with the reference's weights it gives its logits."""

import numpy as np
from checks import case_rng, close, show
from checks.failure import CheckFailedError
from checks.fashion_mnist import fashion_mnist
from checks.layers import first_layer, fresh_output, layer_rows, with_weights
from checks.matching import check_same_layers, pairings
from checks.training import pixels
from checks.transplant import compare_networks, small_images, weights_of
from otter.test_files import test_case

OK_FORMAT = False
name = "q1_small_cnn"


def compared(SmallCNN, reference, arguments, size, count=3):
    """Compare the two networks on random images, with the same weights."""
    rng = case_rng()
    x = small_images(rng, count, arguments[0], size, size)
    compare_networks(SmallCNN, reference.SmallCNN, arguments, x, rng)


BOOT = 29
"""The image of the course's 6,000 that the report shows."""
IMAGES = 50
"""Held-out images that the trained network is asked about."""


@test_case(
    name="the layers with weights, whatever their names", points=2.5, hidden=True
)
def test_layers(SmallCNN, reference):
    for arguments, channels, size in (([1, 10, 28], 1, 28), ([3, 7, 21], 3, 21)):
        shape = (2, channels, size, size)
        ours = layer_rows(reference.SmallCNN, arguments, shape)
        check_same_layers(layer_rows(SmallCNN, arguments, shape), ours)


@test_case(
    name="the same weights give the same logits and gradients", points=2, hidden=True
)
def test_transplant(SmallCNN, reference):
    compared(SmallCNN, reference, [1, 10, 28], 28)


@test_case(name="the same for colour images", points=0.5, hidden=True)
def test_colour(SmallCNN, reference):
    compared(SmallCNN, reference, [3, 10, 28], 28)


@test_case(name="the same for 7 classes, a batch of one image", points=0.5, hidden=True)
def test_classes(SmallCNN, reference):
    compared(SmallCNN, reference, [1, 7, 28], 28, count=1)


@test_case(name="the same for images of 21x21 and of 6x6", points=0.5, hidden=True)
def test_size(SmallCNN, reference):
    for size in (21, 6):
        compared(SmallCNN, reference, [1, 10, size], size)


@test_case(
    name="the same for colour images of 30x30 in 5 classes", points=0.5, hidden=True
)
def test_all(SmallCNN, reference):
    compared(SmallCNN, reference, [3, 5, 30], 30)


@test_case(name="a trained network's logits on unseen images", points=2, hidden=True)
def test_trained(SmallCNN, reference, trained, held_out, held_out_logits):
    images, _ = held_out()
    x = pixels(images[:IMAGES]).numpy()
    arguments = [1, 10, 28]
    theirs = layer_rows(SmallCNN, arguments, x.shape)
    ours = layer_rows(reference.SmallCNN, arguments, x.shape)
    weights = weights_of(reference.SmallCNN, arguments, trained("small_cnn"), x.shape)
    order = next(pairings(theirs, ours))
    logits = with_weights(SmallCNN, arguments, weights, order, x)["output"]
    close(logits, held_out_logits("small_cnn")[:IMAGES])
    untrained(SmallCNN, held_out)
    # Yours gives the same: what is drawn is computed from the course's own network.
    boot = fashion_mnist()[0][BOOT]
    own, same = pixels(boot[None]).numpy(), tuple(range(len(ours)))
    show(
        "first layer",
        lambda: {
            "of": "your SmallCNN with a trained network's weights",
            "image": boot,
            **first_layer(reference.SmallCNN, arguments, weights, same, own),
        },
    )


def untrained(SmallCNN, held_out):
    """Fail where a network knows the classes before it has been trained."""
    images, labels = held_out()
    seed = int(case_rng().integers(2**31))
    logits = fresh_output(
        SmallCNN, [1, 10, 28], pixels(images[:300]).numpy(), seed=seed
    )
    right = np.mean(logits.argmax(axis=1) == labels[:300])
    # Guessing gives an accuracy of 0.1, unlucky weights 0.3.
    if right > 0.5:
        raise CheckFailedError(
            "value",
            f"before any training its accuracy is {right:.2f}",
            coarse="your network should start from random weights, not trained ones",
        )
