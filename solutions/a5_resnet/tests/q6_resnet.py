"""q6_resnet, hidden: the reference's weights, random ones and trained ones."""

import numpy as np
from checks import case_rng, close, show
from checks.blocks import PlainBlock, WideBlock
from checks.failure import CheckFailedError
from checks.fashion_mnist import fashion_mnist
from checks.layers import first_layer, fresh_output, layer_rows, with_weights
from checks.matching import pairings
from checks.training import pixels
from checks.transplant import compare_networks, small_images, weights_of
from otter.test_files import test_case

OK_FORMAT = False
name = "q6_resnet"

BOOT = 29
"""The image of the course's 6,000 that the report shows."""


@test_case(name="with a block that is given, the same logits", points=3, hidden=True)
def test_plain(ResNet, reference):
    rng = case_rng()
    x = small_images(rng, 3, 1, 14, 12)
    arguments = [PlainBlock, [2, 1, 1], 6, 1, 5]
    compare_networks(ResNet, reference.ResNet, arguments, x, rng)


@test_case(name="with a block that widens, on colour images", points=2, hidden=True)
def test_wide(ResNet, reference):
    rng = case_rng()
    x = small_images(rng, 2, 3, 13, 10)
    arguments = [WideBlock, [1, 2], 4, 3, 4]
    compare_networks(ResNet, reference.ResNet, arguments, x, rng)


@test_case(name="a trained network's logits on unseen images", points=3, hidden=True)
def test_trained(ResNet, BasicBlock, reference, trained, held_out):
    images, labels = held_out()
    x = pixels(images[:200]).numpy()
    ours = [reference.BasicBlock, [1, 1, 1], 10]
    theirs = [BasicBlock, [1, 1, 1], 10]
    rows = layer_rows(reference.ResNet, ours, x.shape)
    weights = weights_of(reference.ResNet, ours, trained("resnet"), x.shape)
    order = next(pairings(layer_rows(ResNet, theirs, x.shape), rows))
    whose = "your ResNet with a trained network's weights"
    boot = fashion_mnist()[0][BOOT]
    show(
        "first layer",
        lambda: {
            "of": whose,
            "image": boot,
            **first_layer(ResNet, theirs, weights, order, pixels(boot[None]).numpy()),
        },
    )
    logits = with_weights(ResNet, theirs, weights, order, x)["output"]
    show("confusion", lambda: {"of": whose, "logits": logits, "labels": labels[:200]})
    same = tuple(range(len(rows)))
    expected = with_weights(reference.ResNet, ours, weights, same, x)["output"]
    close(logits, expected)


@test_case(name="a fresh network knows nothing yet", points=1, hidden=True)
def test_fresh(ResNet, held_out):
    images, labels = held_out()
    x = pixels(images[:300]).numpy()
    seed = int(case_rng().integers(2**31))
    logits = fresh_output(ResNet, [PlainBlock, [1, 1], 10], x, seed=seed)
    right = np.mean(logits.argmax(axis=1) == labels[:300])
    if right > 0.5:
        raise CheckFailedError(
            "value",
            f"before any training its accuracy is {right:.2f}",
            coarse="your network should start from PyTorch's random weights",
        )
