"""q6_resnet, hidden: the reference's weights, random ones and trained ones."""

import numpy as np
from checks import case_rng, close, show
from checks.blocks import PlainBlock, WideBlock
from checks.failure import CheckFailedError
from checks.fashion_mnist import fashion_mnist
from checks.layers import first_layer, fresh_output, layer_rows, with_weights
from checks.matching import pairings
from checks.residual import state_of
from checks.training import pixels
from checks.transplant import (
    compare_networks,
    large_images,
    small_images,
    weights_of,
)
from otter.test_files import test_case

OK_FORMAT = False
name = "q6_resnet"

BOOT = 29
"""The image of the course's 6,000 that the report shows."""
IMAGES = 120
"""Held-out images that the trained network is asked about."""


def learned(state):
    """Return how many numbers of a state dict are learned and not counted."""
    counted = ("running_mean", "running_var", "num_batches_tracked")
    return sum(a.size for name, a in state.items() if not name.endswith(counted))


@test_case(name="one stage: stem, blocks and head", points=1.5, hidden=True)
def test_one_stage(ResNet, reference):
    rng = case_rng()
    x = large_images(rng, 3, 1, 8, 7)
    arguments = [PlainBlock, [2], 6, 1, 5]
    compare_networks(ResNet, reference.ResNet, arguments, x, rng, train=[False])


@test_case(name="three stages: strides and widths", points=1.5, hidden=True)
def test_stages(ResNet, reference):
    rng = case_rng()
    x = large_images(rng, 3, 1, 14, 12)
    arguments = [PlainBlock, [1, 1, 2], 6, 1, 5]
    compare_networks(ResNet, reference.ResNet, arguments, x, rng, train=[False])


@test_case(name="a block that widens", points=1, hidden=True)
def test_wide(ResNet, reference):
    rng = case_rng()
    x = large_images(rng, 2, 1, 9, 10)
    arguments = [WideBlock, [1, 2], 4, 1, 4]
    compare_networks(ResNet, reference.ResNet, arguments, x, rng, train=[False])


@test_case(name="colour images, in train mode", points=1, hidden=True)
def test_colour(ResNet, reference):
    rng = case_rng()
    x = small_images(rng, 4, 3, 11, 10)
    arguments = [PlainBlock, [1, 1], 7, 3, 4]
    compare_networks(ResNet, reference.ResNet, arguments, x, rng, train=[True])


@test_case(name="a trained network's logits on unseen images", points=3, hidden=True)
def test_trained(
    ResNet,
    BasicBlock,
    reference,
    trained,
    held_out,
    held_out_logits,
    lecture_networks,
):
    images, labels = held_out()
    x = pixels(images[:IMAGES]).numpy()
    one = (1, *x.shape[1:])
    ours = [reference.BasicBlock, [1, 1, 1], 10]
    theirs = [BasicBlock, [1, 1, 1], 10]
    rows = layer_rows(reference.ResNet, ours, one)
    state = trained("resnet")
    weights = weights_of(reference.ResNet, ours, state, one)
    order = next(pairings(layer_rows(ResNet, theirs, one), rows))
    logits = with_weights(ResNet, theirs, weights, order, x)["output"]
    same = tuple(range(len(rows)))
    names = {name for name, _, _ in state_of(reference.ResNet, ours)}
    if names == set(state):
        expected = held_out_logits("resnet")[:IMAGES]
    else:  # a stand-in is in the place of one of its parts
        expected = with_weights(reference.ResNet, ours, weights, same, x)["output"]
    close(logits, expected)
    # Yours gives the same: what is drawn is computed from the course's own network.
    whose = "your ResNet with a trained network's weights"
    boot = fashion_mnist()[0][BOOT]
    own = pixels(boot[None]).numpy()
    show(
        "first layer",
        lambda: {
            "of": whose,
            "image": boot,
            **first_layer(reference.ResNet, ours, weights, same, own),
        },
    )
    show(
        "confusion",
        lambda: {"of": whose, "logits": expected, "labels": labels[:IMAGES]},
    )
    if names == set(state):
        show(
            "among the lecture's",
            lambda: {
                "of": whose,
                "parameters": learned(state),
                "logits": held_out_logits("resnet"),
                "labels": labels,
                "networks": lecture_networks(),
            },
        )


@test_case(name="a fresh network knows nothing yet", points=1, hidden=True)
def test_fresh(ResNet, held_out):
    images, labels = held_out()
    x = pixels(images[:100]).numpy()
    seed = int(case_rng().integers(2**31))
    arguments = [PlainBlock, [1, 1], 10]
    logits = fresh_output(ResNet, arguments, x, seed=seed)
    other = fresh_output(ResNet, arguments, x[:2], seed=seed + 1)
    drawn = abs(other - logits[:2]).max() > 0 and logits.std(axis=0).max() > 0
    right = np.mean(logits.argmax(axis=1) == labels[:100])
    if right > 0.5 or not drawn:
        raise CheckFailedError(
            "value",
            f"before any training its accuracy is {right:.2f}",
            coarse="its weights should be random to begin with, and others each time",
        )
