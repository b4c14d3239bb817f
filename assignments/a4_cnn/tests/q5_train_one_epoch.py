"""q5_train_one_epoch, public: what an epoch must do, worked out for a linear network.

`descended` takes the same steps in NumPy.
"""

import numpy as np
from checks import case_rng, close, holds
from checks.descent import cross_entropy, descended, margin_loss
from checks.training import (
    epoch,
    graph_free,
    in_mode,
    listed,
    running_mean_of_witness,
)
from otter.test_files import test_case

OK_FORMAT = False
name = "q5_train_one_epoch"


def linear(rng, count, features=4, classes=3):
    """Return images, labels of every class, and the weight of a linear network."""
    images = rng.normal(size=(count, features))
    return images, np.arange(count) % classes, rng.normal(size=(classes, features))


def goes_down(facts, weight, images, labels):
    """Fail unless the weight went a little to where the loss is lower, with lr 1e-6."""
    everything = [range(len(images))]
    _, after = descended(weight, images, labels, everything, 1e-6)
    step, expected = facts["parameters"]["last.weight"] - weight, after - weight
    told = "the weight does not go a little to where the loss is lower"
    far = np.linalg.norm(step) > 100 * np.linalg.norm(expected)
    holds(np.sum(step * expected) > 0 and not far, told)


@test_case(name="the loss of one batch", points=0.5)
def test_loss(train_one_epoch):
    images, labels, weight = linear(case_rng(), 6)
    facts = epoch(train_one_epoch, images, labels, 6, weight=weight)
    close(listed(facts["loss"]), [cross_entropy(images @ weight.T, labels)])


@test_case(name="one batch: a step along its gradient", points=1)
def test_step(train_one_epoch):
    images, labels, weight = linear(case_rng(), 6)
    _, expected = descended(weight, images, labels, [range(6)], 0.5)
    facts = epoch(train_one_epoch, images, labels, 6, lr=0.5, weight=weight)
    close(facts["parameters"]["last.weight"], expected)


@test_case(name="three batches: every step along its own gradient", points=1.5)
def test_steps(train_one_epoch):
    images, labels, weight = linear(case_rng(), 12)
    batches = [range(4), range(4, 8), range(8, 12)]
    _, expected = descended(weight, images, labels, batches, 0.5)
    facts = epoch(train_one_epoch, images, labels, 4, lr=0.5, weight=weight)
    close(facts["parameters"]["last.weight"], expected)


@test_case(name="the mean loss per image, the last batch smaller", points=1)
def test_mean(train_one_epoch):
    images, labels, weight = linear(case_rng(), 10)
    images[8:] *= 4
    facts = epoch(train_one_epoch, images, labels, 4, lr=0.0, weight=weight)
    close(listed(facts["loss"]), [cross_entropy(images @ weight.T, labels)])


@test_case(name="another loss function: the loss", points=0.5)
def test_other_loss(train_one_epoch):
    images, labels, weight = linear(case_rng(), 6)
    how = {"lr": 0.0, "weight": weight, "with_margin": True}
    facts = epoch(train_one_epoch, images, labels, 6, **how)
    close(listed(facts["loss"]), [margin_loss(images @ weight.T, labels)])


@test_case(name="the mean is of the images that the loader gives", points=0.5)
def test_drop_last(train_one_epoch):
    images, labels, weight = linear(case_rng(), 11)
    how = {"lr": 0.0, "weight": weight, "drop_last": True}
    facts = epoch(train_one_epoch, images, labels, 4, **how)
    # Two whole batches of four; the last three images are left out.
    close(listed(facts["loss"]), [cross_entropy(images[:8] @ weight.T, labels[:8])])


@test_case(name="every image once, in the loader's order", points=1)
def test_order(train_one_epoch):
    images, labels, weight = linear(case_rng(), 10)
    images[:, 0] = np.arange(10)
    facts = epoch(train_one_epoch, images, labels, 4, lr=1e-6, weight=weight)
    order = [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
    told = f"the batches should be the images {order}, your network saw"
    holds(facts["seen"] == order, f"{told} {facts['seen']}")
    goes_down(facts, weight, images, labels)


@test_case(name="in train mode, also a network that comes in eval mode", points=1)
def test_mode(train_one_epoch):
    images, labels, _ = linear(case_rng(), 12)
    facts = epoch(train_one_epoch, images, labels, 4, lr=0.0, train=False)
    in_mode(facts["modes"], train=True)
    # In train mode a batch normalisation takes each batch into its running mean.
    expected = running_mean_of_witness(images, labels, 4)
    close(facts["buffers"]["hidden.1.running_mean"], expected)


@test_case(name="the loss is a number without its graph", points=0.5)
def test_graph(train_one_epoch):
    images, labels, weight = linear(case_rng(), 8)
    facts = epoch(train_one_epoch, images, labels, 4, lr=1e-6, weight=weight)
    goes_down(facts, weight, images, labels)
    listed(facts["loss"])
    graph_free(facts["graphs"])


@test_case(name="ten epochs halve the loss", points=0.5)
def test_learns(train_one_epoch):
    images, labels, weight = linear(case_rng(), 12)
    # Feature k + 1 is large in images of class k, or nothing sure could be learned.
    images[np.arange(12), labels + 1] += 8
    weight[[0, 1, 2], [1, 2, 3]] = -1  # so that it is wrong at first
    facts = epoch(train_one_epoch, images, labels, 4, lr=0.3, epochs=10, weight=weight)
    first = cross_entropy(images @ weight.T, labels)
    last = cross_entropy(images @ facts["parameters"]["last.weight"].T, labels)
    told = f"the network's loss was {first:.3f} and is {last:.3f} after ten epochs"
    holds(last < min(first / 2, 0.5), f"{told}: it should be below half, and 0.5")
