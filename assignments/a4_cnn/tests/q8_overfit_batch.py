"""q8_overfit_batch, public: a batch of ten images."""

import numpy as np
from checks import case_rng, close, holds
from checks.descent import cross_entropy, descended
from checks.training import (
    graph_free,
    in_mode,
    listed,
    overfitting,
    running_mean_of_witness,
)
from otter.test_files import test_case

OK_FORMAT = False
name = "q8_overfit_batch"


def batch(rng, count=10, features=8, classes=3):
    """Return images, those of class k with a large number at k, labels, a weight."""
    labels = np.arange(count) % classes
    images = rng.normal(size=(count, features))
    images[np.arange(count), labels] += 8
    return images, labels, rng.normal(size=(classes, features)) * 0.2


@test_case(name="a loss for every step, the first one before it", points=1)
def test_count(overfit_batch):
    images, labels, weight = batch(case_rng())
    facts = overfitting(overfit_batch, images, labels, 7, 0.1, weight=weight)
    losses = listed(facts["losses"])
    holds(len(losses) == 7, f"7 steps should give 7 losses, they gave {len(losses)}")
    close(losses[0], cross_entropy(images @ weight.T, labels))


@test_case(name="three steps of a linear network", points=1)
def test_steps(overfit_batch):
    images, labels, weight = batch(case_rng())
    facts = overfitting(overfit_batch, images, labels, 3, 0.1, weight=weight)
    # The same three steps in NumPy.
    _, expected = descended(weight, images, labels, [range(10)] * 3, 0.1)
    close(facts["parameters"]["last.weight"], expected)


@test_case(name="after 60 steps the batch is known by heart", points=0.5)
def test_heart(overfit_batch):
    images, labels, weight = batch(case_rng())
    facts = overfitting(overfit_batch, images, labels, 60, 0.2, weight=weight)
    first = cross_entropy(images @ weight.T, labels)
    last = cross_entropy(images @ facts["parameters"]["last.weight"].T, labels)
    told = f"the network's loss was {first:.3f} and is {last:.3f} after 60 steps"
    holds(last < 0.1, f"{told}: it should fall below 0.1")


@test_case(name="in train mode, also a network that comes in eval mode", points=0.5)
def test_mode(overfit_batch):
    images, labels, _ = batch(case_rng())
    facts = overfitting(overfit_batch, images, labels, 1, 0.0, train=False)
    in_mode(facts["modes"], train=True)
    # In train mode a batch normalisation takes the batch into its running mean.
    expected = running_mean_of_witness(images, labels, 10)
    close(facts["buffers"]["hidden.1.running_mean"], expected)


@test_case(name="the losses are numbers without their graphs", points=0.5)
def test_graphs(overfit_batch):
    images, labels, weight = batch(case_rng())
    facts = overfitting(overfit_batch, images, labels, 1, 0.1, weight=weight)
    close(listed(facts["losses"]), [cross_entropy(images @ weight.T, labels)])
    graph_free(facts["graphs"])
