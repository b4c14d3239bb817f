"""q9_fit, hidden: accuracy on unseen images against what the reference reaches.

The threshold follows from `fit_seeds.csv`: what the reference reaches with 24 seeds.
"""

import csv
from pathlib import Path

import numpy as np
from checks import case_rng, close, show
from checks.failure import CheckFailedError
from checks.fashion_mnist import fashion_mnist
from checks.fitting import fitted, fitting
from checks.training import in_mode, listed
from otter.test_files import test_case

OK_FORMAT = False
name = "q9_fit"

SPREADS = 5
"""A right answer lies this many standard deviations below the mean once in millions."""


def drawn(rng, count):
    """Return some of the course's images, sorted by class."""
    images, labels = fashion_mnist()
    chosen = rng.permutation(len(images))[:count]
    chosen = chosen[np.argsort(labels[chosen], kind="stable")]
    return images[chosen], labels[chosen].astype(int)


def table(reference):
    """Return what the reference reaches: accuracy and losses, a row a seed."""
    with Path(reference.__file__).with_name("fit_seeds.csv").open() as lines:
        _, *rows = csv.reader(lines)
    return np.array([row[1:] for row in rows], dtype=float)


def threshold(reference):
    """Return the accuracy that a right answer reaches."""
    reached = table(reference)[:, 0]
    return np.mean(reached) - SPREADS * np.std(reached, ddof=1)


def check(logits, labels, wanted):
    """Fail where fewer of the images are classified rightly than wanted."""
    right = np.mean(logits.argmax(axis=1) == labels)
    if right < wanted:
        raise CheckFailedError(
            "value",
            f"{right:.3f} of the unseen images are classified rightly",
            coarse=f"fewer than {wanted:.3f} of the unseen images are classified "
            "rightly, which a right answer reaches",
        )


def traced(fit):
    """Return how `fit` used a network that remembers; 6 and 7 do not divide 40."""
    rng = case_rng()
    images = rng.random((40, 1, 28, 28)).astype(np.float32)
    images[:, 0, 0, 0] = np.arange(40)
    weights = [rng.normal(size=(6, 49)) * 3, rng.normal(size=(4, 6))]
    how = {"batch_size": int(rng.integers(6, 8)), "seed": int(rng.integers(1000))}
    facts = fitting(
        fit, images, np.arange(40) // 10, weights, epochs=3, lr=0.004, **how
    )
    holds(facts["learns"], "the first step does not go where the loss is lower")
    return facts, how["batch_size"]


def holds(fact, otherwise):
    """Fail unless something is so; the sentence has no value of the test."""
    if not fact:
        raise CheckFailedError("value", otherwise)


@test_case(name="every image once an epoch, in whole batches", points=1, hidden=True)
def test_images(fit):
    facts, batch_size = traced(fit)
    told = "not every image is seen once in every epoch"
    holds(facts["passes"] == [3, 3], told)
    told = "the largest batch has not the size that was asked for"
    holds(facts["largest_batch"] == batch_size, told)


@test_case(
    name="a new order every epoch, which the seed decides", points=1, hidden=True
)
def test_orders(fit):
    facts, _ = traced(fit)
    holds(facts["mixed"], "the images come class by class")
    holds(facts["new_orders"], "two epochs show the images in one and the same order")
    holds(facts["repeats"], "the same seed gives another order the second time")


@test_case(
    name="every step is one of Adam with this learning rate", points=0.5, hidden=True
)
def test_steps(fit):
    facts, _ = traced(fit)
    told = "a step goes along the gradients of earlier batches too"
    holds(facts["clean"], told)
    told = "the steps are not those of one torch.optim.Adam with this learning rate"
    holds(set(facts["rates"]) == {1}, told)


@test_case(name="also when little is left to learn", points=0.5, hidden=True)
def test_late_steps(fit):
    # Where gradients have become small, other kinds of Adam take other steps.
    rng = case_rng()
    labels = np.arange(16) // 4
    images = 0.1 * rng.random((16, 1, 28, 28)).astype(np.float32)
    for image, label in zip(images[:, 0], labels, strict=True):
        image[7 * label : 7 * label + 7] += 1
    images[:, 0, 0, 0] = np.arange(16)
    weights = [rng.normal(size=(6, 49)) * 3, rng.normal(size=(4, 6))]
    how = {"epochs": 30, "batch_size": 16, "lr": 0.2, "seed": 1}
    facts = fitting(fit, images, labels, weights, **how)
    holds(facts["learns"], "the first step does not go where the loss is lower")
    holds(facts["passes"][1] >= 30, "it stops before the last of 30 epochs")
    told = "the steps are not those of one torch.optim.Adam with this learning rate"
    holds(set(facts["rates"]) == {1}, told)


@test_case(name="it learns in train mode", points=0.5, hidden=True)
def test_mode(fit):
    facts, _ = traced(fit)
    in_mode(facts["modes"], train=True)
    holds(
        facts["statistics"], "the normalisation's statistics are not those of training"
    )


@test_case(name="the mean loss per image of every epoch", points=0.5, hidden=True)
def test_losses(fit):
    facts, _ = traced(fit)
    close(listed(facts["losses"]), facts["wanted"], rtol=1e-3)


@test_case(name="accuracy on images that were not shown", points=1.5, hidden=True)
def test_accuracy(fit, reference, held_out, lecture_networks):
    rng = case_rng()
    images, labels = drawn(rng, reference.FIT_IMAGES)
    unseen, classes = held_out()
    seed = int(rng.integers(2**31))
    facts = fitted(fit, images, labels, unseen, seed=seed, **reference.FIT_SETTINGS)
    check(facts["logits"], classes, threshold(reference))
    show(
        "among the lecture's",
        lambda: {
            "of": "the network that your fit has trained",
            "parameters": facts["parameters"],
            "logits": facts["logits"],
            "labels": classes,
            "networks": lecture_networks(),
        },
    )


@test_case(name="the same with the classes renamed", points=1.5, hidden=True)
def test_renamed(fit, reference, held_out):
    rng = case_rng()
    images, labels = drawn(rng, reference.FIT_IMAGES)
    unseen, classes = held_out()
    names = rng.permutation(10)
    seed = int(rng.integers(2**31))
    facts = fitted(
        fit, images, names[labels], unseen, seed=seed, **reference.FIT_SETTINGS
    )
    check(facts["logits"], names[classes], threshold(reference))
